// SPDX-License-Identifier: GPL-2.0
/* Sets of threads: what they reach without reading, and on a byte. */
#include <stdlib.h>

#include "regex_subset.h"

enum weir_re_around weir_re_around(unsigned int c)
{
	if (c == '\n')
		return WEIR_RE_AROUND_NEWLINE;
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
		return WEIR_RE_AROUND_WORD;
	return WEIR_RE_AROUND_OTHER;
}

/* Does an assertion hold? *last is set if the next thing must be the final newline. */
static int holds(uint32_t which, enum weir_re_around before, enum weir_re_around next, int *last)
{
	int boundary = (before == WEIR_RE_AROUND_WORD) != (next == WEIR_RE_AROUND_WORD);

	switch (which) {
	case WEIR_RE_TEXT_START:
		return before == WEIR_RE_AROUND_NOTHING;
	case WEIR_RE_LINE_START:
		return before == WEIR_RE_AROUND_NOTHING ||
		       (before == WEIR_RE_AROUND_NEWLINE && next != WEIR_RE_AROUND_NOTHING);
	case WEIR_RE_TEXT_END:
		return next == WEIR_RE_AROUND_NOTHING;
	case WEIR_RE_LAST_LINE_END:
		if (next == WEIR_RE_AROUND_NEWLINE)
			*last = 1;
		return next == WEIR_RE_AROUND_NOTHING || next == WEIR_RE_AROUND_NEWLINE;
	case WEIR_RE_LINE_END:
		return next == WEIR_RE_AROUND_NOTHING || next == WEIR_RE_AROUND_NEWLINE;
	case WEIR_RE_WORD:
		return boundary;
	default:
		return !boundary;
	}
}

/* Which things before a place an assertion tells from others, as a mask. */
static uint8_t cares(uint32_t which)
{
	switch (which) {
	case WEIR_RE_TEXT_START:
		return 1 << WEIR_RE_AROUND_NOTHING;
	case WEIR_RE_LINE_START:
		return 1 << WEIR_RE_AROUND_NOTHING | 1 << WEIR_RE_AROUND_NEWLINE;
	case WEIR_RE_WORD:
	case WEIR_RE_NOT_WORD:
		return 1 << WEIR_RE_AROUND_WORD;
	default:
		return 0;
	}
}

static uint8_t cares_from(const struct weir_re_subsets *x, uint32_t i)
{
	const struct weir_re_state *s = &x->nfa->s[i];

	if (s->kind == WEIR_RE_S_SPLIT)
		return x->cares[s->out] | x->cares[s->out2];
	if (s->kind == WEIR_RE_S_ASSERT)
		return cares(s->arg) | x->cares[s->out];
	return 0;
}

void weir_re_find_cares(struct weir_re_subsets *x)
{
	int changed = 1;
	uint32_t i;
	uint8_t c;

	while (changed) {
		changed = 0;
		for (i = 0; i < x->nfa->n; i++) {
			c = cares_from(x, i);
			changed |= c != x->cares[i];
			x->cares[i] = c;
		}
	}
}

static void push(struct weir_re_subsets *x, uint32_t *depth, uint32_t thread)
{
	if (x->mark[thread] == x->round)
		return;
	x->mark[thread] = x->round;
	x->stack[(*depth)++] = thread;
}

/* Add what a thread reaches without reading, up to bytes, assertions and the match. */
static void add_thread(struct weir_re_subsets *x, struct weir_re_threads *s, uint32_t thread)
{
	const struct weir_re_state *st;
	uint32_t depth = 0, last;

	push(x, &depth, thread);
	while (depth) {
		thread = x->stack[--depth];
		st = &x->nfa->s[thread >> 1];
		last = thread & 1;
		x->nfa->work++;
		if (st->kind != WEIR_RE_S_SPLIT) {
			s->v[s->n++] = thread;
			continue;
		}
		push(x, &depth, st->out << 1 | last);
		push(x, &depth, st->out2 << 1 | last);
	}
}

