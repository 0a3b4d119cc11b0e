// SPDX-License-Identifier: GPL-2.0
/* The fields of process_creation, a function each; templates.def says what they mean. */
#include <linux/audit.h>
#include <linux/binfmts.h>
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/minmax.h>
#include <linux/mnt_idmapping.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "capture.h"
#include "compat.h"
#include "exec.h"

static const struct weir_exec *exec_of(const struct weir_capture *c)
{
	return c->hook;
}

static const struct linux_binprm *bprm_of(const struct weir_capture *c)
{
	return exec_of(c)->bprm;
}

static const struct inode *inode_of(const struct weir_capture *c)
{
	return file_inode(bprm_of(c)->file);
}

static bool weir_cap_process_creation_Image(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_path(c, v, &bprm_of(c)->file->f_path);
}

static bool weir_cap_process_creation_CommandLine(struct weir_capture *c, struct weir_value *v)
{
	return weir_exec_arguments(c, v, bprm_of(c));
}

/* Under its lock, for the reference that keeps the directory is this structure's. */
static bool weir_cap_process_creation_CurrentDirectory(struct weir_capture *c, struct weir_value *v)
{
	struct fs_struct *fs = current->fs;
	bool known;

	if (!fs)
		return false;
	spin_lock(&fs->lock);
	known = weir_cap_path(c, v, &fs->pwd);
	spin_unlock(&fs->lock);
	return known;
}

/* Every process has one but the kernel's own: of one that is not remembered it is unread. */
static bool command_of(struct weir_capture *c, struct weir_value *v,
		       const struct task_struct *leader)
{
	if (weir_cap_command(c, v, leader))
		return true;
	return !(leader->flags & PF_KTHREAD) && weir_cap_unread(c);
}

static bool weir_cap_process_creation_ParentCommandLine(struct weir_capture *c,
							struct weir_value *v)
{
	return command_of(c, v, weir_task_parent());
}

static bool weir_cap_process_creation_EffectiveUserId(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, from_kuid(&init_user_ns, bprm_of(c)->cred->euid));
}

static bool weir_cap_process_creation_TerminalSessionId(struct weir_capture *c,
							struct weir_value *v)
{
	return weir_cap_num(v, audit_get_sessionid(current));
}

/* What the task will be called. */
static bool weir_cap_process_creation_ProcessName(struct weir_capture *c, struct weir_value *v)
{
	const struct linux_binprm *bprm = bprm_of(c);
	struct name_snapshot entry;
	const char *name;
	bool known;

	if (!weir_named_by_file(bprm)) {
		name = kbasename(bprm->filename);
		return weir_cap_bytes(c, v, name, strnlen(name, TASK_COMM_LEN - 1));
	}
	take_dentry_name_snapshot(&entry, bprm->file->f_path.dentry);
	known = weir_cap_bytes(c, v, entry.name.name, min(entry.name.len, TASK_COMM_LEN - 1u));
	release_dentry_name_snapshot(&entry);
	return known;
}

static bool weir_cap_process_creation_PidNamespace(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, task_active_pid_ns(current)->ns.inum);
}

static bool weir_cap_process_creation_MountNamespace(struct weir_capture *c, struct weir_value *v)
{
	return weir_task_mount_ns(&v->num);
}

static bool weir_cap_process_creation_UserNamespace(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, current_user_ns()->ns.inum);
}

/* The name that exec was asked for, if an interpreter runs in its place; made absolute. */
static bool weir_cap_process_creation_Script(struct weir_capture *c, struct weir_value *v)
{
	const char *name = bprm_of(c)->filename;
	struct weir_value dir = {};
	u32 start = c->used;
	u8 *to;
	int n;

	if (!strcmp(name, bprm_of(c)->interp))
		return false;
	if (!strncmp(name, "./", 2))
		name += 2;
	else if (*name == '/')
		return weir_cap_bytes(c, v, name, strnlen(name, WEIR_PATH_CAP));
	if (!weir_cap_process_creation_CurrentDirectory(c, &dir))
		return false;
	to = weir_cap_room(c, WEIR_PATH_CAP);
	if (!to)
		return false;
	n = scnprintf(to, WEIR_PATH_CAP, "%s%s", dir.len == 1 ? "" : "/", name);
	c->used = start;
	return weir_cap_keep(c, v, dir.len + n);
}

static bool weir_cap_process_creation_ImageInode(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, inode_of(c)->i_ino);
}

static bool weir_cap_process_creation_ImageUserId(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, from_kuid(&init_user_ns, inode_of(c)->i_uid));
}

static bool weir_cap_process_creation_ImageMode(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, inode_of(c)->i_mode & 07777);
}

static bool weir_cap_process_creation_DeletedImage(struct weir_capture *c, struct weir_value *v)
{
	const struct path *path = &bprm_of(c)->file->f_path;

	return weir_cap_num(v, d_unlinked(path->dentry) || weir_path_memfd(path));
}

static bool weir_cap_process_creation_MemfdImage(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, weir_path_memfd(&bprm_of(c)->file->f_path));
}

/* The bits alone say little: without effect on a nosuid mount, or under no_new_privs. */
static bool weir_cap_process_creation_SetId(struct weir_capture *c, struct weir_value *v)
{
	const struct cred *cred = bprm_of(c)->cred;
	struct file *file = exec_of(c)->creds;
	const struct inode *inode = file_inode(file);
	umode_t mode = READ_ONCE(inode->i_mode);
	kuid_t owner = vfsuid_into_kuid(i_uid_into_vfsuid(weir_file_idmap(file), inode));
	kgid_t owners = vfsgid_into_kgid(i_gid_into_vfsgid(weir_file_idmap(file), inode));
	bool user = mode & S_ISUID && !uid_eq(cred->euid, cred->uid) && uid_eq(cred->euid, owner);
	bool group = (mode & (S_ISGID | 0010)) == (S_ISGID | 0010) &&
		     !gid_eq(cred->egid, cred->gid) && gid_eq(cred->egid, owners);

	return weir_cap_num(v, user || group);
}

static bool weir_cap_process_creation_ArgumentCount(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, bprm_of(c)->argc);
}

static bool weir_cap_process_creation_GrandParentImage(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_image(c, v, weir_task_grandparent());
}

static bool weir_cap_process_creation_GrandParentCommandLine(struct weir_capture *c,
							     struct weir_value *v)
{
	return command_of(c, v, weir_task_grandparent());
}

static bool weir_cap_process_creation_OverlayImage(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, weir_path_overlay(&bprm_of(c)->file->f_path));
}

static bool weir_cap_process_creation_Nice(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, (u64)(s64)task_nice(current) ^ WEIR_I64_BIAS);
}

/* clang-format off */
#define WEIR_TYPE(t, id, channel, arity)
#define WEIR_FIELD(t, name, kind, capture, values) WEIR_ROW_##t(name, capture)
#define WEIR_TYPE_END(t)
#define WEIR_ROW_process_creation(name, capture) WEIR_CAP_ROW_##capture(process_creation, name)
#define WEIR_ROW_file_event(name, capture)
#define WEIR_ROW_network_connection(name, capture)
#define WEIR_ROW_ipc(name, capture)
#define WEIR_ROW_kernel_activity(name, capture)
/* clang-format on */
const weir_cap_fn weir_exec_fields[WEIR_process_creation_arity] = {
#include "../interpreter/templates.def"
};
