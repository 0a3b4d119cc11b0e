// SPDX-License-Identifier: GPL-2.0
/* Requests that change something. */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "control.h"
#include "decision.h"
#include "event.h"
#include "selfcheck.h"
#include "store.h"
#include "trust.h"

#define NAMES_MAX 65536u

static DEFINE_MUTEX(names_lock); /* one replacement of the table of names at a time */

/* What a request came to; of one that was done there is no error. */
static void give_error(struct weir_u_error *out, int ret, struct weir_error *err)
{
	if (!ret)
		err->code = WEIR_E_OK;
	*out = (struct weir_u_error){
		.code = err->code,
		.section = err->section,
		.offset = err->offset,
		.type = err->type,
		.instance = err->instance,
		.field = err->field,
	};
}

/* A request that changed nothing, or one whose content is gone. */
static void decided(u32 what, const struct weir_u_channel_op *io, int ret,
		    const struct weir_error *err)
{
	struct weir_decision d = {
		.what = what,
		.value = io->mode,
		.flags = io->flags,
		.channel = io->channel,
		.version = io->version,
		.error = ret,
		.err = err,
	};

	weir_decided(&d);
}

int weir_control_submit(void *arg)
{
	struct weir_u_submit *io = arg;
	struct weir_error err;
	int ret;

	if (io->flags || io->reserved)
		return -EINVAL;
	weir_error_init(&err);
	ret = weir_store_submit(u64_to_user_ptr(io->data), io->len, io, &err);
	if (ret)
		weir_decided(&(struct weir_decision){
			.what = WEIR_DECIDED_SUBMIT, .error = ret, .err = &err });
	give_error(&io->error, ret, &err);
	return ret;
}

int weir_control_activate(void *arg)
{
	struct weir_u_channel_op *io = arg;
	struct weir_error err;
	int ret;

	if (io->mode || io->flags)
		return -EINVAL;
	weir_error_init(&err);
	ret = weir_store_activate(io->channel, io->version, &err);
	if (ret)
		decided(WEIR_DECIDED_ACTIVATE, io, ret, &err);
	give_error(&io->error, ret, &err);
	return ret;
}

static void decided_stage(const struct weir_u_stage *io, int ret, const struct weir_error *err)
{
	const struct weir_decision d = {
		.what = WEIR_DECIDED_STAGE,
		.value = io->stage,
		.channel = io->channel,
		.version = io->version,
		.error = ret,
		.err = err,
	};

	weir_decided(&d);
}

int weir_control_stage(void *arg)
{
	struct weir_u_stage *io = arg;
	struct weir_trial trial = { .gate = io->gate, .flags = io->flags };
	struct weir_error err;
	int ret;

	if (io->stage < WEIR_STAGE_SHADOW || io->stage > WEIR_STAGE_TRUSTED ||
	    io->flags & ~WEIR_STAGE_AUTO)
		return -EINVAL;
	if (io->stage == WEIR_STAGE_TRUSTED &&
	    (io->flags || memchr_inv(&io->gate, 0, sizeof(io->gate))))
		return -EINVAL;
	weir_error_init(&err);
	ret = weir_store_stage(io->channel, io->version, io->stage, &trial, &err);
	if (ret)
		decided_stage(io, ret, &err);
	give_error(&io->error, ret, &err);
	return ret;
}

int weir_control_rollback(void *arg)
{
	struct weir_u_channel_op *io = arg;
	struct weir_error err;
	int ret;

	if (io->mode || io->flags)
		return -EINVAL;
	weir_error_init(&err);
	ret = weir_store_rollback(io->channel, io->version, &err);
	give_error(&io->error, ret, &err);
	decided(WEIR_DECIDED_ROLLBACK, io, ret, &err);
	return ret;
}

int weir_control_unload(void *arg)
{
	struct weir_u_channel_op *io = arg;
	int ret;

	if (io->mode || io->flags || io->version)
		return -EINVAL;
	ret = weir_store_unload(io->channel);
	decided(WEIR_DECIDED_UNLOAD, io, ret, NULL);
	return ret;
}

int weir_control_mode(void *arg)
{
	struct weir_u_channel_op *io = arg;
	int ret;

	if (io->flags & ~WEIR_MODE_FAIL_CLOSED || io->version)
		return -EINVAL;
	ret = weir_store_mode(io->channel, io->mode, io->flags);
	decided(WEIR_DECIDED_MODE, io, ret, NULL);
	return ret;
}

int weir_control_limits(void *arg)
{
	const struct weir_u_channel_limits *io = arg;
	const struct weir_decision d = {
		.what = WEIR_DECIDED_LIMITS,
		.value = io->limits.policy,
		.channel = io->channel,
		.error = weir_store_limits(io->channel, &io->limits),
	};

	weir_decided(&d);
	return d.error;
}

int weir_control_prove(void *arg)
{
	const struct weir_u_prove *io = arg;
	int n = weir_control_hook_number(io->index);

	if (io->reserved)
		return -EINVAL;
	return n < 0 ? n : weir_selfcheck_claim(n, io->arming);
}

int weir_control_trust(void *arg)
{
	struct weir_u_trust *io = arg;
	struct weir_error err;
	int ret;

	if (io->flags || io->version)
		return -EINVAL;
	weir_error_init(&err);
	ret = weir_trust_submit(u64_to_user_ptr(io->data), io->len, &io->version, &err);
	if (ret)
		weir_decided(&(struct weir_decision){
			.what = WEIR_DECIDED_TRUST, .error = ret, .err = &err });
	give_error(&io->error, ret, &err);
	return ret;
}

int weir_control_names(void *arg)
{
	struct weir_u_names *io = arg;
	struct weir_u_name *names;
	int ret;

	if (io->count > NAMES_MAX)
		return -EINVAL;
	names = vmemdup_user(u64_to_user_ptr(io->names), io->count * sizeof(*names));
	if (IS_ERR(names))
		return PTR_ERR(names);
	mutex_lock(&names_lock);
	ret = weir_names_set(names, io->count);
	mutex_unlock(&names_lock);
	kvfree(names);
	return ret;
}
