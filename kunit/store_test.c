// SPDX-License-Identifier: GPL-2.0
/* The store: whole contents for readers, whatever a writer does. */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <asm/pgtable.h>
#include <asm/unaligned.h>

#include "store_bed.h"

#define READERS 3
#define SWAPS 80u
#define INSTANCES 3u
#define VALUE "/bin/x"
#define CHANNEL 287u

static struct weir_recipe recipe(u64 version)
{
	return (struct weir_recipe){
		.channel = CHANNEL,
		.version = version,
		.type = WEIR_TYPE_process_creation,
		.field = WEIR_process_creation_Image,
		.equals = VALUE,
		.instances = INSTANCES,
		.indexed = version & 1,
	};
}

/* Does a match record hold together: number, UUID and title all of the version it names? */
static bool is_whole(const struct weir_u_record *rec)
{
	const struct weir_u_rfield *title = (const void *)(rec + 1);
	char want[WEIR_MADE_TITLE_LEN + 1];

	scnprintf(want, sizeof(want), WEIR_MADE_TITLE, rec->version);
	return rec->instance < INSTANCES && rec->channel == CHANNEL &&
	       get_unaligned_be64(rec->uuid) == rec->version &&
	       get_unaligned_be64(rec->uuid + 8) == rec->instance &&
	       title->field == WEIR_RFIELD_TITLE && title->len == WEIR_MADE_TITLE_LEN &&
	       !memcmp(title + 1, want, WEIR_MADE_TITLE_LEN);
}

/* One read: while readers go on there is no end of records. */
static u32 count_whole(struct kunit *test, u8 *buf)
{
	const struct weir_u_record *rec;
	ssize_t len = weir_bed_read(buf), at;
	u32 n = 0;

	KUNIT_ASSERT_GE(test, len, (ssize_t)0);
	for (at = 0; at < len; at += rec->size) {
		rec = (const void *)(buf + at);
		if (rec->kind != WEIR_REC_MATCH)
			continue;
		KUNIT_EXPECT_TRUE(test, is_whole(rec));
		n++;
	}
	return n;
}

/**
 * struct reader - a thread that evaluates as fast as it can
 * @event: what it evaluates
 * @stop: set when it shall end
 * @events: evaluated
 * @missed: of them, those on which nothing matched
 * @done: it ended
 */
struct reader {
	struct weir_capture *event;
	bool stop;
	u64 events;
	u64 missed;
	struct completion done;
};

static int evaluate_all(void *data)
{
	struct reader *r = data;

	while (!READ_ONCE(r->stop)) {
		if (weir_bed_deliver(r->event) != WEIR_VERDICT_ALERT)
			r->missed++;
		r->events++;
		cond_resched();
	}
	kthread_complete_and_exit(&r->done, 0);
}

static void start(struct kunit *test, struct reader *r, u32 i)
{
	r->event = weir_bed_event(test, WEIR_TYPE_process_creation, WEIR_process_creation_arity);
	weir_bed_set(r->event, WEIR_process_creation_Image, VALUE);
	init_completion(&r->done);
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(evaluate_all, r, "weir-test/%u", i)));
}

static void readers_see_one_whole_content_while_a_writer_swaps(struct kunit *test)
{
	struct reader *r = kunit_kcalloc(test, READERS, sizeof(*r), GFP_KERNEL);
	struct weir_recipe rcp = recipe(1);
	u8 *buf = weir_bed_buffer(test);
	u32 i, whole = 0;

	KUNIT_ASSERT_NOT_NULL(test, r);
	weir_bed_load(test, &rcp);
	for (i = 0; i < READERS; i++)
		start(test, &r[i], i);
	for (rcp.version = 2; rcp.version < SWAPS; rcp.version++) {
		weir_bed_load(test, &rcp);
		whole += count_whole(test, buf);
		cond_resched();
	}
	for (i = 0; i < READERS; i++) {
		WRITE_ONCE(r[i].stop, true);
		wait_for_completion(&r[i].done);
		KUNIT_EXPECT_GT(test, r[i].events, 0ull);
		/* At every instant some content was active, and all of them match. */
		KUNIT_EXPECT_EQ(test, r[i].missed, 0ull);
	}
	whole += count_whole(test, buf);
	KUNIT_EXPECT_GT(test, whole, SWAPS);
}

