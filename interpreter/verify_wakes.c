// SPDX-License-Identifier: GPL-2.0
/* What criteria wake: every instance that could match is woken, or asked always. */
#include "core.h"

/* The program of instance @i begins with the gate's criterion, and rejects without it. */
/*@ requires view_mem(v) && insts_ok(v) && i < v.ninsts && gate != 0;
    terminates \true; exits \false; assigns \nothing; */
static int is_gate(struct weir_view v, u32 gate, u32 i)
{
	struct rinst r = get_inst(v, i);
	struct rnode n;
	struct rcrit c;

	//@ assert inst: inst_ok(v, i);
	n = get_node(v, r.node);
	if (n.crit != gate - 1 || n.no != WEIR_REJECT)
		return 0;
	//@ assert node: node_ok(v, r.node, 0, r.nn, i_type(v, i));
	c = get_crit(v, n.crit);
	return c.op == WEIR_OP_RANGE && c.count == 1;
}

/* Instances that criterion @c wakes: of its type, and of those that are not asked always. */
/*@ requires view_mem(v) && insts_ok(v) && c < v.ncrits && r.type < v.ntypes;
    requires from <= v.nwakes && r.wake == c_wake(v, c);
    terminates \true; exits \false; assigns \nothing;
    ensures \result == 0 ==> from == wake_at(v, c) <= wake_at(v, c + 1) <= v.nwakes; */
static u32 check_wakes(struct weir_view v, struct rcrit r, u32 c, u32 from)
{
	struct rtype ty = get_type(v, r.type);
	u32 k, end = get_wakes(v, c + 1);
	struct rwake w;

	if (r.wake != from || end < from || end > v.nwakes ||
	    (end > from && r.flags < WEIR_INDEXED))
		return WEIR_E_WAKE;
	/*@ loop invariant from <= k <= end;
	    loop assigns k, w; loop variant end - k; */
	for (k = from; k < end; k++) {
		w = get_wake(v, k);
		if (w.inst < ty.inst || w.inst - ty.inst >= ty.ninst ||
		    w.inst - ty.inst < ty.nalways)
			return WEIR_E_WAKE;
		if (k > from && get_wake(v, k - 1).inst >= w.inst)
			return WEIR_E_WAKE;
		if (w.inst >= v.ninsts || (w.gate && !is_gate(v, w.gate, w.inst)))
			return WEIR_E_WAKE;
	}
	return WEIR_E_OK;
}

/* Every criterion's place in the index. */
/*@ requires view_mem(v) && crits_ok(v) && insts_ok(v);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==> wakes_ok(v); */
static struct weir_error check_indexed(struct weir_view v, u32 used)
{
	u32 c, code, wakes = 0, slots = 0;
	u64 operands = 0;

	/*@ loop invariant 0 <= c <= v.ncrits && wakes <= v.nwakes && operands <= c * 0xffffff;
	    loop invariant slots <= v.ndfas;
	    loop invariant wakes == (c ? wake_at(v, c) : 0) && (c ==> waked(v, 0) == 0);
	    loop invariant c ==> waking(v, c);
	    loop assigns c, code, wakes, slots, operands; loop variant v.ncrits - c; */
	for (c = 0; c < v.ncrits; c++) {
		struct rcrit r = get_crit(v, c);

		//@ assert crit: crit_ok(v, c);
		code = check_wakes(v, r, c, wakes);
		if (r.slot && (r.flags < WEIR_INDEXED || slots >= v.ndfas || r.slot != ++slots))
			code = WEIR_E_LEADER;
		if (code)
			return at(code, WEIR_SEC_CRITERIA, v.crits + WEIR_SZ_CRITERION * c);
		//@ assert upto: waking(v, c);
		//@ assert step: waked(v, c) <= waked(v, c + 1) <= v.nwakes;
		wakes = get_wakes(v, c + 1);
		if (r.flags >= WEIR_INDEXED)
			operands += r.count;
	}
	if (wakes != v.nwakes)
		return at(WEIR_E_UNUSED, WEIR_SEC_WAKES, v.wakes);
	/* no entry is there twice, and each is of an operand: as many as those, so all of them */
	if (used != operands)
		return at(WEIR_E_ENTRY, WEIR_SEC_ENTRIES, v.entries);
	return at(WEIR_E_OK, WEIR_SEC_CRITERIA, 0);
}

