// SPDX-License-Identifier: GPL-2.0
/* The store: files by digest, generations of them, and names that point to a generation. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/sha.h>

#include "store_text.h"

char *weir_store_path(const char *state, struct weir_refusal *r, const char *fmt, ...)
{
	char *name = NULL, *path = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&name, fmt, ap) < 0)
		name = NULL;
	va_end(ap);
	if (!name || asprintf(&path, "%s/store/%s", state, name) < 0)
		path = NULL;
	free(name);
	if (!path)
		weir_refuse_errno(r, WEIR_STEP_STATE, state, "cannot name a file of the store");
	return path;
}

int weir_store_damaged(const char *path, const char *todo, const char *what, struct weir_refusal *r)
{
	weir_refuse(r, WEIR_STEP_STATE, "STORE", todo, "%s", what);
	return weir_refusal_file(r, path);
}

/* "": the store itself */
static const char *const folders[] = { "", "objects", "generations", "keep" };

static int each_folder(const char *state, int (*f)(const char *path), struct weir_refusal *r)
{
	int ret = 0;
	char *path;
	size_t i;

	for (i = 0; !ret && i < sizeof(folders) / sizeof(folders[0]); i++) {
		path = weir_store_path(state, r, "%s", folders[i]);
		if (!path)
			return -1;
		ret = f(path);
		if (ret)
			weir_refuse_errno(r, WEIR_STEP_STATE, path, "cannot make the folder");
		free(path);
	}
	return ret;
}

/*
 * A loader that was killed may have left names that the disk does not have yet. What is built on
 * them, and above all what is removed because of them, must not be there before they are.
 */
int weir_store_open(const char *state, struct weir_refusal *r)
{
	if (weir_make_folder(state, r) || each_folder(state, weir_make_one, r))
		return -1;
	if (weir_sync_name(state) || weir_sync_folder(state))
		return weir_refuse_errno(r, WEIR_STEP_STATE, state, "cannot sync the folder");
	return each_folder(state, weir_sync_folder, r);
}

/* Generations and pointers */

int weir_store_pointer(const char *state, const char *name, uint64_t *number,
		       struct weir_refusal *r)
{
	char *path = weir_store_path(state, r, "%s", name);
	struct weir_pointer p;
	int ret;

	*number = 0;
	if (!path)
		return -1;
	ret = weir_text_read(path, WEIR_TEXT_POINTER, &p, r);
	if (ret > 0 && strcmp(p.name, name))
		ret = weir_store_damaged(path, WEIR_TODO_ROLLBACK, "this names something else", r);
	free(path);
	*number = p.number;
	return ret < 0 ? -1 : 0;
}

int weir_store_point(const char *state, const char *name, uint64_t number, struct weir_refusal *r)
{
	char *path = weir_store_path(state, r, "%s", name);
	struct weir_pointer p = { .number = number };
	int ret = -1;

	if (!path)
		return -1;
	snprintf(p.name, sizeof(p.name), "%s", name);
	ret = weir_text_write(path, WEIR_TEXT_POINTER, &p, r);
	free(path);
	return ret;
}

int weir_store_read(const char *state, uint64_t number, struct weir_generation *out,
		    struct weir_refusal *r)
{
	char *path;
	int ret;

	memset(out, 0, sizeof(*out));
	if (!number && weir_store_pointer(state, "current", &number, r))
		return -1;
	if (!number)
		return 0;
	path = weir_store_path(state, r, "generations/%" PRIu64, number);
	if (!path)
		return -1;
	ret = weir_text_read(path, WEIR_TEXT_GENERATION, out, r);
	if (ret > 0 && out->number != number)
		ret = weir_store_damaged(path, WEIR_TODO_ROLLBACK,
					 "it holds another generation than its name says", r);
	if (!ret)
		ret = weir_store_damaged(path, "weirctl store list shows what there is",
					 "there is no such generation in the store", r);
	free(path);
	return ret < 0 ? -1 : 0;
}

