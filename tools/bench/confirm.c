// SPDX-License-Identifier: GPL-2.0
/* From criteria that a matcher of strings decided to instances that match. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define TRIED 64 /* criteria of a program that are considered to wake it */

/* Accept can be reached although @crit does not hold. */
static int matches_without(const struct bench_inst *in, uint32_t crit, uint8_t *reached)
{
	uint32_t k, to[2], i;

	memset(reached, 0, in->nnodes);
	reached[0] = 1;
	for (k = 0; k < in->nnodes; k++) {
		if (!reached[k])
			continue;
		to[0] = in->node[k].no;
		to[1] = in->node[k].crit == crit ? to[0] : in->node[k].yes;
		for (i = 0; i < 2; i++) {
			if (to[i] == WEIR_ACCEPT)
				return 1;
			if (to[i] < WEIR_REJECT)
				reached[to[i]] = 1;
		}
	}
	return 0;
}

/* The rarest criterion that the instance cannot match without; ncrits if there is none. */
static uint32_t waking(const struct bench_confirm *f, const struct bench_inst *in,
		       const uint32_t *uses, uint8_t *reached)
{
	uint32_t k, crit, best = f->c->ncrits;

	for (k = 0; k < in->nnodes && k < TRIED; k++) {
		crit = in->node[k].crit;
		if (!f->decided[crit] || (best < f->c->ncrits && uses[crit] >= uses[best]))
			continue;
		if (!matches_without(in, crit, reached))
			best = crit;
	}
	return best;
}

/* Sorts instances by what wakes them: counts, then places. */
static void make_lists(struct bench_confirm *f, const uint32_t *by)
{
	const struct bench_content *c = f->c;
	uint32_t i;

	f->first = weir_alloc(c->ncrits + 2, sizeof(*f->first));
	f->woken = weir_alloc(c->ninsts, sizeof(*f->woken));
	f->always = weir_alloc(c->ninsts, sizeof(*f->always));
	for (i = 0; i < c->ninsts; i++)
		f->first[by[i] + 1]++;
	for (i = 0; i <= c->ncrits; i++)
		f->first[i + 1] += f->first[i];
	for (i = 0; i < c->ninsts; i++)
		f->woken[f->first[by[i]]++] = i;
	for (i = c->ncrits + 1; i; i--)
		f->first[i] = f->first[i - 1];
	f->first[0] = 0;
	for (i = f->first[c->ncrits]; i < c->ninsts; i++) {
		uint32_t k = i - f->first[c->ncrits];

		f->always[k] = f->woken[i];
		f->from[c->inst[f->woken[i]].type + 1] = k + 1;
	}
	for (i = 0; i < c->ntypes; i++)
		if (f->from[i + 1] < f->from[i])
			f->from[i + 1] = f->from[i];
}

void bench_confirm_open(struct bench_confirm *f, const struct bench_content *c, uint8_t *decided)
{
	uint32_t *uses = weir_alloc(c->ncrits, sizeof(*uses));
	uint32_t *by = weir_alloc(c->ninsts, sizeof(*by));
	uint8_t *reached = weir_alloc(WEIR_NODES_MAX, 1);
	uint32_t i;

	memset(f, 0, sizeof(*f));
	f->c = c;
	f->decided = decided;
	for (i = 0; i < c->nnodes; i++)
		uses[c->node[i].crit]++;
	for (i = 0; i < c->ninsts; i++)
		by[i] = waking(f, &c->inst[i], uses, reached);
	make_lists(f, by);
	f->holds = weir_alloc(c->ncrits, sizeof(*f->holds));
	f->memo = weir_alloc(c->ncrits, sizeof(*f->memo));
	f->todo = weir_alloc(c->ninsts, sizeof(*f->todo));
	free(reached);
	free(by);
	free(uses);
}

void bench_confirm_close(struct bench_confirm *f)
{
	free(f->decided);
	free(f->first);
	free(f->woken);
	free(f->always);
	free(f->holds);
	free(f->memo);
	free(f->todo);
}

void bench_confirm_flush(const struct bench_confirm *f)
{
	const struct bench_content *c = f->c;

	bench_flush(f->decided, c->ncrits);
	bench_flush(f->first, (c->ncrits + 2) * sizeof(*f->first));
	bench_flush(f->woken, c->ninsts * sizeof(*f->woken));
	bench_flush(f->always, f->from[c->ntypes] * sizeof(*f->always));
	bench_flush(f->holds, c->ncrits * sizeof(*f->holds));
	bench_flush(f->memo, c->ncrits * sizeof(*f->memo));
	bench_flush(c->inst, c->ninsts * sizeof(*c->inst));
	bench_flush(c->node, c->nnodes * sizeof(*c->node));
	bench_flush(c->crit, c->ncrits * sizeof(*c->crit));
}

void bench_confirm_begin(struct bench_confirm *f)
{
	f->stamp += 2;
	f->ntodo = 0;
}

void bench_confirm_hit(struct bench_confirm *f, uint32_t crit)
{
	uint32_t i;

	if (f->holds[crit] == f->stamp)
		return;
	f->holds[crit] = f->stamp;
	for (i = f->first[crit]; i < f->first[crit + 1]; i++)
		f->todo[f->ntodo++] = f->woken[i];
}

static int holds(struct bench_confirm *f, const struct weir_event *e, uint32_t crit)
{
	if (f->decided[crit])
		return f->holds[crit] == f->stamp;
	if (f->memo[crit] < f->stamp)
		f->memo[crit] = f->stamp + !!bench_holds(&f->c->crit[crit], e);
	return f->memo[crit] > f->stamp;
}

static int confirm(struct bench_confirm *f, const struct weir_event *e, uint32_t inst)
{
	const struct bench_node *n = f->c->inst[inst].node;
	uint32_t k = 0;

	while (k < WEIR_REJECT)
		k = holds(f, e, n[k].crit) ? n[k].yes : n[k].no;
	return k == WEIR_ACCEPT;
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

uint32_t bench_confirm_end(struct bench_confirm *f, const struct weir_event *e, uint32_t *match)
{
	uint32_t t = bench_type_of(f->c, e), n = 0, i;

	for (i = 0; i < f->ntodo; i++)
		if (confirm(f, e, f->todo[i]))
			match[n++] = f->todo[i];
	for (i = f->from[t]; t < f->c->ntypes && i < f->from[t + 1]; i++)
		if (confirm(f, e, f->always[i]))
			match[n++] = f->always[i];
	qsort(match, n, sizeof(*match), ascending);
	return n;
}
