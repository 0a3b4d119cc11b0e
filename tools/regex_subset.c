// SPDX-License-Identifier: GPL-2.0
/* Nondeterministic automata to deterministic ones, by subsets. */
#include <stdlib.h>
#include <string.h>

#include "regex_subset.h"

static int too_much(struct weir_re_subsets *x, uint32_t steps)
{
	x->nfa->work += steps;
	if (x->nfa->work <= WEIR_RE_WORK_MAX)
		return 0;
	return weir_re_fail(x->e, WEIR_RE_NONE, "too much work: more than %u steps",
			    WEIR_RE_WORK_MAX);
}

static uint32_t hash_set(const struct weir_re_threads *s)
{
	uint64_t h = 0xcbf29ce484222325ull ^ s->before;
	uint32_t i;

	for (i = 0; i < s->n; i++)
		h = (h ^ s->v[i]) * 0x100000001b3ull;
	return (uint32_t)(h ^ h >> 32);
}

static int same_set(const struct weir_re_subsets *x, uint32_t d, const struct weir_re_threads *s)
{
	uint32_t n = x->first[d + 1] - x->first[d];

	return x->before[d] == s->before && n == s->n &&
	       !memcmp(x->pool + x->first[d], s->v, n * sizeof(*s->v));
}

static int room_for_row(struct weir_re_subsets *x)
{
	struct weir_re_raw *raw = x->raw;
	uint32_t cap = raw->cap ? raw->cap * 2 : 64;
	void *p;

	if (raw->n < raw->cap)
		return 0;
	p = realloc(raw->next, (size_t)cap * raw->k * sizeof(*raw->next));
	if (!p)
		return -1;
	raw->next = p;
	p = realloc(raw->accept, cap);
	if (!p)
		return -1;
	raw->accept = p;
	raw->cap = cap;
	return 0;
}

static int new_row(struct weir_re_subsets *x)
{
	struct weir_re_raw *raw = x->raw;
	uint32_t i;

	if (raw->n >= WEIR_RE_STATES_MAX || raw->n * raw->k >= WEIR_RE_CELLS_MAX)
		return weir_re_fail(x->e, WEIR_RE_NONE,
				    "too many states: more than %u, or %u cells",
				    WEIR_RE_STATES_MAX, WEIR_RE_CELLS_MAX);
	if (room_for_row(x) ||
	    weir_re_grow(&x->first, &x->cap_first, raw->n + 1, sizeof(*x->first)) ||
	    weir_re_grow(&x->before, &x->cap_before, raw->n, sizeof(*x->before)))
		return weir_re_fail(x->e, WEIR_RE_NONE, "no memory");
	for (i = 0; i < x->set.n; i++) {
		if (weir_re_grow(&x->pool, &x->cap_pool, x->npool, sizeof(*x->pool)))
			return weir_re_fail(x->e, WEIR_RE_NONE, "no memory");
		x->pool[x->npool++] = x->set.v[i];
	}
	x->before[raw->n] = (uint8_t)x->set.before;
	raw->n++;
	x->first[raw->n] = x->npool;
	return 0;
}

/* The hash table's place of a set, which is empty if the set is new. */
static uint32_t *place_of(const struct weir_re_subsets *x, const struct weir_re_threads *s)
{
	uint32_t h = hash_set(s) & (x->nhash - 1);

	while (x->hash[h] && !same_set(x, x->hash[h] - 1, s))
		h = (h + 1) & (x->nhash - 1);
	return &x->hash[h];
}

/* Keep half the hash table empty. No set is that of row 0. */
static int room_for_hash(struct weir_re_subsets *x)
{
	struct weir_re_threads s;
	uint32_t d;

	if (2 * x->raw->n < x->nhash)
		return 0;
	free(x->hash);
	x->nhash = x->nhash ? 2 * x->nhash : 256;
	x->hash = calloc(x->nhash, sizeof(*x->hash));
	if (!x->hash)
		return weir_re_fail(x->e, WEIR_RE_NONE, "no memory");
	for (d = 1; d < x->raw->n; d++) {
		s.v = x->pool + x->first[d];
		s.n = x->first[d + 1] - x->first[d];
		s.before = x->before[d];
		*place_of(x, &s) = d + 1;
	}
	return 0;
}

