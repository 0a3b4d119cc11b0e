// SPDX-License-Identifier: GPL-2.0
/* Content and module come and go while programs run: no event is lost, nothing breaks. */
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "device.h"
#include "ktap.h"

#define MARKED "/content/marked.raw"
#define PLAIN "/content/plain.raw"
#define MODULE "/modules/weir.ko"
#define TRACING "/sys/kernel/tracing/"
#define CHANNEL 815u
#define OTHER 816u
#define RUNS 40
#define SWAPS 6
#define RELOADS 3

static int dev(int flags)
{
	int fd = open(WEIR_DEV, flags | O_CLOEXEC);

	KTAP_ASSERT(fd >= 0);
	return fd;
}

/* Start a marked command and wait for it. */
static int run_marked(void)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		execl("/bin/busybox", "true", "weir-load-mark", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

/* One message over a socket that has a name. */
static void talk(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX, .sun_path = "\0weir-load" };
	int server = socket(AF_UNIX, SOCK_DGRAM, 0), client = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (!bind(server, (struct sockaddr *)&sun, sizeof(sun)))
		sendto(client, "x", 1, MSG_DONTWAIT, (struct sockaddr *)&sun, sizeof(sun));
	close(client);
	close(server);
}

/* A process that runs and talks until it is killed. */
static pid_t start_noise(void)
{
	pid_t pid = fork();

	KTAP_ASSERT(pid >= 0);
	if (pid)
		return pid;
	for (;;) {
		run_marked();
		talk();
	}
}

static void stop_noise(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* What there was to read: matches of the channel, and records that were lost. */
struct tally {
	u64 matches;
	u64 lost;
	u64 seq;
	int broken;
};

static void tally_up(const u8 *buf, ssize_t len, struct tally *t)
{
	const struct weir_u_record *rec;
	ssize_t at;

	for (at = 0; at < len; at += rec->size) {
		rec = (const void *)(buf + at);
		if (rec->size < sizeof(*rec) || rec->size % 8 || at + rec->size > len) {
			t->broken = 1;
			return;
		}
		if (t->seq && rec->seq != t->seq + 1 + rec->lost)
			t->broken = 1;
		t->seq = rec->seq;
		t->lost += rec->lost;
		t->matches += rec->kind == WEIR_REC_MATCH && rec->channel == CHANNEL;
	}
}

static void drain(int fd, struct tally *t)
{
	static u8 buf[1 << 18];
	ssize_t len;

	while ((len = read(fd, buf, sizeof(buf))) > 0)
		tally_up(buf, len, t);
	KTAP_EXPECT_EQ(errno, EAGAIN);
}

/* Read until the channel matched something, for at most 20 s. */
static int wait_for_match(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct tally t = {};

	while (!t.matches && poll(&p, 1, 20000) == 1)
		drain(fd, &t);
	return t.matches > 0;
}

KTAP_TEST_T(no_event_is_missed_while_content_is_swapped, 120)
{
	int fd = dev(O_RDWR | O_NONBLOCK), i;
	struct tally t = {}, before = {};
	pid_t pid;
	int status = 0;

	KTAP_ASSERT_EQ(weir_dev_load(fd, MARKED, CHANNEL, 1), 0);
	drain(fd, &before);
	pid = fork();
	KTAP_ASSERT(pid >= 0);
	if (!pid) {
		for (i = 0; i < RUNS && !status; i++)
			status = run_marked();
		_exit(!!status);
	}
	for (i = 2; i < 2 + SWAPS; i++) {
		KTAP_EXPECT_EQ(weir_dev_load(fd, MARKED, CHANNEL, (u64)i), 0);
		drain(fd, &t);
	}
	KTAP_ASSERT_EQ(waitpid(pid, &status, 0), pid);
	KTAP_EXPECT_EQ(status, 0);
	drain(fd, &t);
	KTAP_EXPECT_EQ(t.broken, 0);
	KTAP_EXPECT_EQ(t.lost, 0);
	KTAP_EXPECT_EQ(t.matches, RUNS);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, CHANNEL, 0), 0);
}

