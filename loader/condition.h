/* SPDX-License-Identifier: GPL-2.0 */
/* What an instance asks for, taken back from its program: a tree to compare files by. */
#ifndef WEIR_CTL_CONDITION_H
#define WEIR_CTL_CONDITION_H

#include "describe.h"

/* What something means, as a digest: it is the same in two files if the thing is. */
struct weir_key {
	uint8_t b[32];
};

enum weir_condition_kind {
	WEIR_COND_TEST, /* a criterion */
	WEIR_COND_NOT, /* of one part */
	WEIR_COND_ALL,
	WEIR_COND_ANY,
	WEIR_COND_STEPS, /* a program that is no tree, or too deep a one: its branches */
};

/**
 * struct weir_condition - a condition or part of one
 * @kind: what it is
 * @crit: of TEST: the criterion's number in its file
 * @instance: of STEPS: whose branches
 * @depth: levels of parts below it
 * @n: parts
 * @part: they, in the order of the program
 * @key: what it means, whatever the order of parts and the numbers in its file
 */
struct weir_condition {
	enum weir_condition_kind kind;
	uint32_t crit;
	uint32_t instance;
	uint32_t depth;
	uint32_t n;
	struct weir_condition **part;
	struct weir_key key;
};

/* A verified file with what its conditions are made of. */
struct weir_conditions {
	const struct weir_channel *c;
	struct weir_key *key; /* of each criterion */
};

/**
 * weir_conditions_open() - prepare a file for weir_condition_make()
 * @c: a verified file; has to outlive @out
 * @out: filled; free with weir_conditions_close()
 */
void weir_conditions_open(const struct weir_channel *c, struct weir_conditions *out);
void weir_conditions_close(struct weir_conditions *cs);

/**
 * weir_condition_make() - the condition of an instance
 * @cs: its file
 * @i: instance number
 *
 * Return: what weir_condition_free() frees.
 */
struct weir_condition *weir_condition_make(const struct weir_conditions *cs, uint32_t i);
void weir_condition_free(struct weir_condition *x);

/* The key of operand @k of a criterion. */
void weir_operand_key(const struct weir_view *v, uint32_t crit, uint32_t k, struct weir_key *key);

/* Set the keys of a condition and of all its parts. */
void weir_condition_key(const struct weir_conditions *cs, struct weir_condition *x);

/* How many operands a criterion has. */
uint32_t weir_operands(const struct weir_view *v, uint32_t crit);

/* Do two criteria differ in nothing but their operands? */
int weir_same_question(const struct weir_view *a, uint32_t x, const struct weir_view *b,
		       uint32_t y);

/* A condition as JSON: {"all": []}, {"any": []}, {"not": {}}, {"steps": []} or a criterion. */
json_t *weir_condition_json(const struct weir_conditions *cs, const struct weir_condition *x);

#endif
