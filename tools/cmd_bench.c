// SPDX-License-Identifier: GPL-2.0
/* weirc bench: what the evaluation of events costs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench_rules.h"

#define ROUNDS 11 /* odd: the median is one of them */
#define ROUND_NS 20000000ull /* a round repeats the events until it lasts this long */

const char weir_help_bench[] =
	"usage: weirc bench [--by-rule] [--schema FILE] FILE EVENTS.jsonl\n"
	"\n"
	"Evaluates the events of EVENTS.jsonl with the content of the channel file FILE, over and\n"
	"over, and prints one JSON object:\n"
	"\n"
	"  events           events in the file\n"
	"  ns_per_event     nanoseconds of one evaluation: the median of 11 rounds of at least\n"
	"                   20 ms, after one round to warm up; reading JSON is not measured\n"
	"  steps_per_event  the interpreter's own count of work, the mean; does not vary\n"
	"  max_steps        of the most expensive event\n"
	"  scratch_bytes    memory that the caller lends to an evaluation\n"
	"  content_bytes    size of the content without its signature\n"
	"\n"
	"With --by-rule the events are evaluated once, and a table tells of each rule, the "
	"dearest\n"
	"first, its share of all steps, how often something woke it, how often it was evaluated\n"
	"(which some are on every event), and how often it matched. A criterion that rules share\n"
	"is counted with the first that asks it; what looking up the events takes, and waking\n"
	"rules, is told as that of the index.\n"
	"\n"
	"  --by-rule      what each rule costs\n"
	"  --schema FILE  the Template Types, as weirc schema prints them\n"
	"  --json         errors as JSON too, and the table\n";

struct bench {
	struct weir_channel *c;
	struct weir_inputs events;
	uint64_t steps, max_steps; /* over all events, once */
};

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Every event once; the first time also checks that each ends well, and counts steps. */
static int count_steps(struct bench *b)
{
	struct weir_result res;
	size_t i;

	for (i = 0; i < b->events.n; i++) {
		if (weir_channel_eval(b->c, &b->events.in[i]->event, &res))
			return WEIR_EXIT_FAIL;
		b->steps += res.steps;
		if (res.steps > b->max_steps)
			b->max_steps = res.steps;
	}
	return 0;
}

/* Nanoseconds of one evaluation. */
static double round_ns(const struct bench *b)
{
	uint64_t start = now(), spent = 0, done = 0;
	struct weir_result res;
	size_t i;

	while (spent < ROUND_NS) {
		for (i = 0; i < b->events.n; i++)
			weir_channel_eval(b->c, &b->events.in[i]->event, &res);
		done += b->events.n;
		spent = now() - start;
	}
	return (double)spent / (double)done;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int measure(struct bench *b)
{
	double ns[ROUNDS];
	json_t *o;
	int i;

	if (count_steps(b))
		return WEIR_EXIT_FAIL;
	round_ns(b);
	for (i = 0; i < ROUNDS; i++)
		ns[i] = round_ns(b);
	qsort(ns, ROUNDS, sizeof(ns[0]), compare);
	o = json_pack("{s:I, s:f, s:f, s:I, s:I, s:I}", "events", (json_int_t)b->events.n,
		      "ns_per_event", ns[ROUNDS / 2], "steps_per_event",
		      (double)b->steps / (double)b->events.n, "max_steps", (json_int_t)b->max_steps,
		      "scratch_bytes", (json_int_t)b->c->about.scratch, "content_bytes",
		      (json_int_t)b->c->view.n);
	json_dumpf(o, stdout, JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(o);
	if (fflush(stdout))
		return weir_fail("standard output cannot be written: %s", strerror(errno));
	return WEIR_EXIT_OK;
}

int weir_cmd_bench(int argc, char **argv)
{
	struct weir_channel_args args;
	struct weir_channel c;
	struct bench b = { .c = &c };
	int ret = weir_channel_args(argc, argv, 2, WEIR_TAKES_BY_RULE, &args);

	if (ret)
		return ret;
	if (weir_channel_open(args.path[0], args.schema, &c))
		return WEIR_EXIT_FAIL;
	ret = weir_inputs_open(args.path[1], &c.types, &b.events);
	if (!ret)
		ret = args.by_rule ? weir_bench_rules(&c, &b.events) : measure(&b);
	weir_inputs_close(&b.events);
	weir_channel_close(&c);
	return ret;
}
