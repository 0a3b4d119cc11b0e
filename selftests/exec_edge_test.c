// SPDX-License-Identifier: GPL-2.0
/* Programs that are started in ways at the edge of what the fields of their record can hold. */
#include <pthread.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"
#include "events.h"
#include "child.h"
#include "templates.h"

#define CHANNEL 7103
#define CONTENT "/content/exec_edge_test.weir"
#define BUSYBOX WEIR_BUSYBOX
#define MARK "weir-edge-test"

#define F(name) WEIR_process_creation_##name
#define TEXT(r, name, want) KTAP_EXPECT(weir_ev_text(r, F(name), want))
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))

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

/* A command line of n bytes. */
static const struct weir_u_record *run_long(size_t n)
{
	size_t len = n - sizeof("true");
	char *text = calloc(1, len + 1);
	const char *const argv[] = { "true", text, NULL };
	const struct weir_child r = { .path = BUSYBOX, .argv = argv };

	KTAP_ASSERT(text);
	memset(text, 'x', len);
	memcpy(text, MARK, strlen(MARK));
	return run(&r);
}

KTAP_TEST(a_command_line_of_8192_bytes_is_whole)
{
	const struct weir_u_record *rec;

	begin();
	rec = run_long(8191);
	KTAP_EXPECT_EQ(weir_ev_length(rec, F(CommandLine)), 8191);
	NUM(rec, Truncated, 0);
	rec = run_long(8192);
	KTAP_EXPECT_EQ(weir_ev_length(rec, F(CommandLine)), 8192);
	NUM(rec, Truncated, 0);
}

KTAP_TEST(a_longer_command_line_is_cut_and_said_to_be)
{
	const struct weir_u_record *rec;

	begin();
	rec = run_long(8193);
	KTAP_EXPECT_EQ(weir_ev_length(rec, F(CommandLine)), 8192);
	NUM(rec, Truncated, 1);
	KTAP_EXPECT(rec->flags & WEIR_RECF_TRUNCATED);
	rec = run_long(100000);
	KTAP_EXPECT_EQ(weir_ev_length(rec, F(CommandLine)), 8192);
	NUM(rec, Truncated, 1);
}

