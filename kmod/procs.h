/* SPDX-License-Identifier: GPL-2.0 */
/* The process table: image and command line of each process, from its exec to its exit. */
#ifndef WEIR_KMOD_PROCS_H
#define WEIR_KMOD_PROCS_H

#include <linux/sched.h>

struct weir_value;

/* Bytes remembered of a process; longer images are not, longer command lines are cut. */
#define WEIR_PROC_IMAGE 256u
#define WEIR_PROC_COMMAND 704u

enum weir_proc_text { WEIR_PROC_IS_IMAGE, WEIR_PROC_IS_COMMAND };

/**
 * weir_procs_start() - allocate the table
 * @capacity: processes it can hold
 *
 * Context: process context, may sleep; no hook runs yet.
 * Return: 0 or -ENOMEM.
 */
int weir_procs_start(u32 capacity);

/**
 * weir_procs_stop() - free the table
 *
 * Context: process context, may sleep; no hook runs any more.
 */
void weir_procs_stop(void);

/**
 * weir_procs_exec() - remember what a process runs now
 * @leader: its thread group's leader
 * @image: path of the executable; of kind none if unknown
 * @command: command line; of kind none if unknown
 * @cut: the command line was cut already
 */
void weir_procs_exec(const struct task_struct *leader, const struct weir_value *image,
		     const struct weir_value *command, bool cut);

/**
 * weir_procs_reserve() - keep a place for a process that was there before the table
 * @leader: its thread group's leader
 *
 * Nobody gives way for it.
 *
 * Return: false if there is no place, or something is remembered of it already.
 */
bool weir_procs_reserve(const struct task_struct *leader);

/**
 * weir_procs_complete() - remember what a process of weir_procs_reserve() was found to run
 * @leader: its thread group's leader
 * @image: path of the executable; of kind none if unknown
 * @command: command line; of kind none if unknown
 * @cut: the command line was cut already
 *
 * Does nothing if its place was given to another, or if it has executed something since.
 */
void weir_procs_complete(const struct task_struct *leader, const struct weir_value *image,
			 const struct weir_value *command, bool cut);

/**
 * weir_procs_expect() - the next weir_procs_expected() of a process is to say yes
 * @leader: its thread group's leader
 */
void weir_procs_expect(const struct task_struct *leader);

/**
 * weir_procs_expected() - was weir_procs_expect() called since the last time
 * @leader: its thread group's leader
 *
 * Return: true also if nothing is known of the process.
 */
bool weir_procs_expected(const struct task_struct *leader);

/**
 * weir_procs_fork() - a new process runs what its parent runs
 * @parent: leader of the parent's thread group
 * @child: the new process
 */
void weir_procs_fork(const struct task_struct *parent, const struct task_struct *child);

/**
 * weir_procs_exit() - a process has ended: forget it when its place is needed
 * @leader: its thread group's leader
 */
void weir_procs_exit(const struct task_struct *leader);

/**
 * weir_procs_text() - copy what is remembered of a process
 * @leader: its thread group's leader
 * @which: image or command line
 * @to: where to
 * @n: room; WEIR_PROC_IMAGE or WEIR_PROC_COMMAND suffices
 * @cut: set if what is copied is not the whole
 *
 * Return: bytes copied, or -ENOENT if unknown.
 */
int weir_procs_text(const struct task_struct *leader, enum weir_proc_text which, u8 *to, u32 n,
		    bool *cut);

/**
 * weir_procs_stats() - how full the table is
 * @live: processes in it that have not ended
 * @evicted: processes dropped since the module was loaded because it was full
 */
void weir_procs_stats(u64 *live, u64 *evicted);

/* procs_fill.c */

/**
 * weir_procs_fill() - remember the processes that are there already
 * @images: with their images
 * @commands: with their command lines, as their memory has them now
 *
 * Context: process context, may sleep; the table follows exec, fork and exit by now.
 * Return: 0 or -ENOMEM.
 */
int weir_procs_fill(bool images, bool commands);

/**
 * weir_procs_expect_running() - expect those that are in an exec now
 *
 * Context: process context, may sleep.
 */
void weir_procs_expect_running(void);

#endif
