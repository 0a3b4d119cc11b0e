// SPDX-License-Identifier: GPL-2.0
/* Rules that nothing rare wakes, and what an event is expected to cost with them. */
#include <stdlib.h>
#include <string.h>

#include "emit_index.h"
#include "emit_slow.h"
#include "emit_window.h"

/* Of so few rules none costs much. */
#define RULES_SMALL 16u
/* Bytes of a string, if nothing is known of it. */
#define TYPICAL 64u
#define STEPS_PROBE 4.0
/* Warnings of one compilation; the rules that cost less are counted. */
#define WARNINGS_MAX 20u

/* A rule to warn of. */
struct slow {
	struct weir_rule *r;
	double share; /* of what an event of its type costs */
};

static double steps_of(const struct weir_test *t)
{
	if (t->indexed)
		return 1;
	if (t->op == WEIR_OP_CONTAINS || t->op == WEIR_OP_DFA)
		return 1 + TYPICAL * t->n;
	return 1 + t->n;
}

/* Steps that a rule's program is expected to take. */
static double walk(const struct weir_profile *p, const struct weir_rule *r)
{
	double *reached = weir_alloc(r->nodes.n, sizeof(*reached)), rate, steps = 1;
	const struct weir_node *n;
	uint32_t i;

	reached[0] = 1;
	for (i = 0; i < r->nodes.n; i++) {
		n = &r->nodes.node[i];
		steps += reached[i] * steps_of(n->test);
		rate = weir_index_rate(p, n->test);
		if (rate >= WEIR_RATE_NEVER)
			rate = 0.5;
		else if (rate > 1)
			rate = 1;
		if (n->yes < WEIR_REJECT)
			reached[n->yes] += reached[i] * rate;
		if (n->no < WEIR_REJECT)
			reached[n->no] += reached[i] * (1 - rate);
	}
	free(reached);
	return steps;
}

/* Steps that looking up what an event of a type has takes, on each of its fields. */
static double cost_of_looking(const struct weir_sigma *s, const struct weir_type *type)
{
	uint8_t place[WEIR_ARITY_MAX][WEIR_OP_END] = { { 0 } };
	const struct weir_test *t;
	double steps = 0;
	size_t i, j;

	for (i = 0; i < s->nrules; i++)
		for (j = 0; s->rule[i].type == type && j < s->rule[i].nodes.n; j++) {
			t = s->rule[i].nodes.node[j].test;
			if (!t->indexed || place[t->field][t->op]++)
				continue;
			steps += STEPS_PROBE + (t->op == WEIR_OP_CONTAINS ? TYPICAL : 0);
			place[t->field][t->op] = 1;
		}
	return steps;
}

static double expected(const struct weir_sigma *s, const struct weir_rule *r)
{
	double rate = r->always ? 1 : r->rate;

	return (rate > 1 ? 1 : rate) * walk(s->profile, r);
}

static void put_operand(FILE *f, const struct weir_test *t, uint32_t i)
{
	if (t->op == WEIR_OP_RANGE && t->type->fields[t->field].kind == WEIR_KIND_i64)
		fprintf(f, "%lld", (long long)(t->range[i].lo - WEIR_I64_BIAS));
	else if (t->op == WEIR_OP_RANGE)
		fprintf(f, "%llu", (unsigned long long)t->range[i].lo);
	else if (t->op == WEIR_OP_CIDR)
		fprintf(f, "a network of %u bits", t->lit[i].p[t->lit[i].n - 1]);
	else
		fprintf(f, "\"%.*s\"", (int)t->lit[i].n, t->lit[i].p);
}

/* Why nothing finds a criterion, or what of it is found often. */
static void put_reason(FILE *f, const struct weir_profile *p, const struct weir_test *t)
{
	static const char *const verb[WEIR_OP_END] = {
		[WEIR_OP_EQ] = "is",	      [WEIR_OP_PREFIX] = "begins with",
		[WEIR_OP_SUFFIX] = "ends in", [WEIR_OP_CONTAINS] = "contains",
		[WEIR_OP_RANGE] = "is",	      [WEIR_OP_CIDR] = "is in",
	};
	double rate, most = -1, sum = 0;
	uint32_t i, at = 0;

	for (i = 0; (t->lit || t->range) && i < t->n; i++) {
		rate = weir_index_operand_rate(p, t, i);
		at = rate > most ? i : at;
		most = rate > most ? rate : most;
		sum += rate;
	}
	fprintf(f, "%s ", t->type->fields[t->field].name);
	if (t->op == WEIR_OP_DFA) {
		fputs("is to match a pattern without two bytes that are in all it matches", f);
	} else if (t->op == WEIR_OP_EXISTS) {
		fputs("is there in most events", f);
	} else if (t->op == WEIR_OP_RANGE && most >= WEIR_RATE_NEVER) {
		fputs("is compared with a range, which cannot be looked up", f);
	} else if (!t->lit && !t->range) {
		fputs("is compared with another field, which cannot be looked up", f);
	} else if (most >= WEIR_RATE_NEVER) {
		fputs("is compared with an empty value, which cannot be looked up", f);
	} else {
		fprintf(f, "%s ", verb[t->op]);
		put_operand(f, t, at);
		if (t->n > 1)
			fprintf(f, " or one of %u values more", t->n - 1);
		fprintf(f, " in about %.0f of 100 events", 100 * (sum < 1 ? sum : 1));
	}
}

static void warn(struct weir_sigma *s, const struct slow *w)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		abort();
	if (w->r->common)
		put_reason(f, s->profile, w->r->common);
	else
		fputs("it only says what an event is not", f);
	fclose(f);
	s->file = w->r->file;
	s->title = w->r->title;
	weir_sigma_warning(s, w->r->line,
			   "nothing rare wakes it, so that it is held against every event of %s, "
			   "which is about %.1f %% of what an event costs: %s; add a criterion "
			   "that few events meet",
			   w->r->type->name, 100 * w->share, text);
	free(text);
}

static int by_share(const void *a, const void *b)
{
	const struct slow *x = a, *y = b;

	if (x->share != y->share)
		return x->share > y->share ? -1 : 1;
	return memcmp(x->r->uuid, y->r->uuid, sizeof(x->r->uuid));
}

/* The rules of a type that are asked always. */
static size_t add_slow(struct weir_sigma *s, const struct weir_type *type, struct slow *out)
{
	double total = cost_of_looking(s, type), cost;
	size_t i, n = 0, all = 0;

	for (i = 0; i < s->nrules; i++) {
		if (s->rule[i].type != type)
			continue;
		cost = expected(s, &s->rule[i]);
		total += cost;
		all++;
		if (!s->rule[i].always)
			continue;
		out[n].r = &s->rule[i];
		out[n++].share = cost;
	}
	if (all <= RULES_SMALL)
		return 0;
	for (i = 0; i < n; i++)
		out[i].share /= total;
	return n;
}

void weir_slow_warn(struct weir_sigma *s)
{
	struct slow *all = weir_alloc(s->nrules, sizeof(*all));
	size_t i, n = 0;
	uint32_t k;

	for (k = 0; k < s->types->n; k++)
		n += add_slow(s, &s->types->t[k], all + n);
	qsort(all, n, sizeof(*all), by_share);
	for (i = 0; i < n && i < WARNINGS_MAX; i++)
		warn(s, &all[i]);
	if (n > WARNINGS_MAX) {
		s->file = NULL;
		s->title = NULL;
		weir_sigma_warning(s, 0, "and nothing rare wakes %zu rules more", n - WARNINGS_MAX);
	}
	free(all);
}
