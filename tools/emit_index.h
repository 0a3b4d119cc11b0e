/* SPDX-License-Identifier: GPL-2.0 */
/* The matching index of a channel file in the making; see Documentation/matching.rst. */
#ifndef WEIR_EMIT_INDEX_H
#define WEIR_EMIT_INDEX_H

#include "emit.h"

/* Asking so few rules of a type costs less than looking anything up. */
#define WEIR_RULES_FEW 1u

/**
 * weir_index_plan() - decide what wakes each rule, and which criteria the index decides
 * @s: the compilation; rules get @always, criteria @indexed
 */
void weir_index_plan(struct weir_sigma *s);

/**
 * weir_index_write() - the sections of the index
 * @e: rules and criteria are in order and numbered
 *
 * Literals get the place and the probe that their records name.
 */
void weir_index_write(struct weir_emit *e);

#endif
