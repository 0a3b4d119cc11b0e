/* SPDX-License-Identifier: GPL-2.0 */
/* What the guest's PID 1 is made of: a plan, its steps, a KTAP reader, the last checks. */
#ifndef WEIR_INIT_H
#define WEIR_INIT_H

#include <stdio.h>

#define WEIR_STEPS_MAX 256
#define WEIR_LEVELS_MAX 8

struct weir_tally {
	unsigned int passed;
	unsigned int failed;
	unsigned int skipped;
};

/* How many tests a step has to report. */
enum { WEIR_TESTS_STATUS = -1, WEIR_TESTS_ANY = -2 };

struct weir_step {
	char name[64];
	char *command;
	int tests; /* a number, or one of the above */
	int reset; /* the command ends the machine; the last step of a plan */
	int seconds;
	unsigned int round; /* 0 outside a repeat */
};

struct weir_plan {
	struct weir_step step[WEIR_STEPS_MAX];
	unsigned int n;
};

/* One indentation level of a KTAP stream. */
struct weir_level {
	unsigned int indent;
	unsigned int seen; /* result lines */
	int planned; /* -1: no plan line yet */
	int parent_of; /* deeper results came since the last result line of this level */
	struct weir_tally before; /* the tally when they began */
	struct weir_tally start; /* the tally when this level began */
};

struct weir_ktap {
	struct weir_level level[WEIR_LEVELS_MAX];
	unsigned int depth;
	int planned; /* the outermost level had a plan */
	struct weir_tally tally;
};

/* Reads one line of KTAP; the tally holds the innermost tests only. */
void weir_ktap_line(struct weir_ktap *k, const char *line);
/* Closes all levels: a level that is short of its plan counts as a failed test. */
void weir_ktap_end(struct weir_ktap *k);

/* Returns 0, or the number of the line that is wrong. */
unsigned int weir_plan_read(struct weir_plan *p, FILE *f);

#define WEIR_STEP_STUCK (-1)

/*
 * Runs one step and adds to the tally. Returns 1 when all of it passed or was skipped, 0 if not, or
 * WEIR_STEP_STUCK when it could not even be killed.
 */
int weir_step_run(const struct weir_step *s, FILE *out, struct weir_tally *t);

/* The last checks. Each prints what it found as diagnostic lines and returns 1 when all is well. */
int weir_check_modules(FILE *out);
int weir_check_leaks(FILE *out);
int weir_log_begin(void);
int weir_check_log(FILE *out);

/* Writes a marker into the kernel's log. */
void weir_log_mark(const char *what, const char *name);

#endif
