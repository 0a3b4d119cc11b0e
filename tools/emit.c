// SPDX-License-Identifier: GPL-2.0
/* The order of everything in a channel file, its header and its tables. */
#include <stdlib.h>
#include <string.h>

#include "emit.h"
#include "emit_index.h"
#include "../interpreter/content.h"

static int by_type_and_uuid(const void *a, const void *b)
{
	const struct weir_rule *x = *(struct weir_rule *const *)a;
	const struct weir_rule *y = *(struct weir_rule *const *)b;

	if (x->type->id != y->type->id)
		return x->type->id < y->type->id ? -1 : 1;
	if (x->always != y->always)
		return y->always - x->always;
	return memcmp(x->uuid, y->uuid, sizeof(x->uuid));
}

static void number_tests(struct weir_emit *e, const struct weir_nodes *nodes)
{
	struct weir_test *t;
	uint32_t i;

	for (i = 0; i < nodes->n; i++) {
		t = nodes->node[i].test;
		if (t->number)
			continue;
		e->test = weir_realloc(e->test, e->ntests + 1, sizeof(struct weir_test *));
		e->test[e->ntests++] = t;
		t->number = e->ntests;
	}
}

static void forget_test(struct weir_test *t)
{
	t->number = 0;
	t->indexed = 0;
	t->slot = 0;
	free(t->place);
	t->place = NULL;
}

void weir_emit_free(struct weir_emit *e)
{
	uint32_t i;

	for (i = 0; i < e->ntests; i++)
		forget_test(e->test[i]);
	for (i = 0; i < WEIR_SEC_END; i++)
		free(e->section[i].p);
	free(e->test);
	free(e->rule);
	memset(e, 0, sizeof(*e));
}

uint32_t weir_emit_type(const struct weir_emit *e, const struct weir_type *t)
{
	uint32_t i;

	for (i = 0; i < e->ntypes && e->type[i] != t; i++)
		;
	return i;
}

static void put_types(struct weir_emit *e)
{
	struct weir_buffer *types = &e->section[WEIR_SEC_TYPES];
	struct weir_buffer *kinds = &e->section[WEIR_SEC_KINDS];
	uint32_t i, j, inst = 0, first, always;

	for (i = 0; i < e->ntypes; i++) {
		first = inst;
		for (always = 0; inst < e->nrules && e->rule[inst]->type == e->type[i]; inst++)
			always += e->rule[inst]->always;
		weir_put16(types, e->type[i]->id);
		weir_put16(types, e->type[i]->arity);
		weir_put32(types, first);
		weir_put32(types, inst - first);
		weir_put32(types, kinds->count);
		weir_put32(types, always);
		weir_put32(types, e->probe[i]);
		weir_put64(types, weir_fingerprint(e->type[i]));
		types->count++;
		for (j = 0; j < e->type[i]->arity; j++)
			weir_put8(kinds, e->type[i]->fields[j].kind);
		kinds->count += e->type[i]->arity;
	}
}

static int wakes(const struct weir_rule *r, const struct weir_test *t)
{
	size_t i;

	for (i = 0; i < r->nwakers && r->waker[i] != t; i++)
		;
	return i < r->nwakers;
}

static int asleep_at(const uint8_t *asleep, uint16_t to)
{
	return to == WEIR_REJECT || (to != WEIR_ACCEPT && asleep[to]);
}

/* From which nodes a rule cannot match while nothing that wakes it holds. */
static void find_asleep(const struct weir_rule *r, uint8_t *asleep)
{
	const struct weir_node *n;
	uint32_t i;

	for (i = r->nodes.n; i-- && !r->always;) {
		n = &r->nodes.node[i];
		asleep[i] = asleep_at(asleep, n->no) &&
			    (asleep_at(asleep, n->yes) || wakes(r, n->test));
	}
}

static void put_instance(struct weir_emit *e, const struct weir_rule *r)
{
	struct weir_buffer *insts = &e->section[WEIR_SEC_INSTANCES];
	struct weir_buffer *nodes = &e->section[WEIR_SEC_NODES];
	struct weir_buffer *text = &e->section[WEIR_SEC_TEXT];
	uint8_t *asleep = weir_alloc(r->nodes.n, 1);
	const struct weir_node *node;
	uint32_t i;

	weir_put(insts, r->uuid, sizeof(r->uuid));
	weir_put16(insts, weir_emit_type(e, r->type));
	weir_put16(insts, r->nodes.n);
	weir_put32(insts, nodes->count);
	weir_put8(insts, r->level);
	weir_put8(insts, r->action);
	weir_put16(insts, strlen(r->title));
	weir_put32(insts, text->n);
	insts->count++;
	weir_put(text, r->title, strlen(r->title));
	find_asleep(r, asleep);
	for (i = 0; i < r->nodes.n; i++) {
		node = &r->nodes.node[i];
		weir_put32(nodes, (node->test->number - 1) | (asleep[i] ? WEIR_ASLEEP : 0) |
					  (node->test->indexed ? WEIR_INDEXED_NODE : 0));
		weir_put16(nodes, node->yes);
		weir_put16(nodes, node->no);
	}
	nodes->count += r->nodes.n;
	free(asleep);
}

