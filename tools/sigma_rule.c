// SPDX-License-Identifier: GPL-2.0
/* Rule files: each document's keys, log source, and what makes a rule of it. */
#include <stdarg.h>
#include <string.h>

#include "sigma.h"

static void note(struct weir_sigma *s, struct weir_problems *to, unsigned int line,
		 const char *field, const char *message)
{
	struct weir_arena *a = weir_sigma_arena(s);
	struct weir_problem *p;

	to->p = weir_arena_grow(a, to->p, to->n, sizeof(*to->p));
	p = &to->p[to->n++];
	memset(p, 0, sizeof(*p));
	p->where.file = s->file;
	p->where.line = line;
	p->where.rule = s->title;
	p->where.field = field && *field ? weir_arena_copy(a, field, strlen(field)) : NULL;
	p->message = message;
}

int weir_sigma_error(struct weir_sigma *s, unsigned int line, const char *field, const char *fmt,
		     ...)
{
	char text[4096];
	va_list ap;

	if (s->failed)
		return -1;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	note(s, &s->errors, line, field, weir_arena_copy(weir_sigma_arena(s), text, strlen(text)));
	s->failed = 1;
	return -1;
}

void weir_sigma_warning(struct weir_sigma *s, unsigned int line, const char *fmt, ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	note(s, &s->warnings, line, NULL, weir_arena_copy(weir_sigma_arena(s), text, strlen(text)));
}

static int take_title(struct weir_sigma *s, const struct weir_yaml *doc, struct weir_rule *rule)
{
	const struct weir_yaml *y = weir_yaml_get(doc, "title");

	if (!y || y->kind != WEIR_YAML_SCALAR || !y->len || strlen(y->text) != y->len)
		return weir_sigma_error(s, y ? y->line : doc->line, NULL,
					"a rule needs a \"title\" that is text");
	rule->title = weir_arena_copy(weir_sigma_arena(s), y->text, y->len);
	s->title = rule->title;
	if (y->len > WEIR_TITLE_MAX)
		return weir_sigma_error(s, y->line, NULL, "the title has more than %u bytes",
					WEIR_TITLE_MAX);
	return 0;
}

/* Kinds of documents that Sigma has beside rules, and ways of writing rules that it gave up. */
static int check_document(struct weir_sigma *s, const struct weir_yaml *doc)
{
	static const struct {
		const char *key, *reason;
	} others[] = {
		{ "correlation", "a correlation relates several events, which is not supported" },
		{ "filter", "a Sigma filter changes other rules, which is not supported" },
		{ "action", "rule collections with \"action\" are no longer part of Sigma: write "
			    "out each rule" },
	};
	const struct weir_yaml *y;
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		y = weir_yaml_get(doc, others[i].key);
		if (y)
			return weir_sigma_error(s, y->line, NULL, "%s", others[i].reason);
	}
	y = weir_yaml_get(doc, "taxonomy");
	if (y && !weir_yaml_is(y, "sigma"))
		return weir_sigma_error(s, y->line, NULL,
					"a taxonomy other than sigma: its fields are not known");
	return 0;
}

static int take_id(struct weir_sigma *s, const struct weir_yaml *doc, struct weir_rule *rule)
{
	const struct weir_yaml *y = weir_yaml_get(doc, "id");

	if (y && weir_sigma_uuid(y, rule->uuid))
		return weir_sigma_error(s, y->line, NULL, "\"id\" is not a UUID");
	if (!y && weir_sigma_title_uuid(rule->title, rule->uuid))
		return weir_sigma_error(s, rule->line, NULL,
					"no id can be made of the title here: SHA-1 is not to be "
					"had; give the rule an \"id\"");
	return 0;
}

static int take_level(struct weir_sigma *s, const struct weir_yaml *doc, struct weir_rule *rule)
{
	const struct weir_yaml *y = weir_yaml_get(doc, "level");
	int level;

	if (!y)
		return 0;
	level = weir_level_number(weir_yaml_word(y));
	if (level <= WEIR_LEVEL_NONE)
		return weir_sigma_error(s, y->line, NULL,
					"\"level\" is none of informational, low, medium, high, "
					"critical");
	rule->level = level;
	return 0;
}

static int take_date(struct weir_sigma *s, const struct weir_yaml *doc, const char *key,
		     struct weir_rule *rule)
{
	const struct weir_yaml *y = weir_yaml_get(doc, key);
	int64_t date;

	if (!y)
		return 0;
	date = weir_sigma_date(y);
	if (date < 0)
		return weir_sigma_error(s, y->line, NULL, "\"%s\" is not a date like 2024-01-31",
					key);
	if ((uint64_t)date > rule->date)
		rule->date = date;
	return 0;
}

