// SPDX-License-Identifier: GPL-2.0
/* What tests of the store share: a store that runs, content in it, events for it. */
#include <kunit/test.h>
#include <linux/string.h>
#include <linux/uio.h>

#include "../kmod/records.h"
#include "store_bed.h"

int weir_bed_start(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, weir_records_init(), 0);
	KUNIT_ASSERT_EQ(test, weir_store_init(), 0);
	return 0;
}

void weir_bed_stop(struct kunit *test)
{
	weir_store_exit();
	weir_records_exit();
}

/*
 * Make the candidate what hooks evaluate, without arming anything: the events of these tests are
 * their own, and none but theirs may count.
 */
static void put_active(struct weir_content *ct)
{
	struct weir_channel *ch = weir_store_find(ct->about.channel);
	struct weir_content *old;

	mutex_lock(&weir_store.lock);
	old = rcu_dereference_protected(ch->active, lockdep_is_held(&weir_store.lock));
	rcu_assign_pointer(ch->active, ch->candidate);
	ch->candidate = NULL;
	ch->quarantined = false;
	weir_content_put(old);
	mutex_unlock(&weir_store.lock);
}

int weir_bed_capture(struct kunit_suite *suite)
{
	return weir_capture_init();
}

void weir_bed_uncapture(struct kunit_suite *suite)
{
	weir_capture_exit();
}

void weir_bed_load(struct kunit *test, const struct weir_recipe *r)
{
	struct weir_content *ct = weir_make_content(test, r);

	KUNIT_ASSERT_EQ(test, weir_store_offer(ct), 0);
	put_active(ct);
}

void weir_bed_set(struct weir_capture *c, u32 field, const char *text)
{
	c->v[field].kind = WEIR_KIND_string;
	c->v[field].ptr = text;
	c->v[field].len = strlen(text);
}

struct weir_capture *weir_bed_event(struct kunit *test, u32 type, u32 arity)
{
	struct weir_capture *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, c);
	c->type = type;
	c->arity = arity;
	c->tried = ~0ull;
	return c;
}

u32 weir_bed_deliver(struct weir_capture *c)
{
	u32 verdict;

	preempt_disable();
	verdict = weir_store_event(c);
	preempt_enable();
	return verdict;
}

ssize_t weir_bed_read(u8 *buf)
{
	struct kvec vec = { .iov_base = buf, .iov_len = WEIR_BED_BUFFER };
	struct iov_iter to;

	iov_iter_kvec(&to, ITER_DEST, &vec, 1, WEIR_BED_BUFFER);
	return weir_ring_read(&weir_records, &to);
}

u8 *weir_bed_buffer(struct kunit *test)
{
	u8 *buf = kunit_kmalloc(test, WEIR_BED_BUFFER, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	return buf;
}

struct weir_u_channel *weir_bed_state(struct kunit *test, u32 index)
{
	struct weir_u_channel *ch = kunit_kzalloc(test, sizeof(*ch), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ch);
	KUNIT_ASSERT_EQ(test, weir_store_channel(index, ch), 0);
	return ch;
}
