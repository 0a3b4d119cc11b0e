// SPDX-License-Identifier: GPL-2.0
/* The appended-signature trailer of the kernel: struct module_signature and the text behind it. */
#include <string.h>

#include "private.h"

/* struct module_signature, byte by byte: there is no exported header for it. */
enum {
	SIG_ALGO,
	SIG_HASH,
	SIG_ID_TYPE,
	SIG_SIGNER_LEN,
	SIG_KEY_ID_LEN,
	SIG_PAD,
	SIG_LEN = 8, /* big-endian */
	SIG_SIZE = 12
};

#define SIG_ID_PKCS7 2
#define TEXT_SIZE (sizeof(WEIR_TRAILER_TEXT) - 1)

_Static_assert(SIG_SIZE + TEXT_SIZE == WEIR_TRAILER_SIZE, "trailer size");

int weir_trailer_present(const struct weir_blob *f)
{
	return f->n >= TEXT_SIZE && !memcmp(f->b + f->n - TEXT_SIZE, WEIR_TRAILER_TEXT, TEXT_SIZE);
}

static int bad_trailer(struct weir_refusal *r, const char *what)
{
	return weir_refuse(r, WEIR_STEP_TRAILER, "TRAILER",
			   "sign the content again with weirc sign",
			   "the trailer behind the signature is malformed: %s", what);
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int check_info(const uint8_t *info, struct weir_refusal *r)
{
	if (info[SIG_ID_TYPE] != SIG_ID_PKCS7)
		return bad_trailer(r, "the signature is not said to be PKCS#7");
	if (info[SIG_ALGO] || info[SIG_HASH] || info[SIG_SIGNER_LEN] || info[SIG_KEY_ID_LEN])
		return bad_trailer(r, "a field that PKCS#7 does not use is not zero");
	if (info[SIG_PAD] || info[SIG_PAD + 1] || info[SIG_PAD + 2])
		return bad_trailer(r, "padding that is not zero");
	return 0;
}

int weir_trailer_parse(const struct weir_blob *f, struct weir_signed *out, struct weir_refusal *r)
{
	const char *todo = "sign the content with weirc sign, or copy the file again if it was cut";
	const uint8_t *info;
	uint32_t nsig;
	size_t rest;

	if (!f->n)
		return weir_refuse(r, WEIR_STEP_FILE, "EMPTY", "check where the file comes from",
				   "the file is empty");
	if (!weir_trailer_present(f))
		return weir_refuse(r, WEIR_STEP_TRAILER, "NO_SIGNATURE", todo,
				   "there is no signature at the end of the file");
	rest = f->n - TEXT_SIZE;
	if (rest < SIG_SIZE)
		return bad_trailer(r, "the file is shorter than a trailer");
	rest -= SIG_SIZE;
	info = f->b + rest;
	if (check_info(info, r))
		return -1;
	nsig = be32(info + SIG_LEN);
	if (!nsig || nsig > WEIR_SIGNATURE_MAX)
		return bad_trailer(r, "the signature's length is zero or above 16384");
	if (nsig > rest)
		return bad_trailer(r, "the signature is said to be longer than the file");
	rest -= nsig;
	if (!rest)
		return bad_trailer(r, "there is nothing before the signature");
	if (rest > WEIR_CONTENT_MAX)
		return weir_refuse(r, WEIR_STEP_FILE, "LARGE", "split the content into channels",
				   "the content is larger than the %u bytes that the format allows",
				   WEIR_CONTENT_MAX);
	out->content = f->b;
	out->ncontent = (uint32_t)rest;
	out->sig = f->b + rest;
	out->nsig = nsig;
	return 0;
}

void weir_trailer_put(uint32_t nsig, uint8_t *out)
{
	memset(out, 0, SIG_SIZE);
	out[SIG_ID_TYPE] = SIG_ID_PKCS7;
	out[SIG_LEN] = (uint8_t)(nsig >> 24);
	out[SIG_LEN + 1] = (uint8_t)(nsig >> 16);
	out[SIG_LEN + 2] = (uint8_t)(nsig >> 8);
	out[SIG_LEN + 3] = (uint8_t)nsig;
	memcpy(out + SIG_SIZE, WEIR_TRAILER_TEXT, TEXT_SIZE);
}
