// SPDX-License-Identifier: GPL-2.0
/* The core in the kernel: opening, verifying, evaluating, and both of its walls. */
#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../interpreter/core.h"
#include "core_bed.h"

/* Two instances over process_creation, with sample events. */
static const u8 basic[] = {
#include "content_basic.inc"
};

/* Three over ipc: one wants field 21, one wants its absence, one wants field 1. */
static const u8 drill[] = {
#include "content_drill.inc"
};

#define DRILL_NINSTS 3
#define LAST (WEIR_ipc_arity - 1)
/* The value of its Operation. */
#define RECEIVE 3

/* All Template Types, everything provided but fields of ipc; what that receives is not denied. */
static struct weir_schema schema(u64 ipc_missing)
{
	static struct weir_schema_type types[WEIR_NTYPES];
	struct weir_schema s = weir_core_schema(types);
	struct weir_schema_type *ipc = &types[weir_schema_find(s, WEIR_TYPE_ipc)];

	ipc->provided &= ~ipc_missing;
	ipc->selector = WEIR_ipc_Operation;
	ipc->no_deny = BIT_ULL(RECEIVE);
	return s;
}

/* An ipc event of n inputs in an allocation of that size; Operation is connect, the rest absent. */
static struct weir_event ipc_event(struct kunit *test, u32 n)
{
	struct weir_value *v = kunit_kcalloc(test, n, sizeof(*v), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, v);
	v[0].kind = WEIR_KIND_enum;
	return (struct weir_event){ .v = v, .n = n, .type = WEIR_TYPE_ipc };
}

/* Number of the instance whose UUID ends in this byte. */
static u32 instance(struct kunit *test, const struct weir_view *v, u8 last)
{
	struct weir_instance inst;
	u32 i;

	for (i = 0; i < v->ninsts; i++)
		if (!weir_instance(v, i, &inst) && inst.uuid[15] == last)
			return i;
	KUNIT_FAIL(test, "no instance ends in %02x", last);
	return WEIR_NOWHERE;
}

static void content_of_the_compiler_verifies(struct kunit *test)
{
	struct weir_schema s = schema(0);
	struct weir_error err;
	struct weir_view v;

	v = weir_core_open(test, basic, sizeof(basic));
	KUNIT_EXPECT_EQ(test, weir_verify(&v, &s, &err), (int)WEIR_E_OK);
	KUNIT_EXPECT_EQ(test, v.ninsts, 2u);
	v = weir_core_open(test, drill, sizeof(drill));
	KUNIT_EXPECT_EQ(test, weir_verify(&v, &s, &err), (int)WEIR_E_OK);
	KUNIT_EXPECT_EQ(test, v.ninsts, (u32)DRILL_NINSTS);
}

static void samples_match_what_they_should(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, basic, sizeof(basic));
	struct weir_value *val;
	struct weir_result res;
	struct weir_event e;
	u32 match[WEIR_CORE_MATCHES + 1];
	u32 i, matched = 0;

	val = weir_core_values(test);
	KUNIT_ASSERT_EQ(test, v.nsamples, 6u);
	for (i = 0; i < v.nsamples; i++) {
		KUNIT_ASSERT_EQ(test, weir_sample(&v, i, val, WEIR_ARITY_MAX, &e), 0);
		weir_core_evaluate(test, &v, &e, match, &res);
		KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_DONE);
		KUNIT_EXPECT_EQ(test, res.trips, 0u);
		KUNIT_EXPECT_EQ(test, weir_sample_ok(&v, i, match, res.nmatch), 1);
		matched += res.nmatch;
	}
	KUNIT_EXPECT_EQ(test, matched, 2u);
}

static void no_shorter_file_is_accepted(struct kunit *test)
{
	struct weir_view v;
	struct weir_error err;
	u32 n;
	u8 *b;

	for (n = 0; n < sizeof(basic); n++) {
		b = kmemdup(basic, n, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, b);
		KUNIT_EXPECT_NE(test, weir_open(b, n, &v, &err), (int)WEIR_E_OK);
		kfree(b);
	}
}

