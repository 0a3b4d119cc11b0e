// SPDX-License-Identifier: GPL-2.0
/* Values of string fields and of enums, whose names are strings known at compile time. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "emit_window.h"
#include "sigma.h"

/* Numbers and booleans on a string field are their text, if there is only one way to write it. */
static const char *text_of(const struct weir_yaml *value, const char **text, size_t *len)
{
	*text = value->text;
	*len = value->len;
	switch (weir_yaml_type(value)) {
	case WEIR_YAML_FLOAT:
		return "a fraction on a field of text: quote it";
	case WEIR_YAML_INT:
		if (*value->text == '+' || (*value->text == '0' && value->len > 1))
			return "a number that can be written in other ways on a field of text: "
			       "quote it";
		return NULL;
	case WEIR_YAML_BOOL:
		*text = tolower((unsigned char)*value->text) == 't' ? "true" : "false";
		*len = strlen(*text);
		return NULL;
	default:
		return NULL;
	}
}

static int apply(struct weir_sigma *s, enum weir_modifier mod, struct weir_patterns *ps)
{
	switch (mod) {
	case WEIR_MOD_CONTAINS:
		weir_pattern_run_before(ps);
		weir_pattern_run_after(ps);
		return 0;
	case WEIR_MOD_STARTSWITH:
		weir_pattern_run_after(ps);
		return 0;
	case WEIR_MOD_ENDSWITH:
		weir_pattern_run_before(ps);
		return 0;
	case WEIR_MOD_WINDASH:
		return weir_pattern_windash(ps);
	case WEIR_MOD_BASE64:
		return weir_pattern_base64(ps);
	case WEIR_MOD_BASE64OFFSET:
		return weir_pattern_base64offset(ps);
	case WEIR_MOD_UTF16LE:
		return weir_pattern_utf16le(ps);
	case WEIR_MOD_UTF16BE:
		return weir_pattern_utf16be(ps);
	case WEIR_MOD_UTF16:
		return weir_pattern_utf16(ps);
	case WEIR_MOD_EXPAND:
		return weir_pattern_expand(ps, s->placeholder, s->nplaceholders);
	default:
		return 0;
	}
}

int weir_sigma_patterns(struct weir_sigma *s, const struct weir_item *item,
			const struct weir_yaml *value, struct weir_patterns *out)
{
	const char *text, *wrong;
	size_t len;
	uint32_t i;

	memset(out, 0, sizeof(*out));
	out->arena = weir_sigma_arena(s);
	out->budget = &s->budget;
	wrong = text_of(value, &text, &len);
	if (wrong)
		return weir_sigma_error(s, value->line, item->name, "%s", wrong);
	weir_pattern_parse(out, text, len);
	for (i = 0; i < item->mods.n; i++)
		if (apply(s, item->mods.order[i], out))
			return weir_sigma_error(s, value->line, item->name, "%s", out->error);
	return 0;
}

static struct weir_dfa *keep_dfa(struct weir_sigma *s, struct weir_dfa *from)
{
	struct weir_dfa *d = weir_arena_get(weir_sigma_arena(s), 1, sizeof(*d));

	*d = *from;
	d->next = weir_arena_get(weir_sigma_arena(s), d->ncells, sizeof(*d->next));
	memcpy(d->next, from->next, d->ncells * sizeof(*d->next));
	d->need = weir_arena_get(weir_sigma_arena(s), d->nneeds, sizeof(*d->need));
	if (d->nneeds)
		memcpy(d->need, from->need, d->nneeds * sizeof(*d->need));
	weir_dfa_free(from);
	return d;
}

/* One automaton more. */
static int count_dfa(struct weir_sigma *s, const struct weir_item *item, unsigned int line)
{
	if (s->ndfas++ < WEIR_SIGMA_DFAS_MAX)
		return 0;
	return weir_sigma_error(s, line, item->name,
				"the rule takes more than %u automata: use fewer regular "
				"expressions, or wildcards inside of values, or split it",
				WEIR_SIGMA_DFAS_MAX);
}

/* Flags of a wildcard pattern, where a regular expression has WEIR_RE_ flags. */
#define GLOB 0x100u
#define GLOB_CASED 0x101u

