// SPDX-License-Identifier: GPL-2.0
/* The PKCS#7 signature: who made it, whether it fits, whether it is strong enough. */
#include <stdio.h>
#include <string.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "private.h"

#define SIGN_AGAIN "sign the content again with weirc sign"
#define FETCH_AGAIN "get the file again from its source; do not load it"

/* What one pass over the signatures of a file finds out. */
struct verdict {
	X509 *good[WEIR_SIGNERS_MAX]; /* distinct keys; borrowed from the trust folder */
	uint32_t ngood;
	int spoiled; /* a known signer does not count, and why says the reason */
	struct weir_refusal why;
};

static int refuse_form(struct weir_refusal *r, const char *what)
{
	return weir_refuse(r, WEIR_STEP_SIGNATURE, "SIGNATURE", SIGN_AGAIN, "%s", what);
}

static CMS_ContentInfo *parse(const struct weir_signed *s, struct weir_refusal *r)
{
	const unsigned char *p = s->sig;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)s->nsig);

	if (!cms || p != s->sig + s->nsig) {
		CMS_ContentInfo_free(cms);
		refuse_form(r, "the signature is not a PKCS#7 message, or bytes follow it");
		return NULL;
	}
	return cms;
}

/* Signed attributes would be signed in the content's place; what is signed starts with magic. */
static int check_form(CMS_ContentInfo *cms, struct weir_refusal *r)
{
	STACK_OF(CMS_SignerInfo) * all;
	int i;

	if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
		return refuse_form(r, "the PKCS#7 message is not signed data");
	if (OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_pkcs7_data)
		return refuse_form(r, "the signature is not over plain data");
	if (CMS_is_detached(cms) != 1)
		return refuse_form(r, "the signature is not detached: it holds content of its own");
	all = CMS_get0_SignerInfos(cms);
	if (sk_CMS_SignerInfo_num(all) < 1)
		return refuse_form(r, "the PKCS#7 message holds no signature");
	if (sk_CMS_SignerInfo_num(all) > (int)WEIR_SIGNERS_MAX)
		return refuse_form(r, "the PKCS#7 message holds more than 16 signatures");
	for (i = 0; i < sk_CMS_SignerInfo_num(all); i++)
		if (CMS_signed_get_attr_count(sk_CMS_SignerInfo_value(all, i)) >= 0)
			return refuse_form(r,
					   "the signature has signed attributes; none are allowed");
	return 0;
}

static int digest_nid(CMS_SignerInfo *si)
{
	X509_ALGOR *dig, *alg;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, &dig, &alg);
	return OBJ_obj2nid(dig->algorithm);
}

static int scheme_nid(CMS_SignerInfo *si)
{
	X509_ALGOR *dig, *alg;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, &dig, &alg);
	return OBJ_obj2nid(alg->algorithm);
}

/*
 * Without signed attributes a signature is over the content itself. Verified here one by one, with
 * the digest that this signer names, because a message may carry signers that are not known here.
 */
