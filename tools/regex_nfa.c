// SPDX-License-Identifier: GPL-2.0
/* Syntax trees to nondeterministic automata, built from the end: a part knows what follows it. */
#include <stdlib.h>

#include "regex_internal.h"

struct builder {
	const struct weir_re_tree *t;
	struct weir_re_nfa *nfa;
	const struct weir_re_err *e;
};

static uint32_t new_state(const struct builder *b, uint32_t kind, uint32_t arg, uint32_t out,
			  uint32_t out2)
{
	struct weir_re_nfa *nfa = b->nfa;
	struct weir_re_state *s;

	if (nfa->n >= WEIR_RE_NFA_MAX) {
		weir_re_fail(b->e, WEIR_RE_NONE,
			     "too large: more than %u states before it is made deterministic",
			     WEIR_RE_NFA_MAX);
		return WEIR_RE_NONE;
	}
	if (weir_re_grow(&nfa->s, &nfa->cap, nfa->n, sizeof(*nfa->s))) {
		weir_re_fail(b->e, WEIR_RE_NONE, "no memory");
		return WEIR_RE_NONE;
	}
	s = &nfa->s[nfa->n];
	s->kind = kind;
	s->arg = arg;
	s->out = out;
	s->out2 = out2;
	s->dom = WEIR_RE_NONE;
	return nfa->n++;
}

static uint32_t emit(const struct builder *b, uint32_t node, uint32_t next);

static uint32_t emit_sequence(const struct builder *b, uint32_t node, uint32_t next)
{
	uint32_t child = b->t->node[node].child;

	for (; child != WEIR_RE_NONE && next != WEIR_RE_NONE; child = b->t->node[child].sibling)
		next = emit(b, child, next);
	return next;
}

static uint32_t emit_alternatives(const struct builder *b, uint32_t node, uint32_t next)
{
	uint32_t child = b->t->node[node].child;
	uint32_t entry = emit(b, child, next), branch;

	for (child = b->t->node[child].sibling; child != WEIR_RE_NONE && entry != WEIR_RE_NONE;
	     child = b->t->node[child].sibling) {
		branch = emit(b, child, next);
		if (branch == WEIR_RE_NONE)
			return WEIR_RE_NONE;
		entry = new_state(b, WEIR_RE_S_SPLIT, 0, branch, entry);
	}
	return entry;
}

/*
 * Copies of one part are alike, state by state. A state can do all that the same state of another
 * copy can if that one has fewer optional copies left, or more mandatory ones before a loop: a set
 * that holds both needs only the first, which keeps x{0,64} from having 2^64 sets.
 */
static void dominate(const struct builder *b, uint32_t first, uint32_t by, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if (b->nfa->s[first + i].dom == WEIR_RE_NONE)
			b->nfa->s[first + i].dom = by + i;
}

/* Up to @n copies, each of which may be the last. */
static uint32_t emit_optional(const struct builder *b, uint32_t child, uint32_t n, uint32_t next)
{
	uint32_t entry = next, body, first, before = WEIR_RE_NONE, i;

	for (i = 0; i < n; i++) {
		first = b->nfa->n;
		body = emit(b, child, entry);
		if (body == WEIR_RE_NONE)
			return WEIR_RE_NONE;
		if (before != WEIR_RE_NONE)
			dominate(b, before, first, first - before - 1);
		before = first;
		entry = new_state(b, WEIR_RE_S_SPLIT, 0, body, next);
		if (entry == WEIR_RE_NONE)
			return WEIR_RE_NONE;
	}
	return entry;
}

/* @n copies; @like: where states that can do all that the last copy's can begin, or NONE. */
static uint32_t emit_copies(const struct builder *b, uint32_t child, uint32_t n, uint32_t next,
			    uint32_t like)
{
	uint32_t first, i;

	for (i = 0; i < n; i++) {
		first = b->nfa->n;
		next = emit(b, child, next);
		/* A copy without a state would cost nothing, and there may be very many. */
		if (next == WEIR_RE_NONE || b->nfa->n == first)
			return next;
		if (like != WEIR_RE_NONE) {
			dominate(b, first, like, b->nfa->n - first);
			like = first;
		}
	}
	return next;
}

static uint32_t emit_repeat(const struct builder *b, uint32_t node, uint32_t next)
{
	const struct weir_re_node *r = &b->t->node[node];
	uint32_t loop, body, first;

	if (r->max != WEIR_RE_INF) {
		next = emit_optional(b, r->child, r->max - r->min, next);
		if (next == WEIR_RE_NONE)
			return WEIR_RE_NONE;
		return emit_copies(b, r->child, r->min, next, WEIR_RE_NONE);
	}
	loop = new_state(b, WEIR_RE_S_SPLIT, 0, next, next);
	if (loop == WEIR_RE_NONE)
		return WEIR_RE_NONE;
	first = b->nfa->n;
	body = emit(b, r->child, loop);
	if (body == WEIR_RE_NONE)
		return WEIR_RE_NONE;
	b->nfa->s[loop].out = body;
	if (!r->min)
		return loop;
	return emit_copies(b, r->child, r->min - 1, body, first);
}

static uint32_t emit(const struct builder *b, uint32_t node, uint32_t next)
{
	const struct weir_re_node *n = &b->t->node[node];

	if (b->nfa->work++ > WEIR_RE_WORK_MAX) {
		weir_re_fail(b->e, WEIR_RE_NONE, "too much work: more than %u steps",
			     WEIR_RE_WORK_MAX);
		return WEIR_RE_NONE;
	}
	switch (n->kind) {
	case WEIR_RE_SET:
		return new_state(b, WEIR_RE_S_SET, n->arg, next, WEIR_RE_NONE);
	case WEIR_RE_ASSERT:
		return new_state(b, WEIR_RE_S_ASSERT, n->arg, next, WEIR_RE_NONE);
	case WEIR_RE_CAT:
		return emit_sequence(b, node, next);
	case WEIR_RE_ALT:
		return emit_alternatives(b, node, next);
	case WEIR_RE_REPEAT:
		return emit_repeat(b, node, next);
	default:
		return next;
	}
}

int weir_re_nfa(const struct weir_re_tree *t, uint32_t root, struct weir_re_nfa *nfa,
		const struct weir_re_err *e)
{
	struct builder b = { t, nfa, e };
	uint32_t match = new_state(&b, WEIR_RE_S_MATCH, 0, WEIR_RE_NONE, WEIR_RE_NONE);

	if (match == WEIR_RE_NONE)
		return -1;
	nfa->set = t->set;
	nfa->nsets = t->nsets;
	nfa->start = emit(&b, root, match);
	return nfa->start == WEIR_RE_NONE ? -1 : 0;
}
