// SPDX-License-Identifier: GPL-2.0
/* The Content Interpreter: programs over criteria, within a step budget, on any content. */
#include "core.h"
#include "match.h"

/* An input as a criterion reads it. */
struct input {
	struct weir_value val; /* kind none: absent */
	u32 trip; /* the event does not carry what its type declares */
};

/*
 * The guard on inputs: the event knows how many values it carries, whatever its type declares.
 * @want is the declared kind.
 */
/*@ requires event_ok(e);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.val.kind == WEIR_KIND_none || \result.val.kind == want;
    ensures \result.val.kind == WEIR_KIND_string || \result.val.kind == WEIR_KIND_ip ==>
	value_ok(\result.val) && \result.val.len <= WEIR_VALUE_MAX; */
weir_inline struct input read_input(struct weir_event e, u32 field, u32 want)
{
	struct input in;

	in.trip = 0;
	in.val.ptr = 0;
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
	if (e.v[field].kind != want || e.v[field].len > WEIR_VALUE_MAX)
		in.trip = 1;
	else
		in.val = e.v[field];
	return in;
}

/*@ requires view_mem(v) && text_ok(t) && it_room(1);
    requires VER(lits_ok(v, r.first, r.count, r.op)) && out.r == R_FALSE && out.steps <= fuel <= FUEL_MAX;
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

		//@ assert lit: VER(lit_ok(v, r.first + k, r.op));
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
    requires VER(lits_ok(v, r.first, r.count, WEIR_OP_CONTAINS)) && out.r == R_FALSE;
    requires out.steps <= fuel <= FUEL_MAX;
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

		//@ assert lit: VER(lit_ok(v, r.first + k, WEIR_OP_CONTAINS));
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
    requires VER(lits_ok(v, r.first, r.count, WEIR_OP_CIDR)) && out.r == R_FALSE;
    requires out.steps <= fuel <= FUEL_MAX;
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

		//@ assert lit: VER(lit_ok(v, r.first + k, WEIR_OP_CIDR));
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
    requires VER(r.first + r.count <= v.nnums);
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
/*@ requires view_mem(v) && text_ok(t) && it_room(2) && out.r == R_FALSE && out.steps <= fuel <= FUEL_MAX;
    requires anchored(r.op) || r.op == WEIR_OP_CONTAINS || r.op == WEIR_OP_DFA;
    requires VER(anchored(r.op) || r.op == WEIR_OP_CONTAINS ==>
		 lits_ok(v, r.first, r.count, r.op));
    requires VER(r.op == WEIR_OP_DFA ==> r.first < v.ndfas && dfa_ok(v, r.first));
    requires VER(out.steps + cost_of(r.op, r.count) - 1 <= fuel);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + cost_of(r.op, r.count) - 1);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_string(struct weir_view v, struct rcrit r, struct text t,
				    struct step out, u64 fuel)
{
	if (r.op == WEIR_OP_CONTAINS)
		return any_contains(v, r, t, out, fuel);
	if (is_anchored(r.op))
		return any_anchored(v, r, t, out, fuel);
	GUARD(out, r.first < v.ndfas);
	SPEND(out, 2 + t.len <= fuel - out.steps);
	out.steps += 2 + t.len;
	return match_dfa(v, r.first, t, out);
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
		 lits_ok(v, r.first, r.count, r.op));
    requires VER(r.op == WEIR_OP_DFA ==> r.first < v.ndfas && dfa_ok(v, r.first));
    requires VER(r.op == WEIR_OP_RANGE ==> r.first + r.count <= v.nnums);
    requires VER(out.steps + cost_of(r.op, r.count) - 1 <= fuel);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + cost_of(r.op, r.count) - 1);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_value(struct weir_view v, struct rcrit r, struct weir_value a,
				   struct step out, u64 fuel)
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
	return eval_string(v, r, t, out, fuel);
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result.r == out.r && \result.steps == out.steps; */
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
    requires VER(out.steps + c_cost(v, c) - 1 <= fuel);
    terminates \true; exits \false; assigns it;
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + c_cost(v, c) - 1);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_crit(struct weir_view v, struct weir_event e, u32 c, struct rtype ty,
				  struct step out, u64 fuel)
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
	return eval_value(v, r, in.val, out, fuel);
}