/* Add what a thread reaches without reading, given what stands around it. */
static void resolve_thread(struct weir_re_subsets *x, struct weir_re_threads *s, uint32_t thread,
			   enum weir_re_around next, int *matched)
{
	const struct weir_re_state *st;
	uint32_t depth = 0;
	int last;

	push(x, &depth, thread);
	while (depth) {
		thread = x->stack[--depth];
		st = &x->nfa->s[thread >> 1];
		last = (int)(thread & 1);
		x->nfa->work++;
		if (st->kind == WEIR_RE_S_SPLIT) {
			push(x, &depth, st->out << 1 | (uint32_t)last);
			push(x, &depth, st->out2 << 1 | (uint32_t)last);
		} else if (st->kind == WEIR_RE_S_ASSERT) {
			if (holds(st->arg, s->before, next, &last))
				push(x, &depth, st->out << 1 | (uint32_t)last);
		} else if (st->kind == WEIR_RE_S_MATCH && !last) {
			*matched = 1;
		} else {
			s->v[s->n++] = thread;
		}
	}
}

static int compare_threads(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int dominated(struct weir_re_subsets *x, uint32_t thread)
{
	uint32_t s = x->nfa->s[thread >> 1].dom;

	for (; s != WEIR_RE_NONE; s = x->nfa->s[s].dom) {
		x->nfa->work++;
		if (x->mark[s << 1 | (thread & 1)] == x->round)
			return 1;
	}
	return 0;
}

/*
 * Bring the set being built into its one form; all its threads are marked in this round. Returns 1
 * if it accepts whatever follows.
 */
static int settle(struct weir_re_subsets *x, enum weir_re_around before)
{
	struct weir_re_threads *s = &x->set;
	uint32_t i, n = 0, state, mask = 0;
	int accepts = 0, sorted = 1;

	for (i = 0; i < s->n; i++) {
		if (dominated(x, s->v[i]))
			continue;
		state = s->v[i] >> 1;
		mask |= x->cares[state];
		accepts |= x->nfa->s[state].kind == WEIR_RE_S_MATCH && !(s->v[i] & 1);
		sorted &= !n || s->v[n - 1] < s->v[i];
		s->v[n++] = s->v[i];
	}
	s->n = n;
	s->before = mask >> before & 1 ? before : WEIR_RE_AROUND_OTHER;
	/* Sorting is the larger part of the work on large sets. */
	x->nfa->work += 8 * s->n;
	if (!sorted)
		qsort(s->v, s->n, sizeof(*s->v), compare_threads);
	return accepts;
}

int weir_re_begin(struct weir_re_subsets *x)
{
	x->round++;
	x->set.n = 0;
	add_thread(x, &x->set, x->nfa->start << 1);
	return settle(x, WEIR_RE_AROUND_NOTHING);
}

void weir_re_resolve(struct weir_re_subsets *x, uint32_t d)
{
	struct weir_re_threads *s;
	uint32_t i, thread;
	int next;

	for (next = 0; next < WEIR_RE_AROUND_N; next++) {
		s = &x->at[next];
		s->n = 0;
		s->before = (enum weir_re_around)x->before[d];
		x->matched[next] = 0;
		x->round++;
		for (i = x->first[d]; i < x->first[d + 1]; i++) {
			thread = x->pool[i];
			if ((thread & 1) && next != WEIR_RE_AROUND_NOTHING)
				continue;
			resolve_thread(x, s, thread & ~1u, (enum weir_re_around)next,
				       &x->matched[next]);
		}
	}
}

int weir_re_step(struct weir_re_subsets *x, unsigned int c)
{
	const struct weir_re_threads *from = &x->at[weir_re_around(c)];
	const struct weir_re_state *st;
	uint32_t i, thread;

	x->round++;
	x->set.n = 0;
	for (i = 0; i < from->n; i++) {
		thread = from->v[i];
		st = &x->nfa->s[thread >> 1];
		if (st->kind == WEIR_RE_S_MATCH)
			add_thread(x, &x->set, thread);
		else if (weir_re_set_has(&x->nfa->set[st->arg], c))
			add_thread(x, &x->set, st->out << 1 | (thread & 1));
	}
	x->nfa->work += from->n;
	return settle(x, weir_re_around(c));
}
