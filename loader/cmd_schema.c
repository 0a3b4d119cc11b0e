// SPDX-License-Identifier: GPL-2.0
/* weirctl schema: the Template Types with what is provided. */
#include <inttypes.h>
#include <stdlib.h>

#include "ctl.h"

static int bit(uint64_t mask, uint32_t i)
{
	return (int)(mask >> i & 1);
}

/* What weirc schema prints, and what only the running kernel knows. */
static json_t *types_json(const struct weir_live *live)
{
	struct weir_types ts;
	json_t *root, *t, *f;
	char text[24];
	size_t i, j;

	weir_live_types(live, &ts);
	root = weir_types_json(&ts);
	weir_live_types_free(&ts);
	json_array_foreach(json_object_get(root, "types"), i, t) {
		const struct weir_schema_type *c = &live->checked[i];

		snprintf(text, sizeof(text), "0x%016" PRIx64, (uint64_t)c->fingerprint);
		json_object_set_new(t, "arity", json_integer(c->arity));
		json_object_set_new(t, "fingerprint", json_string(text));
		json_object_set_new(t, "provided", json_integer(__builtin_popcountll(c->provided)));
		json_object_set_new(t, "armed", json_boolean(live->type[i].armed));
		json_array_foreach(json_object_get(t, "fields"), j, f) {
			json_object_set_new(f, "provided",
					    json_boolean(bit(c->provided, (uint32_t)j)));
			json_object_set_new(f, "wanted",
					    json_boolean(bit(live->type[i].wanted, (uint32_t)j)));
		}
	}
	return root;
}

/* Events that something cannot be done about. */
static void put_unable(const struct weir_type *t, uint64_t mask, const char *what)
{
	const struct weir_field *f = t->selector == WEIR_NOWHERE ? NULL : &t->fields[t->selector];
	char values[512];

	if (!mask)
		return;
	if (!f) {
		printf("  no event can be %s\n", what);
		return;
	}
	weir_value_names(*f->values ? f : NULL, mask, values, sizeof(values));
	printf("  not to be %s where %s is: %s\n", what, f->name, values);
}

static void put_type(const struct weir_live *live, const struct weir_types *ts, uint32_t i)
{
	const struct weir_schema_type *c = &live->checked[i];
	const struct weir_live_type *t = &live->type[i];
	uint32_t f;

	printf("%s (id %" PRIu32 "): %d of %" PRIu32 " fields provided%s\n", t->name, c->id,
	       __builtin_popcountll(c->provided), c->arity, t->armed ? ", armed" : "");
	for (f = 0; f < c->arity; f++)
		printf("  %2" PRIu32 "  %-24s %-7s %s%s\n", f, t->field[f],
		       weir_kind_name(c->kind[f]),
		       bit(c->provided, f) ? "provided" : "not provided",
		       bit(t->wanted, f) ? ", wanted" : "");
	put_unable(&ts->t[i], c->no_deny, "denied");
	put_unable(&ts->t[i], c->no_kill, "killed for");
}

int weir_ctl_schema(const struct weir_options *o, char **argv)
{
	struct weir_live live;
	struct weir_types ts;
	uint32_t i;

	(void)argv;
	if (weir_live_read(o, &live))
		return WEIR_EXIT_FAIL;
	if (weir_json) {
		weir_put_json(types_json(&live));
		return WEIR_EXIT_OK;
	}
	weir_live_types(&live, &ts);
	for (i = 0; i < live.schema.n; i++)
		put_type(&live, &ts, i);
	weir_live_types_free(&ts);
	return WEIR_EXIT_OK;
}
