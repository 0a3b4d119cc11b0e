// SPDX-License-Identifier: GPL-2.0
/* Hooks come and go: arming, whether they fire, what is lost without them. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "hooks_table.h"

/*
 * One for all functions: adding and removing one takes effect at once. Only when the last one goes
 * does the kernel wait until every task of the machine has let go of the CPU.
 */
static struct ftrace_ops ops;
static u32 functions; /* in its filter, which must not get empty: that would be all of the kernel */
static bool stuck; /* ftrace has given up, and may call us for ever */

/* Put a function into a filter, or with "!" in front take it out. */
static int filter(struct ftrace_ops *of, const char *sign, const char *function, bool anew)
{
	char text[KSYM_NAME_LEN];

	/* It is split in place while it is parsed. */
	scnprintf(text, sizeof(text), "%s%s", sign, function);
	return ftrace_set_filter(of, text, strlen(text), anew);
}

static int first_on(const char *function)
{
	int err;

	if (stuck)
		return -EBUSY;
	/*
	 * Anew each time, for what the ops hold is freed when they are unregistered. PERMANENT:
	 * sysctl kernel.ftrace_enabled=0 is refused instead of silently stopping the hooks.
	 */
	memset(&ops, 0, sizeof(ops));
	ops.func = weir_hook_dispatch;
	ops.flags = FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_PERMANENT | FTRACE_OPS_FL_IPMODIFY;
	err = filter(&ops, "", function, true);
	if (!err)
		err = register_ftrace_function(&ops);
	if (err)
		ftrace_free_filter(&ops);
	return err;
}

static int function_on(const char *function)
{
	int err = functions ? filter(&ops, "", function, false) : first_on(function);

	functions += !err;
	return err;
}

/* The module must not go while it can be called. */
static void stay(void)
{
	stuck = true;
	__module_get(THIS_MODULE);
}

static void function_off(const char *function)
{
	int err;

	if (--functions) {
		err = filter(&ops, "!", function, false);
	} else {
		err = unregister_ftrace_function(&ops);
		if (!err)
			ftrace_free_filter(&ops);
		else
			stay();
	}
	if (err)
		pr_err("hook %s: could not be removed: error %d\n", function, err);
}

static int hook_on(struct weir_hook *h)
{
	struct weir_site *s = &weir_sites[h->site];
	int err = 0;

	if (!s->users) {
		s->proved = 0;
		WRITE_ONCE(s->arming, s->arming + 1);
		WRITE_ONCE(s->fired, false);
		err = function_on(h->function);
	}
	WRITE_ONCE(h->error, err);
	if (err)
		return err;
	s->users++;
	WRITE_ONCE(h->on, true);
	return 0;
}

static void hook_off(struct weir_hook *h)
{
	if (!h->on)
		return;
	WRITE_ONCE(h->on, false);
	if (!--weir_sites[h->site].users)
		function_off(h->function);
}

void weir_hooks_disarm(u32 type)
{
	u32 i;

	for (i = WEIR_NHOOKS; i--;)
		if (weir_hooks[i].type == type)
			hook_off(&weir_hooks[i]);
	/* Callbacks run with preemption off. */
	synchronize_rcu();
}

int weir_hooks_arm(u32 type)
{
	int err;
	u32 i;

	for (i = 0; i < WEIR_NHOOKS; i++) {
		if (weir_hooks[i].type != type)
			continue;
		err = hook_on(&weir_hooks[i]);
		if (!err)
			continue;
		pr_warn("hook %s: error %d%s\n", weir_hooks[i].function, err,
			weir_hooks[i].needed ? "" : "; its type is armed without it");
		if (weir_hooks[i].needed) {
			weir_hooks_disarm(type);
			return err;
		}
	}
	return 0;
}

