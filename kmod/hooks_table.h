/* SPDX-License-Identifier: GPL-2.0 */
/* The table of hooks, for those who arm them and those who run in them. */
#ifndef WEIR_KMOD_HOOKS_TABLE_H
#define WEIR_KMOD_HOOKS_TABLE_H

#include <linux/ftrace.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include "hooks.h"

/**
 * struct weir_site - a function with hooks on it
 * @ip: where ftrace is called in it; 0 until it was
 * @users: armed hooks; they run in their order in the table
 * @arming: how often the first of them was armed
 * @proved: where the newest proof's call came from
 * @fired: since it was armed, or since the newest proof began
 *
 * A function takes one IPMODIFY user, so hooks of several types share it. Changes only as arming
 * does; @proved and @fired also in the callback.
 */
struct weir_site {
	unsigned long ip;
	u32 users;
	u32 arming;
	unsigned long proved;
	bool fired;
};

/**
 * struct weir_hook - a row of hooks.def
 * @function: as the kernel calls it
 * @type: Template Type id
 * @needed: NEEDED
 * @by_use: USE
 * @power: enum weir_hook_power
 * @fields: that only such hooks fill
 * @fn: the callback
 * @on: delivers events
 * @error: of the newest try to arm it, or -EIO if it proved silent
 * @site: number of the first row with its function
 * @next: number of the next row with its function, or WEIR_NHOOKS
 */
struct weir_hook {
	const char *function;
	u32 type;
	bool needed;
	bool by_use;
	u32 power;
	u64 fields;
	weir_hook_fn fn;
	bool on;
	int error;
	u32 site;
	u32 next;
};

/**
 * struct weir_hook_stats - what one CPU saw of a hook; written by it with preemption off
 * @calls: of the function, by tasks that can be acted on
 * @denied: of them, denied
 * @killed: of them, killed
 */
struct weir_hook_stats {
	u64 calls;
	u64 denied;
	u64 killed;
};

extern struct weir_hook weir_hooks[WEIR_NHOOKS];
extern struct weir_site weir_sites[WEIR_NHOOKS]; /* by number of the first row with the function */
DECLARE_PER_CPU(struct weir_hook_stats[WEIR_NHOOKS], weir_hook_stats);

/* While it is set, this task's calls only prove that hooks fire. */
extern struct task_struct *weir_prover;

/**
 * weir_hook_dispatch() - what ftrace calls at the entry of a hooked function
 * @ip: of the function
 * @parent: where it was called from
 * @ops: the one for all functions
 * @fregs: arguments, and where to go on
 *
 * Context: that of the function's caller, with preemption off.
 */
void weir_hook_dispatch(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			struct ftrace_regs *fregs);

#endif
