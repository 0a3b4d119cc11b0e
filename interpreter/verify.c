// SPDX-License-Identifier: GPL-2.0
/* The verifier: types against the schema, criteria, then programs and samples. */
#include "core.h"

u32 weir_schema_find(struct weir_schema s, u32 id)
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
    requires \valid_read(s) && t < v.ntypes;
    terminates \true; exits \false; assigns \nothing; */
static u32 check_kinds(struct weir_view v, u32 t, struct rtype r, const struct weir_schema_type *s)
{
	u32 i;

	if (r.arity != s->arity)
		return WEIR_E_ARITY;
	/*@ loop invariant 0 <= i <= r.arity;
	    loop assigns i; loop variant r.arity - i; */
	for (i = 0; i < r.arity; i++)
		if (get_kind(v, r.kind + i) != s->kind[i])
			return WEIR_E_KIND;
	if (rd64(v.b, v.n, v.types + WEIR_SZ_TYPE * t + WEIR_T_FINGERPRINT) != s->fingerprint)
		return WEIR_E_FINGERPRINT;
	return WEIR_E_OK;
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
	i = weir_schema_find(s, r.id);
	if (i == s.n)
		return WEIR_E_TYPE_UNKNOWN;
	if (r.arity > WEIR_ARITY_MAX || r.kind != k0 || !fits(k0, r.arity, v.nkinds))
		return WEIR_E_ARITY;
	if (r.inst != inst || !r.ninst || !fits(inst, r.ninst, v.ninsts) || r.nalways > r.ninst)
		return WEIR_E_TYPE_EMPTY;
	return check_kinds(v, t, r, &s.t[i]);
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

	if (r.flags > (WEIR_CASED | WEIR_INDEXED) || (masked(r.flags, WEIR_CASED) && !folds))
		return WEIR_E_FLAGS;
	if (r.flags >= WEIR_INDEXED &&
	    (r.op < WEIR_OP_EQ || r.op > WEIR_OP_CIDR || r.op == WEIR_OP_DFA))
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
	u32 k, i = weir_schema_find(s, ty.id);

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
	u32 i, k, next = 0;

	/* programs that do not tile would be walked over and over */
	/*@ loop invariant 0 <= i <= v.ninsts && next <= v.nnodes;
	    loop assigns i, k, next; loop variant v.ninsts - i; */
	for (i = 0; i < v.ninsts; i++) {
		struct rinst r = get_inst(v, i);

		if (r.node != next || !fits(next, r.nn, v.nnodes))
			break;
		next += r.nn;
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

/* All checks, in their order. */
/*@ requires view_mem(v) && schema_ok(s);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==> view_ok(v); */
static struct weir_error check_all(struct weir_view v, struct weir_schema s)
{
	struct weir_error e = check_types(v, s);
	struct probed index;

	if (e.code)
		return e;
	e = check_crits(v, s);
	if (e.code)
		return e;
	index = weir_check_probes(v);
	if (index.e.code)
		return index.e;
	e = weir_check_programs(v, index.cost);
	if (e.code)
		return e;
	e = weir_check_wakes(v, index.used);
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
