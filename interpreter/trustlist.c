// SPDX-License-Identifier: GPL-2.0
/* The trust list: is it well formed, what does it say, does it say all that another one says. */
#include "core.h"
#include "trustlist.h"

/*@ predicate list_mem{L}(struct weir_trustlist l) =
      l.nentries <= WEIR_LIST_ENTRIES_MAX && l.ncerts <= WEIR_LIST_CERTS_MAX &&
      (l.n == 0 ? l.nentries == 0 && l.ncerts == 0 :
       mem(l.b, l.n) && l.n == l.certs + l.ncerts &&
	l.certs == WEIR_LIST_HEADER + WEIR_SZ_LIST_ENTRY * l.nentries);
    predicate digest_mem{L}(u8 *d) = \valid_read(d + (0 .. 31)); */

/* An entry, its digest as four words in network order, so that words compare as bytes do. */
struct lentry {
	u32 kind, channel;
	u64 number, d0, d1, d2, d3;
};

/*@ requires mem(b, n) && off + 32 <= n;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.kind == kind && \result.channel == channel && \result.number == number; */
weir_inline struct lentry make_entry(u32 kind, u32 channel, u64 number, const u8 *b, u32 n, u32 off)
{
	struct lentry e;

	e.kind = kind;
	e.channel = channel;
	e.number = number;
	e.d0 = rd64be(b, n, off);
	e.d1 = rd64be(b, n, off + 8);
	e.d2 = rd64be(b, n, off + 16);
	e.d3 = rd64be(b, n, off + 24);
	return e;
}

/*@ requires list_mem(l) && i < l.nentries;
    terminates \true; exits \false; assigns \nothing; */
