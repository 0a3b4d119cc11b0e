// SPDX-License-Identifier: GPL-2.0
/* The operands of criteria: literals with their failure tables, networks, ranges, DFAs. */
#include "core.h"

/* What a check comes to, and how far it came. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures \result.e.code == code && \result.t == t; */
static struct tiled come_to(u32 code, u32 section, u32 off, struct tiles t)
{
	struct tiled r;

	r.e = at(code, section, off);
	r.t = t;
	return r;
}

/*
 * The failure table of the literal is what the literal gives: the algorithm that makes it, run over
 * the table as it is, so that no memory is needed.
 */
/*@ requires mem(b, n) && lit + len <= n && tab + 2 * len <= n && 1 <= len <= WEIR_LITERAL_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result != 0 ==> fails_ok(b, tab, len); */
static int check_fails(const u8 *b, u32 n, u32 lit, u32 tab, u32 len)
{
	u32 j, k = 0;

	if (get_fail(b, n, tab, len, 0))
		return 0;
	/*@ loop invariant 1 <= j <= len && k < j;
	    loop invariant \forall integer i; 1 <= i < j ==> fail_at(b, tab, i) < i;
	    loop assigns j, k; loop variant len - j; */
	for (j = 1; j < len; j++) {
		if (get_fail(b, n, tab, len, j) != k)
			return 0;
		//@ assert below: fail_at(b, tab, j) < j;
		/*@ loop invariant 0 <= k < j;
		    loop assigns k; loop variant k; */
		while (k && rd8(b, n, lit + j) != rd8(b, n, lit + k))
			k = get_fail(b, n, tab, len, k);
		if (rd8(b, n, lit + j) == rd8(b, n, lit + k))
			k++;
	}
	return 1;
}

/* No upper case in what is compared without regard to it. */
/*@ requires mem(b, n) && lit + len <= n;
    terminates \true; exits \false; assigns \nothing; */
static int check_case(const u8 *b, u32 n, u32 lit, u32 len)
{
	u32 i;

	/*@ loop invariant 0 <= i <= len;
	    loop assigns i; loop variant len - i; */
	for (i = 0; i < len; i++)
		if (fold(rd8(b, n, lit + i)) != rd8(b, n, lit + i))
			return 0;
	return 1;
}

/* The literal at @a comes before the one at @c: by bytes, the shorter first. */
/*@ requires mem(b, n) && a + alen <= n && c + clen <= n;
    terminates \true; exits \false; assigns \nothing; */
static int comes_before(const u8 *b, u32 n, u32 a, u32 alen, u32 c, u32 clen)
{
	u32 i, len = alen < clen ? alen : clen;

	/*@ loop invariant 0 <= i <= len;
	    loop assigns i; loop variant len - i; */
	for (i = 0; i < len; i++) {
		u32 x = rd8(b, n, a + i), y = rd8(b, n, c + i);

		if (x != y)
			return x < y;
	}
	return alen < clen;
}

/* A network: address and prefix length, host bits zero. */
/*@ requires mem(b, n) && (len == 5 || len == 17) && lit + len <= n;
    terminates \true; exits \false; assigns \nothing; */
static int check_cidr(const u8 *b, u32 n, u32 lit, u32 len)
{
	u32 i, bits = rd8(b, n, lit + len - 1);

	if (bits > 8 * (len - 1))
		return 0;
	/*@ loop invariant 0 <= i <= len - 1 && bits <= 255;
	    loop assigns i, bits; loop variant len - 1 - i; */
	for (i = 0; i < len - 1; i++) {
		/* past the prefix nothing may be set */
		if (low_bits(rd8(b, n, lit + i), bits))
			return 0;
		bits = bits > 8 ? bits - 8 : 0;
	}
	return 1;
}

