// SPDX-License-Identifier: GPL-2.0
/* Hooks come and go: arming, whether they fire, what is lost without them. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "hooks_table.h"

/* Some hook on the function wants to say no. */
static bool site_denies(const struct weir_site *s)
{
	u32 i;

	for (i = s - weir_sites; i < WEIR_NHOOKS; i = weir_hooks[i].next)
		if (weir_hooks[i].power == WEIR_POWER_DENY)
			return true;
	return false;
}

static int site_filter(struct weir_site *s)
{
	char name[KSYM_NAME_LEN];
	int err;

	/*
	 * Anew each time, for what the ops hold is freed when the hook is removed. PERMANENT:
	 * sysctl kernel.ftrace_enabled=0 is refused instead of silently stopping the hooks.
	 */
	memset(s, 0, sizeof(*s));
	s->ops.func = weir_hook_dispatch;
	s->ops.flags = FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_PERMANENT;
	if (site_denies(s))
		s->ops.flags |= FTRACE_OPS_FL_IPMODIFY;
	/* It is split in place while it is parsed. */
	strscpy(name, weir_hooks[s - weir_sites].function, sizeof(name));
	err = ftrace_set_filter(&s->ops, name, strlen(name), 1);
	if (err)
		ftrace_free_filter(&s->ops);
	return err;
}

static int hook_on(struct weir_hook *h)
{
	struct weir_site *s = &weir_sites[h->site];
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
	struct weir_site *s = &weir_sites[h->site];

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
		if (weir_hooks[i].type == type)
			hook_off(&weir_hooks[i]);
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

static int judge(u32 type)
{
	int err = 0;
	u32 i;

	for (i = 0; i < WEIR_NHOOKS; i++) {
		struct weir_hook *h = &weir_hooks[i];

		if (h->type != type || !h->on || h->by_use)
			continue;
		WRITE_ONCE(h->error, READ_ONCE(weir_sites[h->site].fired) ? 0 : -EIO);
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
		if (weir_hooks[i].type == type && weir_hooks[i].on && !weir_hooks[i].by_use)
			WRITE_ONCE(weir_sites[weir_hooks[i].site].fired, false);
	WRITE_ONCE(weir_prover, current);
	err = prove();
	WRITE_ONCE(weir_prover, NULL);
	if (err) {
		pr_err("type %u: the hooks could not be tried out: error %d\n", type, err);
		return err;
	}
	return judge(type);
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
	for (i = 0; i < WEIR_NHOOKS; i++) {
		weir_hooks[i].error = site_filter(&weir_sites[weir_hooks[i].site]);
		if (!weir_hooks[i].error)
			ftrace_free_filter(&weir_sites[weir_hooks[i].site].ops);
	}
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
		if (!is_lost(&weir_hooks[i], armed))
			kept |= weir_hooks[i].fields;
		else if (weir_hooks[i].needed)
			return ~0ull;
		else
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
	};
	for_each_possible_cpu(cpu) {
		const struct weir_hook_stats *s = &per_cpu(weir_hook_stats, cpu)[n];

		out->calls += READ_ONCE(s->calls);
		out->denied += READ_ONCE(s->denied);
		out->killed += READ_ONCE(s->killed);
	}
}
