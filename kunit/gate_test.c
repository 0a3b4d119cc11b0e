// SPDX-License-Identifier: GPL-2.0
/* Gates of the matching index: which are accepted, and what they keep asleep. */
#include <kunit/test.h>
#include <asm/unaligned.h>

#include "../interpreter/content.h"
#include "core_bed.h"

static const u8 indexed[] = {
#include "content_index.inc"
};

/* The entry of WAKES that has a gate. */
static u32 gated(struct kunit *test, const struct weir_view *v)
{
	u32 k = 0;

	while (k < v->nwakes && !get_wake(*v, k).gate)
		k++;
	KUNIT_ASSERT_LT(test, k, v->nwakes);
	return k;
}

static void a_gate_is_what_the_program_begins_with(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, indexed, sizeof(indexed));
	struct rwake w = get_wake(v, gated(test, &v));
	u32 at = v.wakes + gated(test, &v) * WEIR_SZ_WAKE;

	KUNIT_EXPECT_EQ(test, get_crit(v, w.gate - 1).op, (u32)WEIR_OP_RANGE);
	/* the one beside it, one that there is not, the highest that can be named */
	weir_core_refused(test, &v, at, w.inst + WEIR_GATE * (w.gate - 1), WEIR_E_WAKE);
	weir_core_refused(test, &v, at, w.inst + WEIR_GATE * (v.ncrits + 1), WEIR_E_WAKE);
	weir_core_refused(test, &v, at, w.inst + WEIR_GATE * WEIR_GATES_MAX, WEIR_E_WAKE);
	/* another's, which does not begin with it */
	at = v.wakes + (gated(test, &v) ? 0 : WEIR_SZ_WAKE);
	weir_core_refused(test, &v, at, get_unaligned_le32(v.b + at) + WEIR_GATE * w.gate,
			  WEIR_E_WAKE);
}

static void what_a_gate_keeps_asleep_takes_no_step(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, indexed, sizeof(indexed));
	struct rwake w = get_wake(v, gated(test, &v));
	u32 field = get_crit(v, w.gate - 1).field, match[WEIR_CORE_MATCHES + 1], i, k;
	struct weir_value *val = weir_core_values(test);
	u64 open = 0, shut = 0;
	struct weir_result res;
	struct weir_event e;

	for (i = 0; i < v.nsamples; i++) {
		KUNIT_ASSERT_EQ(test, weir_sample(&v, i, val, WEIR_ARITY_MAX, &e), 0);
		weir_core_evaluate(test, &v, &e, match, &res);
		for (k = 0; k < res.nmatch && match[k] != w.inst; k++)
			;
		if (k == res.nmatch)
			continue;
		open = res.steps;
		val[field].num = 0;
		weir_core_evaluate(test, &v, &e, match, &res);
		shut = res.steps;
		for (k = 0; k < res.nmatch; k++)
			KUNIT_EXPECT_NE(test, match[k], w.inst);
	}
	KUNIT_EXPECT_GT(test, open, 0u);
	KUNIT_EXPECT_LT(test, shut, open);
}

static void a_gate_that_nobody_verified_hides_one_instance_at_most(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, indexed, sizeof(indexed));
	u8 *at = (u8 *)v.b + v.wakes + gated(test, &v) * WEIR_SZ_WAKE;
	u32 good = get_unaligned_le32(at), match[WEIR_CORE_MATCHES + 1], gate, i;
	struct weir_value *val = weir_core_values(test);
	struct weir_result right, res;
	struct weir_event e;

	for (i = 0; i < v.nsamples; i++) {
		KUNIT_ASSERT_EQ(test, weir_sample(&v, i, val, WEIR_ARITY_MAX, &e), 0);
		weir_core_evaluate(test, &v, &e, match, &right);
		for (gate = 0; gate <= v.ncrits + 2; gate++) {
			put_unaligned_le32(good % WEIR_GATE + WEIR_GATE * gate, at);
			weir_core_evaluate(test, &v, &e, match, &res);
			KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_DONE);
			KUNIT_EXPECT_LE(test, res.nmatch, right.nmatch);
			KUNIT_EXPECT_GE(test, res.nmatch + 1, right.nmatch);
		}
		put_unaligned_le32(good, at);
	}
}

static struct kunit_case weir_gate_cases[] = {
	KUNIT_CASE(a_gate_is_what_the_program_begins_with),
	KUNIT_CASE(what_a_gate_keeps_asleep_takes_no_step),
	KUNIT_CASE(a_gate_that_nobody_verified_hides_one_instance_at_most),
	{}
};

static struct kunit_suite weir_gate_suite = {
	.name = "weir_gate",
	.test_cases = weir_gate_cases,
};

kunit_test_suite(weir_gate_suite);
