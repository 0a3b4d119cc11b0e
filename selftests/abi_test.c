// SPDX-License-Identifier: GPL-2.0
/* The ABI of /dev/weir: sizes, reserved members, rights, and the order they are checked in. */
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "device.h"
#include "ktap.h"
#include "uapi/weir_decision.h"

/* Every request: its number, the bytes of its struct, and whether it needs the right to write. */
static const struct {
	const char *name;
	unsigned long cmd;
	size_t size;
	int writes;
} requests[] = {
	{ "INFO", WEIR_IOC_INFO, sizeof(struct weir_u_info), 0 },
	{ "TYPE", WEIR_IOC_TYPE, sizeof(struct weir_u_type), 0 },
	{ "SUBMIT", WEIR_IOC_SUBMIT, sizeof(struct weir_u_submit), 1 },
	{ "ACTIVATE", WEIR_IOC_ACTIVATE, sizeof(struct weir_u_channel_op), 1 },
	{ "UNLOAD", WEIR_IOC_UNLOAD, sizeof(struct weir_u_channel_op), 1 },
	{ "MODE", WEIR_IOC_MODE, sizeof(struct weir_u_channel_op), 1 },
	{ "CHANNEL", WEIR_IOC_CHANNEL, sizeof(struct weir_u_channel), 0 },
	{ "REPLAY", WEIR_IOC_REPLAY, sizeof(struct weir_u_replay), 1 },
	{ "NAMES", WEIR_IOC_NAMES, sizeof(struct weir_u_names), 1 },
	{ "SHOW", WEIR_IOC_SHOW, sizeof(struct weir_u_instance), 0 },
	{ "EXEMPT", WEIR_IOC_EXEMPT, sizeof(struct weir_u_exempt), 1 },
	{ "EXEMPTED", WEIR_IOC_EXEMPTED, sizeof(struct weir_u_exempted), 0 },
	{ "HOOK", WEIR_IOC_HOOK, sizeof(struct weir_u_hook), 0 },
	{ "VALUES", WEIR_IOC_VALUES, sizeof(struct weir_u_values), 0 },
	{ "PROVE", WEIR_IOC_PROVE, sizeof(struct weir_u_prove), 1 },
	{ "STAGE", WEIR_IOC_STAGE, sizeof(struct weir_u_stage), 1 },
	{ "ROLLBACK", WEIR_IOC_ROLLBACK, sizeof(struct weir_u_channel_op), 1 },
	{ "TRIALS", WEIR_IOC_TRIALS, sizeof(struct weir_u_trials), 0 },
	{ "TRUST", WEIR_IOC_TRUST, sizeof(struct weir_u_trust), 1 },
	{ "TRUSTED", WEIR_IOC_TRUSTED, sizeof(struct weir_u_trusted), 0 },
	{ "DECISION", WEIR_IOC_DECISION, sizeof(struct weir_u_decision), 0 },
};

#define N_REQUESTS (sizeof(requests) / sizeof(requests[0]))
#define BIG 8192

static int dev(int flags)
{
	int fd = open(WEIR_DEV, flags);

	KTAP_ASSERT(fd >= 0);
	return fd;
}

/* An ioctl's errno, 0 if it succeeded. */
static int call(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? errno : 0;
}

/* A request that is all zeros but for its size. */
static void *blank(unsigned int size)
{
	static u64 buf[BIG / sizeof(u64)];

	memset(buf, 0, sizeof(buf));
	memcpy(buf, &size, sizeof(size));
	return buf;
}

static void keep_capability(int cap)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {};

	if (cap >= 0) {
		data[cap / 32].effective = 1u << cap % 32;
		data[cap / 32].permitted = data[cap / 32].effective;
	}
	KTAP_ASSERT_EQ(syscall(SYS_capset, &head, data), 0);
}

KTAP_TEST(structs_have_the_sizes_they_always_had)
{
	KTAP_EXPECT_EQ(sizeof(struct weir_u_error), 24);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_info), 136);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_type), 72 + 64 + 64 * 72);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_submit), 64);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_channel_op), 48);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_content), 72);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_channel), 424);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_value), 24);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_replay), 80);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_name), 40);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_names), 16);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_instance), 312);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_exempt), 24);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_exempted), 32 + 4096);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_hook), 136);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_prove), 16);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_stage), 88);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_trials), 16 + 2 * 112 + 72);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_trust), 56);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_trusted), 224);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_decision), 152);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_record), 96);
	KTAP_EXPECT_EQ(sizeof(struct weir_u_rfield), 8);
}

