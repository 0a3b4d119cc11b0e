// SPDX-License-Identifier: GPL-2.0
// PID 1 of a test guest: runs the plan, then the last checks, then writes the totals and ends.

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "init.h"

static const struct {
	const char *type, *where;
} mounts[] = {
	{ "proc", "/proc" },
	{ "sysfs", "/sys" },
	{ "devtmpfs", "/dev" },
	{ "devpts", "/dev/pts" },
	{ "tmpfs", "/dev/shm" },
	{ "mqueue", "/dev/mqueue" },
	{ "tmpfs", "/tmp" },
	{ "tmpfs", "/run" },
	{ "debugfs", "/sys/kernel/debug" },
	{ "tracefs", "/sys/kernel/tracing" },
	{ "securityfs", "/sys/kernel/security" },
	{ "cgroup2", "/sys/fs/cgroup" },
};

static struct weir_plan plan;

static void mount_all(void)
{
	size_t i;

	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].where, 0755);
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, NULL))
			fprintf(stderr, "weir-init: %s: %m\n", mounts[i].where);
	}
	chmod("/tmp", 01777);
	chmod("/dev/shm", 01777);
	if (symlink("/proc/self/fd", "/dev/fd"))
		fprintf(stderr, "weir-init: /dev/fd: %m\n");
}

/* The verdict has a serial line of its own, so that nothing the kernel prints can get into it. */
static FILE *open_verdict(void)
{
	int fd = open("/dev/ttyS1", O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios t;

	if (fd < 0 || tcgetattr(fd, &t))
		return NULL;
	cfmakeraw(&t);
	cfsetspeed(&t, B115200);
	tcsetattr(fd, TCSANOW, &t);
	return fdopen(fd, "w");
}

static void __attribute__((noreturn)) end(FILE *out)
{
	if (out) {
		fflush(out);
		tcdrain(fileno(out));
	}
	sync();
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

static void report(FILE *out, unsigned int *n, int ok, const char *name, unsigned int round)
{
	fprintf(out, "%sok %u %s", ok ? "" : "not ", ++*n, name);
	if (round)
		fprintf(out, " round %u", round);
	fputc('\n', out);
	fflush(out);
}

static void check(FILE *out, unsigned int *n, struct weir_tally *t, const char *name,
		  int (*fn)(FILE *out))
{
	int ok;

	weir_log_mark("check", name);
	ok = fn(out);
	if (ok)
		t->passed++;
	else
		t->failed++;
	report(out, n, ok, name, 0);
}

static int read_plan(FILE *out)
{
	FILE *f = fopen("/plan", "r");
	unsigned int bad = f ? weir_plan_read(&plan, f) : 1;

	if (f)
		fclose(f);
	if (bad)
		fprintf(out, "Bail out! /plan:%u is wrong\n", bad);
	return !bad;
}

/* The totals are out: whatever comes after this line says that the machine was not reset. */
static void end_by_reset(FILE *out, const struct weir_step *s)
{
	struct weir_tally t = { 0 };

	fprintf(out, "reset: %s\n", s->name);
	fflush(out);
	tcdrain(fileno(out));
	weir_step_run(s, out, &t);
}

static void run(FILE *out)
{
	int resets = plan.n && plan.step[plan.n - 1].reset;
	unsigned int i, n = 0, steps = plan.n - (unsigned int)resets;
	int leaks = !resets && getenv("WEIR_LEAK");
	struct weir_tally t = { 0 };

	fprintf(out, "KTAP version 1\n1..%u\n", steps + 1 + !resets + leaks);
	for (i = 0; i < steps; i++) {
		int ok = weir_step_run(&plan.step[i], out, &t);

		report(out, &n, ok == 1, plan.step[i].name, plan.step[i].round);
		if (ok == WEIR_STEP_STUCK) {
			fprintf(out, "Bail out! a step hangs in the kernel\n");
			return;
		}
	}
	kill(-1, SIGKILL);
	if (!resets)
		check(out, &n, &t, "no-module-left", weir_check_modules);
	if (leaks)
		check(out, &n, &t, "no-leak", weir_check_leaks);
	check(out, &n, &t, "clean-log", weir_check_log);
	fprintf(out, "totals: %u steps, %u passed, %u failed, %u skipped\n", n, t.passed, t.failed,
		t.skipped);
	if (resets)
		end_by_reset(out, &plan.step[steps]);
}

int main(void)
{
	FILE *out;

	mount_all();
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin:/selftests", 1);
	setenv("HOME", "/root", 1);
	out = open_verdict();
	if (!out)
		end(NULL);
	if (!weir_log_begin())
		fprintf(out, "Bail out! no /dev/kmsg\n");
	else if (read_plan(out))
		run(out);
	end(out);
}
