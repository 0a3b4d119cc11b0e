// SPDX-License-Identifier: GPL-2.0
/* Operations on a file of our own, so that armed hooks can show that they fire. */
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/security.h>
#include <linux/shmem_fs.h>

#include "file.h"

/* In memory and in no directory. Private: security modules are not to judge what is no one's. */
struct file *weir_proof_file(void)
{
	struct file *file = shmem_file_setup("weir-proof", 0, VM_NORESERVE);

	if (!IS_ERR(file))
		file_inode(file)->i_flags |= S_PRIVATE;
	return file;
}

/* The questions themselves, for nothing is to be created, renamed or removed. */
static int ask(const struct path *path)
{
	int err;

	err = security_path_mknod(path, path->dentry, S_IFREG, 0);
	if (!err)
		err = security_path_mkdir(path, path->dentry, S_IFDIR);
	if (!err)
		err = security_path_unlink(path, path->dentry);
	if (!err)
		err = security_path_rename(path, path->dentry, path, path->dentry, 0);
	return err;
}

static int open_and_truncate(const struct path *path)
{
	struct file *again = file_open_root(path, "", O_WRONLY | O_TRUNC | O_LARGEFILE, 0);

	if (IS_ERR(again))
		return PTR_ERR(again);
	fput(again);
	return 0;
}

static int prove(void)
{
	struct file *own = weir_proof_file();
	int err;

	if (IS_ERR(own))
		return PTR_ERR(own);
	err = ask(&own->f_path);
	if (!err)
		err = vfs_truncate(&own->f_path, 0);
	if (!err)
		err = open_and_truncate(&own->f_path);
	fput(own);
	return err;
}

const struct weir_point weir_file_point = {
	.type = WEIR_TYPE_file_event,
	.fields = weir_file_fields,
	.prove = prove,
};
