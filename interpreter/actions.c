// SPDX-License-Identifier: GPL-2.0
/* Actions that cannot be applied everywhere: may an instance match where its action cannot? */
#include "core.h"
#include "criterion.h"

/* What a criterion may give, beside R_FALSE and R_TRUE, while an event is not all known. */
#define R_EITHER 2

/* Iterations of one walk along a program, at most. */
#define WALK (WEIR_ACTION_WORDS + WEIR_NODES_MAX * (1ull + WEIR_COUNT_MAX))

/* All that is known of an event: one field is there, and has this value. */
struct known {
	u32 field; /* WEIR_NOWHERE: nothing is known */
	u32 value; /* of an enum */
};

/* What criterion @c gives. In doubt, as with content that is not well formed: either. */
/*@ requires view_mem(v) && it_room(1);
    terminates \true; exits \false; assigns it;
    ensures it <= \old(it) + WEIR_COUNT_MAX;
    ensures R_FALSE <= \result <= R_EITHER; */
weir_inline int foresee(struct weir_view v, u32 c, struct known e)
{
	struct step out = begin(R_FALSE);
	struct rcrit r;

	if (c >= v.ncrits)
		return R_EITHER;
	r = get_crit(v, c);
	if (r.field != e.field)
		return R_EITHER;
	if (r.op == WEIR_OP_EXISTS)
		return R_TRUE;
	if (r.op != WEIR_OP_RANGE || !fits(r.first, r.count, v.nnums))
		return R_EITHER;
	out = any_range(v, r, e.value, out, WEIR_COUNT_MAX);
	return out.r >= R_FALSE ? out.r : R_EITHER;
}

/*@ requires k < WEIR_NODES_MAX && \valid(w + (0 .. WEIR_ACTION_WORDS - 1));
    terminates \true; exits \false; assigns w[0 .. WEIR_ACTION_WORDS - 1]; */
weir_inline void reach(u32 *w, u32 k)
{
	u32 i = weir_nospec(k / 32, WEIR_ACTION_WORDS);

	w[i] |= (u32)mask_bit(k % 32);
}

/*@ requires k < WEIR_NODES_MAX && \valid_read(w + (0 .. WEIR_ACTION_WORDS - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
weir_inline int reached(const u32 *w, u32 k)
{
	return bit(w[weir_nospec(k / 32, WEIR_ACTION_WORDS)], k % 32);
}

/* Go from node @k to @to. 1 if that is a match, as is all that is neither later node nor reject. */
/*@ requires nn <= WEIR_NODES_MAX && \valid(w + (0 .. WEIR_ACTION_WORDS - 1));
    terminates \true; exits \false; assigns w[0 .. WEIR_ACTION_WORDS - 1];
    ensures 0 <= \result <= 1; */
weir_inline int follow(u32 *w, u32 k, u32 to, u32 nn)
{
	if (to == WEIR_REJECT)
		return 0;
	if (to <= k || to >= nn)
		return 1;
	reach(w, to);
	return 0;
}

/* May the program of @nn nodes at @base accept such an event? Every branch that may be taken is. */
/*@ requires view_mem(v) && \valid(w + (0 .. WEIR_ACTION_WORDS - 1)) && it_room(2);
    terminates \true; exits \false; assigns it, w[0 .. WEIR_ACTION_WORDS - 1];
    ensures it <= \old(it) + WALK;
    ensures 0 <= \result <= 1; */
weir_inline int may_accept(struct weir_view v, u32 base, u32 nn, struct known e, u32 *w)
{
	u32 k;

	if (nn < 1 || nn > WEIR_NODES_MAX || !fits(base, nn, v.nnodes))
		return 1;
	forget(w, nn / 32 + 1);
	reach(w, 0);
	/*@ loop invariant 0 <= k <= nn;
	    loop invariant it <= \at(it, Pre) + WEIR_ACTION_WORDS + k * (1 + WEIR_COUNT_MAX);
	    loop assigns k, it, w[0 .. WEIR_ACTION_WORDS - 1]; loop variant nn - k; */
	for (k = 0; k < nn; k++) {
		struct rnode n = get_node(v, base + k);
		int r;

		//@ ghost it++;
		if (!reached(w, k))
			continue;
		r = foresee(v, n.crit, e);
		if (r != R_FALSE && follow(w, k, n.yes, nn))
			return 1;
		if (r != R_TRUE && follow(w, k, n.no, nn))
			return 1;
	}
	return 0;
}

