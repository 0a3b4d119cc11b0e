/* SPDX-License-Identifier: GPL-2.0 */
/* The matching index: which criteria hold, found by looking up what the event has. */
#ifndef WEIR_INDEX_H
#define WEIR_INDEX_H

#include "criterion.h"
#include "lookup.h"

/*
 * The first place, not before @i, whose window passes the filter; or where less than four bytes are
 * left.
 */
/*@ requires text_ok(t) && i <= t.len && it_room(0) && 1 <= words <= WEIR_WORDS_MAX;
    requires mem(filter, 4 * words);
    terminates \true; exits \false; assigns it;
    ensures i <= \result <= t.len && \old(it) <= it <= \old(it) + (\result - i); */
weir_outline u32 next_window(const u8 *filter, u32 words, struct text t, u32 i, u32 keep)
{
	u32 from = i, end = t.len < 4 ? 0 : t.len - 3, hash, word;

	(void)from;
	/*@ loop invariant from <= i <= t.len && it == \at(it, Pre) + (i - from);
	    loop assigns i, it, hash, word; loop variant t.len - i; */
	for (; i < end; i++) {
		hash = mix(masked(level4(peek32(t.p, t.len, i)), keep));
		word = peek32(filter, WEIR_SZ_WORD * words, WEIR_SZ_WORD * spread(hash, words));
		if (passes(word, hash))
			return i;
		//@ ghost it++;
	}
	return i;
}

/*@ ghost
  /@ requires i <= j;
     terminates \true; exits \false; assigns \nothing;
     ensures i * w <= j * w && (i < j ==> i * w + w <= j * w); @/
  static void wider(u32 i, u32 j, u32 w)
  {
  } */

/* Every window of the text. */
/*@ requires view_mem(v) && scratch_ok(s, v) && it_room(3) && out.r == R_FALSE;
    requires out.steps <= fuel <= FUEL_MAX && p.where == WEIR_AT_ALL && asked_ok(q, v, s);
    requires val.kind == WEIR_KIND_string && value_ok(val) && val.len <= WEIR_VALUE_MAX;
    requires VER(1 <= p.width <= 4);
    requires 1 <= p.words && p.filter + p.words <= v.nfilters;
    requires 1 <= p.homes <= p.count && p.first + p.count <= v.nentries && out.left <= v.nwakes;
    requires VER(slots_ok(v, p.first, p.count, p.weight, p.where) && wakes_ok(v));
    requires VER(out.steps + out.left + WEIR_VALUE_MAX * (1 + p.weight) <= fuel);
    terminates \true; exits \false; assigns it, s.w[0 .. s.n - 1];
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures \result.left <= out.left;
    ensures VER(\result.steps + \result.left <=
		out.steps + out.left + WEIR_VALUE_MAX * (1 + p.weight));
    ensures R_MIN <= \result.r <= 0; */
weir_inline struct step scan(struct weir_view v, struct asked q, struct rprobe p,
			     struct weir_value val, struct scratch s, struct step out, u64 fuel)
{
	const u8 *filter;
	u32 i, keep, words;
	struct text t;

	t.p = val.ptr;
	t.len = val.len;
	GUARD(out, p.width >= 1 && p.width <= 4);
	//@ ghost wider(t.len, WEIR_VALUE_MAX, p.weight);
	SPEND(out, t.len <= fuel - out.steps);
	out.steps += t.len;
	keep = window_mask(p.width);
	filter = v.b + (v.filters + WEIR_SZ_WORD * p.filter);
	words = weir_nospec(p.words, v.nfilters + 1);
	/*@ loop invariant 0 <= i <= t.len && out.r == R_FALSE && asked_ok(q, v, s);
	    loop invariant it - \at(it, Pre) <= i + (out.steps - \at(out.steps, Pre) - t.len);
	    loop invariant \at(out.steps, Pre) + t.len <= out.steps <= fuel;
	    loop invariant out.left <= \at(out.left, Pre);
	    loop invariant VER(out.steps + out.left <=
		\at(out.steps, Pre) + \at(out.left, Pre) + t.len + i * p.weight);
	    loop assigns i, it, out, s.w[0 .. s.n - 1]; loop variant t.len - i; */
	for (i = 0; fits(i, p.width, t.len); i++) {
		//@ ghost u32 from = i;
		i = next_window(filter, words, t, i, keep);
		//@ ghost wider(from, i, p.weight);
		if (!fits(i, p.width, t.len))
			break;
		//@ ghost it++;
		//@ ghost wider(i, t.len, p.weight);
		out = look_up(v, q, p, val, mix(window(t, i, p.width)), i, s, out, fuel);
		if (out.r < 0)
			return out;
	}
	return out;
}

