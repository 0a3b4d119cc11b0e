/* SPDX-License-Identifier: GPL-2.0 */
/* Records of a channel file, decoded into small structs: one reader a record kind. */
#ifndef WEIR_CONTENT_H
#define WEIR_CONTENT_H

#include "cost.h"

struct rtype {
	u32 id, arity, inst, ninst, kind, nalways, probe;
};

struct rinst {
	u32 type, nn, node, level, action, title_len, title;
};

struct rnode {
	u32 crit, indexed, asleep, yes, no;
};

struct rcrit {
	u32 type, field, op, flags, field2, first, count, wake, slot;
};

struct rlit {
	u32 off, len, at, probe;
};

struct rprobe {
	u32 field, where, width, at, filter, words, first, count, homes, weight;
};

struct rentry {
	u32 hash, more, more_of, operand, crit;
};

struct rwake {
	u32 inst;
	u32 gate; /* 0, or 1 and a criterion */
};

struct rnum {
	u64 lo, hi;
};

struct rdfa {
	u32 off, cells, start, nc, before, leader, idle, prefix, stay;
};

/*@ requires view_mem(v) && t < v.ntypes;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.id == t_id(v, t) <= 65535 && \result.arity == t_arity(v, t) <= 65535;
    ensures \result.inst == t_inst(v, t) && \result.ninst == t_ninst(v, t);
    ensures \result.kind == t_kind(v, t) && \result.nalways == t_nalways(v, t);
    ensures \result.probe == t_probe(v, t); */
weir_inline struct rtype get_type(struct weir_view v, u32 t)
{
	u32 p = v.types + WEIR_SZ_TYPE * t;
	struct quad lo = rd_quad(v.b, v.n, p);
	struct pair hi = rd_pair(v.b, v.n, p + WEIR_T_NALWAYS);
	struct rtype r;

	r.id = lo.a % 65536;
	r.arity = lo.a / 65536;
	r.inst = lo.b;
	r.ninst = lo.c;
	r.kind = lo.d;
	r.nalways = hi.a;
	r.probe = hi.b;
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
	struct quad q = rd_quad(v.b, v.n, v.insts + WEIR_SZ_INSTANCE * i + WEIR_I_TYPE);
	struct rinst r;

	r.type = q.a % 65536;
	r.nn = q.a / 65536;
	r.node = q.b;
	r.level = q.c % 256;
	r.action = q.c / 256 % 256;
	r.title_len = q.c / 65536;
	r.title = q.d;
	return r;
}

/*@ requires view_mem(v) && k < v.nnodes;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.crit == n_crit(v, k) && \result.indexed == n_indexed(v, k);
    ensures \result.yes == n_yes(v, k) <= 65535 && \result.no == n_no(v, k) <= 65535; */
weir_inline struct rnode get_node(struct weir_view v, u32 k)
{
	struct pair q = rd_pair(v.b, v.n, v.nodes + WEIR_SZ_NODE * k);
	struct rnode r;

	r.crit = q.a % WEIR_INDEXED_NODE;
	r.indexed = q.a / WEIR_INDEXED_NODE % 2;
	r.asleep = q.a / WEIR_ASLEEP;
	r.yes = q.b % 65536;
	r.no = q.b / 65536;
	return r;
}

/*@ requires view_mem(v) && c < v.ncrits;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.type == c_type(v, c) <= 255 && \result.field == c_field(v, c) <= 255;
    ensures \result.op == c_op(v, c) <= 255 && \result.flags == c_flags(v, c) <= 255;
    ensures \result.field2 == c_field2(v, c) <= 255;
    ensures \result.first == c_first(v, c) && \result.count == c_count(v, c) <= 0xffffff;
    ensures \result.wake == c_wake(v, c); */
weir_inline struct rcrit get_crit(struct weir_view v, u32 c)
{
	struct quad q = rd_quad(v.b, v.n, v.crits + WEIR_SZ_CRITERION * c);
	struct rcrit r;

	r.type = q.a % 256;
	r.field = q.a / 256 % 256;
	r.field2 = q.a / 65536 % 256;
	r.op = q.a / 16777216;
	r.first = q.b;
	r.count = q.c % 16777216;
	r.flags = q.c / 16777216;
	r.wake = q.d % WEIR_SLOT;
	r.slot = q.d / WEIR_SLOT;
	return r;
}

/*@ requires view_mem(v) && l < v.nlits;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.off == l_off(v, l) && \result.len == l_len(v, l) <= 65535;
    ensures \result.at <= 255 && \result.probe <= 255; */
weir_inline struct rlit get_lit(struct weir_view v, u32 l)
{
	struct pair q = rd_pair(v.b, v.n, v.lits + WEIR_SZ_LITERAL * l);
	struct rlit r;

	r.off = q.a;
	r.len = q.b % 65536;
	r.at = q.b / 65536 % 256;
	r.probe = q.b / 16777216;
	return r;
}

/* As far as its filter, for a loop that is bounded by the probes that there are. */
/*@ requires view_mem(v) && i < v.nprobes;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.field == b_field(v, i) <= 255 && \result.where == b_where(v, i) <= 255;
    ensures \result.width == b_width(v, i) <= 255 && \result.at <= 65535;
    ensures \result.filter == b_filter(v, i) && \result.words == b_words(v, i); */
