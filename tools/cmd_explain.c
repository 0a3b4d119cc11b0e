// SPDX-License-Identifier: GPL-2.0
/* weirc explain: which criteria of which instance held on an event, and which did not. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "describe.h"

const char weir_help_explain[] =
	"usage: weirc explain [--schema FILE] [--id UUID] FILE EVENT.json\n"
	"\n"
	"Takes each instance of the event's type in the channel file FILE apart: which of its\n"
	"criteria hold on the event (yes), which do not (no), what the event has in that field,\n"
	"and which criteria the program asks on its way (*). An instance matches if its way ends\n"
	"in accept. Some criteria wake the instance (w), perhaps behind a gate (g): where none of\n"
	"these holds on an event, or the gate does not, it cannot match, and its program does\n"
	"not run. The event is one JSON object, as weirc replay takes it.\n"
	"\n"
	"  --id UUID      only the instance with this id\n"
	"  --schema FILE  the Template Types, as weirc schema prints them\n"
	"  --json         the same as JSON\n";

#define SHOWN 2 /* of a criterion: listed already; 1: asked, 0: not asked */

struct explanation {
	const struct weir_channel *c;
	const struct weir_input *in;
	const char *id; /* or null: all */
	json_t *list;
};

static int held(const struct explanation *x, uint32_t crit)
{
	return weir_criterion(&x->c->view, &x->in->event, crit) == 1;
}

/* Walk an instance's program: mark the branches asked; 1 if it accepts. */
static int walk(const struct explanation *x, uint32_t i, uint8_t *asked)
{
	struct weir_branch b;
	uint32_t k = 0;

	for (;;) {
		b = weir_branch(x->c, i, k);
		asked[k] = 1;
		k = held(x, b.crit) ? b.yes : b.no;
		if (k == WEIR_ACCEPT || k == WEIR_REJECT)
			return k == WEIR_ACCEPT;
	}
}

static json_t *explain_criterion(const struct explanation *x, uint32_t i, uint32_t crit, int asked)
{
	json_t *o = weir_describe_criterion(x->c, crit);
	const char *name = json_string_value(json_object_get(o, "field"));
	int f = weir_field_number(x->in->type, name);

	json_object_set_new(o, "value",
			    weir_describe_value(&x->in->type->fields[f], &x->in->value[f]));
	json_object_set_new(o, "held", json_boolean(held(x, crit)));
	json_object_set_new(o, "asked", json_boolean(asked));
	json_object_set_new(o, "wakes", json_boolean(weir_wakes(x->c, crit, i, NULL)));
	json_object_set_new(o, "gate", json_boolean(weir_gate(x->c, i) == crit + 1));
	return o;
}

/* Each criterion of an instance once, where its program first names it. */
static json_t *explain_criteria(const struct explanation *x, uint32_t i, const uint8_t *asked)
{
	uint8_t *state = weir_alloc(x->c->view.ncrits, 1);
	uint32_t n = weir_branches(x->c, i), k, crit;
	json_t *list = json_array();

	for (k = 0; k < n; k++)
		state[weir_branch(x->c, i, k).crit] |= asked[k];
	for (k = 0; k < n; k++) {
		crit = weir_branch(x->c, i, k).crit;
		if (state[crit] == SHOWN)
			continue;
		json_array_append_new(list, explain_criterion(x, i, crit, state[crit]));
		state[crit] = SHOWN;
	}
	free(state);
	return list;
}

/* Whether the interpreter runs the program at all. */
static int runs(const struct explanation *x, uint32_t i)
{
	uint32_t k, crit, gate, n = weir_branches(x->c, i);

	for (k = 0; k < n; k++) {
		crit = weir_branch(x->c, i, k).crit;
		if (weir_wakes(x->c, crit, i, &gate) && held(x, crit) &&
		    (!gate || held(x, gate - 1)))
			return 1;
	}
	return weir_always(x->c, i);
}

