// SPDX-License-Identifier: GPL-2.0
/* What wakes each rule: the rarest criteria of which one must hold for it to match. */
#include <stdlib.h>
#include <string.h>

#include "emit_index.h"
#include "emit_window.h"

/* What is woken by more events than this might as well be asked always. */
#define RATE_ALWAYS 0.25
/* What there is to do beside, in parts of what waking a rule costs: look at an operand in vain, */
#define LOOK 0.1
/* and a probe, which all rules share that need it; as they do looking up all that a field has. */
#define PROBE 0.25
#define SCAN 2.0
#define SCAN_SHARED 0.02 /* so small a part of it is done in any case */
/* So many operands are never left to programs, which someone could have run all at once. */
#define ASKED_MAX 16u
#define PLACES 0x10000u

/* A plan in the making. */
struct plan {
	struct weir_sigma *s;
	const struct weir_profile *p;
	uint32_t users[PLACES]; /* of a probe, by hash */
	int shared; /* users are known */
	uint32_t operands[PLACES]; /* of CONTAINS in programs, likewise */
	double asked[PLACES]; /* and of these, those that are asked for in an event */
	uint32_t rules[UINT16_MAX + 1]; /* of a type, by id */
};

/* Criteria of which one must hold for an expression to hold. */
struct cover {
	struct weir_test **test;
	size_t n;
	double rate; /* how often one does */
	double cost;
};

/* By which probe a criterion is found, as far as that is known yet. */
static uint32_t place_of(const struct weir_test *t)
{
	uint32_t where = t->op == WEIR_OP_EQ ? WEIR_OP_SUFFIX : t->op;

	return ((t->type->id * WEIR_ARITY_MAX + t->field) * 16u + where) % PLACES;
}

/* What a criterion costs beside what it wakes. */
static double cost_of(struct plan *pl, const struct weir_test *t)
{
	double sum = t->op == WEIR_OP_CONTAINS ? SCAN : PROBE;
	uint32_t users = pl->users[place_of(t)], i;
	struct weir_index_window w;

	sum = pl->shared ? sum / (users + 1) : 0;
	if (t->op == WEIR_OP_CONTAINS)
		return sum < SCAN_SHARED ? 0 : sum;
	for (i = 0; t->lit && t->op != WEIR_OP_CIDR && i < t->n; i++) {
		weir_index_window(pl->p, t, i, &w);
		sum += LOOK * w.rate;
	}
	return sum;
}

static void join(struct plan *pl, struct cover *c, const struct cover *other)
{
	struct weir_test **both =
		weir_arena_get(weir_sigma_arena(pl->s), c->n + other->n, sizeof(*both));

	if (c->n)
		memcpy(both, c->test, c->n * sizeof(*both));
	if (other->n)
		memcpy(both + c->n, other->test, other->n * sizeof(*both));
	c->test = both;
	c->n += other->n;
	c->rate += other->rate;
	c->cost += other->cost;
}

static struct cover cover_of(struct plan *pl, const struct weir_expr *e, int negated);

/* An AND needs one of its arguments covered, an OR all of them; negated the other way round. */
static struct cover cover_join(struct plan *pl, const struct weir_expr *e, int negated)
{
	int all = (e->op == WEIR_EXPR_OR) != negated;
	struct cover out = { .rate = all ? 0 : WEIR_RATE_NEVER, .cost = all ? 0 : WEIR_RATE_NEVER },
		     one;
	size_t i;

	for (i = 0; i < e->n; i++) {
		one = cover_of(pl, e->arg[i], negated);
		if (all)
			join(pl, &out, &one);
		else if (!out.n || one.cost < out.cost)
			out = one;
	}
	return out;
}

static struct cover cover_of(struct plan *pl, const struct weir_expr *e, int negated)
{
	struct cover out = { .rate = WEIR_RATE_NEVER, .cost = WEIR_RATE_NEVER };

	switch (e->op) {
	case WEIR_EXPR_NOT:
		return cover_of(pl, e->arg[0], !negated);
	case WEIR_EXPR_TEST:
		if (negated)
			return out;
		out.test = weir_arena_get(weir_sigma_arena(pl->s), 1, sizeof(*out.test));
		out.test[0] = e->test;
		out.n = 1;
		out.rate = weir_index_rate(pl->p, e->test);
		out.cost = out.rate < WEIR_RATE_NEVER ? out.rate + cost_of(pl, e->test)
						      : WEIR_RATE_NEVER;
		return out;
	default:
		return cover_join(pl, e, negated);
	}
}

static int is_few(const struct plan *pl, const struct weir_type *type)
{
	return pl->rules[type->id] <= WEIR_RULES_FEW;
}

