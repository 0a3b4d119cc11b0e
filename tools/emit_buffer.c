// SPDX-License-Identifier: GPL-2.0
/* Bytes that grow, and little-endian numbers in them. */
#include <string.h>

#include "emit.h"

void weir_put(struct weir_buffer *b, const void *p, size_t n)
{
	if (b->room - b->n < n) {
		b->room = 2 * b->room + n + 256;
		b->p = weir_realloc(b->p, b->room, 1);
	}
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void put_number(struct weir_buffer *b, uint64_t v, size_t n)
{
	uint8_t bytes[8];
	size_t i;

	for (i = 0; i < n; i++)
		bytes[i] = v >> (8 * i);
	weir_put(b, bytes, n);
}

void weir_put8(struct weir_buffer *b, uint8_t v)
{
	put_number(b, v, 1);
}

void weir_put16(struct weir_buffer *b, uint16_t v)
{
	put_number(b, v, 2);
}

void weir_put32(struct weir_buffer *b, uint32_t v)
{
	put_number(b, v, 4);
}

void weir_put64(struct weir_buffer *b, uint64_t v)
{
	put_number(b, v, 8);
}
