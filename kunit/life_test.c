// SPDX-License-Identifier: GPL-2.0
/* Stages: what content has to show before it is trusted, and the way back. */
#include <kunit/test.h>
#include <linux/delay.h>

#include "../kmod/control.h"
#include "../kmod/records.h"
#include "store_bed.h"

#define CHANNEL 77u
#define TYPE WEIR_TYPE_process_creation
#define IMAGE "/bin/weir-life"

static void offer(struct kunit *test, u64 version, const char *equals, u8 action)
{
	struct weir_recipe r = {
		.channel = CHANNEL,
		.version = version,
		.type = TYPE,
		.field = WEIR_process_creation_Image,
		.equals = equals,
		.instances = 1,
		.action = action,
	};

	KUNIT_ASSERT_EQ(test, weir_store_offer(weir_make_content(test, &r)), 0);
}

/* At least @events events, and matches in at most every second. */
static int stage(u64 version, u32 to, u64 events, u32 flags)
{
	const struct weir_trial trial = {
		.gate = { .events = events, .matches_ppm = 500000, .verdicts_ppm = 500000 },
		.flags = flags,
	};
	struct weir_error err;

	return weir_store_stage(CHANNEL, version, to, &trial, &err);
}

static int activate(u64 version)
{
	struct weir_error err;

	return weir_store_activate(CHANNEL, version, &err);
}

static int rollback(u64 version)
{
	struct weir_error err;

	return weir_store_rollback(CHANNEL, version, &err);
}

static struct weir_u_channel *state(struct kunit *test)
{
	return weir_bed_state(test, 0);
}

static struct weir_u_trials *trials(struct kunit *test)
{
	struct weir_u_trials *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	KUNIT_ASSERT_EQ(test, weir_store_trials(0, t), 0);
	return t;
}

static u64 version_in(struct kunit *test, u32 slot)
{
	return state(test)->slot[slot].version;
}

static u32 deliver(struct kunit *test, const char *image, u32 times)
{
	struct weir_capture *c =
		weir_bed_event(test, TYPE, weir_types[weir_type_index(TYPE)].arity);
	u32 verdict = WEIR_VERDICT_NONE;

	weir_bed_set(c, WEIR_process_creation_Image, image);
	while (times--)
		verdict = weir_bed_deliver(c);
	return verdict;
}

static void a_trial_keeps_what_was_trusted(struct kunit *test)
{
	offer(test, 1, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, activate(1), 0);
	offer(test, 2, IMAGE, 0);
	KUNIT_EXPECT_EQ(test, stage(3, WEIR_STAGE_PROBATION, 1, 0), -ESTALE);
	KUNIT_ASSERT_EQ(test, stage(2, WEIR_STAGE_PROBATION, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 2ull);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_LAST_GOOD), 1ull);
	KUNIT_EXPECT_EQ(test, trials(test)->active.state, (u32)WEIR_TRIAL_RUNS);
	/* The next one on trial does not push it out. */
	offer(test, 3, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, stage(3, WEIR_STAGE_PROBATION, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_LAST_GOOD), 1ull);
	KUNIT_EXPECT_EQ(test, rollback(2), -ESTALE);
	KUNIT_EXPECT_EQ(test, rollback(3), 0);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 1ull);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_LAST_GOOD), 0ull);
	KUNIT_EXPECT_EQ(test, trials(test)->active.state, (u32)WEIR_TRIAL_NONE);
	KUNIT_EXPECT_EQ(test, state(test)->floor, 3ull);
	KUNIT_EXPECT_EQ(test, rollback(1), 0);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 0ull);
	KUNIT_EXPECT_EQ(test, rollback(1), -ENOENT);
}

static void what_is_newer_drops_what_is_in_shadow(struct kunit *test)
{
	offer(test, 1, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, stage(1, WEIR_STAGE_SHADOW, 1, 0), 0);
	offer(test, 2, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, activate(2), 0);
	KUNIT_EXPECT_EQ(test, trials(test)->content.version, 0ull);
	offer(test, 3, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, stage(3, WEIR_STAGE_SHADOW, 1, 0), 0);
	offer(test, 4, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, stage(4, WEIR_STAGE_PROBATION, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, trials(test)->content.version, 0ull);
	/* Newer content in shadow stays when what is active goes, until it is meant itself. */
	offer(test, 5, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, stage(5, WEIR_STAGE_SHADOW, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, rollback(4), 0);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 2ull);
	KUNIT_EXPECT_EQ(test, trials(test)->content.version, 5ull);
	KUNIT_EXPECT_EQ(test, rollback(5), 0);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 2ull);
	KUNIT_EXPECT_EQ(test, trials(test)->content.version, 0ull);
}

