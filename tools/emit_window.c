// SPDX-License-Identifier: GPL-2.0
/* Windows of literals: for CONTAINS the rarest, else one that lies where all of a kind lie. */
#include "emit_window.h"
#include "emit_index.h"
#include "../interpreter/index.h"

/* Probes on the start or the end of a value stand apart by this. */
#define STRIDE 8u
#define ANCHORS_MAX 16u /* and there are no more than so many, of either width */
#define AT_ENDS 2u /* the first window needs no probe of its own */
/* A probe costs as much as so many looks at an operand. */
#define PROBE_COST 100.0
/* Where in a literal of CONTAINS a window may be. */
#define INSIDE_MAX 256u

/* Where in the literal a window is. */
static uint32_t place_in(const struct weir_bytes *lit, const struct weir_index_window *w)
{
	switch (w->where) {
	case WEIR_AT_ALL:
		return w->in;
	case WEIR_AT_START:
		return w->at;
	default:
		return lit->n - w->at - w->width;
	}
}

/* Window @k of the literal, as the operator lets it be found. Return: -1 if there is none. */
static int window_at(const struct weir_test *t, const struct weir_bytes *lit, uint32_t k,
		     struct weir_index_window *out)
{
	const struct text text = { lit->p, lit->n };

	out->field = t->field;
	out->in = 0;
	out->at = 0;
	if (t->op == WEIR_OP_CONTAINS) {
		out->where = WEIR_AT_ALL;
		out->width = lit->n < 4 ? lit->n : 4;
		out->in = k;
		if (k >= INSIDE_MAX || k + out->width > lit->n)
			return -1;
		out->tag = tag_of(text, k, out->width);
		return 0;
	}
	out->where = t->op == WEIR_OP_PREFIX ? WEIR_AT_START : WEIR_AT_END;
	out->width = lit->n < 4 ? lit->n : k % 2 ? 8 : 4;
	out->at = STRIDE * (k / 2);
	if (k >= ANCHORS_MAX || out->at + out->width > lit->n || (k && lit->n < 8))
		return -1;
	out->tag = tag_of(text, place_in(lit, out), out->width);
	return 0;
}

static double rate_of(const struct weir_profile *p, const struct weir_test *t,
		      const struct weir_bytes *lit, const struct weir_index_window *w)
{
	const struct weir_profile_window seen = {
		.where = w->where,
		.width = w->width,
		.at = w->at,
		.p = lit->p + place_in(lit, w),
	};

	return weir_profile_window(p, t->type, t->field, &seen);
}

/* How often an operand that is a string holds: as often as the rarest of its windows is seen. */
static double literal_rate(const struct weir_profile *p, const struct weir_test *t, uint32_t i)
{
	const struct weir_bytes *lit = &t->lit[i];
	struct weir_index_window w;
	double least = 1, rate;
	uint32_t k;

	for (k = 0; !window_at(t, lit, k, &w); k++) {
		rate = rate_of(p, t, lit, &w);
		least = rate < least ? rate : least;
	}
	/* Those of CONTAINS were all anywhere. */
	if (t->op == WEIR_OP_CONTAINS)
		return least;
	w.where = WEIR_AT_ALL;
	w.width = lit->n < 4 ? lit->n : 4;
	w.at = 0;
	for (w.in = 0; w.in + w.width <= lit->n && w.in < INSIDE_MAX - 1; w.in++) {
		rate = rate_of(p, t, lit, &w);
		least = rate < least ? rate : least;
	}
	return least;
}

static double number_rate(const struct weir_profile *p, const struct weir_test *t, uint32_t i)
{
	if (t->range[i].lo != t->range[i].hi)
		return WEIR_RATE_NEVER;
	return weir_profile_number(p, t->type, t->field, t->range[i].lo);
}

double weir_index_operand_rate(const struct weir_profile *p, const struct weir_test *t, uint32_t i)
{
	if (t->op == WEIR_OP_RANGE)
		return number_rate(p, t, i);
	if (t->op == WEIR_OP_CIDR)
		return weir_profile_network(p, t->type, t->field, t->lit[i].p, t->lit[i].n);
	return t->lit && t->lit[i].n ? literal_rate(p, t, i) : WEIR_RATE_NEVER;
}

