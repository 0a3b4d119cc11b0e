/* SPDX-License-Identifier: GPL-2.0 */
/* What the fuzzers share: events of every kind, and what must hold of an evaluation. */
#ifndef WEIR_FUZZ_EVENT_H
#define WEIR_FUZZ_EVENT_H

#include <stddef.h>

#include "templates.h"

/* The built-in Template Types, all fields provided. */
const struct weir_schema *weir_fuzz_schema(void);

/**
 * weir_fuzz_content() - open, verify and evaluate, and abort if anything broke a promise
 * @p: content; a heap block of exactly its size, so that a read past it is seen
 * @n: its size
 * @seed: what events look like
 * @made: as the compiler made it, so that its DFAs are right, too, about what leads them: the one
 * thing of the index that the verifier has to believe
 *
 * Evaluates whether or not the verifier accepted: on bytes that it refused the interpreter must be
 * memory-safe, on others it must end within the declared cost and without a trip.
 *
 * Return: 1 if the verifier accepted it, else 0.
 */
int weir_fuzz_content(const uint8_t *p, size_t n, uint32_t seed, int made);

/* What libFuzzer calls, and what it lends. */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t max, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *p, size_t n, size_t max);

#endif
