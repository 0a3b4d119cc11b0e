// SPDX-License-Identifier: GPL-2.0
/* The control device: one function an ioctl, each error in words. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device.h"
#include "private.h"

int weir_dev_open(const char *path, int write, int *fd, struct weir_refusal *r)
{
	const char *todo = NULL;

	*fd = open(path, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (*fd >= 0)
		return 0;
	if (errno == ENOENT || errno == ENXIO || errno == ENODEV)
		todo = "load the module: modprobe weir";
	else if (errno == EACCES || errno == EPERM)
		todo = write ? "this needs root: CAP_SYS_ADMIN"
			     : "this needs root: CAP_AUDIT_READ or CAP_SYS_ADMIN";
	weir_refuse_errno(r, WEIR_STEP_DEVICE, path, "cannot open the device");
	snprintf(r->code, sizeof(r->code), "DEVICE");
	snprintf(r->todo, sizeof(r->todo), "%s", todo ? todo : "");
	return -1;
}

static int failed(const char *what, struct weir_refusal *r)
{
	weir_refuse(r, WEIR_STEP_DEVICE, "DEVICE",
		    errno == EINVAL || errno == ENOTTY || errno == E2BIG
			    ? "install weirctl and the module from the same build"
			    : NULL,
		    "%s: %s", what, strerror(errno));
	return -1;
}

/* For requests whose struct has no reason in it. */
static int request(int fd, unsigned long cmd, void *arg, const char *what, struct weir_refusal *r)
{
	return ioctl(fd, cmd, arg) ? failed(what, r) : 0;
}

int weir_dev_info(int fd, struct weir_u_info *out, struct weir_refusal *r)
{
	const char *todo = "install weirctl and the module from the same build";

	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	if (request(fd, WEIR_IOC_INFO, out, "the device does not answer as weir does", r))
		return -1;
	if (out->abi != WEIR_ABI_VERSION || out->format != WEIR_FORMAT)
		return weir_refuse(r, WEIR_STEP_DEVICE, "ABI", todo,
				   "the module has ABI %u and format %u; weirctl has %u and %u",
				   out->abi, out->format, WEIR_ABI_VERSION, WEIR_FORMAT);
	return 0;
}

int weir_dev_channel(int fd, uint32_t index, struct weir_u_channel *out, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->index = index;
	if (request(fd, WEIR_IOC_CHANNEL, out, "cannot read a channel's state", r))
		return -1;
	out->name[WEIR_U_NAME - 1] = 0;
	return 0;
}

int weir_dev_trials(int fd, uint32_t index, struct weir_u_trials *out, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->index = index;
	return request(fd, WEIR_IOC_TRIALS, out, "cannot read what is on trial in a channel", r);
}

int weir_dev_breaker(int fd, uint32_t index, struct weir_u_breaker *out, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->index = index;
	return request(fd, WEIR_IOC_BREAKER, out, "cannot read a channel's breaker", r);
}

int weir_dev_limits(int fd, uint32_t channel, const struct weir_u_limits *limits,
		    struct weir_refusal *r)
{
	struct weir_u_channel_limits req = {
		.size = sizeof(req),
		.channel = channel,
		.limits = *limits,
	};

	return request(fd, WEIR_IOC_LIMITS, &req, "the kernel does not take these limits", r);
}

int weir_dev_find(int fd, uint32_t channel, struct weir_u_channel *out, struct weir_refusal *r)
{
	struct weir_u_info info;
	uint32_t i;

	if (weir_dev_info(fd, &info, r))
		return -1;
	for (i = 0; i < info.nchannels; i++) {
		if (weir_dev_channel(fd, i, out, r))
			return -1;
		if (out->channel == channel)
			return 0;
	}
	weir_refuse(r, WEIR_STEP_DEVICE, "CHANNEL", "weirctl status lists the channels",
		    "the kernel has no channel %u", channel);
	r->channel = channel;
	return -1;
}

int weir_dev_type(int fd, uint32_t index, struct weir_u_type *out, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->index = index;
	return request(fd, WEIR_IOC_TYPE, out, "cannot read the kernel's schema", r);
}

int weir_dev_hook(int fd, uint32_t index, struct weir_u_hook *out, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->index = index;
	if (request(fd, WEIR_IOC_HOOK, out, "cannot read a hook's state", r))
		return -1;
	out->name[WEIR_U_NAME - 1] = 0;
	return 0;
}

