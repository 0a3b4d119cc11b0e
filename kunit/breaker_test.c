// SPDX-License-Identifier: GPL-2.0
/* The breaker's limits: what counts against them, and whom it is blamed on. */
#include "breaker_bed.h"

#define USER 1000u
#define START (1000ull * HZ)

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

static void users_without_room_are_counted_as_one(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	u32 uid;

	evaluated(ct, 1);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, USER, 0), 1), (u32)WEIR_BREAK_NONE);
	evaluated(ct, 100000);
	/* Seven by themselves, and six of those who come after them. */
	for (uid = USER + 1; uid < USER + 100; uid++)
		KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, uid, 0), 1), (u32)WEIR_BREAK_NONE);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, 0, 0), 6), (u32)WEIR_BREAK_NONE);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, 0, 0), 1), (u32)WEIR_BREAK_RATE);
}

static void what_does_not_count_is_blamed_on_nobody(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 2);
	struct weir_break why = {};
	struct weir_hit h;
	u32 i;

	evaluated(ct, 1);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, USER, 1), 1), (u32)WEIR_BREAK_NONE);
	evaluated(ct, 100000);
	/* A user provokes the one as often as he can, while the other is wrong. */
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, USER, 1), 1000), (u32)WEIR_BREAK_NONE);
	h = hit(START, 0, 0);
	for (i = 0; i < 14; i++)
		why = weir_breaker_count(ct, &limits, &h);
	KUNIT_EXPECT_EQ(test, why.cause, (u32)WEIR_BREAK_RATE);
	KUNIT_EXPECT_EQ(test, why.instance, WEIR_NOWHERE);
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

/* How many of so many matches in a row are recorded; the newest limit that was passed is @why. */
static u32 recorded(struct weir_content *ct, u64 now, u32 instance, u32 times,
		    struct weir_break *why)
{
	struct weir_break one;
	u32 n = 0;

	while (times--) {
		n += weir_breaker_match(ct, limits.matches, now, instance, false, &one);
		if (one.cause)
			*why = one;
	}
	return n;
}

static void a_storm_is_recorded_up_to_the_limit(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 3);
	struct weir_break why = {};

	KUNIT_EXPECT_EQ(test, recorded(ct, START, 0, 50, &why), 50u);
	KUNIT_EXPECT_EQ(test, why.cause, (u32)WEIR_BREAK_NONE);
	KUNIT_EXPECT_EQ(test, recorded(ct, START, 0, 20, &why), 0u);
	KUNIT_EXPECT_EQ(test, why.cause, (u32)WEIR_BREAK_MATCHES);
	KUNIT_EXPECT_EQ(test, why.instance, 0u);
	KUNIT_EXPECT_EQ(test, why.counted, 51u);
	/* What another one has to say is not lost in it, as long as that is little. */
	KUNIT_EXPECT_EQ(test, recorded(ct, START, 1, 20, &why), 5u);
	KUNIT_EXPECT_EQ(test, recorded(ct, START, 0, 1000, &why), 0u);
	KUNIT_EXPECT_EQ(test, recorded(ct, START, 2, 20, &why), 5u);
	/* Nor what was applied, which is counted for itself. */
	KUNIT_EXPECT_TRUE(test, weir_breaker_match(ct, limits.matches, START, 0, true, &why));
	KUNIT_EXPECT_EQ(test, recorded(ct, START + HZ, 0, 60, &why), 50u);
}

static void a_storm_is_told_once_a_minute(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	struct weir_break why = {};

	recorded(ct, START, 0, 51, &why);
	KUNIT_EXPECT_EQ(test, why.cause, (u32)WEIR_BREAK_MATCHES);
	why.cause = WEIR_BREAK_NONE;
	recorded(ct, START, 0, 1, &why);
	recorded(ct, START + 59 * HZ, 0, 51, &why);
	KUNIT_EXPECT_EQ(test, why.cause, (u32)WEIR_BREAK_NONE);
	recorded(ct, START + 60 * HZ, 0, 51, &why);
	KUNIT_EXPECT_EQ(test, why.cause, (u32)WEIR_BREAK_MATCHES);
}

