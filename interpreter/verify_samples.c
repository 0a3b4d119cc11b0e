// SPDX-License-Identifier: GPL-2.0
/* The sample events of a channel file: that they are well formed, and how to read them. */
#include "core.h"

struct rsample {
	u32 type, nvalues, value, expect, nexpect;
};

struct rvalue {
	u32 field, kind, off, len;
	u64 num;
};

/* How far the sample tables are used up. */
struct used {
	u32 values, expects, data;
};

/*@ predicate used_ok(struct weir_view v, struct used u) =
      u.values <= v.nsvals && u.expects <= v.nsexps && u.data <= v.nsdata; */

/*@ requires view_mem(v) && i < v.nsamples;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.type <= 65535 && \result.nvalues <= 65535; */
static struct rsample get_sample(struct weir_view v, u32 i)
{
	u32 p = v.samples + WEIR_SZ_SAMPLE * i;
	struct rsample r;

	r.type = rd16(v.b, v.n, p + WEIR_P_TYPE);
	r.nvalues = rd16(v.b, v.n, p + WEIR_P_NVALUES);
	r.value = rd32(v.b, v.n, p + WEIR_P_VALUE);
	r.expect = rd32(v.b, v.n, p + WEIR_P_EXPECT);
	r.nexpect = rd32(v.b, v.n, p + WEIR_P_NEXPECT);
	return r;
}

/*@ requires view_mem(v) && k < v.nsvals;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.field <= 65535 && \result.len == le32(v.b, v.svals + 24 * k + 8); */
static struct rvalue get_value(struct weir_view v, u32 k)
{
	u32 p = v.svals + WEIR_SZ_VALUE * k;
	struct rvalue r;

	r.field = rd16(v.b, v.n, p + WEIR_V_FIELD);
	r.kind = rd16(v.b, v.n, p + WEIR_V_KIND);
	r.off = rd32(v.b, v.n, p + WEIR_V_OFF);
	r.len = rd32(v.b, v.n, p + WEIR_V_LEN);
	r.num = rd64(v.b, v.n, p + WEIR_V_NUM);
	return r;
}

/*@ requires view_mem(v) && k < v.nsexps;
    terminates \true; exits \false; assigns \nothing; */
static u32 get_expect(struct weir_view v, u32 k)
{
	return rd32(v.b, v.n, v.sexps + WEIR_SZ_EXPECT * k);
}

/*@ terminates \true; exits \false; assigns \nothing; */
static int has_bytes(u32 kind)
{
	return kind == WEIR_KIND_string || kind == WEIR_KIND_ip;
}

/* A value of the kind that its type declares, its bytes at @data. */
/*@ requires view_mem(v) && k < v.nsvals && data <= v.nsdata;
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    terminates \true; exits \false; assigns \nothing;
    ensures \result != 0 ==> 0 <= data + le32(v.b, v.svals + 24 * k + 8) <= v.nsdata; */
static int check_value(struct weir_view v, u32 k, struct rtype ty, u32 data)
{
	struct rvalue r = get_value(v, k);

	if (r.field >= ty.arity || r.kind != get_kind(v, ty.kind + r.field))
		return 0;
	if (rd32(v.b, v.n, v.svals + WEIR_SZ_VALUE * k + WEIR_V_ZERO) || r.off != data)
		return 0;
	if (r.len > WEIR_VALUE_MAX || !fits(data, r.len, v.nsdata))
		return 0;
	if (r.kind == WEIR_KIND_ip)
		return (r.len == 4 || r.len == 16) && !r.num;
	if (r.kind == WEIR_KIND_string)
		return !r.num;
	if (r.kind == WEIR_KIND_bool && r.num > 1)
		return 0;
	if (r.kind == WEIR_KIND_enum && r.num >= WEIR_ENUM_MAX)
		return 0;
	return !r.len;
}

/* The values of one sample, by ascending field: where their bytes end, or WEIR_NOWHERE. */
/*@ requires view_mem(v) && first + count <= v.nsvals && data <= v.nsdata;
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    terminates \true; exits \false; assigns \nothing;
    ensures \result != WEIR_NOWHERE ==> \result <= v.nsdata; */
static u32 check_values(struct weir_view v, u32 first, u32 count, struct rtype ty, u32 data)
{
	u32 k;

	/*@ loop invariant 0 <= k <= count && data <= v.nsdata;
	    loop assigns k, data; loop variant count - k; */
	for (k = 0; k < count; k++) {
		if (!check_value(v, first + k, ty, data))
			return WEIR_NOWHERE;
		if (k && get_value(v, first + k - 1).field >= get_value(v, first + k).field)
			return WEIR_NOWHERE;
		data += get_value(v, first + k).len;
	}
	return data;
}

/* The instances that a sample expects: of its type, ascending. */
/*@ requires view_mem(v) && first + count <= v.nsexps;
    terminates \true; exits \false; assigns \nothing; */
static int check_expects(struct weir_view v, u32 first, u32 count, struct rtype ty)
{
	u32 k;

	if (!fits(ty.inst, ty.ninst, v.ninsts))
		return 0;
	/*@ loop invariant 0 <= k <= count;
	    loop assigns k; loop variant count - k; */
	for (k = 0; k < count; k++) {
		u32 i = get_expect(v, first + k);

		if (i < ty.inst || i >= ty.inst + ty.ninst)
			return 0;
		if (k && get_expect(v, first + k - 1) >= i)
			return 0;
	}
	return 1;
}

/* A sample and where the next one goes on. */
struct sampled {
	u32 code;
	struct used u;
};

/*@ requires view_mem(v) && i < v.nsamples && used_ok(v, u);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==> used_ok(v, \result.u); */
static struct sampled check_sample(struct weir_view v, u32 i, struct used u)
{
	struct rsample r = get_sample(v, i);
	struct sampled out;
	struct rtype ty;

