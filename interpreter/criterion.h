/* SPDX-License-Identifier: GPL-2.0 */
/* Deciding one criterion on one event: the guard on inputs, the operators, what they cost. */
#ifndef WEIR_CRITERION_H
#define WEIR_CRITERION_H

#include "match.h"

/* An input as a criterion reads it. */
struct input {
	struct weir_value val; /* kind none: absent */
	u32 trip; /* the event does not carry what its type declares */
};

/* Words of scratch without anything remembered. */
/*@ requires nw <= WEIR_COUNT_MAX && \valid(w + (0 .. nw - 1)) && it_room(0);
    terminates \true; exits \false; assigns it, w[0 .. nw - 1];
    ensures \old(it) <= it <= \old(it) + nw; */
weir_inline void forget(u32 *w, u32 nw)
{
	u32 i;

	/*@ loop invariant 0 <= i <= nw;
	    loop invariant \at(it, Pre) <= it <= \at(it, Pre) + i;
	    loop assigns i, it, w[0 .. nw - 1]; loop variant nw - i; */
	for (i = 0; fits(i, 4, nw); i += 4) {
		//@ ghost it++;
		w[i] = 0;
		w[i + 1] = 0;
		w[i + 2] = 0;
		w[i + 3] = 0;
	}
	/*@ loop invariant 0 <= i <= nw;
	    loop invariant \at(it, Pre) <= it <= \at(it, Pre) + i;
	    loop assigns i, it, w[0 .. nw - 1]; loop variant nw - i; */
	for (; i < nw; i++) {
		//@ ghost it++;
		w[i] = 0;
	}
}

/*
 * The guard on inputs: the event knows how many values it carries, whatever its type declares.
 * @want is the declared kind.
 */
/*@ requires event_ok(e);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.val.kind == WEIR_KIND_none || \result.val.kind == want;
    ensures \result.val.kind == WEIR_KIND_string || \result.val.kind == WEIR_KIND_ip ==>
	value_ok(\result.val) && \result.val.len <= WEIR_VALUE_MAX;
    ensures \result.val.kind == WEIR_KIND_ip ==> \result.val.len == 4 || \result.val.len == 16; */
weir_inline struct input read_input(struct weir_event e, u32 field, u32 want)
{
	struct input in;

	in.trip = 0;
	in.val.ptr = NULL;
	in.val.num = 0;
	in.val.len = 0;
	in.val.kind = WEIR_KIND_none;
	if (field >= e.n) {
		in.trip = 1;
		return in;
	}
	field = weir_nospec(field, e.n);
	if (e.v[field].kind == WEIR_KIND_none)
		return in;
	if (e.v[field].kind != want || e.v[field].len > WEIR_VALUE_MAX ||
	    (want == WEIR_KIND_ip && e.v[field].len != 4 && e.v[field].len != 16))
		in.trip = 1;
	else
		in.val = e.v[field];
	return in;
}

/*@ requires view_mem(v) && text_ok(t) && it_room(1);
    requires VER(lits_ok(v, r.first, r.count, r.op, r.flags)) && out.r == R_FALSE;
    requires out.steps <= fuel <= FUEL_MAX;
    requires VER(out.steps + UNIT_ANCHORED * r.count <= fuel);
    requires anchored(r.op);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + UNIT_ANCHORED * r.count);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step any_anchored(struct weir_view v, struct rcrit r, struct text t,
				     struct step out, u64 fuel)
{
	u32 k;

	GUARD(out, fits(r.first, r.count, v.nlits));
	/*@ loop invariant 0 <= k <= r.count && out.r == R_FALSE;
	    loop invariant it - \at(it, Pre) <= out.steps - \at(out.steps, Pre);
	    loop invariant \at(out.steps, Pre) <= out.steps <= fuel;
	    loop invariant VER(out.steps <= \at(out.steps, Pre) + UNIT_ANCHORED * k);
	    loop assigns k, it, out; loop variant r.count - k; */
	for (k = 0; k < r.count; k++) {
		struct rlit l = get_lit(v, r.first + k);

		//@ assert lit: VER(lit_ok(v, r.first + k, r.op, r.flags));
		GUARD(out, l.len <= WEIR_LITERAL_MAX && fits(l.off, l.len, v.npool));
		SPEND(out, 1 + l.len <= fuel - out.steps);
		out.steps += 1;
		//@ ghost it++;
		if (l.len > t.len)
			continue;
		out.steps += l.len;
		if (match_anchored(v, l, r.op, t, r.flags & WEIR_CASED)) {
			out.r = R_TRUE;
			return out;
		}
	}
	return out;
}

