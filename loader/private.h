/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of libweirload share among themselves. */
#ifndef WEIR_LOAD_PRIVATE_H
#define WEIR_LOAD_PRIVATE_H

#include "weirlist.h"

/* blob.c */

/* Say which file a refusal is about. Always -1. */
int weir_refusal_file(struct weir_refusal *r, const char *path);

/* Refuse with the text of errno. Always -1. */
int weir_refuse_errno(struct weir_refusal *r, enum weir_step step, const char *path,
		      const char *what);

/* Make durable what names a folder has. 0, or -1 and errno. */
int weir_sync_folder(const char *path);

/* Remove a file, durably; one that is not there is no error. */
int weir_blob_remove(const char *path, struct weir_refusal *r);

/* floor.c */

/* Make a folder, durably; one that is there is no error. 0, or -1 and errno. */
int weir_make_one(const char *path);

/* The same, and all folders above it. */
int weir_make_folder(const char *dir, struct weir_refusal *r);

/* Refuse a folder of the loader's state that anybody may write to. */
int weir_state_writers(const char *dir, struct weir_refusal *r);

/* trust.c */

#define WEIR_POLICY_MAX 256u /* channels that a policy can name */
#define WEIR_TRUST_FILE_MAX 0x100000u /* bytes of one file in the trust folder */

struct weir_trust {
	STACK_OF(X509) * certs;
	STACK_OF(X509_CRL) * crls;
	char *dir;
	uint32_t signers; /* that the policy asks for, of every channel */
	uint32_t nchannels; /* those that it asks more of */
	struct {
		uint32_t channel;
		uint32_t signers;
	} channel[WEIR_POLICY_MAX];
};

/**
 * weir_trust_introduce() - trust the certificates of a trust list as well
 * @t: the trust folder
 * @l: the list
 * @r: the reason
 */
int weir_trust_introduce(struct weir_trust *t, struct weir_trustlist l, struct weir_refusal *r);

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
