// SPDX-License-Identifier: GPL-2.0
/* Regular expressions to syntax trees. */
#include <string.h>

#include "regex_internal.h"

static int no_memory(const struct weir_re_parser *ps)
{
	return weir_re_fail(ps->e, WEIR_RE_NONE, "no memory");
}

static int at_end(const struct weir_re_parser *ps)
{
	return ps->pos == ps->n;
}

static int looking_at(const struct weir_re_parser *ps, const char *text)
{
	size_t len = strlen(text);

	return ps->n - ps->pos >= len && !memcmp(ps->p + ps->pos, text, len);
}

static int flag_bit(unsigned int c)
{
	switch (c) {
	case 'i':
		return WEIR_RE_ICASE;
	case 'm':
		return WEIR_RE_MULTI;
	case 's':
		return WEIR_RE_DOTALL;
	default:
		return 0;
	}
}

/* (?i-s: or (?i) behind its question mark: sets the parser's flags, stops at the : or ). */
static int parse_flags(struct weir_re_parser *ps)
{
	unsigned int c, flags = ps->flags;
	int off = 0;

	for (; !at_end(ps); ps->pos++) {
		c = ps->p[ps->pos];
		if (c == ':' || c == ')') {
			ps->flags = flags;
			return 0;
		}
		if (c == '-' && !off)
			off = 1;
		else if (!flag_bit(c))
			return weir_re_fail(ps->e, ps->pos, "only the flags i, m and s are known");
		else if (off)
			flags &= ~(unsigned int)flag_bit(c);
		else
			flags |= (unsigned int)flag_bit(c);
	}
	return weir_re_fail(ps->e, ps->pos - 1, "a ( without its )");
}

static int skip_name(struct weir_re_parser *ps, unsigned int end)
{
	uint32_t at = ps->pos;

	while (!at_end(ps) && ps->p[ps->pos] != end)
		ps->pos++;
	if (at_end(ps) || ps->pos == at)
		return weir_re_fail(ps->e, at, "a group name without its end");
	ps->pos++;
	return 0;
}

static const struct {
	const char *text, *what;
} refused_groups[] = {
	{ "=", "look-ahead is not supported" },
	{ "!", "look-ahead is not supported" },
	{ "<=", "look-behind is not supported" },
	{ "<!", "look-behind is not supported" },
	{ "*", "look-around is not supported" },
	{ ">", "atomic groups are not supported" },
	{ "|", "branch reset groups are not supported" },
	{ "(", "conditional groups are not supported" },
	{ "R", "recursion is not supported" },
	{ "&", "recursion is not supported" },
	{ "+", "recursion is not supported" },
	{ "P>", "recursion is not supported" },
	{ "P=", "back references are not supported" },
	{ "C", "callouts are not supported" },
};

static int refused_group(const struct weir_re_parser *ps)
{
	size_t i;

	if (!at_end(ps) && ps->p[ps->pos] >= '0' && ps->p[ps->pos] <= '9')
		return weir_re_fail(ps->e, ps->pos - 2, "recursion is not supported");
	for (i = 0; i < sizeof(refused_groups) / sizeof(refused_groups[0]); i++)
		if (looking_at(ps, refused_groups[i].text))
			return weir_re_fail(ps->e, ps->pos - 2, "%s", refused_groups[i].what);
	return 0;
}

/* Behind the opening (?: 1 if a group's body follows, 0 if all was read, -1 on failure. */
static int group_head(struct weir_re_parser *ps)
{
	if (refused_group(ps))
		return -1;
	if (looking_at(ps, "#"))
		return skip_name(ps, ')') ? -1 : 0;
	if (looking_at(ps, "P<") || looking_at(ps, "<")) {
		ps->pos += looking_at(ps, "<") ? 1 : 2;
		return skip_name(ps, '>') ? -1 : 1;
	}
	if (looking_at(ps, "'")) {
		ps->pos++;
		return skip_name(ps, '\'') ? -1 : 1;
	}
	if (parse_flags(ps))
		return -1;
	return ps->p[ps->pos++] == ':';
}

static int parse_alternatives(struct weir_re_parser *ps, uint32_t *node);

