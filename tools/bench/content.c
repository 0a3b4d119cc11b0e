// SPDX-License-Identifier: GPL-2.0
/* A channel file's tables as plain arrays: the one place that knows how the file is laid out. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "content.h"

static void decode_dfa(const struct weir_view *v, uint32_t i, struct bench_dfa *out)
{
	const struct rdfa r = get_dfa(*v, i);
	uint32_t k, base = v->dfad + r.off;

	out->classes = v->b + base;
	out->start = r.start;
	out->nclasses = r.nc;
	out->cells = r.cells;
	out->cell = weir_alloc(r.cells, sizeof(*out->cell));
	for (k = 0; k < r.cells; k++)
		out->cell[k] = (uint16_t)get_cell(v->b, v->n, base, r.cells, k);
}

static void decode_operands(struct bench_content *c, const struct weir_view *v)
{
	uint32_t i;

	c->lit = weir_alloc(v->nlits, sizeof(*c->lit));
	for (i = 0; i < v->nlits; i++) {
		const struct rlit r = get_lit(*v, i);

		c->lit[i] = (struct bench_literal){ v->b + v->pool + r.off, r.len };
	}
	c->range = weir_alloc(v->nnums, sizeof(*c->range));
	for (i = 0; i < v->nnums; i++) {
		const struct rnum r = get_num(*v, i);

		c->range[i] = (struct bench_range){ r.lo, r.hi };
	}
	c->dfa = weir_alloc(v->ndfas, sizeof(*c->dfa));
	for (i = 0; i < v->ndfas; i++)
		decode_dfa(v, i, &c->dfa[i]);
}

static void decode_criteria(struct bench_content *c, const struct weir_view *v)
{
	uint32_t i;

	c->ncrits = v->ncrits;
	c->crit = weir_alloc(v->ncrits, sizeof(*c->crit));
	for (i = 0; i < v->ncrits; i++) {
		const struct rcrit r = get_crit(*v, i);

		c->crit[i] = (struct bench_crit){
			.type = r.type,
			.field = r.field,
			.field2 = r.field2,
			.op = r.op,
			.count = r.count,
			.kind = get_kind(*v, get_type(*v, r.type).kind + r.field),
			.exact = !!(r.flags & WEIR_CASED),
			.lit = c->lit + r.first,
			.range = c->range + r.first,
			.dfa = c->dfa + r.first,
		};
	}
}

static void decode_programs(struct bench_content *c, const struct weir_view *v)
{
	uint32_t i;

	c->nnodes = v->nnodes;
	c->node = weir_alloc(v->nnodes, sizeof(*c->node));
	for (i = 0; i < v->nnodes; i++) {
		const struct rnode r = get_node(*v, i);

		c->node[i] = (struct bench_node){ r.crit, r.yes, r.no };
	}
	c->ninsts = v->ninsts;
	c->inst = weir_alloc(v->ninsts, sizeof(*c->inst));
	for (i = 0; i < v->ninsts; i++) {
		const struct rinst r = get_inst(*v, i);

		c->inst[i] = (struct bench_inst){ r.type, r.nn, c->node + r.node };
	}
	c->ntypes = v->ntypes;
	c->type = weir_alloc(v->ntypes, sizeof(*c->type));
	for (i = 0; i < v->ntypes; i++) {
		const struct rtype r = get_type(*v, i);

		c->type[i] = (struct bench_type){ r.id, r.arity, r.inst, r.ninst };
	}
}

/* What a criterion costs, roughly, in what it takes to look at a number. */
static uint32_t cost(const struct bench_crit *c)
{
	switch (c->op) {
	case WEIR_OP_EXISTS:
		return 0;
	case WEIR_OP_RANGE:
		return c->count;
	case WEIR_OP_CONTAINS:
		return 100 * c->count;
	case WEIR_OP_DFA:
		return 200 * c->count;
	}
	return 4 * c->count;
}

/* How many nodes from @at on ask one criterion after the other: do all hold, or does any? */
static uint32_t chain(const struct bench_inst *in, uint32_t at, int all, const uint8_t *entries)
{
	const struct bench_node *n = in->node;
	const uint32_t end = all ? n[at].no : n[at].yes;
	uint32_t k = at;

	while (k + 1 < in->nnodes && entries[k + 1] == 1 && (all ? n[k].yes : n[k].no) == k + 1 &&
	       (all ? n[k + 1].no : n[k + 1].yes) == end)
		k++;
	return k - at + 1;
}

