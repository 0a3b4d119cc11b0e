// SPDX-License-Identifier: GPL-2.0
/* One criterion asked alone, for those who want to know why. */
#include "core.h"
#include "criterion.h"

/* The literal stands somewhere in the text. */
/*@ requires view_mem(v) && text_ok(t) && it_room(1);
    requires l.len <= WEIR_LITERAL_MAX && l.off + l.len <= v.npool;
    terminates \true; exits \false; assigns it;
    ensures \old(it) <= it <= \old(it) + (WEIR_VALUE_MAX + 1) * WEIR_LITERAL_MAX;
    ensures 0 <= \result <= 1; */
weir_inline int search(struct weir_view v, struct rlit l, struct text t, u32 cased)
{
	u32 i;

	/*@ loop invariant 0 <= i <= t.len + 1;
	    loop invariant \at(it, Pre) <= it <= \at(it, Pre) + i * WEIR_LITERAL_MAX;
	    loop assigns i, it; loop variant t.len + 1 - i; */
	for (i = 0; fits(i, l.len, t.len); i++)
		if (stands(v, l, t, i, cased))
			return 1;
	return 0;
}

/*
 * CONTAINS as the index has it, asked alone by those who want to know why: its literals have no
 * failure tables.
 */
/*@ requires view_mem(v) && event_ok(e) && it == 0 && ty.arity <= WEIR_ARITY_MAX;
    requires ty.kind + ty.arity <= v.nkinds;
    terminates \true; exits \false; assigns it;
    ensures -1 <= \result <= 1; */
static int contains_any(struct weir_view v, struct weir_event e, struct rcrit r, struct rtype ty)
{
	struct input in;
	struct text t;
	u32 k;

	if (r.field >= ty.arity || get_kind(v, ty.kind + r.field) != WEIR_KIND_string ||
	    !fits(r.first, r.count, v.nlits))
		return -1;
	in = read_input(e, r.field, WEIR_KIND_string);
	if (in.val.kind == WEIR_KIND_none)
		return 0;
	t.p = in.val.ptr;
	t.len = in.val.len;
	/*@ loop invariant 0 <= k <= r.count;
	    loop invariant 0 <= it <= k * ((WEIR_VALUE_MAX + 1) * WEIR_LITERAL_MAX);
	    loop assigns k, it; loop variant r.count - k; */
	for (k = 0; k < r.count; k++) {
		struct rlit l = get_lit(v, r.first + k);

		if (l.len > WEIR_LITERAL_MAX || !fits(l.off, l.len, v.npool))
			return -1;
		if (search(v, l, t, r.flags & WEIR_CASED))
			return 1;
	}
	return 0;
}

/*@ requires \valid_read(v) && \valid_read(e) && view_mem(*v) && event_ok(*e) && it == 0;
    requires VER(view_ok(*v));
    terminates \true; exits \false; assigns it;
    ensures -1 <= \result <= 1; */
int weir_criterion(const struct weir_view *v, const struct weir_event *e, u32 crit)
{
	const struct reach all = REACH_ALL;
	struct step out;
	struct rcrit r;
	struct rtype ty;
	u32 t;

	if (crit >= v->ncrits)
		return -1;
	//@ assert crit: VER(crit_ok(*v, crit));
	r = get_crit(*v, crit);
	t = r.type;
	if (t >= v->ntypes)
		return -1;
	//@ assert type: VER(type_ok(*v, t));
	ty = get_type(*v, t);
	if (ty.arity > WEIR_ARITY_MAX || !fits(ty.kind, ty.arity, v->nkinds))
		return -1;
	if (r.op == WEIR_OP_CONTAINS && r.flags >= WEIR_INDEXED)
		return contains_any(*v, *e, r, ty);
	out = eval_crit(*v, *e, crit, ty, all, begin(R_FALSE), 2 * COST_CRITERION_MAX);
	return out.r < 0 ? -1 : out.r;
}
