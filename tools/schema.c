// SPDX-License-Identifier: GPL-2.0
/* The Template Types that the tools work with. */
#include <stdlib.h>
#include <string.h>

#include "schema.h"
#include "weirc.h"

#define SCHEMA_FILE_MAX (4u << 20)

const struct weir_type *weir_types_by_name(const struct weir_types *ts, const char *name)
{
	uint32_t i;

	for (i = 0; i < ts->n; i++)
		if (!strcmp(ts->t[i].name, name))
			return &ts->t[i];
	return NULL;
}

const struct weir_type *weir_types_by_id(const struct weir_types *ts, uint32_t id)
{
	uint32_t i;

	for (i = 0; i < ts->n; i++)
		if (ts->t[i].id == id)
			return &ts->t[i];
	return NULL;
}

int weir_field_number(const struct weir_type *t, const char *name)
{
	uint32_t i;

	for (i = 0; i < t->arity; i++)
		if (!strcmp(t->fields[i].name, name))
			return i;
	return -1;
}

/* What verification wants to know, from what describes it. */
static void fill_checked(struct weir_types *ts)
{
	uint32_t i;

	ts->checked = weir_alloc(ts->n, sizeof(*ts->checked));
	for (i = 0; i < ts->n; i++)
		weir_schema_type(&ts->t[i], ~0ull, &ts->checked[i]);
	ts->schema.t = ts->checked;
	ts->schema.n = ts->n;
}

/* A name is printed as it is, wherever: nothing in it may drive a terminal. */
static const char *printable(const json_t *v)
{
	const char *s = json_string_value(v);
	char *quoted;
	int same;

	if (!s || !*s || strlen(s) != json_string_length(v))
		return NULL;
	quoted = weir_quoted(s, strlen(s));
	same = !strcmp(quoted, s);
	free(quoted);
	return same ? s : NULL;
}

/* A name is what Sigma, JSON and the device's fixed-size names can all carry. */
static const char *name_of(json_t *o, const char *key)
{
	const char *s = printable(json_object_get(o, key));

	return s && strlen(s) < 64 && !strchr(s, '|') ? s : NULL;
}

/* The names of an enum, joined; null if they are not a proper list of names. */
static char *join_values(json_t *list)
{
	size_t size = 1, i, n = json_array_size(list);
	const char *s;
	char *out;

	if (!n || n > WEIR_ENUM_MAX)
		return NULL;
	for (i = 0; i < n; i++) {
		s = printable(json_array_get(list, i));
		if (!s || strchr(s, '|'))
			return NULL;
		size += strlen(s) + 1;
	}
	out = weir_alloc(size, 1);
	for (i = 0; i < n; i++) {
		if (i)
			strcat(out, "|");
		strcat(out, json_string_value(json_array_get(list, i)));
	}
	return out;
}

static int load_field(json_t *o, const char *file, const char *type, struct weir_field *f)
{
	const char *name = name_of(o, "name");
	const struct weir_where w = { .file = file, .rule = type, .field = name };
	const char *kind = json_string_value(json_object_get(o, "kind"));
	json_t *values = json_object_get(o, "values");
	int k = kind ? weir_kind_number(kind) : -1;

	if (!name)
		return weir_fail_at(&w, "a field without a proper \"name\"");
	if (k <= WEIR_KIND_none)
		return weir_fail_at(&w, "\"kind\" is none of string, u64, i64, ip, bool, enum");
	f->kind = k;
	f->name = weir_strndup(name, strlen(name));
	if (k == WEIR_KIND_enum)
		f->values = join_values(values);
	else if (!values)
		f->values = weir_strndup("", 0);
	if (!f->values)
		return weir_fail_at(&w, "\"values\" is for an enum: a list of 1 to %u names",
				    WEIR_ENUM_MAX);
	return 0;
}

static int load_fields(json_t *list, const char *file, struct weir_type *t)
{
	const struct weir_where w = { .file = file, .rule = t->name };
	size_t n = json_array_size(list);
	struct weir_field *f;
	uint32_t i;
	int ret;

	if (!n || n > WEIR_ARITY_MAX)
		return weir_fail_at(&w, "\"fields\" is not a list of 1 to %u fields",
				    WEIR_ARITY_MAX);
	f = weir_alloc(n, sizeof(*f));
	t->fields = f;
	for (i = 0; i < n; i++) {
		t->arity = i + 1;
		ret = load_field(json_array_get(list, i), file, t->name, &f[i]);
		if (ret)
			return ret;
		if (weir_field_number(t, f[i].name) != (int)i)
			return weir_fail_at(&w, "field %s is there twice", f[i].name);
	}
	return 0;
}