static void verdicts_come_before_a_storm(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	struct weir_break why = {};

	evaluated(ct, 1);
	KUNIT_EXPECT_EQ(test, after(test, ct, hit(START, 0, 0), 5), (u32)WEIR_BREAK_SHARE);
	recorded(ct, START, 0, 51, &why);
	KUNIT_EXPECT_EQ(test, why.cause, (u32)WEIR_BREAK_MATCHES);
	weir_breaker_stormed(&ct->breaker, &why);
	KUNIT_EXPECT_EQ(test, weir_breaker_take(&ct->breaker).cause, (u32)WEIR_BREAK_SHARE);
	KUNIT_EXPECT_FALSE(test, weir_breaker_waits(&ct->breaker));
}

/* As if so many events of so many steps had been evaluated, and a look taken a second later. */
static struct weir_break cost(struct weir_content *ct, u64 events, u64 steps, u64 now)
{
	evaluated(ct, events);
	preempt_disable();
	this_cpu_ptr(ct->tally)->steps += events * steps;
	preempt_enable();
	return weir_breaker_cost(ct, 1000, now);
}

static void the_mean_of_a_second_is_looked_at(struct kunit *test)
{
	struct weir_content *ct = load(test, 1, 1);
	struct weir_break why;

	/* Since when that is so the first look does not know, nor one after a gap. */
	KUNIT_EXPECT_EQ(test, cost(ct, 1000, 5000, START).cause, (u32)WEIR_BREAK_NONE);
	KUNIT_EXPECT_EQ(test, cost(ct, 100, 1000, START + HZ).cause, (u32)WEIR_BREAK_NONE);
	KUNIT_EXPECT_EQ(test, cost(ct, 99, 5000, START + 2 * HZ).cause, (u32)WEIR_BREAK_NONE);
	KUNIT_EXPECT_EQ(test, cost(ct, 1000, 5000, START + 65 * HZ).cause, (u32)WEIR_BREAK_NONE);
	why = cost(ct, 100, 1001, START + 66 * HZ);
	KUNIT_EXPECT_EQ(test, why.cause, (u32)WEIR_BREAK_STEPS);
	KUNIT_EXPECT_EQ(test, why.counted, 1001u);
	KUNIT_EXPECT_EQ(test, why.instance, WEIR_NOWHERE);
	KUNIT_EXPECT_EQ(test, cost(ct, 100, 5000, START + 67 * HZ).cause, (u32)WEIR_BREAK_NONE);
}

static struct kunit_case breaker_cases[] = {
	KUNIT_CASE(root_counts_in_full),
	KUNIT_CASE(a_second_begins_anew),
	KUNIT_CASE(one_user_alone_passes_no_limit),
	KUNIT_CASE(several_users_do),
	KUNIT_CASE(users_without_room_are_counted_as_one),
	KUNIT_CASE(what_does_not_count_is_blamed_on_nobody),
	KUNIT_CASE(half_of_all_events_is_too_much),
	KUNIT_CASE(less_than_half_of_them_is_not),
	KUNIT_CASE(shares_of_types_are_apart),
	KUNIT_CASE(kills_of_root_are_few),
	KUNIT_CASE(a_limit_of_0_is_none),
	KUNIT_CASE(nine_tenths_are_enough_to_be_blamed),
	KUNIT_CASE(a_storm_is_recorded_up_to_the_limit),
	KUNIT_CASE(a_storm_is_told_once_a_minute),
	KUNIT_CASE(verdicts_come_before_a_storm),
	KUNIT_CASE(the_mean_of_a_second_is_looked_at),
	{},
};

static struct kunit_suite breaker_suite = {
	.name = "weir_breaker",
	.init = weir_bed_start,
	.exit = weir_bed_stop,
	.test_cases = breaker_cases,
};

kunit_test_suite(breaker_suite);
