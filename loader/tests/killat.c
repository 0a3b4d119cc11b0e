// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded into a program: it dies of SIGKILL at the KILLAT-th of the calls below, once before the
 * call is made and once after it: odd numbers before, even ones after.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void step(void)
{
	static long n;
	const char *at = getenv("KILLAT");

	if (at && ++n == atol(at))
		kill(getpid(), SIGKILL);
}

#define WRAP(ret, name, params, args)                                                              \
	ret name params                                                                            \
	{                                                                                          \
		ret(*real) params = (ret(*) params)dlsym(RTLD_NEXT, #name);                        \
		ret got;                                                                           \
		step();                                                                            \
		got = real args;                                                                   \
		step();                                                                            \
		return got;                                                                        \
	}

WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(int, mkostemp, (char *name, int flags), (name, flags))
WRAP(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n))
WRAP(int, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(int, fsync, (int fd), (fd))
WRAP(int, rename, (const char *from, const char *to), (from, to))
