/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the two halves of the subset construction share. A DFA state is a set of threads and what
 * the byte before was, as far as an assertion among the threads cares. Assertions are decided when
 * the next byte is known. A thread is an NFA state and one bit: the next thing must be the end of
 * input, because it passed a $ in front of a newline.
 */
#ifndef WEIR_REGEX_SUBSET_H
#define WEIR_REGEX_SUBSET_H

#include "regex_internal.h"

/* What stands before or behind a place in the input. */
enum weir_re_around {
	WEIR_RE_AROUND_NOTHING,
	WEIR_RE_AROUND_NEWLINE,
	WEIR_RE_AROUND_WORD,
	WEIR_RE_AROUND_OTHER,
	WEIR_RE_AROUND_N
};

struct weir_re_threads {
	uint32_t *v;
	uint32_t n;
	enum weir_re_around before;
};

struct weir_re_subsets {
	struct weir_re_nfa *nfa;
	struct weir_re_raw *raw;
	const struct weir_re_err *e;
	uint32_t nthreads; /* NFA states times two */
	uint32_t reps[256]; /* a byte of each class */
	uint8_t *cares; /* of each NFA state: things before it that matter, through assertions */
	uint32_t *stack;
	uint32_t *mark; /* thread seen in this round */
	uint32_t round;
	uint32_t *pool; /* threads of all DFA states */
	uint32_t npool, cap_pool;
	uint32_t *first; /* of each DFA state: where its threads begin in the pool */
	uint32_t cap_first;
	uint8_t *before; /* of each DFA state: enum weir_re_around */
	uint32_t cap_before;
	uint32_t *hash; /* DFA state plus one, or 0 */
	uint32_t nhash;
	struct weir_re_threads set; /* the one being built */
	struct weir_re_threads at[WEIR_RE_AROUND_N]; /* the threads that stay, by what comes next */
	int matched[WEIR_RE_AROUND_N];
};

/**
 * weir_re_around() - what a byte is to the assertions beside it
 * @c: the byte
 */
enum weir_re_around weir_re_around(unsigned int c);

/**
 * weir_re_find_cares() - find out what each NFA state cares about
 * @x: the construction; its cares are filled
 */
void weir_re_find_cares(struct weir_re_subsets *x);

/**
 * weir_re_begin() - build the set that the automaton starts in
 * @x: the construction; its set is filled
 *
 * Return: 1 if it accepts whatever follows, else 0.
 */
int weir_re_begin(struct weir_re_subsets *x);

/**
 * weir_re_resolve() - for each thing that may come next: what threads are left, did one match
 * @x: the construction; its at and matched are filled
 * @d: the DFA state to leave
 */
void weir_re_resolve(struct weir_re_subsets *x, uint32_t d);

/**
 * weir_re_step() - build the set that a byte leads to
 * @x: the construction, resolved; its set is filled
 * @c: the byte
 *
 * Return: 1 if the set accepts whatever follows, else 0.
 */
int weir_re_step(struct weir_re_subsets *x, unsigned int c);

#endif
