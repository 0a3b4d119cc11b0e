// SPDX-License-Identifier: GPL-2.0
/* The breaker: what was applied to whom in a span of time, against what may be. */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include "content.h"

#define SECOND ((u64)HZ)
#define MINUTE (60 * SECOND)
#define ROOT 0u

/* Of fewer events the mean says little. */
#define COST_EVENTS 100u

void weir_breaker_init(struct weir_breaker *b)
{
	memset(b, 0, sizeof(*b));
	raw_spin_lock_init(&b->lock);
	b->why.instance = WEIR_NOWHERE;
}

static void begin(struct weir_window *w, u64 now)
{
	memset(w, 0, sizeof(*w));
	w->since = now;
}

static void roll(struct weir_window *w, u64 now, u64 span)
{
	/* Another CPU may have begun it a moment later than this one looked at the clock. */
	if (now >= w->since + span)
		begin(w, now);
}

/* Its entry, or an empty one that is its from now on; NULL without room. */
static struct weir_hits *entry_of(struct weir_hits *h, u32 who)
{
	struct weir_hits *room = NULL;
	u32 i;

	for (i = 0; i < WEIR_BREAKER_WHO; i++) {
		if (h[i].n && h[i].who == who)
			return &h[i];
		if (!h[i].n && !room)
			room = &h[i];
	}
	if (room)
		room->who = who;
	return room;
}

/* How many of them were that instance's, at least. */
static u32 note_instance(struct weir_window *w, u32 instance)
{
	struct weir_hits *h = entry_of(w->instance, instance);
	u32 i;

	if (h)
		return ++h->n;
	for (i = 0; i < WEIR_BREAKER_WHO; i++)
		w->instance[i].n--;
	return 0;
}

/* How often that user was hit; users for whom there is no room share the last entry. */
static u32 note_user(struct weir_window *w, u32 uid)
{
	struct weir_hits *h = entry_of(w->uid, uid) ?: &w->uid[WEIR_BREAKER_WHO - 1];

	return ++h->n;
}

/*
 * What one user does counts for less than a third of the limit, so that nobody can have protective
 * content switched off by doing what it denies over and over; what befalls root counts in full. The
 * rest neither counts nor is anybody blamed for it.
 */
static void add(struct weir_window *w, const struct weir_hit *hit, u32 limit)
{
	u32 n = note_user(w, hit->uid);

	if (hit->uid != ROOT && n > max((max(limit, 1u) - 1) / 3, 1u))
		return;
	w->counted++;
	note_instance(w, hit->instance);
}

static u32 blame(const struct weir_window *w)
{
	u32 i;

	for (i = 0; i < WEIR_BREAKER_WHO; i++)
		if (w->instance[i].n && w->instance[i].n >= w->counted - w->counted / 10)
			return w->instance[i].who;
	return WEIR_NOWHERE;
}

static u64 events_of(const struct weir_content *ct, u32 type)
{
	u64 n = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		n += READ_ONCE(per_cpu_ptr(ct->tally, cpu)->events[type]);
	return n;
}

/* The window of a type's share. */
static struct weir_window *share_of(struct weir_content *ct, const struct weir_hit *hit)
{
	struct weir_window *w = &ct->breaker.share[hit->type];

	if (w->since && hit->now < w->since + MINUTE)
		return w;
	begin(w, hit->now);
	/* The event under way has been counted. */
	w->seen = events_of(ct, hit->type) - 1;
	return w;
}

static bool is_over(struct weir_window *w, u32 limit)
{
	if (w->told || w->counted < limit)
		return false;
	w->told = true;
	return true;
}

static bool rate_is_over(struct weir_breaker *b, u32 limit, const struct weir_hit *hit)
{
	if (!limit)
		return false;
	roll(&b->rate, hit->now, SECOND);
	add(&b->rate, hit, limit);
	return is_over(&b->rate, limit);
}

static bool kills_are_over(struct weir_breaker *b, u32 limit, const struct weir_hit *hit)
{
	if (!limit || !hit->killed || hit->uid != ROOT)
		return false;
	roll(&b->kills, hit->now, MINUTE);
	add(&b->kills, hit, limit);
	return is_over(&b->kills, limit);
}

static bool share_is_over(struct weir_content *ct, u32 percent, u32 least,
			  const struct weir_hit *hit, struct weir_window **out)
{
	struct weir_window *w;

	if (!percent)
		return false;
	w = share_of(ct, hit);
	*out = w;
	add(w, hit, least);
	if (w->told || w->counted < least ||
	    100ull * w->counted < percent * (events_of(ct, hit->type) - w->seen))
		return false;
	w->told = true;
	return true;
}

