/* SPDX-License-Identifier: GPL-2.0 */
/* Verdicts applied: operations that somebody tries, and what can be seen of them afterwards. */
#ifndef WEIR_SELFTESTS_ENFORCE_H
#define WEIR_SELFTESTS_ENFORCE_H

#include <sys/types.h>

/*
 * The users of the rules in content/enforce_test: each operation of a row is denied to the first,
 * the second is killed for it, and nothing is said of the third.
 */
#define WEIR_DENIED_USER 7
#define WEIR_KILLED_USER 8
#define WEIR_FREE_USER 10

/* What is special about an operation. */
enum weir_deed_flags {
	WEIR_DEED_KILL_ONLY = 1, /* its hook cannot deny it */
	WEIR_DEED_PRIVILEGED = 2, /* the actor keeps the capabilities of root */
	WEIR_DEED_EACCES = 4, /* the kernel says EACCES, whatever the hook's reason */
	WEIR_DEED_OPTIONAL = 8, /* setup() returns 1 where the kernel does not have it */
};

/* A descriptor that setup() may leave to the actor, and to what the actor executes. */
#define WEIR_DEED_FD 30
/* The first argument of this program if it was the operation to execute it. */
#define WEIR_DEED_EXECUTED "weir-executed"

/**
 * struct weir_deed - an operation that a verdict can be applied to
 * @name: as a diagnostic line shows it; one word
 * @flags: enum weir_deed_flags
 * @setup: make what it is done to; 0, or -1 with errno
 * @act: do it, in another process of another user, as one event; negative with errno if that did
 *	not work
 * @happened: 1 if it can be seen that process @actor did it; while that process still is there,
 *	unless it was killed
 * @cleanup: remove what @setup made
 *
 * All but @act run in the test. A type's deeds are a table in a file of their own, enforce_TYPE.c,
 * that ends with a row without a name and is listed in enforce_run.c.
 */
struct weir_deed {
	const char *name;
	unsigned int flags;
	int (*setup)(void);
	int (*act)(void);
	int (*happened)(pid_t actor);
	void (*cleanup)(void);
};

extern const struct weir_deed weir_deeds_exec[];
extern const struct weir_deed weir_deeds_file[];
extern const struct weir_deed weir_deeds_net[];
extern const struct weir_deed weir_deeds_ipc[];
extern const struct weir_deed weir_deeds_activity[];

/* What the actor has to do with the device before it acts. */
enum weir_actor_device { WEIR_DEVICE_NONE, WEIR_DEVICE_HELD, WEIR_DEVICE_CLOSED };

/**
 * struct weir_actor - who tries
 * @image: what to execute: a copy of this program; or NULL for this program itself
 * @user: user id; the group id is two more
 * @device: what else it does, before it becomes that user
 */
struct weir_actor {
	const char *image;
	uid_t user;
	enum weir_actor_device device;
};

/**
 * struct weir_outcome - what came of a try
 * @deed: what was tried
 * @pid: of the actor
 * @ret: of @act; 0 if it did not return
 * @err: errno, if @ret is negative
 * @returned: the actor went on in user space after the operation, or what it executed did
 * @signal: that ended it, or 0
 * @happened: what the row's happened() said
 */
struct weir_outcome {
	const struct weir_deed *deed;
	pid_t pid;
	int ret;
	int err;
	int returned;
	int signal;
	int happened;
};

/**
 * weir_deed_next() - all rows of all tables that this kernel has, one after the other
 * @d: the row before, or NULL for the first
 *
 * Return: a row, or NULL after the last.
 */
const struct weir_deed *weir_deed_next(const struct weir_deed *d);

/* A row by its name, or NULL. */
const struct weir_deed *weir_deed_find(const char *name);

/**
 * weir_deed_holds() - does a process have a file open
 * @pid: the process
 * @name: of the file, as the links in /proc/PID/fd have it
 */
int weir_deed_holds(pid_t pid, const char *name);

/**
 * weir_deed_try() - have a process try an operation
 * @d: which
 * @a: who
 * @out: what came of it
 *
 * Return: 0, or -1 after saying what of the try itself did not work.
 */
int weir_deed_try(const struct weir_deed *d, const struct weir_actor *a, struct weir_outcome *out);

/**
 * weir_actor_main() - the actor's part of weir_deed_try(), for main()
 * @argc: number of arguments
 * @argv: arguments
 *
 * Does not return if the arguments are an actor's.
 */
void weir_actor_main(int argc, char **argv);

#endif
