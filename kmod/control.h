/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/weir: the file, and the requests behind its ioctls. */
#ifndef WEIR_KMOD_CONTROL_H
#define WEIR_KMOD_CONTROL_H

#include <linux/types.h>

#include "../interpreter/weir.h"
#include "uapi/weir.h"

struct file;

/**
 * weir_device_init() - make /dev/weir appear
 *
 * Return: 0 or a negative errno.
 */
int weir_device_init(void);

/**
 * weir_device_exit() - the mirror of weir_device_init()
 */
void weir_device_exit(void);

/**
 * weir_control_ioctl() - all ioctls of /dev/weir
 * @file: the open file
 * @cmd: WEIR_IOC_
 * @arg: pointer to the request's struct
 *
 * The order of checks is the one that uapi/weir.h documents.
 */
long weir_control_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/*
 * The requests. Each takes a zero-extended copy of its struct, which goes back to the caller
 * whatever is returned. Context: process context, may sleep. Return: as uapi/weir.h documents.
 */

/** weir_control_info() - state of the module, struct weir_u_info */
int weir_control_info(void *arg);

/** weir_control_type() - one Template Type, struct weir_u_type */
int weir_control_type(void *arg);

/** weir_control_values() - the values of an enum field, struct weir_u_values */
int weir_control_values(void *arg);

/** weir_control_channel() - one channel, struct weir_u_channel */
int weir_control_channel(void *arg);

/** weir_control_show() - one instance, struct weir_u_instance */
int weir_control_show(void *arg);

/** weir_control_submit() - take a signed file, struct weir_u_submit */
int weir_control_submit(void *arg);

/** weir_control_activate() - the candidate becomes active, struct weir_u_channel_op */
int weir_control_activate(void *arg);

/** weir_control_unload() - drop a channel's content, struct weir_u_channel_op */
int weir_control_unload(void *arg);

/** weir_control_mode() - audit or enforce, struct weir_u_channel_op */
int weir_control_mode(void *arg);

/** weir_control_names() - replace the user names, struct weir_u_names */
int weir_control_names(void *arg);

/** weir_control_exempt() - replace the exempt executables, struct weir_u_exempt */
int weir_control_exempt(void *arg);

/** weir_control_exempted() - one exempt executable, struct weir_u_exempted */
int weir_control_exempted(void *arg);

/**
 * weir_control_hook_number() - a hook's number as it comes from user space
 * @index: the number
 *
 * Return: it, below WEIR_NHOOKS in speculation too; or -ENOENT.
 */
int weir_control_hook_number(u32 index);

/** weir_control_hook() - one hook, struct weir_u_hook */
int weir_control_hook(void *arg);

/** weir_control_stage() - content goes one stage up, struct weir_u_stage */
int weir_control_stage(void *arg);

/** weir_control_trials() - what is on trial in a channel, struct weir_u_trials */
int weir_control_trials(void *arg);

/** weir_control_limits() - set the limits of the breaker, struct weir_u_channel_limits */
int weir_control_limits(void *arg);

/** weir_control_breaker() - a channel's breaker, struct weir_u_breaker */
int weir_control_breaker(void *arg);

/** weir_control_rollback() - last-good becomes active again, struct weir_u_channel_op */
int weir_control_rollback(void *arg);

/** weir_control_trust() - a signed trust list, struct weir_u_trust */
int weir_control_trust(void *arg);

/** weir_control_trusted() - the list in force and a key, struct weir_u_trusted */
int weir_control_trusted(void *arg);

/** weir_control_prove() - a hook was made to fire by use, struct weir_u_prove */
int weir_control_prove(void *arg);

/** weir_control_decision() - a decision that is kept, struct weir_u_decision */
int weir_control_decision(void *arg);

/** weir_control_replay() - evaluate a given event, struct weir_u_replay */
int weir_control_replay(void *arg);

/**
 * weir_error_init() - an error that says nothing yet
 * @err: all members become WEIR_NOWHERE
 */
static inline void weir_error_init(struct weir_error *err)
{
	*err = (struct weir_error){ WEIR_NOWHERE, WEIR_NOWHERE, WEIR_NOWHERE,
				    WEIR_NOWHERE, WEIR_NOWHERE, WEIR_NOWHERE };
}

#endif
