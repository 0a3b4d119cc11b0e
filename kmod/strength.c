// SPDX-License-Identifier: GPL-2.0
/* Which signatures and keys are strong enough. */
#include <linux/kernel.h>

#include "../interpreter/weir.h"
#include "strength.h"

static const u8 oid_signed_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 };
static const u8 oid_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01 };
static const u8 oid_rsa[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 };
static const struct {
	const char *name;
	u8 oid[9];
} sha2[] = {
	{ "sha256", { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01 } },
	{ "sha384", { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02 } },
	{ "sha512", { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03 } },
};

/* AlgorithmIdentifier: an object identifier, and no parameters but NULL. */
static bool take_algorithm(struct weir_der *d, struct weir_der *oid)
{
	struct weir_der alg, null;

	if (!weir_der_take(d, WEIR_DER_SEQUENCE, &alg) || !weir_der_take(&alg, WEIR_DER_OID, oid))
		return false;
	if (!alg.n)
		return true;
	return weir_der_take(&alg, WEIR_DER_NULL, &null) && !null.n && !alg.n;
}

/* The name of a strong digest, or NULL. */
static const char *strong_digest(const struct weir_der *oid)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sha2); i++)
		if (weir_der_is(oid, sha2[i].oid, sizeof(sha2[i].oid)))
			return sha2[i].name;
	return NULL;
}

/* The SET of digest algorithms at the head of SignedData. */
static u32 check_digests(struct weir_der *d)
{
	struct weir_der set, oid;
	u32 code = WEIR_E_OK;

	if (!weir_der_take(d, WEIR_DER_SET, &set) || !set.n)
		return WEIR_E_SIGNATURE;
	while (set.n) {
		if (!take_algorithm(&set, &oid))
			return WEIR_E_SIGNATURE;
		if (!strong_digest(&oid))
			code = WEIR_E_DIGEST;
	}
	return code;
}

/* Who signed: issuer and serial number, or a key identifier. The kernel looks it up. */
static bool skip_signer(struct weir_der *si)
{
	struct weir_der version, sid;

	if (!weir_der_take(si, WEIR_DER_INTEGER, &version))
		return false;
	if (weir_der_peek(si) == WEIR_DER_CONTEXT_PRIMITIVE(0))
		return weir_der_take(si, WEIR_DER_CONTEXT_PRIMITIVE(0), &sid);
	return weir_der_take(si, WEIR_DER_SEQUENCE, &sid);
}

/* Attributes that the signature does not cover; nobody reads them. */
static bool skip_unsigned(struct weir_der *si)
{
	struct weir_der attributes;

	return !si->n || weir_der_take(si, WEIR_DER_CONTEXT(1), &attributes);
}

/*
 * Signed attributes would stand before the algorithm of the signature: with them
 * it is their bytes that are signed, not ones that begin with the content's magic, and something
 * else that the same key once signed could be passed off as the attributes of a channel file.
 */
static u32 take_signer(struct weir_der *signers, struct weir_signature *out)
{
	struct weir_der si, digest, alg, sig;

	if (!weir_der_take(signers, WEIR_DER_SEQUENCE, &si) || !skip_signer(&si) ||
	    !take_algorithm(&si, &digest) || !take_algorithm(&si, &alg) ||
	    !weir_der_take(&si, WEIR_DER_BYTES, &sig) || !skip_unsigned(&si) || si.n)
		return WEIR_E_SIGNATURE;
	out->digest = strong_digest(&digest);
	out->p = sig.p;
	out->n = sig.n;
	if (!out->digest || !weir_der_is(&alg, oid_rsa, sizeof(oid_rsa)) ||
	    sig.n < WEIR_RSA_BYTES_MIN)
		return WEIR_E_DIGEST;
	return WEIR_E_OK;
}

static u32 check_signers(struct weir_der set)
{
	struct weir_signature sig;
	u32 code = WEIR_E_OK;
	u32 one;

	while (set.n) {
		one = take_signer(&set, &sig);
		if (one == WEIR_E_SIGNATURE)
			return one;
		if (one)
			code = one;
	}
	return code;
}

/* From ContentInfo down to the members of SignedData. */
static bool open_signed_data(struct weir_der *d, struct weir_der *signed_data)
{
	struct weir_der info, oid, content;

	return weir_der_take(d, WEIR_DER_SEQUENCE, &info) && !d->n &&
	       weir_der_take(&info, WEIR_DER_OID, &oid) &&
	       weir_der_is(&oid, oid_signed_data, sizeof(oid_signed_data)) &&
	       weir_der_take(&info, WEIR_DER_CONTEXT(0), &content) && !info.n &&
	       weir_der_take(&content, WEIR_DER_SEQUENCE, signed_data) && !content.n;
}

/* What is signed is of type data and is not in here. */
static bool take_detached(struct weir_der *d)
{
	struct weir_der encap, oid;

	return weir_der_take(d, WEIR_DER_SEQUENCE, &encap) &&
	       weir_der_take(&encap, WEIR_DER_OID, &oid) &&
	       weir_der_is(&oid, oid_data, sizeof(oid_data)) && !encap.n;
}

/* All of a message but what its signers say: they are in @signers. */
static u32 open_message(const u8 *sig, u32 n, struct weir_der *signers)
{
	struct weir_der d = { .p = sig, .n = n };
	struct weir_der signed_data, version;
	u32 digests;

	if (!open_signed_data(&d, &signed_data) ||
	    !weir_der_take(&signed_data, WEIR_DER_INTEGER, &version))
		return WEIR_E_SIGNATURE;
	digests = check_digests(&signed_data);
	if (digests == WEIR_E_SIGNATURE || !take_detached(&signed_data))
		return WEIR_E_SIGNATURE;
	/* Certificates or revocation lists would stand here: they are not signers. */
	if (!weir_der_take(&signed_data, WEIR_DER_SET, signers) || !signers->n || signed_data.n)
		return WEIR_E_SIGNATURE;
	return digests;
}

u32 weir_strength_signature(const u8 *sig, u32 n)
{
	struct weir_der signers;
	u32 digests = open_message(sig, n, &signers);
	u32 code;

	if (digests == WEIR_E_SIGNATURE)
		return digests;
	code = check_signers(signers);
	return code ? code : digests;
}

bool weir_strength_signers(const u8 *sig, u32 n, struct weir_der *signers)
{
	return !open_message(sig, n, signers);
}

bool weir_strength_next(struct weir_der *signers, struct weir_signature *out)
{
	return signers->n && !take_signer(signers, out);
}

bool weir_strength_rsa(const u8 *key, u32 n)
{
	struct weir_der d = { .p = key, .n = n };
	struct weir_der seq, modulus;

	if (!weir_der_take(&d, WEIR_DER_SEQUENCE, &seq) || d.n ||
	    !weir_der_take(&seq, WEIR_DER_INTEGER, &modulus) || !modulus.n)
		return false;
	/* A leading zero keeps the number positive. */
	if (!modulus.p[0] && modulus.n > 1) {
		modulus.p++;
		modulus.n--;
	}
	return modulus.n > WEIR_RSA_BYTES_MIN ||
	       (modulus.n == WEIR_RSA_BYTES_MIN && modulus.p[0] & 0x80);
}