/* Criterion @c wakes instance @i: halving, as what it wakes ascends. */
/*@ requires view_mem(v) && c < v.ncrits && wakes_ok(v);
    terminates \true; exits \false; assigns \nothing; */
static int wakes(struct weir_view v, u32 c, u32 i)
{
	u32 lo = get_wakes(v, c), end = get_wakes(v, c + 1), hi = end, mid;

	//@ assert range: waked(v, c) <= waked(v, c + 1) <= v.nwakes;
	/*@ loop invariant lo <= hi <= end;
	    loop assigns lo, hi, mid; loop variant hi - lo; */
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (get_wake(v, mid).inst < i)
			lo = mid + 1;
		else
			hi = mid;
	}
	return hi < end && get_wake(v, hi).inst == i;
}

/* From @to on, the program at @base cannot accept while what wakes it does not hold. */
/*@ requires view_mem(v) && (to < WEIR_REJECT ==> base + to < v.nnodes);
    terminates \true; exits \false; assigns \nothing; */
static u32 asleep_at(struct weir_view v, u32 base, u32 to)
{
	if (to >= WEIR_REJECT)
		return to == WEIR_REJECT;
	return get_node(v, base + to).asleep;
}

/*
 * Each node says whether from there on the instance cannot match unless a criterion that wakes it
 * holds, which follows from what the nodes after it say; its first node says so.
 */
/*@ requires view_mem(v) && wakes_ok(v) && i < v.ninsts && inst_ok(v, i);
    requires r.node == i_node(v, i) && r.nn == i_nn(v, i);
    terminates \true; exits \false; assigns \nothing; */
static u32 check_asleep(struct weir_view v, u32 i, struct rinst r, u32 always)
{
	u32 k;

	//@ assert program: program_ok(v, r.node, r.nn, i_type(v, i));
	/*@ loop invariant 0 <= k <= r.nn;
	    loop assigns k; loop variant r.nn - k; */
	for (k = 0; k < r.nn; k++) {
		struct rnode n = get_node(v, r.node + k);
		//@ assert node: node_ok(v, r.node, k, r.nn, i_type(v, i));
		u32 asleep = !always && asleep_at(v, r.node, n.no) &&
			     (asleep_at(v, r.node, n.yes) || wakes(v, n.crit, i));

		if (n.asleep != asleep)
			return WEIR_E_ASLEEP;
	}
	return always || get_node(v, r.node).asleep ? WEIR_E_OK : WEIR_E_ASLEEP;
}

/*@ requires view_mem(v) && wakes_ok(v) && insts_ok(v) && types_ok(v);
    terminates \true; exits \false; assigns \nothing; */
static struct weir_error check_all_asleep(struct weir_view v)
{
	struct weir_error e;
	u32 i;

	/*@ loop invariant 0 <= i <= v.ninsts;
	    loop assigns i, e; loop variant v.ninsts - i; */
	for (i = 0; i < v.ninsts; i++) {
		struct rinst r = get_inst(v, i);
		struct rtype ty;

		//@ assert inst: inst_ok(v, i);
		if (r.type >= v.ntypes)
			return at(WEIR_E_INSTANCE_TYPE, WEIR_SEC_INSTANCES,
				  v.insts + WEIR_SZ_INSTANCE * i);
		ty = get_type(v, r.type);

		e = at(check_asleep(v, i, r, i >= ty.inst && i - ty.inst < ty.nalways),
		       WEIR_SEC_INSTANCES, v.insts + WEIR_SZ_INSTANCE * i);
		e.type = ty.id;
		e.instance = i;
		if (e.code)
			return e;
	}
	return at(WEIR_E_OK, WEIR_SEC_INSTANCES, 0);
}

struct weir_error weir_check_wakes(struct weir_view v, u32 used)
{
	struct weir_error e = check_indexed(v, used);

	if (e.code)
		return e;
	return check_all_asleep(v);
}
