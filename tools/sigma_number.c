// SPDX-License-Identifier: GPL-2.0
/* Values of fields that are numbers or booleans. */
#include <string.h>
#include <strings.h>

#include "sigma.h"

static const char *parse_bool(const struct weir_yaml *y, uint64_t *num)
{
	static const char *const words[] = { "false", "true", "0", "1" };
	unsigned int i;

	for (i = 0; i < 4; i++) {
		if (strlen(y->text) == y->len && !strcasecmp(y->text, words[i])) {
			*num = i & 1;
			return NULL;
		}
	}
	return "is a boolean: write true or false";
}

const char *weir_sigma_parse_number(uint32_t kind, const struct weir_yaml *y, uint64_t *num)
{
	uint64_t v;
	int negative;

	if (kind == WEIR_KIND_bool)
		return parse_bool(y, num);
	if (weir_yaml_int(y, &negative, &v))
		return "is a number: write it in decimal, or in hexadecimal behind 0x, of at most "
		       "64 bits";
	if (kind == WEIR_KIND_u64) {
		if (negative && v)
			return "is a number without sign: it is never below 0";
		*num = v;
		return NULL;
	}
	if (v > INT64_MAX + (uint64_t)negative)
		return "is a signed number of 64 bits: the value does not fit";
	*num = (negative ? -v : v) ^ WEIR_I64_BIAS;
	return NULL;
}

/* What no string of digits can be: a pattern. Only "any value" can be said of a number. */
static int is_any(const struct weir_item *item, const struct weir_yaml *value)
{
	return !item->mods.n && weir_yaml_is(value, "*");
}

/* The range of a comparison; 0 if it is empty. */
static int set_range(const struct weir_item *item, uint64_t v, struct weir_range *r)
{
	r->lo = 0;
	r->hi = UINT64_MAX;
	if (weir_has(&item->mods, WEIR_MOD_LT)) {
		r->hi = v - 1;
		return v != 0;
	}
	if (weir_has(&item->mods, WEIR_MOD_GT)) {
		r->lo = v + 1;
		return v != UINT64_MAX;
	}
	if (weir_has(&item->mods, WEIR_MOD_LTE))
		r->hi = v;
	else if (weir_has(&item->mods, WEIR_MOD_GTE))
		r->lo = v;
	else
		*r = (struct weir_range){ v, v };
	return 1;
}

static int check_modifiers(struct weir_sigma *s, const struct weir_item *item,
			   const struct weir_yaml *value, uint32_t kind)
{
	const uint32_t compare =
		1u << WEIR_MOD_LT | 1u << WEIR_MOD_LTE | 1u << WEIR_MOD_GT | 1u << WEIR_MOD_GTE;
	const uint32_t any = 1u << WEIR_MOD_ALL | 1u << WEIR_MOD_NEQ;

	if (kind == WEIR_KIND_bool && item->mods.set & compare)
		return weir_sigma_error(s, value->line, item->name,
					"is a boolean: lt, lte, gt and gte are for numbers");
	if (item->mods.set & ~(compare | any))
		return weir_sigma_error(s, value->line, item->name,
					"is of kind %s: of the modifiers only %sall, neq, exists "
					"and fieldref apply",
					weir_kind_name(kind),
					kind == WEIR_KIND_bool ? "" : "lt, lte, gt, gte, ");
	return 0;
}

struct weir_expr *weir_sigma_number(struct weir_sigma *s, const struct weir_item *item,
				    const struct weir_yaml *value)
{
	uint32_t kind = s->type->fields[item->field].kind;
	struct weir_test t = { .type = s->type, .field = item->field, .op = WEIR_OP_RANGE, .n = 1 };
	const char *wrong;
	uint64_t v = 0;

	if (is_any(item, value))
		return weir_sigma_exists(s, item->field);
	if (check_modifiers(s, item, value, kind))
		return NULL;
	wrong = weir_sigma_parse_number(kind, value, &v);
	t.range = weir_arena_get(weir_sigma_arena(s), 1, sizeof(*t.range));
	if (!wrong && !set_range(item, v, t.range))
		wrong = "can never be so: no value of the field is on that side of the limit";
	if (wrong) {
		weir_sigma_error(s, value->line, item->name, "%s (value \"%s\")", wrong,
				 value->text);
		return NULL;
	}
	return weir_program_test(&s->program, &t);
}
