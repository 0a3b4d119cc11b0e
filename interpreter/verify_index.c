// SPDX-License-Identifier: GPL-2.0
/*
 * The matching index. It is not trusted: whatever it holds, evaluation stays in bounds and within
 * the cost; and what passes here finds every operand that it claims to know, and wakes every
 * instance that could match.
 */
#include "core.h"
#include "index.h"

/* What the probes before have used up. */
struct indexed {
	u32 filter, entry;
	u32 used; /* entries that are not empty */
	u64 cost;
};

struct index_check {
	struct weir_error e;
	struct indexed p;
};

/* A probe asks of a field what a value of its kind has. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result != 0 ==>
	(p.where == WEIR_AT_NUM ? kind != WEIR_KIND_string && kind != WEIR_KIND_ip :
	 p.where == WEIR_AT_NET ? kind == WEIR_KIND_ip && (p.width == 4 || p.width == 16) :
	 kind == WEIR_KIND_string && window_width(p.width));
    ensures \result != 0 && p.where == WEIR_AT_ALL ==> p.width <= 4; */
static int check_where(struct rprobe p, u32 kind)
{
	switch (p.where) {
	case WEIR_AT_ALL:
		return kind == WEIR_KIND_string && p.width >= 1 && p.width <= 4 && !p.at;
	case WEIR_AT_START:
	case WEIR_AT_END:
		return kind == WEIR_KIND_string && p.at < WEIR_LITERAL_MAX && is_width(p.width);
	case WEIR_AT_NUM:
		return (kind == WEIR_KIND_u64 || kind == WEIR_KIND_i64 || kind == WEIR_KIND_bool ||
			kind == WEIR_KIND_enum) &&
		       !p.width && !p.at;
	case WEIR_AT_NET:
		return kind == WEIR_KIND_ip && (p.width == 4 || p.width == 16) &&
		       p.at <= 8 * p.width;
	default:
		return 0;
	}
}

/* Probes of a type ascend, so that none is there twice. */
/*@ terminates \true; exits \false; assigns \nothing; */
static int probe_before(struct rprobe a, struct rprobe b)
{
	if (a.field != b.field)
		return a.field < b.field;
	if (a.where != b.where)
		return a.where < b.where;
	if (a.width != b.width)
		return a.width < b.width;
	return a.at < b.at;
}

/*@ predicate like(struct weir_view v, integer i, struct rprobe p) =
      p.field == b_field(v, i) && p.where == b_where(v, i) && p.width == b_width(v, i) &&
      p.filter == b_filter(v, i) && p.words == b_words(v, i) && p.first == b_first(v, i) &&
      p.count == b_count(v, i) && p.homes == b_homes(v, i) && p.weight == b_weight(v, i) &&
      p.at <= 65535;
    predicate sized(struct weir_view v, struct rprobe p) =
      1 <= p.homes <= p.count && p.first + p.count <= v.nentries && p.weight <= WEIR_WEIGHT_MAX &&
      (p.where == WEIR_AT_NET ==> p.width == 4 || p.width == 16) &&
      (p.where != WEIR_AT_NUM && p.where != WEIR_AT_NET ==> window_width(p.width)) &&
      (p.where == WEIR_AT_ALL ==> p.width <= 4) && 1 <= p.words &&
      p.filter + p.words <= v.nfilters; */

/* A probe, all but its entries. */
/*@ requires view_mem(v) && i < v.nprobes && like(v, i, p);
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == 0 ==> sized(v, p) && probe_fits(v, i, ty.arity, ty.kind);
    ensures \result == 0 ==> p.filter == at.filter && p.first == at.entry; */
static u32 check_probe(struct weir_view v, u32 i, struct rprobe p, struct rtype ty,
		       struct indexed at)
{
	u32 off = v.probes + WEIR_SZ_PROBE * i;

	if (rd8(v.b, v.n, off + WEIR_B_ZERO) || rd16(v.b, v.n, off + WEIR_B_ZERO2))
		return WEIR_E_RESERVED;
	if (p.field >= ty.arity || !check_where(p, get_kind(v, ty.kind + p.field)))
		return WEIR_E_PROBE;
	if (i > ty.probe && !probe_before(get_probe(v, i - 1), p))
		return WEIR_E_PROBE;
	if (p.filter != at.filter || p.first != at.entry)
		return WEIR_E_PROBE;
	if (!p.homes || p.homes > p.count || !fits(p.first, p.count, v.nentries) ||
	    p.weight > WEIR_WEIGHT_MAX)
		return WEIR_E_PROBE;
	return p.words && fits(p.filter, p.words, v.nfilters) ? WEIR_E_OK : WEIR_E_PROBE;
}