/* The only window, or the number, that a probe is about. */
struct only {
	u32 there, at, tag;
};

/*@ requires val.kind == WEIR_KIND_string || val.kind == WEIR_KIND_ip ==>
	value_ok(val) && val.len <= WEIR_VALUE_MAX;
    requires val.kind == WEIR_KIND_ip ==> val.len == 4 || val.len == 16;
    requires val.kind == WEIR_KIND_string ==> window_width(width);
    requires val.kind != WEIR_KIND_none && width <= 255 && at <= 65535;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.there != 0 ==> \result.at <= WEIR_VALUE_MAX; */
weir_inline struct only only_of(u32 where, u32 width, u32 at, struct weir_value val)
{
	struct only r = { 1, 0, 0 };
	struct text t;

	t.p = val.ptr;
	t.len = val.len;
	if (val.kind == WEIR_KIND_string) {
		r.there = fits(at, width, t.len);
		if (!r.there)
			return r;
		r.at = where == WEIR_AT_START ? at : t.len - at - width;
		r.tag = tag_of(t, r.at, width);
	} else if (val.kind == WEIR_KIND_ip) {
		r.there = t.len == width;
		r.tag = tag_of_network(t, at);
	} else {
		r.tag = tag_of_number(val.num);
	}
	return r;
}

/* A probe's windows in the value, if any, have no entry. Its filter can say no more than that. */
/*@ requires view_mem(v) && p.width <= 255 && p.at <= 65535;
    requires 1 <= p.words && p.filter + p.words <= v.nfilters;
    requires val.kind == WEIR_KIND_string || val.kind == WEIR_KIND_ip ==>
	value_ok(val) && val.len <= WEIR_VALUE_MAX;
    requires val.kind == WEIR_KIND_ip ==> val.len == 4 || val.len == 16;
    requires val.kind != WEIR_KIND_none;
    terminates \true; exits \false; assigns \nothing; */
weir_inline int in_vain(struct weir_view v, struct rprobe p, struct weir_value val)
{
	struct only o;
	u32 hash;

	if (val.kind == WEIR_KIND_string && (p.where == WEIR_AT_ALL || !is_width(p.width)))
		return 0;
	o = only_of(p.where, p.width, p.at, val);
	if (!o.there)
		return 1;
	hash = mix(o.tag);
	return !passes(get_word(v, v.filters, v.nfilters, p.filter + spread(hash, p.words)), hash);
}

/* The one window, or the number, that the probe is about. */
/*@ requires view_mem(v) && scratch_ok(s, v) && it_room(3) && out.r == R_FALSE;
    requires out.steps <= fuel <= FUEL_MAX && p.width <= 255 && p.at <= 65535;
    requires asked_ok(q, v, s);
    requires val.kind == WEIR_KIND_string || val.kind == WEIR_KIND_ip ==>
	value_ok(val) && val.len <= WEIR_VALUE_MAX;
    requires val.kind == WEIR_KIND_ip ==> val.len == 4 || val.len == 16;
    requires val.kind == WEIR_KIND_string || val.kind == WEIR_KIND_ip <==>
	p.where != WEIR_AT_NUM;
    requires val.kind != WEIR_KIND_none && (val.kind == WEIR_KIND_ip <==> p.where == WEIR_AT_NET);
    requires VER(p.where != WEIR_AT_NUM && p.where != WEIR_AT_NET ==> window_width(p.width));
    requires 1 <= p.homes <= p.count && p.first + p.count <= v.nentries && out.left <= v.nwakes;
    requires VER(slots_ok(v, p.first, p.count, p.weight, p.where) && wakes_ok(v));
    requires VER(out.steps + out.left + COST_WINDOW + p.weight <= fuel);
    terminates \true; exits \false; assigns it, s.w[0 .. s.n - 1];
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures \result.left <= out.left;
    ensures VER(\result.steps + \result.left <= out.steps + out.left + COST_WINDOW + p.weight);
    ensures R_MIN <= \result.r <= 0; */
