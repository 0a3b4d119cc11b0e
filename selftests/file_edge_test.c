// SPDX-License-Identifier: GPL-2.0
/* Files without a name, in other places, with odd names: the edge of what file_event can say. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"
#include "child.h"
#include "file_events.h"
#include "templates.h"

#define F(name) WEIR_file_event_##name
#define TEXT(r, name, want) KTAP_EXPECT(weir_ev_text(r, F(name), want))
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))

static int dev;

static void begin(void)
{
	dev = weir_file_begin();
	KTAP_ASSERT(dev >= 0);
}

static pid_t act_as(uid_t id, int (*what)(const void *), const void *on)
{
	pid_t pid = weir_child_act(id, what, on);

	KTAP_ASSERT(pid > 0);
	return pid;
}

static pid_t act(int (*what)(const void *), const void *on)
{
	return act_as(WEIR_FILE_USER, what, on);
}

static const struct weir_u_record *next(pid_t pid, int operation, const char *path)
{
	const struct weir_u_record *r = weir_file_next(dev, pid, operation, path);

	KTAP_ASSERT(r);
	return r;
}

static void make(const char *name)
{
	weir_child_put(name, "x");
	KTAP_ASSERT(!chmod(name, 0666));
}

static int link_fd(int fd, const char *name)
{
	char from[32];

	snprintf(from, sizeof(from), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, from, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

static int act_tmpfile(const void *name)
{
	int fd = open(".", O_TMPFILE | O_WRONLY, 0642);

	return fd < 0 ? -1 : link_fd(fd, name);
}

KTAP_TEST(a_file_without_a_name_is_opened_and_then_linked)
{
	const struct weir_u_record *r;
	char unnamed[32];
	struct stat st;
	pid_t pid;

	begin();
	pid = act(act_tmpfile, "linked");
	KTAP_ASSERT(!stat("linked", &st));
	snprintf(unnamed, sizeof(unnamed), "#%lu", (unsigned long)st.st_ino);
	r = next(pid, OPEN, unnamed);
	NUM(r, TargetDeleted, 1);
	NUM(r, Mode, 0642);
	NUM(r, Inode, st.st_ino);
	r = next(pid, CREATE, "linked");
	TEXT(r, SourceFilename, weir_file_path(unnamed));
	NUM(r, TargetDeleted, 0);
	NUM(r, Mode, 0642);
	NUM(r, Inode, st.st_ino);
	NUM(r, FileUserId, WEIR_FILE_USER);
}

static int act_on_deleted(const void *name)
{
	int fd = open(name, O_RDWR | O_CREAT, 0600);

	return fd < 0 || unlink(name) || fchmod(fd, 0611) || ftruncate(fd, 9) ? -1 : 0;
}

KTAP_TEST(a_deleted_file_keeps_its_path_and_is_said_to_be_deleted)
{
	const struct weir_u_record *r;
	pid_t pid;

	begin();
	pid = act(act_on_deleted, "gone");
	next(pid, CREATE, "gone");
	next(pid, OPEN, "gone");
	NUM(next(pid, UNLINK, "gone"), TargetDeleted, 0);
	r = next(pid, CHMOD, "gone");
	NUM(r, TargetDeleted, 1);
	NUM(r, Mode, 0611);
	r = next(pid, TRUNCATE, "gone");
	NUM(r, TargetDeleted, 1);
	NUM(r, Mode, 0611);
	NUM(r, TargetMemfd, 0);
}

KTAP_TEST(a_name_that_ends_like_the_mark_of_a_deleted_file_is_kept)
{
	pid_t pid;

	begin();
	pid = act(act_on_deleted, "odd (deleted)");
	NUM(next(pid, CREATE, "odd (deleted)"), TargetDeleted, 0);
	NUM(next(pid, OPEN, "odd (deleted)"), TargetDeleted, 0);
	NUM(next(pid, UNLINK, "odd (deleted)"), TargetDeleted, 0);
	NUM(next(pid, CHMOD, "odd (deleted)"), TargetDeleted, 1);
}

static int act_memfd(const void *name)
{
	char path[32];
	int fd = memfd_create(name, 0);

	if (fd < 0 || ftruncate(fd, 3) || fchmod(fd, 0751))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDWR);
}

static void expect_memfd(const struct weir_u_record *r)
{
	NUM(r, TargetMemfd, 1);
	NUM(r, TargetDeleted, 1);
	NUM(r, FileUserId, WEIR_FILE_USER);
}

KTAP_TEST(a_memory_file_is_told_from_one_that_is_called_so)
{
	const struct weir_u_record *r;
	pid_t pid;

	begin();
	pid = act(act_memfd, "weir");
	expect_memfd(next(pid, TRUNCATE, "/memfd:weir"));
	expect_memfd(next(pid, CHMOD, "/memfd:weir"));
	r = next(pid, OPEN, "/memfd:weir");
	expect_memfd(r);
	NUM(r, Mode, 0751);
	pid = act(act_on_deleted, "memfd:weir");
	NUM(next(pid, CREATE, "memfd:weir"), TargetMemfd, 0);
	NUM(next(pid, OPEN, "memfd:weir"), TargetMemfd, 0);
}

static int act_on_overlay(const void *name)
{
	int fd = open(name, O_WRONLY | O_APPEND);

	return fd < 0 || fchmod(fd, 0604) || unlink(name) ? -1 : 0;
}

static void expect_overlaid(const struct weir_u_record *r, const struct stat *st, mode_t mode)
{
	NUM(r, TargetOverlay, 1);
	NUM(r, TargetDeleted, 0);
	NUM(r, Inode, st->st_ino);
	NUM(r, FileUserId, WEIR_FILE_USER);
	NUM(r, Mode, mode);
}

/* And what the overlay does to its layers meanwhile, such as copying the file up, is no event. */
KTAP_TEST(a_file_on_an_overlay_is_said_to_be_there)
{
	struct stat st;
	pid_t pid;

	begin();
	KTAP_ASSERT(!mkdir("lower", 0755) && !mkdir("upper", 0777) && !mkdir("work", 0755));
	KTAP_ASSERT(!mkdir("merged", 0777));
	make("lower/below");
	KTAP_ASSERT(!chown("lower/below", WEIR_FILE_USER, 0));
	KTAP_ASSERT(!mount("weir", "merged", "overlay", 0,
			   "lowerdir=lower,upperdir=upper,workdir=work"));
	KTAP_ASSERT(!stat("merged/below", &st));
	pid = act(act_on_overlay, "merged/below");
	expect_overlaid(next(pid, OPEN, "merged/below"), &st, 0666);
	expect_overlaid(next(pid, CHMOD, "merged/below"), &st, 0604);
	expect_overlaid(next(pid, UNLINK, "merged/below"), &st, 0604);
	KTAP_EXPECT(!umount("merged"));
}

