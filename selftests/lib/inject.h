/* SPDX-License-Identifier: GPL-2.0 */
/* System calls that another process makes because a test says so. */
#ifndef WEIR_SELFTESTS_INJECT_H
#define WEIR_SELFTESTS_INJECT_H

#include <stddef.h>
#include <sys/types.h>

/**
 * weir_inject() - have a process make a system call, and go on as if nothing had been
 * @pid: a process that waits in a system call
 * @nr: of the call
 * @first: its first argument
 * @data: what its second argument points to
 * @n: bytes, at most 64
 * @third: its third argument
 * @ret: what it returned: -errno on failure
 *
 * Return: 0, or -1 after saying what did not work.
 */
int weir_inject(pid_t pid, long nr, long first, const void *data, size_t n, long third, long *ret);

#endif
