// SPDX-License-Identifier: GPL-2.0
/* Traffic profiles as files. Documentation/matching.rst says what is in them. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "profile.h"
#include "profile_default.h"
#include "weirc.h"

#define VERSION 1
#define LEVELS 52u /* a cell's rate is 8, or less by a factor of the root of 2 for each level */
#define RARE 32u /* levels from here are left out: once in 8192 events, at most */
#define KEPT 200000u /* cells of a file at most */
#define VALUES 64u /* values of a field at most */
#define COMMON 500u /* and of 500 events at least one */
#define EVENTS 0x1000000u /* what counts are parts of in a profile that was read */

static const char letters[LEVELS + 1] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* The least level with 8 * 2^(-level/2) not above @count of @events; LEVELS if there is none. */
static uint32_t level_of(uint64_t count, uint64_t events)
{
	unsigned __int128 have = (unsigned __int128)count * count;
	unsigned __int128 want = (unsigned __int128)events * events * 64;
	uint32_t level = 0;

	/* What was seen once could be anybody's secret. */
	if (count < 2)
		return LEVELS;
	for (; level < LEVELS && have < want; level++)
		have *= 2;
	return level;
}

/* The level from which on cells are left out, so that what is left is not too much. */
static uint32_t first_rare(const struct weir_profile *p)
{
	uint32_t n[LEVELS + 1] = { 0 }, i, k, c, level;
	const uint32_t *cell;
	size_t sum = 0;

	for (i = 0; i < p->n; i++)
		for (k = 0; k < p->type[i].type->arity; k++) {
			cell = p->type[i].field[k].cell;
			for (c = 0; cell && c < WEIR_PROFILE_CELLS; c++)
				n[level_of(cell[c], p->type[i].events)]++;
		}
	for (level = 0; level < RARE && sum + n[level] <= KEPT; level++)
		sum += n[level];
	return level;
}

/* A letter for each cell, its level; before it the number of cells that were left out, if any. */
static json_t *cells_json(const uint32_t *cell, uint32_t events, uint32_t rare)
{
	uint32_t c, level, skipped = 0;
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	json_t *out;

	if (!f)
		abort();
	for (c = 0; c < WEIR_PROFILE_CELLS; c++) {
		level = level_of(cell[c], events);
		if (level >= rare) {
			skipped++;
			continue;
		}
		if (skipped)
			fprintf(f, "%u", skipped);
		fputc(letters[level], f);
		skipped = 0;
	}
	fclose(f);
	out = json_string(text);
	free(text);
	return out;
}

static int by_count(const void *a, const void *b)
{
	const struct weir_profile_value *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return (x->value > y->value) - (x->value < y->value);
}

/* An address that a value stands for. */
static json_t *address_json(uint64_t value)
{
	uint32_t n = value >> 63 ? 16 : 4, i;
	char text[INET6_ADDRSTRLEN];
	uint8_t p[16] = { 0 };

	for (i = 0; i < (n < 16 ? 3 : 6); i++)
		p[i] = value >> (40 - 8 * i);
	return json_string(inet_ntop(n < 16 ? AF_INET : AF_INET6, p, text, sizeof(text)));
}

static json_t *value_json(uint64_t value, uint32_t kind)
{
	switch (kind) {
	case WEIR_KIND_ip:
		return address_json(value);
	case WEIR_KIND_i64:
		return json_integer((json_int_t)(value - WEIR_I64_BIAS));
	default:
		return weir_json_u64(value);
	}
}

/* The common values, each with its events in a million. */
static json_t *values_json(const struct weir_profile_field *f, uint32_t kind, uint32_t events)
{
	struct weir_profile_value *v = weir_alloc(f->nvalues, sizeof(*v));
	json_t *out = json_array(), *pair;
	uint64_t part;
	uint32_t i;

	memcpy(v, f->value, f->nvalues * sizeof(*v));
	qsort(v, f->nvalues, sizeof(*v), by_count);
	for (i = 0; i < f->nvalues && i < VALUES; i++) {
		if (v[i].count < 2 || v[i].count < events / COMMON)
			break;
		part = v[i].count * 1000000ull / events;
		pair = json_pack("[o, I]", value_json(v[i].value, kind), (json_int_t)part);
		json_array_append_new(out, pair);
	}
	free(v);
	return out;
}

