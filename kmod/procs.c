// SPDX-License-Identifier: GPL-2.0
/* The process table: preallocated entries, hashed by thread group id and start time. */
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "../interpreter/weir.h"
#include "procs.h"

/*
 * The start time tells a process from a later one with its id. Ended processes stay until their
 * place is needed: their children may yet exec before they are handed to another parent.
 */
struct proc {
	struct hlist_node hash;
	struct list_head list;
	u64 start;
	pid_t tgid;
	u16 image_len;
	u16 command_len;
	bool image_known;
	bool command_known;
	bool cut;
	bool live;
	bool reserved; /* there since before the table; nothing was found out yet */
	bool expected; /* the hook on exec saw the one that is under way */
	u8 image[WEIR_PROC_IMAGE];
	u8 command[WEIR_PROC_COMMAND];
};

/*
 * The lock protects all of it. Taken with interrupts off, for some hooks are called with locks held
 * that interrupts take; raw, because the hooks must not sleep on any kernel. What is done under it
 * copies one entry at most.
 */
static struct {
	raw_spinlock_t lock;
	struct proc *entries;
	struct hlist_head *buckets;
	u32 bits;
	struct list_head spare; /* unused, then ended processes, oldest first */
	struct list_head used; /* by last use, oldest first */
	u64 live;
	u64 evicted;
} procs = {
	.lock = __RAW_SPIN_LOCK_UNLOCKED(procs.lock),
};

static struct hlist_head *bucket_of(const struct task_struct *leader)
{
	return &procs.buckets[hash_32((u32)leader->tgid, procs.bits)];
}

static struct proc *find(const struct task_struct *leader)
{
	struct proc *p;

	lockdep_assert_held(&procs.lock);
	hlist_for_each_entry(p, bucket_of(leader), hash)
		if (p->tgid == leader->tgid && p->start == leader->start_time)
			return p;
	return NULL;
}

/* The entry of a process, taken from another one if there is no spare one. */
static struct proc *claim(const struct task_struct *leader)
{
	struct proc *p = find(leader);

	if (!p) {
		if (list_empty(&procs.spare)) {
			p = list_first_entry(&procs.used, struct proc, list);
			procs.evicted++;
		} else {
			p = list_first_entry(&procs.spare, struct proc, list);
		}
		hlist_del_init(&p->hash);
		p->tgid = leader->tgid;
		p->start = leader->start_time;
		p->image_known = false;
		p->command_known = false;
		p->reserved = false;
		p->expected = false;
		hlist_add_head(&p->hash, bucket_of(leader));
	}
	procs.live += !p->live;
	p->live = true;
	list_move_tail(&p->list, &procs.used);
	return p;
}

static void set(struct proc *p, const struct weir_value *image, const struct weir_value *command,
		bool cut)
{
	p->reserved = false;
	p->image_known = image->kind && image->len <= sizeof(p->image);
	p->image_len = p->image_known ? image->len : 0;
	memcpy(p->image, image->ptr, p->image_len);
	p->command_known = command->kind;
	p->command_len = command->kind ? min_t(u32, command->len, sizeof(p->command)) : 0;
	p->cut = cut || command->len > sizeof(p->command);
	memcpy(p->command, command->ptr, p->command_len);
}

void weir_procs_exec(const struct task_struct *leader, const struct weir_value *image,
		     const struct weir_value *command, bool cut)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&procs.lock, flags);
	set(claim(leader), image, command, cut);
	raw_spin_unlock_irqrestore(&procs.lock, flags);
}

bool weir_procs_reserve(const struct task_struct *leader)
{
	unsigned long flags;
	bool reserved;
	struct proc *p;

	raw_spin_lock_irqsave(&procs.lock, flags);
	p = find(leader);
	if (!p && !list_empty(&procs.spare)) {
		p = claim(leader);
		p->reserved = true;
	}
	reserved = p && p->reserved;
	raw_spin_unlock_irqrestore(&procs.lock, flags);
	return reserved;
}

void weir_procs_complete(const struct task_struct *leader, const struct weir_value *image,
			 const struct weir_value *command, bool cut)
{
	unsigned long flags;
	struct proc *p;

	raw_spin_lock_irqsave(&procs.lock, flags);
	p = find(leader);
	if (p && p->reserved)
		set(p, image, command, cut);
	raw_spin_unlock_irqrestore(&procs.lock, flags);
}