int weir_dev_prove(int fd, const struct weir_u_hook *h, struct weir_refusal *r)
{
	struct weir_u_prove req = { .size = sizeof(req), .index = h->index, .arming = h->arming };

	if (!ioctl(fd, WEIR_IOC_PROVE, &req))
		return 0;
	if (errno == EIO || errno == ESTALE)
		return errno;
	return failed("the kernel does not judge a hook", r);
}

int weir_dev_values(int fd, uint32_t type, uint32_t field, struct weir_u_values *out,
		    struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->type = type;
	out->field = field;
	return request(fd, WEIR_IOC_VALUES, out, "cannot read the values of an enum", r);
}

int weir_dev_instance(int fd, uint32_t channel, uint32_t slot, uint32_t index,
		      struct weir_u_instance *out, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->channel = channel;
	out->slot = slot;
	out->index = index;
	if (request(fd, WEIR_IOC_SHOW, out, "cannot read an instance", r))
		return -1;
	out->title[sizeof(out->title) - 1] = 0;
	return 0;
}

/* The errnos that uapi/weir.h gives a meaning, for when the reason struct stays empty. */
static const char *errno_text(int err)
{
	switch (err) {
	case EKEYREJECTED:
		return "the kernel does not accept the signature";
	case ENOKEY:
		return "the kernel knows no key that made the signature";
	case ESTALE:
		return "the kernel has seen a version that is as new or newer, or another version "
		       "is there now";
	case ENOENT:
		return "the kernel has no such channel, or no such content in it";
	case EAGAIN:
		return "its trial is not over: weirctl status says what it still has to show";
	case ECANCELED:
		return "it failed its trial: weirctl status says why";
	case EPERM:
		return "the kernel wants CAP_SYS_ADMIN for this";
	case EOPNOTSUPP:
		return "the kernel cannot do this";
	case ENOTTY:
		return "the device does not answer as weir does";
	case EINVAL:
	case E2BIG:
		return "the kernel does not understand the request: weirctl and the module must be "
		       "from the same build";
	default:
		return "the request failed";
	}
}

/* A request with a reason struct: the reason, or else what errno means. */
static int refused(int err, const struct weir_u_error *u, enum weir_step step,
		   const struct weir_view *v, const struct weir_live *live, struct weir_refusal *r)
{
	const struct weir_error e = { .code = u->code,
				      .section = u->section,
				      .offset = u->offset,
				      .type = u->type,
				      .instance = u->instance,
				      .field = u->field };

	if (u->code != WEIR_E_OK && u->code < WEIR_E_END)
		return weir_refuse_content(r, step, &e, v, live);
	return weir_refuse(r, step, strerrorname_np(err) ? strerrorname_np(err) : "IO", NULL,
			   "%s (%s)", errno_text(err), strerror(err));
}

int weir_dev_submit(int fd, const struct weir_blob *file, const struct weir_view *v,
		    const struct weir_live *live, struct weir_u_submit *out, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->data = (uint64_t)(uintptr_t)file->b;
	out->len = file->n;
	if (!ioctl(fd, WEIR_IOC_SUBMIT, out))
		return 0;
	return refused(errno, &out->error, WEIR_STEP_SUBMIT, v, live, r);
}

static int channel_op(int fd, unsigned long cmd, struct weir_u_channel_op *op, enum weir_step step,
		      const struct weir_live *live, struct weir_refusal *r)
{
	op->size = sizeof(*op);
	if (!ioctl(fd, cmd, op))
		return 0;
	refused(errno, &op->error, step, NULL, live, r);
	r->channel = op->channel;
	return -1;
}

int weir_dev_activate(int fd, uint32_t channel, uint64_t version, const struct weir_live *live,
		      struct weir_refusal *r)
{
	struct weir_u_channel_op op = { .channel = channel, .version = version };

	return channel_op(fd, WEIR_IOC_ACTIVATE, &op, WEIR_STEP_ACTIVATE, live, r);
}

int weir_dev_stage(int fd, struct weir_u_stage *s, const struct weir_live *live,
		   struct weir_refusal *r)
{
	s->size = sizeof(*s);
	if (!ioctl(fd, WEIR_IOC_STAGE, s))
		return 0;
	refused(errno, &s->error, WEIR_STEP_ACTIVATE, NULL, live, r);
	r->channel = s->channel;
	return -1;
}

