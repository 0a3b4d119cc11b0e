/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the core share with each other and with nobody else. */
#ifndef WEIR_CORE_H
#define WEIR_CORE_H

#include "content.h"

/* All bytes of [from, to) are zero. */
/*@ requires mem(b, n) && from <= to <= n;
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
int weir_zeros(const u8 *b, u32 n, u32 from, u32 to);

/*@ predicate schema_ok{L}(struct weir_schema s) =
      s.n <= WEIR_COUNT_MAX && \valid_read(s.t + (0 .. s.n - 1)); */

/* Which Template Type of the schema has this id; s.n if none. */
/*@ requires schema_ok(s);
    terminates \true; exits \false; assigns \nothing;
    ensures \result <= s.n; */
u32 weir_schema_find(struct weir_schema s, u32 id);

/* How far the operand tables are used up: what the next criterion has to go on from. */
struct tiles {
	u32 lits, nums, dfas, pool, dfad;
};

/*@ predicate tiles_ok(struct weir_view v, struct tiles t) =
      t.lits <= v.nlits && t.nums <= v.nnums && t.dfas <= v.ndfas && t.pool <= v.npool &&
      t.dfad <= v.ndfad; */

/* A check that moves on in the operand tables. */
struct tiled {
	struct weir_error e;
	struct tiles t;
};

/* The operands of criterion @c go on from @t, and are what its operator takes. */
/*@ requires view_mem(v) && c < v.ncrits && tiles_ok(v, t);
    requires r.op == c_op(v, c) && r.first == c_first(v, c) && r.count == c_count(v, c);
    requires r.flags == c_flags(v, c);
    requires 1 <= r.op < WEIR_OP_END;
    terminates \true; exits \false; assigns \nothing;
    ensures tiles_ok(v, \result.t);
    ensures \result.e.code == 0 ==> operands_ok(v, c, r.op) && r.count <= WEIR_COUNT_MAX; */
struct tiled weir_check_operands(struct weir_view v, u32 c, struct rcrit r, u32 kind,
				 struct tiles t);

/* What a probe costs at most, and all of them. */
#define PROBE_COST_MAX (1ull + WEIR_VALUE_MAX * (1ull + WEIR_WEIGHT_MAX))
#define INDEX_COST_MAX (WEIR_PROBES_MAX * PROBE_COST_MAX)

/* The probes of the matching index together: what they cost, and entries that are not empty. */
struct probed {
	struct weir_error e;
	u64 cost;
	u32 used;
};

/* The probes of the matching index, and their entries. */
/*@ requires view_mem(v) && types_ok(v) && crits_ok(v);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.e.code == 0 ==>
	pgrowing(v, v.nprobes) && \result.cost == psum(v, v.nprobes) &&
	\result.cost <= INDEX_COST_MAX;
    ensures \result.e.code == 0 ==>
	\forall integer t; 0 <= t < v.ntypes ==> probes_ok(v, t); */
struct probed weir_check_probes(struct weir_view v);

/*
 * What criteria wake, and that no instance can match that was not woken. @used: entries of the
 * index, of which there have to be as many as operands that it claims to know.
 */
/*@ requires view_mem(v) && types_ok(v) && crits_ok(v) && insts_ok(v);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==> wakes_ok(v); */
struct weir_error weir_check_wakes(struct weir_view v, u32 used);

/* Instances with their programs and titles, and the totals. @index: what the probes cost. */
/*@ requires view_mem(v) && types_ok(v) && types_tiled(v);
    requires index == psum(v, v.nprobes) && index <= INDEX_COST_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==> insts_ok(v) && tiled(v) && grouped(v) && following(v, v.ninsts);
    ensures \result.code == 0 ==> growing(v, v.nnodes) && cost(v) <= WEIR_COST_MAX; */
struct weir_error weir_check_programs(struct weir_view v, u64 index);

/* The four tables of sample events. */
/*@ requires view_mem(v);
    terminates \true; exits \false; assigns \nothing; */
struct weir_error weir_check_samples(struct weir_view v);

#endif