static int act_in_chroot(const void *name)
{
	return chroot("jail") || chdir("/") ? -1 : open(name, O_WRONLY | O_CREAT, 0600);
}

KTAP_TEST(paths_in_a_chroot_are_those_of_the_chroot)
{
	pid_t pid;

	begin();
	KTAP_ASSERT(!mkdir("jail", 0755));
	pid = act_as(0, act_in_chroot, "inside");
	NUM(next(pid, CREATE, "/inside"), Chroot, 1);
	NUM(next(pid, OPEN, "/inside"), Chroot, 1);
}

#define GROUP "/sys/fs/cgroup/weir-file"

static int act_cgroup(const void *name)
{
	weir_child_put(GROUP "/cgroup.procs", "0");
	weir_child_put(GROUP "/cgroup.procs", "0");
	return unlink(name);
}

/* The kernel asks before it has looked whether there is such a file. */
KTAP_TEST(what_exists_is_created_only_if_the_kernel_does_not_know_the_name_yet)
{
	const struct weir_u_record *r;
	pid_t pid;

	begin();
	make("grouped");
	KTAP_ASSERT(!mkdir(GROUP, 0755) || errno == EEXIST);
	pid = act_as(0, act_cgroup, "grouped");
	r = next(pid, CREATE, GROUP "/cgroup.procs");
	TEXT(r, CgroupPath, "/");
	next(pid, OPEN, GROUP "/cgroup.procs");
	next(pid, TRUNCATE, GROUP "/cgroup.procs");
	next(pid, OPEN, GROUP "/cgroup.procs");
	next(pid, TRUNCATE, GROUP "/cgroup.procs");
	TEXT(next(pid, UNLINK, "grouped"), CgroupPath, "/weir-file");
	KTAP_EXPECT(!rmdir(GROUP));
}

static int act_as_other(const void *name)
{
	return setresuid(WEIR_FILE_USER, 8, 8) ? -1 : open(name, O_WRONLY | O_CREAT, 0600);
}

KTAP_TEST(a_new_file_will_belong_to_the_effective_user)
{
	const struct weir_u_record *r;
	struct stat st;
	pid_t pid;

	begin();
	pid = act_as(0, act_as_other, "others");
	r = next(pid, CREATE, "others");
	NUM(r, UserId, WEIR_FILE_USER);
	NUM(r, EffectiveUserId, 8);
	NUM(r, FileUserId, 8);
	KTAP_ASSERT(!stat("others", &st));
	KTAP_EXPECT_EQ(st.st_uid, 8);
}

KTAP_TEST(a_name_is_kept_byte_for_byte)
{
	pid_t pid;

	begin();
	pid = act(act_on_deleted, "a\nb\x01\xff c");
	next(pid, CREATE, "a\nb\x01\xff c");
}

static int act_rename(const void *to)
{
	return rename("deep-file", to);
}

/* Twenty directories of 250 bytes: nobody can name what is in the last one. */
KTAP_TEST(a_path_that_is_too_long_keeps_its_end)
{
	const struct weir_u_record *r;
	char name[251], want[1100];
	pid_t pid;
	int i;

	begin();
	memset(name, 'd', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (i = 0; i < 20; i++)
		KTAP_ASSERT(!mkdir(name, 0777) && !chdir(name));
	make("deep-file");
	pid = act(act_rename, "deeper");
	snprintf(want, sizeof(want), ".../%s/%s/%s/deeper", name, name, name);
	r = next(pid, RENAME, want);
	snprintf(want, sizeof(want), ".../%s/%s/%s/deep-file", name, name, name);
	TEXT(r, SourceFilename, want);
	NUM(r, Truncated, 1);
	KTAP_EXPECT(r->flags & WEIR_RECF_TRUNCATED);
}

KTAP_TEST(without_content_the_type_is_not_armed)
{
	struct weir_u_type t;

	begin();
	KTAP_ASSERT(!weir_ev_type(dev, WEIR_TYPE_file_event, &t));
	KTAP_EXPECT_EQ(t.provided, (1ull << WEIR_file_event_arity) - 1);
	KTAP_EXPECT_EQ(t.armed, 1);
	KTAP_EXPECT(!weir_ev_unload(dev, WEIR_FILE_CHANNEL));
	KTAP_ASSERT(!weir_ev_type(dev, WEIR_TYPE_file_event, &t));
	KTAP_EXPECT_EQ(t.armed, 0);
}

KTAP_MAIN()
