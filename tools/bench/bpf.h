/* SPDX-License-Identifier: GPL-2.0 */
/* What the matcher in eBPF shares with the harness: tables of fixed size, indexed with masks. */
#ifndef WEIR_BENCH_BPF_H
#define WEIR_BENCH_BPF_H

#include <linux/types.h>

#define BPF_INSTS 0x20000u
#define BPF_NODES 0x40000u
#define BPF_CRITS 0x40000u
#define BPF_LITS 0x40000u
#define BPF_RANGES 0x1000u
#define BPF_DFAS 0x1000u
#define BPF_CELLS 0x400000u
#define BPF_LITERAL 96u /* bytes of a literal at most */
#define BPF_FIELDS 64u
#define BPF_TEXT 0x10000u /* bytes of all strings of an event */
#define BPF_MATCHES 0x4000u

struct bpf_node {
	__u32 crit;
	__u16 yes, no;
};

struct bpf_crit {
	__u32 first, count;
	__u8 op, exact, field, kind;
};

struct bpf_literal {
	__u32 len;
	union {
		__u8 p[BPF_LITERAL];
		__u64 word[BPF_LITERAL / 8];
	};
};

struct bpf_range {
	__u64 lo, hi;
};

struct bpf_dfa {
	__u32 first, start, nclasses; /* first: of its cells */
	__u8 classes[256];
};

struct bpf_field {
	__u32 kind, off, len;
	__u64 num;
};

/*
 * All that the program has: one map, which the harness writes into. How far it has come is there,
 * not on the stack, as the kernel's verifier would follow each value that a counter there can have.
 */
struct bpf_tables {
	struct {
		__u32 off, len, operand, exact, i, row, found;
	} scan; /* a text and an operand that is compared with it */
	struct {
		__u32 crit, k, holds;
	} operand;
	struct {
		__u32 base, k;
	} program;
	struct {
		__u32 image, command, user, group, process; /* which fields, of set kinds */
		__u32 at, events;
	} capture; /* of weir_exec() alone */
	struct bpf_field field[BPF_FIELDS];
	__u8 text[2][BPF_TEXT + 8]; /* as it is; in lower case */
	__u32 first, ninsts; /* of the event's type */
	__u32 nmatch, match[BPF_MATCHES];
	__u32 stamp;
	__u32 inst[BPF_INSTS]; /* first node */
	struct bpf_node node[BPF_NODES];
	struct bpf_crit crit[BPF_CRITS];
	__u32 memo[BPF_CRITS]; /* stamp, + 1 if it holds */
	struct bpf_literal lit[BPF_LITS];
	struct bpf_range range[BPF_RANGES];
	struct bpf_dfa dfa[BPF_DFAS];
	__u16 cell[BPF_CELLS];
};

#endif
