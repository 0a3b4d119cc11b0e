// SPDX-License-Identifier: GPL-2.0
/*
 * What three operations cost, on the guest's clock: one line each, "OPERATION NANOSECONDS". A
 * benchmark, not a test; meant for a guest whose clock counts instructions (run.sh --icount).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"

/* Of each operation in a round; of the rounds the cheapest counts. */
#define CHEAP 4000
#define DEAR 60
#define ROUNDS 5

static int pair[2];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void open_and_close(void)
{
	int fd = open("/dev/null", O_RDONLY);

	if (fd < 0 || close(fd))
		fail("open");
}

static void send_and_read(void)
{
	char b = 'x';

	if (write(pair[0], &b, 1) != 1 || read(pair[1], &b, 1) != 1)
		fail("datagram");
}

static void fork_exec_exit(void)
{
	int status;
	pid_t pid = vfork();

	if (!pid) {
		execl(WEIR_BUSYBOX, "true", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		fail("exec");
}

static double one_round(void (*operation)(void), int n)
{
	double began = now();
	int i;

	for (i = 0; i < n; i++)
		operation();
	return (now() - began) / n;
}

static void measure(const char *name, void (*operation)(void), int n)
{
	double least = one_round(operation, n);
	int i;

	for (i = 1; i < ROUNDS; i++) {
		double cost = one_round(operation, n);

		if (cost < least)
			least = cost;
	}
	printf("%s %.0f\n", name, least);
}

int main(void)
{
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
		fail("socketpair");
	measure("open+close", open_and_close, CHEAP);
	measure("datagram", send_and_read, CHEAP);
	measure("fork+exec+exit", fork_exec_exit, DEAR);
	return fflush(stdout) ? 1 : 0;
}