weir_inline struct lentry list_entry(struct weir_trustlist l, u32 i)
{
	u32 p = WEIR_LIST_HEADER + WEIR_SZ_LIST_ENTRY * i;
	struct pair head = rd_pair(l.b, l.n, p);

	return make_entry(head.a, head.b, rd64(l.b, l.n, p + WEIR_N_NUMBER), l.b, l.n,
			  p + WEIR_N_DIGEST);
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures -1 <= \result <= 1;
    ensures \result == 0 <==> a == b;
    ensures \result < 0 <==> a < b; */
weir_inline int compare(u64 a, u64 b)
{
	if (a == b)
		return 0;
	return a < b ? -1 : 1;
}

/* Less than, equal to or greater than 0, as memcmp() says it. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures -1 <= \result <= 1;
    ensures \result == 0 <==> a.kind == b.kind && a.channel == b.channel && a.number == b.number &&
	a.d0 == b.d0 && a.d1 == b.d1 && a.d2 == b.d2 && a.d3 == b.d3; */
static int order(struct lentry a, struct lentry b)
{
	if (a.kind != b.kind)
		return compare(a.kind, b.kind);
	if (a.channel != b.channel)
		return compare(a.channel, b.channel);
	if (a.number != b.number)
		return compare(a.number, b.number);
	if (a.d0 != b.d0)
		return compare(a.d0, b.d0);
	if (a.d1 != b.d1)
		return compare(a.d1, b.d1);
	if (a.d2 != b.d2)
		return compare(a.d2, b.d2);
	return compare(a.d3, b.d3);
}

/* Of a known kind, and with the members that it takes. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
static int entry_sound(struct lentry e)
{
	int blank = !(e.d0 | e.d1 | e.d2 | e.d3);

	switch (e.kind) {
	case WEIR_LIST_CONTENT:
	case WEIR_LIST_KEY:
		return !e.channel && !e.number;
	case WEIR_LIST_BELOW:
	case WEIR_LIST_VERSION:
		return e.channel && e.number && blank;
	case WEIR_LIST_SIGNERS:
		return e.number && e.number <= WEIR_KEYS_MAX && blank;
	case WEIR_LIST_SIGNER:
		return !e.number;
	default:
		return 0;
	}
}

/*@ requires mem(b, n) && n >= WEIR_LIST_HEADER;
    terminates \true; exits \false; assigns \nothing;
    ensures \result.code == 0 ==>
	le32(b, WEIR_L_NENTRIES) <= WEIR_LIST_ENTRIES_MAX &&
	le32(b, WEIR_L_NCERTS) <= WEIR_LIST_CERTS_MAX &&
	n == WEIR_LIST_HEADER + WEIR_SZ_LIST_ENTRY * le32(b, WEIR_L_NENTRIES) +
	    le32(b, WEIR_L_NCERTS); */
static struct weir_error check_list_header(const u8 *b, u32 n)
{
	u32 entries = rd32(b, n, WEIR_L_NENTRIES), certs = rd32(b, n, WEIR_L_NCERTS);

	if (rd32(b, n, WEIR_L_MAGIC) != WEIR_LIST_MAGIC_LO ||
	    rd32(b, n, WEIR_L_MAGIC + 4) != WEIR_LIST_MAGIC_HI)
		return at(WEIR_E_LIST_MAGIC, WEIR_NOWHERE, WEIR_L_MAGIC);
	if (rd32(b, n, WEIR_L_FORMAT) != WEIR_LIST_FORMAT)
		return at(WEIR_E_FORMAT, WEIR_NOWHERE, WEIR_L_FORMAT);
	if (rd32(b, n, WEIR_L_SIZE) != n)
		return at(WEIR_E_SIZE, WEIR_NOWHERE, WEIR_L_SIZE);
	if (!rd64(b, n, WEIR_L_VERSION))
		return at(WEIR_E_VERSION, WEIR_NOWHERE, WEIR_L_VERSION);
	if (entries > WEIR_LIST_ENTRIES_MAX)
		return at(WEIR_E_COUNT, WEIR_NOWHERE, WEIR_L_NENTRIES);
	if (certs > WEIR_LIST_CERTS_MAX)
		return at(WEIR_E_COUNT, WEIR_NOWHERE, WEIR_L_NCERTS);
	if (n != WEIR_LIST_HEADER + WEIR_SZ_LIST_ENTRY * entries + certs)
		return at(WEIR_E_SIZE, WEIR_NOWHERE, WEIR_L_NENTRIES);
	return at(WEIR_E_OK, WEIR_NOWHERE, 0);
}

/*@ requires list_mem(l);
    terminates \true; exits \false; assigns \nothing; */
static struct weir_error check_list_entries(struct weir_trustlist l)
{
	struct lentry e, before;
	u32 i;

	before.kind = 0;
	before.channel = 0;
	before.number = 0;
	before.d0 = 0;
	before.d1 = 0;
	before.d2 = 0;
	before.d3 = 0;
	/*@ loop invariant 0 <= i <= l.nentries;
	    loop assigns i, e, before; loop variant l.nentries - i; */
	for (i = 0; i < l.nentries; i++) {
		e = list_entry(l, i);
		if (!entry_sound(e) || order(before, e) >= 0)
			return at(WEIR_E_LIST_ENTRY, WEIR_NOWHERE,
				  WEIR_LIST_HEADER + WEIR_SZ_LIST_ENTRY * i);
		before = e;
	}
	return at(WEIR_E_OK, WEIR_NOWHERE, 0);
}

/*@ requires n <= WEIR_CONTENT_MAX ==> mem(b, n);
    requires \valid(out) && \valid(err) && \separated(out, err, b + (0 .. n - 1));
    terminates \true; exits \false; assigns *out, *err;
    ensures \result == 0 ==> list_mem(*out) && out->b == b && out->n == n;
    ensures \result != 0 ==> *out == \old(*out); */
u32 weir_trustlist_open(const u8 *b, u32 n, struct weir_trustlist *out, struct weir_error *err)
{
	struct weir_trustlist l;
	struct weir_error e;

	if (n < WEIR_LIST_HEADER)
		e = at(WEIR_E_SHORT, WEIR_NOWHERE, n);
	else if (n > WEIR_LIST_MAX)
		e = at(WEIR_E_LARGE, WEIR_NOWHERE, n);
	else
		e = check_list_header(b, n);
	if (e.code) {
		*err = e;
		return e.code;
	}
	l.b = b;
	l.n = n;
	l.nentries = rd32(b, n, WEIR_L_NENTRIES);
	l.ncerts = rd32(b, n, WEIR_L_NCERTS);
	l.certs = n - l.ncerts;
	e = check_list_entries(l);
	if (e.code) {
		*err = e;
		return e.code;
	}
	*out = l;
	return WEIR_E_OK;
}

/*@ requires list_mem(l);
    terminates \true; exits \false; assigns \nothing; */
u64 weir_trustlist_version(struct weir_trustlist l)
{
	return l.n ? rd64(l.b, l.n, WEIR_L_VERSION) : 0;
}

/*@ requires list_mem(l) && \valid(out) && \separated(out, l.b + (0 .. l.n - 1));
    terminates \true; exits \false; assigns *out;
    ensures i < l.nentries ==> \result == 0 && digest_mem(out->digest);
    ensures i >= l.nentries ==> \result == -1; */
int weir_trustlist_entry(struct weir_trustlist l, u32 i, struct weir_list_entry *out)
{
	struct lentry e;

	if (i >= l.nentries)
		return -1;
	e = list_entry(l, i);
	out->kind = e.kind;
	out->channel = e.channel;
	out->number = e.number;
	out->digest = l.b + WEIR_LIST_HEADER + WEIR_SZ_LIST_ENTRY * i + WEIR_N_DIGEST;
	return 0;
}

/*@ requires list_mem(l);
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
static int has_entry(struct weir_trustlist l, struct lentry wanted)
{
	u32 i;

	/*@ loop invariant 0 <= i <= l.nentries;
	    loop assigns i; loop variant l.nentries - i; */
	for (i = 0; i < l.nentries; i++)
		if (!order(list_entry(l, i), wanted))
			return 1;
	return 0;
}

