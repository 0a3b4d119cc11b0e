/* SPDX-License-Identifier: GPL-2.0 */
/* Comparing one value with one operand. Everything here is inlined into weir_eval(). */
#ifndef WEIR_MATCH_H
#define WEIR_MATCH_H

#include "content.h"
#include "guard.h"

/* How far the evaluation of an event has come. */
struct step {
	int r; /* the last result: R_ */
	u32 trips; /* of the guard on inputs, so far */
	u32 trip_inst; /* the first of them: where */
	u32 trip_field;
	u32 inst; /* the instance at work */
	u32 next; /* the first that has not been asked */
	u32 left; /* entries of WAKES that have not been read */
	u32 all; /* there were not enough of them: ask all instances */
	u64 steps; /* taken so far */
};

/* The beginning of an evaluation. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result.r == r && \result.steps == 0; */
weir_inline struct step begin(int r)
{
	struct step out;

	out.r = r;
	out.trips = 0;
	out.trip_inst = WEIR_NOWHERE;
	out.trip_field = WEIR_NOWHERE;
	out.inst = WEIR_NOWHERE;
	out.next = 0;
	out.left = 0;
	out.all = 0;
	out.steps = 0;
	return out;
}

/* A value's bytes. */
struct text {
	const u8 *p;
	u32 len;
};

/*@ predicate text_ok(struct text t) =
      t.len <= WEIR_VALUE_MAX && \valid_read(t.p + (0 .. t.len - 1)); */

/*@ requires text_ok(t) && i < t.len;
    terminates \true; exits \false; assigns \nothing;
    ensures \result <= 255; */
weir_inline u32 text_at(struct text t, u32 i, u32 cased)
{
	u32 c = t.p[i];

	return cased ? c : (fold(c) & 0xffu);
}

/* The literal is what stands at @have. One that is not @cased is in lower case. */
/*@ requires mem(lit, len) && mem(have, len) && it_room(0);
    terminates \true; exits \false; assigns it;
    ensures \old(it) <= it <= \old(it) + len;
    ensures 0 <= \result <= 1; */
weir_outline int same(const u8 *lit, const u8 *have, u32 len, u32 cased)
{
	u32 i, a, b;

	/*@ loop invariant 0 <= i <= len;
	    loop invariant \at(it, Pre) <= it <= \at(it, Pre) + i;
	    loop assigns i, a, b, it; loop variant len - i; */
	for (i = 0; fits(i, 4, len); i += 4) {
		//@ ghost it++;
		a = peek32(lit, len, i);
		b = peek32(have, len, i);
		if (a != b && (cased || a != fold4(b)))
			return 0;
	}
	/*@ loop invariant 0 <= i <= len;
	    loop invariant \at(it, Pre) <= it <= \at(it, Pre) + i;
	    loop assigns i, it; loop variant len - i; */
	for (; i < len; i++) {
		//@ ghost it++;
		if (lit[i] != have[i] && (cased || lit[i] != fold(have[i])))
			return 0;
	}
	return 1;
}

/* The literal stands in the text at @from. */
/*@ requires view_mem(v) && text_ok(t) && from + l.len <= t.len && it_room(0);
    requires l.len <= WEIR_LITERAL_MAX && l.off + l.len <= v.npool;
    terminates \true; exits \false; assigns it;
    ensures \old(it) <= it <= \old(it) + l.len;
    ensures 0 <= \result <= 1; */
weir_inline int stands(struct weir_view v, struct rlit l, struct text t, u32 from, u32 cased)
{
	return same(v.b + (v.pool + l.off), t.p + weir_nospec(from, t.len + 1), l.len, cased);
}

/* Equality, prefix, suffix. */
/*@ requires view_mem(v) && text_ok(t) && it_room(0);
    requires l.len <= WEIR_LITERAL_MAX && l.off + l.len <= v.npool;
    terminates \true; exits \false; assigns it;
    ensures it <= \old(it) + l.len;
    ensures 0 <= \result <= 1; */
weir_inline int match_anchored(struct weir_view v, struct rlit l, u32 op, struct text t, u32 cased)
{
	u32 from = 0;

	if (l.len > t.len || (op == WEIR_OP_EQ && l.len != t.len))
		return 0;
	if (op == WEIR_OP_SUFFIX)
		from = t.len - l.len;
	return stands(v, l, t, from, cased);
}

/*
 * Knuth, Morris, Pratt: "Fast pattern matching in strings", 1977. One loop: each round moves on in
 * the text or shortens what matched so far: at most two a byte of the text.
 */
