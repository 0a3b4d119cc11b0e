// SPDX-License-Identifier: GPL-2.0
/* The hooks: their table, and what happens in one: the types are told, verdicts are applied. */
#include <linux/binfmts.h>
#include <linux/bpf.h>
#include <linux/ftrace.h>
#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/string.h>

#include "hooks_table.h"

/* The prototypes that callbacks count arguments by are this kernel's. */
#define WEIR_HOOK(type, function, ret, proto, presence, verdict, proof, fields)                    \
	static_assert(__same_type(security_##function, ret proto),                                 \
		      "security_" #function ": not the prototype in hooks.def");
#include "hooks.def"
#undef WEIR_HOOK

#define NEEDED true
#define OPTIONAL false
#define KERNEL false
#define USE true
#define NONE_ALONE 0
#define WEIR_HOOK(t, f, ret, proto, presence, verdict, proof, mask)                                \
	{                                                                                          \
		.function = "security_" #f,                                                        \
		.type = WEIR_TYPE_##t,                                                             \
		.needed = (presence),                                                              \
		.by_use = (proof),                                                                 \
		.power = WEIR_POWER_##verdict,                                                     \
		.fields = (mask),                                                                  \
		.fn = weir_on_##t##_##f,                                                           \
	},

struct weir_hook weir_hooks[WEIR_NHOOKS] = {
#include "hooks.def"
};

#undef WEIR_HOOK

struct weir_site weir_sites[WEIR_NHOOKS];

/* By hash of an address: the row it was found to be of. */
#define GUESS_BITS 6
static u8 guesses[1 << GUESS_BITS];
static_assert(WEIR_NHOOKS <= 255, "a row does not fit a guess");

DEFINE_PER_CPU(struct weir_hook_stats[WEIR_NHOOKS], weir_hook_stats);

struct task_struct *weir_prover;

/* Where a denied call goes on instead of in its function; all of them return an error as an int. */
static noinline notrace int denied(void)
{
	return -EPERM;
}

static void bump(u64 *counter)
{
	WRITE_ONCE(*counter, *counter + 1);
}

static void apply(const struct weir_hook *h, u32 verdict, struct ftrace_regs *fregs)
{
	struct weir_hook_stats *s = this_cpu_ptr(&weir_hook_stats[h - weir_hooks]);

	if (verdict == WEIR_VERDICT_KILL) {
		send_sig(SIGKILL, current, 1);
		bump(&s->killed);
	}
	if (h->power == WEIR_POWER_DENY) {
		weir_ftrace_go_to(fregs, (unsigned long)denied);
		bump(&s->denied);
	}
}

/* The kernel's name of the function tells: asked for once a function. */
static noinline u32 learn(unsigned long ip)
{
	char name[KSYM_SYMBOL_LEN];
	u32 i;

	sprint_symbol_no_offset(name, ip);
	for (i = 0; i < WEIR_NHOOKS; i++)
		if (!strcmp(weir_hooks[i].function, name)) {
			WRITE_ONCE(weir_sites[i].ip, ip);
			return i;
		}
	return WEIR_NHOOKS;
}

/* The number of the first row with the function that ftrace was called in. */
static u32 first_row(unsigned long ip)
{
	u8 *guess = &guesses[hash_long(ip, GUESS_BITS)];
	u32 i = READ_ONCE(*guess);

	if (likely(READ_ONCE(weir_sites[i].ip) == ip))
		return i;
	for (i = 0; i < WEIR_NHOOKS; i++)
		if (READ_ONCE(weir_sites[i].ip) == ip)
			break;
	if (i == WEIR_NHOOKS)
		i = learn(ip);
	if (i < WEIR_NHOOKS)
		WRITE_ONCE(*guess, i);
	return i;
}

void notrace weir_hook_dispatch(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
				struct ftrace_regs *fregs)
{
	struct weir_call call = { .fregs = fregs };
	u32 i = first_row(ip), verdict;
	struct weir_site *s;

	if (i == WEIR_NHOOKS)
		return;
	s = &weir_sites[i];
	if (unlikely(READ_ONCE(weir_prover) == current)) {
		WRITE_ONCE(s->proved, parent);
		WRITE_ONCE(s->fired, true);
		return;
	}
	if (!in_task() || current->flags & PF_KTHREAD)
		return;
	if (!READ_ONCE(s->fired))
		WRITE_ONCE(s->fired, true);
	call.as_proved = parent == READ_ONCE(s->proved);
	for (; i < WEIR_NHOOKS; i = weir_hooks[i].next) {
		if (!READ_ONCE(weir_hooks[i].on))
			continue;
		bump(&this_cpu_ptr(&weir_hook_stats[i])->calls);
		call.hook = &weir_hooks[i];
		verdict = weir_hooks[i].fn(&call);
		if (verdict > WEIR_VERDICT_ALERT)
			apply(&weir_hooks[i], verdict, fregs);
	}
}

u32 weir_hook_power(const struct weir_hook *hook)
{
	u32 power = BIT(WEIR_VERDICT_ALERT) | BIT(WEIR_VERDICT_KILL);

	return hook->power == WEIR_POWER_DENY ? power | BIT(WEIR_VERDICT_DENY) : power;
}

struct weir_capture *weir_hook_begin(const struct weir_call *call, const void *detail)
{
	struct weir_capture *c = weir_capture_begin(call->hook->type, detail);

	if (c)
		c->power = weir_hook_power(call->hook);
	return c;
}

u32 weir_hook_finish(struct weir_capture *c)
{
	u32 verdict = weir_capture_deliver(c);

	weir_capture_end(c);
	return verdict;
}

u32 weir_hook_event(const struct weir_call *call, const void *detail)
{
	struct weir_capture *c = weir_hook_begin(call, detail);

	return c ? weir_hook_finish(c) : WEIR_VERDICT_NONE;
}
