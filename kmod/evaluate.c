// SPDX-License-Identifier: GPL-2.0
/* An event in its hook: evaluated on all active content and what is in shadow, and recorded. */
#include <linux/cpumask.h>
#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/smp.h>

#include "event.h"
#include "exempt.h"
#include "record_write.h"
#include "store.h"

/* Whether the current task is exempt is found out when something would be applied to it. */
enum exempt { EXEMPT_UNKNOWN, EXEMPT_NO, EXEMPT_YES };

/**
 * struct weir_cpu - one CPU's event
 * @busy: an event is being evaluated: another one is inside it
 * @events: evaluated
 * @nested: not evaluated, for being inside another
 * @errors: events of an unknown type
 * @exempt: of the event under way
 * @unread: fields that the content under way reads, and that could not be read
 * @missing: of these, those that are absent; the others are cut
 * @res: of the evaluation under way
 * @match: of the evaluation under way
 *
 * Owned by its CPU with preemption off.
 */
struct weir_cpu {
	bool busy;
	u64 events;
	u64 nested;
	u64 errors;
	enum exempt exempt;
	u64 unread;
	u64 missing;
	struct weir_result res;
	u32 match[WEIR_MATCH_MAX];
};

static DEFINE_PER_CPU(struct weir_cpu, weir_cpu);

static void count(struct weir_channel *ch, const struct weir_cpu *cpu)
{
	struct weir_channel_stats *s = this_cpu_ptr(ch->stats);
	const struct weir_result *res = &cpu->res;

	weir_bump(&s->events, 1);
	weir_bump(&s->matches, res->nmatch);
	weir_bump(&s->trips, res->trips);
	weir_bump(&s->faults, res->status == WEIR_FAULT);
	weir_bump(&s->fuel, res->status == WEIR_FUEL);
	weir_bump(&s->unread, !!cpu->unread);
	weir_bump(&s->steps, res->steps);
	if (res->steps > s->max_steps)
		WRITE_ONCE(s->max_steps, res->steps);
}

static bool is_exempt(const struct weir_capture *c, struct weir_cpu *cpu)
{
	if (cpu->exempt == EXEMPT_UNKNOWN)
		cpu->exempt = weir_exempt(c) ? EXEMPT_YES : EXEMPT_NO;
	return cpu->exempt == EXEMPT_YES;
}

/* What comes of a verdict above ALERT that is to be applied: WEIR_RECF_. */
static u32 enforce(const struct weir_capture *c, struct weir_cpu *cpu, u32 verdict)
{
	if (!(c->power & BIT(verdict)))
		return WEIR_RECF_UNAPPLIED;
	if (is_exempt(c, cpu))
		return WEIR_RECF_EXEMPT;
	if (verdict == WEIR_VERDICT_DENY)
		return WEIR_RECF_DENIED;
	return c->power & BIT(WEIR_VERDICT_DENY) ? WEIR_RECF_KILLED | WEIR_RECF_DENIED
						 : WEIR_RECF_KILLED;
}

/*
 * Of instances that match for certain, of those that may do so because a field is absent, and of
 * those that are muted.
 */
struct fates {
	struct weir_fates sure, unsure, muted;
};

/* Why nothing at all comes of verdicts: WEIR_RECF_; or 0. */
static u32 restrained(const struct weir_channel *ch, const struct weir_content *ct)
{
	if (READ_ONCE(ch->mode) == WEIR_MODE_AUDIT)
		return WEIR_RECF_AUDIT;
	/* Acquire: what was muted before it was closed is. */
	return test_bit_acquire(WEIR_CONTENT_BROKEN, &ct->flags) ? WEIR_RECF_BROKEN : 0;
}

static void find_fates(const struct weir_capture *c, struct weir_cpu *cpu, u32 restraint,
		       struct fates *f)
{
	u32 i;

