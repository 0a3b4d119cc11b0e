/* SPDX-License-Identifier: GPL-2.0 */
/* A trust list in words: as JSON, and as text made from that JSON. */
#ifndef WEIR_DESCRIBE_TRUST_H
#define WEIR_DESCRIBE_TRUST_H

#include <jansson.h>

#include "weirlist.h"

/**
 * weir_describe_trust() - what stands in a trust list
 * @l: the list
 *
 * Return: a new reference: {"version", "digest", "signed", "entries", "introduces"}.
 */
json_t *weir_describe_trust(const struct weir_list *l);

/* The same as text, from that JSON. */
void weir_print_trust(const json_t *o);

#endif
