// SPDX-License-Identifier: GPL-2.0
/* What every type wants to know of tasks: executable, command line, parent, ids, namespaces. */
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/nsproxy.h>
#include <linux/proc_ns.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "capture.h"
#include "compat.h"
#include "procs.h"

static bool mount_ns_readable;

/* The executable of a process, with a reference; NULL if it has none (any more), or is unread. */
static struct file *task_exe(struct weir_capture *c, struct task_struct *leader)
{
	struct file *exe = NULL;

	/* The leader may be gone while other threads go on: a thread of the same process knows. */
	if (same_thread_group(leader, current))
		return current->mm ? weir_mm_exe(current->mm) : NULL;
	/* Not waiting: the hook's caller may hold the lock of this task, or of another one. */
	if (!spin_trylock(&leader->alloc_lock)) {
		weir_cap_unread(c);
		return NULL;
	}
	if (leader->mm)
		exe = weir_mm_exe(leader->mm);
	else if (atomic_read(&leader->signal->live))
		weir_cap_unread(c); /* other threads have the memory that the leader left */
	spin_unlock(&leader->alloc_lock);
	return exe;
}

static bool image_remembered(struct weir_capture *c, struct weir_value *v,
			     const struct task_struct *leader)
{
	u8 *to = weir_cap_room(c, WEIR_PROC_IMAGE);
	bool cut = false;
	int n;

	if (!to)
		return false;
	n = weir_procs_text(leader, WEIR_PROC_IS_IMAGE, to, WEIR_PROC_IMAGE, &cut);
	return n >= 0 && weir_cap_keep(c, v, n);
}

/* Drops the reference. */
static bool image_is(struct weir_capture *c, struct weir_value *v, struct file *exe)
{
	bool known;

	if (!exe)
		return false;
	known = weir_cap_path(c, v, &exe->f_path);
	fput(exe);
	return known;
}

bool weir_cap_image(struct weir_capture *c, struct weir_value *v, struct task_struct *leader)
{
	if (image_remembered(c, v, leader))
		return true;
	if (leader->flags & PF_KTHREAD)
		return false;
	if (c->nolocks)
		return weir_cap_unread(c);
	return image_is(c, v, task_exe(c, leader));
}

bool weir_cap_image_locked(struct weir_capture *c, struct weir_value *v, struct task_struct *task)
{
	if (image_remembered(c, v, task->group_leader))
		return true;
	if (task->mm)
		return image_is(c, v, weir_mm_exe(task->mm));
	/* Other threads have the memory that this one left. */
	return !(task->flags & PF_KTHREAD) && atomic_read(&task->signal->live) &&
	       weir_cap_unread(c);
}

bool weir_cap_command(struct weir_capture *c, struct weir_value *v,
		      const struct task_struct *leader)
{
	u8 *to = weir_cap_room(c, WEIR_PROC_COMMAND);
	bool cut = false;
	int n;

	if (!to)
		return false;
	n = weir_procs_text(leader, WEIR_PROC_IS_COMMAND, to, WEIR_PROC_COMMAND, &cut);
	if (n < 0)
		return false;
	c->truncated |= cut;
	return weir_cap_keep(c, v, n);
}

struct task_struct *weir_task_parent(void)
{
	return rcu_dereference(current->real_parent)->group_leader;
}

struct task_struct *weir_task_grandparent(void)
{
	return rcu_dereference(weir_task_parent()->real_parent)->group_leader;
}

u64 weir_task_uid(void)
{
	return from_kuid(&init_user_ns, current_uid());
}

/* The layout of a mount namespace is private: trust its head only after looking at it. */
bool weir_task_probe(void)
{
	const struct ns_common *ns = (const void *)current->nsproxy->mnt_ns;
	const struct proc_ns_operations *ops;
	int type = 0;

	if (!copy_from_kernel_nofault(&ops, &ns->ops, sizeof(ops)) &&
	    !copy_from_kernel_nofault(&type, &ops->type, sizeof(type)))
		mount_ns_readable = type == CLONE_NEWNS;
	return mount_ns_readable;
}

bool weir_task_mount_ns(u64 *out)
{
	if (!mount_ns_readable || !current->nsproxy)
		return false;
	*out = ((const struct ns_common *)current->nsproxy->mnt_ns)->inum;
	return true;
}