/* The bytes of one literal, from the end of the literal before. */
/*@ requires view_mem(v) && l < v.nlits && pool <= v.npool && 1 <= op < WEIR_OP_END;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == 0 ==> lit_ok(v, l, op, flags);
    ensures \result == 0 ==> l_off(v, l) == pool && l_off(v, l) + l_len(v, l) <= v.npool;
    ensures \result == 0 && plain(op, flags) ==> pool + 3 * l_len(v, l) <= v.npool; */
static u32 check_lit(struct weir_view v, u32 l, u32 op, u32 flags, u32 pool)
{
	struct rlit r = get_lit(v, l);
	u32 lit = v.pool + pool;

	if (flags < WEIR_INDEXED && (r.at || r.probe))
		return WEIR_E_RESERVED;
	if (r.off != pool || r.len > WEIR_LITERAL_MAX || !fits(pool, r.len, v.npool))
		return WEIR_E_LITERAL;
	if (op == WEIR_OP_CIDR) {
		if (r.len != 5 && r.len != 17)
			return WEIR_E_CIDR;
		return check_cidr(v.b, v.n, lit, r.len) ? WEIR_E_OK : WEIR_E_CIDR;
	}
	if (!masked(flags, WEIR_CASED) && !check_case(v.b, v.n, lit, r.len))
		return WEIR_E_LITERAL_CASE;
	if (op != WEIR_OP_CONTAINS)
		return WEIR_E_OK;
	if (flags >= WEIR_INDEXED)
		return r.len < 1 ? WEIR_E_LITERAL : WEIR_E_OK;
	if (r.len < 1 || !fits(pool, 3 * r.len, v.npool))
		return WEIR_E_LITERAL;
	return check_fails(v.b, v.n, lit, lit + r.len, r.len) ? WEIR_E_OK : WEIR_E_FAILURE_TABLE;
}

/*@ requires view_mem(v) && c < v.ncrits && tiles_ok(v, t);
    requires r.op == c_op(v, c) && r.first == c_first(v, c) && r.count == c_count(v, c);
    requires r.flags == c_flags(v, c);
    requires anchored(r.op) || r.op == WEIR_OP_CONTAINS || r.op == WEIR_OP_CIDR;
    terminates \true; exits \false; assigns \nothing;
    ensures tiles_ok(v, \result.t);
    ensures \result.e.code == 0 ==>
	lits_ok(v, r.first, r.count, r.op, r.flags) && r.count <= WEIR_COUNT_MAX; */
static struct tiled check_lits(struct weir_view v, u32 c, struct rcrit r, struct tiles t)
{
	u32 k, code, last = 0, lastlen = 0;

	if (r.first != t.lits || r.count < 1 || !fits(r.first, r.count, v.nlits))
		return come_to(WEIR_E_OPERANDS, WEIR_SEC_CRITERIA, v.crits + WEIR_SZ_CRITERION * c,
			       t);
	/*@ loop invariant 0 <= k <= r.count && t.pool <= v.npool;
	    loop invariant last + lastlen <= v.npool && tiles_ok(v, t);
	    loop invariant \forall integer l; r.first <= l < r.first + k ==>
		lit_ok(v, l, r.op, r.flags);
	    loop assigns k, code, last, lastlen, t.pool; loop variant r.count - k; */
	for (k = 0; k < r.count; k++) {
		u32 l = r.first + k, len = get_lit(v, l).len;

		code = check_lit(v, l, r.op, r.flags, t.pool);
		if (!code && k &&
		    !comes_before(v.b, v.n, v.pool + last, lastlen, v.pool + t.pool, len))
			code = WEIR_E_LITERAL_ORDER;
		if (code)
			return come_to(code, WEIR_SEC_LITERALS, v.lits + WEIR_SZ_LITERAL * l, t);
		last = t.pool;
		lastlen = len;
		t.pool += r.op == WEIR_OP_CONTAINS && r.flags < WEIR_INDEXED ? 3 * len : len;
	}
	t.lits = r.first + r.count;
	return come_to(WEIR_E_OK, WEIR_SEC_LITERALS, 0, t);
}

