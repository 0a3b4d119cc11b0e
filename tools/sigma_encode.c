// SPDX-License-Identifier: GPL-2.0
/* The modifiers that encode: base64, base64offset, utf16 and its kin. */
#include <openssl/evp.h>
#include <string.h>

#include "sigma_pattern.h"

static int fail(struct weir_patterns *ps, const char *text)
{
	ps->error = text;
	return -1;
}

static struct weir_pattern literal(struct weir_arena *a, const unsigned char *s, size_t n)
{
	struct weir_pattern p = { weir_arena_get(a, n, sizeof(*p.item)), n };
	size_t i;

	for (i = 0; i < n; i++) {
		p.item[i].kind = WEIR_GLOB_BYTE;
		p.item[i].byte = s[i];
	}
	return p;
}

/* Base64 of a pattern without wildcards, behind some spaces. */
static unsigned char *encode(struct weir_patterns *ps, const struct weir_pattern *p, size_t spaces,
			     size_t *len)
{
	unsigned char *in = weir_arena_get(ps->arena, p->n + spaces, 1);
	unsigned char *out = weir_arena_get(ps->arena, (p->n + spaces + 2) / 3 * 4 + 1, 1);
	size_t i;

	memset(in, ' ', spaces);
	for (i = 0; i < p->n; i++)
		in[spaces + i] = p->item[i].byte;
	*len = EVP_EncodeBlock(out, in, p->n + spaces);
	return out;
}

static int check_plain(struct weir_patterns *ps)
{
	size_t i, j;

	for (i = 0; i < ps->n; i++)
		for (j = 0; j < ps->p[i].n; j++)
			if (ps->p[i].item[j].kind != WEIR_GLOB_BYTE)
				return fail(ps, "a value with wildcards has no base64 form: escape "
						"them, and put contains, startswith or endswith "
						"after the base64 modifier");
	return 0;
}

int weir_pattern_base64(struct weir_patterns *ps)
{
	unsigned char *s;
	size_t i, len;

	if (check_plain(ps))
		return -1;
	for (i = 0; i < ps->n; i++) {
		s = encode(ps, &ps->p[i], 0, &len);
		ps->p[i] = literal(ps->arena, s, len);
	}
	return 0;
}

/* The characters that depend on nothing but the value, with it at each of three places. */
int weir_pattern_base64offset(struct weir_patterns *ps)
{
	static const size_t skip_front[3] = { 0, 2, 3 };
	static const size_t skip_back[3] = { 0, 3, 2 };
	struct weir_pattern *out = weir_arena_get(ps->arena, 3 * ps->n, sizeof(*out));
	size_t i, j, len, skip;
	unsigned char *s;

	if (check_plain(ps))
		return -1;
	for (i = 0; i < ps->n; i++) {
		for (j = 0; j < 3; j++) {
			s = encode(ps, &ps->p[i], j, &len);
			skip = skip_front[j] + skip_back[(ps->p[i].n + j) % 3];
			if (len <= skip)
				return fail(ps, "the value is too short for base64offset: at some "
						"offset nothing of it is left to match");
			out[3 * i + j] = literal(ps->arena, s + skip_front[j], len - skip);
		}
	}
	ps->p = out;
	ps->n *= 3;
	return 0;
}

/* One character of UTF-8 at item i; sets the bytes it takes; -1 if it is none. */
static long decode(const struct weir_pattern *p, size_t i, size_t *taken)
{
	unsigned int first = p->item[i].byte, n, j;
	long c;

	n = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
	if (!n || i + n > p->n)
		return -1;
	c = n == 1 ? first : first & (0x7f >> n);
	for (j = 1; j < n; j++) {
		if (p->item[i + j].kind != WEIR_GLOB_BYTE || (p->item[i + j].byte & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (p->item[i + j].byte & 0x3f);
	}
	*taken = n;
	return c;
}

static void put16(struct weir_pattern *p, unsigned int unit, int big)
{
	struct weir_glob_item *it = &p->item[p->n];

	it[0].kind = WEIR_GLOB_BYTE;
	it[1].kind = WEIR_GLOB_BYTE;
	it[0].byte = big ? unit >> 8 : unit;
	it[1].byte = big ? unit : unit >> 8;
	p->n += 2;
}

static int utf16_one(struct weir_patterns *ps, struct weir_pattern *p, int big, int mark)
{
	struct weir_pattern out = { weir_arena_get(ps->arena, 2 * p->n + 2, sizeof(*out.item)), 0 };
	size_t i = 0, taken;
	long c;

	if (mark)
		put16(&out, 0xfeff, big);
	while (i < p->n) {
		if (p->item[i].kind != WEIR_GLOB_BYTE) {
			out.item[out.n++] = p->item[i++];
			continue;
		}
		c = decode(p, i, &taken);
		if (c < 0)
			return fail(ps, "the value is not text any more: put the utf16 modifier "
					"before those that encode");
		if (c >= 0x10000) {
			put16(&out, 0xd800 + ((c - 0x10000) >> 10), big);
			put16(&out, 0xdc00 + ((c - 0x10000) & 0x3ff), big);
		} else {
			put16(&out, c, big);
		}
		i += taken;
	}
	*p = out;
	return 0;
}

static int utf16_all(struct weir_patterns *ps, int big, int mark)
{
	size_t i;

	for (i = 0; i < ps->n; i++)
		if (utf16_one(ps, &ps->p[i], big, mark))
			return -1;
	return 0;
}

int weir_pattern_utf16le(struct weir_patterns *ps)
{
	return utf16_all(ps, 0, 0);
}

int weir_pattern_utf16be(struct weir_patterns *ps)
{
	return utf16_all(ps, 1, 0);
}

int weir_pattern_utf16(struct weir_patterns *ps)
{
	return utf16_all(ps, 0, 1);
}