/* A criterion, decided at most once an event. */
/*@ requires view_mem(v) && event_ok(e) && c < v.ncrits && it_room(2);
    requires nw == words(v) && \valid(w + (0 .. nw - 1));
    requires out.r == R_FALSE && out.steps <= fuel <= FUEL_MAX;
    requires VER(crit_ok(v, c));
    requires VER(ty.arity == t_arity(v, c_type(v, c)) && ty.kind == t_kind(v, c_type(v, c)));
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    requires VER(out.steps + c_cost(v, c) - 1 <= fuel);
    terminates \true; exits \false; assigns it, w[0 .. nw - 1];
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + c_cost(v, c) - 1);
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step decide(struct weir_view v, struct weir_event e, u32 c, struct rtype ty,
			       u32 *w, u32 nw, struct step out, u64 fuel)
{
	u32 i = weir_nospec(c / 16, nw);
	u32 memo = memo_get(w[i], c);

	(void)nw;
	if (memo != MEMO_UNKNOWN) {
		out.r = memo == MEMO_TRUE;
		return out;
	}
	out = eval_crit(v, e, c, ty, out, fuel);
	if (out.r >= 0)
		w[i] = memo_set(w[i], c, out.r == R_TRUE ? MEMO_TRUE : MEMO_FALSE);
	return out;
}

/* The program of nn nodes at @base: R_TRUE if it accepts. */
/*@ requires view_mem(v) && event_ok(e) && it_room(3);
    requires nw == words(v) && \valid(w + (0 .. nw - 1));
    requires \separated(w + (0 .. nw - 1), e.v + (0 .. e.n - 1));
    requires out.steps <= fuel <= FUEL_MAX;
    requires VER(program_ok(v, base, nn, t) && crits_ok(v) && growing(v, v.nnodes));
    requires VER(ty.arity == t_arity(v, t) && ty.kind == t_kind(v, t));
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    requires VER(out.steps + 1 + (nsum(v, base + nn) - nsum(v, base)) <= fuel);
    terminates \true; exits \false; assigns it, w[0 .. nw - 1];
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps <= out.steps + 1 + (nsum(v, base + nn) - nsum(v, base)));
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_program(struct weir_view v, struct weir_event e, u32 base, u32 nn,
				     u32 t, struct rtype ty, u32 *w, u32 nw, struct step out,
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
	    loop assigns k, it, out, w[0 .. nw - 1]; loop variant nn - k; */
	for (;;) {
		struct rnode n = get_node(v, base + k);
		u32 to;

		//@ assert node: VER(node_ok(v, base, k, nn, t));
		//@ assert sum: VER(nsum(v, base + k + 1) == nsum(v, base + k) + 1 + c_cost(v, n.crit));
		//@ assert left: VER(nsum(v, base + k + 1) <= nsum(v, base + nn));
		SPEND(out, out.steps < fuel);
		out.steps++;
		//@ ghost it++;
		GUARD(out, n.crit < v.ncrits);
		out.r = R_FALSE;
		//@ assert crit: VER(crit_ok(v, n.crit));
		out = decide(v, e, n.crit, ty, w, nw, out, fuel);
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

/* The record of a Template Type, by id; inst and ninst are 0 if the content does not use it. */
/*@ requires view_mem(v) && it_room(0);
    terminates \true; exits \false; assigns it;
    ensures it <= \old(it) + v.ntypes;
    ensures \result <= v.ntypes; */
weir_inline u32 find_type(struct weir_view v, u32 id)
{
	u32 t;

	/*@ loop invariant 0 <= t <= v.ntypes;
	    loop invariant it == \at(it, Pre) + t;
	    loop assigns t, it; loop variant v.ntypes - t; */
	for (t = 0; t < v.ntypes; t++) {
		//@ ghost it++;
		if (get_type(v, t).id == id)
			break;
	}
	return t;
}

/*@ requires nw <= WEIR_COUNT_MAX && \valid(w + (0 .. nw - 1)) && it_room(0);
    terminates \true; exits \false; assigns it, w[0 .. nw - 1];
    ensures it == \old(it) + nw; */
weir_inline void forget(u32 *w, u32 nw)
{
	u32 i;

	/*@ loop invariant 0 <= i <= nw;
	    loop invariant it == \at(it, Pre) + i;
	    loop assigns i, it, w[0 .. nw - 1]; loop variant nw - i; */
	for (i = 0; i < nw; i++) {
		//@ ghost it++;
		w[i] = 0;
	}
}

/* What of its room an evaluation may write. */
/*@ predicate run_ok(struct weir_run run, integer nw, struct weir_event e, struct weir_result *res) =
      \valid(run.scratch + (0 .. nw - 1)) && \valid(run.match + (0 .. run.cap - 1)) &&
      \valid(res) &&
      \separated(run.scratch + (0 .. nw - 1), run.match + (0 .. run.cap - 1), res,
		 e.v + (0 .. e.n - 1)); */

/* One instance: its program, and what a match adds up to. */
/*@ requires view_mem(v) && event_ok(e) && it_room(4) && i < v.ninsts;
    requires nw == words(v) && run_ok(run, nw, e, res);
    requires out.steps <= run.fuel <= FUEL_MAX && res->nmatch <= i;
    requires VER(inst_ok(v, i) && i_type(v, i) == t && crits_ok(v) && growing(v, v.nnodes));
    requires VER(ty.arity == t_arity(v, t) && ty.kind == t_kind(v, t));
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    requires VER(out.steps + 1 +
		 (nsum(v, i_node(v, i) + i_nn(v, i)) - nsum(v, i_node(v, i))) <= run.fuel);
    terminates \true; exits \false;
    assigns it, run.scratch[0 .. nw - 1], run.match[0 .. run.cap - 1], res->nmatch, res->verdict;
    ensures it - \old(it) <= \result.steps - out.steps;
    ensures out.steps <= \result.steps <= run.fuel;
    ensures VER(\result.steps <= out.steps + 1 +
		(nsum(v, i_node(v, i) + i_nn(v, i)) - nsum(v, i_node(v, i))));
    ensures res->nmatch <= i + 1;
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_inst(struct weir_view v, struct weir_event e, struct weir_run run,
				  u32 i, u32 t, struct rtype ty, u32 nw, struct step out,
				  struct weir_result *res)
{
	struct rinst r = get_inst(v, i);

	out.inst = i;
	out = eval_program(v, e, r.node, r.nn, t, ty, run.scratch, nw, out, run.fuel);
	if (out.r != R_TRUE)
		return out;
	if (res->nmatch < run.cap)
		run.match[res->nmatch] = i;
	res->nmatch++;
	if (r.action < WEIR_VERDICT_END && r.action > res->verdict)
		res->verdict = r.action;
	return out;
}

/* All instances of the type with index @t. */
/*@ requires view_mem(v) && event_ok(e) && it_room(5) && t < v.ntypes;
    requires nw == words(v) && run_ok(run, nw, e, res);
    requires out.steps <= run.fuel <= FUEL_MAX && res->nmatch == 0;
    requires VER(view_ok(v));
    requires VER(out.steps + v.ninsts + nsum(v, v.nnodes) <= run.fuel);
    terminates \true; exits \false;
    assigns it, run.scratch[0 .. nw - 1], run.match[0 .. run.cap - 1], res->nmatch, res->verdict;
    ensures it - \old(it) <= \result.steps - out.steps;
    ensures out.steps <= \result.steps <= run.fuel;
    ensures VER(\result.steps <= out.steps + v.ninsts + nsum(v, v.nnodes));
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_type(struct weir_view v, struct weir_event e, struct weir_run run,
				  u32 t, u32 nw, struct step out, struct weir_result *res)
{
	struct rtype ty = get_type(v, t);
	u32 i;

	//@ assert type: VER(type_ok(v, t));
	out.r = R_FALSE;
	GUARD(out, ty.arity <= WEIR_ARITY_MAX && fits(ty.kind, ty.arity, v.nkinds));
	GUARD(out, fits(ty.inst, ty.ninst, v.ninsts));
	/*@ loop invariant ty.inst <= i <= ty.inst + ty.ninst && event_ok(e) && res->nmatch <= i;
	    loop invariant it - \at(it, Pre) <= out.steps - \at(out.steps, Pre);
	    loop invariant \at(out.steps, Pre) <= out.steps <= run.fuel;
	    loop invariant R_MIN <= out.r <= 1;
	    loop invariant VER(out.steps <= \at(out.steps, Pre) + (i - ty.inst) +
		(nsum(v, node_at(v, i)) - nsum(v, node_at(v, ty.inst))));
	    loop assigns i, it, out, run.scratch[0 .. nw - 1], run.match[0 .. run.cap - 1],
		res->nmatch, res->verdict;
	    loop variant ty.inst + ty.ninst - i; */
	for (i = ty.inst; i < ty.inst + ty.ninst; i++) {
		//@ assert inst: VER(inst_ok(v, i) && i_node(v, i) == node_at(v, i));
		//@ assert group: VER(i_type(v, i) == t);
		//@ assert sums: VER(nsum(v, node_at(v, i + 1)) <= nsum(v, v.nnodes));
		out = eval_inst(v, e, run, i, t, ty, nw, out, res);
		if (out.r < 0)
			return out;
	}
	return out;
}

