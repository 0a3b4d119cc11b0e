// SPDX-License-Identifier: GPL-2.0
/* Files in and out, and memory that is there or the program ends. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "weirc.h"

void weir_no_memory(void)
{
	fprintf(stderr, "%s: not enough memory\n", program_invocation_short_name);
	exit(WEIR_EXIT_FAIL);
}

void *weir_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		weir_no_memory();
	return p;
}

void *weir_realloc(void *p, size_t n, size_t size)
{
	void *q = reallocarray(p, n ? n : 1, size ? size : 1);

	if (!q)
		weir_no_memory();
	return q;
}

char *weir_strndup(const char *s, size_t n)
{
	char *p = weir_alloc(n + 1, 1);

	memcpy(p, s, n);
	return p;
}

/* Read until the end or until one byte more than cap is there. */
static int read_all(int fd, size_t cap, struct weir_file *out)
{
	size_t room = 65536, n = 0;
	uint8_t *p = weir_alloc(room + 1, 1);
	ssize_t got;

	while (n <= cap) {
		if (n == room) {
			room *= 2;
			p = weir_realloc(p, room + 1, 1);
		}
		got = read(fd, p + n, room - n < cap + 1 - n ? room - n : cap + 1 - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(p);
			return -1;
		}
		if (!got)
			break;
		n += got;
	}
	p[n] = 0;
	out->p = p;
	out->n = n;
	return 0;
}

int weir_read_file(const char *path, size_t cap, struct weir_file *out)
{
	int input = !strcmp(path, "-");
	const struct weir_where w = { .file = input ? "standard input" : path };
	int fd = input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int ret, saved;

	if (fd < 0)
		return weir_fail_at(&w, "cannot be opened: %s", strerror(errno));
	ret = read_all(fd, cap, out);
	saved = errno;
	if (!input)
		close(fd);
	if (ret)
		return weir_fail_at(&w, "cannot be read: %s", strerror(saved));
	if (out->n > cap) {
		weir_free_file(out);
		return weir_fail_at(&w, "is larger than the limit of %zu bytes", cap);
	}
	return 0;
}

void weir_free_file(struct weir_file *f)
{
	free(f->p);
	f->p = NULL;
	f->n = 0;
}

static int write_all(int fd, const uint8_t *p, size_t n)
{
	ssize_t done;

	while (n) {
		done = write(fd, p, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		p += done;
		n -= done;
	}
	return 0;
}

/* Devices and pipes are written in place: nobody wants them replaced by a file. */
static int write_in_place(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

static int write_special(const char *path, const void *p, size_t n)
{
	const struct weir_where w = { .file = path };
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return weir_fail_at(&w, "cannot be opened: %s", strerror(errno));
	if (write_all(fd, p, n) || close(fd))
		return weir_fail_at(&w, "cannot be written: %s", strerror(errno));
	return 0;
}

/* A file that is replaced keeps its permissions: it may not be for everybody. */
static mode_t mode_for(const char *path)
{
	struct stat st;
	mode_t mask;

	if (!stat(path, &st))
		return st.st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

int weir_write_file(const char *path, const void *p, size_t n)
{
	const struct weir_where w = { .file = path };
	size_t size = strlen(path) + 8;
	char *temp;
	int fd;

	if (!strcmp(path, "-"))
		return write_all(STDOUT_FILENO, p, n)
			       ? weir_fail("standard output cannot be written: %s", strerror(errno))
			       : 0;
	if (write_in_place(path))
		return write_special(path, p, n);
	temp = weir_alloc(size, 1);
	snprintf(temp, size, "%s.XXXXXX", path);
	fd = mkstemp(temp);
	if (fd < 0)
		goto err_free;
	if (fchmod(fd, mode_for(path)) || write_all(fd, p, n) || fsync(fd))
		goto err_close;
	if (close(fd) || rename(temp, path))
		goto err_unlink;
	free(temp);
	return 0;

err_close:
	close(fd);
err_unlink:
	unlink(temp);
err_free:
	free(temp);
	return weir_fail_at(&w, "cannot be written: %s", strerror(errno));
}

uint32_t weir_content_size(const uint8_t *p, size_t n)
{
	uint32_t size;

	if (n > UINT32_MAX)
		n = UINT32_MAX;
	if (n < WEIR_HEADER_SIZE || memcmp(p, WEIR_MAGIC, 8))
		return n;
	size = p[WEIR_H_SIZE] | p[WEIR_H_SIZE + 1] << 8 | p[WEIR_H_SIZE + 2] << 16 |
	       (uint32_t)p[WEIR_H_SIZE + 3] << 24;
	return size <= n ? size : n;
}
