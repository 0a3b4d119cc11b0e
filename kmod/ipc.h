/* SPDX-License-Identifier: GPL-2.0 */
/* Inter-process communication: what the hooks saw, and what its fields are captured from. */
#ifndef WEIR_KMOD_IPC_H
#define WEIR_KMOD_IPC_H

#include <linux/fs.h>
#include <linux/stat.h>

#include "capture.h"

/* ipc/mqueue.c keeps it to itself; it is what statfs() gives. */
#define WEIR_MQUEUE_MAGIC 0x19800202

struct kern_ipc_perm;
struct sock;

/* The values of the type's enum fields, in their order in templates.def. */
enum weir_ipc_operation {
	WEIR_IPC_CONNECT,
	WEIR_IPC_SEND,
	WEIR_IPC_OPEN,
	WEIR_IPC_RECEIVE,
	WEIR_IPC_ATTACH,
	WEIR_IPC_OPERATE,
};

enum weir_ipc_type {
	WEIR_IPC_UNIX_STREAM,
	WEIR_IPC_UNIX_DGRAM,
	WEIR_IPC_UNIX_SEQPACKET,
	WEIR_IPC_FIFO,
	WEIR_IPC_SYSV_MSG,
	WEIR_IPC_SYSV_SHM,
	WEIR_IPC_SYSV_SEM,
	WEIR_IPC_POSIX_MQ,
};

enum weir_ipc_access {
	WEIR_IPC_NONE,
	WEIR_IPC_READ,
	WEIR_IPC_WRITE,
	WEIR_IPC_READWRITE,
};

/**
 * struct weir_ipc - what the capture functions of ipc work on; pinned by the hook's caller
 * @operation: enum weir_ipc_operation
 * @type: enum weir_ipc_type
 * @access: enum weir_ipc_access
 * @peer: the unix socket at the other end, its state locked by the caller; else NULL
 * @file: the FIFO or message queue that is being opened; else NULL
 * @perm: the System V object; else NULL
 */
struct weir_ipc {
	u32 operation;
	u32 type;
	u32 access;
	struct sock *peer;
	const struct file *file;
	const struct kern_ipc_perm *perm;
};

/**
 * weir_ipc_mqueue() - is a file a POSIX message queue
 * @inode: of the file
 */
static inline bool weir_ipc_mqueue(const struct inode *inode)
{
	return inode->i_sb->s_magic == WEIR_MQUEUE_MAGIC && S_ISREG(inode->i_mode);
}

/* The capture functions of ipc, by field number. */
extern const weir_cap_fn weir_ipc_fields[];

#endif
