/* SPDX-License-Identifier: GPL-2.0 */
/* Programs that tests start in ways known beforehand. */
#ifndef WEIR_SELFTESTS_CHILD_H
#define WEIR_SELFTESTS_CHILD_H

#include <stdint.h>
#include <sys/types.h>

#define WEIR_BUSYBOX "/usr/bin/busybox"

/**
 * struct weir_child - a program, and how its process differs from the test's when it execs
 * @path: what to execute; NULL: what @fd is open on
 * @argv: its arguments, with the first
 * @cwd: working directory, or NULL
 * @root: root and working directory, or NULL
 * @cgroup: a cgroup.procs to enter, or NULL
 * @id: user id, or 0; the group id is then two more
 * @nice: added
 * @unshare: CLONE_ flags
 * @gate: descriptor to read a byte from before exec, or 0
 * @fd: see @path
 * @out: descriptor to have as standard output, or 0; what goes to standard error is then dropped
 */
struct weir_child {
	const char *path;
	const char *const *argv;
	const char *cwd;
	const char *root;
	const char *cgroup;
	uid_t id;
	int nice;
	int unshare;
	int gate;
	int fd;
	int out;
};

/**
 * weir_child_start() - start a program
 * @r: which and how
 *
 * Its exit status is 127 if it could not be executed, 126 if the settings did not work.
 *
 * Return: its process id; on failure the test ends.
 */
pid_t weir_child_start(const struct weir_child *r);

/**
 * weir_child_finish() - wait for a process
 * @pid: a child
 *
 * Return: its exit status, or -1 if it was killed.
 */
int weir_child_finish(pid_t pid);

/**
 * weir_child_act() - have a process that executes nothing do something, and wait for it
 * @id: its user id, or 0; the group id is then two more
 * @act: what it does; returns a negative number if it did not work
 * @what: for @act
 *
 * Return: its process id, or -1 after saying what did not work.
 */
pid_t weir_child_act(uid_t id, int (*act)(const void *what), const void *what);

/**
 * weir_child_settled() - wait until a process has executed a program
 * @pid: the process
 * @path: of the program
 */
void weir_child_settled(pid_t pid, const char *path);

/**
 * weir_child_state() - wait until a process is in a state
 * @pid: the process
 * @state: a letter of /proc/PID/stat, 'S' for asleep
 */
void weir_child_state(pid_t pid, char state);

/**
 * weir_child_output() - run a program to its end and keep what it prints
 * @r: which and how
 * @to: where to
 * @n: at most
 * @pid: set to its process id
 *
 * Return: bytes, or -1 if it could not be executed.
 */
ssize_t weir_child_output(const struct weir_child *r, char *to, size_t n, pid_t *pid);

struct weir_u_record;

/**
 * weir_child_run() - run a program to its end and fetch the record of its start
 * @dev: from weir_ev_open()
 * @channel: whose content reports it
 * @r: which and how
 *
 * Return: the record, or NULL after saying what did not work.
 */
const struct weir_u_record *weir_child_run(int dev, uint32_t channel, const struct weir_child *r);

/**
 * weir_child_own_image() - the path of this program
 *
 * Return: a static string.
 */
const char *weir_child_own_image(void);

/**
 * weir_child_own_command() - the command line of this program
 *
 * Return: a static string, spaces between the arguments.
 */
const char *weir_child_own_command(void);

/* Write a text file; copy busybox to a new file or to a descriptor. On failure the test ends. */
void weir_child_put(const char *path, const char *text);
void weir_child_copy(const char *path, mode_t mode);
void weir_child_copy_to(int fd);

#endif
