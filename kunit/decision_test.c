// SPDX-License-Identifier: GPL-2.0
/* Decisions: numbered, kept in order, lost oldest first, and whose they were. */
#include <kunit/test.h>

#include "../kmod/control.h"
#include "../kmod/decision.h"
#include "../kmod/trust.h"
#include "store_bed.h"
#include "trust_blobs.h"

static u64 last(void)
{
	struct weir_u_decision d = {};

	weir_decision_get(~0ull, &d);
	return d.last;
}

static void decide(u32 value)
{
	const struct weir_decision d = { .what = WEIR_DECIDED_EXEMPT, .value = value };

	weir_decided(&d);
}

static void each_has_the_next_number(struct kunit *test)
{
	struct weir_u_decision d = { .size = sizeof(d) };
	u64 before = last(), id, i;

	for (i = 1; i <= 3; i++)
		decide(i);
	for (i = 1; i <= 3; i++) {
		KUNIT_ASSERT_EQ(test, weir_decision_get(before + i, &d), 0);
		KUNIT_EXPECT_EQ(test, d.number, before + i);
		KUNIT_EXPECT_EQ(test, d.last, before + 3);
		KUNIT_EXPECT_EQ(test, d.value, (u32)i);
		KUNIT_EXPECT_EQ(test, d.size, (u32)sizeof(d));
	}
	id = d.id;
	KUNIT_EXPECT_NE(test, id, 0ull);
	/* There is none from here on; it is said how many there are all the same. */
	KUNIT_EXPECT_EQ(test, weir_decision_get(before + 4, &d), -ENOENT);
	KUNIT_EXPECT_EQ(test, d.last, before + 3);
	KUNIT_EXPECT_EQ(test, d.id, id);
	KUNIT_EXPECT_EQ(test, d.number, 0ull);
}

static void the_oldest_are_lost_and_their_numbers_tell(struct kunit *test)
{
	struct weir_u_decision d = { .size = sizeof(d) };
	u64 before = last(), end = before + 3 * WEIR_DECISIONS_KEPT + 5, i;

	for (i = before + 1; i <= end; i++)
		decide((u32)i);
	KUNIT_ASSERT_EQ(test, weir_decision_get(before + 1, &d), 0);
	KUNIT_EXPECT_EQ(test, d.number, end - WEIR_DECISIONS_KEPT + 1);
	for (i = d.number; i <= end; i++) {
		KUNIT_ASSERT_EQ(test, weir_decision_get(i, &d), 0);
		KUNIT_EXPECT_EQ(test, d.number, i);
		KUNIT_EXPECT_EQ(test, d.value, (u32)i);
	}
	KUNIT_EXPECT_EQ(test, weir_decision_get(end + 1, &d), -ENOENT);
}

static void nobody_has_to_wait(struct kunit *test)
{
	struct weir_u_decision d = { .size = sizeof(d) };
	u64 before = last();
	unsigned long flags;

	local_irq_save(flags);
	decide(7);
	local_irq_restore(flags);
	KUNIT_ASSERT_EQ(test, weir_decision_get(before + 1, &d), 0);
	KUNIT_EXPECT_EQ(test, d.value, 7u);
}

static void a_refusal_has_its_reason_and_no_content(struct kunit *test)
{
	struct weir_u_decision d = { .size = sizeof(d) };
	struct weir_error err = { .code = WEIR_E_SIGNATURE,
				  .instance = WEIR_NOWHERE,
				  .field = WEIR_NOWHERE };
	struct weir_decision why = { .what = WEIR_DECIDED_SUBMIT, .error = -EKEYREJECTED };
	u64 before = last();

	why.err = &err;
	weir_decided(&why);
	KUNIT_ASSERT_EQ(test, weir_decision_get(before + 1, &d), 0);
	KUNIT_EXPECT_EQ(test, d.error, -EKEYREJECTED);
	KUNIT_EXPECT_EQ(test, d.code, (u32)WEIR_E_SIGNATURE);
	KUNIT_EXPECT_EQ(test, d.version, 0ull);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(d.digest, 0, sizeof(d.digest)), NULL);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(d.uuid, 0, sizeof(d.uuid)), NULL);
	KUNIT_EXPECT_EQ(test, d.instance, WEIR_NOWHERE);
}

/* The first decision of a kind from a number on. */
static int find(u32 what, u64 from, struct weir_u_decision *d)
{
	do {
		if (weir_decision_get(from, d))
			return -ENOENT;
		from = d->number + 1;
	} while (d->what != what);
	return 0;
}

