// SPDX-License-Identifier: GPL-2.0
/* What is evaluated: stages, rollback, unloading, and arming what evaluated content wants. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/printk.h>

#include "event.h"
#include "record_write.h"
#include "selfcheck.h"
#include "swap.h"

u64 weir_store_wanted(u32 type)
{
	int i = weir_type_index(type);

	return i < 0 ? 0 : READ_ONCE(weir_store.wanted[i]);
}

/* Fields of a type that content reads; @used if it has instances of it. */
static u64 wanted_by(const struct weir_content *ct, int type, bool *used)
{
	if (!ct || !(ct->uses & BIT_ULL(type)))
		return 0;
	*used = true;
	return ct->wanted[type];
}

static u64 wanted_by_all(int type, bool *used)
{
	u64 wanted = 0;
	u32 i;

	*used = false;
	for (i = 0; i < weir_store.nchannels; i++) {
		wanted |= wanted_by(weir_active_of(&weir_store.channel[i]), type, used);
		wanted |= wanted_by(weir_shadow_of(&weir_store.channel[i]), type, used);
	}
	return wanted;
}

void weir_swap_settle(void)
{
	bool used;
	int i;

	lockdep_assert_held(&weir_store.lock);
	for (i = 0; i < WEIR_NSLOTS; i++) {
		WRITE_ONCE(weir_store.wanted[i], wanted_by_all(i, &used));
		if (!used && weir_capture_armed(weir_type_id(i)))
			weir_capture_arm(weir_type_id(i), false);
	}
}

static int arm_type(const struct weir_content *ct, int type, struct weir_error *err)
{
	u32 id = weir_type_id(type);
	u64 missing;

	WRITE_ONCE(weir_store.wanted[type], weir_store.wanted[type] | ct->wanted[type]);
	if (weir_capture_arm(id, true)) {
		err->code = WEIR_E_NOT_ARMED;
		err->type = id;
		return -EBUSY;
	}
	/* Only now is it known which fields its hooks really provide. */
	missing = ct->wanted[type] & ~weir_capture_provided(id);
	if (missing) {
		err->code = WEIR_E_NOT_PROVIDED;
		err->type = id;
		err->field = __ffs64(missing);
		return -EBUSY;
	}
	return 0;
}

static int arm_for(const struct weir_content *ct, struct weir_error *err)
{
	int i, ret;

	lockdep_assert_held(&weir_store.lock);
	for (i = 0; i < WEIR_NSLOTS; i++) {
		if (!(ct->uses & BIT_ULL(i)))
			continue;
		ret = arm_type(ct, i, err);
		if (ret) {
			weir_swap_settle();
			return ret;
		}
	}
	return 0;
}

/* Content took the active slot, or last-good came back to it. */
static void changed(struct weir_channel *ch)
{
	struct weir_content *ct = weir_active_of(ch);

	weir_swap_settle();
	if (ct)
		weir_selfcheck_start();
	weir_record_store(ch->number, ct ? ct->about.version : 0);
}

/*
 * Make content active, whose reference the caller gives away. It is newer than what is in shadow,
 * which is not to take its place some day.
 */
static int take_in(struct weir_channel *ch, enum weir_life_event event, struct weir_content *ct)
{
	int ret = weir_life_step(ch, event, ct);

	if (WARN_ON_ONCE(ret))
		return ret;
	weir_swap_unshadow(ch);
	ch->quarantined = WEIR_QUARANTINE_NONE;
	WRITE_ONCE(ch->trip_instance, WEIR_NOWHERE);
	WRITE_ONCE(ch->trip_field, WEIR_NOWHERE);
	changed(ch);
	return 0;
}

static int has_version(const struct weir_content *ct, u64 version, struct weir_error *err)
{
	if (!ct)
		return -ENOENT;
	if (ct->about.version == version)
		return 0;
	err->code = WEIR_E_OLD_VERSION;
	return -ESTALE;
}