	out.u = u;
	out.code = WEIR_E_SAMPLE;
	if (r.type >= v.ntypes || r.value != u.values || r.expect != u.expects)
		return out;
	if (!fits(u.values, r.nvalues, v.nsvals) || !fits(u.expects, r.nexpect, v.nsexps))
		return out;
	ty = get_type(v, r.type);
	if (ty.arity > WEIR_ARITY_MAX || !fits(ty.kind, ty.arity, v.nkinds))
		return out;
	out.code = WEIR_E_SAMPLE_VALUE;
	out.u.data = check_values(v, u.values, r.nvalues, ty, u.data);
	if (out.u.data == WEIR_NOWHERE)
		return out;
	out.code = WEIR_E_SAMPLE_EXPECT;
	if (!check_expects(v, u.expects, r.nexpect, ty))
		return out;
	out.u.values += r.nvalues;
	out.u.expects += r.nexpect;
	out.code = WEIR_E_OK;
	return out;
}

struct weir_error weir_check_samples(struct weir_view v)
{
	struct sampled s;
	u32 i;

	s.u.values = 0;
	s.u.expects = 0;
	s.u.data = 0;
	/*@ loop invariant 0 <= i <= v.nsamples && used_ok(v, s.u);
	    loop assigns i, s; loop variant v.nsamples - i; */
	for (i = 0; i < v.nsamples; i++) {
		s = check_sample(v, i, s.u);
		if (s.code)
			return at(s.code, WEIR_SEC_SAMPLES, v.samples + WEIR_SZ_SAMPLE * i);
	}
	if (s.u.values != v.nsvals)
		return at(WEIR_E_UNUSED, WEIR_SEC_SAMPLE_VALUES, v.svals);
	if (s.u.expects != v.nsexps)
		return at(WEIR_E_UNUSED, WEIR_SEC_SAMPLE_EXPECT, v.sexps);
	if (s.u.data != v.nsdata)
		return at(WEIR_E_UNUSED, WEIR_SEC_SAMPLE_DATA, v.sdata);
	return at(WEIR_E_OK, WEIR_SEC_SAMPLES, 0);
}

/* Value @k of a sample into its place; 0 if it is not well formed. */
/*@ requires view_mem(v) && k < v.nsvals && \valid(val + (0 .. n - 1));
    terminates \true; exits \false; assigns val[0 .. n - 1];
    ensures 0 <= \result <= 1; */
static int put_value(struct weir_view v, u32 k, struct weir_value *val, u32 n)
{
	struct rvalue r = get_value(v, k);

	if (r.field >= n || r.kind == WEIR_KIND_none || r.kind >= WEIR_KIND_end)
		return 0;
	if (r.len > WEIR_VALUE_MAX || !fits(r.off, r.len, v.nsdata))
		return 0;
	val[r.field].kind = r.kind;
	val[r.field].len = r.len;
	val[r.field].num = r.num;
	val[r.field].ptr = has_bytes(r.kind) ? v.b + v.sdata + r.off : NULL;
	return 1;
}

/*@ requires n <= WEIR_ARITY_MAX && \valid(val + (0 .. n - 1));
    terminates \true; exits \false; assigns val[0 .. n - 1]; */
static void no_values(struct weir_value *val, u32 n)
{
	u32 i;

	/*@ loop invariant 0 <= i <= n;
	    loop assigns i, val[0 .. n - 1]; loop variant n - i; */
	for (i = 0; i < n; i++) {
		val[i].ptr = NULL;
		val[i].num = 0;
		val[i].len = 0;
		val[i].kind = WEIR_KIND_none;
	}
}

/*@ requires \valid_read(view) && view_mem(*view) && \valid(e);
    requires \valid(val + (0 .. n - 1)) && \separated(e, val + (0 .. n - 1));
    terminates \true; exits \false; assigns *e, val[0 .. n - 1];
    ensures -1 <= \result <= 0; */
int weir_sample(const struct weir_view *view, u32 i, struct weir_value *val, u32 n,
		struct weir_event *e)
{
	struct weir_view v = *view;
	struct rsample r;
	struct rtype ty;
	u32 k;

	if (i >= v.nsamples)
		return -1;
	r = get_sample(v, i);
	if (r.type >= v.ntypes || !fits(r.value, r.nvalues, v.nsvals))
		return -1;
	ty = get_type(v, r.type);
	if (ty.arity > n || ty.arity > WEIR_ARITY_MAX)
		return -1;
	no_values(val, ty.arity);
	/*@ loop invariant 0 <= k <= r.nvalues;
	    loop assigns k, val[0 .. n - 1]; loop variant r.nvalues - k; */
	for (k = 0; k < r.nvalues; k++)
		if (!put_value(v, r.value + k, val, ty.arity))
			return -1;
	e->v = val;
	e->n = ty.arity;
	e->type = ty.id;
	return 0;
}

/*@ requires \valid_read(view) && view_mem(*view) && \valid_read(match + (0 .. nmatch - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
int weir_sample_ok(const struct weir_view *view, u32 i, const u32 *match, u32 nmatch)
{
	struct weir_view v = *view;
	struct rsample r;
	u32 k;

	if (i >= v.nsamples)
		return 0;
	r = get_sample(v, i);
	if (r.nexpect != nmatch || !fits(r.expect, nmatch, v.nsexps))
		return 0;
	/*@ loop invariant 0 <= k <= nmatch;
	    loop assigns k; loop variant nmatch - k; */
	for (k = 0; k < nmatch; k++)
		if (get_expect(v, r.expect + k) != match[k])
			return 0;
	return 1;
}
