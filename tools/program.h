/* SPDX-License-Identifier: GPL-2.0 */
/* What rules become: boolean expressions over criteria. */
#ifndef WEIR_PROGRAM_H
#define WEIR_PROGRAM_H

#include "regex.h"
#include "schema.h"
#include "sigma_arena.h"

struct weir_bytes {
	const uint8_t *p;
	uint32_t n;
};

struct weir_range {
	uint64_t lo, hi;
};

struct weir_place;
struct weir_re_need;

/* A criterion. Two of the same content are one object; see weir_program_test(). */
struct weir_test {
	const struct weir_type *type;
	uint16_t field;
	uint16_t field2; /* of the FIELD_ ops, else 0 */
	uint8_t op; /* enum weir_op */
	uint8_t flags; /* WEIR_CASED */
	uint32_t n; /* operands */
	struct weir_bytes *lit; /* of EQ, PREFIX, SUFFIX, CONTAINS and CIDR, sorted */
	struct weir_range *range; /* of RANGE, sorted, apart from each other */
	const struct weir_dfa *dfa; /* of DFA */
	uint64_t hash;
	struct weir_test *next;
	struct weir_expr *expr; /* the expression that is this test alone */
	struct weir_expr *negation;
	uint32_t number; /* in the file that is being written; 0 while it has none, else plus 1 */
	struct weir_test *leader; /* of a DFA: what its input has to have; or null */
	const struct weir_re_need *led; /* and what is known of that */
	uint32_t slot; /* of a leader, in the file, from 1 */
	int indexed; /* the index decides it */
	double rate; /* how often it is to be expected to hold; 0 until weir_index_rate() said */
	struct weir_place *place; /* of each literal, in the index */
	uint32_t *wakes; /* instances, while they are being collected */
	uint32_t nwakes;
	uint32_t wake; /* where they are in the file */
};

/* How the index knows a literal. */
struct weir_place {
	uint8_t at;
	uint8_t probe;
};

enum weir_expr_op { WEIR_EXPR_TEST, WEIR_EXPR_NOT, WEIR_EXPR_AND, WEIR_EXPR_OR };

/* Never changes once made; may be shared. */
struct weir_expr {
	enum weir_expr_op op;
	struct weir_test *test; /* of TEST */
	struct weir_expr **arg; /* of NOT one, of AND and OR two or more */
	size_t n;
	int searches; /* some criterion in it reads all of a value */
};

#define WEIR_PROGRAM_BUCKETS 65536u

/* All criteria of a compilation, by content. */
struct weir_program {
	struct weir_arena arena;
	struct weir_test *bucket[WEIR_PROGRAM_BUCKETS];
};

/* A branch node of one instance's program. */
struct weir_node {
	struct weir_test *test;
	uint16_t yes, no; /* as in format.h */
};

struct weir_nodes {
	struct weir_node *node;
	uint32_t n;
};

/* A hash of bytes, begun with that of what is before them; FNV-1a, which begins with WEIR_HASH. */
#define WEIR_HASH 0xcbf29ce484222325ull
uint64_t weir_hash(uint64_t h, const void *p, size_t n);

/**
 * weir_program_test() - the expression that tests a criterion
 * @pr: where criteria are known
 * @t: the criterion, operands in any order, copied as far as it is new
 */
struct weir_expr *weir_program_test(struct weir_program *pr, struct weir_test *t);

/* The negation of an expression. */
struct weir_expr *weir_program_not(struct weir_program *pr, struct weir_expr *e);

/**
 * weir_program_join() - AND or OR of expressions
 * @pr: where criteria are known
 * @op: WEIR_EXPR_AND or WEIR_EXPR_OR
 * @arg: the expressions; the array is not kept
 * @n: how many, at least one
 *
 * Flattens, drops what is there twice, merges criteria that differ in nothing but operands, and
 * puts what reads all of a value behind what does not; else the order stays.
 */
struct weir_expr *weir_program_join(struct weir_program *pr, enum weir_expr_op op,
				    struct weir_expr **arg, size_t n);

/* When to ask a criterion: the lower, the earlier. */
typedef int weir_rank(const struct weir_test *t, const void *ctx);

/**
 * weir_program_nodes() - an expression as forward-only branches
 * @pr: gives memory
 * @e: the expression
 * @rank: the order of arguments of AND and OR; null: as they come
 * @ctx: for @rank
 * @out: filled
 *
 * Return: 0, or -1 if it takes more than WEIR_NODES_MAX nodes.
 */
int weir_program_nodes(struct weir_program *pr, const struct weir_expr *e, weir_rank *rank,
		       const void *ctx, struct weir_nodes *out);

#endif
