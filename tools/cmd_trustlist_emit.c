// SPDX-License-Identifier: GPL-2.0
/* A trust list in the making: entries in any order, and how they become a file. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cmd_trustlist.h"
#include "signing.h"

void weir_list_add(struct weir_list_work *k, uint32_t kind, uint32_t channel, uint64_t number,
		   const uint8_t *digest)
{
	struct weir_new_entry *e;

	k->e = weir_realloc(k->e, k->n + 1, sizeof(*k->e));
	e = &k->e[k->n++];
	memset(e, 0, sizeof(*e));
	e->kind = kind;
	e->channel = channel;
	e->number = number;
	if (digest)
		memcpy(e->digest, digest, sizeof(e->digest));
}

int weir_list_introduce(struct weir_list_work *k, const char *path)
{
	struct weir_refusal r;
	X509 *x = weir_read_cert(path);
	uint8_t *p;
	int n;

	if (!x)
		return WEIR_EXIT_FAIL;
	n = i2d_X509(x, NULL);
	if (weir_cert_strong(x, &r) || n <= 0) {
		X509_free(x);
		return weir_loader_refused(path, &r);
	}
	k->certs = weir_realloc(k->certs, k->ncerts + (size_t)n, 1);
	p = k->certs + k->ncerts;
	i2d_X509(x, &p);
	k->ncerts += (size_t)n;
	X509_free(x);
	return 0;
}

int weir_list_begin(struct weir_list_work *k, const char *path)
{
	struct weir_list_entry e;
	struct weir_refusal r;
	struct weir_list *l;
	uint64_t version;
	uint32_t i;

	if (weir_list_open(path, &l, &r))
		return weir_loader_refused(path, &r);
	version = weir_trustlist_version(l->list);
	if (!k->version)
		k->version = version + 1;
	if (k->version <= version) {
		weir_list_close(l);
		return weir_fail("version %llu is not above that of %s, which is %llu",
				 (unsigned long long)k->version, path, (unsigned long long)version);
	}
	for (i = 0; !weir_trustlist_entry(l->list, i, &e); i++)
		weir_list_add(k, e.kind, e.channel, e.number, e.digest);
	/* Those of the base come first: the new ones are behind them. */
	k->certs = weir_realloc(k->certs, k->ncerts + l->list.ncerts, 1);
	memmove(k->certs + l->list.ncerts, k->certs, k->ncerts);
	memcpy(k->certs, l->list.b + l->list.certs, l->list.ncerts);
	k->ncerts += l->list.ncerts;
	weir_list_close(l);
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct weir_new_entry *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->channel != y->channel)
		return x->channel < y->channel ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return memcmp(x->digest, y->digest, sizeof(x->digest));
}

static void put(uint8_t *p, uint64_t v, int n)
{
	for (; n; n--, v >>= 8)
		*p++ = (uint8_t)v;
}

/* What was said twice is there once. */
static size_t put_entries(struct weir_list_work *k, uint8_t *p)
{
	size_t i, n = 0;

	qsort(k->e, k->n, sizeof(*k->e), compare);
	for (i = 0; i < k->n; i++) {
		const struct weir_new_entry *e = &k->e[i];

		if (i && !compare(e - 1, e))
			continue;
		put(p + WEIR_N_KIND, e->kind, 4);
		put(p + WEIR_N_CHANNEL, e->channel, 4);
		put(p + WEIR_N_NUMBER, e->number, 8);
		memcpy(p + WEIR_N_DIGEST, e->digest, WEIR_DIGEST_SIZE);
		p += WEIR_SZ_LIST_ENTRY;
		n++;
	}
	return n;
}

int weir_list_write(struct weir_list_work *k, const char *out)
{
	uint8_t *b = weir_alloc(WEIR_LIST_HEADER + WEIR_SZ_LIST_ENTRY * k->n + k->ncerts, 1);
	size_t n = put_entries(k, b + WEIR_LIST_HEADER);
	size_t size = WEIR_LIST_HEADER + WEIR_SZ_LIST_ENTRY * n;
	struct weir_trustlist l;
	struct weir_error err;
	int ret;

	if (k->ncerts)
		memcpy(b + size, k->certs, k->ncerts);
	size += k->ncerts;
	memcpy(b, WEIR_LIST_MAGIC, 8);
	put(b + WEIR_L_FORMAT, WEIR_LIST_FORMAT, 4);
	put(b + WEIR_L_SIZE, size, 4);
	put(b + WEIR_L_VERSION, k->version, 8);
	put(b + WEIR_L_NENTRIES, n, 4);
	put(b + WEIR_L_NCERTS, k->ncerts, 4);
	/* The limits of the format are told by who checks them everywhere else. */
	if (size > WEIR_LIST_MAX || weir_trustlist_open(b, (uint32_t)size, &l, &err))
		ret = weir_fail("the list has %zu entries and %zu bytes of certificates; it can "
				"have %u and %u",
				n, k->ncerts, WEIR_LIST_ENTRIES_MAX, WEIR_LIST_CERTS_MAX);
	else
		ret = weir_write_file(out, b, size);
	free(b);
	return ret;
}
