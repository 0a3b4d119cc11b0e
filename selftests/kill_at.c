// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a program and kills it at one of the system calls with which weirctl changes something.
 *
 *   kill_at [--after] [--then COMMAND] CALLS N PROGRAM ARGUMENTS...
 *
 * CALLS are names of calls[], with commas between them, or "all". Before the Nth call of these, or
 * with --after when it has been made, a shell runs COMMAND while the program stands still; then the
 * program is killed with SIGKILL. Which call it was is said on standard error. Exit status: 137 if
 * it was killed so, the program's own if there were fewer calls, 125 if it cannot be followed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/ptrace.h>

#include "uapi/weir.h"
#include "uapi/weir_life.h"
#include "uapi/weir_trust.h"

#define CANNOT 125
/* Standard input, output and error are not files that are to be kept. */
#define FIRST_FILE 3

/* Of an ioctl @request counts; of the others any call, but see counts(). */
static const struct {
	const char *name;
	unsigned long long nr;
	unsigned long long request;
} calls[] = {
	{ "submit", SYS_ioctl, WEIR_IOC_SUBMIT },
	{ "activate", SYS_ioctl, WEIR_IOC_ACTIVATE },
	{ "unload", SYS_ioctl, WEIR_IOC_UNLOAD },
	{ "stage", SYS_ioctl, WEIR_IOC_STAGE },
	{ "rollback", SYS_ioctl, WEIR_IOC_ROLLBACK },
	{ "names", SYS_ioctl, WEIR_IOC_NAMES },
	{ "trust", SYS_ioctl, WEIR_IOC_TRUST },
	{ "create", SYS_openat, 0 },
	{ "mkdir", SYS_mkdir, 0 },
	{ "write", SYS_write, 0 },
	{ "fsync", SYS_fsync, 0 },
	{ "rename", SYS_rename, 0 },
	{ "link", SYS_link, 0 },
	{ "unlink", SYS_unlink, 0 },
};

#define NCALLS (sizeof(calls) / sizeof(calls[0]))

struct watch {
	unsigned char wanted[NCALLS];
	long at; /* the number of the call to stop at */
	long seen;
	int after; /* stop when it has been made */
	const char *then;
	pid_t pid;
};

static int choose(struct watch *w, char *list)
{
	int all = !strcmp(list, "all");
	char *name, *rest = list;
	size_t i;

	for (name = strtok_r(list, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		for (i = 0; i < NCALLS && (all || strcmp(calls[i].name, name)); i++)
			w->wanted[i] |= all;
		if (i < NCALLS)
			w->wanted[i] = 1;
		else if (!all)
			return 0;
	}
	return 1;
}

/* Which of calls[] it is; NCALLS: none of those that count. */
static size_t which(const struct watch *w, const struct ptrace_syscall_info *s)
{
	size_t i;

	for (i = 0; i < NCALLS; i++) {
		if (!w->wanted[i] || s->entry.nr != calls[i].nr)
			continue;
		if (calls[i].nr == SYS_ioctl && (uint32_t)s->entry.args[1] != calls[i].request)
			continue;
		if (calls[i].nr == SYS_openat && !(s->entry.args[2] & O_CREAT))
			continue;
		if (calls[i].nr == SYS_write && s->entry.args[0] < FIRST_FILE)
			continue;
		break;
	}
	return i;
}

static int end_it(const struct watch *w, size_t call)
{
	int status;

	fprintf(stderr, "kill_at: %s call %ld, %s\n", w->after ? "after" : "before", w->at,
		calls[call].name);
	if (w->then && system(w->then))
		fprintf(stderr, "kill_at: '%s' failed\n", w->then);
	kill(w->pid, SIGKILL);
	while (waitpid(w->pid, &status, 0) == w->pid && !WIFSIGNALED(status) && !WIFEXITED(status))
		;
	return 128 + SIGKILL;
}

/* At each stop the program goes on with what it was stopped by, if that is a signal. */
static int follow(struct watch *w)
{
	struct ptrace_syscall_info s;
	size_t call = NCALLS, due = NCALLS;
	int status, made;
	long pass = 0;

	while (!ptrace(PTRACE_SYSCALL, w->pid, NULL, pass)) {
		if (waitpid(w->pid, &status, 0) != w->pid)
			break;
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		pass = WSTOPSIG(status);
		if (pass != (SIGTRAP | 0x80)) {
			/* The stop after the exec. */
			pass = pass == SIGTRAP ? 0 : pass;
			continue;
		}
		pass = 0;
		if (ptrace(PTRACE_GET_SYSCALL_INFO, w->pid, sizeof(s), &s) <= 0)
			break;
		if (s.op == PTRACE_SYSCALL_INFO_ENTRY) {
			call = which(w, &s);
			if (call < NCALLS && ++w->seen == w->at)
				due = call;
		}
		made = s.op == PTRACE_SYSCALL_INFO_EXIT;
		if (due < NCALLS && made == w->after)
			return end_it(w, due);
	}
	perror("kill_at: the program cannot be followed");
	return CANNOT;
}

static int run(struct watch *w, char **argv)
{
	int status;

	w->pid = fork();
	if (!w->pid) {
		if (!ptrace(PTRACE_TRACEME, 0, NULL, NULL) && !raise(SIGSTOP))
			execvp(argv[0], argv);
		perror(argv[0]);
		_exit(CANNOT);
	}
	if (w->pid < 0 || waitpid(w->pid, &status, 0) != w->pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, w->pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)) {
		perror("kill_at: the program cannot be traced");
		return CANNOT;
	}
	return follow(w);
}

int main(int argc, char **argv)
{
	struct watch w = { .seen = 0 };
	int i = 1;

	for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!strcmp(argv[i], "--after"))
			w.after = 1;
		else if (!strcmp(argv[i], "--then") && i + 1 < argc)
			w.then = argv[++i];
		else
			break;
	}
	if (argc - i >= 3 && choose(&w, argv[i]))
		w.at = atol(argv[i + 1]);
	if (w.at < 1) {
		fprintf(stderr, "usage: kill_at [--after] [--then COMMAND] CALLS N PROGRAM...\n");
		return 2;
	}
	return run(&w, argv + i + 2);
}