static void activation_arms_and_unload_disarms(struct kunit *test)
{
	struct weir_recipe r = recipe(5);
	u32 type = WEIR_TYPE_process_creation;
	struct weir_error err;
	struct weir_content *ct;

	KUNIT_ASSERT_EQ(test, weir_store_offer(weir_make_content(test, &r)), 0);
	KUNIT_EXPECT_EQ(test, weir_store_wanted(type), 0ull);
	KUNIT_EXPECT_EQ(test, weir_store_activate(CHANNEL, 4, &err), -ESTALE);
	KUNIT_EXPECT_EQ(test, weir_store_activate(CHANNEL + 1, 5, &err), -ENOENT);
	KUNIT_EXPECT_FALSE(test, weir_capture_armed(type));
	KUNIT_ASSERT_EQ(test, weir_capture_init(), 0);
	KUNIT_EXPECT_EQ(test, weir_store_activate(CHANNEL, 5, &err), 0);
	KUNIT_EXPECT_EQ(test, weir_store_wanted(type), BIT_ULL(WEIR_process_creation_Image));
	KUNIT_EXPECT_TRUE(test, weir_capture_armed(type));
	KUNIT_EXPECT_EQ(test, weir_store_activate(CHANNEL, 5, &err), -ENOENT);
	r.version = 6;
	KUNIT_ASSERT_EQ(test, weir_store_offer(weir_make_content(test, &r)), 0);
	KUNIT_EXPECT_EQ(test, weir_store_activate(CHANNEL, 6, &err), 0);
	ct = weir_store_get(CHANNEL, WEIR_SLOT_LAST_GOOD);
	KUNIT_ASSERT_NOT_NULL(test, ct);
	KUNIT_EXPECT_EQ(test, ct->about.version, 5ull);
	weir_content_put(ct);
	KUNIT_EXPECT_EQ(test, weir_store_unload(CHANNEL), 0);
	KUNIT_EXPECT_EQ(test, weir_store_wanted(type), 0ull);
	KUNIT_EXPECT_FALSE(test, weir_capture_armed(type));
	weir_capture_exit();
}

static void notrace hold(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			 struct ftrace_regs *fregs)
{
}

/* As a live patch does: nobody else can have the function. Used once. */
static struct ftrace_ops holder = {
	.func = hold,
	.flags = FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_IPMODIFY,
};

static void content_of_a_type_whose_hook_is_held_stays_candidate(struct kunit *test)
{
	char name[] = "security_socket_bind";
	struct weir_recipe r = recipe(1);
	struct weir_error err = {};
	struct weir_content *ct;

	KUNIT_ASSERT_EQ(test, ftrace_set_filter(&holder, name, strlen(name), 1), 0);
	KUNIT_ASSERT_EQ(test, register_ftrace_function(&holder), 0);
	r.type = WEIR_TYPE_network_connection;
	r.field = WEIR_network_connection_Image;
	KUNIT_ASSERT_EQ(test, weir_store_offer(weir_make_content(test, &r)), 0);
	KUNIT_EXPECT_EQ(test, weir_store_activate(CHANNEL, 1, &err), -EBUSY);
	KUNIT_EXPECT_EQ(test, err.code, (u32)WEIR_E_NOT_ARMED);
	KUNIT_EXPECT_EQ(test, err.type, (u32)WEIR_TYPE_network_connection);
	KUNIT_EXPECT_EQ(test, weir_store_wanted(r.type), 0ull);
	KUNIT_EXPECT_NULL(test, weir_store_get(CHANNEL, WEIR_SLOT_ACTIVE));
	ct = weir_store_get(CHANNEL, WEIR_SLOT_CANDIDATE);
	KUNIT_EXPECT_NOT_NULL(test, ct);
	weir_content_put(ct);
	unregister_ftrace_function(&holder);
	ftrace_free_filter(&holder);
}

