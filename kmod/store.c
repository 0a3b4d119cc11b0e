// SPDX-License-Identifier: GPL-2.0
/* Channels: finding, making and describing them. */
#include <linux/cpumask.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "swap.h"

struct weir_store weir_store;

static const struct weir_u_limits usual_limits = {
	.policy = WEIR_POLICY_LAST_GOOD,
	.rate = 20,
	.share = 50,
	.share_least = 5,
	.kills = 5,
	.matches = 5000,
};

int weir_store_init(void)
{
	mutex_init(&weir_store.lock);
	mutex_init(&weir_store.submit_lock);
	INIT_WORK(&weir_store.quarantine, weir_quarantine);
	return weir_content_init();
}

void weir_store_exit(void)
{
	u32 i;

	weir_swap_exit();
	weir_content_exit();
	for (i = 0; i < weir_store.nchannels; i++)
		free_percpu(weir_store.channel[i].stats);
	/* A test starts and stops the store more than once. */
	memset(weir_store.channel, 0, sizeof(weir_store.channel));
	weir_store.nchannels = 0;
	mutex_destroy(&weir_store.submit_lock);
	mutex_destroy(&weir_store.lock);
}

struct weir_channel *weir_store_find(u32 channel)
{
	/* Acquire: pairs with channel_make(). */
	u32 n = smp_load_acquire(&weir_store.nchannels);
	u32 i;

	for (i = 0; i < n; i++)
		if (weir_store.channel[i].number == channel)
			return &weir_store.channel[i];
	return NULL;
}

static struct weir_channel *channel_make(u32 number)
{
	u32 n = weir_store.nchannels;
	struct weir_channel *ch = &weir_store.channel[n];

	lockdep_assert_held(&weir_store.lock);
	ch->stats = alloc_percpu(struct weir_channel_stats);
	if (!ch->stats)
		return NULL;
	ch->number = number;
	ch->mode = WEIR_MODE_AUDIT;
	ch->trip_instance = WEIR_NOWHERE;
	ch->trip_field = WEIR_NOWHERE;
	ch->limits = usual_limits;
	ch->broke.instance = WEIR_NOWHERE;
	/* Release: hooks that see the count see a complete channel. */
	smp_store_release(&weir_store.nchannels, n + 1);
	return ch;
}

static void channel_name(struct weir_channel *ch, const struct weir_about *about)
{
	size_t n = min_t(size_t, about->name_len, sizeof(ch->name) - 1);

	memset(ch->name, 0, sizeof(ch->name));
	memcpy(ch->name, about->name, n);
}

int weir_store_offer(struct weir_content *ct)
{
	struct weir_channel *ch;
	int ret = 0;

	mutex_lock(&weir_store.lock);
	ch = weir_store_find(ct->about.channel);
	if (ch && ct->about.version <= ch->floor) {
		ret = -ESTALE;
		goto out;
	}
	if (!ch && weir_store.nchannels == WEIR_CHANNELS_MAX) {
		ret = -ENOSPC;
		goto out;
	}
	if (!ch)
		ch = channel_make(ct->about.channel);
	if (!ch) {
		ret = -ENOMEM;
		goto out;
	}
	weir_content_put(ch->candidate);
	ch->candidate = ct;
	ch->floor = ct->about.version;
	channel_name(ch, &ct->about);
	weir_decided(&(struct weir_decision){ .what = WEIR_DECIDED_SUBMIT, .ct = ct });
out:
	mutex_unlock(&weir_store.lock);
	return ret;
}

u64 weir_store_floor(u32 channel)
{
	struct weir_channel *ch = weir_store_find(channel);
	u64 floor;

	if (!ch)
		return 0;
	mutex_lock(&weir_store.lock);
	floor = ch->floor;
	mutex_unlock(&weir_store.lock);
	return floor;
}

static struct weir_content *slot_content(struct weir_channel *ch, u32 slot)
{
	switch (slot) {
	case WEIR_SLOT_ACTIVE:
		return rcu_dereference_protected(ch->active, lockdep_is_held(&weir_store.lock));
	case WEIR_SLOT_CANDIDATE:
		return ch->candidate;
	case WEIR_SLOT_LAST_GOOD:
		return ch->last_good;
	case WEIR_SLOT_SHADOW:
		return rcu_dereference_protected(ch->shadow, lockdep_is_held(&weir_store.lock));
	default:
		return NULL;
	}
}

struct weir_content *weir_store_get(u32 channel, u32 slot)
{
	struct weir_channel *ch = weir_store_find(channel);
	struct weir_content *ct;

	if (!ch)
		return NULL;
	mutex_lock(&weir_store.lock);
	ct = slot_content(ch, slot);
	if (ct)
		refcount_inc(&ct->refs);
	mutex_unlock(&weir_store.lock);
	return ct;
}

int weir_store_mode(u32 channel, u32 mode, u32 flags)
{
	struct weir_channel *ch;

	if (mode != WEIR_MODE_AUDIT && mode != WEIR_MODE_ENFORCE)
		return -EINVAL;
	if (mode == WEIR_MODE_AUDIT && flags)
		return -EINVAL;
	ch = weir_store_find(channel);
	if (!ch)
		return -ENOENT;
	mutex_lock(&weir_store.lock);
	WRITE_ONCE(ch->flags, flags);
	WRITE_ONCE(ch->mode, mode);
	if (mode == WEIR_MODE_ENFORCE)
		ch->broke.withdrawn = 0;
	mutex_unlock(&weir_store.lock);
	return 0;
}