/* Behind the opening bracket. *node stays NONE if nothing is there to match, as in (?i). */
static int parse_group(struct weir_re_parser *ps, uint32_t *node)
{
	uint32_t open = ps->pos - 1;
	unsigned int outer = ps->flags;
	int body = 1;

	if (looking_at(ps, "*"))
		return weir_re_fail(ps->e, open, "(*VERB) is not supported");
	if (looking_at(ps, "?")) {
		ps->pos++;
		body = group_head(ps);
		if (body <= 0)
			return body;
	}
	if (++ps->depth > WEIR_RE_DEPTH_MAX)
		return weir_re_fail(ps->e, open, "more than %u groups inside each other",
				    WEIR_RE_DEPTH_MAX);
	if (parse_alternatives(ps, node))
		return -1;
	if (at_end(ps))
		return weir_re_fail(ps->e, open, "a ( without its )");
	ps->pos++;
	ps->depth--;
	ps->flags = outer;
	return 0;
}

static int assertion(const struct weir_re_parser *ps, uint32_t which, uint32_t *node)
{
	*node = weir_re_node(ps->t, WEIR_RE_ASSERT, which);
	return *node == WEIR_RE_NONE ? no_memory(ps) : 0;
}

static int assertion_escape(unsigned int c, uint32_t *which)
{
	switch (c) {
	case 'A':
		*which = WEIR_RE_TEXT_START;
		return 1;
	case 'z':
		*which = WEIR_RE_TEXT_END;
		return 1;
	case 'Z':
		*which = WEIR_RE_LAST_LINE_END;
		return 1;
	case 'b':
		*which = WEIR_RE_WORD;
		return 1;
	case 'B':
		*which = WEIR_RE_NOT_WORD;
		return 1;
	default:
		return 0;
	}
}

static int is_assertion(const struct weir_re_parser *ps, uint32_t node)
{
	return ps->t->node[node].kind == WEIR_RE_ASSERT;
}

/* Behind the backslash. */
static int parse_escape(struct weir_re_parser *ps, uint32_t *node)
{
	struct weir_re_set s;
	unsigned int c;
	uint32_t which;

	if (!at_end(ps) && assertion_escape(ps->p[ps->pos], &which)) {
		ps->pos++;
		return assertion(ps, which, node);
	}
	if (!at_end(ps) && !weir_re_set_type((char)ps->p[ps->pos], &s)) {
		ps->pos++;
		*node = weir_re_node_set(ps->t, &s);
	} else {
		if (weir_re_parse_char_escape(ps, &c))
			return -1;
		*node = weir_re_node_byte(ps->t, c, ps->flags & WEIR_RE_ICASE);
	}
	return *node == WEIR_RE_NONE ? no_memory(ps) : 0;
}

static int parse_dot(const struct weir_re_parser *ps, uint32_t *node)
{
	struct weir_re_set s = { { 0 } };

	if (!(ps->flags & WEIR_RE_DOTALL))
		weir_re_set_add(&s, '\n');
	weir_re_set_not(&s);
	*node = weir_re_node_set(ps->t, &s);
	return *node == WEIR_RE_NONE ? no_memory(ps) : 0;
}

static int parse_literal(struct weir_re_parser *ps, uint32_t *node)
{
	uint32_t n = weir_re_utf8(ps);

	if (n > 1)
		*node = weir_re_node_utf8(ps, n);
	else
		*node = weir_re_node_byte(ps->t, ps->p[ps->pos++], ps->flags & WEIR_RE_ICASE);
	return *node == WEIR_RE_NONE ? no_memory(ps) : 0;
}

static int parse_atom(struct weir_re_parser *ps, uint32_t *node)
{
	unsigned int c = ps->p[ps->pos];
	int multi = ps->flags & WEIR_RE_MULTI;

	if (!strchr("\\[(.^$*+?", (int)c) || !c)
		return parse_literal(ps, node);
	ps->pos++;
	switch (c) {
	case '\\':
		return parse_escape(ps, node);
	case '[':
		return weir_re_parse_class(ps, node);
	case '(':
		return parse_group(ps, node);
	case '.':
		return parse_dot(ps, node);
	case '^':
		return assertion(ps, multi ? WEIR_RE_LINE_START : WEIR_RE_TEXT_START, node);
	case '$':
		return assertion(ps, multi ? WEIR_RE_LINE_END : WEIR_RE_LAST_LINE_END, node);
	default:
		return weir_re_fail(ps->e, ps->pos - 1, "nothing to repeat before %c", c);
	}
}

/* A decimal number at @i: its end, or @i if there is none. Saturates. */
static uint32_t number(const struct weir_re_parser *ps, uint32_t i, uint32_t *v)
{
	*v = 0;
	for (; i < ps->n && ps->p[i] >= '0' && ps->p[i] <= '9'; i++)
		if (*v <= WEIR_RE_REPEAT_MAX)
			*v = *v * 10 + ps->p[i] - '0';
	return i;
}

