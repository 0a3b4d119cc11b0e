// SPDX-License-Identifier: GPL-2.0
/* The matching index in the kernel: content with every kind of probe, and ways to damage it. */
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <asm/unaligned.h>

#include "../interpreter/content.h"
#include "core_bed.h"

/* Over network_connection, with sample events that match every instance. */
static const u8 indexed[] = {
#include "content_index.inc"
};

#define NINSTS 18
/* Those that are asked always, with one node each, come first. */
#define NALWAYS 2

static struct weir_view open_it(struct kunit *test)
{
	return weir_core_open(test, indexed, sizeof(indexed));
}

/* A sample event that wakes instances. */
static struct weir_event sample(struct kunit *test, const struct weir_view *v)
{
	struct weir_value *val = weir_core_values(test);
	struct weir_event e;

	KUNIT_ASSERT_EQ(test, weir_sample(v, v->nsamples - 1, val, WEIR_ARITY_MAX, &e), 0);
	return e;
}

static void the_content_has_every_kind_of_probe(struct kunit *test)
{
	struct weir_view v = open_it(test);
	struct weir_error err;
	u32 i, where = 0, width = 0;

	KUNIT_EXPECT_EQ(test, weir_core_verify(&v, &err), (u32)WEIR_E_OK);
	KUNIT_EXPECT_EQ(test, v.ninsts, (u32)NINSTS);
	KUNIT_EXPECT_EQ(test, get_type(v, 0).nalways, (u32)NALWAYS);
	for (i = 0; i < v.nprobes; i++) {
		struct rprobe p = get_probe(v, i);

		where |= BIT(p.where);
		width |= p.where == WEIR_AT_NET ? 0 : BIT(p.width);
	}
	KUNIT_EXPECT_EQ(test, where, (u32)GENMASK(WEIR_AT_PAST - 1, WEIR_AT_ALL));
	KUNIT_EXPECT_EQ(test, width, (u32)(GENMASK(4, 0) | BIT(8)));
}

static void every_instance_is_woken_by_some_sample(struct kunit *test)
{
	struct weir_view v = open_it(test);
	struct weir_value *val = weir_core_values(test);
	DECLARE_BITMAP(matched, NINSTS) = {};
	u32 match[WEIR_CORE_MATCHES + 1];
	struct weir_result res;
	struct weir_event e;
	u32 i, k;

	for (i = 0; i < v.nsamples; i++) {
		KUNIT_ASSERT_EQ(test, weir_sample(&v, i, val, WEIR_ARITY_MAX, &e), 0);
		weir_core_evaluate(test, &v, &e, match, &res);
		KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_DONE);
		KUNIT_EXPECT_EQ(test, res.trips, 0u);
		KUNIT_ASSERT_LE(test, res.nmatch, (u32)WEIR_CORE_MATCHES);
		KUNIT_EXPECT_EQ(test, weir_sample_ok(&v, i, match, res.nmatch), 1);
		for (k = 0; k < res.nmatch; k++)
			__set_bit(match[k], matched);
	}
	KUNIT_EXPECT_TRUE(test, bitmap_full(matched, NINSTS));
}

static u32 word_at(const struct weir_view *v, u32 at)
{
	return get_unaligned_le32(v->b + at);
}

static void a_probe_that_is_not_as_it_should_be_is_refused(struct kunit *test)
{
	struct weir_view v = open_it(test);
	u32 last = v.probes + (v.nprobes - 1) * WEIR_SZ_PROBE;
	u32 head = word_at(&v, v.probes);

	/* a field past the arity, an unknown place, a width that none has */
	weir_core_refused(test, &v, v.probes, head | 0xff, WEIR_E_PROBE);
	weir_core_refused(test, &v, v.probes, (head & ~0xff00u) | WEIR_AT_PAST << 8, WEIR_E_PROBE);
	weir_core_refused(test, &v, v.probes, head ^ 0x70000, WEIR_E_PROBE);
	weir_core_refused(test, &v, v.probes, head | 1u << 24, WEIR_E_RESERVED);
	/* the one before once more; tables that do not tile; another weight than the heaviest */
	weir_core_refused(test, &v, last, head, WEIR_E_PROBE);
	weir_core_refused(test, &v, last + WEIR_B_FILTER, 0, WEIR_E_PROBE);
	weir_core_refused(test, &v, last + WEIR_B_FIRST, 0, WEIR_E_PROBE);
	weir_core_refused(test, &v, last + WEIR_B_COUNT, v.nentries, WEIR_E_PROBE);
	weir_core_refused(test, &v, last + WEIR_B_HOMES, 0, WEIR_E_PROBE);
	weir_core_refused(test, &v, last + WEIR_B_HOMES, word_at(&v, last + WEIR_B_COUNT) + 1,
			  WEIR_E_PROBE);
	weir_core_refused(test, &v, last + WEIR_B_WEIGHT, word_at(&v, last + WEIR_B_WEIGHT) + 1,
			  WEIR_E_PROBE);
	/* a type without any */
	weir_core_refused(test, &v, v.types + WEIR_T_PROBE, 1, WEIR_E_PROBE);
}

