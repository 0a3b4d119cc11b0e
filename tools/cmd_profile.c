// SPDX-License-Identifier: GPL-2.0
/* weirc profile: how often what is seen in the events of files. */
#include <getopt.h>
#include <string.h>

#include "channel.h"
#include "profile.h"

const char weir_help_profile[] =
	"usage: weirc profile [--schema FILE] -o FILE EVENTS.jsonl...\n"
	"\n"
	"Counts what is ordinary in events, which are as weirc replay reads them, and writes a\n"
	"traffic profile for weirc compile --profile. It holds how often short windows of strings\n"
	"are seen, by hash, and the values that are common in other fields; no event can be got\n"
	"back from it. A thousand events of each Template Type tell enough.\n"
	"\n"
	"  -o, --output FILE  the profile\n"
	"  --schema FILE      the Template Types, as weirc schema prints them\n"
	"  --json             errors as JSON too\n";

struct options {
	const char *output;
	const char *schema;
};

static int take_options(struct options *o, int argc, char **argv)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' },
						 { "output", required_argument, NULL, 'o' },
						 { "schema", required_argument, NULL, 's' },
						 { NULL, 0, NULL, 0 } };
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (c == 'o')
			o->output = optarg;
		else if (c == 's')
			o->schema = optarg;
		else if (c != 'j')
			return weir_usage("profile", "unknown or incomplete option %s",
					  argv[optind - 1]);
	}
	if (!o->output)
		return weir_usage("profile", "-o FILE is missing");
	if (optind == argc)
		return weir_usage("profile", "no events given");
	return 0;
}

static int count_file(struct weir_profile *p, const struct weir_types *types, const char *path)
{
	struct weir_input_error err;
	struct weir_events ev;
	struct weir_input in;
	int r;

	if (weir_events_open(path, types->t, types->n, &ev, &err))
		return weir_input_fail(path, &err);
	while ((r = weir_events_next(&ev, &in, &err)) > 0) {
		weir_profile_add(p, in.type, &in.event);
		weir_input_free(&in);
	}
	weir_events_close(&ev);
	return r ? weir_input_fail(path, &err) : 0;
}

int weir_cmd_profile(int argc, char **argv)
{
	struct weir_profile p = { NULL, 0 };
	struct options o = { NULL, NULL };
	struct weir_types types;
	int ret = take_options(&o, argc, argv);

	if (ret)
		return ret;
	if (weir_types_open(o.schema, &types))
		return WEIR_EXIT_FAIL;
	for (argv += optind; *argv && !ret; argv++)
		ret = count_file(&p, &types, *argv);
	if (!ret)
		ret = weir_profile_save(&p, o.output);
	weir_profile_free(&p);
	weir_types_close(&types);
	return ret;
}
