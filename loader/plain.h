/* SPDX-License-Identifier: GPL-2.0 */
/* Evaluation without the matching index, for those who do not believe it. */
#ifndef WEIR_LOAD_PLAIN_H
#define WEIR_LOAD_PLAIN_H

#include "weirload.h"

/**
 * weir_plain_match() - does an event match an instance, whatever the matching index says
 * @v: verified content
 * @e: an event of the instance's type
 * @instance: instance number
 *
 * Follows the instance's program; each criterion is decided by its operands alone.
 *
 * Return: 1 or 0.
 */
WEIR_API int weir_plain_match(const struct weir_view *v, const struct weir_event *e,
			      uint32_t instance);

/**
 * weir_plain_differs() - does the matching index mislead on an event
 * @v: verified content
 * @e: the event
 * @match: what weir_eval() says that it matches, all of it
 * @nmatch: how many
 *
 * Return: the first instance that is in @match and does not match, or the other way round;
 * WEIR_NOWHERE if there is none.
 */
WEIR_API uint32_t weir_plain_differs(const struct weir_view *v, const struct weir_event *e,
				     const uint32_t *match, uint32_t nmatch);

/**
 * weir_plain_due() - is a sample event one of those that are evaluated without the index as well
 * @v: an opened file
 * @sample: sample number
 *
 * Return: 1 or 0. All are, but of files with very many samples and instances.
 */
WEIR_API int weir_plain_due(const struct weir_view *v, uint32_t sample);

#endif
