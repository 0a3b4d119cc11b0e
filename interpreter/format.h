/* SPDX-License-Identifier: GPL-2.0 */
/* The channel format in numbers. Documentation/channel-format.rst says what they mean. */
#ifndef WEIR_FORMAT_H
#define WEIR_FORMAT_H

/* "WEIRCHN1", read as two little-endian u32. */
#define WEIR_MAGIC "WEIRCHN1"
#define WEIR_MAGIC_LO 0x52494557u
#define WEIR_MAGIC_HI 0x314e4843u
#define WEIR_FORMAT 3u

/* Header, at offset 0. */
#define WEIR_H_MAGIC 0u
#define WEIR_H_FORMAT 8u /* u32 WEIR_FORMAT */
#define WEIR_H_SIZE 12u /* u32 bytes of content, all of it, without the signature */
#define WEIR_H_CHANNEL 16u /* u32 channel number, not 0 */
#define WEIR_H_NSECT 20u /* u32 WEIR_NSECT */
#define WEIR_H_VERSION 24u /* u64 not 0 */
#define WEIR_H_CREATED 32u /* u64 seconds since 1970 */
#define WEIR_H_COST 40u /* u64 worst-case steps of one event, as weir_cost() adds them up */
#define WEIR_H_SCRATCH 48u /* u32 bytes of scratch eval needs, as weir_about() says */
#define WEIR_H_NAMELEN 52u /* u32 bytes of the channel name, at the start of TEXT */
#define WEIR_H_ZERO 56u /* u64 0 */
#define WEIR_H_SECTIONS 64u /* the section table: WEIR_NSECT entries, in the order of their ids */

/* A section table entry. */
#define WEIR_S_ID 0u /* u32 */
#define WEIR_S_OFF 4u /* u32 offset in the file: the end of the section before, rounded up to 8 */
#define WEIR_S_LEN 8u /* u32 bytes; count times the size of an entry */
#define WEIR_S_COUNT 12u /* u32 entries */
#define WEIR_SZ_SECTION 16u

enum weir_section {
	WEIR_SEC_HEADER, /* only in errors: the header and the section table */
	WEIR_SEC_TEXT, /* bytes: the channel name, then each instance's title, UTF-8 */
	WEIR_SEC_TYPES, /* the Template Types that the content uses, by ascending id */
	WEIR_SEC_KINDS, /* u8 a field, type after type */
	WEIR_SEC_INSTANCES, /* Template Instances, by type, those always asked first, by UUID */
	WEIR_SEC_NODES, /* programs, instance after instance */
	WEIR_SEC_CRITERIA, /* shared criteria, in the order of their first use by a node */
	WEIR_SEC_LITERALS, /* string and CIDR operands, criterion after criterion */
	WEIR_SEC_NUMBERS, /* ranges, criterion after criterion */
	WEIR_SEC_POOL, /* bytes: literals and their failure tables */
	WEIR_SEC_DFAS, /* one a DFA criterion */
	WEIR_SEC_DFA_DATA, /* bytes: class maps and transition tables */
	WEIR_SEC_PROBES, /* the matching index: what is looked up of an event, type after type */
	WEIR_SEC_FILTERS, /* u32, probe after probe: bits of the windows that are worth a look */
	WEIR_SEC_ENTRIES, /* operands, a hash table a probe */
	WEIR_SEC_WAKES, /* u32 instances and their gates, criterion after criterion */
	WEIR_SEC_SAMPLES, /* sample events */
	WEIR_SEC_SAMPLE_VALUES, /* sample after sample */
	WEIR_SEC_SAMPLE_EXPECT, /* u32 instance numbers, sample after sample */
	WEIR_SEC_SAMPLE_DATA, /* bytes: the string and address values of samples */
	WEIR_SEC_END
};

#define WEIR_NSECT 19u
#define WEIR_HEADER_SIZE (WEIR_H_SECTIONS + WEIR_NSECT * WEIR_SZ_SECTION)

/* TYPES */
#define WEIR_T_ID 0u /* u16 */
#define WEIR_T_ARITY 2u /* u16 */
#define WEIR_T_INST 4u /* u32 first instance of this type: the end of the type before */
#define WEIR_T_NINST 8u /* u32 instances of this type, at least 1 */
#define WEIR_T_KIND 12u /* u32 index in KINDS of its field 0: the end of the type before */
#define WEIR_T_NALWAYS 16u /* u32 of them that no index wakes: the first */
#define WEIR_T_PROBE 20u /* u32 first probe: the last before the next type's, or before the end */
#define WEIR_T_FINGERPRINT 24u /* u64 weir_fingerprint() of the schema compiled against */
#define WEIR_SZ_TYPE 32u

