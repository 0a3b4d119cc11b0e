// SPDX-License-Identifier: GPL-2.0
/* Instances and their programs: branches, order, titles, and what they cost together. */
#include "core.h"

/* What the instances before have used up, and what they cost together. */
struct progress {
	u32 node, text, used;
	u64 cost;
};

struct checked {
	struct weir_error e;
	struct progress p;
};

/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result != 0 ==> target_ok(to, k, nn); */
static int check_target(u32 to, u32 k, u32 nn)
{
	return to == WEIR_ACCEPT || to == WEIR_REJECT || (to > k && to < nn);
}

/* Node @k of the program at @base. Criteria are numbered in the order of their first use. */
/*@ requires view_mem(v) && k < nn <= WEIR_NODES_MAX && base + nn <= v.nnodes;
    requires used <= v.ncrits;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == 0 ==> node_ok(v, base, k, nn, t) && n_crit(v, base + k) <= used &&
	n_crit(v, base + k) < v.ncrits && c_count(v, n_crit(v, base + k)) <= WEIR_COUNT_MAX; */
static u32 check_node(struct weir_view v, u32 base, u32 k, u32 nn, u32 t, u32 used)
{
	struct rnode r = get_node(v, base + k);

	if (!check_target(r.yes, k, nn) || !check_target(r.no, k, nn))
		return WEIR_E_NODE_TARGET;
	if (r.crit >= v.ncrits || get_crit(v, r.crit).type != t)
		return WEIR_E_NODE_CRITERION;
	if (get_crit(v, r.crit).count > WEIR_COUNT_MAX)
		return WEIR_E_OPERANDS;
	if (r.indexed != (get_crit(v, r.crit).flags >= WEIR_INDEXED))
		return WEIR_E_FLAGS;
	return r.crit <= used ? WEIR_E_OK : WEIR_E_CRITERION_ORDER;
}

/*@ predicate progress_ok{L}(struct weir_view v, struct progress p) =
      p.node <= v.nnodes && p.used <= v.ncrits && p.text <= v.ntext &&
      p.cost == nsum(v, p.node) && growing(v, p.node) &&
      p.cost <= p.node * (1 + COST_CRITERION_MAX); */

/*@ requires view_mem(v) && progress_ok(v, p) && p.node + nn <= v.nnodes;
    requires 1 <= nn <= WEIR_NODES_MAX && base == p.node;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.e.code == 0 ==> progress_ok(v, \result.p) && program_ok(v, base, nn, t) &&
	\result.p.node == base + nn && \result.p.text == p.text; */
static struct checked check_program(struct weir_view v, u32 base, u32 nn, u32 t, struct progress p)
{
	struct checked out;
	u32 k, code;

	/*@ loop invariant 0 <= k <= nn && p.node == base + k && progress_ok(v, p);
	    loop invariant p.text == \at(p.text, Pre) && base + nn <= v.nnodes;
	    loop invariant \forall integer j; 0 <= j < k ==> node_ok(v, base, j, nn, t);
	    loop assigns k, code, p, out; loop variant nn - k; */
	for (k = 0; k < nn; k++) {
		struct rcrit r;

		code = check_node(v, base, k, nn, t, p.used);
		if (code) {
			out.e = at(code, WEIR_SEC_NODES, v.nodes + WEIR_SZ_NODE * (base + k));
			out.p = p;
			return out;
		}
		r = get_crit(v, get_node(v, base + k).crit);
		//@ assert sum: nsum(v, p.node + 1) == nsum(v, p.node) + 1 + c_cost(v, n_crit(v, p.node));
		p.cost += 1 + criterion_cost(r.op, r.count, r.flags);
		if (get_node(v, base + k).crit == p.used)
			p.used++;
		p.node++;
	}
	//@ assert program: program_ok(v, base, nn, t);
	out.e = at(WEIR_E_OK, WEIR_SEC_NODES, 0);
	out.p = p;
	//@ assert text: out.p.text == \at(p.text, Pre);
	//@ assert progress: progress_ok(v, out.p);
	return out;
}

/* Instance @i of the type with index @t, all but its program. */
/*@ requires view_mem(v) && i < v.ninsts && p.node <= v.nnodes && p.text <= v.ntext;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == 0 ==> i_type(v, i) == t && i_node(v, i) == p.node &&
	1 <= i_nn(v, i) <= WEIR_NODES_MAX && p.node + i_nn(v, i) <= v.nnodes &&
	i_action(v, i) < WEIR_VERDICT_END && p.text + i_tlen(v, i) <= v.ntext; */