static int activate(struct weir_channel *ch, u64 version, struct weir_error *err)
{
	struct weir_content *ct = ch->candidate;
	int ret = has_version(ct, version, err) ?: arm_for(ct, err);

	if (ret)
		return ret;
	ch->candidate = NULL;
	ret = take_in(ch, WEIR_LIFE_TRUST, ct);
	if (!ret)
		weir_decided(&(struct weir_decision){ .what = WEIR_DECIDED_ACTIVATE, .ct = ct });
	return ret;
}

int weir_store_activate(u32 channel, u64 version, struct weir_error *err)
{
	struct weir_channel *ch = weir_store_find(channel);
	int ret;

	if (!ch)
		return -ENOENT;
	mutex_lock(&weir_store.lock);
	weir_swap_clean(ch);
	ret = activate(ch, version, err);
	mutex_unlock(&weir_store.lock);
	return ret;
}

static int to_shadow(struct weir_channel *ch, u64 version, const struct weir_trial *trial,
		     struct weir_error *err)
{
	struct weir_content *ct = ch->candidate, *old = weir_shadow_of(ch);
	int ret = has_version(ct, version, err) ?: arm_for(ct, err);

	if (ret)
		return ret;
	ch->candidate = NULL;
	weir_trial_begin(ct, trial);
	rcu_assign_pointer(ch->shadow, ct);
	weir_content_put(old);
	weir_swap_settle();
	weir_selfcheck_start();
	weir_trials_start();
	return 0;
}

static int judged(const struct weir_content *ct)
{
	struct weir_u_trial now;

	switch (weir_trial_judge(ct, &now)) {
	case WEIR_TRIAL_PASSED:
		return 0;
	case WEIR_TRIAL_FAILED:
		return -ECANCELED;
	default:
		return -EAGAIN;
	}
}

/* From the shadow, if that is where this version is; else the candidate. */
static int to_probation(struct weir_channel *ch, u64 version, const struct weir_trial *trial,
			struct weir_error *err)
{
	struct weir_content *ct = weir_shadow_of(ch);
	bool rehearsed = ct && ct->about.version == version;
	int ret;

	if (!rehearsed)
		ct = ch->candidate;
	ret = has_version(ct, version, err) ?: rehearsed ? judged(ct) : 0;
	ret = ret ?: arm_for(ct, err);
	if (ret)
		return ret;
	/* The slot's reference goes along. */
	if (rehearsed)
		RCU_INIT_POINTER(ch->shadow, NULL);
	else
		ch->candidate = NULL;
	weir_trial_begin(ct, trial);
	weir_trials_start();
	return take_in(ch, WEIR_LIFE_TRY, ct);
}

static int to_trusted(struct weir_channel *ch, u64 version, struct weir_error *err)
{
	struct weir_content *ct = weir_active_of(ch);
	int ret;

	if (!weir_life_may(ch, WEIR_LIFE_PASS))
		return -ENOENT;
	ret = has_version(ct, version, err) ?: judged(ct);
	if (ret)
		return ret;
	ret = weir_life_step(ch, WEIR_LIFE_PASS, NULL);
	weir_record_store(ch->number, version);
	return ret;
}

static int to_stage(struct weir_channel *ch, u64 version, u32 to, const struct weir_trial *trial,
		    struct weir_error *err)
{
	switch (to) {
	case WEIR_STAGE_SHADOW:
		return to_shadow(ch, version, trial, err);
	case WEIR_STAGE_PROBATION:
		return to_probation(ch, version, trial, err);
	default:
		return to_trusted(ch, version, err);
	}
}

int weir_swap_stage(struct weir_channel *ch, u64 version, u32 to, const struct weir_trial *trial,
		    struct weir_error *err)
{
	int ret = to_stage(ch, version, to, trial, err);
	struct weir_decision d = { .what = WEIR_DECIDED_STAGE, .value = to };

	lockdep_assert_held(&weir_store.lock);
	if (ret)
		return ret;
	d.ct = to == WEIR_STAGE_SHADOW ? weir_shadow_of(ch) : weir_active_of(ch);
	weir_decided(&d);
	return 0;
}

