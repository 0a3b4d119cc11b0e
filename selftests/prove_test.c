// SPDX-License-Identifier: GPL-2.0
/* Every armed hook is made to fire and is seen; what is said to have run and did not is silent. */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "child.h"
#include "device.h"
#include "events.h"
#include "ktap.h"

#define CHANNEL 7108
/* Wants all types, and would deny weirctl nearly everything. */
#define ALL "/content/prove_test.raw"
/* Want one, which takes less time to arm. */
#define NET "/content/soak_network_connection.raw"
#define IPC "/content/soak_ipc.raw"
#define KEY "/keys/TEST-ONLY"
#define MADE "/tmp/prove_test.weir"
#define OUT "/tmp/prove_test.out"
#define TEXT_MAX 65536
/* Of a needed hook that nothing else in the guest calls. */
#define QUIET "security_socket_bind"

static int dev;

static void begin(void)
{
	dev = open(WEIR_DEV, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	KTAP_ASSERT(dev >= 0);
}

static struct weir_u_channel state(void)
{
	struct weir_u_channel c = {};
	int err = weir_dev_channel(dev, CHANNEL, &c);

	KTAP_ASSERT(!err || err == -ENOENT);
	return c;
}

static struct weir_u_info info(void)
{
	struct weir_u_info i = { .size = sizeof(i) };

	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_INFO, &i), 0);
	return i;
}

/* All hooks are disarmed, and none is seen when it is armed again. */
static void unload(void)
{
	int err = weir_dev_op(dev, WEIR_IOC_UNLOAD, CHANNEL, 0);

	KTAP_EXPECT(!err || err == -ENOENT);
}

static void load(const char *raw)
{
	unload();
	KTAP_ASSERT_EQ(weir_dev_load(dev, raw, CHANNEL, state().floor + 1), 0);
}

