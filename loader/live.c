// SPDX-License-Identifier: GPL-2.0
/* The Template Types that content is checked against: the running kernel's or the built-in ones. */
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "private.h"
#include "weirc.h"

int weir_live_values(struct weir_live_type *t, uint32_t field, const char *values)
{
	size_t at = t->values_end + 1u, n = strlen(values) + 1;

	if (n == 1)
		return 0;
	if (n > sizeof(t->values) - at)
		return -1;
	memcpy(t->values + at, values, n);
	t->values_at[field] = (uint16_t)at;
	t->values_end = (uint16_t)(at + n - 1);
	return 0;
}

void weir_live_builtin(struct weir_live *out)
{
	const struct weir_type *t;
	uint32_t i, f;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < WEIR_NTYPES; i++) {
		t = &weir_types[i];
		weir_schema_type(t, weir_captured(t), &out->checked[i]);
		snprintf(out->type[i].name, WEIR_U_NAME, "%s", t->name);
		for (f = 0; f < t->arity; f++) {
			snprintf(out->type[i].field[f], WEIR_U_NAME, "%s", t->fields[f].name);
			weir_live_values(&out->type[i], f, t->fields[f].values);
		}
	}
	out->schema.t = out->checked;
	out->schema.n = WEIR_NTYPES;
}

static int refuse_kernel(struct weir_refusal *r, uint32_t index, const char *what)
{
	const char *todo = "install weirctl and the module from the same build";

	return weir_refuse(r, WEIR_STEP_SCHEMA, "SCHEMA", todo,
			   "the kernel's description of Template Type %u makes no sense: %s", index,
			   what);
}

/* Names are printed as they are: another module may have made them. */
static int name_ok(const char *name)
{
	size_t i, n = strnlen(name, WEIR_U_NAME);

	for (i = 0; i < n; i++)
		if (name[i] < 0x20 || name[i] > 0x7e)
			return 0;
	return n && n < WEIR_U_NAME;
}

/* The kernel is believed as to what it has, but its numbers index arrays here. */
static int check_type(const struct weir_live *live, uint32_t index, const struct weir_u_type *u,
		      struct weir_refusal *r)
{
	uint32_t f;

	if (!u->arity || u->arity > WEIR_ARITY_MAX)
		return refuse_kernel(r, index, "its arity is 0 or above 64");
	if (u->arity < 64 && u->provided >> u->arity)
		return refuse_kernel(r, index, "it provides fields past its arity");
	if (!name_ok(u->name))
		return refuse_kernel(r, index, "it has no name, or one that is not plain text");
	if (weir_live_find(live, u->id) >= 0)
		return refuse_kernel(r, index, "its id is there twice");
	if ((u->no_deny || u->no_kill) && u->selector != WEIR_NOWHERE &&
	    (u->selector >= u->arity || u->field[u->selector].kind != WEIR_KIND_enum))
		return refuse_kernel(r, index, "its selector is no field of kind enum");
	for (f = 0; f < u->arity; f++)
		if (!name_ok(u->field[f].name) || u->field[f].kind == WEIR_KIND_none ||
		    u->field[f].kind >= WEIR_KIND_end)
			return refuse_kernel(r, index,
					     "a field without a plain name or of unknown kind");
	return 0;
}

static int values_ok(const struct weir_u_values *u)
{
	size_t i, n = strnlen(u->values, sizeof(u->values));

	for (i = 0; i < n; i++)
		if (u->values[i] < 0x20 || u->values[i] > 0x7e)
			return 0;
	return n && n < sizeof(u->values);
}

static int take_values(int fd, struct weir_live *out, uint32_t i, struct weir_refusal *r)
{
	struct weir_schema_type *c = &out->checked[i];
	struct weir_u_values u;
	uint32_t f;

	for (f = 0; f < c->arity; f++) {
		if (c->kind[f] != WEIR_KIND_enum)
			continue;
		if (weir_dev_values(fd, c->id, f, &u, r))
			return -1;
		if (!values_ok(&u) || weir_live_values(&out->type[i], f, u.values))
			return refuse_kernel(r, i, "the values of an enum");
	}
	return 0;
}

static void take_type(struct weir_live *out, uint32_t i, const struct weir_u_type *u)
{
	struct weir_schema_type *c = &out->checked[i];
	struct weir_live_type *t = &out->type[i];
	uint32_t f;

	c->id = u->id;
	c->arity = u->arity;
	c->fingerprint = u->fingerprint;
	c->provided = u->provided;
	c->no_deny = u->no_deny;
	c->no_kill = u->no_kill;
	c->selector = u->selector;
	t->wanted = u->wanted;
	t->armed = u->armed;
	snprintf(t->name, sizeof(t->name), "%s", u->name);
	for (f = 0; f < u->arity; f++) {
		c->kind[f] = (u8)u->field[f].kind;
		snprintf(t->field[f], sizeof(t->field[f]), "%s", u->field[f].name);
	}
	out->schema.n = i + 1;
}

int weir_live_kernel(int fd, struct weir_live *out, struct weir_refusal *r)
{
	struct weir_u_info info;
	struct weir_u_type u;
	uint32_t i;

	memset(out, 0, sizeof(*out));
	out->schema.t = out->checked;
	out->kernel = 1;
	if (weir_dev_info(fd, &info, r))
		return -1;
	if (info.ntypes > WEIR_TYPES_MAX)
		return refuse_kernel(r, info.ntypes, "there are more than 64");
	for (i = 0; i < info.ntypes; i++) {
		if (weir_dev_type(fd, i, &u, r) || check_type(out, i, &u, r))
			return -1;
		take_type(out, i, &u);
		if (take_values(fd, out, i, r))
			return -1;
	}
	return 0;
}

int weir_live_find(const struct weir_live *live, uint32_t id)
{
	uint32_t i;

	for (i = 0; i < live->schema.n; i++)
		if (live->checked[i].id == id)
			return (int)i;
	return -1;
}

static void first_difference(const struct weir_live *live, uint32_t i, const struct weir_type *t,
			     char *out, size_t n)
{
	const struct weir_schema_type *c = &live->checked[i];
	uint32_t f;

	if (c->arity != t->arity) {
		snprintf(out, n, "it has %u fields there and %u here", c->arity, t->arity);
		return;
	}
	for (f = 0; f < t->arity; f++) {
		if (strcmp(live->type[i].field[f], t->fields[f].name)) {
			snprintf(out, n, "field %u is %s there and %s here", f,
				 live->type[i].field[f], t->fields[f].name);
			return;
		}
		if (c->kind[f] != t->fields[f].kind) {
			snprintf(out, n, "field %s is of kind %s there and %s here",
				 t->fields[f].name, weir_kind_name(c->kind[f]),
				 weir_kind_name(t->fields[f].kind));
			return;
		}
	}
	snprintf(out, n, "its name or the values of an enum differ");
}

int weir_live_compare(const struct weir_live *live, struct weir_refusal *r)
{
	const struct weir_type *t;
	char how[256];
	uint32_t i;

	for (i = 0; i < live->schema.n; i++) {
		t = weir_type_by_id(live->checked[i].id);
		if (!t || weir_fingerprint(t) == live->checked[i].fingerprint)
			continue;
		first_difference(live, i, t, how, sizeof(how));
		weir_refuse(r, WEIR_STEP_SCHEMA, "SCHEMA",
			    "install weirctl and the module from the same build",
			    "the kernel's Template Type %s is not the one that weirctl was built "
			    "with: %s",
			    live->type[i].name, how);
		r->at.type = t->id;
		snprintf(r->type, sizeof(r->type), "%s", t->name);
		return -1;
	}
	return 0;
}