/* Which criterion of a cover holds most often. */
static const struct weir_test *most_common(const struct plan *pl, const struct cover *c)
{
	const struct weir_test *found = NULL;
	double most = -1, rate;
	size_t i;

	for (i = 0; i < c->n; i++) {
		rate = weir_index_rate(pl->p, c->test[i]);
		if (rate > most)
			found = c->test[i];
		most = rate > most ? rate : most;
	}
	return found;
}

/* Choose what wakes each rule. */
static void choose(struct plan *pl)
{
	struct weir_rule *r;
	struct cover c;
	size_t i;

	for (i = 0; i < pl->s->nrules; i++) {
		r = &pl->s->rule[i];
		c = cover_of(pl, r->expr, 0);
		r->rate = c.rate;
		r->always = c.rate > RATE_ALWAYS || is_few(pl, r->type);
		r->common = r->always ? most_common(pl, &c) : NULL;
		r->waker = c.test;
		r->nwakers = r->always ? 0 : c.n;
	}
}

static void count_users(struct plan *pl)
{
	size_t i, j;

	memset(pl->users, 0, sizeof(pl->users));
	for (i = 0; i < pl->s->nrules; i++)
		for (j = 0; j < pl->s->rule[i].nwakers; j++)
			pl->users[place_of(pl->s->rule[i].waker[j])]++;
	pl->shared = 1;
}

/*
 * A range of numbers comes first, which may keep the rule from waking; then what is known already,
 * and what costs little. The criterion that wakes a rule holds when the rule is asked, so asking it
 * is put off for as long as another may say no.
 */
static int rank_of(const struct weir_test *t, const void *ctx)
{
	static const int rank[WEIR_OP_END] = {
		[WEIR_OP_EXISTS] = 2,	[WEIR_OP_RANGE] = 2,	    [WEIR_OP_EQ] = 3,
		[WEIR_OP_PREFIX] = 3,	[WEIR_OP_SUFFIX] = 3,	    [WEIR_OP_CIDR] = 3,
		[WEIR_OP_FIELD_EQ] = 4, [WEIR_OP_FIELD_PREFIX] = 4, [WEIR_OP_FIELD_SUFFIX] = 4,
		[WEIR_OP_CONTAINS] = 5, [WEIR_OP_DFA] = 6,
	};
	const struct weir_rule *r = ctx;

	if (!r->always && r->nwakers == 1 && r->waker[0] == t)
		return 7;
	if (!r->always && t->op == WEIR_OP_RANGE && t->n == 1)
		return 0;
	return t->indexed ? 1 : rank[t->op];
}

/* Criteria of CONTAINS in the program of a rule that looking up what a field has may decide. */
static struct weir_test *next_contains(const struct plan *pl, const struct weir_rule *r, size_t *j)
{
	struct weir_test *t;

	while (!is_few(pl, r->type) && *j < r->nodes.n) {
		t = r->nodes.node[(*j)++].test;
		if (t->op == WEIR_OP_CONTAINS && weir_index_rate(pl->p, t) < WEIR_RATE_NEVER)
			return t;
	}
	return NULL;
}

/* What has to read all of a value is better found along with others there, if there are some. */
static void share_scans(struct plan *pl)
{
	const struct weir_rule *r, *end = pl->s->rule + pl->s->nrules;
	struct weir_test *t;
	size_t j;

	for (r = pl->s->rule; r < end; r++)
		for (j = 0; (t = next_contains(pl, r, &j));) {
			pl->operands[place_of(t)] += t->n;
			pl->asked[place_of(t)] += (r->always || r->rate > 1 ? 1 : r->rate) * t->n;
		}
	for (r = pl->s->rule; r < end; r++)
		for (j = 0; (t = next_contains(pl, r, &j));)
			if (pl->users[place_of(t)] || pl->operands[place_of(t)] > ASKED_MAX ||
			    pl->asked[place_of(t)] > SCAN)
				t->indexed = 1;
}

void weir_index_plan(struct weir_sigma *s)
{
	struct plan *pl = weir_alloc(1, sizeof(*pl));
	size_t i, j;

	pl->s = s;
	for (i = 0; i < s->nrules; i++)
		pl->rules[s->rule[i].type->id]++;
	pl->p = s->profile;
	choose(pl);
	count_users(pl);
	choose(pl);
	count_users(pl);
	for (i = 0; i < s->nrules; i++)
		for (j = 0; j < s->rule[i].nwakers; j++)
			s->rule[i].waker[j]->indexed = 1;
	share_scans(pl);
	for (i = 0; i < s->nrules; i++)
		weir_program_nodes(&s->program, s->rule[i].expr, rank_of, &s->rule[i],
				   &s->rule[i].nodes);
	free(pl);
}
