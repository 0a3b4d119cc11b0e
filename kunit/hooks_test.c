// SPDX-License-Identifier: GPL-2.0
/* Hooks that do not fire: they are noticed, and nothing is built on them. */
#include <kunit/test.h>
#include <linux/bits.h>

#include "../kmod/hooks.h"
#include "../kmod/selfcheck.h"
#include "store_bed.h"

#define READS (BIT_ULL(WEIR_ipc_arity) - 1)

static int prove_nothing(void)
{
	return 0;
}

static int prove_badly(void)
{
	return -ENOMEM;
}

static int hooks_init(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, weir_capture_init(), 0);
	KUNIT_ASSERT_EQ(test, weir_capture_provided(WEIR_TYPE_ipc), READS);
	return 0;
}

static void hooks_exit(struct kunit *test)
{
	weir_capture_exit();
}

static void a_silent_hook_takes_its_fields_along(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, weir_capture_arm(WEIR_TYPE_ipc, true), 0);
	KUNIT_EXPECT_EQ(test, weir_capture_provided(WEIR_TYPE_ipc), READS);
	KUNIT_EXPECT_EQ(test, weir_hooks_prove(WEIR_TYPE_ipc, prove_nothing), -EIO);
	KUNIT_EXPECT_EQ(test, weir_capture_provided(WEIR_TYPE_ipc), 0ull);
	weir_capture_arm(WEIR_TYPE_ipc, false);
}

static void a_hook_that_fires_again_provides_again(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, weir_capture_arm(WEIR_TYPE_ipc, true), 0);
	KUNIT_EXPECT_EQ(test, weir_hooks_prove(WEIR_TYPE_ipc, prove_nothing), -EIO);
	KUNIT_EXPECT_EQ(test, weir_capture_check(WEIR_TYPE_ipc), 0);
	KUNIT_EXPECT_EQ(test, weir_capture_provided(WEIR_TYPE_ipc), READS);
	weir_capture_arm(WEIR_TYPE_ipc, false);
}

static void what_was_silent_is_tried_anew_once_disarmed(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, weir_capture_arm(WEIR_TYPE_ipc, true), 0);
	KUNIT_EXPECT_EQ(test, weir_hooks_prove(WEIR_TYPE_ipc, prove_nothing), -EIO);
	weir_capture_arm(WEIR_TYPE_ipc, false);
	KUNIT_EXPECT_EQ(test, weir_capture_provided(WEIR_TYPE_ipc), READS);
	KUNIT_EXPECT_EQ(test, weir_capture_arm(WEIR_TYPE_ipc, true), 0);
	weir_capture_arm(WEIR_TYPE_ipc, false);
}

static void a_proof_that_fails_itself_says_nothing_of_hooks(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, weir_capture_arm(WEIR_TYPE_ipc, true), 0);
	KUNIT_EXPECT_EQ(test, weir_hooks_prove(WEIR_TYPE_ipc, prove_badly), -ENOMEM);
	KUNIT_EXPECT_EQ(test, weir_capture_provided(WEIR_TYPE_ipc), READS);
	weir_capture_arm(WEIR_TYPE_ipc, false);
}

/* Active content that reads one field, and its type armed. */
static void begin_reading(struct kunit *test, u32 type, u32 field)
{
	const struct weir_recipe r = {
		.channel = 291,
		.version = 1,
		.type = type,
		.field = field,
		.equals = "/bin/x",
		.instances = 1,
	};

	weir_bed_start(test);
	weir_bed_load(test, &r);
	KUNIT_ASSERT_EQ(test, weir_capture_arm(type, true), 0);
}

static void expect_moved_aside(struct kunit *test, u32 type, u32 field)
{
	struct weir_u_channel *ch = weir_bed_state(test, 0);

	KUNIT_EXPECT_EQ(test, ch->quarantined, (u32)WEIR_QUARANTINE_FIELD);
	KUNIT_EXPECT_EQ(test, ch->trip_field, field);
	KUNIT_EXPECT_EQ(test, ch->slot[WEIR_SLOT_ACTIVE].version, 0ull);
	KUNIT_EXPECT_FALSE(test, weir_capture_armed(type));
}

static void content_whose_fields_are_gone_is_moved_aside(struct kunit *test)
{
	begin_reading(test, WEIR_TYPE_ipc, WEIR_ipc_TargetImage);
	mutex_lock(&weir_store.lock);
	weir_store_recheck();
	mutex_unlock(&weir_store.lock);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->quarantined, 0u);
	KUNIT_EXPECT_EQ(test, weir_hooks_prove(WEIR_TYPE_ipc, prove_nothing), -EIO);
	mutex_lock(&weir_store.lock);
	weir_store_recheck();
	mutex_unlock(&weir_store.lock);
	expect_moved_aside(test, WEIR_TYPE_ipc, WEIR_ipc_TargetImage);
	weir_bed_stop(test);
}

static u32 arming_of(u32 hook)
{
	struct weir_hook_about h;

	weir_hooks_about(hook, &h);
	return h.arming;
}

