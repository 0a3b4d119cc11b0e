// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says of a program that is started is what was really started: programs are run
 * in ways known beforehand, and each field of their record is compared.
 *
 *   this test -- fork -- settings -- execve --> the hook -- content --> record -- /dev/weir --+
 *       +------------------------------ compares <----------------------------------------------+
 */
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"
#include "events.h"
#include "child.h"
#include "templates.h"

#define CHANNEL 7101
#define CONTENT "/content/exec_test.weir"
#define BUSYBOX WEIR_BUSYBOX
#define MARK "weir-exec-test"
#define I64(n) ((uint64_t)(int64_t)(n) ^ WEIR_I64_BIAS)

#define F(name) WEIR_process_creation_##name
#define TEXT(r, name, want) KTAP_EXPECT(weir_ev_text(r, F(name), want))
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))
#define ABSENT(r, name) KTAP_EXPECT(weir_ev_absent(r, F(name)))

static const char *const plain[] = { "true", MARK, NULL };
static int dev;

static void begin(void)
{
	dev = weir_ev_open(CHANNEL, CONTENT);
	KTAP_ASSERT(dev >= 0);
}

/* The record of a program that is run to its end. */
static const struct weir_u_record *run(const struct weir_child *r)
{
	const struct weir_u_record *rec = weir_child_run(dev, CHANNEL, r);

	KTAP_ASSERT(rec);
	return rec;
}

static uint64_t own_session(void)
{
	unsigned int n = 0;
	FILE *f = fopen("/proc/self/sessionid", "r");

	KTAP_ASSERT(f && fscanf(f, "%u", &n) == 1);
	fclose(f);
	return n;
}

KTAP_TEST(a_program_is_recorded_with_what_it_was_given)
{
	const char *const argv[] = { "true", MARK, "a  b", "", "\xff\x01\t", NULL };
	const struct weir_child r = {
		.path = BUSYBOX, .argv = argv, .cwd = "/tmp", .id = 7, .nice = 5
	};
	const struct weir_u_record *rec;

	begin();
	rec = run(&r);
	TEXT(rec, Image, BUSYBOX);
	TEXT(rec, CommandLine, "true " MARK " a  b  \xff\x01\t");
	TEXT(rec, CurrentDirectory, "/tmp");
	TEXT(rec, ProcessName, "busybox");
	TEXT(rec, User, "seven");
	NUM(rec, UserId, 7);
	NUM(rec, EffectiveUserId, 7);
	NUM(rec, GroupId, 9);
	NUM(rec, LogonId, 7);
	NUM(rec, TerminalSessionId, own_session());
	NUM(rec, ArgumentCount, 5);
	NUM(rec, Nice, I64(5));
	NUM(rec, Truncated, 0);
	ABSENT(rec, Script);
}

KTAP_TEST(the_executable_is_described)
{
	const struct weir_child r = { .path = BUSYBOX, .argv = plain };
	const struct weir_u_record *rec;
	struct stat st;

	begin();
	KTAP_ASSERT(!stat(BUSYBOX, &st));
	rec = run(&r);
	NUM(rec, ImageInode, st.st_ino);
	NUM(rec, ImageUserId, st.st_uid);
	NUM(rec, ImageMode, st.st_mode & 07777);
	NUM(rec, DeletedImage, 0);
	NUM(rec, MemfdImage, 0);
	NUM(rec, SetId, 0);
	NUM(rec, OverlayImage, 0);
	NUM(rec, Chroot, 0);
	NUM(rec, Nice, I64(0));
}

KTAP_TEST(a_user_without_a_name_reads_as_digits)
{
	const struct weir_child r = { .path = BUSYBOX, .argv = plain, .id = 12345 };
	const struct weir_u_record *rec;

	begin();
	rec = run(&r);
	TEXT(rec, User, "12345");
	NUM(rec, UserId, 12345);
}

/* The shell is started after arming; "; :" keeps it from being replaced by its last command. */
static void parent_is_a_shell(const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	const struct weir_child r = { .path = BUSYBOX, .argv = argv };
	const struct weir_u_record *rec;
	char command[256];
	pid_t shell;

	begin();
	shell = weir_child_start(&r);
	KTAP_EXPECT_EQ(weir_child_finish(shell), 0);
	/* The shell's own command line has the mark too. */
	rec = weir_ev_next(dev, shell);
	KTAP_ASSERT(rec);
	rec = weir_ev_next(dev, 0);
	KTAP_ASSERT(rec);
	snprintf(command, sizeof(command), "sh -c %s", script);
	TEXT(rec, CommandLine, BUSYBOX " true " MARK);
	TEXT(rec, ParentImage, BUSYBOX);
	TEXT(rec, ParentCommandLine, command);
}

