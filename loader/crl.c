// SPDX-License-Identifier: GPL-2.0
/* Revocation lists of the trust folder. */
#include <stdio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "private.h"

static int bad_list(const struct weir_trust *t, const char *why, struct weir_refusal *r)
{
	weir_refuse(r, WEIR_STEP_TRUST, "CRL",
		    "put the issuer's current list and certificate into the trust folder",
		    "a revocation list for the signer's issuer %s", why);
	return weir_refusal_file(r, t->dir);
}

/* Who made a list is whoever in the folder has its issuer's name and a key that fits. */
static int list_verified(const struct weir_trust *t, X509_CRL *crl)
{
	int i;

	for (i = 0; i < sk_X509_num(t->certs); i++) {
		X509 *c = sk_X509_value(t->certs, i);

		if (X509_NAME_cmp(X509_get_subject_name(c), X509_CRL_get_issuer(crl)))
			continue;
		if (X509_CRL_verify(crl, X509_get0_pubkey(c)) == 1)
			return 1;
	}
	ERR_clear_error();
	return 0;
}

/* A list that says less than it seems to: a delta, or of part of the certificates. */
static int list_partial(X509_CRL *crl)
{
	return X509_CRL_get_ext_by_critical(crl, 1, -1) >= 0;
}

static int list_current(X509_CRL *crl, time_t now)
{
	const ASN1_TIME *last = X509_CRL_get0_lastUpdate(crl);
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);

	if (now == WEIR_ANY_TIME)
		return 1;
	if (X509_cmp_time(last, &now) >= 0)
		return 0;
	return !next || X509_cmp_time(next, &now) > 0;
}

static int refuse_revoked(X509 *x, X509_REVOKED *rev, struct weir_refusal *r)
{
	char name[192], when[40];

	weir_cert_name(x, name, sizeof(name));
	weir_time_text(X509_REVOKED_get0_revocationDate(rev), when, sizeof(when));
	return weir_refuse(r, WEIR_STEP_SIGNATURE, "REVOKED",
			   "sign again with a certificate that is not revoked",
			   "the certificate of %s was revoked at %s", name, when);
}

int weir_crl_check(const struct weir_trust *t, X509 *x, time_t now, struct weir_refusal *r)
{
	int i, lists = 0, current = 0;

	for (i = 0; i < sk_X509_CRL_num(t->crls); i++) {
		X509_CRL *crl = sk_X509_CRL_value(t->crls, i);
		X509_REVOKED *rev;

		if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_issuer_name(x)))
			continue;
		if (!list_verified(t, crl))
			return bad_list(t, "is not signed by a certificate in the trust folder", r);
		if (list_partial(crl))
			return bad_list(t, "is partial, or has a critical extension", r);
		if (X509_CRL_get0_by_cert(crl, &rev, x) == 1)
			return refuse_revoked(x, rev, r);
		lists++;
		current += list_current(crl, now);
	}
	if (lists && !current)
		return bad_list(t, "is out of date", r);
	return 0;
}
