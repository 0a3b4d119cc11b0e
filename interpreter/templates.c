// SPDX-License-Identifier: GPL-2.0
/* The Template Types as tables, and the fingerprint of their schema. */
#include "templates.h"

/* The formatter takes the halves of a definition that these macros make for wholes. */
/* clang-format off */
#define WEIR_TYPE(t, id, channel, arity) static const struct weir_field fields_##t[] = {
#define WEIR_FIELD(t, name, kind, capture, values) \
	{ #name, WEIR_KIND_##kind, WEIR_##capture, values },
#define WEIR_TYPE_END(t) };
#include "templates.def"
#undef WEIR_TYPE
#undef WEIR_FIELD
#undef WEIR_TYPE_END

/* The arity written in the table is the number of its fields, and fits a mask. */
#define WEIR_TYPE(t, id, channel, arity)                                     \
	_Static_assert(WEIR_##t##_arity == (arity), #t ": arity and fields disagree"); \
	_Static_assert((arity) <= WEIR_ARITY_MAX, #t ": too many fields");
#define WEIR_FIELD(t, name, kind, capture, values)
#define WEIR_TYPE_END(t)
#include "templates.def"
#undef WEIR_TYPE
#undef WEIR_FIELD
#undef WEIR_TYPE_END

const struct weir_type weir_types[WEIR_NTYPES] = {
#define WEIR_TYPE(t, number, ch, n)                                          \
	{ .name = #t, .id = number, .channel = ch, .arity = n, .fields = fields_##t,
#define WEIR_FIELD(t, name, kind, capture, values)
#define WEIR_CANNOT(t, field, deny, kill)                                    \
	.no_deny = deny, .no_kill = kill, .selector = WEIR_##t##_##field,
#define WEIR_TYPE_END(t) },
#include "templates.def"
#undef WEIR_TYPE
#undef WEIR_FIELD
#undef WEIR_TYPE_END
};

/* clang-format on */

/* Fowler, Noll, Vo: FNV-1a, 64 bits. */
static u64 fnv_byte(u64 h, u8 c)
{
	return (h ^ c) * 0x100000001b3ull;
}

static u64 fnv_text(u64 h, const char *s)
{
	for (; *s; s++)
		h = fnv_byte(h, (u8)*s);
	return fnv_byte(h, 0);
}

u64 weir_fingerprint(const struct weir_type *t)
{
	u64 h = 0xcbf29ce484222325ull;
	u32 i;

	h = fnv_text(h, t->name);
	h = fnv_byte(h, (u8)(t->id & 0xff));
	h = fnv_byte(h, (u8)(t->id >> 8));
	for (i = 0; i < t->arity; i++) {
		h = fnv_text(h, t->fields[i].name);
		h = fnv_byte(h, (u8)t->fields[i].kind);
		h = fnv_text(h, t->fields[i].values);
	}
	return h;
}

void weir_schema_type(const struct weir_type *t, u64 provided, struct weir_schema_type *out)
{
	u32 i;

	out->id = t->id;
	out->arity = t->arity;
	out->fingerprint = weir_fingerprint(t);
	out->provided = provided;
	out->no_deny = t->no_deny;
	out->no_kill = t->no_kill;
	out->selector = t->selector;
	for (i = 0; i < WEIR_ARITY_MAX; i++)
		out->kind[i] = i < t->arity ? (u8)t->fields[i].kind : WEIR_KIND_none;
}

const struct weir_type *weir_type_by_id(u32 id)
{
	u32 i;

	for (i = 0; i < WEIR_NTYPES; i++)
		if (weir_types[i].id == id)
			return &weir_types[i];
	return NULL;
}

u64 weir_captured(const struct weir_type *t)
{
	u64 mask = 0;
	u32 i;

	for (i = 0; i < t->arity; i++)
		if (t->fields[i].capture != WEIR_NONE)
			mask |= 1ull << i;
	return mask;
}
