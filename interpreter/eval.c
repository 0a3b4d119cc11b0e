// SPDX-License-Identifier: GPL-2.0
/* The Content Interpreter: programs over criteria, within a step budget, on any content. */
#include "core.h"
#include "program.h"

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

/* What of its room an evaluation may write. */
/*@ predicate run_ok(struct weir_run run, struct scratch s, struct weir_event e,
		     struct weir_result *res) =
      \valid(s.w + (0 .. s.n - 1)) && \valid(run.match + (0 .. run.cap - 1)) && \valid(res) &&
      \separated(s.w + (0 .. s.n - 1), run.match + (0 .. run.cap - 1), res,
		 e.v + (0 .. e.n - 1)); */

/* Instance @i matched. */
/*@ requires run_ok(run, s, e, res) && event_ok(e) && res->nmatch <= i < WEIR_COUNT_MAX;
    terminates \true; exits \false;
    assigns run.match[0 .. run.cap - 1], res->nmatch, res->verdict;
    ensures event_ok(e) && res->nmatch == \old(res->nmatch) + 1; */
weir_inline void add_match(struct weir_run run, struct scratch s, struct weir_event e, u32 i,
			   u32 action, struct weir_result *res)
{
	u32 k = res->nmatch;

	(void)s;
	(void)e;
	res->nmatch = k + 1;
	if (action < WEIR_VERDICT_END && action > res->verdict)
		res->verdict = action;
	if (k < run.cap)
		run.match[k] = i;
}

/* Steps of the instances of a type before @i. */
/*@ logic integer before{L}(struct weir_view v, integer first, integer i) =
      (i - first) + nsum(v, node_at(v, i)) - nsum(v, node_at(v, first));
    predicate insts_known{L}(struct weir_view v, integer t) =
      insts_ok(v) && tiled(v) && group_ok(v, t) && crits_ok(v) && growing(v, v.nnodes) &&
      following(v, v.ninsts) && node_at(v, 0) == 0 && node_at(v, v.ninsts) <= v.nnodes; */

/* One instance: its program, and what a match adds up to. */
/*@ requires view_mem(v) && event_ok(e) && it_room(3) && i < v.ninsts;
    requires scratch_ok(s, v) && run_ok(run, s, e, res);
    requires out.steps <= run.fuel <= FUEL_MAX && res->nmatch <= out.next <= i;
    requires VER(insts_known(v, t) && t_inst(v, t) <= i < t_inst(v, t) + t_ninst(v, t));
    requires VER(ty.arity == t_arity(v, t) && ty.kind == t_kind(v, t));
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    requires VER(out.steps + before(v, i, i + 1) <= run.fuel);
    terminates \true; exits \false;
    assigns it, s.w[0 .. s.n - 1], run.match[0 .. run.cap - 1], res->nmatch, res->verdict;
    ensures event_ok(e);
    ensures it - \old(it) <= \result.steps - out.steps;
    ensures out.steps <= \result.steps <= run.fuel;
    ensures VER(\result.steps <= out.steps + before(v, i, i + 1));
    ensures res->nmatch <= \result.next == i + 1;
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_inst(struct weir_view v, struct weir_event e, struct weir_run run,
				  u32 i, u32 t, struct rtype ty, struct scratch s, struct step out,
				  struct weir_result *res)
{
	struct rinst r = get_inst(v, i);

	//@ assert inst: VER(inst_ok(v, i) && i_node(v, i) == node_at(v, i) && i_type(v, i) == t);
	//@ assert next: VER(node_at(v, i + 1) == i_node(v, i) + i_nn(v, i));
	/*@ assert sums: VER(before(v, i, i + 1) ==
	    1 + nsum(v, node_at(v, i + 1)) - nsum(v, i_node(v, i))); */
	out.inst = i;
	out = eval_program(v, e, r.node, r.nn, t, ty, s, out, run.fuel);
	out.next = i + 1;
	if (out.r != R_TRUE)
		return out;
	add_match(run, s, e, i, r.action, res);
	return out;
}