/* The automaton of a pattern, which lives as long as the compilation does; to be made if new. */
static struct weir_known_dfa *known_dfa(struct weir_sigma *s, const void *p, size_t n,
					unsigned int flags)
{
	struct weir_known_dfa **head, *k;

	head = &s->known[weir_hash(WEIR_HASH, p, n) % WEIR_SIGMA_KNOWN];
	for (k = *head; k; k = k->next)
		if (k->flags == flags && k->n == n && !memcmp(k->p, p, n))
			return k;
	k = weir_arena_get(weir_sigma_arena(s), 1, sizeof(*k));
	k->next = *head;
	k->p = weir_arena_copy(weir_sigma_arena(s), p, n);
	k->n = n;
	k->flags = flags;
	*head = k;
	return k;
}

struct weir_dfa *weir_sigma_regex(struct weir_sigma *s, const struct weir_item *item,
				  const struct weir_yaml *value)
{
	unsigned int flags = (weir_has(&item->mods, WEIR_MOD_I) ? WEIR_RE_ICASE : 0) |
			     (weir_has(&item->mods, WEIR_MOD_M) ? WEIR_RE_MULTI : 0) |
			     (weir_has(&item->mods, WEIR_MOD_S) ? WEIR_RE_DOTALL : 0);
	struct weir_known_dfa *known;
	char err[512] = "";
	struct weir_dfa d;

	if (count_dfa(s, item, value->line))
		return NULL;
	known = known_dfa(s, value->text, value->len, flags);
	if (known->dfa)
		return known->dfa;
	if (weir_regex_compile(value->text, value->len, flags, &d, err, sizeof(err))) {
		weir_sigma_error(s, value->line, item->name, "regular expression: %s", err);
		return NULL;
	}
	known->dfa = keep_dfa(s, &d);
	return known->dfa;
}

struct weir_dfa *weir_sigma_glob(struct weir_sigma *s, const struct weir_item *item,
				 const struct weir_pattern *p)
{
	unsigned int flags = weir_has(&item->mods, WEIR_MOD_CASED) ? GLOB_CASED : GLOB;
	struct weir_known_dfa *known;
	char err[512] = "";
	struct weir_dfa d;

	if (count_dfa(s, item, item->line))
		return NULL;
	known = known_dfa(s, p->item, p->n * sizeof(*p->item), flags);
	if (known->dfa)
		return known->dfa;
	if (weir_glob_compile(p->item, p->n, flags == GLOB_CASED, &d, err, sizeof(err))) {
		weir_sigma_error(s, item->line, item->name, "wildcard pattern: %s", err);
		return NULL;
	}
	known->dfa = keep_dfa(s, &d);
	return known->dfa;
}

static int take_literal(struct weir_sigma *s, const struct weir_item *item,
			const struct weir_glob_item *it, size_t len, struct weir_bytes *out)
{
	int cased = weir_has(&item->mods, WEIR_MOD_CASED);
	uint8_t *p = weir_arena_get(weir_sigma_arena(s), len, 1);
	size_t i;

	if (len > WEIR_LITERAL_MAX)
		return weir_sigma_error(s, item->line, item->name,
					"a value that takes %zu bytes; at most %u are accepted",
					len, WEIR_LITERAL_MAX);
	for (i = 0; i < len; i++) {
		p[i] = it[i].byte;
		if (!cased && p[i] >= 'A' && p[i] <= 'Z')
			p[i] += 'a' - 'A';
	}
	out->p = p;
	out->n = len;
	return 0;
}

/* What a DFA's input has to contain, and how often it does. */
struct need {
	struct weir_expr *e;
	double rate;
	const struct weir_re_need *from; /* in the order of the pattern's */
};

