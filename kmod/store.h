/* SPDX-License-Identifier: GPL-2.0 */
/* The content store: channels, their slots, and what hooks find in them. */
#ifndef WEIR_KMOD_STORE_H
#define WEIR_KMOD_STORE_H

#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>

#include "content.h"
#include "uapi/weir.h"

struct weir_capture;

#define WEIR_CHANNELS_MAX 64u
/* Matches of one event in one channel that are reported; the rest is counted as lost. */
#define WEIR_MATCH_MAX 128u

/**
 * struct weir_channel_stats - what one CPU saw of a channel
 * @events: evaluated
 * @matches: instances that matched
 * @trips: reads of inputs that the event did not carry
 * @faults: evaluations ended by a content table out of bounds
 * @fuel: evaluations ended by the step budget
 * @steps: sum over events
 * @max_steps: of one event
 * @denied: operations made to fail
 * @killed: tasks killed
 * @failed_closed: of @denied, for want of a sound evaluation
 * @exempted: events of tasks that nothing is applied to, though something would have been
 * @unapplied: events whose hook could not apply the verdict, or whose evaluation was not sound
 * @unread: events of which a field that the content reads could not be read
 *
 * Written by its CPU with preemption off, read by anyone, whole but not all at one instant.
 */
struct weir_channel_stats {
	u64 events;
	u64 matches;
	u64 trips;
	u64 faults;
	u64 fuel;
	u64 steps;
	u64 max_steps;
	u64 denied;
	u64 killed;
	u64 failed_closed;
	u64 exempted;
	u64 unapplied;
	u64 unread;
};

/**
 * struct weir_channel - one numbered stream of content
 * @active: what hooks evaluate; written under weir_store.lock
 * @candidate: submitted and checked, not yet evaluated; owner: weir_store.lock
 * @shadow: evaluated beside the active content; written under weir_store.lock
 * @last_good: trusted before; owner: weir_store.lock
 * @trial: the active content is on trial
 * @stats: counters by CPU
 * @floor: highest version ever accepted; never goes down, whatever is unloaded
 * @number: of the channel; set once, before the channel is counted
 * @mode: enum weir_u_mode; a change of content leaves it, an unload makes it AUDIT
 * @flags: of the mode, WEIR_MODE_
 * @name: of the newest accepted content, terminated
 * @quarantined: enum weir_u_quarantine: why active content was taken out; until the next activation
 * @trip_instance: of the newest trip that was not in shadow
 * @trip_field: likewise, or what is missing
 * @limits: of the breaker; read by hooks, a member at a time
 * @broke: what the breaker did last: all but its size, index, limits and muted instances
 *
 * Everything but @active, @shadow, @stats and the two trip members is protected by weir_store.lock.
 * The trip members are written by the one reader that set WEIR_CONTENT_BAD.
 *
 * Versions: last-good < active < shadow < candidate, as far as they are there.
 */
struct weir_channel {
	struct weir_content __rcu *active;
	struct weir_content __rcu *shadow;
	struct weir_content *candidate;
	struct weir_content *last_good;
	bool trial;
	struct weir_channel_stats __percpu *stats;
	u64 floor;
	u32 number;
	u32 mode;
	u32 flags;
	char name[WEIR_U_NAME];
	u32 quarantined;
	u32 trip_instance;
	u32 trip_field;
	struct weir_u_limits limits;
	struct weir_u_breaker broke;
};

/**
 * struct weir_store - all channels
 * @lock: serializes every change of slots, and of what is wanted and armed
 * @submit_lock: one submit at a time, outside @lock: memory stays bounded and @floor stable
 * @nchannels: channels in use; only grows; released after the channel is complete
 * @wanted: by slot of the type: fields that active content reads; written under @lock
 * @quarantine: takes content out of its slot after a trip
 * @refused: submits refused
 * @channel: the first @nchannels are in use; a channel, once there, stays
 */
struct weir_store {
	struct mutex lock; /* see above */
	struct mutex submit_lock; /* see above */
	u32 nchannels;
	u64 wanted[WEIR_NSLOTS];
	struct work_struct quarantine;
	atomic64_t refused;
	struct weir_channel channel[WEIR_CHANNELS_MAX];
};

