// SPDX-License-Identifier: GPL-2.0
/* Template Types for commands: the kernel's, a file's or the built-in ones, and what JSON adds. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"

#define SCHEMA_FILE_MAX (4u << 20)

/* Fields of a file that says so are not provided; all others are. */
static uint64_t provided_mask(json_t *root, const struct weir_type *t)
{
	json_t *type, *field;
	uint64_t mask = 0;
	size_t i, f;

	json_array_foreach(json_object_get(root, "types"), i, type) {
		if (strcmp(json_string_value(json_object_get(type, "name")), t->name))
			continue;
		json_array_foreach(json_object_get(type, "fields"), f, field)
			if (!json_is_false(json_object_get(field, "provided")))
				mask |= 1ull << f;
	}
	return mask;
}

static int take_type(const struct weir_type *t, struct weir_live_type *out)
{
	uint32_t f;

	snprintf(out->name, WEIR_U_NAME, "%s", t->name);
	for (f = 0; f < t->arity; f++) {
		snprintf(out->field[f], WEIR_U_NAME, "%s", t->fields[f].name);
		if (weir_live_values(out, f, t->fields[f].values))
			return weir_fail("the names of the enum values of %s are too long",
					 t->name);
	}
	return 0;
}

static int take_types(json_t *root, const struct weir_types *ts, struct weir_live *out)
{
	uint32_t i;

	memset(out, 0, sizeof(*out));
	out->schema.t = out->checked;
	out->schema.n = ts->n;
	for (i = 0; i < ts->n; i++) {
		out->checked[i] = ts->checked[i];
		out->checked[i].provided = provided_mask(root, &ts->t[i]);
		if (take_type(&ts->t[i], &out->type[i]))
			return WEIR_EXIT_FAIL;
	}
	return 0;
}

static int live_file(const char *path, struct weir_live *out)
{
	json_t *root = weir_read_json(path, SCHEMA_FILE_MAX);
	struct weir_types ts;
	int ret;

	if (!root)
		return WEIR_EXIT_FAIL;
	ret = weir_types_load(root, path, &ts);
	if (!ret) {
		ret = take_types(root, &ts, out);
		weir_types_close(&ts);
	}
	json_decref(root);
	return ret;
}

int weir_live_open(const struct weir_options *o, int fd, struct weir_live *out)
{
	struct weir_refusal r;

	if (o->schema)
		return live_file(o->schema, out);
	if (o->offline) {
		weir_live_builtin(out);
		return 0;
	}
	if (weir_live_kernel(fd, out, &r) || weir_live_compare(out, &r))
		return weir_refused_by(&r);
	return 0;
}

int weir_live_read(const struct weir_options *o, struct weir_live *out)
{
	struct weir_refusal r;
	int fd = -1, ret;

	if (!o->offline && !o->schema && weir_dev_open(o->device, 0, &fd, &r)) {
		snprintf(r.todo, sizeof(r.todo),
			 "load the module and be root, or use --offline or --schema");
		return weir_refused_by(&r);
	}
	ret = weir_live_open(o, fd, out);
	if (fd >= 0)
		close(fd);
	return ret;
}

static void fill_type(const struct weir_live *live, uint32_t i, struct weir_type *t)
{
	const struct weir_schema_type *c = &live->checked[i];
	const struct weir_type *known = weir_type_by_id(c->id);
	struct weir_field *f = weir_alloc(c->arity, sizeof(*f));
	uint32_t j;

	for (j = 0; j < c->arity; j++) {
		f[j].name = live->type[i].field[j];
		f[j].kind = c->kind[j];
		f[j].values = live->type[i].values + live->type[i].values_at[j];
	}
	t->name = live->type[i].name;
	t->id = c->id;
	t->channel = known ? known->channel : 1;
	t->arity = c->arity;
	t->fields = f;
	t->no_deny = c->no_deny;
	t->no_kill = c->no_kill;
	t->selector = c->selector;
}

void weir_live_types(const struct weir_live *live, struct weir_types *out)
{
	struct weir_type *t = weir_alloc(live->schema.n, sizeof(*t));
	uint32_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < live->schema.n; i++)
		fill_type(live, i, &t[i]);
	out->t = t;
	out->n = live->schema.n;
	out->checked = weir_alloc(live->schema.n, sizeof(*out->checked));
	memcpy(out->checked, live->checked, live->schema.n * sizeof(*out->checked));
	out->schema.t = out->checked;
	out->schema.n = live->schema.n;
}

/* The names belong to the live types. */
void weir_live_types_free(struct weir_types *ts)
{
	uint32_t i;

	for (i = 0; i < ts->n; i++)
		free((struct weir_field *)ts->t[i].fields);
	free((struct weir_type *)ts->t);
	free(ts->checked);
}