/*@ requires view_mem(v) && text_ok(t) && it_room(0) && out.r == R_FALSE;
    requires VER(lit_ok(v, ln, WEIR_OP_CONTAINS, 0));
    requires ln < v.nlits && l.off == l_off(v, ln) && l.len == l_len(v, ln);
    terminates \true; exits \false; assigns it;
    ensures it <= \old(it) + 2 * t.len;
    ensures \result.steps == out.steps;
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step match_contains(struct weir_view v, u32 ln, struct rlit l, struct text t,
				       u32 cased, struct step out)
{
	u32 i = 0, j = 0, lit, tab;

	(void)ln;
	GUARD(out, l.len >= 1 && l.len <= WEIR_LITERAL_MAX && fits(l.off, 3 * l.len, v.npool));
	lit = v.pool + l.off;
	tab = lit + l.len;
	//@ assert fails: VER(fails_ok(v.b, tab, l.len));
	/*@ loop invariant 0 <= i <= t.len && 0 <= j < l.len && j <= i && out.r == R_FALSE;
	    loop invariant it + j <= \at(it, Pre) + 2 * i;
	    loop invariant out.steps == \at(out.steps, Pre);
	    loop assigns i, j, it, out; loop variant 2 * (t.len - i) + j; */
	while (i < t.len) {
		//@ ghost it++;
		if (text_at(t, i, cased) == rd8(v.b, v.n, lit + j)) {
			i++;
			j++;
			if (j == l.len) {
				out.r = R_TRUE;
				return out;
			}
		} else if (j == 0) {
			i++;
		} else {
			u32 f = get_fail(v.b, v.n, tab, l.len, j);

			//@ assert short: VER(fail_at(v.b, tab, j) < j);
			GUARD(out, f < j);
			j = f;
		}
	}
	return out;
}

/*
 * The part of a text that a DFA has to see: to its end, unless it idles behind @until. If that is 0
 * it has nothing to look for.
 */
struct reach {
	u32 from, until;
	u32 back; /* and what may stand before @from */
};

#define REACH_ALL                                                                                  \
	{                                                                                          \
		0, WEIR_VALUE_MAX, 0                                                               \
	}

/* Back from @i to the byte before all that may stand before the leader. */
/*@ requires mem(tab, 256 + 2 * r.cells) && text_ok(t) && i <= t.len && it_room(0);
    terminates \true; exits \false; assigns it;
    ensures \result <= i && \old(it) <= it <= \old(it) + i; */
weir_inline u32 back_from(const u8 *tab, struct rdfa r, struct text t, u32 i)
{
	u32 n = 256 + 2 * r.cells, c;

	/*@ loop invariant 0 <= i <= \at(i, Pre) && it == \at(it, Pre) + (\at(i, Pre) - i);
	    loop assigns i, c, it; loop variant i; */
	while (i) {
		//@ ghost it++;
		i--;
		c = get_class(tab, n, 0, text_at(t, i, 1));
		if (c >= 32 || !word_bit(r.prefix, c))
			break;
	}
	return i;
}

/* Before the first byte, not before @i, that may lead out of the idle row; or @end. */
/*@ requires mem(tab, 256 + 2 * r.cells) && text_ok(t) && i <= end <= t.len && it_room(0);
    requires r.cells <= WEIR_DFA_CELLS_MAX;
    terminates \true; exits \false; assigns it;
    ensures i <= \result <= end && \old(it) <= it <= \old(it) + (\result - i); */
weir_inline u32 idle_past(const u8 *tab, struct rdfa r, struct text t, u32 i, u32 end)
{
	u32 from = i, n = 256 + 2 * r.cells, c;

	(void)from;
	/*@ loop invariant from <= i <= end && it == \at(it, Pre) + (i - from);
	    loop assigns i, c, it; loop variant end - i; */
	for (; i < end; i++) {
		c = get_class(tab, n, 0, text_at(t, i, 1));
		if (c >= 32 || !word_bit(r.stay, c))
			break;
		//@ ghost it++;
	}
	return i;
}

/* A DFA's table: R_TRUE if it accepts the text. */
/*@ requires mem(tab, 256 + 2 * r.cells) && text_ok(t) && it_room(1);
    requires 2 <= r.nc <= WEIR_DFA_CLASSES_MAX && r.cells <= WEIR_DFA_CELLS_MAX;
    requires r.start + r.nc <= r.cells;
    requires VER(dfa_tab(tab, 256 + 2 * r.cells, 0, r.cells, r.nc));
    terminates \true; exits \false; assigns it;
    ensures \old(it) <= it <= \old(it) + t.len;
    ensures R_MIN <= \result <= 1; */
