// SPDX-License-Identifier: GPL-2.0
/*
 * Verdicts that are not applied, and what is told of them. These tests run in a kernel thread, to
 * which nothing is ever applied; what is applied to others is for selftests/enforce_test.c.
 */
#include <kunit/test.h>

#include "store_bed.h"

#define CHANNEL 287u
#define VALUE "/bin/x"
#define CAN_ALL (BIT(WEIR_VERDICT_ALERT) | BIT(WEIR_VERDICT_DENY) | BIT(WEIR_VERDICT_KILL))
#define CAN_KILL (BIT(WEIR_VERDICT_ALERT) | BIT(WEIR_VERDICT_KILL))

static struct weir_recipe recipe(u8 action)
{
	return (struct weir_recipe){
		.channel = CHANNEL,
		.version = 1,
		.type = WEIR_TYPE_process_creation,
		.field = WEIR_process_creation_Image,
		.equals = VALUE,
		.instances = 1,
		.action = action,
		.indexed = true,
	};
}

static struct weir_capture *event(struct kunit *test, u32 power)
{
	struct weir_capture *c =
		weir_bed_event(test, WEIR_TYPE_process_creation, WEIR_process_creation_arity);

	weir_bed_set(c, WEIR_process_creation_Image, VALUE);
	c->power = power;
	return c;
}

/* One event; what its record says came of it. */
static u32 flags_of(struct kunit *test, u8 action, u32 mode, u32 power)
{
	struct weir_recipe r = recipe(action);
	u8 *buf = weir_bed_buffer(test);
	const struct weir_u_record *rec = (const void *)buf;

	weir_bed_load(test, &r);
	KUNIT_ASSERT_EQ(test, weir_store_mode(CHANNEL, mode, 0), 0);
	KUNIT_EXPECT_EQ(test, weir_bed_deliver(event(test, power)), (u32)WEIR_VERDICT_ALERT);
	KUNIT_ASSERT_GE(test, weir_bed_read(buf), (ssize_t)sizeof(*rec));
	KUNIT_ASSERT_EQ(test, rec->kind, (u16)WEIR_REC_MATCH);
	KUNIT_EXPECT_EQ(test, rec->verdict, (u32)action);
	return rec->flags;
}

static void an_alert_has_no_consequences(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, flags_of(test, WEIR_VERDICT_ALERT, WEIR_MODE_ENFORCE, CAN_ALL), 0u);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->exempted, 0ull);
}

static void a_channel_in_audit_mode_applies_nothing(struct kunit *test)
{
	struct weir_u_channel *ch;

	KUNIT_EXPECT_EQ(test, flags_of(test, WEIR_VERDICT_KILL, WEIR_MODE_AUDIT, CAN_ALL),
			(u32)WEIR_RECF_AUDIT);
	ch = weir_bed_state(test, 0);
	KUNIT_EXPECT_EQ(test, ch->killed, 0ull);
	KUNIT_EXPECT_EQ(test, ch->exempted, 0ull);
	KUNIT_EXPECT_EQ(test, ch->unapplied, 0ull);
}

static void a_kernel_thread_is_exempt(struct kunit *test)
{
	struct weir_u_channel *ch;

	KUNIT_EXPECT_EQ(test, flags_of(test, WEIR_VERDICT_DENY, WEIR_MODE_ENFORCE, CAN_ALL),
			(u32)WEIR_RECF_EXEMPT);
	ch = weir_bed_state(test, 0);
	KUNIT_EXPECT_EQ(test, ch->exempted, 1ull);
	KUNIT_EXPECT_EQ(test, ch->denied, 0ull);
}

static void a_denial_that_the_hook_cannot_apply_does_not_become_something_else(struct kunit *test)
{
	struct weir_u_channel *ch;

	KUNIT_EXPECT_EQ(test, flags_of(test, WEIR_VERDICT_DENY, WEIR_MODE_ENFORCE, CAN_KILL),
			(u32)WEIR_RECF_UNAPPLIED);
	ch = weir_bed_state(test, 0);
	KUNIT_EXPECT_EQ(test, ch->unapplied, 1ull);
	KUNIT_EXPECT_EQ(test, ch->exempted, 0ull);
	KUNIT_EXPECT_EQ(test, ch->killed, 0ull);
}

