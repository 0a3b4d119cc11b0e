/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libweirload's trust lists: what revokes content and keys, introduces keys, and asks for signers.
 * Documentation/trust.rst says what they mean. Returns as weirload.h says.
 *
 * All lists that this host accepted are kept, in the folder lists of its state folder: one may be
 * signed by keys that the one before introduced, so a kernel that has none gets all, one by one.
 */
#ifndef WEIR_LOAD_LIST_H
#define WEIR_LOAD_LIST_H

#include "trustlist.h"
#include "weirload.h"

#define WEIR_LIST_FILE_MAX (WEIR_LIST_MAX + WEIR_SIGNATURE_MAX + WEIR_TRAILER_SIZE)

/* The id of a certificate's key: SHA-256 of the public key. */
WEIR_API int weir_cert_key(X509 *x, uint8_t *out, struct weir_refusal *r);

/* A trust list in memory. */
struct weir_list {
	struct weir_blob file;
	struct weir_signed parts; /* sig is null if the list is not signed */
	struct weir_trustlist list; /* the empty one if there is no file */
	uint8_t digest[WEIR_DIGEST_SIZE]; /* SHA-256 of the list without its signature */
};

/**
 * weir_list_open() - read a trust list, signed or not
 * @path: the file, "-" for standard input
 * @out: set on success; free with weir_list_close()
 * @r: the reason
 *
 * Whoever signed it is not looked at.
 */
WEIR_API int weir_list_open(const char *path, struct weir_list **out, struct weir_refusal *r);
WEIR_API void weir_list_close(struct weir_list *l);

/**
 * weir_list_certs() - the certificates that a list introduces
 * @l: the list
 * @out: gets them, in their order; the caller frees them, after a failure too
 * @r: the reason
 *
 * Each must be strong enough to sign.
 */
WEIR_API int weir_list_certs(struct weir_trustlist l, struct stack_st_X509 *out,
			     struct weir_refusal *r);

/**
 * weir_list_permits() - what a list says of content
 * @l: the list
 * @k: the content and who signed it
 * @r: the reason
 */
WEIR_API int weir_list_permits(struct weir_trustlist l, const struct weir_checked *k,
			       struct weir_refusal *r);

/**
 * weir_list_accept() - may a list take the place of another one, as the kernel sees it
 * @now: the one in force
 * @next: the one to come; signed
 * @c: trust folder, signers and time; what it says of a policy counts, too
 * @out: who signed it, filled on success
 * @r: the reason
 */
WEIR_API int weir_list_accept(const struct weir_list *now, const struct weir_list *next,
			      const struct weir_check *c, struct weir_signers *out,
			      struct weir_refusal *r);

/**
 * weir_list_stored() - the newest list that this host accepted
 * @state: the state folder
 * @out: set on success, to the empty list if there is none; free with weir_list_close()
 * @r: the reason; a file that is damaged is never taken for a missing one
 */
WEIR_API int weir_list_stored(const char *state, struct weir_list **out, struct weir_refusal *r);

/**
 * weir_list_keep() - put a list on disk
 * @state: the state folder, made if missing
 * @l: the list, accepted
 * @r: the reason
 */
WEIR_API int weir_list_keep(const char *state, const struct weir_list *l, struct weir_refusal *r);

/**
 * weir_list_hand_over() - bring the kernel up to the lists on disk; for load and at boot
 * @fd: the device, open for writing
 * @state: the state folder
 * @r: the reason
 *
 * A kernel that has the newest of them, or a newer one, is left alone.
 */
WEIR_API int weir_list_hand_over(int fd, const char *state, struct weir_refusal *r);

#endif
