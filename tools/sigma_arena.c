// SPDX-License-Identifier: GPL-2.0
/* Memory of one compilation. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sigma_arena.h"
#include "weirc.h"

#define BLOCK 0x200000u /* a huge page, where there are such */

struct weir_arena_block {
	struct weir_arena_block *next;
	size_t used, room;
	char data[] __attribute__((aligned(16)));
};

static struct weir_arena_block *new_block(size_t bytes)
{
	size_t size = (sizeof(struct weir_arena_block) + bytes + BLOCK - 1) & ~(size_t)(BLOCK - 1);
	struct weir_arena_block *b =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (b == MAP_FAILED)
		weir_no_memory();
	madvise(b, size, MADV_HUGEPAGE);
	b->room = size - sizeof(*b);
	return b;
}

void *weir_arena_get(struct weir_arena *a, size_t n, size_t size)
{
	struct weir_arena_block *b = a->block;
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 2)
		bytes = SIZE_MAX / 2;
	bytes = (bytes + 15) & ~(size_t)15;
	if (!b || b->room - b->used < bytes) {
		b = new_block(bytes);
		b->next = a->block;
		a->block = b;
	}
	p = b->data + b->used;
	b->used += bytes;
	return p;
}

char *weir_arena_copy(struct weir_arena *a, const void *p, size_t n)
{
	char *q = weir_arena_get(a, n + 1, 1);

	if (n)
		memcpy(q, p, n);
	return q;
}

char *weir_arena_text(struct weir_arena *a, const char *fmt, ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return weir_arena_copy(a, text, strlen(text));
}

void *weir_arena_grow(struct weir_arena *a, void *p, size_t n, size_t size)
{
	void *q;

	if (n & (n - 1) || n == 1)
		return p;
	q = weir_arena_get(a, n ? 2 * n : 2, size);
	if (n)
		memcpy(q, p, n * size);
	return q;
}

void weir_arena_free(struct weir_arena *a)
{
	struct weir_arena_block *b;

	while (a->block) {
		b = a->block;
		a->block = b->next;
		munmap(b, sizeof(*b) + b->room);
	}
}

void weir_arena_clear(struct weir_arena *a)
{
	struct weir_arena_block *b = a->block;

	if (!b)
		return;
	a->block = b->next;
	weir_arena_free(a);
	memset(b->data, 0, b->used);
	b->used = 0;
	b->next = NULL;
	a->block = b;
}
