/* SPDX-License-Identifier: GPL-2.0 */
/* Regular expressions and wildcard patterns to the DFAs of the channel format. */
#ifndef WEIR_REGEX_H
#define WEIR_REGEX_H

#include <stddef.h>
#include <stdint.h>

#define WEIR_RE_ICASE 1 /* i: ASCII letters match without regard to case */
#define WEIR_RE_MULTI 2 /* m: ^ and $ match at line ends too */
#define WEIR_RE_DOTALL 4 /* s: . matches a newline too */

/* Limits; a pattern past one of them is an error that names it. */
#define WEIR_RE_PATTERN_MAX 4096u /* bytes of a pattern */
#define WEIR_RE_DEPTH_MAX 64u /* groups inside groups */
#define WEIR_RE_REPEAT_MAX 1000u /* n and m of {n,m} */
#define WEIR_RE_NFA_MAX 0x10000u /* states of the nondeterministic automaton */
#define WEIR_RE_STATES_MAX 0x10000u /* states of the DFA before it is minimised */
#define WEIR_RE_CELLS_MAX 0x400000u /* its states times classes of bytes */
#define WEIR_RE_WORK_MAX 0x8000000u /* elementary steps of one compilation: 2^27 */

/* Bytes in lower case. */
struct weir_re_literal {
	uint32_t n;
	uint8_t p[32];
};

#define WEIR_RE_LITERALS_MAX 16u /* of a set; more are not worth a look */
#define WEIR_RE_NEEDS_MAX 8u
#define WEIR_RE_ANYWHERE 4096u

/* Literals of which one has to be there, in any case. */
struct weir_re_need {
	struct weir_re_literal lit[WEIR_RE_LITERALS_MAX];
	uint32_t n;
	uint32_t before; /* bytes of a match before it, at most; or WEIR_RE_ANYWHERE */
	uint64_t prefix[4]; /* which they can be: a bit each */
};

/* A DFA as interpreter/format.h describes it: next[] holds the cell at which a row begins. */
struct weir_dfa {
	uint16_t nclasses; /* the last one stands for the end of input */
	uint16_t start; /* cell at which the start state's row begins */
	uint32_t ncells; /* states times nclasses, at most WEIR_DFA_CELLS_MAX */
	uint8_t map[256]; /* byte to class */
	uint16_t *next; /* or WEIR_DFA_ACCEPT, WEIR_DFA_REJECT */
	struct weir_re_need *need; /* what it accepts has one literal of each; the rarest first */
	uint32_t nneeds;
};

/* One element of a wildcard pattern: a byte, any one byte, or any run of bytes. */
enum weir_glob_kind { WEIR_GLOB_BYTE, WEIR_GLOB_ONE, WEIR_GLOB_RUN };

struct weir_glob_item {
	uint8_t kind; /* enum weir_glob_kind */
	uint8_t byte;
};

/**
 * weir_regex_compile() - a regular expression to a DFA that finds it anywhere in its input
 * @pattern: the expression; any bytes
 * @len: bytes at @pattern
 * @flags: WEIR_RE_ flags that hold from the start
 * @out: filled on success, to be freed with weir_dfa_free()
 * @err: on failure a message with the position in the pattern
 * @errlen: room at @err
 *
 * The part of PCRE that needs neither memory of what was matched nor a look around: literals,
 * escapes, classes, . ^ $ \A \z \Z \b \B, groups, (?ims) (?i:...), alternation and the quantifiers,
 * lazy ones included. Works on bytes: . and a class match one byte, \xHH is a byte, and a character
 * beyond ASCII in the pattern is the sequence of its UTF-8 bytes. The same pattern always gives the
 * same bytes.
 *
 * Return: 0, or -1 with a message in @err.
 */
int weir_regex_compile(const char *pattern, size_t len, unsigned int flags, struct weir_dfa *out,
		       char *err, size_t errlen);

/**
 * weir_glob_compile() - a wildcard pattern to a DFA that matches it against a whole input
 * @items: the pattern
 * @n: items
 * @cased: zero to match ASCII letters without regard to case
 * @out: filled on success, to be freed with weir_dfa_free()
 * @err: on failure a message
 * @errlen: room at @err
 *
 * Return: 0, or -1 with a message in @err.
 */
int weir_glob_compile(const struct weir_glob_item *items, size_t n, int cased, struct weir_dfa *out,
		      char *err, size_t errlen);

/**
 * weir_dfa_match() - run a DFA outside the Content Interpreter
 * @d: the DFA
 * @s: input
 * @n: bytes at @s
 *
 * Return: 1 if it accepts, else 0.
 */
int weir_dfa_match(const struct weir_dfa *d, const uint8_t *s, size_t n);

/**
 * weir_dfa_free() - free what a compilation filled in
 * @d: the DFA; its memory itself stays with the caller
 */
void weir_dfa_free(struct weir_dfa *d);

#endif