	for (i = WEIR_VERDICT_DENY; i < WEIR_VERDICT_END; i++) {
		f->unsure.flags[i] = restraint ?: WEIR_RECF_UNAPPLIED;
		f->muted.flags[i] = restraint ?: WEIR_RECF_MUTED;
		/* What a trip made absent is not known of all instances. */
		if (restraint || cpu->res.trips)
			f->sure.flags[i] = f->unsure.flags[i];
		else
			f->sure.flags[i] = enforce(c, cpu, i);
	}
}

/* Does an instance read no field that is absent though it should be there? */
static bool is_sure(const struct weir_content *ct, const struct weir_cpu *cpu, u32 instance)
{
	return !cpu->missing || !(weir_reads(&ct->view, instance) & cpu->missing);
}

static const struct weir_fates *fates_of(const struct weir_content *ct, const struct weir_cpu *cpu,
					 const struct fates *f, u32 instance)
{
	if (weir_breaker_is_muted(&ct->breaker, instance))
		return &f->muted;
	return is_sure(ct, cpu, instance) ? &f->sure : &f->unsure;
}

/* What is to come of an event. */
struct outcome {
	u32 verdict;
	u32 flags; /* WEIR_RECF_ */
	u32 instance; /* whose verdict it is; or WEIR_NOWHERE */
};

/* The strongest action of what matched for certain and is not muted, if one is above ALERT. */
static struct outcome strongest(const struct weir_content *ct, const struct weir_cpu *cpu,
				const struct fates *f)
{
	struct outcome out = { .verdict = cpu->res.verdict, .instance = WEIR_NOWHERE };
	u32 n = min(cpu->res.nmatch, WEIR_MATCH_MAX), verdict = WEIR_VERDICT_ALERT;
	struct weir_instance inst;
	u32 i;

	if (out.verdict <= WEIR_VERDICT_ALERT)
		return out;
	out.flags = weir_fate(&f->sure, out.verdict);
	for (i = 0; i < n; i++) {
		if (fates_of(ct, cpu, f, cpu->match[i]) != &f->sure ||
		    weir_instance(&ct->view, cpu->match[i], &inst) || inst.action <= verdict)
			continue;
		verdict = inst.action;
		out.instance = cpu->match[i];
	}
	/* All that matched is sure, though not all of it is listed. */
	if (!cpu->missing && (!READ_ONCE(ct->breaker.nmuted) || cpu->res.nmatch > n)) {
		if (verdict < out.verdict)
			out.instance = WEIR_NOWHERE;
		return out;
	}
	if (out.instance != WEIR_NOWHERE) {
		out.verdict = verdict;
		out.flags = weir_fate(&f->sure, verdict);
	} else {
		out.flags = weir_fate(cpu->missing ? &f->unsure : &f->muted, out.verdict);
	}
	return out;
}

/* Count what comes of an event in a channel. Returns the verdict to apply. */
static u32 settle(struct weir_channel *ch, struct weir_content *ct, int type,
		  const struct weir_capture *c, const struct outcome *o)
{
	struct weir_channel_stats *s = this_cpu_ptr(ch->stats);

	weir_bump(&s->denied, !!(o->flags & WEIR_RECF_DENIED));
	weir_bump(&s->killed, !!(o->flags & WEIR_RECF_KILLED));
	weir_bump(&s->exempted, !!(o->flags & WEIR_RECF_EXEMPT));
	weir_bump(&s->unapplied, !!(o->flags & WEIR_RECF_UNAPPLIED));
	if (!(o->flags & (WEIR_RECF_DENIED | WEIR_RECF_KILLED)))
		return min_t(u32, o->verdict, WEIR_VERDICT_ALERT);
	weir_store_applied(ch, ct, type, c, o->instance, o->flags & WEIR_RECF_KILLED);
	return o->verdict;
}

/* There was no sound end, nothing is applied for what matched, and something shall be. */
static bool fails_closed(const struct weir_channel *ch, const struct weir_cpu *cpu, u32 flags)
{
	if (cpu->res.status == WEIR_DONE && !cpu->res.trips && !cpu->unread)
		return false;
	if (flags & (WEIR_RECF_DENIED | WEIR_RECF_KILLED))
		return false;
	return READ_ONCE(ch->flags) & WEIR_MODE_FAIL_CLOSED;
}

