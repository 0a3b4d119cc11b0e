/* SPDX-License-Identifier: GPL-2.0 */
/* The hooks: what sits on which kernel function, for which Template Type. */
#ifndef WEIR_KMOD_HOOKS_H
#define WEIR_KMOD_HOOKS_H

#include <linux/bits.h>
#include <linux/types.h>

#include "capture.h"
#include "compat.h"

struct weir_hook;

/**
 * struct weir_call - a call of a hooked function, at its entry
 * @hook: whose callback this is
 * @fregs: the function's arguments
 * @as_proved: from the same place in the kernel as the type's prove() made it called from
 */
struct weir_call {
	const struct weir_hook *hook;
	struct ftrace_regs *fregs;
	bool as_proved;
};

/**
 * typedef weir_hook_fn - the callback of a hook
 * @call: the call
 *
 * Context: at the entry of the function, preemption off, in the task that calls it, with whatever
 * locks its callers hold.
 * Return: what weir_hook_event() came to, or WEIR_VERDICT_NONE if the call is no event.
 */
typedef u32 (*weir_hook_fn)(const struct weir_call *call);

/* Where a verdict acts, as a word of hooks.def: the strongest that a row can apply. */
enum weir_hook_power {
	WEIR_POWER_KILL, /* a signal to the task */
	WEIR_POWER_DENY, /* that, and the function returns -EPERM without having run */
};

/* All rows of hooks.def, in its order, counted from 0. */
enum weir_hook_number {
#define WEIR_HOOK(type, function, ret, proto, presence, verdict, proof, fields)                    \
	WEIR_HOOK_##type##_##function,
#include "hooks.def"
#undef WEIR_HOOK
	WEIR_NHOOKS
};

/* The callbacks; each in the file of its type. */
#define WEIR_HOOK(type, function, ret, proto, presence, verdict, proof, fields)                    \
	u32 weir_on_##type##_##function(const struct weir_call *call);
#include "hooks.def"
#undef WEIR_HOOK

/**
 * struct weir_hook_about - what there is to know of a hook
 * @function: the kernel's name of it
 * @type: Template Type id
 * @fields: those that only this hook and its like fill
 * @needed: the type is not armed without it
 * @power: verdicts it can apply, a mask of BIT(enum weir_verdict)
 * @by_use: nothing but real use shows that it fires
 * @armed: it delivers now
 * @seen: it fired since it was armed
 * @error: why it is not armed though its type is, or would not be: a negative errno
 * @arming: which arming of the function it is, or was
 * @calls: of the function while it was armed, by tasks that can be acted on
 * @denied: of them, denied
 * @killed: of them, killed
 */
struct weir_hook_about {
	const char *function;
	u32 type;
	u64 fields;
	bool needed;
	u32 power;
	bool by_use;
	bool armed;
	bool seen;
	int error;
	u32 arming;
	u64 calls;
	u64 denied;
	u64 killed;
};

/**
 * weir_hook_arg() - an argument of the hooked function
 * @call: the call
 * @n: which, from 0
 */
static inline unsigned long weir_hook_arg(const struct weir_call *call, unsigned int n)
{
	return weir_ftrace_arg(call->fregs, n);
}

/**
 * weir_hook_event() - have a call evaluated as an event of its hook's type
 * @call: the call
 * @detail: what the type's capture functions work on; read before this returns
 *
 * Return: the verdict to apply, enum weir_verdict.
 */
u32 weir_hook_event(const struct weir_call *call, const void *detail);

/**
 * weir_hook_begin() - weir_hook_event() in two, for those who have more to say of the event
 * @call: the call
 * @detail: as in weir_hook_event()
 *
 * Return: the event, to set @nolocks or @target of, for weir_hook_finish(); NULL as
 * weir_capture_begin().
 */
struct weir_capture *weir_hook_begin(const struct weir_call *call, const void *detail);

/**
 * weir_hook_finish() - have an event evaluated, and give it back
 * @c: from weir_hook_begin()
 *
 * Return: the verdict to apply, enum weir_verdict.
 */
u32 weir_hook_finish(struct weir_capture *c);

/**
 * weir_hook_power() - the strongest verdict that a hook can apply
 * @hook: the hook
 *
 * Return: a mask of BIT(enum weir_verdict).
 */
u32 weir_hook_power(const struct weir_hook *hook);

/* hooks.c, for capture.c */

/**
 * weir_hooks_probe() - find out which of the functions this kernel has
 *
 * Context: process context, may sleep; nothing is hooked afterwards.
 */
void weir_hooks_probe(void);

/**
 * weir_hooks_arm() - put the hooks of a type in place
 * @type: Template Type id
 *
 * Context: process context, may sleep; the caller serializes.
 * Return: 0; or what the kernel said of a needed one, and none is in place.
 */
int weir_hooks_arm(u32 type);

/**
 * weir_hooks_disarm() - the mirror of weir_hooks_arm()
 * @type: Template Type id
 *
 * On return no callback of the type runs any more.
 */
void weir_hooks_disarm(u32 type);

/**
 * weir_hooks_prove() - make the hooks of an armed type fire
 * @type: Template Type id
 * @prove: does it; NULL if nothing can
 *
 * What fires meanwhile in this task is no event. A hook that ought to have fired and did not is
 * reported, and counts as failed from then on.
 *
 * Context: process context, may sleep; the caller serializes.
 * Return: 0; -EIO if a needed hook is silent; or what @prove said.
 */
int weir_hooks_prove(u32 type, int (*prove)(void));

/**
 * weir_hooks_claim() - judge a hook whose function somebody says to have made run
 * @n: its number, below WEIR_NHOOKS
 * @arming: which arming they saw before
 *
 * A hook that did not fire since is reported, and counts as failed until it has.
 *
 * Context: process context; the caller serializes.
 * Return: 0; -EIO if it is silent; -ESTALE if that arming is over; -EINVAL if use is not what
 * proves it.
 */
int weir_hooks_claim(u32 n, u32 arming);

/**
 * weir_hooks_lost() - fields that no hook fills any more
 * @type: Template Type id
 *
 * Return: a mask; all bits if a needed hook cannot be had.
 */
u64 weir_hooks_lost(u32 type);

/**
 * weir_hooks_about() - describe a hook
 * @n: its number, below WEIR_NHOOKS
 * @out: filled
 */
void weir_hooks_about(u32 n, struct weir_hook_about *out);

#endif
