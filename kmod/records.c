// SPDX-License-Identifier: GPL-2.0
/* The ring of records: lock-free writers with preemption off, one reader at a time. */
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>

#include "records.h"

static unsigned int ring_kib = 1024;
module_param(ring_kib, uint, 0444);
MODULE_PARM_DESC(ring_kib,
		 "KiB of records kept for readers, rounded up to a power of two, at most 65536");

struct weir_ring weir_records;

static void ring_wake(struct irq_work *work)
{
	struct weir_ring *r = container_of(work, struct weir_ring, wake);

	wake_up_interruptible(&r->wait);
}

static void ring_free_pages(struct weir_ring *r, u64 n)
{
	while (n)
		__free_page(r->pages[--n]);
	kvfree(r->pages);
}

int weir_ring_init(struct weir_ring *r, u64 size)
{
	u64 n, i;

	memset(r, 0, sizeof(*r));
	r->size = roundup_pow_of_two(max_t(u64, size, 4 * WEIR_RECORD_MAX));
	n = r->size >> PAGE_SHIFT;
	r->pages = kvcalloc(2 * n, sizeof(*r->pages), GFP_KERNEL);
	if (!r->pages)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		r->pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!r->pages[i])
			goto err_pages;
		r->pages[n + i] = r->pages[i];
	}
	r->data = vmap(r->pages, 2 * n, VM_MAP, PAGE_KERNEL);
	if (!r->data)
		goto err_pages;
	init_irq_work(&r->wake, ring_wake);
	init_waitqueue_head(&r->wait);
	mutex_init(&r->read_lock);
	return 0;

err_pages:
	ring_free_pages(r, i);
	return -ENOMEM;
}

void weir_ring_exit(struct weir_ring *r)
{
	irq_work_sync(&r->wake);
	vunmap(r->data);
	ring_free_pages(r, r->size >> PAGE_SHIFT);
	mutex_destroy(&r->read_lock);
}

static struct weir_u_record *ring_at(const struct weir_ring *r, u64 pos)
{
	return (struct weir_u_record *)(r->data + (pos & (r->size - 1)));
}

static u64 ring_losses(const struct weir_ring *r)
{
	return atomic64_read(&r->lost_full) + atomic64_read(&r->lost_nomem);
}

static void ring_notify(struct weir_ring *r)
{
	/* Pairs with the barrier of a waiter that looks at the ring after it queued itself. */
	if (wq_has_sleeper(&r->wait))
		irq_work_queue(&r->wake);
}

struct weir_u_record *weir_ring_reserve(struct weir_ring *r, u32 size)
{
	struct weir_u_record *rec;
	s64 head = atomic64_read(&r->head);
	s64 used;

	if (size > WEIR_RECORD_MAX) {
		weir_ring_drop(r, 1);
		return NULL;
	}
	do {
		/*
		 * Acquire: the reader's zeros come before what we write over them. Less than zero
		 * is a head that others moved on from; then the exchange fails.
		 */
		used = head - (s64)smp_load_acquire(&r->tail);
		if (used + size > (s64)r->size) {
			atomic64_inc(&r->lost_full);
			ring_notify(r);
			return NULL;
		}
	} while (!atomic64_try_cmpxchg(&r->head, &head, head + size));
	atomic64_inc(&r->written);
	rec = ring_at(r, head);
	rec->boottime = ktime_get_boot_fast_ns();
	rec->realtime = ktime_get_real_fast_ns();
	/* What was lost so far, for the reader; it replaces this and seq. */
	rec->lost = ring_losses(r);
	return rec;
}

void weir_ring_publish(struct weir_ring *r, struct weir_u_record *rec, u32 size)
{
	/* Release: all of the record comes before the size that makes it one. */
	smp_store_release(&rec->size, size);
	ring_notify(r);
}

void weir_ring_drop(struct weir_ring *r, u64 n)
{
	atomic64_add(n, &r->lost_nomem);
	ring_notify(r);
}

static u32 ring_next_size(const struct weir_ring *r)
{
	u64 tail = READ_ONCE(r->tail);

	if (tail == (u64)atomic64_read(&r->head))
		return 0;
	/* Acquire: pairs with weir_ring_publish(). */
	return smp_load_acquire(&ring_at(r, tail)->size);
}

bool weir_ring_readable(struct weir_ring *r)
{
	return ring_next_size(r) || ring_losses(r) != READ_ONCE(r->told);
}

/* All of it or nothing. */
static int copy_whole(struct iov_iter *to, const void *from, u32 n)
{
	size_t done;

	if (iov_iter_count(to) < n)
		return -EINVAL;
	done = copy_to_iter(from, n, to);
	if (done == n)
		return 0;
	iov_iter_revert(to, done);
	return -EFAULT;
}

/* Tell of losses as of now: the record has no place in the ring, it is made when it is read. */
static ssize_t read_lost(struct weir_ring *r, struct iov_iter *to, u64 losses)
{
	u64 n = losses - r->told;
	struct weir_u_record rec = {
		.size = sizeof(rec),
		.kind = WEIR_REC_LOST,
		.seq = r->seq + n + 1,
		.boottime = ktime_get_boot_fast_ns(),
		.realtime = ktime_get_real_fast_ns(),
		.instance = ~0u,
		.field = ~0u,
		.lost = n,
	};
	int ret;

	ret = copy_whole(to, &rec, sizeof(rec));
	if (ret)
		return ret;
	r->seq = rec.seq;
	WRITE_ONCE(r->told, losses);
	return sizeof(rec);
}

static ssize_t read_record(struct weir_ring *r, struct iov_iter *to, u32 size)
{
	struct weir_u_record *rec = ring_at(r, r->tail);
	int ret;

	rec->seq = r->seq + 1;
	rec->lost = 0;
	ret = copy_whole(to, rec, size);
	if (ret)
		return ret;
	r->seq++;
	memset(rec, 0, size);
	/* Release: the zeros come before anyone writes here again. */
	smp_store_release(&r->tail, r->tail + size);
	return size;
}

static ssize_t read_one(struct weir_ring *r, struct iov_iter *to)
{
	u32 size = ring_next_size(r);
	u64 losses;

	/* Counts and room are not taken at once: a record may know less than the one before it. */
	losses = size ? ring_at(r, r->tail)->lost : ring_losses(r);
	if (losses > r->told)
		return read_lost(r, to, losses);
	return size ? read_record(r, to, size) : 0;
}

ssize_t weir_ring_read(struct weir_ring *r, struct iov_iter *to)
{
	size_t done = 0;
	ssize_t n;

	if (mutex_lock_interruptible(&r->read_lock))
		return -ERESTARTSYS;
	do {
		n = read_one(r, to);
		if (n > 0)
			done += n;
	} while (n > 0);
	mutex_unlock(&r->read_lock);
	return done ? done : n;
}

int weir_records_init(void)
{
	return weir_ring_init(&weir_records, (u64)clamp(ring_kib, 1u, 65536u) << 10);
}

void weir_records_exit(void)
{
	weir_ring_exit(&weir_records);
}
