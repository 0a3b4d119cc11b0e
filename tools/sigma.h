/* SPDX-License-Identifier: GPL-2.0 */
/* Sigma rules to expressions. Documentation/sigma.rst says what is understood, and how. */
#ifndef WEIR_SIGMA_H
#define WEIR_SIGMA_H

#include "profile.h"
#include "program.h"
#include "sigma_pattern.h"
#include "sigma_yaml.h"
#include "weirc.h"

#define WEIR_CONDITION_TOKENS_MAX 1024u
#define WEIR_CONDITION_DEPTH_MAX 64u
#define WEIR_SIGMA_VALUE_MAX 4096u /* bytes of one value as it stands in a rule */
#define WEIR_SIGMA_DFAS_MAX 1024u /* automata of one rule */

/* Something to report: an error, or why a rule was skipped, or a warning. */
struct weir_problem {
	struct weir_where where;
	const char *message;
};

struct weir_problems {
	struct weir_problem *p;
	size_t n;
};

/* One value of a sample event. */
struct weir_sample_value {
	uint16_t field;
	uint16_t kind; /* enum weir_kind */
	struct weir_bytes bytes; /* of strings and addresses */
	uint64_t num; /* of the others, as struct weir_value has it */
};

/* A sample event of a rule. */
struct weir_sample_event {
	unsigned int line;
	int match; /* is the rule to match it? */
	struct weir_sample_value *value; /* by ascending field */
	uint32_t n;
};

/* A rule, compiled as far as it can be alone. */
struct weir_rule {
	const char *file;
	unsigned int line;
	const char *title;
	uint8_t uuid[16];
	uint32_t level; /* enum weir_level */
	uint32_t action; /* enum weir_verdict */
	uint64_t date; /* seconds since 1970 of `modified` or `date`; 0 if it has none */
	const struct weir_type *type;
	struct weir_expr *expr;
	struct weir_nodes nodes;
	struct weir_sample_event *sample;
	size_t nsamples;
	int always; /* nothing that is rare enough wakes it: asked of every event */
	double rate; /* how often it is to be woken, per event */
	const struct weir_test *common; /* if it is: what comes nearest to waking it, or null */
	struct weir_test **waker; /* criteria that wake it, unless it is asked always */
	size_t nwakers;
	uint32_t number; /* of the instance, once they are in order */
};

/* An automaton, and what it was made of. */
struct weir_known_dfa {
	struct weir_known_dfa *next;
	const void *p; /* the regular expression, or the items of a wildcard pattern */
	size_t n; /* bytes of it */
	unsigned int flags; /* what else the automaton depends on */
	struct weir_dfa *dfa; /* null until it is made */
};

#define WEIR_SIGMA_KNOWN 1024u

/* The compilation. */
struct weir_sigma {
	struct weir_program program;
	const struct weir_types *types;
	int any_source; /* accept any product and service */
	const struct weir_placeholder *placeholder;
	size_t nplaceholders;
	const struct weir_profile *profile; /* of the events to come, or null */
	struct weir_known_dfa *known[WEIR_SIGMA_KNOWN]; /* by hash */

	struct weir_rule *rule; /* that compiled */
	size_t nrules;
	struct weir_problems errors; /* of those that did not */
	struct weir_problems warnings;

	struct weir_arena yaml; /* of the file at hand: what is kept of it is copied */

	/* the rule at hand */
	const char *file;
	const char *title;
	const struct weir_type *type;
	size_t budget; /* see weir_patterns */
	unsigned int ndfas;
	int failed;
};

#define weir_sigma_arena(s) (&(s)->program.arena)

/**
 * weir_sigma_file() - compile the rules of a file
 * @s: the compilation; what went wrong is in its errors
 * @name: the file's name, for messages
 * @f: the file
 */
void weir_sigma_file(struct weir_sigma *s, const char *name, const struct weir_file *f);

/**
 * weir_sigma_error() - note what is wrong with the rule at hand
 * @s: the compilation
 * @line: where
 * @field: or null
 * @fmt: what
 *
 * Only the first error of a rule is kept.
 *
 * Return: -1.
 */
int weir_sigma_error(struct weir_sigma *s, unsigned int line, const char *field, const char *fmt,
		     ...) __attribute__((format(printf, 4, 5)));

