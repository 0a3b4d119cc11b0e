// SPDX-License-Identifier: GPL-2.0
/*
 * The command line of a record is what the program found when it began, whatever was done to the
 * arguments meanwhile: programs print what they got, and that is compared.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ktap.h"
#include "events.h"
#include "child.h"
#include "templates.h"

#define CHANNEL 7103
#define CONTENT "/content/exec_edge_test.weir"
#define BUSYBOX WEIR_BUSYBOX
#define MARK "weir-edge-test"
#define ROUNDS 40
#define CAP 8192

#define F(name) WEIR_process_creation_##name
#define TEXT(r, name, want) KTAP_EXPECT(weir_ev_text(r, F(name), want))
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))

static int dev;

static void begin(void)
{
	dev = weir_ev_open(CHANNEL, CONTENT);
	KTAP_ASSERT(dev >= 0);
}

static const struct weir_u_record *record_of(pid_t pid)
{
	const struct weir_u_record *r = weir_ev_next(dev, 0);

	KTAP_ASSERT(r);
	KTAP_ASSERT_EQ(r->pid, pid);
	return r;
}

/* As /proc/PID/cmdline gives it: a zero byte behind each argument. */
static void expect_command(const struct weir_u_record *r, char *line, size_t n)
{
	size_t i;

	KTAP_ASSERT(n > 0 && !line[n - 1]);
	for (i = 0; i < n - 1; i++)
		if (!line[i])
			line[i] = ' ';
	n--;
	NUM(r, Truncated, n > CAP);
	KTAP_EXPECT(weir_ev_bytes(r, F(CommandLine), line, n > CAP ? CAP : n));
}

/* A program that prints its own command line; the arguments behind name no files. */
static void prints_itself(const char *const *argv)
{
	const struct weir_child r = { .path = BUSYBOX, .argv = argv };
	static char line[1 << 20];
	pid_t pid;
	ssize_t n;

	n = weir_child_output(&r, line, sizeof(line), &pid);
	KTAP_ASSERT(n > 0);
	expect_command(record_of(pid), line, (size_t)n);
}

KTAP_TEST(arguments_of_all_kinds_read_as_the_program_finds_them)
{
	const char *const argv[] = { "cat", "/proc/self/cmdline", MARK, "", " ", "", "\xff\n", "",
				     NULL };

	begin();
	prints_itself(argv);
}

/* Lengths around those at which pages and the record end. */
KTAP_TEST(arguments_of_all_lengths_read_as_the_program_finds_them)
{
	static const size_t lengths[] = { 4000, 4033, 4060, 4094, 4095, 4096,  4097,  8000,
					  8100, 8149, 8150, 8151, 8152, 8153,  8154,  8155,
					  8156, 8157, 8158, 8159, 8160, 12288, 65536, 131071 };
	static char text[131072];
	const char *const argv[] = { "cat", "/proc/self/cmdline", MARK, text, NULL };
	size_t i;

	begin();
	for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		memset(text, 'a' + (int)i, lengths[i]);
		text[lengths[i]] = '\0';
		prints_itself(argv);
	}
}

KTAP_TEST(thousands_of_arguments_are_counted_and_the_first_ones_kept)
{
	static const char *argv[20001] = { "cat", "/proc/self/cmdline", MARK };
	const struct weir_child r = { .path = BUSYBOX, .argv = argv };
	static char line[1 << 20];
	const struct weir_u_record *rec;
	pid_t pid;
	ssize_t n;
	int i;

	for (i = 3; i < 20000; i++)
		argv[i] = "an argument";
	begin();
	n = weir_child_output(&r, line, sizeof(line), &pid);
	KTAP_ASSERT(n > 200000);
	rec = record_of(pid);
	NUM(rec, ArgumentCount, 20000);
	expect_command(rec, line, (size_t)n);
}

KTAP_TEST(no_argument_at_all_is_one_that_is_empty)
{
	static const char path[] = "/tmp/weir-edge-test";
	const struct weir_u_record *rec;
	pid_t pid;

	begin();
	weir_child_copy(path, 0755);
	pid = fork();
	if (!pid) {
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		syscall(SYS_execve, path, NULL, NULL);
		_exit(126);
	}
	KTAP_EXPECT(weir_child_finish(pid) != 126);
	rec = record_of(pid);
	TEXT(rec, Image, path);
	TEXT(rec, CommandLine, "");
	NUM(rec, ArgumentCount, 1);
	NUM(rec, Truncated, 0);
	unlink(path);
}

