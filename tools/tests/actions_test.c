// SPDX-License-Identifier: GPL-2.0
/*
 * weir_actions() against brute force: small random programs, every event there is.
 *
 * The type has a selector of VALUES values and three more fields. Two models: what the interpreter
 * says of each event, which must never match behind the back of weir_actions(); and the program
 * walked with each node's criterion answering either way, with which it must agree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "weir.h"

#define VALUES 4u /* of an enum */
#define FIELDS 4u /* 0 and 3 are enums, 1 a number, 2 a boolean */
#define SELECTOR 3u
#define NODES 6u
#define CRITERIA 5u
#define RANGES (2u * CRITERIA)
#define ROUNDS 20000u
#define SCRATCH 4u /* words: of so few criteria and one instance, one of each kind */

/* A file's tables, one behind the other, without a header. */
struct content {
	uint8_t type[WEIR_SZ_TYPE], kind[8], inst[WEIR_SZ_INSTANCE];
	uint8_t crit[CRITERIA * WEIR_SZ_CRITERION], num[RANGES * WEIR_SZ_NUMBER];
	uint8_t node[WEIR_NODES_MAX * WEIR_SZ_NODE];
};

static const uint8_t kinds[FIELDS] = { WEIR_KIND_enum, WEIR_KIND_u64, WEIR_KIND_bool,
				       WEIR_KIND_enum };
static uint8_t bytes[WEIR_HEADER_SIZE + sizeof(struct content)];
static struct content *const ct = (struct content *)(bytes + WEIR_HEADER_SIZE);
static uint32_t ncrits, nnodes, seed = 20240719;

/* How a node's criterion answers when the selector has a given value. */
enum answer { NO, YES, EITHER };

static enum answer answer[VALUES][CRITERIA];

