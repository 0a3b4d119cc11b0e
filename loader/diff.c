// SPDX-License-Identifier: GPL-2.0
/* What a new version of a channel adds, removes and changes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"

struct entry {
	const struct weir_key *key;
	uint32_t at;
};

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = memcmp(x->key, y->key, sizeof(*x->key));

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

static struct entry *in_order(const struct weir_key *keys, uint32_t n, uint32_t *with)
{
	struct entry *e = weir_alloc(n, sizeof(*e));
	uint32_t i;

	for (i = 0; i < n; i++) {
		e[i] = (struct entry){ &keys[i], i };
		with[i] = WEIR_NOWHERE;
	}
	if (n)
		qsort(e, n, sizeof(*e), by_key);
	return e;
}

void weir_match_keys(const struct weir_key *a, uint32_t na, const struct weir_key *b, uint32_t nb,
		     uint32_t *with_a, uint32_t *with_b)
{
	struct entry *x = in_order(a, na, with_a), *y = in_order(b, nb, with_b);
	uint32_t i = 0, k = 0;
	int order;

	while (i < na && k < nb) {
		order = memcmp(x[i].key, y[k].key, sizeof(*x->key));
		if (!order) {
			with_a[x[i].at] = y[k].at;
			with_b[y[k].at] = x[i].at;
		}
		i += order <= 0;
		k += order >= 0;
	}
	free(x);
	free(y);
}

struct weir_instance weir_diff_instance(const struct weir_diff_file *f, uint32_t i)
{
	struct weir_instance in = { .type = WEIR_NOWHERE };

	weir_instance(&f->channel.view, i, &in);
	return in;
}

/* The UUIDs of a file, each filled up to a key. */
static struct weir_key *ids(const struct weir_diff_file *f)
{
	struct weir_key *keys = weir_alloc(f->channel.view.ninsts, sizeof(*keys));
	struct weir_instance in;
	uint32_t i;

	for (i = 0; i < f->channel.view.ninsts; i++) {
		in = weir_diff_instance(f, i);
		memcpy(keys[i].b, in.uuid, sizeof(in.uuid));
	}
	return keys;
}

static int compare_conditions(const struct weir_diff *d, uint32_t old, uint32_t new)
{
	struct weir_condition *a = weir_condition_make(&d->old.conditions, old);
	struct weir_condition *b = weir_condition_make(&d->new.conditions, new);
	int effect = weir_condition_compare(&d->old.conditions, a, &d->new.conditions, b, 0);

	weir_condition_free(a);
	weir_condition_free(b);
	return effect;
}

static unsigned int what_changed(const struct weir_instance *a, const struct weir_instance *b)
{
	unsigned int what = 0;

	if (a->title_len != b->title_len || memcmp(a->title, b->title, a->title_len))
		what |= WEIR_DIFF_TITLE;
	if (a->level != b->level)
		what |= WEIR_DIFF_LEVEL;
	if (a->action != b->action)
		what |= WEIR_DIFF_ACTION;
	if (a->type != b->type)
		what |= WEIR_DIFF_TYPE;
	return what;
}

static enum weir_diff_rank rank_of(const struct weir_diff_change *c, uint32_t was, uint32_t is)
{
	int moved = c->what & WEIR_DIFF_TYPE;

	if (c->new == WEIR_NOWHERE)
		return WEIR_DIFF_LOSES;
	if (is > WEIR_VERDICT_ALERT && (is > was || moved || c->effect & WEIR_DIFF_MORE))
		return WEIR_DIFF_ACTS;
	if (is < was || moved || c->effect & WEIR_DIFF_LESS)
		return WEIR_DIFF_LOSES;
	return WEIR_DIFF_REST;
}

static void add_change(struct weir_diff *d, uint32_t old, uint32_t new)
{
	struct weir_diff_change *c = &d->change[d->n];
	struct weir_instance a = { .action = 0 }, b = { .action = 0 };

	*c = (struct weir_diff_change){ .old = old, .new = new };
	if (old != WEIR_NOWHERE)
		a = weir_diff_instance(&d->old, old);
	if (new != WEIR_NOWHERE)
		b = weir_diff_instance(&d->new, new);
	if (old != WEIR_NOWHERE && new != WEIR_NOWHERE) {
		c->what = what_changed(&a, &b);
		c->effect = compare_conditions(d, old, new);
		if (c->effect)
			c->what |= WEIR_DIFF_CONDITION;
		if (!c->what) {
			d->same++;
			return;
		}
	}
	d->added += old == WEIR_NOWHERE;
	d->removed += new == WEIR_NOWHERE;
	c->rank = rank_of(c, a.action, b.action);
	d->n++;
}

static int by_id(const void *a, const void *b, void *ctx)
{
	const struct weir_diff_change *x = a, *y = b;
	const struct weir_diff *d = ctx;
	struct weir_instance p, q;

	p = x->new == WEIR_NOWHERE ? weir_diff_instance(&d->old, x->old)
				   : weir_diff_instance(&d->new, x->new);
	q = y->new == WEIR_NOWHERE ? weir_diff_instance(&d->old, y->old)
				   : weir_diff_instance(&d->new, y->new);
	return memcmp(p.uuid, q.uuid, sizeof(p.uuid));
}

