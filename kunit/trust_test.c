// SPDX-License-Identifier: GPL-2.0
/* Trust: which signatures are believed, and how the others are refused. */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/key.h>
#include <linux/string.h>

#include "../interpreter/weir.h"
#include "../kmod/content.h"
#include "../kmod/strength.h"
#include "../kmod/trust.h"
#include "trust_blobs.h"

/* The trailer: struct module_signature and the marker. */
#define TAIL 40u
#define SIG(file) ((u32)(sizeof(file) - sizeof(blob_content)) - TAIL)

static int strong_ring(struct kunit *test)
{
	struct weir_signers *who = kunit_kzalloc(test, sizeof(*who), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, who);
	KUNIT_ASSERT_EQ(test, weir_signers_make(cert_strong, sizeof(cert_strong), NULL, 0, who), 0);
	test->priv = who;
	return 0;
}

static void drop_ring(struct kunit *test)
{
	if (test->priv)
		weir_signers_free(test->priv);
}

/* What making keyrings of certificates comes to. */
static int made(const u8 *certs, size_t n, const u8 *more, size_t nmore, u32 *keys)
{
	struct weir_signers who;
	int ret = weir_signers_make(certs, n, more, nmore, &who);

	*keys = ret ? 0 : who.n;
	if (!ret)
		weir_signers_free(&who);
	return ret;
}

