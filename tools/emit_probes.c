// SPDX-License-Identifier: GPL-2.0
/* Few probes: by which of its windows each operand is known, so that an event costs little. */
#include <stdlib.h>

#include "emit_probes.h"

/* Counts, by hash. Two that share a place count as one, which spoils no more than a choice. */
#define CELLS 0x100000u
#define PROBES 0x4000u
/* Instructions, about: a probe in vain; a window that is there; and each entry that it leads to. */
#define COST_PROBE 70.0
#define COST_FOUND 150.0
#define COST_ENTRY 30.0
/*
 * A profile is of other events. In so many of those that come a probe finds a window that is common
 * after all: likely one that is common among the operands.
 */
#define DOUBT 0.2
#define NONE UINT32_MAX

/* A window that an operand could be known by. */
struct option {
	struct weir_index_window w;
	uint32_t probe, cell;
	double cost;
};

struct operand {
	uint32_t option, n; /* its options */
	uint32_t chosen; /* one of them */
	uint32_t next; /* operand of the same probe */
};

struct choice {
	struct option *option;
	struct operand *operand;
	uint32_t noptions, noperands;
	uint32_t crowd[CELLS]; /* options with a window */
	uint32_t options[PROBES]; /* and with any window of a probe */
	uint32_t first[PROBES]; /* operand that is known by a probe */
	uint8_t dropped[PROBES];
};

/* The windows of one operand, one after the other. */
struct windows {
	const struct weir_profile *p;
	const struct weir_test *t;
	struct weir_profile_windows in;
	uint32_t i, k;
};

static struct windows windows_of(const struct weir_profile *p, const struct weir_test *t,
				 uint32_t i)
{
	struct windows s = { .p = p, .t = t, .i = i };

	if (weir_index_is_text(t))
		s.in = weir_profile_windows(p, t->type, t->field);
	return s;
}

/* Return: 0 if there is none left. */
static int take_window(struct windows *s, struct option *out)
{
	const struct weir_test *t = s->t;
	uint32_t hash, k = s->k++;

	if (!weir_index_is_text(t) && (k || weir_index_window(s->p, t, s->i, &out->w)))
		return 0;
	if (weir_index_is_text(t) && weir_index_window_at(&s->in, t, s->i, k, &out->w))
		return 0;
	hash = mix(mix(mix(t->type->id) + out->w.field * 8u + out->w.where) + out->w.at * 16u +
		   out->w.width);
	out->probe = hash % PROBES;
	out->cell = mix(hash + out->w.tag) % CELLS;
	return 1;
}

static void count_operand(struct choice *c, const struct weir_profile *p, const struct weir_test *t,
			  uint32_t i)
{
	struct windows s = windows_of(p, t, i);
	struct option o;

	while (take_window(&s, &o)) {
		c->crowd[o.cell]++;
		c->options[o.probe]++;
	}
}

/*
 * What an event pays for an option. All windows of CONTAINS are looked up, and any of them may be
 * in an event that someone made: there, crowds are what costs.
 */
static double cost_of(const struct choice *c, const struct option *o)
{
	double crowd = c->crowd[o->cell];

	if (o->w.where == WEIR_AT_ALL)
		return o->w.rate * crowd;
	return o->w.rate * (COST_ENTRY + COST_FOUND / crowd) +
	       DOUBT * COST_ENTRY * crowd / c->options[o->probe];
}

/* All options of an operand; of CONTAINS, which has one probe, the cheapest. */
static void add_operand(struct choice *c, const struct weir_profile *p, const struct weir_test *t,
			uint32_t i)
{
	struct windows s = windows_of(p, t, i);
	struct operand *x;
	struct option o;

	c->operand = weir_realloc(c->operand, c->noperands + 1, sizeof(*c->operand));
	x = &c->operand[c->noperands++];
	*x = (struct operand){ .option = c->noptions };
	while (take_window(&s, &o)) {
		o.cost = cost_of(c, &o);
		if (!x->n || o.w.where != WEIR_AT_ALL) {
			c->option = weir_realloc(c->option, c->noptions + 1, sizeof(*c->option));
			c->option[c->noptions++] = o;
			x->n++;
		} else if (o.cost < c->option[x->option].cost) {
			c->option[x->option] = o;
		}
	}
}

/* The cheapest option of an operand whose probe was not dropped and is not @without. */
static uint32_t cheapest(const struct choice *c, const struct operand *x, uint32_t without)
{
	uint32_t k, best = NONE;

	for (k = x->option; k < x->option + x->n; k++)
		if (c->option[k].probe != without && !c->dropped[c->option[k].probe] &&
		    (best == NONE || c->option[k].cost < c->option[best].cost))
			best = k;
	return best;
}

static void choose(struct choice *c, uint32_t i, uint32_t option)
{
	uint32_t *first = &c->first[c->option[option].probe];

	c->operand[i].chosen = option;
	c->operand[i].next = *first;
	*first = i;
}

/* Whether all operands of a probe have another, and what they have to do there costs less. */
static int is_dear(const struct choice *c, uint32_t probe)
{
	double more = 0;
	uint32_t i, k;

	for (i = c->first[probe]; i != NONE; i = c->operand[i].next) {
		k = cheapest(c, &c->operand[i], probe);
		if (k == NONE)
			return 0;
		more += c->option[k].cost - c->option[c->operand[i].chosen].cost;
	}
	return more < COST_PROBE;
}

static int drop(struct choice *c, uint32_t probe)
{
	uint32_t i = c->first[probe], next;

	if (i == NONE || !is_dear(c, probe))
		return 0;
	c->dropped[probe] = 1;
	c->first[probe] = NONE;
	for (; i != NONE; i = next) {
		next = c->operand[i].next;
		choose(c, i, cheapest(c, &c->operand[i], probe));
	}
	return 1;
}

struct weir_index_window *weir_index_windows(const struct weir_profile *p,
					     struct weir_test *const *test, uint32_t n)
{
	struct choice *c = weir_alloc(1, sizeof(*c));
	struct weir_index_window *out;
	uint32_t i, k;
	int again;

	for (i = 0; i < n; i++)
		for (k = 0; test[i]->indexed && k < test[i]->n; k++)
			count_operand(c, p, test[i], k);
	for (i = 0; i < n; i++)
		for (k = 0; test[i]->indexed && k < test[i]->n; k++)
			add_operand(c, p, test[i], k);
	for (i = 0; i < PROBES; i++)
		c->first[i] = NONE;
	for (i = 0; i < c->noperands; i++)
		choose(c, i, cheapest(c, &c->operand[i], NONE));
	do {
		for (again = 0, i = 0; i < PROBES; i++)
			again += drop(c, i);
	} while (again);

	out = weir_alloc(c->noperands, sizeof(*out));
	for (i = 0; i < c->noperands; i++)
		out[i] = c->option[c->operand[i].chosen].w;
	free(c->option);
	free(c->operand);
	free(c);
	return out;
}
