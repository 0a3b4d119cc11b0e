// SPDX-License-Identifier: GPL-2.0
/* Criteria: operands in canonical order, each criterion known once. */
#include <stdlib.h>
#include <string.h>

#include "program.h"

#define HASHED_CELLS 256u /* of a DFA */

static int by_bytes(const void *a, const void *b)
{
	const struct weir_bytes *x = a, *y = b;
	int d = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);

	return d ? d : (x->n > y->n) - (x->n < y->n);
}

static int by_low(const void *a, const void *b)
{
	const struct weir_range *x = a, *y = b;

	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	return (x->hi > y->hi) - (x->hi < y->hi);
}

static void sort_literals(struct weir_test *t)
{
	uint32_t i, n = 0;

	qsort(t->lit, t->n, sizeof(*t->lit), by_bytes);
	for (i = 0; i < t->n; i++)
		if (!n || by_bytes(&t->lit[n - 1], &t->lit[i]))
			t->lit[n++] = t->lit[i];
	t->n = n;
}

/* Ranges that touch become one. */
static void sort_ranges(struct weir_test *t)
{
	uint32_t i, n = 0;
	struct weir_range *r;

	qsort(t->range, t->n, sizeof(*t->range), by_low);
	for (i = 0; i < t->n; i++) {
		r = n ? &t->range[n - 1] : NULL;
		if (!r || (r->hi != UINT64_MAX && t->range[i].lo > r->hi + 1))
			t->range[n++] = t->range[i];
		else if (t->range[i].hi > r->hi)
			r->hi = t->range[i].hi;
	}
	t->n = n;
}

uint64_t weir_hash(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	while (n--)
		h = (h ^ *b++) * 0x100000001b3ull;
	return h;
}

/* Those of one map that begin alike are few. */
static uint64_t hash_dfa(uint64_t h, const struct weir_dfa *d)
{
	uint32_t n = d->ncells < HASHED_CELLS ? d->ncells : HASHED_CELLS;

	h = weir_hash(h, d->map, sizeof(d->map));
	h = weir_hash(h, &d->ncells, sizeof(d->ncells));
	return weir_hash(h, d->next, n * sizeof(*d->next));
}

static uint64_t hash_test(const struct weir_test *t)
{
	uint64_t h = weir_hash(WEIR_HASH, &t->type, sizeof(t->type));
	uint32_t i;

	h = weir_hash(h, &t->field, sizeof(t->field));
	h = weir_hash(h, &t->field2, sizeof(t->field2));
	h = weir_hash(h, &t->op, sizeof(t->op));
	h = weir_hash(h, &t->flags, sizeof(t->flags));
	for (i = 0; t->lit && i < t->n; i++)
		h = weir_hash(weir_hash(h, &t->lit[i].n, sizeof(t->lit[i].n)), t->lit[i].p,
			      t->lit[i].n);
	for (i = 0; t->range && i < t->n; i++)
		h = weir_hash(h, &t->range[i], sizeof(t->range[i]));
	return t->dfa ? hash_dfa(h, t->dfa) : h;
}

static int same_dfa(const struct weir_dfa *a, const struct weir_dfa *b)
{
	if (a == b || !a || !b)
		return a == b;
	return a->nclasses == b->nclasses && a->start == b->start && a->ncells == b->ncells &&
	       !memcmp(a->map, b->map, sizeof(a->map)) &&
	       !memcmp(a->next, b->next, a->ncells * sizeof(*a->next));
}

static int same_test(const struct weir_test *a, const struct weir_test *b)
{
	uint32_t i;

	if (a->hash != b->hash || a->type != b->type || a->field != b->field ||
	    a->field2 != b->field2 || a->op != b->op || a->flags != b->flags || a->n != b->n ||
	    !same_dfa(a->dfa, b->dfa))
		return 0;
	for (i = 0; a->lit && i < a->n; i++)
		if (by_bytes(&a->lit[i], &b->lit[i]))
			return 0;
	for (i = 0; a->range && i < a->n; i++)
		if (by_low(&a->range[i], &b->range[i]))
			return 0;
	return 1;
}

static struct weir_expr *new_expr(struct weir_program *pr, enum weir_expr_op op, size_t n)
{
	struct weir_expr *e = weir_arena_get(&pr->arena, 1, sizeof(*e));

	e->op = op;
	e->n = n;
	e->arg = n ? weir_arena_get(&pr->arena, n, sizeof(*e->arg)) : NULL;
	return e;
}

struct weir_expr *weir_program_test(struct weir_program *pr, struct weir_test *t)
{
	struct weir_test **head, *known;

	if (t->lit)
		sort_literals(t);
	if (t->range)
		sort_ranges(t);
	t->hash = hash_test(t);
	head = &pr->bucket[t->hash % WEIR_PROGRAM_BUCKETS];
	for (known = *head; known; known = known->next)
		if (same_test(known, t))
			return known->expr;
	known = weir_arena_get(&pr->arena, 1, sizeof(*known));
	*known = *t;
	known->next = *head;
	*head = known;
	known->expr = new_expr(pr, WEIR_EXPR_TEST, 0);
	known->expr->test = known;
	known->expr->searches = t->op == WEIR_OP_CONTAINS || t->op == WEIR_OP_DFA;
	known->negation = new_expr(pr, WEIR_EXPR_NOT, 1);
	known->negation->arg[0] = known->expr;
	known->negation->searches = known->expr->searches;
	return known->expr;
}

struct weir_expr *weir_program_not(struct weir_program *pr, struct weir_expr *e)
{
	struct weir_expr *n;

	if (e->op == WEIR_EXPR_NOT)
		return e->arg[0];
	if (e->op == WEIR_EXPR_TEST)
		return e->test->negation;
	n = new_expr(pr, WEIR_EXPR_NOT, 1);
	n->arg[0] = e;
	n->searches = e->searches;
	return n;
}