static u32 fail_closed(struct weir_channel *ch, struct weir_content *ct, int type,
		       const struct weir_capture *c, struct weir_cpu *cpu)
{
	u32 field = cpu->unread ? __ffs64(cpu->unread) : WEIR_NOWHERE;
	const struct outcome o = {
		.verdict = WEIR_VERDICT_DENY,
		.flags = enforce(c, cpu, WEIR_VERDICT_DENY),
		.instance = WEIR_NOWHERE,
	};

	if (o.flags & WEIR_RECF_DENIED)
		weir_bump(&this_cpu_ptr(ch->stats)->failed_closed, 1);
	weir_record_failed(ct, c, field, o.flags);
	return settle(ch, ct, type, c, &o);
}

static void record_one(struct weir_channel *ch, struct weir_content *ct, struct weir_capture *c,
		       u32 instance, const struct weir_fates *f)
{
	struct weir_instance inst;
	u32 flags;

	if (!weir_instance(&ct->view, instance, &inst)) {
		flags = weir_fate(f, inst.action);
		if (weir_store_records(ch, ct, c, instance,
				       flags & (WEIR_RECF_DENIED | WEIR_RECF_KILLED))) {
			weir_record_match(ct, instance, &inst, c, flags);
			return;
		}
	}
	weir_ring_drop(&weir_records, 1);
}

static void record(struct weir_channel *ch, struct weir_content *ct, struct weir_capture *c,
		   struct weir_cpu *cpu, const struct fates *f)
{
	u32 n = min(cpu->res.nmatch, WEIR_MATCH_MAX);
	u32 i;

	if (!n)
		return;
	weir_capture_fill(c, ~0ull);
	for (i = 0; i < n; i++)
		record_one(ch, ct, c, cpu->match[i], fates_of(ct, cpu, f, cpu->match[i]));
	if (cpu->res.nmatch > n)
		weir_ring_drop(&weir_records, cpu->res.nmatch - n);
}

/* Run content on an event: into @cpu->res. */
static void run_content(struct weir_channel *ch, struct weir_content *ct,
			const struct weir_capture *c, struct weir_cpu *cpu)
{
	struct weir_event e = { .v = c->v, .n = c->arity, .type = c->type };
	struct weir_run run = {
		.scratch = ct->scratch[smp_processor_id()],
		.nscratch = ct->about.scratch / sizeof(u32),
		.match = cpu->match,
		.cap = WEIR_MATCH_MAX,
		.fuel = weir_content_fuel(ct),
	};
	struct weir_result *res = &cpu->res;

	weir_eval(&ct->view, &e, &run, res);
	if (res->trips || res->status == WEIR_FAULT)
		weir_store_trip(ch, ct, c->type, res, c->pid);
}

/* Content whose tables are broken is not believed. */
static void disbelieve(struct weir_result *res)
{
	if (res->status != WEIR_FAULT)
		return;
	res->verdict = WEIR_VERDICT_NONE;
	res->nmatch = 0;
}

static u32 evaluate(struct weir_channel *ch, struct weir_content *ct, int type,
		    struct weir_capture *c, struct weir_cpu *cpu)
{
	u32 restraint = restrained(ch, ct);
	struct weir_result *res = &cpu->res;
	struct fates f = {};
	struct outcome o;

	run_content(ch, ct, c, cpu);
	count(ch, cpu);
	weir_trial_count(ct, type, res, false);
	disbelieve(res);
	if (res->verdict > WEIR_VERDICT_ALERT)
		find_fates(c, cpu, restraint, &f);
	record(ch, ct, c, cpu, &f);
	o = strongest(ct, cpu, &f);
	if (!restraint && fails_closed(ch, cpu, o.flags))
		return fail_closed(ch, ct, type, c, cpu);
	return settle(ch, ct, type, c, &o);
}

