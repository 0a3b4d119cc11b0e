// SPDX-License-Identifier: GPL-2.0
/* All checks of a channel file in their order, up to where it would be submitted. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <openssl/sha.h>

#include "doubts.h"
#include "private.h"
#include "weirstore.h"

static int check_signature(const struct weir_check *c, time_t now, struct weir_checked *out,
			   struct weir_refusal *r)
{
	uint32_t need;

	if (weir_list_stored(c->state, &out->list, r) ||
	    weir_trust_open(c->trust, &out->trust, r) ||
	    weir_trust_introduce(out->trust, out->list->list, r))
		return -1;
	need = weir_trust_signers(out->trust, 0);
	if (c->signers > need)
		need = c->signers;
	return weir_signature_check(&out->parts, out->trust, need, now, &out->signers, r);
}

/* Of what is to be loaded nothing is looked at before this: by now it is known who signed it. */
static int check_header(struct weir_checked *out, struct weir_refusal *r)
{
	struct weir_error e;

	if (weir_open(out->parts.content, out->parts.ncontent, &out->view, &e))
		return weir_refuse_content(r, WEIR_STEP_HEADER, &e, NULL, NULL);
	weir_about(&out->view, &out->about);
	out->floor.version = out->about.version;
	SHA256(out->parts.content, out->parts.ncontent, out->floor.digest);
	return 0;
}

/* What the policy and the trust list want of this channel. */
static int check_trust(const struct weir_checked *k, struct weir_refusal *r)
{
	uint32_t need = weir_trust_signers(k->trust, k->about.channel);

	if (k->signers.n < need)
		return weir_refuse(r, WEIR_STEP_SIGNATURE, "SIGNERS",
				   "have another trusted signer add a signature: weirc sign --add",
				   "%u distinct trusted signer%s signed the file; the policy asks "
				   "for %u for channel %u",
				   k->signers.n, k->signers.n == 1 ? "" : "s", need,
				   k->about.channel);
	return weir_list_permits(k->list->list, k, r);
}

static int check_version(const struct weir_check *c, struct weir_checked *out,
			 struct weir_refusal *r)
{
	if (weir_floor_read(c->state, out->about.channel, &out->disk, r))
		return -1;
	return weir_floor_check(&out->disk, &out->floor, r);
}

/* Which file, if the refusal is not about another one. */
static int name_file(const struct weir_check *c, struct weir_refusal *r)
{
	return r->file[0] ? -1
			  : weir_refusal_file(r, strcmp(c->path, "-") ? c->path : "standard input");
}

int weir_check_signed(const struct weir_check *c, struct weir_checked *out, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	if (weir_blob_read(c->path, WEIR_FILE_MAX, &out->file, r))
		return -1;
	if (weir_trailer_parse(&out->file, &out->parts, r) || check_signature(c, c->now, out, r) ||
	    check_header(out, r) || check_trust(out, r) || check_version(c, out, r)) {
		r->channel = out->about.channel;
		weir_checked_free(out);
		return name_file(c, r);
	}
	return 0;
}

/* By then the file is what its digest says; the entry has to say the same of it. */
static int check_entry(const struct weir_entry *e, struct weir_checked *out, struct weir_refusal *r)
{
	if (out->about.channel == e->channel && out->about.version == e->version)
		return 0;
	return weir_refuse(r, WEIR_STEP_HEADER, "STORE", "weirctl store rollback N",
			   "the file in the store is of channel %u version %" PRIu64
			   ", and its generation says otherwise",
			   out->about.channel, (uint64_t)out->about.version);
}

int weir_check_stored(const struct weir_check *c, const struct weir_entry *e,
		      struct weir_checked *out, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	if (weir_store_object(c->state, e, &out->file, r))
		return -1;
	if (!weir_trailer_parse(&out->file, &out->parts, r) &&
	    !check_signature(c, WEIR_ANY_TIME, out, r) && !check_header(out, r) &&
	    !check_trust(out, r) && !check_entry(e, out, r))
		return 0;
	r->channel = e->channel;
	weir_checked_free(out);
	return -1;
}

/* A file without a trailer is all content, and nobody's. */
static int read_parts(const struct weir_check *c, struct weir_checked *out,
		      struct weir_doubts *doubts, struct weir_refusal *r)
{
	if (weir_trailer_present(&out->file)) {
		if (weir_trailer_parse(&out->file, &out->parts, r))
			return -1;
		check_signature(c, c->now, out, &doubts->signature);
	} else {
		weir_trailer_parse(&out->file, &out->parts, &doubts->signature);
		out->parts.content = out->file.b;
		out->parts.ncontent = (uint32_t)out->file.n;
	}
	if (check_header(out, r))
		return -1;
	check_version(c, out, &doubts->version);
	return 0;
}

int weir_check_read(const struct weir_check *c, struct weir_checked *out,
		    struct weir_doubts *doubts, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	memset(doubts, 0, sizeof(*doubts));
	if (weir_blob_read(c->path, WEIR_FILE_MAX, &out->file, r))
		return -1;
	if (!read_parts(c, out, doubts, r))
		return 0;
	weir_checked_free(out);
	return name_file(c, r);
}

int weir_check_content(const struct weir_check *c, const struct weir_checked *k,
		       struct weir_refusal *r)
{
	uint32_t reached[WEIR_ACTION_WORDS];
	struct weir_error e;
	int ret;

	if (weir_verify(&k->view, &c->live->schema, &e) ||
	    weir_actions(&k->view, &c->live->schema, reached, &e))
		ret = weir_refuse_content(r, WEIR_STEP_CONTENT, &e, &k->view, c->live);
	else
		ret = weir_samples_run(&k->view, c->live, r);
	if (!ret)
		return 0;
	r->channel = k->about.channel;
	return name_file(c, r);
}

void weir_checked_free(struct weir_checked *k)
{
	weir_blob_free(&k->file);
	weir_trust_close(k->trust);
	weir_list_close(k->list);
}
