// SPDX-License-Identifier: GPL-2.0
/* Content that has to go: it tripped, failed its trial, or lacks what it needs. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>

#include "control.h"
#include "event.h"
#include "record_write.h"
#include "swap.h"
#include "trust.h"

static bool is_bad(const struct weir_content *ct)
{
	return ct && test_bit(WEIR_CONTENT_BAD, &ct->flags);
}

void weir_swap_out(struct weir_channel *ch, u32 why, u32 field)
{
	struct weir_error err;

	weir_error_init(&err);
	ch->quarantined = why;
	weir_decided_gone(WEIR_DECIDED_OUT, why, weir_active_of(ch), field);
	weir_swap_back(ch, true, &err);
}

void weir_swap_clean(struct weir_channel *ch)
{
	struct weir_content *ct = weir_active_of(ch);
	struct weir_content *shadow = weir_shadow_of(ch);

	/* A reader may still be evaluating what was replaced: what trips late is not good. */
	if (is_bad(ch->last_good)) {
		pr_warn("channel %u: version %llu tripped and is not kept\n", ch->number,
			ch->last_good->about.version);
		weir_decided_gone(WEIR_DECIDED_DROP, WEIR_QUARANTINE_TRIP, ch->last_good,
				  WEIR_NOWHERE);
		weir_life_step(ch, WEIR_LIFE_FORGET, NULL);
	}
	if (is_bad(shadow)) {
		pr_warn("channel %u: version %llu tripped in shadow and is out\n", ch->number,
			shadow->about.version);
		weir_decided_gone(WEIR_DECIDED_DROP, WEIR_QUARANTINE_TRIP, shadow, WEIR_NOWHERE);
		weir_swap_unshadow(ch);
	}
	/* Likewise for verdicts that are applied late: what is kept is not to come back open. */
	if (weir_breaker_is_open(ch->last_good)) {
		weir_breaker_forget(&ch->last_good->breaker);
		clear_bit(WEIR_CONTENT_BROKEN, &ch->last_good->flags);
		clear_bit(WEIR_CONTENT_HELD, &ch->last_good->flags);
	}
	if (weir_breaker_is_open(ct) && !is_bad(ct)) {
		weir_breaker_close(ch, ct);
		return;
	}
	if (!is_bad(ct))
		return;
	pr_warn("channel %u: version %llu tripped and is out: instance %d, field %d\n", ch->number,
		ct->about.version, (int)READ_ONCE(ch->trip_instance),
		(int)READ_ONCE(ch->trip_field));
	weir_swap_out(ch, WEIR_QUARANTINE_TRIP, WEIR_NOWHERE);
}

/* A field of a type that content reads although nothing fills it; its number is @field. */
static bool misses_field(const struct weir_content *ct, u32 *type, u32 *field)
{
	u64 missing;
	u32 i;

	for (i = 0; i < WEIR_NSLOTS; i++) {
		*type = weir_type_id(i);
		missing = ct->wanted[i] & ~weir_capture_provided(*type);
		*field = missing ? __ffs64(missing) : WEIR_NOWHERE;
		if (ct->uses & BIT_ULL(i) && missing)
			return true;
	}
	return false;
}

static void say_missing(const struct weir_channel *ch, const struct weir_content *ct, u32 type,
			u32 field)
{
	pr_warn("channel %u: version %llu is out: type %u does not provide field %u any more\n",
		ch->number, ct->about.version, type, field);
}

static void recheck(struct weir_channel *ch)
{
	struct weir_content *ct, *shadow;
	u32 type, field;

	weir_swap_clean(ch);
	ct = weir_active_of(ch);
	shadow = weir_shadow_of(ch);
	if (shadow && misses_field(shadow, &type, &field)) {
		say_missing(ch, shadow, type, field);
		weir_decided_gone(WEIR_DECIDED_DROP, WEIR_QUARANTINE_FIELD, shadow, field);
		weir_swap_unshadow(ch);
	}
	if (!ct || !misses_field(ct, &type, &field))
		return;
	say_missing(ch, ct, type, field);
	WRITE_ONCE(ch->trip_field, field);
	weir_swap_out(ch, WEIR_QUARANTINE_FIELD, field);
}

