/* SPDX-License-Identifier: GPL-2.0 */
/* One instance's program, over criteria that are decided at most once an event. */
#ifndef WEIR_PROGRAM_H
#define WEIR_PROGRAM_H

#include "index.h"

/* A criterion, decided at most once an event. */
/*@ requires view_mem(v) && event_ok(e) && c < v.ncrits && it_room(2) && scratch_ok(s, v);
    requires \separated(s.w + (0 .. s.n - 1), e.v + (0 .. e.n - 1));
    requires out.r == R_FALSE && out.steps <= fuel <= FUEL_MAX;
    requires VER(crit_ok(v, c) && (indexed == 0 ==> c_flags(v, c) < WEIR_INDEXED));
    requires VER(ty.arity == t_arity(v, c_type(v, c)) && ty.kind == t_kind(v, c_type(v, c)));
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    requires VER(out.steps + c_cost(v, c) - 1 <= fuel);
    terminates \true; exits \false; assigns it, s.w[0 .. s.n - 1];
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + c_cost(v, c) - 1);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step decide(struct weir_view v, struct weir_event e, u32 c, u32 indexed,
			       struct rtype ty, struct scratch s, struct step out, u64 fuel)
{
	u32 memo = memo_of(s, c);

	if (memo != MEMO_UNKNOWN) {
		out.r = memo == MEMO_TRUE;
		return out;
	}
	if (indexed)
		return out;
	out = eval_crit(v, e, c, ty, reach_of(v, c, s), out, fuel);
	if (out.r >= 0)
		remember(s, c, out.r == R_TRUE ? MEMO_TRUE : MEMO_FALSE);
	return out;
}

/* The program of nn nodes at @base: R_TRUE if it accepts. */
/*@ requires view_mem(v) && event_ok(e) && it_room(3);
    requires scratch_ok(s, v);
    requires \separated(s.w + (0 .. s.n - 1), e.v + (0 .. e.n - 1));
    requires out.steps <= fuel <= FUEL_MAX;
    requires VER(program_ok(v, base, nn, t) && crits_ok(v) && growing(v, v.nnodes));
    requires VER(ty.arity == t_arity(v, t) && ty.kind == t_kind(v, t));
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    requires VER(out.steps + 1 + (nsum(v, base + nn) - nsum(v, base)) <= fuel);
    terminates \true; exits \false; assigns it, s.w[0 .. s.n - 1];
    ensures event_ok(e);
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + 1 + (nsum(v, base + nn) - nsum(v, base)));
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_program(struct weir_view v, struct weir_event e, u32 base, u32 nn,
				     u32 t, struct rtype ty, struct scratch s, struct step out,
				     u64 fuel)
{
	u32 k = 0;

	(void)t;
	SPEND(out, out.steps < fuel);
	out.steps++;
	//@ ghost it++;
	GUARD(out, nn >= 1 && nn <= WEIR_NODES_MAX && fits(base, nn, v.nnodes));
	/*@ loop invariant 0 <= k < nn && event_ok(e);
	    loop invariant it - \at(it, Pre) <= out.steps - \at(out.steps, Pre);
	    loop invariant \at(out.steps, Pre) <= out.steps <= fuel;
	    loop invariant VER(out.steps <=
		\at(out.steps, Pre) + 1 + (nsum(v, base + k) - nsum(v, base)));
	    loop assigns k, it, out, s.w[0 .. s.n - 1]; loop variant nn - k; */
	for (;;) {
		struct rnode n = get_node(v, base + k);
		u32 to;

		//@ assert node: VER(node_ok(v, base, k, nn, t));
		//@ assert crit: VER(crit_ok(v, n.crit) && 1 <= c_cost(v, n.crit));
		//@ assert sum: VER(nsum(v, base + k + 1) == nsum(v, base + k) + 1 + c_cost(v, n.crit));
		//@ assert left: VER(nsum(v, base + k + 1) <= nsum(v, base + nn));
		SPEND(out, out.steps < fuel);
		out.steps++;
		//@ ghost it++;
		GUARD(out, n.crit < v.ncrits);
		out.r = R_FALSE;
		out = decide(v, e, n.crit, n.indexed, ty, s, out, fuel);
		if (out.r < 0)
			return out;
		to = out.r == R_TRUE ? n.yes : n.no;
		if (to >= WEIR_REJECT) {
			out.r = to == WEIR_ACCEPT;
			return out;
		}
		GUARD(out, to > k && to < nn);
		//@ assert forward: VER(nsum(v, base + k + 1) <= nsum(v, base + to));
		k = to;
	}
}

#endif
