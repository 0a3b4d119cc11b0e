// SPDX-License-Identifier: GPL-2.0
/* Conditions in words, and what became of one. */
#include <stdlib.h>
#include <string.h>

#include "diff.h"

/* Parts that are neither here nor there are compared in pairs, unless that takes too long. */
#define PAIRS_MAX 0x100000u

/* Two files, what is said of them, and where. */
struct walk {
	const struct weir_conditions *old, *new;
	int print;
};

/* Parts of a condition, or a condition as its only part. */
struct parts {
	struct weir_condition *const *at;
	uint32_t n;
	uint32_t *with; /* which part of the other it is, or WEIR_NOWHERE */
};

static int walk(const struct walk *w, const struct weir_condition *a,
		const struct weir_condition *b, int neg, unsigned int depth);

static void start_line(char sign, unsigned int depth)
{
	printf("          %c %*s", sign, (int)(2 * depth), "");
}

static void put_criterion(const struct weir_conditions *cs, uint32_t crit)
{
	json_t *o = weir_describe_criterion(cs->c, crit);

	weir_print_criterion(o);
	json_decref(o);
	putchar('\n');
}

static void put_target(const char *word, uint32_t to)
{
	if (to == WEIR_ACCEPT || to == WEIR_REJECT)
		printf("%s %s", word, to == WEIR_ACCEPT ? "it matches" : "it does not");
	else
		printf("%s go to %u", word, to);
}

static void put_steps(const struct weir_conditions *cs, uint32_t i, char sign, unsigned int depth)
{
	uint32_t k, n = weir_branches(cs->c, i);
	struct weir_branch b;

	for (k = 0; k < n; k++) {
		b = weir_branch(cs->c, i, k);
		start_line(sign, depth);
		printf("%u: ", k);
		put_target("if so,", b.yes);
		put_target("; else", b.no);
		fputs(": ", stdout);
		put_criterion(cs, b.crit);
	}
}

static const char *kind_words(enum weir_condition_kind kind)
{
	static const char *const words[] = {
		[WEIR_COND_NOT] = "not",
		[WEIR_COND_ALL] = "all of",
		[WEIR_COND_ANY] = "any of",
		[WEIR_COND_STEPS] = "these steps from 0 on",
	};

	return words[kind];
}

static void put_kind(enum weir_condition_kind kind, char sign, unsigned int depth)
{
	start_line(sign, depth);
	puts(kind_words(kind));
}

static void put_tree(const struct weir_conditions *cs, const struct weir_condition *x, char sign,
		     unsigned int depth)
{
	uint32_t i;

	if (x->kind == WEIR_COND_TEST) {
		start_line(sign, depth);
		put_criterion(cs, x->crit);
		return;
	}
	put_kind(x->kind, sign, depth);
	if (x->kind == WEIR_COND_STEPS)
		put_steps(cs, x->instance, sign, depth + 1);
	for (i = 0; i < x->n; i++)
		put_tree(cs, x->part[i], sign, depth + 1);
}

void weir_condition_print(const struct weir_conditions *cs, const struct weir_condition *x)
{
	put_tree(cs, x, ' ', 0);
}

/* Under a "not" more is less. */
static int turned(int effect, int neg)
{
	return neg && effect && effect != (WEIR_DIFF_MORE | WEIR_DIFF_LESS)
		       ? effect ^ (WEIR_DIFF_MORE | WEIR_DIFF_LESS)
		       : effect;
}

static int replaced(const struct walk *w, const struct weir_condition *a,
		    const struct weir_condition *b, unsigned int depth)
{
	if (w->print) {
		put_tree(w->old, a, '-', depth);
		put_tree(w->new, b, '+', depth);
	}
	return WEIR_DIFF_MORE | WEIR_DIFF_LESS;
}

static struct weir_key *operand_keys(const struct weir_view *v, uint32_t crit)
{
	uint32_t k, n = weir_operands(v, crit);
	struct weir_key *keys = weir_alloc(n, sizeof(*keys));

	for (k = 0; k < n; k++)
		weir_operand_key(v, crit, k, &keys[k]);
	return keys;
}

/* Those operands that the other criterion lacks; returns how many. */
static uint32_t put_operands(const struct walk *w, const json_t *o, const uint32_t *with, char sign,
			     unsigned int depth)
{
	json_t *operands = json_object_get(o, "operands"), *v;
	uint32_t found = 0;
	size_t k;

	json_array_foreach(operands, k, v) {
		if (with[k] != WEIR_NOWHERE)
			continue;
		found++;
		if (!w->print)
			continue;
		start_line(sign, depth + 1);
		weir_print_value(v);
		putchar('\n');
	}
	return found;
}

static void put_question(const json_t *o, uint32_t same, unsigned int depth)
{
	start_line(' ', depth);
	printf("%s %s%s", json_string_value(json_object_get(o, "field")),
	       json_string_value(json_object_get(o, "op")),
	       json_is_true(json_object_get(o, "cased")) ? " (cased)" : "");
	if (same)
		printf(" one of %u as before, and", same);
	putchar('\n');
}

static uint32_t count_same(const uint32_t *with, uint32_t n)
{
	uint32_t k, same = 0;

	for (k = 0; k < n; k++)
		same += with[k] != WEIR_NOWHERE;
	return same;
}

