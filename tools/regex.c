// SPDX-License-Identifier: GPL-2.0
/* From a pattern to a DFA: the order of the steps, and wildcard patterns as syntax trees. */
#include <stdlib.h>
#include <string.h>

#include "regex_internal.h"

static uint32_t any_byte(struct weir_re_tree *t)
{
	struct weir_re_set all = { { 0 } };

	weir_re_set_not(&all);
	return weir_re_node_set(t, &all);
}

/* Any run of bytes. */
static uint32_t any_run(struct weir_re_tree *t)
{
	uint32_t one = any_byte(t), rep;

	if (one == WEIR_RE_NONE)
		return WEIR_RE_NONE;
	rep = weir_re_node(t, WEIR_RE_REPEAT, 0);
	if (rep == WEIR_RE_NONE)
		return WEIR_RE_NONE;
	t->node[rep].max = WEIR_RE_INF;
	weir_re_adopt(t, rep, one);
	return rep;
}

/* Children of a CAT are in reverse order: adopt the first one last. */
static uint32_t surround(struct weir_re_tree *t, uint32_t root, int anchored)
{
	uint32_t seq = weir_re_node(t, WEIR_RE_CAT, 0), other;

	if (anchored)
		other = weir_re_node(t, WEIR_RE_ASSERT, WEIR_RE_TEXT_END);
	else
		other = any_run(t);
	if (seq == WEIR_RE_NONE || other == WEIR_RE_NONE)
		return WEIR_RE_NONE;
	weir_re_adopt(t, seq, anchored ? root : other);
	weir_re_adopt(t, seq, anchored ? other : root);
	return seq;
}

int weir_re_build(struct weir_re_tree *t, uint32_t root, int anchored, struct weir_dfa *out,
		  const struct weir_re_err *e)
{
	struct weir_re_nfa nfa;
	struct weir_re_raw raw;
	uint32_t pattern = root;
	int r = -1;

	memset(&nfa, 0, sizeof(nfa));
	memset(&raw, 0, sizeof(raw));
	root = surround(t, root, anchored);
	if (root == WEIR_RE_NONE)
		weir_re_fail(e, WEIR_RE_NONE, "no memory");
	else if (!weir_re_nfa(t, root, &nfa, e) && !weir_re_subsets(&nfa, &raw, e))
		r = weir_re_pack(&raw, out, e);
	if (!r && weir_re_need(t, pattern, out)) {
		weir_dfa_free(out);
		r = weir_re_fail(e, WEIR_RE_NONE, "no memory");
	}
	free(nfa.s);
	free(raw.next);
	free(raw.accept);
	return r;
}

int weir_regex_compile(const char *pattern, size_t len, unsigned int flags, struct weir_dfa *out,
		       char *err, size_t errlen)
{
	struct weir_re_tree t;
	struct weir_re_err e = { err, errlen };
	struct weir_re_parser ps;
	uint32_t root;
	int r = -1;

	memset(out, 0, sizeof(*out));
	if (len > WEIR_RE_PATTERN_MAX)
		return weir_re_fail(&e, WEIR_RE_NONE, "a pattern of more than %u bytes",
				    WEIR_RE_PATTERN_MAX);
	memset(&t, 0, sizeof(t));
	memset(&ps, 0, sizeof(ps));
	ps.p = (const uint8_t *)pattern;
	ps.n = (uint32_t)len;
	ps.flags = flags;
	ps.t = &t;
	ps.e = &e;
	if (!weir_re_parse(&ps, &root))
		r = weir_re_build(&t, root, 0, out, &e);
	weir_re_tree_free(&t);
	return r;
}

static uint32_t glob_node(struct weir_re_tree *t, const struct weir_glob_item *item, int cased)
{
	switch (item->kind) {
	case WEIR_GLOB_BYTE:
		return weir_re_node_byte(t, item->byte, !cased);
	case WEIR_GLOB_ONE:
		return any_byte(t);
	default:
		return any_run(t);
	}
}

int weir_glob_compile(const struct weir_glob_item *items, size_t n, int cased, struct weir_dfa *out,
		      char *err, size_t errlen)
{
	struct weir_re_err e = { err, errlen };
	struct weir_re_tree t;
	uint32_t root, node;
	size_t i;
	int r = -1;

	memset(out, 0, sizeof(*out));
	if (n > WEIR_RE_PATTERN_MAX)
		return weir_re_fail(&e, WEIR_RE_NONE, "a wildcard pattern of more than %u elements",
				    WEIR_RE_PATTERN_MAX);
	memset(&t, 0, sizeof(t));
	root = weir_re_node(&t, WEIR_RE_CAT, 0);
	for (i = 0; root != WEIR_RE_NONE && i < n; i++) {
		node = glob_node(&t, &items[i], cased);
		if (node == WEIR_RE_NONE)
			root = WEIR_RE_NONE;
		else
			weir_re_adopt(&t, root, node);
	}
	if (root == WEIR_RE_NONE)
		weir_re_fail(&e, WEIR_RE_NONE, "no memory");
	else
		r = weir_re_build(&t, root, 1, out, &e);
	weir_re_tree_free(&t);
	return r;
}

int weir_dfa_match(const struct weir_dfa *d, const uint8_t *s, size_t n)
{
	uint32_t at = d->start;
	size_t i;

	for (i = 0; i <= n && at < d->ncells; i++)
		at = d->next[at + (i < n ? d->map[s[i]] : d->nclasses - 1u)];
	return at == WEIR_DFA_ACCEPT;
}

void weir_dfa_free(struct weir_dfa *d)
{
	free(d->next);
	free(d->need);
	memset(d, 0, sizeof(*d));
}
