// SPDX-License-Identifier: GPL-2.0
/* 19 July: content that reads past what an event carries neither faults nor stays. */
#include <kunit/test.h>

#include "../kmod/records.h"
#include "store_bed.h"

#define VALUE "/bin/x"

/* Content that looks at the 21st field; the events below carry 20. */
static struct weir_recipe july(void)
{
	return (struct weir_recipe){
		.channel = 291,
		.version = 1,
		.type = WEIR_TYPE_ipc,
		.field = WEIR_ipc_TargetImage,
		.equals = VALUE,
		.instances = 2,
	};
}

static void field_21_of_20_inputs_reads_as_absent_without_a_fault(struct kunit *test)
{
	struct weir_recipe r = july();
	struct weir_content *ct = weir_make_content(test, &r);
	/* Exactly 20: a read past them is one that KASAN reports. */
	struct weir_value *v = kunit_kcalloc(test, 20, sizeof(*v), GFP_KERNEL);
	struct weir_event e = { .v = v, .n = 20, .type = WEIR_TYPE_ipc };
	u32 match[2];
	struct weir_run run = { .scratch = ct->scratch[0],
				.nscratch = ct->about.scratch / sizeof(u32),
				.match = match,
				.cap = ARRAY_SIZE(match),
				.fuel = ct->about.cost };
	struct weir_result res;

	KUNIT_ASSERT_NOT_NULL(test, v);
	KUNIT_ASSERT_EQ(test, WEIR_ipc_TargetImage, 20);
	weir_eval(&ct->view, &e, &run, &res);
	KUNIT_EXPECT_EQ(test, res.status, (u32)WEIR_DONE);
	KUNIT_EXPECT_EQ(test, res.nmatch, 0u);
	KUNIT_EXPECT_EQ(test, res.verdict, (u32)WEIR_VERDICT_NONE);
	KUNIT_EXPECT_GE(test, res.trips, 1u);
	KUNIT_EXPECT_EQ(test, res.trip_inst, 0u);
	KUNIT_EXPECT_EQ(test, res.trip_field, 20u);
	weir_content_put(ct);
}

static void expect_trip_record(struct kunit *test, u8 *buf)
{
	const struct weir_u_record *rec = (const void *)buf;

	KUNIT_ASSERT_GE(test, weir_bed_read(buf), (ssize_t)sizeof(*rec));
	KUNIT_EXPECT_EQ(test, rec->kind, (u16)WEIR_REC_TRIP);
	KUNIT_EXPECT_EQ(test, rec->channel, 291u);
	KUNIT_EXPECT_EQ(test, rec->version, 1ull);
	KUNIT_EXPECT_EQ(test, rec->type, (u32)WEIR_TYPE_ipc);
	KUNIT_EXPECT_EQ(test, rec->instance, 0u);
	KUNIT_EXPECT_EQ(test, rec->field, 20u);
}

static void content_that_trips_is_out_with_the_next_event(struct kunit *test)
{
	struct weir_capture *c = weir_bed_event(test, WEIR_TYPE_ipc, 20);
	struct weir_recipe r = july();
	struct weir_u_channel *ch;

	weir_bed_load(test, &r);
	KUNIT_EXPECT_EQ(test, weir_bed_deliver(c), (u32)WEIR_VERDICT_NONE);
	ch = weir_bed_state(test, 0);
	KUNIT_EXPECT_EQ(test, ch->events, 1ull);
	KUNIT_EXPECT_GE(test, ch->trips, 1ull);
	KUNIT_EXPECT_EQ(test, ch->trip_instance, 0u);
	KUNIT_EXPECT_EQ(test, ch->trip_field, 20u);
	KUNIT_EXPECT_EQ(test, ch->quarantined, 1u);
	expect_trip_record(test, weir_bed_buffer(test));
	/* The next event goes through, and is not evaluated by what tripped. */
	KUNIT_EXPECT_EQ(test, weir_bed_deliver(c), (u32)WEIR_VERDICT_NONE);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->events, 1ull);
	flush_work(&weir_store.quarantine);
	ch = weir_bed_state(test, 0);
	KUNIT_EXPECT_EQ(test, ch->slot[WEIR_SLOT_ACTIVE].version, 0ull);
	KUNIT_EXPECT_EQ(test, ch->quarantined, 1u);
	KUNIT_EXPECT_EQ(test, weir_bed_deliver(c), (u32)WEIR_VERDICT_NONE);
}

