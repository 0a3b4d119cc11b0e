/* SPDX-License-Identifier: GPL-2.0 */
/* Who may sign content: certificates built into the module, and no others. */
#ifndef WEIR_KMOD_TRUST_H
#define WEIR_KMOD_TRUST_H

#include <linux/types.h>

struct key;
struct weir_error;

/* The certificates the module was built with: DER, one after the other. */
extern const u8 weir_certs[];
extern const u8 weir_certs_end[];

/**
 * weir_trust_init() - make the module's keyring from its built-in certificates
 *
 * Context: process context, may sleep.
 * Return: 0; -EKEYREJECTED if there is none or one is too weak; or what the kernel says of it.
 */
int weir_trust_init(void);

/**
 * weir_trust_exit() - drop the module's keyring
 */
void weir_trust_exit(void);

/**
 * weir_trust_keyring() - make a keyring that nobody can add to
 * @certs: X.509 certificates in DER, one after the other
 * @n: bytes at @certs
 *
 * Context: process context, may sleep.
 * Return: the keyring, for key_put(), or an ERR_PTR() as weir_trust_init().
 */
struct key *weir_trust_keyring(const u8 *certs, size_t n);

/**
 * weir_trust_check() - check the signature at the end of a file against a keyring
 * @ring: the keyring; never NULL
 * @file: content, signature and trailer
 * @n: bytes at @file
 * @content: on success, the bytes of content
 * @err: written only on failure: NO_SIGNATURE, SIGNATURE, SIGNER, DIGEST
 *
 * Context: process context, may sleep.
 * Return: 0; -ENOKEY for an unknown signer; -ENOMEM; -EKEYREJECTED otherwise.
 */
int weir_trust_check(struct key *ring, const u8 *file, u32 n, u32 *content, struct weir_error *err);

/**
 * weir_trust_verify() - weir_trust_check() against the module's own keyring
 * @file: as there
 * @n: as there
 * @content: as there
 * @err: as there
 */
int weir_trust_verify(const u8 *file, u32 n, u32 *content, struct weir_error *err);

#endif
