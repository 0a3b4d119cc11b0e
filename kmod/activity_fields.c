// SPDX-License-Identifier: GPL-2.0
/* The fields of kernel_activity, a function each; templates.def says what they mean. */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "activity.h"
#include "capture.h"

static const struct weir_activity *activity_of(const struct weir_capture *c)
{
	return c->hook;
}

static bool weir_cap_kernel_activity_Operation(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, activity_of(c)->operation);
}

/* The last component, which a rename may be changing. */
static bool file_name(struct weir_capture *c, struct weir_value *v, const struct file *file)
{
	u8 *to = weir_cap_room(c, NAME_MAX + 1);

	return to && weir_cap_keep(c, v, scnprintf(to, NAME_MAX + 1, "%pD", file));
}

static bool weir_cap_kernel_activity_TargetName(struct weir_capture *c, struct weir_value *v)
{
	const struct weir_activity *a = activity_of(c);
	u32 n;

	if (a->file)
		return file_name(c, v, a->file);
	n = a->name ? strnlen(a->name, a->name_size) : 0;
	return n && weir_cap_bytes(c, v, a->name, n);
}

static bool weir_cap_kernel_activity_TargetFilename(struct weir_capture *c, struct weir_value *v)
{
	const struct weir_activity *a = activity_of(c);

	if (a->file)
		return weir_cap_path(c, v, &a->file->f_path);
	return a->mountpoint && weir_cap_path(c, v, a->mountpoint);
}

static bool weir_cap_kernel_activity_TargetProcessId(struct weir_capture *c, struct weir_value *v)
{
	struct task_struct *target = activity_of(c)->target;

	return target && weir_cap_num(v, task_tgid_nr(target));
}

static bool weir_cap_kernel_activity_TargetImage(struct weir_capture *c, struct weir_value *v)
{
	struct task_struct *target = activity_of(c)->target;

	return target && weir_cap_image_locked(c, v, target);
}

/* The file system's user id follows the effective one, and changes alone in setfsuid(). */
static bool weir_cap_kernel_activity_TargetUserId(struct weir_capture *c, struct weir_value *v)
{
	const struct weir_activity *a = activity_of(c);

	if (a->target)
		return weir_cap_num(v, from_kuid(&init_user_ns, task_uid(a->target)));
	return a->user && weir_cap_num(v, from_kuid(&init_user_ns, a->user->fsuid));
}

static bool weir_cap_kernel_activity_Flags(struct weir_capture *c, struct weir_value *v)
{
	return activity_of(c)->has_flags && weir_cap_num(v, activity_of(c)->flags);
}

static bool weir_cap_kernel_activity_TargetDeleted(struct weir_capture *c, struct weir_value *v)
{
	const struct file *file = activity_of(c)->file;

	if (!file)
		return false;
	return weir_cap_num(v, d_unlinked(file->f_path.dentry) || weir_path_memfd(&file->f_path));
}

static bool weir_cap_kernel_activity_TargetMemfd(struct weir_capture *c, struct weir_value *v)
{
	const struct file *file = activity_of(c)->file;

	return file && weir_cap_num(v, weir_path_memfd(&file->f_path));
}

/* clang-format off */
#define WEIR_TYPE(t, id, channel, arity)
#define WEIR_FIELD(t, name, kind, capture, values) WEIR_ROW_##t(name, capture)
#define WEIR_TYPE_END(t)
#define WEIR_ROW_process_creation(name, capture)
#define WEIR_ROW_file_event(name, capture)
#define WEIR_ROW_network_connection(name, capture)
#define WEIR_ROW_ipc(name, capture)
#define WEIR_ROW_kernel_activity(name, capture) WEIR_CAP_ROW_##capture(kernel_activity, name)
/* clang-format on */
const weir_cap_fn weir_activity_fields[WEIR_kernel_activity_arity] = {
#include "../interpreter/templates.def"
};
