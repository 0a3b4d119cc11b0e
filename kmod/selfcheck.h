/* SPDX-License-Identifier: GPL-2.0 */
/* Whether armed hooks still fire. */
#ifndef WEIR_KMOD_SELFCHECK_H
#define WEIR_KMOD_SELFCHECK_H

#include <linux/types.h>

/**
 * weir_selfcheck_start() - from now on, ask every so often; nothing if that is under way already
 *
 * Context: process context.
 */
void weir_selfcheck_start(void);

/**
 * weir_selfcheck_stop() - the mirror; on return no check runs
 *
 * Context: process context, may sleep; weir_store.lock is not held.
 */
void weir_selfcheck_stop(void);

/**
 * weir_selfcheck_claim() - somebody says to have made a hook fire that only use proves
 * @hook: its number, below WEIR_NHOOKS
 * @arming: which arming they saw before
 *
 * A silent one is dealt with as in a check.
 *
 * Context: process context, may sleep; weir_store.lock is not held.
 * Return: as weir_hooks_claim().
 */
int weir_selfcheck_claim(u32 hook, u32 arming);

/**
 * weir_selfcheck_stats() - figures since the module was inserted
 * @checks: rounds
 * @alarms: types of which a needed hook was silent, over all rounds and claims
 */
void weir_selfcheck_stats(u64 *checks, u64 *alarms);

#endif
