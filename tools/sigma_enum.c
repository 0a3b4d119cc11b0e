// SPDX-License-Identifier: GPL-2.0
/* Values of enum fields: strings matched against the names when the rule is compiled. */
#include "sigma.h"

static int dfa_accepts(const struct weir_dfa *d, const char *s, size_t n)
{
	uint32_t cell = d->start;
	size_t i;

	for (i = 0; i <= n; i++) {
		cell = d->next[cell + (i < n ? d->map[(uint8_t)s[i]] : d->nclasses - 1u)];
		if (cell == WEIR_DFA_ACCEPT)
			return 1;
		if (cell == WEIR_DFA_REJECT)
			return 0;
	}
	return 0;
}

/* Every way of writing the value as DFAs; null after an error. */
static struct weir_dfa **dfas_of(struct weir_sigma *s, const struct weir_item *item,
				 const struct weir_yaml *value, size_t *n)
{
	struct weir_item here = *item;
	struct weir_patterns ps;
	struct weir_dfa **d;
	size_t i;

	here.line = value->line;
	if (weir_has(&item->mods, WEIR_MOD_RE)) {
		*n = 1;
		d = weir_arena_get(weir_sigma_arena(s), 1, sizeof(struct weir_dfa *));
		d[0] = weir_sigma_regex(s, item, value);
		return d[0] ? d : NULL;
	}
	if (weir_sigma_patterns(s, item, value, &ps))
		return NULL;
	*n = ps.n;
	d = weir_arena_get(weir_sigma_arena(s), ps.n, sizeof(*d));
	for (i = 0; i < ps.n; i++) {
		d[i] = weir_sigma_glob(s, &here, &ps.p[i]);
		if (!d[i])
			return NULL;
	}
	return d;
}

static int any_accepts(struct weir_dfa **d, size_t n, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (dfa_accepts(d[i], s, len))
			return 1;
	return 0;
}

struct weir_expr *weir_sigma_enum(struct weir_sigma *s, const struct weir_item *item,
				  const struct weir_yaml *value)
{
	const struct weir_field *f = &s->type->fields[item->field];
	struct weir_test t = { .type = s->type, .field = item->field, .op = WEIR_OP_RANGE };
	struct weir_dfa **d;
	const char *name;
	size_t n = 0, len;
	uint32_t i;

	if (item->mods.set >> WEIR_MOD_CIDR & 0x1f) {
		weir_sigma_error(s, value->line, item->name,
				 "is an enum: cidr, lt, lte, gt and gte do not apply");
		return NULL;
	}
	d = dfas_of(s, item, value, &n);
	if (!d)
		return NULL;
	t.range = weir_arena_get(weir_sigma_arena(s), WEIR_ENUM_MAX, sizeof(*t.range));
	for (i = 0; i < WEIR_ENUM_MAX && (name = weir_enum_value(f, i, &len)); i++) {
		if (!any_accepts(d, n, name, len))
			continue;
		t.range[t.n].lo = i;
		t.range[t.n++].hi = i;
	}
	if (!t.n) {
		weir_sigma_error(s, value->line, item->name,
				 "\"%s\" fits none of the field's values, which are %s",
				 value->text, f->values);
		return NULL;
	}
	return weir_program_test(&s->program, &t);
}