/* The first entry that is empty. */
static u32 empty_entry(const struct weir_view *v)
{
	u32 x = v->entries;

	while (word_at(v, x + WEIR_X_CRIT) != WEIR_NOWHERE)
		x += WEIR_SZ_ENTRY;
	return x;
}

static void an_entry_that_would_not_be_found_is_refused(struct kunit *test)
{
	struct weir_view v = open_it(test);
	u32 x = v.entries, empty = empty_entry(&v);

	weir_core_refused(test, &v, x + WEIR_X_HASH, word_at(&v, x + WEIR_X_HASH) ^ 1,
			  WEIR_E_ENTRY);
	weir_core_refused(test, &v, x + WEIR_X_MORE, word_at(&v, x + WEIR_X_MORE) ^ 1,
			  WEIR_E_ENTRY);
	weir_core_refused(test, &v, x + WEIR_X_CRIT, v.ncrits, WEIR_E_ENTRY);
	weir_core_refused(test, &v, x + WEIR_X_CRIT, word_at(&v, x + WEIR_X_CRIT) - 1,
			  WEIR_E_ENTRY);
	weir_core_refused(test, &v, x + WEIR_X_OPERAND, v.nlits + v.nnums, WEIR_E_ENTRY);
	weir_core_refused(test, &v, x + WEIR_X_OPERAND,
			  word_at(&v, x + WEIR_X_OPERAND) ^ WEIR_MORE_BEFORE, WEIR_E_ENTRY);
	/* one that is empty, but not blank; and one that is gone */
	weir_core_refused(test, &v, empty + WEIR_X_HASH, 0, WEIR_E_ENTRY);
	weir_core_refused(test, &v, empty + WEIR_X_MORE, 1, WEIR_E_ENTRY);
	weir_core_refused(test, &v, x + WEIR_X_CRIT, WEIR_NOWHERE, WEIR_E_ENTRY);
	/* filters that let something less pass, whatever probe they are of */
	for (x = v.filters; x < v.filters + v.nfilters * WEIR_SZ_WORD; x += WEIR_SZ_WORD)
		if (word_at(&v, x))
			weir_core_refused(test, &v, x, 0, WEIR_E_ENTRY);
}

/* The same entries, in the order of a table that has them elsewhere. */
static void an_entry_that_is_not_at_its_home_is_refused(struct kunit *test)
{
	struct weir_view v = open_it(test);
	struct rprobe p = { .weight = 0 };
	struct weir_error err;
	u8 one[WEIR_SZ_ENTRY];
	u8 *first;
	u32 i;

	for (i = 0; i < v.nprobes && p.count < 3; i++)
		p = get_probe(v, i);
	KUNIT_ASSERT_GE(test, p.count, 3u);
	first = (u8 *)v.b + v.entries + p.first * WEIR_SZ_ENTRY;
	memcpy(one, first, WEIR_SZ_ENTRY);
	memmove(first, first + WEIR_SZ_ENTRY, WEIR_SZ_ENTRY);
	memcpy(first + WEIR_SZ_ENTRY, one, WEIR_SZ_ENTRY);
	KUNIT_EXPECT_EQ(test, weir_core_verify(&v, &err), (u32)WEIR_E_ENTRY);
}

static void a_criterion_wakes_only_what_it_may(struct kunit *test)
{
	struct weir_view v = open_it(test);
	u32 last = v.wakes + (v.nwakes - 1) * WEIR_SZ_WAKE;

	/* one that is asked always, none at all */
	weir_core_refused(test, &v, v.wakes, NALWAYS - 1, WEIR_E_WAKE);
	weir_core_refused(test, &v, last, NINSTS, WEIR_E_WAKE);
	/* what it wakes begins elsewhere */
	weir_core_refused(test, &v, v.crits + WEIR_C_WAKE, 1, WEIR_E_WAKE);
}