static u32 check_record(struct weir_view v, u32 i, u32 t, struct progress p)
{
	struct rinst r = get_inst(v, i);

	if (r.type != t)
		return WEIR_E_INSTANCE_TYPE;
	if (r.level >= WEIR_LEVEL_END)
		return WEIR_E_LEVEL;
	if (r.action == WEIR_VERDICT_NONE || r.action >= WEIR_VERDICT_END)
		return WEIR_E_ACTION;
	if (r.title != p.text || r.title_len > WEIR_TITLE_MAX ||
	    !fits(p.text, r.title_len, v.ntext))
		return WEIR_E_TITLE;
	if (r.node != p.node || r.nn < 1 || r.nn > WEIR_NODES_MAX || !fits(p.node, r.nn, v.nnodes))
		return WEIR_E_PROGRAM;
	return WEIR_E_OK;
}

/* UUIDs of neighbours of one type ascend. */
/*@ requires view_mem(v) && 1 <= i < v.ninsts;
    terminates \true; exits \false; assigns \nothing; */
static int check_order(struct weir_view v, u32 i)
{
	u32 p = v.insts + WEIR_SZ_INSTANCE * i + WEIR_I_UUID, q = p - WEIR_SZ_INSTANCE;
	u64 hi = rd64be(v.b, v.n, p), before = rd64be(v.b, v.n, q);

	if (hi != before)
		return before < hi;
	return rd64be(v.b, v.n, q + 8) < rd64be(v.b, v.n, p + 8);
}

/*@ requires view_mem(v) && i < v.ninsts && t < v.ntypes && progress_ok(v, p);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.e.code == 0 ==> progress_ok(v, \result.p) && inst_ok(v, i) &&
	i_type(v, i) == t && i_node(v, i) == p.node &&
	\result.p.node == p.node + i_nn(v, i); */
static struct checked check_inst(struct weir_view v, u32 i, u32 t, struct progress p)
{
	struct rinst r = get_inst(v, i);
	struct checked out;
	u32 code = check_record(v, i, t, p);

	out.p = p;
	out.e = at(code, WEIR_SEC_INSTANCES, v.insts + WEIR_SZ_INSTANCE * i);
	if (!code) {
		out.p.text += r.title_len;
		out = check_program(v, r.node, r.nn, t, out.p);
	}
	out.e.type = get_type(v, t).id;
	out.e.instance = i;
	return out;
}

/* The instances of one type. */
/*@ requires view_mem(v) && type_ok(v, t) && t < v.ntypes && progress_ok(v, p);
    requires p.node == node_at(v, t_inst(v, t)) && following(v, t_inst(v, t));
    terminates \true; exits \false; assigns \nothing;
    ensures \result.e.code == 0 ==> progress_ok(v, \result.p) &&
	\result.p.node == node_at(v, t_inst(v, t) + t_ninst(v, t));
    ensures \result.e.code == 0 ==>
	(\forall integer i; t_inst(v, t) <= i < t_inst(v, t) + t_ninst(v, t) ==>
	    inst_ok(v, i) && i_node(v, i) == node_at(v, i)) && group_ok(v, t) &&
	following(v, t_inst(v, t) + t_ninst(v, t)); */
static struct checked check_group(struct weir_view v, u32 t, struct progress p)
{
	struct rtype ty = get_type(v, t);
	struct checked out;
	u32 i;

	out.p = p;
	/*@ loop invariant ty.inst <= i <= ty.inst + ty.ninst && progress_ok(v, out.p);
	    loop invariant out.p.node == node_at(v, i) && following(v, i);
	    loop invariant \forall integer j; ty.inst <= j < i ==>
		inst_ok(v, j) && i_type(v, j) == t && i_node(v, j) == node_at(v, j);
	    loop assigns i, out; loop variant ty.inst + ty.ninst - i; */
	for (i = ty.inst; i < ty.inst + ty.ninst; i++) {
		out = check_inst(v, i, t, out.p);
		if (out.e.code)
			return out;
		//@ assert next: node_at(v, i + 1) == node_at(v, i) + i_nn(v, i);
		if (i > ty.inst && i != ty.inst + ty.nalways && !check_order(v, i)) {
			out.e = at(WEIR_E_INSTANCE_ORDER, WEIR_SEC_INSTANCES,
				   v.insts + WEIR_SZ_INSTANCE * i);
			out.e.type = ty.id;
			out.e.instance = i;
			return out;
		}
	}
	out.e = at(WEIR_E_OK, WEIR_SEC_INSTANCES, 0);
	return out;
}

/* All instances, type after type. */
/*@ requires view_mem(v) && types_ok(v) && types_tiled(v) && progress_ok(v, p) && p.node == 0;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.e.code == 0 ==> progress_ok(v, \result.p) && \result.p.node <= v.nnodes;
    ensures \result.e.code == 0 ==> insts_ok(v) && tiled(v) && grouped(v);
    ensures \result.e.code == 0 ==> following(v, v.ninsts); */
static struct checked check_insts(struct weir_view v, struct progress p)
{
	struct checked out;
	u32 t;

