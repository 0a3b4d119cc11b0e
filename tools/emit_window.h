/* SPDX-License-Identifier: GPL-2.0 */
/* By which probe, and by which of its bytes, an operand is known to the index. */
#ifndef WEIR_EMIT_WINDOW_H
#define WEIR_EMIT_WINDOW_H

#include "emit.h"
#include "profile.h"
#include "../interpreter/index.h"

/* The probe's key, as the core orders probes of a type, and the operand's place under it. */
struct weir_index_window {
	uint8_t field;
	uint8_t where; /* enum weir_at */
	uint8_t width;
	uint16_t at; /* of the probe */
	uint8_t in; /* of ALL: where in the literal */
	uint32_t tag;
	struct more more;
	uint32_t weight; /* steps to confirm it */
	double rate; /* how often the tag is to be expected in an event */
};

/* The operator compares with a text, which may have several windows. */
int weir_index_is_text(const struct weir_test *t);

/**
 * weir_index_window_at() - one of the windows by which a text could be known
 * @in: how often what is seen in its field
 * @t: the criterion, of an operator that weir_index_is_text()
 * @i: the operand's number in it
 * @k: counts the windows from 0 on
 * @out: filled
 *
 * Return: 0, or -1 if there are no more.
 */
int weir_index_window_at(const struct weir_profile_windows *in, const struct weir_test *t,
			 uint32_t i, uint32_t k, struct weir_index_window *out);

/**
 * weir_index_window() - the rarest window of an operand
 * @p: how often what is seen
 * @t: the criterion
 * @i: the operand's number in it
 * @out: filled
 *
 * Return: 0, or -1 if the index can hold no such operand.
 */
int weir_index_window(const struct weir_profile *p, const struct weir_test *t, uint32_t i,
		      struct weir_index_window *out);

#define WEIR_RATE_NEVER 1e9 /* the index cannot hold it, or all events meet it */

/**
 * weir_index_operand_rate() - how often an operand is to be expected to hold
 * @p: how often what is seen
 * @t: the criterion
 * @i: the operand's number in it
 *
 * Return: how often, in an event; or WEIR_RATE_NEVER.
 */
double weir_index_operand_rate(const struct weir_profile *p, const struct weir_test *t, uint32_t i);

/* The same for a criterion, which remembers it: there is one profile in a compilation. */
double weir_index_rate(const struct weir_profile *p, struct weir_test *t);

#endif