/* Runs weirctl, keeps what it prints in OUT, and returns its exit status. */
static int run(const char *const *argv)
{
	struct weir_child c = { .path = "/usr/bin/weirctl", .argv = argv };
	int status;

	c.out = open(OUT, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	KTAP_ASSERT(c.out >= 0);
	status = weir_child_finish(weir_child_start(&c));
	close(c.out);
	return status;
}

static int prove(void)
{
	static const char *const argv[] = { "weirctl", "prove", "--json", NULL };

	return run(argv);
}

static int printed(const char *text)
{
	struct weir_blob b;
	int found;

	KTAP_ASSERT_EQ(weir_blob_read(OUT, &b), 0);
	b.b[b.n] = '\0';
	found = !!strstr((char *)b.b, text);
	if (!found)
		ktap_note("%s", (char *)b.b);
	free(b.b);
	return found;
}

static struct weir_u_hook hook(const char *name)
{
	struct weir_u_hook h;

	KTAP_ASSERT_EQ(weir_dev_hook(dev, name, &h), 0);
	return h;
}

static int claim(const struct weir_u_hook *h)
{
	struct weir_u_prove p = { .size = sizeof(p), .index = h->index, .arming = h->arming };

	return ioctl(dev, WEIR_IOC_PROVE, &p) ? errno : 0;
}

static void expect_all_seen(u32 least)
{
	struct weir_u_hook h = { .size = sizeof(h) };
	u32 armed = 0;

	for (; !ioctl(dev, WEIR_IOC_HOOK, &h); h.index++) {
		if (!h.armed)
			continue;
		ktap_note("%s of type %u", h.name, h.type);
		KTAP_EXPECT_EQ(h.seen, 1);
		KTAP_EXPECT_EQ(h.error, 0);
		armed++;
	}
	KTAP_EXPECT_EQ(errno, ENOENT);
	KTAP_EXPECT(armed >= least);
}

/* What an exercise that is not shut off from the host would show in. */
static const char *const traces[] = { "/proc/self/mountinfo", "/proc/sysvipc/msg",
				      "/proc/sysvipc/sem", "/proc/sysvipc/shm", "/proc/net/udp" };

#define N_TRACES (sizeof(traces) / sizeof(traces[0]))

static char *text_of(const char *path)
{
	char *text = calloc(1, TEXT_MAX);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t at = 0;
	ssize_t n;

	KTAP_ASSERT(fd >= 0 && text);
	while ((n = read(fd, text + at, TEXT_MAX - 1 - at)) > 0)
		at += (size_t)n;
	close(fd);
	KTAP_ASSERT(at > 0 && at < TEXT_MAX - 1);
	return text;
}

KTAP_TEST_T(prove_makes_every_armed_hook_fire, 90)
{
	char *before[N_TRACES];
	size_t i;

	begin();
	load(ALL);
	KTAP_EXPECT_EQ(hook(QUIET).seen, 0);
	for (i = 0; i < N_TRACES; i++)
		before[i] = text_of(traces[i]);
	KTAP_EXPECT_EQ(prove(), 0);
	for (i = 0; i < N_TRACES; i++) {
		ktap_note("%s", traces[i]);
		KTAP_EXPECT(!strcmp(text_of(traces[i]), before[i]));
	}
	KTAP_EXPECT(printed("\"" QUIET "\""));
	KTAP_EXPECT(printed("\"result\": \"seen\""));
	expect_all_seen(31);
	KTAP_EXPECT_EQ(state().quarantined, WEIR_QUARANTINE_NONE);
}

KTAP_TEST(what_was_seen_is_left_alone)
{
	begin();
	KTAP_EXPECT_EQ(prove(), 0);
	KTAP_EXPECT(printed("\"hooks\": []"));
}

/* The loader's own way to active content; a floor of the last boot of the module means nothing. */
static int load_through_weirctl(const char *raw, const char *option)
{
	char folder[64];
	const char *const argv[] = { "weirctl", "load", "--json", folder, MADE, option, NULL };
	struct weir_blob blob;
	int fd, status;

	unload();
	KTAP_ASSERT_EQ(weir_blob_made(raw, KEY, CHANNEL, state().floor + 1, &blob), 0);
	fd = open(MADE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	KTAP_ASSERT_EQ(write(fd, blob.b, blob.n), blob.n);
	close(fd);
	free(blob.b);
	snprintf(folder, sizeof(folder), "--state=/tmp/prove_test.state-%d", (int)getpid());
	status = run(argv);
	unlink(MADE);
	return status;
}

KTAP_TEST(load_proves_unless_told_not_to)
{
	begin();
	KTAP_EXPECT_EQ(load_through_weirctl(NET, "--no-prove"), 0);
	KTAP_EXPECT_EQ(hook(QUIET).armed, 1);
	KTAP_EXPECT_EQ(hook(QUIET).seen, 0);
	KTAP_EXPECT_EQ(load_through_weirctl(IPC, NULL), 0);
	KTAP_EXPECT(printed("\"version\""));
	KTAP_EXPECT(printed("\"result\": \"seen\""));
	expect_all_seen(7);
}

/* Matches and alarms among the records that wait, by what came of them. */
struct tally {
	u32 exempt;
	u32 applied;
	u32 silent;
};

static struct tally drain(void)
{
	static u8 buf[65536] __attribute__((aligned(8)));
	const struct weir_u_record *r;
	struct tally t = {};
	ssize_t n, at;

	while ((n = read(dev, buf, sizeof(buf))) > 0)
		for (at = 0; at < n; at += r->size) {
			r = (const void *)(buf + at);
			t.exempt += !!(r->flags & WEIR_RECF_EXEMPT);
			t.applied += !!(r->flags & (WEIR_RECF_DENIED | WEIR_RECF_KILLED));
			t.silent += r->kind == WEIR_REC_SILENT;
		}
	KTAP_EXPECT_EQ(errno, EAGAIN);
	return t;
}

KTAP_TEST_T(what_would_be_denied_is_reported_and_done, 90)
{
	struct weir_u_channel_op op = { .size = sizeof(op),
					.channel = CHANNEL,
					.mode = WEIR_MODE_ENFORCE };
	struct tally t;

	begin();
	load(ALL);
	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_MODE, &op), 0);
	drain();
	KTAP_EXPECT_EQ(prove(), 0);
	expect_all_seen(31);
	t = drain();
	KTAP_EXPECT(t.exempt >= 10);
	KTAP_EXPECT_EQ(t.applied, 0);
	KTAP_EXPECT_EQ(state().denied, 0);
}

KTAP_TEST(a_claim_about_another_arming_is_stale)
{
	struct weir_u_hook before, after;

	begin();
	load(NET);
	before = hook(QUIET);
	unload();
	KTAP_EXPECT_EQ(claim(&before), ESTALE);
	load(NET);
	after = hook(QUIET);
	KTAP_EXPECT_EQ(after.arming, before.arming + 1);
	KTAP_EXPECT_EQ(claim(&before), ESTALE);
	KTAP_EXPECT_EQ(state().quarantined, WEIR_QUARANTINE_NONE);
}