	out.p = p;
	/*@ loop invariant 0 <= t <= v.ntypes && progress_ok(v, out.p);
	    loop invariant out.p.node == node_at(v, inst_at(v, t)) && following(v, inst_at(v, t));
	    loop invariant \forall integer i; 0 <= i < inst_at(v, t) ==>
		inst_ok(v, i) && i_node(v, i) == node_at(v, i);
	    loop invariant \forall integer j; 0 <= j < t ==> group_ok(v, j);
	    loop assigns t, out; loop variant v.ntypes - t; */
	for (t = 0; t < v.ntypes; t++) {
		//@ assert type: type_ok(v, t) && t_inst(v, t) == inst_at(v, t);
		out = check_group(v, t, out.p);
		if (out.e.code)
			return out;
		//@ assert end: inst_at(v, t + 1) == t_inst(v, t) + t_ninst(v, t);
	}
	out.e = at(WEIR_E_OK, WEIR_SEC_INSTANCES, 0);
	return out;
}

/*@ requires view_mem(v);
    terminates \true; exits \false; assigns \nothing;
    ensures \result == 0 ==> name_len <= v.ntext; */
static u32 check_name(struct weir_view v, u32 name_len)
{
	return name_len >= 1 && name_len <= WEIR_NAME_MAX && name_len <= v.ntext ? WEIR_E_OK
										 : WEIR_E_NAME;
}

/* What evaluating costs beside probes and programs: the scratch, and walking it. */
/*@ requires view_mem(v);
    terminates \true; exits \false; assigns \nothing;
    ensures \result == fixed(v) <= 0x100000000; */
static u64 fixed_cost(struct weir_view v)
{
	struct room r = scratch_room(v.ncrits, v.ninsts, v.ndfas);

	return v.ntypes + r.memos + 1058ull * r.wokens + r.slotss + v.nwakes + v.ninsts;
}

/* What is left once all instances are through: nothing unused, cost and scratch as declared. */
/*@ requires view_mem(v) && progress_ok(v, p) && index <= INDEX_COST_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==>
	p.node == v.nnodes && fixed(v) + index + p.cost <= WEIR_COST_MAX; */
static struct weir_error check_totals(struct weir_view v, struct progress p, u64 index)
{
	u32 nw = scratch_words(scratch_room(v.ncrits, v.ninsts, v.ndfas));
	u64 sum = p.cost + index + fixed_cost(v);

	if (p.node != v.nnodes)
		return at(WEIR_E_UNUSED, WEIR_SEC_NODES, v.nodes + WEIR_SZ_NODE * p.node);
	if (p.text != v.ntext)
		return at(WEIR_E_UNUSED, WEIR_SEC_TEXT, v.text + p.text);
	if (p.used != v.ncrits)
		return at(WEIR_E_CRITERION_ORDER, WEIR_SEC_CRITERIA,
			  v.crits + WEIR_SZ_CRITERION * p.used);
	if (rd32(v.b, v.n, WEIR_H_SCRATCH) != 4 * nw)
		return at(WEIR_E_SCRATCH, WEIR_SEC_HEADER, WEIR_H_SCRATCH);
	if (sum > WEIR_COST_MAX || sum != rd64(v.b, v.n, WEIR_H_COST))
		return at(WEIR_E_COST, WEIR_SEC_HEADER, WEIR_H_COST);
	return at(WEIR_E_OK, WEIR_SEC_HEADER, 0);
}

struct weir_error weir_check_programs(struct weir_view v, u64 index)
{
	struct progress p;
	struct checked out;
	u32 code;

	p.node = 0;
	p.used = 0;
	p.cost = 0;
	p.text = rd32(v.b, v.n, WEIR_H_NAMELEN);
	code = check_name(v, p.text);
	if (code)
		return at(code, WEIR_SEC_HEADER, WEIR_H_NAMELEN);
	//@ assert zero: nsum(v, 0) == 0;
	out = check_insts(v, p);
	if (out.e.code)
		return out.e;
	return check_totals(v, out.p, index);
}

/*@ requires \valid_read(v) && view_mem(*v);
    terminates \true; exits \false; assigns \nothing; */
u64 weir_cost(const struct weir_view *v)
{
	u64 sum = 0;
	u32 k;

	/*@ loop invariant 0 <= k <= v->nnodes && sum <= k * (1 + COST_CRITERION_MAX);
	    loop assigns k, sum; loop variant v->nnodes - k; */
	for (k = 0; k < v->nnodes; k++) {
		u32 c = get_node(*v, k).crit;
		struct rcrit r;

		if (c >= v->ncrits)
			return 0;
		r = get_crit(*v, c);
		if (r.count > WEIR_COUNT_MAX)
			return 0;
		sum += 1 + criterion_cost(r.op, r.count, r.flags);
	}
	/*@ loop invariant 0 <= k <= v->nprobes;
	    loop invariant sum <= v->nnodes * (1 + COST_CRITERION_MAX) +
		k * (1 + WEIR_VALUE_MAX * (1ull + 0xffffffff));
	    loop assigns k, sum; loop variant v->nprobes - k; */
	for (k = 0; k < v->nprobes; k++)
		sum += probe_cost(get_probe(*v, k).where, get_probe(*v, k).weight);
	return sum + fixed_cost(*v);
}
