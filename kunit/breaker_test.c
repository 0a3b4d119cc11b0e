// SPDX-License-Identifier: GPL-2.0
/*
 * The breaker. Nothing is applied to the kernel threads that run these tests, so they count hits of
 * their own making; selftests/breaker_test.c does it with tasks.
 */
#include <kunit/test.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>

#include "store_bed.h"

#define CHANNEL 91u
#define TYPE WEIR_TYPE_process_creation
#define VALUE "/bin/weir-breaker"
#define USER 1000u
#define START (1000ull * HZ)

static const struct weir_u_limits limits = {
	.policy = WEIR_POLICY_LAST_GOOD,
	.rate = 20,
	.share = 50,
	.share_least = 5,
	.kills = 5,
};

/* Set by tests that need capture points, which take long to set up. */
static bool captures;

static void need_capture(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, weir_capture_init(), 0);
	captures = true;
}

static void breaker_stop(struct kunit *test)
{
	weir_bed_stop(test);
	if (captures)
		weir_capture_exit();
	captures = false;
}

static struct weir_recipe recipe(u64 version, u32 instances)
{
	return (struct weir_recipe){
		.channel = CHANNEL,
		.version = version,
		.type = TYPE,
		.field = WEIR_process_creation_Image,
		.equals = VALUE,
		.instances = instances,
		.action = WEIR_VERDICT_DENY,
	};
}

static struct weir_content *load(struct kunit *test, u64 version, u32 instances)
{
	struct weir_recipe r = recipe(version, instances);

	weir_bed_load(test, &r);
	return rcu_access_pointer(weir_store_find(CHANNEL)->active);
}

static struct weir_hit hit(u64 now, u32 uid, u32 instance)
{
	return (struct weir_hit){
		.now = now,
		.type = weir_type_index(TYPE),
		.instance = instance,
		.uid = uid,
	};
}

/* The limit that the last of so many hits passed; none of those before may pass one. */
static u32 after(struct kunit *test, struct weir_content *ct, struct weir_hit h, u32 times)
{
	u32 cause = WEIR_BREAK_NONE;

	while (times--) {
		KUNIT_EXPECT_EQ(test, cause, (u32)WEIR_BREAK_NONE);
		cause = weir_breaker_count(ct, &limits, &h).cause;
	}
	return cause;
}

/* As if so many events had been evaluated, so that hits are no great share of them. */
static void evaluated(struct weir_content *ct, u64 events)
{
	preempt_disable();
	this_cpu_ptr(ct->tally)->events[weir_type_index(TYPE)] += events;
	preempt_enable();
}

static void root_counts_in_full(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	u32 last;

	evaluated(ct, 1);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, 0, 0), 1), (u32)WEIR_BREAK_NONE);
	evaluated(ct, 100000);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, 0, 0), 18), (u32)WEIR_BREAK_NONE);
	last = after(test, ct, hit(START, 0, 0), 1);
	KUNIT_EXPECT_EQ(test, last, (u32)WEIR_BREAK_RATE);
	/* It is said once in a second. */
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, 0, 0), 1), (u32)WEIR_BREAK_NONE);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START + HZ, 0, 0), 19), (u32)WEIR_BREAK_NONE);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START + HZ, 0, 0), 1), (u32)WEIR_BREAK_RATE);
}

static void a_second_begins_anew(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	u32 i;

	evaluated(ct, 1);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, 0, 0), 1), (u32)WEIR_BREAK_NONE);
	evaluated(ct, 100000);
	for (i = 1; i < 10; i++)
		KUNIT_EXPECT_EQ(test, after(test, ct, hit(START + i * HZ, 0, 0), 19),
				(u32)WEIR_BREAK_NONE);
}

static void one_user_alone_passes_no_limit(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	u32 i;

	for (i = 0; i < 1000; i++) {
		evaluated(ct, 1);
		KUNIT_EXPECT_EQ(test, after(test, ct, hit(START + i, USER, 0), 1),
				(u32)WEIR_BREAK_NONE);
	}
	KUNIT_EXPECT_FALSE(test, test_bit(WEIR_CONTENT_BROKEN, &ct->flags));
}

