// SPDX-License-Identifier: GPL-2.0
/* What is evaluated: activation, unloading, quarantine, and arming what active content wants. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/printk.h>

#include "event.h"
#include "record_write.h"
#include "selfcheck.h"
#include "store.h"

static struct weir_content *active_of(struct weir_channel *ch)
{
	return rcu_dereference_protected(ch->active, lockdep_is_held(&weir_store.lock));
}

static bool is_bad(const struct weir_content *ct)
{
	return ct && test_bit(WEIR_CONTENT_BAD, &ct->flags);
}

u64 weir_store_wanted(u32 type)
{
	int i = weir_type_index(type);

	return i < 0 ? 0 : READ_ONCE(weir_store.wanted[i]);
}

/* Fields of a type that active content reads, and, in @used, whether any has instances of it. */
static u64 wanted_by_active(int type, bool *used)
{
	struct weir_content *ct;
	u64 wanted = 0;
	u32 i;

	*used = false;
	for (i = 0; i < weir_store.nchannels; i++) {
		ct = active_of(&weir_store.channel[i]);
		if (!ct || !(ct->uses & BIT_ULL(type)))
			continue;
		wanted |= ct->wanted[type];
		*used = true;
	}
	return wanted;
}

/* Bring what is wanted and armed down to what active content needs. */
static void settle(void)
{
	bool used;
	int i;

	lockdep_assert_held(&weir_store.lock);
	for (i = 0; i < WEIR_NSLOTS; i++) {
		WRITE_ONCE(weir_store.wanted[i], wanted_by_active(i, &used));
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
			settle();
			return ret;
		}
	}
	return 0;
}

static void promote(struct weir_channel *ch)
{
	struct weir_content *old = active_of(ch);

	rcu_assign_pointer(ch->active, ch->candidate);
	ch->candidate = NULL;
	ch->quarantined = WEIR_QUARANTINE_NONE;
	WRITE_ONCE(ch->trip_instance, WEIR_NOWHERE);
	WRITE_ONCE(ch->trip_field, WEIR_NOWHERE);
	if (!old)
		return;
	if (is_bad(old)) {
		weir_content_put(old);
		return;
	}
	weir_content_put(ch->last_good);
	ch->last_good = old;
}

static int activate(u32 channel, u64 version, struct weir_error *err)
{
	struct weir_channel *ch = weir_store_find(channel);
	int ret;

	lockdep_assert_held(&weir_store.lock);
	if (!ch || !ch->candidate)
		return -ENOENT;
	if (ch->candidate->about.version != version) {
		err->code = WEIR_E_OLD_VERSION;
		return -ESTALE;
	}
	ret = arm_for(ch->candidate, err);
	if (ret)
		return ret;
	promote(ch);
	settle();
	weir_selfcheck_start();
	weir_record_store(channel, version);
	return 0;
}

int weir_store_activate(u32 channel, u64 version, struct weir_error *err)
{
	int ret;

	mutex_lock(&weir_store.lock);
	ret = activate(channel, version, err);
	mutex_unlock(&weir_store.lock);
	return ret;
}

