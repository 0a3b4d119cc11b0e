// SPDX-License-Identifier: GPL-2.0
/* weirctl mode: say whether a channel's verdicts are applied. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"

static int set_mode(const struct weir_options *o, uint32_t channel, uint32_t mode,
		    struct weir_refusal *r)
{
	int fd, ret;

	if (weir_dev_open(o->device, 1, &fd, r))
		return -1;
	ret = weir_dev_mode(fd, channel, mode, r);
	close(fd);
	if (ret && mode == WEIR_MODE_ENFORCE && !strcmp(r->code, "EOPNOTSUPP")) {
		weir_refuse(r, WEIR_STEP_DEVICE, "EOPNOTSUPP", "leave the channel in audit mode",
			    "this kernel's module cannot enforce: verdicts are recorded only");
		r->channel = channel;
	}
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
	if (set_mode(o, channel, mode, &r))
		return weir_refused_by(&r);
	if (weir_json)
		weir_put_json(json_pack("{sIss}", "channel", (json_int_t)channel, "mode", argv[1]));
	else
		printf("channel %" PRIu32 " is in %s mode\n", channel, argv[1]);
	return WEIR_EXIT_OK;
}
