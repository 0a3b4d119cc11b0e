// SPDX-License-Identifier: GPL-2.0
/*
 * Bad moments: processes are killed inside hooks, threads end while another one executes, a CPU
 * goes and comes back. No event is lost, none is counted twice, and no CPU's event is left open:
 * that would show as nested events.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "actors.h"
#include "device.h"
#include "events.h"
#include "ktap.h"
#include "templates.h"

#define KEY "/keys/TEST-ONLY"
#define CPU "/sys/devices/system/cpu/cpu1/online"
#define FIRST 7320u
#define KILLS 8
#define EXECS 30
#define THREADS 6
#define FLIPS 3

static const char *const names[WEIR_ACTORS] = { "process_creation", "file_event",
						"network_connection", "ipc", "kernel_activity" };
static int dev;

static struct weir_u_info info(void)
{
	struct weir_u_info i = { .size = sizeof(i) };

	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_INFO, &i), 0);
	return i;
}

static u64 floor_of(u32 channel)
{
	struct weir_u_channel ch;

	return weir_dev_channel(dev, channel, &ch) ? 0 : ch.floor;
}

static struct weir_blob made(u32 type, u64 version)
{
	struct weir_blob blob;
	char raw[64];

	snprintf(raw, sizeof(raw), "/content/soak_%s.raw", names[type - 1]);
	KTAP_ASSERT_EQ(weir_blob_made(raw, KEY, FIRST + type, version, &blob), 0);
	return blob;
}

static void activate(u32 type, const struct weir_blob *blob, u64 version)
{
	struct weir_u_submit s;

	KTAP_ASSERT_EQ(weir_dev_submit(dev, blob, &s), 0);
	KTAP_ASSERT_EQ(weir_dev_op(dev, WEIR_IOC_ACTIVATE, FIRST + type, version), 0);
}

/* Content that every event of a type matches. */
static void load(u32 type)
{
	u64 version = floor_of(FIRST + type) + 1;
	struct weir_blob blob = made(type, version);

	activate(type, &blob, version);
	free(blob.b);
}

static void load_all(void)
{
	u32 type;

	for (type = 1; type <= WEIR_ACTORS; type++)
		load(type);
}

static void unload(u32 type)
{
	KTAP_EXPECT_EQ(weir_dev_op(dev, WEIR_IOC_UNLOAD, FIRST + type, 0), 0);
}

static void unload_all(void)
{
	u32 type;

	for (type = 1; type <= WEIR_ACTORS; type++)
		unload(type);
}

static void begin(void)
{
	dev = open(WEIR_DEV, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	KTAP_ASSERT(dev >= 0);
}

/* What there was to read: matches of a type, of one process or (0) of all; and what was lost. */
struct tally {
	u64 matches;
	u64 lost;
};

static void drain(u32 type, pid_t pid, struct tally *t)
{
	static u8 buf[1 << 18] __attribute__((aligned(8)));
	const struct weir_u_record *rec;
	ssize_t n, at;

	while ((n = read(dev, buf, sizeof(buf))) > 0)
		for (at = 0; at < n; at += rec->size) {
			rec = (const void *)(buf + at);
			t->lost += rec->lost;
			t->matches += rec->kind == WEIR_REC_MATCH && rec->type == type &&
				      (!pid || rec->pid == (u32)pid);
		}
	KTAP_EXPECT_EQ(errno, EAGAIN);
}

static void wait_for_rounds(const struct weir_actors *a)
{
	u32 i;

	for (i = 0; i < WEIR_ACTORS; i++)
		while (!a->rounds[i])
			sched_yield();
}

/* One event on every CPU: none is still inside the event of a process that is no more. */
static void expect_events_everywhere(void)
{
	struct tally t = {};
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t set;
	long i;

	drain(WEIR_TYPE_file_event, 0, &t);
	t = (struct tally){};
	for (i = 0; i < cpus; i++) {
		CPU_ZERO(&set);
		CPU_SET((size_t)i, &set);
		KTAP_ASSERT(!sched_setaffinity(0, sizeof(set), &set));
		KTAP_ASSERT(!mkdir("/tmp/weir-moment", 0700));
		KTAP_ASSERT(!rmdir("/tmp/weir-moment"));
	}
	drain(WEIR_TYPE_file_event, getpid(), &t);
	KTAP_EXPECT_EQ(t.matches, 2 * cpus);
}

KTAP_TEST_T(processes_that_are_killed_in_hooks_leave_no_event_open, 120)
{
	struct weir_actors actors;
	struct weir_u_info before, after;
	int i;

	begin();
	load_all();
	before = info();
	for (i = 0; i < KILLS; i++) {
		KTAP_ASSERT(!weir_actors_start(&actors));
		wait_for_rounds(&actors);
		KTAP_EXPECT(!weir_actors_stop(&actors));
		munmap((void *)(uintptr_t)actors.rounds, 4096);
	}
	expect_events_everywhere();
	after = info();
	unload_all();
	KTAP_EXPECT(after.events > before.events + KILLS * WEIR_ACTORS);
	KTAP_EXPECT_EQ(after.nested, before.nested);
	KTAP_EXPECT_EQ(after.errors, before.errors);
}

/* Makes events, and threads that do the same and end. */
static void *come_and_go(void *left)
{
	pthread_t next;

	close(open("/dev/null", O_WRONLY));
	if (!pthread_create(&next, NULL, come_and_go, left))
		pthread_detach(next);
	return NULL;
}

static void *execute(void *unused)
{
	(void)unused;
	execl("/bin/busybox", "true", "weir-moment", (char *)NULL);
	_exit(127);
}

/* A thread executes that is not the first one; the others are ended by that wherever they are. */
static pid_t exec_among_threads(void)
{
	pthread_t thread;
	pid_t pid = fork();
	int i;

	KTAP_ASSERT(pid >= 0);
	if (pid)
		return pid;
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, come_and_go, NULL))
			_exit(126);
	if (pthread_create(&thread, NULL, execute, NULL))
		_exit(125);
	for (;;)
		come_and_go(NULL);
}

