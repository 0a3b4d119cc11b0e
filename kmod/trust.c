// SPDX-License-Identifier: GPL-2.0
/* Signatures: the appended trailer, a private keyring, and no weak digest or key. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <crypto/public_key.h>
#include <keys/asymmetric-type.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/key.h>
#include <linux/module_signature.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/verification.h>

#include "content.h"
#include "der.h"
#include "strength.h"
#include "trust.h"

/* No WRITE, LINK or SETATTR for any user: what init put in is what there is. */
#define PERMISSIONS ((KEY_POS_ALL & ~KEY_POS_SETATTR) | KEY_USR_VIEW | KEY_USR_READ)

static const char marker[] = MODULE_SIG_STRING;

#define MARKER_LEN ((u32)sizeof(marker) - 1)

static struct key *trusted;

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

int weir_trust_check(struct key *ring, const u8 *file, u32 n, u32 *content, struct weir_error *err)
{
	struct trailer t = {};
	u32 code;

	/* To the kernel, no keyring means all of its own keys. */
	if (WARN_ON_ONCE(IS_ERR_OR_NULL(ring)))
		return -EKEYREJECTED;
	code = trailer_open(file, n, &t);
	if (!code)
		code = check_signature(ring, file, &t);
	if (code) {
		err->code = code;
		err->offset = t.sig ? t.sig : WEIR_NOWHERE;
		return code_errno(code);
	}
	*content = t.content;
	return 0;
}

int weir_trust_verify(const u8 *file, u32 n, u32 *content, struct weir_error *err)
{
	return weir_trust_check(trusted, file, n, content, err);
}

static bool key_is_strong(const struct key *key)
{
	const struct public_key *pub = asymmetric_key_public_key(key);

	return pub && !strcmp(pub->pkey_algo, "rsa") && weir_strength_rsa(pub->key, pub->keylen);
}

static int add_cert(struct key *ring, const u8 *der, size_t n)
{
	key_ref_t ref;
	int ret;

	ref = key_create_or_update(make_key_ref(ring, 1), "asymmetric", NULL, der, n, PERMISSIONS,
				   KEY_ALLOC_NOT_IN_QUOTA | KEY_ALLOC_BUILT_IN |
					   KEY_ALLOC_BYPASS_RESTRICTION);
	if (IS_ERR(ref)) {
		pr_err("a built-in certificate cannot be read: error %ld\n", PTR_ERR(ref));
		return PTR_ERR(ref);
	}
	ret = key_is_strong(key_ref_to_ptr(ref)) ? 0 : -EKEYREJECTED;
	if (ret)
		pr_err("a built-in certificate is not RSA of 3072 bits or more\n");
	key_ref_put(ref);
	return ret;
}

static int add_certs(struct key *ring, const u8 *certs, size_t n)
{
	struct weir_der d = { .p = certs, .n = n };
	struct weir_der body;
	const u8 *start;
	int ret;

	if (!n)
		return -EKEYREJECTED;
	while (d.n) {
		start = d.p;
		if (!weir_der_take(&d, WEIR_DER_SEQUENCE, &body))
			return -EBADMSG;
		ret = add_cert(ring, start, d.p - start);
		if (ret)
			return ret;
	}
	return 0;
}

struct key *weir_trust_keyring(const u8 *certs, size_t n)
{
	struct key *ring;
	int ret;

	ring = keyring_alloc(".weir", GLOBAL_ROOT_UID, GLOBAL_ROOT_GID, current_cred(), PERMISSIONS,
			     KEY_ALLOC_NOT_IN_QUOTA, NULL, NULL);
	if (IS_ERR(ring))
		return ring;
	ret = add_certs(ring, certs, n);
	if (ret) {
		key_put(ring);
		return ERR_PTR(ret);
	}
	return ring;
}

int weir_trust_init(void)
{
	struct key *ring = weir_trust_keyring(weir_certs, weir_certs_end - weir_certs);

	if (IS_ERR(ring))
		return PTR_ERR(ring);
	trusted = ring;
	return 0;
}

void weir_trust_exit(void)
{
	key_put(trusted);
	trusted = NULL;
}
