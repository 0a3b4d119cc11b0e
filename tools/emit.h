/* SPDX-License-Identifier: GPL-2.0 */
/* Compiled rules to the bytes of a channel file. */
#ifndef WEIR_EMIT_H
#define WEIR_EMIT_H

#include "sigma.h"

/* What the header says beside what the rules give. */
struct weir_emit_head {
	const char *name;
	uint32_t channel;
	uint64_t version;
	uint64_t created;
};

/* Bytes that grow. */
struct weir_buffer {
	uint8_t *p;
	size_t n, room;
	uint32_t count; /* entries, where it is a table */
};

/* Instances that a sample event matches. */
struct weir_expect {
	uint32_t *instance;
	uint32_t n;
};

/* A file in the making. */
struct weir_emit {
	const struct weir_emit_head *head;
	struct weir_rule **rule; /* in the order of instances */
	uint32_t nrules;
	const struct weir_type *type[WEIR_TYPES_MAX]; /* that are used, by id */
	uint32_t ntypes;
	struct weir_test **test; /* criteria, in the order of their first use */
	uint32_t ntests;
	uint32_t probe[WEIR_TYPES_MAX + 1]; /* the first of each type, and the end */
	const struct weir_expect *expect; /* a sample each; null while they are not known */
	const struct weir_profile *profile;
	struct weir_buffer section[WEIR_SEC_END];
};

/**
 * weir_emit_prepare() - put rules in order, number what they share, and write all but samples
 * @s: the compilation
 * @head: kept
 * @out: filled; free with weir_emit_free()
 */
void weir_emit_prepare(struct weir_sigma *s, const struct weir_emit_head *head,
		       struct weir_emit *out);

/**
 * weir_emit_write() - the bytes, with a cost of 0
 * @e: prepared
 * @out: replaced
 *
 * Return: a null pointer, or what is too large.
 */
const char *weir_emit_write(struct weir_emit *e, struct weir_buffer *out);

/* Put a cost into the header of a file. */
void weir_emit_cost(struct weir_buffer *file, uint64_t cost);

void weir_emit_free(struct weir_emit *e);

/* The sections that hold criteria's operands; and those of sample events, replaced. */
void weir_emit_criterion(struct weir_emit *e, const struct weir_test *t);
void weir_emit_samples(struct weir_emit *e);

/* The place of a type among those that are used. */
uint32_t weir_emit_type(const struct weir_emit *e, const struct weir_type *t);

/* Little-endian numbers, and bytes. */
void weir_put8(struct weir_buffer *b, uint8_t v);
void weir_put16(struct weir_buffer *b, uint16_t v);
void weir_put32(struct weir_buffer *b, uint32_t v);
void weir_put64(struct weir_buffer *b, uint64_t v);
void weir_put(struct weir_buffer *b, const void *p, size_t n);

#endif