/* The DFA state of the set being built, new or known. */
static int find_row(struct weir_re_subsets *x, uint32_t *d)
{
	uint32_t *place;

	if (too_much(x, x->set.n + 1) || room_for_hash(x))
		return -1;
	place = place_of(x, &x->set);
	if (*place) {
		*d = *place - 1;
		return 0;
	}
	*d = x->raw->n;
	if (new_row(x))
		return -1;
	*place = x->raw->n;
	return 0;
}

static int expand(struct weir_re_subsets *x, uint32_t d)
{
	uint32_t k, to;
	unsigned int c;

	weir_re_resolve(x, d);
	/* Row 0 is the one that accepts whatever follows. */
	x->raw->accept[d] = (uint8_t)x->matched[WEIR_RE_AROUND_NOTHING];
	for (k = 0; k < x->raw->k; k++) {
		c = x->reps[k];
		to = 0;
		if (!x->matched[weir_re_around(c)] && !weir_re_step(x, c) && find_row(x, &to))
			return -1;
		x->raw->next[(size_t)d * x->raw->k + k] = to;
	}
	return too_much(x, 0);
}

/* Split each class by what tells bytes apart; numbered by first byte, at most 256. */
static void split_classes(struct weir_re_raw *raw, const uint8_t *by)
{
	uint16_t number[256][WEIR_RE_AROUND_N] = { 0 }, *to; /* plus one, or 0 */
	uint32_t c, n = 0;

	for (c = 0; c < 256; c++) {
		to = &number[raw->map[c]][by[c]];
		if (!*to)
			*to = ++n;
		raw->map[c] = (uint8_t)(*to - 1);
	}
	raw->k = n;
}

/* Classes of bytes that no set and no assertion tells apart. */
static void classify(struct weir_re_subsets *x, uint32_t nsets)
{
	uint8_t by[256];
	uint32_t c, i;

	for (c = 0; c < 256; c++)
		by[c] = (uint8_t)weir_re_around(c);
	split_classes(x->raw, by);
	for (i = 0; i < nsets; i++) {
		for (c = 0; c < 256; c++)
			by[c] = (uint8_t)weir_re_set_has(&x->nfa->set[i], c);
		split_classes(x->raw, by);
	}
	for (c = 256; c-- > 0;)
		x->reps[x->raw->map[c]] = c;
}

static int allocate(struct weir_re_subsets *x)
{
	int i;

	x->cares = calloc(x->nfa->n, sizeof(*x->cares));
	x->stack = calloc(x->nthreads, sizeof(*x->stack));
	x->mark = calloc(x->nthreads, sizeof(*x->mark));
	x->first = calloc(64, sizeof(*x->first));
	x->set.v = calloc(x->nthreads, sizeof(uint32_t));
	x->cap_first = 64;
	for (i = 0; i < WEIR_RE_AROUND_N; i++) {
		x->at[i].v = calloc(x->nthreads, sizeof(uint32_t));
		if (!x->at[i].v)
			return -1;
	}
	return x->cares && x->stack && x->mark && x->first && x->set.v ? 0 : -1;
}

static void release(struct weir_re_subsets *x)
{
	int i;

	free(x->cares);
	free(x->stack);
	free(x->mark);
	free(x->hash);
	free(x->first);
	free(x->before);
	free(x->pool);
	free(x->set.v);
	for (i = 0; i < WEIR_RE_AROUND_N; i++)
		free(x->at[i].v);
}

static int run(struct weir_re_subsets *x)
{
	uint32_t d, start;

	/* Row 0 accepts whatever follows; no set has its number. */
	if (new_row(x))
		return -1;
	x->raw->accept[0] = 1;
	for (d = 0; d < x->raw->k; d++)
		x->raw->next[d] = 0;
	x->raw->start = 0;
	weir_re_find_cares(x);
	if (weir_re_begin(x))
		return 0;
	if (find_row(x, &start))
		return -1;
	x->raw->start = start;
	for (d = start; d < x->raw->n; d++)
		if (expand(x, d))
			return -1;
	return 0;
}

int weir_re_subsets(struct weir_re_nfa *nfa, struct weir_re_raw *raw, const struct weir_re_err *e)
{
	struct weir_re_subsets x;
	int r;

	memset(&x, 0, sizeof(x));
	x.nfa = nfa;
	x.raw = raw;
	x.e = e;
	x.nthreads = nfa->n * 2;
	classify(&x, nfa->nsets);
	if (allocate(&x))
		r = weir_re_fail(e, WEIR_RE_NONE, "no memory");
	else
		r = run(&x);
	release(&x);
	return r;
}
