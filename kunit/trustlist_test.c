// SPDX-License-Identifier: GPL-2.0
/* Trust lists: which are put in force, and what happens to content that they revoke. */
#include <kunit/test.h>
#include <linux/mm.h>

#include "../kmod/control.h"
#include "../kmod/trust.h"
#include "store_bed.h"
#include "trust_blobs.h"

#define CHANNEL 77u
/* Bits of signers: built in are two, and a list introduces a third. */
#define STRONG BIT(0)
#define PARTNER BIT(1)
#define HEIR BIT(2)

static int list_start(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, weir_trust_start(cert_pair, sizeof(cert_pair)), 0);
	return weir_bed_start(test);
}

static void list_stop(struct kunit *test)
{
	weir_bed_stop(test);
	weir_trust_exit();
}

static int take_bytes(struct kunit *test, const u8 *list, u32 n, struct weir_error *err)
{
	u8 *file = kvmalloc(n, GFP_KERNEL);
	u64 version;
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, file);
	memcpy(file, list, n);
	weir_error_init(err);
	mutex_lock(&weir_store.submit_lock);
	ret = weir_trust_take(file, n, &version, err);
	mutex_unlock(&weir_store.submit_lock);
	if (ret)
		kvfree(file);
	return ret;
}

static struct weir_u_trusted *key(struct kunit *test, u32 index)
{
	struct weir_u_trusted *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->index = index;
	KUNIT_ASSERT_EQ(test, weir_trust_describe(t), 0);
	return t;
}

static void expect(struct kunit *test, const u8 *list, u32 n, int ret, u32 code)
{
	u64 before = key(test, 0)->version;
	struct weir_error err;

	KUNIT_EXPECT_EQ(test, take_bytes(test, list, n, &err), ret);
	if (!ret)
		return;
	KUNIT_EXPECT_EQ(test, err.code, code);
	KUNIT_EXPECT_EQ(test, key(test, 0)->version, before);
}