static void an_instance_that_is_not_woken_is_refused(struct kunit *test)
{
	struct weir_view v = open_it(test);
	u32 woken = v.nodes + NALWAYS * WEIR_SZ_NODE;
	u32 node = word_at(&v, woken);
	u32 wake = v.wakes;

	while (word_at(&v, wake) != NALWAYS)
		wake += WEIR_SZ_WAKE;
	KUNIT_ASSERT_EQ(test, node & (WEIR_ASLEEP | WEIR_INDEXED_NODE),
			WEIR_ASLEEP | WEIR_INDEXED_NODE);
	weir_core_refused(test, &v, woken, node & ~WEIR_ASLEEP, WEIR_E_ASLEEP);
	weir_core_refused(test, &v, woken, node & ~WEIR_INDEXED_NODE, WEIR_E_FLAGS);
	/* its criterion wakes another instead */
	weir_core_refused(test, &v, wake, word_at(&v, wake) + 1, WEIR_E_ASLEEP);
	/* one that is asked always says that it sleeps */
	weir_core_refused(test, &v, v.nodes, word_at(&v, v.nodes) | WEIR_ASLEEP, WEIR_E_ASLEEP);
}

static void a_dfa_is_led_by_a_criterion_with_a_slot(struct kunit *test)
{
	struct weir_view v = open_it(test);
	u32 leader = v.dfas + WEIR_D_LEADER, wake = v.crits + WEIR_C_WAKE;

	KUNIT_ASSERT_EQ(test, v.ndfas, 1u);
	KUNIT_ASSERT_GT(test, word_at(&v, leader), 1u);
	weir_core_refused(test, &v, leader, 1, WEIR_E_LEADER);
	weir_core_refused(test, &v, leader, v.ncrits + 1, WEIR_E_LEADER);
	/* the first takes the slot that is the leader's, or one past all there are */
	weir_core_refused(test, &v, wake, word_at(&v, wake) + WEIR_SLOT, WEIR_E_LEADER);
	weir_core_refused(test, &v, wake, word_at(&v, wake) + 2 * WEIR_SLOT, WEIR_E_LEADER);
	/* no leader, but what one would mean; an idle row outside; not the classes that stay */
	weir_core_refused(test, &v, leader, 0, WEIR_E_DFA);
	weir_core_refused(test, &v, v.dfas + WEIR_D_IDLE, word_at(&v, v.dfas + WEIR_D_NCELLS),
			  WEIR_E_DFA);
	weir_core_refused(test, &v, v.dfas + WEIR_D_STAY, word_at(&v, v.dfas + WEIR_D_STAY) ^ 1,
			  WEIR_E_DFA);
}

static void scratch_and_cost_are_what_the_index_takes(struct kunit *test)
{
	struct weir_view v = open_it(test);
	u32 scratch = word_at(&v, WEIR_H_SCRATCH), cost = word_at(&v, WEIR_H_COST);

	weir_core_refused(test, &v, WEIR_H_SCRATCH, scratch - 4, WEIR_E_SCRATCH);
	weir_core_refused(test, &v, WEIR_H_SCRATCH, scratch + 4, WEIR_E_SCRATCH);
	weir_core_refused(test, &v, WEIR_H_COST, cost - 1, WEIR_E_COST);
	weir_core_refused(test, &v, WEIR_H_COST, cost + 1, WEIR_E_COST);
}

static void scratch_that_is_a_word_short_is_a_fault(struct kunit *test)
{
	struct weir_view v = open_it(test);
	struct weir_event e = sample(test, &v);
	u32 n = word_at(&v, WEIR_H_SCRATCH) / sizeof(u32) - 1;
	struct weir_run run = { .scratch = kunit_kmalloc(test, n * sizeof(u32), GFP_KERNEL),
				.nscratch = n,
				.fuel = 1000000 };
	struct weir_result res;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, run.scratch);
	weir_eval(&v, &e, &run, &res);
	KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_FAULT);
	KUNIT_EXPECT_EQ(test, res.nmatch, 0u);
}

