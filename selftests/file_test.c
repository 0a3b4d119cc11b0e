// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says of files is what really happened to them: a child that runs as another user
 * acts in a directory of the test's, and each of the 22 fields of the records is compared.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include "ktap.h"
#include "child.h"
#include "file_events.h"
#include "templates.h"

#define F(name) WEIR_file_event_##name
#define TEXT(r, name, want) KTAP_EXPECT(weir_ev_text(r, F(name), want))
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))
#define ABSENT(r, name) KTAP_EXPECT(weir_ev_absent(r, F(name)))

/* A file's owner and mode in the tests, where they are not what the test is about. */
#define OWNER 3
#define MODE 0646

static int dev;

static void begin(void)
{
	dev = weir_file_begin();
	KTAP_ASSERT(dev >= 0);
}

static pid_t act(int (*what)(const void *), const void *on)
{
	pid_t pid = weir_child_act(WEIR_FILE_USER, what, on);

	KTAP_ASSERT(pid > 0);
	return pid;
}

static const struct weir_u_record *next(pid_t pid, int operation, const char *path)
{
	const struct weir_u_record *r = weir_file_next(dev, pid, operation, path);

	KTAP_ASSERT(r);
	return r;
}

/* An empty file that the child can write, but does not own. */
static struct stat make(const char *name)
{
	struct stat st;
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	KTAP_ASSERT(fd >= 0);
	KTAP_ASSERT(!fchown(fd, OWNER, 4) && !fchmod(fd, MODE) && !fstat(fd, &st));
	close(fd);
	return st;
}

static void expect_file(const struct weir_u_record *r, const struct stat *st)
{
	NUM(r, Mode, st->st_mode & 07777);
	NUM(r, FileUserId, st->st_uid);
	NUM(r, Inode, st->st_ino);
	NUM(r, TargetDeleted, 0);
	NUM(r, TargetMemfd, 0);
	NUM(r, TargetOverlay, 0);
}

/* A file that is not there yet. */
static void expect_new(const struct weir_u_record *r, mode_t mode)
{
	NUM(r, Mode, mode);
	NUM(r, FileUserId, WEIR_FILE_USER);
	ABSENT(r, Inode);
	NUM(r, TargetDeleted, 0);
	NUM(r, TargetMemfd, 0);
	NUM(r, TargetOverlay, 0);
}

static int act_create(const void *name)
{
	umask(027);
	return open(name, O_WRONLY | O_CREAT | O_EXCL, 0666);
}

KTAP_TEST(a_file_is_created_and_then_opened)
{
	const struct weir_u_record *r;
	struct stat st;
	pid_t pid;

	begin();
	pid = act(act_create, "new");
	r = next(pid, CREATE, "new");
	expect_new(r, 0640);
	ABSENT(r, SourceFilename);
	KTAP_EXPECT(weir_file_by_child(r, pid));
	KTAP_ASSERT(!stat("new", &st));
	KTAP_EXPECT_EQ(st.st_mode & 07777, 0640);
	KTAP_EXPECT_EQ(st.st_uid, WEIR_FILE_USER);
	r = next(pid, OPEN, "new");
	expect_file(r, &st);
	ABSENT(r, SourceFilename);
	KTAP_EXPECT(weir_file_by_child(r, pid));
}

static int act_mkdir(const void *name)
{
	umask(022);
	return mkdir(name, 01777) || rmdir(name) ? -1 : 0;
}

KTAP_TEST(a_directory_comes_and_goes)
{
	const struct weir_u_record *r;
	pid_t pid;

	begin();
	pid = act(act_mkdir, "folder");
	r = next(pid, CREATE, "folder");
	expect_new(r, 01755);
	KTAP_EXPECT(weir_file_by_child(r, pid));
	r = next(pid, UNLINK, "folder");
	NUM(r, Mode, 01755);
	NUM(r, FileUserId, WEIR_FILE_USER);
	NUM(r, TargetDeleted, 0);
	KTAP_EXPECT(weir_file_by_child(r, pid));
}

static int act_symlink(const void *name)
{
	return symlink("../no//where", name);
}

KTAP_TEST(a_symbolic_link_shows_its_text_as_it_is)
{
	const struct weir_u_record *r;
	pid_t pid;

	begin();
	pid = act(act_symlink, "symbolic");
	r = next(pid, CREATE, "symbolic");
	expect_new(r, 0777);
	TEXT(r, SourceFilename, "../no//where");
	KTAP_EXPECT(weir_file_by_child(r, pid));
}

static int act_link(const void *name)
{
	return link(name, "second-name");
}

KTAP_TEST(a_hard_link_shows_the_file_that_is_there)
{
	const struct weir_u_record *r;
	struct stat st;
	pid_t pid;

	begin();
	st = make("first-name");
	pid = act(act_link, "first-name");
	r = next(pid, CREATE, "second-name");
	TEXT(r, SourceFilename, weir_file_path("first-name"));
	expect_file(r, &st);
	KTAP_EXPECT(weir_file_by_child(r, pid));
}

static int act_mknod(const void *name)
{
	umask(002);
	return mknod(name, S_IFIFO | 0623, 0);
}

static int act_bind(const void *name)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	umask(011);
	strcpy(a.sun_path, name);
	return bind(socket(AF_UNIX, SOCK_STREAM, 0), (const void *)&a, sizeof(a));
}

KTAP_TEST(a_fifo_and_a_socket_are_created_like_files)
{
	pid_t pid;

	begin();
	pid = act(act_mknod, "fifo");
	expect_new(next(pid, CREATE, "fifo"), 0621);
	pid = act(act_bind, "socket");
	expect_new(next(pid, CREATE, "socket"), 0766);
}