void weir_store_recheck(void)
{
	u32 i;

	lockdep_assert_held(&weir_store.lock);
	for (i = 0; i < weir_store.nchannels; i++)
		recheck(&weir_store.channel[i]);
	weir_swap_settle();
}

void weir_quarantine(struct work_struct *work)
{
	u32 i;

	mutex_lock(&weir_store.lock);
	for (i = 0; i < weir_store.nchannels; i++)
		weir_swap_clean(&weir_store.channel[i]);
	weir_swap_settle();
	mutex_unlock(&weir_store.lock);
}

/* What content has to leave all slots. */
struct banned {
	u32 why; /* enum weir_u_quarantine */
	u32 type; /* of TYPE: its slot, and what it is called */
	const char *name;
};

static bool uses_type(const struct weir_content *ct, const struct banned *b)
{
	if (!(ct->uses & BIT_ULL(b->type)))
		return false;
	pr_warn("channel %u: version %llu is out: Template Type %s is gone\n", ct->about.channel,
		ct->about.version, b->name);
	return true;
}

static bool is_revoked(const struct weir_content *ct)
{
	struct weir_error err;

	if (!weir_trust_permits(ct, &err))
		return false;
	pr_warn("channel %u: version %llu is out: %s\n", ct->about.channel, ct->about.version,
		weir_strerror(err.code));
	return true;
}

static bool is_banned(const struct weir_content *ct, const struct banned *b)
{
	return b->why == WEIR_QUARANTINE_TYPE ? uses_type(ct, b) : is_revoked(ct);
}

static bool leaves(const struct weir_channel *ch, const struct weir_content *ct,
		   const struct banned *b)
{
	if (!ct || !is_banned(ct, b))
		return false;
	if (ct != weir_active_of(ch))
		weir_decided_gone(WEIR_DECIDED_DROP, b->why, ct, WEIR_NOWHERE);
	return true;
}

static void ban(struct weir_channel *ch, const struct banned *b)
{
	weir_swap_clean(ch);
	if (leaves(ch, ch->candidate, b)) {
		weir_content_put(ch->candidate);
		ch->candidate = NULL;
	}
	if (leaves(ch, weir_shadow_of(ch), b))
		weir_swap_unshadow(ch);
	/* First, so that it does not take the place of active content that goes as well. */
	if (leaves(ch, ch->last_good, b))
		weir_life_step(ch, WEIR_LIFE_FORGET, NULL);
	if (leaves(ch, weir_active_of(ch), b))
		weir_swap_out(ch, b->why, WEIR_NOWHERE);
}

static void ban_all(const struct banned *b)
{
	u32 i;

	lockdep_assert_held(&weir_store.submit_lock);
	lockdep_assert_held(&weir_store.lock);
	for (i = 0; i < weir_store.nchannels; i++)
		ban(&weir_store.channel[i], b);
	weir_swap_settle();
}

void weir_store_forget(u32 type, const char *name)
{
	const struct banned b = { .why = WEIR_QUARANTINE_TYPE, .type = type, .name = name };

	ban_all(&b);
}

void weir_store_revoke(void)
{
	const struct banned b = { .why = WEIR_QUARANTINE_REVOKED };

	ban_all(&b);
}

static void blame(struct weir_content *ct, const struct weir_result *res)
{
	ct->blame.instance = res->trips ? res->trip_inst : res->fault_inst;
	ct->blame.field = res->trips ? res->trip_field : WEIR_NOWHERE;
	weir_who_runs(&ct->blame.who);
	/* Release: who finds it known finds all of it. */
	smp_store_release(&ct->blame.known, true);
}

