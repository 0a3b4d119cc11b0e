/* SPDX-License-Identifier: GPL-2.0 */
/* Records of a channel file, decoded into small structs: one reader a record kind. */
#ifndef WEIR_CONTENT_H
#define WEIR_CONTENT_H

#include "weir.h"
#include "bytes.h"
#include "spec.h"

struct rtype {
	u32 id, arity, inst, ninst, kind;
	u64 fingerprint;
};

struct rinst {
	u32 type, nn, node, level, action, title_len, title;
};

struct rnode {
	u32 crit, yes, no;
};

struct rcrit {
	u32 type, field, op, flags, field2, first, count;
};

struct rlit {
	u32 off, len;
};

struct rnum {
	u64 lo, hi;
};

struct rdfa {
	u32 off, cells, start, nc;
};

/*@ requires view_mem(v) && t < v.ntypes;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.id == t_id(v, t) <= 65535 && \result.arity == t_arity(v, t) <= 65535;
    ensures \result.inst == t_inst(v, t) && \result.ninst == t_ninst(v, t);
    ensures \result.kind == t_kind(v, t); */
weir_inline struct rtype get_type(struct weir_view v, u32 t)
{
	u32 p = v.types + WEIR_SZ_TYPE * t;
	struct rtype r;

	r.id = rd16(v.b, v.n, p + WEIR_T_ID);
	r.arity = rd16(v.b, v.n, p + WEIR_T_ARITY);
	r.inst = rd32(v.b, v.n, p + WEIR_T_INST);
	r.ninst = rd32(v.b, v.n, p + WEIR_T_NINST);
	r.kind = rd32(v.b, v.n, p + WEIR_T_KIND);
	r.fingerprint = rd64(v.b, v.n, p + WEIR_T_FINGERPRINT);
	return r;
}

/*@ requires view_mem(v) && k < v.nkinds;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == kind(v, k) <= 255; */
weir_inline u32 get_kind(struct weir_view v, u32 k)
{
	return rd8(v.b, v.n, v.kinds + k);
}

/*@ requires view_mem(v) && i < v.ninsts;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.type == i_type(v, i) <= 65535 && \result.nn == i_nn(v, i) <= 65535;
    ensures \result.node == i_node(v, i) && \result.action == i_action(v, i) <= 255;
    ensures \result.title_len == i_tlen(v, i) <= 65535; */
weir_inline struct rinst get_inst(struct weir_view v, u32 i)
{
	u32 p = v.insts + WEIR_SZ_INSTANCE * i;
	struct rinst r;

	r.type = rd16(v.b, v.n, p + WEIR_I_TYPE);
	r.nn = rd16(v.b, v.n, p + WEIR_I_NNODES);
	r.node = rd32(v.b, v.n, p + WEIR_I_NODE);
	r.level = rd8(v.b, v.n, p + WEIR_I_LEVEL);
	r.action = rd8(v.b, v.n, p + WEIR_I_ACTION);
	r.title_len = rd16(v.b, v.n, p + WEIR_I_TITLELEN);
	r.title = rd32(v.b, v.n, p + WEIR_I_TITLE);
	return r;
}

/*@ requires view_mem(v) && k < v.nnodes;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.crit == n_crit(v, k);
    ensures \result.yes == n_yes(v, k) <= 65535 && \result.no == n_no(v, k) <= 65535; */
weir_inline struct rnode get_node(struct weir_view v, u32 k)
{
	u32 p = v.nodes + WEIR_SZ_NODE * k;
	struct rnode r;

	r.crit = rd32(v.b, v.n, p + WEIR_N_CRIT);
	r.yes = rd16(v.b, v.n, p + WEIR_N_YES);
	r.no = rd16(v.b, v.n, p + WEIR_N_NO);
	return r;
}

/*@ requires view_mem(v) && c < v.ncrits;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.type == c_type(v, c) <= 65535 && \result.field == c_field(v, c) <= 65535;
    ensures \result.op == c_op(v, c) <= 255 && \result.flags == c_flags(v, c) <= 255;
    ensures \result.field2 == c_field2(v, c) <= 65535;
    ensures \result.first == c_first(v, c) && \result.count == c_count(v, c); */