/* Instances that nothing wakes, and are asked always; or all of them. */
/*@ requires view_mem(v) && event_ok(e) && it_room(4);
    requires scratch_ok(s, v) && run_ok(run, s, e, res);
    requires out.steps <= run.fuel <= FUEL_MAX && res->nmatch == 0 && out.next == ty.inst;
    requires ty.inst + ty.ninst <= v.ninsts && ty.nalways <= ty.ninst && R_MIN <= out.r <= 1;
    requires VER(insts_known(v, t) && ty.inst == t_inst(v, t) && ty.ninst == t_ninst(v, t));
    requires VER(ty.arity == t_arity(v, t) && ty.kind == t_kind(v, t));
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    requires VER(out.steps + before(v, ty.inst, ty.inst + ty.ninst) <= run.fuel);
    terminates \true; exits \false;
    assigns it, s.w[0 .. s.n - 1], run.match[0 .. run.cap - 1], res->nmatch, res->verdict;
    ensures event_ok(e);
    ensures it - \old(it) <= \result.steps - out.steps;
    ensures out.steps <= \result.steps <= run.fuel;
    ensures ty.inst <= \result.next <= ty.inst + ty.ninst && res->nmatch <= \result.next;
    ensures VER(\result.steps <= out.steps + before(v, ty.inst, \result.next));
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_always(struct weir_view v, struct weir_event e, struct weir_run run,
				    u32 t, struct rtype ty, struct scratch s, struct step out,
				    struct weir_result *res)
{
	u32 i, end = ty.inst + (out.all ? ty.ninst : ty.nalways);

	/*@ loop invariant ty.inst <= i <= end && out.next == i;
	    loop invariant event: event_ok(e);
	    loop invariant room: res->nmatch <= i;
	    loop invariant it - \at(it, Pre) <= out.steps - \at(out.steps, Pre);
	    loop invariant \at(out.steps, Pre) <= out.steps <= run.fuel;
	    loop invariant R_MIN <= out.r <= 1;
	    loop invariant paid: VER(out.steps <= \at(out.steps, Pre) + before(v, ty.inst, i));
	    loop assigns i, it, out, s.w[0 .. s.n - 1], run.match[0 .. run.cap - 1], res->nmatch,
		res->verdict;
	    loop variant end - i; */
	for (i = ty.inst; i < end; i++) {
		//@ assert up: VER(node_at(v, i + 1) <= node_at(v, ty.inst + ty.ninst) <= v.nnodes);
		//@ assert first: VER(0 <= node_at(v, ty.inst) <= node_at(v, i));
		out = eval_inst(v, e, run, i, t, ty, s, out, res);
		if (out.r < 0)
			return out;
	}
	return out;
}