void weir_store_trip(struct weir_channel *ch, struct weir_content *ct, u32 type,
		     const struct weir_result *res, pid_t pid)
{
	/* The first to trip speaks for all: others were under way when it was taken out. */
	if (test_and_set_bit(WEIR_CONTENT_BAD, &ct->flags))
		return;
	/* The channel tells of its active content; of what is in shadow the record does. */
	if (ct != rcu_access_pointer(ch->shadow)) {
		WRITE_ONCE(ch->trip_instance, res->trips ? res->trip_inst : res->fault_inst);
		WRITE_ONCE(ch->trip_field, res->trips ? res->trip_field : WEIR_NOWHERE);
	}
	blame(ct, res);
	weir_record_trip(ct, type, res, pid);
	schedule_work(&weir_store.quarantine);
}

static void say_failed(const struct weir_content *ct, const struct weir_u_trial *t)
{
	pr_warn("channel %u: version %llu failed its trial and is out\n", ct->about.channel,
		ct->about.version);
	pr_warn("channel %u: in a million events %llu matches, %llu verdicts; %llu steps each\n",
		ct->about.channel, t->matches_ppm, t->verdicts_ppm, t->mean_steps);
	if (t->unsound)
		pr_warn("channel %u: %llu events were not evaluated soundly\n", ct->about.channel,
			t->unsound);
}

static void judge_active(struct weir_channel *ch)
{
	struct weir_content *ct = weir_active_of(ch);
	struct weir_u_trial now;

	switch (weir_trial_judge(ct, &now)) {
	case WEIR_TRIAL_PASSED:
		weir_life_step(ch, WEIR_LIFE_PASS, NULL);
		weir_record_store(ch->number, ct->about.version);
		weir_decided(&(struct weir_decision){
			.what = WEIR_DECIDED_STAGE, .value = WEIR_STAGE_TRUSTED, .ct = ct });
		break;
	case WEIR_TRIAL_FAILED:
		say_failed(ct, &now);
		weir_swap_out(ch, WEIR_QUARANTINE_TRIAL, WEIR_NOWHERE);
		break;
	}
}

static void judge_shadow(struct weir_channel *ch)
{
	struct weir_content *ct = weir_shadow_of(ch);
	const struct weir_trial trial = ct->trial;
	struct weir_u_trial now;
	struct weir_error err;

	weir_error_init(&err);
	switch (weir_trial_judge(ct, &now)) {
	case WEIR_TRIAL_PASSED:
		/* If a hook cannot be armed now, perhaps it can in a second. */
		weir_swap_stage(ch, ct->about.version, WEIR_STAGE_PROBATION, &trial, &err);
		break;
	case WEIR_TRIAL_FAILED:
		say_failed(ct, &now);
		weir_decided_gone(WEIR_DECIDED_DROP, WEIR_QUARANTINE_TRIAL, ct, WEIR_NOWHERE);
		weir_swap_unshadow(ch);
		break;
	}
}

/* Returns whether there is something to look at again. */
static bool judge(struct weir_channel *ch)
{
	bool on = ch->limits.steps;
	struct weir_content *ct;

	weir_swap_clean(ch);
	weir_breaker_look(ch);
	ct = weir_active_of(ch);
	if (ct && ch->trial && ct->trial.flags & WEIR_STAGE_AUTO) {
		judge_active(ch);
		on = true;
	}
	ct = weir_shadow_of(ch);
	if (ct && ct->trial.flags & WEIR_STAGE_AUTO) {
		judge_shadow(ch);
		on = true;
	}
	return on;
}

static void judge_all(struct work_struct *unused);
static DECLARE_DELAYED_WORK(trials, judge_all);

static void judge_all(struct work_struct *unused)
{
	bool on = false;
	u32 i;

	mutex_lock(&weir_store.lock);
	for (i = 0; i < weir_store.nchannels; i++)
		on |= judge(&weir_store.channel[i]);
	weir_swap_settle();
	mutex_unlock(&weir_store.lock);
	if (on)
		weir_trials_start();
}

void weir_trials_start(void)
{
	queue_delayed_work(system_wq, &trials, HZ);
}

void weir_trials_stop(void)
{
	cancel_delayed_work_sync(&trials);
}
