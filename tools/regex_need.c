// SPDX-License-Identifier: GPL-2.0
/* What every input that a pattern accepts has to contain: literals, of each set at least one. */
#include <stdlib.h>
#include <string.h>

#include "regex_internal.h"

#define LENGTH_GOOD 8u /* longer ones are no rarer */
#define LENGTH_MORE 3u /* shorter ones are not worth a look beside others */
#define LENGTH_LEAST 2u /* a single byte is in everything */

/* The sets known so far, the best first. */
struct needs {
	struct weir_re_need set[WEIR_RE_NEEDS_MAX];
	uint32_t n;
};

static uint32_t shortest(const struct weir_re_need *s)
{
	uint32_t least = LENGTH_GOOD, i;

	for (i = 0; i < s->n; i++)
		if (s->lit[i].n < least)
			least = s->lit[i].n;
	return least;
}

static uint32_t score(const struct weir_re_need *s)
{
	return shortest(s) * 2 * WEIR_RE_LITERALS_MAX + WEIR_RE_LITERALS_MAX - s->n;
}

/* What contains @s contains @part. */
static int implies(const struct weir_re_need *s, const struct weir_re_need *part)
{
	return s->n == 1 && part->n == 1 &&
	       memmem(s->lit[0].p, s->lit[0].n, part->lit[0].p, part->lit[0].n);
}

/* Keep a set if it is among the best, and new: of two that are the same the first. */
static void keep(struct needs *out, const struct weir_re_need *s)
{
	uint32_t i, kept = 0;

	if (!s->n || shortest(s) < LENGTH_LEAST)
		return;
	for (i = 0; i < out->n; i++)
		if (implies(&out->set[i], s) &&
		    !(implies(s, &out->set[i]) && s->before < out->set[i].before))
			return;
	for (i = 0; i < out->n; i++)
		if (!implies(s, &out->set[i]))
			out->set[kept++] = out->set[i];
	out->n = kept;
	i = kept;
	while (i && score(s) > score(&out->set[i - 1]))
		i--;
	if (i == WEIR_RE_NEEDS_MAX)
		return;
	if (out->n < WEIR_RE_NEEDS_MAX)
		out->n++;
	memmove(&out->set[i + 1], &out->set[i], (out->n - 1 - i) * sizeof(*out->set));
	out->set[i] = *s;
}

static uint32_t plus(uint32_t a, uint32_t b)
{
	return a >= WEIR_RE_ANYWHERE || b >= WEIR_RE_ANYWHERE - a ? WEIR_RE_ANYWHERE : a + b;
}

static uint32_t times(uint32_t a, uint32_t b)
{
	if (!a || !b)
		return 0;
	return b > WEIR_RE_ANYWHERE / a ? WEIR_RE_ANYWHERE : a * b;
}

static int is_any_run(const struct weir_re_tree *t, const struct weir_re_node *n)
{
	const struct weir_re_set *s;

	if (n->kind != WEIR_RE_REPEAT || n->min || n->max != WEIR_RE_INF ||
	    t->node[n->child].kind != WEIR_RE_SET)
		return 0;
	s = &t->set[t->node[n->child].arg];
	return !~(s->w[0] & s->w[1] & s->w[2] & s->w[3]);
}

/*
 * Bytes that a node takes at most. Anything at the @head of a pattern takes none: what comes behind
 * it is then found anywhere.
 */
static uint32_t length(const struct weir_re_tree *t, uint32_t node, int head)
{
	const struct weir_re_node *n = &t->node[node];
	uint32_t sum = 0, one, c;

	if (head && is_any_run(t, n))
		return 0;
	switch (n->kind) {
	case WEIR_RE_SET:
		return 1;
	case WEIR_RE_CAT:
		for (c = n->child; c != WEIR_RE_NONE; c = t->node[c].sibling)
			sum = plus(sum, length(t, c, head && t->node[c].sibling == WEIR_RE_NONE));
		return sum;
	case WEIR_RE_ALT:
		for (c = n->child; c != WEIR_RE_NONE; c = t->node[c].sibling) {
			one = length(t, c, head);
			if (one > sum)
				sum = one;
		}
		return sum;
	case WEIR_RE_REPEAT:
		return n->max == WEIR_RE_INF ? WEIR_RE_ANYWHERE
					     : times(length(t, n->child, 0), n->max);
	default:
		return 0;
	}
}

/* What bytes a node can take, but for anything at the @head of a pattern. */
static void bytes(const struct weir_re_tree *t, uint32_t node, int head, struct weir_re_set *out)
{
	const struct weir_re_node *n = &t->node[node];
	uint32_t c;

	if (head && is_any_run(t, n))
		return;
	if (n->kind == WEIR_RE_SET)
		weir_re_set_union(out, &t->set[n->arg]);
	head = head && n->kind != WEIR_RE_REPEAT;
	for (c = n->child; c != WEIR_RE_NONE; c = t->node[c].sibling)
		bytes(t, c, head && (n->kind == WEIR_RE_ALT || t->node[c].sibling == WEIR_RE_NONE),
		      out);
}