static void a_trip_is_the_kernel_s_with_whose_event_and_which_instance(struct kunit *test)
{
	struct weir_capture *c = weir_bed_event(test, WEIR_TYPE_ipc, 20);
	struct weir_u_decision d = { .size = sizeof(d) };
	struct weir_recipe r = { .channel = 291,
				 .version = 1,
				 .type = WEIR_TYPE_ipc,
				 .field = WEIR_ipc_TargetImage,
				 .equals = "/bin/x",
				 .instances = 2 };
	struct weir_u_channel *ch;
	u64 before = last();
	u8 digest[32];

	weir_bed_load(test, &r);
	ch = weir_bed_state(test, 0);
	memcpy(digest, ch->slot[WEIR_SLOT_ACTIVE].digest, sizeof(digest));
	weir_bed_deliver(c);
	flush_work(&weir_store.quarantine);
	KUNIT_ASSERT_EQ(test, find(WEIR_DECIDED_OUT, before + 1, &d), 0);
	KUNIT_EXPECT_EQ(test, d.value, (u32)WEIR_QUARANTINE_TRIP);
	KUNIT_EXPECT_EQ(test, d.channel, 291u);
	KUNIT_EXPECT_EQ(test, d.version, 1ull);
	KUNIT_EXPECT_EQ(test, memcmp(d.digest, digest, sizeof(digest)), 0);
	KUNIT_EXPECT_EQ(test, d.instance, 0u);
	KUNIT_EXPECT_EQ(test, d.field, 20u);
	KUNIT_EXPECT_EQ(test, d.by_kernel, 1u);
	KUNIT_EXPECT_EQ(test, d.pid, (u32)task_tgid_nr(current));
	KUNIT_EXPECT_EQ(test, d.uid, 0u);
	KUNIT_EXPECT_EQ(test, d.error, 0);
}

static int take_list(struct kunit *test)
{
	u8 *file = kvmalloc(sizeof(list_first), GFP_KERNEL);
	struct weir_error err;
	u64 version;
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, file);
	memcpy(file, list_first, sizeof(list_first));
	weir_error_init(&err);
	mutex_lock(&weir_store.submit_lock);
	ret = weir_trust_take(file, sizeof(list_first), &version, &err);
	mutex_unlock(&weir_store.submit_lock);
	if (ret)
		kvfree(file);
	return ret;
}

static void a_trust_list_is_a_decision(struct kunit *test)
{
	struct weir_u_decision d = { .size = sizeof(d) };
	struct weir_u_trusted t = {};
	u64 before = last();

	KUNIT_ASSERT_EQ(test, weir_trust_start(cert_pair, sizeof(cert_pair)), 0);
	KUNIT_EXPECT_EQ(test, take_list(test), 0);
	KUNIT_EXPECT_EQ(test, weir_trust_describe(&t), 0);
	weir_trust_exit();
	KUNIT_ASSERT_EQ(test, find(WEIR_DECIDED_TRUST, before + 1, &d), 0);
	KUNIT_EXPECT_EQ(test, d.version, 1ull);
	KUNIT_EXPECT_EQ(test, memcmp(d.digest, t.digest, sizeof(t.digest)), 0);
	KUNIT_EXPECT_EQ(test, d.channel, 0u);
	KUNIT_EXPECT_EQ(test, d.error, 0);
	KUNIT_EXPECT_EQ(test, d.by_kernel, current->flags & PF_KTHREAD ? 1u : 0u);
}

static void so_is_one_that_is_refused(struct kunit *test)
{
	struct weir_u_decision d = { .size = sizeof(d) };
	struct weir_u_trust empty = { .size = sizeof(empty) };
	u64 before = last();

	KUNIT_EXPECT_EQ(test, weir_control_trust(&empty), -EBADMSG);
	KUNIT_ASSERT_EQ(test, find(WEIR_DECIDED_TRUST, before + 1, &d), 0);
	KUNIT_EXPECT_EQ(test, d.error, -EBADMSG);
	KUNIT_EXPECT_EQ(test, d.code, (u32)WEIR_E_SHORT);
	KUNIT_EXPECT_EQ(test, d.version, 0ull);
}

static struct kunit_case decision_cases[] = {
	KUNIT_CASE(each_has_the_next_number),
	KUNIT_CASE(the_oldest_are_lost_and_their_numbers_tell),
	KUNIT_CASE(nobody_has_to_wait),
	KUNIT_CASE(a_refusal_has_its_reason_and_no_content),
	KUNIT_CASE(a_trip_is_the_kernel_s_with_whose_event_and_which_instance),
	KUNIT_CASE(a_trust_list_is_a_decision),
	KUNIT_CASE(so_is_one_that_is_refused),
	{}
};

static struct kunit_suite decision_suite = {
	.name = "weir_decision",
	.init = weir_bed_start,
	.exit = weir_bed_stop,
	.test_cases = decision_cases,
};

kunit_test_suite(decision_suite);
