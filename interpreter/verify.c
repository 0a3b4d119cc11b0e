// SPDX-License-Identifier: GPL-2.0
/* The verifier: types against the schema, criteria, programs, cost; one pass a table. */
#include "core.h"

/*@ predicate schema_ok{L}(struct weir_schema s) =
      s.n <= WEIR_COUNT_MAX && \valid_read(s.t + (0 .. s.n - 1)); */

/* What the instances before have used up, and what they cost together. */
struct progress {
	u32 node, text, used;
	u64 cost;
};

struct checked {
	struct weir_error e;
	struct progress p;
};

/* Which Template Type of the schema has this id; s.n if none. */
/*@ requires schema_ok(s);
    terminates \true; exits \false; assigns \nothing;
    ensures \result <= s.n; */
static u32 schema_find(struct weir_schema s, u32 id)
{
	u32 i;

	/*@ loop invariant 0 <= i <= s.n;
	    loop assigns i; loop variant s.n - i; */
	for (i = 0; i < s.n; i++)
		if (s.t[i].id == id)
			break;
	return i;
}

/* The schema's view of a type and the file's are the same. */
/*@ requires view_mem(v) && r.arity <= WEIR_ARITY_MAX && r.kind + r.arity <= v.nkinds;
    requires \valid_read(s);
    terminates \true; exits \false; assigns \nothing; */
static u32 check_kinds(struct weir_view v, struct rtype r, const struct weir_schema_type *s)
{
	u32 i;

	if (r.arity != s->arity)
		return WEIR_E_ARITY;
	/*@ loop invariant 0 <= i <= r.arity;
	    loop assigns i; loop variant r.arity - i; */
	for (i = 0; i < r.arity; i++)
		if (get_kind(v, r.kind + i) != s->kind[i])
			return WEIR_E_KIND;
	return r.fingerprint == s->fingerprint ? WEIR_E_OK : WEIR_E_FINGERPRINT;
}

/*@ requires view_mem(v) && schema_ok(s) && t < v.ntypes && inst <= v.ninsts && k0 <= v.nkinds;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == 0 ==> type_ok(v, t) && t_inst(v, t) == inst && t_kind(v, t) == k0; */
static u32 check_type(struct weir_view v, struct weir_schema s, u32 t, u32 inst, u32 k0)
{
	struct rtype r = get_type(v, t);
	u32 i;

	if (t && get_type(v, t - 1).id >= r.id)
		return WEIR_E_TYPE_ORDER;
	i = schema_find(s, r.id);
	if (i == s.n)
		return WEIR_E_TYPE_UNKNOWN;
	if (r.arity > WEIR_ARITY_MAX || r.kind != k0 || !fits(k0, r.arity, v.nkinds))
		return WEIR_E_ARITY;
	if (r.inst != inst || !r.ninst || !fits(inst, r.ninst, v.ninsts))
		return WEIR_E_TYPE_EMPTY;
	return check_kinds(v, r, &s.t[i]);
}

/*@ requires view_mem(v) && schema_ok(s);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==> types_ok(v) && types_tiled(v); */
static struct weir_error check_types(struct weir_view v, struct weir_schema s)
{
	struct weir_error e;
	u32 t, code, inst = 0, kinds = 0;

	/*@ loop invariant 0 <= t <= v.ntypes && inst <= v.ninsts && kinds <= v.nkinds;
	    loop invariant \forall integer j; 0 <= j < t ==> type_ok(v, j);
	    loop invariant inst == inst_at(v, t);
	    loop invariant \forall integer j; 0 <= j < t ==> t_inst(v, j) == inst_at(v, j);
	    loop assigns t, code, inst, kinds, e; loop variant v.ntypes - t; */
	for (t = 0; t < v.ntypes; t++) {
		code = check_type(v, s, t, inst, kinds);
		if (code) {
			e = at(code, WEIR_SEC_TYPES, v.types + WEIR_SZ_TYPE * t);
			e.type = get_type(v, t).id;
			return e;
		}
		inst += get_type(v, t).ninst;
		kinds += get_type(v, t).arity;
	}
	if (inst != v.ninsts || !v.ninsts)
		return at(WEIR_E_TYPE_EMPTY, WEIR_SEC_TYPES, v.types);
	if (kinds != v.nkinds)
		return at(WEIR_E_UNUSED, WEIR_SEC_KINDS, v.kinds + kinds);
	return at(WEIR_E_OK, WEIR_SEC_TYPES, 0);
}

/* The flags and the second field of a criterion on a field of this kind. */
/*@ requires view_mem(v) && ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    requires 1 <= r.op < WEIR_OP_END;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == 0 ==> fields_op(r.op) ==>
	r.field2 < ty.arity && kind(v, ty.kind + r.field2) == k; */
