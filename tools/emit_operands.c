// SPDX-License-Identifier: GPL-2.0
/* Criteria and their operands: literals with failure tables, ranges, DFAs. */
#include <ctype.h>
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
		weir_put8(lits, t->place[i].at);
		weir_put8(lits, t->place[i].probe);
		weir_put(pool, t->lit[i].p, t->lit[i].n);
		if (t->op == WEIR_OP_CONTAINS && !t->indexed)
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

/* Bytes of a match before its leader, and one for ^ and \b. */
static uint32_t reach_before(const struct weir_re_need *led)
{
	return led->before == WEIR_RE_ANYWHERE ? WEIR_FROM_START : led->before + 1;
}

/* Among so many bytes there is no looking for one that is none of them. */
#define PREFIX_MOST 200u

/* The classes of these bytes; all, if that cannot be said. */
static uint32_t prefix_classes(const struct weir_dfa *d, const struct weir_re_need *led)
{
	uint32_t c, n = 0, classes = 0;

	if (led->before != WEIR_RE_ANYWHERE)
		return 0;
	if (d->nclasses > 33)
		return 0xffffffffu;
	for (c = 0; c < 256; c++) {
		if (!(led->prefix[c / 64] >> c % 64 & 1))
			continue;
		classes |= 1u << d->map[c];
		n++;
	}
	return n < PREFIX_MOST ? classes : 0xffffffffu;
}

static int has_byte(const struct weir_test *t, uint8_t c)
{
	uint32_t i;

	for (i = 0; i < t->n; i++)
		if (memchr(t->lit[i].p, c, t->lit[i].n))
			return 1;
	return 0;
}

/* How many bytes stay in a row; @size: bytes of each class. */
static uint32_t stay_in(const struct weir_dfa *d, uint32_t row, const uint32_t *size)
{
	uint32_t k, n = 0;

	for (k = 0; k + 1 < d->nclasses; k++)
		n += d->next[row + k] == row ? size[k] : 0;
	return n;
}

/*
 * The row in which the most bytes stay, of those to which a byte leads from the start that no
 * literal of the leader has: from there on it takes all of one.
 */
static uint32_t idle_row(const struct weir_test *t)
{
	const struct weir_dfa *d = t->dfa;
	uint32_t size[256] = { 0 }, c, n, row, most = 0, idle = d->start;
	uint8_t done[256] = { 0 };

	for (c = 0; c < 256; c++)
		size[d->map[c]]++;
	for (c = 0; c < 256; c++) {
		row = d->next[d->start + d->map[c]];
		if (done[d->map[c]] || row >= WEIR_DFA_REJECT || has_byte(t->leader, tolower(c)))
			continue;
		done[d->map[c]] = 1;
		n = stay_in(d, row, size);
		if (n > most) {
			most = n;
			idle = row;
		}
	}
	return idle;
}

static uint32_t staying(const struct weir_dfa *d, uint32_t idle)
{
	uint32_t k, classes = 0;

	for (k = 0; k < 32 && k + 1 < d->nclasses; k++)
		if (d->next[idle + k] == idle)
			classes |= 1u << k;
	return classes;
}

static void put_dfa(struct weir_emit *e, const struct weir_test *t)
{
	int led = t->leader && t->leader->slot;
	uint32_t idle = led ? idle_row(t) : 0;
	const struct weir_dfa *d = t->dfa;
	struct weir_buffer *dfas = &e->section[WEIR_SEC_DFAS];
	struct weir_buffer *data = &e->section[WEIR_SEC_DFA_DATA];
	uint32_t i;

	weir_put32(dfas, data->n);
	weir_put32(dfas, d->ncells);
	weir_put32(dfas, d->start);
	weir_put16(dfas, d->nclasses);
	weir_put16(dfas, led ? reach_before(t->led) : 0);
	weir_put32(dfas, led ? t->leader->number : 0);
	weir_put32(dfas, idle);
	weir_put32(dfas, led ? prefix_classes(d, t->led) : 0);
	weir_put32(dfas, staying(d, idle));
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

	weir_put8(crits, weir_emit_type(e, t->type));
	weir_put8(crits, t->field);
	weir_put8(crits, t->field2);
	weir_put8(crits, t->op);
	weir_put32(crits, first_operand(e, t));
	weir_put16(crits, t->n);
	weir_put8(crits, t->n >> 16);
	weir_put8(crits, t->flags | (t->indexed ? WEIR_INDEXED : 0));
	weir_put32(crits, t->wake + t->slot * WEIR_SLOT);
	crits->count++;
	if (t->dfa)
		put_dfa(e, t);
	else if (t->range)
		put_ranges(e, t);
	else if (t->lit)
		put_literals(e, t);
}