static json_t *fields_json(const struct weir_profile_type *t, uint32_t rare)
{
	json_t *out = json_object(), *v;
	uint32_t i;

	for (i = 0; i < t->type->arity; i++) {
		if (t->field[i].cell)
			v = cells_json(t->field[i].cell, t->events, rare);
		else if (t->field[i].value)
			v = values_json(&t->field[i], t->type->fields[i].kind, t->events);
		else
			continue;
		json_object_set_new(out, t->type->fields[i].name, v);
	}
	return out;
}

json_t *weir_profile_json(const struct weir_profile *p)
{
	json_t *types = json_object();
	uint32_t rare = first_rare(p), i;

	for (i = 0; i < p->n; i++)
		json_object_set_new(types, p->type[i].type->name,
				    json_pack("{s:I, s:o}", "events", (json_int_t)p->type[i].events,
					      "fields", fields_json(&p->type[i], rare)));
	return json_pack("{s:i, s:o}", "weir_profile", VERSION, "types", types);
}

int weir_profile_save(const struct weir_profile *p, const char *path)
{
	json_t *o;
	char *text;
	int ret;

	if (!p->n)
		return weir_fail("no event was counted, so there is no profile: nothing written");
	o = weir_profile_json(p);
	text = json_dumps(o, JSON_INDENT(1) | JSON_SORT_KEYS);
	json_decref(o);
	if (!text)
		abort();
	text = weir_realloc(text, strlen(text) + 2, 1);
	strcat(text, "\n");
	if (strlen(text) > WEIR_PROFILE_FILE_MAX)
		ret = weir_fail("the profile would take more than 1 MiB: take events of fewer "
				"Template Types");
	else
		ret = weir_write_file(path, text, strlen(text));
	free(text);
	return ret;
}

/* What is being read, for errors. */
struct reading {
	const char *path;
	const struct weir_types *types;
};

static int refuse(const struct reading *r, const char *type, const char *field, const char *what)
{
	const struct weir_where w = { .file = strcmp(r->path, "-") ? r->path : "standard input",
				      .field = field };

	return weir_fail_at(&w, "%s%s%s%s; make it again with weirc profile or weirctl profile",
			    type ? "Template Type " : "", type ? type : "", type ? ": " : "", what);
}

static const char *take_cells(const char *text, uint32_t *cell)
{
	static const double root = 1.41421356237309504880;
	uint32_t at = 0, digits, skip, level;
	const char *letter;

	for (; *text; text++) {
		skip = 0;
		for (digits = 0; *text >= '0' && *text <= '9' && digits < 5; digits++)
			skip = skip * 10 + (uint32_t)(*text++ - '0');
		letter = *text ? strchr(letters, *text) : NULL;
		if (!letter)
			return "the windows are not letters with numbers between them";
		if (skip >= WEIR_PROFILE_CELLS - at)
			return "there are more windows than 65536";
		at += skip;
		level = (uint32_t)(letter - letters);
		cell[at++] = EVENTS * 8.0 / (1u << (level / 2)) / (level % 2 ? root : 1);
	}
	return NULL;
}

static int take_address(const char *text, uint64_t *out)
{
	uint8_t p[16];

	if (inet_pton(AF_INET, text, p) == 1)
		*out = weir_profile_address(p, 4);
	else if (inet_pton(AF_INET6, text, p) == 1)
		*out = weir_profile_address(p, 16);
	else
		return -1;
	return 0;
}

static int take_value(json_t *v, uint32_t kind, uint64_t *out)
{
	const char *text = json_string_value(v);
	char *end;

	if (kind == WEIR_KIND_ip)
		return text ? take_address(text, out) : -1;
	if (json_is_integer(v)) {
		*out = (uint64_t)json_integer_value(v);
		if (kind == WEIR_KIND_i64)
			*out += WEIR_I64_BIAS;
		return kind == WEIR_KIND_i64 || json_integer_value(v) >= 0 ? 0 : -1;
	}
	if (!text || kind == WEIR_KIND_i64 || *text < '0' || *text > '9')
		return -1;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno || *end ? -1 : 0;
}