KTAP_TEST(a_parent_is_remembered_from_its_exec)
{
	parent_is_a_shell(BUSYBOX " true " MARK "; :");
}

KTAP_TEST(a_parent_that_only_forked_is_known_by_what_it_forked_from)
{
	parent_is_a_shell("(" BUSYBOX " true " MARK "; :); :");
}

KTAP_TEST(a_script_is_named_beside_its_interpreter)
{
	const char *const argv[] = { "x", MARK, NULL };
	const struct weir_child r = { .path = "./weir-script", .argv = argv, .cwd = "/tmp" };
	const struct weir_u_record *rec;

	begin();
	weir_child_put("/tmp/weir-script", "#!" BUSYBOX " sh\nexit 0\n");
	KTAP_ASSERT(!chmod("/tmp/weir-script", 0755));
	rec = run(&r);
	TEXT(rec, Image, BUSYBOX);
	TEXT(rec, Script, "/tmp/weir-script");
	TEXT(rec, CommandLine, BUSYBOX " sh ./weir-script " MARK);
	TEXT(rec, ProcessName, "weir-script");
	NUM(rec, ArgumentCount, 4);
}

KTAP_TEST(a_memory_file_is_recognised)
{
	char path[64];
	const struct weir_child r = { .path = path, .argv = plain };
	const struct weir_u_record *rec;
	int fd;

	begin();
	fd = memfd_create("weir-mem", 0);
	weir_child_copy_to(fd);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	rec = run(&r);
	TEXT(rec, Image, "/memfd:weir-mem");
	NUM(rec, MemfdImage, 1);
	NUM(rec, DeletedImage, 1);
}

KTAP_TEST(a_file_that_is_called_a_memory_file_is_none)
{
	const struct weir_child r = { .path = "/tmp/memfd:x (deleted)", .argv = plain };
	const struct weir_u_record *rec;

	begin();
	weir_child_copy("/tmp/memfd:x (deleted)", 0755);
	rec = run(&r);
	TEXT(rec, Image, "/tmp/memfd:x (deleted)");
	NUM(rec, MemfdImage, 0);
	NUM(rec, DeletedImage, 0);
}

KTAP_TEST(a_deleted_program_keeps_its_name)
{
	char path[64];
	const struct weir_child r = { .path = path, .argv = plain };
	const struct weir_u_record *rec;
	int fd;

	begin();
	weir_child_copy("/tmp/weir-gone", 0755);
	fd = open("/tmp/weir-gone", O_RDONLY);
	KTAP_ASSERT(fd >= 0 && !unlink("/tmp/weir-gone"));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	rec = run(&r);
	TEXT(rec, Image, "/tmp/weir-gone");
	NUM(rec, DeletedImage, 1);
	NUM(rec, MemfdImage, 0);
}

KTAP_TEST(a_set_user_id_program_is_recognised_where_it_changes_something)
{
	struct weir_child r = { .path = "/tmp/weir-suid", .argv = plain, .id = 7 };
	const struct weir_u_record *rec;

	begin();
	weir_child_copy(r.path, 04755);
	rec = run(&r);
	NUM(rec, SetId, 1);
	NUM(rec, UserId, 7);
	NUM(rec, EffectiveUserId, 0);
	NUM(rec, LogonId, 7);
	NUM(rec, ImageMode, 04755);
	r.id = 0;
	rec = run(&r);
	NUM(rec, SetId, 0);
	KTAP_EXPECT(!unlink(r.path));
}

KTAP_TEST(a_set_group_id_program_is_recognised_where_it_changes_something)
{
	const struct weir_child r = { .path = "/tmp/weir-sgid", .argv = plain, .id = 7 };
	const struct weir_u_record *rec;

	begin();
	weir_child_copy(r.path, 0755);
	KTAP_ASSERT(!chown(r.path, 0, 50) && !chmod(r.path, 02755));
	rec = run(&r);
	NUM(rec, SetId, 1);
	NUM(rec, GroupId, 9);
	NUM(rec, EffectiveUserId, 7);
	KTAP_ASSERT(!chmod(r.path, 02745));
	rec = run(&r);
	NUM(rec, SetId, 0);
	KTAP_EXPECT(!unlink(r.path));
}