weir_inline struct rcrit get_crit(struct weir_view v, u32 c)
{
	u32 p = v.crits + WEIR_SZ_CRITERION * c;
	struct rcrit r;

	r.type = rd16(v.b, v.n, p + WEIR_C_TYPE);
	r.field = rd16(v.b, v.n, p + WEIR_C_FIELD);
	r.op = rd8(v.b, v.n, p + WEIR_C_OP);
	r.flags = rd8(v.b, v.n, p + WEIR_C_FLAGS);
	r.field2 = rd16(v.b, v.n, p + WEIR_C_FIELD2);
	r.first = rd32(v.b, v.n, p + WEIR_C_FIRST);
	r.count = rd32(v.b, v.n, p + WEIR_C_COUNT);
	return r;
}

/*@ requires view_mem(v) && l < v.nlits;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.off == l_off(v, l) && \result.len == l_len(v, l) <= 65535; */
weir_inline struct rlit get_lit(struct weir_view v, u32 l)
{
	u32 p = v.lits + WEIR_SZ_LITERAL * l;
	struct rlit r;

	r.off = rd32(v.b, v.n, p + WEIR_L_OFF);
	r.len = rd16(v.b, v.n, p + WEIR_L_LEN);
	return r;
}

/*@ requires view_mem(v) && k < v.nnums;
    terminates \true; exits \false; assigns \nothing; */
weir_inline struct rnum get_num(struct weir_view v, u32 k)
{
	u32 p = v.nums + WEIR_SZ_NUMBER * k;
	struct rnum r;

	r.lo = rd64(v.b, v.n, p + WEIR_R_LO);
	r.hi = rd64(v.b, v.n, p + WEIR_R_HI);
	return r;
}

/*@ requires view_mem(v) && d < v.ndfas;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.off == d_off(v, d) && \result.cells == d_cells(v, d);
    ensures \result.start == d_start(v, d) && \result.nc == d_nc(v, d) <= 65535; */
weir_inline struct rdfa get_dfa(struct weir_view v, u32 d)
{
	u32 p = v.dfas + WEIR_SZ_DFA * d;
	struct rdfa r;

	r.off = rd32(v.b, v.n, p + WEIR_D_OFF);
	r.cells = rd32(v.b, v.n, p + WEIR_D_NCELLS);
	r.start = rd32(v.b, v.n, p + WEIR_D_START);
	r.nc = rd16(v.b, v.n, p + WEIR_D_NCLASSES);
	return r;
}

/*@ requires mem(b, n) && p + 2 * len <= n && j < len;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == fail_at(b, p, j) <= 65535; */
weir_inline u32 get_fail(const u8 *b, u32 n, u32 p, u32 len, u32 j)
{
	(void)len;
	return rd16(b, n, p + 2 * j);
}

/*@ requires mem(b, n) && p + 256 <= n && x < 256;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == class_at(b, p, x) <= 255; */
weir_inline u32 get_class(const u8 *b, u32 n, u32 p, u32 x)
{
	return rd8(b, n, p + x);
}

/*@ requires mem(b, n) && p + 256 + 2 * cells <= n && k < cells;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == cell_at(b, p, k) <= 65535; */
weir_inline u32 get_cell(const u8 *b, u32 n, u32 p, u32 cells, u32 k)
{
	(void)cells;
	return rd16(b, n, p + 256 + 2 * k);
}

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
    ensures \result == cost_of(op, count) <= COST_CRITERION_MAX;
    ensures 1 <= \result; */
weir_inline u64 criterion_cost(u32 op, u32 count)
{
	u64 n = count;

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

/* Words of scratch: two bits a criterion. */
/*@ requires ncrits <= WEIR_COUNT_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == (ncrits + 15) / 16 <= WEIR_COUNT_MAX; */
weir_inline u32 scratch_words(u32 ncrits)
{
	return (ncrits + 15u) / 16u;
}

/* A refusal, located. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result.code == code; */
weir_inline struct weir_error at(u32 code, u32 section, u32 offset)
{
	struct weir_error e;

	e.code = code;
	e.section = section;
	e.offset = offset;
	e.type = WEIR_NOWHERE;
	e.instance = WEIR_NOWHERE;
	e.field = WEIR_NOWHERE;
	return e;
}

#endif