/* INSTANCES */
#define WEIR_I_UUID 0u /* u8[16] in the order of its text form */
#define WEIR_I_TYPE 16u /* u16 index into TYPES */
#define WEIR_I_NNODES 18u /* u16 at least 1 */
#define WEIR_I_NODE 20u /* u32 first node: the end of the instance before */
#define WEIR_I_LEVEL 24u /* u8 enum weir_level */
#define WEIR_I_ACTION 25u /* u8 enum weir_verdict, not NONE */
#define WEIR_I_TITLELEN 26u /* u16 */
#define WEIR_I_TITLE 28u /* u32 offset in TEXT: the end of the title before */
#define WEIR_SZ_INSTANCE 32u

/* NODES: test a criterion, go on at `yes` or `no` */
#define WEIR_N_CRIT 0u /* u32 index into CRITERIA, and two flags: */
#define WEIR_N_YES 4u /* u16 a later node of the same program, counted from its first, or: */
#define WEIR_N_NO 6u /* u16 */
#define WEIR_SZ_NODE 8u
#define WEIR_INDEXED_NODE 0x40000000u /* the criterion is WEIR_INDEXED */
#define WEIR_ASLEEP 0x80000000u /* see check_asleep() in verify_index.c */
#define WEIR_ACCEPT 0xffffu
#define WEIR_REJECT 0xfffeu

/* CRITERIA */
#define WEIR_C_TYPE 0u /* u8 index into TYPES */
#define WEIR_C_FIELD 1u /* u8 */
#define WEIR_C_FIELD2 2u /* u8 the other field of the FIELD_ ops, else 0 */
#define WEIR_C_OP 3u /* u8 enum weir_op */
#define WEIR_C_FIRST 4u /* u32 first operand; 0 if the op has none */
#define WEIR_C_COUNT 8u /* u24 operands, any of which satisfies; 0 if the op has none */
#define WEIR_C_FLAGS 11u /* u8 WEIR_CASED, WEIR_INDEXED */
#define WEIR_C_WAKE 12u /* u32 first entry in WAKES: the end of the criterion before; and slot */
#define WEIR_SZ_CRITERION 16u
#define WEIR_CASED 1u
#define WEIR_INDEXED 2u /* all its operands are in the index: what no probe finds is false */
/*
 * WEIR_C_WAKE plus so many for each slot: where an event is noted to have the criterion's operands,
 * first and last, for the DFAs that it leads. 0, or ascending by criterion from 1.
 */
#define WEIR_SLOT 0x80000u

enum weir_op {
	WEIR_OP_EXISTS = 1, /* the field has a value */
	WEIR_OP_EQ, /* string equals a literal */
	WEIR_OP_PREFIX,
	WEIR_OP_SUFFIX,
	WEIR_OP_CONTAINS,
	WEIR_OP_DFA, /* string accepted by the DFA (count is 1) */
	WEIR_OP_RANGE, /* u64, i64, bool, enum inside a range */
	WEIR_OP_CIDR, /* address inside a network */
	WEIR_OP_FIELD_EQ, /* equals the value of field2, of the same kind */
	WEIR_OP_FIELD_PREFIX, /* string starts with the string of field2 */
	WEIR_OP_FIELD_SUFFIX,
	WEIR_OP_END
};

/* LITERALS */
#define WEIR_L_OFF 0u /* u32 offset in POOL: the end of the literal before */
#define WEIR_L_LEN 4u /* u16 bytes, without the failure table */
#define WEIR_L_AT 6u /* u8 where in it is the window that the index knows it by */
#define WEIR_L_PROBE 7u /* u8 the probe; 0 as WEIR_L_AT if the criterion is not indexed */
#define WEIR_SZ_LITERAL 8u
/*
 * A literal of CONTAINS is not empty and, unless it is indexed, is followed in POOL by its failure
 * table, u16 a byte:
 * entry j is the length of the longest proper border of the literal's first j bytes (entry 0 is 0).
 * A literal of CIDR is an address of 4 or 16 bytes and one byte with the prefix length.
 */

/* NUMBERS: lo <= value <= hi; i64 with the sign bit flipped, so that unsigned order is right */
#define WEIR_R_LO 0u /* u64 */
#define WEIR_R_HI 8u /* u64 */
#define WEIR_SZ_NUMBER 16u
#define WEIR_I64_BIAS 0x8000000000000000ull

/* DFAS */
#define WEIR_D_OFF 0u /* u32 offset in DFA_DATA: the end of the DFA before */
#define WEIR_D_NCELLS 4u /* u32 u16 cells, states times classes */
#define WEIR_D_START 8u /* u32 cell at which the start state's row begins */
#define WEIR_D_NCLASSES 12u /* u16 classes; the last one stands for the end of input */
#define WEIR_D_BEFORE 14u /* u16 see WEIR_D_LEADER */
#define WEIR_D_LEADER 16u /* u32 0, or 1 and a criterion with a slot: */
#define WEIR_D_IDLE 20u /* u32 see below */
#define WEIR_D_PREFIX 24u /* u32 see below */
#define WEIR_D_STAY 28u /* u32 bit k: class k leads from IDLE to IDLE */
#define WEIR_SZ_DFA 32u
/*
 * What the DFA accepts has an operand of its leader. So it begins with the event's first one, or up
 * to BEFORE bytes before it (WEIR_FROM_START: with the byte before all those before it whose class
 * is a bit of PREFIX); and behind the last one it rejects once it comes to the row at cell IDLE.
 * Without a leader all three are 0, and STAY is as IDLE wants it.
 */
