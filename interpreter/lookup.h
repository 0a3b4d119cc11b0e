/* SPDX-License-Identifier: GPL-2.0 */
/* Looking a window up, and what follows of finding it. */
#ifndef WEIR_LOOKUP_H
#define WEIR_LOOKUP_H

#include "criterion.h"
#include "scratch.h"
#include "window.h"

/* The event that is looked up, and what its type says of its fields. */
struct asked {
	struct weir_event e;
	u32 arity, kind;
};

/*@ predicate asked_ok{L}(struct asked q, struct weir_view v, struct scratch s) =
      event_ok(q.e) && \separated(s.w + (0 .. s.n - 1), q.e.v + (0 .. q.e.n - 1)) &&
      q.arity <= WEIR_ARITY_MAX && q.kind + q.arity <= v.nkinds; */

/*
 * A gate is open if the number is in the range of its criterion; or if that is not all there
 * is to say, which is left to the program.
 */
/*@ requires view_mem(v) && event_ok(q.e);
    requires q.arity <= WEIR_ARITY_MAX && q.kind + q.arity <= v.nkinds;
    terminates \true; exits \false; assigns \nothing; */
weir_inline int gate_open(struct weir_view v, struct asked q, u32 gate)
{
	struct input in;
	struct rcrit r;
	struct rnum m;

	if (!gate || gate > v.ncrits)
		return 1;
	r = get_crit(v, gate - 1);
	if (r.op != WEIR_OP_RANGE || r.first >= v.nnums || r.field >= q.arity)
		return 1;
	in = read_input(q.e, r.field, get_kind(v, q.kind + r.field));
	if (in.trip)
		return 1;
	m = get_num(v, r.first);
	return in.val.kind != WEIR_KIND_none && in.val.num >= m.lo && in.val.num <= m.hi;
}

/* The operand of an entry that was found holds. @at is where the window stands in the text. */
/*@ requires view_mem(v) && it_room(1) && out.steps <= fuel <= FUEL_MAX;
    requires r.op == c_op(v, x.crit) && x.crit < v.ncrits && at <= WEIR_VALUE_MAX;
    requires val.kind == WEIR_KIND_string || val.kind == WEIR_KIND_ip ==>
	value_ok(val) && val.len <= WEIR_VALUE_MAX;
    requires VER(r.op == WEIR_OP_RANGE ==> x.operand < v.nnums);
    requires VER(r.op != WEIR_OP_RANGE ==> x.operand < v.nlits &&
	lit_ok(v, x.operand, r.op, WEIR_INDEXED) &&
	(val.kind == WEIR_KIND_string || val.kind == WEIR_KIND_ip));
    requires VER(out.steps + operand_cost(v, r.op, x.operand) <= fuel);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + operand_cost(v, r.op, x.operand));
    ensures R_MIN <= \result.r <= 1 && \result.left == out.left; */
weir_inline struct step confirm(struct weir_view v, struct rentry x, struct rcrit r,
				struct weir_value val, u32 at, struct step out, u64 fuel)
{
	struct text t;
	struct rlit l;
	struct rnum m;

	if (r.op == WEIR_OP_RANGE) {
		GUARD(out, x.operand < v.nnums);
		m = get_num(v, x.operand);
		out.r = val.num >= m.lo && val.num <= m.hi;
		return out;
	}
	GUARD(out, val.kind == WEIR_KIND_string || val.kind == WEIR_KIND_ip);
	t.p = val.ptr;
	t.len = val.len;
	GUARD(out, x.operand < v.nlits);
	l = get_lit(v, x.operand);
	GUARD(out, l.len <= WEIR_LITERAL_MAX && fits(l.off, l.len, v.npool));
	if (r.op == WEIR_OP_CIDR) {
		GUARD(out, l.len == 5 || l.len == 17);
		SPEND(out, UNIT_CIDR <= fuel - out.steps);
		out.steps += UNIT_CIDR;
		out.r = match_cidr(v, l, t);
		return out;
	}
	SPEND(out, l.len <= fuel - out.steps);
	out.steps += l.len;
	if (r.op != WEIR_OP_CONTAINS) {
		out.r = match_anchored(v, l, r.op, t, r.flags & WEIR_CASED);
		return out;
	}
	out.r = R_FALSE;
	if (l.at <= at && fits(at - l.at, l.len, t.len))
		out.r = stands(v, l, t, at - l.at, r.flags & WEIR_CASED);
	return out;
}

/*
 * Instances that criterion @c wakes, which holds. Since each is found to hold once, this takes no
 * more of WAKES than there is. Were it to, all instances would be asked.
 */
/*@ requires view_mem(v) && scratch_ok(s, v) && it_room(1) && out.steps <= fuel <= FUEL_MAX;
    requires asked_ok(q, v, s);
    requires c < v.ncrits && r.wake == c_wake(v, c) && out.left <= v.nwakes && R_MIN <= out.r;
    requires VER(wakes_ok(v) && out.steps + out.left <= fuel);
    terminates \true; exits \false; assigns it, s.w[0 .. s.n - 1];
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures \result.left <= out.left;
    ensures VER(\result.steps + \result.left == out.steps + out.left);
    ensures R_MIN <= \result.r && (\result.r == out.r || \result.r < 0); */
weir_inline struct step wake_for(struct weir_view v, struct asked q, u32 c, struct rcrit r,
				 struct scratch s, struct step out, u64 fuel)
{
	u32 k, end = get_wakes(v, c + 1);

