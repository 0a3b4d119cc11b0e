// SPDX-License-Identifier: GPL-2.0
/*
 * What an event has and what cannot be read is not taken for what it does not have. Processes are
 * made to be forgotten: needs the module inserted with processes=64.
 */
#include <sys/mman.h>
#include <sys/prctl.h>

#define CHANNEL 7155
#define CONTENT "/content/unread_test.raw"
#include "child.h"
#include "enforce_expect.h"
#include "templates.h"

#define PLACES 64
#define FILE_MADE "/tmp/weir-unread-file"

/* What a process comes to: it did what it was to do, or that was denied. */
enum { DONE, DENIED = 77, BROKEN };

/* The users of the rules in content/unread_test. */
#define USER_ALONE 8 /* denied, whatever the parent */
#define USER_UNLESS 9 /* denied unless the parent's command line says otherwise */
#define USER_FREE 10

/* Who acts, and who acted. */
struct act {
	int (*act)(void);
	uid_t user;
	pid_t pid;
};

static int came_to(int failed)
{
	if (!failed)
		return DONE;
	return errno == EPERM ? DENIED : BROKEN;
}

static int become(uid_t user)
{
	return setgid(user + 2) || setuid(user);
}

static int start_program(void)
{
	execl(WEIR_BUSYBOX, "true", (char *)NULL);
	return came_to(1);
}

