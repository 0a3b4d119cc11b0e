// SPDX-License-Identifier: GPL-2.0
/* One value of an item: what it means for the kind of its field. */
#include <string.h>

#include "sigma.h"

struct weir_expr *weir_sigma_exists(struct weir_sigma *s, unsigned int field)
{
	struct weir_test t = { .type = s->type, .field = field, .op = WEIR_OP_EXISTS };

	return weir_program_test(&s->program, &t);
}

static struct weir_expr *exists_value(struct weir_sigma *s, const struct weir_item *item,
				      const struct weir_yaml *value)
{
	struct weir_expr *e = weir_sigma_exists(s, item->field);

	if (weir_yaml_type(value) != WEIR_YAML_BOOL) {
		weir_sigma_error(s, value->line, item->name, "exists takes true or false");
		return NULL;
	}
	return *value->text == 't' || *value->text == 'T' ? e : weir_program_not(&s->program, e);
}

static struct weir_expr *null_value(struct weir_sigma *s, const struct weir_item *item,
				    const struct weir_yaml *value)
{
	const uint32_t allowed = 1u << WEIR_MOD_ALL | 1u << WEIR_MOD_NEQ;

	if (item->mods.set & ~allowed) {
		weir_sigma_error(s, value->line, item->name,
				 "null takes no modifiers but all and neq; write '' for an empty "
				 "string and 'null' for the word");
		return NULL;
	}
	return weir_program_not(&s->program, weir_sigma_exists(s, item->field));
}

/* Both fields are enums of the same names, or of the same other kind. */
static int comparable(const struct weir_field *a, const struct weir_field *b)
{
	return a->kind == b->kind && !strcmp(a->values, b->values);
}

static struct weir_expr *fieldref_value(struct weir_sigma *s, const struct weir_item *item,
					const struct weir_yaml *value)
{
	const struct weir_field *f = s->type->fields;
	struct weir_test t = { .type = s->type, .field = item->field, .op = WEIR_OP_FIELD_EQ };
	int other = weir_field_number(s->type, value->text);

	if (other < 0 || strlen(value->text) != value->len) {
		weir_sigma_error(s, value->line, item->name,
				 "fieldref names %s, which type %s does not have", value->text,
				 s->type->name);
		return NULL;
	}
	if (!comparable(&f[item->field], &f[other])) {
		weir_sigma_error(s, value->line, item->name,
				 "is of kind %s and cannot be compared with %s of kind %s",
				 weir_kind_name(f[item->field].kind), value->text,
				 weir_kind_name(f[other].kind));
		return NULL;
	}
	if (weir_has(&item->mods, WEIR_MOD_STARTSWITH))
		t.op = WEIR_OP_FIELD_PREFIX;
	if (weir_has(&item->mods, WEIR_MOD_ENDSWITH))
		t.op = WEIR_OP_FIELD_SUFFIX;
	if (f[item->field].kind == WEIR_KIND_string) {
		t.flags = weir_has(&item->mods, WEIR_MOD_CASED) ? WEIR_CASED : 0;
	} else if (item->mods.set &
		   (1u << WEIR_MOD_STARTSWITH | 1u << WEIR_MOD_ENDSWITH | 1u << WEIR_MOD_CASED)) {
		weir_sigma_error(s, value->line, item->name,
				 "is of kind %s: startswith, endswith and cased are for strings",
				 weir_kind_name(f[item->field].kind));
		return NULL;
	}
	t.field2 = other;
	return weir_program_test(&s->program, &t);
}

static struct weir_expr *by_kind(struct weir_sigma *s, const struct weir_item *item,
				 const struct weir_yaml *value)
{
	switch (s->type->fields[item->field].kind) {
	case WEIR_KIND_string:
		return weir_sigma_string(s, item, value);
	case WEIR_KIND_enum:
		return weir_sigma_enum(s, item, value);
	case WEIR_KIND_ip:
		return weir_sigma_address(s, item, value);
	default:
		return weir_sigma_number(s, item, value);
	}
}

struct weir_expr *weir_sigma_value(struct weir_sigma *s, const struct weir_item *item,
				   const struct weir_yaml *value)
{
	enum weir_yaml_scalar type;

	if (value->kind != WEIR_YAML_SCALAR) {
		weir_sigma_error(s, value->line, item->name,
				 "a value is a string, number, boolean or null, not a list or map");
		return NULL;
	}
	if (value->len > WEIR_SIGMA_VALUE_MAX) {
		weir_sigma_error(s, value->line, item->name, "a value of more than %u bytes",
				 WEIR_SIGMA_VALUE_MAX);
		return NULL;
	}
	type = weir_yaml_type(value);
	if (type == WEIR_YAML_UNCLEAR) {
		weir_sigma_error(s, value->line, item->name,
				 "%s means different things in YAML 1.1 and 1.2: quote it if it is "
				 "text, write true, false or a number without leading zeros if not",
				 value->text);
		return NULL;
	}
	if (weir_has(&item->mods, WEIR_MOD_EXISTS))
		return exists_value(s, item, value);
	if (type == WEIR_YAML_NULL)
		return null_value(s, item, value);
	if (weir_has(&item->mods, WEIR_MOD_FIELDREF))
		return fieldref_value(s, item, value);
	return by_kind(s, item, value);
}
