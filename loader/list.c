// SPDX-License-Identifier: GPL-2.0
/* Trust lists: reading them, what they say of content, and what one asks of the next. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/err.h>
#include <openssl/sha.h>

#include "private.h"

#define MAKE_AGAIN "make it with weirc trustlist --base and the list in force"

static int refuse_form(struct weir_refusal *r, const struct weir_error *e)
{
	weir_refuse(r, WEIR_STEP_TRUST, weir_code_name(e->code),
		    "make the trust list with weirc trustlist", "%s", weir_strerror(e->code));
	r->at.offset = e->offset;
	return -1;
}

static int read_parts(struct weir_list *l, struct weir_refusal *r)
{
	struct weir_error e;

	l->parts.content = l->file.b;
	l->parts.ncontent = (uint32_t)l->file.n;
	if (weir_trailer_present(&l->file) && weir_trailer_parse(&l->file, &l->parts, r))
		return -1;
	if (weir_trustlist_open(l->parts.content, l->parts.ncontent, &l->list, &e))
		return refuse_form(r, &e);
	SHA256(l->parts.content, l->parts.ncontent, l->digest);
	return 0;
}

int weir_list_open(const char *path, struct weir_list **out, struct weir_refusal *r)
{
	struct weir_list *l = calloc(1, sizeof(*l));
	int ret;

	if (!l)
		return weir_refuse_errno(r, WEIR_STEP_TRUST, path, "cannot hold a trust list");
	ret = weir_blob_read(path, WEIR_LIST_FILE_MAX, &l->file, r) || read_parts(l, r);
	if (!ret) {
		*out = l;
		return 0;
	}
	weir_list_close(l);
	return r->file[0] ? -1 : weir_refusal_file(r, strcmp(path, "-") ? path : "standard input");
}

void weir_list_close(struct weir_list *l)
{
	if (!l)
		return;
	weir_blob_free(&l->file);
	free(l);
}

static int bad_certs(const char *what, struct weir_refusal *r)
{
	return weir_refuse(r, WEIR_STEP_TRUST, "LIST_CERTS", MAKE_AGAIN,
			   "the trust list's certificates: %s", what);
}

int weir_list_certs(struct weir_trustlist l, struct stack_st_X509 *out, struct weir_refusal *r)
{
	const unsigned char *p = l.b + l.certs, *end = p + l.ncerts;
	X509 *x;

	while (p < end) {
		x = d2i_X509(NULL, &p, end - p);
		if (!x) {
			ERR_clear_error();
			return bad_certs("one is not X.509 in DER", r);
		}
		if (weir_cert_strong(x, r)) {
			X509_free(x);
			return -1;
		}
		if (sk_X509_push(out, x) <= 0) {
			X509_free(x);
			return bad_certs("not enough memory", r);
		}
	}
	return 0;
}

/* How many keys the certificates are of; the kernel takes so many, its own included. */
static int check_certs(struct weir_trustlist l, struct weir_refusal *r)
{
	uint8_t id[WEIR_KEYS_MAX + 1][WEIR_DIGEST_SIZE];
	STACK_OF(X509) *certs = sk_X509_new_null();
	uint32_t n = 0, k;
	int i, ret;

	ret = certs ? weir_list_certs(l, certs, r) : bad_certs("not enough memory", r);
	for (i = 0; !ret && i < sk_X509_num(certs); i++) {
		ret = weir_cert_key(sk_X509_value(certs, i), id[n], r);
		for (k = 0; k < n && memcmp(id[k], id[n], WEIR_DIGEST_SIZE); k++)
			;
		n += k == n;
		if (!ret && n >= WEIR_KEYS_MAX)
			ret = bad_certs("they are of more keys than the kernel takes", r);
	}
	sk_X509_pop_free(certs, X509_free);
	return ret;
}

static int revoked(struct weir_refusal *r, const char *todo, const char *what, uint64_t list)
{
	return weir_refuse(r, WEIR_STEP_TRUST, "REVOKED", todo, "trust list %" PRIu64 " %s", list,
			   what);
}

