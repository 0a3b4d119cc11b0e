// SPDX-License-Identifier: GPL-2.0
/* Criteria and their operands: literals with failure tables, ranges, DFAs. */
#include <string.h>

#include "emit.h"

/* Entry j is the length of the longest proper border of the first j bytes. */
static void put_failures(struct weir_buffer *pool, const struct weir_bytes *lit)
{
	uint16_t border[WEIR_LITERAL_MAX + 1] = { 0 };
	uint32_t j, k = 0;

	for (j = 1; j < lit->n; j++) {
		while (k && lit->p[j] != lit->p[k])
			k = border[k];
		if (lit->p[j] == lit->p[k])
			k++;
		border[j + 1] = k;
	}
	for (j = 0; j < lit->n; j++)
		weir_put16(pool, border[j]);
}

static void put_literals(struct weir_emit *e, const struct weir_test *t)
{
	struct weir_buffer *pool = &e->section[WEIR_SEC_POOL];
	struct weir_buffer *lits = &e->section[WEIR_SEC_LITERALS];
	uint32_t i;

	for (i = 0; i < t->n; i++) {
		weir_put32(lits, pool->n);
		weir_put16(lits, t->lit[i].n);
		weir_put16(lits, 0);
		weir_put(pool, t->lit[i].p, t->lit[i].n);
		if (t->op == WEIR_OP_CONTAINS)
			put_failures(pool, &t->lit[i]);
	}
	lits->count += t->n;
}

static void put_ranges(struct weir_emit *e, const struct weir_test *t)
{
	struct weir_buffer *nums = &e->section[WEIR_SEC_NUMBERS];
	uint32_t i;

	for (i = 0; i < t->n; i++) {
		weir_put64(nums, t->range[i].lo);
		weir_put64(nums, t->range[i].hi);
	}
	nums->count += t->n;
}

static void put_dfa(struct weir_emit *e, const struct weir_dfa *d)
{
	struct weir_buffer *dfas = &e->section[WEIR_SEC_DFAS];
	struct weir_buffer *data = &e->section[WEIR_SEC_DFA_DATA];
	uint32_t i;

	weir_put32(dfas, data->n);
	weir_put32(dfas, d->ncells);
	weir_put32(dfas, d->start);
	weir_put16(dfas, d->nclasses);
	weir_put16(dfas, 0);
	dfas->count++;
	weir_put(data, d->map, sizeof(d->map));
	for (i = 0; i < d->ncells; i++)
		weir_put16(data, d->next[i]);
}

/* The number of the first operand, which is put after the criterion. */
static uint32_t first_operand(const struct weir_emit *e, const struct weir_test *t)
{
	if (t->dfa)
		return e->section[WEIR_SEC_DFAS].count;
	if (t->range)
		return e->section[WEIR_SEC_NUMBERS].count;
	return t->lit ? e->section[WEIR_SEC_LITERALS].count : 0;
}

void weir_emit_criterion(struct weir_emit *e, const struct weir_test *t)
{
	struct weir_buffer *crits = &e->section[WEIR_SEC_CRITERIA];

	weir_put16(crits, weir_emit_type(e, t->type));
	weir_put16(crits, t->field);
	weir_put8(crits, t->op);
	weir_put8(crits, t->flags);
	weir_put16(crits, t->field2);
	weir_put32(crits, first_operand(e, t));
	weir_put32(crits, t->n);
	crits->count++;
	if (t->dfa)
		put_dfa(e, t->dfa);
	else if (t->range)
		put_ranges(e, t);
	else if (t->lit)
		put_literals(e, t);
}