/* The same for what is no error. */
void weir_sigma_warning(struct weir_sigma *s, unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The modifiers of a field, see sigma_modifier.c. */
enum weir_modifier {
	WEIR_MOD_CONTAINS,
	WEIR_MOD_STARTSWITH,
	WEIR_MOD_ENDSWITH,
	WEIR_MOD_WINDASH,
	WEIR_MOD_BASE64,
	WEIR_MOD_BASE64OFFSET,
	WEIR_MOD_UTF16LE,
	WEIR_MOD_UTF16BE,
	WEIR_MOD_UTF16,
	WEIR_MOD_EXPAND, /* up to here: turn strings into others, in the order given */
	WEIR_MOD_ALL,
	WEIR_MOD_CASED,
	WEIR_MOD_NEQ,
	WEIR_MOD_RE, /* from here: say what the value is */
	WEIR_MOD_CIDR,
	WEIR_MOD_LT,
	WEIR_MOD_LTE,
	WEIR_MOD_GT,
	WEIR_MOD_GTE,
	WEIR_MOD_EXISTS,
	WEIR_MOD_FIELDREF, /* up to here */
	WEIR_MOD_I,
	WEIR_MOD_M,
	WEIR_MOD_S,
	WEIR_MOD_END
};

struct weir_modifiers {
	uint32_t set; /* bit i: enum weir_modifier i is there */
	uint8_t order[WEIR_MOD_END]; /* in the order given */
	uint32_t n;
};

#define weir_has(m, mod) (1u & (m)->set >> (mod))

/* A field of a rule with its modifiers: what stands before the colon. */
struct weir_item {
	struct weir_modifiers mods;
	unsigned int line;
	const char *name; /* as written, without modifiers; empty for keywords */
	int field; /* number, or -1 for keywords */
};

/* Parse "Field|modifier|modifier". Return 0 or -1. */
int weir_sigma_item(struct weir_sigma *s, const struct weir_yaml *key, struct weir_item *out);

/* One value of an item to an expression; null after an error. */
struct weir_expr *weir_sigma_value(struct weir_sigma *s, const struct weir_item *item,
				   const struct weir_yaml *value);

/* The same by the kind of the item's field. */
struct weir_expr *weir_sigma_string(struct weir_sigma *s, const struct weir_item *item,
				    const struct weir_yaml *value);
struct weir_expr *weir_sigma_number(struct weir_sigma *s, const struct weir_item *item,
				    const struct weir_yaml *value);
struct weir_expr *weir_sigma_address(struct weir_sigma *s, const struct weir_item *item,
				     const struct weir_yaml *value);
struct weir_expr *weir_sigma_enum(struct weir_sigma *s, const struct weir_item *item,
				  const struct weir_yaml *value);

/* A value as patterns, all modifiers applied. Return 0 or -1. */
int weir_sigma_patterns(struct weir_sigma *s, const struct weir_item *item,
			const struct weir_yaml *value, struct weir_patterns *out);

/* A value as a DFA, for `re`, or null. */
struct weir_dfa *weir_sigma_regex(struct weir_sigma *s, const struct weir_item *item,
				  const struct weir_yaml *value);

/* A pattern as a DFA, or null. */
struct weir_dfa *weir_sigma_glob(struct weir_sigma *s, const struct weir_item *item,
				 const struct weir_pattern *p);

/* The expression that a field of the rule's type exists. */
struct weir_expr *weir_sigma_exists(struct weir_sigma *s, unsigned int field);

/**
 * weir_sigma_parse_number() - a value for a field of kind u64, i64 or bool
 * @kind: the kind
 * @y: the scalar
 * @num: set to the value as struct weir_value has it
 *
 * Return: a null pointer, or what is wrong.
 */
const char *weir_sigma_parse_number(uint32_t kind, const struct weir_yaml *y, uint64_t *num);

/**
 * weir_sigma_parse_address() - an address with or without a prefix length
 * @a: where the bytes go
 * @text: the text
 * @net: 1: take a prefix length, and give 5 or 17 bytes; 0: take none and give 4 or 16
 * @out: set
 *
 * Return: a null pointer, or what is wrong.
 */
const char *weir_sigma_parse_address(struct weir_arena *a, const char *text, int net,
				     struct weir_bytes *out);

/* A search identifier's definition to an expression; null after an error. */
struct weir_expr *weir_sigma_selection(struct weir_sigma *s, const struct weir_yaml *definition);

/* The rule's detection to an expression; null after an error. */
struct weir_expr *weir_sigma_detection(struct weir_sigma *s, const struct weir_yaml *detection,
				       unsigned int line);

/* The rule's own block: action and sample events. Return 0 or -1. */
int weir_sigma_block(struct weir_sigma *s, const struct weir_yaml *block, struct weir_rule *rule);

/* UUIDs: from text, and from a title. Return 0 or -1. */
int weir_sigma_uuid(const struct weir_yaml *y, uint8_t *out);
int weir_sigma_title_uuid(const char *title, uint8_t *out);

/* Seconds since 1970 of "2024-01-31" or "2024/01/31", or -1. */
int64_t weir_sigma_date(const struct weir_yaml *y);

#endif