static void a_trial_is_passed_by_events_alone(struct kunit *test)
{
	offer(test, 1, IMAGE, 0);
	KUNIT_EXPECT_EQ(test, stage(1, WEIR_STAGE_TRUSTED, 0, 0), -ENOENT);
	KUNIT_ASSERT_EQ(test, stage(1, WEIR_STAGE_PROBATION, 3, 0), 0);
	deliver(test, "/bin/other", 2);
	KUNIT_EXPECT_EQ(test, trials(test)->active.least, 2ull);
	KUNIT_EXPECT_EQ(test, stage(1, WEIR_STAGE_TRUSTED, 0, 0), -EAGAIN);
	KUNIT_EXPECT_EQ(test, deliver(test, IMAGE, 1), (u32)WEIR_VERDICT_ALERT);
	KUNIT_EXPECT_EQ(test, trials(test)->active.state, (u32)WEIR_TRIAL_PASSED);
	KUNIT_EXPECT_EQ(test, trials(test)->active.matches_ppm, 333334ull);
	KUNIT_EXPECT_EQ(test, stage(1, WEIR_STAGE_TRUSTED, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, trials(test)->active.state, (u32)WEIR_TRIAL_NONE);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 1ull);
}

static void content_that_matches_too_much_is_not_trusted(struct kunit *test)
{
	offer(test, 1, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, activate(1), 0);
	offer(test, 2, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, stage(2, WEIR_STAGE_PROBATION, 2, 0), 0);
	deliver(test, IMAGE, 2);
	KUNIT_EXPECT_EQ(test, trials(test)->active.state, (u32)WEIR_TRIAL_FAILED);
	KUNIT_EXPECT_EQ(test, stage(2, WEIR_STAGE_TRUSTED, 0, 0), -ECANCELED);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 2ull);
}

static void the_kernel_ends_trials_by_itself(struct kunit *test)
{
	offer(test, 1, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, stage(1, WEIR_STAGE_SHADOW, 2, WEIR_STAGE_AUTO), 0);
	deliver(test, "/bin/other", 2);
	msleep(1500);
	KUNIT_EXPECT_EQ(test, trials(test)->content.version, 0ull);
	KUNIT_EXPECT_EQ(test, trials(test)->active.state, (u32)WEIR_TRIAL_RUNS);
	deliver(test, "/bin/other", 2);
	msleep(1500);
	KUNIT_EXPECT_EQ(test, trials(test)->active.state, (u32)WEIR_TRIAL_NONE);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 1ull);
	offer(test, 2, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, stage(2, WEIR_STAGE_PROBATION, 2, WEIR_STAGE_AUTO), 0);
	deliver(test, IMAGE, 2);
	msleep(1500);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 1ull);
	KUNIT_EXPECT_EQ(test, state(test)->quarantined, (u32)WEIR_QUARANTINE_TRIAL);
}

static void what_is_in_shadow_is_never_applied(struct kunit *test)
{
	u8 *buf = weir_bed_buffer(test);
	const struct weir_u_record *rec = (const void *)buf;

	offer(test, 1, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, activate(1), 0);
	offer(test, 2, "/bin/shadow", WEIR_VERDICT_DENY);
	KUNIT_ASSERT_EQ(test, stage(2, WEIR_STAGE_SHADOW, 9, 0), 0);
	KUNIT_ASSERT_EQ(test, weir_store_mode(CHANNEL, WEIR_MODE_ENFORCE, 0), 0);
	weir_bed_read(buf);
	KUNIT_EXPECT_EQ(test, deliver(test, "/bin/shadow", 1), (u32)WEIR_VERDICT_NONE);
	KUNIT_ASSERT_GE(test, weir_bed_read(buf), (ssize_t)sizeof(*rec));
	KUNIT_EXPECT_EQ(test, rec->kind, (u16)WEIR_REC_MATCH);
	KUNIT_EXPECT_EQ(test, rec->version, 2ull);
	KUNIT_EXPECT_EQ(test, rec->flags, (u32)WEIR_RECF_SHADOW);
	KUNIT_EXPECT_EQ(test, trials(test)->shadow.differs, 1ull);
	KUNIT_EXPECT_EQ(test, deliver(test, IMAGE, 1), (u32)WEIR_VERDICT_ALERT);
	KUNIT_EXPECT_EQ(test, deliver(test, "/bin/other", 1), (u32)WEIR_VERDICT_NONE);
	KUNIT_EXPECT_EQ(test, trials(test)->shadow.differs, 2ull);
	KUNIT_EXPECT_EQ(test, trials(test)->shadow.least, 3ull);
	KUNIT_EXPECT_EQ(test, state(test)->denied, 0ull);
	KUNIT_EXPECT_EQ(test, stage(2, WEIR_STAGE_PROBATION, 1, 0), -EAGAIN);
	/* An unload takes it, too. */
	KUNIT_EXPECT_EQ(test, weir_store_unload(CHANNEL), 0);
	KUNIT_EXPECT_EQ(test, trials(test)->content.version, 0ull);
	KUNIT_EXPECT_FALSE(test, weir_capture_armed(TYPE));
}