/* The beginning of an evaluation. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result.r == r && \result.steps == 0; */
weir_inline struct step begin(int r)
{
	struct step out;

	out.r = r;
	out.trips = 0;
	out.trip_inst = WEIR_NOWHERE;
	out.trip_field = WEIR_NOWHERE;
	out.inst = WEIR_NOWHERE;
	out.steps = 0;
	return out;
}

/* The evaluation as a whole, with its steps. */
/*@ requires view_mem(v) && event_ok(e) && it_room(6) && it == 0;
    requires nw == words(v) && run_ok(run, nw, e, res) && res->nmatch == 0;
    requires run.fuel <= FUEL_MAX && VER(view_ok(v)) && VER(cost(v) <= run.fuel);
    terminates \true; exits \false;
    assigns it, run.scratch[0 .. nw - 1], run.match[0 .. run.cap - 1], res->nmatch, res->verdict;
    ensures it <= \result.steps <= run.fuel;
    ensures VER(\result.steps <= cost(v));
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_event(struct weir_view v, struct weir_event e, struct weir_run run,
				   u32 nw, struct weir_result *res)
{
	struct step out = begin(R_FALSE);
	u32 t;

	//@ assert positive: VER(0 <= nsum(v, v.nnodes));
	SPEND(out, v.ntypes + nw <= run.fuel);
	out.steps = v.ntypes + nw;
	t = find_type(v, e.type);
	if (t == v.ntypes)
		return out;
	forget(run.scratch, nw);
	return eval_type(v, e, run, t, nw, out, res);
}

/*@ requires \valid_read(v) && \valid_read(e) && \valid_read(run) && \valid(res);
    requires view_mem(*v) && event_ok(*e) && it == 0;
    requires run->nscratch >= words(*v) ==> run_ok(*run, words(*v), *e, res);
    requires \separated(res, v, e, run);
    requires VER(view_ok(*v)) && VER(cost(*v) <= run->fuel);
    terminates \true; exits \false;
    assigns it, *res, run->scratch[0 .. words(*v) - 1], run->match[0 .. run->cap - 1];
    ensures it <= res->steps <= \old(run->fuel);
    ensures VER(\old(run->nscratch) >= \old(words(*v)) ==> res->status == WEIR_DONE); */