static void fuel_ends_it_at_every_step(struct kunit *test)
{
	struct weir_view v = open_it(test);
	struct weir_event e = sample(test, &v);
	u32 n = word_at(&v, WEIR_H_SCRATCH) / sizeof(u32);
	struct weir_run run = { .scratch = kunit_kmalloc(test, n * sizeof(u32), GFP_KERNEL),
				.nscratch = n,
				.fuel = word_at(&v, WEIR_H_COST) };
	struct weir_result res;
	u64 needed;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, run.scratch);
	weir_eval(&v, &e, &run, &res);
	needed = res.steps;
	KUNIT_ASSERT_EQ(test, res.status, (u32)WEIR_DONE);
	for (run.fuel = 0; run.fuel < needed; run.fuel++) {
		weir_eval(&v, &e, &run, &res);
		KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_FUEL);
		KUNIT_EXPECT_LE(test, res.steps, run.fuel);
	}
}

static void a_field_that_is_not_there_is_no_instance_s_trip(struct kunit *test)
{
	struct weir_event e = { .v = NULL, .n = 0, .type = WEIR_TYPE_network_connection };
	struct weir_view v = open_it(test);
	u32 match[WEIR_CORE_MATCHES + 1];
	struct weir_result res;

	weir_core_evaluate(test, &v, &e, match, &res);
	KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_DONE);
	KUNIT_EXPECT_GT(test, res.trips, 0u);
	KUNIT_EXPECT_EQ(test, res.trip_inst, WEIR_NOWHERE);
	KUNIT_EXPECT_EQ(test, res.trip_field, get_probe(v, 0).field);
	/* the one that wants an absence, and says so */
	KUNIT_EXPECT_EQ(test, res.nmatch, 1u);
}

/* On whatever an index holds evaluation stays in bounds and ends; on what passes, soundly. */
static bool is_refused(struct kunit *test, const struct weir_view *v, const struct weir_event *e)
{
	u32 match[WEIR_CORE_MATCHES + 1];
	struct weir_result res;
	struct weir_error err;
	struct weir_view again;

	weir_core_evaluate(test, v, e, match, &res);
	if (weir_open(v->b, v->n, &again, &err) || weir_core_verify(v, &err))
		return true;
	KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_DONE);
	return false;
}

static void a_flipped_byte_of_the_index_is_refused_or_harmless(struct kunit *test)
{
	static const u8 flips[] = { 0x01, 0x80, 0xff };
	struct weir_view v = open_it(test);
	struct weir_event e = sample(test, &v);
	u32 i, j, refused = 0;
	u8 *b = (u8 *)v.b;

	for (i = v.probes; i < v.samples; i++) {
		for (j = 0; j < ARRAY_SIZE(flips); j++) {
			b[i] ^= flips[j];
			refused += is_refused(test, &v, &e);
			b[i] ^= flips[j];
		}
	}
	/* A filter may let more pass than it has to, and homes may be more or fewer. */
	KUNIT_EXPECT_GE(test, refused, 3 * (v.samples - v.probes - 4 * v.nfilters - 4 * v.nprobes));
	KUNIT_EXPECT_FALSE(test, is_refused(test, &v, &e));
}

static struct kunit_case weir_index_cases[] = {
	KUNIT_CASE(the_content_has_every_kind_of_probe),
	KUNIT_CASE(every_instance_is_woken_by_some_sample),
	KUNIT_CASE(a_probe_that_is_not_as_it_should_be_is_refused),
	KUNIT_CASE(an_entry_that_would_not_be_found_is_refused),
	KUNIT_CASE(an_entry_that_is_not_at_its_home_is_refused),
	KUNIT_CASE(a_criterion_wakes_only_what_it_may),
	KUNIT_CASE(an_instance_that_is_not_woken_is_refused),
	KUNIT_CASE(a_dfa_is_led_by_a_criterion_with_a_slot),
	KUNIT_CASE(scratch_and_cost_are_what_the_index_takes),
	KUNIT_CASE(scratch_that_is_a_word_short_is_a_fault),
	KUNIT_CASE(fuel_ends_it_at_every_step),
	KUNIT_CASE(a_field_that_is_not_there_is_no_instance_s_trip),
	KUNIT_CASE(a_flipped_byte_of_the_index_is_refused_or_harmless),
	{}
};

static struct kunit_suite weir_index_suite = {
	.name = "weir_index",
	.test_cases = weir_index_cases,
};

kunit_test_suite(weir_index_suite);
