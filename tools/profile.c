// SPDX-License-Identifier: GPL-2.0
/* How often what is seen in events: counted. */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "profile.h"
#include "profile_default.h"
#include "weirc.h"
#include "../interpreter/bits.h"

/* What was not seen is taken to be in one event of so many. */
#define UNSEEN 20000.0
/* A value that is none of the common ones. */
#define UNCOMMON 0.0005

#define STRIDE 8u
#define ENDS_MAX 64u

/* The two cells of a window: what is in one of them alone is another window's. */
struct cells {
	uint32_t a, b;
};

/* Part of the file format: FNV-1a of place and bytes, its lower half and its upper one. */
static struct cells cells_of(const struct weir_profile_window *w)
{
	struct cells out;
	uint32_t h = 2166136261u, i;

	h = (h ^ (w->where * 16u + w->width)) * 16777619u;
	h = (h ^ w->at) * 16777619u;
	for (i = 0; i < w->width; i++)
		h = (h ^ fold(w->p[i])) * 16777619u;
	out.a = h % WEIR_PROFILE_CELLS;
	out.b = h / WEIR_PROFILE_CELLS;
	return out;
}

static void count_window(uint32_t *cell, const struct weir_profile_window *w, uint32_t times)
{
	struct cells c = cells_of(w);

	cell[c.a] = cell[c.a] > UINT32_MAX - times ? UINT32_MAX : cell[c.a] + times;
	cell[c.b] = cell[c.b] > UINT32_MAX - times ? UINT32_MAX : cell[c.b] + times;
}

void weir_profile_count(uint32_t *cell, const uint8_t *text, size_t n, uint32_t times)
{
	struct weir_profile_window w = { .where = WEIR_AT_ALL };
	size_t i;

	for (w.width = 1; w.width <= 4; w.width++)
		for (i = 0; i + w.width <= n; i++) {
			w.p = text + i;
			count_window(cell, &w, times);
		}
	for (w.width = 1; w.width <= 8; w.width += w.width == 4 ? 4 : 1)
		for (w.at = 0; w.at < ENDS_MAX && w.at + w.width <= n; w.at += STRIDE) {
			w.where = WEIR_AT_START;
			w.p = text + w.at;
			count_window(cell, &w, times);
			w.where = WEIR_AT_END;
			w.p = text + n - w.at - w.width;
			count_window(cell, &w, times);
		}
}

/* The first 24 bits of an address of 4 bytes, the first 48 of 16, the top bit being the family. */
uint64_t weir_profile_address(const uint8_t *p, uint32_t len)
{
	uint32_t i, n = len < 16 ? 3 : 6;
	uint64_t v = 0;

	for (i = 0; i < 6; i++)
		v = v << 8 | (i < n ? p[i] : 0);
	return len < 16 ? v : v | 1ull << 63;
}

/* The common values of many (Misra and Gries): counts are too small by 1/1024 of all at most. */
static void count_value(struct weir_profile_field *f, uint64_t value)
{
	uint32_t i, n = 0;

	if (!f->value)
		f->value = weir_alloc(WEIR_PROFILE_VALUES, sizeof(*f->value));
	for (i = 0; i < f->nvalues && f->value[i].value != value; i++)
		;
	if (i < f->nvalues || i < WEIR_PROFILE_VALUES) {
		f->value[i].value = value;
		f->value[i].count = i < f->nvalues ? f->value[i].count + 1 : 1;
		f->nvalues += i == f->nvalues;
		return;
	}
	for (i = 0; i < f->nvalues; i++)
		if (--f->value[i].count)
			f->value[n++] = f->value[i];
	f->nvalues = n;
}

struct weir_profile_type *weir_profile_type(struct weir_profile *p, const struct weir_type *t)
{
	uint32_t i;

