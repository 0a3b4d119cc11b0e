/* SPDX-License-Identifier: GPL-2.0 */
/* Which signatures and keys are strong enough; the kernel itself would take weaker ones. */
#ifndef WEIR_KMOD_STRENGTH_H
#define WEIR_KMOD_STRENGTH_H

#include "der.h"

/* RSA of 3072 bits. */
#define WEIR_RSA_BYTES_MIN 384u
/* And of 4096, which is the most that the kernel takes. */
#define WEIR_RSA_BYTES_MAX 512u

/**
 * weir_strength_signature() - look at a detached PKCS#7 signature without verifying it
 * @sig: DER
 * @n: bytes at @sig
 *
 * It must be one SignedData over detached data, without embedded certificates or revocation lists:
 * only certificates that the module was built with count. No signer may have signed attributes:
 * what is signed is the content itself. Every digest must be SHA-256, SHA-384 or SHA-512, and every
 * signature RSA of at least WEIR_RSA_BYTES_MIN bytes.
 *
 * Return: WEIR_E_OK; WEIR_E_SIGNATURE if it has another form; WEIR_E_DIGEST if it is weak.
 */
u32 weir_strength_signature(const u8 *sig, u32 n);

/**
 * struct weir_signature - what one signer put into a message
 * @digest: the name of the digest, as the crypto API has it
 * @p: the signature's number, inside the message
 * @n: bytes at @p
 */
struct weir_signature {
	const char *digest;
	const u8 *p;
	u32 n;
};

/**
 * weir_strength_signers() - start to read the signers of a message
 * @sig: DER
 * @n: bytes at @sig
 * @signers: set on success, for weir_strength_next()
 *
 * Return: false if the message is not as weir_strength_signature() wants it.
 */
bool weir_strength_signers(const u8 *sig, u32 n, struct weir_der *signers);

/**
 * weir_strength_next() - the next signer of a message
 * @signers: moved behind it
 * @out: set on success
 *
 * Return: false at the end, or at a signer that is not as it should be.
 */
bool weir_strength_next(struct weir_der *signers, struct weir_signature *out);

/**
 * weir_strength_rsa() - is a public RSA key long enough
 * @key: DER of an RSAPublicKey
 * @n: bytes at @key
 */
bool weir_strength_rsa(const u8 *key, u32 n);

#endif
