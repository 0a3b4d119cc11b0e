// SPDX-License-Identifier: GPL-2.0
/* weirctl log: what was decided on this host, and whether the journal of it is whole. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "journal.h"

/* What is wanted of the lines, and what was seen of them. */
struct view {
	uint64_t from; /* the first to be shown */
	uint64_t number; /* expected; 0: none */
	char sum[WEIR_HEX];
	char found[WEIR_HEX]; /* of that number; empty if there is none */
	char first[WEIR_HEX]; /* of line 1 */
	char old[WEIR_ASIDE]; /* the journal before, and its digest; empty if there is none */
	char old_sum[WEIR_HEX];
};

/* A writer may be at work: half a line is only that if it stays so. */
static int read_settled(const struct weir_options *o, weir_journal_see *see, void *arg,
			struct weir_journal *j, struct weir_refusal *r)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	size_t before = 0;

	for (;;) {
		if (weir_journal_read(o->state, WEIR_JOURNAL_NAME, NULL, NULL, j, r))
			return -1;
		if (!j->half || j->file.n == before)
			break;
		before = j->file.n;
		weir_journal_close(j);
		nanosleep(&pause, NULL);
	}
	if (see)
		weir_journal_again(j, see, arg);
	return 0;
}

static void find(void *arg, const struct weir_journal *j, const json_t *o, const char *text,
		 size_t n)
{
	const char *old = json_string_value(json_object_get(o, "old"));
	const char *sum = json_string_value(json_object_get(o, "sha256"));
	struct view *v = arg;

	(void)text;
	(void)n;
	if (j->number == v->number)
		memcpy(v->found, j->head, sizeof(v->found));
	if (j->number == 1 && old && weir_journal_aside(old) && sum) {
		snprintf(v->old, sizeof(v->old), "%s", old);
		snprintf(v->old_sum, sizeof(v->old_sum), "%s", sum);
	}
}

static void show(void *arg, const struct weir_journal *j, const json_t *o, const char *text,
		 size_t n)
{
	struct view *v = arg;

	/* Of a journal that was begun anew meanwhile all lines are new. */
	if (j->number == 1 && strcmp(v->first, j->head)) {
		v->from = v->first[0] ? 1 : v->from;
		memcpy(v->first, j->head, sizeof(v->first));
	}
	if (j->number < v->from)
		return;
	if (weir_json)
		printf("%.*s\n", (int)n, text);
	else
		weir_put_decision(o);
}

/* Verifying */

static int parse_expected(const char *text, struct view *v)
{
	char *end;

	errno = 0;
	v->number = strtoull(text, &end, 10);
	if (errno || !v->number || text[0] < '1' || text[0] > '9' || *end != ':' ||
	    strspn(end + 1, "0123456789abcdef") != WEIR_HEX - 1 || strlen(end + 1) != WEIR_HEX - 1)
		return weir_usage("log", "--expect takes what --head printed, N:SHA256, not \"%s\"",
				  text);
	memcpy(v->sum, end + 1, sizeof(v->sum));
	return 0;
}

static int refuse_expected(const struct weir_journal *j, const struct view *v,
			   struct weir_refusal *r)
{
	const char *todo = "what was decided is in the audit log, too, and wherever that is sent";

	if (v->found[0])
		weir_refuse(r, WEIR_STEP_STATE, "EXPECT", todo,
			    "line %" PRIu64 " of the journal is another one than is expected: it "
			    "was written anew",
			    v->number);
	else
		weir_refuse(r, WEIR_STEP_STATE, "EXPECT", todo,
			    "the journal ends at line %" PRIu64 ", and line %" PRIu64
			    " is expected: it was cut short, or begun anew",
			    j->number, v->number);
	snprintf(r->file, sizeof(r->file), "%s", j->path);
	return -1;
}

/* One that is not there any more was moved elsewhere, where it can be compared as well. */
static int check_old(const struct weir_options *o, struct view *v, struct weir_refusal *r)
{
	struct weir_journal old;
	char name[WEIR_ASIDE], want[WEIR_HEX], sum[WEIR_HEX];
	int ret = 0;

	memcpy(name, v->old, sizeof(name));
	memcpy(want, v->old_sum, sizeof(want));
	v->old[0] = 0;
	if (weir_journal_read(o->state, name, find, v, &old, r))
		return -1;
	weir_journal_digest(old.file.b, old.file.n, sum);
	if (old.file.b && strcmp(sum, want)) {
		ret = weir_refuse(r, WEIR_STEP_STATE, "OLD", NULL,
				  "this journal was changed after it was set aside: its SHA-256 is "
				  "not %s",
				  want);
		snprintf(r->file, sizeof(r->file), "%s", old.path);
	}
	weir_journal_close(&old);
	return ret;
}

