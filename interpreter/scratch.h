/* SPDX-License-Identifier: GPL-2.0 */
/* What an evaluation remembers of an event, in words that it was lent. */
#ifndef WEIR_SCRATCH_H
#define WEIR_SCRATCH_H

#include "content.h"

/* The scratch of an evaluation. */
struct scratch {
	u32 *w;
	u32 n; /* words, all that the content needs */
	struct room room;
};

/*@ predicate room_fits(struct scratch s) =
      s.room.memo <= WEIR_COUNT_MAX && s.room.woken <= WEIR_COUNT_MAX &&
      s.room.slots <= WEIR_COUNT_MAX && s.room.slotss == (s.room.slots + 31) / 32 &&
      s.room.memos == (s.room.memo + 31) / 32 && s.room.wokens == (s.room.woken + 31) / 32 &&
      s.n == s.room.memo + s.room.woken + s.room.slots +
	s.room.memos + s.room.wokens + s.room.slotss;
    predicate room_ok(struct scratch s) = room_fits(s) && \valid(s.w + (0 .. s.n - 1));
    predicate scratch_fits(struct scratch s, struct weir_view v) =
      s.room.memo == r_memo(v) && s.room.woken == r_woken(v) && s.room.slots == v.ndfas;
    predicate scratch_ok(struct scratch s, struct weir_view v) =
      room_ok(s) && scratch_fits(s, v); */

/*@ requires view_mem(v);
    terminates \true; exits \false; assigns \nothing;
    ensures \result.w == w && \result.n == words(v);
    ensures room_fits(\result) && scratch_fits(\result, v); */
weir_inline struct scratch scratch_of(struct weir_view v, u32 *w)
{
	struct scratch s;

	s.w = w;
	s.room = scratch_room(v.ncrits, v.ninsts, v.ndfas);
	s.n = scratch_words(s.room);
	return s;
}

/* Word @k of those at @base, whose bits at @bits say which are set. */
/*@ requires room_ok(s) && bits + k / 32 < s.n && base + k < s.n;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u32 scratch_get(struct scratch s, u32 base, u32 bits, u32 k)
{
	if (!word_bit(s.w[weir_nospec(bits + k / 32, s.n)], k % 32))
		return 0;
	return s.w[weir_nospec(base + k, s.n)];
}

/*@ requires room_ok(s) && bits + k / 32 < s.n && base + k < s.n;
    terminates \true; exits \false; assigns s.w[0 .. s.n - 1]; */
weir_inline void scratch_put(struct scratch s, u32 base, u32 bits, u32 k, u32 word)
{
	u32 b = weir_nospec(bits + k / 32, s.n);

	s.w[weir_nospec(base + k, s.n)] = word;
	s.w[b] = with_bit(s.w[b], k % 32);
}

/* What is remembered of a criterion. */
/*@ requires room_ok(s) && c / 16 < s.room.memo;
    terminates \true; exits \false; assigns \nothing;
    ensures \result <= 3; */
weir_inline u32 memo_of(struct scratch s, u32 c)
{
	return memo_get(scratch_get(s, 0, scratch_kept(s.room), c / 16), c);
}

/*@ requires room_ok(s) && c / 16 < s.room.memo;
    terminates \true; exits \false; assigns s.w[0 .. s.n - 1]; */
weir_outline void remember(struct scratch s, u32 c, u32 memo)
{
	u32 bits = scratch_kept(s.room);

	scratch_put(s, 0, bits, c / 16, memo_set(scratch_get(s, 0, bits, c / 16), c, memo));
}

/* Which instances of 32 were woken. */
/*@ requires room_ok(s) && k < s.room.woken;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u32 woken_of(struct scratch s, u32 k)
{
	return scratch_get(s, s.room.memo, scratch_kept(s.room) + s.room.memos, k);
}

/*@ requires room_ok(s) && i / 32 < s.room.woken;
    terminates \true; exits \false; assigns s.w[0 .. s.n - 1]; */
weir_inline void wake(struct scratch s, u32 i)
{
	scratch_put(s, s.room.memo, scratch_kept(s.room) + s.room.memos, i / 32,
		    with_bit(woken_of(s, i / 32), i % 32));
}

/* Where in a value operands of a criterion with a slot stand, counted from 1. */
struct places {
	u32 first, last; /* 0: nowhere */
};

/*@ requires room_ok(s) && k < s.room.slots;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.first <= 65535 && \result.last <= 65535; */
weir_inline struct places places_of(struct scratch s, u32 k)
{
	u32 word = scratch_get(s, s.room.memo + s.room.woken,
			       scratch_kept(s.room) + s.room.memos + s.room.wokens, k);
	struct places r;

	r.first = word % 65536;
	r.last = word / 65536;
	return r;
}

/*@ requires room_ok(s) && k < s.room.slots && at <= WEIR_VALUE_MAX;
    terminates \true; exits \false; assigns s.w[0 .. s.n - 1]; */
weir_inline void note_place(struct scratch s, u32 k, u32 at)
{
	struct places r = places_of(s, k);

	at++;
	if (!r.first || at < r.first)
		r.first = at;
	if (at > r.last)
		r.last = at;
	scratch_put(s, s.room.memo + s.room.woken,
		    scratch_kept(s.room) + s.room.memos + s.room.wokens, k,
		    r.first + 65536 * r.last);
}

#endif
