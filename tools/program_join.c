// SPDX-License-Identifier: GPL-2.0
/* AND and OR of expressions, with criteria merged where that changes nothing. */
#include <stdlib.h>
#include <string.h>

#include "program.h"

/* The arguments of a join while it is made. */
struct joint {
	struct weir_program *pr;
	enum weir_expr_op op;
	struct weir_expr **arg;
	size_t n;
};

static void add(struct joint *j, struct weir_expr *e)
{
	size_t i;

	if (e->op == j->op) {
		for (i = 0; i < e->n; i++)
			add(j, e->arg[i]);
		return;
	}
	j->arg = weir_arena_grow(&j->pr->arena, j->arg, j->n, sizeof(*j->arg));
	j->arg[j->n++] = e;
}

/*
 * The criterion of an argument that can be merged: a plain one under OR, and under AND a negated
 * one, since "neither a nor b" is "not (a or b)".
 */
static const struct weir_test *mergeable(const struct joint *j, const struct weir_expr *e)
{
	if (j->op == WEIR_EXPR_AND) {
		if (e->op != WEIR_EXPR_NOT)
			return NULL;
		e = e->arg[0];
	}
	if (e->op != WEIR_EXPR_TEST)
		return NULL;
	return e->test->lit || e->test->range ? e->test : NULL;
}

static int same_key(const struct weir_test *a, const struct weir_test *b)
{
	return a->type == b->type && a->field == b->field && a->op == b->op && a->flags == b->flags;
}

/* An argument's place: equal ones and ones to be merged sort next to each other. */
struct place {
	const struct joint *j;
	struct weir_expr *e;
	size_t at;
};

static int by_key(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	const struct weir_test *s = mergeable(x->j, x->e), *t = mergeable(y->j, y->e);

	if (!s != !t)
		return s ? -1 : 1;
	if (s && s->field != t->field)
		return s->field < t->field ? -1 : 1;
	if (s && s->op != t->op)
		return s->op < t->op ? -1 : 1;
	if (s && s->flags != t->flags)
		return s->flags < t->flags ? -1 : 1;
	if (!s && x->e != y->e)
		return (uintptr_t)x->e < (uintptr_t)y->e ? -1 : 1;
	return x->at < y->at ? -1 : 1;
}

/* One criterion with the operands of all of p[0..n). */
static struct weir_expr *merge(struct joint *j, const struct place *p, size_t n)
{
	struct weir_test t = *mergeable(j, p[0].e);
	const struct weir_test *s;
	struct weir_expr *e;
	size_t i, total = 0;

	if (n == 1)
		return p[0].e;
	for (i = 0; i < n; i++)
		total += mergeable(j, p[i].e)->n;
	if (t.lit)
		t.lit = weir_arena_get(&j->pr->arena, total, sizeof(*t.lit));
	else
		t.range = weir_arena_get(&j->pr->arena, total, sizeof(*t.range));
	t.n = 0;
	for (i = 0; i < n; i++) {
		s = mergeable(j, p[i].e);
		if (t.lit)
			memcpy(t.lit + t.n, s->lit, s->n * sizeof(*t.lit));
		else
			memcpy(t.range + t.n, s->range, s->n * sizeof(*t.range));
		t.n += s->n;
	}
	e = weir_program_test(j->pr, &t);
	return j->op == WEIR_EXPR_AND ? weir_program_not(j->pr, e) : e;
}

/* How many of p[0..n) are one argument. */
static size_t run_length(const struct joint *j, const struct place *p, size_t n)
{
	const struct weir_test *s = mergeable(j, p[0].e), *t;
	size_t i;

	for (i = 1; i < n; i++) {
		t = mergeable(j, p[i].e);
		if (s ? !t || !same_key(s, t) : p[i].e != p[0].e)
			break;
	}
	return i;
}

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->e->searches != y->e->searches)
		return x->e->searches - y->e->searches;
	return (x->at > y->at) - (x->at < y->at);
}

struct weir_expr *weir_program_join(struct weir_program *pr, enum weir_expr_op op,
				    struct weir_expr **arg, size_t n)
{
	struct joint j = { .pr = pr, .op = op };
	struct place *p;
	struct weir_expr *e;
	size_t i, len, out = 0;

	for (i = 0; i < n; i++)
		add(&j, arg[i]);
	if (j.n == 1)
		return j.arg[0];
	p = weir_arena_get(&pr->arena, j.n, sizeof(*p));
	for (i = 0; i < j.n; i++) {
		p[i].j = &j;
		p[i].e = j.arg[i];
		p[i].at = i;
	}
	qsort(p, j.n, sizeof(*p), by_key);
	for (i = 0; i < j.n; i += len) {
		len = run_length(&j, p + i, j.n - i);
		p[out].e = mergeable(&j, p[i].e) ? merge(&j, p + i, len) : p[i].e;
		p[out++].at = p[i].at;
	}
	qsort(p, out, sizeof(*p), by_place);
	if (out == 1)
		return p[0].e;
	e = weir_arena_get(&pr->arena, 1, sizeof(*e));
	e->op = op;
	e->n = out;
	e->arg = weir_arena_get(&pr->arena, out, sizeof(*e->arg));
	for (i = 0; i < out; i++) {
		e->arg[i] = p[i].e;
		e->searches |= p[i].e->searches;
	}
	return e;
}
