// SPDX-License-Identifier: GPL-2.0
/* What leaves the store: old generations, purged content, and files that nothing leads to. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store_text.h"

/* What is there, and what of it has to go. */
struct sweep {
	const char *state;
	uint64_t *number, current, good;
	char *drop;
	size_t n;
	struct weir_trying t;
	uint8_t (*used)[WEIR_DIGEST_SIZE]; /* objects that stay */
	size_t nused;
	struct weir_removed *removed;
};

static int sweep_open(struct sweep *s, struct weir_refusal *r)
{
	memset(s->removed, 0, sizeof(*s->removed));
	if (weir_store_open(s->state, r) || weir_store_numbers(s->state, &s->number, &s->n, r))
		return -1;
	s->drop = calloc(s->n + 1, 1);
	if (!s->drop)
		return weir_refuse_errno(r, WEIR_STEP_STATE, s->state, "cannot hold the list");
	if (weir_store_pointer(s->state, "current", &s->current, r) ||
	    weir_store_pointer(s->state, "good", &s->good, r))
		return -1;
	return weir_store_marker(s->state, &s->t, r);
}

static void sweep_close(struct sweep *s)
{
	free(s->number);
	free(s->drop);
	free(s->used);
}

static int use(struct sweep *s, const struct weir_set *set, struct weir_refusal *r)
{
	uint8_t(*grown)[WEIR_DIGEST_SIZE];
	uint32_t i;

	grown = realloc(s->used, (s->nused + set->n + 1) * sizeof(*grown));
	if (!grown)
		return weir_refuse_errno(r, WEIR_STEP_STATE, s->state, "cannot hold the list");
	s->used = grown;
	for (i = 0; i < set->n; i++)
		memcpy(s->used[s->nused++], set->entry[i].object, WEIR_DIGEST_SIZE);
	return 0;
}

static int is_used(const struct sweep *s, const uint8_t *digest)
{
	size_t i;

	for (i = 0; i < s->nused; i++)
		if (!memcmp(s->used[i], digest, WEIR_DIGEST_SIZE))
			return 1;
	return 0;
}

/* One that stays and cannot be read stops it all: what it needs is not known. */
static int mark_used(struct sweep *s, struct weir_refusal *r)
{
	struct weir_generation g;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (s->drop[i])
			continue;
		if (weir_store_read(s->state, s->number[i], &g, r) || use(s, &g.set, r))
			return -1;
	}
	return use(s, &s->t.set, r);
}

static int drop_generations(struct sweep *s, struct weir_refusal *r)
{
	char *path;
	size_t i;
	int ret;

	for (i = 0; i < s->n; i++) {
		if (!s->drop[i])
			continue;
		if (weir_store_kept(s->state, s->number[i]) &&
		    weir_store_keep(s->state, s->number[i], 0, r))
			return -1;
		path = weir_store_path(s->state, r, "generations/%" PRIu64, s->number[i]);
		ret = path ? weir_blob_remove(path, r) : -1;
		free(path);
		if (ret)
			return -1;
		s->removed->generations++;
	}
	return 0;
}

/* HEX.weir */
static int object_name(const char *name, uint8_t *digest)
{
	const size_t n = 2 * WEIR_DIGEST_SIZE;

	return strspn(name, "0123456789abcdef") == n && !strcmp(name + n, ".weir") &&
	       !weir_unhex(name, digest);
}

/* NAME.XXXXXX, as weir_blob_write() calls a file that is not in place yet. */
static int leftover_name(const char *name)
{
	size_t i, n = strlen(name);

	if (n < 8 || name[n - 7] != '.')
		return 0;
	for (i = n - 6; i < n; i++)
		if (!isalnum((unsigned char)name[i]))
			return 0;
	return 1;
}

static int sweep_file(struct sweep *s, const char *folder, const char *name, struct weir_refusal *r)
{
	uint8_t digest[WEIR_DIGEST_SIZE];
	uint32_t *count;
	char *path;
	int ret;

	if (leftover_name(name))
		count = &s->removed->leftovers;
	else if (!strcmp(folder, "objects") && object_name(name, digest) && !is_used(s, digest))
		count = &s->removed->objects;
	else
		return 0;
	path = weir_store_path(s->state, r, "%s/%s", folder, name);
	ret = path ? weir_blob_remove(path, r) : -1;
	free(path);
	(*count)++;
	return ret;
}

