// SPDX-License-Identifier: GPL-2.0
/* weirc test: does a channel file's content do what its own sample events expect? */
#include <errno.h>
#include <string.h>

#include "describe.h"
#include "plain.h"

const char weir_help_test[] =
	"usage: weirc test [--schema FILE] FILE\n"
	"\n"
	"Evaluates the sample events that the channel file FILE carries, and compares what\n"
	"matched with what the file says should match, and with what matches without the file's\n"
	"matching index. Exit code 1 if a sample fails. The signature, if there is one, is not\n"
	"checked.\n"
	"\n"
	"  --schema FILE  the Template Types, as weirc schema prints them\n"
	"  --json         {\"samples\": n, \"failed\": n,\n"
	"                 \"results\": [{\"sample\", \"ok\", \"expect\", \"matches\"}]}\n";

/* The same has to match without the matching index. Return: 0 or WEIR_EXIT_FAIL. */
static int check_index(const struct weir_channel *c, uint32_t i, const struct weir_event *e,
		       uint32_t nmatch)
{
	const struct weir_where w = { .file = c->path };
	uint32_t wrong = weir_plain_differs(&c->view, e, c->match, nmatch);
	struct weir_instance inst;
	char uuid[37] = "?";

	if (wrong == WEIR_NOWHERE)
		return 0;
	if (!weir_instance(&c->view, wrong, &inst))
		weir_uuid_text(inst.uuid, uuid);
	return weir_fail_at(&w, "sample %u: the matching index is wrong about the rule %s", i,
			    uuid);
}

/* Run one sample: its result, or null after an error. */
static json_t *run_sample(struct weir_channel *c, uint32_t i)
{
	struct weir_value val[WEIR_ARITY_MAX];
	struct weir_result res;
	struct weir_event e;
	json_t *sample, *o;
	int good;

	if (weir_sample(&c->view, i, val, WEIR_ARITY_MAX, &e)) {
		weir_fail("sample %u cannot be read", i);
		return NULL;
	}
	if (weir_channel_eval(c, &e, &res) || check_index(c, i, &e, res.nmatch))
		return NULL;
	good = weir_sample_ok(&c->view, i, c->match, res.nmatch);
	sample = weir_describe_sample(c, i);
	o = json_pack("{s:I, s:b, s:O, s:o}", "sample", (json_int_t)i, "ok", good, "expect",
		      json_object_get(sample, "expect"), "matches",
		      weir_channel_matches(c, res.nmatch));
	json_decref(sample);
	return o;
}

static void print_list(const char *word, const json_t *list)
{
	json_t *v;
	size_t i;

	printf("    %s", word);
	json_array_foreach(list, i, v)
		printf(" %s", json_string_value(v));
	puts(json_array_size(list) ? "" : " nothing");
}

static void print_result(const json_t *o)
{
	int good = json_is_true(json_object_get(o, "ok"));

	printf("%s sample %" JSON_INTEGER_FORMAT "\n", good ? "ok    " : "FAILED",
	       json_integer_value(json_object_get(o, "sample")));
	if (good)
		return;
	print_list("expected", json_object_get(o, "expect"));
	print_list("matched ", json_object_get(o, "matches"));
}

static int run_all(struct weir_channel *c)
{
	json_t *results = json_array(), *o;
	uint32_t i, failed = 0;

	for (i = 0; i < c->view.nsamples; i++) {
		o = run_sample(c, i);
		if (!o)
			goto err_results;
		failed += !json_is_true(json_object_get(o, "ok"));
		if (!weir_json)
			print_result(o);
		json_array_append_new(results, o);
	}
	if (weir_json) {
		o = json_pack("{s:I, s:I, s:O}", "samples", (json_int_t)i, "failed",
			      (json_int_t)failed, "results", results);
		json_dumpf(o, stdout, JSON_INDENT(1));
		putchar('\n');
		json_decref(o);
	} else {
		printf("%u samples, %u failed\n", i, failed);
	}
	json_decref(results);
	return failed ? WEIR_EXIT_FAIL : WEIR_EXIT_OK;

err_results:
	json_decref(results);
	return WEIR_EXIT_FAIL;
}

int weir_cmd_test(int argc, char **argv)
{
	struct weir_channel_args args;
	struct weir_channel c;
	int ret = weir_channel_args(argc, argv, 1, 0, &args);

	if (ret)
		return ret;
	if (weir_channel_open(args.path[0], args.schema, &c))
		return WEIR_EXIT_FAIL;
	ret = run_all(&c);
	weir_channel_close(&c);
	if (fflush(stdout) && !ret)
		return weir_fail("standard output cannot be written: %s", strerror(errno));
	return ret;
}