KTAP_TEST_T(loading_and_unloading_under_load_breaks_nothing, 120)
{
	int fd = dev(O_RDWR | O_NONBLOCK);
	struct weir_u_info info = { .size = sizeof(info) };
	struct tally t = {};
	pid_t noise[2] = { start_noise(), start_noise() };
	u64 v;

	for (v = 100; v < 100 + SWAPS; v++) {
		KTAP_EXPECT_EQ(weir_dev_load(fd, MARKED, CHANNEL, v), 0);
		KTAP_EXPECT_EQ(weir_dev_load(fd, PLAIN, OTHER, v), 0);
		drain(fd, &t);
		if (v % 3 == 0)
			KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, CHANNEL, 0), 0);
		if (v % 2 == 0)
			KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, OTHER, 0), 0);
	}
	stop_noise(noise[0]);
	stop_noise(noise[1]);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, CHANNEL, 0), 0);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, OTHER, 0), 0);
	drain(fd, &t);
	KTAP_EXPECT(t.matches > 0);
	KTAP_EXPECT_EQ(t.broken, 0);
	KTAP_ASSERT_EQ(ioctl(fd, WEIR_IOC_INFO, &info), 0);
	KTAP_EXPECT_EQ(info.errors, 0);
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	KTAP_ASSERT(fd >= 0);
	KTAP_ASSERT_EQ(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

KTAP_TEST(a_match_is_a_trace_event_too)
{
	static char text[1 << 16];
	int fd = dev(O_RDWR | O_NONBLOCK), trace;

	KTAP_ASSERT_EQ(weir_dev_load(fd, MARKED, CHANNEL, 500), 0);
	put(TRACING "events/weir/weir_match/enable", "1");
	KTAP_EXPECT_EQ(run_marked(), 0);
	put(TRACING "events/weir/weir_match/enable", "0");
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, CHANNEL, 0), 0);
	trace = open(TRACING "trace", O_RDONLY);
	KTAP_ASSERT(trace >= 0 && read(trace, text, sizeof(text) - 1) > 0);
	KTAP_EXPECT(strstr(text, "weir_match: channel=815 version=500 type=1 instance=0 "
				 "uuid=5b1d7c52-8a3e-4c0e-9f5f-6d2a1c9b0002 "));
	put(TRACING "trace", "");
}

KTAP_TEST(nothing_is_armed_when_nothing_is_loaded)
{
	struct weir_u_type type = { .size = sizeof(type) };
	int fd = dev(O_RDONLY);

	for (; !ioctl(fd, WEIR_IOC_TYPE, &type); type.index++) {
		KTAP_EXPECT_EQ(type.armed, 0);
		KTAP_EXPECT_EQ(type.wanted, 0);
	}
	KTAP_EXPECT(type.index >= 5);
}

KTAP_TEST(an_open_device_keeps_the_module)
{
	int fd = dev(O_RDONLY);

	KTAP_EXPECT_EQ(syscall(SYS_delete_module, "weir", O_NONBLOCK), -1);
	KTAP_EXPECT_EQ(errno, EWOULDBLOCK);
	close(fd);
}

static int insert(void)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);
	long ret;

	if (fd < 0)
		return -errno;
	ret = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return (int)ret;
}

KTAP_TEST_T(the_module_leaves_and_comes_back_while_events_flow, 120)
{
	pid_t noise[2] = { start_noise(), start_noise() };
	int fd, i;

	for (i = 0; i < RELOADS; i++) {
		fd = dev(O_RDWR | O_NONBLOCK);
		/* The floor left with the module: the same version again. */
		KTAP_EXPECT_EQ(weir_dev_load(fd, MARKED, CHANNEL, i ? 1000 : 2000), 0);
		KTAP_EXPECT(wait_for_match(fd));
		close(fd);
		KTAP_EXPECT_EQ(syscall(SYS_delete_module, "weir", O_NONBLOCK), 0);
		KTAP_EXPECT(access(WEIR_DEV, F_OK) && errno == ENOENT);
		KTAP_ASSERT_EQ(insert(), 0);
	}
	stop_noise(noise[0]);
	stop_noise(noise[1]);
}

KTAP_MAIN()
