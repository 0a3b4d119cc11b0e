// SPDX-License-Identifier: GPL-2.0
/* Verdicts applied: programs that are started. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enforce.h"

#define SCRIPT "/tmp/weir-enforce-script"

static int ran = -1;

/* What is executed is this program, and the first thing it does is write to the descriptor. */
static int exec_setup(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) || dup2(ends[1], WEIR_DEED_FD) < 0)
		return -1;
	close(ends[1]);
	ran = ends[0];
	return 0;
}

static int exec_act(void)
{
	return execl("/proc/self/exe", "exe", WEIR_DEED_EXECUTED, (char *)NULL);
}

static int exec_happened(pid_t actor)
{
	char byte;

	(void)actor;
	return read(ran, &byte, 1) == 1;
}

static void exec_cleanup(void)
{
	close(ran);
	close(WEIR_DEED_FD);
	unlink(SCRIPT);
}

static int script_setup(void)
{
	char self[256];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int fd, bad;

	if (n < 0)
		return -1;
	self[n] = '\0';
	fd = open(SCRIPT, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	bad = fd < 0 || dprintf(fd, "#!%s %s\n", self, WEIR_DEED_EXECUTED) < 0 || fchmod(fd, 0755);
	close(fd);
	return bad ? -1 : exec_setup();
}

static int script_act(void)
{
	return execl(SCRIPT, SCRIPT, (char *)NULL);
}

const struct weir_deed weir_deeds_exec[] = {
	{ "exec", 0, exec_setup, exec_act, exec_happened, exec_cleanup },
	{ "exec-script", 0, script_setup, script_act, exec_happened, exec_cleanup },
	{ .name = NULL },
};