#define WEIR_FROM_START 0xffffu
/* In DFA_DATA: u8 class[256], then u16 next[ncells]: the cell of the next row, or one of: */
#define WEIR_DFA_ACCEPT 0xffffu
#define WEIR_DFA_REJECT 0xfffeu

/* PROBES: windows of a field's value, or the value, and the table that knows them */
#define WEIR_B_FIELD 0u /* u8 */
#define WEIR_B_WHERE 1u /* u8 enum weir_at */
#define WEIR_B_WIDTH 2u /* u8 bytes of a window: 1, 2, 3, 4 or 8; of NET, bytes of the address */
#define WEIR_B_ZERO 3u /* u8 0 */
#define WEIR_B_AT 4u /* u16 of START and END, bytes before it or behind it; of NET, bits */
#define WEIR_B_ZERO2 6u /* u16 0 */
#define WEIR_B_FILTER 8u /* u32 first word in FILTERS: the end of the probe before */
#define WEIR_B_WORDS 12u /* u32 its words; 0 but of ALL */
#define WEIR_B_FIRST 16u /* u32 first entry: the end of the probe before */
#define WEIR_B_COUNT 20u /* u32 its entries, empty ones as well */
#define WEIR_B_HOMES 24u /* u32 how many of these are homes, the first */
#define WEIR_B_WEIGHT 28u /* u32 the most that entries in a row take, in steps */
#define WEIR_SZ_PROBE 32u

enum weir_at {
	WEIR_AT_ALL = 1, /* every window */
	WEIR_AT_START, /* the one that begins so far from the start */
	WEIR_AT_END, /* the one that ends so far from the end */
	WEIR_AT_NUM, /* the number */
	WEIR_AT_NET, /* so many bits of an address */
	WEIR_AT_PAST
};

/*
 * ENTRIES: an operand is at its home, see spread() in bits.h, or in the next entry that those
 * before it left free: they come by hash, then by operand. Looking ends at one that is empty or has
 * a higher hash.
 */
#define WEIR_X_HASH 0u /* u32 of the window: mix() of tag_of() in window.h */
#define WEIR_X_MORE 4u /* u32 of four bytes of the literal behind the window or before it */
#define WEIR_X_OPERAND 8u /* u32 literal or range number, and of what MORE is: */
#define WEIR_MORE_NONE 0u
#define WEIR_MORE_BEHIND 0x40000000u
#define WEIR_MORE_BEFORE 0x80000000u
#define WEIR_X_CRIT                                                                                \
	12u /* u32 criterion; of one that is empty WEIR_NOWHERE, as HASH, and all else is 0 */
#define WEIR_SZ_ENTRY 16u

/*
 * WAKES: u32 instance numbers, ascending in each criterion, plus WEIR_GATE times a gate: 0, or 1
 * and a criterion, one range of numbers, without which the instance's first node rejects
 */
#define WEIR_SZ_WAKE 4u
#define WEIR_GATE 0x40000u
#define WEIR_GATES_MAX 0x3fffu

/* FILTERS */
#define WEIR_SZ_WORD 4u

/* SAMPLES */
#define WEIR_P_TYPE 0u /* u16 index into TYPES */
#define WEIR_P_NVALUES 2u /* u16 */
#define WEIR_P_VALUE 4u /* u32 first value: the end of the sample before */
#define WEIR_P_EXPECT 8u /* u32 first expected instance: the end of the sample before */
#define WEIR_P_NEXPECT 12u /* u32 */
#define WEIR_SZ_SAMPLE 16u

/* SAMPLE_VALUES, by ascending field */
#define WEIR_V_FIELD 0u /* u16 */
#define WEIR_V_KIND 2u /* u16 the field's kind */
#define WEIR_V_OFF 4u /* u32 offset in SAMPLE_DATA: the end of the value before */
#define WEIR_V_LEN 8u /* u32 bytes; 0 for numbers */
#define WEIR_V_ZERO 12u /* u32 0 */
#define WEIR_V_NUM 16u /* u64 value of numbers, i64 biased; 0 for strings and addresses */
#define WEIR_SZ_VALUE 24u

/* SAMPLE_EXPECT: u32 instance numbers of the sample's type, ascending */
#define WEIR_SZ_EXPECT 4u

#endif
