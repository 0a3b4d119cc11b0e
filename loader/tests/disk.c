// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded into a program; counts the calls below that change a disk, and the fsyncs.
 *
 * KILLAT=N: it dies of SIGKILL at such a call, once before it is made and once after it: odd
 * numbers before, even ones after. FULLAT=N: the N-th such call that needs room fails with ENOSPC.
 * DISKLOG=FILE: each that succeeds is a line of that file, for cuts.py. BOOTID=FILE: has the boot
 * id.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FDS 256
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

typedef int real_open(const char *path, int flags, ...);
typedef int real_close(int fd);
typedef int real_access(const char *path, int mode);

/* What an open descriptor is: a folder's path, or the name that the log has for a file. */
static char names[FDS][512];

static void note(const char *text, size_t n)
{
	static int fd = -1;
	const char *path = getenv("DISKLOG");

	if (path && fd < 0)
		fd = (int)syscall(SYS_openat, AT_FDCWD, path,
				  O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (path && syscall(SYS_write, fd, text, n) != (long)n)
		abort();
}

static void notef(const char *fmt, ...)
{
	char line[2048];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(line))
		abort();
	note(line, (size_t)n);
}

static void step(void)
{
	static long n;
	const char *at = getenv("KILLAT");

	if (at && ++n == atol(at))
		kill(getpid(), SIGKILL);
}

static int full(void)
{
	static long n;
	const char *at = getenv("FULLAT");

	if (!at || ++n != atol(at))
		return 0;
	errno = ENOSPC;
	return 1;
}

/* ret name(params), which counts; what needs room may get none. Result and errno are kept. */
#define WRAP(ret, name, params, args, room, then)                                                  \
	ret name params                                                                            \
	{                                                                                          \
		ret(*real) params = (ret(*) params)dlsym(RTLD_NEXT, #name);                        \
		int err;                                                                           \
		ret got;                                                                           \
		step();                                                                            \
		got = (room) && full() ? -1 : real args;                                           \
		err = errno;                                                                       \
		if (got >= 0)                                                                      \
			then;                                                                      \
		step();                                                                            \
		errno = err;                                                                       \
		return got;                                                                        \
	}

static void opened(int fd, const char *path, const char *what)
{
	static int count;

	if (fd >= FDS)
		abort();
	snprintf(names[fd], sizeof(names[fd]), "%d.%d", getpid(), ++count);
	notef("%s %s %s\n", what, names[fd], path);
}

static void wrote(int fd, const unsigned char *p, ssize_t got, const char *what)
{
	size_t i, n = (size_t)got;
	char *hex;

	if (fd < 0 || fd >= FDS || !names[fd][0])
		return;
	hex = malloc(2 * n + 1);
	if (!hex)
		abort();
	for (i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", p[i]);
	notef("%s %s ", what, names[fd]);
	note(hex, 2 * n);
	note("\n", 1);
	free(hex);
}

static void wrote_at(int fd, const unsigned char *p, ssize_t got, off_t at)
{
	char what[48];

	snprintf(what, sizeof(what), "pwrite %lld", (long long)at);
	wrote(fd, p, got, what);
}

static void pair(const char *what, const char *from, const char *to)
{
	notef("%s %s %s\n", what, from, to);
}

WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode), 1, notef("mkdir %s\n", path))
WRAP(int, mkostemp, (char *name, int flags), (name, flags), 1, opened(got, name, "create"))
WRAP(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n), fd > 2,
     wrote(fd, p, got, "write"))
WRAP(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at), 1,
     wrote_at(fd, p, got, at))
WRAP(int, ftruncate, (int fd, off_t size), (fd, size), 0,
     notef("truncate %lld %s\n", (long long)size, fd < FDS ? names[fd] : "?"))
WRAP(int, fchmod, (int fd, mode_t mode), (fd, mode), 0, (void)0)
WRAP(int, fsync, (int fd), (fd), 1, notef("fsync %s\n", fd < FDS ? names[fd] : "?"))
WRAP(int, rename, (const char *from, const char *to), (from, to), 1, pair("rename", from, to))
WRAP(int, link, (const char *from, const char *to), (from, to), 1, pair("link", from, to))
WRAP(int, unlink, (const char *path), (path), 0, notef("unlink %s\n", path))

/* Not counted: the lock is made by it, and folders are opened to be synced. */
int open(const char *path, int flags, ...)
{
	real_open *real = (real_open *)dlsym(RTLD_NEXT, "open");
	const char *boot = getenv("BOOTID");
	int fd, made = (flags & O_CREAT) && access(path, F_OK);
	mode_t mode = 0;
	va_list ap;

	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	fd = real(boot && !strcmp(path, BOOT_ID) ? boot : path, flags, mode);
	if (fd >= 0 && fd < FDS)
		names[fd][0] = 0;
	if (fd >= 0 && made)
		opened(fd, path, "create");
	else if (fd >= 0 && (flags & O_ACCMODE) != O_RDONLY)
		opened(fd, path, "open");
	else if (fd >= 0 && fd < FDS && (flags & O_DIRECTORY))
		snprintf(names[fd], sizeof(names[fd]), "%s/", path);
	return fd;
}

int close(int fd)
{
	real_close *real = (real_close *)dlsym(RTLD_NEXT, "close");

	if (fd >= 0 && fd < FDS)
		names[fd][0] = 0;
	return real(fd);
}

/* How a program under test says what else happens now: it asks for a file of such a name. */
int access(const char *path, int mode)
{
	real_access *real = (real_access *)dlsym(RTLD_NEXT, "access");

	if (!strncmp(path, "mark:", 5))
		notef("mark %s\n", path + 5);
	return real(path, mode);
}
