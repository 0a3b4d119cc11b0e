// SPDX-License-Identifier: GPL-2.0
/* An expression as branch nodes, made from the last to the first so that targets are known. */
#include <stdlib.h>
#include <string.h>

#include "program.h"

struct maker {
	struct weir_program *pr;
	weir_rank *rank; /* or null */
	const void *ctx;
	struct weir_node *node; /* the last node of the program first */
	uint32_t n;
};

/* Targets while nodes are made: node numbers counted from the end, or these. */
#define ACCEPT 0xffffffffu
#define REJECT 0xfffffffeu
#define TOO_MANY 0xfffffffdu

struct targets {
	uint32_t yes, no;
};

static uint32_t make(struct maker *m, const struct weir_expr *e, struct targets to);

static uint32_t make_test(struct maker *m, struct weir_test *t, struct targets to)
{
	struct weir_node *node;

	if (m->n == WEIR_NODES_MAX)
		return TOO_MANY;
	m->node = weir_arena_grow(&m->pr->arena, m->node, m->n, sizeof(*m->node));
	node = &m->node[m->n];
	node->test = t;
	node->yes = to.yes;
	node->no = to.no;
	return m->n++;
}

/* The rank of an expression is that of its last criterion. */
static int rank_of(const struct maker *m, const struct weir_expr *e)
{
	int most = 0, one;
	size_t i;

	if (e->op == WEIR_EXPR_TEST)
		return m->rank(e->test, m->ctx);
	for (i = 0; i < e->n; i++) {
		one = rank_of(m, e->arg[i]);
		if (one > most)
			most = one;
	}
	return most;
}

/* An argument's place among the others. */
struct place {
	int rank;
	size_t at;
};

static int by_rank(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* Arguments by rank; else their order stays. */
static struct weir_expr **in_order(struct maker *m, const struct weir_expr *e)
{
	struct weir_expr **arg = weir_arena_get(&m->pr->arena, e->n, sizeof(*arg));
	struct place *p = weir_arena_get(&m->pr->arena, e->n, sizeof(*p));
	size_t i;

	for (i = 0; i < e->n; i++) {
		p[i].rank = rank_of(m, e->arg[i]);
		p[i].at = i;
	}
	qsort(p, e->n, sizeof(*p), by_rank);
	for (i = 0; i < e->n; i++)
		arg[i] = e->arg[p[i].at];
	return arg;
}

static uint32_t make_join(struct maker *m, const struct weir_expr *e, struct targets to)
{
	struct weir_expr **arg = m->rank ? in_order(m, e) : e->arg;
	struct targets here = to;
	uint32_t entry = TOO_MANY;
	size_t i;

	for (i = e->n; i--;) {
		entry = make(m, arg[i], here);
		if (entry == TOO_MANY)
			break;
		if (e->op == WEIR_EXPR_AND)
			here.yes = entry;
		else
			here.no = entry;
	}
	return entry;
}

/* Returns the node at which the expression's program begins. Recursion is as deep as the rule. */
static uint32_t make(struct maker *m, const struct weir_expr *e, struct targets to)
{
	const struct targets swapped = { to.no, to.yes };

	switch (e->op) {
	case WEIR_EXPR_TEST:
		return make_test(m, e->test, to);
	case WEIR_EXPR_NOT:
		return make(m, e->arg[0], swapped);
	default:
		return make_join(m, e, to);
	}
}

static uint16_t final_target(uint32_t n, uint16_t made)
{
	if (made == (uint16_t)ACCEPT)
		return WEIR_ACCEPT;
	if (made == (uint16_t)REJECT)
		return WEIR_REJECT;
	return n - 1 - made;
}

int weir_program_nodes(struct weir_program *pr, const struct weir_expr *e, weir_rank *rank,
		       const void *ctx, struct weir_nodes *out)
{
	const struct targets ends = { ACCEPT, REJECT };
	struct maker m = { .pr = pr, .rank = rank, .ctx = ctx };
	struct weir_node *to;
	uint32_t i;

	if (make(&m, e, ends) == TOO_MANY)
		return -1;
	out->n = m.n;
	out->node = weir_arena_get(&pr->arena, m.n, sizeof(*out->node));
	for (i = 0; i < m.n; i++) {
		to = &out->node[m.n - 1 - i];
		to->test = m.node[i].test;
		to->yes = final_target(m.n, m.node[i].yes);
		to->no = final_target(m.n, m.node[i].no);
	}
	return 0;
}