weir_inline int run_dfa(const u8 *tab, struct rdfa r, struct text t, struct reach part)
{
	u32 i, n = 256 + 2 * r.cells, last = r.cells - r.nc, row = r.start;
	u32 end = part.until < t.len ? part.until + 1 : t.len;

	/*@ loop invariant row <= last && \at(it, Pre) <= it;
	    loop invariant i <= t.len ==> it <= \at(it, Pre) + i;
	    loop invariant i > t.len ==> it == \at(it, Pre);
	    loop assigns i, row, it; loop variant t.len - i; */
	for (i = part.from; i < t.len; i++) {
		u32 c;

		if (row == r.idle) {
			if (i < end)
				i = idle_past(tab, r, t, i, end);
			if (i >= end && part.until < t.len)
				return R_FALSE;
			if (i == t.len)
				break;
		}
		//@ ghost it++;
		c = get_class(tab, n, 0, text_at(t, i, 1));
		TRAP(c < r.nc);
		//@ assert next: VER(next_ok(cell_at(tab, 0, row + c), r.cells, r.nc));
		row = get_cell(tab, n, 0, r.cells, row + c);
		if (row > last) {
			TRAP(row >= WEIR_DFA_REJECT);
			return row == WEIR_DFA_ACCEPT;
		}
	}
	return get_cell(tab, n, 0, r.cells, row + (r.nc - 1)) == WEIR_DFA_ACCEPT;
}

/*@ requires view_mem(v) && text_ok(t) && it_room(2) && out.r == R_FALSE && d < v.ndfas;
    requires VER(dfa_ok(v, d));
    terminates \true; exits \false; assigns it;
    ensures \old(it) <= it <= \old(it) + 2 * t.len;
    ensures \result.steps == out.steps;
    ensures R_MIN <= \result.r <= 1; */
weir_inline struct step match_dfa(struct weir_view v, u32 d, struct text t, struct reach part,
				  struct step out)
{
	struct rdfa r = get_dfa(v, d);
	const u8 *tab;

	GUARD(out, r.nc >= 2 && r.nc <= WEIR_DFA_CLASSES_MAX && r.cells <= WEIR_DFA_CELLS_MAX);
	GUARD(out, fits(r.off, 0, v.ndfad) && fits(v.dfad + r.off, 256 + 2 * r.cells, v.n));
	GUARD(out, fits(r.start, r.nc, r.cells));
	//@ assert tab: VER(dfa_tab(v.b, v.n, v.dfad + r.off, r.cells, r.nc));
	tab = v.b + (v.dfad + r.off);
	//@ assert moved: VER(dfa_tab(tab, 256 + 2 * r.cells, 0, r.cells, r.nc));
	if (!part.until)
		return out;
	if (part.back && part.from <= t.len)
		part.from = back_from(tab, r, t, part.from);
	out.r = run_dfa(tab, r, t, part);
	return out;
}

/* Address @t in the network of a literal: its bytes, then the length of its prefix. */
/*@ requires view_mem(v) && text_ok(t) && it_room(0);
    requires (l.len == 5 || l.len == 17) && l.off + l.len <= v.npool;
    terminates \true; exits \false; assigns it;
    ensures it <= \old(it) + 16;
    ensures 0 <= \result <= 1; */
weir_inline int match_cidr(struct weir_view v, struct rlit l, struct text t)
{
	u32 off = v.pool + l.off, i, bits;

	if (t.len != l.len - 1)
		return 0;
	bits = rd8(v.b, v.n, off + t.len);
	/*@ loop invariant 0 <= i <= t.len && bits <= 255;
	    loop invariant it == \at(it, Pre) + i;
	    loop assigns i, bits, it; loop variant t.len - i; */
	for (i = 0; i < t.len && bits; i++) {
		//@ ghost it++;
		if (!top_bits_same(rd8(v.b, v.n, off + i), text_at(t, i, 1), bits))
			return 0;
		bits = bits > 8 ? bits - 8 : 0;
	}
	return 1;
}

/* Text @a equals, starts or ends with text @c. */
/*@ requires text_ok(a) && text_ok(c) && it_room(0);
    terminates \true; exits \false; assigns it;
    ensures it <= \old(it) + WEIR_VALUE_MAX;
    ensures 0 <= \result <= 1; */
weir_inline int match_texts(struct text a, struct text c, u32 op, u32 cased)
{
	u32 i, from = 0;

	if (c.len > a.len || (op == WEIR_OP_FIELD_EQ && c.len != a.len))
		return 0;
	if (op == WEIR_OP_FIELD_SUFFIX)
		from = a.len - c.len;
	/*@ loop invariant 0 <= i <= c.len;
	    loop invariant it == \at(it, Pre) + i;
	    loop assigns i, it; loop variant c.len - i; */
	for (i = 0; i < c.len; i++) {
		//@ ghost it++;
		if (text_at(a, from + i, cased) != text_at(c, i, cased))
			return 0;
	}
	return 1;
}

#endif