/* As a reader that comes upon a flaw in what a slot holds. */
static void trip_in(u32 slot)
{
	const struct weir_result res = { .trips = 1, .trip_field = 20 };
	struct weir_content *ct = weir_store_get(CHANNEL, slot);

	preempt_disable();
	weir_store_trip(weir_store_find(CHANNEL), ct, TYPE, &res, 1);
	preempt_enable();
	weir_content_put(ct);
}

static void content_that_trips_gives_way_to_last_good(struct kunit *test)
{
	offer(test, 1, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, activate(1), 0);
	offer(test, 2, "/bin/second", 0);
	KUNIT_ASSERT_EQ(test, stage(2, WEIR_STAGE_PROBATION, 1, 0), 0);
	trip_in(WEIR_SLOT_ACTIVE);
	KUNIT_EXPECT_EQ(test, deliver(test, "/bin/second", 1), (u32)WEIR_VERDICT_NONE);
	flush_work(&weir_store.quarantine);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 1ull);
	KUNIT_EXPECT_EQ(test, state(test)->quarantined, (u32)WEIR_QUARANTINE_TRIP);
	KUNIT_EXPECT_EQ(test, deliver(test, IMAGE, 1), (u32)WEIR_VERDICT_ALERT);
}

static void content_that_trips_in_shadow_is_gone_alone(struct kunit *test)
{
	offer(test, 1, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, activate(1), 0);
	offer(test, 2, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, stage(2, WEIR_STAGE_SHADOW, 0, 0), 0);
	trip_in(WEIR_SLOT_SHADOW);
	flush_work(&weir_store.quarantine);
	KUNIT_EXPECT_EQ(test, trials(test)->content.version, 0ull);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 1ull);
	KUNIT_EXPECT_EQ(test, state(test)->quarantined, (u32)WEIR_QUARANTINE_NONE);
	KUNIT_EXPECT_EQ(test, state(test)->trip_field, WEIR_NOWHERE);
	KUNIT_EXPECT_EQ(test, deliver(test, IMAGE, 1), (u32)WEIR_VERDICT_ALERT);
}

/* Whichever comes first, the work item or the activation. */
static void what_tripped_is_not_kept(struct kunit *test)
{
	offer(test, 1, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, activate(1), 0);
	offer(test, 2, IMAGE, 0);
	KUNIT_ASSERT_EQ(test, activate(2), 0);
	offer(test, 3, IMAGE, 0);
	trip_in(WEIR_SLOT_ACTIVE);
	KUNIT_ASSERT_EQ(test, activate(3), 0);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 3ull);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_LAST_GOOD), 1ull);
	flush_work(&weir_store.quarantine);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_ACTIVE), 3ull);
	KUNIT_EXPECT_EQ(test, version_in(test, WEIR_SLOT_LAST_GOOD), 1ull);
}

static struct kunit_case life_cases[] = { KUNIT_CASE(a_trial_keeps_what_was_trusted),
					  KUNIT_CASE(what_is_newer_drops_what_is_in_shadow),
					  KUNIT_CASE(a_trial_is_passed_by_events_alone),
					  KUNIT_CASE(content_that_matches_too_much_is_not_trusted),
					  KUNIT_CASE(the_kernel_ends_trials_by_itself),
					  KUNIT_CASE(what_is_in_shadow_is_never_applied),
					  KUNIT_CASE(content_that_trips_gives_way_to_last_good),
					  KUNIT_CASE(content_that_trips_in_shadow_is_gone_alone),
					  KUNIT_CASE(what_tripped_is_not_kept),
					  {} };

static struct kunit_suite life_suite = {
	.name = "weir_life",
	.suite_init = weir_bed_capture,
	.suite_exit = weir_bed_uncapture,
	.init = weir_bed_start,
	.exit = weir_bed_stop,
	.test_cases = life_cases,
};

kunit_test_suite(life_suite);
