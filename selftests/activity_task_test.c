// SPDX-License-Identifier: GPL-2.0
/* What the kernel says of access to other processes is what a child really did, once each. */
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "activity_claims.h"

/* The kernel's PTRACE_MODE_ATTACH, and whose ids it looks at. */
enum { ATTACH_FSCREDS = 0x0a, ATTACH_REALCREDS = 0x12 };

struct target {
	pid_t pid;
	pid_t tid; /* of its second thread */
};

struct second {
	int to;
	int alone;
	pthread_t first;
};

static void *second_thread(void *of)
{
	const struct second *s = of;
	pid_t tid = (pid_t)syscall(SYS_gettid);

	prctl(PR_SET_NAME, "weir-thread");
	if (s->alone && pthread_join(s->first, NULL))
		_exit(1);
	if (write(s->to, &tid, sizeof(tid)) != sizeof(tid))
		_exit(1);
	for (;;)
		pause();
}

static void be_target(int to, uid_t id, int alone)
{
	static struct second second;
	pthread_t thread;

	prctl(PR_SET_NAME, "weir-target");
	if (id && (setgid(id + 2) || setuid(id)))
		_exit(1);
	/* What changing the user took away; and Yama, where it is, lets only parents. */
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	second = (struct second){ .to = to, .alone = alone, .first = pthread_self() };
	if (pthread_create(&thread, NULL, second_thread, &second))
		_exit(1);
	if (alone)
		pthread_exit(NULL);
	for (;;)
		pause();
}

/* A process of two threads; with alone only the second one stays. It goes when the test does. */
static struct target start_target(uid_t id, int alone)
{
	struct target t;
	int fds[2];

	KTAP_ASSERT(!pipe(fds));
	fflush(stdout);
	t.pid = fork();
	if (!t.pid)
		be_target(fds[1], id, alone);
	KTAP_ASSERT(t.pid > 0 && read(fds[0], &t.tid, sizeof(t.tid)) == sizeof(t.tid));
	return t;
}

static int act_attach(const void *tid)
{
	pid_t task = *(const pid_t *)tid;
	int status;

	if (ptrace(PTRACE_ATTACH, task, NULL, NULL) || waitpid(task, &status, __WALL) != task)
		return -1;
	return ptrace(PTRACE_DETACH, task, NULL, NULL) ? -1 : 0;
}

static int act_seize(const void *tid)
{
	return ptrace(PTRACE_SEIZE, *(const pid_t *)tid, NULL, NULL) ? -1 : 0;
}

static void expect_target(pid_t pid, const char *name, const char *image, uid_t id, uint64_t mode)
{
	const struct weir_u_record *r = next(PTRACE);

	NUM(r, TargetProcessId, (uint64_t)pid);
	TEXT(r, TargetName, name);
	TEXT(r, TargetImage, image);
	NUM(r, TargetUserId, id);
	NUM(r, Flags, mode);
	expect_no_file(r);
}

KTAP_TEST(the_image_is_known_of_processes_older_than_the_arming)
{
	const char *image = weir_child_own_image();
	struct target whole, rest;

	expect_nothing_armed();
	whole = start_target(0, 0);
	rest = start_target(0, 1);
	begin();
	act(0, act_attach, &whole.pid);
	expect_target(whole.pid, "weir-target", image, 0, ATTACH_REALCREDS);
	expect_done();
	act(0, act_seize, &whole.tid);
	expect_target(whole.pid, "weir-thread", image, 0, ATTACH_REALCREDS);
	expect_done();
	act(0, act_seize, &rest.tid);
	expect_target(rest.pid, "weir-thread", image, 0, ATTACH_REALCREDS);
	expect_done();
}

/* A program that has begun to write, so that its exec is over. */
static pid_t start_program(void)
{
	posix_spawn_file_actions_t actions;
	char name[] = "yes", byte;
	char *const argv[] = { name, NULL };
	int fds[2];
	pid_t pid;

	KTAP_ASSERT(!pipe(fds));
	KTAP_ASSERT(!posix_spawn_file_actions_init(&actions));
	KTAP_ASSERT(!posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO));
	KTAP_ASSERT(!posix_spawn(&pid, WEIR_BUSYBOX, &actions, NULL, argv, NULL));
	posix_spawn_file_actions_destroy(&actions);
	KTAP_ASSERT(read(fds[0], &byte, 1) == 1);
	return pid;
}

KTAP_TEST(a_traced_program_is_named_by_what_it_runs)
{
	pid_t pid;

	begin();
	pid = start_program();
	act(0, act_attach, &pid);
	expect_target(pid, "busybox", WEIR_BUSYBOX, 0, ATTACH_REALCREDS);
	expect_done();
}

KTAP_TEST(another_user_traces_a_process_of_its_own)
{
	struct target t = start_target(7, 0);
	const struct weir_u_record *r;

	begin();
	act(7, act_seize, &t.pid);
	r = next(PTRACE);
	NUM(r, TargetProcessId, (uint64_t)t.pid);
	NUM(r, TargetUserId, 7);
	KTAP_EXPECT(weir_act_is(r, actor, 7));
	expect_done();
}

static long here;

static int act_vm_read(const void *pid)
{
	long there = 0;
	struct iovec to = { &there, sizeof(there) };
	struct iovec from = { &here, sizeof(here) };
	ssize_t n = process_vm_readv(*(const pid_t *)pid, &to, 1, &from, 1, 0);

	return n == sizeof(there) && there == 0x57454952 ? 0 : -1;
}

static int act_mem(const void *pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)*(const pid_t *)pid);
	return open(path, O_RDWR);
}

static int act_pidfd_getfd(const void *pid)
{
	int fd = (int)syscall(SYS_pidfd_open, *(const pid_t *)pid, 0);

	return fd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, fd, 1, 0);
}

KTAP_TEST(memory_is_not_copied_unseen)
{
	struct target t;

	if (syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0) && errno == ENOSYS)
		KTAP_SKIP("this kernel has no process_vm_readv()");
	begin();
	here = 0x57454952;
	t = start_target(9, 0);
	act(0, act_vm_read, &t.pid);
	expect_target(t.pid, "weir-target", weir_child_own_image(), 9, ATTACH_REALCREDS);
	expect_done();
}

KTAP_TEST(memory_and_files_are_not_opened_unseen)
{
	const char *image = weir_child_own_image();
	struct target t;

	begin();
	t = start_target(9, 0);
	act(0, act_mem, &t.pid);
	expect_target(t.pid, "weir-target", image, 9, ATTACH_FSCREDS);
	expect_done();
	act(0, act_pidfd_getfd, &t.pid);
	expect_target(t.pid, "weir-target", image, 9, ATTACH_REALCREDS);
	expect_done();
}

static int act_maps(const void *pid)
{
	char path[64], byte;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)*(const pid_t *)pid);
	fd = open(path, O_RDONLY);
	return fd >= 0 && read(fd, &byte, 1) == 1 ? 0 : -1;
}

KTAP_TEST(looking_at_a_map_of_memory_is_no_event)
{
	struct target t = start_target(9, 0);

	begin();
	act(0, act_maps, &t.pid);
	expect_done();
}

KTAP_MAIN()
