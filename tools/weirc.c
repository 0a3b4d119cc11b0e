// SPDX-License-Identifier: GPL-2.0
/* weirc: the command table and main(). */
#include <errno.h>
#include <string.h>

#include "weirc.h"

static const struct weir_command commands[] = {
	{ "compile", weir_cmd_compile, "Sigma rules to a channel file", weir_help_compile },
	{ "schema", weir_cmd_schema, "the Template Types as JSON", weir_help_schema },
	{ "dump", weir_cmd_dump, "a channel file as text a person can read", weir_help_dump },
	{ "replay", weir_cmd_replay, "evaluate events in a file", weir_help_replay },
	{ "bench", weir_cmd_bench, "measure the evaluation of events", weir_help_bench },
	{ "test", weir_cmd_test, "run a channel file's own sample events", weir_help_test },
	{ "explain", weir_cmd_explain, "which criteria held on an event", weir_help_explain },
	{ "profile", weir_cmd_profile, "what is ordinary in events, for compile",
	  weir_help_profile },
	{ "sign", weir_cmd_sign, "append a signature to a channel file or trust list",
	  weir_help_sign },
	{ "trustlist", weir_cmd_trustlist, "make or print a list of what is revoked",
	  weir_help_trustlist },
	{ "keygen", weir_cmd_keygen, "make a key pair for tests", weir_help_keygen },
};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static void overview(FILE *f)
{
	size_t i;

	fputs("usage: weirc COMMAND [ARGUMENTS]\n\n", f);
	for (i = 0; i < NCOMMANDS; i++)
		fprintf(f, "  %-9s %s\n", commands[i].name, commands[i].summary);
	fputs("\nweirc COMMAND --help says more. Every command takes --json.\n"
	      "Exit codes: 0 done, 1 refused or failed, 2 usage.\n",
	      f);
}

static const struct weir_command *find(const char *name)
{
	size_t i;

	for (i = 0; i < NCOMMANDS; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

/* An answer that nobody got is no success. */
static int finish(int ret)
{
	if (ret || (!fflush(stdout) && !ferror(stdout)))
		return ret;
	fprintf(stderr, "weirc: standard output cannot be written: %s\n", strerror(errno));
	return WEIR_EXIT_FAIL;
}

int main(int argc, char **argv)
{
	static char json[] = "--json";
	const struct weir_command *c;

	weir_json = weir_has_option(argc, argv, "--json");
	if (argc < 2 || (argc == 2 && weir_json)) {
		if (weir_json)
			return weir_usage("COMMAND", "no command given");
		overview(stderr);
		return WEIR_EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		overview(stdout);
		return WEIR_EXIT_OK;
	}
	/* --json may stand before the command as well. */
	if (argc > 2 && !strcmp(argv[1], "--json")) {
		argv[1] = argv[2];
		argv[2] = json;
	}
	c = find(argv[1]);
	if (!c)
		return weir_usage("COMMAND", "there is no command \"%s\"", argv[1]);
	if (weir_has_option(argc - 1, argv + 1, "--help") ||
	    weir_has_option(argc - 1, argv + 1, "-h")) {
		fputs(c->help, stdout);
		return WEIR_EXIT_OK;
	}
	return finish(c->run(argc - 1, argv + 1));
}