static int generation_name(const struct dirent *e)
{
	return e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
	       e->d_name[strspn(e->d_name, "0123456789")] == 0;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

int weir_store_numbers(const char *state, uint64_t **out, size_t *n, struct weir_refusal *r)
{
	char *path = weir_store_path(state, r, "generations");
	struct dirent **list = NULL;
	int i, got;

	*n = 0;
	*out = NULL;
	if (!path)
		return -1;
	got = scandir(path, &list, generation_name, NULL);
	if (got >= 0)
		*out = calloc((size_t)got + 1, sizeof(**out));
	for (i = 0; i < got; i++) {
		if (*out)
			(*out)[(*n)++] = strtoull(list[i]->d_name, NULL, 10);
		free(list[i]);
	}
	free(list);
	if (!*out && (got >= 0 || errno != ENOENT)) {
		weir_refuse_errno(r, WEIR_STEP_STATE, path, "cannot list the generations");
		free(path);
		return -1;
	}
	free(path);
	if (*n)
		qsort(*out, *n, sizeof(**out), by_number);
	return 0;
}

int weir_store_next(const char *state, uint64_t *number, struct weir_refusal *r)
{
	uint64_t *all;
	size_t n;

	if (weir_store_numbers(state, &all, &n, r))
		return -1;
	*number = n ? all[n - 1] + 1 : 1;
	free(all);
	return 0;
}

int weir_store_switch(const char *state, struct weir_generation *g, const char *why,
		      struct weir_refusal *r)
{
	char *path;
	int ret;

	g->from = g->number;
	if (weir_store_next(state, &g->number, r))
		return -1;
	snprintf(g->why, sizeof(g->why), "%s", why);
	path = weir_store_path(state, r, "generations/%" PRIu64, g->number);
	ret = path ? weir_text_write(path, WEIR_TEXT_GENERATION, g, r) : -1;
	free(path);
	return ret ? -1 : weir_store_point(state, "current", g->number, r);
}

/* Sets */

int weir_set_find(const struct weir_set *s, uint32_t channel)
{
	uint32_t i;

	for (i = 0; i < s->n; i++)
		if (s->entry[i].channel == channel)
			return (int)i;
	return -1;
}

void weir_set_remove(struct weir_set *s, uint32_t channel)
{
	int i = weir_set_find(s, channel);

	if (i < 0)
		return;
	s->n--;
	memmove(&s->entry[i], &s->entry[i + 1], (s->n - (uint32_t)i) * sizeof(s->entry[0]));
	memset(&s->entry[s->n], 0, sizeof(s->entry[0]));
}

int weir_set_put(struct weir_set *s, const struct weir_entry *e)
{
	uint32_t i;

	weir_set_remove(s, e->channel);
	if (s->n == WEIR_STORE_CHANNELS)
		return -1;
	for (i = s->n++; i && s->entry[i - 1].channel > e->channel; i--)
		s->entry[i] = s->entry[i - 1];
	s->entry[i] = *e;
	return 0;
}

/* Objects */

static char *object_path(const char *state, const struct weir_entry *e, struct weir_refusal *r)
{
	char name[2 * WEIR_DIGEST_SIZE + 1];

	weir_hex(e->object, name);
	return weir_store_path(state, r, "objects/%s.weir", name);
}

static int read_object(const char *path, const struct weir_entry *e, struct weir_blob *out,
		       struct weir_refusal *r)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];

	if (weir_blob_read(path, WEIR_FILE_MAX, out, r)) {
		r->step = WEIR_STEP_STATE;
		return -1;
	}
	SHA256(out->b, out->n, digest);
	if (!memcmp(digest, e->object, sizeof(digest)))
		return 0;
	weir_blob_free(out);
	return weir_store_damaged(path,
				  "find out what damaged the file; load it again from where it "
				  "came from, or weirctl store rollback N",
				  "this file of the store is damaged: its digest is not its name",
				  r);
}

int weir_store_object(const char *state, const struct weir_entry *e, struct weir_blob *out,
		      struct weir_refusal *r)
{
	char *path = object_path(state, e, r);
	int ret = path ? read_object(path, e, out, r) : -1;

	free(path);
	if (ret)
		r->channel = e->channel;
	return ret;
}

int weir_store_whole(const char *state, const struct weir_set *s, struct weir_refusal *r)
{
	struct weir_blob f;
	uint32_t i;

	for (i = 0; i < s->n; i++) {
		if (weir_store_object(state, &s->entry[i], &f, r))
			return -1;
		weir_blob_free(&f);
	}
	return 0;
}

/* Generations that are held */

static char *keep_path(const char *state, uint64_t number, struct weir_refusal *r)
{
	return weir_store_path(state, r, "keep/%" PRIu64, number);
}

int weir_store_kept(const char *state, uint64_t number)
{
	struct weir_refusal why;
	char *path = keep_path(state, number, &why);
	int ret = path && !access(path, F_OK);

	free(path);
	return ret;
}

int weir_store_keep(const char *state, uint64_t number, int keep, struct weir_refusal *r)
{
	struct weir_generation g;
	char *path;
	int ret;

	if (weir_store_open(state, r) || (keep && weir_store_read(state, number, &g, r)))
		return -1;
	path = keep_path(state, number, r);
	if (!path)
		return -1;
	ret = keep ? weir_blob_write(path, "", 0, 0644, 0, r) : weir_blob_remove(path, r);
	free(path);
	return ret;
}

int weir_store_rollback(const char *state, uint64_t number, struct weir_refusal *r)
{
	struct weir_generation g;

	if (weir_store_open(state, r) || weir_store_read(state, number, &g, r) ||
	    weir_store_whole(state, &g.set, r))
		return -1;
	return weir_store_point(state, "current", number, r);
}
