/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The trust list: one signed file that says what may not run and who may sign.
 * Documentation/trust.rst says what its entries mean and when a list is accepted.
 */
#ifndef WEIR_TRUSTLIST_H
#define WEIR_TRUSTLIST_H

#include "weir.h"

/* "WEIRTRL1", read as two little-endian u32. */
#define WEIR_LIST_MAGIC "WEIRTRL1"
#define WEIR_LIST_MAGIC_LO 0x52494557u
#define WEIR_LIST_MAGIC_HI 0x314c5254u
#define WEIR_LIST_FORMAT 1u

/* Header, at offset 0; behind it the entries, then certificates in DER, one after the other. */
#define WEIR_L_MAGIC 0u
#define WEIR_L_FORMAT 8u /* u32 WEIR_LIST_FORMAT */
#define WEIR_L_SIZE 12u /* u32 bytes of the list, all of it, without the signature */
#define WEIR_L_VERSION 16u /* u64 not 0 */
#define WEIR_L_NENTRIES 24u /* u32 */
#define WEIR_L_NCERTS 28u /* u32 bytes of certificates */
#define WEIR_LIST_HEADER 32u

/* An entry. Entries ascend by kind, channel, number and digest: one list has one encoding. */
#define WEIR_N_KIND 0u /* u32 enum weir_list_kind */
#define WEIR_N_CHANNEL 4u /* u32 */
#define WEIR_N_NUMBER 8u /* u64 */
#define WEIR_N_DIGEST 16u /* 32 bytes */
#define WEIR_SZ_LIST_ENTRY 48u

#define WEIR_LIST_ENTRIES_MAX 4096u
#define WEIR_LIST_CERTS_MAX 0x10000u
#define WEIR_LIST_MAX                                                                              \
	(WEIR_LIST_HEADER + WEIR_SZ_LIST_ENTRY * WEIR_LIST_ENTRIES_MAX + WEIR_LIST_CERTS_MAX)
#define WEIR_KEYS_MAX 16u /* keys that may sign, in all; so many signers a list can ask for */

/* What an entry says; members that it has no use for are zero. */
enum weir_list_kind {
	WEIR_LIST_CONTENT = 1, /* content with this SHA-256 must not run */
	WEIR_LIST_KEY, /* the key with this id must not sign */
	WEIR_LIST_BELOW, /* versions of the channel below the number must not run */
	WEIR_LIST_VERSION, /* this one version of the channel must not run */
	WEIR_LIST_SIGNERS, /* the channel, or with 0 each, needs so many distinct signers */
	WEIR_LIST_SIGNER, /* for the channel, or with 0 for trust lists, only such keys count */
	WEIR_LIST_END
};

/*
 * An opened list. It points into the bytes that it was opened on. All zero it is the empty list:
 * what every function takes for the list of a host that has none. Passed by value.
 */
struct weir_trustlist {
	const u8 *b;
	u32 n;
	u32 nentries;
	u32 certs; /* where the certificates begin */
	u32 ncerts; /* bytes of them */
};

struct weir_list_entry {
	u32 kind;
	u32 channel;
	u64 number;
	const u8 *digest; /* 32 bytes inside the list */
};

/**
 * weir_trustlist_open() - check all of a trust list but its certificates
 * @b: the list without its signature; kept by @out
 * @n: bytes at @b
 * @out: written only on success
 * @err: written only on failure; code and offset
 *
 * Context: any; does not sleep.
 * Return: WEIR_E_OK or the enum weir_code that is also in @err.
 */
u32 weir_trustlist_open(const u8 *b, u32 n, struct weir_trustlist *out, struct weir_error *err);

/**
 * weir_trustlist_version() - the version of a list
 * @l: an opened list
 *
 * Return: it; 0 of the empty list.
 */
u64 weir_trustlist_version(struct weir_trustlist l);

/**
 * weir_trustlist_entry() - read an entry
 * @l: an opened list
 * @i: its number
 * @out: written on success
 *
 * Return: 0, or -1 if there is no such entry.
 */
int weir_trustlist_entry(struct weir_trustlist l, u32 i, struct weir_list_entry *out);

/**
 * weir_trustlist_names() - whether a list has an entry
 * @l: an opened list
 * @kind: enum weir_list_kind
 * @channel: its channel
 * @number: its number
 * @digest: its digest, 32 bytes; NULL: all zero
 *
 * Return: 1 or 0.
 */
int weir_trustlist_names(struct weir_trustlist l, u32 kind, u32 channel, u64 number,
			 const u8 *digest);

/**
 * weir_trustlist_floor() - the lowest version of a channel that may run
 * @l: an opened list
 * @channel: number
 *
 * Return: the version; 0 if the list says nothing of it.
 */
u64 weir_trustlist_floor(struct weir_trustlist l, u32 channel);

/**
 * weir_trustlist_signers() - how many distinct signers a file needs
 * @l: an opened list
 * @channel: number of content; 0: the file is a trust list, for which the most of all counts
 *
 * Return: 1 to WEIR_KEYS_MAX.
 */
u32 weir_trustlist_signers(struct weir_trustlist l, u32 channel);

/**
 * weir_trustlist_may_sign() - whether the signature of a key counts
 * @l: an opened list
 * @channel: number of content; 0: the file is a trust list
 * @key: id of the key, 32 bytes: SHA-256 of the public key in its certificate
 *
 * Return: 1; 0 if the key is revoked, or others are named for the channel and it is not.
 */
int weir_trustlist_may_sign(struct weir_trustlist l, u32 channel, const u8 *key);

/**
 * weir_trustlist_extends() - whether a list says all that another one says
 * @l: an opened list
 * @old: the other one
 *
 * Versions are not looked at.
 *
 * Return: 1 if it has all entries of @old, and its certificates begin with those of @old; else 0.
 */
int weir_trustlist_extends(struct weir_trustlist l, struct weir_trustlist old);

#endif