/*@ requires view_mem(v) && text_ok(t) && it_room(1);
    requires VER(lits_ok(v, r.first, r.count, WEIR_OP_CONTAINS, r.flags)) && out.r == R_FALSE;
    requires r.flags < WEIR_INDEXED;
    requires out.steps <= fuel <= FUEL_MAX;
    requires VER(out.steps + UNIT_CONTAINS * r.count <= fuel);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + UNIT_CONTAINS * r.count);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step any_contains(struct weir_view v, struct rcrit r, struct text t,
				     struct step out, u64 fuel)
{
	u32 k;

	GUARD(out, fits(r.first, r.count, v.nlits));
	/*@ loop invariant 0 <= k <= r.count && out.r == R_FALSE;
	    loop invariant it - \at(it, Pre) <= out.steps - \at(out.steps, Pre);
	    loop invariant \at(out.steps, Pre) <= out.steps <= fuel;
	    loop invariant VER(out.steps <= \at(out.steps, Pre) + UNIT_CONTAINS * k);
	    loop assigns k, it, out; loop variant r.count - k; */
	for (k = 0; k < r.count; k++) {
		struct rlit l = get_lit(v, r.first + k);

		//@ assert lit: VER(lit_ok(v, r.first + k, WEIR_OP_CONTAINS, r.flags));
		SPEND(out, 1 + 2 * t.len <= fuel - out.steps);
		out.steps += 1 + 2 * t.len;
		//@ ghost it++;
		out = match_contains(v, r.first + k, l, t, r.flags & WEIR_CASED, out);
		if (out.r != R_FALSE)
			return out;
	}
	return out;
}

/*@ requires view_mem(v) && text_ok(t) && it_room(1);
    requires VER(lits_ok(v, r.first, r.count, WEIR_OP_CIDR, r.flags)) && out.r == R_FALSE;
    requires out.steps <= fuel <= FUEL_MAX;
    requires VER(out.steps + UNIT_CIDR * r.count <= fuel);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + UNIT_CIDR * r.count);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step any_cidr(struct weir_view v, struct rcrit r, struct text t, struct step out,
				 u64 fuel)
{
	u32 k;

	GUARD(out, fits(r.first, r.count, v.nlits));
	/*@ loop invariant 0 <= k <= r.count && out.r == R_FALSE;
	    loop invariant it - \at(it, Pre) <= out.steps - \at(out.steps, Pre);
	    loop invariant \at(out.steps, Pre) <= out.steps <= fuel;
	    loop invariant VER(out.steps <= \at(out.steps, Pre) + UNIT_CIDR * k);
	    loop assigns k, it, out; loop variant r.count - k; */
	for (k = 0; k < r.count; k++) {
		struct rlit l = get_lit(v, r.first + k);

		//@ assert lit: VER(lit_ok(v, r.first + k, WEIR_OP_CIDR, r.flags));
		GUARD(out, (l.len == 5 || l.len == 17) && fits(l.off, l.len, v.npool));
		SPEND(out, UNIT_CIDR <= fuel - out.steps);
		out.steps += UNIT_CIDR;
		//@ ghost it++;
		if (match_cidr(v, l, t)) {
			out.r = R_TRUE;
			return out;
		}
	}
	return out;
}

