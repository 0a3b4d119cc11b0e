// SPDX-License-Identifier: GPL-2.0
/* What becomes of content that reached a limit of the breaker. */
#include "breaker_bed.h"
#include "swap.h"

static struct weir_u_breaker *state(struct kunit *test)
{
	struct weir_u_breaker *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_EQ(test, weir_store_breaker(0, b), 0);
	return b;
}

/* So many verdicts of each of the instances @first to @last, as hooks would tell of them. */
static void apply(u32 times, u32 first, u32 last)
{
	struct weir_channel *ch = weir_store_find(CHANNEL);
	struct weir_content *ct;
	struct weir_hit h;
	u32 i;

	rcu_read_lock();
	preempt_disable();
	ct = rcu_dereference(ch->active);
	for (i = first; ct && i <= last; i++) {
		u32 n = times;

		h = hit(get_jiffies_64(), 0, i);
		while (n--) {
			this_cpu_ptr(ct->tally)->events[h.type]++;
			weir_store_break(ch, ct, TYPE, &h, 1);
		}
	}
	preempt_enable();
	rcu_read_unlock();
	flush_work(&weir_store.quarantine);
}

/* Flags of the record of one event that the first instance matches. */
static u32 flags_of_event(struct kunit *test)
{
	struct weir_capture *c =
		weir_bed_event(test, TYPE, weir_types[weir_type_index(TYPE)].arity);
	u8 *buf = weir_bed_buffer(test);
	const struct weir_u_record *rec;
	ssize_t n, at;

	while (weir_bed_read(buf) > 0)
		;
	weir_bed_set(c, WEIR_process_creation_Image, VALUE);
	c->power = BIT(WEIR_VERDICT_ALERT) | BIT(WEIR_VERDICT_DENY);
	weir_bed_deliver(c);
	n = weir_bed_read(buf);
	for (at = 0; at < n; at += rec->size) {
		rec = (const void *)(buf + at);
		if (rec->kind == WEIR_REC_MATCH && !rec->instance)
			return rec->flags;
	}
	KUNIT_FAIL(test, "no record of the match");
	return 0;
}

static void what_alone_is_to_blame_is_muted_alone(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 2);

	KUNIT_ASSERT_EQ(test, weir_store_mode(CHANNEL, WEIR_MODE_ENFORCE, 0), 0);
	KUNIT_EXPECT_EQ(test, flags_of_event(test), (u32)WEIR_RECF_EXEMPT);
	apply(5, 0, 0);
	KUNIT_EXPECT_EQ(test, state(test)->breaks, 1ull);
	KUNIT_EXPECT_EQ(test, state(test)->cause, (u32)WEIR_BREAK_SHARE);
	KUNIT_EXPECT_EQ(test, state(test)->act, (u32)WEIR_ACT_MUTED);
	KUNIT_EXPECT_EQ(test, state(test)->instance, 0u);
	KUNIT_EXPECT_EQ(test, state(test)->open, 0u);
	KUNIT_EXPECT_EQ(test, state(test)->nmuted, 1u);
	KUNIT_EXPECT_TRUE(test, weir_breaker_is_muted(&ct->breaker, 0));
	KUNIT_EXPECT_FALSE(test, weir_breaker_is_muted(&ct->breaker, 1));
	KUNIT_EXPECT_EQ(test, flags_of_event(test), (u32)WEIR_RECF_MUTED);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->mode, (u32)WEIR_MODE_ENFORCE);
}

static void an_open_breaker_applies_nothing(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 2);

	KUNIT_ASSERT_EQ(test, weir_store_mode(CHANNEL, WEIR_MODE_ENFORCE, 0), 0);
	set_bit(WEIR_CONTENT_BROKEN, &ct->flags);
	KUNIT_EXPECT_EQ(test, state(test)->open, 1u);
	KUNIT_EXPECT_EQ(test, flags_of_event(test), (u32)WEIR_RECF_BROKEN);
	clear_bit(WEIR_CONTENT_BROKEN, &ct->flags);
	KUNIT_EXPECT_EQ(test, flags_of_event(test), (u32)WEIR_RECF_EXEMPT);
}