KTAP_TEST(a_set_user_id_program_changes_nothing_where_privileges_may_not_grow)
{
	const struct weir_child r = { .path = "/tmp/weir-suid", .argv = plain, .id = 7 };
	const struct weir_u_record *rec;

	begin();
	weir_child_copy(r.path, 04755);
	KTAP_ASSERT(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	rec = run(&r);
	NUM(rec, SetId, 0);
	NUM(rec, EffectiveUserId, 7);
	KTAP_EXPECT(!unlink(r.path));
}

KTAP_TEST(another_root_directory_is_told_from_a_mount)
{
	const struct weir_child r = { .path = "/inside", .argv = plain, .root = "/tmp/weir-jail" };
	const struct weir_u_record *rec;

	begin();
	KTAP_ASSERT(!mkdir("/tmp/weir-jail", 0755) || errno == EEXIST);
	weir_child_copy("/tmp/weir-jail/inside", 0755);
	rec = run(&r);
	TEXT(rec, Image, "/inside");
	TEXT(rec, CurrentDirectory, "/");
	NUM(rec, Chroot, 1);
	KTAP_ASSERT(!unlink("/tmp/weir-jail/inside"));
	KTAP_ASSERT(!mount("weir-jail", "/tmp/weir-jail", "tmpfs", 0, NULL));
	weir_child_copy("/tmp/weir-jail/inside", 0755);
	rec = run(&r);
	TEXT(rec, Image, "/inside");
	NUM(rec, Chroot, 0);
	KTAP_EXPECT(!umount("/tmp/weir-jail"));
}

KTAP_TEST(namespaces_and_cgroup_are_the_process_own)
{
	static const char group[] = "/sys/fs/cgroup/weir-exec-test";
	struct weir_child r = {
		.path = BUSYBOX,
		.argv = plain,
		.cgroup = "/sys/fs/cgroup/weir-exec-test/cgroup.procs",
		.unshare = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUSER,
	};
	const struct weir_u_record *rec;
	uint64_t mnt, net, user;
	int gate[2];
	pid_t pid;

	begin();
	KTAP_ASSERT(!mkdir(group, 0755) || errno == EEXIST);
	KTAP_ASSERT(!pipe(gate));
	r.gate = gate[0];
	pid = weir_child_start(&r);
	/* It waits behind unshare(): give it time to get there. */
	while (weir_ev_ns(pid, "user") == weir_ev_ns(getpid(), "user"))
		usleep(1000);
	mnt = weir_ev_ns(pid, "mnt");
	net = weir_ev_ns(pid, "net");
	user = weir_ev_ns(pid, "user");
	KTAP_EXPECT(net != weir_ev_ns(getpid(), "net"));
	KTAP_ASSERT_EQ(write(gate[1], "x", 1), 1);
	KTAP_EXPECT_EQ(weir_child_finish(pid), 0);
	rec = weir_ev_next(dev, pid);
	KTAP_ASSERT(rec);
	NUM(rec, PidNamespace, weir_ev_ns(getpid(), "pid"));
	NUM(rec, MountNamespace, mnt);
	NUM(rec, NetworkNamespace, net);
	NUM(rec, UserNamespace, user);
	TEXT(rec, CgroupPath, "/weir-exec-test");
	KTAP_EXPECT(!rmdir(group));
}

KTAP_TEST(without_content_nothing_is_armed)
{
	struct weir_u_type t;

	begin();
	KTAP_ASSERT(!weir_ev_type(dev, WEIR_TYPE_process_creation, &t));
	KTAP_EXPECT_EQ(t.armed, 1);
	KTAP_EXPECT_EQ(t.wanted, 1ull << F(CommandLine));
	KTAP_EXPECT(!weir_ev_unload(dev, CHANNEL));
	KTAP_ASSERT(!weir_ev_type(dev, WEIR_TYPE_process_creation, &t));
	KTAP_EXPECT_EQ(t.armed, 0);
	KTAP_EXPECT_EQ(t.wanted, 0);
}

KTAP_MAIN()
