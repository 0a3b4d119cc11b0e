/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Layer 0: reading bytes, and the few operations on bits. Proved alone with -DWEIR_PROOF_BYTES,
 * where le16 and le32 have their definition; every layer above sees only the contracts.
 */
#ifndef WEIR_BYTES_H
#define WEIR_BYTES_H

#include "port.h"
#include "limits.h"

/*@ predicate mem(u8 *b, integer n) = n <= WEIR_CONTENT_MAX && \valid_read(b + (0 .. n-1)); */
#ifdef WEIR_PROOF_BYTES
/*@
  lemma shl8:  \forall integer x; (x << 8)  == 256 * x;
  lemma shl16: \forall integer x; (x << 16) == 65536 * x;
  lemma shl24: \forall integer x; (x << 24) == 16777216 * x;
  lemma shl32: \forall integer x; (x << 32) == 4294967296 * x;
  logic integer le16{L}(u8 *b, integer o) = b[o] + 256 * b[o+1];
  logic integer le32{L}(u8 *b, integer o) =
     b[o] + 256 * b[o+1] + 65536 * b[o+2] + 16777216 * b[o+3]; */
#else
/*@ axiomatic Bytes {
  logic integer le16{L}(u8 *b, integer o) reads b[o .. o+1];
  logic integer le32{L}(u8 *b, integer o) reads b[o .. o+3]; } */
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

/*@ requires mem(b, n) && off + 8 <= n;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u64 rd64(const u8 *b, u32 n, u32 off);

/* 8 bytes in network order. */
/*@ requires mem(b, n) && off + 8 <= n;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u64 rd64be(const u8 *b, u32 n, u32 off);

/* ASCII lower case. */
/*@ terminates \true; exits \false; assigns \nothing; */
weir_inline u32 fold(u32 c);

/* The top @bits bits of two bytes are the same; all of them if @bits is 8 or more. */
/*@ requires a <= 255 && c <= 255;
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
weir_inline int top_bits_same(u32 a, u32 c, u32 bits);

/* What is set in a byte beyond its top @bits bits. */
/*@ requires a <= 255;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u32 low_bits(u32 a, u32 bits);

/* count * size without a product of variables: size is one of the format's entry sizes. */
/*@ requires count <= WEIR_CONTENT_MAX;
    requires size == 1 || size == 4 || size == 8 || size == 16 || size == 24 || size == 32;
    terminates \true; exits \false; assigns \nothing;
    ensures size == 1 ==> \result == count;
    ensures size == 4 ==> \result == 4 * count;
    ensures size == 8 ==> \result == 8 * count;
    ensures size == 16 ==> \result == 16 * count;
    ensures size == 24 ==> \result == 24 * count;
    ensures size == 32 ==> \result == 32 * count; */
weir_inline u32 times(u32 count, u32 size);

/* Bit @i of a mask. */
/*@ requires i < 64;
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
weir_inline int bit(u64 mask, u32 i);

/* The mask with bit @i alone. */
/*@ requires i < 64;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u64 mask_bit(u32 i);

/* What is remembered of a criterion: 2 bits of a word. */
#define MEMO_UNKNOWN 0u
#define MEMO_FALSE 1u
#define MEMO_TRUE 2u

/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result <= 3; */
weir_inline u32 memo_get(u32 word, u32 crit);

/* Only for what is MEMO_UNKNOWN so far. */
/*@ terminates \true; exits \false; assigns \nothing; */
weir_inline u32 memo_set(u32 word, u32 crit, u32 memo);

#if !defined(__FRAMAC__) || defined(WEIR_PROOF_BYTES)
/*
 * The readers check their bound themselves as well: the proof says that no caller ever relies on
 * it, and it makes the check hold for speculation too.
 */
weir_inline int fits(u32 off, u32 len, u32 n)
{
	return off <= n && len <= n - off;
}

weir_inline u32 rd8(const u8 *b, u32 n, u32 off)
{
	if (!fits(off, 1, n))
		return 0;
	return b[weir_nospec(off, n)];
}

weir_inline u32 rd16(const u8 *b, u32 n, u32 off)
{
	const u8 *p;

	if (!fits(off, 2, n))
		return 0;
	p = b + weir_nospec(off, n - 1);
	return (u32)p[0] + ((u32)p[1] << 8);
}

weir_inline u32 rd32(const u8 *b, u32 n, u32 off)
{
	const u8 *p;

	if (!fits(off, 4, n))
		return 0;
	p = b + weir_nospec(off, n - 3);
	return (u32)p[0] + ((u32)p[1] << 8) + ((u32)p[2] << 16) + ((u32)p[3] << 24);
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

weir_inline u32 fold(u32 c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

weir_inline int top_bits_same(u32 a, u32 c, u32 bits)
{
	static const u8 mask[8] = { 0, 0x80, 0xc0, 0xe0, 0xf0, 0xf8, 0xfc, 0xfe };

	if (bits >= 8)
		return a == c;
	return (a & mask[weir_nospec(bits, 8)]) == (c & mask[weir_nospec(bits, 8)]);
}

weir_inline u32 low_bits(u32 a, u32 bits)
{
	return bits >= 8 ? 0 : a & (0xffu >> bits);
}

weir_inline u32 times(u32 count, u32 size)
{
	switch (size) {
	case 4:
		return 4 * count;
	case 8:
		return 8 * count;
	case 16:
		return 16 * count;
	case 24:
		return 24 * count;
	case 32:
		return 32 * count;
	default:
		return count;
	}
}

weir_inline int bit(u64 mask, u32 i)
{
	return (int)((mask >> i) & 1u);
}

/* The prover knows no shift by a variable. */
/*@ requires i < 32;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u32 single_bit(u32 i)
{
	/* clang-format off */
	static const u32 single[32] = {
		0x1, 0x2, 0x4, 0x8, 0x10, 0x20, 0x40, 0x80,
		0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000,
		0x10000, 0x20000, 0x40000, 0x80000, 0x100000, 0x200000, 0x400000, 0x800000,
		0x1000000, 0x2000000, 0x4000000, 0x8000000,
		0x10000000, 0x20000000, 0x40000000, 0x80000000,
	};
	/* clang-format on */

	return single[i];
}

weir_inline u64 mask_bit(u32 i)
{
	u64 b;

	if (i < 32)
		return single_bit(i);
	b = single_bit(i - 32);
	return b << 32;
}

weir_inline u32 memo_get(u32 word, u32 crit)
{
	return (word >> (2 * (crit % 16))) & 3u;
}

weir_inline u32 memo_set(u32 word, u32 crit, u32 memo)
{
	return word | single_bit(2 * (crit % 16) + (memo == MEMO_TRUE));
}
#endif
#endif