/* Content is to see the event: what it reads is captured, as far as it can be. */
static bool takes(const struct weir_content *ct, int type, struct weir_capture *c,
		  struct weir_cpu *cpu)
{
	if (!ct || !(ct->uses & BIT_ULL(type)) || test_bit(WEIR_CONTENT_BAD, &ct->flags))
		return false;
	/* Content that was swapped in after the hook asked what is wanted may want more. */
	if (ct->wanted[type] & ~c->tried)
		weir_capture_fill(c, ct->wanted[type]);
	cpu->unread = c->unread & ct->wanted[type];
	cpu->missing = cpu->unread & ~c->part;
	return true;
}

/* Content in shadow: counted, recorded and never applied. The active content is in @cpu->res. */
static void rehearse(struct weir_channel *ch, struct weir_content *ct, int type,
		     struct weir_capture *c, struct weir_cpu *cpu)
{
	struct weir_result *res = &cpu->res;
	u32 verdict = res->verdict;
	bool matched = res->nmatch;
	struct fates f;
	u32 i;

	for (i = 0; i < WEIR_VERDICT_END; i++) {
		f.sure.flags[i] = WEIR_RECF_SHADOW;
		f.unsure.flags[i] = WEIR_RECF_SHADOW;
		f.muted.flags[i] = WEIR_RECF_SHADOW;
	}
	run_content(ch, ct, c, cpu);
	weir_trial_count(ct, type, res, res->verdict != verdict || !!res->nmatch != matched);
	disbelieve(res);
	record(ch, ct, c, cpu, &f);
}

static u32 evaluate_channel(struct weir_channel *ch, int type, struct weir_capture *c,
			    struct weir_cpu *cpu)
{
	struct weir_content *ct = rcu_dereference(ch->active), *shadow;
	u32 verdict = WEIR_VERDICT_NONE;

	cpu->res.verdict = WEIR_VERDICT_NONE;
	cpu->res.nmatch = 0;
	if (takes(ct, type, c, cpu))
		verdict = evaluate(ch, ct, type, c, cpu);
	shadow = rcu_dereference(ch->shadow);
	/* On its way from there to the active slot it may be seen in both. */
	if (shadow != ct && takes(shadow, type, c, cpu))
		rehearse(ch, shadow, type, c, cpu);
	return verdict;
}

static u32 evaluate_all(struct weir_capture *c, struct weir_cpu *cpu)
{
	/* Acquire: the channels counted are complete. */
	u32 n = smp_load_acquire(&weir_store.nchannels);
	int type = weir_type_index(c->type);
	u32 verdict = WEIR_VERDICT_NONE;
	u32 i;

	if (type < 0) {
		weir_bump(&cpu->errors, 1);
		return verdict;
	}
	weir_bump(&cpu->events, 1);
	cpu->exempt = EXEMPT_UNKNOWN;
	rcu_read_lock();
	for (i = 0; i < n; i++)
		verdict = max(verdict, evaluate_channel(&weir_store.channel[i], type, c, cpu));
	rcu_read_unlock();
	return verdict;
}

u32 weir_store_event(struct weir_capture *c)
{
	struct weir_cpu *cpu;
	u32 verdict;

	lockdep_assert_preemption_disabled();
	cpu = this_cpu_ptr(&weir_cpu);
	if (cpu->busy) {
		weir_bump(&cpu->nested, 1);
		return WEIR_VERDICT_NONE;
	}
	cpu->busy = true;
	barrier();
	verdict = evaluate_all(c, cpu);
	barrier();
	cpu->busy = false;
	return verdict;
}

void weir_event_stats(u64 *events, u64 *nested, u64 *errors)
{
	int cpu;

	*events = 0;
	*nested = 0;
	*errors = 0;
	for_each_possible_cpu(cpu) {
		const struct weir_cpu *c = per_cpu_ptr(&weir_cpu, cpu);

		*events += READ_ONCE(c->events);
		*nested += READ_ONCE(c->nested);
		*errors += READ_ONCE(c->errors);
	}
}
