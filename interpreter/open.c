// SPDX-License-Identifier: GPL-2.0
/* The header of a channel file: where its tables are, and that they lie inside it. */
#include "core.h"

/* The walk along the section table. A failure sticks. */
struct walk {
	struct weir_error e;
	u32 id; /* of the section just read */
	u32 off; /* where it begins */
	u32 count; /* its entries */
	u32 end; /* where it ends */
};

int weir_zeros(const u8 *b, u32 n, u32 from, u32 to)
{
	u32 i;

	/*@ loop invariant from <= i <= to;
	    loop assigns i; loop variant to - i; */
	for (i = from; i < to; i++)
		if (rd8(b, n, i))
			return 0;
	return 1;
}

/* A section begins where the one before ends, after zero bytes up to a multiple of 8. */
/*@ requires mem(b, n) && n >= WEIR_HEADER_SIZE && end <= n && off <= n;
    terminates \true; exits \false; assigns \nothing; */
static u32 check_start(const u8 *b, u32 n, u32 end, u32 off)
{
	if (off < end || off - end > 7 || off % 8)
		return WEIR_E_SECTION_OFFSET;
	return weir_zeros(b, n, end, off) ? WEIR_E_OK : WEIR_E_PADDING;
}

/*@ requires mem(b, n) && n >= WEIR_HEADER_SIZE && w.end <= n && w.id < WEIR_NSECT;
    requires size == 1 || size == 4 || size == 8 || size == 12 || size == 16 || size == 24 ||
	size == 32;
    requires max <= WEIR_CONTENT_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.end <= n && \result.id == w.id + 1 && \result.count <= max;
    ensures size == 1 ==> table(\result.off, \result.count, n);
    ensures size == 4 ==> table(\result.off, 4 * \result.count, n);
    ensures size == 8 ==> table(\result.off, 8 * \result.count, n);
    ensures size == 12 ==> table(\result.off, 12 * \result.count, n);
    ensures size == 16 ==> table(\result.off, 16 * \result.count, n);
    ensures size == 24 ==> table(\result.off, 24 * \result.count, n);
    ensures size == 32 ==> table(\result.off, 32 * \result.count, n); */
static struct walk next_section(const u8 *b, u32 n, struct walk w, u32 size, u32 max)
{
	u32 p = WEIR_H_SECTIONS + WEIR_SZ_SECTION * w.id;
	u32 off = rd32(b, n, p + WEIR_S_OFF), len = rd32(b, n, p + WEIR_S_LEN);
	u32 count = rd32(b, n, p + WEIR_S_COUNT), code;

	w.id++;
	w.off = 0;
	w.count = 0;
	if (w.e.code)
		return w;
	if (rd32(b, n, p + WEIR_S_ID) != w.id)
		code = WEIR_E_SECTION_ID;
	else if (count > max)
		code = WEIR_E_COUNT;
	else if (len != times(count, size))
		code = WEIR_E_SECTION_LENGTH;
	else if (!fits(off, len, n))
		code = WEIR_E_SECTION_RANGE;
	else
		code = check_start(b, n, w.end, off);
	if (code) {
		w.e = at(code, w.id, p);
		return w;
	}
	w.off = off;
	w.count = count;
	w.end = off + len;
	return w;
}

/* Everything of the header before the section table. */
/*@ requires mem(b, n) && n >= WEIR_HEADER_SIZE;
    terminates \true; exits \false; assigns \nothing; */
static struct weir_error check_header(const u8 *b, u32 n)
{
	if (rd32(b, n, WEIR_H_MAGIC) != WEIR_MAGIC_LO ||
	    rd32(b, n, WEIR_H_MAGIC + 4) != WEIR_MAGIC_HI)
		return at(WEIR_E_MAGIC, WEIR_SEC_HEADER, WEIR_H_MAGIC);
	if (rd32(b, n, WEIR_H_FORMAT) != WEIR_FORMAT)
		return at(WEIR_E_FORMAT, WEIR_SEC_HEADER, WEIR_H_FORMAT);
	if (rd32(b, n, WEIR_H_SIZE) != n)
		return at(WEIR_E_SIZE, WEIR_SEC_HEADER, WEIR_H_SIZE);
	if (!rd32(b, n, WEIR_H_CHANNEL))
		return at(WEIR_E_CHANNEL, WEIR_SEC_HEADER, WEIR_H_CHANNEL);
	if (rd32(b, n, WEIR_H_NSECT) != WEIR_NSECT)
		return at(WEIR_E_SECTION_ID, WEIR_SEC_HEADER, WEIR_H_NSECT);
	if (!rd64(b, n, WEIR_H_VERSION))
		return at(WEIR_E_VERSION, WEIR_SEC_HEADER, WEIR_H_VERSION);
	if (!weir_zeros(b, n, WEIR_H_ZERO, WEIR_H_ZERO + 8))
		return at(WEIR_E_RESERVED, WEIR_SEC_HEADER, WEIR_H_ZERO);
	return at(WEIR_E_OK, WEIR_SEC_HEADER, 0);
}

/* The section table in its order, up to the programs and what they refer to. */
/*@ requires mem(b, n) && n >= WEIR_HEADER_SIZE && \valid(out);
    requires \separated(out, b + (0 .. n - 1));
    terminates \true; exits \false; assigns *out;
    ensures out->b == b && out->n == n && view_rules(*out);
    ensures \result.id == 11 && \result.end <= n; */