static void several_users_do(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	u32 uid;

	evaluated(ct, 1);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, USER, 0), 1), (u32)WEIR_BREAK_NONE);
	evaluated(ct, 100000);
	for (uid = USER; uid < USER + 3; uid++)
		KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, uid, 0), 100),
				(u32)WEIR_BREAK_NONE);
	/* A third of 20 is 6, of each of the three. */
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, uid, 0), 2), (u32)WEIR_BREAK_RATE);
}

static void more_users_than_are_told_apart_count_in_full(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	u32 uid;

	evaluated(ct, 1);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, USER, 0), 1), (u32)WEIR_BREAK_NONE);
	evaluated(ct, 100000);
	for (uid = USER + 1; uid < USER + 19; uid++)
		KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, uid, 0), 1), (u32)WEIR_BREAK_NONE);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, uid, 0), 1), (u32)WEIR_BREAK_RATE);
}

static void half_of_all_events_is_too_much(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	u32 i;

	for (i = 0; i < 4; i++) {
		evaluated(ct, 2);
		KUNIT_EXPECT_EQ(test, after(test, ct, hit(START + i * HZ, 0, 0), 1),
				(u32)WEIR_BREAK_NONE);
	}
	evaluated(ct, 1);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START + 4 * HZ, 0, 0), 1), (u32)WEIR_BREAK_SHARE);
}

static void less_than_half_of_them_is_not(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	u32 i;

	for (i = 0; i < 50; i++) {
		evaluated(ct, 3);
		KUNIT_EXPECT_EQ(test, after(test, ct, hit(START + i * HZ, 0, 0), 1),
				(u32)WEIR_BREAK_NONE);
	}
}

static void shares_of_types_are_apart(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	struct weir_hit other = hit(START, 0, 0);
	u32 i;

	other.type = weir_type_index(WEIR_TYPE_file_event);
	for (i = 0; i < 4; i++) {
		evaluated(ct, 1);
		KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, 0, 0), 1), (u32)WEIR_BREAK_NONE);
		preempt_disable();
		this_cpu_ptr(ct->tally)->events[other.type] += 3;
		preempt_enable();
		KUNIT_EXPECT_EQ(test, after(test, ct, other, 1), (u32)WEIR_BREAK_NONE);
	}
	evaluated(ct, 1);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, 0, 0), 1), (u32)WEIR_BREAK_SHARE);
}

static void kills_of_root_are_few(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	struct weir_hit h = hit(START, 0, 0);
	u32 i;

	evaluated(ct, 1);
	KUNIT_EXPECT_EQ(test, after(test, ct, h, 1), (u32)WEIR_BREAK_NONE);
	evaluated(ct, 100000);
	h.killed = true;
	for (i = 0; i < 4; i++) {
		h.now = START + i * 10 * HZ;
		KUNIT_EXPECT_EQ(test, after(test, ct, h, 1), (u32)WEIR_BREAK_NONE);
	}
	h.uid = USER;
	KUNIT_EXPECT_EQ(test, after(test, ct, h, 10), (u32)WEIR_BREAK_NONE);
	h.uid = 0;
	KUNIT_EXPECT_EQ(test, after(test, ct, h, 1), (u32)WEIR_BREAK_KILLS);
}

static void a_limit_of_0_is_none(struct kunit *test)
{
	const struct weir_u_limits none = {};
	struct weir_content *ct = load(test, 1, 1);
	struct weir_hit h = hit(START, 0, 0);
	u32 i;

	h.killed = true;
	for (i = 0; i < 1000; i++) {
		evaluated(ct, 1);
		KUNIT_EXPECT_EQ(test, weir_breaker_count(ct, &none, &h).cause,
				(u32)WEIR_BREAK_NONE);
	}
}

