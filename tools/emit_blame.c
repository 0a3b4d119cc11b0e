// SPDX-License-Identifier: GPL-2.0
/* Which rules make the worst case of an event dear. */
#include <stdlib.h>
#include <string.h>

#include "emit_slow.h"
#include "../interpreter/content.h"

#define BLAMED 5u

/* What rules and criteria take of the worst case, in steps. */
struct blame {
	const struct weir_view *v;
	double *crit; /* of the probes: what its operands add to the heaviest row of entries */
	uint32_t *users; /* rules that ask it */
	uint32_t *last; /* the rule that asked it last, plus 1 */
	double *rule;
};

static double entry_cost(const struct weir_view *v, struct rentry x)
{
	uint32_t op = get_crit(*v, x.crit).op;

	if (op == WEIR_OP_RANGE)
		return 1;
	return 1 + (op == WEIR_OP_CIDR ? UNIT_CIDR : get_lit(*v, x.operand).len);
}

/* The entries of the heaviest row are what a probe costs, at each byte of a string. */
static void blame_probe(struct blame *b, struct rprobe p)
{
	uint32_t k, row = p.first, from = 0, end = 0;
	double weight = 0, most = 0;
	struct rentry x;

	for (k = p.first; k < p.first + p.count; k++) {
		x = get_entry(*b->v, k);
		if (x.crit == WEIR_NOWHERE) {
			row = k + 1;
			weight = 0;
			continue;
		}
		weight += entry_cost(b->v, x);
		if (weight > most) {
			most = weight;
			from = row;
			end = k + 1;
		}
	}
	for (k = from; k < end; k++) {
		x = get_entry(*b->v, k);
		b->crit[x.crit] +=
			entry_cost(b->v, x) * (p.where == WEIR_AT_ALL ? WEIR_VALUE_MAX : 1);
	}
}

static void count_users(struct blame *b, uint32_t i)
{
	struct rinst r = get_inst(*b->v, i);
	uint32_t k, c;

	for (k = 0; k < r.nn; k++) {
		c = get_node(*b->v, r.node + k).crit;
		b->users[c] += b->last[c] != i + 1;
		b->last[c] = i + 1;
	}
}

/* A rule's program, and its part of what its criteria cost the probes. */
static void blame_rule(struct blame *b, uint32_t i)
{
	struct rinst r = get_inst(*b->v, i);
	struct rcrit crit;
	uint32_t k, c;

	b->rule[i] = 1;
	for (k = 0; k < r.nn; k++) {
		c = get_node(*b->v, r.node + k).crit;
		crit = get_crit(*b->v, c);
		b->rule[i] += 1 + criterion_cost(crit.op, crit.count, crit.flags);
		if (b->last[c] == i + 1)
			continue;
		b->rule[i] += b->crit[c] / b->users[c];
		b->last[c] = i + 1;
	}
}

static void add_up(struct blame *b)
{
	uint32_t i;

	for (i = 0; i < b->v->nprobes; i++)
		blame_probe(b, get_probe(*b->v, i));
	for (i = 0; i < b->v->ninsts; i++)
		count_users(b, i);
	memset(b->last, 0, b->v->ncrits * sizeof(*b->last));
	for (i = 0; i < b->v->ninsts; i++)
		blame_rule(b, i);
}

static uint32_t dearest(const struct blame *b)
{
	uint32_t i, found = 0;

	for (i = 1; i < b->v->ninsts; i++)
		if (b->rule[i] > b->rule[found])
			found = i;
	return found;
}

/* The dearest rules, and what they cost no more. */
static void put(struct blame *b, const struct weir_emit *e, FILE *f)
{
	double all = weir_cost(b->v);
	const struct weir_rule *r;
	uint32_t i, k;

	for (i = 0; i < BLAMED && i < b->v->ninsts; i++) {
		k = dearest(b);
		if (i && b->rule[k] < all / 1000)
			break;
		r = e->rule[k];
		fprintf(f, "%s\"%s\" (%s:%u) for %.1f %%", i ? ", " : "", r->title, r->file,
			r->line, 100 * b->rule[k] / all);
		b->rule[k] = 0;
	}
}

void weir_slow_blame(const struct weir_emit *e, const struct weir_view *v, char *out, size_t n)
{
	struct blame b = { .v = v };
	FILE *f = fmemopen(out, n, "w");

	if (!f)
		abort();
	b.crit = weir_alloc(v->ncrits, sizeof(*b.crit));
	b.users = weir_alloc(v->ncrits, sizeof(*b.users));
	b.last = weir_alloc(v->ncrits, sizeof(*b.last));
	b.rule = weir_alloc(v->ninsts, sizeof(*b.rule));
	add_up(&b);
	put(&b, e, f);
	fclose(f);
	free(b.crit);
	free(b.users);
	free(b.last);
	free(b.rule);
}