/* Whether a hook fired that ought to have. */
static int judge(struct weir_hook *h)
{
	WRITE_ONCE(h->error, READ_ONCE(weir_sites[h->site].fired) ? 0 : -EIO);
	if (h->error)
		pr_err("hook %s: registered, but it does not fire\n", h->function);
	return h->error;
}

static int judge_type(u32 type)
{
	int err = 0;
	u32 i;

	for (i = 0; i < WEIR_NHOOKS; i++) {
		struct weir_hook *h = &weir_hooks[i];

		/* Of those that use proves, only what is known to be silent: it may fire by now. */
		if (h->type != type || !h->on || (h->by_use && !h->error))
			continue;
		if (judge(h) && h->needed)
			err = -EIO;
	}
	return err;
}

int weir_hooks_claim(u32 n, u32 arming)
{
	struct weir_hook *h = &weir_hooks[n];

	if (!h->by_use)
		return -EINVAL;
	if (!h->on || weir_sites[h->site].arming != arming)
		return -ESTALE;
	return judge(h);
}

int weir_hooks_prove(u32 type, int (*prove)(void))
{
	int err;
	u32 i;

	if (!prove)
		return judge_type(type);
	for (i = 0; i < WEIR_NHOOKS; i++)
		if (weir_hooks[i].type == type && weir_hooks[i].on && !weir_hooks[i].by_use)
			WRITE_ONCE(weir_sites[weir_hooks[i].site].fired, false);
	WRITE_ONCE(weir_prover, current);
	err = prove();
	WRITE_ONCE(weir_prover, NULL);
	if (err) {
		pr_err("type %u: the hooks could not be tried out: error %d\n", type, err);
		return err;
	}
	return judge_type(type);
}

void weir_hooks_probe(void)
{
	u32 i, last;

	for (i = 0; i < WEIR_NHOOKS; i++) {
		weir_hooks[i].site = i;
		weir_hooks[i].next = WEIR_NHOOKS;
		for (last = 0; last < i; last++)
			if (!strcmp(weir_hooks[last].function, weir_hooks[i].function)) {
				weir_hooks[i].site = weir_hooks[last].site;
				weir_hooks[last].next = min(weir_hooks[last].next, i);
			}
	}
	/* Not registered, a filter only says what there is. What was freed stays in it. */
	memset(&ops, 0, sizeof(ops));
	for (i = 0; i < WEIR_NHOOKS; i++)
		weir_hooks[i].error = filter(&ops, "", weir_hooks[i].function, true);
	ftrace_free_filter(&ops);
}

static bool is_armed(u32 type)
{
	u32 i;

	for (i = 0; i < WEIR_NHOOKS; i++)
		if (weir_hooks[i].type == type && READ_ONCE(weir_hooks[i].on))
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
		if (weir_hooks[i].type != type)
			continue;
		if (!is_lost(&weir_hooks[i], armed)) {
			kept |= weir_hooks[i].fields;
			continue;
		}
		if (weir_hooks[i].needed)
			return ~0ull;
		lost |= weir_hooks[i].fields;
	}
	return lost & ~kept;
}

void weir_hooks_about(u32 n, struct weir_hook_about *out)
{
	const struct weir_hook *h = &weir_hooks[n];
	int cpu;

	*out = (struct weir_hook_about){
		.function = h->function,
		.type = h->type,
		.fields = h->fields,
		.needed = h->needed,
		.power = weir_hook_power(h),
		.by_use = h->by_use,
		.armed = READ_ONCE(h->on),
		.seen = READ_ONCE(h->on) && READ_ONCE(weir_sites[h->site].fired),
		.error = READ_ONCE(h->error),
		.arming = READ_ONCE(weir_sites[h->site].arming),
	};
	for_each_possible_cpu(cpu) {
		const struct weir_hook_stats *s = &per_cpu(weir_hook_stats, cpu)[n];

		out->calls += READ_ONCE(s->calls);
		out->denied += READ_ONCE(s->denied);
		out->killed += READ_ONCE(s->killed);
	}
}