/* Verifies, and evaluates whatever the verifier says, on an event that carries every field. */
static int verify_and_eval(struct kunit *test, u8 *b, u32 n, struct weir_value *val)
{
	struct weir_event e = { .v = val, .n = WEIR_ARITY_MAX, .type = WEIR_TYPE_ipc };
	struct weir_schema s = schema(0);
	struct weir_error err = { .code = WEIR_E_OK };
	struct weir_result res = {};
	struct weir_about about;
	u32 match[WEIR_CORE_MATCHES + 1];
	struct weir_view v;
	int code;

	code = weir_open(b, n, &v, &err);
	if (code)
		return code;
	weir_about(&v, &about);
	code = weir_verify(&v, &s, &err);
	if (about.scratch && about.scratch <= PAGE_SIZE)
		weir_core_evaluate(test, &v, &e, match, &res);
	if (!code)
		KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_DONE);
	return code;
}

static void a_flipped_byte_is_refused_or_harmless(struct kunit *test)
{
	static const u8 text[] = "/usr/bin/agent";
	static const u8 flips[] = { 0x01, 0x80, 0xff };
	struct weir_value *val;
	u8 *b = weir_core_copy(test, drill, sizeof(drill));
	u32 i, j, refused = 0;

	val = weir_core_values(test);
	for (i = 0; i < WEIR_ipc_arity; i++)
		val[i] = (struct weir_value){
			.ptr = text,
			.len = sizeof(text) - 1,
			.kind = weir_type_by_id(WEIR_TYPE_ipc)->fields[i].kind
		};
	for (i = 0; i < sizeof(drill); i++) {
		for (j = 0; j < ARRAY_SIZE(flips); j++) {
			b[i] ^= flips[j];
			refused += !!verify_and_eval(test, b, sizeof(drill), val);
			b[i] ^= flips[j];
		}
	}
	/* Most of a file is structure; what is left are titles, names and values of literals. */
	KUNIT_EXPECT_GT(test, refused, (u32)sizeof(drill) * 3 / 2);
	KUNIT_EXPECT_EQ(test, verify_and_eval(test, b, sizeof(drill), val), (int)WEIR_E_OK);
}

static void a_field_that_is_not_provided_is_refused(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, drill, sizeof(drill));
	struct weir_schema s = schema(BIT_ULL(LAST));
	struct weir_error err;

	KUNIT_EXPECT_EQ(test, weir_verify(&v, &s, &err), (int)WEIR_E_NOT_PROVIDED);
	KUNIT_EXPECT_EQ(test, err.code, (u32)WEIR_E_NOT_PROVIDED);
	KUNIT_EXPECT_EQ(test, err.field, (u32)LAST);
	/* the first of the two that read it */
	KUNIT_EXPECT_EQ(test, err.instance, instance(test, &v, 0x22));
	KUNIT_EXPECT_EQ(test, weir_wanted(&v, WEIR_TYPE_ipc), BIT_ULL(LAST) | BIT_ULL(0));
}

/* One instance of the drill asks for a connection; nothing in the others rules out receive. */
static void an_action_that_cannot_be_applied_is_refused(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, drill, sizeof(drill));
	u32 *w = kunit_kmalloc_array(test, WEIR_ACTION_WORDS, sizeof(u32), GFP_KERNEL);
	u8 *action = (u8 *)v.b + v.insts + WEIR_I_ACTION;
	u32 i, connection = instance(test, &v, 0x23);
	struct weir_schema s = schema(0);
	struct weir_error err = {};

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, w);
	for (i = 0; i < DRILL_NINSTS; i++, action += WEIR_SZ_INSTANCE) {
		*action = WEIR_VERDICT_KILL;
		KUNIT_EXPECT_EQ(test, weir_actions(&v, &s, w, &err), (int)WEIR_E_OK);
		*action = WEIR_VERDICT_DENY;
		KUNIT_EXPECT_EQ(test, weir_actions(&v, &s, w, &err),
				i == connection ? 0 : (int)WEIR_E_ACTION_UNSUPPORTED);
		KUNIT_EXPECT_EQ(test, err.instance, i == connection ? 0 : i);
		KUNIT_EXPECT_EQ(test, err.field, (u32)WEIR_ipc_Operation);
		*action = WEIR_VERDICT_ALERT;
		memset(&err, 0, sizeof(err));
	}
}

