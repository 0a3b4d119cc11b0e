// SPDX-License-Identifier: GPL-2.0
/* Requests about exempt executables. */
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "control.h"
#include "decision.h"
#include "exempt.h"

int weir_control_exempt(void *arg)
{
	struct weir_u_exempt *io = arg;
	char *paths;
	int ret;

	io->bad = WEIR_NOWHERE;
	if (io->count > WEIR_EXEMPT_MAX || io->len > io->count * PATH_MAX)
		return -EINVAL;
	paths = vmemdup_user(u64_to_user_ptr(io->paths), io->len);
	if (IS_ERR(paths))
		return PTR_ERR(paths);
	ret = weir_exempt_set(paths, io->len, io->count, &io->bad);
	kvfree(paths);
	weir_decided(&(struct weir_decision){
		.what = WEIR_DECIDED_EXEMPT, .value = io->count, .error = ret });
	return ret;
}

int weir_control_exempted(void *arg)
{
	return weir_exempt_describe(arg);
}
