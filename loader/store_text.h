/* SPDX-License-Identifier: GPL-2.0 */
/* The store's small files: text of which one thing has one form, closed by a checksum. */
#ifndef WEIR_STORE_TEXT_H
#define WEIR_STORE_TEXT_H

#include "private.h"
#include "weirstore.h"

/* What to do about a damaged file, if the store is to be used again. */
#define WEIR_TODO_ROLLBACK                                                                         \
	"find out what damaged it; weirctl store rollback N makes a whole generation the "         \
	"current one, and any other file may be removed"

/* What a file of the store holds; which member is said by whoever reads or writes it. */
enum weir_text { WEIR_TEXT_POINTER, WEIR_TEXT_GENERATION, WEIR_TEXT_TRYING };

struct weir_pointer {
	char name[WEIR_WORD];
	uint64_t number;
};

/**
 * weir_text_read() - read a file and compare it with what would have been written
 * @path: its name
 * @kind: what it holds
 * @out: a struct weir_pointer, weir_generation or weir_trying; all zero if there is no such file
 * @r: the reason
 *
 * Return: 1 if it was read, 0 if there is no such file, -1 with a reason.
 */
int weir_text_read(const char *path, enum weir_text kind, void *out, struct weir_refusal *r);

/**
 * weir_text_write() - put a file in place, at once and durably
 * @path: its name
 * @kind: what it holds
 * @in: as weir_text_read() fills it
 * @r: the reason
 *
 * A generation is not written over another.
 */
int weir_text_write(const char *path, enum weir_text kind, const void *in, struct weir_refusal *r);

/* store.c */

/* A name in the store; the caller frees. Null with a reason. */
char *weir_store_path(const char *state, struct weir_refusal *r, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Make the store's folders, and durable what can be seen in them. */
int weir_store_open(const char *state, struct weir_refusal *r);

/* The next number that no generation has or had. */
int weir_store_next(const char *state, uint64_t *number, struct weir_refusal *r);

/* Write @g under a new number, and point "current" to it. */
int weir_store_switch(const char *state, struct weir_generation *g, const char *why,
		      struct weir_refusal *r);

int weir_store_point(const char *state, const char *name, uint64_t number, struct weir_refusal *r);

int weir_store_damaged(const char *path, const char *todo, const char *what,
		       struct weir_refusal *r);

void weir_set_remove(struct weir_set *s, uint32_t channel);
int weir_set_put(struct weir_set *s, const struct weir_entry *e);

#endif