static int check_source(struct weir_sigma *s, const struct weir_yaml *source)
{
	static const char *const known[] = { "category", "product", "service", "definition" };
	const struct weir_yaml *y;
	uint32_t i, j;

	for (i = 0; i < source->n; i++) {
		y = source->key[i];
		for (j = 0; j < 4 && !weir_yaml_is(y, known[j]); j++)
			;
		if (j == 4)
			return weir_sigma_error(s, y->line, NULL, "logsource: unknown key \"%s\"",
						y->text);
		if (source->item[i]->kind != WEIR_YAML_SCALAR)
			return weir_sigma_error(s, y->line, NULL, "logsource: \"%s\" is not text",
						y->text);
	}
	y = weir_yaml_get(source, "product");
	if (y && !s->any_source && !weir_yaml_is(y, "linux"))
		return weir_sigma_error(s, y->line, NULL,
					"logsource: product \"%s\" is not linux; --schema FILE "
					"accepts rules for others",
					y->text);
	y = weir_yaml_get(source, "service");
	if (y && !s->any_source)
		return weir_sigma_error(s, y->line, NULL,
					"logsource: service \"%s\" names a log that Weir does not "
					"read",
					y->text);
	return 0;
}

static int take_source(struct weir_sigma *s, const struct weir_yaml *doc, struct weir_rule *rule)
{
	const struct weir_yaml *source = weir_yaml_get(doc, "logsource");
	const struct weir_yaml *y = weir_yaml_get(source, "category");

	if (!source || source->kind != WEIR_YAML_MAP)
		return weir_sigma_error(s, source ? source->line : doc->line, NULL,
					"a rule needs a \"logsource\" that is a map");
	if (check_source(s, source))
		return -1;
	if (!y)
		return weir_sigma_error(s, source->line, NULL,
					"logsource: a \"category\" must name the Template Type");
	rule->type = weir_types_by_name(s->types, weir_yaml_word(y));
	if (!rule->type)
		return weir_sigma_error(s, y->line, NULL,
					"logsource: category \"%s\" is no Template Type (weirc "
					"schema lists them)",
					y->text);
	s->type = rule->type;
	return 0;
}

static int take_detection(struct weir_sigma *s, const struct weir_yaml *doc, struct weir_rule *rule)
{
	const struct weir_yaml *y = weir_yaml_get(doc, "detection");

	rule->expr = weir_sigma_detection(s, y, doc->line);
	if (!rule->expr)
		return -1;
	if (weir_program_nodes(&s->program, rule->expr, NULL, NULL, &rule->nodes))
		return weir_sigma_error(s, y->line, NULL,
					"the condition takes more than %u steps: split the rule",
					WEIR_NODES_MAX);
	return 0;
}

static int take_rule(struct weir_sigma *s, const struct weir_yaml *doc, struct weir_rule *rule)
{
	const struct weir_yaml *block;

	if (doc->kind != WEIR_YAML_MAP)
		return weir_sigma_error(s, doc->line, NULL, "the document is not a map: no rule");
	rule->file = s->file;
	rule->line = doc->line;
	rule->action = WEIR_VERDICT_ALERT;
	if (take_title(s, doc, rule) || check_document(s, doc) || take_id(s, doc, rule) ||
	    take_level(s, doc, rule) || take_date(s, doc, "date", rule) ||
	    take_date(s, doc, "modified", rule) || take_source(s, doc, rule) ||
	    take_detection(s, doc, rule))
		return -1;
	block = weir_yaml_get(doc, "weir");
	return block ? weir_sigma_block(s, block, rule) : 0;
}

static void take_document(struct weir_sigma *s, const struct weir_yaml *doc)
{
	struct weir_rule rule = { 0 };
	size_t warnings = s->warnings.n;

	s->title = NULL;
	s->failed = 0;
	s->budget = WEIR_PATTERN_BUDGET;
	s->ndfas = 0;
	if (take_rule(s, doc, &rule)) {
		s->warnings.n = warnings;
		return;
	}
	s->rule = weir_arena_grow(weir_sigma_arena(s), s->rule, s->nrules, sizeof(rule));
	s->rule[s->nrules++] = rule;
}

void weir_sigma_file(struct weir_sigma *s, const char *name, const struct weir_file *f)
{
	struct weir_yaml_docs docs;
	size_t i;

	s->file = name;
	s->title = NULL;
	s->failed = 0;
	weir_arena_clear(&s->yaml);
	if (weir_yaml_load(&s->yaml, f->p, f->n, &docs)) {
		weir_sigma_error(s, docs.line, NULL, "%s", docs.error);
		return;
	}
	if (!docs.n)
		weir_sigma_error(s, 1, NULL, "the file holds no rule");
	for (i = 0; i < docs.n; i++)
		take_document(s, docs.doc[i]);
}