static int load_type(json_t *o, const char *file, struct weir_type *t)
{
	const char *name = name_of(o, "name");
	const struct weir_where w = { .file = file, .rule = name };
	json_t *id = json_object_get(o, "id"), *channel = json_object_get(o, "channel");
	json_int_t number = json_integer_value(id), ch = json_integer_value(channel);

	if (!name)
		return weir_fail_at(&w, "a type without a proper \"name\"");
	if (!json_is_integer(id) || number < 1 || number > 0xffff)
		return weir_fail_at(&w, "\"id\" is not a number from 1 to 65535");
	if (channel && (!json_is_integer(channel) || ch < 1 || ch > 0xffffffffll))
		return weir_fail_at(&w, "\"channel\" is not a number from 1 to 4294967295");
	t->name = weir_strndup(name, strlen(name));
	t->id = number;
	t->channel = channel ? ch : 1;
	if (load_fields(json_object_get(o, "fields"), file, t))
		return WEIR_EXIT_FAIL;
	return weir_type_load_actions(o, file, t);
}

static int by_id(const void *a, const void *b)
{
	const struct weir_type *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int load_types(json_t *root, const char *file, struct weir_types *ts)
{
	const struct weir_where w = { .file = file };
	json_t *list = json_object_get(root, "types");
	size_t n = json_array_size(list);
	struct weir_type *t;
	uint32_t i, j;
	int ret;

	if (!n || n > WEIR_TYPES_MAX)
		return weir_fail_at(&w, "\"types\" is not a list of 1 to %u types", WEIR_TYPES_MAX);
	t = weir_alloc(n, sizeof(*t));
	ts->t = t;
	ts->owned = 1;
	for (i = 0; i < n; i++) {
		ts->n = i + 1;
		ret = load_type(json_array_get(list, i), file, &t[i]);
		if (ret)
			return ret;
		for (j = 0; j < i; j++)
			if (t[j].id == t[i].id || !strcmp(t[j].name, t[i].name))
				return weir_fail_at(&w, "types %s and %s share a name or an id",
						    t[j].name, t[i].name);
	}
	qsort(t, n, sizeof(*t), by_id);
	return 0;
}

int weir_types_load(json_t *root, const char *file, struct weir_types *out)
{
	int ret;

	memset(out, 0, sizeof(*out));
	ret = load_types(root, file, out);
	if (ret)
		weir_types_close(out);
	else
		fill_checked(out);
	return ret;
}

int weir_types_open(const char *path, struct weir_types *out)
{
	json_t *root;
	int ret;

	memset(out, 0, sizeof(*out));
	if (!path) {
		out->t = weir_types;
		out->n = WEIR_NTYPES;
		fill_checked(out);
		return 0;
	}
	root = weir_read_json(path, SCHEMA_FILE_MAX);
	if (!root)
		return WEIR_EXIT_FAIL;
	ret = weir_types_load(root, path, out);
	json_decref(root);
	return ret;
}

void weir_types_close(struct weir_types *ts)
{
	uint32_t i, j;

	for (i = 0; ts->owned && i < ts->n; i++) {
		for (j = 0; ts->t[i].fields && j < ts->t[i].arity; j++) {
			free((char *)ts->t[i].fields[j].name);
			free((char *)ts->t[i].fields[j].values);
		}
		free((struct weir_field *)ts->t[i].fields);
		free((char *)ts->t[i].name);
	}
	if (ts->owned)
		free((struct weir_type *)ts->t);
	free(ts->checked);
	memset(ts, 0, sizeof(*ts));
}

static json_t *field_json(const struct weir_field *f)
{
	json_t *o = json_pack("{s:s, s:s}", "name", f->name, "kind", weir_kind_name(f->kind));
	json_t *values;
	const char *p;
	uint32_t i;
	size_t len;

	if (f->kind != WEIR_KIND_enum)
		return o;
	values = json_array();
	for (i = 0; (p = weir_enum_value(f, i, &len)); i++)
		json_array_append_new(values, json_stringn(p, len));
	json_object_set_new(o, "values", values);
	return o;
}

json_t *weir_types_json(const struct weir_types *ts)
{
	json_t *list = json_array(), *o, *fields;
	uint32_t i, j;

	for (i = 0; i < ts->n; i++) {
		fields = json_array();
		for (j = 0; j < ts->t[i].arity; j++)
			json_array_append_new(fields, field_json(&ts->t[i].fields[j]));
		o = json_pack("{s:s, s:i, s:I, s:o}", "name", ts->t[i].name, "id", (int)ts->t[i].id,
			      "channel", (json_int_t)ts->t[i].channel, "fields", fields);
		weir_type_put_actions(o, &ts->t[i]);
		json_array_append_new(list, o);
	}
	return json_pack("{s:o}", "types", list);
}
