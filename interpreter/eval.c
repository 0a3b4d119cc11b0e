// SPDX-License-Identifier: GPL-2.0
/* The Content Interpreter: programs over criteria, within a step budget, on any content. */
#include "core.h"
#include "criterion.h"

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
    ensures event_ok(e);
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
		//@ assert crit: VER(crit_ok(v, n.crit) && 1 <= c_cost(v, n.crit));
		//@ assert sum: VER(nsum(v, base + k + 1) == nsum(v, base + k) + 1 + c_cost(v, n.crit));
		//@ assert left: VER(nsum(v, base + k + 1) <= nsum(v, base + nn));
		SPEND(out, out.steps < fuel);
		out.steps++;
		//@ ghost it++;
		GUARD(out, n.crit < v.ncrits);
		out.r = R_FALSE;
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

/* What of its room an evaluation may write. */
/*@ predicate run_ok(struct weir_run run, integer nw, struct weir_event e,
		     struct weir_result *res) =
      \valid(run.scratch + (0 .. nw - 1)) && \valid(run.match + (0 .. run.cap - 1)) &&
      \valid(res) &&
      \separated(run.scratch + (0 .. nw - 1), run.match + (0 .. run.cap - 1), res,
		 e.v + (0 .. e.n - 1)); */

/* Instance @i matched. */
/*@ requires run_ok(run, nw, e, res) && event_ok(e) && res->nmatch <= i < WEIR_COUNT_MAX;
    terminates \true; exits \false;
    assigns run.match[0 .. run.cap - 1], res->nmatch, res->verdict;
    ensures event_ok(e) && res->nmatch == \old(res->nmatch) + 1; */
weir_inline void add_match(struct weir_run run, u32 nw, struct weir_event e, u32 i, u32 action,
			   struct weir_result *res)
{
	u32 k = res->nmatch;

	(void)nw;
	(void)e;
	res->nmatch = k + 1;
	if (action < WEIR_VERDICT_END && action > res->verdict)
		res->verdict = action;
	if (k < run.cap)
		run.match[k] = i;
}

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
    ensures event_ok(e);
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
	add_match(run, nw, e, i, r.action, res);
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
	//@ assert all: VER(group_ok(v, t));
	//@ assert first: VER(0 <= node_at(v, ty.inst) <= v.nnodes);
	//@ assert none: VER(0 <= nsum(v, node_at(v, ty.inst)));
	/*@ loop invariant ty.inst <= i <= ty.inst + ty.ninst;
	    loop invariant event: event_ok(e);
	    loop invariant room: res->nmatch <= i;
	    loop invariant it - \at(it, Pre) <= out.steps - \at(out.steps, Pre);
	    loop invariant \at(out.steps, Pre) <= out.steps <= run.fuel;
	    loop invariant R_MIN <= out.r <= 1;
	    loop invariant inside: VER(0 <= node_at(v, i) <= v.nnodes);
	    loop invariant paid: VER(out.steps <= \at(out.steps, Pre) + (i - ty.inst) +
		(nsum(v, node_at(v, i)) - nsum(v, node_at(v, ty.inst))));
	    loop assigns i, it, out, run.scratch[0 .. nw - 1], run.match[0 .. run.cap - 1],
		res->nmatch, res->verdict;
	    loop variant ty.inst + ty.ninst - i; */
	for (i = ty.inst; i < ty.inst + ty.ninst; i++) {
		//@ assert inst: VER(inst_ok(v, i) && i_node(v, i) == node_at(v, i));
		//@ assert group: VER(i_type(v, i) == t);
		//@ assert next: VER(node_at(v, i + 1) == i_node(v, i) + i_nn(v, i));
		//@ assert sums: VER(nsum(v, node_at(v, i + 1)) <= nsum(v, v.nnodes));
		out = eval_inst(v, e, run, i, t, ty, nw, out, res);
		/*@ assert spent: VER(out.steps <= \at(out.steps, Pre) + (i + 1 - ty.inst) +
			(nsum(v, node_at(v, i + 1)) - nsum(v, node_at(v, ty.inst)))); */
		if (out.r < 0)
			return out;
	}
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
