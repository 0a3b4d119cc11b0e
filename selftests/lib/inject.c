// SPDX-License-Identifier: GPL-2.0
/* System calls that another process makes because a test says so. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inject.h"

#define SYSCALL_SIZE 2 /* bytes of the instruction that the process waits behind */
#define BELOW_STACK 512 /* further down than what the compiler uses there */

static int say(const char *what)
{
	printf("# %s: %s\n", what, strerror(errno));
	return -1;
}

static int stop(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL))
		return say("PTRACE_SEIZE");
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) || waitpid(pid, &status, __WALL) != pid)
		return say("PTRACE_INTERRUPT");
	return 0;
}

static int put(pid_t pid, unsigned long long at, const void *data, size_t n)
{
	char path[32];
	ssize_t done;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	done = pwrite(fd, data, n, (off_t)at);
	close(fd);
	return done == (ssize_t)n ? 0 : -1;
}

static int step(pid_t pid, struct user_regs_struct *regs)
{
	int status;

	return ptrace(PTRACE_SETREGS, pid, NULL, regs) ||
			       ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) ||
			       waitpid(pid, &status, __WALL) != pid ||
			       ptrace(PTRACE_GETREGS, pid, NULL, regs)
		       ? say("PTRACE_SINGLESTEP")
		       : 0;
}

int weir_inject(pid_t pid, long nr, long first, const void *data, size_t n, long third, long *ret)
{
	struct user_regs_struct old, regs;

	if (stop(pid))
		return -1;
	if (ptrace(PTRACE_GETREGS, pid, NULL, &old))
		return say("PTRACE_GETREGS");
	regs = old;
	regs.rip -= SYSCALL_SIZE;
	/* No system call that could be started again. */
	regs.orig_rax = ~0ull;
	regs.rax = (unsigned long long)nr;
	regs.rdi = (unsigned long long)first;
	regs.rsi = old.rsp - BELOW_STACK;
	regs.rdx = (unsigned long long)third;
	if (put(pid, regs.rsi, data, n))
		return say("/proc/PID/mem");
	if (step(pid, &regs))
		return -1;
	*ret = (long)regs.rax;
	if (ptrace(PTRACE_SETREGS, pid, NULL, &old) || ptrace(PTRACE_DETACH, pid, NULL, NULL))
		return say("PTRACE_DETACH");
	return 0;
}