static int sweep_folder(struct sweep *s, const char *folder, struct weir_refusal *r)
{
	char *path = weir_store_path(s->state, r, "%s", folder);
	struct dirent **list;
	int i, n, ret = 0;

	if (!path)
		return -1;
	n = scandir(path, &list, NULL, alphasort);
	if (n < 0)
		weir_refuse_errno(r, WEIR_STEP_STATE, path, "cannot read a folder of the store");
	free(path);
	if (n < 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (!ret)
			ret = sweep_file(s, folder, list[i]->d_name, r);
		free(list[i]);
	}
	free(list);
	return ret;
}

/* Generations go first: one that is there has all its files, at every instant. */
static int sweep(struct sweep *s, struct weir_refusal *r)
{
	if (mark_used(s, r) || drop_generations(s, r))
		return -1;
	if (sweep_folder(s, "objects", r) || sweep_folder(s, "generations", r) ||
	    sweep_folder(s, "keep", r))
		return -1;
	return sweep_folder(s, ".", r);
}

int weir_store_gc(const char *state, uint32_t keep, struct weir_removed *out,
		  struct weir_refusal *r)
{
	struct sweep s = { .state = state, .removed = out };
	size_t i;
	int ret;

	/* The newest stays in any case, so that no number is given twice. */
	if (!keep)
		keep = 1;
	ret = sweep_open(&s, r);
	for (i = 0; !ret && i + keep < s.n; i++)
		s.drop[i] = s.number[i] != s.current && s.number[i] != s.good &&
			    s.number[i] != s.t.generation && !weir_store_kept(state, s.number[i]);
	if (!ret)
		ret = sweep(&s, r);
	sweep_close(&s);
	return ret;
}

/* Takes out what has a digest. Return: 1 if anything had it. */
static int take_out(struct weir_set *set, const uint8_t *digest)
{
	uint32_t i = 0;
	int found = 0;

	while (i < set->n) {
		const struct weir_entry *e = &set->entry[i];

		if (memcmp(e->object, digest, WEIR_DIGEST_SIZE) &&
		    memcmp(e->content, digest, WEIR_DIGEST_SIZE)) {
			i++;
			continue;
		}
		weir_set_remove(set, e->channel);
		found = 1;
	}
	return found;
}

/* Who says what it holds has to be believed; one that cannot be read goes as well. */
static void find_digest(struct sweep *s, const uint8_t *digest)
{
	struct weir_generation g;
	struct weir_refusal why;
	size_t i;

	for (i = 0; i < s->n; i++)
		s->drop[i] = weir_store_read(s->state, s->number[i], &g, &why) ||
			     take_out(&g.set, digest);
}

static int drops(const struct sweep *s, uint64_t number)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->number[i] == number)
			return s->drop[i];
	return 0;
}

/* Nothing may lead any more to what goes, before it goes. */
static int turn_away(struct sweep *s, const uint8_t *digest, struct weir_refusal *r)
{
	struct weir_generation g;
	int marked;

	if (drops(s, s->current) || (s->n && s->drop[s->n - 1])) {
		if (weir_store_read(s->state, 0, &g, r))
			return -1;
		take_out(&g.set, digest);
		if (weir_store_switch(s->state, &g, "purge", r))
			return -1;
		s->current = g.number;
	}
	if (drops(s, s->good) && weir_store_point(s->state, "good", s->current, r))
		return -1;
	marked = take_out(&s->t.set, digest);
	if (drops(s, s->t.generation)) {
		s->t.generation = s->current;
		marked = 1;
	}
	return marked ? weir_store_mark(s->state, &s->t, r) : 0;
}

/* The generation that turn_away() made is not in the list, but its files stay. */
int weir_store_purge(const char *state, const uint8_t *digest, struct weir_removed *out,
		     struct weir_refusal *r)
{
	struct sweep s = { .state = state, .removed = out };
	struct weir_generation g;
	int ret;

	ret = sweep_open(&s, r);
	if (!ret) {
		find_digest(&s, digest);
		ret = turn_away(&s, digest, r);
	}
	if (!ret)
		ret = weir_store_read(state, 0, &g, r) || use(&s, &g.set, r) ? -1 : 0;
	if (!ret)
		ret = sweep(&s, r);
	sweep_close(&s);
	return ret;
}