/* Twenty directories of 250 bytes: nobody can name what is in the last one. */
KTAP_TEST(a_path_that_is_too_long_keeps_its_end)
{
	const struct weir_child r = { .path = "./weir-deep", .argv = plain };
	const struct weir_u_record *rec;
	char name[251], want[1100];
	int i;

	begin();
	memset(name, 'd', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	KTAP_ASSERT(!chdir("/tmp"));
	for (i = 0; i < 20; i++)
		KTAP_ASSERT((!mkdir(name, 0755) || errno == EEXIST) && !chdir(name));
	weir_child_copy(r.path, 0755);
	rec = run(&r);
	snprintf(want, sizeof(want), ".../%s/%s/%s/weir-deep", name, name, name);
	TEXT(rec, Image, want);
	snprintf(want, sizeof(want), ".../%s/%s/%s/%s", name, name, name, name);
	TEXT(rec, CurrentDirectory, want);
	NUM(rec, Truncated, 1);
	KTAP_EXPECT(!unlink(r.path));
}

/* The next event is that of a program which is run now. */
static void nothing_before(void)
{
	const struct weir_child r = { .path = BUSYBOX, .argv = plain };
	const struct weir_u_record *rec;
	pid_t pid = weir_child_start(&r);

	KTAP_EXPECT_EQ(weir_child_finish(pid), 0);
	rec = weir_ev_next(dev, 0);
	KTAP_ASSERT(rec);
	KTAP_EXPECT_EQ(rec->pid, pid);
}

static void fails(const char *path, const char *text, mode_t mode)
{
	const struct weir_child r = { .path = path, .argv = plain };

	weir_child_put(path, text);
	KTAP_ASSERT(!chmod(path, mode));
	KTAP_EXPECT_EQ(weir_child_finish(weir_child_start(&r)), 127);
	KTAP_EXPECT(!unlink(path));
}

KTAP_TEST(an_exec_that_fails_is_no_event)
{
	const struct weir_child r = { .path = "/tmp/weir-none", .argv = plain };

	begin();
	fails("/tmp/weir-empty", "", 0755);
	fails("/tmp/weir-elf", "\177ELF\2\1\1 and then nothing that fits", 0755);
	fails("/tmp/weir-script", "#!/tmp/weir-none\n", 0755);
	fails("/tmp/weir-mode", "#!" BUSYBOX " true\n", 0644);
	KTAP_EXPECT_EQ(weir_child_finish(weir_child_start(&r)), 127);
	nothing_before();
}

KTAP_TEST(a_chain_of_scripts_is_one_event_of_its_last_interpreter)
{
	const char *const argv[] = { "x", MARK, NULL };
	const struct weir_child r = { .path = "/tmp/weir-first", .argv = argv };
	const struct weir_u_record *rec;

	begin();
	weir_child_put("/tmp/weir-first", "#!/tmp/weir-second one  two\n");
	weir_child_put("/tmp/weir-second", "#!" BUSYBOX " true\n");
	KTAP_ASSERT(!chmod("/tmp/weir-first", 0755) && !chmod("/tmp/weir-second", 0755));
	rec = run(&r);
	TEXT(rec, Image, BUSYBOX);
	TEXT(rec, Script, "/tmp/weir-first");
	TEXT(rec, CommandLine, BUSYBOX " true /tmp/weir-second one  two /tmp/weir-first " MARK);
	TEXT(rec, ProcessName, "weir-first");
	NUM(rec, ArgumentCount, 6);
	nothing_before();
}

KTAP_TEST(a_program_on_an_overlay_is_recognised)
{
	const struct weir_child r = { .path = "/tmp/weir-over/prog", .argv = plain };
	const struct weir_u_record *rec;

	begin();
	KTAP_ASSERT(!mkdir("/tmp/weir-over", 0755) || errno == EEXIST);
	KTAP_ASSERT(!mkdir("/tmp/weir-one", 0755) || errno == EEXIST);
	KTAP_ASSERT(!mkdir("/tmp/weir-two", 0755) || errno == EEXIST);
	weir_child_copy("/tmp/weir-one/prog", 0755);
	KTAP_ASSERT(!mount("weir", "/tmp/weir-over", "overlay", 0,
			   "lowerdir=/tmp/weir-one:/tmp/weir-two"));
	rec = run(&r);
	TEXT(rec, Image, "/tmp/weir-over/prog");
	NUM(rec, OverlayImage, 1);
	KTAP_ASSERT(!umount("/tmp/weir-over"));
	weir_child_copy("/tmp/weir-over/prog", 0755);
	rec = run(&r);
	TEXT(rec, Image, "/tmp/weir-over/prog");
	NUM(rec, OverlayImage, 0);
	KTAP_EXPECT(!unlink("/tmp/weir-over/prog"));
}

static void *exec_in_thread(void *unused)
{
	(void)unused;
	execv(BUSYBOX, (char *const *)plain);
	_exit(127);
}

KTAP_TEST(a_thread_that_execs_is_its_process)
{
	const struct weir_u_record *rec;
	pthread_t thread;
	pid_t pid;

	begin();
	pid = fork();
	if (!pid) {
		pthread_create(&thread, NULL, exec_in_thread, NULL);
		pause();
	}
	KTAP_EXPECT_EQ(weir_child_finish(pid), 0);
	rec = weir_ev_next(dev, pid);
	KTAP_ASSERT(rec);
	NUM(rec, ProcessId, (uint64_t)pid);
	NUM(rec, ParentProcessId, (uint64_t)getpid());
	TEXT(rec, Image, BUSYBOX);
}

KTAP_TEST(the_content_goes)
{
	begin();
	KTAP_EXPECT(!weir_ev_unload(dev, CHANNEL));
}

KTAP_MAIN()
