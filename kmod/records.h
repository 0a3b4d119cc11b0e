/* SPDX-License-Identifier: GPL-2.0 */
/* Records on their way to user space: a bounded ring that writers never wait for. */
#ifndef WEIR_KMOD_RECORDS_H
#define WEIR_KMOD_RECORDS_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/irq_work.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "uapi/weir.h"

struct iov_iter;
struct page;

/* Longest record: a read() buffer of this size can always take the next one. */
#define WEIR_RECORD_MAX 0x10000u

/**
 * struct weir_ring - records of any size, written on any CPU, read by one reader at a time
 * @data: @size bytes mapped twice in a row, so that no record is ever split at the end
 * @size: bytes, a power of two
 * @pages: what @data maps, each listed twice
 * @head: position up to which space is reserved; only grows
 * @written: records reserved so far
 * @lost_full: records dropped because the ring was full
 * @lost_nomem: records dropped because they did not fit, or a match list overflowed
 * @wake: wakes @wait from a context where no lock may be held
 * @wait: readers and pollers
 * @tail: position up to which records were consumed; only the reader moves it
 * @read_lock: protects @tail against other readers, @seq and @told
 * @seq: number of the last record that was handed out
 * @told: losses that readers know of
 *
 * A writer reserves by moving @head, fills its record, and publishes it by storing its size, which
 * is zero until then: the reader leaves only zeros behind. Readers stop at the first record that is
 * not published, and its writer is on a CPU with preemption off, so the wait is short.
 */
struct weir_ring {
	u8 *data;
	u64 size;
	struct page **pages;
	atomic64_t head ____cacheline_aligned_in_smp;
	atomic64_t written;
	atomic64_t lost_full;
	atomic64_t lost_nomem;
	struct irq_work wake;
	wait_queue_head_t wait;
	u64 tail ____cacheline_aligned_in_smp;
	struct mutex read_lock; /* see above */
	u64 seq;
	u64 told;
};

/**
 * weir_ring_init() - make an empty ring
 * @r: the ring
 * @size: bytes, rounded up to a power of two and to at least four longest records
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int weir_ring_init(struct weir_ring *r, u64 size);

/**
 * weir_ring_exit() - free what weir_ring_init() made
 * @r: the ring; nobody writes, reads or waits any more
 */
void weir_ring_exit(struct weir_ring *r);

/**
 * weir_ring_reserve() - room for a record
 * @r: the ring
 * @size: of header and fields: a multiple of 8, at most WEIR_RECORD_MAX
 *
 * The header comes back zeroed but for its times and what is for weir_ring_publish() to set.
 *
 * Context: any, with preemption off until weir_ring_publish(); does not wait.
 * Return: the record to fill, or NULL if it was dropped and counted.
 */
struct weir_u_record *weir_ring_reserve(struct weir_ring *r, u32 size);

/**
 * weir_ring_publish() - hand a reserved record over to readers
 * @r: the ring
 * @rec: from weir_ring_reserve(), all of it written but its size
 * @size: as reserved
 *
 * Context: as weir_ring_reserve().
 */
void weir_ring_publish(struct weir_ring *r, struct weir_u_record *rec, u32 size);

/**
 * weir_ring_drop() - count records that were lost without asking the ring for room
 * @r: the ring
 * @n: how many
 */
void weir_ring_drop(struct weir_ring *r, u64 n);

/**
 * weir_ring_readable() - would weir_ring_read() return something
 * @r: the ring
 */
bool weir_ring_readable(struct weir_ring *r);

/**
 * weir_ring_read() - consume whole records
 * @r: the ring
 * @to: where to
 *
 * Context: process context, may sleep.
 * Return: bytes copied; 0 if there is no record; -EINVAL if the next one does not fit; -EFAULT;
 * -ERESTARTSYS.
 */
ssize_t weir_ring_read(struct weir_ring *r, struct iov_iter *to);

/* The module's own ring. */
extern struct weir_ring weir_records;

/**
 * weir_records_init() - make the module's ring, of the size the administrator chose
 *
 * Return: 0 or -ENOMEM.
 */
int weir_records_init(void);

/**
 * weir_records_exit() - the mirror of weir_records_init()
 */
void weir_records_exit(void);

#endif