KTAP_TEST(a_program_run_by_its_descriptor_is_called_what_the_kernel_calls_it)
{
	static const char *const argv[] = { "cat", "/proc/self/comm", MARK, NULL };
	struct weir_child r = { .argv = argv };
	const struct weir_u_record *rec;
	char comm[32] = "";
	pid_t pid;
	ssize_t n;

	begin();
	r.fd = memfd_create("weir-mem-by-descriptor", 0);
	weir_child_copy_to(r.fd);
	n = weir_child_output(&r, comm, sizeof(comm), &pid);
	KTAP_ASSERT(n > 1);
	comm[n - 1] = '\0';
	rec = record_of(pid);
	TEXT(rec, ProcessName, comm);
	TEXT(rec, Image, "/memfd:weir-mem-by-descriptor");
	TEXT(rec, CommandLine, "cat /proc/self/comm " MARK);
	NUM(rec, MemfdImage, 1);
}

static char *shared;
static void (*disturb)(void);
static int disturbing;

static void *disturber(void *unused)
{
	(void)unused;
	for (;;) {
		disturb();
		__atomic_store_n(&disturbing, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Executes while another thread of the same process is at work; the exec ends that. */
static pid_t exec_disturbed(const char *const *argv, char *line, size_t room, ssize_t *n)
{
	pthread_t thread;
	size_t have = 0;
	int ends[2];
	pid_t pid;

	KTAP_ASSERT(!pipe(ends));
	pid = fork();
	if (!pid) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		close(ends[0]);
		pthread_create(&thread, NULL, disturber, NULL);
		while (!__atomic_load_n(&disturbing, __ATOMIC_RELAXED))
			;
		execv(BUSYBOX, (char *const *)argv);
		_exit(127);
	}
	close(ends[1]);
	while ((*n = read(ends[0], line + have, room - have)) > 0)
		have += (size_t)*n;
	close(ends[0]);
	*n = (ssize_t)have;
	return pid;
}

/* Two pages of our own; the argument in them that has so many bytes. */
static const char *argument(size_t n)
{
	shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	KTAP_ASSERT(shared != MAP_FAILED);
	memset(shared, 'x', 8191);
	return shared + 8191 - n;
}

/* An argument gets an end in its middle, and loses it, about as long each. */
static void rewrite(void)
{
	char *middle = shared + 8191 - 300;
	int i;

	for (i = 0; i < 300; i++)
		__atomic_store_n(middle, '\0', __ATOMIC_RELAXED);
	for (i = 0; i < 300; i++)
		__atomic_store_n(middle, 'y', __ATOMIC_RELAXED);
}

KTAP_TEST_T(arguments_that_are_rewritten_meanwhile_read_as_the_program_finds_them, 120)
{
	const char *argv[16] = { "cat", "/proc/self/cmdline", MARK };
	static char line[1 << 16];
	int i, status, odd = 0, ended = 0;
	const struct weir_u_record *r;
	ssize_t n;
	pid_t pid;

	begin();
	argv[3] = argument(600);
	for (i = 4; i < 13; i++)
		argv[i] = argv[3];
	argv[i] = "last";
	disturb = rewrite;
	for (i = 0; i < ROUNDS; i++) {
		pid = exec_disturbed(argv, line, sizeof(line), &n);
		status = weir_child_finish(pid);
		/* Short of a string, the kernel gets to the end of the stack: that is its end. */
		if (status < 0) {
			ended++;
			continue;
		}
		KTAP_EXPECT_EQ(status, 1);
		KTAP_ASSERT(n > 0);
		odd += !memmem(line, (size_t)n, "\0last", 6);
		/* What the kernel ended may have left a record of its own. */
		r = weir_ev_next(dev, pid);
		KTAP_ASSERT(r);
		expect_command(r, line, (size_t)n);
	}
	ktap_note("%d of %d times the strings did not end where the caller had them end", odd, i);
	ktap_note("%d times the kernel would not have them", ended);
	KTAP_EXPECT(ended < i);
}

/* The second page goes, and comes back. */
static void unmap(void)
{
	munmap(shared + 4096, 4096);
	mmap(shared + 4096, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
	     -1, 0);
}

KTAP_TEST_T(arguments_that_are_unmapped_meanwhile_give_a_right_record_or_none, 120)
{
	const char *const argv[] = {
		"cat", "/proc/self/cmdline", MARK, argument(5000), "last", NULL
	};
	static char line[1 << 16];
	int i, failed = 0;
	ssize_t n;
	pid_t pid;

	begin();
	disturb = unmap;
	for (i = 0; i < ROUNDS; i++) {
		pid = exec_disturbed(argv, line, sizeof(line), &n);
		if (weir_child_finish(pid) == 127)
			failed++;
		else
			expect_command(record_of(pid), line, (size_t)n);
	}
	ktap_note("%d of %d times the kernel refused", failed, ROUNDS);
	KTAP_EXPECT(failed < ROUNDS);
}

KTAP_TEST(the_content_goes)
{
	begin();
	KTAP_EXPECT(!weir_ev_unload(dev, CHANNEL));
}

KTAP_MAIN()
