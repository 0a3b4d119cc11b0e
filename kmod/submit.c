// SPDX-License-Identifier: GPL-2.0
/* A submit: every check of a signed channel file, in the order that the ABI documents. */
#include <linux/err.h>
#include <linux/uaccess.h>

#include "store.h"
#include "trust.h"

static struct weir_content *copy_in(const void __user *data, u32 len)
{
	struct weir_content *ct;
	int ret;
	u8 *rw;

	ct = weir_content_alloc(len, &rw);
	if (IS_ERR(ct))
		return ct;
	ret = copy_from_user(rw, data, len) ? -EFAULT : 0;
	/* From here on nobody can write what is about to be checked. */
	ret = weir_content_seal(ct, rw) ?: ret;
	if (ret) {
		weir_content_put(ct);
		return ERR_PTR(ret);
	}
	return ct;
}

static int check_version(const struct weir_content *ct, struct weir_error *err)
{
	if (ct->about.version > weir_store_floor(ct->about.channel))
		return 0;
	err->code = WEIR_E_OLD_VERSION;
	err->section = WEIR_SEC_HEADER;
	err->offset = WEIR_H_VERSION;
	return -ESTALE;
}

static int check_all(struct weir_content *ct, struct weir_error *err)
{
	struct weir_signed sig;
	int ret;

	ret = weir_trust_verify(ct->raw, ct->len, &sig, err);
	if (ret)
		return ret;
	ct->signers = sig.signers;
	ret = weir_content_open(ct, sig.content, err);
	if (ret)
		return ret;
	ret = weir_trust_permits(ct, err) ?: check_version(ct, err);
	if (ret)
		return ret;
	ret = weir_content_verify(ct, err);
	if (ret)
		return ret;
	ret = weir_content_prepare(ct);
	if (ret)
		return ret;
	return weir_content_selftest(ct, err);
}

static int submit(const void __user *data, u32 len, struct weir_u_submit *out,
		  struct weir_error *err)
{
	struct weir_content *ct = copy_in(data, len);
	u64 version;
	u32 channel;
	int ret;

	if (IS_ERR(ct))
		return PTR_ERR(ct);
	ret = check_all(ct, err);
	if (ret)
		goto err_content;
	/* Once offered, it is the store's, and may be gone. */
	channel = ct->about.channel;
	version = ct->about.version;
	ret = weir_store_offer(ct);
	if (ret)
		goto err_content;
	out->channel = channel;
	out->version = version;
	return 0;

err_content:
	weir_content_put(ct);
	return ret;
}

static int check_size(u64 len, struct weir_error *err)
{
	if (!len) {
		err->code = WEIR_E_SHORT;
		return -EBADMSG;
	}
	if (len > WEIR_FILE_MAX) {
		err->code = WEIR_E_LARGE;
		return -EFBIG;
	}
	return 0;
}

int weir_store_submit(const void __user *data, u64 len, struct weir_u_submit *out,
		      struct weir_error *err)
{
	int ret = check_size(len, err);

	if (ret)
		goto refused;
	if (mutex_lock_killable(&weir_store.submit_lock))
		return -EINTR;
	ret = submit(data, len, out, err);
	mutex_unlock(&weir_store.submit_lock);
	if (!ret)
		return 0;
	if (ret == -ENOMEM || ret == -ENOSPC)
		err->code = WEIR_E_NO_MEMORY;
refused:
	atomic64_inc(&weir_store.refused);
	return ret;
}