int weir_dev_rollback(int fd, uint32_t channel, uint64_t version, const struct weir_live *live,
		      struct weir_refusal *r)
{
	struct weir_u_channel_op op = { .channel = channel, .version = version };

	return channel_op(fd, WEIR_IOC_ROLLBACK, &op, WEIR_STEP_ACTIVATE, live, r);
}

int weir_dev_unload(int fd, uint32_t channel, struct weir_refusal *r)
{
	struct weir_u_channel_op op = { .channel = channel };

	return channel_op(fd, WEIR_IOC_UNLOAD, &op, WEIR_STEP_DEVICE, NULL, r);
}

int weir_dev_mode(int fd, uint32_t channel, uint32_t mode, uint32_t flags, struct weir_refusal *r)
{
	struct weir_u_channel_op op = { .channel = channel, .mode = mode, .flags = flags };

	return channel_op(fd, WEIR_IOC_MODE, &op, WEIR_STEP_DEVICE, NULL, r);
}

int weir_dev_names(int fd, uint32_t *count, struct weir_refusal *r)
{
	struct weir_u_names req = { .size = sizeof(req) };
	struct weir_u_name *names;
	int ret;

	if (weir_names_read(&names, count, r))
		return -1;
	req.count = *count;
	req.names = (uint64_t)(uintptr_t)names;
	ret = request(fd, WEIR_IOC_NAMES, &req, "the kernel does not take the user names", r);
	if (ret)
		r->step = WEIR_STEP_NAMES;
	free(names);
	return ret;
}

/* All paths one after the other, each terminated; the caller frees them. */
static char *join(char *const *paths, struct weir_u_exempt *req)
{
	size_t len = 0;
	char *all, *at;
	int i;

	for (i = 0; paths[i]; i++)
		len += strlen(paths[i]) + 1;
	all = malloc(len + 1);
	if (!all)
		return NULL;
	at = all;
	for (i = 0; paths[i]; i++)
		at = stpcpy(at, paths[i]) + 1;
	req->count = (uint32_t)i;
	req->len = (uint32_t)len;
	req->paths = (uint64_t)(uintptr_t)all;
	return all;
}

int weir_dev_exempt(int fd, char *const *paths, struct weir_refusal *r)
{
	struct weir_u_exempt req = { .size = sizeof(req) };
	char *all = join(paths, &req);
	const char *path;
	int ret;

	if (!all)
		return weir_refuse_errno(r, WEIR_STEP_DEVICE, "", "no memory for the list");
	ret = ioctl(fd, WEIR_IOC_EXEMPT, &req);
	if (ret) {
		path = req.bad < req.count ? paths[req.bad] : NULL;
		weir_refuse(r, WEIR_STEP_DEVICE, "EXEMPT",
			    "name regular files by their absolute paths; the list is as before",
			    "the kernel does not take %s: %s", path ? "this path" : "the list",
			    strerror(errno));
		if (path)
			snprintf(r->file, sizeof(r->file), "%s", path);
	}
	free(all);
	return ret;
}

int weir_dev_exempted(int fd, uint32_t index, struct weir_u_exempted *out, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->index = index;
	if (!ioctl(fd, WEIR_IOC_EXEMPTED, out)) {
		out->path[sizeof(out->path) - 1] = 0;
		return 1;
	}
	if (errno == ENOENT)
		return 0;
	return failed("cannot read the exempt executables", r);
}

int weir_dev_trust(int fd, const struct weir_blob *file, uint64_t *version, struct weir_refusal *r)
{
	struct weir_u_trust req = { .size = sizeof(req) };

	req.data = (uint64_t)(uintptr_t)file->b;
	req.len = file->n;
	if (ioctl(fd, WEIR_IOC_TRUST, &req))
		return refused(errno, &req.error, WEIR_STEP_SUBMIT, NULL, NULL, r);
	*version = req.version;
	return 0;
}

int weir_dev_trusted(int fd, uint32_t index, struct weir_u_trusted *out, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->index = index;
	if (!ioctl(fd, WEIR_IOC_TRUSTED, out)) {
		out->name[sizeof(out->name) - 1] = 0;
		return 1;
	}
	if (errno == ENOENT)
		return 0;
	return failed("cannot read what the kernel trusts", r);
}