/* 19 July 2024: content wants field 21, the caller brings 20. */
static void an_input_that_is_not_there_is_absent_and_trips(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, drill, sizeof(drill));
	struct weir_event e = ipc_event(test, LAST);
	struct weir_result res;
	u32 match[WEIR_CORE_MATCHES + 1];

	weir_core_evaluate(test, &v, &e, match, &res);
	KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_DONE);
	KUNIT_EXPECT_GT(test, res.trips, 0u);
	/* the index reads it, for both of them */
	KUNIT_EXPECT_EQ(test, res.trip_inst, WEIR_NOWHERE);
	KUNIT_EXPECT_EQ(test, res.trip_field, (u32)LAST);
	KUNIT_ASSERT_EQ(test, res.nmatch, 2u);
	KUNIT_EXPECT_EQ(test, match[0], instance(test, &v, 0x22));
	KUNIT_EXPECT_EQ(test, match[1], instance(test, &v, 0x23));
	KUNIT_EXPECT_EQ(test, res.verdict, (u32)WEIR_VERDICT_ALERT);
}

static void an_event_without_any_input_is_safe(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, drill, sizeof(drill));
	struct weir_event e = { .v = NULL, .n = 0, .type = WEIR_TYPE_ipc };
	struct weir_result res;
	u32 match[WEIR_CORE_MATCHES + 1];

	weir_core_evaluate(test, &v, &e, match, &res);
	KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_DONE);
	KUNIT_EXPECT_GT(test, res.trips, 0u);
	KUNIT_EXPECT_EQ(test, res.nmatch, 1u);
}

static void an_absent_value_is_no_trip(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, drill, sizeof(drill));
	struct weir_event e = ipc_event(test, WEIR_ipc_arity);
	struct weir_result res;
	u32 match[WEIR_CORE_MATCHES + 1];

	weir_core_evaluate(test, &v, &e, match, &res);
	KUNIT_EXPECT_EQ(test, res.trips, 0u);
	KUNIT_EXPECT_EQ(test, res.trip_inst, WEIR_NOWHERE);
	KUNIT_EXPECT_EQ(test, res.nmatch, 2u);
}

static void a_value_of_another_kind_is_absent_and_trips(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, drill, sizeof(drill));
	struct weir_event e = ipc_event(test, WEIR_ipc_arity);
	struct weir_value *last = (struct weir_value *)&e.v[LAST];
	struct weir_result res;
	u32 match[WEIR_CORE_MATCHES + 1];

	last->kind = WEIR_KIND_u64;
	weir_core_evaluate(test, &v, &e, match, &res);
	KUNIT_EXPECT_GT(test, res.trips, 0u);
	KUNIT_EXPECT_EQ(test, res.trip_field, (u32)LAST);
	KUNIT_EXPECT_EQ(test, res.nmatch, 2u);
}

static void an_event_of_another_type_matches_nothing(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, drill, sizeof(drill));
	struct weir_event e = ipc_event(test, WEIR_ipc_arity);
	struct weir_result res;
	u32 match[WEIR_CORE_MATCHES + 1];

	e.type = WEIR_TYPE_file_event;
	weir_core_evaluate(test, &v, &e, match, &res);
	KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_DONE);
	KUNIT_EXPECT_EQ(test, res.nmatch, 0u);
	KUNIT_EXPECT_EQ(test, res.trips, 0u);
}

