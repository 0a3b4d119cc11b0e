// SPDX-License-Identifier: GPL-2.0
/* Descriptions as text. Strings in them are fit to be printed already. */
#include <string.h>

#include "describe.h"

/* The most operands on one line; a list of a thousand goes on several. */
#define OPERANDS_A_LINE 8u

static void print_range(const json_t *o)
{
	const json_t *from = json_object_get(o, "from"), *to = json_object_get(o, "to");

	if (from)
		weir_print_value(from);
	fputs("..", stdout);
	if (to)
		weir_print_value(to);
}

void weir_print_value(const json_t *v)
{
	if (json_is_string(v))
		printf("\"%s\"", json_string_value(v));
	else if (json_is_integer(v))
		printf("%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_object(v) && json_object_get(v, "states"))
		printf("an automaton of %" JSON_INTEGER_FORMAT " states, %" JSON_INTEGER_FORMAT
		       " classes of bytes",
		       json_integer_value(json_object_get(v, "states")),
		       json_integer_value(json_object_get(v, "classes")));
	else if (json_is_object(v))
		print_range(v);
	else if (json_is_boolean(v))
		fputs(json_is_true(v) ? "true" : "false", stdout);
	else
		fputs("absent", stdout);
}

void weir_print_criterion(const json_t *o)
{
	const json_t *operands = json_object_get(o, "operands"), *v;
	size_t i, n = json_array_size(operands);

	printf("%s %s", json_string_value(json_object_get(o, "field")),
	       json_string_value(json_object_get(o, "op")));
	if (json_is_true(json_object_get(o, "cased")))
		fputs(" (cased)", stdout);
	for (i = 0; i < n; i++) {
		v = json_array_get(operands, i);
		if (i && i % OPERANDS_A_LINE == 0)
			fputs(" |\n            ", stdout);
		else
			fputs(i ? " | " : " ", stdout);
		weir_print_value(v);
	}
}
