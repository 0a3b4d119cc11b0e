// SPDX-License-Identifier: GPL-2.0
/* The fields that all types share: who causes the event. */
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "capture.h"

bool weir_cap_task_Image(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_image(c, v, current->group_leader);
}

/* Of a process that is not in the table, what its memory says now. */
bool weir_cap_task_CommandLine(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_command(c, v, current->group_leader) || weir_cap_arguments(c, v);
}

bool weir_cap_task_ParentImage(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_image(c, v, weir_task_parent());
}

bool weir_cap_task_ProcessId(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, c->pid);
}

bool weir_cap_task_ParentProcessId(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, task_tgid_nr(weir_task_parent()));
}

bool weir_cap_task_User(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_user(c, v, weir_task_uid());
}

bool weir_cap_task_UserId(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, weir_task_uid());
}

bool weir_cap_task_EffectiveUserId(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, from_kuid(&init_user_ns, current_euid()));
}

bool weir_cap_task_GroupId(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, from_kgid(&init_user_ns, current_gid()));
}

/* Not the audit login id: Sysmon for Linux, for which rules are written, gives the real user id. */
bool weir_cap_task_LogonId(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, weir_task_uid());
}

bool weir_cap_task_CgroupPath(struct weir_capture *c, struct weir_value *v)
{
	u8 *to = weir_cap_room(c, WEIR_PATH_CAP);
	int n;

	if (!to)
		return false;
	n = cgroup_path(task_dfl_cgroup(current), to, WEIR_PATH_CAP);
	if (n < 0 || n >= WEIR_PATH_CAP) {
		c->truncated = true;
		return weir_cap_unread(c);
	}
	return weir_cap_keep(c, v, n);
}

bool weir_cap_task_NetworkNamespace(struct weir_capture *c, struct weir_value *v)
{
	return current->nsproxy && weir_cap_num(v, current->nsproxy->net_ns->ns.inum);
}

/* The root directory is not the root of a mount. */
bool weir_cap_task_Chroot(struct weir_capture *c, struct weir_value *v)
{
	struct fs_struct *fs = current->fs;

	if (!fs)
		return false;
	if (c->nolocks)
		return weir_cap_unread(c);
	spin_lock(&fs->lock);
	v->num = fs->root.dentry != fs->root.mnt->mnt_root;
	spin_unlock(&fs->lock);
	return true;
}

/* Asked for last, and only with all strings that are provided. */
bool weir_cap_task_Truncated(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, c->truncated);
}
