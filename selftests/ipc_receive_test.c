// SPDX-License-Identifier: GPL-2.0
/* A receive from a message queue is an event of who receives: once, and before it waits. */
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <unistd.h>

#include "ktap.h"
#include "child.h"
#include "events.h"
#include "ipc_client.h"
#include "templates.h"

#define CHANNEL 7104
#define CONTENT "/content/ipc_sysv_test.weir"

#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, WEIR_ipc_##name, want))

/* Calls of 32-bit programs, and which of the calls in one ipc() is. */
#define IA32_IPC 117
#define IA32_MSGRCV 401
#define IA32_MSGCTL 402
#define CALL_MSGSND 11
#define CALL_MSGRCV 12
#define CALL_MSGCTL 14
#define CALL_VERSION 0x10000u
#define X32_BIT 0x40000000

struct message {
	long type;
	char text[1];
};

static int dev, queue, mark;

static void begin(void)
{
	dev = weir_ev_open(CHANNEL, CONTENT);
	queue = msgget(IPC_PRIVATE, 0666);
	mark = semget(IPC_PRIVATE, 1, 0666);
	KTAP_ASSERT(dev >= 0 && queue >= 0 && mark >= 0);
}

static void end(void)
{
	KTAP_EXPECT(!msgctl(queue, IPC_RMID, NULL));
	KTAP_EXPECT(!semctl(mark, 0, IPC_RMID));
}

static int put(long type)
{
	const struct message m = { type, "x" };

	return msgsnd(queue, &m, sizeof(m.text), 0);
}

static int get(long type, int flags)
{
	struct message m;

	return (int)msgrcv(queue, &m, sizeof(m.text), type, flags);
}

/* What a process does last: all before it is in the records when this is. */
static int set_mark(void)
{
	struct sembuf up = { 0, 1, 0 };

	return semop(mark, &up, 1);
}

static const struct weir_u_record *expect(pid_t pid, int operation, int type, int access)
{
	const struct weir_u_record *r = weir_ev_next(dev, pid);

	KTAP_ASSERT(r);
	KTAP_EXPECT(weir_client_did(r, operation, type, access));
	return r;
}

static void expect_receive(pid_t pid)
{
	const struct weir_u_record *r = expect(pid, RECEIVE, SYSV_MSG, READ);

	NUM(r, ObjectId, (uint64_t)queue);
	NUM(r, ObjectMode, 0666);
	NUM(r, ObjectUserId, 0);
	NUM(r, Namespace, weir_ev_ns(getpid(), "ipc"));
	KTAP_EXPECT(weir_client_is(r));
}

static void expect_mark(pid_t pid)
{
	expect(pid, OPERATE, SYSV_SEM, READWRITE);
}

static pid_t client(int (*act)(const void *), const void *what)
{
	pid_t pid = weir_child_act(WEIR_CLIENT, act, what);

	KTAP_ASSERT(pid > 0);
	return pid;
}

static int act_get(const void *type)
{
	return get(*(const long *)type, 0) < 0 ? -1 : set_mark();
}

KTAP_TEST(a_message_among_many_is_received_once)
{
	/* The one of the lowest type up to 20: the kernel looks at all of them. */
	const long any = -20;
	long type;
	pid_t pid;

	begin();
	for (type = 20; type > 0; type--)
		KTAP_ASSERT(!put(type));
	pid = client(act_get, &any);
	expect_receive(pid);
	expect_mark(pid);
	end();
}

static int act_find_none(const void *unused)
{
	(void)unused;
	if (get(2, IPC_NOWAIT | MSG_NOERROR) >= 0 || errno != ENOMSG)
		return -1;
	return set_mark();
}

KTAP_TEST(who_asks_for_a_message_that_is_not_there_is_seen)
{
	pid_t pid;

	begin();
	KTAP_ASSERT(!put(1));
	pid = client(act_find_none, NULL);
	expect_receive(pid);
	expect_mark(pid);
	end();
}

static int act_be_refused(const void *unused)
{
	(void)unused;
	if (get(0, IPC_NOWAIT) >= 0 || errno != EACCES)
		return -1;
	return set_mark();
}

