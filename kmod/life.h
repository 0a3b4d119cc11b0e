/* SPDX-License-Identifier: GPL-2.0 */
/* The life of content in a channel: what is active, on trial or kept, and what changes that. */
#ifndef WEIR_KMOD_LIFE_H
#define WEIR_KMOD_LIFE_H

#include <linux/types.h>

struct weir_channel;
struct weir_content;

/**
 * enum weir_life_state - what the slots of a channel hold
 * @WEIR_LIFE_EMPTY: nothing
 * @WEIR_LIFE_TRIAL: active content, on trial
 * @WEIR_LIFE_TRIAL_KEPT: and last-good
 * @WEIR_LIFE_TRUSTED: active content, trusted
 * @WEIR_LIFE_TRUSTED_KEPT: and last-good
 * @WEIR_LIFE_STATES: how many there are
 */
enum weir_life_state {
	WEIR_LIFE_EMPTY,
	WEIR_LIFE_TRIAL,
	WEIR_LIFE_TRIAL_KEPT,
	WEIR_LIFE_TRUSTED,
	WEIR_LIFE_TRUSTED_KEPT,
	WEIR_LIFE_STATES,
};

/**
 * enum weir_life_event - what can happen to a channel
 * @WEIR_LIFE_TRY: other content becomes active, on trial
 * @WEIR_LIFE_TRUST: other content becomes active and is trusted at once
 * @WEIR_LIFE_PASS: the trial of the active content is over, for good
 * @WEIR_LIFE_BACK: the active content has to go; last-good takes its place
 * @WEIR_LIFE_FORGET: last-good has to go
 * @WEIR_LIFE_CLEAR: all has to go
 * @WEIR_LIFE_EVENTS: how many there are
 */
enum weir_life_event {
	WEIR_LIFE_TRY,
	WEIR_LIFE_TRUST,
	WEIR_LIFE_PASS,
	WEIR_LIFE_BACK,
	WEIR_LIFE_FORGET,
	WEIR_LIFE_CLEAR,
	WEIR_LIFE_EVENTS,
};

/**
 * weir_life_state() - the state of a channel
 * @ch: the channel
 *
 * Context: weir_store.lock is held.
 */
enum weir_life_state weir_life_state(const struct weir_channel *ch);

/**
 * weir_life_may() - whether an event is among the transitions of a channel's state
 * @ch: the channel
 * @event: the event
 *
 * Context: weir_store.lock is held.
 */
bool weir_life_may(const struct weir_channel *ch, enum weir_life_event event);

/**
 * weir_life_step() - make a transition
 * @ch: the channel
 * @event: the event
 * @in: of TRY and TRUST: content, whose reference goes to the channel; else NULL
 *
 * What the event wants armed has to be armed before.
 *
 * Context: process context; weir_store.lock is held.
 * Return: 0, or -ENOENT if the table has no such transition: then nothing has changed.
 */
int weir_life_step(struct weir_channel *ch, enum weir_life_event event, struct weir_content *in);

#endif
