/* SPDX-License-Identifier: GPL-2.0 */
/* Helpers for tests that talk to /dev/weir. */
#ifndef WEIR_SELFTESTS_DEVICE_H
#define WEIR_SELFTESTS_DEVICE_H

#include <stddef.h>

#include "uapi/weir.h"
#include "weir.h"

#define WEIR_DEV "/dev/weir"

/* A file in memory. */
struct weir_blob {
	u8 *b;
	size_t n;
};

/**
 * weir_blob_read() - read a file
 * @path: of the file
 * @out: its bytes, for free()
 *
 * Return: 0 or -errno.
 */
int weir_blob_read(const char *path, struct weir_blob *out);

/**
 * weir_blob_made() - content with another number and version, signed
 * @raw: path of unsigned content
 * @key: path, without ending, of the .key and .crt to sign with
 * @channel: number
 * @version: of the content
 * @out: signed content, for free()
 *
 * Return: 0 or -errno.
 */
int weir_blob_made(const char *raw, const char *key, u32 channel, u64 version,
		   struct weir_blob *out);

/**
 * weir_dev_submit() - WEIR_IOC_SUBMIT
 * @fd: the device
 * @blob: the file
 * @s: the request afterwards
 *
 * Return: 0 or -errno.
 */
int weir_dev_submit(int fd, const struct weir_blob *blob, struct weir_u_submit *s);

/**
 * weir_dev_op() - WEIR_IOC_ACTIVATE, WEIR_IOC_ROLLBACK, WEIR_IOC_UNLOAD or WEIR_IOC_MODE
 * @fd: the device
 * @cmd: which
 * @channel: number
 * @version: as the request wants it
 *
 * Return: 0 or -errno.
 */
int weir_dev_op(int fd, unsigned long cmd, u32 channel, u64 version);

/**
 * weir_dev_load() - make content, submit and activate it
 * @fd: the device
 * @raw: path of unsigned content
 * @channel: number
 * @version: of the content
 *
 * Return: 0 or -errno of the first step that failed.
 */
int weir_dev_load(int fd, const char *raw, u32 channel, u64 version);

/**
 * weir_dev_stage() - WEIR_IOC_STAGE
 * @fd: the device
 * @channel: number
 * @version: of the content
 * @stage: where it is to go
 * @flags: WEIR_STAGE_
 * @gate: of the trial that begins
 *
 * Return: 0 or -errno.
 */
int weir_dev_stage(int fd, u32 channel, u64 version, u32 stage, u32 flags,
		   const struct weir_u_gate *gate);

/**
 * weir_dev_trials() - find a channel and what is on trial in it
 * @fd: the device
 * @channel: number
 * @out: filled
 *
 * Return: 0 or -errno; -ENOENT if the kernel does not know it.
 */
int weir_dev_trials(int fd, u32 channel, struct weir_u_trials *out);

/**
 * weir_dev_channel() - find a channel and its state
 * @fd: the device
 * @channel: number
 * @out: its state
 *
 * Return: 0 or -errno; -ENOENT if the kernel does not know it.
 */
int weir_dev_channel(int fd, u32 channel, struct weir_u_channel *out);

/**
 * weir_dev_hook() - find a hook and its state
 * @fd: the device
 * @function: the kernel's name of it; the first type that has it counts
 * @out: its state
 *
 * Return: 0 or -errno; -ENOENT if the kernel does not know it.
 */
int weir_dev_hook(int fd, const char *function, struct weir_u_hook *out);

#endif