static u32 check_options(struct weir_view v, struct rcrit r, struct rtype ty, u32 k)
{
	u32 folds = is_anchored(r.op) || r.op == WEIR_OP_CONTAINS ||
		    (is_fields_op(r.op) && k == WEIR_KIND_string);

	if (r.flags > WEIR_CASED || (r.flags && !folds))
		return WEIR_E_FLAGS;
	if (!is_fields_op(r.op))
		return r.field2 ? WEIR_E_RESERVED : WEIR_E_OK;
	if (r.field2 >= ty.arity)
		return WEIR_E_FIELD;
	return get_kind(v, ty.kind + r.field2) == k ? WEIR_E_OK : WEIR_E_OP;
}

/* A criterion without its operands. */
/*@ requires view_mem(v) && schema_ok(s) && r.type < v.ntypes;
    requires ty.arity == t_arity(v, r.type) && ty.kind == t_kind(v, r.type);
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds && c < v.ncrits;
    requires r.field == c_field(v, c) && r.op == c_op(v, c) && r.field2 == c_field2(v, c);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==> crit_fits(v, c, ty.arity, ty.kind); */
static struct weir_error check_crit(struct weir_view v, struct weir_schema s, u32 c, struct rcrit r,
				    struct rtype ty)
{
	struct weir_error e = at(WEIR_E_OK, WEIR_SEC_CRITERIA, v.crits + WEIR_SZ_CRITERION * c);
	u32 k, i = schema_find(s, ty.id);

	e.type = ty.id;
	e.field = r.field;
	e.code = WEIR_E_TYPE_UNKNOWN;
	if (i == s.n)
		return e;
	e.code = WEIR_E_FIELD;
	if (r.field >= ty.arity)
		return e;
	e.code = WEIR_E_NOT_PROVIDED;
	if (!bit(s.t[i].provided, r.field))
		return e;
	k = get_kind(v, ty.kind + r.field);
	e.code = WEIR_E_OP;
	if (!op_takes(r.op, k))
		return e;
	e.code = check_options(v, r, ty, k);
	if (e.code || !is_fields_op(r.op) || bit(s.t[i].provided, r.field2))
		return e;
	e.code = WEIR_E_NOT_PROVIDED;
	e.field = r.field2;
	return e;
}

/* The first instance whose program asks criterion @c, for those who read the refusal. */
/*@ requires view_mem(v);
    terminates \true; exits \false; assigns \nothing; */
static u32 instance_of(struct weir_view v, u32 c)
{
	u32 i, k;

	/*@ loop invariant 0 <= i <= v.ninsts;
	    loop assigns i, k; loop variant v.ninsts - i; */
	for (i = 0; i < v.ninsts; i++) {
		struct rinst r = get_inst(v, i);

		if (!fits(r.node, r.nn, v.nnodes))
			break;
		/*@ loop invariant 0 <= k <= r.nn;
		    loop assigns k; loop variant r.nn - k; */
		for (k = 0; k < r.nn; k++)
			if (get_node(v, r.node + k).crit == c)
				return i;
	}
	return WEIR_NOWHERE;
}

/* One criterion with its operands, which go on from @t. */
/*@ requires view_mem(v) && schema_ok(s) && types_ok(v) && c < v.ncrits && tiles_ok(v, t);
    terminates \true; exits \false; assigns \nothing;
    ensures tiles_ok(v, \result.t);
    ensures \result.e.code == 0 ==> crit_ok(v, c); */
static struct tiled check_whole_crit(struct weir_view v, struct weir_schema s, u32 c,
				     struct tiles t)
{
	struct rcrit r = get_crit(v, c);
	struct tiled out;
	struct rtype ty;

	out.t = t;
	out.e = at(WEIR_E_CRITERION_TYPE, WEIR_SEC_CRITERIA, v.crits + WEIR_SZ_CRITERION * c);
	if (r.type >= v.ntypes)
		return out;
	//@ assert type: type_ok(v, r.type);
	ty = get_type(v, r.type);
	out.e = check_crit(v, s, c, r, ty);
	if (out.e.code)
		return out;
	out = weir_check_operands(v, c, r, get_kind(v, ty.kind + r.field), t);
	out.e.type = ty.id;
	out.e.field = r.field;
	return out;
}

/* Every entry of the operand tables belongs to a criterion. */
/*@ requires view_mem(v);
    terminates \true; exits \false; assigns \nothing; */
static struct weir_error check_used(struct weir_view v, struct tiles t)
{
	if (t.lits != v.nlits)
		return at(WEIR_E_UNUSED, WEIR_SEC_LITERALS, v.lits);
	if (t.nums != v.nnums)
		return at(WEIR_E_UNUSED, WEIR_SEC_NUMBERS, v.nums);
	if (t.pool != v.npool)
		return at(WEIR_E_UNUSED, WEIR_SEC_POOL, v.pool);
	if (t.dfas != v.ndfas)
		return at(WEIR_E_UNUSED, WEIR_SEC_DFAS, v.dfas);
	if (t.dfad != v.ndfad)
		return at(WEIR_E_UNUSED, WEIR_SEC_DFA_DATA, v.dfad);
	return at(WEIR_E_OK, WEIR_SEC_CRITERIA, 0);
}