/* The index reads a field for all instances at once, so none of them is to blame. */
static void a_trip_of_the_index_is_no_instance_s(struct kunit *test)
{
	struct weir_capture *c = weir_bed_event(test, WEIR_TYPE_ipc, 20);
	u8 *buf = weir_bed_buffer(test);
	const struct weir_u_record *rec = (const void *)buf;
	struct weir_recipe r = july();
	struct weir_u_channel *ch;

	r.indexed = true;
	weir_bed_load(test, &r);
	KUNIT_EXPECT_EQ(test, weir_bed_deliver(c), (u32)WEIR_VERDICT_NONE);
	ch = weir_bed_state(test, 0);
	KUNIT_EXPECT_EQ(test, ch->trips, 1ull);
	KUNIT_EXPECT_EQ(test, ch->trip_instance, WEIR_NOWHERE);
	KUNIT_EXPECT_EQ(test, ch->trip_field, 20u);
	KUNIT_EXPECT_EQ(test, ch->quarantined, 1u);
	KUNIT_ASSERT_GE(test, weir_bed_read(buf), (ssize_t)sizeof(*rec));
	KUNIT_EXPECT_EQ(test, rec->kind, (u16)WEIR_REC_TRIP);
	KUNIT_EXPECT_EQ(test, rec->instance, WEIR_NOWHERE);
	KUNIT_EXPECT_EQ(test, rec->field, 20u);
}

static void other_channels_go_on_when_one_trips(struct kunit *test)
{
	struct weir_capture *c = weir_bed_event(test, WEIR_TYPE_ipc, 20);
	struct weir_recipe bad = july(), good = july();

	good.channel = 292;
	good.field = WEIR_ipc_Image;
	weir_bed_set(c, WEIR_ipc_Image, VALUE);
	weir_bed_load(test, &bad);
	weir_bed_load(test, &good);
	KUNIT_EXPECT_EQ(test, weir_bed_deliver(c), (u32)WEIR_VERDICT_ALERT);
	KUNIT_EXPECT_EQ(test, weir_bed_deliver(c), (u32)WEIR_VERDICT_ALERT);
	flush_work(&weir_store.quarantine);
	KUNIT_EXPECT_EQ(test, weir_bed_deliver(c), (u32)WEIR_VERDICT_ALERT);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->events, 1ull);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 1)->events, 3ull);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 1)->matches, 6ull);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 1)->quarantined, 0u);
}

/* As an activation moves it, with a reader that still evaluates it. */
static struct weir_content *replace_active(struct weir_channel *ch)
{
	struct weir_content *ct;

	mutex_lock(&weir_store.lock);
	ct = rcu_dereference_protected(ch->active, lockdep_is_held(&weir_store.lock));
	rcu_assign_pointer(ch->active, ch->candidate);
	ch->candidate = NULL;
	ch->last_good = ct;
	mutex_unlock(&weir_store.lock);
	return ct;
}

static void replaced_content_that_trips_late_is_not_kept(struct kunit *test)
{
	const struct weir_result res = { .trips = 1, .trip_field = 20 };
	struct weir_recipe r = july();
	struct weir_channel *ch;
	struct weir_content *ct;

	weir_bed_load(test, &r);
	ch = weir_store_find(r.channel);
	KUNIT_ASSERT_NOT_NULL(test, ch);
	r.version = 2;
	KUNIT_ASSERT_EQ(test, weir_store_offer(weir_make_content(test, &r)), 0);
	ct = replace_active(ch);
	KUNIT_ASSERT_EQ(test, weir_bed_state(test, 0)->slot[WEIR_SLOT_LAST_GOOD].version, 1ull);
	preempt_disable();
	weir_store_trip(ch, ct, WEIR_TYPE_ipc, &res, 1);
	preempt_enable();
	flush_work(&weir_store.quarantine);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->slot[WEIR_SLOT_LAST_GOOD].version, 0ull);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->slot[WEIR_SLOT_ACTIVE].version, 2ull);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->quarantined, 0u);
}

static struct kunit_case quarantine_cases[] = {
	KUNIT_CASE(replaced_content_that_trips_late_is_not_kept),
	KUNIT_CASE(field_21_of_20_inputs_reads_as_absent_without_a_fault),
	KUNIT_CASE(content_that_trips_is_out_with_the_next_event),
	KUNIT_CASE(a_trip_of_the_index_is_no_instance_s),
	KUNIT_CASE(other_channels_go_on_when_one_trips),
	{}
};

static struct kunit_suite quarantine_suite = {
	.name = "weir_quarantine",
	.init = weir_bed_start,
	.exit = weir_bed_stop,
	.test_cases = quarantine_cases,
};

kunit_test_suite(quarantine_suite);