static void empty_slots(struct weir_channel *ch)
{
	struct weir_content *old = active_of(ch);

	RCU_INIT_POINTER(ch->active, NULL);
	weir_content_put(old);
	weir_content_put(ch->candidate);
	weir_content_put(ch->last_good);
	ch->candidate = NULL;
	ch->last_good = NULL;
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
	settle();
	weir_record_store(channel, 0);
	mutex_unlock(&weir_store.lock);
	return 0;
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

static void recheck(struct weir_channel *ch)
{
	struct weir_content *ct = active_of(ch);
	u32 type, field;

	if (!ct || !misses_field(ct, &type, &field))
		return;
	RCU_INIT_POINTER(ch->active, NULL);
	ch->quarantined = WEIR_QUARANTINE_FIELD;
	WRITE_ONCE(ch->trip_field, field);
	pr_warn("channel %u: version %llu is out: type %u does not provide field %u any more\n",
		ch->number, ct->about.version, type, field);
	weir_content_put(ct);
	weir_record_store(ch->number, 0);
}

void weir_store_recheck(void)
{
	u32 i;

	lockdep_assert_held(&weir_store.lock);
	for (i = 0; i < weir_store.nchannels; i++)
		recheck(&weir_store.channel[i]);
	settle();
}

static void quarantine(struct weir_channel *ch)
{
	struct weir_content *ct = active_of(ch);

	/* A reader may still be evaluating what was replaced: what trips late is not good. */
	if (is_bad(ch->last_good)) {
		pr_warn("channel %u: version %llu tripped and is not kept\n", ch->number,
			ch->last_good->about.version);
		weir_content_put(ch->last_good);
		ch->last_good = NULL;
	}
	if (!is_bad(ct))
		return;
	RCU_INIT_POINTER(ch->active, NULL);
	ch->quarantined = WEIR_QUARANTINE_TRIP;
	pr_warn("channel %u: version %llu tripped and is out: instance %d, field %d\n", ch->number,
		ct->about.version, (int)READ_ONCE(ch->trip_instance),
		(int)READ_ONCE(ch->trip_field));
	weir_content_put(ct);
	weir_record_store(ch->number, 0);
}

void weir_quarantine(struct work_struct *work)
{
	u32 i;

	mutex_lock(&weir_store.lock);
	for (i = 0; i < weir_store.nchannels; i++)
		quarantine(&weir_store.channel[i]);
	settle();
	mutex_unlock(&weir_store.lock);
}

/* What leaves a slot because of a type, or NULL; the slot is the caller's to empty. */
static struct weir_content *leaver(struct weir_channel *ch, struct weir_content *ct, u32 type,
				   const char *name)
{
	if (!ct || !(ct->uses & BIT_ULL(type)))
		return NULL;
	pr_warn("channel %u: version %llu is out: Template Type %s is gone\n", ch->number,
		ct->about.version, name);
	return ct;
}

static void forget(struct weir_channel *ch, u32 type, const char *name)
{
	struct weir_content *active = leaver(ch, active_of(ch), type, name);
	struct weir_content *candidate = leaver(ch, ch->candidate, type, name);
	struct weir_content *last_good = leaver(ch, ch->last_good, type, name);

	if (candidate)
		ch->candidate = NULL;
	if (last_good)
		ch->last_good = NULL;
	if (active) {
		RCU_INIT_POINTER(ch->active, NULL);
		ch->quarantined = WEIR_QUARANTINE_TYPE;
		weir_record_store(ch->number, 0);
	}
	weir_content_put(active);
	weir_content_put(candidate);
	weir_content_put(last_good);
}

void weir_store_forget(u32 type, const char *name)
{
	u32 i;

	lockdep_assert_held(&weir_store.submit_lock);
	lockdep_assert_held(&weir_store.lock);
	for (i = 0; i < weir_store.nchannels; i++)
		forget(&weir_store.channel[i], type, name);
	settle();
}

void weir_store_trip(struct weir_channel *ch, struct weir_content *ct, u32 type,
		     const struct weir_result *res, pid_t pid)
{
	/* The first to trip speaks for all: others were under way when it was taken out. */
	if (test_and_set_bit(WEIR_CONTENT_BAD, &ct->flags))
		return;
	WRITE_ONCE(ch->trip_instance, res->trips ? res->trip_inst : res->fault_inst);
	WRITE_ONCE(ch->trip_field, res->trips ? res->trip_field : WEIR_NOWHERE);
	weir_record_trip(ct, type, res, pid);
	schedule_work(&weir_store.quarantine);
}

void weir_swap_exit(void)
{
	u32 i;

	mutex_lock(&weir_store.lock);
	for (i = 0; i < weir_store.nchannels; i++)
		empty_slots(&weir_store.channel[i]);
	settle();
	mutex_unlock(&weir_store.lock);
	/* No hook runs any more, so nothing queues it again. */
	cancel_work_sync(&weir_store.quarantine);
	weir_selfcheck_stop();
}