/* All sections but those of sample events. */
static void put_content(struct weir_emit *e)
{
	uint32_t i;

	weir_put(&e->section[WEIR_SEC_TEXT], e->head->name, strlen(e->head->name));
	weir_index_write(e);
	put_types(e);
	for (i = 0; i < e->nrules; i++)
		put_instance(e, e->rule[i]);
	for (i = 0; i < e->ntests; i++)
		weir_emit_criterion(e, e->test[i]);
}

void weir_emit_prepare(struct weir_sigma *s, const struct weir_emit_head *head,
		       struct weir_emit *out)
{
	uint32_t i;

	memset(out, 0, sizeof(*out));
	weir_index_plan(s);
	out->head = head;
	out->profile = s->profile;
	out->nrules = s->nrules;
	out->rule = weir_alloc(s->nrules, sizeof(*out->rule));
	for (i = 0; i < s->nrules; i++)
		out->rule[i] = &s->rule[i];
	qsort(out->rule, s->nrules, sizeof(*out->rule), by_type_and_uuid);
	for (i = 0; i < s->nrules; i++) {
		out->rule[i]->number = i;
		if (!i || out->rule[i]->type != out->rule[i - 1]->type)
			out->type[out->ntypes++] = out->rule[i]->type;
		number_tests(out, &out->rule[i]->nodes);
	}
	put_content(out);
}

/* Sections that are bytes have as many entries as bytes. */
static void count_bytes(struct weir_emit *e)
{
	static const uint8_t bytes[] = { WEIR_SEC_TEXT, WEIR_SEC_POOL, WEIR_SEC_DFA_DATA,
					 WEIR_SEC_SAMPLE_DATA };
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		e->section[bytes[i]].count = e->section[bytes[i]].n;
}

static uint32_t count_dfas(const struct weir_emit *e)
{
	uint32_t i, n = 0;

	for (i = 0; i < e->ntests; i++)
		n += !!e->test[i]->dfa;
	return n;
}

static void put_head(const struct weir_emit *e, struct weir_buffer *out)
{
	const struct weir_emit_head *h = e->head;

	weir_put(out, WEIR_MAGIC, 8);
	weir_put32(out, WEIR_FORMAT);
	weir_put32(out, 0);
	weir_put32(out, h->channel);
	weir_put32(out, WEIR_NSECT);
	weir_put64(out, h->version);
	weir_put64(out, h->created);
	weir_put64(out, 0);
	weir_put32(out, 4 * scratch_words(scratch_room(e->ntests, e->nrules, count_dfas(e))));
	weir_put32(out, strlen(h->name));
	weir_put64(out, 0);
}

static size_t round8(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

static void put_sections(const struct weir_emit *e, struct weir_buffer *out)
{
	static const uint8_t zero[8];
	size_t at = WEIR_HEADER_SIZE;
	uint32_t i;

	for (i = 1; i < WEIR_SEC_END; i++) {
		weir_put32(out, i);
		weir_put32(out, at);
		weir_put32(out, e->section[i].n);
		weir_put32(out, e->section[i].count);
		at = round8(at + e->section[i].n);
	}
	for (i = 1; i < WEIR_SEC_END; i++) {
		weir_put(out, zero, round8(out->n) - out->n);
		weir_put(out, e->section[i].p, e->section[i].n);
	}
}

static void patch(struct weir_buffer *b, size_t at, uint64_t v, size_t n)
{
	while (n--) {
		b->p[at++] = v;
		v >>= 8;
	}
}

void weir_emit_cost(struct weir_buffer *file, uint64_t cost)
{
	patch(file, WEIR_H_COST, cost, 8);
}

static const char *check_size(const struct weir_emit *e)
{
	size_t total = WEIR_HEADER_SIZE;
	uint32_t i;

	for (i = 1; i < WEIR_SEC_END; i++) {
		total += round8(e->section[i].n);
		switch (i) {
		case WEIR_SEC_TEXT:
		case WEIR_SEC_POOL:
		case WEIR_SEC_DFA_DATA:
		case WEIR_SEC_SAMPLE_DATA:
			break;
		case WEIR_SEC_FILTERS:
		case WEIR_SEC_ENTRIES:
			if (e->section[i].count > WEIR_WORDS_MAX)
				return "more than 1048576 entries or words of filters in the index";
			break;
		default:
			if (e->section[i].count > WEIR_COUNT_MAX)
				return "more than 262144 entries in one table";
		}
	}
	if (e->section[WEIR_SEC_PROBES].count > WEIR_PROBES_MAX)
		return "more than 256 probes: fewer Template Types and fields in one file";
	return total > WEIR_CONTENT_MAX ? "more than 32 MiB of content" : NULL;
}

const char *weir_emit_write(struct weir_emit *e, struct weir_buffer *out)
{
	const char *wrong;

	weir_emit_samples(e);
	count_bytes(e);
	wrong = check_size(e);
	if (wrong)
		return wrong;
	out->n = 0;
	put_head(e, out);
	put_sections(e, out);
	patch(out, WEIR_H_SIZE, out->n, 4);
	return NULL;
}
