// SPDX-License-Identifier: GPL-2.0
/* Ioctls: one table, one order of checks for all of them. */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "control.h"
#include "uapi/weir_decision.h"

/* A caller from the future may know longer structs, but not without end. */
#define REQUEST_MAX 0x10000u
#define FIRST_NR _IOC_NR(WEIR_IOC_INFO)

/**
 * struct request - an ioctl
 * @run: does it
 * @size: bytes of its struct, which is also the least a caller may know of it
 * @writes: needs CAP_SYS_ADMIN and the file open for writing
 */
struct request {
	int (*run)(void *arg);
	u32 size;
	bool writes;
};

#define POSITION(cmd) (_IOC_NR(cmd) - FIRST_NR)

static const struct request requests[] = {
	[POSITION(WEIR_IOC_INFO)] = { weir_control_info, sizeof(struct weir_u_info), false },
	[POSITION(WEIR_IOC_TYPE)] = { weir_control_type, sizeof(struct weir_u_type), false },
	[POSITION(WEIR_IOC_SUBMIT)] = { weir_control_submit, sizeof(struct weir_u_submit), true },
	[POSITION(WEIR_IOC_ACTIVATE)] = { weir_control_activate, sizeof(struct weir_u_channel_op),
					  true },
	[POSITION(WEIR_IOC_UNLOAD)] = { weir_control_unload, sizeof(struct weir_u_channel_op),
					true },
	[POSITION(WEIR_IOC_MODE)] = { weir_control_mode, sizeof(struct weir_u_channel_op), true },
	[POSITION(WEIR_IOC_CHANNEL)] = { weir_control_channel, sizeof(struct weir_u_channel),
					 false },
	[POSITION(WEIR_IOC_REPLAY)] = { weir_control_replay, sizeof(struct weir_u_replay), true },
	[POSITION(WEIR_IOC_NAMES)] = { weir_control_names, sizeof(struct weir_u_names), true },
	[POSITION(WEIR_IOC_SHOW)] = { weir_control_show, sizeof(struct weir_u_instance), false },
	[POSITION(WEIR_IOC_EXEMPT)] = { weir_control_exempt, sizeof(struct weir_u_exempt), true },
	[POSITION(WEIR_IOC_EXEMPTED)] = { weir_control_exempted, sizeof(struct weir_u_exempted),
					  false },
	[POSITION(WEIR_IOC_HOOK)] = { weir_control_hook, sizeof(struct weir_u_hook), false },
	[POSITION(WEIR_IOC_VALUES)] = { weir_control_values, sizeof(struct weir_u_values), false },
	[POSITION(WEIR_IOC_PROVE)] = { weir_control_prove, sizeof(struct weir_u_prove), true },
	[POSITION(WEIR_IOC_STAGE)] = { weir_control_stage, sizeof(struct weir_u_stage), true },
	[POSITION(WEIR_IOC_TRIALS)] = { weir_control_trials, sizeof(struct weir_u_trials), false },
	[POSITION(WEIR_IOC_ROLLBACK)] = { weir_control_rollback, sizeof(struct weir_u_channel_op),
					  true },
	[POSITION(WEIR_IOC_TRUST)] = { weir_control_trust, sizeof(struct weir_u_trust), true },
	[POSITION(WEIR_IOC_TRUSTED)] = { weir_control_trusted, sizeof(struct weir_u_trusted),
					 false },
	[POSITION(WEIR_IOC_DECISION)] = { weir_control_decision, sizeof(struct weir_u_decision),
					  false },
	[POSITION(WEIR_IOC_LIMITS)] = { weir_control_limits, sizeof(struct weir_u_channel_limits),
					true },
	[POSITION(WEIR_IOC_BREAKER)] = { weir_control_breaker, sizeof(struct weir_u_breaker),
					 false },
};

/* The size in a command's number is the caller's idea of the struct; the struct itself says it. */
static const struct request *find_request(unsigned int cmd)
{
	const struct request *rq;
	u32 nr = POSITION(cmd);

	if (_IOC_TYPE(cmd) != _IOC_TYPE(WEIR_IOC_INFO) || nr >= ARRAY_SIZE(requests) ||
	    _IOC_DIR(cmd) != (_IOC_READ | _IOC_WRITE))
		return NULL;
	rq = &requests[array_index_nospec(nr, ARRAY_SIZE(requests))];
	return rq->run ? rq : NULL;
}

static int check_right(const struct request *rq, const struct file *file)
{
	if (rq->writes && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	return file->f_mode & (rq->writes ? FMODE_WRITE : FMODE_READ) ? 0 : -EBADF;
}

static int copy_request(const struct request *rq, void *arg, void __user *from, u32 *size)
{
	int ret;

	if (get_user(*size, (u32 __user *)from))
		return -EFAULT;
	if (*size < rq->size)
		return -EINVAL;
	if (*size > REQUEST_MAX)
		return -E2BIG;
	ret = copy_struct_from_user(arg, rq->size, from, *size);
	if (ret)
		return ret;
	/* Another thread may have changed it since. */
	*(u32 *)arg = *size;
	/* What cannot be answered is not done: as it is now, the struct goes back unchanged. */
	return copy_to_user(from, arg, rq->size) ? -EFAULT : 0;
}

long weir_control_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct request *rq = find_request(cmd);
	void __user *user = (void __user *)arg;
	void *copy;
	u32 size;
	int ret;

	if (!rq)
		return -ENOTTY;
	ret = check_right(rq, file);
	if (ret)
		return ret;
	copy = kzalloc(rq->size, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	ret = copy_request(rq, copy, user, &size);
	if (ret)
		goto out;
	ret = rq->run(copy);
	if (copy_to_user(user, copy, rq->size) && !ret)
		ret = -EFAULT;
out:
	kfree(copy);
	return ret;
}