extern struct weir_store weir_store;

/**
 * weir_store_init() - an empty store
 *
 * Return: 0 or -ENOMEM.
 */
int weir_store_init(void);

/**
 * weir_store_exit() - drop all content and disarm everything; returns when all of it is freed
 */
void weir_store_exit(void);

/**
 * weir_store_submit() - check a signed channel file and make it its channel's candidate
 * @data: user memory
 * @len: bytes at @data
 * @out: channel and version are set on success
 * @err: why it was refused
 *
 * Context: process context, may sleep.
 * Return: 0 or what struct weir_u_submit documents; then nothing has changed.
 */
int weir_store_submit(const void __user *data, u64 len, struct weir_u_submit *out,
		      struct weir_error *err);

/**
 * weir_store_offer() - the last step of a submit: checked content becomes the candidate
 * @ct: prepared content; on success the store owns the caller's reference
 *
 * Context: process context, may sleep.
 * Return: 0; -ESTALE if its version is not above the floor; -ENOSPC without a free channel;
 * -ENOMEM.
 */
int weir_store_offer(struct weir_content *ct);

/**
 * weir_store_floor() - the highest version a channel has accepted
 * @channel: number
 *
 * Return: the version; 0 for a channel not seen yet.
 */
u64 weir_store_floor(u32 channel);

/**
 * weir_store_activate() - the candidate becomes active, the active content last-good
 * @channel: number
 * @version: that the candidate must have
 * @err: why not
 *
 * Context: process context, may sleep.
 * Return: 0; -ENOENT without such a candidate; -ESTALE for another version; -EBUSY if a capture
 * point it needs could not be armed or does not provide a field. Then nothing has changed.
 */
int weir_store_activate(u32 channel, u64 version, struct weir_error *err);

/**
 * weir_store_stage() - content goes one stage up
 * @channel: number
 * @version: that it must have
 * @to: enum weir_u_stage_number
 * @trial: what the trial that begins asks for; of TRUSTED unused
 * @err: why not
 *
 * Context: process context, may sleep.
 * Return: 0 or what WEIR_IOC_STAGE documents; then nothing has changed.
 */
int weir_store_stage(u32 channel, u64 version, u32 to, const struct weir_trial *trial,
		     struct weir_error *err);

/**
 * weir_store_rollback() - last-good becomes active again; or what is in shadow is dropped
 * @channel: number
 * @version: of what is dropped
 * @err: why not
 *
 * Context: process context, may sleep.
 * Return: 0 or what WEIR_IOC_ROLLBACK documents; then nothing has changed.
 */
int weir_store_rollback(u32 channel, u64 version, struct weir_error *err);

/**
 * weir_store_limits() - set the limits of a channel's breaker
 * @channel: number
 * @limits: what they are from now on
 *
 * Context: process context, may sleep.
 * Return: 0; -ENOENT if the channel was never seen; -EINVAL for a policy or share that is none.
 */
int weir_store_limits(u32 channel, const struct weir_u_limits *limits);

/**
 * weir_store_breaker() - describe a channel's breaker
 * @index: below the number of channels
 * @out: zeroed
 *
 * Context: process context, may sleep.
 * Return: 0, or -ENOENT for an index past the end.
 */
int weir_store_breaker(u32 index, struct weir_u_breaker *out);

/**
 * weir_store_break() - a verdict was applied: if that passes a limit, no more are
 * @ch: the channel
 * @ct: the content
 * @type: Template Type id of the event
 * @hit: the verdict
 * @pid: who caused the event
 *
 * Context: in a hook, preemption off.
 */
void weir_store_break(struct weir_channel *ch, struct weir_content *ct, u32 type,
		      const struct weir_hit *hit, pid_t pid);

/**
 * weir_store_records() - an instance matched: whether that is recorded, or there is too much of it
 * @ch: the channel
 * @ct: the content
 * @c: the event
 * @instance: number
 * @applied: its verdict is
 *
 * Context: in a hook, preemption off.
 */
