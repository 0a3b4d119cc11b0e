// SPDX-License-Identifier: GPL-2.0
/* An engine around a matcher of many patterns: one matcher for each string field. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

struct peer {
	const struct bench_content *c;
	const struct bench_matcher *ops;
	void *at[WEIR_TYPES_MAX][WEIR_ARITY_MAX]; /* by type and field, null without patterns */
	struct bench_confirm confirm;
};

char *bench_pattern_regex(const struct bench_pattern *p)
{
	const uint32_t op = p->c->op;
	char *text = NULL;
	size_t size = 0;
	uint32_t i;
	FILE *f;

	if (!p->lit)
		return weir_strndup(p->c->regex, strlen(p->c->regex));
	f = open_memstream(&text, &size);
	if (!f)
		abort();
	if (op == WEIR_OP_EQ || op == WEIR_OP_PREFIX)
		fputs("\\A", f);
	for (i = 0; i < p->lit->len; i++)
		fprintf(f, isalnum(p->lit->p[i]) ? "%c" : "\\x%02x", p->lit->p[i]);
	if (op == WEIR_OP_EQ || op == WEIR_OP_SUFFIX)
		fputs("\\z", f);
	fclose(f);
	return text;
}

/* The matcher can decide a criterion: it is one on a string, none of its literals is empty. */
static int takes(const struct bench_matcher *ops, const struct bench_crit *c)
{
	const struct bench_pattern p = { .c = c };
	uint32_t i;

	if (c->op == WEIR_OP_DFA)
		return c->regex && ops->takes(&p);
	if (c->op < WEIR_OP_EQ || c->op > WEIR_OP_CONTAINS)
		return 0;
	for (i = 0; i < c->count; i++)
		if (!c->lit[i].len)
			return 0;
	return 1;
}

/* The patterns of all criteria on one field. */
static struct bench_pattern *gather(const struct peer *p, uint32_t type, uint32_t field, size_t *n)
{
	const struct bench_content *c = p->c;
	struct bench_pattern *out = weir_alloc(c->ch->view.nlits + c->ch->view.ndfas, sizeof(*out));
	uint32_t i, k;

	*n = 0;
	for (i = 0; i < c->ncrits; i++) {
		const struct bench_crit *r = &c->crit[i];

		if (!p->confirm.decided[i] || r->type != type || r->field != field)
			continue;
		for (k = 0; k < r->count; k++)
			out[(*n)++] = (struct bench_pattern){
				.crit = i,
				.c = r,
				.lit = r->op == WEIR_OP_DFA ? NULL : &r->lit[k],
			};
	}
	return out;
}

static int build_field(struct bench_engine *e, uint32_t type, uint32_t field)
{
	struct peer *p = e->own;
	struct bench_pattern *list;
	double began;
	size_t n;

	list = gather(p, type, field, &n);
	began = bench_ms();
	if (n)
		p->at[type][field] = p->ops->build(list, n, e->why, sizeof(e->why));
	e->build_ms += bench_ms() - began;
	free(list);
	if (!n)
		return 0;
	if (!p->at[type][field])
		return -1;
	e->memory += p->ops->memory(p->at[type][field]);
	return 0;
}

int bench_peer_open(struct bench_engine *e, const struct bench_content *c)
{
	struct peer *p = weir_alloc(1, sizeof(*p));
	uint8_t *decided = weir_alloc(c->ncrits, 1);
	uint32_t i, t;

	e->own = p;
	p->c = c;
	p->ops = e->with;
	for (i = 0; i < c->ncrits; i++)
		decided[i] = (uint8_t)takes(p->ops, &c->crit[i]);
	bench_confirm_open(&p->confirm, c, decided);
	e->match = weir_alloc(c->ninsts, sizeof(*e->match));
	for (t = 0; t < c->ntypes; t++)
		for (i = 0; i < c->type[t].arity; i++)
			if (build_field(e, t, i))
				return -1;
	return 0;
}

uint32_t bench_peer_eval(struct bench_engine *e, const struct weir_event *ev)
{
	struct peer *p = e->own;
	uint32_t t = bench_type_of(p->c, ev), i;

	if (t == p->c->ntypes)
		return 0;
	bench_confirm_begin(&p->confirm);
	for (i = 0; i < ev->n; i++)
		if (p->at[t][i] && ev->v[i].kind == WEIR_KIND_string && ev->v[i].len &&
		    p->ops->scan(p->at[t][i], &ev->v[i], &p->confirm))
			return UINT32_MAX;
	return bench_confirm_end(&p->confirm, ev, e->match);
}

void bench_peer_flush(struct bench_engine *e)
{
	struct peer *p = e->own;
	uint32_t t, i;

	for (t = 0; t < p->c->ntypes; t++)
		for (i = 0; i < p->c->type[t].arity; i++)
			if (p->at[t][i])
				p->ops->flush(p->at[t][i]);
	bench_confirm_flush(&p->confirm);
}

void bench_peer_close(struct bench_engine *e)
{
	struct peer *p = e->own;
	uint32_t t, i;

	for (t = 0; t < p->c->ntypes; t++)
		for (i = 0; i < p->c->type[t].arity; i++)
			if (p->at[t][i])
				p->ops->release(p->at[t][i]);
	bench_confirm_close(&p->confirm);
	free(p);
}