static int act_rename(const void *name)
{
	return rename(name, "new-name");
}

KTAP_TEST(a_rename_over_a_file_fills_all_22_fields)
{
	const struct weir_u_record *r;
	struct stat st, over;
	pid_t pid;

	begin();
	over = make("new-name");
	st = make("old-name");
	KTAP_ASSERT(st.st_ino != over.st_ino);
	pid = act(act_rename, "old-name");
	r = next(pid, RENAME, "new-name");
	KTAP_EXPECT_EQ(r->nfields, 1 + WEIR_file_event_arity);
	TEXT(r, SourceFilename, weir_file_path("old-name"));
	expect_file(r, &st);
	KTAP_EXPECT(weir_file_by_child(r, pid));
	NUM(r, Chroot, 0);
	NUM(r, Truncated, 0);
}

static int act_exchange(const void *name)
{
	return renameat2(AT_FDCWD, name, AT_FDCWD, "other", RENAME_EXCHANGE);
}

KTAP_TEST(an_exchange_is_two_renames)
{
	const struct weir_u_record *r;
	struct stat one, other;
	pid_t pid;

	begin();
	one = make("one");
	other = make("other");
	pid = act(act_exchange, "one");
	r = next(pid, RENAME, "other");
	TEXT(r, SourceFilename, weir_file_path("one"));
	expect_file(r, &one);
	r = next(pid, RENAME, "one");
	TEXT(r, SourceFilename, weir_file_path("other"));
	expect_file(r, &other);
	KTAP_EXPECT(weir_file_by_child(r, pid));
}

static int act_unlink(const void *name)
{
	return unlink(name);
}

KTAP_TEST(a_file_is_removed)
{
	const struct weir_u_record *r;
	struct stat st;
	pid_t pid;

	begin();
	st = make("removed");
	pid = act(act_unlink, "removed");
	r = next(pid, UNLINK, "removed");
	expect_file(r, &st);
	ABSENT(r, SourceFilename);
	KTAP_EXPECT(weir_file_by_child(r, pid));
}

static int act_chmod(const void *name)
{
	return chmod(name, S_IFREG | 04751);
}

static int act_chmod_in_vain(const void *name)
{
	return !chmod(name, 0777) || errno != EPERM ? -1 : 0;
}

KTAP_TEST(a_change_of_mode_shows_the_new_one)
{
	const struct weir_u_record *r;
	struct stat st;
	pid_t pid;

	begin();
	st = make("changed");
	KTAP_ASSERT(!chown("changed", WEIR_FILE_USER, 0));
	pid = act(act_chmod, "changed");
	r = next(pid, CHMOD, "changed");
	NUM(r, Mode, 04751);
	NUM(r, FileUserId, WEIR_FILE_USER);
	NUM(r, Inode, st.st_ino);
	ABSENT(r, SourceFilename);
	KTAP_EXPECT(weir_file_by_child(r, pid));
}

KTAP_TEST(an_attempt_that_fails_is_an_event)
{
	const struct weir_u_record *r;
	struct stat st;
	pid_t pid;

	begin();
	st = make("not-his");
	pid = act(act_chmod_in_vain, "not-his");
	r = next(pid, CHMOD, "not-his");
	NUM(r, Mode, 0777);
	NUM(r, FileUserId, OWNER);
	NUM(r, Inode, st.st_ino);
	KTAP_ASSERT(!stat("not-his", &st));
	KTAP_EXPECT_EQ(st.st_mode & 07777, MODE);
}

static int act_truncate(const void *name)
{
	int fd;

	if (truncate(name, 5))
		return -1;
	fd = open(name, O_RDWR | O_TRUNC);
	return fd < 0 ? -1 : ftruncate(fd, 7);
}

KTAP_TEST(a_file_is_truncated_by_name_by_descriptor_and_by_opening)
{
	const struct weir_u_record *r;
	struct stat st;
	pid_t pid;

	begin();
	st = make("short");
	pid = act(act_truncate, "short");
	r = next(pid, TRUNCATE, "short");
	expect_file(r, &st);
	ABSENT(r, SourceFilename);
	KTAP_EXPECT(weir_file_by_child(r, pid));
	expect_file(next(pid, OPEN, "short"), &st);
	expect_file(next(pid, TRUNCATE, "short"), &st);
	expect_file(next(pid, TRUNCATE, "short"), &st);
}

/* What is opened here is not opened for writing, or is no regular file. */
static int act_no_event(const void *last)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 1 };

	if (open(last, O_RDONLY) < 0 || open(last, O_PATH) < 0 || open(".", O_RDONLY) < 0)
		return -1;
	if (open("/dev/null", O_RDWR) < 0 || open("pipe", O_RDWR) < 0)
		return -1;
	if (mq_open("/weir-file", O_RDWR | O_CREAT, 0600, &attr) < 0 || mq_unlink("/weir-file"))
		return -1;
	return unlink(last);
}

KTAP_TEST(opening_is_an_event_only_of_a_regular_file_and_for_writing)
{
	pid_t pid;

	begin();
	make("last");
	KTAP_ASSERT(!mkfifo("pipe", 0666));
	pid = act(act_no_event, "last");
	next(pid, UNLINK, "last");
}

static int act_open_both_ways(const void *name)
{
	return open(name, O_WRONLY | O_APPEND) < 0 || open(name, O_RDWR) < 0 ? -1 : 0;
}

KTAP_TEST(every_opening_for_writing_is_an_event)
{
	struct stat st;
	pid_t pid;

	begin();
	st = make("written");
	pid = act(act_open_both_ways, "written");
	expect_file(next(pid, OPEN, "written"), &st);
	expect_file(next(pid, OPEN, "written"), &st);
}

KTAP_MAIN()