static void describe_content(const struct weir_content *ct, struct weir_u_content *out)
{
	if (!ct)
		return;
	out->version = ct->about.version;
	out->created = ct->about.created;
	out->cost = ct->about.cost;
	out->bytes = ct->view.n;
	out->memory = ct->memory;
	out->instances = ct->view.ninsts;
	out->samples = ct->view.nsamples;
	memcpy(out->digest, ct->digest, sizeof(out->digest));
}

static void sum_stats(const struct weir_channel *ch, struct weir_u_channel *out)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct weir_channel_stats *s = per_cpu_ptr(ch->stats, cpu);

		out->events += READ_ONCE(s->events);
		out->matches += READ_ONCE(s->matches);
		out->trips += READ_ONCE(s->trips);
		out->faults += READ_ONCE(s->faults);
		out->fuel += READ_ONCE(s->fuel);
		out->steps += READ_ONCE(s->steps);
		out->max_steps = max(out->max_steps, READ_ONCE(s->max_steps));
		out->denied += READ_ONCE(s->denied);
		out->killed += READ_ONCE(s->killed);
		out->failed_closed += READ_ONCE(s->failed_closed);
		out->exempted += READ_ONCE(s->exempted);
		out->unapplied += READ_ONCE(s->unapplied);
		out->unread += READ_ONCE(s->unread);
	}
}

/* The channel with an index, in speculation too; or NULL. */
static struct weir_channel *channel_at(u32 index)
{
	/* Acquire: pairs with channel_make(). */
	if (index >= smp_load_acquire(&weir_store.nchannels))
		return NULL;
	return &weir_store.channel[array_index_nospec(index, WEIR_CHANNELS_MAX)];
}

int weir_store_channel(u32 index, struct weir_u_channel *out)
{
	struct weir_content *active;
	struct weir_channel *ch = channel_at(index);
	u32 i;

	if (!ch)
		return -ENOENT;
	mutex_lock(&weir_store.lock);
	out->channel = ch->number;
	out->mode = ch->mode;
	out->flags = ch->flags;
	out->floor = ch->floor;
	memcpy(out->name, ch->name, sizeof(out->name));
	for (i = 0; i < ARRAY_SIZE(out->slot); i++)
		describe_content(slot_content(ch, i), &out->slot[i]);
	active = slot_content(ch, WEIR_SLOT_ACTIVE);
	out->quarantined = ch->quarantined;
	if (active && test_bit(WEIR_CONTENT_BAD, &active->flags))
		out->quarantined = WEIR_QUARANTINE_TRIP;
	out->trip_instance = READ_ONCE(ch->trip_instance);
	out->trip_field = READ_ONCE(ch->trip_field);
	mutex_unlock(&weir_store.lock);
	sum_stats(ch, out);
	return 0;
}

int weir_store_limits(u32 channel, const struct weir_u_limits *limits)
{
	struct weir_channel *ch = weir_store_find(channel);

	if (limits->policy > WEIR_POLICY_HOLD || limits->share > 100 || limits->reserved)
		return -EINVAL;
	if (!ch)
		return -ENOENT;
	mutex_lock(&weir_store.lock);
	WRITE_ONCE(ch->limits.policy, limits->policy);
	WRITE_ONCE(ch->limits.rate, limits->rate);
	WRITE_ONCE(ch->limits.share, limits->share);
	WRITE_ONCE(ch->limits.share_least, limits->share_least);
	WRITE_ONCE(ch->limits.kills, limits->kills);
	WRITE_ONCE(ch->limits.matches, limits->matches);
	ch->limits.steps = limits->steps;
	mutex_unlock(&weir_store.lock);
	if (limits->steps)
		weir_trials_start();
	return 0;
}

int weir_store_breaker(u32 index, struct weir_u_breaker *out)
{
	struct weir_channel *ch = channel_at(index);
	const struct weir_content *ct;

	if (!ch)
		return -ENOENT;
	mutex_lock(&weir_store.lock);
	*out = ch->broke;
	out->channel = ch->number;
	out->limits = ch->limits;
	ct = slot_content(ch, WEIR_SLOT_ACTIVE);
	if (ct) {
		out->open = test_bit(WEIR_CONTENT_BROKEN, &ct->flags);
		out->nmuted = ct->breaker.nmuted;
		memcpy(out->muted, ct->breaker.muted, sizeof(out->muted));
	}
	mutex_unlock(&weir_store.lock);
	return 0;
}

int weir_store_trials(u32 index, struct weir_u_trials *out)
{
	struct weir_channel *ch = channel_at(index);
	const struct weir_content *shadow;

	if (!ch)
		return -ENOENT;
	mutex_lock(&weir_store.lock);
	out->channel = ch->number;
	if (ch->trial)
		weir_trial_judge(slot_content(ch, WEIR_SLOT_ACTIVE), &out->active);
	shadow = slot_content(ch, WEIR_SLOT_SHADOW);
	if (shadow)
		weir_trial_judge(shadow, &out->shadow);
	describe_content(shadow, &out->content);
	mutex_unlock(&weir_store.lock);
	return 0;
}
