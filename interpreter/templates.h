/* SPDX-License-Identifier: GPL-2.0 */
/* The Template Types of templates.def as C: field numbers, descriptions, schema. */
#ifndef WEIR_TEMPLATES_H
#define WEIR_TEMPLATES_H

#include "weir.h"

enum weir_field_capture { WEIR_NONE, WEIR_CAPTURED, WEIR_TASK };

/* A field of a Template Type. */
struct weir_field {
	const char *name;
	u32 kind; /* enum weir_kind */
	u32 capture; /* enum weir_field_capture: whether the module has code that fills it */
	const char *values; /* of an enum: names separated by '|', numbered from 0; else "" */
};

struct weir_type {
	const char *name;
	u32 id;
	u32 channel; /* default channel of content of this type alone */
	u32 arity;
	const struct weir_field *fields;
	u64 no_deny, no_kill; /* as in struct weir_schema_type */
	u32 selector; /* says nothing where both are 0 */
};

/* The formatter takes the halves of a definition that these macros make for wholes. */
/* clang-format off */
/* WEIR_process_creation_Image == 0, …, WEIR_process_creation_arity */
#define WEIR_TYPE(t, id, channel, arity) enum weir_fields_##t {
#define WEIR_FIELD(t, name, kind, capture, values) WEIR_##t##_##name,
#define WEIR_TYPE_END(t) WEIR_##t##_arity };
#include "templates.def"
#undef WEIR_TYPE
#undef WEIR_FIELD
#undef WEIR_TYPE_END

/* WEIR_TYPE_process_creation == 1, … and the table below has WEIR_NTYPES entries */
enum weir_type_id {
#define WEIR_TYPE(t, id, channel, arity) WEIR_TYPE_##t = id,
#define WEIR_FIELD(t, name, kind, capture, values)
#define WEIR_TYPE_END(t)
#include "templates.def"
#undef WEIR_TYPE
	WEIR_NTYPES = 0
#define WEIR_TYPE(t, id, channel, arity) +1
#include "templates.def"
#undef WEIR_TYPE
#undef WEIR_FIELD
#undef WEIR_TYPE_END
};

/* clang-format on */

/* All Template Types, by ascending id. */
extern const struct weir_type weir_types[WEIR_NTYPES];

/**
 * weir_fingerprint() - a number that changes when a Template Type does
 * @t: the type
 *
 * FNV-1a of 64 bits over the type's name and id and each field's name, kind and enum values, with
 * separators; Documentation/channel-format.rst has the exact bytes.
 */
u64 weir_fingerprint(const struct weir_type *t);

/**
 * weir_schema_type() - a Template Type as weir_verify() wants it
 * @t: the type
 * @provided: which fields are provided
 * @out: filled
 */
void weir_schema_type(const struct weir_type *t, u64 provided, struct weir_schema_type *out);

/**
 * weir_type_by_id() - look up one of the built-in Template Types
 * @id: its id
 *
 * Return: the type, or a null pointer.
 */
const struct weir_type *weir_type_by_id(u32 id);

/**
 * weir_captured() - the fields of a Template Type that the module has code for
 * @t: the type
 *
 * Return: a mask with bit i set for field i.
 */
u64 weir_captured(const struct weir_type *t);

#endif
