// SPDX-License-Identifier: GPL-2.0
/* weirctl mode: say whether a channel's verdicts are applied. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cmd_store.h"
#include "settings.h"

/* Kernel and disk are to say the same, but making the machine usable waits for no other loader. */
static int set_mode(const struct weir_options *o, uint32_t channel, uint32_t mode,
		    struct weir_refusal *r)
{
	uint32_t flags = o->fail_closed ? WEIR_MODE_FAIL_CLOSED : 0;
	json_t *kept = weir_settings_mode(mode, flags);
	int fd, lock, ret;

	ret = weir_dev_open(o->device, 1, &fd, r);
	if (ret)
		goto out;
	if (mode == WEIR_MODE_AUDIT)
		ret = weir_dev_mode(fd, channel, mode, flags, r);
	if (ret)
		goto close;
	ret = weir_floor_lock(o->state, &lock, r);
	if (!ret) {
		if (mode != WEIR_MODE_AUDIT)
			ret = weir_dev_mode(fd, channel, mode, flags, r);
		if (!ret && weir_settings_set(o->state, &channel, "mode", kept, r))
			ret = weir_not_kept(r);
		close(lock);
	} else if (mode == WEIR_MODE_AUDIT) {
		ret = weir_not_kept(r);
	}
close:
	close(fd);
out:
	json_decref(kept);
	return ret;
}

int weir_ctl_mode(const struct weir_options *o, char **argv)
{
	struct weir_refusal r;
	uint32_t channel, mode;

	if (weir_channel_number(argv[0], &channel))
		return WEIR_EXIT_USAGE;
	if (!strcmp(argv[1], "audit"))
		mode = WEIR_MODE_AUDIT;
	else if (!strcmp(argv[1], "enforce"))
		mode = WEIR_MODE_ENFORCE;
	else
		return weir_usage("mode", "the mode is audit or enforce, not \"%s\"", argv[1]);
	if (mode == WEIR_MODE_AUDIT && o->fail_closed)
		return weir_usage("mode", "--fail-closed goes with enforce only");
	if (set_mode(o, channel, mode, &r))
		return weir_refused_by(&r);
	if (weir_json)
		weir_put_json(json_pack("{sI, ss, sb}", "channel", (json_int_t)channel, "mode",
					argv[1], "fail_closed", o->fail_closed));
	else
		printf("channel %" PRIu32 " is in %s mode%s\n", channel, argv[1],
		       o->fail_closed ? ", fail-closed" : "");
	return WEIR_EXIT_OK;
}