/*@ requires view_mem(v) && it_room(1) && out.r == R_FALSE && out.steps <= fuel <= FUEL_MAX;
    requires VER(r.first + r.count <= v.nnums && out.steps + r.count <= fuel);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + r.count);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step any_range(struct weir_view v, struct rcrit r, u64 num, struct step out,
				  u64 fuel)
{
	u32 k;

	GUARD(out, fits(r.first, r.count, v.nnums));
	/*@ loop invariant 0 <= k <= r.count && out.r == R_FALSE;
	    loop invariant it - \at(it, Pre) <= out.steps - \at(out.steps, Pre);
	    loop invariant \at(out.steps, Pre) <= out.steps <= fuel;
	    loop invariant VER(out.steps <= \at(out.steps, Pre) + k);
	    loop assigns k, it, out; loop variant r.count - k; */
	for (k = 0; k < r.count; k++) {
		struct rnum m = get_num(v, r.first + k);

		SPEND(out, out.steps < fuel);
		out.steps++;
		//@ ghost it++;
		if (num >= m.lo && num <= m.hi) {
			out.r = R_TRUE;
			return out;
		}
	}
	return out;
}

/* Operators over string values with operands in the content. */
/*@ requires view_mem(v) && text_ok(t) && it_room(2) && out.r == R_FALSE;
    requires out.steps <= fuel <= FUEL_MAX;
    requires anchored(r.op) || r.op == WEIR_OP_CONTAINS || r.op == WEIR_OP_DFA;
    requires VER(anchored(r.op) || r.op == WEIR_OP_CONTAINS ==>
		 lits_ok(v, r.first, r.count, r.op, r.flags));
    requires VER(r.op == WEIR_OP_CONTAINS ==> r.flags < WEIR_INDEXED);
    requires VER(r.op == WEIR_OP_DFA ==> r.first < v.ndfas && dfa_ok(v, r.first));
    requires VER(out.steps + cost_of(r.op, r.count) - 1 <= fuel);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + cost_of(r.op, r.count) - 1);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_string(struct weir_view v, struct rcrit r, struct text t,
				    struct reach part, struct step out, u64 fuel)
{
	if (r.op == WEIR_OP_CONTAINS) {
		GUARD(out, r.flags < WEIR_INDEXED);
		return any_contains(v, r, t, out, fuel);
	}
	if (is_anchored(r.op))
		return any_anchored(v, r, t, out, fuel);
	GUARD(out, r.first < v.ndfas);
	SPEND(out, 2 + 2 * t.len <= fuel - out.steps);
	out.steps += 2 + 2 * t.len;
	return match_dfa(v, r.first, t, part, out);
}

/* Operators over two values of one event. */
/*@ requires it_room(2) && out.r == R_FALSE && out.steps <= fuel <= FUEL_MAX && fields_op(op);
    requires a.kind == c.kind && a.kind != WEIR_KIND_none;
    requires a.kind == WEIR_KIND_string || a.kind == WEIR_KIND_ip ==>
	value_ok(a) && a.len <= WEIR_VALUE_MAX && value_ok(c) && c.len <= WEIR_VALUE_MAX;
    requires VER(out.steps + COST_FIELDS <= fuel);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + COST_FIELDS);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_fields(u32 op, u32 cased, struct weir_value a, struct weir_value c,
				    struct step out, u64 fuel)
{
	struct text x, y;

	SPEND(out, COST_FIELDS <= fuel - out.steps);
	out.steps += COST_FIELDS;
	if (a.kind != WEIR_KIND_string && a.kind != WEIR_KIND_ip) {
		out.r = a.num == c.num;
		return out;
	}
	x.p = a.ptr;
	x.len = a.len;
	y.p = c.ptr;
	y.len = c.len;
	out.r = match_texts(x, y, op, cased || a.kind == WEIR_KIND_ip);
	return out;
}

/*@ requires view_mem(v) && it_room(2) && out.r == R_FALSE && out.steps <= fuel <= FUEL_MAX;
    requires 1 <= r.op < WEIR_OP_END && op_fits(r.op, a.kind) && !fields_op(r.op);
    requires a.kind == WEIR_KIND_string || a.kind == WEIR_KIND_ip ==>
	value_ok(a) && a.len <= WEIR_VALUE_MAX;
    requires VER(anchored(r.op) || r.op == WEIR_OP_CONTAINS || r.op == WEIR_OP_CIDR ==>
		 lits_ok(v, r.first, r.count, r.op, r.flags));
    requires VER(r.op == WEIR_OP_CONTAINS ==> r.flags < WEIR_INDEXED);
    requires VER(r.op == WEIR_OP_DFA ==> r.first < v.ndfas && dfa_ok(v, r.first));
    requires VER(r.op == WEIR_OP_RANGE ==> r.first + r.count <= v.nnums);
    requires VER(out.steps + cost_of(r.op, r.count) - 1 <= fuel);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + cost_of(r.op, r.count) - 1);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_value(struct weir_view v, struct rcrit r, struct weir_value a,
				   struct reach part, struct step out, u64 fuel)
{
	struct text t;

	if (r.op == WEIR_OP_EXISTS) {
		out.r = R_TRUE;
		return out;
	}
	if (r.op == WEIR_OP_RANGE)
		return any_range(v, r, a.num, out, fuel);
	t.p = a.ptr;
	t.len = a.len;
	if (r.op == WEIR_OP_CIDR)
		return any_cidr(v, r, t, out, fuel);
	return eval_string(v, r, t, part, out, fuel);
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result.r == out.r && \result.steps == out.steps && \result.left == out.left; */
weir_inline struct step note_trip(struct step out, u32 trip, u32 field)
{
	if (trip && out.trips < 0xffffffffu) {
		if (!out.trips) {
			out.trip_inst = out.inst;
			out.trip_field = field;
		}
		out.trips++;
	}
	return out;
}

