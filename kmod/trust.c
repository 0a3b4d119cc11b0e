// SPDX-License-Identifier: GPL-2.0
/* Signatures: the appended trailer, private keyrings, who signed, and no weak digest or key. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <crypto/hash.h>
#include <crypto/public_key.h>
#include <keys/asymmetric-type.h>
#include <linux/bits.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/key.h>
#include <linux/module_signature.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/verification.h>

#include "content.h"
#include "strength.h"
#include "trust.h"

/* No WRITE, LINK or SETATTR for any user: what init put in is what there is. */
#define PERMISSIONS ((KEY_POS_ALL & ~KEY_POS_SETATTR) | KEY_USR_VIEW | KEY_USR_READ)

static const char marker[] = MODULE_SIG_STRING;

#define MARKER_LEN ((u32)sizeof(marker) - 1)

/* Where the signature of a file is; its content is all that comes before. */
struct trailer {
	u32 content;
	u32 sig;
	u32 nsig;
};

static u32 trailer_open(const u8 *file, u32 n, struct trailer *t)
{
	struct module_signature ms;
	u32 rest, nsig;

	if (n < MARKER_LEN + sizeof(ms) || memcmp(file + n - MARKER_LEN, marker, MARKER_LEN))
		return WEIR_E_NO_SIGNATURE;
	rest = n - MARKER_LEN - sizeof(ms);
	memcpy(&ms, file + rest, sizeof(ms));
	nsig = be32_to_cpu(ms.sig_len);
	if (ms.algo || ms.hash || ms.id_type != PKEY_ID_PKCS7 || ms.signer_len || ms.key_id_len ||
	    memchr_inv(ms.__pad, 0, sizeof(ms.__pad)))
		return WEIR_E_SIGNATURE;
	if (!nsig || nsig > rest || nsig > WEIR_SIGNATURE_MAX)
		return WEIR_E_SIGNATURE;
	t->content = rest - nsig;
	t->sig = t->content;
	t->nsig = nsig;
	return WEIR_E_OK;
}

/* What the kernel's verdict on a signature comes to in our words. */
static u32 kernel_code(int ret)
{
	switch (ret) {
	case 0:
		return WEIR_E_OK;
	case -ENOKEY:
	case -EKEYEXPIRED:
	case -EKEYREVOKED:
		return WEIR_E_SIGNER;
	case -ENOPKG:
		return WEIR_E_DIGEST;
	case -ENOMEM:
		return WEIR_E_NO_MEMORY;
	default:
		return WEIR_E_SIGNATURE;
	}
}

static int code_errno(u32 code)
{
	switch (code) {
	case WEIR_E_OK:
		return 0;
	case WEIR_E_SIGNER:
		return -ENOKEY;
	case WEIR_E_NO_MEMORY:
		return -ENOMEM;
	default:
		return -EKEYREJECTED;
	}
}

/*
 * The form is checked before the kernel's parser sees it, the strength after the kernel's verdict:
 * that is the order the ABI documents, and a stranger's signature is a stranger's, weak or not.
 */
static u32 check_signature(struct key *ring, const u8 *file, const struct trailer *t)
{
	u32 strength = weir_strength_signature(file + t->sig, t->nsig);
	u32 code;

	if (strength == WEIR_E_SIGNATURE)
		return strength;
	code = kernel_code(verify_pkcs7_signature(file, t->content, file + t->sig, t->nsig, ring,
						  VERIFYING_UNSPECIFIED_SIGNATURE, NULL, NULL));
	return code ? code : strength;
}

/* Room for an RSA operation; the crypto API wants memory that is neither stack nor vmalloc'ed. */
struct attempt {
	u8 digest[SHA512_DIGEST_SIZE];
	u8 number[WEIR_RSA_BYTES_MAX];
};

/* Return: bytes of the digest; 0 if this kernel has no such digest; -ENOMEM for anything else. */
static int take_digest(const char *name, const u8 *p, u32 n, u8 *out)
{
	struct crypto_shash *tfm = crypto_alloc_shash(name, 0, 0);
	int ret;

	if (IS_ERR(tfm))
		return PTR_ERR(tfm) == -ENOENT ? 0 : -ENOMEM;
	ret = crypto_shash_tfm_digest(tfm, p, n, out) ? -ENOMEM : (int)crypto_shash_digestsize(tfm);
	crypto_free_shash(tfm);
	return ret;
}

/* Adds the bit of the key that made a signature, if it is one of ours. */
static int find_signer(const struct weir_signers *who, const struct weir_signature *from,
		       const u8 *file, u32 n, struct attempt *room, u32 *mask)
{
	struct public_key_signature sig = {
		.s = room->number,
		.s_size = from->n,
		.digest = room->digest,
		.pkey_algo = "rsa",
		.hash_algo = from->digest,
		.encoding = "pkcs1",
	};
	int ret;
	u32 i;

	if (from->n > sizeof(room->number))
		return 0;
	memcpy(room->number, from->p, from->n);
	ret = take_digest(from->digest, file, n, room->digest);
	if (ret <= 0)
		return ret;
	sig.digest_size = ret;
	for (i = 0; i < who->n; i++) {
		ret = verify_signature(who->signer[i].key, &sig);
		if (ret == -ENOMEM)
			return ret;
		if (!ret)
			*mask |= BIT(i);
	}
	return 0;
}

