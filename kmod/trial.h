/* SPDX-License-Identifier: GPL-2.0 */
/* How content does on live events: what is counted of it, and what it has to show. */
#ifndef WEIR_KMOD_TRIAL_H
#define WEIR_KMOD_TRIAL_H

#include "types.h"
#include "uapi/weir.h"

struct weir_content;
struct weir_result;

/**
 * struct weir_tally - what one CPU saw of content
 * @events: evaluated, by slot of the type
 * @matches: instances that matched
 * @verdicts: events whose verdict was above ALERT, applied or not
 * @steps: sum over events
 * @unsound: events with a trip, a fault or too little fuel
 * @differs: in shadow: events on which the active content came to something else
 *
 * Written by its CPU with preemption off, read by anyone, whole but not all at one instant.
 */
struct weir_tally {
	u64 events[WEIR_NSLOTS];
	u64 matches;
	u64 verdicts;
	u64 steps;
	u64 unsound;
	u64 differs;
};

/**
 * struct weir_trial - content on trial
 * @gate: what it has to show
 * @flags: WEIR_STAGE_
 * @since: when it began, CLOCK_BOOTTIME in nanoseconds
 * @base: what had been counted by then
 *
 * Protected by weir_store.lock.
 */
struct weir_trial {
	struct weir_u_gate gate;
	u32 flags;
	u64 since;
	struct weir_tally base;
};

/* Add to a counter that only this CPU writes, with preemption off, and anyone reads. */
static inline void weir_bump(u64 *counter, u64 n)
{
	WRITE_ONCE(*counter, *counter + n);
}

/**
 * weir_tally_sum() - what all CPUs counted, while these go on
 * @ct: the content
 * @out: filled
 *
 * Context: any.
 */
void weir_tally_sum(const struct weir_content *ct, struct weir_tally *out);

/**
 * weir_trial_count() - an event was evaluated
 * @ct: on which content
 * @type: slot of its type
 * @res: what came of it
 * @differs: in shadow: the active content came to something else
 *
 * Context: preemption off.
 */
void weir_trial_count(const struct weir_content *ct, u32 type, const struct weir_result *res,
		      bool differs);

/**
 * weir_trial_begin() - what is counted from now on decides
 * @ct: the content
 * @trial: its @gate and @flags
 *
 * Context: process context; weir_store.lock is held.
 */
void weir_trial_begin(struct weir_content *ct, const struct weir_trial *trial);

/**
 * weir_trial_judge() - how a trial stands
 * @ct: the content
 * @out: filled
 *
 * Means are rounded up.
 *
 * Context: process context; weir_store.lock is held.
 * Return: enum weir_u_trial_state.
 */
u32 weir_trial_judge(const struct weir_content *ct, struct weir_u_trial *out);

#endif
