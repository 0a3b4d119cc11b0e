/* SPDX-License-Identifier: GPL-2.0 */
/* Sigma's string values as patterns, and the modifiers that turn them into others. */
#ifndef WEIR_SIGMA_PATTERN_H
#define WEIR_SIGMA_PATTERN_H

#include "regex.h"
#include "sigma_arena.h"

#define WEIR_PATTERNS_MAX 4096u /* what one value of a rule may turn into, at most */
#define WEIR_PATTERN_BUDGET                                                                        \
	4000000u /* bytes and wildcards of all that one rule's values turn into */
#define WEIR_PLACEHOLDERS_MAX 8u /* in one value */

/* A string value: bytes, `?` and `*`. */
struct weir_pattern {
	struct weir_glob_item *item;
	size_t n;
};

/* Patterns any of which is to match: what one value became. */
struct weir_patterns {
	struct weir_arena *arena;
	size_t *budget; /* items that this rule may still make */
	struct weir_pattern *p;
	size_t n;
	const char *error; /* set by what returns -1 */
};

/* What a pattern without `?` and inner `*` is. */
enum weir_pattern_shape {
	WEIR_PATTERN_ANY, /* nothing but `*` */
	WEIR_PATTERN_EQ,
	WEIR_PATTERN_PREFIX,
	WEIR_PATTERN_SUFFIX,
	WEIR_PATTERN_CONTAINS,
	WEIR_PATTERN_GLOB, /* none of these */
};

/**
 * weir_pattern_parse() - a value as it stands in a rule
 * @ps: set to the one pattern
 * @s: the text; `*` and `?` are wildcards, a backslash before one of them or before a backslash
 *     makes it a plain character, any other backslash is one itself
 * @n: bytes at @s
 */
void weir_pattern_parse(struct weir_patterns *ps, const char *s, size_t n);

/* Add a `*` in front or behind unless one is there. */
void weir_pattern_run_before(struct weir_patterns *ps);
void weir_pattern_run_after(struct weir_patterns *ps);

/**
 * weir_pattern_shape() - tell what a pattern is
 * @p: the pattern
 * @first: set to the first item of the literal in it, if it is of one
 * @len: set to the literal's length
 */
enum weir_pattern_shape weir_pattern_shape(const struct weir_pattern *p, size_t *first,
					   size_t *len);

/* The modifiers; each changes @ps in place. Return 0, or -1 with @ps->error. */
int weir_pattern_windash(struct weir_patterns *ps);
int weir_pattern_base64(struct weir_patterns *ps);
int weir_pattern_base64offset(struct weir_patterns *ps);
int weir_pattern_utf16le(struct weir_patterns *ps);
int weir_pattern_utf16be(struct weir_patterns *ps);
int weir_pattern_utf16(struct weir_patterns *ps);

/* A placeholder's values, for the modifier expand. */
struct weir_placeholder {
	char *name;
	char **value;
	size_t n;
};

int weir_pattern_expand(struct weir_patterns *ps, const struct weir_placeholder *known, size_t n);

#endif