/* The kernel says whether a signature is good, not who made it: that is found out by trying. */
static u32 find_signers(const struct weir_signers *who, const u8 *file, const struct trailer *t,
			u32 *mask)
{
	struct weir_signature from;
	struct weir_der signers;
	struct attempt *room;
	int ret = 0;

	*mask = 0;
	if (!weir_strength_signers(file + t->sig, t->nsig, &signers))
		return WEIR_E_SIGNATURE;
	room = kmalloc(sizeof(*room), GFP_KERNEL);
	if (!room)
		return WEIR_E_NO_MEMORY;
	while (!ret && weir_strength_next(&signers, &from))
		ret = find_signer(who, &from, file, t->content, room, mask);
	kfree(room);
	if (ret)
		return WEIR_E_NO_MEMORY;
	return *mask ? WEIR_E_OK : WEIR_E_SIGNER;
}

int weir_trust_check(const struct weir_signers *who, const u8 *file, u32 n, struct weir_signed *out,
		     struct weir_error *err)
{
	struct trailer t = {};
	u32 code;

	/* To the kernel, no keyring means all of its own keys. */
	if (WARN_ON_ONCE(!who || !who->ring))
		return -EKEYREJECTED;
	code = trailer_open(file, n, &t);
	if (!code)
		code = check_signature(who->ring, file, &t);
	if (!code)
		code = find_signers(who, file, &t, &out->signers);
	if (code) {
		err->code = code;
		err->offset = t.sig ? t.sig : WEIR_NOWHERE;
		return code_errno(code);
	}
	out->content = t.content;
	return 0;
}

static int bad_cert(const char *what, int ret)
{
	pr_err("a certificate %s: error %d\n", what, ret);
	return ret;
}

/* A keyring of its own: of two certificates with one name, a keyring keeps the later one alone. */
static struct key *add_ring(struct weir_signers *who, u32 number)
{
	char name[sizeof(".weir:") + 10];

	snprintf(name, sizeof(name), ".weir:%u", number);
	return keyring_alloc(name, GLOBAL_ROOT_UID, GLOBAL_ROOT_GID, current_cred(), PERMISSIONS,
			     KEY_ALLOC_NOT_IN_QUOTA, NULL, who->ring);
}

/* Takes over the reference. One key may come with more than one certificate. */
static int add_signer(struct weir_signers *who, struct key *key, bool introduced)
{
	const struct public_key *pub = asymmetric_key_public_key(key);
	struct weir_signer *s = &who->signer[who->n];
	u8 id[SHA256_DIGEST_SIZE];
	u32 i;

	if (!pub || strcmp(pub->pkey_algo, "rsa") || !weir_strength_rsa(pub->key, pub->keylen)) {
		key_put(key);
		return bad_cert("is not of RSA of 3072 bits or more", -EKEYREJECTED);
	}
	sha256(pub->key, pub->keylen, id);
	for (i = 0; i < who->n; i++) {
		if (!memcmp(who->signer[i].id, id, sizeof(id))) {
			key_put(key);
			return 0;
		}
	}
	if (who->n == WEIR_KEYS_MAX) {
		key_put(key);
		return bad_cert("is of one key more than 16", -EKEYREJECTED);
	}
	s->key = key;
	s->introduced = introduced;
	memcpy(s->id, id, sizeof(id));
	who->n++;
	return 0;
}

static int add_cert(struct weir_signers *who, const u8 *der, size_t n, u32 number, bool introduced)
{
	struct key *ring = add_ring(who, number);
	key_ref_t ref;

	if (IS_ERR(ring))
		return PTR_ERR(ring);
	ref = key_create_or_update(make_key_ref(ring, 1), "asymmetric", NULL, der, n, PERMISSIONS,
				   KEY_ALLOC_NOT_IN_QUOTA | KEY_ALLOC_BUILT_IN |
					   KEY_ALLOC_BYPASS_RESTRICTION);
	/* The keyring of all holds it. */
	key_put(ring);
	if (IS_ERR(ref))
		return bad_cert("cannot be read", PTR_ERR(ref));
	return add_signer(who, key_ref_to_ptr(ref), introduced);
}

static int add_certs(struct weir_signers *who, const u8 *certs, size_t n, u32 *number,
		     bool introduced)
{
	struct weir_der d = { .p = certs, .n = n };
	struct weir_der body;
	const u8 *start;
	int ret;

	while (d.n) {
		start = d.p;
		if (!weir_der_take(&d, WEIR_DER_SEQUENCE, &body))
			return -EBADMSG;
		ret = add_cert(who, start, d.p - start, (*number)++, introduced);
		if (ret)
			return ret;
	}
	return 0;
}

int weir_signers_make(const u8 *certs, size_t n, const u8 *more, size_t nmore,
		      struct weir_signers *out)
{
	u32 number = 0;
	int ret;

	memset(out, 0, sizeof(*out));
	if (!n)
		return -EKEYREJECTED;
	out->ring = keyring_alloc(".weir", GLOBAL_ROOT_UID, GLOBAL_ROOT_GID, current_cred(),
				  PERMISSIONS, KEY_ALLOC_NOT_IN_QUOTA, NULL, NULL);
	if (IS_ERR(out->ring)) {
		ret = PTR_ERR(out->ring);
		out->ring = NULL;
		return ret;
	}
	ret = add_certs(out, certs, n, &number, false)
		      ?: add_certs(out, more, nmore, &number, true);
	if (ret)
		weir_signers_free(out);
	return ret;
}

void weir_signers_free(struct weir_signers *who)
{
	u32 i;

	for (i = 0; i < who->n; i++)
		key_put(who->signer[i].key);
	key_put(who->ring);
	memset(who, 0, sizeof(*who));
}
