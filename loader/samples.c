// SPDX-License-Identifier: GPL-2.0
/*
 * A file's own sample events: through the interpreter here, with the matching index and without,
 * and through the kernel's.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "plain.h"
#include "private.h"

/* What one run over the samples works with. */
struct run {
	const struct weir_view *v;
	const struct weir_live *live;
	enum weir_step step;
	int fd; /* of the kernel, or -1 */
	struct weir_about about;
	struct weir_value val[WEIR_ARITY_MAX];
	uint32_t *scratch;
	uint32_t *match;
};

/* What the interpreter said, whichever it was. */
struct outcome {
	uint32_t status;
	uint32_t nmatch;
	uint32_t trips;
};

static int run_open(struct run *u, struct weir_refusal *r)
{
	weir_about(u->v, &u->about);
	u->scratch = calloc(u->about.scratch / sizeof(*u->scratch) + 1, sizeof(*u->scratch));
	u->match = calloc(u->v->ninsts + 1, sizeof(*u->match));
	if (u->scratch && u->match)
		return 0;
	return weir_refuse(r, u->step, "NO_MEMORY", "free memory, then try again",
			   "not enough memory for the sample events");
}

static void run_close(struct run *u)
{
	free(u->scratch);
	free(u->match);
}

static int eval_here(struct run *u, const struct weir_event *e, struct outcome *o)
{
	const struct weir_run run = { .scratch = u->scratch,
				      .nscratch = u->about.scratch / 4,
				      .match = u->match,
				      .cap = u->v->ninsts,
				      .fuel = u->about.cost };
	struct weir_result res;

	weir_eval(u->v, e, &run, &res);
	o->status = res.status;
	o->nmatch = res.nmatch;
	o->trips = res.trips;
	return 0;
}

static int eval_kernel(struct run *u, const struct weir_event *e, struct outcome *o,
		       struct weir_refusal *r)
{
	struct weir_u_replay rep;

	if (weir_dev_replay(u->fd, u->about.channel, WEIR_SLOT_CANDIDATE, e, u->match, u->v->ninsts,
			    &rep, r)) {
		r->step = u->step;
		return -1;
	}
	o->status = rep.status;
	o->nmatch = rep.nmatch;
	o->trips = rep.trips;
	return 0;
}

/* The matched instances by name, as many as fit. */
static void say_matches(const struct run *u, uint32_t n, char *out, size_t room)
{
	struct weir_error at = { .code = WEIR_E_SAMPLE_FAILED };
	struct weir_refusal name;
	uint32_t i;
	int used = 0;

	snprintf(out, room, "none");
	for (i = 0; i < n && used >= 0 && (size_t)used < room; i++) {
		at.instance = u->match[i];
		at.type = WEIR_NOWHERE;
		at.field = WEIR_NOWHERE;
		weir_refuse_content(&name, u->step, &at, u->v, NULL);
		used += snprintf(out + used, room - (size_t)used, "%s%s", i ? ", " : "", name.uuid);
	}
}

static int refuse_sample(const struct run *u, uint32_t i, uint32_t type, const char *what,
			 struct weir_refusal *r)
{
	const struct weir_error e = { .code = WEIR_E_SAMPLE_FAILED,
				      .section = WEIR_SEC_SAMPLES,
				      .offset = WEIR_NOWHERE,
				      .type = type,
				      .instance = WEIR_NOWHERE,
				      .field = WEIR_NOWHERE };

	weir_refuse_content(r, u->step, &e, u->v, u->live);
	snprintf(r->what, sizeof(r->what), "sample event %" PRIu32 " %s in %s", i, what,
		 u->fd < 0 ? "the interpreter of this program" : "the kernel's interpreter");
	return -1;
}

/* A wrong index could disable a rule, and would not be seen in what rules say. */
static int refuse_index(const struct run *u, uint32_t i, uint32_t instance, int found,
			struct weir_refusal *r)
{
	const struct weir_error e = { .code = WEIR_E_SAMPLE_FAILED,
				      .section = WEIR_SEC_SAMPLES,
				      .offset = WEIR_NOWHERE,
				      .type = WEIR_NOWHERE,
				      .instance = instance,
				      .field = WEIR_NOWHERE };

	weir_refuse_content(r, u->step, &e, u->v, u->live);
	snprintf(r->code, sizeof(r->code), "INDEX");
	snprintf(r->what, sizeof(r->what),
		 "the matching index is wrong: with it sample event %" PRIu32
		 " %s an instance that it %s without",
		 i, found ? "matches" : "does not match", found ? "does not match" : "matches");
	snprintf(r->todo, sizeof(r->todo),
		 "compile the rules again and report this: weirc does not write such a file");
	return -1;
}

/* Once more without the index, which has to make no difference. */
static int check_index(const struct run *u, uint32_t i, const struct weir_event *e,
		       const struct outcome *o, struct weir_refusal *r)
{
	uint32_t k, wrong;

	if (u->fd >= 0 || o->status != WEIR_DONE || o->nmatch > u->v->ninsts ||
	    !weir_plain_due(u->v, i))
		return 0;
	wrong = weir_plain_differs(u->v, e, u->match, o->nmatch);
	if (wrong == WEIR_NOWHERE)
		return 0;
	for (k = 0; k < o->nmatch && u->match[k] != wrong; k++)
		;
	return refuse_index(u, i, wrong, k < o->nmatch, r);
}

static int judge(const struct run *u, uint32_t i, uint32_t type, const struct outcome *o,
		 struct weir_refusal *r)
{
	char what[480], got[400];

	if (o->status != WEIR_DONE)
		return refuse_sample(u, i, type,
				     o->status == WEIR_FUEL ? "ran out of its step budget"
							    : "ran into a fault",
				     r);
	if (o->trips)
		return refuse_sample(u, i, type, "read past what the event carries", r);
	if (o->nmatch <= u->v->ninsts && weir_sample_ok(u->v, i, u->match, o->nmatch))
		return 0;
	say_matches(u, o->nmatch < u->v->ninsts ? o->nmatch : u->v->ninsts, got, sizeof(got));
	snprintf(what, sizeof(what), "did not match what the file expects; it matched %s,", got);
	return refuse_sample(u, i, type, what, r);
}

static int run_samples(struct run *u, struct weir_refusal *r)
{
	struct outcome o;
	struct weir_event e;
	uint32_t i;

	for (i = 0; i < u->v->nsamples; i++) {
		if (weir_sample(u->v, i, u->val, WEIR_ARITY_MAX, &e))
			return refuse_sample(u, i, WEIR_NOWHERE, "is not well formed", r);
		if (u->fd < 0 ? eval_here(u, &e, &o) : eval_kernel(u, &e, &o, r))
			return -1;
		if (check_index(u, i, &e, &o, r) || judge(u, i, e.type, &o, r))
			return -1;
	}
	return 0;
}

static int run_all(struct run *u, struct weir_refusal *r)
{
	int ret = run_open(u, r);

	if (!ret)
		ret = run_samples(u, r);
	run_close(u);
	return ret;
}

int weir_samples_run(const struct weir_view *v, const struct weir_live *live,
		     struct weir_refusal *r)
{
	struct run u = { .v = v, .live = live, .step = WEIR_STEP_SAMPLES, .fd = -1 };

	return run_all(&u, r);
}

int weir_samples_kernel(int fd, const struct weir_view *v, const struct weir_live *live,
			struct weir_refusal *r)
{
	struct run u = { .v = v, .live = live, .step = WEIR_STEP_KERNEL_SAMPLES, .fd = fd };

	return run_all(&u, r);
}
