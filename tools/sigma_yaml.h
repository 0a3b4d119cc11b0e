/* SPDX-License-Identifier: GPL-2.0 */
/* YAML as a tree with line numbers, within limits that no file can talk its way past. */
#ifndef WEIR_SIGMA_YAML_H
#define WEIR_SIGMA_YAML_H

#include <stddef.h>
#include <stdint.h>

#include "sigma_arena.h"

#define WEIR_YAML_FILE_MAX 0x100000u /* bytes of one rule file */
#define WEIR_YAML_NODES_MAX 100000u /* of one file, an alias counting all that it stands for */
#define WEIR_YAML_DEPTH_MAX 32u
#define WEIR_YAML_ANCHORS_MAX 256u
#define WEIR_YAML_KEYS_MAX 4096u /* of one map */
#define WEIR_YAML_DOCS_MAX 10000u

enum weir_yaml_kind { WEIR_YAML_SCALAR, WEIR_YAML_LIST, WEIR_YAML_MAP };

/* What an unquoted scalar means. Quoted ones are always strings. */
enum weir_yaml_scalar {
	WEIR_YAML_STRING,
	WEIR_YAML_NULL,
	WEIR_YAML_BOOL,
	WEIR_YAML_INT,
	WEIR_YAML_FLOAT,
	WEIR_YAML_UNCLEAR, /* read differently by different versions of YAML */
};

struct weir_yaml {
	enum weir_yaml_kind kind;
	unsigned int line;
	int plain; /* scalar without quotes and tag */
	const char *text; /* of a scalar, terminated, but may hold NULs */
	size_t len;
	uint32_t n; /* entries of a list or map */
	struct weir_yaml **key; /* of a map: scalars, each only once */
	struct weir_yaml **item; /* of a list; values of a map */
	uint32_t weight; /* nodes that this one stands for */
};

struct weir_yaml_docs {
	struct weir_yaml **doc;
	size_t n;
	unsigned int line; /* of an error */
	const char *error;
};

/**
 * weir_yaml_load() - all documents of a file
 * @a: where the trees live
 * @p: the file
 * @n: its size
 * @out: filled; on failure with line and error
 *
 * Return: 0 or -1.
 */
int weir_yaml_load(struct weir_arena *a, const uint8_t *p, size_t n, struct weir_yaml_docs *out);

/* The value of a map's key, or null. */
struct weir_yaml *weir_yaml_get(const struct weir_yaml *map, const char *key);

/* Is a scalar exactly this text? */
int weir_yaml_is(const struct weir_yaml *y, const char *text);

/* A scalar as a C string; the empty one for what is none, or holds a NUL. */
const char *weir_yaml_word(const struct weir_yaml *y);

/* What a scalar means. */
enum weir_yaml_scalar weir_yaml_type(const struct weir_yaml *y);

/**
 * weir_yaml_int() - the value of a scalar of type WEIR_YAML_INT, or of a string of digits
 * @y: the scalar
 * @negative: set to 1 if there was a minus
 * @value: magnitude
 *
 * Decimal, 0x and 0o.
 *
 * Return: 0, or -1 if it is no such number or does not fit.
 */
int weir_yaml_int(const struct weir_yaml *y, int *negative, uint64_t *value);

#endif
