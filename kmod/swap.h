/* SPDX-License-Identifier: GPL-2.0 */
/* Changes of what is evaluated, under weir_store.lock: what the files of the store share. */
#ifndef WEIR_KMOD_SWAP_H
#define WEIR_KMOD_SWAP_H

#include "life.h"
#include "store.h"

static inline struct weir_content *weir_active_of(const struct weir_channel *ch)
{
	return rcu_dereference_protected(ch->active, lockdep_is_held(&weir_store.lock));
}

static inline struct weir_content *weir_shadow_of(const struct weir_channel *ch)
{
	return rcu_dereference_protected(ch->shadow, lockdep_is_held(&weir_store.lock));
}

/**
 * weir_swap_clean() - what tripped leaves its slot now, not only when the work item comes to it
 * @ch: the channel
 *
 * First of all in whatever moves content, so that none of it is kept or comes back.
 */
void weir_swap_clean(struct weir_channel *ch);

/**
 * weir_swap_out() - the active content goes, whatever becomes of last-good
 * @ch: the channel
 * @why: enum weir_u_quarantine
 * @field: that is missing, or WEIR_NOWHERE
 */
void weir_swap_out(struct weir_channel *ch, u32 why, u32 field);

/**
 * weir_breaker_is_open() - content reached a limit, and nobody decided yet what becomes of it
 * @ct: the content, or NULL
 */
bool weir_breaker_is_open(struct weir_content *ct);

/**
 * weir_breaker_look() - whether active content costs too much, and what comes of that
 * @ch: its channel
 *
 * Context: process context; weir_store.lock is held.
 */
void weir_breaker_look(struct weir_channel *ch);

/**
 * weir_breaker_close() - decide that, and do it
 * @ch: the channel
 * @ct: its active content
 */
void weir_breaker_close(struct weir_channel *ch, struct weir_content *ct);

/**
 * weir_swap_settle() - bring what is wanted and armed down to what is evaluated
 */
void weir_swap_settle(void);

/**
 * weir_swap_back() - last-good takes the place of the active content, which is dropped
 * @ch: the channel
 * @force: drop the active content also if last-good cannot be armed, which then goes, too
 * @err: why not
 *
 * Return: 0; -ENOENT if there is neither; -EBUSY: nothing has changed.
 */
int weir_swap_back(struct weir_channel *ch, bool force, struct weir_error *err);

/**
 * weir_swap_stage() - content goes one stage up
 * @ch: the channel
 * @version: as weir_store_stage()
 * @to: as there
 * @trial: as there
 * @err: as there
 *
 * Return: as there.
 */
int weir_swap_stage(struct weir_channel *ch, u64 version, u32 to, const struct weir_trial *trial,
		    struct weir_error *err);

/**
 * weir_swap_unshadow() - drop what is in shadow, if anything
 * @ch: the channel
 */
void weir_swap_unshadow(struct weir_channel *ch);

/**
 * weir_trials_start() - have trials judged, and the cost of content, each second from now on, as
 * long as that is wanted of any
 */
void weir_trials_start(void);

/**
 * weir_trials_stop() - have them judged no more
 */
void weir_trials_stop(void);

#endif
