// SPDX-License-Identifier: GPL-2.0
/* weirctl names: give the kernel the host's user names. */
#include <inttypes.h>
#include <unistd.h>

#include "ctl.h"

int weir_ctl_names(const struct weir_options *o, char **argv)
{
	struct weir_refusal r;
	uint32_t count;
	int fd, ret;

	(void)argv;
	if (weir_dev_open(o->device, 1, &fd, &r))
		return weir_refused_by(&r);
	ret = weir_dev_names(fd, &count, &r);
	close(fd);
	if (ret)
		return weir_refused_by(&r);
	if (weir_json)
		weir_put_json(json_pack("{s:I}", "names", (json_int_t)count));
	else
		printf("the kernel knows %" PRIu32 " user name%s\n", count, count == 1 ? "" : "s");
	return WEIR_EXIT_OK;
}
