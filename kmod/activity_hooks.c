// SPDX-License-Identifier: GPL-2.0
/* The callbacks of kernel_activity's hooks: from the arguments of a function to an event. */
#include <linux/bpf.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/kernel_read_file.h>
#include <linux/minmax.h>
#include <linux/path.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/stddef.h>
#include <linux/uidgid.h>
#include <uapi/linux/mount.h>

#include "activity.h"
#include "compat.h"
#include "hooks.h"

/* For strings that end by themselves; the longest is the type that mount(2) is asked for. */
#define TEXT_SIZE 4096u

/* security_kernel_read_file(file, id, contents) */
u32 weir_on_kernel_activity_kernel_read_file(const struct weir_call *call)
{
	struct weir_activity a = {
		.operation = WEIR_ACTIVITY_MODULE_LOAD,
		.file = (struct file *)weir_hook_arg(call, 0),
	};
	int id = (int)weir_hook_arg(call, 1);

	if (id == READING_KEXEC_IMAGE)
		a.operation = WEIR_ACTIVITY_KEXEC_LOAD;
	else if (id != READING_MODULE)
		return WEIR_VERDICT_NONE;
	return weir_hook_event(call, &a);
}

/* security_kernel_load_data(id, contents) */
u32 weir_on_kernel_activity_kernel_load_data(const struct weir_call *call)
{
	struct weir_activity a = { .operation = WEIR_ACTIVITY_MODULE_LOAD };
	int id = (int)weir_hook_arg(call, 0);

	if (id == LOADING_KEXEC_IMAGE)
		a.operation = WEIR_ACTIVITY_KEXEC_LOAD;
	else if (id != LOADING_MODULE)
		return WEIR_VERDICT_NONE;
	return weir_hook_event(call, &a);
}

/* security_bpf(cmd, attr, size): attr is the kernel's copy, of which the caller gave size bytes */
u32 weir_on_kernel_activity_bpf(const struct weir_call *call)
{
	const u32 before = offsetof(union bpf_attr, prog_name);
	const union bpf_attr *attr = (union bpf_attr *)weir_hook_arg(call, 1);
	u32 size = (u32)weir_hook_arg(call, 2);
	struct weir_activity a = {
		.operation = WEIR_ACTIVITY_BPF_LOAD,
		.flags = attr->prog_type,
		.has_flags = true,
	};

	if ((int)weir_hook_arg(call, 0) != BPF_PROG_LOAD)
		return WEIR_VERDICT_NONE;
	if (size > before) {
		a.name = attr->prog_name;
		a.name_size = min_t(u32, size - before, sizeof(attr->prog_name));
	}
	return weir_hook_event(call, &a);
}

/* security_ptrace_access_check(child, mode): its caller holds the child's alloc_lock */
u32 weir_on_kernel_activity_ptrace_access_check(const struct weir_call *call)
{
	struct task_struct *child = (struct task_struct *)weir_hook_arg(call, 0);
	const struct weir_activity a = {
		.operation = WEIR_ACTIVITY_PTRACE,
		.name = child->comm,
		.name_size = sizeof(child->comm),
		.target = child,
		.flags = (u32)weir_hook_arg(call, 1),
		.has_flags = true,
	};

	if (!(a.flags & PTRACE_MODE_ATTACH))
		return WEIR_VERDICT_NONE;
	return weir_hook_event(call, &a);
}

static const char *type_of(const struct path *path)
{
	return path->dentry->d_sb->s_type->name;
}

/* What mount(2) will make of its flags, in the order in which it looks at them. */
static const char *mounted(const struct path *at, const char *type, unsigned long flags)
{
	if (flags & MS_REMOUNT)
		return type_of(at);
	if (flags & MS_BIND)
		return "bind";
	if (flags & (MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE))
		return "propagation";
	return flags & MS_MOVE ? "move" : type;
}

/* security_sb_mount(dev_name, path, type, flags, data): what user space gave was copied already */
u32 weir_on_kernel_activity_sb_mount(const struct weir_call *call)
{
	const struct path *at = (struct path *)weir_hook_arg(call, 1);
	unsigned long flags = weir_hook_arg(call, 3);
	const struct weir_activity a = {
		.operation = WEIR_ACTIVITY_MOUNT,
		.name = mounted(at, (const char *)weir_hook_arg(call, 2), flags),
		.name_size = TEXT_SIZE,
		.mountpoint = at,
		.flags = flags,
		.has_flags = true,
	};

	return weir_hook_event(call, &a);
}

/* security_move_mount(from_path, to_path) */
u32 weir_on_kernel_activity_move_mount(const struct weir_call *call)
{
	const struct weir_activity a = {
		.operation = WEIR_ACTIVITY_MOUNT,
		.name = type_of((struct path *)weir_hook_arg(call, 0)),
		.name_size = TEXT_SIZE,
		.mountpoint = (struct path *)weir_hook_arg(call, 1),
	};

	return weir_hook_event(call, &a);
}

static u32 credential_event(const struct weir_call *call, const char *name, const struct cred *user,
			    u64 flags)
{
	const struct weir_activity a = {
		.operation = WEIR_ACTIVITY_CREDENTIAL_CHANGE,
		.name = name,
		.name_size = TEXT_SIZE,
		.user = user,
		.flags = flags,
		.has_flags = true,
	};

	return weir_hook_event(call, &a);
}

/* security_task_fix_setuid(new, old, flags) */
u32 weir_on_kernel_activity_task_fix_setuid(const struct weir_call *call)
{
	const struct cred *new = (struct cred *)weir_hook_arg(call, 0);
	const struct cred *old = (struct cred *)weir_hook_arg(call, 1);

	if (uid_eq(new->uid, old->uid) && uid_eq(new->euid, old->euid) &&
	    uid_eq(new->suid, old->suid) && uid_eq(new->fsuid, old->fsuid))
		return WEIR_VERDICT_NONE;
	return credential_event(call, "uid", new, (u32)weir_hook_arg(call, 2));
}

/* security_task_fix_setgid(new, old, flags) */
u32 weir_on_kernel_activity_task_fix_setgid(const struct weir_call *call)
{
	const struct cred *new = (struct cred *)weir_hook_arg(call, 0);
	const struct cred *old = (struct cred *)weir_hook_arg(call, 1);

	if (gid_eq(new->gid, old->gid) && gid_eq(new->egid, old->egid) &&
	    gid_eq(new->sgid, old->sgid) && gid_eq(new->fsgid, old->fsgid))
		return WEIR_VERDICT_NONE;
	return credential_event(call, "gid", NULL, (u32)weir_hook_arg(call, 2));
}

/* security_capset(new, old, effective, inheritable, permitted): new does not have the sets yet */
u32 weir_on_kernel_activity_capset(const struct weir_call *call)
{
	const struct cred *old = (struct cred *)weir_hook_arg(call, 1);
	u64 effective = weir_capabilities((kernel_cap_t *)weir_hook_arg(call, 2));
	u64 inheritable = weir_capabilities((kernel_cap_t *)weir_hook_arg(call, 3));
	u64 permitted = weir_capabilities((kernel_cap_t *)weir_hook_arg(call, 4));

	if (effective == weir_capabilities(&old->cap_effective) &&
	    inheritable == weir_capabilities(&old->cap_inheritable) &&
	    permitted == weir_capabilities(&old->cap_permitted))
		return WEIR_VERDICT_NONE;
	return credential_event(call, "capabilities", NULL, effective);
}
