// SPDX-License-Identifier: GPL-2.0
/* weirc dump: a channel file as text that a person can read. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "describe.h"

const char weir_help_dump[] =
	"usage: weirc dump [--schema FILE] FILE\n"
	"\n"
	"Prints what the channel file FILE holds: header, Template Types, each instance with its\n"
	"program, the criteria that programs share, the matching index, and the sample events. A\n"
	"program is a list of branches: test a criterion, then go on at another line, accept or\n"
	"reject. It runs on events on which a criterion holds that wakes its instance, and the "
	"one\n"
	"behind which it does, its gate; or always.\n"
	"The file is verified first. Says whether there is a signature, and does not check it.\n"
	"\n"
	"  --schema FILE  the Template Types, as weirc schema prints them\n"
	"  --json         the same as JSON\n";

static json_t *header(const struct weir_channel *c)
{
	const struct weir_about *a = &c->about;

	return json_pack("{s:I, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:b}", "channel",
			 (json_int_t)a->channel, "name", weir_json_bytes(a->name, a->name_len),
			 "version", weir_json_u64(a->version), "created", weir_json_u64(a->created),
			 "format", (json_int_t)WEIR_FORMAT, "content_bytes", (json_int_t)c->view.n,
			 "cost", (json_int_t)a->cost, "scratch_bytes", (json_int_t)a->scratch,
			 "signed", c->is_signed);
}

static json_t *types(const struct weir_channel *c)
{
	json_t *list = json_array();
	const struct weir_type *t;
	char fingerprint[20];
	uint32_t i;

	for (i = 0; i < c->types.n; i++) {
		t = &c->types.t[i];
		if (!weir_uses(&c->view, t->id))
			continue;
		snprintf(fingerprint, sizeof(fingerprint), "%016" PRIx64, weir_fingerprint(t));
		json_array_append_new(list,
				      json_pack("{s:s, s:I, s:I, s:s}", "name", t->name, "id",
						(json_int_t)t->id, "arity", (json_int_t)t->arity,
						"fingerprint", fingerprint));
	}
	return list;
}

static json_t *target(uint32_t to)
{
	if (to == WEIR_ACCEPT)
		return json_string("accept");
	if (to == WEIR_REJECT)
		return json_string("reject");
	return json_integer(to);
}

static json_t *program(const struct weir_channel *c, uint32_t i)
{
	json_t *list = json_array();
	struct weir_branch b;
	uint32_t k;

	for (k = 0; k < weir_branches(c, i); k++) {
		b = weir_branch(c, i, k);
		json_array_append_new(list,
				      json_pack("{s:I, s:o, s:o}", "criterion", (json_int_t)b.crit,
						"yes", target(b.yes), "no", target(b.no)));
	}
	return list;
}

static json_t *instance(const struct weir_channel *c, uint32_t i, const struct weir_instance *inst)
{
	uint32_t gate = weir_gate(c, i);
	char uuid[37];

	weir_uuid_text(inst->uuid, uuid);
	return json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:b, s:o, s:o, s:o}", "instance",
			 (json_int_t)i, "id", uuid, "type", weir_channel_type_name(c, inst->type),
			 "level", weir_level_name(inst->level), "action",
			 weir_verdict_name(inst->action), "title",
			 weir_json_bytes(inst->title, inst->title_len), "always", weir_always(c, i),
			 "woken_by", weir_describe_wakers(c, i), "gate",
			 gate ? json_integer(gate - 1) : json_null(), "program", program(c, i));
}

static json_t *instances(const struct weir_channel *c)
{
	json_t *list = json_array();
	struct weir_instance inst;
	uint32_t i;

	for (i = 0; i < c->view.ninsts; i++)
		if (!weir_instance(&c->view, i, &inst))
			json_array_append_new(list, instance(c, i, &inst));
	return list;
}

static json_t *describe_all(const struct weir_channel *c)
{
	json_t *o = header(c), *criteria = json_array(), *samples = json_array();
	uint32_t i;

	for (i = 0; i < c->view.ncrits; i++)
		json_array_append_new(criteria, weir_describe_criterion(c, i));
	for (i = 0; i < c->view.nsamples; i++)
		json_array_append_new(samples, weir_describe_sample(c, i));
	json_object_set_new(o, "types", types(c));
	json_object_set_new(o, "instances", instances(c));
	json_object_set_new(o, "criteria", criteria);
	json_object_set_new(o, "probes", weir_describe_probes(c));
	json_object_set_new(o, "samples", samples);
	return o;
}

static const char *text(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static json_int_t integer(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static void print_header(const json_t *o, const struct weir_channel *c)
{
	time_t created = (time_t)c->about.created;
	char when[40] = "?";
	struct tm tm;
	json_t *t;
	size_t i;

	if (gmtime_r(&created, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm);
	printf("channel %" PRIu32 " \"%s\", version %" PRIu64 ", created %s\n", c->about.channel,
	       text(o, "name"), c->about.version, when);
	printf("format %u, %" PRIu32 " bytes, worst case %" PRIu64 " steps an event, %" PRIu32
	       " bytes of scratch, %s\n",
	       WEIR_FORMAT, c->view.n, c->about.cost, c->about.scratch,
	       c->is_signed ? "signed (not checked here)" : "unsigned");
	json_array_foreach(json_object_get(o, "types"), i, t)
		printf("type %" JSON_INTEGER_FORMAT " %s, %" JSON_INTEGER_FORMAT
		       " fields, fingerprint %s\n",
		       integer(t, "id"), text(t, "name"), integer(t, "arity"),
		       text(t, "fingerprint"));
}

static void print_target(const char *word, const json_t *to)
{
	if (json_is_string(to))
		printf(" %s %-6s", word, json_string_value(to));
	else
		printf(" %s %-6" JSON_INTEGER_FORMAT, word, json_integer_value(to));
}

static void print_wakers(const json_t *o)
{
	json_t *crit;
	size_t i;

	fputs(json_is_true(json_object_get(o, "always")) ? "    always asked" : "    woken by",
	      stdout);
	json_array_foreach(json_object_get(o, "woken_by"), i, crit)
		printf("%s c%" JSON_INTEGER_FORMAT, i ? " |" : "", json_integer_value(crit));
	if (json_is_integer(json_object_get(o, "gate")))
		printf(", behind c%" JSON_INTEGER_FORMAT, integer(o, "gate"));
	putchar('\n');
}

static void print_instance(const json_t *o, const json_t *criteria)
{
	json_int_t crit;
	json_t *branch;
	size_t k;

	printf("\ninstance %" JSON_INTEGER_FORMAT " %s %s, level %s, action %s\n    \"%s\"\n",
	       integer(o, "instance"), text(o, "id"), text(o, "type"), text(o, "level"),
	       text(o, "action"), text(o, "title"));
	print_wakers(o);
	json_array_foreach(json_object_get(o, "program"), k, branch) {
		crit = integer(branch, "criterion");
		printf("    %4zu:", k);
		print_target("yes", json_object_get(branch, "yes"));
		print_target("no", json_object_get(branch, "no"));
		printf(" c%" JSON_INTEGER_FORMAT ": ", crit);
		weir_print_criterion(json_array_get(criteria, (size_t)crit));
		putchar('\n');
	}
}

/* What it looks at; the weight is what entries in a row take, in steps. */
static void print_probe(const json_t *o)
{
	const char *where = text(o, "where");
	json_int_t width = integer(o, "width"), at = integer(o, "at");

	printf("    %s.%s: ", text(o, "type"), text(o, "field"));
	if (!strcmp(where, "network"))
		printf("network, %" JSON_INTEGER_FORMAT " bits of %" JSON_INTEGER_FORMAT, at,
		       8 * width);
	else if (!strcmp(where, "number"))
		fputs(where, stdout);
	else
		printf("bytes, %" JSON_INTEGER_FORMAT " %s", width, where);
	if (at && strcmp(where, "network"))
		printf(" but %" JSON_INTEGER_FORMAT, at);
	printf("; operands %" JSON_INTEGER_FORMAT ", entries %" JSON_INTEGER_FORMAT
	       ", weight %" JSON_INTEGER_FORMAT "\n",
	       integer(o, "operands"), integer(o, "entries"), integer(o, "weight"));
}

