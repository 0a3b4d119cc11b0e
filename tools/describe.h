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

/* Is instance @i evaluated on every event of its type? */
int weir_always(const struct weir_channel *c, uint32_t i);

/**
 * weir_wakes() - whether instance @i is evaluated when criterion @crit holds
 * @c: the channel
 * @crit: criterion number
 * @i: instance number
 * @gate: if it is, set to 0, or to 1 and a criterion that has to hold as well; or null
 *
 * Return: 1 if it is, else 0.
 */
int weir_wakes(const struct weir_channel *c, uint32_t crit, uint32_t i, uint32_t *gate);

/**
 * weir_describe_wakers() - what wakes an instance
 * @c: the channel
 * @i: instance number
 *
 * Return: a new reference: the numbers of criteria.
 */
json_t *weir_describe_wakers(const struct weir_channel *c, uint32_t i);

/**
 * weir_gate() - what has to hold as well for what wakes an instance to wake it
 * @c: the channel
 * @i: instance number
 *
 * Return: 0, or 1 and the number of a criterion.
 */
uint32_t weir_gate(const struct weir_channel *c, uint32_t i);

/**
 * weir_describe_probes() - what the matching index looks at
 * @c: the channel
 *
 * Return: a new reference: a list of {"probe", "type", "field", "where", "width", "at", "operands",
 * "entries", "filter_words", "weight"}.
 */
json_t *weir_describe_probes(const struct weir_channel *c);

/**
 * weir_describe_criterion() - a criterion
 * @c: the channel
 * @crit: criterion number
 *
 * Return: a new reference: {"criterion", "type", "field", "op", "cased", "indexed", "operands"}.
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