static struct walk read_rules(const u8 *b, u32 n, struct weir_view *out)
{
	struct weir_view v;
	struct walk w;

	w.e = at(WEIR_E_OK, WEIR_SEC_HEADER, 0);
	w.id = 0;
	w.off = 0;
	w.count = 0;
	w.end = WEIR_HEADER_SIZE;
	v.b = b;
	v.n = n;
	w = next_section(b, n, w, 1, WEIR_CONTENT_MAX);
	v.text = w.off;
	v.ntext = w.count;
	w = next_section(b, n, w, WEIR_SZ_TYPE, WEIR_TYPES_MAX);
	v.types = w.off;
	v.ntypes = w.count;
	w = next_section(b, n, w, 1, WEIR_CONTENT_MAX);
	v.kinds = w.off;
	v.nkinds = w.count;
	w = next_section(b, n, w, WEIR_SZ_INSTANCE, WEIR_COUNT_MAX);
	v.insts = w.off;
	v.ninsts = w.count;
	w = next_section(b, n, w, WEIR_SZ_NODE, WEIR_COUNT_MAX);
	v.nodes = w.off;
	v.nnodes = w.count;
	w = next_section(b, n, w, WEIR_SZ_CRITERION, WEIR_COUNT_MAX);
	v.crits = w.off;
	v.ncrits = w.count;
	w = next_section(b, n, w, WEIR_SZ_LITERAL, WEIR_COUNT_MAX);
	v.lits = w.off;
	v.nlits = w.count;
	w = next_section(b, n, w, WEIR_SZ_NUMBER, WEIR_COUNT_MAX);
	v.nums = w.off;
	v.nnums = w.count;
	w = next_section(b, n, w, 1, WEIR_CONTENT_MAX);
	v.pool = w.off;
	v.npool = w.count;
	w = next_section(b, n, w, WEIR_SZ_DFA, WEIR_COUNT_MAX);
	v.dfas = w.off;
	v.ndfas = w.count;
	w = next_section(b, n, w, 1, WEIR_CONTENT_MAX);
	v.dfad = w.off;
	v.ndfad = w.count;
	//@ assert inside: view_rules(v);
	*out = v;
	return w;
}

/* The index and the samples behind them. */
/*@ requires mem(b, n) && n >= WEIR_HEADER_SIZE && w.end <= n && w.id == 11 && \valid(out);
    requires \separated(out, b + (0 .. n - 1));
    requires v.b == b && v.n == n && view_rules(v);
    terminates \true; exits \false; assigns *out;
    ensures out->b == b && out->n == n && view_mem(*out) && \result.end <= n; */
static struct walk read_rest(const u8 *b, u32 n, struct walk w, struct weir_view v,
			     struct weir_view *out)
{
	w = next_section(b, n, w, WEIR_SZ_PROBE, WEIR_PROBES_MAX);
	v.probes = w.off;
	v.nprobes = w.count;
	w = next_section(b, n, w, WEIR_SZ_WORD, WEIR_WORDS_MAX);
	v.filters = w.off;
	v.nfilters = w.count;
	w = next_section(b, n, w, WEIR_SZ_ENTRY, WEIR_WORDS_MAX);
	v.entries = w.off;
	v.nentries = w.count;
	w = next_section(b, n, w, WEIR_SZ_WAKE, WEIR_COUNT_MAX);
	v.wakes = w.off;
	v.nwakes = w.count;
	w = next_section(b, n, w, WEIR_SZ_SAMPLE, WEIR_COUNT_MAX);
	v.samples = w.off;
	v.nsamples = w.count;
	w = next_section(b, n, w, WEIR_SZ_VALUE, WEIR_COUNT_MAX);
	v.svals = w.off;
	v.nsvals = w.count;
	w = next_section(b, n, w, WEIR_SZ_EXPECT, WEIR_COUNT_MAX);
	v.sexps = w.off;
	v.nsexps = w.count;
	w = next_section(b, n, w, 1, WEIR_CONTENT_MAX);
	v.sdata = w.off;
	v.nsdata = w.count;
	//@ assert inside: view_mem(v);
	*out = v;
	return w;
}

/*@ requires \valid_read(b + (0 .. n - 1)) && \valid(out) && \valid(err);
    requires \separated(out, err, b + (0 .. n - 1));
    terminates \true; exits \false; assigns *out, *err;
    ensures \result == 0 ==> view_mem(*out) && out->b == b && out->n == n; */
u32 weir_open(const u8 *b, u32 n, struct weir_view *out, struct weir_error *err)
{
	struct weir_error e;
	struct weir_view v;
	struct walk w;

	e = at(WEIR_E_LARGE, WEIR_SEC_HEADER, 0);
	if (n > WEIR_CONTENT_MAX)
		goto refuse;
	e = at(WEIR_E_SHORT, WEIR_SEC_HEADER, n);
	if (n < WEIR_HEADER_SIZE)
		goto refuse;
	e = check_header(b, n);
	if (e.code)
		goto refuse;
	w = read_rules(b, n, &v);
	w = read_rest(b, n, w, v, &v);
	e = w.e;
	if (e.code)
		goto refuse;
	e = at(WEIR_E_TRAILING, WEIR_SEC_HEADER, w.end);
	if (w.end != n)
		goto refuse;
	*out = v;
	return WEIR_E_OK;
refuse:
	*err = e;
	return e.code;
}
