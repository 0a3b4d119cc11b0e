// SPDX-License-Identifier: GPL-2.0
/* weirctl unload: drop a channel's content. */
#include <inttypes.h>
#include <unistd.h>

#include "cmd_store.h"
#include "settings.h"

int weir_ctl_unload(const struct weir_options *o, char **argv)
{
	struct weir_refusal r;
	uint32_t channel;
	int fd, ret;

	if (weir_channel_number(argv[0], &channel))
		return WEIR_EXIT_USAGE;
	if (weir_dev_open(o->device, 1, &fd, &r))
		return weir_refused_by(&r);
	ret = weir_dev_unload(fd, channel, &r);
	close(fd);
	if (ret || weir_store_forget(o->state, channel, &r) ||
	    weir_settings_forget(o->state, channel, &r))
		return weir_refused_by(&r);
	if (weir_json)
		weir_put_json(json_pack("{s:I, s:b}", "channel", (json_int_t)channel, "loaded", 0));
	else
		printf("channel %" PRIu32 " is unloaded\n", channel);
	return WEIR_EXIT_OK;
}
