// SPDX-License-Identifier: GPL-2.0
/* Sets of bytes: ranges, complements, case, and the named ones. */
#include <string.h>

#include "regex_internal.h"

void weir_re_set_range(struct weir_re_set *s, unsigned int lo, unsigned int hi)
{
	unsigned int c;

	for (c = lo; c <= hi; c++)
		weir_re_set_add(s, c);
}

void weir_re_set_union(struct weir_re_set *s, const struct weir_re_set *o)
{
	int i;

	for (i = 0; i < 4; i++)
		s->w[i] |= o->w[i];
}

void weir_re_set_not(struct weir_re_set *s)
{
	int i;

	for (i = 0; i < 4; i++)
		s->w[i] = ~s->w[i];
}

void weir_re_set_fold(struct weir_re_set *s)
{
	unsigned int c;

	for (c = 'a'; c <= 'z'; c++) {
		if (weir_re_set_has(s, c))
			weir_re_set_add(s, c - 'a' + 'A');
		else if (weir_re_set_has(s, c - 'a' + 'A'))
			weir_re_set_add(s, c);
	}
}

/* Pairs of first and last byte, read two at a time. */
static void add_pairs(struct weir_re_set *s, const char *pairs, size_t n)
{
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		weir_re_set_range(s, (unsigned char)pairs[i], (unsigned char)pairs[i + 1]);
}

struct named_set {
	const char *name;
	const char *pairs;
	size_t n;
};

#define NAMED(name, pairs)                                                                         \
	{                                                                                          \
		name, pairs, sizeof(pairs) - 1                                                     \
	}

static const struct named_set types[] = {
	NAMED("d", "09"),   NAMED("s", "\t\r  "), NAMED("w", "09AZaz__"), NAMED("h", "\t\t  "),
	NAMED("v", "\n\r"), NAMED("n", "\n\n"), /* only as \N, its complement */
};

static const struct named_set posix[] = {
	NAMED("alpha", "AZaz"),
	NAMED("digit", "09"),
	NAMED("alnum", "09AZaz"),
	NAMED("upper", "AZ"),
	NAMED("lower", "az"),
	NAMED("space", "\t\r  "),
	NAMED("blank", "\t\t  "),
	NAMED("punct", "!/:@[`{~"),
	NAMED("xdigit", "09AFaf"),
	NAMED("word", "09AZaz__"),
	NAMED("cntrl", "\0\x1f\x7f\x7f"),
	NAMED("print", " ~"),
	NAMED("graph", "!~"),
	NAMED("ascii", "\0\x7f"),
};

int weir_re_set_type(char c, struct weir_re_set *out)
{
	int upper = c >= 'A' && c <= 'Z';
	char lower = upper ? (char)(c - 'A' + 'a') : c;
	size_t i;

	if (c == 'n')
		return -1;
	memset(out, 0, sizeof(*out));
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (types[i].name[0] != lower)
			continue;
		add_pairs(out, types[i].pairs, types[i].n);
		if (upper)
			weir_re_set_not(out);
		return 0;
	}
	return -1;
}

int weir_re_set_posix(const char *name, size_t len, struct weir_re_set *out)
{
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < sizeof(posix) / sizeof(posix[0]); i++) {
		if (strlen(posix[i].name) != len || memcmp(posix[i].name, name, len))
			continue;
		add_pairs(out, posix[i].pairs, posix[i].n);
		return 0;
	}
	return -1;
}
