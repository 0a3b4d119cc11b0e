// SPDX-License-Identifier: GPL-2.0
/* The callbacks of file_event's hooks: from the arguments of a function to an event. */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/stat.h>

#include "file.h"
#include "hooks.h"
#include "ipc.h"

/* The name that two arguments mean, a directory and an entry of it. */
static struct path name_at(const struct weir_call *call, unsigned int n)
{
	const struct path *dir = (const struct path *)weir_hook_arg(call, n);

	return (struct path){
		.mnt = dir->mnt,
		.dentry = (struct dentry *)weir_hook_arg(call, n + 1),
	};
}

/* Many file systems take the umask off only after the hook. */
static u32 created(const struct weir_call *call)
{
	const struct weir_file e = {
		.operation = WEIR_FILE_CREATE,
		.mode = weir_hook_arg(call, 2) & S_IALLUGO & ~current_umask(),
		.target = name_at(call, 0),
	};

	return weir_hook_event(call, &e);
}

/* An event about a file that is there, under the name that it is reached by. */
static u32 found(const struct weir_call *call, u32 operation, const struct path *target)
{
	const struct inode *inode = d_backing_inode(target->dentry);
	const struct weir_file e = {
		.operation = operation,
		.mode = inode ? inode->i_mode & S_IALLUGO : 0,
		.target = *target,
		.inode = inode,
	};

	return inode ? weir_hook_event(call, &e) : WEIR_VERDICT_NONE;
}

/* An event that gives a file a name beside, or instead of, the one it has. */
static u32 named(const struct weir_call *call, u32 operation, const struct path *from,
		 const struct path *to)
{
	const struct inode *inode = d_backing_inode(from->dentry);
	const struct weir_file e = {
		.operation = operation,
		.mode = inode ? inode->i_mode & S_IALLUGO : 0,
		.target = *to,
		.source = *from,
		.inode = inode,
	};

	return inode ? weir_hook_event(call, &e) : WEIR_VERDICT_NONE;
}

/* security_path_mknod(dir, dentry, mode, dev) */
u32 weir_on_file_event_path_mknod(const struct weir_call *call)
{
	return created(call);
}

/* security_path_mkdir(dir, dentry, mode) */
u32 weir_on_file_event_path_mkdir(const struct weir_call *call)
{
	return created(call);
}

/* security_path_symlink(dir, dentry, old_name) */
u32 weir_on_file_event_path_symlink(const struct weir_call *call)
{
	const struct weir_file e = {
		.operation = WEIR_FILE_CREATE,
		.mode = 0777,
		.target = name_at(call, 0),
		.text = (const char *)weir_hook_arg(call, 2),
	};

	return weir_hook_event(call, &e);
}

/* security_path_link(old_dentry, new_dir, new_dentry); the kernel links within one mount only */
u32 weir_on_file_event_path_link(const struct weir_call *call)
{
	const struct path to = name_at(call, 1);
	const struct path from = {
		.mnt = to.mnt,
		.dentry = (struct dentry *)weir_hook_arg(call, 0),
	};

	return named(call, WEIR_FILE_CREATE, &from, &to);
}

/* security_file_open(file) */
u32 weir_on_file_event_file_open(const struct weir_call *call)
{
	const struct file *file = (const struct file *)weir_hook_arg(call, 0);
	const struct inode *inode = file_inode(file);

	if (!(file->f_mode & FMODE_WRITE) || !S_ISREG(inode->i_mode))
		return WEIR_VERDICT_NONE;
	/* Without an account: opened by a file system for itself, as overlayfs does its layers. */
	if (file->f_mode & FMODE_NOACCOUNT || weir_ipc_mqueue(inode))
		return WEIR_VERDICT_NONE;
	return found(call, WEIR_FILE_OPEN, &file->f_path);
}

/* security_path_rename(old_dir, old_dentry, new_dir, new_dentry, flags) */
u32 weir_on_file_event_path_rename(const struct weir_call *call)
{
	const struct path from = name_at(call, 0), to = name_at(call, 2);
	u32 verdict = named(call, WEIR_FILE_RENAME, &from, &to);

	/* Each of the two gets a new name. */
	if (weir_hook_arg(call, 4) & RENAME_EXCHANGE)
		verdict = max(verdict, named(call, WEIR_FILE_RENAME, &to, &from));
	return verdict;
}

/* security_path_unlink(dir, dentry) */
u32 weir_on_file_event_path_unlink(const struct weir_call *call)
{
	const struct path target = name_at(call, 0);

	return found(call, WEIR_FILE_UNLINK, &target);
}

/* security_path_rmdir(dir, dentry) */
u32 weir_on_file_event_path_rmdir(const struct weir_call *call)
{
	const struct path target = name_at(call, 0);

	return found(call, WEIR_FILE_UNLINK, &target);
}

/* security_path_chmod(path, mode) */
u32 weir_on_file_event_path_chmod(const struct weir_call *call)
{
	const struct path *target = (const struct path *)weir_hook_arg(call, 0);
	const struct weir_file e = {
		.operation = WEIR_FILE_CHMOD,
		.mode = weir_hook_arg(call, 1) & S_IALLUGO,
		.target = *target,
		.inode = d_backing_inode(target->dentry),
	};

	return weir_hook_event(call, &e);
}

/* security_path_truncate(path) */
u32 weir_on_file_event_path_truncate(const struct weir_call *call)
{
	return found(call, WEIR_FILE_TRUNCATE, (const struct path *)weir_hook_arg(call, 0));
}

/* security_file_truncate(file) */
u32 weir_on_file_event_file_truncate(const struct weir_call *call)
{
	const struct file *file = (const struct file *)weir_hook_arg(call, 0);

	return found(call, WEIR_FILE_TRUNCATE, &file->f_path);
}
