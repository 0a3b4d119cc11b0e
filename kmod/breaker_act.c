// SPDX-License-Identifier: GPL-2.0
/* What becomes of content that reached a limit of the breaker. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/printk.h>
#include <linux/uidgid.h>

#include "control.h"
#include "event.h"
#include "record_write.h"
#include "swap.h"

bool weir_breaker_is_open(const struct weir_content *ct)
{
	return ct && (test_bit(WEIR_CONTENT_BROKEN, &ct->flags) ||
		      test_bit(WEIR_CONTENT_HELD, &ct->flags));
}

static u32 policy(const struct weir_channel *ch)
{
	if (ch->trial)
		return WEIR_POLICY_LAST_GOOD;
	if (ch->limits.policy == WEIR_POLICY_LAST_GOOD && !ch->last_good)
		return WEIR_POLICY_AUDIT;
	return ch->limits.policy;
}

/* What comes of a limit that was reached. Returns enum weir_u_break_act. */
static u32 act(struct weir_channel *ch, struct weir_content *ct, const struct weir_break *why)
{
	if (policy(ch) == WEIR_POLICY_HOLD)
		return WEIR_ACT_HELD;
	if (!ch->trial && why->instance != WEIR_NOWHERE && ch->limits.policy != WEIR_POLICY_OFF &&
	    weir_breaker_mute(&ct->breaker, why->instance))
		return WEIR_ACT_MUTED;
	switch (policy(ch)) {
	case WEIR_POLICY_LAST_GOOD:
		weir_swap_out(ch, WEIR_QUARANTINE_BREAKER, WEIR_NOWHERE);
		return WEIR_ACT_LAST_GOOD;
	case WEIR_POLICY_OFF:
		ch->quarantined = WEIR_QUARANTINE_BREAKER;
		weir_life_step(ch, WEIR_LIFE_CLEAR, NULL);
		weir_swap_unshadow(ch);
		weir_record_store(ch->number, 0);
		return WEIR_ACT_OFF;
	default:
		WRITE_ONCE(ch->mode, WEIR_MODE_AUDIT);
		WRITE_ONCE(ch->flags, 0);
		return WEIR_ACT_AUDIT;
	}
}

static const char *const acts[] = {
	[WEIR_ACT_MUTED] = "the instance is muted",	    [WEIR_ACT_LAST_GOOD] = "it is out",
	[WEIR_ACT_AUDIT] = "the channel is in audit mode",  [WEIR_ACT_OFF] = "the channel is empty",
	[WEIR_ACT_HELD] = "nothing comes of it, by policy",
};

static void tell_break(const struct weir_content *ct, u32 act, const struct weir_break *why)
{
	struct weir_decision d = {
		.what = WEIR_DECIDED_BREAK, .value = act, .flags = why->cause, .ct = ct
	};
	struct weir_error err;

	weir_error_init(&err);
	err.instance = why->instance;
	d.err = &err;
	weir_decided(&d);
}

void weir_breaker_close(struct weir_channel *ch, struct weir_content *ct)
{
	struct weir_break why = weir_breaker_why(&ct->breaker);
	u64 version = ct->about.version;

	ch->broke.version = version;
	ch->broke.boottime = ktime_get_boottime_ns();
	ch->broke.cause = why.cause;
	ch->broke.instance = why.instance;
	ch->broke.counted = why.counted;
	ch->broke.breaks++;
	/* The reference keeps it until its bit is cleared. */
	refcount_inc(&ct->refs);
	ch->broke.act = act(ch, ct, &why);
	tell_break(ct, ch->broke.act, &why);
	pr_warn("channel %u: version %llu reached limit %u with %u verdicts, instance %d: %s\n",
		ch->number, version, why.cause, why.counted, (int)why.instance,
		acts[ch->broke.act]);
	weir_breaker_forget(&ct->breaker);
	clear_bit(WEIR_CONTENT_HELD, &ct->flags);
	/* Release: what was muted is. */
	clear_bit_unlock(WEIR_CONTENT_BROKEN, &ct->flags);
	weir_content_put(ct);
}

/* Content on trial is not held: there is something that was trusted before. */
static int broken_bit(const struct weir_channel *ch)
{
	if (READ_ONCE(ch->limits.policy) == WEIR_POLICY_HOLD && !READ_ONCE(ch->trial))
		return WEIR_CONTENT_HELD;
	return WEIR_CONTENT_BROKEN;
}

void weir_store_break(struct weir_channel *ch, struct weir_content *ct, u32 type,
		      const struct weir_hit *hit, pid_t pid)
{
	struct weir_break why = weir_breaker_count(ct, &ch->limits, hit);

	if (!why.cause)
		return;
	weir_record_break(ct, type, &why, pid);
	if (test_and_set_bit(broken_bit(ch), &ct->flags))
		return;
	schedule_work(&weir_store.quarantine);
}

/*
 * Who is hit: root, or the user who logged in, whatever ids they have by user namespaces and setuid
 * programs; or the user's id, if nobody logged in.
 */
static u32 user_hit(void)
{
	kuid_t login = audit_get_loginuid(current);

	if (uid_eq(current_uid(), GLOBAL_ROOT_UID))
		return 0;
	if (uid_valid(login) && !uid_eq(login, GLOBAL_ROOT_UID))
		return from_kuid(&init_user_ns, login);
	return from_kuid(&init_user_ns, current_uid());
}

void weir_store_applied(struct weir_channel *ch, struct weir_content *ct, u32 slot,
			const struct weir_capture *c, u32 instance, bool killed)
{
	const struct weir_hit hit = {
		.now = get_jiffies_64(),
		.type = slot,
		.instance = instance,
		.uid = user_hit(),
		.killed = killed,
	};

	weir_store_break(ch, ct, c->type, &hit, c->pid);
}