KTAP_TEST_T(an_exec_is_one_event_however_many_threads_end_meanwhile, 120)
{
	struct weir_u_info before, after;
	struct tally t = {};
	int i, status;
	pid_t pid;

	begin();
	load(WEIR_TYPE_process_creation);
	load(WEIR_TYPE_file_event);
	before = info();
	for (i = 0; i < EXECS; i++) {
		drain(0, 0, &t);
		pid = exec_among_threads();
		KTAP_ASSERT_EQ(waitpid(pid, &status, 0), pid);
		KTAP_EXPECT_EQ(status, 0);
		t = (struct tally){};
		drain(WEIR_TYPE_process_creation, pid, &t);
		KTAP_EXPECT_EQ(t.matches, 1);
		KTAP_EXPECT_EQ(t.lost, 0);
	}
	after = info();
	unload(WEIR_TYPE_process_creation);
	unload(WEIR_TYPE_file_event);
	KTAP_EXPECT_EQ(after.nested, before.nested);
	KTAP_EXPECT_EQ(after.errors, before.errors);
}

struct count {
	u64 done;
	int stop;
};

/* Connects without end, each time one event; nothing else in the guest does. */
static pid_t start_connecting(struct count *c)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = 9 };
	pid_t pid = fork();
	int s;

	KTAP_ASSERT(pid >= 0);
	if (pid)
		return pid;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s = socket(AF_INET, SOCK_DGRAM, 0);
	while (!__atomic_load_n(&c->stop, __ATOMIC_ACQUIRE)) {
		connect(s, (struct sockaddr *)&to, sizeof(to));
		__atomic_fetch_add(&c->done, 1, __ATOMIC_RELEASE);
	}
	_exit(0);
}

static void wait_for_more(const struct count *c)
{
	u64 seen = __atomic_load_n(&c->done, __ATOMIC_ACQUIRE);

	while (__atomic_load_n(&c->done, __ATOMIC_ACQUIRE) < seen + 20)
		sched_yield();
}

static u64 calls_of(const char *function)
{
	struct weir_u_hook h;

	KTAP_ASSERT_EQ(weir_dev_hook(dev, function, &h), 0);
	return h.calls;
}

/* The CPU goes and comes back, and the content is another one each time. */
static void flip(const struct count *c, struct tally *t)
{
	u64 version = floor_of(FIRST + WEIR_TYPE_network_connection);
	int cpu = open(CPU, O_WRONLY | O_CLOEXEC), i;
	struct weir_blob blob;

	KTAP_ASSERT(cpu >= 0);
	for (i = 0; i < 2 * FLIPS; i++) {
		blob = made(WEIR_TYPE_network_connection, ++version);
		wait_for_more(c);
		KTAP_EXPECT_EQ(pwrite(cpu, i & 1 ? "1" : "0", 1, 0), 1);
		activate(WEIR_TYPE_network_connection, &blob, version);
		wait_for_more(c);
		drain(WEIR_TYPE_network_connection, 0, t);
		free(blob.b);
	}
	close(cpu);
}

KTAP_TEST_T(each_event_counts_once_while_a_cpu_goes_and_comes_back, 120)
{
	struct weir_u_info before, after;
	struct tally t = {}, old = {};
	struct count *c;
	u64 calls;
	pid_t pid;

	if (access(CPU, W_OK))
		KTAP_SKIP("no CPU that can go");
	c = mmap(NULL, sizeof(*c), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	KTAP_ASSERT(c != MAP_FAILED);
	begin();
	load(WEIR_TYPE_network_connection);
	drain(0, 0, &old);
	before = info();
	calls = calls_of("security_socket_connect");
	pid = start_connecting(c);
	flip(c, &t);
	__atomic_store_n(&c->stop, 1, __ATOMIC_RELEASE);
	KTAP_ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	drain(WEIR_TYPE_network_connection, 0, &t);
	after = info();
	ktap_note("%llu events, %llu records lost", (unsigned long long)c->done,
		  (unsigned long long)t.lost);
	KTAP_EXPECT(c->done >= 40 * FLIPS);
	KTAP_EXPECT_EQ(calls_of("security_socket_connect") - calls, c->done);
	KTAP_EXPECT_EQ(after.events - before.events, c->done);
	KTAP_EXPECT_EQ(t.matches + t.lost, c->done);
	KTAP_EXPECT_EQ(after.nested, before.nested);
	unload(WEIR_TYPE_network_connection);
}

static void put_cpu(const char *state)
{
	int fd = open(CPU, O_WRONLY | O_CLOEXEC);

	KTAP_ASSERT(fd >= 0);
	KTAP_EXPECT_EQ(write(fd, state, 1), 1);
	close(fd);
}

KTAP_TEST_T(what_is_armed_while_a_cpu_is_away_is_armed_on_it_when_it_is_back, 60)
{
	struct weir_u_info before, after;

	if (access(CPU, W_OK))
		KTAP_SKIP("no CPU that can go");
	begin();
	before = info();
	put_cpu("0");
	load_all();
	put_cpu("1");
	expect_events_everywhere();
	put_cpu("0");
	unload_all();
	put_cpu("1");
	load_all();
	expect_events_everywhere();
	unload_all();
	after = info();
	KTAP_EXPECT_EQ(after.nested, before.nested);
	KTAP_EXPECT_EQ(after.errors, before.errors);
}

KTAP_MAIN()