/* The window by which a probe knows a literal: where in it; past its end if it cannot. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result < l.len ==> op == WEIR_OP_CONTAINS || anchored(op); */
static u32 window_of(struct rprobe p, u32 op, struct rlit l)
{
	switch (p.where) {
	case WEIR_AT_ALL:
		return op == WEIR_OP_CONTAINS ? l.at : l.len;
	case WEIR_AT_START:
		return op == WEIR_OP_EQ || op == WEIR_OP_PREFIX ? p.at : l.len;
	default:
		if ((op != WEIR_OP_EQ && op != WEIR_OP_SUFFIX) || !fits(p.at, p.width, l.len))
			return l.len;
		return l.len - p.at - p.width;
	}
}

struct tagged {
	u32 ok, tag, weight;
	struct more more;
};

/*@ requires view_mem(v) && k < v.nlits && sized(v, p) && p.where != WEIR_AT_NUM;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.ok != 0 ==>
	1 <= \result.weight == 1 + (p.where == WEIR_AT_NET ? UNIT_CIDR : l_len(v, k));
    ensures \result.ok != 0 ==> (p.where == WEIR_AT_NET <==> op == WEIR_OP_CIDR) &&
	(op == WEIR_OP_CIDR || op == WEIR_OP_CONTAINS || anchored(op));
    ensures \result.weight <= 65536 + UNIT_CIDR; */
static struct tagged tag_literal(struct weir_view v, u32 probe, struct rprobe p, u32 op, u32 k)
{
	struct tagged out = { 0, 0, 0, { 0, 0 } };
	struct rlit l = get_lit(v, k);
	struct text t;
	u32 from;

	if (l.len > WEIR_LITERAL_MAX || !fits(l.off, l.len, v.npool))
		return out;
	t.p = v.b + (v.pool + l.off);
	t.len = l.len;
	if (p.where == WEIR_AT_NET) {
		if (op != WEIR_OP_CIDR || l.len != p.width + 1 || l.probe || l.at ||
		    text_at(t, p.width, 1) != p.at)
			return out;
		t.len = p.width;
		out.tag = tag_of_network(t, p.at);
		out.weight = 1 + UNIT_CIDR;
		out.ok = 1;
		return out;
	}
	if (op == WEIR_OP_CIDR)
		return out;
	from = window_of(p, op, l);
	if (l.probe != probe || !fits(from, p.width, l.len) || (p.where != WEIR_AT_ALL && l.at))
		return out;
	out.tag = tag_of(t, from, p.width);
	out.more = more_of(t, from, p.width);
	out.weight = 1 + l.len;
	out.ok = 1;
	return out;
}

/*@ requires view_mem(v) && sized(v, p);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.ok != 0 ==> (op == WEIR_OP_RANGE <==> p.where == WEIR_AT_NUM);
    ensures \result.ok != 0 && op == WEIR_OP_RANGE ==> k < v.nnums && \result.weight == 1;
    ensures \result.ok != 0 && op != WEIR_OP_RANGE ==> k < v.nlits &&
	(op == WEIR_OP_CIDR || op == WEIR_OP_CONTAINS || anchored(op)) &&
	1 <= \result.weight == 1 + (op == WEIR_OP_CIDR ? UNIT_CIDR : l_len(v, k));
    ensures \result.weight <= 65536 + UNIT_CIDR; */
static struct tagged tag_operand(struct weir_view v, u32 probe, struct rprobe p, u32 op, u32 k)
{
	struct tagged out = { 0, 0, 0, { 0, 0 } };
	struct rnum m;

	if (p.where != WEIR_AT_NUM)
		return k < v.nlits && op != WEIR_OP_RANGE ? tag_literal(v, probe, p, op, k) : out;
	if (k >= v.nnums || op != WEIR_OP_RANGE)
		return out;
	m = get_num(v, k);
	out.tag = tag_of_number(m.lo);
	out.weight = 1;
	out.ok = m.lo == m.hi;
	return out;
}

/* Entry @k, which is not empty, of probe @i. Gives its weight, or not ok. */
/*@ requires view_mem(v) && crits_ok(v) && k < v.nentries && sized(v, p);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.ok != 0 ==> entry_ok(v, k, p.where) && \result.weight == x_cost(v, k);
    ensures 0 <= \result.weight <= 65536 + UNIT_CIDR; */
static struct tagged check_entry(struct weir_view v, u32 i, struct rprobe p, u32 t, u32 k)
{
	struct rentry x = get_entry(v, k);
	struct tagged out = { 0, 0, 0, { 0, 0 } };
	struct rcrit r;
	u32 hash;

