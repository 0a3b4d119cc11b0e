// SPDX-License-Identifier: GPL-2.0
/* What others than the interpreter want to know of a channel file. */
#include "core.h"

/* The fields that criterion @r reads, as a mask. */
/*@ terminates \true; exits \false; assigns \nothing; */
weir_inline u64 fields_of(struct rcrit r)
{
	u64 mask = 0;

	if (r.field < WEIR_ARITY_MAX)
		mask |= mask_bit(r.field);
	if (is_fields_op(r.op) && r.field2 < WEIR_ARITY_MAX)
		mask |= mask_bit(r.field2);
	return mask;
}

/*@ requires \valid_read(view) && view_mem(*view);
    terminates \true; exits \false; assigns \nothing; */
u64 weir_wanted(const struct weir_view *view, u32 type)
{
	struct weir_view v = *view;
	u64 mask = 0;
	u32 c;

	/*@ loop invariant 0 <= c <= v.ncrits;
	    loop assigns c, mask; loop variant v.ncrits - c; */
	for (c = 0; c < v.ncrits; c++) {
		struct rcrit r = get_crit(v, c);

		if (r.type < v.ntypes && get_type(v, r.type).id == type)
			mask |= fields_of(r);
	}
	return mask;
}

/*@ requires \valid_read(view) && view_mem(*view);
    terminates \true; exits \false; assigns \nothing; */
u64 weir_reads(const struct weir_view *view, u32 i)
{
	struct weir_view v = *view;
	struct rinst r;
	u64 mask = 0;
	u32 k;

	if (i >= v.ninsts)
		return ~0ull;
	r = get_inst(v, i);
	if (!fits(r.node, r.nn, v.nnodes))
		return ~0ull;
	/*@ loop invariant 0 <= k <= r.nn;
	    loop assigns k, mask; loop variant r.nn - k; */
	for (k = 0; k < r.nn; k++) {
		u32 c = get_node(v, r.node + k).crit;

		if (c >= v.ncrits)
			return ~0ull;
		mask |= fields_of(get_crit(v, c));
	}
	return mask;
}

/*@ requires \valid_read(view) && view_mem(*view);
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
int weir_uses(const struct weir_view *view, u32 type)
{
	struct weir_view v = *view;
	u32 t;

	/*@ loop invariant 0 <= t <= v.ntypes;
	    loop assigns t; loop variant v.ntypes - t; */
	for (t = 0; t < v.ntypes; t++)
		if (get_type(v, t).id == type)
			return 1;
	return 0;
}

/*@ requires \valid_read(view) && view_mem(*view) && \valid(out);
    requires \separated(out, view->b + (0 .. view->n - 1));
    terminates \true; exits \false; assigns *out;
    ensures -1 <= \result <= 0; */
int weir_instance(const struct weir_view *view, u32 i, struct weir_instance *out)
{
	struct weir_view v = *view;
	struct rinst r;
	u32 k;

	if (i >= v.ninsts)
		return -1;
	r = get_inst(v, i);
	if (r.type >= v.ntypes || !fits(r.title, r.title_len, v.ntext))
		return -1;
	/*@ loop invariant 0 <= k <= 16;
	    loop assigns k, out->uuid[0 .. 15]; loop variant 16 - k; */
	for (k = 0; k < 16; k++)
		out->uuid[k] = (u8)rd8(v.b, v.n, v.insts + WEIR_SZ_INSTANCE * i + WEIR_I_UUID + k);
	out->type = get_type(v, r.type).id;
	out->level = r.level;
	out->action = r.action;
	out->title = v.b + v.text + r.title;
	out->title_len = r.title_len;
	return 0;
}

/*@ requires \valid_read(view) && view_mem(*view) && \valid(out);
    terminates \true; exits \false; assigns *out; */
void weir_about(const struct weir_view *view, struct weir_about *out)
{
	struct weir_view v = *view;
	u32 len = rd32(v.b, v.n, WEIR_H_NAMELEN);

	out->channel = rd32(v.b, v.n, WEIR_H_CHANNEL);
	out->scratch = rd32(v.b, v.n, WEIR_H_SCRATCH);
	out->version = rd64(v.b, v.n, WEIR_H_VERSION);
	out->created = rd64(v.b, v.n, WEIR_H_CREATED);
	out->cost = rd64(v.b, v.n, WEIR_H_COST);
	out->name = v.b + v.text;
	out->name_len = len <= v.ntext ? len : 0;
}