static int fits(CMS_SignerInfo *si, X509 *x, const struct weir_signed *s)
{
	const ASN1_OCTET_STRING *sig = CMS_SignerInfo_get0_signature(si);
	const EVP_MD *md = EVP_get_digestbynid(digest_nid(si));
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int ok = 0;

	if (ctx && md && sig && EVP_DigestVerifyInit(ctx, NULL, md, NULL, X509_get0_pubkey(x)) == 1)
		ok = EVP_DigestVerify(ctx, ASN1_STRING_get0_data(sig),
				      (size_t)ASN1_STRING_length(sig), s->content,
				      s->ncontent) == 1;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

static int refuse_unknown(CMS_SignerInfo *si, const struct weir_trust *t, struct weir_refusal *r)
{
	ASN1_OCTET_STRING *keyid = NULL;
	X509_NAME *issuer = NULL;
	ASN1_INTEGER *serial = NULL;
	const char *todo = "sign with a trusted key, or put the signer's certificate into the "
			   "trust folder";
	char name[160] = "?", hex[64] = "?";
	BIO *bio = BIO_new(BIO_s_mem());
	int n;

	if (bio && CMS_SignerInfo_get0_signer_id(si, &keyid, &issuer, &serial) == 1 && issuer) {
		X509_NAME_print_ex(bio, issuer, 0, XN_FLAG_ONELINE);
		n = BIO_read(bio, name, sizeof(name) - 1);
		name[n > 0 ? n : 0] = 0;
		i2a_ASN1_INTEGER(bio, serial);
		n = BIO_read(bio, hex, sizeof(hex) - 1);
		hex[n > 0 ? n : 0] = 0;
	}
	BIO_free(bio);
	return weir_refuse(r, WEIR_STEP_SIGNATURE, "SIGNER", todo,
			   "no certificate in %s made the signature of issuer %s, serial %s",
			   t->dir, name, hex);
}

static int check_scheme(CMS_SignerInfo *si, struct weir_refusal *r)
{
	if (scheme_nid(si) == NID_rsaEncryption)
		return 0;
	return weir_refuse(r, WEIR_STEP_DIGEST, "DIGEST", SIGN_AGAIN,
			   "the signature's scheme is not RSA as PKCS#1 v1.5 defines it");
}

static void spoil(struct verdict *v, const struct weir_refusal *why)
{
	if (v->spoiled)
		return;
	v->spoiled = 1;
	v->why = *why;
}

static void count_signer(struct verdict *v, X509 *x)
{
	uint32_t i;

	for (i = 0; i < v->ngood; i++)
		if (EVP_PKEY_eq(X509_get0_pubkey(v->good[i]), X509_get0_pubkey(x)) == 1)
			return;
	v->good[v->ngood++] = x;
}

/* A known signer's signature that does not fit refuses the file; an unknown one does not count. */
static int judge(CMS_SignerInfo *si, const struct weir_signed *s, const struct weir_trust *t,
		 time_t now, struct verdict *v, struct weir_refusal *r)
{
	struct weir_refusal why;
	int i, known = 0;
	X509 *x = NULL;

	for (i = 0; i < sk_X509_num(t->certs); i++) {
		x = sk_X509_value(t->certs, i);
		if (CMS_SignerInfo_cert_cmp(si, x))
			continue;
		known = 1;
		if (check_scheme(si, r))
			return -1;
		if (fits(si, x, s))
			break;
	}
	if (!known) {
		refuse_unknown(si, t, &why);
		spoil(v, &why);
		return 0;
	}
	if (i == sk_X509_num(t->certs))
		return weir_refuse(r, WEIR_STEP_SIGNATURE, "SIGNATURE", FETCH_AGAIN,
				   "the signature does not fit the content: one was changed");
	if (weir_cert_usable(x, now, &why) || weir_crl_check(t, x, now, &why))
		spoil(v, &why);
	else
		count_signer(v, x);
	return 0;
}

static int check_number(const struct verdict *v, uint32_t need, struct weir_refusal *r)
{
	char more[400] = "";

	if (v->ngood >= need)
		return 0;
	if (!v->ngood) {
		*r = v->why;
		return -1;
	}
	if (v->spoiled)
		snprintf(more, sizeof(more), "; of another, %.380s", v->why.what);
	return weir_refuse(r, WEIR_STEP_SIGNATURE, "SIGNERS",
			   "have another trusted signer add a signature: weirc sign --add",
			   "%u distinct trusted signer%s signed the file; %u are required%s",
			   v->ngood, v->ngood == 1 ? "" : "s", need, more);
}

static int check_digest(CMS_SignerInfo *si, struct weir_refusal *r)
{
	int nid = digest_nid(si);
	const char *name = OBJ_nid2sn(nid);

	if (nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512)
		return weir_refuse(r, WEIR_STEP_DIGEST, "DIGEST",
				   "sign with SHA-256 or stronger; weirc sign does",
				   "the signature's digest is %s; SHA-256 or stronger is required",
				   name ? name : "unknown");
	return 0;
}

static int check_strength(CMS_ContentInfo *cms, const struct verdict *v, struct weir_refusal *r)
{
	STACK_OF(CMS_SignerInfo) *all = CMS_get0_SignerInfos(cms);
	uint32_t i;

	for (i = 0; i < (uint32_t)sk_CMS_SignerInfo_num(all); i++)
		if (check_digest(sk_CMS_SignerInfo_value(all, (int)i), r))
			return -1;
	for (i = 0; i < v->ngood; i++)
		if (weir_cert_strong(v->good[i], r))
			return -1;
	return 0;
}

int weir_signature_check(const struct weir_signed *s, const struct weir_trust *t, uint32_t need,
			 time_t now, struct weir_signers *out, struct weir_refusal *r)
{
	CMS_ContentInfo *cms = parse(s, r);
	STACK_OF(CMS_SignerInfo) * all;
	struct verdict v = { .ngood = 0 };
	int i, ret = -1;

	if (!cms || check_form(cms, r))
		goto out;
	all = CMS_get0_SignerInfos(cms);
	for (i = 0; i < sk_CMS_SignerInfo_num(all); i++)
		if (judge(sk_CMS_SignerInfo_value(all, i), s, t, now, &v, r))
			goto out;
	if (check_number(&v, need, r) || check_strength(cms, &v, r))
		goto out;
	out->n = v.ngood;
	ret = 0;
	for (i = 0; i < (int)v.ngood && !ret; i++) {
		weir_cert_name(v.good[i], out->name[i], sizeof(out->name[i]));
		ret = weir_cert_key(v.good[i], out->key[i], r);
	}
out:
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return ret;
}