/* Instances that were woken, and are in word @k. */
/*@ requires view_mem(v) && event_ok(e) && it_room(4);
    requires scratch_ok(s, v) && run_ok(run, s, e, res) && R_MIN <= out.r <= 1;
    requires out.steps <= run.fuel <= FUEL_MAX && res->nmatch <= out.next;
    requires ty.inst + ty.ninst <= v.ninsts && ty.inst <= out.next <= ty.inst + ty.ninst;
    requires VER(insts_known(v, t) && ty.inst == t_inst(v, t) && ty.ninst == t_ninst(v, t));
    requires VER(ty.arity == t_arity(v, t) && ty.kind == t_kind(v, t));
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    requires VER(out.steps + 33 + before(v, out.next, ty.inst + ty.ninst) <= run.fuel);
    requires k < 32 * s.room.wokens;
    terminates \true; exits \false;
    assigns it, s.w[0 .. s.n - 1], run.match[0 .. run.cap - 1], res->nmatch, res->verdict;
    ensures event_ok(e);
    ensures it - \old(it) <= \result.steps - out.steps;
    ensures out.steps <= \result.steps <= run.fuel;
    ensures out.next <= \result.next <= ty.inst + ty.ninst && res->nmatch <= \result.next;
    ensures VER(\result.steps <= out.steps + 33 + before(v, out.next, \result.next));
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_word(struct weir_view v, struct weir_event e, struct weir_run run,
				  u32 k, u32 t, struct rtype ty, struct scratch s, struct step out,
				  struct weir_result *res)
{
	u32 j, i, word;

	SPEND(out, 33 <= run.fuel - out.steps);
	out.steps += 33;
	//@ ghost it++;
	if (k >= s.room.woken)
		return out;
	word = woken_of(s, k);
	/*@ loop invariant 0 <= j <= 32 && event_ok(e) && R_MIN <= out.r <= 1;
	    loop invariant \at(out.next, Pre) <= out.next <= ty.inst + ty.ninst;
	    loop invariant room: res->nmatch <= out.next;
	    loop invariant it - \at(it, Pre) <= 1 + j + (out.steps - \at(out.steps, Pre) - 33);
	    loop invariant \at(out.steps, Pre) + 33 <= out.steps <= run.fuel;
	    loop invariant paid: VER(out.steps <= \at(out.steps, Pre) + 33 +
		before(v, \at(out.next, Pre), out.next));
	    loop assigns i, j, it, out, s.w[0 .. s.n - 1], run.match[0 .. run.cap - 1],
		res->nmatch, res->verdict;
	    loop variant 32 - j; */
	for (j = next_bit(word, 0); j < 32; j = next_bit(word, j + 1)) {
		//@ ghost it++;
		i = 32 * k + j;
		if (i < out.next || i - ty.inst >= ty.ninst)
			continue;
		//@ assert low: VER(0 <= node_at(v, out.next) <= node_at(v, i));
		//@ assert up: VER(node_at(v, i + 1) <= node_at(v, ty.inst + ty.ninst) <= v.nnodes);
		//@ assert skipped: VER(before(v, out.next, i) >= 0);
		out = eval_inst(v, e, run, i, t, ty, s, out, res);
		if (out.r < 0)
			return out;
	}
	return out;
}

