/* SPDX-License-Identifier: GPL-2.0 */
/* The built-in profile, of an ordinary Linux host, by the names of fields. */
#ifndef WEIR_PROFILE_DEFAULT_H
#define WEIR_PROFILE_DEFAULT_H

#include "profile.h"

/**
 * weir_default_cells() - what a string field is taken to hold
 * @name: the field's name
 * @events: set to what the counts are parts of
 *
 * Return: WEIR_PROFILE_CELLS counts.
 */
const uint32_t *weir_default_cells(const char *name, double *events);

/* How often a number is to be expected in a field, and a network in any. */
double weir_default_number(const struct weir_field *f, uint64_t num);
double weir_default_network(const uint8_t *literal, uint32_t len);

/* Count the windows of a string that was seen so many times. */
void weir_profile_count(uint32_t *cell, const uint8_t *text, size_t n, uint32_t times);

/* What was counted of a type; begun if there is nothing yet. */
struct weir_profile_type *weir_profile_type(struct weir_profile *p, const struct weir_type *t);

#endif
