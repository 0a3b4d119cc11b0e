/* SPDX-License-Identifier: GPL-2.0 */
/* Rules that cost much, for those who write them. */
#ifndef WEIR_EMIT_SLOW_H
#define WEIR_EMIT_SLOW_H

#include "emit.h"

/**
 * weir_slow_warn() - warn of rules that nothing rare wakes
 * @s: the compilation, after weir_index_plan()
 */
void weir_slow_warn(struct weir_sigma *s);

/**
 * weir_slow_blame() - which rules make the worst case of an event dear
 * @e: what was written
 * @v: the file
 * @out: set to a few of them with what each takes of all, the dearest first
 * @n: room at @out
 */
void weir_slow_blame(const struct weir_emit *e, const struct weir_view *v, char *out, size_t n);

#endif