/* Instances that were woken, in their order. */
/*@ requires view_mem(v) && event_ok(e) && it_room(5);
    requires scratch_ok(s, v) && run_ok(run, s, e, res) && R_MIN <= out.r <= 1;
    requires out.steps <= run.fuel <= FUEL_MAX && res->nmatch <= out.next;
    requires ty.inst + ty.ninst <= v.ninsts && ty.inst <= out.next <= ty.inst + ty.ninst;
    requires VER(insts_known(v, t) && ty.inst == t_inst(v, t) && ty.ninst == t_ninst(v, t));
    requires VER(ty.arity == t_arity(v, t) && ty.kind == t_kind(v, t));
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    requires VER(out.steps + 1057 * r_wokens(v) + before(v, out.next, ty.inst + ty.ninst) <=
	run.fuel);
    terminates \true; exits \false;
    assigns it, s.w[0 .. s.n - 1], run.match[0 .. run.cap - 1], res->nmatch, res->verdict;
    ensures event_ok(e);
    ensures it - \old(it) <= \result.steps - out.steps;
    ensures out.steps <= \result.steps <= run.fuel;
    ensures out.next <= \result.next <= ty.inst + ty.ninst && res->nmatch <= \result.next;
    ensures VER(\result.steps <=
	out.steps + 1057 * r_wokens(v) + before(v, out.next, \result.next));
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_woken(struct weir_view v, struct weir_event e, struct weir_run run,
				   u32 t, struct rtype ty, struct scratch s, struct step out,
				   struct weir_result *res)
{
	u32 m, j, base = scratch_kept(s.room) + s.room.memos;

	/*@ loop invariant 0 <= m <= s.room.wokens && event_ok(e) && R_MIN <= out.r <= 1;
	    loop invariant \at(out.next, Pre) <= out.next <= ty.inst + ty.ninst;
	    loop invariant room: res->nmatch <= out.next;
	    loop invariant it - \at(it, Pre) <= out.steps - \at(out.steps, Pre);
	    loop invariant \at(out.steps, Pre) <= out.steps <= run.fuel;
	    loop invariant paid: VER(out.steps <= \at(out.steps, Pre) + 1057 * m +
		before(v, \at(out.next, Pre), out.next));
	    loop assigns m, j, it, out, s.w[0 .. s.n - 1], run.match[0 .. run.cap - 1],
		res->nmatch, res->verdict;
	    loop variant s.room.wokens - m; */
	for (m = 0; m < s.room.wokens; m++) {
		u32 word = s.w[base + m];

		//@ assert rest: VER(before(v, out.next, ty.inst + ty.ninst) >= 0);
		SPEND(out, out.steps < run.fuel);
		out.steps++;
		//@ ghost it++;
		/*@ loop invariant 0 <= j <= 32 && event_ok(e) && R_MIN <= out.r <= 1;
		    loop invariant \at(out.next, Pre) <= out.next <= ty.inst + ty.ninst;
		    loop invariant room: res->nmatch <= out.next;
		    loop invariant it - \at(it, Pre) <= out.steps - \at(out.steps, Pre);
		    loop invariant \at(out.steps, Pre) <= out.steps <= run.fuel;
		    loop invariant paid: VER(out.steps <= \at(out.steps, Pre) + 1057 * m + 1 +
			33 * j + before(v, \at(out.next, Pre), out.next));
		    loop assigns j, it, out, s.w[0 .. s.n - 1], run.match[0 .. run.cap - 1],
			res->nmatch, res->verdict;
		    loop variant 32 - j; */
		for (j = next_bit(word, 0); j < 32; j = next_bit(word, j + 1)) {
			out = eval_word(v, e, run, 32 * m + j, t, ty, s, out, res);
			if (out.r < 0)
				return out;
		}
	}
	return out;
}