/* The only byte of a set, letters of either case being one; or -1. */
static int only_byte(const struct weir_re_set *s)
{
	int c, found = -1;

	for (c = 0; c < 256; c++) {
		if (!weir_re_set_has(s, c) || (c >= 'A' && c <= 'Z' && weir_re_set_has(s, c + 32)))
			continue;
		if (found >= 0)
			return -1;
		found = c >= 'A' && c <= 'Z' ? c + 32 : c;
	}
	return found;
}

static void needs_of(const struct weir_re_tree *t, uint32_t node, int head, struct needs *out);

/* One of what each alternative needs; nothing if one of them needs nothing. */
static void needs_of_any(const struct weir_re_tree *t, uint32_t node, int head, struct needs *out)
{
	struct weir_re_need all = { .n = 0 };
	const struct weir_re_need *best;
	struct needs one;
	uint32_t c = t->node[node].child, i;

	if (c != WEIR_RE_NONE && t->node[c].sibling == WEIR_RE_NONE) {
		needs_of(t, c, head, out);
		return;
	}
	for (; c != WEIR_RE_NONE; c = t->node[c].sibling) {
		needs_of(t, c, head, &one);
		best = &one.set[0];
		if (!one.n || all.n + best->n > WEIR_RE_LITERALS_MAX)
			return;
		memcpy(all.lit + all.n, best->lit, best->n * sizeof(*best->lit));
		all.n += best->n;
		if (best->before > all.before)
			all.before = best->before;
		for (i = 0; i < 4; i++)
			all.prefix[i] |= best->prefix[i];
	}
	keep(out, &all);
}

/* Add what the children behind @c in the list, which stand before it, take. */
static void add_before(const struct weir_re_tree *t, uint32_t c, int head, struct weir_re_need *s)
{
	struct weir_re_set set = { { s->prefix[0], s->prefix[1], s->prefix[2], s->prefix[3] } };
	int first;

	for (c = t->node[c].sibling; c != WEIR_RE_NONE; c = t->node[c].sibling) {
		first = head && t->node[c].sibling == WEIR_RE_NONE;
		s->before = plus(s->before, length(t, c, first));
		bytes(t, c, first, &set);
	}
	memcpy(s->prefix, set.w, sizeof(set.w));
}

/* The literal is whole: @at is the child that its first byte came from. */
static void keep_run(const struct weir_re_tree *t, uint32_t at, int head, struct weir_re_need *run,
		     struct needs *out)
{
	if (!run->lit[0].n)
		return;
	run->before = 0;
	memset(run->prefix, 0, sizeof(run->prefix));
	add_before(t, at, head, run);
	keep(out, run);
	run->lit[0].n = 0;
}

/* A literal is a run of children that are one byte each. They come last first. */
static void needs_of_all(const struct weir_re_tree *t, uint32_t node, int head, struct needs *out)
{
	struct weir_re_need run = { .n = 1 };
	struct weir_re_literal *lit = &run.lit[0];
	uint32_t c, i, next, at = WEIR_RE_NONE;
	struct needs one;
	int byte, first;

	for (c = t->node[node].child; c != WEIR_RE_NONE; c = next) {
		next = t->node[c].sibling;
		first = head && next == WEIR_RE_NONE;
		byte = t->node[c].kind == WEIR_RE_SET ? only_byte(&t->set[t->node[c].arg]) : -1;
		if (byte >= 0 && lit->n == sizeof(lit->p))
			keep_run(t, at, head, &run, out);
		if (byte >= 0) {
			memmove(lit->p + 1, lit->p, lit->n++);
			lit->p[0] = (uint8_t)byte;
			at = c;
			continue;
		}
		keep_run(t, at, head, &run, out);
		needs_of(t, c, first, &one);
		for (i = 0; i < one.n; i++) {
			add_before(t, c, head, &one.set[i]);
			keep(out, &one.set[i]);
		}
	}
	keep_run(t, at, head, &run, out);
}

static void needs_of(const struct weir_re_tree *t, uint32_t node, int head, struct needs *out)
{
	const struct weir_re_node *n = &t->node[node];

	out->n = 0;
	switch (n->kind) {
	case WEIR_RE_CAT:
		needs_of_all(t, node, head, out);
		break;
	case WEIR_RE_ALT:
		needs_of_any(t, node, head, out);
		break;
	case WEIR_RE_REPEAT:
		if (n->min)
			needs_of(t, n->child, 0, out);
		break;
	default:
		break;
	}
}

int weir_re_need(const struct weir_re_tree *t, uint32_t root, struct weir_dfa *out)
{
	struct needs s;
	uint32_t i;

	needs_of(t, root, 1, &s);
	for (i = 1; i < s.n && shortest(&s.set[i]) >= LENGTH_MORE; i++)
		;
	if (!s.n)
		return 0;
	out->need = malloc(i * sizeof(*out->need));
	if (!out->need)
		return -1;
	memcpy(out->need, s.set, i * sizeof(*out->need));
	out->nneeds = i;
	return 0;
}
