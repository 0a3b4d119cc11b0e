// SPDX-License-Identifier: GPL-2.0
/*
 * A damaged channel file is refused, or does no harm: every bit flipped, every byte zero and 0xff,
 * every length that is too short, and some that are too long. Harm is what the sanitizers see and
 * what fuzz/event.c aborts on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/event.h"

#define FILE_MAX_BYTES 65536
#define OFTEN 1000u /* as many sets of events that the file as it is made has to get right */

static uint8_t content[FILE_MAX_BYTES];
static size_t size;
static unsigned long refused, accepted;

/* In a block of exactly its size, so that reading past it is seen. */
static int try(const uint8_t *p, size_t n, uint32_t seed, int made)
{
	uint8_t *copy = malloc(n ? n : 1);
	int good;

	if (!copy)
		abort();
	memcpy(copy, p, n);
	good = weir_fuzz_content(copy, n, seed, made);
	free(copy);
	if (good)
		accepted++;
	else
		refused++;
	return good;
}

static void report(const char *name, int good)
{
	printf("%s flip %s (%lu refused, %lu accepted)\n", good ? "ok" : "not ok", name, refused,
	       accepted);
	if (!good)
		exit(1);
	refused = 0;
	accepted = 0;
}

static int try_often(void)
{
	uint32_t seed, good = 0;

	for (seed = 0; seed < OFTEN; seed++)
		good += (uint32_t)try(content, size, seed, 1);
	return good == OFTEN;
}

static void flip_bits(void)
{
	size_t i;
	int bit;

	for (i = 0; i < size; i++) {
		for (bit = 0; bit < 8; bit++) {
			content[i] ^= (uint8_t)(1 << bit);
			try(content, size, (uint32_t)i, 0);
			content[i] ^= (uint8_t)(1 << bit);
		}
	}
	report("every bit", refused + accepted == 8 * size && refused > 4 * size);
}

static void set_bytes(void)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xfe, 0xff };
	uint8_t old;
	size_t i, k;

	for (i = 0; i < size; i++) {
		old = content[i];
		for (k = 0; k < sizeof(values); k++) {
			content[i] = values[k];
			try(content, size, (uint32_t)i, 0);
		}
		content[i] = old;
	}
	report("every byte to its extremes", refused > size);
}

static void cut(void)
{
	size_t n;

	for (n = 0; n < size; n++)
		try(content, n, (uint32_t)n, 0);
	report("every truncation is refused", refused == size);
}

static void extend(void)
{
	size_t n;

	for (n = size + 1; n <= size + 64; n++)
		try(content, n, (uint32_t)n, 0);
	report("bytes behind the content are refused", refused == 64);
}

int main(int argc, char **argv)
{
	FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;

	if (!f)
		return 2;
	size = fread(content, 1, sizeof(content) - 64, f);
	fclose(f);
	report("the undamaged file is accepted", try_often());
	flip_bits();
	set_bytes();
	cut();
	extend();
	return 0;
}
