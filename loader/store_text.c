// SPDX-License-Identifier: GPL-2.0
/* The store's small files as text. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/sha.h>

#include "store_text.h"

#define TEXT_MAX 0x40000u /* bytes: 64 channels with 64 types each need half of it */

static const size_t sizes[] = {
	[WEIR_TEXT_POINTER] = sizeof(struct weir_pointer),
	[WEIR_TEXT_GENERATION] = sizeof(struct weir_generation),
	[WEIR_TEXT_TRYING] = sizeof(struct weir_trying),
};

static void put_entry(FILE *f, const struct weir_entry *e)
{
	char object[2 * WEIR_DIGEST_SIZE + 1], content[2 * WEIR_DIGEST_SIZE + 1];
	uint32_t i;

	weir_hex(e->object, object);
	weir_hex(e->content, content);
	fprintf(f, "channel %" PRIu32 " version %" PRIu64 " stage %s object %s content %s schema",
		e->channel, e->version, e->stage, object, content);
	for (i = 0; i < e->ntypes; i++)
		fprintf(f, " %" PRIu32 ":%016" PRIx64, e->type[i].id, e->type[i].fingerprint);
	fputc('\n', f);
}

static const struct weir_set *put_head(FILE *f, enum weir_text kind, const void *in)
{
	const struct weir_generation *g = in;
	const struct weir_pointer *p = in;
	const struct weir_trying *t = in;

	switch (kind) {
	case WEIR_TEXT_GENERATION:
		fprintf(f, "weir-generation 1 number %" PRIu64 " from %" PRIu64 " why %s\n",
			g->number, g->from, g->why);
		return &g->set;
	case WEIR_TEXT_TRYING:
		fprintf(f, "weir-trying 1 boot %s generation %" PRIu64 " attempt %" PRIu32 "\n",
			t->boot, t->generation, t->attempt);
		return &t->set;
	default:
		fprintf(f, "weir-%s 1 generation %" PRIu64 "\n", p->name, p->number);
		return NULL;
	}
}

/* One thing has one text: reading compares with what writing would have written. */
static int format(enum weir_text kind, const void *in, struct weir_blob *out)
{
	char sum[2 * WEIR_DIGEST_SIZE + 1], *text = NULL;
	uint8_t digest[SHA256_DIGEST_LENGTH];
	const struct weir_set *s;
	uint32_t i;
	FILE *f;

	f = open_memstream(&text, &out->n);
	if (!f)
		return -1;
	s = put_head(f, kind, in);
	for (i = 0; s && i < s->n; i++)
		put_entry(f, &s->entry[i]);
	fflush(f);
	SHA256((const uint8_t *)text, out->n, digest);
	weir_hex(digest, sum);
	fprintf(f, "sum %s\n", sum);
	if (fclose(f)) {
		free(text);
		return -1;
	}
	out->b = (uint8_t *)text;
	return 0;
}

static int parse_types(const char *at, struct weir_entry *e)
{
	uint32_t id;
	uint64_t fingerprint;
	int n;

	while (sscanf(at, " %" SCNu32 ":%" SCNx64 "%n", &id, &fingerprint, &n) == 2) {
		if (e->ntypes == WEIR_TYPES_MAX)
			return -1;
		e->type[e->ntypes].id = id;
		e->type[e->ntypes++].fingerprint = fingerprint;
		at += n;
	}
	return *at ? -1 : 0;
}

static int parse_entry(const char *line, struct weir_set *s)
{
	char object[2 * WEIR_DIGEST_SIZE + 1], content[2 * WEIR_DIGEST_SIZE + 1];
	struct weir_entry *e = &s->entry[s->n];
	int at = 0;

	if (s->n == WEIR_STORE_CHANNELS)
		return -1;
	if (sscanf(line,
		   "channel %" SCNu32 " version %" SCNu64
		   " stage %15[a-z] object %64[0-9a-f] content %64[0-9a-f] schema%n",
		   &e->channel, &e->version, e->stage, object, content, &at) != 5 ||
	    !at || !e->version)
		return -1;
	if (weir_unhex(object, e->object) || weir_unhex(content, e->content))
		return -1;
	if (s->n && e->channel <= s->entry[s->n - 1].channel)
		return -1;
	s->n++;
	return parse_types(line + at, e);
}

static int parse_head(const char *line, enum weir_text kind, void *out, struct weir_set **s)
{
	struct weir_generation *g = out;
	struct weir_pointer *p = out;
	struct weir_trying *t = out;

	switch (kind) {
	case WEIR_TEXT_GENERATION:
		*s = &g->set;
		return sscanf(line,
			      "weir-generation 1 number %" SCNu64 " from %" SCNu64 " why %15[a-z-]",
			      &g->number, &g->from, g->why) == 3 &&
				       g->number
			       ? 0
			       : -1;
	case WEIR_TEXT_TRYING:
		*s = &t->set;
		return sscanf(line,
			      "weir-trying 1 boot %36[0-9a-f-] generation %" SCNu64
			      " attempt %" SCNu32,
			      t->boot, &t->generation, &t->attempt) == 3
			       ? 0
			       : -1;
	default:
		*s = NULL;
		return sscanf(line, "weir-%15[a-z] 1 generation %" SCNu64, p->name, &p->number) ==
					       2 &&
				       p->number
			       ? 0
			       : -1;
	}
}

/* Lines up to the sum; that and all else is compared. */
static int parse(char *text, enum weir_text kind, void *out)
{
	char *line, *save = NULL;
	struct weir_set *s;

	line = strtok_r(text, "\n", &save);
	if (!line || parse_head(line, kind, out, &s))
		return -1;
	for (line = strtok_r(NULL, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (!strncmp(line, "sum ", 4))
			return 0;
		if (!s || parse_entry(line, s))
			return -1;
	}
	return -1;
}

/* The file's own text is used up by the parser. */
static int understand(const struct weir_blob *f, enum weir_text kind, void *out)
{
	struct weir_blob again;
	char *text = NULL;
	int ret = -1;

	if (f->n)
		text = strndup((const char *)f->b, f->n);
	if (!text || parse(text, kind, out))
		goto out;
	if (format(kind, out, &again))
		goto out;
	ret = again.n == f->n && !memcmp(again.b, f->b, f->n) ? 0 : -1;
	weir_blob_free(&again);
out:
	free(text);
	return ret;
}

int weir_text_read(const char *path, enum weir_text kind, void *out, struct weir_refusal *r)
{
	struct weir_blob f;
	int ret;

	memset(out, 0, sizes[kind]);
	if (access(path, F_OK) && errno == ENOENT)
		return 0;
	if (weir_blob_read(path, TEXT_MAX, &f, r)) {
		r->step = WEIR_STEP_STATE;
		return -1;
	}
	ret = understand(&f, kind, out);
	weir_blob_free(&f);
	if (!ret)
		return 1;
	memset(out, 0, sizes[kind]);
	return weir_store_damaged(path, WEIR_TODO_ROLLBACK,
				  "this file of the store is damaged: its checksum does not fit",
				  r);
}

int weir_text_write(const char *path, enum weir_text kind, const void *in, struct weir_refusal *r)
{
	struct weir_blob text;
	int ret;

	if (format(kind, in, &text))
		return weir_refuse_errno(r, WEIR_STEP_STATE, path, "cannot make its text");
	ret = weir_blob_write(path, text.b, text.n, 0644, kind == WEIR_TEXT_GENERATION, r);
	weir_blob_free(&text);
	return ret;
}