void weir_eval(const struct weir_view *v, const struct weir_event *e, const struct weir_run *run,
	       struct weir_result *res)
{
	struct weir_view view = *v;
	struct weir_event event = *e;
	struct weir_run lent = *run;
	u32 nw = scratch_words(view.ncrits);
	struct step out = begin(R_FAULT);

	res->nmatch = 0;
	res->verdict = WEIR_VERDICT_NONE;
	if (lent.fuel > FUEL_MAX)
		lent.fuel = FUEL_MAX;
	if (lent.nscratch >= nw)
		out = eval_event(view, event, lent, nw, res);
	res->status = out.r == R_FUEL ? WEIR_FUEL : out.r < 0 ? WEIR_FAULT : WEIR_DONE;
	res->trips = out.trips;
	res->trip_inst = out.trip_inst;
	res->trip_field = out.trip_field;
	res->fault_inst = out.r < 0 ? out.inst : WEIR_NOWHERE;
	res->steps = out.steps;
}

/*@ requires \valid_read(v) && \valid_read(e) && view_mem(*v) && event_ok(*e) && it == 0;
    requires VER(view_ok(*v));
    terminates \true; exits \false; assigns it;
    ensures -1 <= \result <= 1; */
int weir_criterion(const struct weir_view *v, const struct weir_event *e, u32 crit)
{
	struct step out;
	struct rtype ty;
	u32 t;

	if (crit >= v->ncrits)
		return -1;
	//@ assert crit: VER(crit_ok(*v, crit));
	t = get_crit(*v, crit).type;
	if (t >= v->ntypes)
		return -1;
	//@ assert type: VER(type_ok(*v, t));
	ty = get_type(*v, t);
	if (ty.arity > WEIR_ARITY_MAX || !fits(ty.kind, ty.arity, v->nkinds))
		return -1;
	out = eval_crit(*v, *e, crit, ty, begin(R_FALSE), 2 * COST_CRITERION_MAX);
	return out.r < 0 ? -1 : out.r;
}
