/* SPDX-License-Identifier: GPL-2.0 */
/* What the index knows operands by. */
#ifndef WEIR_WINDOW_H
#define WEIR_WINDOW_H

#include "match.h"

/* A probe may be about windows of this width. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result != 0 <==> window_width(width); */
weir_inline int is_width(u32 width)
{
	return (width >= 1 && width <= 4) || width == 8;
}

/* The window of at most four bytes of the text at @from. */
/*@ requires text_ok(t) && 1 <= width <= 4 && from + width <= t.len;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u32 window(struct text t, u32 from, u32 width)
{
	u32 w;

	if (width == 4)
		return level4(rd32(t.p, t.len, from));
	from = weir_nospec(from, t.len);
	w = width > 2 ? text_at(t, from + 2, 1) : 0;
	w = slide(w, width > 1 ? text_at(t, from + 1, 1) : 0);
	w = slide(w, text_at(t, from, 1));
	return masked(level4(w), window_mask(width));
}

/* What a window of @width bytes is looked up by. */
/*@ requires text_ok(t) && window_width(width) && from + width <= t.len;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u32 tag_of(struct text t, u32 from, u32 width)
{
	if (width <= 4)
		return window(t, from, width);
	return window(t, from, 4) ^ mix(window(t, from + 4, 4));
}

/*@ terminates \true; exits \false; assigns \nothing; */
weir_inline u32 tag_of_number(u64 num)
{
	return (u32)num ^ mix((u32)(num >> 32));
}

/* Four bytes of an address from @from on, as far as they are among its first @bits bits. */
/*@ requires text_ok(t) && from + 4 <= t.len && from <= 12;
    terminates \true; exits \false; assigns \nothing; */
weir_inline u32 network_word(struct text t, u32 from, u32 bits)
{
	u32 have = 8 * from, w;

	w = slide(0, high_bits(text_at(t, from, 1), bits > have ? bits - have : 0));
	w = slide(w, high_bits(text_at(t, from + 1, 1), bits > have + 8 ? bits - have - 8 : 0));
	w = slide(w, high_bits(text_at(t, from + 2, 1), bits > have + 16 ? bits - have - 16 : 0));
	return slide(w,
		     high_bits(text_at(t, from + 3, 1), bits > have + 24 ? bits - have - 24 : 0));
}

/* What the first @bits bits of an address are looked up by. */
/*@ requires text_ok(t) && (t.len == 4 || t.len == 16);
    terminates \true; exits \false; assigns \nothing; */
weir_inline u32 tag_of_network(struct text t, u32 bits)
{
	u32 tag = network_word(t, 0, bits);

	if (t.len == 4)
		return tag;
	tag = mix(tag) ^ network_word(t, 4, bits);
	tag = mix(tag) ^ network_word(t, 8, bits);
	return mix(tag) ^ network_word(t, 12, bits);
}

/* Four bytes of a literal by which an entry is known beside its window of @width at @from. */
struct more {
	u32 of, tag;
};

/*@ requires text_ok(lit) && from + width <= lit.len && width <= 8;
    terminates \true; exits \false; assigns \nothing; */
weir_inline struct more more_of(struct text lit, u32 from, u32 width)
{
	struct more r = { WEIR_MORE_NONE, 0 };

	if (fits(from + width, 4, lit.len)) {
		r.of = WEIR_MORE_BEHIND;
		r.tag = level4(rd32(lit.p, lit.len, from + width));
	} else if (from >= 4) {
		r.of = WEIR_MORE_BEFORE;
		r.tag = level4(rd32(lit.p, lit.len, from - 4));
	}
	return r;
}

/* They are where they should be: the window is at @at. */
/*@ requires text_ok(t) && at <= WEIR_VALUE_MAX && width <= 255;
    terminates \true; exits \false; assigns \nothing; */
weir_outline int more_fits(struct rentry x, struct text t, u32 at, u32 width)
{
	u32 from;

	if (x.more_of == WEIR_MORE_BEFORE && at < 4)
		return 0;
	from = x.more_of == WEIR_MORE_BEFORE ? at - 4 : at + width;
	return fits(from, 4, t.len) && level4(rd32(t.p, t.len, from)) == x.more;
}

#endif
