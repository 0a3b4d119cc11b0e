/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of libweirload share among themselves. */
#ifndef WEIR_LOAD_PRIVATE_H
#define WEIR_LOAD_PRIVATE_H

#include "weirload.h"

/* blob.c */

/* Say which file a refusal is about. Always -1. */
int weir_refusal_file(struct weir_refusal *r, const char *path);

/* Refuse with the text of errno. Always -1. */
int weir_refuse_errno(struct weir_refusal *r, enum weir_step step, const char *path,
		      const char *what);

/* trust.c */

#define WEIR_TRUST_FILE_MAX 0x100000u /* bytes of one file in the trust folder */

struct weir_trust {
	STACK_OF(X509) * certs;
	STACK_OF(X509_CRL) * crls;
	char *dir;
	uint32_t signers;
};

/* crl.c */

/**
 * weir_crl_check() - is a certificate revoked
 * @t: the trust folder
 * @x: the certificate
 * @now: the time that revocation lists must be valid at
 * @r: the reason
 *
 * A list of the certificate's issuer that cannot be verified, or is out of date, is a refusal too.
 */
int weir_crl_check(const struct weir_trust *t, X509 *x, time_t now, struct weir_refusal *r);

/* cert.c */

/* The text of a time, in UTC. */
void weir_time_text(const ASN1_TIME *t, char *out, size_t n);

/* usernames.c */

/* The host's users by ascending id, each once; the caller frees. */
int weir_names_read(struct weir_u_name **out, uint32_t *n, struct weir_refusal *r);

#endif