#define TAKE(test, name) expect(test, list_##name, sizeof(list_##name), 0, WEIR_E_OK)
#define REFUSE(test, name, ret, code)                                                              \
	expect(test, list_##name, sizeof(list_##name), ret, WEIR_E_##code)

static void a_list_only_ever_goes_on(struct kunit *test)
{
	REFUSE(test, by_stranger, -ENOKEY, SIGNER);
	TAKE(test, first);
	KUNIT_EXPECT_EQ(test, key(test, 0)->version, 1ull);
	KUNIT_EXPECT_EQ(test, key(test, 0)->nkeys, 2u);
	REFUSE(test, first, -ESTALE, OLD_VERSION);
	REFUSE(test, other, -ESTALE, OLD_VERSION);
	REFUSE(test, shrunk, -EBADMSG, LIST_SHRUNK);
	REFUSE(test, by_stranger, -ENOKEY, SIGNER);
}

static void two_introduce_a_third_and_one_of_them_leaves(struct kunit *test)
{
	TAKE(test, both);
	KUNIT_EXPECT_EQ(test, key(test, 0)->nkeys, 3u);
	KUNIT_EXPECT_EQ(test, key(test, 1)->origin, (u32)WEIR_KEY_BUILT_IN);
	KUNIT_EXPECT_EQ(test, key(test, 2)->origin, (u32)WEIR_KEY_INTRODUCED);
	REFUSE(test, by_one, -ENOKEY, SIGNERS);
	TAKE(test, by_heir);
	KUNIT_EXPECT_EQ(test, key(test, 0)->revoked, 0u);
	KUNIT_EXPECT_EQ(test, key(test, 1)->revoked, 1u);
	REFUSE(test, by_revoked, -EKEYREVOKED, REVOKED);
}

/* Each bit is covered by the signature; what comes first is refused for its form. */
static void no_byte_of_a_list_can_be_changed(struct kunit *test)
{
	u8 *p = kunit_kmalloc(test, sizeof(list_first), GFP_KERNEL);
	struct weir_error err;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	memcpy(p, list_first, sizeof(list_first));
	for (i = 0; i < WEIR_LIST_HEADER + WEIR_SZ_LIST_ENTRY; i += 3) {
		p[i] ^= 1;
		KUNIT_EXPECT_EQ(test, take_bytes(test, p, sizeof(list_first), &err), -EKEYREJECTED);
		KUNIT_EXPECT_EQ(test, err.code, (u32)WEIR_E_SIGNATURE);
		p[i] ^= 1;
	}
	KUNIT_EXPECT_EQ(test, take_bytes(test, p, sizeof(list_first) - 1, &err), -EKEYREJECTED);
	KUNIT_EXPECT_EQ(test, key(test, 0)->version, 0ull);
}

/* Copies that end where they end, so that KASAN sees a read past them. */
static void every_truncation_is_read_within_its_bounds(struct kunit *test)
{
	struct weir_trustlist l;
	struct weir_error err;
	u32 n, whole;
	u8 *p;

	/* With the certificate of the third. */
	memcpy(&whole, list_both + WEIR_L_SIZE, sizeof(whole));
	KUNIT_ASSERT_EQ(test, weir_trustlist_open(list_both, whole, &l, &err), 0u);
	for (n = 0; n < whole; n++) {
		p = kmalloc(n ?: 1, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p);
		memcpy(p, list_both, n);
		KUNIT_EXPECT_NE(test, weir_trustlist_open(p, n, &l, &err), 0u);
		/* The lie about its size in the header, too. */
		if (n >= WEIR_LIST_HEADER) {
			memcpy(p + WEIR_L_SIZE, &n, sizeof(n));
			KUNIT_EXPECT_NE(test, weir_trustlist_open(p, n, &l, &err), 0u);
		}
		kfree(p);
	}
}

static struct weir_content *make(struct kunit *test, u64 version, u32 signers)
{
	struct weir_recipe r = {
		.channel = CHANNEL,
		.version = version,
		.type = WEIR_TYPE_process_creation,
		.field = WEIR_process_creation_Image,
		.equals = "/bin/weir-list",
		.instances = 1,
	};
	struct weir_content *ct = weir_make_content(test, &r);

	ct->signers = signers;
	return ct;
}

static u32 verdict(struct kunit *test, u64 version, u32 signers)
{
	struct weir_content *ct = make(test, version, signers);
	struct weir_error err = { .code = WEIR_E_OK };
	int ret;

	mutex_lock(&weir_store.submit_lock);
	ret = weir_trust_permits(ct, &err);
	mutex_unlock(&weir_store.submit_lock);
	KUNIT_EXPECT_EQ(test, ret,
			err.code == WEIR_E_OK	     ? 0
			: err.code == WEIR_E_REVOKED ? -EKEYREVOKED
						     : -ENOKEY);
	weir_content_put(ct);
	return err.code;
}

static void a_list_decides_about_versions_and_signers(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, verdict(test, 1, STRONG), (u32)WEIR_E_OK);
	TAKE(test, first);
	KUNIT_EXPECT_EQ(test, verdict(test, 1, STRONG), (u32)WEIR_E_REVOKED);
	KUNIT_EXPECT_EQ(test, verdict(test, 2, STRONG), (u32)WEIR_E_OK);
	TAKE(test, both);
	KUNIT_EXPECT_EQ(test, verdict(test, 2, STRONG), (u32)WEIR_E_SIGNERS);
	KUNIT_EXPECT_EQ(test, verdict(test, 2, STRONG | PARTNER), (u32)WEIR_E_OK);
	TAKE(test, by_heir);
	KUNIT_EXPECT_EQ(test, verdict(test, 2, STRONG | PARTNER), (u32)WEIR_E_REVOKED);
	KUNIT_EXPECT_EQ(test, verdict(test, 2, STRONG | HEIR), (u32)WEIR_E_OK);
	KUNIT_EXPECT_EQ(test, verdict(test, 2, HEIR), (u32)WEIR_E_SIGNERS);
}

static void signers_can_be_named(struct kunit *test)
{
	TAKE(test, named);
	KUNIT_EXPECT_EQ(test, verdict(test, 2, STRONG), (u32)WEIR_E_SIGNERS);
	KUNIT_EXPECT_EQ(test, verdict(test, 2, PARTNER), (u32)WEIR_E_OK);
}