KTAP_TEST(unknown_commands_are_enotty)
{
	int fd = dev(O_RDWR);

	KTAP_EXPECT_EQ(call(fd, _IOWR('W', 0x7f, struct weir_u_info), blank(BIG)), ENOTTY);
	KTAP_EXPECT_EQ(call(fd, _IOWR('W', 0x9f, struct weir_u_info), blank(BIG)), ENOTTY);
	KTAP_EXPECT_EQ(call(fd, _IOWR('w', 0x80, struct weir_u_info), blank(BIG)), ENOTTY);
	KTAP_EXPECT_EQ(call(fd, _IOR('W', 0x80, struct weir_u_info), blank(BIG)), ENOTTY);
	KTAP_EXPECT_EQ(call(fd, _IO('W', 0x80), blank(BIG)), ENOTTY);
}

KTAP_TEST(a_struct_shorter_than_its_first_version_is_einval)
{
	int fd = dev(O_RDWR);
	size_t i;

	for (i = 0; i < N_REQUESTS; i++) {
		ktap_note("%s", requests[i].name);
		KTAP_EXPECT_EQ(call(fd, requests[i].cmd, blank(0)), EINVAL);
		KTAP_EXPECT_EQ(call(fd, requests[i].cmd, blank((u32)requests[i].size - 1)), EINVAL);
	}
}

KTAP_TEST(an_unknown_tail_must_be_zero)
{
	int fd = dev(O_RDWR);
	u8 *arg;
	size_t i;

	for (i = 0; i < N_REQUESTS; i++) {
		ktap_note("%s", requests[i].name);
		arg = blank((u32)requests[i].size + 8);
		arg[requests[i].size + 7] = 1;
		KTAP_EXPECT_EQ(call(fd, requests[i].cmd, arg), E2BIG);
		KTAP_EXPECT_EQ(call(fd, requests[i].cmd, blank(~0u)), E2BIG);
	}
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_INFO, blank(sizeof(struct weir_u_info) + 8)), 0);
}

KTAP_TEST(unreadable_memory_is_efault)
{
	int fd = dev(O_RDWR);
	u8 *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	KTAP_ASSERT(page != MAP_FAILED);
	KTAP_ASSERT_EQ(munmap(page + 4096, 4096), 0);
	for (i = 0; i < N_REQUESTS; i++) {
		unsigned int *arg = (unsigned int *)(page + 4096 - 8);

		ktap_note("%s", requests[i].name);
		KTAP_EXPECT_EQ(call(fd, requests[i].cmd, NULL), EFAULT);
		*arg = (u32)requests[i].size;
		KTAP_EXPECT_EQ(call(fd, requests[i].cmd, arg), EFAULT);
	}
}

KTAP_TEST(what_cannot_be_answered_is_not_done)
{
	int fd = dev(O_RDWR);
	u8 *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	KTAP_ASSERT(page != MAP_FAILED);
	for (i = 0; i < N_REQUESTS; i++) {
		u32 size = (u32)requests[i].size;

		KTAP_ASSERT_EQ(mprotect(page, 8192, PROT_READ | PROT_WRITE), 0);
		memset(page, 0xff, requests[i].size);
		memcpy(page, &size, sizeof(size));
		KTAP_ASSERT_EQ(mprotect(page, 8192, PROT_READ), 0);
		ktap_note("%s", requests[i].name);
		KTAP_EXPECT_EQ(call(fd, requests[i].cmd, page), EFAULT);
	}
}