double weir_index_rate(const struct weir_profile *p, struct weir_test *t)
{
	double sum = t->lit || t->range ? 0 : WEIR_RATE_NEVER;
	uint32_t i;

	if (t->rate > 0)
		return t->rate;
	for (i = 0; sum < WEIR_RATE_NEVER && i < t->n; i++)
		sum += weir_index_operand_rate(p, t, i);
	t->rate = sum < WEIR_RATE_NEVER ? sum : WEIR_RATE_NEVER;
	return t->rate;
}

static uint32_t probe_hash(const struct weir_test *t, const struct weir_index_window *w)
{
	return mix(mix(mix(t->type->id) + w->field * 8u + w->where) + w->at * 16u + w->width);
}

static uint32_t crowd_cell(const struct weir_test *t, const struct weir_index_window *w)
{
	return mix(probe_hash(t, w) + w->tag) % WEIR_CROWD_CELLS;
}

static int is_text(const struct weir_test *t)
{
	return t->op == WEIR_OP_EQ || t->op == WEIR_OP_PREFIX || t->op == WEIR_OP_SUFFIX ||
	       t->op == WEIR_OP_CONTAINS;
}

void weir_crowd_add(struct weir_crowd *crowd, const struct weir_test *t, uint32_t i)
{
	struct weir_index_window w;
	uint32_t k;

	for (k = 0; is_text(t) && !window_at(t, &t->lit[i], k, &w); k++)
		crowd->cell[crowd_cell(t, &w)]++;
}

/* How often a window is seen, times how many operands are looked at then. */
static double cost_of(const struct weir_profile *p, const struct weir_crowd *crowd,
		      const struct weir_test *t, const struct weir_bytes *lit,
		      struct weir_index_window *w)
{
	w->rate = rate_of(p, t, lit, w);
	return w->rate * (crowd ? crowd->cell[crowd_cell(t, w)] : 1);
}

void weir_crowd_save(struct weir_crowd *crowd, const struct weir_profile *p,
		     const struct weir_test *t, uint32_t i)
{
	double cost, least = 0;
	struct weir_index_window w;
	uint32_t k;

	if (!is_text(t) || t->op == WEIR_OP_CONTAINS)
		return;
	for (k = 0; !window_at(t, &t->lit[i], k, &w); k++) {
		cost = cost_of(p, crowd, t, &t->lit[i], &w);
		if (!k || (k < AT_ENDS && cost < least))
			least = cost;
		else if (cost < least)
			crowd->saved[probe_hash(t, &w) % WEIR_CROWD_PROBES] += least - cost;
	}
}

/* The window that costs least. */
static int text_window(const struct weir_profile *p, const struct weir_crowd *crowd,
		       const struct weir_test *t, const struct weir_bytes *lit,
		       struct weir_index_window *out)
{
	const struct text text = { lit->p, lit->n };
	struct weir_index_window w = { 0 };
	double cost, least = 0;
	uint32_t k;

	if (!lit->n)
		return -1;
	for (k = 0; !window_at(t, lit, k, &w); k++) {
		cost = cost_of(p, crowd, t, lit, &w);
		if (k && cost >= least)
			continue;
		if (k >= AT_ENDS && crowd && t->op != WEIR_OP_CONTAINS &&
		    crowd->saved[probe_hash(t, &w) % WEIR_CROWD_PROBES] < PROBE_COST)
			continue;
		least = cost;
		*out = w;
	}
	out->more = more_of(text, place_in(lit, out), out->width);
	out->weight = 1 + lit->n;
	return 0;
}

int weir_index_window(const struct weir_profile *p, const struct weir_crowd *crowd,
		      const struct weir_test *t, uint32_t i, struct weir_index_window *out)
{
	struct text address;

	*out = (struct weir_index_window){ .field = t->field };
	if (is_text(t))
		return text_window(p, crowd, t, &t->lit[i], out);
	switch (t->op) {
	case WEIR_OP_RANGE:
		out->where = WEIR_AT_NUM;
		out->tag = tag_of_number(t->range[i].lo);
		out->weight = 1;
		return t->range[i].lo == t->range[i].hi ? 0 : -1;
	case WEIR_OP_CIDR:
		address.p = t->lit[i].p;
		address.len = t->lit[i].n - 1;
		out->where = WEIR_AT_NET;
		out->width = address.len;
		out->at = t->lit[i].p[address.len];
		out->tag = tag_of_network(address, out->at);
		out->weight = 1 + UNIT_CIDR;
		return 0;
	default:
		return -1;
	}
}
