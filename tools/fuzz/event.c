// SPDX-License-Identifier: GPL-2.0
/* Events for fuzzing, and the promises that an evaluation keeps. */
#include <stdlib.h>
#include <string.h>

#include "content.h"
#include "event.h"
#include "plain.h"

#define SCRATCH_MAX 0x20000u /* of bytes refused by the verifier; they may claim anything */
#define COMPARED_MAX 256u /* instances: beyond, comparing would take too long to be of use */
#define MADE 2 /* accepted, and made by the compiler */
#define EVENTS 8u /* of a type that accepted content is about */
#define MATCHES 64u /* room for them, mostly */
#define FUEL_REFUSED 200000u
#define FUEL_ACCEPTED 2000000u /* beyond it a run would take too long to be of use */

static const char *const texts[] = {
	"",	 "/usr/bin/bash", "bash -c id", "/tmp/x.sh",
	"aXbXc", "-enc abab",	  "ROOT",	"\n",
	"a\nb",	 "~/q",		  "wget b|zSh", "/var/www/cgi-bin/jq~",
};

const struct weir_schema *weir_fuzz_schema(void)
{
	static struct weir_schema_type types[WEIR_NTYPES];
	static struct weir_schema schema;
	uint32_t i;

	if (!schema.n) {
		for (i = 0; i < WEIR_NTYPES; i++)
			weir_schema_type(&weir_types[i], ~0ull, &types[i]);
		schema.t = types;
		schema.n = WEIR_NTYPES;
	}
	return &schema;
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* A literal of the content, so that events have what it looks for; or a text of those above. */
static uint32_t pick_text(const struct weir_view *v, uint32_t *seed, const uint8_t **out)
{
	const char *text = texts[next(seed) % (sizeof(texts) / sizeof(texts[0]))];
	struct rlit l;

	if (v->nlits && next(seed) % 2) {
		l = get_lit(*v, next(seed) % v->nlits);
		*out = v->b + v->pool + l.off;
		if (l.off <= v->npool && l.len <= v->npool - l.off)
			return l.len;
	}
	*out = (const uint8_t *)text;
	return (uint32_t)strlen(text);
}

/* The text with a few bytes in front and behind, in a heap block of exactly its size. */
static void make_text(const struct weir_view *v, struct weir_value *val, uint32_t *seed)
{
	uint32_t front = next(seed) % 4 ? 0 : next(seed) % 4;
	uint32_t behind = next(seed) % 4 ? 0 : next(seed) % 4;
	const uint8_t *text;
	uint32_t n = pick_text(v, seed, &text);
	uint8_t *p = malloc(front + n + behind ? front + n + behind : 1);

	if (!p)
		abort();
	memset(p, 'a', front + n + behind);
	memcpy(p + front, text, n);
	val->len = front + n + behind;
	val->ptr = p;
}

/* A network's address, if it is of the length wanted; or the same byte over and over. */
static void make_address(const struct weir_view *v, struct weir_value *val, uint32_t *seed)
{
	const uint8_t *text;
	uint32_t n = pick_text(v, seed, &text);
	uint8_t *p;

	val->len = next(seed) % 2 ? 4 : 16;
	p = malloc(val->len);
	if (!p)
		abort();
	if (n == val->len + 1)
		memcpy(p, text, val->len);
	else
		memset(p, (int)(next(seed) % 3), val->len);
	val->ptr = p;
}

static uint64_t make_number(const struct weir_view *v, uint32_t kind, uint32_t *seed)
{
	if (kind == WEIR_KIND_bool)
		return next(seed) % 2;
	if (kind == WEIR_KIND_enum)
		return next(seed) % 3;
	if (v->nnums && next(seed) % 2)
		return get_num(*v, next(seed) % v->nnums).lo;
	return (uint64_t)next(seed) << (next(seed) % 40);
}

static void make_value(const struct weir_view *v, struct weir_value *val, uint32_t kind,
		       uint32_t *seed)
{
	memset(val, 0, sizeof(*val));
	if (next(seed) % 8 == 0)
		return;
	val->kind = kind;
	if (kind == WEIR_KIND_string)
		make_text(v, val, seed);
	else if (kind == WEIR_KIND_ip)
		make_address(v, val, seed);
	else
		val->num = make_number(v, kind, seed);
}

/* weir_actions() found that no instance denies what cannot be denied: none of these did. */
static void check_actions(const struct weir_view *v, const struct weir_event *e,
			  const struct weir_run *run, const struct weir_result *res)
{
	const struct weir_type *t = weir_type_by_id(e->type);
	struct weir_instance inst;
	uint32_t i;

	if (t->selector >= e->n || e->v[t->selector].kind != WEIR_KIND_enum ||
	    !(t->no_deny >> e->v[t->selector].num & 1))
		return;
	for (i = 0; i < res->nmatch && i < run->cap; i++)
		if (weir_instance(v, run->match[i], &inst) || inst.action == WEIR_VERDICT_DENY)
			abort();
}

/* Does an instance ask a DFA that sees a part of the value only, by what its leader is found at? */
static int asks_led(const struct weir_view *v, uint32_t i)
{
	struct rinst inst = get_inst(*v, i);
	struct rcrit r;
	uint32_t k;

	for (k = 0; k < inst.nn; k++) {
		r = get_crit(*v, get_node(*v, inst.node + k).crit);
		if (r.op == WEIR_OP_DFA && get_dfa(*v, r.first).leader)
			return 1;
	}
	return 0;
}

/* A verified index neither misses an instance nor finds one too many. */
static void compare(const struct weir_view *v, const struct weir_event *e, const uint32_t *match,
		    uint32_t n, int made)
{
	uint32_t wrong = weir_plain_differs(v, e, match, n);

	if (wrong != WEIR_NOWHERE && (made || !asks_led(v, wrong)))
		abort();
}

static void check(const struct weir_view *v, const struct weir_event *e, const struct weir_run *run,
		  const struct weir_result *res, int accepted)
{
	uint32_t i;

	if (res->steps > run->fuel || res->verdict >= WEIR_VERDICT_END || res->nmatch > v->ninsts)
		abort();
	for (i = 1; i < res->nmatch && i < run->cap; i++)
		if (run->match[i - 1] >= run->match[i])
			abort();
	if (!accepted)
		return;
	if (res->status == WEIR_FAULT || (res->status == WEIR_FUEL && run->fuel != FUEL_ACCEPTED))
		abort();
	if (res->trips && e->n == weir_type_by_id(e->type)->arity)
		abort();
	if (res->status == WEIR_DONE && res->nmatch <= run->cap && v->ninsts <= COMPARED_MAX)
		compare(v, e, run->match, res->nmatch, accepted == MADE);
}

/* Whether every action can be applied, with scratch in a heap block of exactly its size. */
static int applicable(const struct weir_view *v)
{
	uint32_t *scratch = malloc(WEIR_ACTION_WORDS * sizeof(*scratch));
	struct weir_error err;
	int ret;

	if (!scratch)
		abort();
	memset(scratch, 0xa5, WEIR_ACTION_WORDS * sizeof(*scratch));
	ret = !weir_actions(v, weir_fuzz_schema(), scratch, &err);
	free(scratch);
	return ret;
}

static void eval_type(const struct weir_view *v, const struct weir_type *t, int accepted,
		      int deniable, uint32_t *seed)
{
	struct weir_value val[WEIR_ARITY_MAX];
	struct weir_about about;
	struct weir_result res;
	struct weir_event e = { val, t->arity, t->id };
	struct weir_run run = { 0 };
	uint32_t i;

	weir_about(v, &about);
	for (i = 0; i < t->arity; i++)
		make_value(v, &val[i], t->fields[i].kind, seed);
	/* Now and then an event that carries fewer fields than its type declares. */
	if (next(seed) % 4 == 0)
		e.n = next(seed) % (t->arity + 1);
	run.nscratch = (accepted || about.scratch < SCRATCH_MAX ? about.scratch : SCRATCH_MAX) / 4;
	run.scratch = malloc(run.nscratch ? run.nscratch * 4 : 1);
	run.cap = next(seed) % 4 ? MATCHES : next(seed) % 4;
	run.match = malloc(run.cap ? run.cap * sizeof(*run.match) : 1);
	run.fuel = accepted ? about.cost : FUEL_REFUSED;
	if (run.fuel > FUEL_ACCEPTED)
		run.fuel = FUEL_ACCEPTED;
	if (!run.scratch || !run.match)
		abort();
	memset(run.scratch, 0xa5, run.nscratch * 4);
	weir_eval(v, &e, &run, &res);
	check(v, &e, &run, &res, accepted);
	if (deniable)
		check_actions(v, &e, &run, &res);
	for (i = 0; accepted && i < v->ncrits && i < 64; i++)
		if (weir_criterion(v, &e, i) > 1)
			abort();
	for (i = 0; i < t->arity; i++)
		free((void *)val[i].ptr);
	free(run.scratch);
	free(run.match);
}

static void run_samples(const struct weir_view *v)
{
	struct weir_value val[WEIR_ARITY_MAX];
	struct weir_event e;
	uint32_t i;

	for (i = 0; i < v->nsamples && i < 64; i++)
		if (weir_sample(v, i, val, WEIR_ARITY_MAX, &e))
			abort();
}

int weir_fuzz_content(const uint8_t *p, size_t n, uint32_t seed, int made)
{
	struct weir_instance inst;
	struct weir_error err;
	struct weir_view v;
	uint32_t i;
	int accepted, deniable;

	if (n > 0xffffffffu || weir_open(p, (uint32_t)n, &v, &err))
		return 0;
	accepted = weir_verify(&v, weir_fuzz_schema(), &err) == WEIR_E_OK;
	if (accepted && made)
		accepted = MADE;
	deniable = applicable(&v) && accepted;
	for (i = 0; i < WEIR_NTYPES; i++) {
		/* More of what the content is about. */
		n = accepted && weir_uses(&v, weir_types[i].id) ? EVENTS : 1;
		for (; n; n--)
			eval_type(&v, &weir_types[i], accepted, deniable, &seed);
		if (accepted &&
		    !weir_uses(&v, weir_types[i].id) != !weir_wanted(&v, weir_types[i].id))
			abort();
	}
	for (i = 0; i <= v.ninsts && i < 64; i++)
		if (weir_instance(&v, i, &inst) && accepted && i < v.ninsts)
			abort();
	if (accepted)
		run_samples(&v);
	return accepted != 0;
}