static const char *take_values(json_t *list, uint32_t kind, struct weir_profile_field *f)
{
	struct weir_profile_value *v;
	json_t *pair, *part;
	size_t i;

	if (json_array_size(list) > VALUES)
		return "there are more values than 64";
	json_array_foreach(list, i, pair) {
		v = &f->value[f->nvalues++];
		part = json_array_get(pair, 1);
		if (json_array_size(pair) != 2 ||
		    take_value(json_array_get(pair, 0), kind, &v->value))
			return "a value is not of the field's kind";
		if (!json_is_integer(part) || json_integer_value(part) < 0 ||
		    json_integer_value(part) > 1000000)
			return "how often a value is seen is not a number of events in a million";
		v->count = (uint32_t)(json_integer_value(part) * (double)EVENTS / 1e6);
	}
	return NULL;
}

static int take_field(const struct reading *r, const struct weir_type *t, const char *name,
		      json_t *v, struct weir_profile_type *to)
{
	int i = weir_field_number(t, name);
	const char *wrong = NULL;
	uint32_t kind;

	if (i < 0)
		return 0;
	kind = t->fields[i].kind;
	if (kind == WEIR_KIND_string && json_is_string(v)) {
		to->field[i].cell = weir_alloc(WEIR_PROFILE_CELLS, sizeof(uint32_t));
		wrong = take_cells(json_string_value(v), to->field[i].cell);
	} else if (kind != WEIR_KIND_string && json_is_array(v)) {
		to->field[i].value = weir_alloc(WEIR_PROFILE_VALUES, sizeof(*to->field[i].value));
		wrong = take_values(v, kind, &to->field[i]);
	} else {
		wrong = "is neither windows of a string nor a list of values, as the field's kind "
			"is";
	}
	return wrong ? refuse(r, t->name, name, wrong) : 0;
}

static int take_type(const struct reading *r, const char *name, json_t *o, struct weir_profile *out)
{
	const struct weir_type *t = weir_types_by_name(r->types, name);
	json_t *events = json_object_get(o, "events"), *v;
	struct weir_profile_type *to;
	const char *key;

	if (!json_is_integer(events) || json_integer_value(events) < 1)
		return refuse(r, name, NULL, "the number of events is missing");
	if (!json_is_object(json_object_get(o, "fields")))
		return refuse(r, name, NULL, "the fields are missing");
	if (!t)
		return 0;
	to = weir_profile_type(out, t);
	to->events = EVENTS;
	json_object_foreach(json_object_get(o, "fields"), key, v)
		if (take_field(r, t, key, v, to))
			return WEIR_EXIT_FAIL;
	return 0;
}

static int take_profile(const struct reading *r, json_t *root, struct weir_profile *out)
{
	json_t *version = json_object_get(root, "weir_profile"), *v;
	const char *key;

	if (!json_is_integer(version))
		return refuse(r, NULL, NULL,
			      "is no traffic profile: the member weir_profile is missing");
	if (json_integer_value(version) != VERSION)
		return refuse(r, NULL, NULL, "is a traffic profile of another version than 1");
	if (!json_object_size(json_object_get(root, "types")))
		return refuse(r, NULL, NULL, "holds no Template Type");
	json_object_foreach(json_object_get(root, "types"), key, v)
		if (take_type(r, key, v, out))
			return WEIR_EXIT_FAIL;
	return 0;
}

int weir_profile_open(const char *path, const struct weir_types *types, struct weir_profile *out)
{
	const struct reading r = { path, types };
	json_t *root;
	int ret;

	memset(out, 0, sizeof(*out));
	root = weir_read_json(path, WEIR_PROFILE_FILE_MAX);
	if (!root)
		return WEIR_EXIT_FAIL;
	ret = take_profile(&r, root, out);
	json_decref(root);
	return ret;
}