weir_inline struct rprobe peek_probe(struct weir_view v, u32 i)
{
	struct quad q = peek_quad(v.b, v.n, v.probes + WEIR_SZ_PROBE * i);
	struct rprobe r = { 0 };

	r.field = q.a % 256;
	r.where = q.a / 256 % 256;
	r.width = q.a / 65536 % 256;
	r.at = q.b % 65536;
	r.filter = q.c;
	r.words = q.d;
	return r;
}

/*@ requires view_mem(v) && i < v.nprobes;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.field == b_field(v, i) <= 255 && \result.where == b_where(v, i) <= 255;
    ensures \result.width == b_width(v, i) <= 255 && \result.at <= 65535;
    ensures \result.filter == b_filter(v, i) && \result.words == b_words(v, i);
    ensures \result.first == b_first(v, i) && \result.count == b_count(v, i);
    ensures \result.homes == b_homes(v, i);
    ensures \result.weight == b_weight(v, i); */
weir_inline struct rprobe get_probe(struct weir_view v, u32 i)
{
	struct quad q = peek_quad(v.b, v.n, v.probes + WEIR_SZ_PROBE * i + WEIR_B_FIRST);
	struct rprobe r = peek_probe(v, i);

	r.first = q.a;
	r.count = q.b;
	r.homes = q.c;
	r.weight = q.d;
	return r;
}

/* For a loop over a row, whose beginning is clamped. */
/*@ requires view_mem(v) && k < v.nentries;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == x_hash(v, k); */
weir_inline u32 peek_hash(struct weir_view v, u32 k)
{
	return peek32(v.b, v.n, v.entries + WEIR_SZ_ENTRY * k + WEIR_X_HASH);
}

/*@ requires view_mem(v) && k < v.nentries;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.hash == x_hash(v, k);
    ensures \result.operand == x_operand(v, k) && \result.crit == x_crit(v, k); */
weir_inline struct rentry get_entry(struct weir_view v, u32 k)
{
	struct quad q = rd_quad(v.b, v.n, v.entries + WEIR_SZ_ENTRY * k);
	struct rentry r;

	r.hash = q.a;
	r.more = q.b;
	r.operand = q.c % WEIR_MORE_BEHIND;
	r.more_of = q.c - r.operand;
	r.crit = q.d;
	return r;
}

/* Word @k of a table of @count words that begins at @table. */
/*@ requires mem(v.b, v.n) && table + 4 * count <= v.n && k < count <= WEIR_CONTENT_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == le32(v.b, table + 4 * k); */
weir_inline u32 get_word(struct weir_view v, u32 table, u32 count, u32 k)
{
	(void)count;
	return rd32(v.b, v.n, table + WEIR_SZ_WORD * k);
}

/* Entry @k of WAKES. */
/*@ requires view_mem(v) && k < v.nwakes;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.inst < WEIR_COUNT_MAX; */
weir_inline struct rwake get_wake(struct weir_view v, u32 k)
{
	u32 word = get_word(v, v.wakes, v.nwakes, k);
	struct rwake r;

	r.inst = word % WEIR_GATE;
	r.gate = word / WEIR_GATE;
	return r;
}

/* Where criterion @c begins in WAKES, and where the last one ends. */
/*@ requires view_mem(v) && c <= v.ncrits;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == wake_at(v, c); */
weir_inline u32 get_wakes(struct weir_view v, u32 c)
{
	if (c >= v.ncrits)
		return v.nwakes;
	return rd32(v.b, v.n, v.crits + WEIR_SZ_CRITERION * c + WEIR_C_WAKE) % WEIR_SLOT;
}

/* Where the probes of type @t begin, likewise. */
/*@ requires view_mem(v) && t <= v.ntypes;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == probe_at(v, t); */
weir_inline u32 get_probes(struct weir_view v, u32 t)
{
	return t < v.ntypes ? rd32(v.b, v.n, v.types + WEIR_SZ_TYPE * t + WEIR_T_PROBE) : v.nprobes;
}

/*@ requires view_mem(v) && k < v.nnums;
    terminates \true; exits \false; assigns \nothing; */
weir_inline struct rnum get_num(struct weir_view v, u32 k)
{
	struct quad q = rd_quad(v.b, v.n, v.nums + WEIR_SZ_NUMBER * k);
	struct rnum r;

	r.lo = q.a + 0x100000000ull * q.b;
	r.hi = q.c + 0x100000000ull * q.d;
	return r;
}

/*@ requires view_mem(v) && d < v.ndfas;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.off == d_off(v, d) && \result.cells == d_cells(v, d);
    ensures \result.start == d_start(v, d) && \result.nc == d_nc(v, d) <= 65535;
    ensures \result.before <= 65535; */
weir_inline struct rdfa get_dfa(struct weir_view v, u32 d)
{
	u32 p = v.dfas + WEIR_SZ_DFA * d;
	struct quad lo = rd_quad(v.b, v.n, p);
	struct quad hi = rd_quad(v.b, v.n, p + WEIR_D_LEADER);
	struct rdfa r;

	r.off = lo.a;
	r.cells = lo.b;
	r.start = lo.c;
	r.nc = lo.d % 65536;
	r.before = lo.d / 65536;
	r.leader = hi.a;
	r.idle = hi.b;
	r.prefix = hi.c;
	r.stay = hi.d;
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
	(void)n;
	return b[p + x];
}

/*@ requires mem(b, n) && p + 256 + 2 * cells <= n && k < cells;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == cell_at(b, p, k) <= 65535; */
weir_inline u32 get_cell(const u8 *b, u32 n, u32 p, u32 cells, u32 k)
{
	(void)cells;
	return peek16(b, n, p + 256 + 2 * k);
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
