/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libweirload: every check between a channel file on disk and active content in the kernel.
 *
 * Each function returns 0, or -1 with the reason in a struct weir_refusal. Nothing is printed.
 */
#ifndef WEIR_LOAD_H
#define WEIR_LOAD_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <openssl/x509.h>

#include "templates.h"
#include "uapi/weir.h"

#define WEIR_API __attribute__((visibility("default")))

#define WEIR_TRUST_DIR "/etc/weir/trust"
#define WEIR_STATE_DIR "/var/lib/weir"
#define WEIR_DEVICE "/dev/weir"

#define WEIR_SIGNATURE_MAX 0x4000u /* bytes of a PKCS#7 signature, as in the kernel: 16 KiB */
#define WEIR_SIGNERS_MAX 16u /* signatures of one file, and the most that a policy can ask for */
#define WEIR_RSA_BITS_MIN 3072
#define WEIR_DIGEST_SIZE 32
#define WEIR_ANY_TIME ((time_t)-1) /* instead of a time: validity periods do not count */

/* The checks in their order; a refusal says at which one the work stopped. */
enum weir_step {
	WEIR_STEP_FILE,
	WEIR_STEP_TRAILER,
	WEIR_STEP_TRUST,
	WEIR_STEP_SIGNATURE,
	WEIR_STEP_DIGEST,
	WEIR_STEP_HEADER,
	WEIR_STEP_VERSION,
	WEIR_STEP_DEVICE,
	WEIR_STEP_SCHEMA,
	WEIR_STEP_CONTENT,
	WEIR_STEP_SAMPLES,
	WEIR_STEP_SUBMIT,
	WEIR_STEP_KERNEL_SAMPLES,
	WEIR_STEP_NAMES,
	WEIR_STEP_ACTIVATE,
	WEIR_STEP_STATE,
	WEIR_STEP_PROVE,
	WEIR_STEP_TRIAL,
	WEIR_STEP_END
};

/**
 * struct weir_refusal - what was refused, where, why, and what to do about it
 * @step: at which check
 * @code: one word for programs: a name of interpreter/errors.def or one of the loader's own
 * @what: what is wrong, a sentence without a full stop
 * @todo: what to do, or empty
 * @file: the file it is about, or empty
 * @channel: channel number, or 0
 * @at: section, offset, type, instance, field as far as they apply
 * @type: name of the Template Type, or empty
 * @field: name of the field, or empty; @kind: its kind, or empty
 * @uuid: of the instance, or empty
 * @title: of the instance as in the content, or empty; not to be printed unescaped
 *
 * Belongs to the caller. The strings are terminated.
 */
struct weir_refusal {
	enum weir_step step;
	char code[24];
	char what[640];
	char todo[320];
	char file[256];
	uint32_t channel;
	struct weir_error at;
	char type[WEIR_U_NAME];
	char field[WEIR_U_NAME];
	char kind[16];
	char uuid[37];
	char title[WEIR_TITLE_MAX + 1];
};

/* Names of a step, for people and for JSON, and of an enum weir_code as in errors.def. */
WEIR_API const char *weir_step_name(enum weir_step step);
WEIR_API const char *weir_code_name(uint32_t code);

/**
 * weir_refuse() - fill in a refusal
 * @r: the refusal; its @at is set to "nowhere"
 * @step: which check; @code: one word
 * @todo: what to do, or null
 * @fmt: what is wrong
 *
 * Return: always -1.
 */
