/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Layer 0, continued: the few operations on bits, and hashes. As bytes.h it is proved alone, and
 * every layer above sees only the contracts.
 */
#ifndef WEIR_BITS_H
#define WEIR_BITS_H

#include "port.h"
#include "limits.h"

/* ASCII lower case. */
/*@ terminates \true; exits \false; assigns \nothing; */
weir_inline u32 fold(u32 c);

/* ASCII lower case of four bytes at once. */
/*@ terminates \true; exits \false; assigns \nothing; */
weir_inline u32 fold4(u32 w);

/* Letters of either case, in each of four bytes, made the same; other bytes may become so too. */
/*@ terminates \true; exits \false; assigns \nothing; */
weir_inline u32 level4(u32 w);

/* The top @bits bits of two bytes are the same; all of them if @bits is 8 or more. */
/*@ requires a <= 255 && c <= 255;
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
weir_inline int top_bits_same(u32 a, u32 c, u32 bits);

/* What is set in a byte beyond its top @bits bits. */
/*@ requires a <= 255;
    terminates \true; exits \false; assigns \nothing;
    ensures \result <= a; */
weir_inline u32 low_bits(u32 a, u32 bits);

/* The top @bits bits of a byte; all of it if @bits is 8 or more. */
/*@ requires a <= 255;
    terminates \true; exits \false; assigns \nothing;
    ensures \result <= 255; */
weir_inline u32 high_bits(u32 a, u32 bits);

/*@ terminates \true; exits \false; assigns \nothing; */
weir_inline u32 masked(u32 x, u32 mask);

/* Bit @i of a word. */
/*@ requires i < 32;
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
weir_inline int word_bit(u32 word, u32 i);

/*@ requires i < 32;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u32 with_bit(u32 word, u32 i);

/* The lowest bit set that is not below @from; 32 if there is none. */
/*@ requires from <= 32;
    terminates \true; exits \false; assigns \nothing;
    ensures from <= \result <= 32; */
weir_inline u32 next_bit(u32 word, u32 from);

/* Bit @i of a mask. */
/*@ requires i < 64;
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
weir_inline int bit(u64 mask, u32 i);

/* The mask with bit @i alone. */
/*@ requires i < 64;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u64 mask_bit(u32 i);

/* Four bytes moved up by one, which comes in at the bottom. */
/*@ requires c <= 255;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u32 slide(u32 window, u32 c);

/* What of a window its first @width bytes are. */
/*@ requires 1 <= width <= 4;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u32 window_mask(u32 width);

/* A number of 31 bits, of which each depends on every bit of @x. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result <= 0x7fffffff; */
weir_inline u32 mix(u32 x);

/* One of @n places, by the upper of 31 bits of a hash. */
/*@ requires 1 <= n <= WEIR_WORDS_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result < n; */
weir_inline u32 spread(u32 hash, u32 n);

/* The bit of a filter's word that a window of this hash sets. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
weir_inline int passes(u32 word, u32 hash);

/* count * size without a product of variables: size is one of the format's entry sizes. */
/*@ requires count <= WEIR_CONTENT_MAX;
    requires size == 1 || size == 4 || size == 8 || size == 12 || size == 16 || size == 24 ||
	size == 32;
    terminates \true; exits \false; assigns \nothing;
    ensures size == 1 ==> \result == count;
    ensures size == 4 ==> \result == 4 * count;
    ensures size == 8 ==> \result == 8 * count;
    ensures size == 12 ==> \result == 12 * count;
    ensures size == 16 ==> \result == 16 * count;
    ensures size == 24 ==> \result == 24 * count;
    ensures size == 32 ==> \result == 32 * count; */
weir_inline u32 times(u32 count, u32 size);

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
weir_inline u32 fold(u32 c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

weir_inline u32 fold4(u32 w)
{
	u32 low = w & 0x7f7f7f7fu;
	u32 upper = (low + 0x3f3f3f3fu) & ~(low + 0x25252525u) & ~w & 0x80808080u;

	return w | (upper >> 2);
}

weir_inline u32 level4(u32 w)
{
	return w | 0x20202020u;
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
	static const u16 place[8] = { 256, 128, 64, 32, 16, 8, 4, 2 };

	return bits >= 8 ? 0 : a % place[weir_nospec(bits, 8)];
}

weir_inline u32 high_bits(u32 a, u32 bits)
{
	return a - low_bits(a, bits);
}

weir_inline u32 masked(u32 x, u32 mask)
{
	return x & mask;
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

/* 0 less @x, as u32 has it: all bits from the lowest one that is set in @x. */
/*@ terminates \true; exits \false; assigns \nothing; */
weir_inline u32 less(u32 x)
{
	return (u32)(0x100000000ull - x);
}

weir_inline int word_bit(u32 word, u32 i)
{
	return (int)((word >> i) & 1u);
}

weir_inline u32 with_bit(u32 word, u32 i)
{
	return word | single_bit(i);
}

/* De Bruijn's sequence: the product's top five bits are different for each lone bit. */
weir_inline u32 next_bit(u32 word, u32 from)
{
	static const u8 place[32] = {
		0,  1,	28, 2,	29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4,  8,
		31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6,  11, 5,  10, 9
	};
	u32 rest, i;

	if (from >= 32)
		return 32;
	rest = masked(word, less(single_bit(from)));
	if (!rest)
		return 32;
	i = place[(u32)(masked(rest, less(rest)) * 0x077cb531ull) >> 27];
	return i < from ? 32 : i;
}

weir_inline int bit(u64 mask, u32 i)
{
	return (int)((mask >> i) & 1u);
}

weir_inline u64 mask_bit(u32 i)
{
	u64 b;

	if (i < 32)
		return single_bit(i);
	b = single_bit(i - 32);
	return b << 32;
}

weir_inline u32 slide(u32 window, u32 c)
{
	return (u32)(window * 256ull + c);
}

weir_inline u32 window_mask(u32 width)
{
	static const u32 mask[5] = { 0, 0xffu, 0xffffu, 0xffffffu, 0xffffffffu };

	return mask[weir_nospec(width, 5)];
}

/* The middle of a product that may wrap: every bit of @x has its say there. */
weir_inline u32 mix(u32 x)
{
	return (u32)((x * 0xff51afd7ed558ccdull) / 0x200000000ull);
}

weir_inline u32 spread(u32 hash, u32 n)
{
	u64 h = hash % 0x80000000u;

	//@ assert most: h * n <= 0x7fffffff * n;
	return (u32)(h * n / 0x80000000u);
}

weir_inline int passes(u32 word, u32 hash)
{
	return word_bit(word, hash % 32);
}

weir_inline u32 times(u32 count, u32 size)
{
	switch (size) {
	case 4:
		return 4 * count;
	case 8:
		return 8 * count;
	case 12:
		return 12 * count;
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
