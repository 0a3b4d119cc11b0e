// SPDX-License-Identifier: GPL-2.0
/* The syntax tree of a regular expression, and messages about it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regex_internal.h"

int weir_re_fail(const struct weir_re_err *e, uint32_t pos, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (pos == WEIR_RE_NONE)
		snprintf(e->buf, e->len, "%s", text);
	else
		snprintf(e->buf, e->len, "at byte %u of the pattern: %s", pos + 1, text);
	return -1;
}

int weir_re_grow(void *array, uint32_t *cap, uint32_t n, size_t size)
{
	uint32_t more = *cap ? *cap * 2 : 64;
	void *p;

	if (n < *cap)
		return 0;
	memcpy(&p, array, sizeof(p));
	p = realloc(p, more * size);
	if (!p)
		return -1;
	memcpy(array, &p, sizeof(p));
	*cap = more;
	return 0;
}

uint32_t weir_re_node(struct weir_re_tree *t, uint32_t kind, uint32_t arg)
{
	struct weir_re_node *n;

	if (weir_re_grow(&t->node, &t->cap_nodes, t->nnodes, sizeof(*t->node)))
		return WEIR_RE_NONE;
	n = &t->node[t->nnodes];
	n->kind = kind;
	n->arg = arg;
	n->min = 0;
	n->max = 0;
	n->child = WEIR_RE_NONE;
	n->sibling = WEIR_RE_NONE;
	return t->nnodes++;
}

uint32_t weir_re_node_set(struct weir_re_tree *t, const struct weir_re_set *s)
{
	uint32_t i;

	for (i = 0; i < t->nsets; i++)
		if (!memcmp(&t->set[i], s, sizeof(*s)))
			return weir_re_node(t, WEIR_RE_SET, i);
	if (weir_re_grow(&t->set, &t->cap_sets, t->nsets, sizeof(*t->set)))
		return WEIR_RE_NONE;
	t->set[t->nsets] = *s;
	return weir_re_node(t, WEIR_RE_SET, t->nsets++);
}

uint32_t weir_re_node_byte(struct weir_re_tree *t, unsigned int c, int fold)
{
	struct weir_re_set s = { { 0 } };

	weir_re_set_add(&s, c);
	if (fold)
		weir_re_set_fold(&s);
	return weir_re_node_set(t, &s);
}

void weir_re_adopt(struct weir_re_tree *t, uint32_t parent, uint32_t child)
{
	t->node[child].sibling = t->node[parent].child;
	t->node[parent].child = child;
}

void weir_re_tree_free(struct weir_re_tree *t)
{
	free(t->node);
	free(t->set);
}

static uint32_t utf8_length(uint8_t lead)
{
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	if (lead >= 0xf0 && lead <= 0xf4)
		return 4;
	return 1;
}

uint32_t weir_re_utf8(const struct weir_re_parser *ps)
{
	uint32_t left = ps->n - ps->pos, n, i;

	if (!left)
		return 0;
	n = utf8_length(ps->p[ps->pos]);
	if (n > left)
		return 1;
	for (i = 1; i < n; i++)
		if ((ps->p[ps->pos + i] & 0xc0) != 0x80)
			return 1;
	return n;
}

uint32_t weir_re_node_utf8(struct weir_re_parser *ps, uint32_t n)
{
	uint32_t seq = weir_re_node(ps->t, WEIR_RE_CAT, 0);
	uint32_t i, byte;

	if (seq == WEIR_RE_NONE)
		return WEIR_RE_NONE;
	for (i = 0; i < n; i++) {
		byte = weir_re_node_byte(ps->t, ps->p[ps->pos + i], 0);
		if (byte == WEIR_RE_NONE)
			return WEIR_RE_NONE;
		weir_re_adopt(ps->t, seq, byte);
	}
	ps->pos += n;
	return seq;
}
