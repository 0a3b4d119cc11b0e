// SPDX-License-Identifier: GPL-2.0
/* Who started a program is who did, however long it has been there and whichever thread it was. */
#include <fcntl.h>
#include <dirent.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"
#include "events.h"
#include "child.h"
#include "templates.h"

#define CHANNEL 7103
#define CONTENT "/content/exec_edge_test.weir"
#define BUSYBOX WEIR_BUSYBOX
#define MARK "weir-edge-test"

#define F(name) WEIR_process_creation_##name
#define TEXT(r, name, want) KTAP_EXPECT(weir_ev_text(r, F(name), want))
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))

static const char *const plain[] = { "true", MARK, NULL };
static int dev, gate[2];

static void begin(void)
{
	dev = weir_ev_open(CHANNEL, CONTENT);
	KTAP_ASSERT(dev >= 0);
}

/* From here to begin() nothing is armed. */
static void disarm(void)
{
	begin();
	KTAP_ASSERT(!weir_ev_unload(dev, CHANNEL));
	close(dev);
}

static void open_gate(void)
{
	KTAP_ASSERT(!pipe(gate));
}

static void let_go(void)
{
	KTAP_ASSERT_EQ(write(gate[1], "\n", 1), 1);
}

static const struct weir_u_record *next(pid_t pid)
{
	const struct weir_u_record *r = weir_ev_next(dev, pid);

	KTAP_ASSERT(r);
	return r;
}

/* A shell that waits at the gate, and then runs a program. */
static pid_t waiting_shell(const char *path, const char *root, char *command, size_t n)
{
	static char script[256];
	const char *const argv[] = { "sh", "-c", script, "", "a  b", NULL };
	const struct weir_child r = { .path = path, .argv = argv, .root = root };
	char whole[256];
	pid_t pid;

	snprintf(script, sizeof(script), "read x <&%d; %s true " MARK "; :", gate[0], path);
	snprintf(command, n, "sh -c %s  a  b", script);
	snprintf(whole, sizeof(whole), "%s%s", root ? root : "", path);
	pid = weir_child_start(&r);
	weir_child_settled(pid, whole);
	return pid;
}

KTAP_TEST(a_parent_from_before_arming_is_known_by_what_it_runs)
{
	const struct weir_u_record *rec;
	char command[512];
	pid_t shell;

	disarm();
	open_gate();
	shell = waiting_shell(BUSYBOX, NULL, command, sizeof(command));
	begin();
	let_go();
	KTAP_EXPECT_EQ(weir_child_finish(shell), 0);
	rec = next(0);
	TEXT(rec, CommandLine, BUSYBOX " true " MARK);
	NUM(rec, ParentProcessId, (uint64_t)shell);
	TEXT(rec, ParentImage, BUSYBOX);
	TEXT(rec, ParentCommandLine, command);
	TEXT(rec, GrandParentImage, weir_child_own_image());
	TEXT(rec, GrandParentCommandLine, weir_child_own_command());
}

KTAP_TEST(a_parent_from_before_arming_names_its_image_from_its_own_root)
{
	const struct weir_u_record *rec;
	char command[512];
	pid_t shell;

	KTAP_ASSERT(!mkdir("/tmp/weir-jail", 0755) || errno == EEXIST);
	weir_child_copy("/tmp/weir-jail/busybox", 0755);
	disarm();
	open_gate();
	shell = waiting_shell("/busybox", "/tmp/weir-jail", command, sizeof(command));
	begin();
	let_go();
	KTAP_EXPECT_EQ(weir_child_finish(shell), 0);
	rec = next(0);
	TEXT(rec, Image, "/busybox");
	TEXT(rec, ParentImage, "/busybox");
	TEXT(rec, ParentCommandLine, command);
	NUM(rec, Chroot, 1);
}

KTAP_TEST(a_parent_from_before_arming_that_execs_is_what_it_runs_then)
{
	char script[128];
	const char *const argv[] = { "sh", "-c", script, NULL };
	const struct weir_child r = { .path = BUSYBOX, .argv = argv };
	const struct weir_u_record *rec;
	pid_t shell;

	disarm();
	open_gate();
	snprintf(script, sizeof(script),
		 "read x <&%d; exec " BUSYBOX " env sh -c '" BUSYBOX " true " MARK "; :'", gate[0]);
	shell = weir_child_start(&r);
	weir_child_settled(shell, BUSYBOX);
	begin();
	let_go();
	KTAP_EXPECT_EQ(weir_child_finish(shell), 0);
	/* env, and the shell that it becomes */
	rec = next(shell);
	TEXT(rec, ParentImage, weir_child_own_image());
	rec = next(shell);
	rec = next(0);
	NUM(rec, ParentProcessId, (uint64_t)shell);
	TEXT(rec, ParentCommandLine, "sh -c " BUSYBOX " true " MARK "; :");
}

static void *start_when_let(void *unused)
{
	const struct weir_child r = { .path = BUSYBOX, .argv = plain };
	char byte;

	(void)unused;
	if (read(gate[0], &byte, 1) != 1)
		_exit(126);
	_exit(weir_child_finish(weir_child_start(&r)));
}

/* A process whose first thread has ended, and that starts a program when it is let. */
static pid_t headless(void)
{
	pthread_t thread;
	pid_t pid = fork();

	if (!pid) {
		pthread_create(&thread, NULL, start_when_let, NULL);
		pthread_exit(NULL);
	}
	weir_child_state(pid, 'Z');
	return pid;
}