static void one_too_many_to_mute_takes_the_content_along(struct kunit *test)
{
	u32 i;

	load(test, 1, WEIR_U_MUTED + 2);
	KUNIT_ASSERT_EQ(test, weir_store_mode(CHANNEL, WEIR_MODE_ENFORCE, 0), 0);
	for (i = 0; i < WEIR_U_MUTED; i++)
		apply(5, i, i);
	KUNIT_EXPECT_EQ(test, state(test)->nmuted, (u32)WEIR_U_MUTED);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->mode, (u32)WEIR_MODE_ENFORCE);
	apply(5, i, i);
	KUNIT_EXPECT_EQ(test, state(test)->breaks, WEIR_U_MUTED + 1ull);
	/* There is no last-good. */
	KUNIT_EXPECT_EQ(test, state(test)->act, (u32)WEIR_ACT_AUDIT);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->mode, (u32)WEIR_MODE_AUDIT);
}

static void policy(struct kunit *test, u32 what)
{
	struct weir_u_limits l = limits;

	l.policy = what;
	KUNIT_ASSERT_EQ(test, weir_store_limits(CHANNEL, &l), 0);
}

/* Make content trusted as user space does: what was becomes last-good. */
static void trust(struct kunit *test, u64 version, u32 instances)
{
	struct weir_recipe r = recipe(version, instances);
	struct weir_error err;

	KUNIT_ASSERT_EQ(test, weir_store_offer(weir_make_content(test, &r)), 0);
	KUNIT_ASSERT_EQ(test, weir_store_activate(CHANNEL, version, &err), 0);
}

/* Four instances a quarter each: nobody alone is to blame. */
static void break_all(struct kunit *test, u32 what, u32 act)
{
	trust(test, 1, 4);
	trust(test, 2, 4);
	policy(test, what);
	KUNIT_ASSERT_EQ(test, weir_store_mode(CHANNEL, WEIR_MODE_ENFORCE, 0), 0);
	apply(2, 0, 3);
	KUNIT_EXPECT_EQ(test, state(test)->breaks, 1ull);
	KUNIT_EXPECT_EQ(test, state(test)->version, 2ull);
	KUNIT_EXPECT_EQ(test, state(test)->instance, WEIR_NOWHERE);
	KUNIT_EXPECT_EQ(test, state(test)->act, act);
	KUNIT_EXPECT_EQ(test, state(test)->open, 0u);
}

static void last_good_takes_its_place(struct kunit *test)
{
	struct weir_u_channel *ch;

	break_all(test, WEIR_POLICY_LAST_GOOD, WEIR_ACT_LAST_GOOD);
	ch = weir_bed_state(test, 0);
	KUNIT_EXPECT_EQ(test, ch->slot[WEIR_SLOT_ACTIVE].version, 1ull);
	KUNIT_EXPECT_EQ(test, ch->quarantined, (u32)WEIR_QUARANTINE_BREAKER);
	KUNIT_EXPECT_EQ(test, ch->mode, (u32)WEIR_MODE_ENFORCE);
}

static void the_channel_is_in_audit_mode(struct kunit *test)
{
	struct weir_u_channel *ch;

	break_all(test, WEIR_POLICY_AUDIT, WEIR_ACT_AUDIT);
	ch = weir_bed_state(test, 0);
	KUNIT_EXPECT_EQ(test, ch->slot[WEIR_SLOT_ACTIVE].version, 2ull);
	KUNIT_EXPECT_EQ(test, ch->mode, (u32)WEIR_MODE_AUDIT);
}

static void the_channel_is_empty(struct kunit *test)
{
	struct weir_u_channel *ch;

	break_all(test, WEIR_POLICY_OFF, WEIR_ACT_OFF);
	ch = weir_bed_state(test, 0);
	KUNIT_EXPECT_EQ(test, ch->slot[WEIR_SLOT_ACTIVE].version, 0ull);
	KUNIT_EXPECT_EQ(test, ch->slot[WEIR_SLOT_LAST_GOOD].version, 0ull);
	KUNIT_EXPECT_EQ(test, ch->quarantined, (u32)WEIR_QUARANTINE_BREAKER);
}

static void it_is_held(struct kunit *test)
{
	struct weir_u_channel *ch;

	break_all(test, WEIR_POLICY_HOLD, WEIR_ACT_HELD);
	ch = weir_bed_state(test, 0);
	KUNIT_EXPECT_EQ(test, ch->slot[WEIR_SLOT_ACTIVE].version, 2ull);
	KUNIT_EXPECT_EQ(test, ch->mode, (u32)WEIR_MODE_ENFORCE);
	KUNIT_EXPECT_EQ(test, state(test)->nmuted, 0u);
}

