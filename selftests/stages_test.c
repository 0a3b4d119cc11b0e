// SPDX-License-Identifier: GPL-2.0
/* Stages of content: what is in shadow does nothing but say what it would, and trust is earned. */
#include "stages.h"

KTAP_TEST(requests_that_make_no_sense_are_refused)
{
	u64 version;

	begin();
	version = submit(GREEN);
	KTAP_EXPECT_EQ(stage(version, 0, 0, events(1)), -EINVAL);
	KTAP_EXPECT_EQ(stage(version, WEIR_STAGE_TRUSTED + 1, 0, events(1)), -EINVAL);
	KTAP_EXPECT_EQ(stage(version, WEIR_STAGE_SHADOW, 2, events(1)), -EINVAL);
	KTAP_EXPECT_EQ(stage(version, WEIR_STAGE_TRUSTED, 0, events(1)), -EINVAL);
	KTAP_EXPECT_EQ(stage(version, WEIR_STAGE_TRUSTED, WEIR_STAGE_AUTO, no_gate), -EINVAL);
	KTAP_EXPECT_EQ(stage(version + 1, WEIR_STAGE_SHADOW, 0, events(1)), -ESTALE);
	KTAP_EXPECT_EQ(stage(version + 1, WEIR_STAGE_PROBATION, 0, events(1)), -ESTALE);
	KTAP_EXPECT_EQ(trust(version), -ENOENT);
	KTAP_EXPECT_EQ(rollback(version), -ENOENT);
	KTAP_EXPECT_EQ(channel().slot[WEIR_SLOT_CANDIDATE].version, version);
	KTAP_EXPECT_EQ(stage(version, WEIR_STAGE_PROBATION, 0, events(1)), 0);
	KTAP_EXPECT_EQ(stage(version, WEIR_STAGE_PROBATION, 0, events(1)), -ENOENT);
	KTAP_EXPECT_EQ(trust(version + 1), -ESTALE);
	KTAP_EXPECT_EQ(rollback(version + 1), -ESTALE);
	KTAP_EXPECT_EQ(active(), version);
}

KTAP_TEST(shadow_says_what_it_would_do_and_does_nothing)
{
	const struct weir_u_record *r;
	u64 version;

	begin();
	version = in_shadow(GREEN, 0, events(WITHOUT_END));
	KTAP_EXPECT(denied_event_comes_to(WEIR_VERDICT_NONE));
	r = match_of(version);
	KTAP_EXPECT_EQ(r->verdict, WEIR_VERDICT_DENY);
	KTAP_EXPECT_EQ(r->flags, WEIR_RECF_SHADOW);
	KTAP_EXPECT_EQ(happens(GREEN_EVENT, 1), WEIR_VERDICT_NONE);
	KTAP_EXPECT_EQ(match_of(version)->flags, WEIR_RECF_SHADOW);
	KTAP_EXPECT_EQ(channel().events, 0);
	KTAP_EXPECT_EQ(channel().denied, 0);
	KTAP_EXPECT_EQ(trials().shadow.events, 2);
	KTAP_EXPECT_EQ(trials().shadow.verdicts_ppm, 500000);
	KTAP_EXPECT_EQ(trials().shadow.matches_ppm, 1000000);
	/* Once active, it does. */
	KTAP_EXPECT_EQ(trusted(GREEN), version + 1);
	KTAP_EXPECT(denied_event_comes_to(WEIR_VERDICT_DENY));
	KTAP_EXPECT_EQ(match_of(version + 1)->flags, WEIR_RECF_DENIED);
	KTAP_EXPECT_EQ(channel().denied, 1);
}

