// SPDX-License-Identifier: GPL-2.0
/* A strict reader of DER: one element at a time, never past the bytes it was given. */
#include <linux/string.h>

#include "der.h"

/* Tag numbers that need more bytes are not in anything we read. */
#define TAG_LONG 0x1f
#define LENGTH_LONG 0x80
#define LENGTH_BYTES_MAX 3

u8 weir_der_peek(const struct weir_der *d)
{
	return d->n ? d->p[0] : 0;
}

static void skip(struct weir_der *d, u32 n)
{
	d->p += n;
	d->n -= n;
}

/* A length in its shortest form, or nothing. */
static bool take_length(struct weir_der *d, u32 *len)
{
	u32 bytes, i;

	if (!d->n)
		return false;
	*len = d->p[0];
	skip(d, 1);
	if (*len < LENGTH_LONG)
		return true;
	bytes = *len - LENGTH_LONG;
	if (!bytes || bytes > LENGTH_BYTES_MAX || bytes > d->n || !d->p[0])
		return false;
	*len = 0;
	for (i = 0; i < bytes; i++)
		*len = *len << 8 | d->p[i];
	skip(d, bytes);
	return *len >= LENGTH_LONG;
}

bool weir_der_take(struct weir_der *d, u8 tag, struct weir_der *body)
{
	u32 len;

	if (!d->n || d->p[0] != tag || (tag & TAG_LONG) == TAG_LONG)
		return false;
	skip(d, 1);
	if (!take_length(d, &len) || len > d->n)
		return false;
	body->p = d->p;
	body->n = len;
	skip(d, len);
	return true;
}

bool weir_der_is(const struct weir_der *d, const u8 *oid, u32 n)
{
	return d->n == n && !memcmp(d->p, oid, n);
}
