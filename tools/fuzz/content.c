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
	weir_fuzz_content(p, n, seed, 0);
	return 0;
}

static void put(uint8_t *p, uint64_t v, int n)
{
	for (; n; n--, v >>= 8)
		*p++ = (uint8_t)v;
}

static uint32_t get(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/*
 * Change a word of a section of numbers as a slip of a compiler would: one off, a flag, another
 * entry's. What is random all over is refused long before anything looks at the index.
 */
static void change_word(uint8_t *p, size_t n, uint32_t seed)
{
	static const uint8_t sections[] = { WEIR_SEC_TYPES,    WEIR_SEC_NODES,	WEIR_SEC_CRITERIA,
					    WEIR_SEC_LITERALS, WEIR_SEC_PROBES, WEIR_SEC_FILTERS,
					    WEIR_SEC_ENTRIES,  WEIR_SEC_WAKES };
	const uint8_t *s =
		p + WEIR_H_SECTIONS + (sections[seed % sizeof(sections)] - 1u) * WEIR_SZ_SECTION;
	uint32_t off = get(s + WEIR_S_OFF), words = get(s + WEIR_S_LEN) / 4;
	uint8_t *a, *b;
	uint32_t old;

	if (off > n || words > (n - off) / 4 || !words)
		return;
	a = p + off + 4 * ((seed >> 8) % words);
	b = p + off + 4 * ((seed >> 16) % words);
	old = get(a);
	switch (seed >> 4 & 3) {
	case 0:
		put(a, old + 1, 4);
		break;
	case 1:
		put(a, old - 1, 4);
		break;
	case 2:
		put(a, old ^ 1u << (seed >> 24 & 31), 4);
		break;
	default:
		put(a, get(b), 4);
		put(b, old, 4);
	}
}

/* Size and cost follow from the rest: set them right, mostly, so that mutants get past them. */
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t max, unsigned int seed)
{
	struct weir_error err;
	struct weir_view v;
	uint32_t i;

	if (n < WEIR_HEADER_SIZE || seed % 2)
		n = LLVMFuzzerMutate(p, n, max);
	else
		for (i = 0; i <= seed / 2 % 3; i++)
			change_word(p, n, seed * 2654435769u + i * 40503u);
	if (n < WEIR_HEADER_SIZE || seed % 8 == 1)
		return n;
	put(p + WEIR_H_SIZE, n, 4);
	if (!weir_open(p, (uint32_t)n, &v, &err))
		put(p + WEIR_H_COST, weir_cost(&v), 8);
	return n;
}
