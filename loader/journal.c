// SPDX-License-Identifier: GPL-2.0
/* Reading the journal: one line has one text, and each follows from the one before. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/sha.h>

#include "journal.h"

/* The end of a line: its digest is that of the line with "}" in the place of all this. */
#define SUM_KEY ",\"sum\":\""
#define SUM_SIZE (sizeof(SUM_KEY) - 1 + 2 * WEIR_DIGEST_SIZE + 2)
#define FORM (JSON_COMPACT | JSON_SORT_KEYS | JSON_ENSURE_ASCII)

void weir_journal_digest(const void *p, size_t n, char out[WEIR_HEX])
{
	uint8_t digest[WEIR_DIGEST_SIZE];

	SHA256(p, n, digest);
	weir_hex(digest, out);
}

size_t weir_journal_format(const json_t *o, char *out, char sum[WEIR_HEX])
{
	size_t n = json_dumpb(o, out, WEIR_JOURNAL_LINE, FORM);

	if (!n || n + SUM_SIZE > WEIR_JOURNAL_LINE)
		return 0;
	weir_journal_digest(out, n, sum);
	n--;
	return n + (size_t)snprintf(out + n, WEIR_JOURNAL_LINE - n, SUM_KEY "%s\"}\n", sum);
}

/* The members of a line that is as it would be written; null if it is not. */
static json_t *parse(const char *text, size_t n, char sum[WEIR_HEX])
{
	char again[WEIR_JOURNAL_LINE], body[WEIR_JOURNAL_LINE];
	json_t *o;

	if (n < SUM_SIZE + 1 || n >= WEIR_JOURNAL_LINE)
		return NULL;
	memcpy(body, text, n - SUM_SIZE);
	body[n - SUM_SIZE] = '}';
	o = json_loadb(body, n - SUM_SIZE + 1, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(o) && weir_journal_format(o, again, sum) == n + 1 &&
	    !memcmp(again, text, n))
		return o;
	json_decref(o);
	return NULL;
}

/* What is wrong with a line that is no longer as it was written. */
static const char *why_not(const char *text, size_t n)
{
	char body[WEIR_JOURNAL_LINE], sum[WEIR_HEX];
	const size_t key = sizeof(SUM_KEY) - 1;

	if (n < SUM_SIZE + 1 || n >= WEIR_JOURNAL_LINE || memcmp(text + n - SUM_SIZE, SUM_KEY, key))
		return "it is no line of a journal";
	memcpy(body, text, n - SUM_SIZE);
	body[n - SUM_SIZE] = '}';
	weir_journal_digest(body, n - SUM_SIZE + 1, sum);
	if (memcmp(text + n - SUM_SIZE + key, sum, 2 * WEIR_DIGEST_SIZE))
		return "it was changed: its SHA-256 is not that of its text";
	return "it is not as weirctl writes it";
}

/* Which decision of the kernel was the last one that got here. */
static void follow_kernel(struct weir_journal *j, const json_t *o)
{
	const char *id = json_string_value(json_object_get(o, "id"));

	if (!id)
		return;
	snprintf(j->id, sizeof(j->id), "%s", id);
	j->decision = (uint64_t)json_integer_value(json_object_get(o, "decision"));
}

/* The line at the end of what verifies. Return: whether it does, too. */
static int take(struct weir_journal *j, const char *text, size_t n, weir_journal_see *see,
		void *arg)
{
	const char *prev;
	char sum[WEIR_HEX];
	json_t *o = parse(text, n, sum);

	j->wrong = o ? NULL : why_not(text, n);
	prev = json_string_value(json_object_get(o, "prev"));
	if (o && json_integer_value(json_object_get(o, "number")) != (json_int_t)j->number + 1)
		j->wrong = "it has not the next number: lines are missing, or in another order";
	else if (o && (!prev || strcmp(prev, j->head)))
		j->wrong = "it does not follow: the line before it was another one";
	if (!j->wrong) {
		j->number++;
		memcpy(j->head, sum, sizeof(j->head));
		j->whole += n + 1;
		follow_kernel(j, o);
		if (see)
			see(arg, j, o, text, n);
	}
	json_decref(o);
	return !j->wrong;
}

/* A crash may have left the last line's bytes unwritten, which read as zeros then. */
static int is_half(const struct weir_journal *j)
{
	const char *at = (const char *)j->file.b + j->whole;
	size_t left = j->file.n - j->whole;
	const char *end = memchr(at, '\n', left);

	if (left > WEIR_JOURNAL_LINE)
		return 0;
	return !end || (end == at + left - 1 && memchr(at, 0, left));
}

static void verify(struct weir_journal *j, weir_journal_see *see, void *arg)
{
	const char *at, *end;

	while (j->whole < j->file.n) {
		if (is_half(j)) {
			j->half = 1;
			j->wrong = "it was not written to its end: a crash, or the file was cut "
				   "short";
			return;
		}
		at = (const char *)j->file.b + j->whole;
		end = memchr(at, '\n', j->file.n - j->whole);
		end = end ? end : at + (j->file.n - j->whole);
		if (!take(j, at, (size_t)(end - at), see, arg))
			return;
	}
}

void weir_journal_rewind(struct weir_journal *j)
{
	j->whole = 0;
	j->number = 0;
	memset(j->head, '0', sizeof(j->head) - 1);
}

void weir_journal_again(struct weir_journal *j, weir_journal_see *see, void *arg)
{
	weir_journal_rewind(j);
	j->half = 0;
	j->wrong = NULL;
	verify(j, see, arg);
}

unsigned long weir_journal_aside(const char *name)
{
	const size_t n = sizeof(WEIR_JOURNAL_NAME ".") - 1;
	unsigned long v;
	char *end;

	if (strncmp(name, WEIR_JOURNAL_NAME ".", n) || name[n] < '1' || name[n] > '9')
		return 0;
	v = strtoul(name + n, &end, 10);
	return *end ? 0 : v;
}

int weir_journal_read(const char *state, const char *name, weir_journal_see *see, void *arg,
		      struct weir_journal *j, struct weir_refusal *r)
{
	memset(j, 0, sizeof(*j));
	j->fd = -1;
	j->state = state;
	weir_journal_rewind(j);
	if (asprintf(&j->path, "%s/%s", state, name) < 0) {
		j->path = NULL;
		return weir_refuse(r, WEIR_STEP_STATE, "IO", NULL, "no memory for a file's name");
	}
	if (access(j->path, F_OK) && errno == ENOENT)
		return 0;
	if (weir_blob_read(j->path, WEIR_JOURNAL_MAX, &j->file, r)) {
		r->step = WEIR_STEP_STATE;
		weir_journal_close(j);
		return -1;
	}
	verify(j, see, arg);
	return 0;
}

void weir_journal_close(struct weir_journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
	weir_blob_free(&j->file);
	free(j->path);
	j->path = NULL;
}

int weir_journal_judge(const struct weir_journal *j, int half, struct weir_refusal *r)
{
	const char *todo = j->half ? "the next command that changes something cuts it off, and "
				     "notes that"
				   : "find out who changed it; weirctl log --restart sets the file "
				     "aside and begins a new one";

	if (!j->wrong || (half && j->half))
		return j->half;
	weir_refuse(r, WEIR_STEP_STATE, j->half ? "HALF" : "JOURNAL", todo,
		    "line %" PRIu64 " of the journal does not verify: %s", j->number + 1, j->wrong);
	snprintf(r->file, sizeof(r->file), "%s", j->path);
	return -1;
}
