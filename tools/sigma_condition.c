// SPDX-License-Identifier: GPL-2.0
/* Conditions: `and or not`, brackets, `1 of`, `any of`, `all of`, to an expression. */
#include <string.h>
#include <strings.h>

#include "sigma.h"

enum token { END, WORD, OPEN, CLOSE };

struct parser {
	struct weir_sigma *s;
	const struct weir_yaml *detection;
	struct weir_expr **made; /* of each search identifier, null until it is asked for */
	unsigned int line;
	const char *at, *end; /* what is still to be read */
	enum token token; /* the one at hand */
	const char *word;
	size_t len;
	unsigned int ntokens, depth;
};

static struct weir_expr *fail(struct parser *p, const char *text)
{
	weir_sigma_error(p->s, p->line, NULL, "condition: %s", text);
	return NULL;
}

static int is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int advance(struct parser *p)
{
	while (p->at < p->end && is_space(*p->at))
		p->at++;
	p->word = p->at;
	p->len = 1;
	if (++p->ntokens > WEIR_CONDITION_TOKENS_MAX) {
		fail(p, "more than 1024 words");
		return -1;
	}
	if (p->at == p->end) {
		p->token = END;
	} else if (*p->at == '(' || *p->at == ')') {
		p->token = *p->at++ == '(' ? OPEN : CLOSE;
	} else {
		p->token = WORD;
		while (p->at < p->end && !is_space(*p->at) && *p->at != '(' && *p->at != ')')
			p->at++;
		p->len = p->at - p->word;
	}
	return 0;
}

static int is_word(const struct parser *p, const char *lower, const char *upper)
{
	return p->token == WORD && p->len == strlen(lower) &&
	       (!memcmp(p->word, lower, p->len) || !memcmp(p->word, upper, p->len));
}

/* Search identifiers are all keys of the detection but these. */
static int is_identifier(const struct weir_yaml *key)
{
	return !weir_yaml_is(key, "condition") && !weir_yaml_is(key, "timeframe");
}

static struct weir_expr *identifier(struct parser *p, uint32_t i)
{
	if (!p->made[i])
		p->made[i] = weir_sigma_selection(p->s, p->detection->item[i]);
	return p->made[i];
}

static struct weir_expr *named(struct parser *p)
{
	const struct weir_yaml *d = p->detection;
	uint32_t i;

	for (i = 0; i < d->n; i++)
		if (is_identifier(d->key[i]) && d->key[i]->len == p->len &&
		    !memcmp(d->key[i]->text, p->word, p->len))
			return identifier(p, i);
	weir_sigma_error(p->s, p->line, NULL, "condition: there is no search identifier \"%.*s\"",
			 (int)p->len, p->word);
	return NULL;
}

/* A name against a pattern with `*`. Remembering the last star suffices. */
static int fits(const char *name, size_t n, const char *pattern, size_t m)
{
	size_t i = 0, j = 0, star = m, mark = 0;

	while (i < n) {
		if (j < m && pattern[j] == '*') {
			star = j++;
			mark = i;
		} else if (j < m && pattern[j] == name[i]) {
			i++;
			j++;
		} else if (star < m) {
			j = star + 1;
			i = ++mark;
		} else {
			return 0;
		}
	}
	while (j < m && pattern[j] == '*')
		j++;
	return j == m;
}

/* Behind `1 of` or `all of`: `them` or a pattern. Names that begin with _ are never meant. */
static struct weir_expr *quantified(struct parser *p, enum weir_expr_op op)
{
	const struct weir_yaml *d = p->detection;
	int them = is_word(p, "them", "THEM");
	struct weir_expr **e;
	size_t n = 0;
	uint32_t i;

	e = weir_arena_get(weir_sigma_arena(p->s), d->n, sizeof(*e));
	for (i = 0; i < d->n; i++) {
		if (!is_identifier(d->key[i]) || *d->key[i]->text == '_')
			continue;
		if (!them && !fits(d->key[i]->text, d->key[i]->len, p->word, p->len))
			continue;
		e[n] = identifier(p, i);
		if (!e[n++])
			return NULL;
	}
	if (!n) {
		weir_sigma_error(p->s, p->line, NULL,
				 "condition: no search identifier fits \"%.*s\"", (int)p->len,
				 p->word);
		return NULL;
	}
	return weir_program_join(&p->s->program, op, e, n);
}

static int all_digits(const struct parser *p)
{
	size_t i;

	for (i = 0; i < p->len; i++)
		if (p->word[i] < '0' || p->word[i] > '9')
			return 0;
	return p->token == WORD;
}

static struct weir_expr *parse_or(struct parser *p);

/* A name, or a quantifier if `of` follows. */
static struct weir_expr *parse_word(struct parser *p)
{
	int all = is_word(p, "all", "ALL");
	int one = is_word(p, "1", "1") || is_word(p, "any", "ANY");
	int number = all_digits(p);
	struct parser before = *p;
	struct weir_expr *e;

	if (advance(p))
		return NULL;
	if (!is_word(p, "of", "OF")) {
		e = named(&before);
		return e;
	}
	if (!all && !one)
		return fail(p, number ? "only \"1 of\", \"any of\" and \"all of\" are part of Sigma"
				      : "\"of\" stands behind 1, any or all");
	if (advance(p))
		return NULL;
	if (p->token != WORD)
		return fail(p, "\"of\" is followed by them or a pattern of names");
	e = quantified(p, all ? WEIR_EXPR_AND : WEIR_EXPR_OR);
	return e && !advance(p) ? e : NULL;
}

