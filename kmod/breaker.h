/* SPDX-License-Identifier: GPL-2.0 */
/* The breaker: when content that denies or kills too much is not obeyed any more. */
#ifndef WEIR_KMOD_BREAKER_H
#define WEIR_KMOD_BREAKER_H

#include <linux/spinlock.h>

#include "types.h"
#include "uapi/weir.h"

struct weir_content;

/* Of those that hit a window most, so many are told apart. */
#define WEIR_BREAKER_WHO 8u

/**
 * struct weir_window - verdicts that were applied in a span of time
 * @since: when it began, in jiffies
 * @seen: of a share: events of the type by then; of matches: recorded beyond the limit
 * @counted: verdicts that count against the limit
 * @told: the limit was passed and that was said
 * @uid: who was hit how often; the last entry is of all for whom there is none
 * @instance: whose verdicts counted; Misra and Gries: "Finding repeated elements", 1982
 */
struct weir_window {
	u64 since;
	u64 seen;
	u32 counted;
	bool told;
	struct weir_hits {
		u32 who;
		u32 n;
	} uid[WEIR_BREAKER_WHO], instance[WEIR_BREAKER_WHO];
};

/**
 * struct weir_break - a limit was passed
 * @cause: enum weir_u_break
 * @instance: that nine tenths of it came from; or WEIR_NOWHERE
 * @counted: what counted; of STEPS, the mean
 */
struct weir_break {
	u32 cause;
	u32 instance;
	u32 counted;
};

/**
 * struct weir_breaker - of content
 * @lock: protects the windows
 * @rate: the second under way
 * @kills: the minute under way: root's tasks that were killed
 * @share: the minute under way, by slot of the type
 * @matches: the second under way: what was to be recorded; [1]: of that, what was applied
 * @stormed: that there was too much of that was told then, in jiffies; 0: never
 * @held: that nothing came of a limit was told then, likewise; protected by weir_store.lock
 * @cost: what events cost when that was looked at; protected by weir_store.lock
 * @why: the newest break that nothing was decided on
 * @nmuted: instances whose verdicts are not applied; only grows
 * @muted: their numbers
 *
 * @why is protected by @lock, too. @nmuted and @muted are written under weir_store.lock, and read
 * without.
 */
struct weir_breaker {
	raw_spinlock_t lock; /* see above */
	struct weir_window rate;
	struct weir_window kills;
	struct weir_window share[WEIR_NSLOTS];
	struct weir_window matches[2];
	u64 stormed;
	u64 held;
	struct weir_cost {
		u64 at; /* jiffies */
		u64 events;
		u64 steps;
		u64 told; /* jiffies */
	} cost;
	struct weir_break why;
	u32 nmuted;
	u32 muted[WEIR_U_MUTED];
};

/**
 * struct weir_hit - a verdict that was applied to somebody
 * @now: in jiffies
 * @type: slot of the event's type
 * @instance: whose verdict; or WEIR_NOWHERE
 * @uid: to whom: 0 for root, else who logged in, or the user id; in the initial namespace
 * @killed: a task was killed
 */
struct weir_hit {
	u64 now;
	u32 type;
	u32 instance;
	u32 uid;
	bool killed;
};

/**
 * weir_breaker_init() - nothing was applied yet
 * @b: the breaker
 */
void weir_breaker_init(struct weir_breaker *b);

/**
 * weir_breaker_count() - count a verdict that was applied
 * @ct: the content
 * @limits: of its channel; may change at any time
 * @hit: the verdict
 *
 * Context: any; preemption off.
 * Return: the limit that it passed, for the first time in that span; or one whose cause is NONE.
 */
struct weir_break weir_breaker_count(struct weir_content *ct, const struct weir_u_limits *limits,
				     const struct weir_hit *hit);

/**
 * weir_breaker_match() - an instance matched, and that is to be recorded
 * @ct: the content
 * @limit: how many in a second are; not 0
 * @now: in jiffies
 * @instance: number
 * @applied: its verdict is
 * @why: the limit, if it was passed and that was not told in the last minute; else of cause NONE
 *
 * Context: any; preemption off.
 * Return: whether it is recorded, rather than counted as lost.
 */
bool weir_breaker_match(struct weir_content *ct, u32 limit, u64 now, u32 instance, bool applied,
			struct weir_break *why);

/**
 * weir_breaker_cost() - what events cost since the last look, if that was in the last minute
 * @ct: the content
 * @limit: steps of an event in the mean; not 0
 * @now: in jiffies
 *
 * Context: process context; weir_store.lock is held.
 * Return: the limit, if it was passed and that was not told in the last minute; else one of cause
 * NONE.
 */
struct weir_break weir_breaker_cost(struct weir_content *ct, u32 limit, u64 now);

/**
 * weir_breaker_tells() - nothing that goes on is told more than once a minute
 * @told: when it was last, in jiffies; 0: never. Set to @now if it is to be told
 * @now: in jiffies
 */
bool weir_breaker_tells(u64 *told, u64 now);

/**
 * weir_breaker_stormed() - leave a limit of matches to be taken, unless there is another to take
 * @b: the breaker
 * @why: the limit
 *
 * Context: any.
 */
void weir_breaker_stormed(struct weir_breaker *b, const struct weir_break *why);

/**
 * weir_breaker_take() - the newest limit that content passed, which is decided on now
 * @b: its breaker
 *
 * Context: any.
 * Return: the limit; or one of cause NONE, if it has been decided on.
 */
struct weir_break weir_breaker_take(struct weir_breaker *b);

/**
 * weir_breaker_waits() - is there a limit to take
 * @b: the breaker
 *
 * Context: any.
 */
bool weir_breaker_waits(struct weir_breaker *b);

/**
 * weir_breaker_is_muted() - are an instance's verdicts not applied
 * @b: the breaker
 * @instance: number
 */
static inline bool weir_breaker_is_muted(const struct weir_breaker *b, u32 instance)
{
	/* Acquire: the numbers counted are there. */
	u32 n = smp_load_acquire(&b->nmuted);
	u32 i;

	for (i = 0; i < n; i++)
		if (b->muted[i] == instance)
			return true;
	return false;
}

/**
 * weir_breaker_mute() - from now on an instance's verdicts are not applied
 * @b: the breaker
 * @instance: number
 *
 * Context: process context; weir_store.lock is held.
 * Return: whether there was room for it.
 */
bool weir_breaker_mute(struct weir_breaker *b, u32 instance);

/**
 * weir_breaker_renew() - verdicts that were applied until now do not count any more
 * @b: the breaker
 *
 * Context: any.
 */
void weir_breaker_renew(struct weir_breaker *b);

/**
 * weir_breaker_forget() - nothing that happened until now counts any more
 * @b: the breaker
 *
 * Context: any.
 */
void weir_breaker_forget(struct weir_breaker *b);

#endif
