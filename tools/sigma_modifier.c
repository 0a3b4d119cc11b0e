// SPDX-License-Identifier: GPL-2.0
/* "Field|modifier|modifier": which modifiers there are, and which go together. */
#include <string.h>

#include "sigma.h"

static const struct {
	const char *name;
	enum weir_modifier mod;
} names[] = {
	{ "contains", WEIR_MOD_CONTAINS },
	{ "startswith", WEIR_MOD_STARTSWITH },
	{ "endswith", WEIR_MOD_ENDSWITH },
	{ "windash", WEIR_MOD_WINDASH },
	{ "base64", WEIR_MOD_BASE64 },
	{ "base64offset", WEIR_MOD_BASE64OFFSET },
	{ "utf16le", WEIR_MOD_UTF16LE },
	{ "wide", WEIR_MOD_UTF16LE },
	{ "utf16be", WEIR_MOD_UTF16BE },
	{ "utf16", WEIR_MOD_UTF16 },
	{ "expand", WEIR_MOD_EXPAND },
	{ "all", WEIR_MOD_ALL },
	{ "cased", WEIR_MOD_CASED },
	{ "neq", WEIR_MOD_NEQ },
	{ "re", WEIR_MOD_RE },
	{ "cidr", WEIR_MOD_CIDR },
	{ "lt", WEIR_MOD_LT },
	{ "lte", WEIR_MOD_LTE },
	{ "gt", WEIR_MOD_GT },
	{ "gte", WEIR_MOD_GTE },
	{ "exists", WEIR_MOD_EXISTS },
	{ "fieldref", WEIR_MOD_FIELDREF },
	{ "i", WEIR_MOD_I },
	{ "ignorecase", WEIR_MOD_I },
	{ "m", WEIR_MOD_M },
	{ "multiline", WEIR_MOD_M },
	{ "s", WEIR_MOD_S },
	{ "dotall", WEIR_MOD_S },
};

#define NNAMES (sizeof(names) / sizeof(names[0]))
#define BIT(mod) (1u << (mod))
#define AFFIXES (BIT(WEIR_MOD_CONTAINS) | BIT(WEIR_MOD_STARTSWITH) | BIT(WEIR_MOD_ENDSWITH))
#define REGEX_FLAGS (BIT(WEIR_MOD_I) | BIT(WEIR_MOD_M) | BIT(WEIR_MOD_S))
#define ENCODINGS (BIT(WEIR_MOD_BASE64) | BIT(WEIR_MOD_BASE64OFFSET))
#define WIDE (BIT(WEIR_MOD_UTF16LE) | BIT(WEIR_MOD_UTF16BE) | BIT(WEIR_MOD_UTF16))

static const char *name_of(enum weir_modifier mod)
{
	size_t i;

	for (i = 0; i < NNAMES; i++)
		if (names[i].mod == mod)
			return names[i].name;
	return "?";
}

static int add(struct weir_sigma *s, struct weir_item *out, const char *name, size_t len)
{
	static const char *const times[] = { "minute", "hour", "day", "week", "month", "year" };
	struct weir_modifiers *m = &out->mods;
	size_t i;

	for (i = 0; i < NNAMES; i++)
		if (strlen(names[i].name) == len && !memcmp(names[i].name, name, len))
			break;
	if (i < NNAMES) {
		if (weir_has(m, names[i].mod))
			return weir_sigma_error(s, out->line, out->name,
						"modifier %.*s is given twice", (int)len, name);
		m->set |= BIT(names[i].mod);
		m->order[m->n++] = names[i].mod;
		return 0;
	}
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (strlen(times[i]) == len && !memcmp(times[i], name, len))
			return weir_sigma_error(s, out->line, out->name,
						"modifier %s is for dates, and no field is a date",
						times[i]);
	return weir_sigma_error(s, out->line, out->name, "unknown modifier \"%.*s\"", (int)len,
				name);
}