/* Ranges, ascending and apart, inside what the kind can hold. */
/*@ requires view_mem(v) && c < v.ncrits && tiles_ok(v, t);
    requires r.first == c_first(v, c) && r.count == c_count(v, c);
    terminates \true; exits \false; assigns \nothing;
    ensures tiles_ok(v, \result.t);
    ensures \result.e.code == 0 ==>
	r.first + r.count <= v.nnums && r.count <= WEIR_COUNT_MAX; */
static struct tiled check_ranges(struct weir_view v, u32 c, struct rcrit r, u32 kind,
				 struct tiles t)
{
	u64 top = 0xffffffffffffffffull, last = 0;
	u32 k;

	if (kind == WEIR_KIND_bool)
		top = 1;
	else if (kind == WEIR_KIND_enum)
		top = WEIR_ENUM_MAX - 1;
	if (r.first != t.nums || r.count < 1 || !fits(r.first, r.count, v.nnums))
		return come_to(WEIR_E_OPERANDS, WEIR_SEC_CRITERIA, v.crits + WEIR_SZ_CRITERION * c,
			       t);
	/*@ loop invariant 0 <= k <= r.count;
	    loop assigns k, last; loop variant r.count - k; */
	for (k = 0; k < r.count; k++) {
		struct rnum m = get_num(v, r.first + k);

		if (m.lo > m.hi || m.hi > top || (k && (m.lo <= last || m.lo - last == 1)))
			return come_to(WEIR_E_RANGE, WEIR_SEC_NUMBERS,
				       v.nums + WEIR_SZ_NUMBER * (r.first + k), t);
		last = m.hi;
	}
	t.nums = r.first + r.count;
	return come_to(WEIR_E_OK, WEIR_SEC_NUMBERS, 0, t);
}

/*@ requires mem(b, n) && p + 256 + 2 * cells <= n && cells <= WEIR_DFA_CELLS_MAX;
    requires 2 <= nc <= WEIR_DFA_CLASSES_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == 0 ==> dfa_tab(b, n, p, cells, nc); */
static u32 check_dfa_tab(const u8 *b, u32 n, u32 p, u32 cells, u32 nc)
{
	u32 i;

	/*@ loop invariant 0 <= i <= 256;
	    loop invariant \forall integer x; 0 <= x < i ==> class_at(b, p, x) < nc;
	    loop assigns i; loop variant 256 - i; */
	for (i = 0; i < 256; i++)
		/* the last class is the end of input and no byte's */
		if (get_class(b, n, p, i) >= nc - 1)
			return WEIR_E_DFA_CLASS;
	/*@ loop invariant 0 <= i <= cells;
	    loop invariant \forall integer k; 0 <= k < i ==> next_ok(cell_at(b, p, k), cells, nc);
	    loop assigns i; loop variant cells - i; */
	for (i = 0; i < cells; i++) {
		u32 e = get_cell(b, n, p, cells, i);

		if (e < WEIR_DFA_REJECT && !fits(e, nc, cells))
			return WEIR_E_DFA_NEXT;
	}
	return WEIR_E_OK;
}

/* The classes, of those that have a bit, with which the idle row is not left. */
/*@ requires mem(b, n) && p + 256 + 2 * r.cells <= n && r.cells <= WEIR_DFA_CELLS_MAX;
    requires 2 <= r.nc <= WEIR_DFA_CLASSES_MAX && r.idle + r.nc <= r.cells;
    terminates \true; exits \false; assigns \nothing; */
static u32 staying(const u8 *b, u32 n, u32 p, struct rdfa r)
{
	u32 k, word = 0;

	/*@ loop invariant 0 <= k <= 32;
	    loop assigns k, word; loop variant 32 - k; */
	for (k = 0; k < 32 && k + 1 < r.nc; k++)
		if (get_cell(b, n, p, r.cells, r.idle + k) == r.idle)
			word = with_bit(word, k);
	return word;
}

