// SPDX-License-Identifier: GPL-2.0
/* Fuzzes the reader of events. */
#include <stdlib.h>
#include <string.h>

#include "events.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* What the interpreter takes for granted of a value. */
static void check(const struct weir_value *v, const struct weir_field *f)
{
	if (v->kind == WEIR_KIND_none)
		return;
	if (v->kind != f->kind || v->len > WEIR_VALUE_MAX || (v->len && !v->ptr))
		abort();
	if (v->kind == WEIR_KIND_bool && v->num > 1)
		abort();
	if (v->kind == WEIR_KIND_ip && v->len != 4 && v->len != 16)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct weir_input_error err;
	struct weir_input in;
	uint32_t i;

	if (weir_input_parse((const char *)p, n, weir_types, WEIR_NTYPES, &in, &err)) {
		if (!err.text[0])
			abort();
		return 0;
	}
	for (i = 0; i < in.event.n; i++)
		check(&in.event.v[i], &in.type->fields[i]);
	weir_input_free(&in);
	return 0;
}
