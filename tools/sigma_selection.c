// SPDX-License-Identifier: GPL-2.0
/* Search identifiers: maps, lists and keywords to expressions. */
#include <string.h>

#include "sigma.h"

/* What says something of a keyword, which is not bound to a field. */
#define KEYWORD_MODS                                                                               \
	(1u << WEIR_MOD_CONTAINS | 1u << WEIR_MOD_WINDASH | 1u << WEIR_MOD_BASE64 |                \
	 1u << WEIR_MOD_BASE64OFFSET | 1u << WEIR_MOD_UTF16LE | 1u << WEIR_MOD_UTF16BE |           \
	 1u << WEIR_MOD_UTF16 | 1u << WEIR_MOD_EXPAND | 1u << WEIR_MOD_ALL |                       \
	 1u << WEIR_MOD_CASED | 1u << WEIR_MOD_NEQ | 1u << WEIR_MOD_RE | 1u << WEIR_MOD_I |        \
	 1u << WEIR_MOD_M | 1u << WEIR_MOD_S)

/* A keyword holds if any string field of the type contains it. */
static struct weir_expr *keyword(struct weir_sigma *s, const struct weir_item *item,
				 const struct weir_yaml *value)
{
	struct weir_expr *e[WEIR_ARITY_MAX];
	struct weir_item bound = *item;
	uint32_t i, n = 0;

	if (value->kind == WEIR_YAML_SCALAR && weir_yaml_type(value) == WEIR_YAML_NULL) {
		weir_sigma_error(s, value->line, NULL, "null needs a field: no keyword is null");
		return NULL;
	}
	if (!weir_has(&item->mods, WEIR_MOD_RE) && !weir_has(&item->mods, WEIR_MOD_CONTAINS)) {
		bound.mods.set |= 1u << WEIR_MOD_CONTAINS;
		bound.mods.order[bound.mods.n++] = WEIR_MOD_CONTAINS;
	}
	for (i = 0; i < s->type->arity; i++) {
		if (s->type->fields[i].kind != WEIR_KIND_string)
			continue;
		bound.field = i;
		bound.name = s->type->fields[i].name;
		e[n] = weir_sigma_value(s, &bound, value);
		if (!e[n++])
			return NULL;
	}
	if (!n) {
		weir_sigma_error(s, value->line, NULL,
				 "keywords need a string field, and type %s has none",
				 s->type->name);
		return NULL;
	}
	return weir_program_join(&s->program, WEIR_EXPR_OR, e, n);
}

static struct weir_expr *one_value(struct weir_sigma *s, const struct weir_item *item,
				   const struct weir_yaml *value)
{
	return item->field < 0 ? keyword(s, item, value) : weir_sigma_value(s, item, value);
}

/* All values of an item. */
static struct weir_expr *item_expr(struct weir_sigma *s, const struct weir_item *item,
				   const struct weir_yaml *value)
{
	struct weir_expr **e, *out;
	uint32_t i, n = value->kind == WEIR_YAML_LIST ? value->n : 1;

	if (value->kind == WEIR_YAML_LIST && !n) {
		weir_sigma_error(s, value->line, item->name, "an empty list of values");
		return NULL;
	}
	e = weir_arena_get(weir_sigma_arena(s), n, sizeof(*e));
	for (i = 0; i < n; i++) {
		e[i] = one_value(s, item, value->kind == WEIR_YAML_LIST ? value->item[i] : value);
		if (!e[i])
			return NULL;
	}
	out = weir_program_join(&s->program,
				weir_has(&item->mods, WEIR_MOD_ALL) ? WEIR_EXPR_AND : WEIR_EXPR_OR,
				e, n);
	return weir_has(&item->mods, WEIR_MOD_NEQ) ? weir_program_not(&s->program, out) : out;
}

static struct weir_expr *pair(struct weir_sigma *s, const struct weir_yaml *key,
			      const struct weir_yaml *value)
{
	struct weir_item item;

	if (weir_sigma_item(s, key, &item))
		return NULL;
	if (item.field < 0 && item.mods.set & ~KEYWORD_MODS) {
		weir_sigma_error(s, key->line, NULL,
				 "keywords take the modifiers contains, all, re, cased, neq and "
				 "those that encode or expand; \"%s\" has others",
				 key->text);
		return NULL;
	}
	return item_expr(s, &item, value);
}

static struct weir_expr *map_expr(struct weir_sigma *s, const struct weir_yaml *map)
{
	struct weir_expr **e;
	uint32_t i;

	if (!map->n) {
		weir_sigma_error(s, map->line, NULL, "an empty selection");
		return NULL;
	}
	e = weir_arena_get(weir_sigma_arena(s), map->n, sizeof(*e));
	for (i = 0; i < map->n; i++) {
		e[i] = pair(s, map->key[i], map->item[i]);
		if (!e[i])
			return NULL;
	}
	return weir_program_join(&s->program, WEIR_EXPR_AND, e, map->n);
}

static struct weir_expr *list_expr(struct weir_sigma *s, const struct weir_yaml *list)
{
	struct weir_expr **e;
	uint32_t i;

	if (!list->n) {
		weir_sigma_error(s, list->line, NULL, "an empty selection");
		return NULL;
	}
	e = weir_arena_get(weir_sigma_arena(s), list->n, sizeof(*e));
	for (i = 0; i < list->n; i++) {
		e[i] = weir_sigma_selection(s, list->item[i]);
		if (!e[i])
			return NULL;
	}
	return weir_program_join(&s->program, WEIR_EXPR_OR, e, list->n);
}

/* Recursion is as deep as the YAML may be. */
struct weir_expr *weir_sigma_selection(struct weir_sigma *s, const struct weir_yaml *definition)
{
	struct weir_item keywords = { .field = -1, .line = definition->line, .name = "" };

	switch (definition->kind) {
	case WEIR_YAML_MAP:
		return map_expr(s, definition);
	case WEIR_YAML_LIST:
		return list_expr(s, definition);
	default:
		return item_expr(s, &keywords, definition);
	}
}
