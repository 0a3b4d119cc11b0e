// SPDX-License-Identifier: GPL-2.0
/* The callbacks of ipc's hooks: from the arguments of a function to an event. */
#include <linux/fs.h>
#include <linux/ipc.h>
#include <linux/net.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <uapi/linux/shm.h>
#include <asm/syscall.h>
#include <asm/unistd.h>
#include <net/sock.h>

#include "hooks.h"
#include "ipc.h"

static u32 unix_type(const struct sock *sk)
{
	if (sk->sk_type == SOCK_DGRAM)
		return WEIR_IPC_UNIX_DGRAM;
	return sk->sk_type == SOCK_SEQPACKET ? WEIR_IPC_UNIX_SEQPACKET : WEIR_IPC_UNIX_STREAM;
}

/* security_unix_stream_connect(sock, other, newsk) */
u32 weir_on_ipc_unix_stream_connect(const struct weir_call *call)
{
	struct sock *other = (struct sock *)weir_hook_arg(call, 1);
	const struct weir_ipc e = {
		.operation = WEIR_IPC_CONNECT,
		.type = unix_type(other),
		.access = WEIR_IPC_READWRITE,
		.peer = other,
	};

	return weir_hook_event(call, &e);
}

/* security_unix_may_send(sock, other): sends ask it, and connect(), which is what the proof does */
u32 weir_on_ipc_unix_may_send(const struct weir_call *call)
{
	const struct socket *other = (struct socket *)weir_hook_arg(call, 1);
	struct weir_ipc e = {
		.operation = call->as_proved ? WEIR_IPC_CONNECT : WEIR_IPC_SEND,
		.access = WEIR_IPC_WRITE,
	};

	if (!other || !other->sk)
		return WEIR_VERDICT_NONE;
	e.peer = other->sk;
	e.type = unix_type(other->sk);
	return weir_hook_event(call, &e);
}

/* security_file_open(file) */
u32 weir_on_ipc_file_open(const struct weir_call *call)
{
	const struct file *file = (struct file *)weir_hook_arg(call, 0);
	const struct inode *inode = file_inode(file);
	struct weir_ipc e = {
		.operation = WEIR_IPC_OPEN,
		.type = WEIR_IPC_FIFO,
		.file = file,
	};

	if (weir_ipc_mqueue(inode))
		e.type = WEIR_IPC_POSIX_MQ;
	else if (!S_ISFIFO(inode->i_mode))
		return WEIR_VERDICT_NONE;
	if (file->f_mode & FMODE_READ)
		e.access |= WEIR_IPC_READ;
	if (file->f_mode & FMODE_WRITE)
		e.access |= WEIR_IPC_WRITE;
	return weir_hook_event(call, &e);
}

static u32 sysv_event(const struct weir_call *call, u32 operation, u32 type, u32 access)
{
	const struct weir_ipc e = {
		.operation = operation,
		.type = type,
		.access = access,
		.perm = (struct kern_ipc_perm *)weir_hook_arg(call, 0),
	};

	return weir_hook_event(call, &e);
}

/* security_msg_queue_msgsnd(msq, msg, msqflg) */
u32 weir_on_ipc_msg_queue_msgsnd(const struct weir_call *call)
{
	return sysv_event(call, WEIR_IPC_SEND, WEIR_IPC_SYSV_MSG, WEIR_IPC_WRITE);
}

/*
 * The number in the task's registers is the one that the kernel went by: tracers and filters had
 * their say before, and cannot change it while the call runs. ipc() of 32-bit programs is several
 * calls in one; the high half of the word that tells them apart is a version.
 */
static bool in_msgrcv(void)
{
	struct pt_regs *regs = task_pt_regs(current);
	int nr = syscall_get_nr(current, regs);

	if (!in_ia32_syscall())
		return (nr & ~__X32_SYSCALL_BIT) == __NR_msgrcv;
	return nr == __NR_ia32_msgrcv || (nr == __NR_ia32_ipc && (u16)regs->bx == MSGRCV);
}

/*
 * security_ipc_permission(ipcp, flag): all use of System V objects asks it, about the mode's bits.
 * msgrcv() does before it looks for a message or waits for one, as an RCU reader without a lock.
 */
u32 weir_on_ipc_ipc_permission(const struct weir_call *call)
{
	if (!in_msgrcv())
		return WEIR_VERDICT_NONE;
	return sysv_event(call, WEIR_IPC_RECEIVE, WEIR_IPC_SYSV_MSG, WEIR_IPC_READ);
}

/* security_shm_shmat(shp, shmaddr, shmflg) */
u32 weir_on_ipc_shm_shmat(const struct weir_call *call)
{
	bool read = weir_hook_arg(call, 2) & SHM_RDONLY;

	return sysv_event(call, WEIR_IPC_ATTACH, WEIR_IPC_SYSV_SHM,
			  read ? WEIR_IPC_READ : WEIR_IPC_READWRITE);
}

/* security_sem_semop(sma, sops, nsops, alter) */
u32 weir_on_ipc_sem_semop(const struct weir_call *call)
{
	bool alter = (int)weir_hook_arg(call, 3);

	return sysv_event(call, WEIR_IPC_OPERATE, WEIR_IPC_SYSV_SEM,
			  alter ? WEIR_IPC_READWRITE : WEIR_IPC_READ);
}
