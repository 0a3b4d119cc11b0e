// SPDX-License-Identifier: GPL-2.0
/* The modifiers that make several patterns of one: windash and expand. */
#include <ctype.h>
#include <string.h>

#include "sigma_pattern.h"

static int fail(struct weir_patterns *ps, const char *text)
{
	ps->error = text;
	return -1;
}

/* Add a pattern with items [at, at + gone) replaced to those done. */
static int splice(struct weir_patterns *ps, struct weir_patterns *done,
		  const struct weir_pattern *p, size_t at, size_t gone,
		  const struct weir_pattern *in)
{
	struct weir_pattern q = { NULL, p->n - gone + in->n };
	struct weir_arena *a = ps->arena;

	if (done->n == WEIR_PATTERNS_MAX)
		return fail(ps, "the value turns into more than 4096 others");
	if (*ps->budget < q.n)
		return fail(ps, "the values of this rule turn into more than 4000000 bytes");
	*ps->budget -= q.n;
	q.item = weir_arena_get(a, q.n, sizeof(*q.item));
	if (at)
		memcpy(q.item, p->item, at * sizeof(*q.item));
	if (in->n)
		memcpy(q.item + at, in->item, in->n * sizeof(*q.item));
	if (p->n > at + gone)
		memcpy(q.item + at + in->n, p->item + at + gone,
		       (p->n - at - gone) * sizeof(*q.item));
	done->p = weir_arena_grow(a, done->p, done->n, sizeof(*done->p));
	done->p[done->n++] = q;
	return 0;
}

/* Add a pattern as it is. */
static int keep(struct weir_patterns *ps, struct weir_patterns *done, const struct weir_pattern *p)
{
	const struct weir_pattern nothing = { 0 };

	return splice(ps, done, p, 0, 0, &nothing);
}

static const char *const dashes[] = { "-", "/", "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95" };

#define NDASHES (sizeof(dashes) / sizeof(dashes[0]))

static int bytes_at(const struct weir_pattern *p, size_t i, const char *s)
{
	for (; *s; s++, i++)
		if (i >= p->n || p->item[i].kind != WEIR_GLOB_BYTE ||
		    p->item[i].byte != (uint8_t)*s)
			return 0;
	return 1;
}

/* Length of the dash at item i, or 0. */
static size_t dash_at(const struct weir_pattern *p, size_t i)
{
	size_t j;

	for (j = 0; j < NDASHES; j++)
		if (bytes_at(p, i, dashes[j]))
			return strlen(dashes[j]);
	return 0;
}

/* Letters, digits, _ and what is beyond ASCII but for general punctuation (U+2000 to U+203F). */
static int word_at(const struct weir_pattern *p, size_t i)
{
	if (i >= p->n || p->item[i].kind != WEIR_GLOB_BYTE)
		return 0;
	if (bytes_at(p, i, "\xe2\x80"))
		return 0;
	return isalnum(p->item[i].byte) || p->item[i].byte == '_' || p->item[i].byte >= 0x80;
}

static int word_before(const struct weir_pattern *p, size_t i)
{
	if (!i)
		return 0;
	if (i >= 3 && bytes_at(p, i - 3, "\xe2\x80"))
		return 0;
	return word_at(p, i - 1);
}

/* Give all patterns, which end like p from item `at` on, each kind of dash in its place. */
static int add_dashes(struct weir_patterns *these, const struct weir_pattern *p, size_t at,
		      size_t len)
{
	struct weir_glob_item item[3] = { { 0 } };
	struct weir_pattern dash = { item, 0 };
	struct weir_patterns done = { 0 };
	size_t j, k;

	for (j = 0; j < NDASHES; j++) {
		for (dash.n = 0; dashes[j][dash.n]; dash.n++)
			item[dash.n].byte = dashes[j][dash.n];
		for (k = 0; k < these->n; k++)
			if (splice(these, &done, &these->p[k], these->p[k].n - (p->n - at), len,
				   &dash))
				return -1;
	}
	these->p = done.p;
	these->n = done.n;
	return 0;
}

