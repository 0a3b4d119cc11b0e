// SPDX-License-Identifier: GPL-2.0
/*
 * What operations that hooks are on cost, in instructions: one line each, "TYPE OPERATION HOOK
 * INSTRUCTIONS", those of the cheapest of many runs. A benchmark, not a test; for a guest whose
 * time stamp counter counts instructions (run.sh --icount).
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <x86intrin.h>

#include "cost.h"

#define RUNS 51
#define DIR "/tmp/weir-cost"

/* Itself: whether others execute the same program makes a difference, and this one is there. */
static int exec_act(void)
{
	int status;
	pid_t pid = vfork();

	if (!pid) {
		execl("/proc/self/exe", "cost_bench", "true", (char *)NULL);
		_exit(127);
	}
	return pid < 0 || waitpid(pid, &status, 0) != pid || status ? -1 : 0;
}

const struct weir_cost weir_costs_process_creation[] = {
	{ .name = "fork+exec+exit", .hook = "bprm_creds_from_file", .act = exec_act },
	{ .name = NULL },
};

static const struct {
	const char *type;
	const struct weir_cost *costs;
} tables[] = {
	{ "process_creation", weir_costs_process_creation },
	{ "file_event", weir_costs_file_event },
	{ "network_connection", weir_costs_network_connection },
	{ "ipc", weir_costs_ipc },
	{ "kernel_activity", weir_costs_kernel_activity },
};

static void check(const struct weir_cost *c, int ret, const char *what)
{
	if (ret >= 0)
		return;
	fprintf(stderr, "%s: %s: %s\n", c->name, what, strerror(errno));
	exit(1);
}

static void step(const struct weir_cost *c, int (*what)(void), const char *called)
{
	if (what)
		check(c, what(), called);
}

static uint64_t run(const struct weir_cost *c)
{
	uint64_t began, ended;
	int ret;

	step(c, c->before, "before");
	began = __rdtsc();
	ret = c->act();
	ended = __rdtsc();
	check(c, ret, "act");
	step(c, c->after, "after");
	return ended - began;
}

static void measure(const char *type, const struct weir_cost *c)
{
	uint64_t least = UINT64_MAX, took;
	int i;

	step(c, c->setup, "setup");
	for (i = 0; i < RUNS; i++) {
		took = run(c);
		if (took < least)
			least = took;
	}
	printf("%s %s %s %llu\n", type, c->name, c->hook, (unsigned long long)least);
}

/* With "true" it is what it executes itself; with a Template Type it measures that one alone. */
int main(int argc, char **argv)
{
	const struct weir_cost *c;
	size_t i;

	if (argc > 1 && !strcmp(argv[1], "true"))
		return 0;
	if ((mkdir(DIR, 0755) && errno != EEXIST) || chdir(DIR)) {
		perror(DIR);
		return 1;
	}
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (c = tables[i].costs; c->name; c++)
			if (argc == 1 || !strcmp(argv[1], tables[i].type))
				measure(tables[i].type, c);
	return fflush(stdout) ? 1 : 0;
}
