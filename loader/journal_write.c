// SPDX-License-Identifier: GPL-2.0
/* Writing the journal: a line at a time, each on disk before the next. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "journal.h"
#include "weirstore.h"

/* Stamps */

json_t *weir_journal_time(uint64_t ns)
{
	time_t s = (time_t)(ns / 1000000000u);
	char text[40];
	struct tm tm;
	size_t n;

	gmtime_r(&s, &tm);
	n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof(text) - n, ".%06uZ", (unsigned int)(ns % 1000000000u / 1000u));
	return json_string(text);
}

json_t *weir_journal_boot(void)
{
	char boot[WEIR_BOOT_ID];
	struct weir_refusal why;

	return weir_boot_id(boot, &why) ? json_null() : json_string(boot);
}

/* Who logged in; null if nobody did, or if the kernel does not say. */
static json_t *login_id(void)
{
	struct weir_refusal why;
	unsigned long id = UINT32_MAX;
	struct weir_blob f;
	char text[16];

	if (!weir_blob_read("/proc/self/loginuid", 4096, &f, &why)) {
		snprintf(text, sizeof(text), "%.*s", (int)f.n, (const char *)f.b);
		id = strtoul(text, NULL, 10);
		weir_blob_free(&f);
	}
	return id < UINT32_MAX ? json_integer((json_int_t)id) : json_null();
}

json_t *weir_journal_stamp(const char *op)
{
	json_t *o = json_pack("{s:s, s:s}", "op", op, "source", "weirctl");
	struct timespec t;
	uint64_t ns;

	clock_gettime(CLOCK_REALTIME, &t);
	ns = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
	json_object_set_new(o, "time", weir_journal_time(ns));
	json_object_set_new(o, "boot", weir_journal_boot());
	json_object_set_new(o, "uid", json_integer((json_int_t)getuid()));
	json_object_set_new(o, "auid", login_id());
	json_object_set_new(o, "pid", json_integer((json_int_t)getpid()));
	return o;
}

/* Lines */

/* Whatever is there behind the lines that verify is written over first, and only then cut off. */
static int put(struct weir_journal *j, const char *line, size_t n)
{
	struct stat st;
	size_t done;
	ssize_t got;

	for (done = 0; done < n; done += (size_t)got) {
		got = pwrite(j->fd, line + done, n - done, (off_t)(j->whole + done));
		if (got < 0 && errno == EINTR)
			got = 0;
		if (got < 0)
			return -1;
	}
	if (fstat(j->fd, &st))
		return -1;
	if (st.st_size > (off_t)(j->whole + n) && ftruncate(j->fd, (off_t)(j->whole + n)))
		return -1;
	return fsync(j->fd);
}

static int cannot(const struct weir_journal *j, const char *what, struct weir_refusal *r)
{
	weir_refuse(r, WEIR_STEP_STATE, "IO",
		    "mend that: the kernel's decisions are written down then, if it has them still",
		    "%s: %s", what, strerror(errno));
	snprintf(r->file, sizeof(r->file), "%s", j->path);
	return -1;
}

/* The members that a line gets from where it stands. */
static int add(struct weir_journal *j, json_t *o, struct weir_refusal *r)
{
	char line[WEIR_JOURNAL_LINE], sum[WEIR_HEX];
	size_t n;

	json_object_set_new(o, "number", json_integer((json_int_t)j->number + 1));
	json_object_set_new(o, "prev", json_string(j->head));
	n = weir_journal_format(o, line, sum);
	if (!n)
		return weir_refuse(r, WEIR_STEP_STATE, "JOURNAL", NULL,
				   "a line of the journal would be too long");
	if (put(j, line, n)) {
		cannot(j, "cannot write the journal", r);
		/* What it leaves is half a line; of one that was there before, the bytes stay. */
		if (!j->half)
			j->half = ftruncate(j->fd, (off_t)j->whole) != 0;
		return -1;
	}
	j->whole += n;
	j->number++;
	memcpy(j->head, sum, sizeof(j->head));
	return 0;
}

/* The highest N of journal.N; 0 if there is none. */
static unsigned long newest(const char *state)
{
	struct dirent **names = NULL;
	unsigned long max = 0, v;
	int i, n;

	n = scandir(state, &names, NULL, NULL);
	for (i = 0; i < n; i++) {
		v = weir_journal_aside(names[i]->d_name);
		max = v > max ? v : max;
		free(names[i]);
	}
	free(names);
	return max;
}

