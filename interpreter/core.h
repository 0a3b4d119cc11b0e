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
    requires 1 <= r.op < WEIR_OP_END;
    terminates \true; exits \false; assigns \nothing;
    ensures tiles_ok(v, \result.t);
    ensures \result.e.code == 0 ==> operands_ok(v, c, r.op) && r.count <= WEIR_COUNT_MAX; */
struct tiled weir_check_operands(struct weir_view v, u32 c, struct rcrit r, u32 kind,
				 struct tiles t);

/* Instances with their programs and titles, and the totals. */
/*@ requires view_mem(v) && types_ok(v) && types_tiled(v);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==> insts_ok(v) && tiled(v) && grouped(v);
    ensures \result.code == 0 ==> growing(v, v.nnodes) && cost(v) <= WEIR_COST_MAX; */
struct weir_error weir_check_programs(struct weir_view v);

/* The four tables of sample events. */
/*@ requires view_mem(v);
    terminates \true; exits \false; assigns \nothing; */
struct weir_error weir_check_samples(struct weir_view v);

#endif
