/* SPDX-License-Identifier: GPL-2.0 */
/* What operators take and cost, and what room an evaluation needs. */
#ifndef WEIR_COST_H
#define WEIR_COST_H

#include "weir.h"
#include "bytes.h"
#include "spec.h"

/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result != 0 <==> anchored(op); */
weir_inline int is_anchored(u32 op)
{
	return op == WEIR_OP_EQ || op == WEIR_OP_PREFIX || op == WEIR_OP_SUFFIX;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result != 0 <==> fields_op(op); */
weir_inline int is_fields_op(u32 op)
{
	return op == WEIR_OP_FIELD_EQ || op == WEIR_OP_FIELD_PREFIX || op == WEIR_OP_FIELD_SUFFIX;
}

/* The operator can be asked of a value of this kind. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result != 0 ==> op_fits(op, k) && 1 <= op < WEIR_OP_END;
    ensures op_fits(op, k) && 1 <= op < WEIR_OP_END ==> \result != 0; */
weir_inline int op_takes(u32 op, u32 k)
{
	switch (op) {
	case WEIR_OP_EXISTS:
	case WEIR_OP_FIELD_EQ:
		return 1;
	case WEIR_OP_RANGE:
		return k == WEIR_KIND_u64 || k == WEIR_KIND_i64 || k == WEIR_KIND_bool ||
		       k == WEIR_KIND_enum;
	case WEIR_OP_CIDR:
		return k == WEIR_KIND_ip;
	case WEIR_OP_EQ:
	case WEIR_OP_PREFIX:
	case WEIR_OP_SUFFIX:
	case WEIR_OP_CONTAINS:
	case WEIR_OP_DFA:
	case WEIR_OP_FIELD_PREFIX:
	case WEIR_OP_FIELD_SUFFIX:
		return k == WEIR_KIND_string;
	default:
		return 0;
	}
}

/*@ requires count <= WEIR_COUNT_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == (flags >= WEIR_INDEXED ? 1 : cost_of(op, count)) <= COST_CRITERION_MAX;
    ensures 1 <= \result; */
weir_inline u64 criterion_cost(u32 op, u32 count, u32 flags)
{
	u64 n = count;

	if (flags >= WEIR_INDEXED)
		return 1;
	if (is_anchored(op))
		return 1 + UNIT_ANCHORED * n;
	if (op == WEIR_OP_CONTAINS)
		return 1 + UNIT_CONTAINS * n;
	if (op == WEIR_OP_CIDR)
		return 1 + UNIT_CIDR * n;
	if (op == WEIR_OP_RANGE)
		return 1 + n;
	if (op == WEIR_OP_DFA)
		return 1 + COST_DFA;
	if (is_fields_op(op))
		return 1 + COST_FIELDS;
	return 1;
}

/* What a probe costs, at worst. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result == cost_of_probe(where, weight); */
weir_inline u64 probe_cost(u32 where, u32 weight)
{
	u64 w = weight;

	if (where == WEIR_AT_ALL)
		return 1 + WEIR_VALUE_MAX * (1 + w);
	return 1 + COST_WINDOW + w;
}

/*
 * Scratch: two bits a criterion, one an instance, and a word a slot; and one bit a word of those,
 * that says whether it means anything. So only the latter have to be cleared for an event.
 */
struct room {
	u32 memo, woken, slots; /* words */
	u32 memos, wokens, slotss; /* words of bits about those: behind all, in this order */
};

/* As many slots as there are DFAs, since each has one leader. */
/*@ requires ncrits <= WEIR_COUNT_MAX && ninsts <= WEIR_COUNT_MAX && ndfas <= WEIR_COUNT_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.memo == (ncrits + 15) / 16 && \result.woken == (ninsts + 31) / 32;
    ensures \result.slots == ndfas && \result.slotss == (ndfas + 31) / 32;
    ensures \result.memos == (\result.memo + 31) / 32;
    ensures \result.wokens == (\result.woken + 31) / 32; */
weir_inline struct room scratch_room(u32 ncrits, u32 ninsts, u32 ndfas)
{
	struct room r;

	r.memo = (ncrits + 15u) / 16u;
	r.woken = (ninsts + 31u) / 32u;
	r.slots = ndfas;
	r.memos = (r.memo + 31u) / 32u;
	r.wokens = (r.woken + 31u) / 32u;
	r.slotss = (r.slots + 31u) / 32u;
	return r;
}

/* Words in which something is kept: those about them follow. */
/*@ requires r.memo <= WEIR_COUNT_MAX && r.woken <= WEIR_COUNT_MAX && r.slots <= WEIR_COUNT_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == r.memo + r.woken + r.slots; */
weir_inline u32 scratch_kept(struct room r)
{
	return r.memo + r.woken + r.slots;
}

/*@ requires r.memo <= WEIR_COUNT_MAX && r.woken <= WEIR_COUNT_MAX && r.slots <= WEIR_COUNT_MAX;
    requires r.memos <= WEIR_COUNT_MAX && r.wokens <= WEIR_COUNT_MAX;
    requires r.slotss <= WEIR_COUNT_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == r.memo + r.woken + r.slots + r.memos + r.wokens + r.slotss; */
weir_inline u32 scratch_words(struct room r)
{
	return scratch_kept(r) + r.memos + r.wokens + r.slotss;
}

#endif
