/* SPDX-License-Identifier: GPL-2.0 */
/* A small test harness that prints KTAP: one process a test, in the order of the file. */
#ifndef WEIR_KTAP_H
#define WEIR_KTAP_H

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define KTAP_TESTS_MAX 256
#define KTAP_STATUS_SKIP 4

struct ktap_test {
	const char *name;
	void (*fn)(void);
	unsigned int seconds;
};

static struct ktap_test ktap_tests[KTAP_TESTS_MAX];
static unsigned int ktap_ntests;
static int ktap_failed;

/* A diagnostic line. */
static inline void __attribute__((format(printf, 1, 2))) ktap_note(const char *fmt, ...)
{
	va_list ap;

	printf("# ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

static inline void ktap_add(const char *name, void (*fn)(void), unsigned int seconds)
{
	if (ktap_ntests == KTAP_TESTS_MAX)
		abort();
	ktap_tests[ktap_ntests++] = (struct ktap_test){ name, fn, seconds };
}

static inline void ktap_fail(const char *file, int line, const char *what)
{
	ktap_note("%s:%d: %s (errno %d: %s)", file, line, what, errno, strerror(errno));
	ktap_failed = 1;
}

static inline int ktap_same(const char *file, int line, long long a, long long b, const char *what)
{
	if (a == b)
		return 1;
	ktap_note("%s:%d: %s: %lld is not %lld (errno %d: %s)", file, line, what, a, b, errno,
		  strerror(errno));
	ktap_failed = 1;
	return 0;
}

static inline void __attribute__((noreturn)) ktap_exit(int status)
{
	fflush(stdout);
	_exit(status);
}

/* How much more time a test may take on this kernel; PID 1 knows. */
static inline unsigned int ktap_slow(void)
{
	const char *s = getenv("WEIR_SLOW");
	int n = s ? atoi(s) : 1;

	return n > 0 ? (unsigned int)n : 1;
}

/* The test's process, in a group of its own: a test that hangs ends by SIGALRM. */
static inline void __attribute__((noreturn)) ktap_child(const struct ktap_test *t)
{
	signal(SIGALRM, SIG_DFL);
	setpgid(0, 0);
	alarm(t->seconds * ktap_slow());
	t->fn();
	ktap_exit(ktap_failed);
}

/* Returns 1 unless the test failed. */
static inline int ktap_run(unsigned int n, const struct ktap_test *t)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		ktap_child(t);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	/* What a test started must not disturb the next one. */
	if (pid > 0)
		kill(-pid, SIGKILL);
	if (pid > 0 && WIFEXITED(status) && !WEXITSTATUS(status)) {
		printf("ok %u %s\n", n, t->name);
		return 1;
	}
	if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == KTAP_STATUS_SKIP) {
		printf("ok %u %s # SKIP\n", n, t->name);
		return 1;
	}
	if (pid > 0 && WIFSIGNALED(status))
		ktap_note("ended by signal %d%s", WTERMSIG(status),
			  WTERMSIG(status) == SIGALRM ? ": it took too long" : "");
	printf("not ok %u %s\n", n, t->name);
	return 0;
}

static inline int ktap_main(int argc, char **argv)
{
	unsigned int i;
	int failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1) {
		for (i = 0; i < ktap_ntests; i++)
			if (!strcmp(argv[1], ktap_tests[i].name))
				ktap_child(&ktap_tests[i]);
		fprintf(stderr, "no test %s\n", argv[1]);
		return 2;
	}
	printf("KTAP version 1\n1..%u\n", ktap_ntests);
	for (i = 0; i < ktap_ntests; i++)
		failed |= !ktap_run(i + 1, &ktap_tests[i]);
	return failed;
}

#define KTAP_TEST_T(test, secs)                                                                    \
	static void test(void);                                                                    \
	static void __attribute__((constructor)) ktap_add_##test(void)                             \
	{                                                                                          \
		ktap_add(#test, test, secs);                                                       \
	}                                                                                          \
	static void test(void)

#define KTAP_TEST(test) KTAP_TEST_T(test, 30)

#define KTAP_MAIN()                                                                                \
	int main(int argc, char **argv)                                                            \
	{                                                                                          \
		return ktap_main(argc, argv);                                                      \
	}

/* Notes a failure and goes on. */
#define KTAP_EXPECT(cond) ((cond) ? (void)0 : ktap_fail(__FILE__, __LINE__, #cond))
#define KTAP_EXPECT_EQ(a, b)                                                                       \
	((void)ktap_same(__FILE__, __LINE__, (long long)(a), (long long)(b), #a " == " #b))

/* Notes a failure and ends the test. */
#define KTAP_ASSERT(cond) ((cond) ? (void)0 : (ktap_fail(__FILE__, __LINE__, #cond), ktap_exit(1)))
#define KTAP_ASSERT_EQ(a, b)                                                                       \
	(ktap_same(__FILE__, __LINE__, (long long)(a), (long long)(b), #a " == " #b)               \
		 ? (void)0                                                                         \
		 : ktap_exit(1))

#define KTAP_SKIP(why) (ktap_note("skipped: %s", why), ktap_exit(KTAP_STATUS_SKIP))

#endif