static void print_index(const json_t *probes)
{
	json_t *v;
	size_t i;

	if (!json_array_size(probes))
		return;
	puts("\nindex");
	json_array_foreach(probes, i, v)
		print_probe(v);
}

static void print_sample(const json_t *o)
{
	const char *name;
	json_t *v;
	size_t i;

	printf("\nsample %" JSON_INTEGER_FORMAT " %s, expects", integer(o, "sample"),
	       text(o, "type"));
	json_array_foreach(json_object_get(o, "expect"), i, v)
		printf(" %s", json_string_value(v));
	if (!json_array_size(json_object_get(o, "expect")))
		fputs(" nothing", stdout);
	putchar('\n');
	json_object_foreach(json_object_get(o, "fields"), name, v) {
		printf("    %s ", name);
		weir_print_value(v);
		putchar('\n');
	}
}

static void print_all(const json_t *o, const struct weir_channel *c)
{
	const json_t *criteria = json_object_get(o, "criteria");
	json_t *v;
	size_t i;

	print_header(o, c);
	json_array_foreach(json_object_get(o, "instances"), i, v)
		print_instance(v, criteria);
	print_index(json_object_get(o, "probes"));
	json_array_foreach(json_object_get(o, "samples"), i, v)
		print_sample(v);
}

int weir_cmd_dump(int argc, char **argv)
{
	struct weir_channel_args args;
	struct weir_channel c;
	int ret = weir_channel_args(argc, argv, 1, 0, &args);
	json_t *o;

	if (ret)
		return ret;
	if (weir_channel_open(args.path[0], args.schema, &c))
		return WEIR_EXIT_FAIL;
	o = describe_all(&c);
	if (weir_json) {
		json_dumpf(o, stdout, JSON_INDENT(1));
		putchar('\n');
	} else {
		print_all(o, &c);
	}
	json_decref(o);
	weir_channel_close(&c);
	if (fflush(stdout))
		return weir_fail("standard output cannot be written: %s", strerror(errno));
	return WEIR_EXIT_OK;
}
