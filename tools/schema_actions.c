// SPDX-License-Identifier: GPL-2.0
/* Which events of a Template Type cannot be denied or killed for, in JSON. */
#include <string.h>

#include "schema.h"
#include "weirc.h"

/* The number of one of the selector's values, or -1. */
static int value_number(const struct weir_type *t, const json_t *name)
{
	const char *s = json_string_value(name), *p;
	uint32_t i;
	size_t len;

	if (!s)
		return -1;
	for (i = 0; (p = weir_enum_value(&t->fields[t->selector], i, &len)); i++)
		if (strlen(s) == len && !strncmp(s, p, len))
			return (int)i;
	return -1;
}

/* true: all events; a list: those whose selector has one of these values. */
static int load_mask(json_t *o, const char *key, const struct weir_where *w,
		     const struct weir_type *t, uint64_t *out)
{
	json_t *list = json_object_get(o, key), *name;
	size_t i;
	int k;

	*out = json_is_true(list) ? ~0ull : 0;
	if (!list || json_is_boolean(list))
		return 0;
	if (!json_is_array(list) || t->selector == WEIR_NOWHERE)
		return weir_fail_at(w,
				    "\"%s\" is not true, or beside a \"selector\" a list of its "
				    "values",
				    key);
	json_array_foreach(list, i, name) {
		k = value_number(t, name);
		if (k < 0)
			return weir_fail_at(w, "\"%s\" lists what is no value of %s", key,
					    t->fields[t->selector].name);
		*out |= 1ull << k;
	}
	return 0;
}

int weir_type_load_actions(json_t *o, const char *file, struct weir_type *t)
{
	const struct weir_where w = { .file = file, .rule = t->name };
	json_t *selector = json_object_get(o, "selector");
	const char *name = json_string_value(selector);
	int f = name ? weir_field_number(t, name) : -1;

	t->selector = WEIR_NOWHERE;
	if (selector) {
		if (f < 0 || t->fields[f].kind != WEIR_KIND_enum)
			return weir_fail_at(&w, "\"selector\" is none of its fields of kind enum");
		t->selector = (uint32_t)f;
	}
	if (load_mask(o, "no_deny", &w, t, &t->no_deny))
		return WEIR_EXIT_FAIL;
	return load_mask(o, "no_kill", &w, t, &t->no_kill);
}

static void put_mask(json_t *o, const char *key, const struct weir_type *t, uint64_t mask)
{
	json_t *list;
	const char *p;
	uint32_t i;
	size_t len;

	if (t->selector == WEIR_NOWHERE ? !(mask & 1) : !mask)
		return;
	if (t->selector == WEIR_NOWHERE || mask == ~0ull) {
		json_object_set_new(o, key, json_true());
		return;
	}
	list = json_array();
	for (i = 0; (p = weir_enum_value(&t->fields[t->selector], i, &len)); i++)
		if (mask >> i & 1)
			json_array_append_new(list, json_stringn(p, len));
	json_object_set_new(o, key, list);
}

void weir_type_put_actions(json_t *o, const struct weir_type *t)
{
	if ((t->no_deny || t->no_kill) && t->selector != WEIR_NOWHERE)
		json_object_set_new(o, "selector", json_string(t->fields[t->selector].name));
	put_mask(o, "no_deny", t, t->no_deny);
	put_mask(o, "no_kill", t, t->no_kill);
}
