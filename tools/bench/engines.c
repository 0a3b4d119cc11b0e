// SPDX-License-Identifier: GPL-2.0
/* Weir itself, the walk over all instances, and floors: what reading the strings costs at least. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

struct bench_engine *const bench_engines[] = {
	&bench_weir, &bench_trained,   &bench_linear, &bench_folded, &bench_bytes, &bench_dfa,
	&bench_bpf,  &bench_hyperscan, &bench_re2,    &bench_yara,   NULL,
};

static void close_own(struct bench_engine *e)
{
	free(e->own);
}

/* ---- Weir */

static int open_weir(struct bench_engine *e, const struct bench_content *c)
{
	e->own = c->ch;
	e->memory = c->ch->view.n;
	return 0;
}

static uint32_t eval_weir(struct bench_engine *e, const struct weir_event *ev)
{
	struct weir_channel *ch = e->own;
	struct weir_result res;

	if (weir_channel_eval(ch, ev, &res))
		return UINT32_MAX;
	e->match = ch->match;
	return res.nmatch;
}

void bench_weir_flush(const struct weir_channel *ch)
{
	bench_flush(ch->view.b, ch->view.n);
	bench_flush(ch->scratch, ch->about.scratch);
}

static void flush_weir(struct bench_engine *e)
{
	bench_weir_flush(e->own);
}

static void close_weir(struct bench_engine *e)
{
	e->match = NULL; /* the channel's */
}

struct bench_engine bench_weir = {
	.name = "weir",
	.about = "the interpreter as it is, from libweir.a",
	.open = open_weir,
	.eval = eval_weir,
	.flush = flush_weir,
	.close = close_weir,
};

/* ---- all instances, one after the other */

struct walk {
	const struct bench_content *c;
	uint32_t *memo, stamp; /* by criterion: stamp + 1 if it holds, stamp if not */
	const struct weir_event *e;
	uint8_t *fold[WEIR_ARITY_MAX]; /* the strings in lower case, once they were asked for */
	uint8_t folded[WEIR_ARITY_MAX];
};

static int open_linear(struct bench_engine *e, const struct bench_content *c)
{
	struct walk *w = weir_alloc(1, sizeof(*w));

	w->c = c;
	w->memo = weir_alloc(c->ncrits, sizeof(*w->memo));
	e->match = weir_alloc(c->ninsts, sizeof(*e->match));
	e->own = w;
	return 0;
}

static void close_linear(struct bench_engine *e)
{
	struct walk *w = e->own;
	uint32_t i;

	for (i = 0; i < WEIR_ARITY_MAX; i++)
		free(w->fold[i]);
	free(w->memo);
	close_own(e);
}

static int walk_program(struct walk *w, const struct bench_inst *in,
			int (*holds)(struct walk *w, const struct bench_crit *c))
{
	uint32_t k = 0;

	while (k < WEIR_REJECT) {
		const struct bench_node *n = &in->node[k];

		if (w->memo[n->crit] < w->stamp)
			w->memo[n->crit] = w->stamp + !!holds(w, &w->c->crit[n->crit]);
		k = w->memo[n->crit] > w->stamp ? n->yes : n->no;
	}
	return k == WEIR_ACCEPT;
}

static uint32_t walk_all(struct bench_engine *e, const struct weir_event *ev,
			 int (*holds)(struct walk *w, const struct bench_crit *c))
{
	struct walk *w = e->own;
	const struct bench_content *c = w->c;
	uint32_t t = bench_type_of(c, ev), n = 0, i;

	w->e = ev;
	w->stamp += 2;
	memset(w->folded, 0, sizeof(w->folded));
	for (i = 0; t < c->ntypes && i < c->type[t].n; i++)
		if (walk_program(w, &c->inst[c->type[t].first + i], holds))
			e->match[n++] = c->type[t].first + i;
	return n;
}

static int holds_plainly(struct walk *w, const struct bench_crit *c)
{
	return bench_holds(c, w->e);
}

static uint32_t eval_linear(struct bench_engine *e, const struct weir_event *ev)
{
	return walk_all(e, ev, holds_plainly);
}

struct bench_engine bench_linear = {
	.name = "linear",
	.about = "every program in turn, cheapest criterion first, each decided once, byte by byte",
	.open = open_linear,
	.eval = eval_linear,
	.close = close_linear,
};

