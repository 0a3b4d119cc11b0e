/* SPDX-License-Identifier: GPL-2.0 */
/* A traffic profile: how often what is seen in the fields of events. */
#ifndef WEIR_PROFILE_H
#define WEIR_PROFILE_H

#include "schema.h"

#define WEIR_PROFILE_CELLS 65536u
#define WEIR_PROFILE_VALUES 1024u /* different values that are counted of one field */
#define WEIR_PROFILE_FILE_MAX 0x100000u /* bytes of a profile as a file: 1 MiB */

/* A number, or the first bits of an address, see profile.c; and how many events have it. */
struct weir_profile_value {
	uint64_t value;
	uint32_t count;
};

/* Windows of a string field without regard to case, counted by hash; values of any other field. */
struct weir_profile_field {
	uint32_t *cell; /* WEIR_PROFILE_CELLS, or null */
	struct weir_profile_value *value; /* room for WEIR_PROFILE_VALUES, or null */
	uint32_t nvalues;
};

struct weir_profile_type {
	const struct weir_type *type;
	uint32_t events; /* of this type that were counted; or what counts are parts of */
	struct weir_profile_field field[WEIR_ARITY_MAX];
};

/* All zero: nothing was counted. */
struct weir_profile {
	struct weir_profile_type *type;
	uint32_t n;
};

/* A window of a string: where it lies, and its bytes. */
struct weir_profile_window {
	uint8_t where; /* ALL, START or END of enum weir_at */
	uint8_t width; /* 1, 2, 3, 4 or 8 */
	uint16_t at; /* of START and END: bytes before it or behind it, a multiple of 8 below 64 */
	const uint8_t *p;
};

/**
 * weir_profile_add() - count an event
 * @p: the profile
 * @t: the event's type, kept
 * @e: the event
 */
void weir_profile_add(struct weir_profile *p, const struct weir_type *t,
		      const struct weir_event *e);
void weir_profile_free(struct weir_profile *p);

/* What is known of the windows of a string field: counts by hash, and what they are parts of. */
struct weir_profile_windows {
	const uint32_t *cell; /* WEIR_PROFILE_CELLS */
	double events;
};

/**
 * weir_profile_windows() - what is known of the windows of a string field
 * @p: the profile, or null; what it knows nothing of is taken from the built-in one, an ordinary
 *     Linux host
 * @t: the type
 * @field: the field
 */
struct weir_profile_windows weir_profile_windows(const struct weir_profile *p,
						 const struct weir_type *t, uint32_t field);

/* How many times a window is to be expected in an event: more than 0. */
double weir_profile_window(const struct weir_profile_windows *in,
			   const struct weir_profile_window *w);

/* The same for a number, as struct weir_value has it, and for the network of a CIDR literal. */
double weir_profile_number(const struct weir_profile *p, const struct weir_type *t, uint32_t field,
			   uint64_t num);
double weir_profile_network(const struct weir_profile *p, const struct weir_type *t, uint32_t field,
			    const uint8_t *literal, uint32_t len);

/**
 * weir_profile_json() - a profile as it is written to files
 * @p: the profile
 *
 * Leaves out what is rare, so that no file is larger than WEIR_PROFILE_FILE_MAX.
 *
 * Return: a new reference.
 */
json_t *weir_profile_json(const struct weir_profile *p);

/**
 * weir_profile_save() - write a profile, unless no event was counted
 * @p: the profile
 * @path: the file, "-" for standard output
 *
 * Reports the error itself.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_profile_save(const struct weir_profile *p, const char *path);

/**
 * weir_profile_open() - read a profile
 * @path: the file, "-" for standard input
 * @types: the Template Types; the profile's others, and fields that they do not have, are left out
 * @out: filled; free with weir_profile_free(), also after a failure
 *
 * Reports the error itself.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_profile_open(const char *path, const struct weir_types *types, struct weir_profile *out);

/* The common part of an address and of the literal of a CIDR criterion: see profile.c. */
uint64_t weir_profile_address(const uint8_t *p, uint32_t len);

#endif