int weir_store_stage(u32 channel, u64 version, u32 to, const struct weir_trial *trial,
		     struct weir_error *err)
{
	struct weir_channel *ch = weir_store_find(channel);
	int ret;

	if (!ch)
		return -ENOENT;
	mutex_lock(&weir_store.lock);
	weir_swap_clean(ch);
	ret = weir_swap_stage(ch, version, to, trial, err);
	mutex_unlock(&weir_store.lock);
	return ret;
}

int weir_swap_back(struct weir_channel *ch, bool force, struct weir_error *err)
{
	int ret = ch->last_good ? arm_for(ch->last_good, err) : 0;
	struct weir_decision d = { .what = WEIR_DECIDED_BACK };

	lockdep_assert_held(&weir_store.lock);
	if (ret && !force)
		return ret;
	if (ret) {
		pr_warn("channel %u: version %llu is not kept: what it needs cannot be armed\n",
			ch->number, ch->last_good->about.version);
		weir_decided_gone(WEIR_DECIDED_DROP, WEIR_QUARANTINE_FIELD, ch->last_good,
				  err->field);
		weir_life_step(ch, WEIR_LIFE_FORGET, NULL);
	}
	if (!weir_life_may(ch, WEIR_LIFE_BACK))
		return -ENOENT;
	ret = weir_life_step(ch, WEIR_LIFE_BACK, NULL);
	changed(ch);
	d.ct = weir_active_of(ch);
	if (d.ct)
		weir_decided(&d);
	return ret;
}

static int rollback(struct weir_channel *ch, u64 version, struct weir_error *err)
{
	const struct weir_content *shadow = weir_shadow_of(ch);

	if (shadow && shadow->about.version == version) {
		weir_swap_unshadow(ch);
		weir_swap_settle();
		return 0;
	}
	return has_version(weir_active_of(ch), version, err) ?: weir_swap_back(ch, false, err);
}

int weir_store_rollback(u32 channel, u64 version, struct weir_error *err)
{
	struct weir_channel *ch = weir_store_find(channel);
	int ret;

	if (!ch)
		return -ENOENT;
	mutex_lock(&weir_store.lock);
	weir_swap_clean(ch);
	ret = rollback(ch, version, err);
	mutex_unlock(&weir_store.lock);
	return ret;
}

void weir_swap_unshadow(struct weir_channel *ch)
{
	struct weir_content *ct = weir_shadow_of(ch);

	RCU_INIT_POINTER(ch->shadow, NULL);
	weir_content_put(ct);
}

static void empty_slots(struct weir_channel *ch)
{
	weir_life_step(ch, WEIR_LIFE_CLEAR, NULL);
	weir_swap_unshadow(ch);
	weir_content_put(ch->candidate);
	ch->candidate = NULL;
}

int weir_store_unload(u32 channel)
{
	struct weir_channel *ch = weir_store_find(channel);

	if (!ch)
		return -ENOENT;
	mutex_lock(&weir_store.lock);
	empty_slots(ch);
	/* What is loaded next may be about something else: nobody asked for that to be enforced. */
	WRITE_ONCE(ch->mode, WEIR_MODE_AUDIT);
	WRITE_ONCE(ch->flags, 0);
	ch->broke.withdrawn = 0;
	weir_swap_settle();
	weir_record_store(channel, 0);
	mutex_unlock(&weir_store.lock);
	return 0;
}

/* The module goes: the audit log is all that is left to tell. */
static void leave(struct weir_channel *ch)
{
	struct weir_decision d = { .what = WEIR_DECIDED_UNLOAD, .ct = weir_active_of(ch) };

	if (d.ct)
		weir_decided(&d);
	empty_slots(ch);
}

void weir_swap_exit(void)
{
	u32 i;

	mutex_lock(&weir_store.lock);
	for (i = 0; i < weir_store.nchannels; i++)
		leave(&weir_store.channel[i]);
	weir_swap_settle();
	mutex_unlock(&weir_store.lock);
	/* No hook runs any more, so nothing queues it again. */
	cancel_work_sync(&weir_store.quarantine);
	weir_trials_stop();
	weir_selfcheck_stop();
}
