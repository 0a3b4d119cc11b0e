/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Layer 0: reading bytes. Proved alone with -DWEIR_PROOF_BYTES,
 * where le16 and le32 have their definition; every layer above sees only the contracts.
 */
#ifndef WEIR_BYTES_H
#define WEIR_BYTES_H

#include "bits.h"

/*@ predicate mem(u8 *b, integer n) = n <= WEIR_CONTENT_MAX && \valid_read(b + (0 .. n-1)); */
#ifdef WEIR_PROOF_BYTES
/*@
  lemma shl8:  \forall integer x; (x << 8)  == 256 * x;
  lemma shl16: \forall integer x; (x << 16) == 65536 * x;
  lemma shl24: \forall integer x; (x << 24) == 16777216 * x;
  lemma shl32: \forall integer x; (x << 32) == 4294967296 * x;
  logic integer le16{L}(u8 *b, integer o) = b[o] + 256 * b[o+1];
  logic integer le32{L}(u8 *b, integer o) =
     b[o] + 256 * b[o+1] + 65536 * b[o+2] + 16777216 * b[o+3];
  lemma le16_moved{L}: \forall u8 *b, integer p, o; le16(b + p, o) == le16(b, p + o); */
#else
/*@ axiomatic Bytes {
  logic integer le16{L}(u8 *b, integer o) reads b[o .. o+1];
  logic integer le32{L}(u8 *b, integer o) reads b[o .. o+3];
  axiom le16_moved{L}: \forall u8 *b, integer p, o; le16(b + p, o) == le16(b, p + o); } */
#endif

/*@ terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1;
    ensures (\result != 0) <==> (off + len <= n); */
weir_inline int fits(u32 off, u32 len, u32 n);

/*@ requires mem(b, n) && off + 1 <= n;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == b[off] <= 255; */
weir_inline u32 rd8(const u8 *b, u32 n, u32 off);

/*@ requires mem(b, n) && off + 2 <= n;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == le16(b, off) <= 65535; */
weir_inline u32 rd16(const u8 *b, u32 n, u32 off);

/*@ requires mem(b, n) && off + 4 <= n;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == le32(b, off); */
weir_inline u32 rd32(const u8 *b, u32 n, u32 off);

/* Two, and four, numbers in a row: one check for all. */
struct pair {
	u32 a, b;
};

struct quad {
	u32 a, b, c, d;
};

/*@ requires mem(b, n) && off + 8 <= n;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.a == le32(b, off) && \result.b == le32(b, off + 4); */
weir_inline struct pair rd_pair(const u8 *b, u32 n, u32 off);

/*@ requires mem(b, n) && off + 16 <= n;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.a == le32(b, off) && \result.b == le32(b, off + 4);
    ensures \result.c == le32(b, off + 8) && \result.d == le32(b, off + 12); */
weir_inline struct quad rd_quad(const u8 *b, u32 n, u32 off);

/*@ requires mem(b, n) && off + 8 <= n;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u64 rd64(const u8 *b, u32 n, u32 off);

/* 8 bytes in network order. */
/*@ requires mem(b, n) && off + 8 <= n;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u64 rd64be(const u8 *b, u32 n, u32 off);

/* For loops whose bound is that of what they read: no check of its own. */
/*@ requires mem(b, n) && off + 4 <= n;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == le32(b, off); */
weir_inline u32 peek32(const u8 *b, u32 n, u32 off);

/*@ requires mem(b, n) && off + 2 <= n;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == le16(b, off) <= 65535; */
weir_inline u32 peek16(const u8 *b, u32 n, u32 off);

/*@ requires mem(b, n) && off + 16 <= n;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.a == le32(b, off) && \result.b == le32(b, off + 4);
    ensures \result.c == le32(b, off + 8) && \result.d == le32(b, off + 12); */
weir_inline struct quad peek_quad(const u8 *b, u32 n, u32 off);

#if !defined(__FRAMAC__) || defined(WEIR_PROOF_BYTES)
/*
 * The readers check their bound themselves as well: the proof says that no caller ever relies on
 * it, and it makes the check hold for speculation too.
 */
weir_inline int fits(u32 off, u32 len, u32 n)
{
	return (u64)off + len <= n;
}

weir_inline u32 rd8(const u8 *b, u32 n, u32 off)
{
	if (!fits(off, 1, n))
		return 0;
	return b[weir_nospec(off, n)];
}

/* A compiler makes one load of it, and of le(). */
/*@ requires \valid_read(p + (0 .. 1));
    terminates \true; exits \false; assigns \nothing;
    ensures \result == p[0] + 256 * p[1]; */
weir_inline u32 le2(const u8 *p)
{
	return (u32)p[0] + ((u32)p[1] << 8);
}

weir_inline u32 rd16(const u8 *b, u32 n, u32 off)
{
	if (!fits(off, 2, n))
		return 0;
	return le2(b + weir_nospec(off, n - 1));
}

/*@ requires \valid_read(p + (0 .. 3));
    terminates \true; exits \false; assigns \nothing;
    ensures \result == p[0] + 256 * p[1] + 65536 * p[2] + 16777216 * p[3]; */
weir_inline u32 le(const u8 *p)
{
	return (u32)p[0] + ((u32)p[1] << 8) + ((u32)p[2] << 16) + ((u32)p[3] << 24);
}

weir_inline u32 peek32(const u8 *b, u32 n, u32 off)
{
	(void)n;
	return le(b + off);
}

weir_inline u32 peek16(const u8 *b, u32 n, u32 off)
{
	(void)n;
	return le2(b + off);
}

weir_inline u32 rd32(const u8 *b, u32 n, u32 off)
{
	if (!fits(off, 4, n))
		return 0;
	return le(b + weir_nospec(off, n - 3));
}

weir_inline struct pair rd_pair(const u8 *b, u32 n, u32 off)
{
	struct pair r = { 0, 0 };
	const u8 *p;

	if (!fits(off, 8, n))
		return r;
	p = b + weir_nospec(off, n - 7);
	r.a = le(p);
	r.b = le(p + 4);
	return r;
}

weir_inline struct quad peek_quad(const u8 *b, u32 n, u32 off)
{
	struct quad r;

	(void)n;
	r.a = le(b + off);
	r.b = le(b + off + 4);
	r.c = le(b + off + 8);
	r.d = le(b + off + 12);
	return r;
}

weir_inline struct quad rd_quad(const u8 *b, u32 n, u32 off)
{
	struct quad r = { 0, 0, 0, 0 };

	if (!fits(off, 16, n))
		return r;
	return peek_quad(b, n, weir_nospec(off, n - 15));
}

weir_inline u64 rd64(const u8 *b, u32 n, u32 off)
{
	u64 lo, hi;

	if (!fits(off, 8, n))
		return 0;
	lo = rd32(b, n, off);
	hi = rd32(b, n, off + 4);
	return lo + (hi << 32);
}

weir_inline u64 rd64be(const u8 *b, u32 n, u32 off)
{
	const u8 *p;
	u32 hi, lo;

	if (!fits(off, 8, n))
		return 0;
	p = b + weir_nospec(off, n - 7);
	hi = (u32)p[3] + ((u32)p[2] << 8) + ((u32)p[1] << 16) + ((u32)p[0] << 24);
	lo = (u32)p[7] + ((u32)p[6] << 8) + ((u32)p[5] << 16) + ((u32)p[4] << 24);
	return lo + ((u64)hi << 32);
}

#endif
#endif
