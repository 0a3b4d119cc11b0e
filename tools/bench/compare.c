// SPDX-License-Identifier: GPL-2.0
/* Compares engines on one content and one set of events, in one process. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static const char help[] =
	"usage: compare [OPTIONS] FILE.weir EVENTS.jsonl\n"
	"\n"
	"Evaluates the events with each engine in turn, checks every match against a naive\n"
	"evaluator, and prints one JSON object: sizes and times, nanoseconds an event by engine.\n"
	"\n"
	"  --schema FILE    other Template Types, as weirc schema prints them\n"
	"  --trained FILE   the same rules, compiled with a profile: one engine more\n"
	"  --patterns FILE  JSON lines {\"id\", \"regex\", \"glob\"}: what DFAs were made of\n"
	"  --engines A,B    only these\n"
	"  --seconds N      for each engine, 0.5 without it; 3 turns at least, each of all\n"
	"                   events or of as many as that time takes\n"
	"  --cold N         events that are evaluated with cold caches, 0 without it\n"
	"  --near           events are in the caches, where a hook has them, not in memory;\n"
	"                   --cold is not changed by it\n"
	"  --check N        check the matches of so many events, all without it\n"
	"\n"
	"Exit codes: 0, 1 if an engine is wrong or a file cannot be read, 2 usage.\n";

/* What each event is to match, from the plainest evaluator. */
static void expect(const struct bench_content *c, struct bench_events *ev, size_t i)
{
	const struct weir_event *e = &ev->event[i];
	uint32_t t = bench_type_of(c, e), k;
	uint32_t *found = weir_alloc(c->ninsts, sizeof(*found));

	for (k = 0; t < c->ntypes && k < c->type[t].n; k++)
		if (bench_matches(c, c->type[t].first + k, e))
			found[ev->nwant[i]++] = c->type[t].first + k;
	ev->matches += ev->nwant[i];
	ev->want[i] = weir_realloc(found, ev->nwant[i] + 1, sizeof(*found));
}

/* How many values an event and the bytes of its values take the room of. */
static size_t room_of(const struct weir_event *e)
{
	size_t bytes = 0;
	uint32_t i;

	for (i = 0; i < e->n; i++)
		bytes += e->v[i].ptr ? e->v[i].len : 0;
	return e->n + (bytes + sizeof(*e->v) - 1) / sizeof(*e->v);
}

/* A copy of an event; its bytes follow its values. */
static struct weir_event pack(const struct weir_event *e, struct weir_value *to)
{
	uint8_t *at = (uint8_t *)(to + e->n);
	struct weir_event copy = *e;
	uint32_t i;

	for (i = 0; i < e->n; i++) {
		to[i] = e->v[i];
		if (!to[i].ptr)
			continue;
		memcpy(at, to[i].ptr, to[i].len);
		to[i].ptr = at;
		at += to[i].len;
	}
	copy.v = to;
	return copy;
}

static void pack_all(const struct weir_inputs *in, struct bench_events *out)
{
	size_t i, room = 0;

	for (i = 0; i < in->n; i++)
		room += room_of(&in->in[i]->event);
	out->n = in->n;
	out->memory = weir_alloc(room, sizeof(*out->memory));
	out->event = weir_alloc(in->n + 1, sizeof(*out->event));
	for (i = 0, room = 0; i < in->n; i++) {
		out->event[i] = pack(&in->in[i]->event, out->memory + room);
		room += room_of(&in->in[i]->event);
	}
	out->event[i].v = out->memory + room;
}

int bench_events_open(const struct bench_content *c, const char *path, uint32_t check,
		      struct bench_events *out)
{
	struct weir_inputs in;
	size_t i;

	memset(out, 0, sizeof(*out));
	if (weir_inputs_open(path, &c->ch->types, &in)) {
		weir_inputs_close(&in);
		return WEIR_EXIT_FAIL;
	}
	pack_all(&in, out);
	weir_inputs_close(&in);
	out->want = weir_alloc(out->n, sizeof(*out->want));
	out->nwant = weir_alloc(out->n, sizeof(*out->nwant));
	out->checked = check && check < out->n ? check : out->n;
	for (i = 0; i < out->checked; i++)
		expect(c, out, i);
	return 0;
}

