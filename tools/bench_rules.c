// SPDX-License-Identifier: GPL-2.0
/*
 * weirc bench --by-rule: what each rule costs on events. The interpreter does not count by rule.
 * What it leaves in the scratch of an evaluation tells which rules were woken and how criteria were
 * decided; with that the way through each program is gone again.
 */
#include <stdlib.h>
#include <string.h>

#include "bench_rules.h"
#include "../interpreter/index.h"

struct count {
	uint32_t rule;
	uint64_t woken, evaluated, matched, steps;
};

struct counts {
	struct weir_channel *c;
	struct scratch s; /* of the event at hand, as the evaluation left it */
	const struct weir_event *event;
	uint8_t *asked; /* a criterion that the index does not decide was asked on this event */
	struct count *rule;
	uint64_t steps; /* of all events */
};

/* Steps of deciding a criterion: none if the index did, or a rule before. */
static uint64_t criterion_steps(struct counts *n, struct rnode node, struct rtype ty)
{
	struct step out = begin(R_FALSE);

	if (node.indexed || n->asked[node.crit])
		return 0;
	n->asked[node.crit] = 1;
	return eval_crit(n->c->view, *n->event, node.crit, ty,
			 reach_of(n->c->view, node.crit, n->s), out, n->c->about.cost)
		.steps;
}

/* The way of an event through a rule's program. */
static void walk(struct counts *n, uint32_t i, struct rtype ty)
{
	struct rinst r = get_inst(n->c->view, i);
	struct rnode node;
	uint32_t to = 0;

	n->rule[i].evaluated++;
	n->rule[i].steps++;
	while (to < WEIR_REJECT) {
		node = get_node(n->c->view, r.node + to);
		n->rule[i].steps += 1 + criterion_steps(n, node, ty);
		to = memo_of(n->s, node.crit) == MEMO_TRUE ? node.yes : node.no;
	}
}

static void count_type(struct counts *n, struct rtype ty)
{
	uint32_t i;

	for (i = ty.inst; i < ty.inst + ty.ninst; i++) {
		if (i < ty.inst + ty.nalways) {
			walk(n, i, ty);
		} else if (word_bit(woken_of(n->s, i / 32), i % 32)) {
			n->rule[i].woken++;
			walk(n, i, ty);
		}
	}
}

static int count_event(struct counts *n, const struct weir_event *e)
{
	const struct weir_view *v = &n->c->view;
	struct weir_result res;
	uint32_t t, k;

	if (weir_channel_eval(n->c, e, &res))
		return WEIR_EXIT_FAIL;
	n->steps += res.steps;
	for (k = 0; k < res.nmatch; k++)
		n->rule[n->c->match[k]].matched++;
	n->event = e;
	memset(n->asked, 0, v->ncrits);
	for (t = 0; t < v->ntypes; t++)
		if (get_type(*v, t).id == e->type)
			count_type(n, get_type(*v, t));
	return 0;
}

static int by_steps(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	if (x->steps != y->steps)
		return x->steps > y->steps ? -1 : 1;
	return (x->rule > y->rule) - (x->rule < y->rule);
}

static double part(const struct counts *n, uint64_t steps)
{
	return n->steps ? (double)steps / (double)n->steps : 0;
}

static void put_json(const struct counts *n, uint64_t index, size_t events)
{
	json_t *rules = json_array(), *o;
	struct weir_instance inst;
	char uuid[37];
	uint32_t i;

	for (i = 0; i < n->c->view.ninsts; i++) {
		if (weir_instance(&n->c->view, n->rule[i].rule, &inst))
			continue;
		weir_uuid_text(inst.uuid, uuid);
		o = json_pack("{s:s, s:o, s:I, s:I, s:I, s:I, s:f}", "id", uuid, "title",
			      weir_json_bytes(inst.title, inst.title_len), "woken",
			      (json_int_t)n->rule[i].woken, "evaluated",
			      (json_int_t)n->rule[i].evaluated, "matched",
			      (json_int_t)n->rule[i].matched, "steps", (json_int_t)n->rule[i].steps,
			      "share", part(n, n->rule[i].steps));
		json_array_append_new(rules, o);
	}
	o = json_pack("{s:I, s:I, s:{s:I, s:f}, s:o}", "events", (json_int_t)events, "steps",
		      (json_int_t)n->steps, "index", "steps", (json_int_t)index, "share",
		      part(n, index), "rules", rules);
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
}

static void put_table(const struct counts *n, uint64_t index, size_t events)
{
	struct weir_instance inst;
	const struct count *r;
	char uuid[37];
	uint32_t i, idle = 0;

	printf("%7s %12s %9s %9s %9s  %s\n", "SHARE", "STEPS", "WOKEN", "EVALUATED", "MATCHED",
	       "RULE");
	printf("%5.1f %% %12llu %9s %9s %9s  index, of %zu events\n", 100 * part(n, index),
	       (unsigned long long)index, "", "", "", events);
	for (i = 0; i < n->c->view.ninsts; i++) {
		r = &n->rule[i];
		idle += !r->evaluated;
		if (!r->evaluated || weir_instance(&n->c->view, r->rule, &inst))
			continue;
		weir_uuid_text(inst.uuid, uuid);
		printf("%5.1f %% %12llu %9llu %9llu %9llu  %s ", 100 * part(n, r->steps),
		       (unsigned long long)r->steps, (unsigned long long)r->woken,
		       (unsigned long long)r->evaluated, (unsigned long long)r->matched, uuid);
		weir_put_quoted(stdout, inst.title, inst.title_len);
		putchar('\n');
	}
	printf("%u rules were never evaluated\n", idle);
}

int weir_bench_rules(struct weir_channel *c, const struct weir_inputs *events)
{
	struct counts n = { .c = c };
	uint64_t index;
	uint32_t i;
	size_t k;
	int ret = 0;

	n.s = scratch_of(c->view, c->scratch);
	n.asked = weir_alloc(c->view.ncrits, 1);
	n.rule = weir_alloc(c->view.ninsts, sizeof(*n.rule));
	for (i = 0; i < c->view.ninsts; i++)
		n.rule[i].rule = i;
	for (k = 0; k < events->n && !ret; k++)
		ret = count_event(&n, &events->in[k]->event);
	index = n.steps;
	for (i = 0; i < c->view.ninsts; i++)
		index -= n.rule[i].steps;
	qsort(n.rule, c->view.ninsts, sizeof(*n.rule), by_steps);
	if (!ret && weir_json)
		put_json(&n, index, events->n);
	else if (!ret)
		put_table(&n, index, events->n);
	free(n.rule);
	free(n.asked);
	return ret;
}