	for (i = 0; i < p->n; i++)
		if (p->type[i].type->id == t->id)
			return &p->type[i];
	p->type = weir_realloc(p->type, p->n + 1, sizeof(*p->type));
	memset(&p->type[p->n], 0, sizeof(*p->type));
	p->type[p->n].type = t;
	return &p->type[p->n++];
}

void weir_profile_add(struct weir_profile *p, const struct weir_type *t, const struct weir_event *e)
{
	struct weir_profile_type *to = weir_profile_type(p, t);
	struct weir_profile_field *f;
	uint32_t i;

	if (to->events == UINT32_MAX)
		return;
	to->events++;
	for (i = 0; i < e->n && i < t->arity; i++) {
		f = &to->field[i];
		switch (e->v[i].kind) {
		case WEIR_KIND_none:
			break;
		case WEIR_KIND_string:
			if (!f->cell)
				f->cell = weir_alloc(WEIR_PROFILE_CELLS, sizeof(*f->cell));
			weir_profile_count(f->cell, e->v[i].ptr, e->v[i].len, 1);
			break;
		case WEIR_KIND_ip:
			count_value(f, weir_profile_address(e->v[i].ptr, e->v[i].len));
			break;
		default:
			count_value(f, e->v[i].num);
		}
	}
}

void weir_profile_free(struct weir_profile *p)
{
	uint32_t i, k;

	for (i = 0; i < p->n; i++)
		for (k = 0; k < WEIR_ARITY_MAX; k++) {
			free(p->type[i].field[k].cell);
			free(p->type[i].field[k].value);
		}
	free(p->type);
	memset(p, 0, sizeof(*p));
}

/* What is known of a field, with how many events; or null. */
static const struct weir_profile_field *
find(const struct weir_profile *p, const struct weir_type *t, uint32_t field, double *events)
{
	const struct weir_profile_field *f;
	uint32_t i;

	for (i = 0; p && i < p->n && p->type[i].type->id != t->id; i++)
		;
	if (!p || i == p->n)
		return NULL;
	f = &p->type[i].field[field];
	*events = p->type[i].events;
	return f->cell || f->value ? f : NULL;
}

struct weir_profile_windows weir_profile_windows(const struct weir_profile *p,
						 const struct weir_type *t, uint32_t field)
{
	struct weir_profile_windows out;
	const struct weir_profile_field *f = find(p, t, field, &out.events);

	out.cell = f ? f->cell : weir_default_cells(t->fields[field].name, &out.events);
	return out;
}

double weir_profile_window(const struct weir_profile_windows *in,
			   const struct weir_profile_window *w)
{
	struct cells c = cells_of(w);
	uint32_t least = in->cell[c.a] < in->cell[c.b] ? in->cell[c.a] : in->cell[c.b];

	return (least + in->events / UNSEEN) / in->events;
}

double weir_profile_number(const struct weir_profile *p, const struct weir_type *t, uint32_t field,
			   uint64_t num)
{
	double events;
	const struct weir_profile_field *f = find(p, t, field, &events);
	uint32_t i;

	if (!f)
		return weir_default_number(&t->fields[field], num);
	for (i = 0; i < f->nvalues; i++)
		if (f->value[i].value == num)
			return f->value[i].count / events;
	return UNCOMMON;
}

double weir_profile_network(const struct weir_profile *p, const struct weir_type *t, uint32_t field,
			    const uint8_t *literal, uint32_t len)
{
	uint32_t bits = literal[len - 1], most = len < 16 ? 24 : 48, i;
	uint64_t net = weir_profile_address(literal, len - 1);
	double events, sum = 0;
	const struct weir_profile_field *f = find(p, t, field, &events);

	if (!f)
		return weir_default_network(literal, len);
	for (i = 0; i < f->nvalues; i++)
		if ((f->value[i].value ^ net) >> 63 == 0 &&
		    (f->value[i].value ^ net) >> (48 - (bits < most ? bits : most)) == 0)
			sum += f->value[i].count / events;
	return sum + UNCOMMON;
}
