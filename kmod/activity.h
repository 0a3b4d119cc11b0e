/* SPDX-License-Identifier: GPL-2.0 */
/* Use of the kernel's own powers: what the hooks saw, and what its fields are captured from. */
#ifndef WEIR_KMOD_ACTIVITY_H
#define WEIR_KMOD_ACTIVITY_H

#include "capture.h"

struct cred;

/* The values of Operation, in their order in templates.def. */
enum weir_activity_operation {
	WEIR_ACTIVITY_MODULE_LOAD,
	WEIR_ACTIVITY_BPF_LOAD,
	WEIR_ACTIVITY_PTRACE,
	WEIR_ACTIVITY_MOUNT,
	WEIR_ACTIVITY_KEXEC_LOAD,
	WEIR_ACTIVITY_CREDENTIAL_CHANGE,
};

/**
 * struct weir_activity - what the capture functions of kernel_activity work on; pinned by the
 * hook's caller
 * @operation: enum weir_activity_operation
 * @name: what the operation is about, up to a zero byte; else NULL
 * @name_size: bytes that @name may have
 * @file: what is read into the kernel; else NULL
 * @mountpoint: where something is mounted; else NULL
 * @target: the task that is acted on, its alloc_lock held by the caller; else NULL
 * @user: what the current task is to run with, if its user changes; else NULL
 * @flags: of the operation
 * @has_flags: @flags mean something
 */
struct weir_activity {
	u32 operation;
	const char *name;
	u32 name_size;
	const struct file *file;
	const struct path *mountpoint;
	struct task_struct *target;
	const struct cred *user;
	u64 flags;
	bool has_flags;
};

/* The capture functions of kernel_activity, by field number. */
extern const weir_cap_fn weir_activity_fields[];

#endif