static void load(struct kunit *test, u64 version, u32 signers)
{
	struct weir_error err;

	KUNIT_ASSERT_EQ(test, weir_store_offer(make(test, version, signers)), 0);
	KUNIT_ASSERT_EQ(test, weir_store_activate(CHANNEL, version, &err), 0);
}

static void to_shadow(struct kunit *test, u64 version, u32 signers)
{
	const struct weir_trial trial = {};
	struct weir_error err;

	KUNIT_ASSERT_EQ(test, weir_store_offer(make(test, version, signers)), 0);
	KUNIT_ASSERT_EQ(test, weir_store_stage(CHANNEL, version, WEIR_STAGE_SHADOW, &trial, &err),
			0);
}

/* What is in the slots afterwards; 0 is nothing. */
static void expect_slots(struct kunit *test, u64 active, u64 last_good, u64 shadow, u64 candidate)
{
	struct weir_u_channel *ch = weir_bed_state(test, 0);
	struct weir_content *ct = weir_store_get(CHANNEL, WEIR_SLOT_SHADOW);

	KUNIT_EXPECT_EQ(test, ch->slot[WEIR_SLOT_ACTIVE].version, active);
	KUNIT_EXPECT_EQ(test, ch->slot[WEIR_SLOT_LAST_GOOD].version, last_good);
	KUNIT_EXPECT_EQ(test, ch->slot[WEIR_SLOT_CANDIDATE].version, candidate);
	KUNIT_EXPECT_EQ(test, ct ? ct->about.version : 0, shadow);
	weir_content_put(ct);
}

static void what_is_revoked_is_out_and_last_good_is_back(struct kunit *test)
{
	TAKE(test, both);
	load(test, 2, STRONG | HEIR);
	load(test, 3, STRONG | PARTNER);
	to_shadow(test, 4, STRONG | PARTNER);
	KUNIT_ASSERT_EQ(test, weir_store_offer(make(test, 5, STRONG | PARTNER)), 0);
	expect_slots(test, 3, 2, 4, 5);
	TAKE(test, by_heir);
	expect_slots(test, 2, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->quarantined, (u32)WEIR_QUARANTINE_REVOKED);
	KUNIT_EXPECT_TRUE(test, weir_capture_armed(WEIR_TYPE_process_creation));
}

static void last_good_that_is_revoked_does_not_come_back(struct kunit *test)
{
	TAKE(test, both);
	load(test, 2, STRONG | PARTNER);
	load(test, 3, STRONG | PARTNER);
	TAKE(test, by_heir);
	expect_slots(test, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->quarantined, (u32)WEIR_QUARANTINE_REVOKED);
	KUNIT_EXPECT_FALSE(test, weir_capture_armed(WEIR_TYPE_process_creation));
}

static void what_is_not_revoked_stays(struct kunit *test)
{
	load(test, 3, STRONG);
	load(test, 4, STRONG);
	load(test, 5, STRONG);
	TAKE(test, denied);
	expect_slots(test, 5, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->quarantined, (u32)WEIR_QUARANTINE_NONE);
}

static struct kunit_case list_cases[] = { KUNIT_CASE(a_list_only_ever_goes_on),
					  KUNIT_CASE(two_introduce_a_third_and_one_of_them_leaves),
					  KUNIT_CASE(no_byte_of_a_list_can_be_changed),
					  KUNIT_CASE(every_truncation_is_read_within_its_bounds),
					  KUNIT_CASE(a_list_decides_about_versions_and_signers),
					  KUNIT_CASE(signers_can_be_named),
					  KUNIT_CASE(what_is_revoked_is_out_and_last_good_is_back),
					  KUNIT_CASE(last_good_that_is_revoked_does_not_come_back),
					  KUNIT_CASE(what_is_not_revoked_stays),
					  {} };

static struct kunit_suite list_suite = {
	.name = "weir_trustlist",
	.suite_init = weir_bed_capture,
	.suite_exit = weir_bed_uncapture,
	.init = list_start,
	.exit = list_stop,
	.test_cases = list_cases,
};

kunit_test_suite(list_suite);