/*@ requires view_mem(v) && schema_ok(s) && types_ok(v);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==> crits_ok(v); */
static struct weir_error check_crits(struct weir_view v, struct weir_schema s)
{
	struct tiled r;
	u32 c;

	r.t.lits = 0;
	r.t.nums = 0;
	r.t.dfas = 0;
	r.t.pool = 0;
	r.t.dfad = 0;
	/*@ loop invariant 0 <= c <= v.ncrits && tiles_ok(v, r.t);
	    loop invariant \forall integer j; 0 <= j < c ==> crit_ok(v, j);
	    loop assigns c, r; loop variant v.ncrits - c; */
	for (c = 0; c < v.ncrits; c++) {
		r = check_whole_crit(v, s, c, r.t);
		if (r.e.code) {
			r.e.instance = instance_of(v, c);
			return r.e;
		}
	}
	return check_used(v, r.t);
}

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
		p.cost += 1 + criterion_cost(r.op, r.count);
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
    requires p.node == node_at(v, t_inst(v, t));
    terminates \true; exits \false; assigns \nothing;
    ensures \result.e.code == 0 ==> progress_ok(v, \result.p) &&
	\result.p.node == node_at(v, t_inst(v, t) + t_ninst(v, t));
    ensures \result.e.code == 0 ==>
	(\forall integer i; t_inst(v, t) <= i < t_inst(v, t) + t_ninst(v, t) ==>
	    inst_ok(v, i) && i_node(v, i) == node_at(v, i)) && group_ok(v, t); */
static struct checked check_group(struct weir_view v, u32 t, struct progress p)
{
	struct rtype ty = get_type(v, t);
	struct checked out;
	u32 i;

	out.p = p;
	/*@ loop invariant ty.inst <= i <= ty.inst + ty.ninst && progress_ok(v, out.p);
	    loop invariant out.p.node == node_at(v, i);
	    loop invariant \forall integer j; ty.inst <= j < i ==>
		inst_ok(v, j) && i_type(v, j) == t && i_node(v, j) == node_at(v, j);
	    loop assigns i, out; loop variant ty.inst + ty.ninst - i; */
	for (i = ty.inst; i < ty.inst + ty.ninst; i++) {
		out = check_inst(v, i, t, out.p);
		if (out.e.code)
			return out;
		if (i > ty.inst && !check_order(v, i)) {
			out.e.code = WEIR_E_INSTANCE_ORDER;
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
    ensures \result.e.code == 0 ==> insts_ok(v) && tiled(v) && grouped(v); */
static struct checked check_insts(struct weir_view v, struct progress p)
{
	struct checked out;
	u32 t;

	out.p = p;
	/*@ loop invariant 0 <= t <= v.ntypes && progress_ok(v, out.p);
	    loop invariant out.p.node == node_at(v, inst_at(v, t));
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

/* What is left once all instances are through: nothing unused, cost and scratch as declared. */
/*@ requires view_mem(v) && progress_ok(v, p);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==>
	p.node == v.nnodes && v.ntypes + words(v) + v.ninsts + p.cost <= WEIR_COST_MAX; */
static struct weir_error check_totals(struct weir_view v, struct progress p)
{
	u32 nw = scratch_words(v.ncrits);
	u64 sum = p.cost + v.ntypes + nw + v.ninsts;

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

/* Instances with their programs and titles, and the totals. */
/*@ requires view_mem(v) && types_ok(v) && types_tiled(v);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==> insts_ok(v) && tiled(v) && grouped(v);
    ensures \result.code == 0 ==> growing(v, v.nnodes) && cost(v) <= WEIR_COST_MAX; */
static struct weir_error check_programs(struct weir_view v)
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
	return check_totals(v, out.p);
}

/* All checks, in their order. */
/*@ requires view_mem(v) && schema_ok(s);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==> view_ok(v); */
static struct weir_error check_all(struct weir_view v, struct weir_schema s)
{
	struct weir_error e = check_types(v, s);

	if (e.code)
		return e;
	e = check_crits(v, s);
	if (e.code)
		return e;
	e = check_programs(v);
	if (e.code)
		return e;
	return weir_check_samples(v);
}

/*@ requires \valid_read(v) && view_mem(*v) && \valid_read(s) && schema_ok(*s) && \valid(err);
    requires \separated(err, v->b + (0 .. v->n - 1));
    terminates \true; exits \false; assigns *err;
    ensures \result == 0 ==> view_ok(\old(*v)); */
u32 weir_verify(const struct weir_view *v, const struct weir_schema *s, struct weir_error *err)
{
	struct weir_error e = check_all(*v, *s);

	if (e.code)
		*err = e;
	return e.code;
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
		sum += 1 + criterion_cost(r.op, r.count);
	}
	return sum + v->ntypes + scratch_words(v->ncrits) + v->ninsts;
}