/* {n}, {n,} or {n,m} at the position: 1 and skipped, 0 if it is a literal brace, -1 on failure. */
static int parse_braces(struct weir_re_parser *ps, uint32_t *min, uint32_t *max)
{
	uint32_t open = ps->pos, i, j;

	i = number(ps, open + 1, min);
	*max = *min;
	if (i < ps->n && ps->p[i] == ',') {
		j = number(ps, i + 1, max);
		if (i == open + 1 && j > i + 1 && j < ps->n && ps->p[j] == '}')
			return weir_re_fail(ps->e, open, "{,m} is ambiguous: write {0,m}");
		if (j == i + 1)
			*max = WEIR_RE_INF;
		if (i != open + 1)
			i = j;
	}
	if (i == open + 1 || i == ps->n || ps->p[i] != '}')
		return 0;
	if (*min > WEIR_RE_REPEAT_MAX || (*max > WEIR_RE_REPEAT_MAX && *max != WEIR_RE_INF))
		return weir_re_fail(ps->e, open, "more than %u repetitions", WEIR_RE_REPEAT_MAX);
	if (*max < *min)
		return weir_re_fail(ps->e, open, "a repetition whose end is before its start");
	ps->pos = i + 1;
	return 1;
}

/* 1 if there is a quantifier, 0 if there is none, -1 on failure. */
static int parse_quantifier(struct weir_re_parser *ps, uint32_t *min, uint32_t *max)
{
	unsigned int c = at_end(ps) ? 0 : ps->p[ps->pos];
	int found = 1;

	*min = c == '+';
	*max = c == '?' ? 1 : WEIR_RE_INF;
	if (c == '{')
		found = parse_braces(ps, min, max);
	else if (c == '*' || c == '+' || c == '?')
		ps->pos++;
	else
		found = 0;
	if (found != 1 || at_end(ps))
		return found;
	if (ps->p[ps->pos] == '+')
		return weir_re_fail(ps->e, ps->pos, "possessive quantifiers are not supported");
	/* Lazy or greedy, the same inputs match. */
	if (ps->p[ps->pos] == '?')
		ps->pos++;
	return 1;
}

/* An atom and what repeats it. *node stays NONE if it was only a flag or a comment. */
static int parse_item(struct weir_re_parser *ps, uint32_t *node)
{
	uint32_t at, min, max, rep;
	int r;

	*node = WEIR_RE_NONE;
	if (parse_atom(ps, node))
		return -1;
	at = ps->pos;
	r = parse_quantifier(ps, &min, &max);
	if (r <= 0)
		return r;
	if (*node == WEIR_RE_NONE || is_assertion(ps, *node))
		return weir_re_fail(ps->e, at, "nothing to repeat before %c", ps->p[at]);
	rep = weir_re_node(ps->t, WEIR_RE_REPEAT, 0);
	if (rep == WEIR_RE_NONE)
		return no_memory(ps);
	ps->t->node[rep].min = min;
	ps->t->node[rep].max = max;
	weir_re_adopt(ps->t, rep, *node);
	*node = rep;
	return 0;
}

static int parse_sequence(struct weir_re_parser *ps, uint32_t *node)
{
	uint32_t item;

	*node = weir_re_node(ps->t, WEIR_RE_CAT, 0);
	if (*node == WEIR_RE_NONE)
		return no_memory(ps);
	while (!at_end(ps) && ps->p[ps->pos] != '|' && ps->p[ps->pos] != ')') {
		if (parse_item(ps, &item))
			return -1;
		if (item != WEIR_RE_NONE)
			weir_re_adopt(ps->t, *node, item);
	}
	return 0;
}

static int parse_alternatives(struct weir_re_parser *ps, uint32_t *node)
{
	uint32_t branch;

	*node = weir_re_node(ps->t, WEIR_RE_ALT, 0);
	if (*node == WEIR_RE_NONE)
		return no_memory(ps);
	for (;;) {
		if (parse_sequence(ps, &branch))
			return -1;
		weir_re_adopt(ps->t, *node, branch);
		if (at_end(ps) || ps->p[ps->pos] != '|')
			return 0;
		ps->pos++;
	}
}

int weir_re_parse(struct weir_re_parser *ps, uint32_t *root)
{
	if (parse_alternatives(ps, root))
		return -1;
	if (!at_end(ps))
		return weir_re_fail(ps->e, ps->pos, "a ) without its (");
	return 0;
}