static void set_mode(unsigned short mode)
{
	struct msqid_ds state;

	KTAP_ASSERT(!msgctl(queue, IPC_STAT, &state));
	state.msg_perm.mode = mode;
	KTAP_ASSERT(!msgctl(queue, IPC_SET, &state));
}

KTAP_TEST(what_the_mode_does_not_allow_is_no_event)
{
	begin();
	set_mode(0622);
	KTAP_ASSERT(!put(1));
	expect_mark(client(act_be_refused, NULL));
	end();
}

/* A client that waits for a message; its first record is there, and it sleeps. */
static pid_t start_waiting(void)
{
	const long any = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(setgid(WEIR_CLIENT + 2) || setuid(WEIR_CLIENT) || act_get(&any));
	KTAP_ASSERT(pid > 0);
	expect_receive(pid);
	weir_child_state(pid, 'S');
	return pid;
}

KTAP_TEST(who_waits_is_seen_before_the_message_comes_and_not_again)
{
	pid_t pid;

	begin();
	pid = start_waiting();
	KTAP_ASSERT(!put(1));
	KTAP_EXPECT_EQ(weir_child_finish(pid), 0);
	expect_mark(pid);
	end();
}

KTAP_TEST(who_waits_asks_again_after_a_change_of_the_queue_and_after_a_stop)
{
	pid_t pid;

	begin();
	pid = start_waiting();
	set_mode(0666);
	expect_receive(pid);
	KTAP_ASSERT(!kill(pid, SIGSTOP));
	KTAP_ASSERT_EQ(waitpid(pid, NULL, WUNTRACED), pid);
	KTAP_ASSERT(!kill(pid, SIGCONT));
	expect_receive(pid);
	KTAP_ASSERT(!put(1));
	KTAP_EXPECT_EQ(weir_child_finish(pid), 0);
	expect_mark(pid);
	end();
}

static int act_else(const void *shm)
{
	struct msqid_ds q;
	struct shmid_ds m;
	int id = *(const int *)shm;

	if (msgctl(queue, IPC_STAT, &q) || shmctl(id, IPC_STAT, &m) ||
	    semctl(mark, 0, GETVAL) < 0 || msgget(CHANNEL, 0) < 0)
		return -1;
	return shmat(id, NULL, SHM_RDONLY) == (void *)-1 || put(1) ? -1 : set_mark();
}

KTAP_TEST(nothing_else_with_system_v_objects_is_a_receive)
{
	int shm = shmget(IPC_PRIVATE, 4096, 0666), named = msgget(CHANNEL, IPC_CREAT | 0666);
	pid_t pid;

	begin();
	KTAP_ASSERT(shm >= 0 && named >= 0);
	pid = client(act_else, &shm);
	expect(pid, ATTACH, SYSV_SHM, READ);
	expect(pid, SEND, SYSV_MSG, WRITE);
	expect_mark(pid);
	shmctl(shm, IPC_RMID, NULL);
	msgctl(named, IPC_RMID, NULL);
	end();
}

/* What 32-bit programs have in memory, at an address that they could have. */
struct low {
	struct {
		int type;
		char text[4];
	} message;
	struct {
		unsigned int message;
		int type;
	} both;
	char state[256];
};

/* A system call as 32-bit programs make it, which any program may. */
static int call_ia32(int nr, unsigned int a, int b, long c, long d, const void *e, long f)
{
	long ret;

	asm volatile("xchg %%rbp, %1\n\tint $0x80\n\txchg %%rbp, %1"
		     : "=a"(ret), "+r"(f)
		     : "a"(nr), "b"(a), "c"((long)b), "d"(c), "S"(d), "D"(e)
		     : "memory", "r8", "r9", "r10", "r11");
	errno = ret < 0 ? (int)-ret : 0;
	return (int)ret;
}

