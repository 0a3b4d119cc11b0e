/* SPDX-License-Identifier: GPL-2.0 */
/* What stands in a channel file, in words: as JSON, and as text made from that JSON. */
#ifndef WEIR_DESCRIBE_H
#define WEIR_DESCRIBE_H

#include "channel.h"

/* A branch of an instance's program. */
struct weir_branch {
	uint32_t crit;
	uint32_t yes, no; /* a later branch, WEIR_ACCEPT or WEIR_REJECT */
};

/* How many branches instance @i has. */
uint32_t weir_branches(const struct weir_channel *c, uint32_t i);

/* Branch @k of instance @i. */
struct weir_branch weir_branch(const struct weir_channel *c, uint32_t i, uint32_t k);

/**
 * weir_describe_criterion() - a criterion
 * @c: the channel
 * @crit: criterion number
 *
 * Return: a new reference: {"criterion", "type", "field", "op", "cased", "operands"}.
 */
json_t *weir_describe_criterion(const struct weir_channel *c, uint32_t crit);

/**
 * weir_describe_value() - a value of an event
 * @f: its field
 * @v: the value
 *
 * Return: a new reference: a string, a number, true, false, or null if it is absent.
 */
json_t *weir_describe_value(const struct weir_field *f, const struct weir_value *v);

/**
 * weir_describe_sample() - a sample event of a channel file
 * @c: the channel
 * @i: sample number
 *
 * Return: a new reference: {"sample", "type", "fields", "expect"}.
 */
json_t *weir_describe_sample(const struct weir_channel *c, uint32_t i);

/* Print a description of a criterion on the current line. */
void weir_print_criterion(const json_t *o);

/* Print a JSON value as it stands in a description: strings in quotes. */
void weir_print_value(const json_t *v);

#endif
