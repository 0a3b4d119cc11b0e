/* SPDX-License-Identifier: GPL-2.0 */
/* One JSON value of an event. */
#ifndef WEIR_EVENTS_VALUE_H
#define WEIR_EVENTS_VALUE_H

#include "events.h"

/**
 * weir_input_value() - convert a JSON value to a field's kind
 * @v: the value; a string's bytes are not copied
 * @f: the field
 * @room: memory for what has to be made: an address, a number as text
 * @n: its bytes, at least 64
 * @out: always written; usable on success
 *
 * Return: a null pointer, or what is wrong with the value.
 */
const char *weir_input_value(const json_t *v, const struct weir_field *f, uint8_t *room, size_t n,
			     struct weir_value *out);

#endif
