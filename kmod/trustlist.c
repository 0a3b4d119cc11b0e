// SPDX-License-Identifier: GPL-2.0
/* The trust list in force: what it takes to replace it, and what it says of content. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/err.h>
#include <linux/key.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "decision.h"
#include "store.h"
#include "trust.h"

/* Longest file taken: a list, a signature, and the trailer behind it. */
#define FILE_MAX (WEIR_LIST_MAX + WEIR_SIGNATURE_MAX + 64u)

/*
 * Everything that is trusted. Changed under weir_store.submit_lock and weir_store.lock, read under
 * either. A list only ever adds certificates behind those that are there: a key stays the key that
 * a bit of weir_content.signers stands for.
 */
static struct {
	const u8 *certs; /* built in */
	size_t ncerts;
	struct weir_signers signers;
	u8 *file; /* of the list in force; NULL: there is none, and @list is the empty one */
	struct weir_trustlist list;
	u8 digest[SHA256_DIGEST_SIZE]; /* of the list without its signature */
} trust;

int weir_trust_start(const u8 *certs, size_t n)
{
	trust.certs = certs;
	trust.ncerts = n;
	return weir_signers_make(certs, n, NULL, 0, &trust.signers);
}

int weir_trust_init(void)
{
	return weir_trust_start(weir_certs, weir_certs_end - weir_certs);
}

void weir_trust_exit(void)
{
	weir_signers_free(&trust.signers);
	kvfree(trust.file);
	memset(&trust, 0, sizeof(trust));
}

int weir_trust_verify(const u8 *file, u32 n, struct weir_signed *out, struct weir_error *err)
{
	lockdep_assert_held(&weir_store.submit_lock);
	return weir_trust_check(&trust.signers, file, n, out, err);
}

static int refuse(struct weir_error *err, u32 code, int ret)
{
	err->code = code;
	return ret;
}

/* Whether those who signed a file of a channel, or with channel 0 a trust list, are enough. */
static int check_signers(u32 channel, u32 signers, struct weir_error *err)
{
	bool revoked = false;
	u32 i, n = 0;

	for (i = 0; i < trust.signers.n; i++) {
		const u8 *id = trust.signers.signer[i].id;

		if (!(signers & BIT(i)))
			continue;
		if (weir_trustlist_may_sign(trust.list, channel, id))
			n++;
		else if (weir_trustlist_names(trust.list, WEIR_LIST_KEY, 0, 0, id))
			revoked = true;
	}
	if (n >= weir_trustlist_signers(trust.list, channel))
		return 0;
	return revoked ? refuse(err, WEIR_E_REVOKED, -EKEYREVOKED)
		       : refuse(err, WEIR_E_SIGNERS, -ENOKEY);
}

int weir_trust_permits(const struct weir_content *ct, struct weir_error *err)
{
	const struct weir_about *a = &ct->about;

	lockdep_assert(lockdep_is_held(&weir_store.submit_lock) ||
		       lockdep_is_held(&weir_store.lock));
	if (weir_trustlist_names(trust.list, WEIR_LIST_CONTENT, 0, 0, ct->digest) ||
	    weir_trustlist_names(trust.list, WEIR_LIST_VERSION, a->channel, a->version, NULL) ||
	    a->version < weir_trustlist_floor(trust.list, a->channel))
		return refuse(err, WEIR_E_REVOKED, -EKEYREVOKED);
	return check_signers(a->channel, ct->signers, err);
}

/* What the list in force asks of the one that is to replace it. */
static int check_successor(struct weir_trustlist list, u32 signers, struct weir_error *err)
{
	if (weir_trustlist_version(list) <= weir_trustlist_version(trust.list)) {
		err->offset = WEIR_L_VERSION;
		return refuse(err, WEIR_E_OLD_VERSION, -ESTALE);
	}
	if (!weir_trustlist_extends(list, trust.list))
		return refuse(err, WEIR_E_LIST_SHRUNK, -EBADMSG);
	return check_signers(0, signers, err);
}

static int make_signers(struct weir_trustlist list, struct weir_signers *out,
			struct weir_error *err)
{
	int ret =
		weir_signers_make(trust.certs, trust.ncerts, list.b + list.certs, list.ncerts, out);

	if (!ret || ret == -ENOMEM)
		return ret;
	err->offset = list.certs;
	return refuse(err, WEIR_E_LIST_CERTS, -EBADMSG);
}

static void put_in_force(u8 *file, struct weir_trustlist list, const struct weir_signers *signers)
{
	struct weir_decision d = { .what = WEIR_DECIDED_TRUST };
	struct weir_signers old = trust.signers;

	mutex_lock(&weir_store.lock);
	kvfree(trust.file);
	trust.file = file;
	trust.list = list;
	trust.signers = *signers;
	sha256(list.b, list.n, trust.digest);
	d.version = weir_trustlist_version(list);
	d.digest = trust.digest;
	weir_decided(&d);
	weir_store_revoke();
	mutex_unlock(&weir_store.lock);
	weir_signers_free(&old);
	pr_info("trust list %llu is in force\n", weir_trustlist_version(list));
}

int weir_trust_take(u8 *file, u32 n, u64 *version, struct weir_error *err)
{
	struct weir_signers signers;
	struct weir_trustlist list;
	struct weir_signed sig;
	int ret;

	ret = weir_trust_verify(file, n, &sig, err);
	if (ret)
		return ret;
	if (weir_trustlist_open(file, sig.content, &list, err))
		return -EBADMSG;
	ret = check_successor(list, sig.signers, err) ?: make_signers(list, &signers, err);
	if (ret)
		return ret;
	*version = weir_trustlist_version(list);
	put_in_force(file, list, &signers);
	return 0;
}

static int submit(const void __user *data, u32 len, u64 *version, struct weir_error *err)
{
	u8 *file = vmemdup_user(data, len);
	int ret;

	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = weir_trust_take(file, len, version, err);
	if (ret)
		kvfree(file);
	return ret;
}

int weir_trust_submit(const void __user *data, u64 len, u64 *version, struct weir_error *err)
{
	int ret;

	if (!len)
		return refuse(err, WEIR_E_SHORT, -EBADMSG);
	if (len > FILE_MAX)
		return refuse(err, WEIR_E_LARGE, -EFBIG);
	if (mutex_lock_killable(&weir_store.submit_lock))
		return -EINTR;
	ret = submit(data, len, version, err);
	mutex_unlock(&weir_store.submit_lock);
	return ret == -ENOMEM ? refuse(err, WEIR_E_NO_MEMORY, ret) : ret;
}

int weir_trust_describe(struct weir_u_trusted *out)
{
	const struct weir_signer *s;
	int ret = -ENOENT;

	mutex_lock(&weir_store.lock);
	if (out->index >= trust.signers.n)
		goto out;
	s = &trust.signers.signer[array_index_nospec(out->index, WEIR_KEYS_MAX)];
	out->version = weir_trustlist_version(trust.list);
	memcpy(out->digest, trust.digest, sizeof(out->digest));
	out->nkeys = trust.signers.n;
	out->origin = s->introduced ? WEIR_KEY_INTRODUCED : WEIR_KEY_BUILT_IN;
	out->revoked = weir_trustlist_names(trust.list, WEIR_LIST_KEY, 0, 0, s->id);
	memcpy(out->key, s->id, sizeof(out->key));
	strscpy_pad(out->name, s->key->description, sizeof(out->name));
	ret = 0;
out:
	mutex_unlock(&weir_store.lock);
	return ret;
}
