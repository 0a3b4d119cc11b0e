// SPDX-License-Identifier: GPL-2.0
/* weirctl: main(). */
#include <errno.h>
#include <string.h>

#include "ctl.h"

static void overview(FILE *f)
{
	const struct weir_ctl_command *c;
	size_t i;

	fputs("usage: weirctl [COMMAND] [OPTIONS] [ARGUMENTS]\n\n", f);
	for (i = 0; i < weir_ctl_ncommands; i++) {
		c = &weir_ctl_commands[i];
		fprintf(f, "  %-8s %-22s %s\n", c->name, c->args, c->summary);
	}
	fputs("\nWithout a command: status. weirctl COMMAND --help says more. Every command takes "
	      "--json.\n"
	      "Exit codes: 0 done, 1 refused or failed, 2 usage.\n",
	      f);
}

static const struct weir_ctl_command *find(const char *name)
{
	size_t i;

	for (i = 0; i < weir_ctl_ncommands; i++)
		if (!strcmp(weir_ctl_commands[i].name, name))
			return &weir_ctl_commands[i];
	return NULL;
}

/* An answer that nobody got is no success. */
static int finish(int ret)
{
	if (!fflush(stdout) && !ferror(stdout))
		return ret;
	fprintf(stderr, "weirctl: standard output cannot be written: %s\n", strerror(errno));
	return ret ? ret : WEIR_EXIT_FAIL;
}

static int run(const struct weir_ctl_command *c, int argc, char **argv)
{
	struct weir_options o;
	int first, ret;

	if (weir_has_option(argc, argv, "--help") || weir_has_option(argc, argv, "-h")) {
		weir_options_help(c, stdout);
		return WEIR_EXIT_OK;
	}
	first = weir_options_parse(c, argc, argv, &o);
	if (first < 0)
		return WEIR_EXIT_USAGE;
	if (c->nargs >= 0 && argc - first != c->nargs)
		return weir_usage(c->name, "%s takes %d argument%s: %s", c->name, c->nargs,
				  c->nargs == 1 ? "" : "s", c->nargs ? c->args : "none");
	ret = c->run(&o, argv + first);
	if (ret != WEIR_EXIT_USAGE)
		weir_journal_end(c->name, &o, argv + first);
	return finish(ret);
}

int main(int argc, char **argv)
{
	static char json[] = "--json";
	const struct weir_ctl_command *c;

	weir_json = weir_has_option(argc, argv, "--json");
	/* --json may stand before the command as well. */
	if (argc > 2 && !strcmp(argv[1], "--json")) {
		argv[1] = argv[2];
		argv[2] = json;
	}
	if (argc > 1 &&
	    (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))) {
		overview(stdout);
		return WEIR_EXIT_OK;
	}
	/* A bare command is status, with whatever options it takes. */
	if (argc < 2 || argv[1][0] == '-')
		return run(find("status"), argc, argv);
	c = find(argv[1]);
	if (!c)
		return weir_usage("COMMAND", "there is no command \"%s\"", argv[1]);
	return run(c, argc - 1, argv + 1);
}
