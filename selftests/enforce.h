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

/**
 * struct weir_deed - an operation that a verdict can be applied to
 * @name: as a diagnostic line shows it; one word
 * @kill_only: its hook cannot deny it
 * @setup: make what it is done to; 0, or -1 with errno
 * @act: do it, in another process of another user; negative with errno if that did not work
 * @happened: 1 if it can be seen that process @actor did it; while that process still is there,
 *	unless it was killed
 * @cleanup: remove what @setup made
 *
 * All but @act run in the test. A type's deeds are a table in a file of their own, enforce_TYPE.c,
 * that ends with a row without a name and is listed in enforce_run.c.
 */
struct weir_deed {
	const char *name;
	int kill_only;
	int (*setup)(void);
	int (*act)(void);
	int (*happened)(pid_t actor);
	void (*cleanup)(void);
};

extern const struct weir_deed weir_deeds_ipc[];

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
 * @pid: of the actor
 * @ret: of @act; 0 if it did not return
 * @err: errno, if @ret is negative
 * @returned: the actor went on in user space after the operation
 * @signal: that ended it, or 0
 * @happened: what the row's happened() said
 */
struct weir_outcome {
	pid_t pid;
	int ret;
	int err;
	int returned;
	int signal;
	int happened;
};

/**
 * weir_deed_next() - all rows of all tables, one after the other
 * @d: the row before, or NULL for the first
 *
 * Return: a row, or NULL after the last.
 */
const struct weir_deed *weir_deed_next(const struct weir_deed *d);

/* A row by its name, or NULL. */
const struct weir_deed *weir_deed_find(const char *name);

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