void weir_procs_expect(const struct task_struct *leader)
{
	unsigned long flags;
	struct proc *p;

	raw_spin_lock_irqsave(&procs.lock, flags);
	p = find(leader);
	if (p)
		p->expected = true;
	raw_spin_unlock_irqrestore(&procs.lock, flags);
}

bool weir_procs_expected(const struct task_struct *leader)
{
	bool expected = true;
	unsigned long flags;
	struct proc *p;

	raw_spin_lock_irqsave(&procs.lock, flags);
	p = find(leader);
	if (p) {
		expected = p->expected;
		p->expected = false;
	}
	raw_spin_unlock_irqrestore(&procs.lock, flags);
	return expected;
}

void weir_procs_fork(const struct task_struct *parent, const struct task_struct *child)
{
	struct proc *from, *to;
	unsigned long flags;

	raw_spin_lock_irqsave(&procs.lock, flags);
	from = find(parent);
	if (!from)
		goto out;
	/* The most recently used one is not the one that the child takes the place of. */
	if (from->live)
		list_move_tail(&from->list, &procs.used);
	to = claim(child);
	if (to == from)
		goto out;
	to->reserved = from->reserved;
	to->image_known = from->image_known;
	to->image_len = from->image_len;
	memcpy(to->image, from->image, from->image_len);
	to->command_known = from->command_known;
	to->command_len = from->command_len;
	to->cut = from->cut;
	memcpy(to->command, from->command, from->command_len);
out:
	raw_spin_unlock_irqrestore(&procs.lock, flags);
}

void weir_procs_exit(const struct task_struct *leader)
{
	unsigned long flags;
	struct proc *p;

	raw_spin_lock_irqsave(&procs.lock, flags);
	p = find(leader);
	if (p && p->live) {
		p->live = false;
		procs.live--;
		list_move_tail(&p->list, &procs.spare);
	}
	raw_spin_unlock_irqrestore(&procs.lock, flags);
}

int weir_procs_text(const struct task_struct *leader, enum weir_proc_text which, u8 *to, u32 n,
		    bool *cut)
{
	unsigned long flags;
	int len = -ENOENT;
	const u8 *from;
	struct proc *p;

	raw_spin_lock_irqsave(&procs.lock, flags);
	p = find(leader);
	if (!p)
		goto out;
	if (p->live)
		list_move_tail(&p->list, &procs.used);
	if (which == WEIR_PROC_IS_IMAGE && p->image_known) {
		from = p->image;
		len = p->image_len;
	} else if (which == WEIR_PROC_IS_COMMAND && p->command_known) {
		from = p->command;
		len = p->command_len;
		*cut |= p->cut;
	}
	if (len > (int)n)
		len = -ENOENT;
	if (len > 0)
		memcpy(to, from, len);
out:
	raw_spin_unlock_irqrestore(&procs.lock, flags);
	return len;
}

int weir_procs_start(u32 capacity)
{
	u32 i;

	procs.bits = ilog2(roundup_pow_of_two(capacity));
	procs.entries = kvcalloc(capacity, sizeof(*procs.entries), GFP_KERNEL);
	procs.buckets = kvcalloc(1u << procs.bits, sizeof(*procs.buckets), GFP_KERNEL);
	if (!procs.entries || !procs.buckets) {
		weir_procs_stop();
		return -ENOMEM;
	}
	INIT_LIST_HEAD(&procs.spare);
	INIT_LIST_HEAD(&procs.used);
	for (i = 0; i < capacity; i++)
		list_add_tail(&procs.entries[i].list, &procs.spare);
	return 0;
}

void weir_procs_stop(void)
{
	kvfree(procs.buckets);
	kvfree(procs.entries);
	procs.buckets = NULL;
	procs.entries = NULL;
	procs.live = 0;
}

void weir_procs_stats(u64 *live, u64 *evicted)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&procs.lock, flags);
	*live = procs.live;
	*evicted = procs.evicted;
	raw_spin_unlock_irqrestore(&procs.lock, flags);
}