/* Nothing binds a socket here, so that it was used is not true. */
static void a_needed_hook_that_use_did_not_reach_is_silent(struct kunit *test)
{
	const u32 type = WEIR_TYPE_network_connection;
	const u32 hook = WEIR_HOOK_network_connection_socket_bind;

	KUNIT_ASSERT_EQ(test, weir_capture_arm(type, true), 0);
	KUNIT_EXPECT_EQ(test, weir_hooks_claim(hook, arming_of(hook)), -EIO);
	KUNIT_EXPECT_EQ(test, weir_capture_provided(type), 0ull);
	/* The checks that follow do not forget it. */
	KUNIT_EXPECT_EQ(test, weir_capture_check(type), -EIO);
	KUNIT_EXPECT_EQ(test, weir_capture_provided(type), 0ull);
	weir_capture_arm(type, false);
}

static void an_optional_hook_that_use_did_not_reach_takes_its_fields_along(struct kunit *test)
{
	const u32 type = WEIR_TYPE_kernel_activity;
	const u32 hook = WEIR_HOOK_kernel_activity_ptrace_access_check;
	u64 provided = weir_capture_provided(type);

	KUNIT_ASSERT_EQ(test, weir_capture_arm(type, true), 0);
	KUNIT_ASSERT_EQ(test, weir_capture_provided(type), provided);
	KUNIT_EXPECT_EQ(test, weir_hooks_claim(hook, arming_of(hook)), -EIO);
	KUNIT_EXPECT_EQ(test, provided & ~weir_capture_provided(type),
			BIT_ULL(WEIR_kernel_activity_TargetProcessId) |
				BIT_ULL(WEIR_kernel_activity_TargetImage));
	KUNIT_EXPECT_EQ(test, weir_capture_check(type), 0);
	weir_capture_arm(type, false);
}

static void a_claim_is_about_an_arming_and_about_use(struct kunit *test)
{
	const u32 type = WEIR_TYPE_network_connection;
	const u32 hook = WEIR_HOOK_network_connection_socket_bind;
	const u32 proved = WEIR_HOOK_network_connection_socket_sendmsg;

	KUNIT_EXPECT_EQ(test, weir_hooks_claim(hook, arming_of(hook)), -ESTALE);
	KUNIT_ASSERT_EQ(test, weir_capture_arm(type, true), 0);
	KUNIT_EXPECT_EQ(test, weir_hooks_claim(hook, arming_of(hook) - 1), -ESTALE);
	KUNIT_EXPECT_EQ(test, weir_hooks_claim(proved, arming_of(proved)), -EINVAL);
	KUNIT_EXPECT_NE(test, weir_capture_provided(type), 0ull);
	weir_capture_arm(type, false);
}

static void content_of_a_type_whose_use_is_not_seen_is_moved_aside(struct kunit *test)
{
	const u32 type = WEIR_TYPE_network_connection;
	const u32 hook = WEIR_HOOK_network_connection_socket_bind;
	u64 checks, before, after;

	begin_reading(test, type, WEIR_network_connection_Image);
	weir_selfcheck_stats(&checks, &before);
	KUNIT_EXPECT_EQ(test, weir_selfcheck_claim(hook, arming_of(hook)), -EIO);
	weir_selfcheck_stats(&checks, &after);
	KUNIT_EXPECT_EQ(test, after - before, 1ull);
	expect_moved_aside(test, type, WEIR_network_connection_Image);
	weir_bed_stop(test);
}

/* Nothing that capture does leads into a hook: only a test makes this happen. */
static void an_event_inside_another_is_counted_and_not_captured(struct kunit *test)
{
	struct weir_capture *outer, *inner, *next;
	u64 processes, evicted, before, after;

	KUNIT_ASSERT_EQ(test, weir_capture_arm(WEIR_TYPE_ipc, true), 0);
	weir_capture_stats(&processes, &evicted, &before);
	outer = weir_capture_begin(WEIR_TYPE_ipc, NULL);
	inner = weir_capture_begin(WEIR_TYPE_ipc, NULL);
	if (inner)
		weir_capture_end(inner);
	if (outer)
		weir_capture_end(outer);
	next = weir_capture_begin(WEIR_TYPE_ipc, NULL);
	if (next)
		weir_capture_end(next);
	weir_capture_stats(&processes, &evicted, &after);
	KUNIT_EXPECT_NOT_NULL(test, outer);
	KUNIT_EXPECT_TRUE(test, !inner);
	KUNIT_EXPECT_NOT_NULL(test, next);
	KUNIT_EXPECT_EQ(test, after - before, 1ull);
	weir_capture_arm(WEIR_TYPE_ipc, false);
}

static struct kunit_case hooks_cases[] = {
	KUNIT_CASE(a_silent_hook_takes_its_fields_along),
	KUNIT_CASE(a_hook_that_fires_again_provides_again),
	KUNIT_CASE(what_was_silent_is_tried_anew_once_disarmed),
	KUNIT_CASE(an_event_inside_another_is_counted_and_not_captured),
	KUNIT_CASE(a_proof_that_fails_itself_says_nothing_of_hooks),
	KUNIT_CASE(content_whose_fields_are_gone_is_moved_aside),
	KUNIT_CASE(a_needed_hook_that_use_did_not_reach_is_silent),
	KUNIT_CASE(an_optional_hook_that_use_did_not_reach_takes_its_fields_along),
	KUNIT_CASE(a_claim_is_about_an_arming_and_about_use),
	KUNIT_CASE(content_of_a_type_whose_use_is_not_seen_is_moved_aside),
	{}
};

static struct kunit_suite hooks_suite = {
	.name = "weir_hooks",
	.init = hooks_init,
	.exit = hooks_exit,
	.test_cases = hooks_cases,
};

kunit_test_suite(hooks_suite);
