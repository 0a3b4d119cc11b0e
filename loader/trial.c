// SPDX-License-Identifier: GPL-2.0
/* What content on trial showed so far, against what it has to show: in words and in JSON. */
#include <inttypes.h>

#include "ctl.h"

#define BAR 10

static const char *state_name(const struct weir_u_trial *t)
{
	static const char *const names[] = { [WEIR_TRIAL_NONE] = "none",
					     [WEIR_TRIAL_RUNS] = "runs",
					     [WEIR_TRIAL_PASSED] = "passed",
					     [WEIR_TRIAL_FAILED] = "failed" };

	return t->state < sizeof(names) / sizeof(names[0]) ? names[t->state] : "?";
}

json_t *weir_trial_json(const struct weir_u_trial *t)
{
	json_t *o, *gate;

	if (t->state == WEIR_TRIAL_NONE)
		return json_null();
	o = json_object();
	gate = json_object();
	json_object_set_new(o, "state", json_string(state_name(t)));
	json_object_set_new(o, "auto", json_boolean(t->flags & WEIR_STAGE_AUTO));
	json_object_set_new(o, "seconds", weir_json_u64(t->seconds));
	json_object_set_new(o, "events", weir_json_u64(t->events));
	json_object_set_new(o, "least", weir_json_u64(t->least));
	json_object_set_new(o, "matches_ppm", weir_json_u64(t->matches_ppm));
	json_object_set_new(o, "verdicts_ppm", weir_json_u64(t->verdicts_ppm));
	json_object_set_new(o, "mean_steps", weir_json_u64(t->mean_steps));
	json_object_set_new(o, "unsound", weir_json_u64(t->unsound));
	json_object_set_new(o, "differs", weir_json_u64(t->differs));
	json_object_set_new(gate, "seconds", weir_json_u64(t->gate.seconds));
	json_object_set_new(gate, "events", weir_json_u64(t->gate.events));
	json_object_set_new(gate, "matches_ppm", weir_json_u64(t->gate.matches_ppm));
	json_object_set_new(gate, "verdicts_ppm", weir_json_u64(t->gate.verdicts_ppm));
	json_object_set_new(gate, "mean_steps", weir_json_u64(t->gate.mean_steps));
	json_object_set_new(o, "gate", gate);
	return o;
}

/* How many parts of a bar are full. */
static unsigned int share(uint64_t have, uint64_t want)
{
	return have >= want ? BAR : (unsigned int)((double)have / (double)want * BAR);
}

unsigned int weir_trial_share(const struct weir_u_trial *t)
{
	unsigned int events = share(t->least, t->gate.events);
	unsigned int seconds = share(t->seconds, t->gate.seconds);

	return events < seconds ? events : seconds;
}

void weir_put_trial(FILE *f, const char *stage, const struct weir_u_trial *t)
{
	unsigned int full = weir_trial_share(t);
	int i;

	fprintf(f, "%s [", stage);
	for (i = 0; i < BAR; i++)
		fputc(i < (int)full ? '#' : '-', f);
	fprintf(f,
		"] %s: %" PRIu64 "/%" PRIu64 " s, %" PRIu64 "/%" PRIu64 " events, %" PRIu64
		"/%" PRIu64 " matches, %" PRIu64 "/%" PRIu64 " verdicts, %" PRIu64,
		state_name(t), (uint64_t)t->seconds, (uint64_t)t->gate.seconds, (uint64_t)t->least,
		(uint64_t)t->gate.events, (uint64_t)t->matches_ppm, (uint64_t)t->gate.matches_ppm,
		(uint64_t)t->verdicts_ppm, (uint64_t)t->gate.verdicts_ppm, (uint64_t)t->mean_steps);
	if (t->gate.mean_steps)
		fprintf(f, "/%" PRIu64, (uint64_t)t->gate.mean_steps);
	fputs(" steps", f);
	if (t->differs)
		fprintf(f, ", %" PRIu64 " differ", (uint64_t)t->differs);
	if (t->unsound)
		fprintf(f, ", %" PRIu64 " not sound", (uint64_t)t->unsound);
}
