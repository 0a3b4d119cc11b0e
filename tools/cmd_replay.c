// SPDX-License-Identifier: GPL-2.0
/* weirc replay: what the content of a channel file says of events in a file. */
#include <errno.h>
#include <string.h>

#include "channel.h"

const char weir_help_replay[] =
	"usage: weirc replay [--schema FILE] FILE EVENTS.jsonl\n"
	"\n"
	"Evaluates each event of EVENTS.jsonl, one JSON object a line, with the content of the\n"
	"channel file FILE, and prints one JSON line for each:\n"
	"\n"
	"  {\"event\": i, \"matches\": [ids of instances], \"verdict\": \"none|alert|deny|kill\"}\n"
	"\n"
	"Events are counted from 0, ids are sorted. An event is\n"
	"\n"
	"  {\"type\": \"process_creation\", \"fields\": {\"Image\": \"/bin/ls\", \"UserId\": 0}}\n"
	"\n"
	"A field that is not named, or null, is absent. Strings, numbers and booleans convert to\n"
	"the field's kind. Strings are UTF-8, as JSON is; NUL (\\u0000) is a byte like any other.\n"
	"The file is verified first; its signature, if it has one, is not checked. Either file\n"
	"can be - for standard input.\n"
	"\n"
	"  --schema FILE  the Template Types, as weirc schema prints them\n"
	"  --json         errors as JSON too\n";

static int replay_one(struct weir_channel *c, const struct weir_input *in, unsigned long number)
{
	struct weir_result res;
	json_t *o;
	int bad;

	if (weir_channel_eval(c, &in->event, &res))
		return WEIR_EXIT_FAIL;
	o = json_pack("{s:I, s:o, s:s}", "event", (json_int_t)number, "matches",
		      weir_channel_matches(c, res.nmatch), "verdict",
		      weir_verdict_name(res.verdict));
	bad = json_dumpf(o, stdout, 0) || putchar('\n') == EOF;
	json_decref(o);
	if (bad)
		return weir_fail("standard output cannot be written: %s", strerror(errno));
	return 0;
}

static int replay(struct weir_channel *c, const char *path)
{
	struct weir_input_error err;
	struct weir_events ev;
	struct weir_input in;
	unsigned long number;
	int r;

	if (weir_events_open(path, c->types.t, c->types.n, &ev, &err))
		return weir_input_fail(path, &err);
	do {
		number = ev.number;
		r = weir_events_next(&ev, &in, &err);
		if (r < 0)
			r = -weir_input_fail(path, &err);
		if (r <= 0)
			break;
		if (replay_one(c, &in, number))
			r = -1;
		weir_input_free(&in);
	} while (r > 0);
	weir_events_close(&ev);
	if (fflush(stdout) && !r)
		return weir_fail("standard output cannot be written: %s", strerror(errno));
	return r ? WEIR_EXIT_FAIL : WEIR_EXIT_OK;
}

int weir_cmd_replay(int argc, char **argv)
{
	struct weir_channel_args args;
	struct weir_channel c;
	int ret = weir_channel_args(argc, argv, 2, 0, &args);

	if (ret)
		return ret;
	if (weir_channel_open(args.path[0], args.schema, &c))
		return WEIR_EXIT_FAIL;
	ret = replay(&c, args.path[1]);
	weir_channel_close(&c);
	return ret;
}
