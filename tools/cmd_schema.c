// SPDX-License-Identifier: GPL-2.0
/* weirc schema: the Template Types as JSON. */
#include <getopt.h>

#include "schema.h"
#include "weirc.h"

const char weir_help_schema[] =
	"usage: weirc schema [--schema FILE]\n\n"
	"Prints the built-in Template Types as JSON, in the form that compile --schema reads:\n"
	"{\"types\": [{\"name\", \"id\", \"channel\", \"fields\": [{\"name\", \"kind\"}]}]};\n"
	"a field of kind enum has \"values\", the list of its names. Where not all events of a "
	"type\n"
	"can be denied, \"no_deny\" is true, or a list of values of the field \"selector\"; "
	"likewise\n"
	"\"no_kill\".\n\n"
	"  --schema FILE  check FILE and print it in this form instead\n"
	"  --json         the same: the output is JSON in any case\n";

int weir_cmd_schema(int argc, char **argv)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' },
						 { "schema", required_argument, NULL, 's' },
						 { NULL, 0, NULL, 0 } };
	const char *path = NULL;
	struct weir_types ts;
	json_t *o;
	int c, bad;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			path = optarg;
		else if (c != 'j')
			return weir_usage("schema", "unknown or incomplete option %s",
					  argv[optind - 1]);
	}
	if (optind < argc)
		return weir_usage("schema", "unexpected argument %s", argv[optind]);
	if (weir_types_open(path, &ts))
		return WEIR_EXIT_FAIL;
	o = weir_types_json(&ts);
	bad = json_dumpf(o, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(o);
	weir_types_close(&ts);
	if (bad || fflush(stdout))
		return weir_fail("standard output cannot be written");
	return WEIR_EXIT_OK;
}
