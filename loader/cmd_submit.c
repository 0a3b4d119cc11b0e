// SPDX-License-Identifier: GPL-2.0
/* weirctl submit: a file straight to the kernel, to see the kernel's own checks at work. */
#include <inttypes.h>
#include <unistd.h>

#include "ctl.h"

#define SUBMIT_MAX (64u << 20)

/* Only to name an instance that the kernel refuses by number. */
static const struct weir_view *peek(const struct weir_blob *f, struct weir_view *v)
{
	struct weir_error e;

	return weir_open(f->b, weir_content_size(f->b, f->n), v, &e) ? NULL : v;
}

static int submit(const struct weir_options *o, int fd, const char *path, const struct weir_blob *f)
{
	struct weir_u_submit sub;
	struct weir_refusal r;
	struct weir_live live;
	struct weir_view v;

	if (weir_live_open(o, fd, &live))
		return WEIR_EXIT_FAIL;
	if (weir_dev_submit(fd, f, peek(f, &v), &live, &sub, &r)) {
		snprintf(r.file, sizeof(r.file), "%s", path);
		return weir_refused_by(&r);
	}
	if (weir_json)
		weir_put_json(json_pack("{s:I, s:o, s:s}", "channel", (json_int_t)sub.channel,
					"version", weir_json_u64(sub.version), "slot",
					"candidate"));
	else
		printf("channel %" PRIu32 " version %" PRIu64
		       ": the kernel took it as candidate; it is not active\n",
		       sub.channel, (uint64_t)sub.version);
	return WEIR_EXIT_OK;
}

int weir_ctl_submit(const struct weir_options *o, char **argv)
{
	struct weir_refusal r;
	struct weir_blob f;
	int fd, ret;

	if (weir_blob_read(argv[0], SUBMIT_MAX, &f, &r))
		return weir_refused_by(&r);
	if (weir_dev_open(o->device, 1, &fd, &r)) {
		ret = weir_refused_by(&r);
	} else {
		ret = submit(o, fd, argv[0], &f);
		close(fd);
	}
	weir_blob_free(&f);
	return ret;
}
