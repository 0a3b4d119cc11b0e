// SPDX-License-Identifier: GPL-2.0
/* What a certificate must be for its owner to sign content. */
#include <stdio.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "private.h"

static void bio_text(BIO *bio, char *out, size_t n)
{
	int got = bio ? BIO_read(bio, out, (int)n - 1) : 0;

	out[got > 0 ? got : 0] = 0;
	BIO_free(bio);
}

void weir_cert_name(X509 *x, char *out, size_t n)
{
	BIO *bio = BIO_new(BIO_s_mem());

	if (bio)
		X509_NAME_print_ex(bio, X509_get_subject_name(x), 0, XN_FLAG_ONELINE);
	bio_text(bio, out, n);
}

void weir_time_text(const ASN1_TIME *t, char *out, size_t n)
{
	BIO *bio = BIO_new(BIO_s_mem());

	if (bio)
		ASN1_TIME_print_ex(bio, t, ASN1_DTFLGS_ISO8601);
	bio_text(bio, out, n);
}

static int check_period(X509 *x, const char *name, time_t now, struct weir_refusal *r)
{
	int before = X509_cmp_time(X509_get0_notBefore(x), &now);
	int after = X509_cmp_time(X509_get0_notAfter(x), &now);
	char when[40];

	if (!before || !after)
		return weir_refuse(r, WEIR_STEP_SIGNATURE, "CERTIFICATE", "replace the certificate",
				   "the certificate of %s has a malformed validity period", name);
	if (before > 0) {
		weir_time_text(X509_get0_notBefore(x), when, sizeof(when));
		return weir_refuse(r, WEIR_STEP_SIGNATURE, "NOT_YET_VALID",
				   "check this host's clock, or wait",
				   "the certificate of %s is not valid before %s", name, when);
	}
	if (after < 0) {
		weir_time_text(X509_get0_notAfter(x), when, sizeof(when));
		return weir_refuse(r, WEIR_STEP_SIGNATURE, "EXPIRED",
				   "sign again with a certificate that is valid now",
				   "the certificate of %s expired at %s", name, when);
	}
	return 0;
}

/*
 * An extended key usage, if there is one, must name code signing; a key usage, if there is one,
 * must name digital signatures; and one of the two must be there to say so.
 */
static int check_purpose(X509 *x, const char *name, struct weir_refusal *r)
{
	uint32_t flags = X509_get_extension_flags(x);
	const char *todo = "use a certificate with extended key usage codeSigning or key usage "
			   "digitalSignature";

	if (flags & EXFLAG_INVALID)
		return weir_refuse(r, WEIR_STEP_SIGNATURE, "CERTIFICATE", todo,
				   "the certificate of %s has malformed extensions", name);
	if (flags & EXFLAG_CRITICAL)
		return weir_refuse(r, WEIR_STEP_SIGNATURE, "CERTIFICATE", todo,
				   "the certificate of %s has an unknown critical extension", name);
	if (!(flags & (EXFLAG_XKUSAGE | EXFLAG_KUSAGE)))
		return weir_refuse(r, WEIR_STEP_SIGNATURE, "PURPOSE", todo,
				   "the certificate of %s does not say that it may sign code",
				   name);
	if ((flags & EXFLAG_XKUSAGE) && !(X509_get_extended_key_usage(x) & XKU_CODE_SIGN))
		return weir_refuse(r, WEIR_STEP_SIGNATURE, "PURPOSE", todo,
				   "the certificate of %s is for other purposes than code signing",
				   name);
	if ((flags & EXFLAG_KUSAGE) && !(X509_get_key_usage(x) & KU_DIGITAL_SIGNATURE))
		return weir_refuse(r, WEIR_STEP_SIGNATURE, "PURPOSE", todo,
				   "the key usage of the certificate of %s has no digitalSignature",
				   name);
	return 0;
}

int weir_cert_key(X509 *x, uint8_t *out, struct weir_refusal *r)
{
	unsigned int n;

	if (X509_pubkey_digest(x, EVP_sha256(), out, &n) == 1)
		return 0;
	return weir_refuse(r, WEIR_STEP_TRUST, "CERTIFICATE", "replace the certificate",
			   "a certificate has no public key");
}

int weir_cert_usable(X509 *x, time_t now, struct weir_refusal *r)
{
	char name[192];

	weir_cert_name(x, name, sizeof(name));
	if (check_purpose(x, name, r))
		return -1;
	return now == WEIR_ANY_TIME ? 0 : check_period(x, name, now, r);
}

int weir_cert_strong(X509 *x, struct weir_refusal *r)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	char name[192];

	weir_cert_name(x, name, sizeof(name));
	if (!key || !EVP_PKEY_is_a(key, "RSA"))
		return weir_refuse(r, WEIR_STEP_DIGEST, "DIGEST",
				   "sign with an RSA key of 3072 bits or more",
				   "the key of %s is not an RSA key", name);
	if (EVP_PKEY_get_bits(key) < WEIR_RSA_BITS_MIN)
		return weir_refuse(r, WEIR_STEP_DIGEST, "DIGEST",
				   "sign with an RSA key of 3072 bits or more",
				   "the RSA key of %s has %d bits; %d are required", name,
				   EVP_PKEY_get_bits(key), WEIR_RSA_BITS_MIN);
	return 0;
}
