// SPDX-License-Identifier: GPL-2.0
/* Content that has to go: it tripped, failed its trial, or lacks what it needs. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>

#include "control.h"
#include "event.h"
#include "record_write.h"
#include "swap.h"

static bool is_bad(const struct weir_content *ct)
{
	return ct && test_bit(WEIR_CONTENT_BAD, &ct->flags);
}

/* The active content goes, whatever becomes of last-good. */
static void take_out(struct weir_channel *ch, u32 why)
{
	struct weir_error err;

	weir_error_init(&err);
	ch->quarantined = why;
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
		weir_life_step(ch, WEIR_LIFE_FORGET, NULL);
	}
	if (is_bad(shadow)) {
		pr_warn("channel %u: version %llu tripped in shadow and is out\n", ch->number,
			shadow->about.version);
		weir_swap_unshadow(ch);
	}
	if (!is_bad(ct))
		return;
	pr_warn("channel %u: version %llu tripped and is out: instance %d, field %d\n", ch->number,
		ct->about.version, (int)READ_ONCE(ch->trip_instance),
		(int)READ_ONCE(ch->trip_field));
	take_out(ch, WEIR_QUARANTINE_TRIP);
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
		weir_swap_unshadow(ch);
	}
	if (!ct || !misses_field(ct, &type, &field))
		return;
	say_missing(ch, ct, type, field);
	WRITE_ONCE(ch->trip_field, field);
	take_out(ch, WEIR_QUARANTINE_FIELD);
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

static bool leaves(const struct weir_channel *ch, const struct weir_content *ct, u32 type,
		   const char *name)
{
	if (!ct || !(ct->uses & BIT_ULL(type)))
		return false;
	pr_warn("channel %u: version %llu is out: Template Type %s is gone\n", ch->number,
		ct->about.version, name);
	return true;
}

static void forget(struct weir_channel *ch, u32 type, const char *name)
{
	weir_swap_clean(ch);
	if (leaves(ch, ch->candidate, type, name)) {
		weir_content_put(ch->candidate);
		ch->candidate = NULL;
	}
	if (leaves(ch, weir_shadow_of(ch), type, name))
		weir_swap_unshadow(ch);
	if (leaves(ch, ch->last_good, type, name))
		weir_life_step(ch, WEIR_LIFE_FORGET, NULL);
	if (leaves(ch, weir_active_of(ch), type, name))
		take_out(ch, WEIR_QUARANTINE_TYPE);
}

void weir_store_forget(u32 type, const char *name)
{
	u32 i;

	lockdep_assert_held(&weir_store.submit_lock);
	lockdep_assert_held(&weir_store.lock);
	for (i = 0; i < weir_store.nchannels; i++)
		forget(&weir_store.channel[i], type, name);
	weir_swap_settle();
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
		break;
	case WEIR_TRIAL_FAILED:
		say_failed(ct, &now);
		take_out(ch, WEIR_QUARANTINE_TRIAL);
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
		weir_swap_unshadow(ch);
		break;
	}
}

/* Returns whether a trial goes on that is judged here. */
static bool judge(struct weir_channel *ch)
{
	struct weir_content *ct;
	bool on = false;

	weir_swap_clean(ch);
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