KTAP_TEST(reserved_members_must_be_zero)
{
	int fd = dev(O_RDWR);
	struct weir_u_info info = { .size = sizeof(info), .reserved = 1 };
	struct weir_u_type t = { .size = sizeof(t), .reserved = 1 };
	struct weir_u_submit s = { .size = sizeof(s), .reserved = 1 };
	struct weir_u_channel_op op = { .size = sizeof(op), .flags = WEIR_MODE_FAIL_CLOSED };
	struct weir_u_prove p = { .size = sizeof(p), .reserved = 1 };
	struct weir_u_decision d = { .size = sizeof(d), .reserved = 1 };
	struct weir_u_replay r = { .size = sizeof(r), .reserved = 1 };
	struct weir_u_instance in = { .size = sizeof(in), .reserved = 1 };
	struct weir_u_trust list = { .size = sizeof(list), .flags = 1 };
	struct weir_u_trusted key = { .size = sizeof(key), .reserved = 1 };

	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_TRUST, &list), EINVAL);
	list.flags = 0;
	list.version = 1;
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_TRUST, &list), EINVAL);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_TRUSTED, &key), EINVAL);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_INFO, &info), EINVAL);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_TYPE, &t), EINVAL);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_PROVE, &p), EINVAL);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_DECISION, &d), EINVAL);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_SUBMIT, &s), EINVAL);
	s.reserved = 0;
	s.flags = 1;
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_SUBMIT, &s), EINVAL);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_ACTIVATE, &op), EINVAL);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_UNLOAD, &op), EINVAL);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_MODE, &op), EINVAL);
	op.flags = ~WEIR_MODE_FAIL_CLOSED;
	op.mode = WEIR_MODE_ENFORCE;
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_MODE, &op), EINVAL);
	op.flags = 0;
	op.mode = WEIR_MODE_ENFORCE;
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_ACTIVATE, &op), EINVAL);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_UNLOAD, &op), EINVAL);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_REPLAY, &r), EINVAL);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_SHOW, &in), EINVAL);
	in.reserved = 0;
	in.pad[6] = 1;
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_SHOW, &in), EINVAL);
}

KTAP_TEST(right_comes_before_size_and_command_before_right)
{
	int rw = dev(O_RDWR), ro = dev(O_RDONLY), wo = dev(O_WRONLY);
	size_t i;

	for (i = 0; i < N_REQUESTS; i++) {
		ktap_note("%s", requests[i].name);
		KTAP_EXPECT_EQ(call(requests[i].writes ? ro : wo, requests[i].cmd, NULL), EBADF);
	}
	keep_capability(-1);
	for (i = 0; i < N_REQUESTS; i++) {
		ktap_note("%s", requests[i].name);
		KTAP_EXPECT_EQ(call(rw, requests[i].cmd, blank(0)),
			       requests[i].writes ? EPERM : EINVAL);
		if (requests[i].writes)
			KTAP_EXPECT_EQ(call(ro, requests[i].cmd, NULL), EPERM);
	}
	KTAP_EXPECT_EQ(call(rw, _IO('W', 0xff), NULL), ENOTTY);
}

KTAP_TEST(size_comes_before_memory_and_memory_before_reserved)
{
	int fd = dev(O_RDWR);
	u8 *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct weir_u_submit *s;

	KTAP_ASSERT(page != MAP_FAILED);
	KTAP_ASSERT_EQ(munmap(page + 4096, 4096), 0);
	s = (struct weir_u_submit *)(page + 4096 - 8);
	/* Only size and flags can be read. */
	s->size = sizeof(*s) - 1;
	s->flags = 1;
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_SUBMIT, s), EINVAL);
	s->size = ~0u;
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_SUBMIT, s), E2BIG);
	s->size = sizeof(*s);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_SUBMIT, s), EFAULT);
}

KTAP_TEST(opening_needs_a_capability)
{
	keep_capability(-1);
	KTAP_EXPECT_EQ(open(WEIR_DEV, O_RDONLY), -1);
	KTAP_EXPECT_EQ(errno, EPERM);
	KTAP_EXPECT_EQ(open(WEIR_DEV, O_WRONLY), -1);
	KTAP_EXPECT_EQ(errno, EPERM);
}

/* Access mode 3 asks for neither reading nor writing; ioctl() and poll() would still be there. */
KTAP_TEST(opening_for_neither_is_einval)
{
	KTAP_EXPECT_EQ(open(WEIR_DEV, O_ACCMODE), -1);
	KTAP_EXPECT_EQ(errno, EINVAL);
}

KTAP_TEST(audit_read_may_read_and_no_more)
{
	struct weir_u_info info = { .size = sizeof(info) };
	int fd;

	keep_capability(CAP_AUDIT_READ);
	KTAP_EXPECT_EQ(open(WEIR_DEV, O_RDWR), -1);
	KTAP_EXPECT_EQ(errno, EPERM);
	fd = dev(O_RDONLY | O_NONBLOCK);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_INFO, &info), 0);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_UNLOAD, blank(48)), EPERM);
}

KTAP_TEST(an_open_file_is_not_a_right_to_write)
{
	struct weir_u_info info = { .size = sizeof(info) };
	int fd = dev(O_RDWR);

	keep_capability(-1);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_INFO, &info), 0);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_UNLOAD, blank(48)), EPERM);
}

