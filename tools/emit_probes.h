/* SPDX-License-Identifier: GPL-2.0 */
/* Few probes: by which of its windows each operand is known, so that an event costs little. */
#ifndef WEIR_EMIT_PROBES_H
#define WEIR_EMIT_PROBES_H

#include "emit_window.h"

/**
 * weir_index_windows() - choose a window for every operand that the index is to know
 * @p: how often what is seen
 * @test: criteria, of which those that are @indexed count
 * @n: how many
 *
 * Return: the windows, operand by operand and criterion by criterion; the caller's to free.
 */
struct weir_index_window *weir_index_windows(const struct weir_profile *p,
					     struct weir_test *const *test, uint32_t n);

#endif
