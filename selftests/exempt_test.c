// SPDX-License-Identifier: GPL-2.0
/* To whom no verdict is applied, and that nobody else passes for one of them. */
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define CHANNEL 7152
#include "child.h"
#include "enforce_expect.h"
#include "inject.h"

#define COPY "/tmp/weir-enforce-copy"
#define LINK "/tmp/weir-enforce-link"
#define EXEC_CHANNEL 7154

/* Paths one after the other, each terminated; the literal adds a byte that does not count. */
static int set_exempt(const char *paths, size_t len, u32 count)
{
	struct weir_u_exempt e = {
		.size = sizeof(e),
		.count = count,
		.paths = (uintptr_t)paths,
		.len = (u32)len,
	};

	return ioctl(dev, WEIR_IOC_EXEMPT, &e) ? (int)e.bad : -2;
}

KTAP_TEST(a_process_that_holds_the_device_is_exempt_while_it_does)
{
	struct weir_actor actor = { .user = WEIR_DENIED_USER, .device = WEIR_DEVICE_HELD };
	const struct weir_deed *d = weir_deed_find("semop");
	struct weir_outcome o;
	u64 exempted;

	begin(WEIR_MODE_ENFORCE, 0);
	exempted = state(CHANNEL).exempted;
	o = try(d, &actor);
	expect_done(&o);
	expect_record(o.pid, WEIR_VERDICT_DENY, WEIR_RECF_EXEMPT);
	KTAP_EXPECT_EQ(state(CHANNEL).exempted - exempted, 1);
	actor.device = WEIR_DEVICE_CLOSED;
	o = try(d, &actor);
	expect_denied(&o);
	KTAP_EXPECT_EQ(state(CHANNEL).exempted - exempted, 1);
}

KTAP_TEST(a_device_that_is_inherited_exempts_nobody)
{
	struct weir_outcome o;

	begin(WEIR_MODE_ENFORCE, 0);
	KTAP_ASSERT(!fcntl(dev, F_SETFD, 0));
	o = try(weir_deed_find("semop"), &denied_user);
	expect_denied(&o);
}

static void copy_self(const char *to)
{
	struct weir_blob self;
	int fd;

	KTAP_ASSERT_EQ(weir_blob_read("/proc/self/exe", &self), 0);
	fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	KTAP_ASSERT(fd >= 0);
	KTAP_ASSERT_EQ(write(fd, self.b, self.n), (ssize_t)self.n);
	close(fd);
	free(self.b);
}

KTAP_TEST(an_exempt_executable_is_that_file_and_not_its_name)
{
	const struct weir_actor copy = { .image = COPY, .user = WEIR_KILLED_USER };
	const struct weir_actor link = { .image = LINK, .user = WEIR_KILLED_USER };
	const struct weir_deed *d = weir_deed_find("shmat");
	struct weir_outcome o;

	begin(WEIR_MODE_ENFORCE, 0);
	copy_self(COPY);
	KTAP_EXPECT_EQ(try(d, &copy).signal, SIGKILL);
	KTAP_ASSERT_EQ(set_exempt("/bin/busybox\0" COPY, sizeof("/bin/busybox\0" COPY), 2), -2);
	expect_record(0, WEIR_VERDICT_KILL, WEIR_RECF_KILLED | WEIR_RECF_DENIED);
	o = try(d, &copy);
	expect_done(&o);
	expect_record(o.pid, WEIR_VERDICT_KILL, WEIR_RECF_EXEMPT);
	KTAP_ASSERT(!rename(COPY, LINK));
	copy_self(COPY);
	KTAP_EXPECT_EQ(try(d, &copy).signal, SIGKILL);
	o = try(d, &link);
	expect_done(&o);
	KTAP_ASSERT_EQ(set_exempt("", 0, 0), -2);
	KTAP_EXPECT_EQ(try(d, &link).signal, SIGKILL);
	unlink(COPY);
	unlink(LINK);
}

/* A shell that reads what to do, and what it answers with; it is started now. */
static void start_shell(int *say, int *hear)
{
	int in[2], out[2];
	pid_t pid;

	KTAP_ASSERT(!pipe2(in, O_CLOEXEC) && !pipe2(out, O_CLOEXEC));
	pid = fork();
	KTAP_ASSERT(pid >= 0);
	if (!pid) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		execl(WEIR_BUSYBOX, "sh", (char *)NULL);
		_exit(127);
	}
	weir_child_settled(pid, WEIR_BUSYBOX);
	close(in[0]);
	close(out[1]);
	*say = in[1];
	*hear = out[0];
}

#define LISTED "/tmp/busybox-listed"
#define UNLISTED "/tmp/busybox-unlisted"
#define SCRIPT "/tmp/weir-exempt-script"

