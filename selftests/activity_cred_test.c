// SPDX-License-Identifier: GPL-2.0
/* What the kernel says of changed credentials is true, and what changes nothing is no event. */
#include <linux/capability.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "activity_claims.h"

/* The kernel's LSM_SETID_. */
enum { SETID_ID = 1, SETID_RE = 2, SETID_RES = 4, SETID_FS = 8 };

static void expect_change(const char *name, uint64_t flags)
{
	const struct weir_u_record *r = next(CREDENTIAL_CHANGE);

	TEXT(r, TargetName, name);
	NUM(r, Flags, flags);
	ABSENT(r, TargetUserId);
	expect_no_target(r);
	expect_no_file(r);
}

static void expect_user(uid_t to, uint64_t flags, uid_t effective)
{
	const struct weir_u_record *r = next(CREDENTIAL_CHANGE);

	TEXT(r, TargetName, "uid");
	NUM(r, TargetUserId, to);
	NUM(r, Flags, flags);
	NUM(r, EffectiveUserId, effective);
	expect_no_target(r);
	expect_no_file(r);
}

static int act_users(const void *what)
{
	(void)what;
	setfsuid(5);
	if (seteuid(7) || seteuid(0) || setreuid(8, 8))
		return -1;
	return setresuid(8, 8, 8);
}

KTAP_TEST(a_change_of_user_tells_the_new_one)
{
	begin();
	act(0, act_users, NULL);
	expect_user(5, SETID_FS, 0);
	expect_user(7, SETID_RES, 0);
	expect_user(0, SETID_RES, 7);
	expect_user(8, SETID_RE, 0);
	expect_done();
}

static int act_setuid(const void *what)
{
	(void)what;
	return setuid(7);
}

KTAP_TEST(a_daemon_that_drops_root_is_seen)
{
	begin();
	act(0, act_setuid, NULL);
	expect_user(7, SETID_ID, 0);
	expect_done();
}

static int act_groups(const void *what)
{
	(void)what;
	setfsgid(5);
	return setregid(0, 6) || setresgid(0, 0, 0) || setgid(9) ? -1 : 0;
}

KTAP_TEST(a_change_of_group_has_no_user)
{
	begin();
	act(0, act_groups, NULL);
	expect_change("gid", SETID_FS);
	expect_change("gid", SETID_RE);
	expect_change("gid", SETID_RES);
	expect_change("gid", SETID_ID);
	expect_done();
}

static int act_same(const void *what)
{
	(void)what;
	setfsuid(0);
	setfsgid(0);
	return setuid(0) || setgid(0) || seteuid(0) || setregid(0, 0) || setreuid(0, 0) ? -1 : 0;
}

KTAP_TEST(a_change_to_the_same_is_no_event)
{
	begin();
	act(0, act_same, NULL);
	expect_done();
}

static struct __user_cap_data_struct caps[2];

static struct __user_cap_header_struct *cap_header(void)
{
	static struct __user_cap_header_struct header;

	header.version = _LINUX_CAPABILITY_VERSION_3;
	header.pid = 0;
	return &header;
}

/* Gives one up, the same again, hands one on, and gives one up for good. */
static int act_caps(const void *what)
{
	(void)what;
	caps[0].effective &= ~(1u << CAP_SYS_TIME);
	if (syscall(SYS_capset, cap_header(), caps) || syscall(SYS_capset, cap_header(), caps))
		return -1;
	caps[0].inheritable ^= 1u << CAP_NET_RAW;
	if (syscall(SYS_capset, cap_header(), caps))
		return -1;
	caps[0].permitted &= ~(1u << CAP_SYS_TIME);
	return (int)syscall(SYS_capset, cap_header(), caps);
}

KTAP_TEST(a_change_of_capabilities_tells_what_is_left)
{
	uint64_t left;

	begin();
	KTAP_ASSERT(!syscall(SYS_capget, cap_header(), caps));
	left = (uint64_t)caps[1].effective << 32 | caps[0].effective;
	KTAP_ASSERT(left & 1u << CAP_SYS_TIME && left >> 32);
	left &= ~(1ull << CAP_SYS_TIME);
	act(0, act_caps, NULL);
	expect_change("capabilities", left);
	expect_change("capabilities", left);
	expect_change("capabilities", left);
	expect_done();
}

KTAP_MAIN()
