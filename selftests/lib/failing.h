/* SPDX-License-Identifier: GPL-2.0 */
/* Allocations and copies that a kernel with fault injection fails in what a thread does. */
#ifndef WEIR_SELFTESTS_FAILING_H
#define WEIR_SELFTESTS_FAILING_H

/**
 * weir_failing_setup() - let everything fail that can, also where the kernel could wait for memory
 * @pages: single pages too, those of user space among them
 *
 * Return: 0; 1 if this kernel cannot make allocations fail; -1 after saying what did not work.
 */
int weir_failing_setup(int pages);

/**
 * weir_failing_open() - what this thread's failures are set by
 *
 * It is closed by an exec.
 *
 * Return: a descriptor, or -1.
 */
int weir_failing_open(void);

/**
 * weir_failing_arm() - fail the nth thing that can fail in what this thread does next
 * @fd: from weir_failing_open(), in this thread
 * @nth: which, from 1
 *
 * Return: 0, or -1.
 */
int weir_failing_arm(int fd, int nth);

/**
 * weir_failing_disarm() - nothing fails from now on
 * @fd: from weir_failing_open()
 *
 * Return: 1 if something failed since weir_failing_arm(), 0 if not, -1 on error.
 */
int weir_failing_disarm(int fd);

#endif