/* Whether those who signed a file of a channel, or with 0 a trust list, are enough. */
static int check_signers(struct weir_trustlist l, uint32_t channel, const struct weir_signers *s,
			 struct weir_refusal *r)
{
	uint32_t need = weir_trustlist_signers(l, channel), n = 0, i;
	uint64_t version = weir_trustlist_version(l);
	const char *bad = NULL;

	for (i = 0; i < s->n; i++) {
		if (weir_trustlist_may_sign(l, channel, s->key[i]))
			n++;
		else if (weir_trustlist_names(l, WEIR_LIST_KEY, 0, 0, s->key[i]))
			bad = s->name[i];
	}
	if (n >= need)
		return 0;
	if (bad)
		return weir_refuse(r, WEIR_STEP_TRUST, "REVOKED",
				   "have the file signed with keys that are not revoked",
				   "trust list %" PRIu64 " revokes the key of %s, and %u of %u "
				   "signers that it asks for are left",
				   version, bad, n, need);
	return weir_refuse(r, WEIR_STEP_TRUST, "SIGNERS",
			   "have another signer that the list allows add a signature: weirc sign "
			   "--add",
			   "trust list %" PRIu64
			   " asks for %u distinct signers; of those that it allows, %u signed",
			   version, need, n);
}

int weir_list_permits(struct weir_trustlist l, const struct weir_checked *k, struct weir_refusal *r)
{
	uint64_t version = weir_trustlist_version(l), floor;
	const char *todo = "load a version that its publisher did not withdraw";
	const struct weir_about *a = &k->about;
	char what[120];

	if (weir_trustlist_names(l, WEIR_LIST_CONTENT, 0, 0, k->floor.digest))
		return revoked(r, todo, "revokes this very content", version);
	if (weir_trustlist_names(l, WEIR_LIST_VERSION, a->channel, a->version, NULL)) {
		snprintf(what, sizeof(what), "withdraws version %" PRIu64 " of channel %u",
			 a->version, a->channel);
		return revoked(r, todo, what, version);
	}
	floor = weir_trustlist_floor(l, a->channel);
	if (a->version < floor) {
		snprintf(what, sizeof(what),
			 "revokes what is below version %" PRIu64
			 " of channel %u; this is %" PRIu64,
			 floor, a->channel, a->version);
		return revoked(r, todo, what, version);
	}
	return check_signers(l, a->channel, &k->signers, r);
}

static int check_signature(const struct weir_list *now, const struct weir_list *next,
			   const struct weir_check *c, struct weir_signers *out,
			   struct weir_refusal *r)
{
	struct weir_trust *t;
	uint32_t need;
	int ret;

	if (!next->parts.sig)
		return weir_refuse(r, WEIR_STEP_TRAILER, "NO_SIGNATURE", "sign it with weirc sign",
				   "the trust list is not signed");
	if (weir_trust_open(c->trust, &t, r))
		return -1;
	need = weir_trust_signers(t, 0);
	if (c->signers > need)
		need = c->signers;
	ret = weir_trust_introduce(t, now->list, r) ||
	      weir_signature_check(&next->parts, t, need, c->now, out, r);
	weir_trust_close(t);
	return ret ? -1 : 0;
}

int weir_list_accept(const struct weir_list *now, const struct weir_list *next,
		     const struct weir_check *c, struct weir_signers *out, struct weir_refusal *r)
{
	uint64_t have = weir_trustlist_version(now->list);
	uint64_t want = weir_trustlist_version(next->list);

	if (check_signature(now, next, c, out, r))
		return -1;
	if (want <= have)
		return weir_refuse(r, WEIR_STEP_VERSION, "OLD_VERSION", MAKE_AGAIN,
				   "trust list %" PRIu64 " is not newer than %" PRIu64
				   ", which is in force",
				   want, have);
	if (!weir_trustlist_extends(next->list, now->list))
		return weir_refuse(r, WEIR_STEP_TRUST, "LIST_SHRUNK", MAKE_AGAIN,
				   "it leaves out what trust list %" PRIu64 ", in force, says",
				   have);
	if (check_signers(now->list, 0, out, r))
		return -1;
	return check_certs(next->list, r);
}