/* The same question with other answers; one of them is enough. */
static int walk_operands(const struct walk *w, uint32_t a, uint32_t b, unsigned int depth)
{
	const struct weir_view *va = &w->old->c->view, *vb = &w->new->c->view;
	uint32_t na = weir_operands(va, a), nb = weir_operands(vb, b);
	struct weir_key *ka = operand_keys(va, a), *kb = operand_keys(vb, b);
	uint32_t *wa = weir_alloc(na, sizeof(*wa)), *wb = weir_alloc(nb, sizeof(*wb));
	json_t *oa = weir_describe_criterion(w->old->c, a);
	json_t *ob = weir_describe_criterion(w->new->c, b);
	int effect = 0;

	weir_match_keys(ka, na, kb, nb, wa, wb);
	if (w->print)
		put_question(oa, count_same(wa, na), depth);
	if (put_operands(w, oa, wa, '-', depth))
		effect |= WEIR_DIFF_LESS;
	if (put_operands(w, ob, wb, '+', depth))
		effect |= WEIR_DIFF_MORE;
	json_decref(oa);
	json_decref(ob);
	free(ka);
	free(kb);
	free(wa);
	free(wb);
	return effect;
}

static int alike(const struct walk *w, const struct weir_condition *a,
		 const struct weir_condition *b)
{
	if (a->kind != b->kind)
		return 0;
	if (a->kind == WEIR_COND_NOT)
		return alike(w, a->part[0], b->part[0]);
	return a->kind != WEIR_COND_TEST ||
	       weir_same_question(&w->old->c->view, a->crit, &w->new->c->view, b->crit);
}

static void match_parts(struct parts *a, struct parts *b)
{
	struct weir_key *ka = weir_alloc(a->n, sizeof(*ka));
	struct weir_key *kb = weir_alloc(b->n, sizeof(*kb));
	uint32_t i;

	for (i = 0; i < a->n; i++)
		ka[i] = a->at[i]->key;
	for (i = 0; i < b->n; i++)
		kb[i] = b->at[i]->key;
	a->with = weir_alloc(a->n, sizeof(*a->with));
	b->with = weir_alloc(b->n, sizeof(*b->with));
	weir_match_keys(ka, a->n, kb, b->n, a->with, b->with);
	free(ka);
	free(kb);
}

/* What is left on both sides and alike is taken for one part that changed. */
static int walk_pairs(const struct walk *w, struct parts *a, struct parts *b, int neg,
		      unsigned int depth)
{
	int effect = 0;
	uint32_t i, k;

	if ((uint64_t)a->n * b->n > PAIRS_MAX)
		return 0;
	for (i = 0; i < a->n; i++) {
		for (k = 0; k < b->n && a->with[i] == WEIR_NOWHERE; k++) {
			if (b->with[k] != WEIR_NOWHERE || !alike(w, a->at[i], b->at[k]))
				continue;
			a->with[i] = k;
			b->with[k] = i;
			effect |= walk(w, a->at[i], b->at[k], neg, depth);
		}
	}
	return effect;
}

static int walk_left(const struct walk *w, const struct parts *p, const struct weir_conditions *cs,
		     char sign, int effect, unsigned int depth)
{
	uint32_t i, left = 0;

	for (i = 0; i < p->n; i++) {
		if (p->with[i] != WEIR_NOWHERE)
			continue;
		left++;
		if (w->print)
			put_tree(cs, p->at[i], sign, depth);
	}
	return left ? effect : 0;
}

static struct parts parts_of(const struct weir_condition *const *x, enum weir_condition_kind kind)
{
	struct parts p = { (struct weir_condition *const *)x, 1, NULL };

	if ((*x)->kind == kind) {
		p.at = (*x)->part;
		p.n = (*x)->n;
	}
	return p;
}

static int walk_parts(const struct walk *w, const struct weir_condition *a,
		      const struct weir_condition *b, enum weir_condition_kind kind, int neg,
		      unsigned int depth)
{
	int fewer = kind == WEIR_COND_ALL ? WEIR_DIFF_MORE : WEIR_DIFF_LESS;
	int more = kind == WEIR_COND_ALL ? WEIR_DIFF_LESS : WEIR_DIFF_MORE;
	struct parts p = parts_of(&a, kind), q = parts_of(&b, kind);
	uint32_t same;
	int effect;

	match_parts(&p, &q);
	same = count_same(p.with, p.n);
	if (w->print)
		put_kind(kind, ' ', depth);
	if (w->print && same) {
		start_line(' ', depth + 1);
		printf("(%u as before)\n", same);
	}
	effect = walk_pairs(w, &p, &q, neg, depth + 1);
	effect |= walk_left(w, &p, w->old, '-', turned(fewer, neg), depth + 1);
	effect |= walk_left(w, &q, w->new, '+', turned(more, neg), depth + 1);
	free(p.with);
	free(q.with);
	return effect;
}

/* Recursion is as deep as conditions are, which is bounded. */
static int walk(const struct walk *w, const struct weir_condition *a,
		const struct weir_condition *b, int neg, unsigned int depth)
{
	if (!memcmp(&a->key, &b->key, sizeof(a->key)))
		return 0;
	if (a->kind == WEIR_COND_ALL || b->kind == WEIR_COND_ALL)
		return walk_parts(w, a, b, WEIR_COND_ALL, neg, depth);
	if (a->kind == WEIR_COND_ANY || b->kind == WEIR_COND_ANY)
		return walk_parts(w, a, b, WEIR_COND_ANY, neg, depth);
	if (a->kind != b->kind || !alike(w, a, b) || a->kind == WEIR_COND_STEPS)
		return replaced(w, a, b, depth);
	if (a->kind == WEIR_COND_TEST)
		return turned(walk_operands(w, a->crit, b->crit, depth), neg);
	if (w->print)
		put_kind(WEIR_COND_NOT, ' ', depth);
	return walk(w, a->part[0], b->part[0], !neg, depth + 1);
}

int weir_condition_compare(const struct weir_conditions *old, const struct weir_condition *a,
			   const struct weir_conditions *new, const struct weir_condition *b,
			   int print)
{
	const struct walk w = { old, new, print };

	return walk(&w, a, b, 0, 0);
}