/* All instances of the type with index @t. */
/*@ requires view_mem(v) && event_ok(e) && it_room(6) && t < v.ntypes;
    requires scratch_ok(s, v) && run_ok(run, s, e, res);
    requires out.steps <= run.fuel <= FUEL_MAX && res->nmatch == 0;
    requires VER(view_ok(v));
    requires VER(out.steps + 1057 * r_wokens(v) + v.nwakes + v.ninsts +
		 psum(v, v.nprobes) + nsum(v, v.nnodes) <= run.fuel);
    terminates \true; exits \false;
    assigns it, s.w[0 .. s.n - 1], run.match[0 .. run.cap - 1], res->nmatch, res->verdict;
    ensures it - \old(it) <= \result.steps - out.steps;
    ensures out.steps <= \result.steps <= run.fuel;
    ensures VER(\result.steps <= out.steps + 1057 * r_wokens(v) + v.nwakes +
		v.ninsts + psum(v, v.nprobes) + nsum(v, v.nnodes));
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_type(struct weir_view v, struct weir_event e, struct weir_run run,
				  u32 t, struct scratch s, struct step out, struct weir_result *res)
{
	struct rtype ty = get_type(v, t);

	//@ assert type: VER(type_ok(v, t) && group_ok(v, t) && probes_ok(v, t));
	out.r = R_FALSE;
	GUARD(out, ty.arity <= WEIR_ARITY_MAX && fits(ty.kind, ty.arity, v.nkinds));
	GUARD(out, fits(ty.inst, ty.ninst, v.ninsts) && ty.nalways <= ty.ninst);
	//@ assert known: VER(insts_known(v, t));
	//@ assert last: VER(node_at(v, ty.inst + ty.ninst) <= v.nnodes);
	//@ assert none: VER(node_at(v, 0) == 0 && nsum(v, 0) == 0);
	//@ assert first: VER(node_at(v, 0) <= node_at(v, ty.inst) <= v.nnodes);
	//@ assert sum: VER(nsum(v, 0) <= nsum(v, node_at(v, ty.inst)));
	//@ assert end: VER(nsum(v, node_at(v, ty.inst + ty.ninst)) <= nsum(v, v.nnodes));
	//@ assert all: VER(before(v, ty.inst, ty.inst + ty.ninst) <= v.ninsts + nsum(v, v.nnodes));
	out.left = v.nwakes;
	out = probe_all(v, e, t, ty, s, out, run.fuel);
	out.next = ty.inst;
	if (out.r >= 0)
		out = eval_always(v, e, run, t, ty, s, out, res);
	if (out.r >= 0)
		out = eval_woken(v, e, run, t, ty, s, out, res);
	return out;
}

/* The evaluation as a whole, with its steps. */
/*@ requires view_mem(v) && event_ok(e) && it_room(7) && it == 0;
    requires scratch_ok(s, v) && run_ok(run, s, e, res) && res->nmatch == 0;
    requires run.fuel <= FUEL_MAX && VER(view_ok(v)) && VER(cost(v) <= run.fuel);
    terminates \true; exits \false;
    assigns it, s.w[0 .. s.n - 1], run.match[0 .. run.cap - 1], res->nmatch, res->verdict;
    ensures it <= \result.steps <= run.fuel;
    ensures VER(\result.steps <= cost(v));
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step eval_event(struct weir_view v, struct weir_event e, struct weir_run run,
				   struct scratch s, struct weir_result *res)
{
	struct step out = begin(R_FALSE);
	u32 t, bits = scratch_kept(s.room);

	//@ assert positive: VER(0 <= nsum(v, v.nnodes) && 0 <= psum(v, v.nprobes));
	SPEND(out, v.ntypes + (s.n - bits) <= run.fuel);
	out.steps = v.ntypes + (s.n - bits);
	t = find_type(v, e.type);
	if (t == v.ntypes)
		return out;
	forget(s.w + bits, s.n - bits);
	return eval_type(v, e, run, t, s, out, res);
}

/*@ requires \valid_read(v) && \valid_read(e) && \valid_read(run) && \valid(res);
    requires view_mem(*v) && event_ok(*e) && it == 0;
    requires run->nscratch >= words(*v) ==>
	\valid(run->scratch + (0 .. words(*v) - 1)) && \valid(run->match + (0 .. run->cap - 1)) &&
	\separated(run->scratch + (0 .. words(*v) - 1), run->match + (0 .. run->cap - 1), res,
		   e->v + (0 .. e->n - 1));
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
	struct step out = begin(R_FAULT);
	struct scratch s;

	/*@ assert lent: lent.nscratch >= words(view) ==>
	    \valid(lent.scratch + (0 .. words(view) - 1)) &&
	    \valid(lent.match + (0 .. lent.cap - 1)) &&
	    \separated(lent.scratch + (0 .. words(view) - 1), lent.match + (0 .. lent.cap - 1), res,
		       event.v + (0 .. event.n - 1)); */
	res->nmatch = 0;
	res->verdict = WEIR_VERDICT_NONE;
	if (lent.fuel > FUEL_MAX)
		lent.fuel = FUEL_MAX;
	s = scratch_of(view, lent.scratch);
	//@ assert room: lent.nscratch >= s.n ==> scratch_ok(s, view);
	//@ assert apart: lent.nscratch >= s.n ==> run_ok(lent, s, event, res);
	//@ assert event: lent.nscratch >= s.n ==> event_ok(event);
	if (lent.nscratch >= s.n)
		out = eval_event(view, event, lent, s, res);
	res->status = out.r == R_FUEL ? WEIR_FUEL : out.r < 0 ? WEIR_FAULT : WEIR_DONE;
	res->trips = out.trips;
	res->trip_inst = out.trip_inst;
	res->trip_field = out.trip_field;
	res->fault_inst = out.r < 0 ? out.inst : WEIR_NOWHERE;
	res->steps = out.steps;
}