static int act_ia32_else(const struct low *at)
{
	if (call_ia32(IA32_MSGCTL, (unsigned int)queue, IPC_STAT, (long)at->state, 0, NULL, 0))
		return -1;
	if (call_ia32(IA32_IPC, CALL_VERSION | CALL_MSGCTL, queue, IPC_STAT, 0, at->state, 0))
		return -1;
	return call_ia32(IA32_IPC, CALL_VERSION | CALL_MSGSND, queue, 1, 0, &at->message, 0);
}

static int act_ia32(const void *low)
{
	const struct low *at = low;

	if (act_ia32_else(at))
		return -1;
	if (call_ia32(IA32_MSGRCV, (unsigned int)queue, (int)(long)&at->message, 1, 0, NULL, 0) !=
	    1)
		return -1;
	if (call_ia32(IA32_IPC, CALL_MSGRCV, queue, 1, 0, &at->both, 0) != 1)
		return -1;
	if (call_ia32(IA32_IPC, CALL_VERSION | CALL_MSGRCV, queue, 1, 0, &at->message, 0) != 1)
		return -1;
	return set_mark();
}

KTAP_TEST(calls_of_32_bit_programs_are_told_apart_as_well)
{
	struct low *at = mmap(NULL, sizeof(*at), PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	pid_t pid;

	begin();
	KTAP_ASSERT(at != MAP_FAILED);
	at->message.type = 1;
	at->both.message = (unsigned int)(uintptr_t)&at->message;
	KTAP_ASSERT(!put(1) && !put(1));
	pid = client(act_ia32, at);
	expect(pid, SEND, SYSV_MSG, WRITE);
	expect_receive(pid);
	expect_receive(pid);
	expect_receive(pid);
	expect_mark(pid);
	end();
}

static int act_x32(const void *unused)
{
	struct message m;

	(void)unused;
	return syscall(X32_BIT | SYS_msgrcv, queue, &m, sizeof(m.text), 0, 0) < 0 ? -1 : set_mark();
}

KTAP_TEST(a_call_of_an_x32_program_is_seen_where_the_kernel_runs_them)
{
	pid_t pid;

	begin();
	if (syscall(X32_BIT | SYS_getpid) == getpid()) {
		KTAP_ASSERT(!put(1));
		pid = client(act_x32, NULL);
		expect_receive(pid);
		expect_mark(pid);
	} else {
		ktap_note("this one does not: %s", strerror(errno));
	}
	end();
}

/* Asks for something harmless with the arguments of a receive. */
static void be_traced(void)
{
	struct message m;

	if (setgid(WEIR_CLIENT + 2) || setuid(WEIR_CLIENT) ||
	    ptrace(PTRACE_TRACEME, 0, NULL, NULL) || raise(SIGSTOP))
		_exit(1);
	_exit(syscall(SYS_getppid, queue, &m, sizeof(m.text), 0, 0) != sizeof(m.text) ||
	      set_mark());
}

KTAP_TEST(what_a_tracer_makes_a_receive_is_one)
{
	struct user_regs_struct regs;
	int status;
	pid_t pid;

	begin();
	KTAP_ASSERT(!put(1));
	fflush(stdout);
	pid = fork();
	if (!pid)
		be_traced();
	KTAP_ASSERT_EQ(waitpid(pid, &status, 0), pid);
	do {
		KTAP_ASSERT(!ptrace(PTRACE_SYSCALL, pid, NULL, NULL));
		KTAP_ASSERT_EQ(waitpid(pid, &status, 0), pid);
		KTAP_ASSERT(WIFSTOPPED(status));
		KTAP_ASSERT(!ptrace(PTRACE_GETREGS, pid, NULL, &regs));
	} while (regs.orig_rax != SYS_getppid);
	regs.orig_rax = SYS_msgrcv;
	KTAP_ASSERT(!ptrace(PTRACE_SETREGS, pid, NULL, &regs));
	KTAP_ASSERT(!ptrace(PTRACE_DETACH, pid, NULL, NULL));
	KTAP_EXPECT_EQ(weir_child_finish(pid), 0);
	expect_receive(pid);
	expect_mark(pid);
	end();
}

KTAP_MAIN()