/* Content on trial, after another version was trusted. */
static void try_after(struct kunit *test, u64 version)
{
	const struct weir_trial trial = {
		.gate = { .events = 1000, .matches_ppm = U64_MAX, .verdicts_ppm = U64_MAX },
	};
	struct weir_recipe r = recipe(version, 1);
	struct weir_error err;

	KUNIT_ASSERT_EQ(test, weir_store_offer(weir_make_content(test, &r)), 0);
	KUNIT_ASSERT_EQ(test,
			weir_store_stage(CHANNEL, version, WEIR_STAGE_PROBATION, &trial, &err), 0);
}

static void content_on_trial_has_to_go(struct kunit *test)
{
	trust(test, 1, 1);
	/* Not even that is held which one instance is to blame for. */
	policy(test, WEIR_POLICY_HOLD);
	try_after(test, 2);
	apply(5, 0, 0);
	KUNIT_EXPECT_EQ(test, state(test)->act, (u32)WEIR_ACT_LAST_GOOD);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->slot[WEIR_SLOT_ACTIVE].version, 1ull);
}

/* So many events that the first instance matches. Returns how many were recorded. */
static u32 storm(struct kunit *test, u32 times)
{
	struct weir_capture *c =
		weir_bed_event(test, TYPE, weir_types[weir_type_index(TYPE)].arity);
	u8 *buf = weir_bed_buffer(test);
	const struct weir_u_record *rec;
	ssize_t n, at;
	u32 found = 0;

	weir_bed_set(c, WEIR_process_creation_Image, VALUE);
	while (times--) {
		weir_bed_deliver(c);
		n = weir_bed_read(buf);
		for (at = 0; at < n; at += rec->size) {
			rec = (const void *)(buf + at);
			found += rec->kind == WEIR_REC_MATCH;
		}
	}
	flush_work(&weir_store.quarantine);
	return found;
}

static void a_storm_of_trusted_content_is_quiet(struct kunit *test)
{
	struct weir_u_limits l = limits;

	load(test, 1, 1);
	/* The least that shows it, however slow this is. */
	l.matches = 1;
	KUNIT_ASSERT_EQ(test, weir_store_limits(CHANNEL, &l), 0);
	KUNIT_ASSERT_EQ(test, weir_store_mode(CHANNEL, WEIR_MODE_ENFORCE, 0), 0);
	KUNIT_EXPECT_LT(test, storm(test, 100), 100u);
	KUNIT_EXPECT_EQ(test, state(test)->breaks, 1ull);
	KUNIT_EXPECT_EQ(test, state(test)->cause, (u32)WEIR_BREAK_MATCHES);
	KUNIT_EXPECT_EQ(test, state(test)->act, (u32)WEIR_ACT_QUIET);
	KUNIT_EXPECT_EQ(test, state(test)->instance, 0u);
	KUNIT_EXPECT_EQ(test, state(test)->nmuted, 0u);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->mode, (u32)WEIR_MODE_ENFORCE);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->slot[WEIR_SLOT_ACTIVE].version, 1ull);
	l.matches = 0;
	KUNIT_ASSERT_EQ(test, weir_store_limits(CHANNEL, &l), 0);
	KUNIT_EXPECT_EQ(test, storm(test, 100), 100u);
}

static void a_storm_of_content_on_trial_takes_it_out(struct kunit *test)
{
	struct weir_u_limits l = limits;

	trust(test, 1, 1);
	l.matches = 1;
	KUNIT_ASSERT_EQ(test, weir_store_limits(CHANNEL, &l), 0);
	try_after(test, 2);
	while (!state(test)->breaks)
		storm(test, 2);
	KUNIT_EXPECT_EQ(test, state(test)->cause, (u32)WEIR_BREAK_MATCHES);
	KUNIT_EXPECT_EQ(test, state(test)->act, (u32)WEIR_ACT_LAST_GOOD);
	KUNIT_EXPECT_EQ(test, state(test)->version, 2ull);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->slot[WEIR_SLOT_ACTIVE].version, 1ull);
}

