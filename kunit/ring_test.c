// SPDX-License-Identifier: GPL-2.0
/* The ring of records: nothing torn, nothing lost without being counted. */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/uio.h>

#include "../kmod/records.h"

#define WRITERS 4
#define PER_WRITER 3000u
#define NOBODY 0xffu

/**
 * struct bed - what a test works on
 * @ring: the ring, of the smallest size
 * @buf: one longest record
 */
struct bed {
	struct weir_ring ring;
	u8 buf[WEIR_RECORD_MAX];
};

static int bed_init(struct kunit *test)
{
	struct bed *bed = kunit_kzalloc(test, sizeof(*bed), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, bed);
	KUNIT_ASSERT_EQ(test, weir_ring_init(&bed->ring, 0), 0);
	test->priv = bed;
	return 0;
}

static void bed_exit(struct kunit *test)
{
	struct bed *bed = test->priv;

	if (bed)
		weir_ring_exit(&bed->ring);
}

/* A record that says who wrote it, as the how-manieth, and is full of bytes that follow from it. */
static bool put(struct weir_ring *r, u32 writer, u32 n, u32 size)
{
	struct weir_u_record *rec;

	preempt_disable();
	rec = weir_ring_reserve(r, size);
	if (rec) {
		rec->channel = writer;
		rec->instance = n;
		memset(rec + 1, (u8)(writer * 31 + n), size - sizeof(*rec));
		weir_ring_publish(r, rec, size);
	}
	preempt_enable();
	return rec;
}

static ssize_t get(struct bed *bed, size_t room)
{
	struct kvec vec = { .iov_base = bed->buf, .iov_len = room };
	struct iov_iter to;

	iov_iter_kvec(&to, ITER_DEST, &vec, 1, room);
	return weir_ring_read(&bed->ring, &to);
}

static void expect_whole(struct kunit *test, const struct weir_u_record *rec)
{
	const u8 want = rec->channel * 31 + rec->instance;
	const u8 *p = (const u8 *)(rec + 1);

	KUNIT_EXPECT_NULL(test, memchr_inv(p, want, rec->size - sizeof(*rec)));
}

static u32 size_of(u32 n)
{
	return sizeof(struct weir_u_record) + 8 * (n % 97);
}

static void records_come_out_as_they_went_in_over_many_laps(struct kunit *test)
{
	struct bed *bed = test->priv;
	const struct weir_u_record *rec = (void *)bed->buf;
	u64 bytes = 0;
	u32 n;

	for (n = 0; bytes < 5 * bed->ring.size; n++) {
		KUNIT_ASSERT_TRUE(test, put(&bed->ring, 1, n, size_of(n)));
		KUNIT_ASSERT_EQ(test, get(bed, sizeof(bed->buf)), (ssize_t)size_of(n));
		KUNIT_ASSERT_EQ(test, rec->size, size_of(n));
		KUNIT_ASSERT_EQ(test, rec->instance, n);
		KUNIT_ASSERT_EQ(test, rec->seq, (u64)n + 1);
		KUNIT_ASSERT_EQ(test, rec->lost, 0ull);
		expect_whole(test, rec);
		bytes += rec->size;
	}
	KUNIT_EXPECT_FALSE(test, weir_ring_readable(&bed->ring));
	KUNIT_EXPECT_EQ(test, get(bed, sizeof(bed->buf)), (ssize_t)0);
}