	if (x.crit >= v.ncrits)
		return out;
	//@ assert crit: crit_ok(v, x.crit);
	r = get_crit(v, x.crit);
	//@ assert operands: operands_ok(v, x.crit, r.op);
	if (r.type != t || r.field != p.field || r.flags < WEIR_INDEXED || x.operand < r.first ||
	    x.operand - r.first >= r.count)
		return out;
	out = tag_operand(v, i, p, r.op, x.operand);
	//@ assert lit: out.ok && r.op != WEIR_OP_RANGE ==> lit_ok(v, x.operand, r.op, r.flags);
	//@ assert known: out.ok && r.op != WEIR_OP_RANGE ==> lit_ok(v, x.operand, r.op, WEIR_INDEXED);
	hash = mix(out.tag);
	if (hash != x.hash || out.more.of != x.more_of || out.more.tag != x.more)
		out.ok = 0;
	if (!passes(get_word(v, v.filters, v.nfilters, p.filter + spread(hash, p.words)), hash))
		out.ok = 0;
	return out;
}

/* An empty entry holds nothing. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result != 0 ==> x.hash == WEIR_NOWHERE; */
static int is_blank(struct rentry x)
{
	return x.hash == WEIR_NOWHERE && !x.more && !x.more_of && !x.operand;
}

/* A row of entries, one after the other. */
struct row {
	u32 weight; /* of the row so far; 0: the entry before is empty */
	u32 hash, operand; /* of the entry before */
};

/* An entry, number @k of its probe's, is at its home or behind others that come before it. */
/*@ requires 1 <= homes <= WEIR_WORDS_MAX;
    terminates \true; exits \false; assigns \nothing; */
static int is_placed(struct row row, struct rentry x, u32 k, u32 homes)
{
	if (!row.weight)
		return spread(x.hash, homes) == k;
	if (x.hash == row.hash)
		return x.operand > row.operand;
	return x.hash > row.hash && spread(x.hash, homes) <= k;
}

/* The entries of probe @i; its weight is that of the heaviest row. */
/*@ requires view_mem(v) && crits_ok(v) && i < v.nprobes && like(v, i, p) && sized(v, p);
    requires from.entry == p.first && from.filter == p.filter && from.used <= from.entry;
    requires xrow(v, p.first) == 0;
    requires from.cost <= i * PROBE_COST_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.e.code == 0 ==> probe_ok(v, i) && \result.p.entry <= v.nentries;
    ensures \result.e.code == 0 ==> xrow(v, \result.p.entry) == 0;
    ensures \result.e.code == 0 ==> \result.p.used <= \result.p.entry;
    ensures \result.e.code == 0 ==> \result.p.cost == from.cost + b_cost(v, i);
    ensures \result.e.code == 0 ==> 1 <= b_cost(v, i);
    ensures \result.e.code == 0 ==>
	\result.p.cost <= (i + 1) * PROBE_COST_MAX; */
static struct index_check check_entries(struct weir_view v, u32 i, struct rprobe p, u32 t,
					struct indexed from)
{
	u32 k, most = 0, end = p.first + p.count;
	struct row row = { 0, 0, 0 };
	struct index_check out;

	out.p = from;
	/*@ loop invariant p.first <= k <= end && row.weight == xrow(v, k);
	    loop invariant row.weight <= p.weight && most <= p.weight;
	    loop invariant out.p.cost == from.cost && out.p.filter == from.filter;
	    loop invariant out.p.used <= k;
	    loop invariant \forall integer x; p.first <= x < k ==>
		slot_ok(v, x, p.weight, p.where);
	    loop assigns k, most, row, out; loop variant end - k; */
	for (k = p.first; k < end; k++) {
		struct rentry x = get_entry(v, k);
		struct tagged got;

		out.e = at(WEIR_E_ENTRY, WEIR_SEC_ENTRIES, v.entries + WEIR_SZ_ENTRY * k);
		if (x.crit == WEIR_NOWHERE) {
			if (!is_blank(x))
				return out;
			row.weight = 0;
			continue;
		}
		got = check_entry(v, i, p, t, k);
		//@ assert next: xrow(v, k + 1) == xrow(v, k) + x_cost(v, k);
		if (!got.ok || !is_placed(row, x, k - p.first, p.homes) ||
		    got.weight > p.weight - row.weight)
			return out;
		row.weight += got.weight;
		row.hash = x.hash;
		row.operand = x.operand;
		if (row.weight > most)
			most = row.weight;
		out.p.used++;
	}
	/* The last entry is empty, so that no row is of two probes. */
	out.e = at(most && most == p.weight && !row.weight ? WEIR_E_OK : WEIR_E_PROBE,
		   WEIR_SEC_PROBES, v.probes + WEIR_SZ_PROBE * i);
	out.p.filter += p.words;
	out.p.entry = end;
	out.p.cost += probe_cost(p.where, p.weight);
	return out;
}