	//@ assert range: VER(waked(v, c) <= waked(v, c + 1) <= v.nwakes);
	GUARD(out, r.wake <= end && end <= v.nwakes);
	if (end - r.wake > out.left) {
		out.all = 1;
		return out;
	}
	out.left -= end - r.wake;
	/*@ loop invariant r.wake <= k <= end && out.left == \at(out.left, Pre) - (end - r.wake);
	    loop invariant out.r == \at(out.r, Pre) && asked_ok(q, v, s);
	    loop invariant it - \at(it, Pre) <= out.steps - \at(out.steps, Pre);
	    loop invariant \at(out.steps, Pre) <= out.steps <= fuel;
	    loop invariant VER(out.steps == \at(out.steps, Pre) + (k - r.wake));
	    loop assigns k, it, out, s.w[0 .. s.n - 1]; loop variant end - k; */
	for (k = r.wake; k < end; k++) {
		struct rwake w = get_wake(v, k);

		SPEND(out, out.steps < fuel);
		out.steps++;
		//@ ghost it++;
		if (w.inst < v.ninsts && gate_open(v, q, w.gate))
			wake(s, w.inst);
	}
	return out;
}

/* The criterion of entry @x was found to hold; the window that gave it away is at @at. */
/*@ requires view_mem(v) && scratch_ok(s, v) && it_room(1) && out.steps <= fuel <= FUEL_MAX;
    requires asked_ok(q, v, s);
    requires x.crit < v.ncrits && r.wake == c_wake(v, x.crit) && at <= WEIR_VALUE_MAX;
    requires out.left <= v.nwakes && out.r == R_TRUE;
    requires VER(wakes_ok(v) && out.steps + out.left <= fuel);
    terminates \true; exits \false; assigns it, s.w[0 .. s.n - 1];
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures \result.left <= out.left;
    ensures VER(\result.steps + \result.left == out.steps + out.left);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step found(struct weir_view v, struct asked q, struct rentry x, struct rcrit r,
			      u32 at, struct scratch s, struct step out, u64 fuel)
{
	if (r.slot && r.slot <= s.room.slots && x.operand < v.nlits) {
		u32 in = get_lit(v, x.operand).at;

		if (in <= at)
			note_place(s, r.slot - 1, at - in);
	}
	if (memo_of(s, x.crit) != MEMO_UNKNOWN)
		return out;
	remember(s, x.crit, MEMO_TRUE);
	return wake_for(v, q, x.crit, r, s, out, fuel);
}

/* The entries that the window with @hash may be among. */
/*@ requires view_mem(v) && scratch_ok(s, v) && it_room(2) && out.r == R_FALSE;
    requires out.steps <= fuel <= FUEL_MAX && at <= WEIR_VALUE_MAX && out.left <= v.nwakes;
    requires p.width <= 255 && asked_ok(q, v, s);
    requires val.kind == WEIR_KIND_string || val.kind == WEIR_KIND_ip ==>
	value_ok(val) && val.len <= WEIR_VALUE_MAX;
    requires VER(val.kind == WEIR_KIND_string || val.kind == WEIR_KIND_ip <==>
		 p.where != WEIR_AT_NUM);
    requires 1 <= p.homes <= p.count && p.first + p.count <= v.nentries;
    requires VER(slots_ok(v, p.first, p.count, p.weight, p.where) && wakes_ok(v));
    requires VER(out.steps + out.left + p.weight <= fuel);
    terminates \true; exits \false; assigns it, s.w[0 .. s.n - 1];
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures \result.left <= out.left;
    ensures VER(\result.steps + \result.left <= out.steps + out.left + p.weight);
    ensures R_MIN <= \result.r <= 0; */
weir_inline struct step look_up(struct weir_view v, struct asked q, struct rprobe p,
				struct weir_value val, u32 hash, u32 at, struct scratch s,
				struct step out, u64 fuel)
{
	u32 home = weir_nospec(p.first + spread(hash, p.homes), v.nentries);
	u32 end = p.first + p.count, k;
	struct text t;

	t.p = val.ptr;
	t.len = val.len;
	/*@ loop invariant home <= k <= end && R_MIN <= out.r <= 1 && asked_ok(q, v, s);
	    loop invariant it - \at(it, Pre) <= out.steps - \at(out.steps, Pre);
	    loop invariant \at(out.steps, Pre) <= out.steps <= fuel;
	    loop invariant out.left <= \at(out.left, Pre);
	    loop invariant VER(out.steps + out.left <=
		\at(out.steps, Pre) + \at(out.left, Pre) + (k == home ? 0 : xrow(v, k)));
	    loop invariant VER(k == home || xrow(v, k) <= p.weight);
	    loop assigns k, it, out, s.w[0 .. s.n - 1]; loop variant end - k; */
	for (k = home; k < end; k++) {
		u32 have = peek_hash(v, k);
		struct rentry x;
		struct rcrit r;

		//@ assert slot: VER(slot_ok(v, k, p.weight, p.where));
		if (have > hash || have == WEIR_NOWHERE)
			break;
		//@ assert row: VER(xrow(v, k + 1) == xrow(v, k) + x_cost(v, k) <= p.weight);
		SPEND(out, out.steps < fuel);
		out.steps++;
		//@ ghost it++;
		if (have < hash)
			continue;
		x = get_entry(v, k);
		if (x.more_of && (val.kind != WEIR_KIND_string || !more_fits(x, t, at, p.width)))
			continue;
		GUARD(out, x.crit < v.ncrits);
		r = get_crit(v, x.crit);
		if (!r.slot && memo_of(s, x.crit) != MEMO_UNKNOWN)
			continue;
		out = confirm(v, x, r, val, at, out, fuel);
		if (out.r == R_TRUE)
			out = found(v, q, x, r, at, s, out, fuel);
		if (out.r < 0)
			return out;
	}
	out.r = R_FALSE;
	return out;
}

#endif
