/* SPDX-License-Identifier: GPL-2.0 */
/* To whom no verdict is applied: PID 1, kernel threads, loaders, and listed executables. */
#ifndef WEIR_KMOD_EXEMPT_H
#define WEIR_KMOD_EXEMPT_H

#include <linux/types.h>

#include "event.h"
#include "uapi/weir.h"

struct file;

/**
 * weir_exempt() - is nothing to be applied to the current task
 * @c: its event; of an exec the image to be executed counts as well
 *
 * Context: in the hook, preemption off; takes no lock.
 */
bool weir_exempt(const struct weir_capture *c);

/**
 * weir_exempt_open() - the current process opens the device for writing
 * @file: the open file; its private_data is used until weir_exempt_release()
 *
 * The process that opened it is exempt until the file's last descriptor is closed, whoever holds
 * that; a child that only inherits a descriptor is not.
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int weir_exempt_open(struct file *file);

/**
 * weir_exempt_release() - the mirror of weir_exempt_open()
 * @file: the file
 */
void weir_exempt_release(struct file *file);

/**
 * weir_exempt_set() - replace the list of executables
 * @paths: @count terminated absolute paths, one after the other
 * @len: bytes at @paths
 * @count: at most WEIR_EXEMPT_MAX
 * @bad: on failure, which path it was; WEIR_NOWHERE if none of them
 *
 * Each is looked up once, as the caller sees it, and the file that it leads to now is what counts.
 *
 * Context: process context, may sleep.
 * Return: 0; or -EINVAL, -ENOMEM or what the lookup said, and the list is as before.
 */
int weir_exempt_set(const char *paths, u32 len, u32 count, u32 *bad);

/**
 * weir_exempt_describe() - describe an entry of the list
 * @io: index in, filled
 *
 * Context: process context, may sleep.
 * Return: 0, or -ENOENT past the end.
 */
int weir_exempt_describe(struct weir_u_exempted *io);

/**
 * weir_exempt_exit() - forget everything; no hook runs and no file is open any more
 */
void weir_exempt_exit(void);

#endif
