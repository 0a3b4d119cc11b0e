/* SPDX-License-Identifier: GPL-2.0 */
/* The Template Types that the tools work with: the built-in ones or those of a JSON file. */
#ifndef WEIR_SCHEMA_H
#define WEIR_SCHEMA_H

#include <jansson.h>

#include "templates.h"

/* Template Types by ascending id. */
struct weir_types {
	const struct weir_type *t;
	uint32_t n;
	struct weir_schema_type *checked; /* n of them, for weir_verify(), all fields provided */
	struct weir_schema schema; /* points to them */
	int owned; /* the types and their strings were allocated */
};

/**
 * weir_types_open() - get the Template Types
 * @path: a JSON file as `weirc schema` prints it, "-" for standard input, or null for the built-in
 * @out: filled on success; free with weir_types_close()
 *
 * Reports the error itself.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_types_open(const char *path, struct weir_types *out);

/**
 * weir_types_load() - get the Template Types out of JSON that is in memory
 * @root: as `weirc schema` prints it
 * @file: where it is from, for errors
 * @out: filled on success; free with weir_types_close()
 *
 * Reports the error itself.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_types_load(json_t *root, const char *file, struct weir_types *out);
void weir_types_close(struct weir_types *ts);

/* Look up a type; null if there is none. */
const struct weir_type *weir_types_by_name(const struct weir_types *ts, const char *name);
const struct weir_type *weir_types_by_id(const struct weir_types *ts, uint32_t id);

/**
 * weir_field_number() - look up a field
 * @t: the type
 * @name: its exact name
 *
 * Return: its number or -1.
 */
int weir_field_number(const struct weir_type *t, const char *name);

/**
 * weir_type_load_actions() - which events of a type cannot be denied or killed for
 * @o: the type in JSON: "no_deny" and "no_kill" are true for all events, or lists of values of the
 *     enum field that "selector" names; without them there are none
 * @file: where it is from, for errors
 * @t: the type with its fields; its selector and masks are set
 *
 * Reports the error itself.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_type_load_actions(json_t *o, const char *file, struct weir_type *t);

/* The same back into JSON. */
void weir_type_put_actions(json_t *o, const struct weir_type *t);

/**
 * weir_types_json() - the types as `weirc schema` prints them
 * @ts: the types
 *
 * Return: a new reference.
 */
json_t *weir_types_json(const struct weir_types *ts);

#endif