/* What content that costs too much comes to: a look before, and one after it is used. */
static void costs(struct kunit *test, u32 act, u64 version)
{
	struct weir_channel *ch = weir_store_find(CHANNEL);

	while (state(test)->cause != WEIR_BREAK_STEPS) {
		mutex_lock(&weir_store.lock);
		weir_breaker_look(ch);
		mutex_unlock(&weir_store.lock);
		storm(test, 100);
		mutex_lock(&weir_store.lock);
		weir_breaker_look(ch);
		weir_swap_settle();
		mutex_unlock(&weir_store.lock);
	}
	KUNIT_EXPECT_EQ(test, state(test)->act, act);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->slot[WEIR_SLOT_ACTIVE].version, version);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->mode, (u32)WEIR_MODE_ENFORCE);
}

static void dear(struct kunit *test, u32 policy)
{
	struct weir_u_limits l = limits;

	trust(test, 1, 1);
	trust(test, 2, 1);
	l.policy = policy;
	l.matches = 0;
	l.steps = 1;
	KUNIT_ASSERT_EQ(test, weir_store_limits(CHANNEL, &l), 0);
	KUNIT_ASSERT_EQ(test, weir_store_mode(CHANNEL, WEIR_MODE_ENFORCE, 0), 0);
}

static void last_good_takes_the_place_of_dear_content(struct kunit *test)
{
	dear(test, WEIR_POLICY_LAST_GOOD);
	costs(test, WEIR_ACT_LAST_GOOD, 1);
}

static void dear_content_is_held_where_audit_would_not_help(struct kunit *test)
{
	dear(test, WEIR_POLICY_AUDIT);
	costs(test, WEIR_ACT_HELD, 2);
}

static void dear_content_on_trial_has_to_go(struct kunit *test)
{
	dear(test, WEIR_POLICY_HOLD);
	try_after(test, 3);
	costs(test, WEIR_ACT_LAST_GOOD, 2);
}

static void limits_that_there_are_not_are_refused(struct kunit *test)
{
	struct weir_u_limits l = limits;

	load(test, 1, 1);
	l.share = 101;
	KUNIT_EXPECT_EQ(test, weir_store_limits(CHANNEL, &l), -EINVAL);
	l.share = 100;
	l.policy = WEIR_POLICY_HOLD + 1;
	KUNIT_EXPECT_EQ(test, weir_store_limits(CHANNEL, &l), -EINVAL);
	l.policy = WEIR_POLICY_OFF;
	KUNIT_EXPECT_EQ(test, weir_store_limits(CHANNEL + 1, &l), -ENOENT);
	KUNIT_EXPECT_EQ(test, state(test)->limits.policy, (u32)WEIR_POLICY_LAST_GOOD);
	KUNIT_EXPECT_EQ(test, weir_store_limits(CHANNEL, &l), 0);
	KUNIT_EXPECT_EQ(test, state(test)->limits.policy, (u32)WEIR_POLICY_OFF);
	KUNIT_EXPECT_EQ(test, state(test)->limits.share, 100u);
}

static struct kunit_case breaker_act_cases[] = {
	KUNIT_CASE(what_alone_is_to_blame_is_muted_alone),
	KUNIT_CASE(an_open_breaker_applies_nothing),
	KUNIT_CASE(one_too_many_to_mute_takes_the_content_along),
	KUNIT_CASE(last_good_takes_its_place),
	KUNIT_CASE(the_channel_is_in_audit_mode),
	KUNIT_CASE(the_channel_is_empty),
	KUNIT_CASE(it_is_held),
	KUNIT_CASE(content_on_trial_has_to_go),
	KUNIT_CASE(a_storm_of_trusted_content_is_quiet),
	KUNIT_CASE(a_storm_of_content_on_trial_takes_it_out),
	KUNIT_CASE(last_good_takes_the_place_of_dear_content),
	KUNIT_CASE(dear_content_is_held_where_audit_would_not_help),
	KUNIT_CASE(dear_content_on_trial_has_to_go),
	KUNIT_CASE(limits_that_there_are_not_are_refused),
	{}
};

static struct kunit_suite breaker_act_suite = {
	.name = "weir_breaker_act",
	.suite_init = weir_bed_capture,
	.suite_exit = weir_bed_uncapture,
	.init = weir_bed_start,
	.exit = weir_bed_stop,
	.test_cases = breaker_act_cases,
};

kunit_test_suite(breaker_act_suite);
