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

bool weir_breaker_is_open(struct weir_content *ct)
{
	return ct && (test_bit(WEIR_CONTENT_BROKEN, &ct->flags) ||
		      test_bit(WEIR_CONTENT_HELD, &ct->flags) || weir_breaker_waits(&ct->breaker));
}

static u32 policy(const struct weir_channel *ch)
{
	if (ch->trial)
		return WEIR_POLICY_LAST_GOOD;
	if (ch->limits.policy == WEIR_POLICY_LAST_GOOD && !ch->last_good)
		return WEIR_POLICY_AUDIT;
	return ch->limits.policy;
}

/* The instance to blame can be taken out alone. That it is muted makes it no cheaper. */
static bool mutes(const struct weir_channel *ch, struct weir_content *ct,
		  const struct weir_break *why)
{
	return !ch->trial && why->instance != WEIR_NOWHERE && why->cause != WEIR_BREAK_STEPS &&
	       ch->limits.policy != WEIR_POLICY_OFF &&
	       weir_breaker_mute(&ct->breaker, why->instance);
}

/* What comes of a limit that was reached. Returns enum weir_u_break_act. */
static u32 act(struct weir_channel *ch, struct weir_content *ct, const struct weir_break *why)
{
	if (why->cause == WEIR_BREAK_MATCHES && !ch->trial)
		return WEIR_ACT_QUIET;
	/* Without its verdicts it would cost the same. */
	if (policy(ch) == WEIR_POLICY_HOLD ||
	    (policy(ch) == WEIR_POLICY_AUDIT && why->cause == WEIR_BREAK_STEPS))
		return WEIR_ACT_HELD;
	if (mutes(ch, ct, why))
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
		ch->broke.withdrawn = 1;
		return WEIR_ACT_OFF;
	default:
		WRITE_ONCE(ch->mode, WEIR_MODE_AUDIT);
		WRITE_ONCE(ch->flags, 0);
		ch->broke.withdrawn = 1;
		return WEIR_ACT_AUDIT;
	}
}

static const char *const acts[] = {
	[WEIR_ACT_MUTED] = "the instance is muted",
	[WEIR_ACT_LAST_GOOD] = "it is out",
	[WEIR_ACT_AUDIT] = "the channel is in audit mode",
	[WEIR_ACT_OFF] = "the channel is empty",
	[WEIR_ACT_HELD] = "nothing comes of it, by policy",
	[WEIR_ACT_QUIET] = "not all is recorded",
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

/* The caller has a reference to @ct, which may lose its slot. */
static void decide(struct weir_channel *ch, struct weir_content *ct, const struct weir_break *why)
{
	ch->broke.version = ct->about.version;
	ch->broke.boottime = ktime_get_boottime_ns();
	ch->broke.cause = why->cause;
	ch->broke.instance = why->instance;
	ch->broke.counted = why->counted;
	ch->broke.breaks++;
	ch->broke.act = act(ch, ct, why);
	if (ch->broke.act == WEIR_ACT_HELD &&
	    !weir_breaker_tells(&ct->breaker.held, get_jiffies_64()))
		return;
	/* What goes on as before goes on being counted. */
	if (ch->broke.act != WEIR_ACT_HELD && ch->broke.act != WEIR_ACT_QUIET)
		weir_breaker_renew(&ct->breaker);
	tell_break(ct, ch->broke.act, why);
	pr_warn("channel %u: version %llu reached limit %u with %u, instance %d: %s\n", ch->number,
		ct->about.version, why->cause, why->counted, (int)why->instance,
		acts[ch->broke.act]);
}

void weir_breaker_look(struct weir_channel *ch)
{
	struct weir_content *ct = weir_active_of(ch);
	struct weir_break why;

	if (!ct || !ch->limits.steps)
		return;
	why = weir_breaker_cost(ct, ch->limits.steps, get_jiffies_64());
	if (!why.cause)
		return;
	preempt_disable();
	weir_record_break(ct, WEIR_NOWHERE, &why, 0);
	preempt_enable();
	refcount_inc(&ct->refs);
	decide(ch, ct, &why);
	weir_content_put(ct);
}

void weir_breaker_close(struct weir_channel *ch, struct weir_content *ct)
{
	const struct weir_break why = weir_breaker_take(&ct->breaker);

	/* The reference keeps it until its bit is cleared. */
	refcount_inc(&ct->refs);
	/* A hook may set the bit after what it is about was taken. */
	if (why.cause)
		decide(ch, ct, &why);
	clear_bit(WEIR_CONTENT_HELD, &ct->flags);
	/* Release: what was muted is. */
	clear_bit_unlock(WEIR_CONTENT_BROKEN, &ct->flags);
	/* Or it found the bit set still, and leaves what it is about to the next run. */
	smp_mb__after_atomic();
	if (weir_breaker_waits(&ct->breaker))
		schedule_work(&weir_store.quarantine);
	weir_content_put(ct);
}

/* Content on trial is not held: there is something that was trusted before. */
static int broken_bit(const struct weir_channel *ch, const struct weir_break *why)
{
	if (!READ_ONCE(ch->trial) &&
	    (READ_ONCE(ch->limits.policy) == WEIR_POLICY_HOLD || why->cause == WEIR_BREAK_MATCHES))
		return WEIR_CONTENT_HELD;
	return WEIR_CONTENT_BROKEN;
}

static void broke(const struct weir_channel *ch, struct weir_content *ct, u32 type,
		  const struct weir_break *why, pid_t pid)
{
	weir_record_break(ct, type, why, pid);
	if (!test_and_set_bit(broken_bit(ch, why), &ct->flags))
		schedule_work(&weir_store.quarantine);
}

void weir_store_break(struct weir_channel *ch, struct weir_content *ct, u32 type,
		      const struct weir_hit *hit, pid_t pid)
{
	struct weir_break why = weir_breaker_count(ct, &ch->limits, hit);

	if (why.cause)
		broke(ch, ct, type, &why, pid);
}

bool weir_store_records(struct weir_channel *ch, struct weir_content *ct,
			const struct weir_capture *c, u32 instance, bool applied)
{
	u32 limit = READ_ONCE(ch->limits.matches);
	struct weir_break why;
	bool keep;

	if (!limit)
		return true;
	keep = weir_breaker_match(ct, limit, get_jiffies_64(), instance, applied, &why);
	/* What is in shadow is for its trial to judge. */
	if (why.cause && ct != rcu_access_pointer(ch->shadow)) {
		weir_breaker_stormed(&ct->breaker, &why);
		broke(ch, ct, c->type, &why, c->pid);
	}
	return keep;
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
