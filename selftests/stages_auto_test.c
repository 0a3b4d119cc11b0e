// SPDX-License-Identifier: GPL-2.0
/* Stages of content: the kernel ends trials by itself, and the way back needs nobody. */
#include "stages.h"

KTAP_TEST(the_kernel_trusts_what_passes_stage_by_stage)
{
	u64 good, version;

	begin();
	good = trusted(GREEN);
	version = in_shadow(GREEN, WEIR_STAGE_AUTO, events(2));
	sleep(2);
	KTAP_EXPECT_EQ(active(), good);
	happens(RED_EVENT, 2);
	comes_to(active, version);
	KTAP_EXPECT_EQ(last_good(), good);
	KTAP_EXPECT_EQ(trial(), WEIR_TRIAL_RUNS);
	happens(RED_EVENT, 2);
	comes_to(trial, WEIR_TRIAL_NONE);
	KTAP_EXPECT_EQ(active(), version);
	KTAP_EXPECT_EQ(last_good(), good);
}

KTAP_TEST(the_kernel_goes_back_from_what_matches_too_much)
{
	u64 good;

	begin();
	good = trusted(GREEN);
	on_probation(GREEN, WEIR_STAGE_AUTO, events(2));
	happens(GREEN_EVENT, 2);
	comes_to(active, good);
	KTAP_EXPECT_EQ(last_good(), 0);
	KTAP_EXPECT_EQ(channel().quarantined, WEIR_QUARANTINE_TRIAL);
	KTAP_EXPECT_EQ(happens(GREEN_EVENT, 1), WEIR_VERDICT_ALERT);
	/* In shadow it goes alone. */
	in_shadow(GREEN, WEIR_STAGE_AUTO, events(2));
	happens(GREEN_EVENT, 2);
	comes_to(shadow, 0);
	KTAP_EXPECT_EQ(active(), good);
}

KTAP_TEST(the_kernel_goes_back_from_what_denies_too_much)
{
	struct weir_u_gate gate = events(2);
	u64 good;

	begin();
	good = trusted(BLUE);
	gate.verdicts_ppm = 0;
	on_probation(GREEN, WEIR_STAGE_AUTO, gate);
	happens(RED_EVENT, 1);
	KTAP_EXPECT(denied_event_comes_to(WEIR_VERDICT_DENY));
	comes_to(active, good);
	KTAP_EXPECT(denied_event_comes_to(WEIR_VERDICT_NONE));
}

KTAP_TEST(one_evaluation_that_is_not_sound_ends_a_trial)
{
	u64 good;

	begin();
	good = trusted(GREEN);
	on_probation(GREEN, WEIR_STAGE_AUTO, events(WITHOUT_END));
	weir_child_put(FUEL, "1");
	happens(GREEN_EVENT, 1);
	weir_child_put(FUEL, DEFAULT_FUEL);
	comes_to(active, good);
	KTAP_EXPECT_EQ(channel().quarantined, WEIR_QUARANTINE_TRIAL);
	KTAP_EXPECT_EQ(happens(GREEN_EVENT, 1), WEIR_VERDICT_ALERT);
}

KTAP_TEST(without_last_good_there_is_nothing_to_go_back_to)
{
	u64 version;

	begin();
	version = on_probation(GREEN, WEIR_STAGE_AUTO, events(2));
	happens(GREEN_EVENT, 2);
	comes_to(active, 0);
	KTAP_EXPECT_EQ(happens(GREEN_EVENT, 1), WEIR_VERDICT_NONE);
	KTAP_EXPECT_EQ(rollback(version), -ENOENT);
}

KTAP_TEST(newer_content_drops_what_is_in_shadow)
{
	u64 version;

	begin();
	in_shadow(GREEN, WEIR_STAGE_AUTO, events(1));
	version = trusted(GREEN);
	KTAP_EXPECT_EQ(shadow(), 0);
	happens(RED_EVENT, 2);
	sleep(2);
	KTAP_EXPECT_EQ(active(), version);
	/* And a person may. */
	KTAP_EXPECT_EQ(rollback(in_shadow(GREEN, 0, events(1))), 0);
	KTAP_EXPECT_EQ(shadow(), 0);
	KTAP_EXPECT_EQ(active(), version);
}

KTAP_TEST(content_whose_type_goes_gives_way_to_last_good)
{
	u64 good;

	begin();
	good = trusted(GREEN);
	on_probation(BLUE, WEIR_STAGE_AUTO, events(WITHOUT_END));
	KTAP_ASSERT_EQ(weir_sample_unregister(sample, 1), 0);
	KTAP_EXPECT_EQ(active(), good);
	KTAP_EXPECT_EQ(channel().quarantined, WEIR_QUARANTINE_TYPE);
	KTAP_EXPECT_EQ(happens(GREEN_EVENT, 1), WEIR_VERDICT_ALERT);
}

KTAP_TEST(last_good_whose_type_goes_is_not_come_back_to)
{
	u64 version;

	begin();
	trusted(BLUE);
	version = on_probation(GREEN, 0, events(WITHOUT_END));
	in_shadow(BLUE, WEIR_STAGE_AUTO, events(WITHOUT_END));
	KTAP_ASSERT_EQ(weir_sample_unregister(sample, 1), 0);
	KTAP_EXPECT_EQ(active(), version);
	KTAP_EXPECT_EQ(last_good(), 0);
	KTAP_EXPECT_EQ(shadow(), 0);
	KTAP_EXPECT_EQ(rollback(version), 0);
	KTAP_EXPECT_EQ(active(), 0);
}

/* What is left for the module's removal: content in both slots that are evaluated, on trial. */
KTAP_TEST(the_other_module_goes_and_trials_go_on)
{
	u64 version;

	begin();
	version = on_probation("/content/plain.raw", WEIR_STAGE_AUTO, events(WITHOUT_END));
	in_shadow("/content/plain.raw", WEIR_STAGE_AUTO, events(WITHOUT_END));
	close(sample);
	KTAP_EXPECT_EQ(weir_module_remove("weir_sample"), 0);
	KTAP_EXPECT_EQ(active(), version);
	KTAP_EXPECT_EQ(shadow(), version + 1);
	KTAP_EXPECT_EQ(trial(), WEIR_TRIAL_RUNS);
	KTAP_EXPECT_EQ(trials().shadow.state, WEIR_TRIAL_RUNS);
}

KTAP_MAIN()