KTAP_TEST(an_exempt_executable_can_be_started_where_no_other_can)
{
	static const char todo[] =
		LISTED " echo listed; " SCRIPT "; " UNLISTED " echo unlisted; echo $?\n";
	char said[64] = "";
	size_t have = 0;
	int say, hear;
	ssize_t n;

	begin(WEIR_MODE_AUDIT, 0);
	KTAP_ASSERT_EQ(weir_dev_load(dev, "/content/exempt_test.raw", EXEC_CHANNEL, 1), 0);
	weir_child_copy(LISTED, 0755);
	weir_child_copy(UNLISTED, 0755);
	weir_child_put(SCRIPT, "#!" LISTED " echo\n");
	KTAP_ASSERT(!chmod(SCRIPT, 0755));
	start_shell(&say, &hear);
	KTAP_ASSERT_EQ(set_exempt(LISTED, sizeof(LISTED), 1), -2);
	KTAP_ASSERT(!set_mode(EXEC_CHANNEL, WEIR_MODE_ENFORCE, 0));
	KTAP_EXPECT_EQ(write(say, todo, sizeof(todo) - 1), (ssize_t)sizeof(todo) - 1);
	close(say);
	while (have < sizeof(said) - 1 &&
	       (n = read(hear, said + have, sizeof(said) - 1 - have)) > 0)
		have += (size_t)n;
	ktap_note("%s", said);
	KTAP_EXPECT(!strcmp(said, "listed\n" SCRIPT "\n126\n"));
	KTAP_EXPECT_EQ(state(EXEC_CHANNEL).denied, 1);
	KTAP_EXPECT_EQ(state(EXEC_CHANNEL).exempted, 2);
	KTAP_EXPECT(!weir_ev_unload(dev, EXEC_CHANNEL));
	unlink(LISTED);
	unlink(UNLISTED);
	unlink(SCRIPT);
}

KTAP_TEST(a_list_of_executables_is_taken_as_a_whole_or_not)
{
	struct weir_u_exempted e = { .size = sizeof(e), .index = 0 };
	char many[65 * sizeof("/init")];
	struct stat st;
	size_t i;

	begin(WEIR_MODE_AUDIT, 0);
	KTAP_ASSERT_EQ(set_exempt("/init", sizeof("/init"), 1), -2);
	for (i = 0; i < 65; i++)
		memcpy(many + i * sizeof("/init"), "/init", sizeof("/init"));
	KTAP_EXPECT_EQ(set_exempt(many, sizeof(many), 65), -1);
	KTAP_EXPECT_EQ(errno, EINVAL);
	KTAP_EXPECT_EQ(set_exempt("/init\0/none", sizeof("/init\0/none"), 2), 1);
	KTAP_EXPECT_EQ(errno, ENOENT);
	KTAP_EXPECT_EQ(set_exempt("/tmp", sizeof("/tmp"), 1), 0);
	KTAP_EXPECT_EQ(errno, EINVAL);
	KTAP_EXPECT_EQ(set_exempt("init", sizeof("init"), 1), 0);
	KTAP_EXPECT_EQ(errno, EINVAL);
	KTAP_EXPECT_EQ(set_exempt("/init", sizeof("/init") - 1, 1), 0);
	KTAP_EXPECT_EQ(errno, EINVAL);
	KTAP_EXPECT_EQ(set_exempt("/init\0", sizeof("/init\0"), 1), -1);
	KTAP_EXPECT_EQ(errno, EINVAL);
	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_EXEMPTED, &e), 0);
	KTAP_ASSERT(!stat("/init", &st));
	KTAP_EXPECT(!strcmp(e.path, "/init"));
	KTAP_EXPECT_EQ(e.ino, st.st_ino);
	KTAP_EXPECT_EQ(e.current_file, 1);
	e.index = 1;
	KTAP_EXPECT_EQ(ioctl(dev, WEIR_IOC_EXEMPTED, &e), -1);
	KTAP_EXPECT_EQ(errno, ENOENT);
}

/* Have PID 1 add 1 to a semaphore. Returns what semop() returned. */
static long init_semop(int id)
{
	const struct sembuf up = { 0, 1, 0 };
	long ret;

	KTAP_ASSERT(!weir_inject(1, SYS_semop, id, &up, sizeof(up), 1, &ret));
	return ret;
}

KTAP_TEST(the_first_process_is_exempt)
{
	int id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);

	KTAP_ASSERT(id >= 0);
	begin(WEIR_MODE_AUDIT, 0);
	KTAP_EXPECT_EQ(init_semop(id), 0);
	expect_record(1, WEIR_VERDICT_DENY, WEIR_RECF_AUDIT);
	begin(WEIR_MODE_ENFORCE, WEIR_MODE_FAIL_CLOSED);
	KTAP_EXPECT_EQ(init_semop(id), 0);
	expect_record(1, WEIR_VERDICT_DENY, WEIR_RECF_EXEMPT);
	KTAP_EXPECT_EQ(semctl(id, 0, GETVAL), 2);
	semctl(id, 0, IPC_RMID);
}

KTAP_TEST(the_content_goes)
{
	begin(WEIR_MODE_AUDIT, 0);
	KTAP_EXPECT(!weir_ev_unload(dev, CHANNEL));
}

int main(int argc, char **argv)
{
	weir_actor_main(argc, argv);
	return ktap_main(argc, argv);
}
