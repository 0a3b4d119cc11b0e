// SPDX-License-Identifier: GPL-2.0
/* The hooks: arming them, telling the types of a call, applying verdicts, and whether they fire. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/binfmts.h>
#include <linux/bpf.h>
#include <linux/compiler.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/string.h>

#include "hooks.h"

/* The prototypes that callbacks count arguments by are this kernel's. */
#define WEIR_HOOK(type, function, ret, proto, presence, verdict, proof, fields)                    \
	static_assert(__same_type(security_##function, ret proto),                                 \
		      "security_" #function ": not the prototype in hooks.def");
#include "hooks.def"
#undef WEIR_HOOK

/**
 * struct site - a function with hooks on it
 * @ops: registered while @users is not 0
 * @users: armed hooks; they run in their order in the table
 * @proved: where the newest proof's call came from
 * @fired: since it was registered, or since the newest proof began
 *
 * A function takes one IPMODIFY user, so hooks of several types share it. Changes only as arming
 * does; @proved and @fired also in the callback.
 */
struct site {
	struct ftrace_ops ops;
	u32 users;
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
 * @site: of the first row with its function
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
};

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
static struct weir_hook hooks[WEIR_NHOOKS] = {
#include "hooks.def"
};
#undef WEIR_HOOK

static struct site sites[WEIR_NHOOKS]; /* by number of the first row with the function */

struct stats {
	u64 calls;
	u64 denied;
	u64 killed;
};

/* One CPU's, written by it with preemption off. */
static DEFINE_PER_CPU(struct stats[WEIR_NHOOKS], stats);

/* While it is set, this task's calls only prove that hooks fire. */
static struct task_struct *prover;

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
	struct stats *s = this_cpu_ptr(&stats[h - hooks]);

	if (verdict == WEIR_VERDICT_KILL) {
		send_sig(SIGKILL, current, 1);
		bump(&s->killed);
	}
	if (h->power == WEIR_POWER_DENY) {
		weir_ftrace_go_to(fregs, (unsigned long)denied);
		bump(&s->denied);
	}
}

static void notrace dispatch(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
	struct site *s = container_of(ops, struct site, ops);
	struct weir_call call = { .fregs = fregs };
	u32 i, verdict;

	if (unlikely(READ_ONCE(prover) == current)) {
		WRITE_ONCE(s->proved, parent);
		WRITE_ONCE(s->fired, true);
		return;
	}
	if (!in_task() || current->flags & PF_KTHREAD)
		return;
	if (!READ_ONCE(s->fired))
		WRITE_ONCE(s->fired, true);
	call.as_proved = parent == READ_ONCE(s->proved);
	for (i = s - sites; i < WEIR_NHOOKS; i++) {
		if (hooks[i].site != s - sites || !READ_ONCE(hooks[i].on))
			continue;
		bump(&this_cpu_ptr(&stats[i])->calls);
		call.hook = &hooks[i];
		verdict = hooks[i].fn(&call);
		if (verdict > WEIR_VERDICT_ALERT)
			apply(&hooks[i], verdict, fregs);
	}
}

u32 weir_hook_power(const struct weir_hook *hook)
{
	u32 power = BIT(WEIR_VERDICT_ALERT) | BIT(WEIR_VERDICT_KILL);

	return hook->power == WEIR_POWER_DENY ? power | BIT(WEIR_VERDICT_DENY) : power;
}

static u32 deliver(const struct weir_call *call, const void *detail, bool nolocks)
{
	struct weir_capture *c = weir_capture_begin(call->hook->type, detail);
	u32 verdict;

	if (!c)
		return WEIR_VERDICT_NONE;
	c->nolocks = nolocks;
	c->power = weir_hook_power(call->hook);
	verdict = weir_capture_deliver(c);
	weir_capture_end(c);
	return verdict;
}

u32 weir_hook_event(const struct weir_call *call, const void *detail)
{
	return deliver(call, detail, false);
}

u32 weir_hook_event_nolocks(const struct weir_call *call, const void *detail)
{
	return deliver(call, detail, true);
}

/* Some hook on the function wants to say no. */
static bool site_denies(const struct site *s)
{
	u32 i;

	for (i = s - sites; i < WEIR_NHOOKS; i++)
		if (hooks[i].site == s - sites && hooks[i].power == WEIR_POWER_DENY)
			return true;
	return false;
}

static int site_filter(struct site *s)
{
	char name[KSYM_NAME_LEN];
	int err;

	/*
	 * Anew each time, for what the ops hold is freed when the hook is removed. PERMANENT:
	 * sysctl kernel.ftrace_enabled=0 is refused instead of silently stopping the hooks.
	 */
	memset(s, 0, sizeof(*s));
	s->ops.func = dispatch;
	s->ops.flags = FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_PERMANENT;
	if (site_denies(s))
		s->ops.flags |= FTRACE_OPS_FL_IPMODIFY;
	/* It is split in place while it is parsed. */
	strscpy(name, hooks[s - sites].function, sizeof(name));
	err = ftrace_set_filter(&s->ops, name, strlen(name), 1);
	if (err)
		ftrace_free_filter(&s->ops);
	return err;
}

static int hook_on(struct weir_hook *h)
{
	struct site *s = &sites[h->site];
	int err = 0;

	if (!s->users) {
		err = site_filter(s);
		if (!err) {
			err = register_ftrace_function(&s->ops);
			if (err)
				ftrace_free_filter(&s->ops);
		}
	}
	WRITE_ONCE(h->error, err);
	if (err)
		return err;
	s->users++;
	WRITE_ONCE(h->on, true);
	return 0;
}

/* Returns when no CPU is in the callback on the hook's behalf. */
static void hook_off(struct weir_hook *h)
{
	struct site *s = &sites[h->site];

	if (!h->on)
		return;
	WRITE_ONCE(h->on, false);
	if (--s->users) {
		synchronize_rcu();
		return;
	}
	if (unregister_ftrace_function(&s->ops))
		pr_err("hook %s: could not be removed\n", h->function);
	else
		ftrace_free_filter(&s->ops);
}

void weir_hooks_disarm(u32 type)
{
	u32 i;

	for (i = WEIR_NHOOKS; i--;)
		if (hooks[i].type == type)
			hook_off(&hooks[i]);
}

int weir_hooks_arm(u32 type)
{
	int err;
	u32 i;

	for (i = 0; i < WEIR_NHOOKS; i++) {
		if (hooks[i].type != type)
			continue;
		err = hook_on(&hooks[i]);
		if (!err)
			continue;
		pr_warn("hook %s: error %d%s\n", hooks[i].function, err,
			hooks[i].needed ? "" : "; its type is armed without it");
		if (hooks[i].needed) {
			weir_hooks_disarm(type);
			return err;
		}
	}
	return 0;
}

static int judge(u32 type)
{
	int err = 0;
	u32 i;

	for (i = 0; i < WEIR_NHOOKS; i++) {
		struct weir_hook *h = &hooks[i];

		if (h->type != type || !h->on || h->by_use)
			continue;
		WRITE_ONCE(h->error, READ_ONCE(sites[h->site].fired) ? 0 : -EIO);
		if (!h->error)
			continue;
		pr_err("hook %s: registered, but it does not fire\n", h->function);
		if (h->needed)
			err = -EIO;
	}
	return err;
}

int weir_hooks_prove(u32 type, int (*prove)(void))
{
	int err;
	u32 i;

	if (!prove)
		return 0;
	for (i = 0; i < WEIR_NHOOKS; i++)
		if (hooks[i].type == type && hooks[i].on && !hooks[i].by_use)
			WRITE_ONCE(sites[hooks[i].site].fired, false);
	WRITE_ONCE(prover, current);
	err = prove();
	WRITE_ONCE(prover, NULL);
	if (err) {
		pr_err("type %u: the hooks could not be tried out: error %d\n", type, err);
		return err;
	}
	return judge(type);
}

void weir_hooks_probe(void)
{
	u32 i, first;

	for (i = 0; i < WEIR_NHOOKS; i++) {
		first = 0;
		while (strcmp(hooks[first].function, hooks[i].function))
			first++;
		hooks[i].site = first;
	}
	for (i = 0; i < WEIR_NHOOKS; i++) {
		hooks[i].error = site_filter(&sites[hooks[i].site]);
		if (!hooks[i].error)
			ftrace_free_filter(&sites[hooks[i].site].ops);
	}
}

static bool is_armed(u32 type)
{
	u32 i;

	for (i = 0; i < WEIR_NHOOKS; i++)
		if (hooks[i].type == type && READ_ONCE(hooks[i].on))
			return true;
	return false;
}

/* While its type is not armed, only a function that is not there is known to be lost. */
static bool is_lost(const struct weir_hook *h, bool armed)
{
	int error = READ_ONCE(h->error);

	return armed ? error : error == -EINVAL;
}

u64 weir_hooks_lost(u32 type)
{
	u64 lost = 0, kept = 0;
	bool armed = is_armed(type);
	u32 i;

	for (i = 0; i < WEIR_NHOOKS; i++) {
		if (hooks[i].type != type)
			continue;
		if (!is_lost(&hooks[i], armed))
			kept |= hooks[i].fields;
		else if (hooks[i].needed)
			return ~0ull;
		else
			lost |= hooks[i].fields;
	}
	return lost & ~kept;
}

void weir_hooks_about(u32 n, struct weir_hook_about *out)
{
	const struct weir_hook *h = &hooks[n];
	int cpu;

	*out = (struct weir_hook_about){
		.function = h->function,
		.type = h->type,
		.fields = h->fields,
		.needed = h->needed,
		.power = weir_hook_power(h),
		.by_use = h->by_use,
		.armed = READ_ONCE(h->on),
		.seen = READ_ONCE(h->on) && READ_ONCE(sites[h->site].fired),
		.error = READ_ONCE(h->error),
	};
	for_each_possible_cpu(cpu) {
		const struct stats *s = &per_cpu(stats, cpu)[n];

		out->calls += READ_ONCE(s->calls);
		out->denied += READ_ONCE(s->denied);
		out->killed += READ_ONCE(s->killed);
	}
}
