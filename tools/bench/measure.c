// SPDX-License-Identifier: GPL-2.0
/* Turns of all engines over the same events, one after the other, and medians of them. */
#include <emmintrin.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "bench.h"

#define ROUNDS_MAX 15
#define ROUNDS_MIN 3
#define TURN_NS 5000000ull /* a turn repeats the events until it lasts this long */
#define AT_ONCE 100 /* events between two looks at the clock */
#define LINE 64
#define CACHE (4u << 20) /* more than the caches that a core has to itself */

struct bench_run {
	struct bench_engine *e;
	double ns[ROUNDS_MAX];
	uint32_t rounds;
	size_t next; /* event */
	double spent; /* nanoseconds */
};

static uint64_t read_clock(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Time that this thread ran: what others do on a busy machine is left out. */
static uint64_t ran_ns(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

double bench_ms(void)
{
	return (double)ran_ns() / 1e6;
}

void bench_flush(const void *p, size_t n)
{
	const char *at = p;
	size_t i;

	for (i = 0; i < n; i += LINE)
		_mm_clflush(at + i);
	if (n)
		_mm_clflush(at + n - 1);
	_mm_mfence();
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Says which instance the engines disagree about. */
static int wrong(const struct bench_engine *e, const struct bench_events *ev, size_t i, uint32_t n)
{
	uint32_t k;

	if (n == UINT32_MAX)
		return weir_fail("%s: cannot evaluate event %zu", e->name, i);
	for (k = 0; k < n && k < ev->nwant[i] && e->match[k] == ev->want[i][k]; k++)
		;
	return weir_fail("%s: event %zu matches %u instances, and %u for the naive evaluator; the "
			 "first difference is about instance %u",
			 e->name, i, n, ev->nwant[i],
			 k < n && (k == ev->nwant[i] || e->match[k] < ev->want[i][k])
				 ? e->match[k]
				 : ev->want[i][k]);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The same instances, whatever their order. */
static int check(struct bench_engine *e, const struct bench_events *ev)
{
	uint32_t n;
	size_t i;

	for (i = 0; i < ev->checked; i++) {
		n = e->eval(e, &ev->event[i]);
		if (e->is_floor)
			continue;
		if (n == ev->nwant[i])
			qsort(e->match, n, sizeof(*e->match), by_number);
		if (n != ev->nwant[i] || memcmp(e->match, ev->want[i], n * sizeof(*e->match)))
			return wrong(e, ev, i, n);
	}
	return 0;
}

/* The event into the caches, where a hook has it, which has just written it. */
static void touch(const struct weir_event *e)
{
	uint32_t i, k, sum = 0;

	for (i = 0; i < e->n; i++)
		for (k = 0; e->v[i].ptr && k < e->v[i].len; k++)
			sum += e->v[i].ptr[k];
	__asm__ volatile("" : : "r"(sum));
}

/* All events, again until it is long enough; or those that come next, if all take too long. */
static void turn(struct bench_run *r, const struct bench_events *ev, const struct bench_plan *plan)
{
	uint64_t most = (uint64_t)(plan->seconds * 1e9), began, spent = 0, done = 0;
	size_t i;

	do {
		for (i = 0; i < AT_ONCE && plan->near; i++)
			touch(&ev->event[(r->next + i) % ev->n]);
		began = ran_ns();
		for (i = 0; i < AT_ONCE; i++) {
			r->e->eval(r->e, &ev->event[r->next]);
			r->next = (r->next + 1) % ev->n;
		}
		done += AT_ONCE;
		spent += ran_ns() - began;
	} while (spent < most && (spent < TURN_NS || done < ev->n));
	r->ns[r->rounds++] = (double)spent / (double)done;
	r->spent += (double)spent;
}

/* Empty the caches that a core has to itself, code and all, and all of what is known to be used. */
static void make_cold(struct bench_engine *e, const struct weir_event *ev, char *walk)
{
	size_t i;

	for (i = 0; i < CACHE; i += LINE)
		walk[i]++;
	__asm__ volatile("" : : "r"(walk) : "memory");
	bench_flush(ev->v, (size_t)((const char *)ev[1].v - (const char *)ev->v));
	bench_flush(ev, sizeof(*ev));
	e->flush(e);
}

/* One evaluation, by the wall clock, which is quick to read; again if somebody came between. */
static double cold_ns(struct bench_engine *e, const struct weir_event *ev, char *walk)
{
	struct rusage before, after;
	uint64_t began, ended;

	do {
		make_cold(e, ev, walk);
		getrusage(RUSAGE_THREAD, &before);
		began = read_clock(CLOCK_MONOTONIC);
		e->eval(e, ev);
		ended = read_clock(CLOCK_MONOTONIC);
		getrusage(RUSAGE_THREAD, &after);
	} while (before.ru_nivcsw != after.ru_nivcsw);
	return (double)(ended - began);
}

static void measure_cold(struct bench_engine *e, const struct bench_events *ev, uint32_t n,
			 json_t *out)
{
	double *ns = weir_alloc(n, sizeof(*ns)), sum = 0;
	char *walk = weir_alloc(CACHE, 1);
	uint32_t i;

	for (i = 0; i < n; i++) {
		ns[i] = cold_ns(e, &ev->event[(size_t)i * ev->n / n], walk);
		sum += ns[i];
	}
	qsort(ns, n, sizeof(*ns), compare);
	json_object_set_new(out, "cold_mean_ns", json_real(sum / n));
	json_object_set_new(out, "cold_p99_ns", json_real(ns[(size_t)n * 99 / 100]));
	free(walk);
	free(ns);
}

static json_t *figures(struct bench_run *r, const struct bench_events *ev,
		       const struct bench_plan *plan)
{
	json_t *o = json_pack("{s:s}", "about", r->e->about);

	if (!r->e->opened) {
		json_object_set_new(o, "skipped", json_string(r->e->why));
		return o;
	}
	qsort(r->ns, r->rounds, sizeof(r->ns[0]), compare);
	json_object_set_new(o, "ns_per_event", json_real(r->ns[r->rounds / 2]));
	json_object_set_new(o, "min_ns", json_real(r->ns[0]));
	json_object_set_new(o, "max_ns", json_real(r->ns[r->rounds - 1]));
	json_object_set_new(o, "rounds", json_integer(r->rounds));
	if (r->e->build_ms > 0)
		json_object_set_new(o, "compile_ms", json_real(r->e->build_ms));
	if (r->e->memory)
		json_object_set_new(o, "memory_bytes", json_integer((json_int_t)r->e->memory));
	if (plan->cold && r->e->flush)
		measure_cold(r->e, ev, plan->cold, o);
	return o;
}

static int chosen(const struct bench_engine *e, const struct bench_plan *plan)
{
	const char *at = plan->only;
	size_t n = strlen(e->name);

	while (at && *at) {
		if (!strncmp(at, e->name, n) && (!at[n] || at[n] == ','))
			return 1;
		at = strchr(at, ',');
		at += !!at;
	}
	return !plan->only;
}

/* Rounds in which each engine has its turn, until each has used up its time. */
static void take_turns(struct bench_run *r, size_t n, const struct bench_events *ev,
		       const struct bench_plan *plan)
{
	int left = 1;
	size_t i;

	while (left) {
		left = 0;
		for (i = 0; i < n; i++) {
			if (!r[i].e->opened || r[i].rounds == ROUNDS_MAX ||
			    (r[i].rounds >= ROUNDS_MIN && r[i].spent > plan->seconds * 1e9))
				continue;
			turn(&r[i], ev, plan);
			left = 1;
		}
	}
}

static void close_all(struct bench_run *r, size_t n)
{
	for (; n; n--) {
		struct bench_engine *e = r[n - 1].e;

		if (e->own)
			e->close(e);
		free(e->match);
	}
}

json_t *bench_measure(const struct bench_content *c, const struct bench_events *ev,
		      const struct bench_plan *plan)
{
	struct bench_run r[16] = { 0 };
	json_t *out = json_object();
	size_t n = 0, i;
	int bad = 0;

	for (i = 0; bench_engines[i] && !bad; i++) {
		if (!chosen(bench_engines[i], plan))
			continue;
		r[n].e = bench_engines[i];
		r[n].e->opened = !r[n].e->open(r[n].e, c);
		bad = r[n].e->opened && check(r[n].e, ev);
		n++;
	}
	if (!bad)
		take_turns(r, n, ev, plan);
	for (i = 0; i < n && !bad; i++)
		json_object_set_new(out, r[i].e->name, figures(&r[i], ev, plan));
	close_all(r, n);
	if (!bad)
		return out;
	json_decref(out);
	return NULL;
}