KTAP_TEST(a_claim_about_what_the_kernel_proves_is_einval)
{
	struct weir_u_hook h;

	begin();
	load(NET);
	h = hook("security_socket_sendmsg");
	KTAP_EXPECT_EQ(claim(&h), EINVAL);
	KTAP_EXPECT_EQ(hook(h.name).error, 0);
}

static void expect_silent(const struct weir_u_info *before)
{
	struct weir_u_channel c = state();

	KTAP_EXPECT_EQ(hook(QUIET).error, -EIO);
	KTAP_EXPECT_EQ(hook(QUIET).armed, 0);
	KTAP_EXPECT_EQ(c.quarantined, WEIR_QUARANTINE_FIELD);
	KTAP_EXPECT_EQ(c.slot[WEIR_SLOT_ACTIVE].version, 0);
	KTAP_EXPECT_EQ(info().alarms - before->alarms, 1);
	KTAP_EXPECT_EQ(drain().silent, 1);
}

KTAP_TEST(what_is_said_to_have_run_and_did_not_fire_is_silent)
{
	static const char *const status[] = { "weirctl", "status", "--json", NULL };
	struct weir_u_info before;
	struct weir_u_hook h;

	begin();
	load(NET);
	drain();
	before = info();
	h = hook(QUIET);
	KTAP_EXPECT_EQ(claim(&h), EIO);
	expect_silent(&before);
	KTAP_EXPECT_EQ(run(status), 0);
	KTAP_EXPECT(printed("silent: "));
	KTAP_EXPECT(printed("field_gone"));
}

/* What is armed for other content stays silent until it fires. */
KTAP_TEST(a_hook_that_is_optional_is_silent_until_it_fires)
{
	struct weir_u_hook h;

	begin();
	load(IPC);
	h = hook("security_sem_semop");
	KTAP_EXPECT_EQ(claim(&h), EIO);
	KTAP_EXPECT_EQ(hook(h.name).error, -EIO);
	KTAP_EXPECT_EQ(state().quarantined, WEIR_QUARANTINE_NONE);
	KTAP_EXPECT_EQ(prove(), 0);
	expect_all_seen(7);
}

/* From now on a system call does nothing and says that it did. */
static int pretend(u32 call)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = 4, .filter = code };

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

KTAP_TEST(weirctl_says_which_hook_is_silent)
{
	struct weir_u_info before;

	begin();
	load(NET);
	drain();
	before = info();
	if (pretend(SYS_bind))
		KTAP_SKIP("no seccomp filters");
	KTAP_EXPECT_EQ(prove(), 1);
	KTAP_EXPECT(printed("\"code\": \"SILENT\""));
	KTAP_EXPECT(printed("\"result\": \"silent\""));
	KTAP_EXPECT(printed("not seen: " QUIET "\""));
	expect_silent(&before);
}

KTAP_TEST(a_hook_that_was_silent_can_be_armed_and_proved)
{
	begin();
	KTAP_EXPECT_EQ(load_through_weirctl(NET, NULL), 0);
	expect_all_seen(4);
	KTAP_EXPECT_EQ(state().quarantined, WEIR_QUARANTINE_NONE);
}

/* No descriptor for the child to open the device with. */
KTAP_TEST(what_could_not_be_tried_is_not_called_silent)
{
	struct rlimit few = { 5, 5 };

	begin();
	load(NET);
	close(dev);
	KTAP_ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
	KTAP_EXPECT_EQ(prove(), 1);
	KTAP_EXPECT(printed("\"code\": \"UNTRIED\""));
	KTAP_EXPECT(!printed("\"silent\""));
	begin();
	KTAP_EXPECT_EQ(hook(QUIET).error, 0);
	KTAP_EXPECT_EQ(state().quarantined, WEIR_QUARANTINE_NONE);
}

KTAP_TEST(without_content_nothing_is_left_to_prove)
{
	begin();
	unload();
	KTAP_EXPECT_EQ(hook(QUIET).armed, 0);
	KTAP_EXPECT_EQ(prove(), 0);
	KTAP_EXPECT(printed("\"hooks\": []"));
	unlink(OUT);
}

KTAP_MAIN()