static u32 count(struct weir_content *ct, const struct weir_u_limits *limits,
		 const struct weir_hit *hit, struct weir_window **out)
{
	struct weir_breaker *b = &ct->breaker;
	u32 cause = WEIR_BREAK_NONE;

	/* All are counted, whichever is over first. */
	if (share_is_over(ct, READ_ONCE(limits->share), READ_ONCE(limits->share_least), hit, out))
		cause = WEIR_BREAK_SHARE;
	if (kills_are_over(b, READ_ONCE(limits->kills), hit)) {
		cause = WEIR_BREAK_KILLS;
		*out = &b->kills;
	}
	if (rate_is_over(b, READ_ONCE(limits->rate), hit)) {
		cause = WEIR_BREAK_RATE;
		*out = &b->rate;
	}
	return cause;
}

struct weir_break weir_breaker_count(struct weir_content *ct, const struct weir_u_limits *limits,
				     const struct weir_hit *hit)
{
	struct weir_break why = { .instance = WEIR_NOWHERE };
	struct weir_window *w = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&ct->breaker.lock, flags);
	why.cause = count(ct, limits, hit, &w);
	if (why.cause) {
		why.instance = blame(w);
		why.counted = w->counted;
		ct->breaker.why = why;
	}
	raw_spin_unlock_irqrestore(&ct->breaker.lock, flags);
	return why;
}

bool weir_breaker_tells(u64 *told, u64 now)
{
	if (*told && now < *told + MINUTE)
		return false;
	*told = now;
	return true;
}

bool weir_breaker_match(struct weir_content *ct, u32 limit, u64 now, u32 instance, bool applied,
			struct weir_break *why)
{
	struct weir_breaker *b = &ct->breaker;
	struct weir_window *w = &b->matches[applied];
	unsigned long flags;
	bool keep;
	u32 n;

	*why = (struct weir_break){ .instance = WEIR_NOWHERE };
	raw_spin_lock_irqsave(&b->lock, flags);
	roll(w, now, SECOND);
	w->counted++;
	n = note_instance(w, instance);
	keep = w->counted <= limit || (n <= limit / 10 && w->seen++ < limit);
	if (w->counted > limit && weir_breaker_tells(&b->stormed, now)) {
		why->cause = WEIR_BREAK_MATCHES;
		why->instance = blame(w);
		why->counted = w->counted;
	}
	raw_spin_unlock_irqrestore(&b->lock, flags);
	return keep;
}

struct weir_break weir_breaker_cost(struct weir_content *ct, u32 limit, u64 now)
{
	struct weir_break why = { .instance = WEIR_NOWHERE };
	struct weir_cost *c = &ct->breaker.cost;
	u64 events = 0, steps, at = c->at;
	struct weir_tally sum;
	u32 i;

	weir_tally_sum(ct, &sum);
	for (i = 0; i < WEIR_NSLOTS; i++)
		events += sum.events[i];
	steps = sum.steps;
	swap(events, c->events);
	swap(steps, c->steps);
	c->at = now;
	events = c->events - events;
	steps = c->steps - steps;
	if (!at || now > at + MINUTE || events < COST_EVENTS || steps <= events * limit ||
	    !weir_breaker_tells(&c->told, now))
		return why;
	why.cause = WEIR_BREAK_STEPS;
	why.counted = min_t(u64, div64_u64(steps, events), U32_MAX);
	return why;
}

void weir_breaker_stormed(struct weir_breaker *b, const struct weir_break *why)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&b->lock, flags);
	if (!b->why.cause)
		b->why = *why;
	raw_spin_unlock_irqrestore(&b->lock, flags);
}

struct weir_break weir_breaker_take(struct weir_breaker *b)
{
	struct weir_break why;
	unsigned long flags;

	raw_spin_lock_irqsave(&b->lock, flags);
	why = b->why;
	b->why = (struct weir_break){ .instance = WEIR_NOWHERE };
	raw_spin_unlock_irqrestore(&b->lock, flags);
	return why;
}

bool weir_breaker_waits(struct weir_breaker *b)
{
	unsigned long flags;
	bool waits;

	raw_spin_lock_irqsave(&b->lock, flags);
	waits = b->why.cause;
	raw_spin_unlock_irqrestore(&b->lock, flags);
	return waits;
}

bool weir_breaker_mute(struct weir_breaker *b, u32 instance)
{
	if (b->nmuted == WEIR_U_MUTED)
		return false;
	b->muted[b->nmuted] = instance;
	/* Release: who counts it finds it. */
	smp_store_release(&b->nmuted, b->nmuted + 1);
	return true;
}

static void begin_verdicts(struct weir_breaker *b)
{
	u32 i;

	begin(&b->rate, 0);
	begin(&b->kills, 0);
	for (i = 0; i < WEIR_NSLOTS; i++)
		begin(&b->share[i], 0);
}

void weir_breaker_renew(struct weir_breaker *b)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&b->lock, flags);
	begin_verdicts(b);
	raw_spin_unlock_irqrestore(&b->lock, flags);
}

void weir_breaker_forget(struct weir_breaker *b)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&b->lock, flags);
	begin_verdicts(b);
	begin(&b->matches[0], 0);
	begin(&b->matches[1], 0);
	b->stormed = 0;
	b->why = (struct weir_break){ .instance = WEIR_NOWHERE };
	raw_spin_unlock_irqrestore(&b->lock, flags);
}
