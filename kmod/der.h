/* SPDX-License-Identifier: GPL-2.0 */
/* A strict reader of DER: what signatures and keys are checked with before the kernel's own. */
#ifndef WEIR_KMOD_DER_H
#define WEIR_KMOD_DER_H

#include <linux/types.h>

/* Tags: universal, and context-specific ones that hold elements. */
#define WEIR_DER_INTEGER 0x02
#define WEIR_DER_BYTES 0x04
#define WEIR_DER_NULL 0x05
#define WEIR_DER_OID 0x06
#define WEIR_DER_SEQUENCE 0x30
#define WEIR_DER_SET 0x31
#define WEIR_DER_CONTEXT(n) (0xa0 | (n))
#define WEIR_DER_CONTEXT_PRIMITIVE(n) (0x80 | (n))

/**
 * struct weir_der - bytes that are still to be read
 * @p: the first of them
 * @n: how many
 */
struct weir_der {
	const u8 *p;
	u32 n;
};

/**
 * weir_der_peek() - the tag of the next element
 * @d: bytes
 *
 * Return: the tag, or 0 at the end.
 */
u8 weir_der_peek(const struct weir_der *d);

/**
 * weir_der_take() - read the next element, which must have a given tag
 * @d: bytes; moved behind the element
 * @tag: the tag
 * @body: what is in the element
 *
 * Lengths must be definite, of the shortest form and below 2^24, tags of one byte.
 *
 * Return: false if it is anything else; @d and @body are then worth nothing.
 */
bool weir_der_take(struct weir_der *d, u8 tag, struct weir_der *body);

/**
 * weir_der_is() - are these bytes an object identifier
 * @d: the body of an element
 * @oid: bytes of the identifier
 * @n: bytes at @oid
 */
bool weir_der_is(const struct weir_der *d, const u8 *oid, u32 n);

#endif