/* What may stand next to a modifier that says what the value is. */
static uint32_t companions(enum weir_modifier type)
{
	switch (type) {
	case WEIR_MOD_RE:
		return BIT(WEIR_MOD_ALL) | BIT(WEIR_MOD_NEQ) | REGEX_FLAGS;
	case WEIR_MOD_CIDR:
		return BIT(WEIR_MOD_ALL) | BIT(WEIR_MOD_NEQ);
	case WEIR_MOD_FIELDREF:
		return BIT(WEIR_MOD_ALL) | BIT(WEIR_MOD_NEQ) | BIT(WEIR_MOD_CASED) |
		       BIT(WEIR_MOD_STARTSWITH) | BIT(WEIR_MOD_ENDSWITH);
	case WEIR_MOD_EXISTS:
		return 0;
	default:
		return BIT(WEIR_MOD_NEQ);
	}
}

/* The first modifier of a set, in the order given; WEIR_MOD_END if there is none. */
static enum weir_modifier first_of(const struct weir_modifiers *m, uint32_t set)
{
	uint32_t i;

	for (i = 0; i < m->n; i++)
		if (set >> m->order[i] & 1)
			return m->order[i];
	return WEIR_MOD_END;
}

static int check_pair(struct weir_sigma *s, const struct weir_item *it, enum weir_modifier a,
		      uint32_t others)
{
	enum weir_modifier b = first_of(&it->mods, others & ~BIT(a));

	if (a == WEIR_MOD_END || b == WEIR_MOD_END)
		return 0;
	return weir_sigma_error(s, it->line, it->name, "modifiers %s and %s do not go together",
				name_of(a), name_of(b));
}

static int check_types(struct weir_sigma *s, const struct weir_item *it)
{
	const uint32_t types = BIT(WEIR_MOD_I) - BIT(WEIR_MOD_RE);
	enum weir_modifier type = first_of(&it->mods, types);

	if (type != WEIR_MOD_END && check_pair(s, it, type, ~companions(type)))
		return -1;
	if (type == WEIR_MOD_RE && it->mods.set & REGEX_FLAGS &&
	    first_of(&it->mods, REGEX_FLAGS | BIT(WEIR_MOD_RE)) != WEIR_MOD_RE)
		return weir_sigma_error(s, it->line, it->name,
					"modifiers i, m and s stand behind re");
	if (type != WEIR_MOD_RE && it->mods.set & REGEX_FLAGS)
		return weir_sigma_error(s, it->line, it->name, "modifier %s is for re only",
					name_of(first_of(&it->mods, REGEX_FLAGS)));
	return 0;
}

static int check(struct weir_sigma *s, const struct weir_item *it)
{
	const struct weir_modifiers *m = &it->mods;

	if (check_types(s, it) || check_pair(s, it, first_of(m, AFFIXES), AFFIXES) ||
	    check_pair(s, it, first_of(m, ENCODINGS), ENCODINGS) ||
	    check_pair(s, it, first_of(m, WIDE), WIDE))
		return -1;
	return 0;
}

int weir_sigma_item(struct weir_sigma *s, const struct weir_yaml *key, struct weir_item *out)
{
	const char *p = key->text, *end = p + key->len, *bar;

	memset(out, 0, sizeof(*out));
	out->line = key->line;
	bar = memchr(p, '|', end - p);
	out->name = weir_arena_copy(weir_sigma_arena(s), p, (bar ? bar : end) - p);
	out->field = *out->name ? weir_field_number(s->type, out->name) : -1;
	if (!*out->name && !bar)
		return weir_sigma_error(s, key->line, NULL, "a field without a name");
	if (*out->name && out->field < 0)
		return weir_sigma_error(s, key->line, out->name,
					"type %s has no such field (weirc schema lists them)",
					s->type->name);
	while (bar) {
		p = bar + 1;
		bar = memchr(p, '|', end - p);
		if (add(s, out, p, (bar ? bar : end) - p))
			return -1;
	}
	return check(s, out);
}
