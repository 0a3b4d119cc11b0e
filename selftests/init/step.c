// SPDX-License-Identifier: GPL-2.0
// Runs one step of a plan: a command, with a deadline, whose output goes to the verdict channel.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

#define LINE_MAX_BYTES 4096
#define STATUS_SKIP 4

struct running {
	struct weir_ktap ktap;
	FILE *out;
	pid_t pid;
	int fd;
	int status;
	int exited;
	int timed_out;
	size_t len;
	char line[LINE_MAX_BYTES];
};

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The host ends a guest whose PID 1 does not get to run any more. */
static void heartbeat(void)
{
	static int fd = -2;
	static long last;
	long now = now_ms();

	if (fd == -2)
		fd = open("/dev/ttyS2", O_WRONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || now - last < 2000)
		return;
	/* Asked again next time round if the line is busy. */
	if (write(fd, ".", 1) == 1)
		last = now;
}

static void __attribute__((noreturn)) child(const struct weir_step *s, int fd)
{
	int null = open("/dev/null", O_RDONLY);

	setsid();
	dup2(null, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	execl("/bin/sh", "sh", "-c", s->command, (char *)NULL);
	_exit(127);
}

static int start(struct running *r, const struct weir_step *s)
{
	int p[2];

	if (pipe2(p, O_CLOEXEC))
		return 0;
	fflush(r->out);
	r->pid = fork();
	if (!r->pid)
		child(s, p[1]);
	close(p[1]);
	r->fd = p[0];
	fcntl(r->fd, F_SETFL, O_NONBLOCK);
	return r->pid > 0;
}

static void end_line(struct running *r)
{
	size_t i;

	for (i = 0; i < r->len; i++)
		if ((unsigned char)r->line[i] < ' ' && r->line[i] != '\t')
			r->line[i] = '?';
	r->line[r->len] = 0;
	r->len = 0;
	weir_ktap_line(&r->ktap, r->line);
	fprintf(r->out, "    %s\n", r->line);
}

/* Returns 0 at the end of output. */
static int drain(struct running *r)
{
	char buf[LINE_MAX_BYTES];
	ssize_t n, i;

	while ((n = read(r->fd, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++) {
			if (buf[i] == '\n' || r->len == LINE_MAX_BYTES - 1)
				end_line(r);
			if (buf[i] != '\n')
				r->line[r->len++] = buf[i];
		}
	}
	return n < 0 && errno == EAGAIN;
}

/* PID 1 is everybody's parent in the end: reap all, remember one. */
static void reap(struct running *r)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == r->pid) {
			r->status = status;
			r->exited = 1;
		}
	}
}

static void kill_step(struct running *r)
{
	long limit = now_ms() + 5000;
	int fd = open("/proc/sysrq-trigger", O_WRONLY);

	if (fd >= 0 && write(fd, "w", 1) != 1)
		fprintf(r->out, "# no list of blocked tasks\n");
	if (fd >= 0)
		close(fd);
	r->timed_out = 1;
	kill(-r->pid, SIGKILL);
	while (!r->exited && now_ms() < limit) {
		usleep(20000);
		reap(r);
	}
}

/* Step limits are for a usual kernel; the command line says how much slower this one is. */
static int limit_of(const struct weir_step *s)
{
	const char *slow = getenv("WEIR_SLOW");
	int n = slow ? atoi(slow) : 1;

	return s->seconds * (n > 0 ? n : 1);
}

static void follow(struct running *r, int seconds)
{
	long limit = now_ms() + seconds * 1000L;
	struct pollfd p = { .fd = r->fd, .events = POLLIN };
	int open = 1;

	while (!r->exited) {
		heartbeat();
		if (now_ms() >= limit) {
			kill_step(r);
			break;
		}
		/* A closed pipe would be readable for ever. */
		if (open && poll(&p, 1, 50) > 0)
			open = drain(r);
		else if (!open)
			usleep(20000);
		reap(r);
	}
	drain(r);
	if (r->len)
		end_line(r);
	close(r->fd);
}

/* The tests of a step that is judged by its exit status. */
static void judge_status(struct running *r, struct weir_tally *t)
{
	*t = (struct weir_tally){ 0 };
	if (!r->timed_out && WIFEXITED(r->status) && !WEXITSTATUS(r->status))
		t->passed = 1;
	else if (!r->timed_out && WIFEXITED(r->status) && WEXITSTATUS(r->status) == STATUS_SKIP)
		t->skipped = 1;
	else
		t->failed = 1;
}

/* The tests of a step that speaks KTAP: any doubt is one more failure. */
static void judge_ktap(struct running *r, int expected, struct weir_tally *t)
{
	unsigned int n;

	weir_ktap_end(&r->ktap);
	*t = r->ktap.tally;
	n = t->passed + t->failed + t->skipped;
	if (!n || (expected > 0 && n != (unsigned int)expected)) {
		fprintf(r->out, "# %u tests, expected %d\n", n, expected > 0 ? expected : 1);
		t->failed++;
	} else if (expected == WEIR_TESTS_ANY && !r->ktap.planned) {
		fprintf(r->out, "# no plan line: the output may be cut\n");
		t->failed++;
	} else if (r->timed_out || (!t->failed && r->status)) {
		t->failed++;
	}
}

int weir_step_run(const struct weir_step *s, FILE *out, struct weir_tally *total)
{
	struct running *r = calloc(1, sizeof(*r));
	struct weir_tally t = { .failed = 1 };
	long began = now_ms();
	int alive;

	if (!r)
		return 0;
	r->out = out;
	weir_log_mark("step", s->name);
	if (start(r, s)) {
		follow(r, limit_of(s));
		if (s->tests == WEIR_TESTS_STATUS)
			judge_status(r, &t);
		else
			judge_ktap(r, s->tests, &t);
	}
	if (r->timed_out)
		fprintf(out, "# killed after %d s%s\n", limit_of(s),
			r->exited ? "" : ", and it did not die");
	else if (r->status)
		fprintf(out, "# ended by %s %d\n", WIFSIGNALED(r->status) ? "signal" : "status",
			WIFSIGNALED(r->status) ? WTERMSIG(r->status) : WEXITSTATUS(r->status));
	fprintf(out, "# %s: %u passed, %u failed, %u skipped, %ld ms\n", s->name, t.passed,
		t.failed, t.skipped, now_ms() - began);
	total->passed += t.passed;
	total->failed += t.failed;
	total->skipped += t.skipped;
	alive = r->timed_out && !r->exited;
	free(r);
	return alive ? WEIR_STEP_STUCK : !t.failed;
}
