// SPDX-License-Identifier: GPL-2.0
/* What loading and unloading content does to the store. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/sha.h>

#include "store_text.h"

static void describe(const struct weir_checked *k, const struct weir_live *live, const char *stage,
		     struct weir_entry *out)
{
	uint32_t i;

	memset(out, 0, sizeof(*out));
	out->channel = k->about.channel;
	out->version = k->about.version;
	snprintf(out->stage, sizeof(out->stage), "%s", stage);
	SHA256(k->file.b, k->file.n, out->object);
	memcpy(out->content, k->floor.digest, sizeof(out->content));
	for (i = 0; i < live->schema.n; i++) {
		if (!weir_uses(&k->view, live->schema.t[i].id))
			continue;
		out->type[out->ntypes].id = live->schema.t[i].id;
		out->type[out->ntypes++].fingerprint = live->schema.t[i].fingerprint;
	}
}

/* A file that is there is left alone, unless it is damaged: then this is what it should be. */
static int put_object(const char *state, const struct weir_checked *k, const struct weir_entry *e,
		      struct weir_refusal *r)
{
	char name[2 * WEIR_DIGEST_SIZE + 1], *path;
	struct weir_blob have;
	int ret;

	if (!weir_store_object(state, e, &have, r)) {
		weir_blob_free(&have);
		return 0;
	}
	weir_hex(e->object, name);
	path = weir_store_path(state, r, "objects/%s.weir", name);
	ret = path ? weir_blob_write(path, k->file.b, k->file.n, 0644, 0, r) : -1;
	free(path);
	return ret;
}

static int too_many(const char *state, struct weir_refusal *r)
{
	weir_refuse(r, WEIR_STEP_STATE, "CHANNELS", "unload a channel first",
		    "the store has content of %u channels already", WEIR_STORE_CHANNELS);
	return weir_refusal_file(r, state);
}

int weir_store_mark(const char *state, const struct weir_trying *t, struct weir_refusal *r)
{
	char *path = weir_store_path(state, r, "trying");
	int ret;

	if (!path)
		return -1;
	if (t->generation || t->set.n)
		ret = weir_text_write(path, WEIR_TEXT_TRYING, t, r);
	else
		ret = weir_blob_remove(path, r);
	free(path);
	return ret;
}

int weir_store_marker(const char *state, struct weir_trying *out, struct weir_refusal *r)
{
	char *path = weir_store_path(state, r, "trying");
	int ret = path ? weir_text_read(path, WEIR_TEXT_TRYING, out, r) : -1;

	free(path);
	return ret < 0 ? -1 : 0;
}

/* The marker of this boot. What an earlier one left is about content that is not loaded now. */
static int marker_now(const char *state, struct weir_trying *t, struct weir_refusal *r)
{
	char boot[WEIR_BOOT_ID];

	if (weir_boot_id(boot, r) || weir_store_marker(state, t, r))
		return -1;
	if (!strcmp(t->boot, boot))
		return 0;
	memset(t, 0, sizeof(*t));
	memcpy(t->boot, boot, sizeof(boot));
	t->attempt = 1;
	return 0;
}

int weir_store_trying(const char *state, const struct weir_checked *k, const struct weir_live *live,
		      const char *stage, struct weir_refusal *r)
{
	struct weir_generation g;
	struct weir_entry e;
	struct weir_trying t;

	/* What weir_store_trusted() could not do shall show before anything is active. */
	describe(k, live, stage, &e);
	if (weir_store_open(state, r) || weir_store_read(state, 0, &g, r) ||
	    marker_now(state, &t, r))
		return -1;
	if (weir_set_put(&g.set, &e) || weir_set_put(&t.set, &e))
		return too_many(state, r);
	return put_object(state, k, &e, r) || weir_store_mark(state, &t, r) ? -1 : 0;
}

int weir_store_dropped(const char *state, uint32_t channel, struct weir_refusal *r)
{
	struct weir_trying t;

	if (weir_store_marker(state, &t, r))
		return -1;
	if (weir_set_find(&t.set, channel) < 0)
		return 0;
	weir_set_remove(&t.set, channel);
	return weir_store_mark(state, &t, r);
}

