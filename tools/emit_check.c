// SPDX-License-Identifier: GPL-2.0
/*
 * Sample events run in the real interpreter, with the matching index and without; the file passes
 * the real verifier.
 */
#include <stdlib.h>
#include <string.h>

#include "emit_check.h"
#include "emit_slow.h"
#include "plain.h"

/* What evaluating a file takes. */
struct bench {
	struct weir_view view;
	struct weir_run run;
	struct weir_value value[WEIR_ARITY_MAX];
	uint64_t cost;
	uint32_t reached[WEIR_ACTION_WORDS]; /* scratch of weir_actions() */
};

static int internal(const char *what, const struct weir_error *err)
{
	if (!err)
		return weir_fail("internal error: %s", what);
	return weir_fail("internal error: %s: %s (%s, offset %u)", what, weir_strerror(err->code),
			 weir_section_name(err->section), err->offset);
}

/* Write the file, open it, and put in the cost that the core computes. */
static int write_and_open(struct weir_emit *e, struct weir_buffer *out, struct bench *b)
{
	struct weir_error err;
	char blamed[2048];
	const char *wrong = weir_emit_write(e, out);

	if (wrong)
		return weir_fail("the rules are too much for one channel file: %s", wrong);
	if (weir_open(out->p, out->n, &b->view, &err))
		return internal("the file made cannot be opened", &err);
	b->cost = weir_cost(&b->view);
	if (!b->cost)
		return internal("the file made has no cost", NULL);
	if (b->cost > WEIR_COST_MAX) {
		weir_slow_blame(e, &b->view, blamed, sizeof(blamed));
		return weir_fail("the rules are too much for one channel file: at worst an event "
				 "would take more than 2^36 steps, because of %s: split them over "
				 "several channels, or give them fewer or shorter values",
				 blamed);
	}
	weir_emit_cost(out, b->cost);
	return 0;
}

static void prepare_run(struct bench *b, uint32_t nrules)
{
	struct weir_about about;

	weir_about(&b->view, &about);
	b->run.nscratch = about.scratch / 4;
	b->run.scratch = weir_alloc(b->run.nscratch, sizeof(*b->run.scratch));
	b->run.match = weir_alloc(nrules, sizeof(*b->run.match));
	b->run.cap = nrules;
	b->run.fuel = b->cost;
}

/* The same has to match without the index. */
static int check_index(const struct weir_emit *made, const struct bench *b, uint32_t i,
		       const struct weir_event *e, uint32_t nmatch)
{
	uint32_t wrong = WEIR_NOWHERE;

	if (weir_plain_due(&b->view, i))
		wrong = weir_plain_differs(&b->view, e, b->run.match, nmatch);
	if (wrong == WEIR_NOWHERE)
		return 0;
	return weir_fail("internal error: the matching index is wrong about a sample event and the "
			 "rule \"%s\"",
			 made->rule[wrong]->title);
}

static int run_sample(const struct weir_emit *made, struct bench *b, uint32_t i,
		      struct weir_expect *out)
{
	struct weir_result res;
	struct weir_event e;
	int ret;

	if (weir_sample(&b->view, i, b->value, WEIR_ARITY_MAX, &e))
		return internal("a sample event cannot be read back", NULL);
	weir_eval(&b->view, &e, &b->run, &res);
	if (res.status != WEIR_DONE || res.trips)
		return internal("a sample event trips the interpreter", NULL);
	ret = check_index(made, b, i, &e, res.nmatch);
	if (ret)
		return ret;
	out->n = res.nmatch;
	out->instance = weir_alloc(res.nmatch, sizeof(*out->instance));
	memcpy(out->instance, b->run.match, res.nmatch * sizeof(*out->instance));
	return 0;
}

static void check_sample(struct weir_sigma *s, const struct weir_rule *r,
			 const struct weir_sample_event *ev, const struct weir_expect *got)
{
	int matched;
	uint32_t i;

	for (i = 0; i < got->n && got->instance[i] != r->number; i++)
		;
	matched = i < got->n;
	if (matched == ev->match)
		return;
	s->file = r->file;
	s->title = r->title;
	s->failed = 0;
	weir_sigma_error(s, ev->line, NULL,
			 ev->match ? "the sample event is to match the rule, but does not"
				   : "the sample event is not to match the rule, but does");
}

/* Find out what each sample event matches; complain where its rule says otherwise. */
static int run_samples(struct weir_sigma *s, struct weir_emit *e, struct bench *b,
		       struct weir_expect *expect)
{
	size_t before = s->errors.n, j;
	uint32_t i, n = 0;
	int ret;

	for (i = 0; i < e->nrules; i++) {
		for (j = 0; j < e->rule[i]->nsamples; j++, n++) {
			ret = run_sample(e, b, n, &expect[n]);
			if (ret)
				return ret;
			check_sample(s, e->rule[i], &e->rule[i]->sample[j], &expect[n]);
		}
	}
	return s->errors.n > before ? WEIR_EXIT_FAIL : 0;
}

/* The last word: the verifier on all of it, and the samples as the file itself states them. */
static int verify(const struct weir_sigma *s, struct bench *b, uint32_t nsamples,
		  const struct weir_expect *expect)
{
	struct weir_error err;
	uint32_t i;

	if (weir_verify(&b->view, &s->types->schema, &err) ||
	    weir_actions(&b->view, &s->types->schema, b->reached, &err))
		return internal("the file made does not verify", &err);
	for (i = 0; i < nsamples; i++)
		if (!weir_sample_ok(&b->view, i, expect[i].instance, expect[i].n))
			return internal("a sample event lost what it expects", NULL);
	return 0;
}

static void warn_of_cost(struct weir_sigma *s, const struct weir_emit *e, const struct bench *b)
{
	char blamed[2048];

	weir_slow_blame(e, &b->view, blamed, sizeof(blamed));
	s->file = NULL;
	s->title = NULL;
	weir_sigma_warning(s, 0,
			   "at worst an event takes %llu steps, because of %s: the kernel does not "
			   "accept more than 2^28 unless its parameter max_cost says so",
			   (unsigned long long)b->cost, blamed);
}

int weir_emit_checked(struct weir_sigma *s, const struct weir_emit_head *head,
		      struct weir_buffer *out, uint64_t *cost)
{
	struct weir_expect *expect;
	struct bench *b = weir_alloc(1, sizeof(*b));
	uint32_t i, nsamples = 0;
	struct weir_emit e;
	int ret;

	weir_emit_prepare(s, head, &e);
	weir_slow_warn(s);
	for (i = 0; i < e.nrules; i++)
		nsamples += e.rule[i]->nsamples;
	expect = weir_alloc(nsamples, sizeof(*expect));
	ret = write_and_open(&e, out, b);
	if (ret)
		goto out_free;
	prepare_run(b, e.nrules);
	ret = run_samples(s, &e, b, expect);
	if (ret)
		goto out_free;
	e.expect = expect;
	ret = write_and_open(&e, out, b);
	if (!ret)
		ret = verify(s, b, nsamples, expect);
	if (!ret && b->cost > WEIR_COST_USUAL)
		warn_of_cost(s, &e, b);
	*cost = b->cost;

out_free:
	for (i = 0; i < nsamples; i++)
		free(expect[i].instance);
	free(expect);
	free(b->run.scratch);
	free(b->run.match);
	free(b);
	weir_emit_free(&e);
	return ret;
}