static void compare_instances(struct weir_diff *d)
{
	uint32_t i, na = d->old.channel.view.ninsts, nb = d->new.channel.view.ninsts;
	uint32_t *wa = weir_alloc(na, sizeof(*wa)), *wb = weir_alloc(nb, sizeof(*wb));
	struct weir_key *ka = ids(&d->old), *kb = ids(&d->new);

	weir_match_keys(ka, na, kb, nb, wa, wb);
	d->change = weir_alloc((size_t)na + nb, sizeof(*d->change));
	for (i = 0; i < na; i++)
		add_change(d, i, wa[i]);
	for (i = 0; i < nb; i++)
		if (wb[i] == WEIR_NOWHERE)
			add_change(d, WEIR_NOWHERE, i);
	if (d->n)
		qsort_r(d->change, d->n, sizeof(*d->change), by_id, d);
	free(wa);
	free(wb);
	free(ka);
	free(kb);
}

static json_t *fields_json(const struct weir_type *t, uint64_t wanted)
{
	json_t *list = json_array();
	uint32_t f;

	for (f = 0; f < t->arity; f++)
		if (wanted >> f & 1)
			json_array_append_new(list, json_string(t->fields[f].name));
	return list;
}

static json_t *type_json(const struct weir_channel *c, const struct weir_type *t,
			 const struct weir_schema_type *checked)
{
	return json_pack("{s:o, s:o}", "fingerprint",
			 json_sprintf("%016" PRIx64, checked->fingerprint), "fields",
			 fields_json(t, weir_wanted(&c->view, t->id)));
}

/* The Template Types that a file needs, by name, with the fields that it reads. */
static json_t *types_json(const struct weir_channel *c)
{
	json_t *o = json_object();
	const struct weir_type *t;
	uint32_t i;

	for (i = 0; i < c->types.n; i++) {
		t = &c->types.t[i];
		if (weir_uses(&c->view, t->id))
			json_object_set_new(o, t->name, type_json(c, t, &c->types.checked[i]));
	}
	return o;
}

static void set_doubt(json_t *o, const char *key, const struct weir_refusal *r)
{
	json_object_set_new(o, key,
			    r->code[0] ? weir_json_bytes(r->what, strlen(r->what)) : json_null());
}

static json_t *facts_json(const struct weir_diff_file *f)
{
	json_t *o = weir_checked_json(&f->checked);
	char digest[2 * WEIR_DIGEST_SIZE + 1];

	weir_hex(f->checked.floor.digest, digest);
	json_object_set_new(o, "sha256", json_string(digest));
	json_object_set_new(o, "types", types_json(&f->channel));
	set_doubt(o, "signature_error", &f->doubts.signature);
	set_doubt(o, "version_error", &f->doubts.version);
	return o;
}

void weir_diff_make(struct weir_diff *d)
{
	d->old.facts = facts_json(&d->old);
	d->new.facts = facts_json(&d->new);
	compare_instances(d);
}

void weir_diff_free(struct weir_diff *d)
{
	json_decref(d->old.facts);
	json_decref(d->new.facts);
	free(d->change);
}

int weir_diff_same(const struct weir_diff *d)
{
	return !d->n && json_equal(d->old.facts, d->new.facts);
}

static json_t *instance_json(const struct weir_diff_file *f, uint32_t i)
{
	struct weir_condition *x;
	struct weir_instance in;
	json_t *o;

	if (i == WEIR_NOWHERE)
		return json_null();
	in = weir_diff_instance(f, i);
	x = weir_condition_make(&f->conditions, i);
	o = json_pack("{s:o, s:s, s:s, s:s, s:o}", "title", weir_json_bytes(in.title, in.title_len),
		      "type", weir_channel_type_name(&f->channel, in.type), "level",
		      weir_level_name(in.level), "action", weir_verdict_name(in.action),
		      "condition", weir_condition_json(&f->conditions, x));
	weir_condition_free(x);
	return o;
}

static json_t *what_json(unsigned int what)
{
	static const char *const names[] = { "title", "level", "action", "type", "condition" };
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < 5; i++)
		if (what >> i & 1)
			json_array_append_new(list, json_string(names[i]));
	return list;
}

static json_t *change_json(const struct weir_diff *d, const struct weir_diff_change *c)
{
	static const char *const ranks[] = { "may_act", "may_lose", "other" };
	static const char *const effects[] = { "same", "more", "less", "other" };
	int gone = c->new == WEIR_NOWHERE;
	struct weir_instance in =
		gone ? weir_diff_instance(&d->old, c->old) : weir_diff_instance(&d->new, c->new);
	char id[37];

	weir_uuid_text(in.uuid, id);
	return json_pack("{s:s, s:s, s:s, s:o, s:s, s:o, s:o}", "id", id, "kind",
			 gone			  ? "removed"
			 : c->old == WEIR_NOWHERE ? "added"
						  : "changed",
			 "rank", ranks[c->rank], "what", what_json(c->what), "matches",
			 effects[c->effect], "old", instance_json(&d->old, c->old), "new",
			 instance_json(&d->new, c->new));
}

json_t *weir_diff_json(const struct weir_diff *d)
{
	json_t *list = json_array();
	uint32_t i, rank;

	for (rank = 0; rank < WEIR_DIFF_RANKS; rank++)
		for (i = 0; i < d->n; i++)
			if (d->change[i].rank == rank)
				json_array_append_new(list, change_json(d, &d->change[i]));
	return json_pack("{s:b, s:O, s:O, s:I, s:I, s:I, s:I, s:o}", "same", weir_diff_same(d),
			 "old", d->old.facts, "new", d->new.facts, "added", (json_int_t)d->added,
			 "removed", (json_int_t)d->removed, "changed",
			 (json_int_t)(d->n - d->added - d->removed), "unchanged",
			 (json_int_t)d->same, "changes", list);
}