/* Whom 20 hits are blamed on, of which the last so many are another instance's. */
static u32 blamed(struct kunit *test, u64 now, u32 others, u32 different)
{
	struct weir_content *ct = rcu_access_pointer(weir_store_find(CHANNEL)->active);
	struct weir_break why = {};
	struct weir_hit h;
	u32 i;

	evaluated(ct, 100000);
	for (i = 0; i < 20; i++) {
		h = hit(now, 0, i < 20 - others ? 3 : 4 + i % different);
		why = weir_breaker_count(ct, &limits, &h);
	}
	KUNIT_EXPECT_EQ(test, why.cause, (u32)WEIR_BREAK_RATE);
	KUNIT_EXPECT_EQ(test, why.counted, 20u);
	return why.instance;
}

static void nine_tenths_are_enough_to_be_blamed(struct kunit *test)
{
	load(test, 1, 40);
	KUNIT_EXPECT_EQ(test, blamed(test, START, 0, 1), 3u);
	KUNIT_EXPECT_EQ(test, blamed(test, START + HZ, 2, 1), 3u);
	KUNIT_EXPECT_EQ(test, blamed(test, START + 2 * HZ, 3, 1), WEIR_NOWHERE);
	KUNIT_EXPECT_EQ(test, blamed(test, START + 3 * HZ, 20, 20), WEIR_NOWHERE);
}

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
	need_capture(test);
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

static void content_on_trial_has_to_go(struct kunit *test)
{
	const struct weir_trial trial = {
		.gate = { .events = 1000, .matches_ppm = U64_MAX, .verdicts_ppm = U64_MAX },
	};
	struct weir_recipe r = recipe(2, 1);
	struct weir_error err;

	need_capture(test);
	trust(test, 1, 1);
	/* Not even that is held which one instance is to blame for. */
	policy(test, WEIR_POLICY_HOLD);
	KUNIT_ASSERT_EQ(test, weir_store_offer(weir_make_content(test, &r)), 0);
	KUNIT_ASSERT_EQ(test, weir_store_stage(CHANNEL, 2, WEIR_STAGE_PROBATION, &trial, &err), 0);
	apply(5, 0, 0);
	KUNIT_EXPECT_EQ(test, state(test)->act, (u32)WEIR_ACT_LAST_GOOD);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->slot[WEIR_SLOT_ACTIVE].version, 1ull);
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

static struct kunit_case breaker_cases[] = {
	KUNIT_CASE(root_counts_in_full),
	KUNIT_CASE(a_second_begins_anew),
	KUNIT_CASE(one_user_alone_passes_no_limit),
	KUNIT_CASE(several_users_do),
	KUNIT_CASE(more_users_than_are_told_apart_count_in_full),
	KUNIT_CASE(half_of_all_events_is_too_much),
	KUNIT_CASE(less_than_half_of_them_is_not),
	KUNIT_CASE(shares_of_types_are_apart),
	KUNIT_CASE(kills_of_root_are_few),
	KUNIT_CASE(a_limit_of_0_is_none),
	KUNIT_CASE(nine_tenths_are_enough_to_be_blamed),
	KUNIT_CASE(what_alone_is_to_blame_is_muted_alone),
	KUNIT_CASE(an_open_breaker_applies_nothing),
	KUNIT_CASE(one_too_many_to_mute_takes_the_content_along),
	KUNIT_CASE(last_good_takes_its_place),
	KUNIT_CASE(the_channel_is_in_audit_mode),
	KUNIT_CASE(the_channel_is_empty),
	KUNIT_CASE(it_is_held),
	KUNIT_CASE(content_on_trial_has_to_go),
	KUNIT_CASE(limits_that_there_are_not_are_refused),
	{}
};

static struct kunit_suite breaker_suite = {
	.name = "weir_breaker",
	.init = weir_bed_start,
	.exit = breaker_stop,
	.test_cases = breaker_cases,
};

kunit_test_suite(breaker_suite);