/* Those of a chain in the order of what they cost. */
static void sort_chain(const struct bench_content *c, struct bench_node *node, uint32_t n)
{
	uint32_t i, k, crit;

	for (i = 1; i < n; i++) {
		crit = node[i].crit;
		for (k = i; k && cost(&c->crit[node[k - 1].crit]) > cost(&c->crit[crit]); k--)
			node[k].crit = node[k - 1].crit;
		node[k].crit = crit;
	}
}

/* How many branches lead to each node; two stand for more. */
static void count_entries(const struct bench_inst *in, uint8_t *entries)
{
	uint32_t k, i;

	memset(entries, 0, in->nnodes);
	for (k = 0; k < in->nnodes; k++) {
		const uint32_t to[2] = { in->node[k].yes, in->node[k].no };

		for (i = 0; i < 2; i++)
			if (to[i] < WEIR_REJECT && entries[to[i]] < 2)
				entries[to[i]]++;
	}
}

/* Sorts the chain that begins with node @at. Return: how many nodes it has. */
static uint32_t sort_at(struct bench_content *c, const struct bench_inst *in, uint32_t at,
			const uint8_t *entries)
{
	uint32_t all = chain(in, at, 1, entries), any = chain(in, at, 0, entries);

	if (any > all)
		all = any;
	sort_chain(c, &c->node[in->node - c->node + at], all);
	return all;
}

/* Programs ask the cheapest of criteria first where the order is free. */
static void sort_criteria(struct bench_content *c)
{
	uint8_t *entries = weir_alloc(WEIR_NODES_MAX, 1);
	const struct bench_inst *in;
	uint32_t k;

	for (in = c->inst; in < c->inst + c->ninsts; in++) {
		count_entries(in, entries);
		for (k = 0; k < in->nnodes;)
			k += sort_at(c, in, k, entries);
	}
	free(entries);
}

/* The rule of instance @i had this expression: the DFA of its program is what became of it. */
static void name_regex(struct bench_content *c, uint32_t i, const json_t *o)
{
	const struct bench_inst *in = &c->inst[i];
	uint32_t k;

	for (k = 0; k < in->nnodes; k++) {
		struct bench_crit *r = &c->crit[in->node[k].crit];

		if (r->op != WEIR_OP_DFA || r->regex)
			continue;
		r->regex = json_string_value(json_object_get(o, "regex"));
		r->glob = json_is_true(json_object_get(o, "glob"));
	}
}

static json_t *read_patterns(const char *path)
{
	json_t *by_id = json_object(), *o;
	json_error_t e;
	FILE *f = fopen(path, "re");

	while (f && (o = json_loadf(f, JSON_DISABLE_EOF_CHECK, &e)))
		json_object_set_new(by_id, json_string_value(json_object_get(o, "id")), o);
	if (f)
		fclose(f);
	else
		weir_fail("%s: cannot be opened", path);
	return f ? by_id : NULL;
}

int bench_content_open(struct weir_channel *ch, const char *patterns, struct bench_content *out)
{
	struct weir_instance inst;
	char text[37];
	json_t *o;
	uint32_t i;

	memset(out, 0, sizeof(*out));
	out->ch = ch;
	decode_operands(out, &ch->view);
	decode_criteria(out, &ch->view);
	decode_programs(out, &ch->view);
	sort_criteria(out);
	if (!patterns)
		return 0;
	out->patterns = read_patterns(patterns);
	if (!out->patterns)
		return -1;
	for (i = 0; i < out->ninsts; i++) {
		if (weir_instance(&ch->view, i, &inst))
			continue;
		weir_uuid_text(inst.uuid, text);
		o = json_object_get(out->patterns, text);
		if (o)
			name_regex(out, i, o);
	}
	return 0;
}

void bench_content_close(struct bench_content *c)
{
	uint32_t i;

	for (i = 0; i < c->ch->view.ndfas; i++)
		free(c->dfa[i].cell);
	free(c->type);
	free(c->inst);
	free(c->node);
	free(c->crit);
	free(c->lit);
	free(c->range);
	free(c->dfa);
	json_decref(c->patterns);
}