/*@ requires view_mem(v) && d < v.ndfas && dfad <= v.ndfad;
    terminates \true; exits \false; assigns \nothing;
    ensures \result == 0 ==> dfa_ok(v, d) && d_cells(v, d) <= WEIR_DFA_CELLS_MAX;
    ensures \result == 0 ==> dfad + 256 + 2 * d_cells(v, d) <= v.ndfad; */
static u32 check_dfa(struct weir_view v, u32 d, u32 dfad)
{
	struct rdfa r = get_dfa(v, d);

	if (r.off != dfad || r.nc < 2 || r.nc > WEIR_DFA_CLASSES_MAX ||
	    r.cells > WEIR_DFA_CELLS_MAX || !fits(dfad, 256 + 2 * r.cells, v.ndfad))
		return WEIR_E_DFA;
	if (!fits(r.start, r.nc, r.cells) || (!r.leader && (r.before || r.idle || r.prefix)) ||
	    !fits(r.idle, r.nc, r.cells))
		return WEIR_E_DFA;
	if (r.stay != staying(v.b, v.n, v.dfad + dfad, r))
		return WEIR_E_DFA;
	return check_dfa_tab(v.b, v.n, v.dfad + dfad, r.cells, r.nc);
}

/* A DFA's leader, of which the index knows where in the value it has it. */
/*@ requires view_mem(v) && 1 <= leader;
    terminates \true; exits \false; assigns \nothing; */
static int leads(struct weir_view v, struct rcrit r, u32 leader)
{
	struct rcrit l;

	if (leader > v.ncrits)
		return 0;
	l = get_crit(v, leader - 1);
	return l.type == r.type && l.field == r.field && l.op == WEIR_OP_CONTAINS && l.slot;
}

/*@ requires view_mem(v) && c < v.ncrits && tiles_ok(v, t);
    requires r.first == c_first(v, c) && r.count == c_count(v, c);
    terminates \true; exits \false; assigns \nothing;
    ensures tiles_ok(v, \result.t);
    ensures \result.e.code == 0 ==>
	r.first < v.ndfas && dfa_ok(v, r.first) && r.count <= WEIR_COUNT_MAX; */
static struct tiled check_dfa_crit(struct weir_view v, u32 c, struct rcrit r, struct tiles t)
{
	struct rdfa d;
	u32 code;

	if (r.first != t.dfas || r.count != 1 || r.first >= v.ndfas)
		return come_to(WEIR_E_OPERANDS, WEIR_SEC_CRITERIA, v.crits + WEIR_SZ_CRITERION * c,
			       t);
	code = check_dfa(v, r.first, t.dfad);
	d = get_dfa(v, r.first);
	if (!code && d.leader && !leads(v, r, d.leader))
		code = WEIR_E_LEADER;
	if (code)
		return come_to(code, WEIR_SEC_DFAS, v.dfas + WEIR_SZ_DFA * r.first, t);
	t.dfad += 256 + 2 * d.cells;
	t.dfas++;
	return come_to(WEIR_E_OK, WEIR_SEC_DFAS, 0, t);
}

struct tiled weir_check_operands(struct weir_view v, u32 c, struct rcrit r, u32 kind,
				 struct tiles t)
{
	if (is_anchored(r.op) || r.op == WEIR_OP_CONTAINS || r.op == WEIR_OP_CIDR)
		return check_lits(v, c, r, t);
	if (r.op == WEIR_OP_RANGE)
		return check_ranges(v, c, r, kind, t);
	if (r.op == WEIR_OP_DFA)
		return check_dfa_crit(v, c, r, t);
	if (r.first || r.count)
		return come_to(WEIR_E_OPERANDS, WEIR_SEC_CRITERIA, v.crits + WEIR_SZ_CRITERION * c,
			       t);
	return come_to(WEIR_E_OK, WEIR_SEC_CRITERIA, 0, t);
}
