/* SPDX-License-Identifier: GPL-2.0 */
/* Two versions of a channel beside each other. */
#ifndef WEIR_CTL_DIFF_H
#define WEIR_CTL_DIFF_H

#include "condition.h"
#include "ctl.h"
#include "doubts.h"

/* One of the two files. */
struct weir_diff_file {
	const char *path;
	struct weir_checked checked;
	struct weir_doubts doubts;
	struct weir_channel channel; /* borrows from checked and from the types */
	struct weir_conditions conditions;
	json_t *facts; /* what there is to say of the file as a whole */
};

/* What a person wants to know first. */
enum weir_diff_rank {
	WEIR_DIFF_ACTS, /* something may be denied or killed that was not */
	WEIR_DIFF_LOSES, /* something may pass, or not be seen, that was */
	WEIR_DIFF_REST,
	WEIR_DIFF_RANKS
};

/* What of an instance changed. */
#define WEIR_DIFF_TITLE 1u
#define WEIR_DIFF_LEVEL 2u
#define WEIR_DIFF_ACTION 4u
#define WEIR_DIFF_TYPE 8u
#define WEIR_DIFF_CONDITION 16u

/* What a change of a condition may come to. */
#define WEIR_DIFF_MORE 1 /* events match that did not */
#define WEIR_DIFF_LESS 2 /* events do not match that did */

/* An instance that is not in both files as it is; WEIR_NOWHERE: not there at all. */
struct weir_diff_change {
	uint32_t old, new;
	unsigned int what; /* WEIR_DIFF_ */
	int effect; /* WEIR_DIFF_MORE, WEIR_DIFF_LESS */
	enum weir_diff_rank rank;
};

struct weir_diff {
	struct weir_diff_file old, new;
	struct weir_diff_change *change; /* by UUID */
	uint32_t n;
	uint32_t added, removed, same;
};

/* diff.c */

/**
 * weir_diff_make() - compare two files
 * @d: with both files open; the rest is filled; free with weir_diff_free()
 */
void weir_diff_make(struct weir_diff *d);
void weir_diff_free(struct weir_diff *d);

/* What there is to know of an instance of one of the files. */
struct weir_instance weir_diff_instance(const struct weir_diff_file *f, uint32_t i);

/* Is there nothing to say? */
int weir_diff_same(const struct weir_diff *d);

/* The answer as JSON: a new reference. */
json_t *weir_diff_json(const struct weir_diff *d);

/**
 * weir_match_keys() - which entries of two lists are the same
 * @a: keys of the one
 * @na: how many
 * @b: keys of the other
 * @nb: how many
 * @with_a: for each of @a: which of @b it is, or WEIR_NOWHERE
 * @with_b: and the other way round
 */
void weir_match_keys(const struct weir_key *a, uint32_t na, const struct weir_key *b, uint32_t nb,
		     uint32_t *with_a, uint32_t *with_b);

/* diff_condition.c */

/**
 * weir_condition_compare() - what became of a condition
 * @old: the file that @a is of
 * @a: the condition as it was
 * @new: the file that @b is of
 * @b: as it is
 * @print: print what differs to standard output
 *
 * Return: WEIR_DIFF_MORE and WEIR_DIFF_LESS as far as they cannot be ruled out; 0: it is the same.
 */
int weir_condition_compare(const struct weir_conditions *old, const struct weir_condition *a,
			   const struct weir_conditions *new, const struct weir_condition *b,
			   int print);

/* Print all of a condition. */
void weir_condition_print(const struct weir_conditions *cs, const struct weir_condition *x);

/* diff_text.c */

/* Print the answer in words. */
void weir_diff_print(const struct weir_diff *d);

#endif