/*@ requires list_mem(l) && (digest == \null || digest_mem(digest));
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
int weir_trustlist_names(struct weir_trustlist l, u32 kind, u32 channel, u64 number,
			 const u8 *digest)
{
	struct lentry wanted;

	if (digest)
		return has_entry(l, make_entry(kind, channel, number, digest, 32, 0));
	wanted.kind = kind;
	wanted.channel = channel;
	wanted.number = number;
	wanted.d0 = 0;
	wanted.d1 = 0;
	wanted.d2 = 0;
	wanted.d3 = 0;
	return has_entry(l, wanted);
}

/*@ requires list_mem(l);
    terminates \true; exits \false; assigns \nothing; */
u64 weir_trustlist_floor(struct weir_trustlist l, u32 channel)
{
	struct lentry e;
	u64 floor = 0;
	u32 i;

	/*@ loop invariant 0 <= i <= l.nentries;
	    loop assigns i, e, floor; loop variant l.nentries - i; */
	for (i = 0; i < l.nentries; i++) {
		e = list_entry(l, i);
		if (e.kind == WEIR_LIST_BELOW && e.channel == channel && e.number > floor)
			floor = e.number;
	}
	return floor;
}

/*@ requires list_mem(l);
    terminates \true; exits \false; assigns \nothing;
    ensures 1 <= \result <= WEIR_KEYS_MAX; */
u32 weir_trustlist_signers(struct weir_trustlist l, u32 channel)
{
	struct lentry e;
	u32 need = 1;
	u32 i;

	/*@ loop invariant 0 <= i <= l.nentries && 1 <= need <= WEIR_KEYS_MAX;
	    loop assigns i, e, need; loop variant l.nentries - i; */
	for (i = 0; i < l.nentries; i++) {
		e = list_entry(l, i);
		if (e.kind != WEIR_LIST_SIGNERS || e.number > WEIR_KEYS_MAX || e.number <= need)
			continue;
		if (!channel || !e.channel || e.channel == channel)
			need = (u32)e.number;
	}
	return need;
}

/* Whether the list says of a channel who may sign for it. */
/*@ requires list_mem(l);
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
static int is_restricted(struct weir_trustlist l, u32 channel)
{
	struct lentry e;
	u32 i;

	/*@ loop invariant 0 <= i <= l.nentries;
	    loop assigns i, e; loop variant l.nentries - i; */
	for (i = 0; i < l.nentries; i++) {
		e = list_entry(l, i);
		if (e.kind == WEIR_LIST_SIGNER && e.channel == channel)
			return 1;
	}
	return 0;
}

/*@ requires list_mem(l) && digest_mem(key);
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
int weir_trustlist_may_sign(struct weir_trustlist l, u32 channel, const u8 *key)
{
	if (weir_trustlist_names(l, WEIR_LIST_KEY, 0, 0, key))
		return 0;
	return !is_restricted(l, channel) ||
	       weir_trustlist_names(l, WEIR_LIST_SIGNER, channel, 0, key);
}

/* Both lists ascend, so the entries of the one are looked for in one pass over the other. */
/*@ requires list_mem(l) && list_mem(old);
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
static int has_entries(struct weir_trustlist l, struct weir_trustlist old)
{
	u32 i, k = 0;

	/*@ loop invariant 0 <= i <= l.nentries && 0 <= k <= old.nentries;
	    loop assigns i, k; loop variant l.nentries - i; */
	for (i = 0; i < l.nentries && k < old.nentries; i++)
		if (!order(list_entry(l, i), list_entry(old, k)))
			k++;
	return k == old.nentries;
}

/*@ requires list_mem(l) && list_mem(old);
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
static int has_certs(struct weir_trustlist l, struct weir_trustlist old)
{
	u32 i;

	if (l.ncerts < old.ncerts)
		return 0;
	/*@ loop invariant 0 <= i <= old.ncerts;
	    loop assigns i; loop variant old.ncerts - i; */
	for (i = 0; i < old.ncerts; i++)
		if (rd8(l.b, l.n, l.certs + i) != rd8(old.b, old.n, old.certs + i))
			return 0;
	return 1;
}

/*@ requires list_mem(l) && list_mem(old);
    terminates \true; exits \false; assigns \nothing;
    ensures 0 <= \result <= 1; */
int weir_trustlist_extends(struct weir_trustlist l, struct weir_trustlist old)
{
	return has_entries(l, old) && has_certs(l, old);
}