static void matches_past_the_room_are_counted_only(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, drill, sizeof(drill));
	struct weir_event e = ipc_event(test, WEIR_ipc_arity);
	struct weir_about about;
	struct weir_result res;
	u32 match[2] = { WEIR_CORE_CANARY, WEIR_CORE_CANARY };
	u32 scratch[16];
	struct weir_run run = { .scratch = scratch, .nscratch = 16, .match = match, .cap = 1 };

	weir_about(&v, &about);
	KUNIT_ASSERT_LE(test, about.scratch, (u32)sizeof(scratch));
	run.fuel = about.cost;
	weir_eval(&v, &e, &run, &res);
	KUNIT_EXPECT_EQ(test, res.nmatch, 2u);
	KUNIT_EXPECT_EQ(test, match[0], instance(test, &v, 0x22));
	KUNIT_EXPECT_EQ(test, match[1], WEIR_CORE_CANARY);
}

static void fuel_ends_an_evaluation(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, drill, sizeof(drill));
	struct weir_event e = ipc_event(test, WEIR_ipc_arity);
	struct weir_about about;
	struct weir_result res;
	u32 match[WEIR_CORE_MATCHES], scratch[16];
	struct weir_run run = { .scratch = scratch, .nscratch = 16, .match = match, .cap = 8 };
	u64 needed;

	weir_about(&v, &about);
	run.fuel = about.cost;
	weir_eval(&v, &e, &run, &res);
	needed = res.steps;
	KUNIT_ASSERT_EQ(test, res.status, (u32)WEIR_DONE);
	KUNIT_ASSERT_GT(test, needed, 0ull);
	KUNIT_EXPECT_LE(test, needed, about.cost);
	for (run.fuel = 0; run.fuel < needed; run.fuel++) {
		weir_eval(&v, &e, &run, &res);
		KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_FUEL);
		KUNIT_EXPECT_LE(test, res.steps, run.fuel);
	}
}

static void scratch_that_is_too_small_is_a_fault(struct kunit *test)
{
	struct weir_view v = weir_core_open(test, drill, sizeof(drill));
	struct weir_event e = ipc_event(test, WEIR_ipc_arity);
	struct weir_result res;
	u32 match[WEIR_CORE_MATCHES];
	struct weir_run run = { .match = match, .cap = WEIR_CORE_MATCHES, .fuel = 1000000 };

	weir_eval(&v, &e, &run, &res);
	KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_FAULT);
	KUNIT_EXPECT_EQ(test, res.nmatch, 0u);
}

static struct kunit_case weir_core_cases[] = {
	KUNIT_CASE(content_of_the_compiler_verifies),
	KUNIT_CASE(samples_match_what_they_should),
	KUNIT_CASE(no_shorter_file_is_accepted),
	KUNIT_CASE(a_flipped_byte_is_refused_or_harmless),
	KUNIT_CASE(a_field_that_is_not_provided_is_refused),
	KUNIT_CASE(an_action_that_cannot_be_applied_is_refused),
	KUNIT_CASE(an_input_that_is_not_there_is_absent_and_trips),
	KUNIT_CASE(an_event_without_any_input_is_safe),
	KUNIT_CASE(an_absent_value_is_no_trip),
	KUNIT_CASE(a_value_of_another_kind_is_absent_and_trips),
	KUNIT_CASE(an_event_of_another_type_matches_nothing),
	KUNIT_CASE(matches_past_the_room_are_counted_only),
	KUNIT_CASE(fuel_ends_an_evaluation),
	KUNIT_CASE(scratch_that_is_too_small_is_a_fault),
	{}
};

static struct kunit_suite weir_core_suite = {
	.name = "weir_core",
	.test_cases = weir_core_cases,
};

kunit_test_suite(weir_core_suite);