static void child_of_headless(pid_t parent)
{
	const struct weir_u_record *rec;

	let_go();
	KTAP_EXPECT_EQ(weir_child_finish(parent), 0);
	rec = next(0);
	NUM(rec, ParentProcessId, (uint64_t)parent);
	TEXT(rec, ParentImage, weir_child_own_image());
	TEXT(rec, ParentCommandLine, weir_child_own_command());
}

KTAP_TEST(a_process_lives_until_its_last_thread_ends)
{
	begin();
	open_gate();
	child_of_headless(headless());
}

KTAP_TEST(a_process_without_its_first_thread_is_known_from_before_arming)
{
	pid_t parent;

	disarm();
	open_gate();
	parent = headless();
	begin();
	child_of_headless(parent);
}

static const char *const starter[] = { "sh", "-c", BUSYBOX " true " MARK "; :", NULL };

static void *exec_starter(void *unused)
{
	(void)unused;
	execv(BUSYBOX, (char *const *)starter);
	_exit(127);
}

KTAP_TEST(what_a_thread_executes_is_what_its_process_runs)
{
	const struct weir_u_record *rec;
	pthread_t thread;
	pid_t pid;

	begin();
	pid = fork();
	if (!pid) {
		pthread_create(&thread, NULL, exec_starter, NULL);
		pause();
	}
	KTAP_EXPECT_EQ(weir_child_finish(pid), 0);
	rec = next(0);
	NUM(rec, ProcessId, (uint64_t)pid);
	TEXT(rec, ParentImage, weir_child_own_image());
	rec = next(0);
	NUM(rec, ParentProcessId, (uint64_t)pid);
	TEXT(rec, ParentImage, BUSYBOX);
	TEXT(rec, ParentCommandLine, "sh -c " BUSYBOX " true " MARK "; :");
	TEXT(rec, GrandParentImage, weir_child_own_image());
}

static void *start_from_thread(void *unused)
{
	const struct weir_child r = { .path = BUSYBOX, .argv = plain };

	(void)unused;
	return (void *)(uintptr_t)weir_child_start(&r);
}

KTAP_TEST(what_a_thread_forks_is_its_process_child)
{
	const struct weir_u_record *rec;
	pthread_t thread;
	void *pid;

	begin();
	KTAP_ASSERT(!pthread_create(&thread, NULL, start_from_thread, NULL));
	KTAP_ASSERT(!pthread_join(thread, &pid));
	KTAP_EXPECT_EQ(weir_child_finish((pid_t)(uintptr_t)pid), 0);
	rec = next(0);
	NUM(rec, ProcessId, (uintptr_t)pid);
	NUM(rec, ParentProcessId, (uint64_t)getpid());
	TEXT(rec, ParentImage, weir_child_own_image());
	TEXT(rec, ParentCommandLine, weir_child_own_command());
}

KTAP_TEST(a_child_that_borrows_its_parents_memory_is_a_process_of_its_own)
{
	const struct weir_u_record *rec;
	pid_t pid;

	begin();
	pid = vfork();
	if (!pid) {
		execv(BUSYBOX, (char *const *)starter);
		_exit(127);
	}
	KTAP_EXPECT_EQ(weir_child_finish(pid), 0);
	rec = next(0);
	NUM(rec, ProcessId, (uint64_t)pid);
	TEXT(rec, ParentImage, weir_child_own_image());
	rec = next(0);
	TEXT(rec, ParentCommandLine, "sh -c " BUSYBOX " true " MARK "; :");
	TEXT(rec, GrandParentCommandLine, weir_child_own_command());
}

/* Processes that have memory of their own: neither kernel threads nor ended ones. */
static unsigned long long processes(void)
{
	DIR *d = opendir("/proc");
	unsigned long long n = 0;
	char path[300], exe[16];
	struct dirent *e;

	KTAP_ASSERT(d);
	while ((e = readdir(d))) {
		snprintf(path, sizeof(path), "/proc/%s/exe", e->d_name);
		n += e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
		     readlink(path, exe, sizeof(exe)) > 0;
	}
	closedir(d);
	return n;
}

static void expect_all_known(void)
{
	struct weir_u_info info = { .size = sizeof(info) };

	KTAP_ASSERT(!ioctl(dev, WEIR_IOC_INFO, &info));
	KTAP_EXPECT_EQ(info.processes, processes());
}

/* Starts programs, and processes that start none, until it is killed. */
static pid_t storm(void)
{
	pid_t pid = fork(), child;

	if (pid)
		return pid;
	for (;;) {
		child = fork();
		if (!child) {
			if (!vfork())
				execl(BUSYBOX, "true", NULL);
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
}

KTAP_TEST_T(arming_while_processes_come_and_go_finds_those_that_stay, 120)
{
	pid_t pid;
	int round;

	/* What a storm leaves behind ends by itself, and comes here to be waited for. */
	KTAP_ASSERT(!prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
	for (round = 0; round < 3; round++) {
		disarm();
		pid = storm();
		begin();
		KTAP_ASSERT(!kill(pid, SIGKILL));
		while (waitpid(-1, NULL, 0) > 0)
			;
		expect_all_known();
	}
}

/* The kernel's log has a line of it, once. */
KTAP_TEST(no_program_was_started_past_the_hook)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	char line[8192];
	ssize_t n;
	int lines = 0;

	KTAP_ASSERT(fd >= 0);
	while ((n = read(fd, line, sizeof(line) - 1)) > 0 || errno == EPIPE) {
		line[n > 0 ? n : 0] = '\0';
		KTAP_EXPECT(!strstr(line, "past the hook on exec"));
		lines++;
	}
	KTAP_EXPECT(lines > 10);
	begin();
	KTAP_EXPECT(!weir_ev_unload(dev, CHANNEL));
}

KTAP_MAIN()