KTAP_TEST(root_of_a_user_namespace_is_nobody_here)
{
	if (unshare(CLONE_NEWUSER))
		KTAP_SKIP("no user namespaces");
	KTAP_EXPECT_EQ(open(WEIR_DEV, O_RDONLY), -1);
	KTAP_EXPECT(errno == EPERM || errno == EACCES);
}

KTAP_TEST(info_states_abi_and_format)
{
	struct weir_u_info info = { .size = sizeof(info) };
	int fd = dev(O_RDONLY);

	KTAP_ASSERT_EQ(call(fd, WEIR_IOC_INFO, &info), 0);
	KTAP_EXPECT_EQ(info.abi, WEIR_ABI_VERSION);
	KTAP_EXPECT_EQ(info.format, WEIR_FORMAT);
	KTAP_EXPECT(info.ntypes >= 5);
	KTAP_EXPECT(info.max_cost > 0);
}

KTAP_TEST(an_index_past_the_end_is_enoent)
{
	struct weir_u_type t = { .size = sizeof(t), .index = 1000 };
	struct weir_u_channel ch = { .size = sizeof(ch), .index = 1000 };
	struct weir_u_instance in = { .size = sizeof(in), .channel = 0x7fffffff };
	struct weir_u_exempted e = { .size = sizeof(e), .index = WEIR_EXEMPT_MAX };
	struct weir_u_hook h = { .size = sizeof(h), .index = 1000 };
	struct weir_u_prove p = { .size = sizeof(p), .index = 1000 };
	struct weir_u_trusted key = { .size = sizeof(key), .index = 1000 };
	int fd = dev(O_RDWR);

	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_TYPE, &t), ENOENT);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_CHANNEL, &ch), ENOENT);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_EXEMPTED, &e), ENOENT);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_HOOK, &h), ENOENT);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_PROVE, &p), ENOENT);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_TRUSTED, &key), ENOENT);
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_SHOW, &in), ENOENT);
	in.slot = WEIR_SLOTS;
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_SHOW, &in), EINVAL);
	KTAP_EXPECT_EQ(-weir_dev_op(fd, WEIR_IOC_ACTIVATE, 0x7fffffff, 1), ENOENT);
	KTAP_EXPECT_EQ(-weir_dev_op(fd, WEIR_IOC_UNLOAD, 0x7fffffff, 0), ENOENT);
	KTAP_EXPECT_EQ(-weir_dev_op(fd, WEIR_IOC_MODE, 0x7fffffff, 0), ENOENT);
}

KTAP_TEST(names_are_checked_as_a_whole)
{
	struct weir_u_name two[2] = { { .id = 5, .name = "five" }, { .id = 6, .name = "six" } };
	struct weir_u_names req = { .size = sizeof(req), .count = 2, .names = (uintptr_t)two };
	struct weir_u_info info = { .size = sizeof(info) };
	int fd = dev(O_RDWR);

	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_NAMES, &req), 0);
	two[1].id = 5;
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_NAMES, &req), EINVAL);
	two[1].id = 6;
	memset(two[1].name, 'x', sizeof(two[1].name));
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_NAMES, &req), EINVAL);
	req.count = 65537;
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_NAMES, &req), EINVAL);
	req.count = 2;
	req.names = 8;
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_NAMES, &req), EFAULT);
	KTAP_ASSERT_EQ(call(fd, WEIR_IOC_INFO, &info), 0);
	KTAP_EXPECT_EQ(info.nnames, 2);
	req.count = 0;
	KTAP_EXPECT_EQ(call(fd, WEIR_IOC_NAMES, &req), 0);
}

KTAP_TEST(reading_takes_whole_records_or_says_why_not)
{
	struct pollfd p = { .fd = dev(O_RDONLY | O_NONBLOCK), .events = POLLIN };
	static u8 buf[65536];
	ssize_t n;

	while ((n = read(p.fd, buf, sizeof(buf))) > 0)
		;
	KTAP_EXPECT_EQ(n, -1);
	KTAP_EXPECT_EQ(errno, EAGAIN);
	KTAP_EXPECT_EQ(poll(&p, 1, 0), 0);
	KTAP_EXPECT_EQ(read(p.fd, buf, 0), 0);
	KTAP_EXPECT_EQ(lseek(p.fd, 0, SEEK_SET), -1);
	KTAP_EXPECT_EQ(errno, ESPIPE);
}

KTAP_MAIN()