static uint32_t random_below(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static void put(uint8_t *p, uint64_t v, int n)
{
	for (; n; n--, v >>= 8)
		*p++ = (uint8_t)v;
}

/* One or two ranges of a criterion, as a mask of the values that are in them. */
static uint32_t make_ranges(uint8_t *crit, uint32_t c)
{
	uint8_t *p = ct->num + 2 * c * WEIR_SZ_NUMBER;
	uint32_t n = 1 + random_below(2), lo = random_below(2), hi = lo + random_below(2);
	uint32_t mask = 0, i;

	put(crit + WEIR_C_FIRST, 2 * c, 4);
	put(crit + WEIR_C_COUNT, n, 3);
	put(p + WEIR_R_LO, lo, 8);
	put(p + WEIR_R_HI, hi, 8);
	put(p + WEIR_SZ_NUMBER + WEIR_R_LO, VALUES - 1, 8);
	put(p + WEIR_SZ_NUMBER + WEIR_R_HI, VALUES - 1, 8);
	for (i = 0; i < VALUES; i++)
		if ((i >= lo && i <= hi) || (n == 2 && i == VALUES - 1))
			mask |= 1u << i;
	return mask;
}

static void make_criterion(uint32_t c)
{
	static const uint8_t ops[] = { WEIR_OP_RANGE, WEIR_OP_RANGE, WEIR_OP_EXISTS,
				       WEIR_OP_FIELD_EQ };
	uint8_t *p = ct->crit + c * WEIR_SZ_CRITERION, op = ops[random_below(sizeof(ops))];
	uint32_t field = random_below(2) ? SELECTOR : random_below(FIELDS), mask = 0, i;

	/* Only enums can be compared with each other here. */
	if (op == WEIR_OP_FIELD_EQ && kinds[field] != WEIR_KIND_enum)
		op = WEIR_OP_EXISTS;
	memset(p, 0, WEIR_SZ_CRITERION);
	p[WEIR_C_FIELD] = (uint8_t)field;
	p[WEIR_C_OP] = op;
	if (op == WEIR_OP_FIELD_EQ)
		p[WEIR_C_FIELD2] = (uint8_t)(SELECTOR - field);
	if (op == WEIR_OP_RANGE)
		mask = make_ranges(p, c);
	if (op == WEIR_OP_EXISTS)
		mask = (1u << VALUES) - 1;
	for (i = 0; i < VALUES; i++)
		answer[i][c] = field != SELECTOR || op == WEIR_OP_FIELD_EQ ? EITHER
			       : mask >> i & 1				   ? YES
									   : NO;
}

static uint32_t make_target(uint32_t k)
{
	uint32_t to = k + 1 + random_below(3);

	return to < nnodes ? to : random_below(3) ? WEIR_REJECT : WEIR_ACCEPT;
}

static void put_node(uint32_t k, uint32_t crit, uint32_t yes, uint32_t no)
{
	uint8_t *p = ct->node + k * WEIR_SZ_NODE;

	put(p + WEIR_N_CRIT, crit, 4);
	put(p + WEIR_N_YES, yes, 2);
	put(p + WEIR_N_NO, no, 2);
}

/* The type, its only instance, and where everything is. */
static void put_tables(struct weir_view *v)
{
	const uint32_t off = WEIR_HEADER_SIZE;

	put(ct->type + WEIR_T_ID, 1, 2);
	put(ct->type + WEIR_T_ARITY, FIELDS, 2);
	put(ct->type + WEIR_T_NINST, 1, 4);
	put(ct->type + WEIR_T_NALWAYS, 1, 4);
	memcpy(ct->kind, kinds, sizeof(kinds));
	put(ct->inst + WEIR_I_NNODES, nnodes, 2);
	memset(v, 0, sizeof(*v));
	v->b = bytes;
	v->n = sizeof(bytes);
	v->types = off + (uint32_t)offsetof(struct content, type);
	v->kinds = off + (uint32_t)offsetof(struct content, kind);
	v->insts = off + (uint32_t)offsetof(struct content, inst);
	v->nodes = off + (uint32_t)offsetof(struct content, node);
	v->crits = off + (uint32_t)offsetof(struct content, crit);
	v->nums = off + (uint32_t)offsetof(struct content, num);
	v->ntypes = 1;
	v->nkinds = FIELDS;
	v->ninsts = 1;
	v->nnodes = nnodes;
	v->ncrits = ncrits;
	v->nnums = RANGES;
}

static void make_content(struct weir_view *v)
{
	uint32_t k;

	memset(ct, 0, offsetof(struct content, node));
	ncrits = 1 + random_below(CRITERIA);
	nnodes = 1 + random_below(NODES);
	for (k = 0; k < ncrits; k++)
		make_criterion(k);
	for (k = 0; k < nnodes; k++)
		put_node(k, random_below(ncrits) | (random_below(2) ? WEIR_ASLEEP : 0),
			 make_target(k), make_target(k));
	put_tables(v);
}

/* The values of the selector at which the interpreter finds an event that matches. */
static uint32_t matched(const struct weir_view *v)
{
	struct weir_value val[FIELDS];
	const struct weir_event e = { val, FIELDS, 1 };
	uint32_t scratch[SCRATCH], match[1], mask = 0, i, f, n;
	const struct weir_run run = { scratch, SCRATCH, match, 1, 1000000 };
	struct weir_result res;

	/* Each field but the selector has one of VALUES values, or none. */
	for (i = 0; i < (VALUES + 1) * (VALUES + 1) * (VALUES + 1) * VALUES; i++) {
		memset(val, 0, sizeof(val));
		for (f = 0, n = i; f < FIELDS; f++, n /= VALUES + 1) {
			val[f].num = n % (VALUES + 1);
			val[f].kind = val[f].num < VALUES ? kinds[f] : WEIR_KIND_none;
		}
		weir_eval(v, &e, &run, &res);
		if (res.status != WEIR_DONE)
			abort();
		mask |= res.nmatch ? 1u << val[SELECTOR].num : 0;
	}
	return mask;
}

/* Walk the program with the bits of @way for answers. 1: a match, and all answers are possible. */
static int walk(uint32_t value, uint32_t way)
{
	uint32_t k = 0, yes;
	const uint8_t *p;
	enum answer a;

	while (k < nnodes) {
		p = ct->node + k * WEIR_SZ_NODE;
		a = answer[value][p[WEIR_N_CRIT]];
		yes = way >> k & 1;
		if (a == (yes ? NO : YES))
			return 0;
		p += yes ? WEIR_N_YES : WEIR_N_NO;
		k = p[0] | (uint32_t)p[1] << 8;
	}
	return k == WEIR_ACCEPT;
}

static uint32_t walked(void)
{
	uint32_t mask = 0, value, way;

	for (value = 0; value < VALUES; value++)
		for (way = 0; way < 1u << nnodes; way++)
			if (walk(value, way))
				mask |= 1u << value;
	return mask;
}

/* The values at which weir_actions() takes a match for possible; ~0: it says something else. */
static uint32_t foreseen(const struct weir_view *v, uint32_t action)
{
	struct weir_schema_type t = { .id = 1, .selector = SELECTOR };
	const struct weir_schema s = { &t, 1 };
	uint32_t scratch[WEIR_ACTION_WORDS], mask = 0, value, code;
	struct weir_error err;

	ct->inst[WEIR_I_ACTION] = (uint8_t)action;
	memset(scratch, 0xa5, sizeof(scratch));
	for (value = 0; value < VALUES; value++) {
		t.no_deny = action == WEIR_VERDICT_DENY ? 1u << value : ~0ull;
		t.no_kill = action == WEIR_VERDICT_KILL ? 1u << value : ~0ull;
		code = weir_actions(v, &s, scratch, &err);
		if (code == WEIR_E_ACTION_UNSUPPORTED)
			mask |= 1u << value;
		else if (code)
			return ~0u;
		if (code && (err.code != code || err.type != 1 || err.instance || err.field != 3))
			return ~0u;
	}
	return mask;
}

/* The same for a type whose events are all alike: bit 0. */
static uint32_t foreseen_at_all(const struct weir_view *v)
{
	struct weir_schema_type t = { .id = 1, .selector = WEIR_NOWHERE, .no_deny = 1 };
	const struct weir_schema s = { &t, 1 };
	uint32_t scratch[WEIR_ACTION_WORDS], with, without;
	struct weir_error err;

	ct->inst[WEIR_I_ACTION] = WEIR_VERDICT_DENY;
	with = weir_actions(v, &s, scratch, &err) == WEIR_E_ACTION_UNSUPPORTED;
	t.no_deny = ~1ull;
	without = weir_actions(v, &s, scratch, &err);
	return without ? ~0u : with;
}

static int report(const char *name, uint32_t wrong, uint32_t of)
{
	printf("%s actions %s (%u of %u)\n", wrong ? "not ok" : "ok", name, of - wrong, of);
	return wrong != 0;
}

/* Programs of many nodes: any field's presence leads on, the last asks for one selector value. */
static uint32_t long_ones(void)
{
	static const uint32_t lengths[] = { 1, 2, 31, 32, 33, 64, 65, 1000, WEIR_NODES_MAX };
	uint32_t wrong = 0, i, k, n;
	struct weir_view v;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		n = lengths[i];
		memset(ct, 0, offsetof(struct content, node));
		ct->crit[WEIR_C_FIELD] = 1;
		ct->crit[WEIR_C_OP] = WEIR_OP_EXISTS;
		ct->crit[WEIR_SZ_CRITERION + WEIR_C_FIELD] = SELECTOR;
		ct->crit[WEIR_SZ_CRITERION + WEIR_C_OP] = WEIR_OP_RANGE;
		put(ct->crit + WEIR_SZ_CRITERION + WEIR_C_COUNT, 1, 3);
		put(ct->num + WEIR_R_LO, 1, 8);
		put(ct->num + WEIR_R_HI, 2, 8);
		for (k = 0; k + 1 < n; k++)
			put_node(k, 0, k + 1, k % 7 ? WEIR_REJECT : n - 1);
		put_node(n - 1, 1, WEIR_ACCEPT, WEIR_REJECT);
		nnodes = n;
		ncrits = 2;
		put_tables(&v);
		wrong += foreseen(&v, WEIR_VERDICT_DENY) != 6;
		put_node(n - 1, 0, WEIR_REJECT, WEIR_REJECT);
		wrong += foreseen(&v, WEIR_VERDICT_DENY) != 0;
	}
	return wrong;
}