weir_inline struct step look_once(struct weir_view v, struct asked q, struct rprobe p,
				  struct weir_value val, struct scratch s, struct step out,
				  u64 fuel)
{
	struct only o;

	SPEND(out, COST_WINDOW <= fuel - out.steps);
	out.steps += COST_WINDOW;
	GUARD(out, val.kind != WEIR_KIND_string || is_width(p.width));
	o = only_of(p.where, p.width, p.at, val);
	if (!o.there)
		return out;
	return look_up(v, q, p, val, mix(o.tag), o.at, s, out, fuel);
}

/* The value that a probe is about is of the kind that it takes. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result != 0 <==>
	(where == WEIR_AT_NUM ? kind != WEIR_KIND_string && kind != WEIR_KIND_ip :
	 where == WEIR_AT_NET ? kind == WEIR_KIND_ip : kind == WEIR_KIND_string); */
weir_inline int suits(u32 where, u32 kind)
{
	if (where == WEIR_AT_NUM)
		return kind != WEIR_KIND_string && kind != WEIR_KIND_ip;
	return kind == (where == WEIR_AT_NET ? WEIR_KIND_ip : WEIR_KIND_string);
}

/* One probe of a value that is there. */
/*@ requires view_mem(v) && scratch_ok(s, v) && it_room(3) && out.r == R_FALSE;
    requires out.steps <= fuel <= FUEL_MAX && i < v.nprobes && val.kind != WEIR_KIND_none;
    requires asked_ok(q, v, s);
    requires p.where == b_where(v, i) && p.width == b_width(v, i) <= 255 && p.at <= 65535;
    requires p.filter == b_filter(v, i) && p.words == b_words(v, i);
    requires 1 <= p.words && p.filter + p.words <= v.nfilters;
    requires p.first == b_first(v, i) && p.count == b_count(v, i) && p.homes == b_homes(v, i);
    requires p.weight == b_weight(v, i) && out.left <= v.nwakes;
    requires val.kind == WEIR_KIND_string || val.kind == WEIR_KIND_ip ==>
	value_ok(val) && val.len <= WEIR_VALUE_MAX;
    requires val.kind == WEIR_KIND_ip ==> val.len == 4 || val.len == 16;
    requires VER(probe_ok(v, i) && probe_suits(v, i, val.kind) && wakes_ok(v));
    requires VER(out.steps + out.left + b_cost(v, i) - 1 <= fuel);
    terminates \true; exits \false; assigns it, s.w[0 .. s.n - 1];
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures \result.left <= out.left;
    ensures VER(\result.steps + \result.left <= out.steps + out.left + b_cost(v, i) - 1);
    ensures R_MIN <= \result.r <= 0; */
weir_inline struct step probe(struct weir_view v, struct asked q, u32 i, struct rprobe p,
			      struct weir_value val, struct scratch s, struct step out, u64 fuel)
{
	(void)i;
	GUARD(out, suits(p.where, val.kind));
	GUARD(out, p.homes >= 1 && p.homes <= p.count && fits(p.first, p.count, v.nentries));
	if (p.where == WEIR_AT_ALL)
		return scan(v, q, p, val, s, out, fuel);
	return look_once(v, q, p, val, s, out, fuel);
}

/* All probes of the type with index @t. They come by field. */
/*@ requires view_mem(v) && event_ok(e) && scratch_ok(s, v) && it_room(4) && t < v.ntypes;
    requires \separated(s.w + (0 .. s.n - 1), e.v + (0 .. e.n - 1));
    requires out.r == R_FALSE && out.steps <= fuel <= FUEL_MAX && ty.probe == t_probe(v, t);
    requires ty.arity <= WEIR_ARITY_MAX && ty.kind + ty.arity <= v.nkinds;
    requires VER(probes_ok(v, t) && pgrowing(v, v.nprobes) && wakes_ok(v));
    requires VER(ty.arity == t_arity(v, t) && ty.kind == t_kind(v, t)) && out.left <= v.nwakes;
    requires VER(out.steps + out.left + psum(v, v.nprobes) <= fuel);
    terminates \true; exits \false; assigns it, s.w[0 .. s.n - 1];
    ensures it - \old(it) <= \result.steps - out.steps && out.steps <= \result.steps <= fuel;
    ensures VER(\result.steps + \result.left <= out.steps + out.left + psum(v, v.nprobes));
    ensures R_MIN <= \result.r <= 0; */
