// SPDX-License-Identifier: GPL-2.0
/* Trials: what content did since they began, against what it has to show. */
#include <linux/cpumask.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/overflow.h>
#include <linux/percpu.h>
#include <linux/timekeeping.h>

#include "content.h"

#define MILLION 1000000u

void weir_trial_count(const struct weir_content *ct, u32 type, const struct weir_result *res,
		      bool differs)
{
	struct weir_tally *t = this_cpu_ptr(ct->tally);

	weir_bump(&t->events[type], 1);
	weir_bump(&t->matches, res->nmatch);
	weir_bump(&t->verdicts, res->verdict > WEIR_VERDICT_ALERT);
	weir_bump(&t->steps, res->steps);
	weir_bump(&t->unsound, res->trips || res->status != WEIR_DONE);
	weir_bump(&t->differs, differs);
}

void weir_tally_sum(const struct weir_content *ct, struct weir_tally *out)
{
	int cpu;
	u32 i;

	memset(out, 0, sizeof(*out));
	for_each_possible_cpu(cpu) {
		const struct weir_tally *t = per_cpu_ptr(ct->tally, cpu);

		for (i = 0; i < WEIR_NSLOTS; i++)
			out->events[i] += READ_ONCE(t->events[i]);
		out->matches += READ_ONCE(t->matches);
		out->verdicts += READ_ONCE(t->verdicts);
		out->steps += READ_ONCE(t->steps);
		out->unsound += READ_ONCE(t->unsound);
		out->differs += READ_ONCE(t->differs);
	}
}

void weir_trial_begin(struct weir_content *ct, const struct weir_trial *trial)
{
	weir_breaker_forget(&ct->breaker);
	ct->trial.gate = trial->gate;
	ct->trial.flags = trial->flags;
	ct->trial.since = ktime_get_boottime_ns();
	weir_tally_sum(ct, &ct->trial.base);
}

/* Rounded up, so that one in many millions is more than none. */
static u64 in_a_million(u64 n, u64 events)
{
	u64 ppm;

	if (!events)
		return 0;
	ppm = mul_u64_u64_div_u64(n, MILLION, events);
	/* The products may wrap, but what they differ by is less than @events. */
	return ppm + (n * MILLION != ppm * events);
}

/*
 * Verdicts cost somebody something: they are too many as soon as they would be of the fewest events
 * that the trial takes, though more may come before its time is up.
 */
static bool is_lost(const struct weir_u_gate *g, const struct weir_tally *now,
		    const struct weir_tally *base, u64 events)
{
	return in_a_million(now->verdicts - base->verdicts, events) > g->verdicts_ppm;
}

static bool is_within(const struct weir_u_gate *g, const struct weir_u_trial *t)
{
	return t->matches_ppm <= g->matches_ppm && t->verdicts_ppm <= g->verdicts_ppm &&
	       (!g->mean_steps || t->mean_steps <= g->mean_steps);
}

u32 weir_trial_judge(const struct weir_content *ct, struct weir_u_trial *out)
{
	const struct weir_tally *base = &ct->trial.base;
	struct weir_tally now;
	u64 events, in_the_end = 0;
	u32 i;

	weir_tally_sum(ct, &now);
	memset(out, 0, sizeof(*out));
	out->gate = ct->trial.gate;
	out->flags = ct->trial.flags;
	out->seconds = div_u64(ktime_get_boottime_ns() - ct->trial.since, NSEC_PER_SEC);
	out->least = U64_MAX;
	for (i = 0; i < WEIR_NSLOTS; i++) {
		events = now.events[i] - base->events[i];
		out->events += events;
		if (!(ct->uses & BIT_ULL(i)))
			continue;
		out->least = min(out->least, events);
		if (check_add_overflow(in_the_end, max(events, out->gate.events), &in_the_end))
			in_the_end = U64_MAX;
	}
	if (!ct->uses)
		out->least = 0;
	out->unsound = now.unsound - base->unsound;
	out->differs = now.differs - base->differs;
	out->matches_ppm = in_a_million(now.matches - base->matches, out->events);
	out->verdicts_ppm = in_a_million(now.verdicts - base->verdicts, out->events);
	out->mean_steps =
		out->events ? DIV64_U64_ROUND_UP(now.steps - base->steps, out->events) : 0;

	out->state = WEIR_TRIAL_RUNS;
	if (out->unsound || test_bit(WEIR_CONTENT_BAD, &ct->flags) ||
	    is_lost(&out->gate, &now, base, in_the_end))
		out->state = WEIR_TRIAL_FAILED;
	else if (out->least >= out->gate.events && out->seconds >= out->gate.seconds)
		out->state = is_within(&out->gate, out) ? WEIR_TRIAL_PASSED : WEIR_TRIAL_FAILED;
	return out->state;
}
