/* SPDX-License-Identifier: GPL-2.0 */
/* Inter-process communication: what the hooks saw, and what its fields are captured from. */
#ifndef WEIR_KMOD_IPC_H
#define WEIR_KMOD_IPC_H

#include "capture.h"

struct ftrace_ops;
struct ftrace_regs;
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

/* The capture functions of ipc, by field number. */
extern const weir_cap_fn weir_ipc_fields[];

/* ipc.c */

/**
 * weir_ipc_event() - an event of the current task
 * @e: what the hook saw
 */
void weir_ipc_event(const struct weir_ipc *e);

/*
 * ipc_hooks.c: one callback a hook, called at the entry of the function it is named after.
 * as_proved: from the same place in the kernel as weir_ipc_prove() made it called from.
 */

void weir_ipc_stream_connect(struct ftrace_regs *fregs, bool as_proved);
void weir_ipc_may_send(struct ftrace_regs *fregs, bool as_proved);
void weir_ipc_file_open(struct ftrace_regs *fregs, bool as_proved);
void weir_ipc_msgsnd(struct ftrace_regs *fregs, bool as_proved);
void weir_ipc_msgrcv(struct ftrace_regs *fregs, bool as_proved);
void weir_ipc_shmat(struct ftrace_regs *fregs, bool as_proved);
void weir_ipc_semop(struct ftrace_regs *fregs, bool as_proved);

/* ipc_proof.c */

/**
 * weir_ipc_prove() - do what makes the needed hooks fire
 *
 * Connects to sockets of its own, a stream and a datagram one, and opens the root directory.
 *
 * Context: process context, may sleep.
 * Return: 0 or a negative errno if something other than the hooks did not work.
 */
int weir_ipc_prove(void);

#endif
