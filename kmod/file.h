/* SPDX-License-Identifier: GPL-2.0 */
/* Files: what the hooks saw, and what the fields of file_event are captured from. */
#ifndef WEIR_KMOD_FILE_H
#define WEIR_KMOD_FILE_H

#include <linux/path.h>

#include "capture.h"

struct inode;
struct weir_call;

/* The values of the type's enum field, in their order in templates.def. */
enum weir_file_operation {
	WEIR_FILE_CREATE,
	WEIR_FILE_OPEN,
	WEIR_FILE_RENAME,
	WEIR_FILE_UNLINK,
	WEIR_FILE_CHMOD,
	WEIR_FILE_TRUNCATE,
};

/**
 * struct weir_file - what the capture functions of file_event work on; pinned by the hook's caller
 * @operation: enum weir_file_operation
 * @mode: of the file; create, chmod: that it is to have
 * @target: the name that the operation is about; rename: the new one
 * @source: rename, link: the name that the file has; else without dentry
 * @text: symlink: what it will hold; else NULL
 * @inode: the file; NULL if there is none yet
 */
struct weir_file {
	u32 operation;
	umode_t mode;
	struct path target;
	struct path source;
	const char *text;
	const struct inode *inode;
};

/* The capture functions of file_event, by field number. */
extern const weir_cap_fn weir_file_fields[];

/* Built for kernels without the function, too, where hooks.def does not declare it. */
u32 weir_on_file_event_file_truncate(const struct weir_call *call);

/**
 * weir_proof_file() - a file to show on that hooks fire
 *
 * Context: process context, may sleep.
 * Return: an empty file in memory, in no directory, for fput(); or an ERR_PTR().
 */
struct file *weir_proof_file(void);

#endif
