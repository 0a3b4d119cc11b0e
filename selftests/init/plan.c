// SPDX-License-Identifier: GPL-2.0
// Reads a plan: which steps run in the guest, in which order, how often.

#include <stdlib.h>
#include <string.h>

#include "init.h"

static int parse_tests(const char *s, int *out)
{
	char *end;
	long n;

	if (!strcmp(s, "-")) {
		*out = WEIR_TESTS_STATUS;
		return 1;
	}
	if (!strcmp(s, "*")) {
		*out = WEIR_TESTS_ANY;
		return 1;
	}
	n = strtol(s, &end, 10);
	if (*end || n < 1 || n > 1000000)
		return 0;
	*out = (int)n;
	return 1;
}

/* Nothing comes after a reset. */
static int is_ended(const struct weir_plan *p)
{
	return p->n == WEIR_STEPS_MAX || (p->n && p->step[p->n - 1].reset);
}

static int add_step(struct weir_plan *p, const char *command)
{
	struct weir_step *s = &p->step[p->n];

	if (!*command || s->seconds < 1)
		return 0;
	s->command = strdup(command);
	s->round = 0;
	p->n++;
	return !!s->command;
}

static int parse_step(struct weir_plan *p, const char *line)
{
	struct weir_step *s = &p->step[p->n];
	char tests[16];
	int at = 0;

	if (is_ended(p))
		return 0;
	if (sscanf(line, "step %63s %d %15s %n", s->name, &s->seconds, tests, &at) < 3 || !at)
		return 0;
	return parse_tests(tests, &s->tests) && add_step(p, line + at);
}

static int parse_reset(struct weir_plan *p, const char *line)
{
	struct weir_step *s = &p->step[p->n];
	int at = 0;

	if (is_ended(p))
		return 0;
	if (sscanf(line, "reset %63s %d %n", s->name, &s->seconds, &at) < 2 || !at)
		return 0;
	s->tests = WEIR_TESTS_STATUS;
	s->reset = 1;
	return add_step(p, line + at);
}

static int unroll(struct weir_plan *p, unsigned int from, unsigned int times)
{
	unsigned int n = p->n - from;
	unsigned int r, i;

	if (!n || from + (unsigned long)n * times > WEIR_STEPS_MAX)
		return 0;
	for (r = 0; r < times; r++) {
		for (i = 0; i < n; i++) {
			p->step[from + r * n + i] = p->step[from + i];
			p->step[from + r * n + i].round = r + 1;
		}
	}
	p->n = from + n * times;
	return 1;
}

unsigned int weir_plan_read(struct weir_plan *p, FILE *f)
{
	unsigned int lineno = 0, times = 0, from = 0, skips;
	char line[4096];
	int ok;

	while (fgets(line, sizeof(line), f)) {
		lineno++;
		line[strcspn(line, "\n")] = 0;
		if (!line[0] || line[0] == '#') {
			continue;
		} else if (!strncmp(line, "step ", 5)) {
			ok = parse_step(p, line);
		} else if (!times && !strncmp(line, "reset ", 6)) {
			ok = parse_reset(p, line);
		} else if (!strcmp(line, "end")) {
			ok = times && unroll(p, from, times);
			times = 0;
		} else if (!times && sscanf(line, "repeat %u", &times) == 1) {
			ok = times > 0;
			from = p->n;
		} else {
			ok = sscanf(line, "skips %u", &skips) == 1;
		}
		if (!ok)
			return lineno;
	}
	return times ? lineno + 1 : 0;
}
