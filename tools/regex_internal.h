/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the regex compiler share: syntax tree, NFA, raw DFA. */
#ifndef WEIR_REGEX_INTERNAL_H
#define WEIR_REGEX_INTERNAL_H

#include "limits.h"
#include "format.h"
#include "regex.h"

#define WEIR_RE_NONE 0xffffffffu
#define WEIR_RE_INF 0xffffffffu

/* A set of bytes. */
struct weir_re_set {
	uint64_t w[4];
};

enum weir_re_kind {
	WEIR_RE_EMPTY,
	WEIR_RE_SET, /* one byte out of a set */
	WEIR_RE_ASSERT, /* holds between two bytes */
	WEIR_RE_CAT, /* children in reverse order */
	WEIR_RE_ALT,
	WEIR_RE_REPEAT, /* one child, min to max times */
};

enum weir_re_assert {
	WEIR_RE_TEXT_START, /* \A, ^ */
	WEIR_RE_LINE_START, /* ^ with m */
	WEIR_RE_TEXT_END, /* \z */
	WEIR_RE_LAST_LINE_END, /* \Z, $: the end, or before a newline that is the last byte */
	WEIR_RE_LINE_END, /* $ with m */
	WEIR_RE_WORD, /* \b */
	WEIR_RE_NOT_WORD, /* \B */
};

/* A node of the syntax tree. Numbers instead of pointers: the array may move. */
struct weir_re_node {
	uint32_t kind;
	uint32_t arg; /* SET: index of the set; ASSERT: which */
	uint32_t min, max; /* REPEAT */
	uint32_t child; /* first one, or NONE */
	uint32_t sibling; /* next one, or NONE */
};

struct weir_re_tree {
	struct weir_re_node *node;
	uint32_t nnodes, cap_nodes;
	struct weir_re_set *set;
	uint32_t nsets, cap_sets;
};

enum weir_re_state_kind { WEIR_RE_S_SET, WEIR_RE_S_SPLIT, WEIR_RE_S_ASSERT, WEIR_RE_S_MATCH };

struct weir_re_state {
	uint32_t kind;
	uint32_t arg; /* S_SET: index of the set; S_ASSERT: which */
	uint32_t out, out2; /* out2: S_SPLIT */
	uint32_t dom; /* a state that can do all that this one can, or NONE */
};

struct weir_re_nfa {
	struct weir_re_state *s;
	uint32_t n, cap;
	uint32_t start;
	uint32_t work;
	const struct weir_re_set *set; /* of the tree */
	uint32_t nsets;
};

/* A complete DFA, not yet minimised: n rows of k byte classes, and what the end of input says. */
struct weir_re_raw {
	uint32_t n, cap;
	uint32_t k;
	uint32_t start;
	uint8_t map[256];
	uint32_t *next;
	uint8_t *accept; /* at the end of input */
};

/* Where the message goes. */
struct weir_re_err {
	char *buf;
	size_t len;
};

/**
 * weir_re_fail() - write an error message
 * @e: where to
 * @pos: position in the pattern, or WEIR_RE_NONE
 * @fmt: as printf
 *
 * Return: always -1.
 */
