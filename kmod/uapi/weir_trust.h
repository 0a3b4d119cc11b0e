/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* Who may sign, and what may run. Part of weir.h. */
#ifndef _UAPI_WEIR_TRUST_H
#define _UAPI_WEIR_TRUST_H

/*
 * WEIR_IOC_TRUST (W): a signed trust list, as interpreter/trustlist.h lays it out. It takes the
 * place of the one in force, and on return whatever it revokes has left its slots: active content
 * as if it had tripped, with WEIR_QUARANTINE_REVOKED; last-good takes its place only if that is
 * not revoked as well. Order of checks: size, signature, form, version, that it says all that the
 * one in force says, signers as that one wants them, certificates. On refusal nothing changed and
 * @error says why: errnos as of WEIR_IOC_SUBMIT; EBADMSG: form or certificates, or it leaves out
 * something.
 */
struct weir_u_trust {
	__u32 size;
	__u32 flags; /* 0 */
	__u64 data; /* pointer */
	__u64 len;
	__u64 version; /* out; 0 before */
	struct weir_u_error error; /* out */
};

enum weir_u_key_origin { WEIR_KEY_BUILT_IN, WEIR_KEY_INTRODUCED };

/* WEIR_IOC_TRUSTED (R): the trust list in force, and a key that may sign, by index below nkeys */
struct weir_u_trusted {
	__u32 size;
	__u32 index; /* in; there is always a key 0 */
	__u64 version; /* of the list; 0: there is none */
	__u8 digest[32]; /* SHA-256 of the list without its signature */
	__u32 nkeys;
	__u32 origin; /* enum weir_u_key_origin */
	__u8 key[32]; /* id: SHA-256 of the public key */
	__u32 revoked; /* 1: what it signed does not count */
	__u32 reserved; /* 0 */
	char name[128]; /* of the certificate, as the kernel has it; terminated, maybe cut */
};

#define WEIR_IOC_TRUST _IOWR('W', 0x93, struct weir_u_trust)
#define WEIR_IOC_TRUSTED _IOWR('W', 0x94, struct weir_u_trusted)

#endif
