/* SPDX-License-Identifier: GPL-2.0 */
/* Memory of a compilation: taken piece by piece, given back all at once. */
#ifndef WEIR_SIGMA_ARENA_H
#define WEIR_SIGMA_ARENA_H

#include <stddef.h>

struct weir_arena_block;

/* Starts as all zero. */
struct weir_arena {
	struct weir_arena_block *block;
};

/**
 * weir_arena_get() - memory that lives as long as the arena
 * @a: the arena
 * @n: entries
 * @size: bytes of an entry
 *
 * Return: zeroed memory, never null.
 */
void *weir_arena_get(struct weir_arena *a, size_t n, size_t size);

/* A copy of n bytes, with a NUL after them. */
char *weir_arena_copy(struct weir_arena *a, const void *p, size_t n);

/* Text made as printf() does. */
char *weir_arena_text(struct weir_arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * weir_arena_grow() - room for one entry more in an array
 * @a: the arena
 * @p: the array, null while it is empty
 * @n: entries in use
 * @size: bytes of an entry
 *
 * Grows at powers of two, so that @n alone tells the room.
 *
 * Return: the array, moved when it grew.
 */
void *weir_arena_grow(struct weir_arena *a, void *p, size_t n, size_t size);

/* Forget all that is in it, to use its memory again. */
void weir_arena_clear(struct weir_arena *a);

/* Give all of it back. */
void weir_arena_free(struct weir_arena *a);

#endif