static int windash_one(struct weir_patterns *ps, struct weir_pattern *p, struct weir_patterns *out)
{
	struct weir_patterns these = { .arena = ps->arena, .budget = ps->budget, .p = p, .n = 1 };
	size_t i, len;

	for (i = 0; i < p->n; i += len ? len : 1) {
		len = dash_at(p, i);
		if (!len || word_before(p, i) || !word_at(p, i + len))
			continue;
		if (add_dashes(&these, p, i, len))
			return fail(ps, these.error);
	}
	for (i = 0; i < these.n; i++)
		if (keep(ps, out, &these.p[i]))
			return -1;
	return 0;
}

int weir_pattern_windash(struct weir_patterns *ps)
{
	struct weir_patterns out = { 0 };
	size_t i;

	for (i = 0; i < ps->n; i++)
		if (windash_one(ps, &ps->p[i], &out))
			return -1;
	ps->p = out.p;
	ps->n = out.n;
	return 0;
}

/* The next %name% from item i on, or p->n. A backslash makes a percent sign a plain one. */
static size_t find_placeholder(const struct weir_pattern *p, size_t i, size_t *len, char *name,
			       size_t room)
{
	size_t j;

	for (; i < p->n; i++) {
		if (!bytes_at(p, i, "%") || (i && bytes_at(p, i - 1, "\\")))
			continue;
		for (j = i + 1;
		     j < p->n && p->item[j].kind == WEIR_GLOB_BYTE &&
		     (isalnum(p->item[j].byte) || p->item[j].byte == '_') && j - i < room;
		     j++)
			name[j - i - 1] = p->item[j].byte;
		if (j == i + 1 || !bytes_at(p, j, "%"))
			continue;
		name[j - i - 1] = 0;
		*len = j + 1 - i;
		return i;
	}
	return p->n;
}

/* "\%" in what is left is a plain percent sign; a run after a run says nothing new. */
static void clean(struct weir_pattern *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->n; i++) {
		if (bytes_at(p, i, "\\%"))
			continue;
		if (n && p->item[i].kind == WEIR_GLOB_RUN && p->item[n - 1].kind == WEIR_GLOB_RUN)
			continue;
		p->item[n++] = p->item[i];
	}
	p->n = n;
}

static const struct weir_placeholder *find_known(const struct weir_placeholder *known, size_t n,
						 const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(known[i].name, name))
			return &known[i];
	return NULL;
}

/* A pattern and from where on its placeholders are still to be replaced. */
struct rest {
	struct weir_pattern p;
	size_t from;
	unsigned int depth;
};

static int expand_rest(struct weir_patterns *ps, const struct rest *r,
		       const struct weir_placeholder *known, size_t n, struct weir_patterns *out)
{
	struct weir_patterns value = { .arena = ps->arena }, one = { 0 };
	const struct weir_placeholder *ph;
	size_t at, len = 0, i;
	struct rest next;
	char name[65];

	at = find_placeholder(&r->p, r->from, &len, name, sizeof(name) - 1);
	if (at == r->p.n)
		return keep(ps, out, &r->p);
	if (r->depth == WEIR_PLACEHOLDERS_MAX)
		return fail(ps, "more than 8 placeholders in one value");
	ph = find_known(known, n, name);
	if (!ph)
		return fail(ps, weir_arena_text(ps->arena,
						"placeholder %%%s%% has no value: give "
						"--expand %s=VALUE or --expand %s=@FILE",
						name, name, name));
	for (i = 0; i < ph->n; i++) {
		weir_pattern_parse(&value, ph->value[i], strlen(ph->value[i]));
		one.n = 0;
		one.p = NULL;
		if (splice(ps, &one, &r->p, at, len, value.p))
			return -1;
		next.p = one.p[0];
		next.from = at + value.p->n;
		next.depth = r->depth + 1;
		if (expand_rest(ps, &next, known, n, out))
			return -1;
	}
	return 0;
}

int weir_pattern_expand(struct weir_patterns *ps, const struct weir_placeholder *known, size_t n)
{
	struct weir_patterns out = { 0 };
	struct rest r = { .from = 0 };
	size_t i;

	for (i = 0; i < ps->n; i++) {
		r.p = ps->p[i];
		if (expand_rest(ps, &r, known, n, &out))
			return -1;
	}
	for (i = 0; i < out.n; i++)
		clean(&out.p[i]);
	ps->p = out.p;
	ps->n = out.n;
	return 0;
}
