// SPDX-License-Identifier: GPL-2.0
/* Programs back into conditions. */
#include <stdlib.h>
#include <string.h>

#include "condition.h"
#include "content.h"

/* Deeper conditions than any person writes stay branches: what walks a tree calls itself. */
#define DEPTH_MAX 64u

/* A part of a program that is a condition already, and where it leads. */
struct piece {
	struct weir_condition *x;
	uint32_t first; /* its first node */
	uint32_t yes, no;
};

/* A program while pieces of it are joined. */
struct work {
	const struct weir_conditions *cs;
	struct piece *piece;
	uint32_t n;
	uint32_t *in; /* of each node: pieces that lead to it */
};

static struct weir_condition *new_condition(enum weir_condition_kind kind)
{
	struct weir_condition *x = weir_alloc(1, sizeof(*x));

	x->kind = kind;
	return x;
}

void weir_condition_free(struct weir_condition *x)
{
	uint32_t i;

	for (i = 0; i < x->n; i++)
		weir_condition_free(x->part[i]);
	free(x->part);
	free(x);
}

/* The parts of one of the same kind become parts of the other. */
static void add_part(struct weir_condition *x, struct weir_condition *part)
{
	uint32_t n = part->kind == x->kind ? part->n : 1;

	x->part = weir_realloc(x->part, x->n + n, sizeof(*x->part));
	if (part->kind != x->kind) {
		x->part[x->n++] = part;
		x->depth = x->depth > part->depth + 1 ? x->depth : part->depth + 1;
		return;
	}
	memcpy(x->part + x->n, part->part, n * sizeof(*x->part));
	x->n += n;
	x->depth = x->depth > part->depth ? x->depth : part->depth;
	free(part->part);
	free(part);
}

static struct weir_condition *join(enum weir_condition_kind kind, struct weir_condition *a,
				   struct weir_condition *b)
{
	struct weir_condition *x = a;

	if (a->kind != kind) {
		x = new_condition(kind);
		add_part(x, a);
	}
	add_part(x, b);
	return x;
}

static struct weir_condition *negation(struct weir_condition *x)
{
	struct weir_condition *y = new_condition(WEIR_COND_NOT);

	y->part = weir_alloc(1, sizeof(*y->part));
	y->part[0] = x;
	y->n = 1;
	y->depth = x->depth + 1;
	return y;
}

static void negate(struct piece *p)
{
	uint32_t yes = p->yes;

	p->x = negation(p->x);
	p->yes = p->no;
	p->no = yes;
}

/*
 * The last piece is led to by the one before it alone, and what that one does not lead to it is
 * where it leads itself: then the two are one.
 */
static int join_last(struct work *w)
{
	struct piece *p = &w->piece[w->n - 2], *q = &w->piece[w->n - 1];
	enum weir_condition_kind kind = p->yes == q->first ? WEIR_COND_ALL : WEIR_COND_ANY;
	uint32_t past = kind == WEIR_COND_ALL ? p->no : p->yes;

	if ((kind == WEIR_COND_ANY && p->no != q->first) || p->yes == p->no || q->yes == q->no ||
	    w->in[q->first] != 1 || (past != q->yes && past != q->no))
		return 0;
	if (p->x->depth >= DEPTH_MAX || q->x->depth >= DEPTH_MAX)
		return 0;
	if (past == (kind == WEIR_COND_ALL ? q->yes : q->no))
		negate(q);
	p->x = join(kind, p->x, q->x);
	p->yes = q->yes;
	p->no = q->no;
	if (past < WEIR_NODES_MAX)
		w->in[past]--;
	w->n--;
	return 1;
}

static void add_node(struct work *w, uint32_t i, uint32_t k)
{
	struct weir_branch b = weir_branch(w->cs->c, i, k);
	struct piece *p = &w->piece[w->n++];

	p->x = new_condition(WEIR_COND_TEST);
	p->x->crit = b.crit;
	p->first = k;
	p->yes = b.yes;
	p->no = b.no;
	while (w->n > 1 && join_last(w))
		;
}

static void count_ways_in(struct work *w, uint32_t i, uint32_t n)
{
	struct weir_branch b;
	uint32_t k;

	for (k = 0; k < n; k++) {
		b = weir_branch(w->cs->c, i, k);
		if (b.yes < n)
			w->in[b.yes]++;
		if (b.no < n && b.no != b.yes)
			w->in[b.no]++;
	}
}

/* Null if it is no tree. */
static struct weir_condition *tree(struct work *w)
{
	struct piece *p = w->piece;

	if (w->n != 1)
		return NULL;
	if (p->yes == WEIR_REJECT && p->no == WEIR_ACCEPT)
		negate(p);
	return p->yes == WEIR_ACCEPT && p->no == WEIR_REJECT ? p->x : NULL;
}

struct weir_condition *weir_condition_make(const struct weir_conditions *cs, uint32_t i)
{
	uint32_t k, n = weir_branches(cs->c, i);
	struct work w = { .cs = cs,
			  .piece = weir_alloc(n, sizeof(*w.piece)),
			  .in = weir_alloc(n, sizeof(*w.in)) };
	struct weir_condition *x;

	count_ways_in(&w, i, n);
	for (k = 0; k < n; k++)
		add_node(&w, i, k);
	x = tree(&w);
	if (!x) {
		for (k = 0; k < w.n; k++)
			weir_condition_free(w.piece[k].x);
		x = new_condition(WEIR_COND_STEPS);
		x->instance = i;
	}
	weir_condition_key(cs, x);
	free(w.piece);
	free(w.in);
	return x;
}

static json_t *target(uint32_t to)
{
	if (to == WEIR_ACCEPT)
		return json_string("accept");
	return to == WEIR_REJECT ? json_string("reject") : json_integer(to);
}

/* Without what is of the file and not of the criterion. */
static json_t *criterion_json(const struct weir_conditions *cs, uint32_t crit)
{
	json_t *o = weir_describe_criterion(cs->c, crit);

	json_object_del(o, "criterion");
	json_object_del(o, "indexed");
	return o;
}

static json_t *steps_json(const struct weir_conditions *cs, uint32_t i)
{
	uint32_t k, n = weir_branches(cs->c, i);
	json_t *list = json_array();
	struct weir_branch b;

	for (k = 0; k < n; k++) {
		b = weir_branch(cs->c, i, k);
		json_array_append_new(list,
				      json_pack("{s:o, s:o, s:o}", "if", criterion_json(cs, b.crit),
						"yes", target(b.yes), "no", target(b.no)));
	}
	return json_pack("{s:o}", "steps", list);
}

json_t *weir_condition_json(const struct weir_conditions *cs, const struct weir_condition *x)
{
	json_t *list;
	uint32_t i;

	switch (x->kind) {
	case WEIR_COND_TEST:
		return criterion_json(cs, x->crit);
	case WEIR_COND_STEPS:
		return steps_json(cs, x->instance);
	case WEIR_COND_NOT:
		return json_pack("{s:o}", "not", weir_condition_json(cs, x->part[0]));
	default:
		list = json_array();
		for (i = 0; i < x->n; i++)
			json_array_append_new(list, weir_condition_json(cs, x->part[i]));
		return json_pack("{s:o}", x->kind == WEIR_COND_ALL ? "all" : "any", list);
	}
}