static json_t *explain_instance(const struct explanation *x, uint32_t i,
				const struct weir_instance *inst, const char *uuid)
{
	uint8_t *asked = weir_alloc(weir_branches(x->c, i), 1);
	int matched = walk(x, i, asked);
	json_t *list = explain_criteria(x, i, asked);

	free(asked);
	return json_pack("{s:s, s:o, s:b, s:b, s:b, s:o}", "id", uuid, "title",
			 weir_json_bytes(inst->title, inst->title_len), "matched", matched,
			 "always", weir_always(x->c, i), "runs", runs(x, i), "criteria", list);
}

static void explain_all(struct explanation *x)
{
	struct weir_instance inst;
	char uuid[37];
	uint32_t i;

	for (i = 0; i < x->c->view.ninsts; i++) {
		if (weir_instance(&x->c->view, i, &inst) || inst.type != x->in->event.type)
			continue;
		weir_uuid_text(inst.uuid, uuid);
		if (x->id && strcasecmp(x->id, uuid))
			continue;
		json_array_append_new(x->list, explain_instance(x, i, &inst, uuid));
	}
}

static void print_instance(const json_t *o)
{
	json_t *c;
	size_t i;

	printf("%s %s \"%s\"%s\n",
	       json_is_true(json_object_get(o, "matched")) ? "MATCH   " : "no match",
	       json_string_value(json_object_get(o, "id")),
	       json_string_value(json_object_get(o, "title")),
	       json_is_true(json_object_get(o, "runs")) ? "" : " (not woken)");
	json_array_foreach(json_object_get(o, "criteria"), i, c) {
		printf("  %c%c %-3s ", json_is_true(json_object_get(c, "asked")) ? '*' : ' ',
		       json_is_true(json_object_get(c, "wakes"))  ? 'w'
		       : json_is_true(json_object_get(c, "gate")) ? 'g'
								  : ' ',
		       json_is_true(json_object_get(c, "held")) ? "yes" : "no");
		weir_print_criterion(c);
		fputs("\n           event: ", stdout);
		weir_print_value(json_object_get(c, "value"));
		putchar('\n');
	}
}

static int print_all(const struct explanation *x)
{
	json_t *o, *v;
	size_t i;

	if (weir_json) {
		o = json_pack("{s:s, s:O}", "type", x->in->type->name, "instances", x->list);
		json_dumpf(o, stdout, JSON_INDENT(1));
		putchar('\n');
		json_decref(o);
	} else {
		json_array_foreach(x->list, i, v)
			print_instance(v);
		if (!json_array_size(x->list))
			printf("no instance is of type %s\n", x->in->type->name);
	}
	if (fflush(stdout))
		return weir_fail("standard output cannot be written: %s", strerror(errno));
	return WEIR_EXIT_OK;
}

static int explain(const struct weir_channel *c, const struct weir_input *in, const char *id)
{
	const struct weir_where w = { .file = c->path };
	struct explanation x = { c, in, id, json_array() };
	int ret;

	explain_all(&x);
	if (id && !json_array_size(x.list))
		ret = weir_fail_at(&w, "no instance of type %s has the id %s", in->type->name, id);
	else
		ret = print_all(&x);
	json_decref(x.list);
	return ret;
}

static int read_event(const struct weir_channel *c, const char *path, struct weir_input *in)
{
	struct weir_input_error err;
	struct weir_file f;
	int r;

	if (weir_read_file(path, WEIR_EVENT_LINE_MAX, &f))
		return WEIR_EXIT_FAIL;
	r = weir_input_parse((const char *)f.p, f.n, c->types.t, c->types.n, in, &err);
	weir_free_file(&f);
	return r ? weir_input_fail(path, &err) : 0;
}

int weir_cmd_explain(int argc, char **argv)
{
	struct weir_channel_args args;
	struct weir_channel c;
	struct weir_input in;
	int ret = weir_channel_args(argc, argv, 2, WEIR_TAKES_ID, &args);

	if (ret)
		return ret;
	if (weir_channel_open(args.path[0], args.schema, &c))
		return WEIR_EXIT_FAIL;
	ret = read_event(&c, args.path[1], &in);
	if (!ret) {
		ret = explain(&c, &in, args.id);
		weir_input_free(&in);
	}
	weir_channel_close(&c);
	return ret;
}