int main(void)
{
	uint32_t i, real, lax = 0, differ = 0, kill = 0, alert = 0, all = 0, refused = 0,
			  strict = 0;
	struct weir_view v;
	int bad = 0;

	for (i = 0; i < ROUNDS; i++) {
		make_content(&v);
		real = matched(&v);
		lax += (real & ~foreseen(&v, WEIR_VERDICT_DENY)) != 0;
		differ += foreseen(&v, WEIR_VERDICT_DENY) != walked();
		kill += foreseen(&v, WEIR_VERDICT_KILL) != walked();
		alert += foreseen(&v, WEIR_VERDICT_ALERT) != 0;
		all += real && foreseen_at_all(&v) != 1;
		refused += walked() != 0;
		strict += walked() != real;
	}
	bad |= report("no event that matches goes unforeseen", lax, ROUNDS);
	bad |= report("deny is refused where some way through the program leads", differ, ROUNDS);
	bad |= report("and so is kill", kill, ROUNDS);
	bad |= report("alert never is", alert, ROUNDS);
	bad |= report("without a selector bit 0 speaks for all events", all, ROUNDS);
	bad |= report("programs of every length are followed to their end", long_ones(), 18);
	/* or the above would be true of nothing */
	bad |= report("a fair part could match, a fair part not",
		      refused < ROUNDS / 4 || refused > ROUNDS * 3 / 4, 1);
	bad |= report("few are refused for what no event does", strict > ROUNDS / 10, 1);
	printf("# %u could match, %u of them only in part\n", refused, strict);
	return bad;
}