/* May instance @r match an event whose field @field has a value of the mask? */
/*@ requires view_mem(v) && \valid(w + (0 .. WEIR_ACTION_WORDS - 1)) && it_room(3);
    terminates \true; exits \false; assigns it, w[0 .. WEIR_ACTION_WORDS - 1];
    ensures it <= \old(it) + WEIR_ENUM_MAX * (1 + WALK);
    ensures 0 <= \result <= 1; */
weir_inline int may_match(struct weir_view v, struct rinst r, u32 field, u64 mask, u32 *w)
{
	struct known e;
	u32 k;

	e.field = field;
	/*@ loop invariant 0 <= k <= WEIR_ENUM_MAX;
	    loop invariant it <= \at(it, Pre) + k * (1 + WALK);
	    loop assigns k, it, e.value, w[0 .. WEIR_ACTION_WORDS - 1];
	    loop variant WEIR_ENUM_MAX - k; */
	for (k = 0; k < WEIR_ENUM_MAX; k++) {
		//@ ghost it++;
		e.value = k;
		if (bit(mask, k) && may_accept(v, r.node, r.nn, e, w))
			return 1;
	}
	return 0;
}

/* The events of a type on which an action has no effect, as a mask of values of its selector. */
/*@ requires \valid_read(t);
    terminates \true; exits \false; assigns \nothing; */
weir_inline u64 unable(const struct weir_schema_type *t, u32 action)
{
	u64 mask = action == WEIR_VERDICT_DENY	 ? t->no_deny
		   : action == WEIR_VERDICT_KILL ? t->no_kill
						 : 0;

	return t->selector == WEIR_NOWHERE ? mask & 1 : mask;
}

/* Instance @i and its action. */
/*@ requires view_mem(v) && schema_ok(s) && i < v.ninsts && it_room(4);
    requires \valid(w + (0 .. WEIR_ACTION_WORDS - 1));
    terminates \true; exits \false; assigns it, w[0 .. WEIR_ACTION_WORDS - 1];
    ensures it <= \old(it) + WEIR_ENUM_MAX * (1 + WALK); */
weir_inline struct weir_error check_action(struct weir_view v, struct weir_schema s, u32 i, u32 *w)
{
	struct weir_error e = at(WEIR_E_OK, WEIR_SEC_INSTANCES, v.insts + WEIR_SZ_INSTANCE * i);
	struct rinst r = get_inst(v, i);
	u32 t;

	e.instance = i;
	if (r.action <= WEIR_VERDICT_ALERT)
		return e;
	e.code = WEIR_E_INSTANCE_TYPE;
	if (r.type >= v.ntypes)
		return e;
	e.type = get_type(v, r.type).id;
	e.code = WEIR_E_TYPE_UNKNOWN;
	t = weir_schema_find(s, e.type);
	if (t == s.n)
		return e;
	e.field = s.t[t].selector;
	e.code = may_match(v, r, e.field, unable(&s.t[t], r.action), w) ? WEIR_E_ACTION_UNSUPPORTED
									: WEIR_E_OK;
	return e;
}

/*@ requires \valid_read(v) && view_mem(*v) && \valid_read(s) && schema_ok(*s) && it == 0;
    requires \valid(w + (0 .. WEIR_ACTION_WORDS - 1)) && \valid(err);
    requires \separated(err, w + (0 .. WEIR_ACTION_WORDS - 1));
    terminates \true; exits \false; assigns it, w[0 .. WEIR_ACTION_WORDS - 1], *err; */
u32 weir_actions(const struct weir_view *v, const struct weir_schema *s, u32 *w,
		 struct weir_error *err)
{
	struct weir_schema schema = *s;
	struct weir_view view = *v;
	struct weir_error e;
	u32 i;

	/*@ loop invariant 0 <= i <= view.ninsts;
	    loop invariant it <= i * (1 + WEIR_ENUM_MAX * (1 + WALK));
	    loop assigns i, it, e, w[0 .. WEIR_ACTION_WORDS - 1];
	    loop variant view.ninsts - i; */
	for (i = 0; i < view.ninsts; i++) {
		//@ ghost it++;
		e = check_action(view, schema, i, w);
		if (e.code) {
			*err = e;
			return e.code;
		}
	}
	return WEIR_E_OK;
}
