// SPDX-License-Identifier: GPL-2.0
/* What the kernel says of mounts is what a child really did, once each. */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "activity_claims.h"

#define AT "/tmp/weir-mount"
#define OTHER "/tmp/weir-other"

/* Each step needs the one before. */
static int act_mounts(const void *what)
{
	(void)what;
	if (mount("none", AT, "tmpfs", MS_NOSUID, NULL) ||
	    mount(NULL, AT, "ignored", MS_REMOUNT | MS_NODEV, NULL) ||
	    mount(NULL, AT, NULL, MS_PRIVATE, NULL) || mount(AT, OTHER, "ignored", MS_MOVE, NULL) ||
	    mount("/proc", AT, "ignored", MS_BIND | MS_REC, NULL) ||
	    mount(NULL, AT, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL))
		return -1;
	return umount2(AT, MNT_DETACH) || umount2(OTHER, MNT_DETACH) ? -1 : 0;
}

static void expect_mount(const char *name, const char *at, unsigned long flags)
{
	const struct weir_u_record *r = next(MOUNT);

	TEXT(r, TargetName, name);
	TEXT(r, TargetFilename, at);
	NUM(r, Flags, flags);
	ABSENT(r, TargetDeleted);
	ABSENT(r, TargetMemfd);
	expect_no_target(r);
}

static void make_mount_points(void)
{
	KTAP_ASSERT(!mkdir(AT, 0755) || errno == EEXIST);
	KTAP_ASSERT(!mkdir(OTHER, 0755) || errno == EEXIST);
}

KTAP_TEST(mounts_are_told_apart)
{
	begin();
	make_mount_points();
	act(0, act_mounts, NULL);
	expect_mount("tmpfs", AT, MS_NOSUID);
	expect_mount("tmpfs", AT, MS_REMOUNT | MS_NODEV);
	expect_mount("propagation", AT, MS_PRIVATE);
	expect_mount("move", OTHER, MS_MOVE);
	expect_mount("bind", AT, MS_BIND | MS_REC);
	expect_mount("proc", AT, MS_REMOUNT | MS_BIND | MS_RDONLY);
	expect_done();
}

static int act_new_mount(const void *what)
{
	int fs = fsopen("tmpfs", 0);
	int mnt;

	(void)what;
	if (fs < 0 || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	mnt = fsmount(fs, 0, 0);
	if (mnt < 0 || move_mount(mnt, "", AT_FDCWD, AT, MOVE_MOUNT_F_EMPTY_PATH))
		return -1;
	return umount2(AT, MNT_DETACH);
}

KTAP_TEST(a_mount_by_the_new_calls_is_seen_when_it_is_attached)
{
	const struct weir_u_record *r;

	begin();
	make_mount_points();
	act(0, act_new_mount, NULL);
	r = next(MOUNT);
	TEXT(r, TargetName, "tmpfs");
	TEXT(r, TargetFilename, AT);
	ABSENT(r, Flags);
	expect_done();
}

static int act_nothing(const void *what)
{
	(void)what;
	return 0;
}

KTAP_TEST(another_user_in_a_cgroup_and_a_chroot_is_described)
{
	static const char group[] = "/sys/fs/cgroup/weir-activity";
	const struct weir_actor a = {
		.act = act_nothing,
		.id = 7,
		.root = OTHER,
		.cgroup = "/sys/fs/cgroup/weir-activity/cgroup.procs",
	};
	const struct weir_u_record *r;

	begin();
	make_mount_points();
	KTAP_ASSERT(!mkdir(group, 0755) || errno == EEXIST);
	actor = weir_act(dev, &a);
	KTAP_ASSERT(actor > 0);
	r = next(MOUNT);
	TEXT(r, TargetFilename, "/");
	KTAP_EXPECT(weir_act_is(r, actor, 7));
	TEXT(r, CgroupPath, "/weir-activity");
	NUM(r, Chroot, 1);
	KTAP_EXPECT(!rmdir(group));
}

#define DEEP 18
#define COMPONENT 250

static int act_deep(const void *name)
{
	int i;

	if (chdir("/tmp"))
		return -1;
	for (i = 0; i < DEEP; i++)
		if ((mkdir(name, 0755) && errno != EEXIST) || chdir(name))
			return -1;
	return fails(mount("none", ".", "weir-deep", 0, NULL), ENODEV);
}

KTAP_TEST(a_path_that_is_too_long_keeps_its_end_and_is_marked)
{
	char name[COMPONENT + 1], want[5 * COMPONENT];
	const struct weir_u_record *r;

	begin();
	memset(name, 'd', COMPONENT);
	name[COMPONENT] = '\0';
	snprintf(want, sizeof(want), ".../%s/%s/%s/%s", name, name, name, name);
	act(0, act_deep, name);
	r = next(MOUNT);
	TEXT(r, TargetName, "weir-deep");
	TEXT(r, TargetFilename, want);
	NUM(r, Truncated, 1);
}

KTAP_MAIN()
