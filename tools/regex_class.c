// SPDX-License-Identifier: GPL-2.0
/* Bracket expressions and the escapes that stand for one byte. */
#include <string.h>

#include "regex_internal.h"

static int hex_digit(unsigned int c)
{
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (int)(c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (int)(c - 'A' + 10);
	return -1;
}

static int braced_hex(struct weir_re_parser *ps, unsigned int *byte)
{
	uint32_t at = ps->pos - 2;
	unsigned int v = 0, digits = 0;

	for (ps->pos++; ps->pos < ps->n && hex_digit(ps->p[ps->pos]) >= 0; ps->pos++) {
		v = v * 16 + (unsigned int)hex_digit(ps->p[ps->pos]);
		digits++;
		if (v > 0xff)
			return weir_re_fail(ps->e, at,
					    "\\x{...} above ff: write the bytes of its UTF-8 form");
	}
	if (!digits || ps->pos == ps->n || ps->p[ps->pos] != '}')
		return weir_re_fail(ps->e, at, "\\x{ without hexadecimal digits and a }");
	ps->pos++;
	*byte = v;
	return 0;
}

static int plain_hex(struct weir_re_parser *ps, unsigned int *byte)
{
	unsigned int v = 0, digits = 0;

	while (digits < 2 && ps->pos < ps->n && hex_digit(ps->p[ps->pos]) >= 0) {
		v = v * 16 + (unsigned int)hex_digit(ps->p[ps->pos++]);
		digits++;
	}
	if (!digits)
		return weir_re_fail(ps->e, ps->pos - 2, "\\x without hexadecimal digits");
	*byte = v;
	return 0;
}

static unsigned int octal(struct weir_re_parser *ps)
{
	unsigned int v = 0, digits = 0;

	while (digits < 2 && ps->pos < ps->n && ps->p[ps->pos] >= '0' && ps->p[ps->pos] <= '7') {
		v = v * 8 + ps->p[ps->pos++] - '0';
		digits++;
	}
	return v;
}

static int refused_escape(const struct weir_re_parser *ps, unsigned int c)
{
	uint32_t at = ps->pos - 2;

	if ((c >= '1' && c <= '9') || c == 'g' || c == 'k')
		return weir_re_fail(ps->e, at, "back references are not supported");
	if (c == 'p' || c == 'P' || c == 'X')
		return weir_re_fail(ps->e, at, "\\%c: Unicode properties are not supported", c);
	return weir_re_fail(ps->e, at, "\\%c is not supported here", c);
}

int weir_re_parse_char_escape(struct weir_re_parser *ps, unsigned int *byte)
{
	static const char from[] = "tnrfae", to[] = "\t\n\r\f\a\033";
	const char *known;
	unsigned int c;

	if (ps->pos == ps->n)
		return weir_re_fail(ps->e, ps->pos - 1, "a backslash at the end of the pattern");
	c = ps->p[ps->pos++];
	known = c ? strchr(from, (int)c) : NULL;
	if (known) {
		*byte = (unsigned char)to[known - from];
		return 0;
	}
	if (c == 'x')
		return ps->pos < ps->n && ps->p[ps->pos] == '{' ? braced_hex(ps, byte)
								: plain_hex(ps, byte);
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '1' && c <= '9'))
		return refused_escape(ps, c);
	*byte = c == '0' ? octal(ps) : c;
	return 0;
}

/* One member of a class: a byte, a set, or a character of several bytes. */
enum member_kind { MEMBER_BYTE, MEMBER_SET, MEMBER_CHAR };

struct member {
	enum member_kind kind;
	unsigned int byte;
	struct weir_re_set set;
	uint32_t node; /* MEMBER_CHAR */
};

/* [:alpha:], positioned at its bracket; 1 if it is none. */
static int posix_member(struct weir_re_parser *ps, struct member *m)
{
	const uint8_t *name = ps->p + ps->pos + 2;
	uint32_t left = ps->n - ps->pos, len = 0;
	int negated;

	if (left < 4 || !strchr(":.=", ps->p[ps->pos + 1]) || !ps->p[ps->pos + 1])
		return 1;
	while (len + 3 < left && (name[len] == '^' || (name[len] >= 'a' && name[len] <= 'z')))
		len++;
	if (name[len] != ps->p[ps->pos + 1] || len + 3 >= left || name[len + 1] != ']')
		return 1;
	if (ps->p[ps->pos + 1] != ':')
		return weir_re_fail(ps->e, ps->pos, "collating elements are not supported");
	negated = len && name[0] == '^';
	if (weir_re_set_posix((const char *)name + negated, len - (uint32_t)negated, &m->set))
		return weir_re_fail(ps->e, ps->pos, "an unknown POSIX class name");
	if (ps->flags & WEIR_RE_ICASE)
		weir_re_set_fold(&m->set);
	if (negated)
		weir_re_set_not(&m->set);
	ps->pos += len + 4;
	m->kind = MEMBER_SET;
	return 0;
}

