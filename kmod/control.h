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
 * whatever is returned.
 */
int weir_control_info(void *arg);
int weir_control_type(void *arg);
int weir_control_channel(void *arg);
int weir_control_show(void *arg);
int weir_control_submit(void *arg);
int weir_control_activate(void *arg);
int weir_control_unload(void *arg);
int weir_control_mode(void *arg);
int weir_control_names(void *arg);
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
