// SPDX-License-Identifier: GPL-2.0
/* Processes that do without end what hooks see, a kind of event each. */
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actors.h"
#include "child.h"

/* What fails because something is denied, or another actor was faster, is tried again next time. */
#define TRY(call) ((void)!(call))

static void reap(pid_t pid)
{
	if (pid > 0)
		TRY(waitpid(pid, NULL, 0));
}

static void act_exec(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execl(WEIR_BUSYBOX, "true", "weir-actor", (char *)NULL);
		_exit(127);
	}
	reap(pid);
}

static void act_file(void)
{
	int fd = open("a", O_CREAT | O_WRONLY | O_TRUNC, 0600);

	if (fd >= 0) {
		TRY(write(fd, "x", 1));
		TRY(ftruncate(fd, 0));
		TRY(fchmod(fd, 0640));
		close(fd);
	}
	TRY(link("a", "b"));
	TRY(symlink("a", "c"));
	TRY(rename("b", "d"));
	TRY(truncate("d", 10));
	TRY(mkdir("e", 0700));
	TRY(rmdir("e"));
	TRY(unlink("c"));
	TRY(unlink("d"));
	TRY(unlink("a"));
}

static void act_net(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	int dgram = socket(AF_INET, SOCK_DGRAM, 0), got;
	socklen_t len = sizeof(to);

	TRY(bind(server, (struct sockaddr *)&to, sizeof(to)));
	TRY(listen(server, 4));
	TRY(getsockname(server, (struct sockaddr *)&to, &len));
	fcntl(server, F_SETFL, O_NONBLOCK);
	if (!connect(client, (struct sockaddr *)&to, sizeof(to))) {
		got = accept(server, NULL, NULL);
		if (got >= 0)
			close(got);
	}
	TRY(sendto(dgram, "x", 1, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof(to)));
	close(dgram);
	close(client);
	close(server);
}

static void act_unix(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX, .sun_path = "s" };
	int type, server, client;

	for (type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
		server = socket(AF_UNIX, type, 0);
		client = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);
		unlink(sun.sun_path);
		TRY(bind(server, (struct sockaddr *)&sun, sizeof(sun)));
		TRY(listen(server, 1));
		TRY(connect(client, (struct sockaddr *)&sun, sizeof(sun)));
		TRY(send(client, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL));
		close(client);
		close(server);
	}
}

static void act_sysv(void)
{
	struct sembuf up = { .sem_op = 1 };
	struct {
		long type;
		char text[8];
	} msg = { 1, "x" };
	int q = msgget(IPC_PRIVATE, 0600), shm = shmget(IPC_PRIVATE, 4096, 0600);
	int sem = semget(IPC_PRIVATE, 1, 0600);
	void *at = shmat(shm, NULL, 0);

	TRY(msgsnd(q, &msg, sizeof(msg.text), IPC_NOWAIT));
	TRY(msgrcv(q, &msg, sizeof(msg.text), 0, IPC_NOWAIT));
	TRY(semop(sem, &up, 1));
	if (at != (void *)-1)
		shmdt(at);
	msgctl(q, IPC_RMID, NULL);
	shmctl(shm, IPC_RMID, NULL);
	semctl(sem, 0, IPC_RMID);
}

static void act_ipc(void)
{
	int fd;

	act_unix();
	act_sysv();
	TRY(mkfifo("f", 0600));
	fd = open("f", O_RDWR | O_NONBLOCK);
	if (fd >= 0)
		close(fd);
	unlink("f");
}

static void be_other(void)
{
	unshare(CLONE_NEWNS);
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	TRY(mkdir("m", 0700));
	if (!mount("weir", "m", "tmpfs", 0, NULL))
		umount("m");
	TRY(setresgid(7, 7, 7));
	TRY(setresuid(7, 7, 7));
	_exit(0);
}

static void load_program(void)
{
	static const struct {
		uint8_t code, regs;
		uint16_t off;
		int32_t imm;
	} insn[] = { { 0xb7, 0, 0, 0 }, { 0x95, 0, 0, 0 } };
	static const char license[] = "GPL";
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insn_cnt = 2 };
	int fd;

	attr.insns = (uintptr_t)insn;
	attr.license = (uintptr_t)license;
	fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	if (fd >= 0)
		close(fd);
}

static void act_kernel(void)
{
	pid_t pid = fork();

	if (!pid)
		be_other();
	if (pid > 0 && !ptrace(PTRACE_SEIZE, pid, NULL, NULL))
		TRY(ptrace(PTRACE_DETACH, pid, NULL, NULL));
	reap(pid);
	load_program();
	TRY(syscall(SYS_init_module, "no module", 9, ""));
}

static void (*const acts[WEIR_ACTORS])(void) = { act_exec, act_file, act_net, act_ipc, act_kernel };

/* Nothing that is done to an actor may end it, but its parent. */
static void act(uint32_t i, uint64_t *rounds)
{
	/* A kernel full of checks, down to one CPU, gets to no grace period without a pause. */
	useconds_t pause = getenv("WEIR_SLOW") ? 200000 : 100;
	char dir[32];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(dir, sizeof(dir), "/tmp/weir-actor-%u", i);
	mkdir(dir, 0755);
	if (chdir(dir))
		_exit(1);
	for (;;) {
		acts[i]();
		__atomic_add_fetch(&rounds[i], 1, __ATOMIC_RELAXED);
		usleep(pause);
	}
}

int weir_actors_start(struct weir_actors *a)
{
	uint32_t i;

	a->rounds = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (a->rounds == MAP_FAILED) {
		perror("# mmap");
		return -1;
	}
	for (i = 0; i < WEIR_ACTORS; i++) {
		a->pid[i] = fork();
		if (!a->pid[i])
			act(i, a->rounds);
		if (a->pid[i] < 0) {
			perror("# fork");
			return -1;
		}
	}
	return 0;
}

int weir_actors_stop(struct weir_actors *a)
{
	int status, ret = 0;
	uint32_t i;

	for (i = 0; i < WEIR_ACTORS; i++) {
		if (waitpid(a->pid[i], &status, WNOHANG)) {
			printf("# actor %u had ended: status %#x\n", i, status);
			ret = -1;
			continue;
		}
		kill(a->pid[i], SIGKILL);
		waitpid(a->pid[i], NULL, 0);
	}
	return ret;
}