int weir_re_fail(const struct weir_re_err *e, uint32_t pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * weir_re_grow() - make room for one more element of an array
 * @array: address of the pointer
 * @cap: its capacity, updated
 * @n: elements in use
 * @size: bytes of an element
 *
 * Return: 0, or -1 if memory is short.
 */
int weir_re_grow(void *array, uint32_t *cap, uint32_t n, size_t size);

/* Sets of bytes. */
static inline void weir_re_set_add(struct weir_re_set *s, unsigned int c)
{
	s->w[c >> 6] |= 1ull << (c & 63);
}

static inline int weir_re_set_has(const struct weir_re_set *s, unsigned int c)
{
	return (int)(s->w[c >> 6] >> (c & 63) & 1);
}

/**
 * weir_re_set_range() - add a range of bytes
 * @s: the set
 * @lo: first byte
 * @hi: last byte
 */
void weir_re_set_range(struct weir_re_set *s, unsigned int lo, unsigned int hi);

/**
 * weir_re_set_union() - add all bytes of another set
 * @s: the set
 * @o: the other
 */
void weir_re_set_union(struct weir_re_set *s, const struct weir_re_set *o);

/**
 * weir_re_set_not() - turn a set into its complement
 * @s: the set
 */
void weir_re_set_not(struct weir_re_set *s);

/**
 * weir_re_set_fold() - add the other case of each ASCII letter in a set
 * @s: the set
 */
void weir_re_set_fold(struct weir_re_set *s);

/**
 * weir_re_set_type() - the set of an escape such as \d
 * @c: the letter
 * @out: filled
 *
 * Return: 0, or -1 if there is no such set.
 */
int weir_re_set_type(char c, struct weir_re_set *out);

/**
 * weir_re_set_posix() - the set of a POSIX class name
 * @name: such as "alpha"
 * @len: its bytes
 * @out: filled
 *
 * Return: 0, or -1 if there is no such set.
 */
int weir_re_set_posix(const char *name, size_t len, struct weir_re_set *out);

/* The syntax tree. Each returns a node number, or NONE if memory is short. */

/**
 * weir_re_node() - add a node
 * @t: the tree
 * @kind: enum weir_re_kind
 * @arg: what the kind takes
 */
uint32_t weir_re_node(struct weir_re_tree *t, uint32_t kind, uint32_t arg);

/**
 * weir_re_node_set() - add a node for a set of bytes
 * @t: the tree
 * @s: the set, copied
 */
uint32_t weir_re_node_set(struct weir_re_tree *t, const struct weir_re_set *s);

/**
 * weir_re_node_byte() - add a node for a byte
 * @t: the tree
 * @c: the byte
 * @fold: its other case too
 */
uint32_t weir_re_node_byte(struct weir_re_tree *t, unsigned int c, int fold);

/**
 * weir_re_adopt() - put a child in front of a node's children
 * @t: the tree
 * @parent: a CAT, ALT or REPEAT
 * @child: a node without a sibling
 */
void weir_re_adopt(struct weir_re_tree *t, uint32_t parent, uint32_t child);

/**
 * weir_re_tree_free() - free a tree's arrays
 * @t: the tree
 */
void weir_re_tree_free(struct weir_re_tree *t);

/* What the parser knows while it reads. */
struct weir_re_parser {
	const uint8_t *p;
	uint32_t n;
	uint32_t pos;
	uint32_t depth;
	unsigned int flags;
	struct weir_re_tree *t;
	const struct weir_re_err *e;
};

/**
 * weir_re_parse() - a pattern to a syntax tree
 * @ps: pattern, flags, tree and error set up; the rest zero
 * @root: set on success
 *
 * Return: 0, or -1 with a message.
 */
int weir_re_parse(struct weir_re_parser *ps, uint32_t *root);

/**
 * weir_re_parse_class() - read a bracket expression
 * @ps: positioned behind the [
 * @node: set on success
 *
 * Return: 0, or -1 with a message.
 */
int weir_re_parse_class(struct weir_re_parser *ps, uint32_t *node);

/**
 * weir_re_parse_char_escape() - read an escape that stands for one byte
 * @ps: positioned behind the backslash
 * @byte: set on success
 *
 * Return: 0, or -1 with a message.
 */
int weir_re_parse_char_escape(struct weir_re_parser *ps, unsigned int *byte);

/**
 * weir_re_utf8() - how many bytes the UTF-8 character at the parser's position has
 * @ps: the parser
 *
 * Return: 2, 3 or 4; 1 for ASCII and for what is not UTF-8; 0 at the end of the pattern.
 */
uint32_t weir_re_utf8(const struct weir_re_parser *ps);

/**
 * weir_re_node_utf8() - add a node for the UTF-8 character at the parser's position, and skip it
 * @ps: the parser
 * @n: what weir_re_utf8() said
 *
 * Return: the node, or NONE if memory is short.
 */
uint32_t weir_re_node_utf8(struct weir_re_parser *ps, uint32_t n);

/**
 * weir_re_nfa() - a syntax tree to an NFA
 * @t: the tree
 * @root: its root
 * @nfa: zero; filled
 * @e: where a message goes
 *
 * Return: 0, or -1 with a message.
 */
int weir_re_nfa(const struct weir_re_tree *t, uint32_t root, struct weir_re_nfa *nfa,
		const struct weir_re_err *e);

/**
 * weir_re_subsets() - an NFA to a complete DFA
 * @nfa: the NFA
 * @raw: zero; filled
 * @e: where a message goes
 *
 * Return: 0, or -1 with a message.
 */
int weir_re_subsets(struct weir_re_nfa *nfa, struct weir_re_raw *raw, const struct weir_re_err *e);

/**
 * weir_re_minimise() - which states of a complete DFA are the same
 * @raw: the DFA
 * @block: for each state the number of its block
 * @nblocks: set
 *
 * Return: 0, or -1 if memory is short.
 */
int weir_re_minimise(const struct weir_re_raw *raw, uint32_t *block, uint32_t *nblocks);

/**
 * weir_re_pack() - a complete DFA to the smallest one in the channel format
 * @raw: the DFA
 * @out: filled on success
 * @e: where a message goes
 *
 * Return: 0, or -1 with a message.
 */
int weir_re_pack(const struct weir_re_raw *raw, struct weir_dfa *out, const struct weir_re_err *e);

/**
 * weir_re_build() - a syntax tree to the smallest DFA in the channel format
 * @t: the tree
 * @root: its root
 * @anchored: zero to find the pattern anywhere, else it must match the whole input
 * @out: filled on success
 * @e: where a message goes
 *
 * Return: 0, or -1 with a message.
 */
int weir_re_build(struct weir_re_tree *t, uint32_t root, int anchored, struct weir_dfa *out,
		  const struct weir_re_err *e);

/**
 * weir_re_need() - find sets of literals of which an accepted input has one each
 * @t: the tree
 * @root: of the pattern, without what surrounds it
 * @out: gets them
 *
 * Return: 0, also if there are none; -1 if memory is short.
 */
int weir_re_need(const struct weir_re_tree *t, uint32_t root, struct weir_dfa *out);

#endif
