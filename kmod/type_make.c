// SPDX-License-Identifier: GPL-2.0
/* Another module's description of a Template Type: checked, and copied. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "types.h"
#include "uapi/weir.h"
#include "weir_module.h"

/* The header for others says in its own words what the core says in its. */
static_assert(WEIR_MODULE_STRING == (u32)WEIR_KIND_string, "kinds disagree");
static_assert(WEIR_MODULE_U64 == (u32)WEIR_KIND_u64, "kinds disagree");
static_assert(WEIR_MODULE_I64 == (u32)WEIR_KIND_i64, "kinds disagree");
static_assert(WEIR_MODULE_IP == (u32)WEIR_KIND_ip, "kinds disagree");
static_assert(WEIR_MODULE_BOOL == (u32)WEIR_KIND_bool, "kinds disagree");
static_assert(WEIR_MODULE_ENUM == (u32)WEIR_KIND_enum, "kinds disagree");
static_assert(WEIR_MODULE_ENUM + 1 == (u32)WEIR_KIND_end, "kinds disagree");
static_assert(WEIR_MODULE_NONE == (u32)WEIR_VERDICT_NONE, "verdicts disagree");
static_assert(WEIR_MODULE_ALERT == (u32)WEIR_VERDICT_ALERT, "verdicts disagree");
static_assert(WEIR_MODULE_DENY == (u32)WEIR_VERDICT_DENY, "verdicts disagree");
static_assert(WEIR_MODULE_KILL == (u32)WEIR_VERDICT_KILL, "verdicts disagree");
static_assert(WEIR_MODULE_LEN_MAX == WEIR_VALUE_MAX, "lengths disagree");
static_assert(WEIR_MODULE_ARITY_MAX == WEIR_ARITY_MAX, "arities disagree");
static_assert(sizeof_field(struct weir_u_values, values) >= WEIR_VALUES_MAX, "no room for values");

#define NAME_ROOM WEIR_U_NAME

/* A name that fits rules, JSON and the device alike. */
static bool name_ok(const char *s)
{
	size_t i, n = s ? strnlen(s, NAME_ROOM) : 0;

	if (!n || n == NAME_ROOM || isdigit(s[0]))
		return false;
	for (i = 0; i < n; i++)
		if (!isascii(s[i]) || !(isalnum(s[i]) || s[i] == '_'))
			return false;
	return true;
}

/* Is the name of @n bytes at @s among those before it in @values. */
static bool value_again(const char *values, const char *s, size_t n)
{
	size_t len;

	for (; values < s; values += len + 1) {
		len = strcspn(values, "|");
		if (len == n && !strncasecmp(values, s, n))
			return true;
	}
	return false;
}

static const char *values_flaw(const char *values)
{
	const char *s = values;
	u32 count = 0;
	size_t i, n;

	if (!values || strnlen(values, WEIR_VALUES_MAX) == WEIR_VALUES_MAX)
		return "has no values, or too many";
	for (;;) {
		n = strcspn(s, "|");
		if (!n || n >= NAME_ROOM || ++count > WEIR_ENUM_MAX)
			return "has an empty or long value, or too many";
		for (i = 0; i < n; i++)
			if (s[i] <= 0x20 || s[i] >= 0x7f)
				return "has a value that is not plain text";
		if (value_again(values, s, n))
			return "has a value twice";
		if (!s[n])
			return NULL;
		s += n + 1;
	}
}

static const char *field_flaw(const struct weir_module_type *t, u32 i)
{
	const struct weir_module_field *f = &t->fields[i];
	u32 j;

	if (!name_ok(f->name))
		return "has no proper name";
	for (j = 0; j < i; j++)
		if (!strcmp(t->fields[j].name, f->name))
			return "has the name of another one";
	if (f->kind == WEIR_KIND_none || f->kind >= WEIR_KIND_end)
		return "is of unknown kind";
	if (f->kind == WEIR_KIND_enum)
		return values_flaw(f->values);
	return f->values && *f->values ? "has values, but is no enum" : NULL;
}

static const char *type_flaw(const struct weir_module_type *t)
{
	if (!name_ok(t->name))
		return "it has no proper name";
	if (t->id < WEIR_MODULE_ID_MIN || t->id > WEIR_MODULE_ID_MAX)
		return "its id is not from 1000 to 65535";
	if (!t->fields || !t->arity || t->arity > WEIR_ARITY_MAX)
		return "it has no fields, or more than 64";
	if (t->provided & ~GENMASK_ULL(t->arity - 1, 0))
		return "it provides fields that it does not have";
	if (t->verdicts & ~(BIT(WEIR_VERDICT_DENY) | BIT(WEIR_VERDICT_KILL)))
		return "it carries out verdicts that there are not";
	return t->owner ? NULL : "it has no owner";
}

static size_t values_room(const struct weir_module_field *f)
{
	return f->kind == WEIR_KIND_enum ? strlen(f->values) + 1 : 0;
}

/* The log may show names that are not plain text. */
static int check(const struct weir_module_type *t)
{
	const char *flaw = type_flaw(t);
	size_t values = 0;
	u32 i;

	if (flaw) {
		pr_err("type %u is refused: %s\n", t->id, flaw);
		return -EINVAL;
	}
	for (i = 0; i < t->arity; i++) {
		flaw = field_flaw(t, i);
		if (flaw) {
			pr_err("type %s of %s is refused: field %u %s\n", t->name,
			       module_name(t->owner), i, flaw);
			return -EINVAL;
		}
		values += values_room(&t->fields[i]);
	}
	if (values > WEIR_VALUES_MAX) {
		pr_err("type %s of %s is refused: the values of its enums are too long\n", t->name,
		       module_name(t->owner));
		return -EINVAL;
	}
	return 0;
}

static const char *keep(char **at, const char *s)
{
	size_t n = strlen(s) + 1;
	char *to = memcpy(*at, s, n);

	*at += n;
	return to;
}

struct weir_extra *weir_extra_make(const struct weir_module_type *from)
{
	struct weir_extra *x;
	size_t room;
	char *at;
	u32 i;

	if (check(from))
		return ERR_PTR(-EINVAL);
	room = strlen(from->name) + 1;
	for (i = 0; i < from->arity; i++)
		room += strlen(from->fields[i].name) + 1 + values_room(&from->fields[i]);
	x = kzalloc(sizeof(*x) + room, GFP_KERNEL);
	if (!x)
		return ERR_PTR(-ENOMEM);
	at = (char *)(x + 1);
	x->type.name = keep(&at, from->name);
	x->type.id = from->id;
	x->type.arity = from->arity;
	x->type.fields = x->field;
	for (i = 0; i < from->arity; i++) {
		x->field[i].name = keep(&at, from->fields[i].name);
		x->field[i].kind = from->fields[i].kind;
		x->field[i].capture = WEIR_CAPTURED;
		x->field[i].values = "";
		if (from->fields[i].kind == WEIR_KIND_enum)
			x->field[i].values = keep(&at, from->fields[i].values);
	}
	x->provided = from->provided;
	x->power = from->verdicts | BIT(WEIR_VERDICT_ALERT);
	x->owner = from->owner;
	x->type.selector = WEIR_NOWHERE;
	x->type.no_deny = !(x->power & BIT(WEIR_VERDICT_DENY));
	x->type.no_kill = !(x->power & BIT(WEIR_VERDICT_KILL));
	return x;
}