static struct weir_expr *parse_primary(struct parser *p)
{
	struct weir_expr *e;

	if (p->token == OPEN) {
		if (advance(p))
			return NULL;
		e = parse_or(p);
		if (e && p->token != CLOSE)
			return fail(p, "a bracket is not closed");
		return e && !advance(p) ? e : NULL;
	}
	if (p->token == END)
		return fail(p, "ends where a search identifier is expected");
	if (p->token == CLOSE)
		return fail(p, "a bracket is closed where a search identifier is expected");
	if (is_word(p, "and", "AND") || is_word(p, "or", "OR"))
		return fail(p, "\"and\" or \"or\" where a search identifier is expected");
	if (memchr(p->word, '|', p->len))
		return fail(p, "\"|\" begins an aggregation, which Sigma gave up for correlations; "
			       "neither is supported");
	return parse_word(p);
}

static struct weir_expr *parse_not(struct parser *p)
{
	struct weir_expr *e;

	if (p->depth == WEIR_CONDITION_DEPTH_MAX)
		return fail(p, "nested deeper than 64 levels");
	p->depth++;
	if (is_word(p, "not", "NOT")) {
		if (advance(p))
			return NULL;
		e = parse_not(p);
		e = e ? weir_program_not(&p->s->program, e) : NULL;
	} else {
		e = parse_primary(p);
	}
	p->depth--;
	return e;
}

static struct weir_expr *parse_and(struct parser *p)
{
	struct weir_expr **e = NULL;
	size_t n = 0;

	for (;;) {
		e = weir_arena_grow(weir_sigma_arena(p->s), e, n, sizeof(*e));
		e[n] = parse_not(p);
		if (!e[n++])
			return NULL;
		if (!is_word(p, "and", "AND"))
			break;
		if (advance(p))
			return NULL;
	}
	return weir_program_join(&p->s->program, WEIR_EXPR_AND, e, n);
}

static struct weir_expr *parse_or(struct parser *p)
{
	struct weir_expr **e = NULL;
	size_t n = 0;

	for (;;) {
		e = weir_arena_grow(weir_sigma_arena(p->s), e, n, sizeof(*e));
		e[n] = parse_and(p);
		if (!e[n++])
			return NULL;
		if (!is_word(p, "or", "OR"))
			break;
		if (advance(p))
			return NULL;
	}
	return weir_program_join(&p->s->program, WEIR_EXPR_OR, e, n);
}

static struct weir_expr *condition(struct parser *p, const struct weir_yaml *y)
{
	struct weir_expr *e;

	if (y->kind != WEIR_YAML_SCALAR) {
		weir_sigma_error(p->s, y->line, NULL, "a condition that is not text");
		return NULL;
	}
	p->line = y->line;
	p->at = y->text;
	p->end = y->text + y->len;
	p->ntokens = 0;
	p->depth = 0;
	if (advance(p))
		return NULL;
	e = parse_or(p);
	if (!e || p->token == END)
		return e;
	if (memchr(p->word, '|', p->len))
		return fail(p, "\"|\" begins an aggregation, which Sigma gave up for correlations; "
			       "neither is supported");
	weir_sigma_error(p->s, p->line, NULL,
			 "condition: \"%.*s\" where an operator or the end is expected",
			 (int)p->len, p->word);
	return NULL;
}

/* Several conditions are alternatives. */
static struct weir_expr *conditions(struct parser *p, const struct weir_yaml *y)
{
	struct weir_expr **e;
	uint32_t i;

	if (y->kind != WEIR_YAML_LIST)
		return condition(p, y);
	if (!y->n) {
		weir_sigma_error(p->s, y->line, NULL, "condition: an empty list");
		return NULL;
	}
	e = weir_arena_get(weir_sigma_arena(p->s), y->n, sizeof(*e));
	for (i = 0; i < y->n; i++) {
		e[i] = condition(p, y->item[i]);
		if (!e[i])
			return NULL;
	}
	return weir_program_join(&p->s->program, WEIR_EXPR_OR, e, y->n);
}

struct weir_expr *weir_sigma_detection(struct weir_sigma *s, const struct weir_yaml *detection,
				       unsigned int line)
{
	struct parser p = { .s = s, .detection = detection };
	const struct weir_yaml *y = weir_yaml_get(detection, "condition");
	struct weir_expr *e;
	uint32_t i;

	if (!detection || detection->kind != WEIR_YAML_MAP || !y) {
		weir_sigma_error(s, detection ? detection->line : line, NULL,
				 "\"detection\" is not a map with a \"condition\"");
		return NULL;
	}
	if (weir_yaml_get(detection, "timeframe")) {
		weir_sigma_error(s, weir_yaml_get(detection, "timeframe")->line, NULL,
				 "\"timeframe\" relates several events, which is not supported");
		return NULL;
	}
	p.made = weir_arena_get(weir_sigma_arena(s), detection->n, sizeof(struct weir_expr *));
	e = conditions(&p, y);
	for (i = 0; e && i < detection->n; i++)
		if (is_identifier(detection->key[i]) && !p.made[i])
			weir_sigma_warning(s, detection->key[i]->line,
					   "search identifier \"%s\" is not used by the condition",
					   detection->key[i]->text);
	return e;
}
