// SPDX-License-Identifier: GPL-2.0
/* The sections of the matching index, in the order that the verifier wants. */
#include <stdlib.h>
#include <string.h>

#include "emit_index.h"
#include "emit_probes.h"
#include "../interpreter/index.h"

/* An operand of a criterion on its way into the index. */
struct item {
	struct weir_index_window w;
	uint32_t type; /* its place in the file */
	uint32_t operand; /* its number in the file */
	uint32_t nth; /* in its criterion */
	struct weir_test *t;
	uint32_t hash;
	uint32_t entry; /* of its probe's */
};

struct items {
	struct item *item;
	size_t n;
};

static int by_probe(const struct item *x, const struct item *y)
{
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	if (x->w.field != y->w.field)
		return x->w.field - y->w.field;
	if (x->w.where != y->w.where)
		return x->w.where - y->w.where;
	if (x->w.width != y->w.width)
		return x->w.width - y->w.width;
	return x->w.at - y->w.at;
}

static int by_place(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int d = by_probe(x, y);

	if (d)
		return d;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->operand > y->operand) - (x->operand < y->operand);
}

static void collect(struct weir_emit *e, struct items *out)
{
	struct weir_index_window *window = weir_index_windows(e->profile, e->test, e->ntests);
	uint32_t lits = 0, nums = 0, i, k;
	struct weir_test *t;
	struct item *it;

	for (i = 0; i < e->ntests; i++) {
		t = e->test[i];
		for (k = 0; t->indexed && k < t->n; k++) {
			out->item = weir_realloc(out->item, out->n + 1, sizeof(*out->item));
			it = &out->item[out->n];
			it->w = window[out->n++];
			it->type = weir_emit_type(e, t->type);
			it->operand = (t->range ? nums : lits) + k;
			it->nth = k;
			it->t = t;
			it->hash = mix(it->w.tag);
		}
		lits += t->lit ? t->n : 0;
		nums += t->range ? t->n : 0;
	}
	free(window);
}

static void put_filter(struct weir_buffer *filters, const struct item *it, size_t n, uint32_t words)
{
	uint32_t *word = weir_alloc(words, sizeof(*word)), hash, i;
	size_t k;

	for (k = 0; k < n; k++) {
		hash = it[k].hash;
		word[spread(hash, words)] |= 1u << hash % 32;
	}
	for (i = 0; i < words; i++)
		weir_put32(filters, word[i]);
	filters->count += words;
	free(word);
}

/* The entry that an item is put in: its home, or the next that those before it left free. */
static uint32_t place(struct item *it, size_t n, uint32_t homes)
{
	uint32_t next = 0, home;
	size_t k;

	for (k = 0; k < n; k++) {
		home = spread(it[k].hash, homes);
		it[k].entry = home > next ? home : next;
		next = it[k].entry + 1;
	}
	return next;
}

static void put_empty(struct weir_buffer *entries, uint32_t n)
{
	while (n--) {
		weir_put32(entries, WEIR_NOWHERE);
		weir_put32(entries, 0);
		weir_put32(entries, WEIR_MORE_NONE);
		weir_put32(entries, WEIR_NOWHERE);
		entries->count++;
	}
}

/* The heaviest row of entries. */
static uint32_t put_entries(struct weir_emit *e, const struct item *it, size_t n, uint32_t count)
{
	struct weir_buffer *entries = &e->section[WEIR_SEC_ENTRIES];
	uint32_t next = 0, weight = 0, most = 0;
	size_t k;

	for (k = 0; k < n; k++) {
		if (it[k].entry != next)
			weight = 0;
		put_empty(entries, it[k].entry - next);
		weir_put32(entries, it[k].hash);
		weir_put32(entries, it[k].w.more.tag);
		weir_put32(entries, it[k].operand + it[k].w.more.of);
		weir_put32(entries, it[k].t->number - 1);
		entries->count++;
		next = it[k].entry + 1;
		weight += it[k].w.weight;
		if (weight > most)
			most = weight;
	}
	put_empty(entries, count - next);
	return most;
}