static int escape_member(struct weir_re_parser *ps, struct member *m)
{
	ps->pos++;
	if (ps->pos < ps->n && ps->p[ps->pos] != 'N' &&
	    !weir_re_set_type((char)ps->p[ps->pos], &m->set)) {
		ps->pos++;
		m->kind = MEMBER_SET;
		return 0;
	}
	m->kind = MEMBER_BYTE;
	if (ps->pos < ps->n && ps->p[ps->pos] == 'b') {
		ps->pos++;
		m->byte = '\b';
		return 0;
	}
	return weir_re_parse_char_escape(ps, &m->byte);
}

static int next_member(struct weir_re_parser *ps, struct member *m)
{
	uint32_t len;
	int r;

	memset(m, 0, sizeof(*m));
	if (ps->p[ps->pos] == '[') {
		r = posix_member(ps, m);
		if (r <= 0)
			return r;
	}
	if (ps->p[ps->pos] == '\\')
		return escape_member(ps, m);
	len = weir_re_utf8(ps);
	if (len > 1) {
		m->kind = MEMBER_CHAR;
		m->node = weir_re_node_utf8(ps, len);
		return m->node == WEIR_RE_NONE ? weir_re_fail(ps->e, WEIR_RE_NONE, "no memory") : 0;
	}
	m->kind = MEMBER_BYTE;
	m->byte = ps->p[ps->pos++];
	return 0;
}

/* The rest of lo-hi; positioned behind the hyphen. */
static int range_end(struct weir_re_parser *ps, const struct member *lo, uint32_t at,
		     struct weir_re_set *s)
{
	struct member hi;

	if (next_member(ps, &hi))
		return -1;
	if (lo->kind == MEMBER_CHAR || hi.kind == MEMBER_CHAR)
		return weir_re_fail(ps->e, at, "a range of characters beyond ASCII");
	if (lo->kind == MEMBER_SET || hi.kind == MEMBER_SET)
		return weir_re_fail(ps->e, at,
				    "a range with a class at one end: write \\- for a hyphen");
	if (lo->byte > hi.byte)
		return weir_re_fail(ps->e, at, "a range whose end is before its start");
	weir_re_set_range(s, lo->byte, hi.byte);
	return 0;
}

struct bracket {
	struct weir_re_set set;
	uint32_t chars; /* ALT of the characters of several bytes */
	uint32_t nchars;
	int negated;
};

static int class_member(struct weir_re_parser *ps, struct bracket *c)
{
	uint32_t at = ps->pos;
	struct member m;

	if (next_member(ps, &m))
		return -1;
	if (ps->n - ps->pos >= 2 && ps->p[ps->pos] == '-' && ps->p[ps->pos + 1] != ']') {
		ps->pos++;
		return range_end(ps, &m, at, &c->set);
	}
	if (m.kind == MEMBER_CHAR) {
		if (c->negated)
			return weir_re_fail(ps->e, at,
					    "a negated class with a character beyond ASCII");
		c->nchars++;
		weir_re_adopt(ps->t, c->chars, m.node);
	} else if (m.kind == MEMBER_SET) {
		weir_re_set_union(&c->set, &m.set);
	} else {
		weir_re_set_add(&c->set, m.byte);
	}
	return 0;
}

int weir_re_parse_class(struct weir_re_parser *ps, uint32_t *node)
{
	uint32_t open = ps->pos - 1, first;
	struct bracket c = { { { 0 } }, 0, 0, 0 };

	c.chars = weir_re_node(ps->t, WEIR_RE_ALT, 0);
	if (c.chars == WEIR_RE_NONE)
		return weir_re_fail(ps->e, WEIR_RE_NONE, "no memory");
	c.negated = ps->pos < ps->n && ps->p[ps->pos] == '^';
	ps->pos += (uint32_t)c.negated;
	first = ps->pos;
	while (ps->pos < ps->n && (ps->pos == first || ps->p[ps->pos] != ']'))
		if (class_member(ps, &c))
			return -1;
	if (ps->pos >= ps->n)
		return weir_re_fail(ps->e, open, "a [ without its ]");
	ps->pos++;
	if (ps->flags & WEIR_RE_ICASE)
		weir_re_set_fold(&c.set);
	if (c.negated)
		weir_re_set_not(&c.set);
	*node = weir_re_node_set(ps->t, &c.set);
	if (*node == WEIR_RE_NONE)
		return weir_re_fail(ps->e, WEIR_RE_NONE, "no memory");
	if (c.nchars) {
		weir_re_adopt(ps->t, c.chars, *node);
		*node = c.chars;
	}
	return 0;
}