/* The journal before this one, and those before that until the line is found that is expected. */
static int look_back(const struct weir_options *o, struct view *v, struct weir_refusal *r)
{
	do {
		if (v->old[0] && check_old(o, v, r))
			return -1;
	} while (v->number && strcmp(v->found, v->sum) && v->old[0]);
	return 0;
}

/* The last line, with --json. */
static void answer(const struct weir_journal *j, const char *key)
{
	json_int_t n = (json_int_t)j->number;

	weir_answer(json_pack("{s:I, s:s}", key, n, "sha256", j->head));
}

static int verify(const struct weir_options *o, struct view *v, struct weir_refusal *r)
{
	struct weir_journal j;
	int ret;

	if (read_settled(o, find, v, &j, r))
		return -1;
	ret = weir_journal_judge(&j, 0, r);
	if (!ret)
		ret = look_back(o, v, r);
	if (!ret && v->number && strcmp(v->found, v->sum))
		ret = refuse_expected(&j, v, r);
	if (!ret)
		answer(&j, "lines");
	if (!ret && !weir_json)
		printf("%" PRIu64 " lines verify\n", j.number);
	weir_journal_close(&j);
	return ret;
}

/* Of what does not verify there is no head. */
static int head(const struct weir_options *o, struct weir_refusal *r)
{
	struct weir_journal j;
	int ret;

	if (read_settled(o, NULL, NULL, &j, r))
		return -1;
	ret = weir_journal_judge(&j, 0, r);
	if (!ret && !j.number)
		ret = weir_refuse(r, WEIR_STEP_STATE, "EMPTY", NULL, "there is no journal yet");
	if (!ret)
		answer(&j, "number");
	if (!ret && !weir_json)
		printf("%" PRIu64 ":%s\n", j.number, j.head);
	weir_journal_close(&j);
	return ret;
}

static int restart(const struct weir_options *o, struct weir_refusal *r)
{
	char aside[WEIR_ASIDE];
	int lock, ret;

	if (weir_floor_lock(o->state, &lock, r))
		return -1;
	ret = weir_journal_restart(o->state, aside, r);
	close(lock);
	if (ret)
		return -1;
	if (weir_json)
		weir_put_json(json_pack("{s:s}", "aside", aside));
	else
		printf("the journal is called %s now, and a new one begins\n", aside);
	return 0;
}

/* Showing */

static int print(const struct weir_options *o, struct view *v, struct weir_journal *j,
		 struct weir_refusal *r)
{
	if (read_settled(o, NULL, NULL, j, r))
		return -1;
	if (o->count)
		v->from = j->number > o->count ? j->number - o->count + 1 : 1;
	weir_journal_again(j, show, v);
	return 0;
}

/* Lines as they come, until something does not verify. */
static int follow(const struct weir_options *o, struct view *v, struct weir_journal *j,
		  struct weir_refusal *r)
{
	const struct timespec pause = { .tv_nsec = 500000000 };

	while (weir_journal_judge(j, 1, r) >= 0) {
		fflush(stdout);
		v->from = j->number + 1;
		weir_journal_close(j);
		nanosleep(&pause, NULL);
		if (weir_journal_read(o->state, WEIR_JOURNAL_NAME, show, v, j, r))
			return -1;
	}
	return -1;
}

static int print_all(const struct weir_options *o, struct weir_refusal *r)
{
	struct view v = { .from = 1 };
	struct weir_journal j;
	int ret;

	if (print(o, &v, &j, r))
		return -1;
	ret = o->follow ? follow(o, &v, &j, r) : weir_journal_judge(&j, 1, r) < 0 ? -1 : 0;
	weir_journal_close(&j);
	return ret;
}

int weir_ctl_log(const struct weir_options *o, char **argv)
{
	struct view v = { .number = 0 };
	struct weir_refusal r;
	int ret;

	(void)argv;
	if (o->verify + o->head + o->restart + o->follow > 1 ||
	    (o->count && o->verify + o->head + o->restart))
		return weir_usage("log",
				  "--verify, --head, --restart, --follow exclude each other, "
				  "and --last goes with --follow only");
	if (o->expect && !o->verify)
		return weir_usage("log", "--expect goes with --verify");
	if (o->expect && parse_expected(o->expect, &v))
		return WEIR_EXIT_USAGE;
	if (o->verify)
		ret = verify(o, &v, &r);
	else if (o->head)
		ret = head(o, &r);
	else if (o->restart)
		ret = restart(o, &r);
	else
		ret = print_all(o, &r);
	return ret ? weir_refused_by(&r) : WEIR_EXIT_OK;
}