static void full_ring_drops_counts_and_tells(struct kunit *test)
{
	struct bed *bed = test->priv;
	const struct weir_u_record *rec = (void *)bed->buf;
	u32 n = 0, read = 0, i;

	while (put(&bed->ring, 1, n, 1024))
		n++;
	KUNIT_EXPECT_EQ(test, (u64)n, bed->ring.size / 1024);
	for (i = 0; i < 9; i++)
		KUNIT_EXPECT_FALSE(test, put(&bed->ring, 1, n, 1024));
	KUNIT_EXPECT_EQ(test, atomic64_read(&bed->ring.lost_full), 10ll);
	for (; get(bed, 1024) == 1024; read++)
		KUNIT_EXPECT_EQ(test, rec->seq, (u64)read + 1);
	KUNIT_EXPECT_EQ(test, read, n);
	/* The read that stopped the loop was that of the losses. */
	KUNIT_EXPECT_EQ(test, rec->kind, (u16)WEIR_REC_LOST);
	KUNIT_EXPECT_EQ(test, rec->lost, 10ull);
	KUNIT_EXPECT_EQ(test, rec->seq, (u64)n + 11);
	KUNIT_EXPECT_TRUE(test, put(&bed->ring, 1, 0, 1024));
	KUNIT_EXPECT_EQ(test, get(bed, 1024), (ssize_t)1024);
	KUNIT_EXPECT_EQ(test, rec->seq, (u64)n + 12);
	KUNIT_EXPECT_EQ(test, atomic64_read(&bed->ring.written), (s64)n + 1);
}

static void record_too_long_is_dropped_and_counted_apart(struct kunit *test)
{
	struct bed *bed = test->priv;
	const struct weir_u_record *rec = (void *)bed->buf;

	KUNIT_EXPECT_FALSE(test, put(&bed->ring, 1, 0, WEIR_RECORD_MAX + 8));
	KUNIT_EXPECT_EQ(test, atomic64_read(&bed->ring.lost_nomem), 1ll);
	KUNIT_EXPECT_EQ(test, atomic64_read(&bed->ring.lost_full), 0ll);
	KUNIT_EXPECT_TRUE(test, weir_ring_readable(&bed->ring));
	KUNIT_EXPECT_EQ(test, get(bed, sizeof(*rec)), (ssize_t)sizeof(*rec));
	KUNIT_EXPECT_EQ(test, rec->kind, (u16)WEIR_REC_LOST);
	KUNIT_EXPECT_FALSE(test, weir_ring_readable(&bed->ring));
}

static void longest_record_fits_and_small_buffer_takes_nothing(struct kunit *test)
{
	struct bed *bed = test->priv;

	KUNIT_EXPECT_TRUE(test, put(&bed->ring, 1, 0, WEIR_RECORD_MAX));
	KUNIT_EXPECT_EQ(test, get(bed, WEIR_RECORD_MAX - 8), (ssize_t)-EINVAL);
	KUNIT_EXPECT_EQ(test, get(bed, WEIR_RECORD_MAX), (ssize_t)WEIR_RECORD_MAX);
}

static void one_read_takes_all_that_fit(struct kunit *test)
{
	struct bed *bed = test->priv;
	u32 n;

	for (n = 0; n < 5; n++)
		put(&bed->ring, 1, n, 512);
	KUNIT_EXPECT_EQ(test, get(bed, 4 * 512 + 100), (ssize_t)4 * 512);
	KUNIT_EXPECT_EQ(test, get(bed, 4 * 512 + 100), (ssize_t)512);
}

static void unpublished_record_holds_back_later_ones(struct kunit *test)
{
	struct bed *bed = test->priv;
	struct weir_u_record *rec;

	preempt_disable();
	rec = weir_ring_reserve(&bed->ring, 512);
	preempt_enable();
	KUNIT_ASSERT_NOT_NULL(test, rec);
	put(&bed->ring, 2, 1, 512);
	KUNIT_EXPECT_FALSE(test, weir_ring_readable(&bed->ring));
	KUNIT_EXPECT_EQ(test, get(bed, sizeof(bed->buf)), (ssize_t)0);
	weir_ring_publish(&bed->ring, rec, 512);
	KUNIT_EXPECT_EQ(test, get(bed, sizeof(bed->buf)), (ssize_t)1024);
}