static void a_kill_that_the_hook_cannot_apply_is_counted(struct kunit *test)
{
	u32 flags = flags_of(test, WEIR_VERDICT_KILL, WEIR_MODE_ENFORCE, BIT(WEIR_VERDICT_ALERT));

	KUNIT_EXPECT_EQ(test, flags, (u32)WEIR_RECF_UNAPPLIED);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->unapplied, 1ull);
}

/* An event that carries fewer values than the content reads, in a mode. */
static void trip(struct kunit *test, u32 flags)
{
	struct weir_recipe r = recipe(WEIR_VERDICT_DENY);
	struct weir_capture *c = event(test, CAN_ALL);

	c->arity = WEIR_process_creation_Image;
	weir_bed_load(test, &r);
	KUNIT_ASSERT_EQ(test, weir_store_mode(CHANNEL, WEIR_MODE_ENFORCE, flags), 0);
	weir_bed_deliver(c);
	KUNIT_ASSERT_EQ(test, weir_bed_state(test, 0)->trips, 1ull);
}

/* The record of a kind, or NULL; quarantine writes one of its own meanwhile. */
static const struct weir_u_record *find_record(struct kunit *test, u16 kind)
{
	u8 *buf = weir_bed_buffer(test);
	const struct weir_u_record *rec;
	ssize_t n = weir_bed_read(buf), at;

	for (at = 0; at < n; at += rec->size) {
		rec = (const void *)(buf + at);
		if (rec->kind == kind)
			return rec;
	}
	return NULL;
}

static void an_unsound_evaluation_fails_closed_if_that_was_chosen(struct kunit *test)
{
	const struct weir_u_record *rec;

	trip(test, WEIR_MODE_FAIL_CLOSED);
	rec = find_record(test, WEIR_REC_FAILED);
	KUNIT_ASSERT_NOT_NULL(test, rec);
	/* It would have been denied to anybody else. */
	KUNIT_EXPECT_EQ(test, rec->flags, (u32)WEIR_RECF_EXEMPT);
	KUNIT_EXPECT_EQ(test, rec->channel, CHANNEL);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->exempted, 1ull);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->failed_closed, 0ull);
}

static void an_unsound_evaluation_is_let_through_otherwise(struct kunit *test)
{
	trip(test, 0);
	KUNIT_EXPECT_NULL(test, find_record(test, WEIR_REC_FAILED));
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->exempted, 0ull);
}

static void a_mode_outlives_a_change_of_content_and_not_an_unload(struct kunit *test)
{
	struct weir_recipe r = recipe(WEIR_VERDICT_DENY);

	KUNIT_EXPECT_EQ(test, weir_store_mode(CHANNEL, WEIR_MODE_ENFORCE, 0), -ENOENT);
	weir_bed_load(test, &r);
	KUNIT_EXPECT_EQ(test, weir_store_mode(CHANNEL, WEIR_MODE_AUDIT, WEIR_MODE_FAIL_CLOSED),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, weir_store_mode(CHANNEL, 2, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->mode, (u32)WEIR_MODE_AUDIT);
	KUNIT_EXPECT_EQ(test, weir_store_mode(CHANNEL, WEIR_MODE_ENFORCE, WEIR_MODE_FAIL_CLOSED),
			0);
	r.version = 2;
	weir_bed_load(test, &r);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->mode, (u32)WEIR_MODE_ENFORCE);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->flags, (u32)WEIR_MODE_FAIL_CLOSED);
	KUNIT_EXPECT_EQ(test, weir_store_unload(CHANNEL), 0);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->mode, (u32)WEIR_MODE_AUDIT);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->flags, 0u);
}

static struct kunit_case enforce_cases[] = {
	KUNIT_CASE(an_alert_has_no_consequences),
	KUNIT_CASE(a_channel_in_audit_mode_applies_nothing),
	KUNIT_CASE(a_kernel_thread_is_exempt),
	KUNIT_CASE(a_denial_that_the_hook_cannot_apply_does_not_become_something_else),
	KUNIT_CASE(a_kill_that_the_hook_cannot_apply_is_counted),
	KUNIT_CASE(an_unsound_evaluation_fails_closed_if_that_was_chosen),
	KUNIT_CASE(an_unsound_evaluation_is_let_through_otherwise),
	KUNIT_CASE(a_mode_outlives_a_change_of_content_and_not_an_unload),
	{}
};

static struct kunit_suite enforce_suite = {
	.name = "weir_enforce",
	.init = weir_bed_start,
	.exit = weir_bed_stop,
	.test_cases = enforce_cases,
};

kunit_test_suite(enforce_suite);
