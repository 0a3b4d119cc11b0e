// SPDX-License-Identifier: GPL-2.0
/* Fuzzes the verifier and the interpreter with arbitrary content. */
#include <stdlib.h>
#include <string.h>

#include "event.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint32_t seed = 1;
	size_t i;

	for (i = 0; i < n; i += 7)
		seed = seed * 31 + p[i];
	weir_fuzz_content(p, n, seed);
	return 0;
}

static void put(uint8_t *p, uint64_t v, int n)
{
	for (; n; n--, v >>= 8)
		*p++ = (uint8_t)v;
}

/* Size and cost follow from the rest: set them right, mostly, so that mutants get past them. */
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t max, unsigned int seed)
{
	struct weir_error err;
	struct weir_view v;

	n = LLVMFuzzerMutate(p, n, max);
	if (n < WEIR_HEADER_SIZE || seed % 8 == 0)
		return n;
	put(p + WEIR_H_SIZE, n, 4);
	if (!weir_open(p, (uint32_t)n, &v, &err))
		put(p + WEIR_H_COST, weir_cost(&v), 8);
	return n;
}