static int make_file(void)
{
	int fd = open(FILE_MADE, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	return came_to(fd < 0);
}

/* Whatever arguments it had, they are now said to be where nobody can read. */
static int hide_arguments(void)
{
	void *at = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED || prctl(PR_SET_MM, PR_SET_MM_ARG_START, at, 0, 0);
}

static int make_file_hidden(void)
{
	return hide_arguments() ? BROKEN : make_file();
}

/* In a process that waited: the child that acts. */
static int act(struct act *a)
{
	pid_t pid = fork();

	if (!pid)
		_exit(become(a->user) ? BROKEN : a->act());
	a->pid = pid;
	return weir_child_finish(pid);
}

/* Processes that do nothing. Those that are not in the table by now take the places of others. */
static void crowd(pid_t *pids)
{
	int i;

	for (i = 0; i < PLACES; i++) {
		pids[i] = fork();
		while (!pids[i])
			pause();
	}
}

static void disperse(const pid_t *pids)
{
	int i;

	for (i = 0; i < PLACES; i++) {
		kill(pids[i], SIGKILL);
		weir_child_finish(pids[i]);
	}
}

/* Has a process act whose parent is known, or forgotten as the process itself is. */
static int try_act(int forgotten, int (*deed)(void), uid_t user, pid_t *pid)
{
	struct act *a = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pids[PLACES], parent;
	int gate[2], status;
	char byte = 0;

	KTAP_ASSERT(a != MAP_FAILED && !pipe(gate));
	*a = (struct act){ .act = deed, .user = user };
	fflush(stdout);
	parent = fork();
	if (!parent)
		_exit(read(gate[0], &byte, 1) == 1 ? act(a) : BROKEN);
	if (forgotten)
		crowd(pids);
	KTAP_ASSERT_EQ(write(gate[1], &byte, 1), 1);
	status = weir_child_finish(parent);
	if (forgotten)
		disperse(pids);
	*pid = a->pid;
	ktap_note("user %u, %s: %d", user, forgotten ? "forgotten" : "known", status);
	return status;
}

/* Arming anew, the table has all processes that there are. */
static void start(u32 flags)
{
	begin(WEIR_MODE_AUDIT, 0);
	KTAP_ASSERT(!weir_ev_unload(dev, CHANNEL));
	close(dev);
	begin(WEIR_MODE_ENFORCE, flags);
}

static void expect_unread(const struct weir_u_channel *before, u64 unread, u64 failed_closed)
{
	struct weir_u_channel after = state(CHANNEL);

	KTAP_EXPECT_EQ(after.unread - before->unread, unread);
	KTAP_EXPECT_EQ(after.failed_closed - before->failed_closed, failed_closed);
	KTAP_EXPECT_EQ(after.trips, before->trips);
	KTAP_EXPECT_EQ(after.quarantined, WEIR_QUARANTINE_NONE);
}

KTAP_TEST(a_command_line_that_cannot_be_had_is_let_through_and_counted)
{
	struct weir_u_channel before;
	pid_t pid;

	start(0);
	before = state(CHANNEL);
	KTAP_EXPECT_EQ(try_act(1, start_program, USER_FREE, &pid), DONE);
	expect_unread(&before, 1, 0);
}

KTAP_TEST(a_command_line_that_cannot_be_had_is_denied_if_that_was_chosen)
{
	struct weir_u_channel before;
	pid_t pid;

	start(WEIR_MODE_FAIL_CLOSED);
	before = state(CHANNEL);
	KTAP_EXPECT_EQ(try_act(0, start_program, USER_FREE, &pid), DONE);
	expect_unread(&before, 0, 0);
	KTAP_EXPECT_EQ(try_act(1, start_program, USER_FREE, &pid), DENIED);
	expect_failed(pid, CHANNEL, WEIR_process_creation_ParentCommandLine);
	expect_unread(&before, 1, 1);
}

KTAP_TEST(what_matched_for_want_of_it_is_not_applied)
{
	pid_t pid;

	start(0);
	KTAP_EXPECT_EQ(try_act(0, start_program, USER_UNLESS, &pid), DENIED);
	expect_record(pid, WEIR_VERDICT_DENY, WEIR_RECF_DENIED);
	KTAP_EXPECT_EQ(try_act(1, start_program, USER_UNLESS, &pid), DONE);
	expect_record(pid, WEIR_VERDICT_DENY, WEIR_RECF_UNAPPLIED);
}

KTAP_TEST(what_matched_without_it_is_applied)
{
	u64 unapplied;
	pid_t pid;

	start(0);
	unapplied = state(CHANNEL).unapplied;
	KTAP_EXPECT_EQ(try_act(1, start_program, USER_ALONE, &pid), DENIED);
	expect_record(pid, WEIR_VERDICT_DENY, WEIR_RECF_DENIED);
	KTAP_EXPECT_EQ(state(CHANNEL).unapplied, unapplied);
}

KTAP_TEST(who_does_not_read_it_does_not_mind)
{
	struct weir_u_channel before;
	pid_t pid;

	unlink(FILE_MADE);
	start(WEIR_MODE_FAIL_CLOSED);
	before = state(CHANNEL);
	/* The content does not read the parent's command line of files, but that of who acts. */
	KTAP_EXPECT_EQ(try_act(1, make_file, USER_FREE, &pid), DONE);
	expect_unread(&before, 0, 0);
	unlink(FILE_MADE);
}

KTAP_TEST(arguments_that_nobody_can_read_are_unread)
{
	struct weir_u_channel before;
	pid_t pid;

	unlink(FILE_MADE);
	start(WEIR_MODE_FAIL_CLOSED);
	before = state(CHANNEL);
	KTAP_EXPECT_EQ(try_act(1, make_file_hidden, 0, &pid), DENIED);
	expect_failed(pid, CHANNEL, WEIR_file_event_CommandLine);
	expect_unread(&before, 1, 1);
	KTAP_ASSERT(!set_mode(CHANNEL, WEIR_MODE_ENFORCE, 0));
	/* It is made, and opened. */
	KTAP_EXPECT_EQ(try_act(1, make_file_hidden, 0, &pid), DONE);
	expect_unread(&before, 3, 1);
	unlink(FILE_MADE);
}

KTAP_TEST(the_content_goes)
{
	begin(WEIR_MODE_AUDIT, 0);
	KTAP_EXPECT(!weir_ev_unload(dev, CHANNEL));
}

KTAP_MAIN()