/**
 * struct writer - a thread that writes as fast as it can
 * @ring: where to
 * @id: of the writer
 * @lost: records it could not write
 * @done: it wrote the last one
 */
struct writer {
	struct weir_ring *ring;
	u32 id;
	u32 lost;
	struct completion done;
};

static int write_all(void *data)
{
	struct writer *w = data;
	u32 n;

	for (n = 0; n < PER_WRITER; n++) {
		if (!put(w->ring, w->id, n, size_of(n + w->id)))
			w->lost++;
		cond_resched();
	}
	/* Nothing of the module runs after this. */
	kthread_complete_and_exit(&w->done, 0);
}

/* What was read from all writers: each one's records in its order, numbers without a hole. */
struct tally {
	u64 seq;
	u64 got;
	u64 lost;
	s64 last[WRITERS];
};

static void tally_up(struct kunit *test, const u8 *buf, ssize_t len, struct tally *t)
{
	const struct weir_u_record *rec;
	ssize_t at;

	for (at = 0; at < len; at += rec->size) {
		rec = (const void *)(buf + at);
		KUNIT_ASSERT_GE(test, rec->size, (u32)sizeof(*rec));
		if (rec->kind == WEIR_REC_LOST) {
			KUNIT_EXPECT_EQ(test, rec->seq, t->seq + rec->lost + 1);
			t->lost += rec->lost;
		} else {
			KUNIT_EXPECT_EQ(test, rec->seq, t->seq + 1);
			KUNIT_ASSERT_LT(test, rec->channel, (u32)WRITERS);
			KUNIT_EXPECT_GT(test, (s64)rec->instance, t->last[rec->channel]);
			t->last[rec->channel] = rec->instance;
			expect_whole(test, rec);
			t->got++;
		}
		t->seq = rec->seq;
	}
}

static void many_writers_one_reader_nothing_torn(struct kunit *test)
{
	struct bed *bed = test->priv;
	struct tally t = { .last = { -1, -1, -1, -1 } };
	struct writer *w = kunit_kcalloc(test, WRITERS, sizeof(*w), GFP_KERNEL);
	u64 lost = 0;
	ssize_t len;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, w);
	for (i = 0; i < WRITERS; i++) {
		w[i].ring = &bed->ring;
		w[i].id = i;
		init_completion(&w[i].done);
		KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(write_all, &w[i], "weir-test/%u", i)));
	}
	for (i = 0; i < WRITERS;) {
		len = get(bed, sizeof(bed->buf));
		KUNIT_ASSERT_GE(test, len, (ssize_t)0);
		tally_up(test, bed->buf, len, &t);
		if (!len && try_wait_for_completion(&w[i].done))
			i++;
		cond_resched();
	}
	while ((len = get(bed, sizeof(bed->buf))) > 0)
		tally_up(test, bed->buf, len, &t);
	for (i = 0; i < WRITERS; i++)
		lost += w[i].lost;
	KUNIT_EXPECT_EQ(test, t.lost, lost);
	KUNIT_EXPECT_EQ(test, t.got + t.lost, (u64)WRITERS * PER_WRITER);
	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&bed->ring.written), t.got);
}

static struct kunit_case ring_cases[] = {
	KUNIT_CASE(records_come_out_as_they_went_in_over_many_laps),
	KUNIT_CASE(full_ring_drops_counts_and_tells),
	KUNIT_CASE(record_too_long_is_dropped_and_counted_apart),
	KUNIT_CASE(longest_record_fits_and_small_buffer_takes_nothing),
	KUNIT_CASE(one_read_takes_all_that_fit),
	KUNIT_CASE(unpublished_record_holds_back_later_ones),
	KUNIT_CASE(many_writers_one_reader_nothing_torn),
	{}
};

static struct kunit_suite ring_suite = {
	.name = "weir_ring",
	.init = bed_init,
	.exit = bed_exit,
	.test_cases = ring_cases,
};

kunit_test_suite(ring_suite);
