/* SPDX-License-Identifier: GPL-2.0 */
/* Processes that do without end what hooks see, a kind of event each. */
#ifndef WEIR_SELFTESTS_ACTORS_H
#define WEIR_SELFTESTS_ACTORS_H

#include <stdint.h>
#include <sys/types.h>

/* By position: the Template Type's id less one. */
#define WEIR_ACTORS 5u

/**
 * struct weir_actors - who acts, and how often each did all it does
 * @pid: of each actor
 * @rounds: shared with the actors
 */
struct weir_actors {
	pid_t pid[WEIR_ACTORS];
	uint64_t *rounds;
};

/**
 * weir_actors_start() - start one actor for each Template Type, in a folder of its own in /tmp
 * @a: filled
 *
 * Return: 0, or -1 after saying what did not work.
 */
int weir_actors_start(struct weir_actors *a);

/**
 * weir_actors_stop() - end them
 * @a: from weir_actors_start()
 *
 * Return: 0, or -1 after saying which of them had ended by itself.
 */
int weir_actors_stop(struct weir_actors *a);

#endif