static const struct weir_entry *find(const struct weir_set *s, uint32_t channel,
				     const uint8_t *content)
{
	int i = weir_set_find(s, channel);

	if (i < 0 || memcmp(s->entry[i].content, content, WEIR_DIGEST_SIZE))
		return NULL;
	return &s->entry[i];
}

/* The newest generation that has it; one that cannot be read has nothing. */
static int find_old(const char *state, uint32_t channel, const uint8_t *content,
		    struct weir_entry *out, struct weir_refusal *r)
{
	const struct weir_entry *e = NULL;
	struct weir_generation g;
	struct weir_refusal why;
	uint64_t *number;
	size_t n;

	if (weir_store_numbers(state, &number, &n, r))
		return -1;
	while (n-- && !e)
		if (!weir_store_read(state, number[n], &g, &why))
			e = find(&g.set, channel, content);
	if (e)
		*out = *e;
	free(number);
	if (e)
		return 0;
	weir_refuse(r, WEIR_STEP_STATE, "UNKNOWN", "load the file that it came from",
		    "the kernel trusts content that the store does not have");
	r->channel = channel;
	return weir_refusal_file(r, state);
}

static int follow_trusted(const char *state, uint32_t channel, const uint8_t *trusted,
			  const struct weir_trying *t, struct weir_refusal *r)
{
	const struct weir_entry *tried = find(&t->set, channel, trusted);
	struct weir_generation g;
	struct weir_floor floor;
	struct weir_entry e;

	if (weir_store_read(state, 0, &g, r))
		return -1;
	if (find(&g.set, channel, trusted))
		return 0;
	if (tried)
		e = *tried;
	else if (find_old(state, channel, trusted, &e, r))
		return -1;
	/* What a generation has is never above the floor. */
	floor.version = e.version;
	memcpy(floor.digest, e.content, sizeof(floor.digest));
	if (weir_floor_raise(state, channel, &floor, r))
		return -1;
	snprintf(e.stage, sizeof(e.stage), "trusted");
	if (weir_set_put(&g.set, &e))
		return too_many(state, r);
	return weir_store_switch(state, &g, tried ? "load" : "rollback", r);
}

int weir_store_follow(const char *state, uint32_t channel, const uint8_t *trusted,
		      const uint8_t *trial, struct weir_refusal *r)
{
	struct weir_trying t;

	if (weir_store_open(state, r) || weir_store_marker(state, &t, r) ||
	    (trusted && follow_trusted(state, channel, trusted, &t, r)))
		return -1;
	return trial && find(&t.set, channel, trial) ? 0 : weir_store_dropped(state, channel, r);
}

int weir_store_holds(const char *state, const struct weir_checked *k)
{
	struct weir_generation g;
	struct weir_refusal why;

	return !weir_store_read(state, 0, &g, &why) &&
	       find(&g.set, k->about.channel, k->floor.digest);
}

int weir_store_trusted(const char *state, const struct weir_checked *k,
		       const struct weir_live *live, struct weir_refusal *r)
{
	struct weir_generation g;
	struct weir_entry e;
	int i;

	describe(k, live, "trusted", &e);
	if (weir_store_open(state, r) || weir_store_read(state, 0, &g, r) ||
	    put_object(state, k, &e, r))
		return -1;
	i = weir_set_find(&g.set, e.channel);
	if (i < 0 || memcmp(g.set.entry[i].object, e.object, sizeof(e.object))) {
		if (weir_set_put(&g.set, &e))
			return too_many(state, r);
		if (weir_store_switch(state, &g, "load", r))
			return -1;
	}
	return weir_store_dropped(state, e.channel, r);
}

int weir_store_unload(const char *state, uint32_t channel, struct weir_refusal *r)
{
	struct weir_generation g;

	if (weir_store_read(state, 0, &g, r))
		return -1;
	if (weir_set_find(&g.set, channel) >= 0) {
		weir_set_remove(&g.set, channel);
		if (weir_store_open(state, r) || weir_store_switch(state, &g, "unload", r))
			return -1;
	}
	return weir_store_dropped(state, channel, r);
}
