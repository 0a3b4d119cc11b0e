/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of capture share: content in the kernel, records out of it, fields compared. */
#ifndef WEIR_SELFTESTS_EVENTS_H
#define WEIR_SELFTESTS_EVENTS_H

#include <stdint.h>
#include <sys/types.h>

#include "uapi/weir.h"

/**
 * weir_ev_open() - open the device and make sure that a channel has active content
 * @channel: its number
 * @path: the signed channel file to load if it has none. After weir_ev_unload() its contents are
 *	loaded under a higher version.
 *
 * Sets the names root (0), seven (7); drops the records that wait.
 *
 * Return: a descriptor, or -1 after saying what did not work.
 */
int weir_ev_open(uint32_t channel, const char *path);

/**
 * weir_ev_unload() - drop a channel's content
 * @fd: from weir_ev_open()
 * @channel: its number
 *
 * Return: 0, or -1 after saying why not.
 */
int weir_ev_unload(int fd, uint32_t channel);

/**
 * weir_ev_type() - ask for a Template Type
 * @fd: from weir_ev_open()
 * @id: its id
 * @out: filled
 *
 * Return: 0, or -1.
 */
int weir_ev_type(int fd, uint32_t id, struct weir_u_type *out);

/**
 * weir_ev_next() - wait up to 10 seconds for the next match
 * @fd: from weir_ev_open()
 * @pid: of this process; 0 for any. Those of others are skipped.
 *
 * Return: a record, valid until the next call, or NULL after saying that there was none.
 */
const struct weir_u_record *weir_ev_next(int fd, pid_t pid);

/**
 * weir_ev_of() - wait for the match that a process must have caused
 * @fd: from weir_ev_open()
 * @channel: whose content reports it
 * @type: the Template Type's id
 * @field: its ProcessId
 * @pid: of the process
 *
 * Return: as weir_ev_next(); also NULL, after saying so, if channel, type or field differ.
 */
const struct weir_u_record *weir_ev_of(int fd, uint32_t channel, uint32_t type, uint32_t field,
				       pid_t pid);

/* Compare a field, say so if it differs, and return whether it is as expected. */
int weir_ev_text(const struct weir_u_record *r, uint32_t field, const char *want);
int weir_ev_bytes(const struct weir_u_record *r, uint32_t field, const void *want, size_t n);
int weir_ev_num(const struct weir_u_record *r, uint32_t field, uint64_t want);
int weir_ev_ip(const struct weir_u_record *r, uint32_t field, const char *want);
int weir_ev_absent(const struct weir_u_record *r, uint32_t field);

/**
 * weir_ev_field() - a field of a record
 * @r: the record
 * @field: its number
 *
 * Return: the field, its bytes behind it; or NULL if it is absent.
 */
const struct weir_u_rfield *weir_ev_field(const struct weir_u_record *r, uint32_t field);

/**
 * weir_ev_length() - bytes of a field
 * @r: the record
 * @field: its number
 *
 * Return: -1 if it is absent.
 */
long weir_ev_length(const struct weir_u_record *r, uint32_t field);

/**
 * weir_ev_hooked() - is a function of the kernel traced now, by whomever
 * @function: its name
 *
 * Return: -1 if the kernel does not say.
 */
int weir_ev_hooked(const char *function);

/**
 * weir_ev_ns() - the number of a namespace of a process
 * @pid: the process
 * @name: as in /proc/PID/ns
 */
uint64_t weir_ev_ns(pid_t pid, const char *name);

#endif