void bench_events_close(struct bench_events *ev)
{
	size_t i;

	for (i = 0; ev->want && i < ev->n; i++)
		free(ev->want[i]);
	free(ev->memory);
	free(ev->event);
	free(ev->want);
	free(ev->nwant);
}

/* Milliseconds to open and verify the content, the best of some. */
static double verify_ms(const struct weir_channel *ch)
{
	struct weir_error err;
	struct weir_view v;
	double began, best = 0;
	int i;

	for (i = 0; i < 5; i++) {
		began = bench_ms();
		if (weir_open(ch->view.b, ch->view.n, &v, &err) ||
		    weir_verify(&v, &ch->types.schema, &err))
			return -1;
		if (!i || bench_ms() - began < best)
			best = bench_ms() - began;
	}
	return best;
}

static json_t *about(const struct bench_content *c, const struct bench_events *ev)
{
	const struct weir_view *v = &c->ch->view;
	uint32_t samples = v->nsamples * WEIR_SZ_SAMPLE + v->nsvals * WEIR_SZ_VALUE +
			   v->nsexps * WEIR_SZ_EXPECT + v->nsdata;
	uint32_t rest = v->n - v->ntext - 16 * v->ninsts - samples;

	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:I, s:f}",
			 "instances", (json_int_t)c->ninsts, "criteria", (json_int_t)c->ncrits,
			 "events", (json_int_t)ev->n, "checked", (json_int_t)ev->checked, "matches",
			 (json_int_t)ev->matches, "content_bytes", (json_int_t)v->n, "title_bytes",
			 (json_int_t)v->ntext, "uuid_bytes", (json_int_t)v->ninsts * 16,
			 "sample_bytes", (json_int_t)samples, "matching_bytes", (json_int_t)rest,
			 "bytes_per_instance", (double)rest / c->ninsts, "scratch_bytes",
			 (json_int_t)c->ch->about.scratch, "verify_ms", verify_ms(c->ch));
}

static int run(const char *const *path, const char *schema, const char *patterns,
	       const struct bench_plan *plan)
{
	struct bench_events ev = { 0 };
	struct bench_content c;
	struct weir_channel ch;
	json_t *o, *engines = NULL;

	if (weir_channel_open(path[0], schema, &ch))
		return WEIR_EXIT_FAIL;
	if (!bench_content_open(&ch, patterns, &c)) {
		c.schema = schema;
		if (!bench_events_open(&c, path[1], plan->check, &ev))
			engines = bench_measure(&c, &ev, plan);
		if (engines) {
			o = about(&c, &ev);
			json_object_set_new(o, "engines", engines);
			json_dumpf(o, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
			putchar('\n');
			json_decref(o);
		}
		bench_events_close(&ev);
	}
	bench_content_close(&c);
	weir_channel_close(&ch);
	if (fflush(stdout))
		return weir_fail("standard output cannot be written: %s", strerror(errno));
	return engines ? WEIR_EXIT_OK : WEIR_EXIT_FAIL;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "patterns", required_argument, NULL, 'p' },
						 { "schema", required_argument, NULL, 'm' },
						 { "trained", required_argument, NULL, 't' },
						 { "engines", required_argument, NULL, 'e' },
						 { "seconds", required_argument, NULL, 's' },
						 { "cold", required_argument, NULL, 'c' },
						 { "check", required_argument, NULL, 'k' },
						 { "near", no_argument, NULL, 'n' },
						 { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	struct bench_plan plan = { .seconds = 0.5 };
	const char *patterns = NULL, *schema = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'p')
			patterns = optarg;
		else if (c == 'm')
			schema = optarg;
		else if (c == 't')
			bench_trained.with = optarg;
		else if (c == 'e')
			plan.only = optarg;
		else if (c == 's')
			plan.seconds = strtod(optarg, NULL);
		else if (c == 'c')
			plan.cold = (uint32_t)strtoul(optarg, NULL, 10);
		else if (c == 'n')
			plan.near = 1;
		else if (c == 'k')
			plan.check = (uint32_t)strtoul(optarg, NULL, 10);
		else
			return fputs(help, c == 'h' ? stdout : stderr) < 0 || c != 'h' ? 2 : 0;
	}
	if (argc - optind != 2) {
		fputs(help, stderr);
		return WEIR_EXIT_USAGE;
	}
	return run((const char *const *)argv + optind, schema, patterns, &plan);
}
