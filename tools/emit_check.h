/* SPDX-License-Identifier: GPL-2.0 */
/* A channel file that was made is opened, run on its samples and verified before anyone sees it. */
#ifndef WEIR_EMIT_CHECK_H
#define WEIR_EMIT_CHECK_H

#include "emit.h"

/**
 * weir_emit_checked() - compiled rules to a channel file that passed the verifier
 * @s: the compilation; its errors get the samples that did not do what they say
 * @head: for the header
 * @out: set; free its p
 * @cost: set to the declared cost
 *
 * Return: 0; or WEIR_EXIT_FAIL, with what is wrong reported or among @s's errors.
 */
int weir_emit_checked(struct weir_sigma *s, const struct weir_emit_head *head,
		      struct weir_buffer *out, uint64_t *cost);

/**
 * weir_emit_actions() - drop rules whose action cannot be applied to all that they may match
 * @s: the compilation; its errors get the rules that were dropped
 */
void weir_emit_actions(struct weir_sigma *s);

#endif