static int by_rate(const void *a, const void *b)
{
	const struct need *x = a, *y = b;

	if (x->rate != y->rate)
		return x->rate < y->rate ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

static struct need need_of(struct weir_sigma *s, const struct weir_item *item,
			   const struct weir_re_need *from)
{
	struct weir_test t = { .type = s->type, .field = item->field, .op = WEIR_OP_CONTAINS };
	struct need out;
	uint32_t i;

	t.n = from->n;
	t.lit = weir_arena_get(weir_sigma_arena(s), t.n, sizeof(*t.lit));
	for (i = 0; i < t.n; i++) {
		t.lit[i].p = from->lit[i].p;
		t.lit[i].n = from->lit[i].n;
	}
	out.e = weir_program_test(&s->program, &t);
	out.rate = weir_index_rate(s->profile, out.e->test);
	out.from = from;
	return out;
}

/* What tells a DFA where to look: the first from which a match is not far, or else the first. */
static void lead(struct weir_test *dfa, const struct need *need, uint32_t n)
{
	uint32_t i;

	if (!n || dfa->leader)
		return;
	for (i = 0; i < n && need[i].from->before == WEIR_RE_ANYWHERE; i++)
		;
	need += i < n ? i : 0;
	dfa->leader = need->e->test;
	dfa->led = need->from;
}

/* A DFA behind what its input has to contain, which the index finds and which is cheaper. */
static struct weir_expr *dfa_expr(struct weir_sigma *s, const struct weir_item *item,
				  const struct weir_dfa *d)
{
	struct weir_test t = { .type = s->type, .field = item->field, .op = WEIR_OP_DFA, .n = 1 };
	struct weir_expr **e;
	struct need *need;
	uint32_t i;

	if (!d)
		return NULL;
	need = weir_arena_get(weir_sigma_arena(s), d->nneeds, sizeof(*need));
	for (i = 0; i < d->nneeds; i++)
		need[i] = need_of(s, item, &d->need[i]);
	qsort(need, d->nneeds, sizeof(*need), by_rate);
	e = weir_arena_get(weir_sigma_arena(s), d->nneeds + 1, sizeof(struct weir_expr *));
	for (i = 0; i < d->nneeds; i++)
		e[i] = need[i].e;
	t.dfa = d;
	e[i] = weir_program_test(&s->program, &t);
	lead(e[i]->test, need, d->nneeds);
	return weir_program_join(&s->program, WEIR_EXPR_AND, e, d->nneeds + 1);
}

static struct weir_expr *pattern_expr(struct weir_sigma *s, const struct weir_item *item,
				      const struct weir_pattern *p)
{
	static const uint8_t ops[] = { [WEIR_PATTERN_EQ] = WEIR_OP_EQ,
				       [WEIR_PATTERN_PREFIX] = WEIR_OP_PREFIX,
				       [WEIR_PATTERN_SUFFIX] = WEIR_OP_SUFFIX,
				       [WEIR_PATTERN_CONTAINS] = WEIR_OP_CONTAINS };
	struct weir_test t = { .type = s->type, .field = item->field, .n = 1 };
	enum weir_pattern_shape shape;
	size_t first, len;

	shape = weir_pattern_shape(p, &first, &len);
	if (shape == WEIR_PATTERN_ANY)
		return weir_sigma_exists(s, item->field);
	if (shape == WEIR_PATTERN_GLOB)
		return dfa_expr(s, item, weir_sigma_glob(s, item, p));
	t.op = ops[shape];
	t.flags = weir_has(&item->mods, WEIR_MOD_CASED) ? WEIR_CASED : 0;
	t.lit = weir_arena_get(weir_sigma_arena(s), 1, sizeof(*t.lit));
	if (take_literal(s, item, p->item + first, len, t.lit))
		return NULL;
	return weir_program_test(&s->program, &t);
}

struct weir_expr *weir_sigma_string(struct weir_sigma *s, const struct weir_item *item,
				    const struct weir_yaml *value)
{
	struct weir_item here = *item;
	struct weir_patterns ps;
	struct weir_expr **e;
	size_t i;

	here.line = value->line;
	if (weir_has(&item->mods, WEIR_MOD_RE))
		return dfa_expr(s, item, weir_sigma_regex(s, item, value));
	if (item->mods.set >> WEIR_MOD_CIDR & 0x1f) {
		weir_sigma_error(s, value->line, item->name, "is a string: %s",
				 weir_has(&item->mods, WEIR_MOD_CIDR)
					 ? "cidr is for fields of kind ip"
					 : "lt, lte, gt and gte are for fields that are numbers");
		return NULL;
	}
	if (weir_sigma_patterns(s, item, value, &ps))
		return NULL;
	e = weir_arena_get(weir_sigma_arena(s), ps.n, sizeof(*e));
	for (i = 0; i < ps.n; i++) {
		e[i] = pattern_expr(s, &here, &ps.p[i]);
		if (!e[i])
			return NULL;
	}
	return weir_program_join(&s->program, WEIR_EXPR_OR, e, ps.n);
}