WEIR_API int weir_refuse(struct weir_refusal *r, enum weir_step step, const char *code,
			 const char *todo, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Bytes on the heap. */
struct weir_blob {
	uint8_t *b;
	size_t n;
};

/**
 * weir_blob_read() - read a file of limited size
 * @path: its name, "-" for standard input
 * @max: bytes it may have; a larger file is refused without being read
 * @out: filled on success; free with weir_blob_free()
 * @r: the reason
 */
WEIR_API int weir_blob_read(const char *path, size_t max, struct weir_blob *out,
			    struct weir_refusal *r);
WEIR_API void weir_blob_free(struct weir_blob *b);

/**
 * weir_blob_write() - put a file in place so that the old or the new one is there at any instant
 * @path: its name
 * @p: bytes
 * @n: how many
 * @mode: permissions
 * @fresh: refuse if the file exists
 * @r: the reason
 *
 * A temporary file next to it is written, synced and renamed; the folder is synced.
 */
WEIR_API int weir_blob_write(const char *path, const void *p, size_t n, unsigned int mode,
			     int fresh, struct weir_refusal *r);

/* A signed file in two parts, both inside the blob. */
struct weir_signed {
	const uint8_t *content;
	uint32_t ncontent;
	const uint8_t *sig;
	uint32_t nsig;
};

#define WEIR_TRAILER_TEXT "~Module signature appended~\n"
#define WEIR_TRAILER_SIZE (12u + sizeof(WEIR_TRAILER_TEXT) - 1)
#define WEIR_FILE_MAX (WEIR_CONTENT_MAX + WEIR_SIGNATURE_MAX + WEIR_TRAILER_SIZE)

/**
 * weir_trailer_parse() - find the signature at the end of a file
 * @f: the file
 * @out: filled on success
 * @r: the reason
 */
WEIR_API int weir_trailer_parse(const struct weir_blob *f, struct weir_signed *out,
				struct weir_refusal *r);

/* Whether a file ends in the text that closes a trailer. */
WEIR_API int weir_trailer_present(const struct weir_blob *f);

/**
 * weir_trailer_put() - write what follows the signature
 * @nsig: bytes of the signature
 * @out: room for WEIR_TRAILER_SIZE bytes
 */
WEIR_API void weir_trailer_put(uint32_t nsig, uint8_t *out);

/* The trust folder in memory. */
struct weir_trust;

/**
 * weir_trust_open() - read certificates, revocation lists and policy
 * @dir: the folder
 * @out: set on success; free with weir_trust_close()
 * @r: the reason
 *
 * A file that cannot be understood is an error: no revocation list is lost to a typing error.
 */
WEIR_API int weir_trust_open(const char *dir, struct weir_trust **out, struct weir_refusal *r);
WEIR_API void weir_trust_close(struct weir_trust *t);

/* Signers that the folder's policy asks for of a channel, or with 0 of all; 1 if it is silent. */
WEIR_API uint32_t weir_trust_signers(const struct weir_trust *t, uint32_t channel);

/**
 * weir_cert_usable() - may this certificate sign content at this time
 * @x: the certificate
 * @now: the time
 * @r: the reason; its file is left to the caller
 *
 * Purpose and validity period.
 */
WEIR_API int weir_cert_usable(X509 *x, time_t now, struct weir_refusal *r);

/**
 * weir_cert_strong() - is the certificate's key strong enough
 * @x: the certificate
 * @r: the reason
 */
WEIR_API int weir_cert_strong(X509 *x, struct weir_refusal *r);

/* A certificate's subject on one line, non-ASCII escaped. */
WEIR_API void weir_cert_name(X509 *x, char *out, size_t n);

/* Who signed. */
struct weir_signers {
	uint32_t n; /* distinct, trusted, valid */
	char name[WEIR_SIGNERS_MAX][192];
	uint8_t key[WEIR_SIGNERS_MAX][WEIR_DIGEST_SIZE]; /* weir_cert_key() */
};

/**
 * weir_signature_check() - signature, signers, digest strength
 * @s: the file in two parts
 * @t: the trust folder
 * @need: distinct signers required
 * @now: the time that certificates must be valid at
 * @out: filled on success
 * @r: the reason
 */
WEIR_API int weir_signature_check(const struct weir_signed *s, const struct weir_trust *t,
				  uint32_t need, time_t now, struct weir_signers *out,
				  struct weir_refusal *r);

/* A SHA-256 as lower-case digits. */
WEIR_API void weir_hex(const uint8_t *p, char out[2 * WEIR_DIGEST_SIZE + 1]);
WEIR_API int weir_unhex(const char *s, uint8_t *out);

/* The highest version of a channel that was ever active on this host. */
struct weir_floor {
	uint64_t version; /* 0: never any */
	uint8_t digest[WEIR_DIGEST_SIZE]; /* SHA-256 of that content */
};

/**
 * weir_floor_read() - read a channel's version floor
 * @dir: the state folder
 * @channel: channel number
 * @out: filled on success; version 0 if there is no file yet
 * @r: the reason; a file that is damaged is never taken for a missing one
 */
WEIR_API int weir_floor_read(const char *dir, uint32_t channel, struct weir_floor *out,
			     struct weir_refusal *r);

/**
 * weir_floor_check() - may this version of this content be loaded
 * @floor: from weir_floor_read()
 * @want: the version, and the SHA-256 of its content
 * @r: the reason
 *
 * The version at the floor may be loaded again, after a reboot say, if it is the same content.
 */
WEIR_API int weir_floor_check(const struct weir_floor *floor, const struct weir_floor *want,
			      struct weir_refusal *r);

/**
 * weir_floor_raise() - raise a channel's version floor on disk
 * @dir: the state folder, made if missing
 * @channel: channel number
 * @to: the new floor; one that is not higher than what is on disk changes nothing
 * @r: the reason
 */
WEIR_API int weir_floor_raise(const char *dir, uint32_t channel, const struct weir_floor *to,
			      struct weir_refusal *r);

/**
 * weir_floor_lock() - keep other loaders away from a state folder
 * @dir: the state folder, made if missing
 * @fd: set on success; closing it ends the lock
 * @r: the reason
 */
WEIR_API int weir_floor_lock(const char *dir, int *fd, struct weir_refusal *r);

/* The Template Types that content is checked against, with their names. */
/* Bytes that the names of all enum values of a type may take. */
#define WEIR_LIVE_VALUES 4160u

struct weir_live_type {
	char name[WEIR_U_NAME];
	char field[WEIR_ARITY_MAX][WEIR_U_NAME];
	char values[WEIR_LIVE_VALUES]; /* of enum fields, joined by '|', each field's terminated */
	uint16_t values_at[WEIR_ARITY_MAX]; /* where those of a field begin */
	uint16_t values_end; /* of all; 0 is an empty text for fields that are no enum */
	uint64_t wanted;
	uint32_t armed;
};

struct weir_live {
	struct weir_schema schema; /* points to checked */
	struct weir_schema_type checked[WEIR_TYPES_MAX];
	struct weir_live_type type[WEIR_TYPES_MAX];
	int kernel; /* it came from the running kernel */
};

/* The built-in types; provided is what the module has code for. */
WEIR_API void weir_live_builtin(struct weir_live *out);

/**
 * weir_live_kernel() - the types of the running kernel
 * @fd: the device
 * @out: filled on success
 * @r: the reason
 */
WEIR_API int weir_live_kernel(int fd, struct weir_live *out, struct weir_refusal *r);

/**
 * weir_live_compare() - do the kernel's types and the built-in ones of the same id agree
 * @live: from weir_live_kernel()
 * @r: the reason
 */
WEIR_API int weir_live_compare(const struct weir_live *live, struct weir_refusal *r);

/**
 * weir_live_values() - note what the values of an enum field are called
 * @t: the type
 * @field: the field's number
 * @values: names joined by '|'
 *
 * Return: 0, or -1 if the type has too many.
 */
WEIR_API int weir_live_values(struct weir_live_type *t, uint32_t field, const char *values);

/* Index of a type in the schema, or -1. */
WEIR_API int weir_live_find(const struct weir_live *live, uint32_t id);

/**
 * weir_refuse_content() - a refusal of the core or of the kernel, with names for its numbers
 * @r: filled
 * @step: which check
 * @e: what the core or the kernel said
 * @v: the opened file, or null
 * @live: the types, or null
 *
 * Return: always -1.
 */
WEIR_API int weir_refuse_content(struct weir_refusal *r, enum weir_step step,
				 const struct weir_error *e, const struct weir_view *v,
				 const struct weir_live *live);

/**
 * weir_samples_run() - run a file's own sample events through the interpreter in this program
 * @v: verified content
 * @live: the types, for names
 * @r: the reason
 *
 * They are evaluated with the matching index and without; a difference is a refusal.
 */
WEIR_API int weir_samples_run(const struct weir_view *v, const struct weir_live *live,
			      struct weir_refusal *r);

/**
 * weir_samples_kernel() - run a file's own sample events through the kernel's interpreter
 * @fd: the device
 * @v: the content that was submitted
 * @live: the types, for names
 * @r: the reason
 */
WEIR_API int weir_samples_kernel(int fd, const struct weir_view *v, const struct weir_live *live,
				 struct weir_refusal *r);

struct weir_list;

/* Everything that is asked of a file before it is submitted. */
struct weir_check {
	const char *path; /* channel file, "-" for standard input */
	const char *trust;
	const char *state;
	const struct weir_live *live;
	uint32_t signers; /* more than the policy asks for; 0: as the policy says */
	time_t now;
};

/* What is known of a file that passed. Free with weir_checked_free(). */
struct weir_checked {
	struct weir_blob file;
	struct weir_signed parts;
	struct weir_view view;
	struct weir_about about;
	struct weir_signers signers;
	struct weir_floor floor; /* what the floor becomes once the content is active */
	struct weir_floor disk; /* what it is now */
	struct weir_trust *trust;
	struct weir_list *list; /* the trust list on disk */
};

/**
 * weir_check_signed() - the first half: size, trailer, signature, digest, header, trust list, floor
 * @c: what to check
 * @out: filled on success
 * @r: the reason
 */
WEIR_API int weir_check_signed(const struct weir_check *c, struct weir_checked *out,
			       struct weir_refusal *r);

/**
 * weir_check_content() - the second half: content against @c->live, then its sample events
 * @c: what to check
 * @k: from weir_check_signed()
 * @r: the reason
 */
WEIR_API int weir_check_content(const struct weir_check *c, const struct weir_checked *k,
				struct weir_refusal *r);
WEIR_API void weir_checked_free(struct weir_checked *k);

#endif