static const uint8_t *lower_case(struct walk *w, uint32_t field, const struct weir_value *v)
{
	uint32_t i;

	if (w->folded[field])
		return w->fold[field];
	if (!w->fold[field])
		w->fold[field] = weir_alloc(WEIR_VALUE_MAX, 1);
	for (i = 0; i < v->len; i++)
		w->fold[field][i] = bench_lower(v->ptr[i]);
	w->folded[field] = 1;
	return w->fold[field];
}

static int holds_folded(struct walk *w, const struct bench_crit *c)
{
	const struct weir_value *v = bench_value(w->e, c->field, c->kind);
	const uint8_t *p;
	uint32_t k;

	if (!v || c->op < WEIR_OP_EQ || c->op > WEIR_OP_CONTAINS)
		return bench_holds(c, w->e);
	p = c->exact ? v->ptr : lower_case(w, c->field, v);
	for (k = 0; k < c->count; k++) {
		const struct bench_literal *l = &c->lit[k];

		if (l->len > v->len || (c->op == WEIR_OP_EQ && l->len != v->len))
			continue;
		if (c->op == WEIR_OP_CONTAINS
			    ? !!memmem(p, v->len, l->p, l->len)
			    : !memcmp(p + (c->op == WEIR_OP_SUFFIX ? v->len - l->len : 0), l->p,
				      l->len))
			return 1;
	}
	return 0;
}

static uint32_t eval_folded(struct bench_engine *e, const struct weir_event *ev)
{
	return walk_all(e, ev, holds_folded);
}

struct bench_engine bench_folded = {
	.name = "linear-libc",
	.about = "the same with values in lower case beforehand, memcmp() and memmem()",
	.open = open_linear,
	.eval = eval_folded,
	.close = close_linear,
};

/* ---- floors */

struct floor {
	uint64_t wanted[WEIR_TYPES_MAX]; /* by type: fields that the content reads */
	const struct bench_content *c;
	uint8_t next[64][256]; /* fits into the first cache */
	uint32_t sum;
};

static int open_floor(struct bench_engine *e, const struct bench_content *c)
{
	struct floor *f = weir_alloc(1, sizeof(*f));
	uint32_t t, i, x = 1;

	f->c = c;
	for (t = 0; t < c->ntypes; t++)
		f->wanted[t] = weir_wanted(&c->ch->view, c->type[t].id);
	for (i = 0; i < sizeof(f->next); i++) {
		x = x * 1664525 + 1013904223;
		f->next[i / 256][i % 256] = (uint8_t)(x >> 26);
	}
	e->own = f;
	return 0;
}

/* Calls @read for each string that the content reads. */
static uint32_t read_strings(struct bench_engine *e, const struct weir_event *ev,
			     uint32_t (*read)(const struct floor *f, const struct weir_value *v))
{
	struct floor *f = e->own;
	uint32_t t = bench_type_of(f->c, ev), i;

	for (i = 0; t < f->c->ntypes && i < ev->n; i++)
		if (ev->v[i].kind == WEIR_KIND_string && (f->wanted[t] >> i & 1))
			f->sum += read(f, &ev->v[i]);
	return 0;
}

static uint32_t add_bytes(const struct floor *f, const struct weir_value *v)
{
	uint32_t i, sum = 0;

	(void)f;
	for (i = 0; i < v->len; i++)
		sum += v->ptr[i];
	return sum;
}

static uint32_t run_table(const struct floor *f, const struct weir_value *v)
{
	uint32_t i, state = 0;

	for (i = 0; i < v->len; i++)
		state = f->next[state][v->ptr[i]];
	return state;
}

static uint32_t eval_bytes(struct bench_engine *e, const struct weir_event *ev)
{
	return read_strings(e, ev, add_bytes);
}

static uint32_t eval_dfa(struct bench_engine *e, const struct weir_event *ev)
{
	return read_strings(e, ev, run_table);
}

static void flush_floor(struct bench_engine *e)
{
	bench_flush(e->own, sizeof(struct floor));
}

struct bench_engine bench_bytes = {
	.name = "floor-bytes",
	.about = "every byte of every string that the content reads, loaded once",
	.open = open_floor,
	.eval = eval_bytes,
	.flush = flush_floor,
	.close = close_own,
	.is_floor = 1,
};

struct bench_engine bench_dfa = {
	.name = "floor-dfa",
	.about = "one dependent step in a table of 16 KiB for each of these bytes",
	.open = open_floor,
	.eval = eval_dfa,
	.flush = flush_floor,
	.close = close_own,
	.is_floor = 1,
};
