// SPDX-License-Identifier: GPL-2.0
/* Fuzzes trust lists: what is opened means what a slow and plain reading of its bytes says. */
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "trustlist.h"

static const uint8_t none[32];

static void claim(int holds)
{
	if (!holds)
		abort();
}

static int before(const struct weir_list_entry *a, const struct weir_list_entry *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind;
	if (a->channel != b->channel)
		return a->channel < b->channel;
	if (a->number != b->number)
		return a->number < b->number;
	return memcmp(a->digest, b->digest, 32) < 0;
}

/* An entry in its place, and what the list's own functions make of it. */
static void check_entry(struct weir_trustlist l, uint32_t i, const struct weir_list_entry *e)
{
	struct weir_list_entry last;
	uint32_t k, signers;

	claim(!i || (!weir_trustlist_entry(l, i - 1, &last) && before(&last, e)));
	claim(weir_trustlist_names(l, e->kind, e->channel, e->number, e->digest));
	switch (e->kind) {
	case WEIR_LIST_KEY:
		claim(!weir_trustlist_may_sign(l, 0, e->digest));
		claim(!weir_trustlist_may_sign(l, 291, e->digest));
		break;
	case WEIR_LIST_BELOW:
		claim(weir_trustlist_floor(l, e->channel) >= e->number);
		break;
	case WEIR_LIST_VERSION:
		claim(weir_trustlist_names(l, e->kind, e->channel, e->number, NULL));
		break;
	case WEIR_LIST_SIGNERS:
		signers = weir_trustlist_signers(l, e->channel);
		claim(signers >= e->number && signers <= weir_trustlist_signers(l, 0));
		break;
	case WEIR_LIST_SIGNER:
		k = weir_trustlist_names(l, WEIR_LIST_KEY, 0, 0, e->digest);
		claim(weir_trustlist_may_sign(l, e->channel, e->digest) == !k);
		/* A key that nobody has may not sign, unless it is named, too. */
		claim(!weir_trustlist_may_sign(l, e->channel, none) ||
		      weir_trustlist_names(l, WEIR_LIST_SIGNER, e->channel, 0, none));
	}
}

/* A list without one of its entries: it is extended by the whole one, and not the other way. */
static void check_shorter(struct weir_trustlist l, uint32_t i)
{
	uint32_t at = WEIR_LIST_HEADER + WEIR_SZ_LIST_ENTRY * i, n = l.n - WEIR_SZ_LIST_ENTRY;
	uint32_t entries = l.nentries - 1;
	struct weir_trustlist shorter;
	struct weir_error err;
	uint8_t *b = malloc(n);

	if (!b)
		return;
	memcpy(b, l.b, at);
	memcpy(b + at, l.b + at + WEIR_SZ_LIST_ENTRY, n - at);
	memcpy(b + WEIR_L_SIZE, &n, 4);
	memcpy(b + WEIR_L_NENTRIES, &entries, 4);
	claim(!weir_trustlist_open(b, n, &shorter, &err));
	claim(weir_trustlist_extends(l, shorter) && !weir_trustlist_extends(shorter, l));
	free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct weir_trustlist empty;
	struct weir_list_entry e;
	struct weir_trustlist l;
	struct weir_error err;
	uint32_t i;

	if (weir_trustlist_open(p, (uint32_t)n, &l, &err)) {
		claim(err.code && err.code < WEIR_E_END);
		return 0;
	}
	claim(n == WEIR_LIST_HEADER + WEIR_SZ_LIST_ENTRY * (size_t)l.nentries + l.ncerts);
	claim(weir_trustlist_version(l) && !weir_trustlist_version(empty));
	claim(weir_trustlist_extends(l, l) && weir_trustlist_extends(l, empty));
	for (i = 0; !weir_trustlist_entry(l, i, &e); i++)
		check_entry(l, i, &e);
	claim(i == l.nentries);
	if (i)
		check_shorter(l, (uint32_t)n % i);
	return 0;
}

/* Sizes follow from the rest: set them right, mostly, so that mutants get past them. */
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t max, unsigned int seed)
{
	uint32_t size, entries, certs;

	n = LLVMFuzzerMutate(p, n, max);
	if (n < WEIR_LIST_HEADER || seed % 8 == 1)
		return n;
	size = (uint32_t)n;
	entries = (uint32_t)((n - WEIR_LIST_HEADER) / WEIR_SZ_LIST_ENTRY);
	certs = (uint32_t)((n - WEIR_LIST_HEADER) % WEIR_SZ_LIST_ENTRY);
	memcpy(p, WEIR_LIST_MAGIC, 8);
	memcpy(p + WEIR_L_SIZE, &size, 4);
	memcpy(p + WEIR_L_NENTRIES, &entries, 4);
	memcpy(p + WEIR_L_NCERTS, &certs, 4);
	return n;
}