/* A copy that ends where it ends, so that KASAN sees a read past it. */
static u8 *copy(struct kunit *test, const u8 *file, u32 n)
{
	u8 *p = kunit_kmalloc(test, n ? n : 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	memcpy(p, file, n);
	return p;
}

static void expect(struct kunit *test, const u8 *file, u32 n, int ret, u32 code)
{
	struct weir_error err = { .code = WEIR_E_OK };
	const u8 *p = copy(test, file, n);
	struct weir_signed sig = {};

	KUNIT_EXPECT_EQ(test, weir_trust_check(test->priv, p, n, &sig, &err), ret);
	KUNIT_EXPECT_EQ(test, err.code, code);
	if (!ret)
		KUNIT_EXPECT_EQ(test, sig.content, (u32)sizeof(blob_content));
	KUNIT_EXPECT_EQ(test, sig.signers, ret ? 0u : 1u);
	kunit_kfree(test, p);
}

static void good_signature_is_believed(struct kunit *test)
{
	expect(test, file_good, sizeof(file_good), 0, WEIR_E_OK);
}

static void stronger_digest_is_believed_or_unknown(struct kunit *test)
{
	u32 code = weir_strength_signature(file_sha512 + sizeof(blob_content), SIG(file_sha512));
	struct weir_error err = { .code = WEIR_E_OK };
	struct weir_signed sig;
	int ret;

	KUNIT_EXPECT_EQ(test, code, (u32)WEIR_E_OK);
	ret = weir_trust_check(test->priv, file_sha512, sizeof(file_sha512), &sig, &err);
	/* A kernel without SHA-512 must say so, and nothing else. */
	if (ret) {
		KUNIT_EXPECT_EQ(test, ret, -EKEYREJECTED);
		KUNIT_EXPECT_EQ(test, err.code, (u32)WEIR_E_DIGEST);
	}
}

static void any_changed_byte_of_content_is_refused(struct kunit *test)
{
	u8 *p = copy(test, file_good, sizeof(file_good));
	u32 i;

	for (i = 0; i < sizeof(blob_content); i++) {
		p[i] ^= 1;
		expect(test, p, sizeof(file_good), -EKEYREJECTED, WEIR_E_SIGNATURE);
		p[i] ^= 1;
	}
}

static void any_changed_byte_of_signature_is_refused_or_harmless(struct kunit *test)
{
	const u32 value = sizeof(file_good) - TAIL - WEIR_RSA_BYTES_MIN;
	u8 *p = copy(test, file_good, sizeof(file_good));
	struct weir_signed sig;
	u32 i, step, believed = 0;

	for (i = sizeof(blob_content); i < sizeof(file_good); i += step) {
		struct weir_error err = {};

		/* Each try on the number itself costs an RSA operation: not all of them. */
		step = i >= value && i + 16 < sizeof(file_good) - TAIL ? 16 : 1;
		p[i] ^= 0x55;
		if (!weir_trust_check(test->priv, p, sizeof(file_good), &sig, &err)) {
			/* Then it still covers exactly the same bytes. */
			KUNIT_EXPECT_EQ(test, sig.content, (u32)sizeof(blob_content));
			KUNIT_EXPECT_EQ(test, sig.signers, 1u);
			believed++;
		}
		p[i] ^= 0x55;
	}
	/* Only the two version numbers of the message may be read loosely. */
	KUNIT_EXPECT_LE(test, believed, 2u);
}

static void every_truncation_is_refused(struct kunit *test)
{
	u32 n;

	/* Without its last byte the marker is gone, and with it the signature. */
	for (n = 0; n < sizeof(file_good); n++)
		expect(test, file_good, n, -EKEYREJECTED, WEIR_E_NO_SIGNATURE);
}

static void signature_cut_inside_is_refused(struct kunit *test)
{
	u8 *p = kunit_kzalloc(test, sizeof(file_good), GFP_KERNEL);
	u32 keep;

	KUNIT_ASSERT_NOT_NULL(test, p);
	for (keep = 0; keep < SIG(file_good); keep += 7) {
		u32 n = sizeof(blob_content) + keep + TAIL;

		memcpy(p, file_good, sizeof(blob_content) + keep);
		memcpy(p + n - TAIL, file_good + sizeof(file_good) - TAIL, TAIL);
		p[n - TAIL + 10] = keep >> 8;
		p[n - TAIL + 11] = keep;
		expect(test, p, n, -EKEYREJECTED, WEIR_E_SIGNATURE);
	}
}

static void signature_longer_than_file_is_refused(struct kunit *test)
{
	u8 *p = copy(test, file_good, sizeof(file_good));

	memset(p + sizeof(file_good) - 32, 0xff, 4);
	expect(test, p, sizeof(file_good), -EKEYREJECTED, WEIR_E_SIGNATURE);
}

static void file_without_trailer_is_refused(struct kunit *test)
{
	expect(test, blob_content, sizeof(blob_content), -EKEYREJECTED, WEIR_E_NO_SIGNATURE);
}

static void unknown_signer_is_refused(struct kunit *test)
{
	expect(test, file_stranger, sizeof(file_stranger), -ENOKEY, WEIR_E_SIGNER);
}

static void weak_digest_is_refused(struct kunit *test)
{
	expect(test, file_sha1, sizeof(file_sha1), -EKEYREJECTED, WEIR_E_DIGEST);
	expect(test, file_md5, sizeof(file_md5), -EKEYREJECTED, WEIR_E_DIGEST);
}

static void short_key_is_refused_even_where_it_is_known(struct kunit *test)
{
	const u8 *sig = file_weak + sizeof(blob_content);
	u32 keys;

	KUNIT_EXPECT_EQ(test, weir_strength_signature(sig, SIG(file_weak)), (u32)WEIR_E_DIGEST);
	expect(test, file_weak, sizeof(file_weak), -ENOKEY, WEIR_E_SIGNER);
	KUNIT_EXPECT_EQ(test, made(cert_weak, sizeof(cert_weak), NULL, 0, &keys), -EKEYREJECTED);
	KUNIT_EXPECT_EQ(test,
			made(cert_strong, sizeof(cert_strong), cert_weak, sizeof(cert_weak), &keys),
			-EKEYREJECTED);
}

static void no_certificate_is_no_keyring(struct kunit *test)
{
	u32 keys;

	KUNIT_EXPECT_EQ(test, made(cert_strong, 0, NULL, 0, &keys), -EKEYREJECTED);
	KUNIT_EXPECT_NE(test, made(cert_strong, sizeof(cert_strong) - 1, NULL, 0, &keys), 0);
	KUNIT_EXPECT_NE(test, made(blob_content, sizeof(blob_content), NULL, 0, &keys), 0);
	KUNIT_EXPECT_NE(test, made(cert_pair, sizeof(cert_pair) - 1, NULL, 0, &keys), 0);
}

static void a_key_is_one_key_however_often_it_comes(struct kunit *test)
{
	u32 keys;

	KUNIT_EXPECT_EQ(test, made(cert_pair, sizeof(cert_pair), NULL, 0, &keys), 0);
	KUNIT_EXPECT_EQ(test, keys, 2u);
	KUNIT_EXPECT_EQ(test,
			made(cert_pair, sizeof(cert_pair), cert_strong, sizeof(cert_strong), &keys),
			0);
	KUNIT_EXPECT_EQ(test, keys, 2u);
}

static void certificate_inside_signature_is_refused(struct kunit *test)
{
	expect(test, file_brings_certificate, sizeof(file_brings_certificate), -EKEYREJECTED,
	       WEIR_E_SIGNATURE);
}

static void signed_attributes_are_refused(struct kunit *test)
{
	expect(test, file_attributes, sizeof(file_attributes), -EKEYREJECTED, WEIR_E_SIGNATURE);
}

static void content_inside_signature_is_refused(struct kunit *test)
{
	expect(test, file_attached, sizeof(file_attached), -EKEYREJECTED, WEIR_E_SIGNATURE);
}

static void second_signer_may_be_unknown_but_not_weak(struct kunit *test)
{
	expect(test, file_and_stranger, sizeof(file_and_stranger), 0, WEIR_E_OK);
	expect(test, file_and_weak, sizeof(file_and_weak), -EKEYREJECTED, WEIR_E_DIGEST);
}

static struct kunit_case trust_cases[] = {
	KUNIT_CASE(good_signature_is_believed),
	KUNIT_CASE(stronger_digest_is_believed_or_unknown),
	KUNIT_CASE(any_changed_byte_of_content_is_refused),
	KUNIT_CASE(any_changed_byte_of_signature_is_refused_or_harmless),
	KUNIT_CASE(every_truncation_is_refused),
	KUNIT_CASE(signature_cut_inside_is_refused),
	KUNIT_CASE(signature_longer_than_file_is_refused),
	KUNIT_CASE(file_without_trailer_is_refused),
	KUNIT_CASE(unknown_signer_is_refused),
	KUNIT_CASE(weak_digest_is_refused),
	KUNIT_CASE(short_key_is_refused_even_where_it_is_known),
	KUNIT_CASE(no_certificate_is_no_keyring),
	KUNIT_CASE(a_key_is_one_key_however_often_it_comes),
	KUNIT_CASE(certificate_inside_signature_is_refused),
	KUNIT_CASE(signed_attributes_are_refused),
	KUNIT_CASE(content_inside_signature_is_refused),
	KUNIT_CASE(second_signer_may_be_unknown_but_not_weak),
	{}
};

static struct kunit_suite trust_suite = {
	.name = "weir_trust",
	.init = strong_ring,
	.exit = drop_ring,
	.test_cases = trust_cases,
};

kunit_test_suite(trust_suite);
