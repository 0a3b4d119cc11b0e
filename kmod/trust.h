/* SPDX-License-Identifier: GPL-2.0 */
/* Who may sign, and what may run: built-in certificates, and the trust list in force. */
#ifndef WEIR_KMOD_TRUST_H
#define WEIR_KMOD_TRUST_H

#include <crypto/sha2.h>
#include <linux/types.h>

#include "../interpreter/trustlist.h"

struct key;
struct weir_content;
struct weir_u_trust;
struct weir_u_trusted;

/* The certificates the module was built with: DER, one after the other. */
extern const u8 weir_certs[];
extern const u8 weir_certs_end[];

/**
 * struct weir_signer - a key that may sign
 * @key: the certificate that it came with
 * @id: SHA-256 of the public key
 * @introduced: by a trust list; else it was built in
 */
struct weir_signer {
	struct key *key;
	u8 id[SHA256_DIGEST_SIZE];
	bool introduced;
};

/**
 * struct weir_signers - all keys that may sign
 * @ring: holds a keyring for each certificate
 * @n: keys
 * @signer: the keys, in the order of the certificates; a mask of signers has bit i for key i
 */
struct weir_signers {
	struct key *ring;
	u32 n;
	struct weir_signer signer[WEIR_KEYS_MAX];
};

/**
 * struct weir_signed - what is known of a file with a good signature
 * @content: bytes before the signature
 * @signers: which keys made it; never 0
 */
struct weir_signed {
	u32 content;
	u32 signers;
};

/**
 * weir_signers_make() - keyrings that nobody can add to
 * @certs: built-in X.509 certificates in DER, one after the other
 * @n: bytes at @certs
 * @more: those that a trust list introduces
 * @nmore: bytes at @more
 * @out: filled on success, for weir_signers_free()
 *
 * Context: process context, may sleep.
 * Return: 0; -EKEYREJECTED if none is built in, one is too weak or there are too many keys; or what
 * the kernel says of one.
 */
int weir_signers_make(const u8 *certs, size_t n, const u8 *more, size_t nmore,
		      struct weir_signers *out);

/**
 * weir_signers_free() - the mirror of weir_signers_make()
 * @who: emptied
 */
void weir_signers_free(struct weir_signers *who);

/**
 * weir_trust_check() - check the signature at the end of a file
 * @who: keys that may have made it
 * @file: content, signature and trailer
 * @n: bytes at @file
 * @out: filled on success
 * @err: written only on failure: NO_SIGNATURE, SIGNATURE, SIGNER, DIGEST, NO_MEMORY
 *
 * Whether the trust list has something against the signers is not looked at.
 *
 * Context: process context, may sleep.
 * Return: 0; -ENOKEY for an unknown signer; -ENOMEM; -EKEYREJECTED otherwise.
 */
int weir_trust_check(const struct weir_signers *who, const u8 *file, u32 n, struct weir_signed *out,
		     struct weir_error *err);

/**
 * weir_trust_init() - trust the module's built-in certificates, with no list in force
 *
 * Context: process context, may sleep.
 * Return: as weir_signers_make().
 */
int weir_trust_init(void);

/**
 * weir_trust_start() - weir_trust_init() with other certificates; for tests
 * @certs: as weir_signers_make()
 * @n: as there
 */
int weir_trust_start(const u8 *certs, size_t n);

/**
 * weir_trust_exit() - trust nobody any more
 */
void weir_trust_exit(void);

/**
 * weir_trust_verify() - weir_trust_check() against the keys in force
 * @file: as there
 * @n: as there
 * @out: as there
 * @err: as there
 *
 * Context: as there, under weir_store.submit_lock.
 */
int weir_trust_verify(const u8 *file, u32 n, struct weir_signed *out, struct weir_error *err);

/**
 * weir_trust_permits() - what the trust list in force says of content
 * @ct: opened content
 * @err: written only on failure: REVOKED, SIGNERS
 *
 * Context: under weir_store.submit_lock or weir_store.lock.
 * Return: 0; -EKEYREVOKED if it is revoked; -ENOKEY if too few signed it that may.
 */
int weir_trust_permits(const struct weir_content *ct, struct weir_error *err);

/**
 * weir_trust_submit() - check a signed trust list and put it in force
 * @data: user memory
 * @len: bytes at @data
 * @version: set on success
 * @err: why it was refused
 *
 * What it revokes has left its slots when this returns.
 *
 * Context: process context, may sleep.
 * Return: 0 or what WEIR_IOC_TRUST documents; then nothing has changed.
 */
int weir_trust_submit(const void __user *data, u64 len, u64 *version, struct weir_error *err);

/**
 * weir_trust_take() - weir_trust_submit() of a list in the kernel's memory
 * @file: the list with its signature, from kvmalloc(); on success it is not the caller's any more
 * @n: bytes at @file
 * @version: as there
 * @err: as there
 *
 * Context: process context, may sleep; under weir_store.submit_lock.
 */
int weir_trust_take(u8 *file, u32 n, u64 *version, struct weir_error *err);

/**
 * weir_trust_describe() - the list in force and one of the keys
 * @out: index is read; filled but for size and index
 *
 * Context: process context, may sleep.
 * Return: 0, or -ENOENT if there is no such key.
 */
int weir_trust_describe(struct weir_u_trusted *out);

#endif