weir_inline struct step probe_all(struct weir_view v, struct weir_event e, u32 t, struct rtype ty,
				  struct scratch s, struct step out, u64 fuel)
{
	u32 i, end = get_probes(v, t + 1), field = WEIR_NOWHERE, kind = WEIR_KIND_none;
	struct asked q = { e, ty.arity, ty.kind };
	struct weir_value val;

	val.kind = WEIR_KIND_none;
	GUARD(out, ty.probe <= end && end <= v.nprobes);
	//@ assert none: VER(psum(v, 0) == 0);
	//@ assert zero: VER(0 <= psum(v, ty.probe) && psum(v, end) <= psum(v, v.nprobes));
	//@ assert each: VER(end - ty.probe <= psum(v, end) - psum(v, ty.probe));
	SPEND(out, end - ty.probe <= fuel - out.steps);
	out.steps += end - ty.probe;
	/*@ loop invariant ty.probe <= i <= end && out.r == R_FALSE && event_ok(e);
	    loop invariant asked_ok(q, v, s);
	    loop invariant value: val.kind == WEIR_KIND_string || val.kind == WEIR_KIND_ip ==>
		value_ok(val) && val.len <= WEIR_VALUE_MAX;
	    loop invariant address: val.kind == WEIR_KIND_ip ==> val.len == 4 || val.len == 16;
	    loop invariant known: field != WEIR_NOWHERE ==> field < ty.arity;
	    loop invariant asked: val.kind != WEIR_KIND_none ==>
		field < ty.arity && val.kind == kind(v, ty.kind + field);
	    loop invariant it - \at(it, Pre) <= (i - ty.probe) +
		(out.steps - \at(out.steps, Pre) - (end - ty.probe));
	    loop invariant \at(out.steps, Pre) + (end - ty.probe) <= out.steps <= fuel;
	    loop invariant out.left <= \at(out.left, Pre);
	    loop invariant VER(out.steps + out.left <= \at(out.steps, Pre) + \at(out.left, Pre) +
		(end - ty.probe) + psum(v, i) - psum(v, ty.probe) - (i - ty.probe));
	    loop assigns i, field, kind, val, it, out, s.w[0 .. s.n - 1];
	    loop variant end - i; */
	for (i = ty.probe; i < end; i++) {
		struct rprobe p = peek_probe(v, i);

		//@ ghost it++;
		//@ assert sum: VER(psum(v, i + 1) == psum(v, i) + b_cost(v, i));
		//@ assert upto: VER(psum(v, i + 1) <= psum(v, end));
		//@ assert ok: VER(probe_ok(v, i) && probe_fits(v, i, ty.arity, ty.kind));
		if (p.field != field) {
			struct input in;

			field = p.field;
			GUARD(out, field < ty.arity);
			kind = get_kind(v, ty.kind + field);
			in = read_input(e, field, kind);
			out = note_trip(out, in.trip, field);
			val = in.val;
		}
		if (val.kind == WEIR_KIND_none)
			continue;
		GUARD(out, p.words >= 1 && fits(p.filter, p.words, v.nfilters));
		if (in_vain(v, p, val))
			continue;
		out = probe(v, q, i, get_probe(v, i), val, s, out, fuel);
		if (out.r < 0)
			return out;
	}
	(void)kind;
	return out;
}

/* Which part of its value a DFA has to see, from what its leader was found at. */
/*@ requires view_mem(v) && room_ok(s) && c < v.ncrits;
    terminates \true; exits \false; assigns \nothing; */
weir_inline struct reach reach_of(struct weir_view v, u32 c, struct scratch s)
{
	struct rcrit r = get_crit(v, c);
	struct reach out = REACH_ALL;
	struct places found;
	struct rdfa d;
	u32 slot;

	if (r.op != WEIR_OP_DFA || r.first >= v.ndfas)
		return out;
	d = get_dfa(v, r.first);
	if (!d.leader || d.leader > v.ncrits)
		return out;
	slot = get_crit(v, d.leader - 1).slot;
	if (!slot || slot > s.room.slots)
		return out;
	found = places_of(s, slot - 1);
	out.until = found.last;
	out.back = d.before == WEIR_FROM_START;
	if (!found.first)
		return out;
	if (out.back)
		out.from = d.prefix == 0xffffffffu ? 0 : found.first - 1;
	else if (found.first > d.before)
		out.from = found.first - 1 - d.before;
	return out;
}

#endif