/* The probes of the type with index @t. */
/*@ requires view_mem(v) && crits_ok(v) && types_ok(v) && t < v.ntypes;
    requires from.entry <= v.nentries && pgrowing(v, t_probe(v, t));
    requires xrow(v, from.entry) == 0 && from.used <= from.entry;
    requires t_probe(v, t) <= v.nprobes && from.cost == psum(v, t_probe(v, t));
    requires from.cost <= t_probe(v, t) * PROBE_COST_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.e.code == 0 ==> probes_ok(v, t) && pgrowing(v, probe_at(v, t + 1));
    ensures \result.e.code == 0 ==>
	\result.p.entry <= v.nentries && \result.p.cost == psum(v, probe_at(v, t + 1)) &&
	xrow(v, \result.p.entry) == 0 && \result.p.used <= \result.p.entry &&
	\result.p.cost <= probe_at(v, t + 1) * PROBE_COST_MAX; */
static struct index_check check_probes(struct weir_view v, u32 t, struct indexed from)
{
	u32 i, code, end = get_probes(v, t + 1);
	struct rtype ty = get_type(v, t);
	struct index_check out;

	//@ assert type: type_ok(v, t);
	out.p = from;
	out.e = at(WEIR_E_PROBE, WEIR_SEC_TYPES, v.types + WEIR_SZ_TYPE * t);
	if (end < ty.probe || end > v.nprobes)
		return out;
	/*@ loop invariant ty.probe <= i <= end && out.p.entry <= v.nentries && pgrowing(v, i);
	    loop invariant xrow(v, out.p.entry) == 0 && out.p.used <= out.p.entry;
	    loop invariant out.p.cost == psum(v, i);
	    loop invariant out.p.cost <= i * PROBE_COST_MAX;
	    loop invariant \forall integer j; ty.probe <= j < i ==>
		probe_ok(v, j) && probe_fits(v, j, ty.arity, ty.kind);
	    loop assigns i, code, out; loop variant end - i; */
	for (i = ty.probe; i < end; i++) {
		struct rprobe p = get_probe(v, i);

		//@ assert sum: psum(v, i + 1) == psum(v, i) + b_cost(v, i);
		code = check_probe(v, i, p, ty, out.p);
		out.e = at(code, WEIR_SEC_PROBES, v.probes + WEIR_SZ_PROBE * i);
		if (!code)
			out = check_entries(v, i, p, t, out.p);
		out.e.type = ty.id;
		out.e.field = p.field;
		if (out.e.code)
			return out;
	}
	out.e = at(WEIR_E_OK, WEIR_SEC_PROBES, 0);
	return out;
}

/* All is used up. */
/*@ requires view_mem(v);
    terminates \true; exits \false; assigns \nothing; */
static struct weir_error check_used_up(struct weir_view v, struct indexed p)
{
	if (p.filter != v.nfilters)
		return at(WEIR_E_UNUSED, WEIR_SEC_FILTERS, v.filters);
	if (p.entry != v.nentries)
		return at(WEIR_E_UNUSED, WEIR_SEC_ENTRIES, v.entries);
	return at(WEIR_E_OK, WEIR_SEC_PROBES, 0);
}

struct probed weir_check_probes(struct weir_view v)
{
	struct index_check one;
	struct probed out;
	u32 t;

	one.p.filter = 0;
	one.p.entry = 0;
	one.p.used = 0;
	one.p.cost = 0;
	out.cost = 0;
	out.used = 0;
	out.e = at(WEIR_E_PROBE, WEIR_SEC_TYPES, v.types);
	if (get_probes(v, 0))
		return out;
	//@ assert zero: psum(v, 0) == 0 && xrow(v, 0) == 0;
	/*@ loop invariant 0 <= t <= v.ntypes && one.p.entry <= v.nentries;
	    loop invariant xrow(v, one.p.entry) == 0 && one.p.used <= one.p.entry;
	    loop invariant probe_at(v, t) <= v.nprobes && one.p.cost == psum(v, probe_at(v, t));
	    loop invariant pgrowing(v, probe_at(v, t));
	    loop invariant one.p.cost <=
		probe_at(v, t) * PROBE_COST_MAX;
	    loop invariant \forall integer j; 0 <= j < t ==> probes_ok(v, j);
	    loop assigns t, one, out; loop variant v.ntypes - t; */
	for (t = 0; t < v.ntypes; t++) {
		one = check_probes(v, t, one.p);
		out.e = one.e;
		if (out.e.code)
			return out;
	}
	out.cost = one.p.cost;
	out.used = one.p.used;
	out.e = check_used_up(v, one.p);
	return out;
}
