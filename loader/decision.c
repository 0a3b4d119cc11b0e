// SPDX-License-Identifier: GPL-2.0
/* Decisions that the kernel keeps. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "device.h"
#include "private.h"

int weir_dev_decision(int fd, uint64_t number, struct weir_u_decision *out, struct weir_refusal *r)
{
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->number = number;
	if (!ioctl(fd, WEIR_IOC_DECISION, out))
		return 1;
	if (errno == ENOENT)
		return 0;
	return weir_refuse(r, WEIR_STEP_DEVICE, "DEVICE",
			   "install weirctl and the module from the same build",
			   "cannot read what the kernel decided: %s", strerror(errno));
}
