// SPDX-License-Identifier: GPL-2.0
/* Windows of literals: for CONTAINS anywhere, else those that lie where all of a kind lie. */
#include "emit_window.h"
#include "emit_index.h"
#include "../interpreter/index.h"

/* Probes on the start or the end of a value stand apart by this. */
#define STRIDE 8u
#define ANCHORS_MAX 16u /* and there are no more than so many on either, of either width */
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
	int both = t->op == WEIR_OP_EQ;

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
	out->where = t->op == WEIR_OP_PREFIX || (both && k % 2) ? WEIR_AT_START : WEIR_AT_END;
	k = both ? k / 2 : k;
	out->width = lit->n < 4 ? lit->n : k % 2 ? 8 : 4;
	out->at = STRIDE * (k / 2);
	if (k >= ANCHORS_MAX || out->at + out->width > lit->n || (k && lit->n < 8))
		return -1;
	out->tag = tag_of(text, place_in(lit, out), out->width);
	return 0;
}

static double rate_of(const struct weir_profile_windows *in, const struct weir_bytes *lit,
		      const struct weir_index_window *w)
{
	const struct weir_profile_window seen = {
		.where = w->where,
		.width = w->width,
		.at = w->at,
		.p = lit->p + place_in(lit, w),
	};

	return weir_profile_window(in, &seen);
}

/* How often an operand that is a string holds: as often as the rarest of its windows is seen. */
static double literal_rate(const struct weir_profile *p, const struct weir_test *t, uint32_t i)
{
	const struct weir_profile_windows in = weir_profile_windows(p, t->type, t->field);
	const struct weir_bytes *lit = &t->lit[i];
	struct weir_index_window w;
	double least = 1, rate;
	uint32_t k;

	for (k = 0; !window_at(t, lit, k, &w); k++) {
		rate = rate_of(&in, lit, &w);
		least = rate < least ? rate : least;
	}
	/* Those of CONTAINS were all anywhere. */
	if (t->op == WEIR_OP_CONTAINS)
		return least;
	w.where = WEIR_AT_ALL;
	w.width = lit->n < 4 ? lit->n : 4;
	w.at = 0;
	for (w.in = 0; w.in + w.width <= lit->n && w.in < INSIDE_MAX - 1; w.in++) {
		rate = rate_of(&in, lit, &w);
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

int weir_index_is_text(const struct weir_test *t)
{
	return t->op == WEIR_OP_EQ || t->op == WEIR_OP_PREFIX || t->op == WEIR_OP_SUFFIX ||
	       t->op == WEIR_OP_CONTAINS;
}

int weir_index_window_at(const struct weir_profile_windows *in, const struct weir_test *t,
			 uint32_t i, uint32_t k, struct weir_index_window *out)
{
	const struct weir_bytes *lit = &t->lit[i];
	const struct text text = { lit->p, lit->n };

	if (!lit->n || window_at(t, lit, k, out))
		return -1;
	out->rate = rate_of(in, lit, out);
	out->more = more_of(text, place_in(lit, out), out->width);
	out->weight = 1 + lit->n;
	return 0;
}

/* The rarest window. */
static int text_window(const struct weir_profile *p, const struct weir_test *t, uint32_t i,
		       struct weir_index_window *out)
{
	const struct weir_profile_windows in = weir_profile_windows(p, t->type, t->field);
	struct weir_index_window w;
	uint32_t k;

	for (k = 0; !weir_index_window_at(&in, t, i, k, &w); k++)
		if (!k || w.rate < out->rate)
			*out = w;
	return k ? 0 : -1;
}

int weir_index_window(const struct weir_profile *p, const struct weir_test *t, uint32_t i,
		      struct weir_index_window *out)
{
	struct text address;

	*out = (struct weir_index_window){ .field = t->field };
	if (weir_index_is_text(t))
		return text_window(p, t, i, out);
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
