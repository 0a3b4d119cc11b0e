// SPDX-License-Identifier: GPL-2.0
/* What the channel format says, done in the plainest way: no index, no memory, no cleverness. */
#include <string.h>

#include "bench.h"

static uint32_t byte_at(const uint8_t *p, uint32_t i, int exact)
{
	return exact ? p[i] : bench_lower(p[i]);
}

static int same(const uint8_t *p, const uint8_t *q, uint32_t len, int exact)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		if (byte_at(p, i, exact) != byte_at(q, i, exact))
			return 0;
	return 1;
}

static int literal_holds(const struct bench_crit *c, const struct bench_literal *l,
			 const struct weir_value *v)
{
	uint32_t at;

	if (l->len > v->len)
		return 0;
	switch (c->op) {
	case WEIR_OP_EQ:
		return l->len == v->len && same(v->ptr, l->p, l->len, c->exact);
	case WEIR_OP_PREFIX:
		return same(v->ptr, l->p, l->len, c->exact);
	case WEIR_OP_SUFFIX:
		return same(v->ptr + v->len - l->len, l->p, l->len, c->exact);
	}
	for (at = 0; at + l->len <= v->len; at++)
		if (same(v->ptr + at, l->p, l->len, c->exact))
			return 1;
	return 0;
}

static int in_network(const struct bench_literal *l, const struct weir_value *v)
{
	uint32_t i, bits = l->p[l->len - 1];

	if (v->len != l->len - 1)
		return 0;
	for (i = 0; i < bits; i++)
		if ((l->p[i / 8] ^ v->ptr[i / 8]) & (0x80 >> i % 8))
			return 0;
	return 1;
}

static int dfa_accepts(const struct bench_dfa *d, const struct weir_value *v)
{
	uint32_t i, row = d->start;

	for (i = 0; i < v->len && row < WEIR_DFA_REJECT; i++)
		row = d->cell[row + d->classes[v->ptr[i]]];
	if (row < WEIR_DFA_REJECT)
		row = d->cell[row + d->nclasses - 1];
	return row == WEIR_DFA_ACCEPT;
}

static int fields_hold(const struct bench_crit *c, const struct weir_value *a,
		       const struct weir_value *b)
{
	const struct bench_crit like = {
		.op = c->op - WEIR_OP_FIELD_EQ + WEIR_OP_EQ,
		.exact = c->exact || c->kind == WEIR_KIND_ip,
	};
	struct bench_literal l;

	if (!b)
		return 0;
	if (c->kind != WEIR_KIND_string && c->kind != WEIR_KIND_ip)
		return a->num == b->num;
	l = (struct bench_literal){ b->ptr, b->len };
	return literal_holds(&like, &l, a);
}

static int operand_holds(const struct bench_crit *c, uint32_t k, const struct weir_value *v)
{
	switch (c->op) {
	case WEIR_OP_DFA:
		return dfa_accepts(c->dfa, v);
	case WEIR_OP_RANGE:
		return v->num >= c->range[k].lo && v->num <= c->range[k].hi;
	case WEIR_OP_CIDR:
		return in_network(&c->lit[k], v);
	}
	return literal_holds(c, &c->lit[k], v);
}

const struct weir_value *bench_value(const struct weir_event *e, uint32_t field, uint32_t kind)
{
	return field < e->n && e->v[field].kind == kind ? &e->v[field] : NULL;
}

int bench_holds(const struct bench_crit *c, const struct weir_event *e)
{
	const struct weir_value *v = bench_value(e, c->field, c->kind);
	uint32_t k;

	if (!v || c->op == WEIR_OP_EXISTS)
		return !!v;
	if (c->op >= WEIR_OP_FIELD_EQ)
		return fields_hold(c, v, bench_value(e, c->field2, c->kind));
	for (k = 0; k < c->count; k++)
		if (operand_holds(c, k, v))
			return 1;
	return 0;
}

int bench_matches(const struct bench_content *c, uint32_t inst, const struct weir_event *e)
{
	const struct bench_node *n = c->inst[inst].node;
	uint32_t k = 0;

	while (k < WEIR_REJECT)
		k = bench_holds(&c->crit[n[k].crit], e) ? n[k].yes : n[k].no;
	return k == WEIR_ACCEPT;
}

uint32_t bench_type_of(const struct bench_content *c, const struct weir_event *e)
{
	uint32_t t;

	for (t = 0; t < c->ntypes; t++)
		if (c->type[t].id == e->type)
			break;
	return t;
}