/*@ requires event_ok(e) && it_room(2) && fields_op(r.op);
    requires out.r == R_FALSE && out.steps <= fuel <= FUEL_MAX;
    requires a.kind == kind && a.kind != WEIR_KIND_none;
    requires op_fits(r.op, a.kind);
    requires a.kind == WEIR_KIND_string || a.kind == WEIR_KIND_ip ==>
	value_ok(a) && a.len <= WEIR_VALUE_MAX;
    requires VER(out.steps + COST_FIELDS <= fuel);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + COST_FIELDS);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_other(struct weir_event e, struct rcrit r, struct weir_value a,
				   u32 kind, struct step out, u64 fuel)
{
	struct input in = read_input(e, r.field2, kind);

	out = note_trip(out, in.trip, r.field2);
	if (in.val.kind == WEIR_KIND_none)
		return out;
	return eval_fields(r.op, r.flags & WEIR_CASED, a, in.val, out, fuel);
}

/* One criterion on an event of its type @ty. */
/*@ requires view_mem(v) && event_ok(e) && c < v.ncrits && it_room(2);
    requires out.r == R_FALSE && out.steps <= fuel <= FUEL_MAX;
    requires VER(crit_ok(v, c));
    requires VER(ty.arity == t_arity(v, c_type(v, c)) && ty.kind == t_kind(v, c_type(v, c)));
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    requires VER(c_op(v, c) == WEIR_OP_CONTAINS ==> c_flags(v, c) < WEIR_INDEXED);
    requires VER(out.steps + plain_cost(v, c) - 1 <= fuel);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + plain_cost(v, c) - 1);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_crit(struct weir_view v, struct weir_event e, u32 c, struct rtype ty,
				  struct reach part, struct step out, u64 fuel)
{
	struct rcrit r = get_crit(v, c);
	struct input in;
	u32 kind;

	//@ assert fitting: VER(crit_fits(v, c, ty.arity, ty.kind));
	//@ assert operands: VER(operands_ok(v, c, r.op));
	GUARD(out, r.field < ty.arity);
	kind = get_kind(v, ty.kind + r.field);
	GUARD(out, r.op >= 1 && r.op < WEIR_OP_END && op_takes(r.op, kind));
	in = read_input(e, r.field, kind);
	out = note_trip(out, in.trip, r.field);
	if (in.val.kind == WEIR_KIND_none)
		return out;
	if (is_fields_op(r.op))
		return eval_other(e, r, in.val, kind, out, fuel);
	return eval_value(v, r, in.val, part, out, fuel);
}

#endif
