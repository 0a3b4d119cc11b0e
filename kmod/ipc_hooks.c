// SPDX-License-Identifier: GPL-2.0
/* The callbacks of ipc's hooks: from the arguments of a function to an event. */
#include <linux/fs.h>
#include <linux/ipc.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <uapi/linux/shm.h>
#include <net/sock.h>

#include "compat.h"
#include "ipc.h"

/* ipc/mqueue.c keeps it to itself; it is what statfs() gives. */
#define MQUEUE_MAGIC 0x19800202

static u32 unix_type(const struct sock *sk)
{
	if (sk->sk_type == SOCK_DGRAM)
		return WEIR_IPC_UNIX_DGRAM;
	return sk->sk_type == SOCK_SEQPACKET ? WEIR_IPC_UNIX_SEQPACKET : WEIR_IPC_UNIX_STREAM;
}

/* security_unix_stream_connect(sock, other, newsk) */
void weir_ipc_stream_connect(struct ftrace_regs *fregs, bool as_proved)
{
	struct sock *other = (struct sock *)weir_ftrace_arg(fregs, 1);
	const struct weir_ipc e = {
		.operation = WEIR_IPC_CONNECT,
		.type = unix_type(other),
		.access = WEIR_IPC_READWRITE,
		.peer = other,
	};

	weir_ipc_event(&e);
}

/* security_unix_may_send(sock, other): sends ask it, and connect(), which is what the proof does */
void weir_ipc_may_send(struct ftrace_regs *fregs, bool as_proved)
{
	const struct socket *other = (struct socket *)weir_ftrace_arg(fregs, 1);
	struct weir_ipc e = {
		.operation = as_proved ? WEIR_IPC_CONNECT : WEIR_IPC_SEND,
		.access = WEIR_IPC_WRITE,
	};

	if (!other || !other->sk)
		return;
	e.peer = other->sk;
	e.type = unix_type(other->sk);
	weir_ipc_event(&e);
}

/* security_file_open(file) */
void weir_ipc_file_open(struct ftrace_regs *fregs, bool as_proved)
{
	const struct file *file = (struct file *)weir_ftrace_arg(fregs, 0);
	const struct inode *inode = file_inode(file);
	struct weir_ipc e = {
		.operation = WEIR_IPC_OPEN,
		.type = WEIR_IPC_FIFO,
		.file = file,
	};

	if (inode->i_sb->s_magic == MQUEUE_MAGIC && S_ISREG(inode->i_mode))
		e.type = WEIR_IPC_POSIX_MQ;
	else if (!S_ISFIFO(inode->i_mode))
		return;
	if (file->f_mode & FMODE_READ)
		e.access |= WEIR_IPC_READ;
	if (file->f_mode & FMODE_WRITE)
		e.access |= WEIR_IPC_WRITE;
	weir_ipc_event(&e);
}

static void sysv_event(struct ftrace_regs *fregs, u32 operation, u32 type, u32 access)
{
	const struct weir_ipc e = {
		.operation = operation,
		.type = type,
		.access = access,
		.perm = (struct kern_ipc_perm *)weir_ftrace_arg(fregs, 0),
	};

	weir_ipc_event(&e);
}

/* security_msg_queue_msgsnd(msq, msg, msqflg) */
void weir_ipc_msgsnd(struct ftrace_regs *fregs, bool as_proved)
{
	sysv_event(fregs, WEIR_IPC_SEND, WEIR_IPC_SYSV_MSG, WEIR_IPC_WRITE);
}

/* security_msg_queue_msgrcv(msq, msg, target, type, mode); a sender asks for those who wait */
void weir_ipc_msgrcv(struct ftrace_regs *fregs, bool as_proved)
{
	if ((struct task_struct *)weir_ftrace_arg(fregs, 2) == current)
		sysv_event(fregs, WEIR_IPC_RECEIVE, WEIR_IPC_SYSV_MSG, WEIR_IPC_READ);
}

/* security_shm_shmat(shp, shmaddr, shmflg) */
void weir_ipc_shmat(struct ftrace_regs *fregs, bool as_proved)
{
	bool read = weir_ftrace_arg(fregs, 2) & SHM_RDONLY;

	sysv_event(fregs, WEIR_IPC_ATTACH, WEIR_IPC_SYSV_SHM,
		   read ? WEIR_IPC_READ : WEIR_IPC_READWRITE);
}

/* security_sem_semop(sma, sops, nsops, alter) */
void weir_ipc_semop(struct ftrace_regs *fregs, bool as_proved)
{
	bool alter = (int)weir_ftrace_arg(fregs, 3);

	sysv_event(fregs, WEIR_IPC_OPERATE, WEIR_IPC_SYSV_SEM,
		   alter ? WEIR_IPC_READWRITE : WEIR_IPC_READ);
}