static void floor_only_rises_and_outlives_unload(struct kunit *test)
{
	struct weir_recipe r = recipe(7);
	struct weir_content *ct;

	KUNIT_EXPECT_EQ(test, weir_store_floor(CHANNEL), 0ull);
	weir_bed_load(test, &r);
	KUNIT_EXPECT_EQ(test, weir_store_floor(CHANNEL), 7ull);
	ct = weir_make_content(test, &r);
	KUNIT_EXPECT_EQ(test, weir_store_offer(ct), -ESTALE);
	weir_content_put(ct);
	KUNIT_EXPECT_EQ(test, weir_store_unload(CHANNEL), 0);
	KUNIT_EXPECT_EQ(test, weir_store_floor(CHANNEL), 7ull);
	r.version = 6;
	ct = weir_make_content(test, &r);
	KUNIT_EXPECT_EQ(test, weir_store_offer(ct), -ESTALE);
	weir_content_put(ct);
	KUNIT_EXPECT_EQ(test, weir_store_floor(CHANNEL + 1), 0ull);
}

static void channels_are_bounded(struct kunit *test)
{
	struct weir_recipe r = recipe(1);
	struct weir_content *ct;
	u32 i;

	for (i = 1; i <= WEIR_CHANNELS_MAX; i++) {
		r.channel = i;
		KUNIT_ASSERT_EQ(test, weir_store_offer(weir_make_content(test, &r)), 0);
	}
	r.channel = i;
	ct = weir_make_content(test, &r);
	KUNIT_EXPECT_EQ(test, weir_store_offer(ct), -ENOSPC);
	weir_content_put(ct);
}

static void mapping_is_read_only(struct kunit *test)
{
	struct weir_recipe r = recipe(1);
	struct weir_content *ct = weir_make_content(test, &r);
	unsigned int level;
	pte_t *pte = lookup_address((unsigned long)ct->raw, &level);

	KUNIT_ASSERT_NOT_NULL(test, pte);
	KUNIT_EXPECT_TRUE(test, pte_present(*pte));
	KUNIT_EXPECT_FALSE(test, pte_write(*pte));
	weir_content_put(ct);
}

static void event_of_an_unknown_type_is_an_error_and_no_more(struct kunit *test)
{
	struct weir_capture *c = weir_bed_event(test, 999, 3);
	struct weir_recipe r = recipe(1);
	u64 events, nested, before, after;

	weir_bed_load(test, &r);
	weir_event_stats(&events, &nested, &before);
	KUNIT_EXPECT_EQ(test, weir_bed_deliver(c), (u32)WEIR_VERDICT_NONE);
	weir_event_stats(&events, &nested, &after);
	KUNIT_EXPECT_EQ(test, after - before, 1ull);
}

static struct kunit_case store_cases[] = {
	KUNIT_CASE(readers_see_one_whole_content_while_a_writer_swaps),
	KUNIT_CASE(activation_arms_and_unload_disarms),
	KUNIT_CASE(content_of_a_type_whose_hook_is_held_stays_candidate),
	KUNIT_CASE(floor_only_rises_and_outlives_unload),
	KUNIT_CASE(channels_are_bounded),
	KUNIT_CASE(mapping_is_read_only),
	KUNIT_CASE(event_of_an_unknown_type_is_an_error_and_no_more),
	{}
};

static struct kunit_suite store_suite = {
	.name = "weir_store",
	.init = weir_bed_start,
	.exit = weir_bed_stop,
	.test_cases = store_cases,
};

kunit_test_suite(store_suite);