/* The @n items of one probe, which begin at @it. */
static void put_probe(struct weir_emit *e, struct item *it, size_t n)
{
	struct weir_buffer *probes = &e->section[WEIR_SEC_PROBES];
	struct weir_buffer *filters = &e->section[WEIR_SEC_FILTERS];
	uint32_t words = it->w.where == WEIR_AT_ALL ? n : (n + 1) / 2;
	uint32_t homes = n + n / 2, count, weight, filter = filters->count;
	uint32_t first = e->section[WEIR_SEC_ENTRIES].count;
	size_t k;

	for (k = 0; k < n && it->w.where < WEIR_AT_NUM; k++) {
		it[k].t->place[it[k].nth].at = it[k].w.in;
		it[k].t->place[it[k].nth].probe = probes->count;
	}
	/* The last entry stays empty. */
	count = place(it, n, homes) + 1;
	if (count < homes)
		count = homes;
	put_filter(filters, it, n, words);
	weight = put_entries(e, it, n, count);
	weir_put8(probes, it->w.field);
	weir_put8(probes, it->w.where);
	weir_put8(probes, it->w.width);
	weir_put8(probes, 0);
	weir_put16(probes, it->w.at);
	weir_put16(probes, 0);
	weir_put32(probes, filter);
	weir_put32(probes, words);
	weir_put32(probes, first);
	weir_put32(probes, count);
	weir_put32(probes, homes);
	weir_put32(probes, weight);
	probes->count++;
}

/* What a program asks first, if that is a range of numbers without which it rejects. */
static uint32_t gate_of(const struct weir_rule *r)
{
	const struct weir_node *first = r->nodes.node;
	const struct weir_test *t = first->test;

	if (t->op != WEIR_OP_RANGE || t->n != 1 || first->no != WEIR_REJECT)
		return 0;
	return t->number <= WEIR_GATES_MAX ? t->number : 0;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void put_wakes(struct weir_emit *e)
{
	struct weir_buffer *wakes = &e->section[WEIR_SEC_WAKES];
	const struct weir_rule *r;
	struct weir_test *t;
	uint32_t i, k;
	size_t j;

	for (i = 0; i < e->ntests; i++)
		e->test[i]->nwakes = 0;
	for (i = 0; i < e->nrules; i++) {
		r = e->rule[i];
		for (j = 0; j < r->nwakers; j++) {
			t = r->waker[j];
			if (t->nwakes && t->wakes[t->nwakes - 1] == i)
				continue;
			t->wakes = weir_realloc(t->wakes, t->nwakes + 1, sizeof(*t->wakes));
			t->wakes[t->nwakes++] = i;
		}
	}
	for (i = 0; i < e->ntests; i++) {
		t = e->test[i];
		t->wake = wakes->count;
		if (t->nwakes)
			qsort(t->wakes, t->nwakes, sizeof(*t->wakes), by_number);
		for (k = 0; k < t->nwakes; k++)
			weir_put32(wakes, t->wakes[k] + WEIR_GATE * gate_of(e->rule[t->wakes[k]]));
		wakes->count += t->nwakes;
		free(t->wakes);
		t->wakes = NULL;
	}
}

/* Criteria that lead a DFA, in their order; few enough for their slots to be written. */
static void give_slots(struct weir_emit *e)
{
	const struct weir_test *t;
	uint32_t i, n = 0;

	for (i = 0; i < e->ntests; i++)
		e->test[i]->slot = 0;
	for (i = 0; i < e->ntests; i++) {
		t = e->test[i];
		if (t->leader && t->leader->number && t->leader->indexed)
			t->leader->slot = 1;
	}
	for (i = 0; i < e->ntests; i++)
		if (e->test[i]->slot)
			e->test[i]->slot = n < WEIR_SLOTS_MAX ? ++n : 0;
}

void weir_index_write(struct weir_emit *e)
{
	struct items all = { NULL, 0 };
	size_t i, n;

	for (i = 0; i < e->ntests; i++)
		if (e->test[i]->lit)
			e->test[i]->place = weir_alloc(e->test[i]->n, sizeof(*e->test[i]->place));
	give_slots(e);
	memset(e->probe, 0, sizeof(e->probe));
	collect(e, &all);
	if (all.n)
		qsort(all.item, all.n, sizeof(*all.item), by_place);
	for (i = 0; i < all.n; i += n) {
		for (n = 1; i + n < all.n && !by_probe(&all.item[i], &all.item[i + n]); n++)
			;
		e->probe[all.item[i].type + 1] = e->section[WEIR_SEC_PROBES].count + 1;
		put_probe(e, &all.item[i], n);
	}
	for (i = 1; i <= e->ntypes; i++)
		if (!e->probe[i])
			e->probe[i] = e->probe[i - 1];
	put_wakes(e);
	free(all.item);
}