/* A new journal says which one it comes after, and goes on where that one verifies to. */
static void name_old(struct weir_journal *j, json_t *o)
{
	struct weir_journal old;
	struct weir_refusal why;
	char name[32], sum[WEIR_HEX];
	unsigned long n = newest(j->state);

	if (!n)
		return;
	snprintf(name, sizeof(name), WEIR_JOURNAL_NAME ".%lu", n);
	json_object_set_new(o, "old", json_string(name));
	if (weir_journal_read(j->state, name, NULL, NULL, &old, &why)) {
		json_object_set_new(o, "wrong", weir_json_bytes(why.what, strlen(why.what)));
		return;
	}
	weir_journal_digest(old.file.b, old.file.n, sum);
	json_object_set_new(o, "sha256", json_string(sum));
	json_object_set_new(o, "lines", json_integer((json_int_t)old.number));
	if (old.wrong)
		json_object_set_new(o, "wrong", json_string(old.wrong));
	if (old.id[0]) {
		json_object_set_new(o, "id", json_string(old.id));
		json_object_set_new(o, "decision", json_integer((json_int_t)old.decision));
		memcpy(j->id, old.id, sizeof(j->id));
		j->decision = old.decision;
	}
	weir_journal_close(&old);
}

static int begin(struct weir_journal *j, struct weir_refusal *r)
{
	json_t *o = weir_journal_stamp("begin");
	int ret;

	name_old(j, o);
	ret = add(j, o, r);
	json_decref(o);
	return ret;
}

/* What was there from @at on when the journal was read is written over, and told. */
static int cut(struct weir_journal *j, size_t at, struct weir_refusal *r)
{
	json_t *o = weir_journal_stamp("cut");
	char sum[WEIR_HEX];
	int ret;

	weir_journal_digest(j->file.b + at, j->file.n - at, sum);
	json_object_set_new(o, "bytes", json_integer((json_int_t)(j->file.n - at)));
	json_object_set_new(o, "sha256", json_string(sum));
	ret = add(j, o, r);
	json_decref(o);
	if (ret)
		return -1;
	j->half = 0;
	j->wrong = NULL;
	return 0;
}

/* Begins it, and ends what was left half-way. */
static int complete(struct weir_journal *j, size_t at, struct weir_refusal *r)
{
	/* One that was killed may have made it, and not synced its name. */
	if (weir_sync_name(j->path))
		return cannot(j, "cannot open the journal for writing", r);
	if (!j->number && begin(j, r))
		return -1;
	return j->half ? cut(j, at, r) : 0;
}

static int open_it(struct weir_journal *j, struct weir_refusal *r)
{
	size_t at = j->whole;

	if (weir_journal_judge(j, 1, r) < 0)
		return -1;
	j->fd = open(j->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (j->fd < 0)
		return cannot(j, "cannot open the journal for writing", r);
	if (!complete(j, at, r))
		return 0;
	/* Nothing is written behind what was not completed. */
	close(j->fd);
	j->fd = -1;
	return -1;
}

/* The journal gets another name. */
static int move_aside(const char *state, char aside[WEIR_ASIDE], struct weir_refusal *r)
{
	char *from, *to;
	int ret;

	snprintf(aside, WEIR_ASIDE, WEIR_JOURNAL_NAME ".%lu", newest(state) + 1);
	if (asprintf(&from, "%s/" WEIR_JOURNAL_NAME, state) < 0)
		return weir_refuse(r, WEIR_STEP_STATE, "IO", NULL, "no memory for a file's name");
	if (asprintf(&to, "%s/%s", state, aside) < 0) {
		free(from);
		return weir_refuse(r, WEIR_STEP_STATE, "IO", NULL, "no memory for a file's name");
	}
	ret = rename(from, to) || weir_sync_name(to) ? -1 : 0;
	if (ret) {
		weir_refuse(r, WEIR_STEP_STATE, "IO", NULL, "cannot set the journal aside: %s",
			    strerror(errno));
		snprintf(r->file, sizeof(r->file), "%s", from);
	}
	free(from);
	free(to);
	return ret;
}

/* One that is full is set aside. */
static int make_room(struct weir_journal *j, struct weir_refusal *r)
{
	char aside[WEIR_ASIDE];

	if (j->whole + WEIR_JOURNAL_LINE <= WEIR_JOURNAL_MAX)
		return 0;
	if (move_aside(j->state, aside, r))
		return -1;
	close(j->fd);
	j->fd = -1;
	weir_journal_rewind(j);
	return open_it(j, r);
}

int weir_journal_append(struct weir_journal *j, json_t *o, struct weir_refusal *r)
{
	int ret = 0;

	if (j->fd < 0)
		ret = open_it(j, r);
	if (!ret && o)
		ret = make_room(j, r) || add(j, o, r) ? -1 : 0;
	json_decref(o);
	return ret;
}

int weir_journal_restart(const char *state, char aside[WEIR_ASIDE], struct weir_refusal *r)
{
	struct weir_journal j;
	int ret;

	if (move_aside(state, aside, r) ||
	    weir_journal_read(state, WEIR_JOURNAL_NAME, NULL, NULL, &j, r))
		return -1;
	ret = weir_journal_append(&j, NULL, r);
	weir_journal_close(&j);
	return ret;
}
