/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of kernel_activity share: a process that acts, and what its records have in common. */
#ifndef WEIR_SELFTESTS_ACTOR_H
#define WEIR_SELFTESTS_ACTOR_H

#include <sys/types.h>

#include "events.h"

#define WEIR_ACTIVITY_CHANNEL 7107
#define WEIR_ACTIVITY_CONTENT "/content/activity_test.weir"

/* The positions of Operation's values in templates.def. */
enum weir_activity_op { MODULE_LOAD, BPF_LOAD, PTRACE, MOUNT, KEXEC_LOAD, CREDENTIAL_CHANGE };

/**
 * struct weir_actor - a child of the test, and what it does
 * @act: returns a negative number if it did not go as it should
 * @what: for @act
 * @id: user id to become before, or 0; the group id is then two more
 * @root: directory to make its root before, or NULL
 * @cgroup: a cgroup.procs to enter before, or NULL
 */
struct weir_actor {
	int (*act)(const void *what);
	const void *what;
	uid_t id;
	const char *root;
	const char *cgroup;
};

/**
 * weir_act() - have an actor act
 * @fd: from weir_ev_open()
 * @a: who and what
 *
 * Afterwards it asks for a mount of a type that there is not: see weir_act_done().
 *
 * Return: its process id; or -1 after saying what did not work.
 */
pid_t weir_act(int fd, const struct weir_actor *a);

/**
 * weir_act_next() - the next record of what an actor did
 * @fd: from weir_ev_open()
 * @pid: from weir_act()
 * @operation: that it must have
 *
 * Return: the record, or NULL after saying what it is instead.
 */
const struct weir_u_record *weir_act_next(int fd, pid_t pid, int operation);

/* Whether an actor did nothing more that is an event. */
int weir_act_done(int fd, pid_t pid);

/* Whether a record's fields say that an actor with this user id did it; 0 is root, 7 is seven. */
int weir_act_is(const struct weir_u_record *r, pid_t pid, uid_t id);

#endif