bool weir_store_records(struct weir_channel *ch, struct weir_content *ct,
			const struct weir_capture *c, u32 instance, bool applied);

/**
 * weir_store_applied() - the same, of a verdict that is about to be applied to the current task
 * @ch: the channel
 * @ct: the content
 * @slot: of the event's type
 * @c: the event
 * @instance: whose verdict; or WEIR_NOWHERE
 * @killed: the task is to be killed
 *
 * Context: in a hook, preemption off.
 */
void weir_store_applied(struct weir_channel *ch, struct weir_content *ct, u32 slot,
			const struct weir_capture *c, u32 instance, bool killed);

/**
 * weir_store_unload() - drop all content of a channel; its version floor stays
 * @channel: number
 *
 * Whatever comes into the channel next is in audit mode.
 *
 * Context: process context, may sleep.
 * Return: 0, or -ENOENT if the channel was never seen.
 */
int weir_store_unload(u32 channel);

/**
 * weir_store_forget() - a Template Type goes: content with instances of it leaves all slots
 * @type: its slot
 * @name: its name
 *
 * On return the type is not armed.
 *
 * Context: process context, may sleep; under weir_store.submit_lock and weir_store.lock.
 */
void weir_store_forget(u32 type, const char *name);

/**
 * weir_store_revoke() - content that the trust list in force does not permit leaves all slots
 *
 * Context: process context, may sleep; under weir_store.submit_lock and weir_store.lock.
 */
void weir_store_revoke(void);

/**
 * weir_store_mode() - set what verdicts of a channel come to
 * @channel: number
 * @mode: enum weir_u_mode
 * @flags: of ENFORCE: WEIR_MODE_; else 0
 *
 * Context: process context, may sleep.
 * Return: 0, -EINVAL or -ENOENT.
 */
int weir_store_mode(u32 channel, u32 mode, u32 flags);

/**
 * weir_store_get() - take a reference to the content of a slot
 * @channel: number
 * @slot: enum weir_u_slot
 *
 * Context: process context, may sleep.
 * Return: content for weir_content_put(), or NULL.
 */
struct weir_content *weir_store_get(u32 channel, u32 slot);

/**
 * weir_store_channel() - describe a channel
 * @index: below weir_store.nchannels
 * @out: filled but for its size and index
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOENT.
 */
int weir_store_channel(u32 index, struct weir_u_channel *out);

/**
 * weir_store_trials() - how what is on trial in a channel does
 * @index: below weir_store.nchannels
 * @out: filled but for its size and index; all zero before
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOENT.
 */
int weir_store_trials(u32 index, struct weir_u_trials *out);

/**
 * weir_store_trip() - content misbehaved: nobody evaluates it from now on
 * @ch: the channel
 * @ct: its content
 * @type: Template Type id of the event
 * @res: what its evaluation came to
 * @pid: who caused the event
 *
 * Context: preemption off, under RCU.
 */
void weir_store_trip(struct weir_channel *ch, struct weir_content *ct, u32 type,
		     const struct weir_result *res, pid_t pid);

/**
 * weir_store_recheck() - take out active content that reads fields which are not provided any more
 *
 * Context: process context, may sleep; weir_store.lock is held.
 */
void weir_store_recheck(void);

/**
 * weir_event_stats() - figures over all channels
 * @events: delivered to the store and evaluated
 * @nested: delivered inside another event, and not evaluated
 * @errors: internal errors
 */
void weir_event_stats(u64 *events, u64 *nested, u64 *errors);

/**
 * weir_store_find() - look up a channel
 * @channel: number
 *
 * Context: any; a channel once found stays.
 * Return: the channel or NULL.
 */
struct weir_channel *weir_store_find(u32 channel);

/**
 * weir_swap_exit() - empty all slots, disarm all types, stop the quarantine work
 */
void weir_swap_exit(void);

/**
 * weir_quarantine() - the work item behind weir_store_trip(): no slot keeps what tripped
 * @work: weir_store.quarantine
 */
void weir_quarantine(struct work_struct *work);

#endif
