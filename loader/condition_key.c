// SPDX-License-Identifier: GPL-2.0
/* What criteria and conditions mean, as digests. */
#include <stdlib.h>
#include <string.h>
#include <openssl/evp.h>

#include "condition.h"
#include "content.h"
#include "cost.h"

static EVP_MD_CTX *key_begin(void)
{
	EVP_MD_CTX *s = EVP_MD_CTX_new();

	if (!s || !EVP_DigestInit_ex(s, EVP_sha256(), NULL))
		weir_no_memory();
	return s;
}

static void key_end(EVP_MD_CTX *s, struct weir_key *key)
{
	EVP_DigestFinal_ex(s, key->b, NULL);
	EVP_MD_CTX_free(s);
}

static void add_u64(EVP_MD_CTX *s, uint64_t v)
{
	uint8_t b[8];
	int i;

	for (i = 0; i < 8; i++)
		b[i] = (uint8_t)(v >> 8 * i);
	EVP_DigestUpdate(s, b, sizeof(b));
}

/* Not how the index finds it: that changes with what else is in the file. */
static void add_dfa(EVP_MD_CTX *s, const struct weir_view *v, struct rdfa d)
{
	add_u64(s, d.nc);
	add_u64(s, d.start);
	add_u64(s, d.cells);
	EVP_DigestUpdate(s, v->b + v->dfad + d.off, 256 + 2 * (size_t)d.cells);
}

void weir_operand_key(const struct weir_view *v, uint32_t crit, uint32_t k, struct weir_key *key)
{
	struct rcrit r = get_crit(*v, crit);
	EVP_MD_CTX *s = key_begin();
	struct rlit l;
	struct rnum n;

	switch (r.op) {
	case WEIR_OP_RANGE:
		n = get_num(*v, r.first + k);
		add_u64(s, n.lo);
		add_u64(s, n.hi);
		break;
	case WEIR_OP_DFA:
		add_dfa(s, v, get_dfa(*v, r.first + k));
		break;
	default:
		l = get_lit(*v, r.first + k);
		EVP_DigestUpdate(s, v->b + v->pool + l.off, l.len);
	}
	key_end(s, key);
}

uint32_t weir_operands(const struct weir_view *v, uint32_t crit)
{
	struct rcrit r = get_crit(*v, crit);

	return is_fields_op(r.op) ? 0 : r.count;
}

static void question(const struct weir_view *v, uint32_t crit, uint64_t *out)
{
	struct rcrit r = get_crit(*v, crit);

	out[0] = get_type(*v, r.type).id;
	out[1] = r.field;
	out[2] = r.op;
	out[3] = r.flags & WEIR_CASED;
	out[4] = is_fields_op(r.op) ? r.field2 : 0;
}

int weir_same_question(const struct weir_view *a, uint32_t x, const struct weir_view *b, uint32_t y)
{
	uint64_t p[5], q[5];

	question(a, x, p);
	question(b, y, q);
	return !memcmp(p, q, sizeof(p));
}

static void criterion_key(const struct weir_view *v, uint32_t crit, struct weir_key *key)
{
	struct weir_key operand;
	EVP_MD_CTX *s = key_begin();
	uint64_t q[5];
	uint32_t k;

	question(v, crit, q);
	for (k = 0; k < 5; k++)
		add_u64(s, q[k]);
	for (k = 0; k < weir_operands(v, crit); k++) {
		weir_operand_key(v, crit, k, &operand);
		EVP_DigestUpdate(s, operand.b, sizeof(operand.b));
	}
	key_end(s, key);
}

void weir_conditions_open(const struct weir_channel *c, struct weir_conditions *out)
{
	uint32_t i;

	out->c = c;
	out->key = weir_alloc(c->view.ncrits, sizeof(*out->key));
	for (i = 0; i < c->view.ncrits; i++)
		criterion_key(&c->view, i, &out->key[i]);
}

void weir_conditions_close(struct weir_conditions *cs)
{
	free(cs->key);
}

static int by_key(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct weir_key));
}

/* Parts count by what they mean, in any order. */
static void add_parts(const struct weir_conditions *cs, struct weir_condition *x, EVP_MD_CTX *s)
{
	struct weir_key *keys = weir_alloc(x->n, sizeof(*keys));
	uint32_t i;

	for (i = 0; i < x->n; i++) {
		weir_condition_key(cs, x->part[i]);
		keys[i] = x->part[i]->key;
	}
	if (x->n)
		qsort(keys, x->n, sizeof(*keys), by_key);
	EVP_DigestUpdate(s, keys, x->n * sizeof(*keys));
	free(keys);
}

static void add_steps(const struct weir_conditions *cs, uint32_t i, EVP_MD_CTX *s)
{
	uint32_t k, n = weir_branches(cs->c, i);
	struct weir_branch b;

	for (k = 0; k < n; k++) {
		b = weir_branch(cs->c, i, k);
		EVP_DigestUpdate(s, &cs->key[b.crit], sizeof(*cs->key));
		add_u64(s, b.yes);
		add_u64(s, b.no);
	}
}

void weir_condition_key(const struct weir_conditions *cs, struct weir_condition *x)
{
	EVP_MD_CTX *s;

	if (x->kind == WEIR_COND_TEST) {
		x->key = cs->key[x->crit];
		return;
	}
	s = key_begin();
	add_u64(s, x->kind);
	if (x->kind == WEIR_COND_STEPS)
		add_steps(cs, x->instance, s);
	else
		add_parts(cs, x, s);
	key_end(s, &x->key);
}