KTAP_TEST(differences_from_the_active_content_are_counted)
{
	begin();
	trusted(GREEN);
	in_shadow(BLUE, 0, events(WITHOUT_END));
	KTAP_EXPECT_EQ(happens(RED_EVENT, 5), WEIR_VERDICT_NONE);
	KTAP_EXPECT_EQ(trials().shadow.differs, 0);
	/* Either of them alone. */
	KTAP_EXPECT_EQ(happens(GREEN_EVENT, 2), WEIR_VERDICT_ALERT);
	KTAP_EXPECT_EQ(trials().shadow.differs, 2);
	KTAP_EXPECT_EQ(happens(BLUE_EVENT, 1), WEIR_VERDICT_NONE);
	KTAP_EXPECT_EQ(trials().shadow.differs, 3);
	/* The active content is as free to act as ever. */
	KTAP_EXPECT(denied_event_comes_to(WEIR_VERDICT_DENY));
	KTAP_EXPECT_EQ(trials().shadow.differs, 4);
	KTAP_EXPECT_EQ(trials().shadow.events, 9);
	/* Of the other type it saw none. */
	KTAP_EXPECT_EQ(trials().shadow.least, 0);
}

KTAP_TEST(a_promotion_is_refused_until_the_gate_holds)
{
	u64 version;

	begin();
	version = in_shadow(GREEN, 0, events(4));
	KTAP_EXPECT_EQ(stage(version, WEIR_STAGE_PROBATION, 0, events(4)), -EAGAIN);
	happens(RED_EVENT, 3);
	KTAP_EXPECT_EQ(stage(version, WEIR_STAGE_PROBATION, 0, events(4)), -EAGAIN);
	KTAP_EXPECT_EQ(trials().shadow.state, WEIR_TRIAL_RUNS);
	KTAP_EXPECT_EQ(active(), 0);
	happens(RED_EVENT, 1);
	KTAP_EXPECT_EQ(trials().shadow.state, WEIR_TRIAL_PASSED);
	KTAP_EXPECT_EQ(stage(version, WEIR_STAGE_PROBATION, 0, events(4)), 0);
	KTAP_EXPECT_EQ(active(), version);
	KTAP_EXPECT_EQ(shadow(), 0);
	/* What was seen in shadow does not count again. */
	KTAP_EXPECT_EQ(trials().active.events, 0);
	KTAP_EXPECT_EQ(trust(version), -EAGAIN);
	happens(RED_EVENT, 4);
	KTAP_EXPECT_EQ(trust(version), 0);
	KTAP_EXPECT_EQ(trial(), WEIR_TRIAL_NONE);
	KTAP_EXPECT_EQ(trust(version), -ENOENT);
	KTAP_EXPECT_EQ(active(), version);
}

KTAP_TEST(time_is_a_gate_too)
{
	struct weir_u_gate gate = events(1);
	u64 version;

	begin();
	gate.seconds = 2;
	version = on_probation(GREEN, 0, gate);
	happens(RED_EVENT, 2);
	KTAP_EXPECT_EQ(trust(version), -EAGAIN);
	sleep(2);
	KTAP_EXPECT_EQ(trust(version), 0);
}

KTAP_TEST(nobody_but_a_person_ends_a_manual_trial)
{
	u64 good, version;

	begin();
	good = trusted(GREEN);
	version = on_probation(GREEN, 0, events(2));
	happens(GREEN_EVENT, 2);
	KTAP_EXPECT_EQ(trial(), WEIR_TRIAL_FAILED);
	KTAP_EXPECT_EQ(trust(version), -ECANCELED);
	sleep(2);
	KTAP_EXPECT_EQ(active(), version);
	KTAP_EXPECT_EQ(rollback(version), 0);
	KTAP_EXPECT_EQ(active(), good);
	KTAP_EXPECT_EQ(trial(), WEIR_TRIAL_NONE);
	KTAP_EXPECT_EQ(channel().quarantined, WEIR_QUARANTINE_NONE);
	KTAP_EXPECT_EQ(happens(GREEN_EVENT, 1), WEIR_VERDICT_ALERT);
}

KTAP_MAIN()
