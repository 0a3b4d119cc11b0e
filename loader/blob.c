// SPDX-License-Identifier: GPL-2.0
/* Files in memory: read with a cap, written so that the old or the new one is there. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "private.h"
#include "weirstore.h"

static int too_large(const char *path, size_t max, struct weir_refusal *r)
{
	weir_refuse(r, WEIR_STEP_FILE, "LARGE", "check that this is the file you meant",
		    "the file is larger than the %zu bytes allowed for it", max);
	return weir_refusal_file(r, path);
}

int weir_refusal_file(struct weir_refusal *r, const char *path)
{
	snprintf(r->file, sizeof(r->file), "%s", path);
	return -1;
}

int weir_refuse_errno(struct weir_refusal *r, enum weir_step step, const char *path,
		      const char *what)
{
	int err = errno;

	weir_refuse(r, step, "IO", NULL, "%s: %s", what, strerror(err));
	return weir_refusal_file(r, path);
}

/* Reads to the end, but never more than one byte past max. */
static int slurp(int fd, const char *path, size_t max, struct weir_blob *out,
		 struct weir_refusal *r)
{
	size_t room = 0, n = 0;
	uint8_t *b = NULL, *grown;
	ssize_t got;

	for (;;) {
		if (n == room) {
			room = room ? room * 2 : 0x10000;
			room = room > max + 1 ? max + 1 : room;
			grown = realloc(b, room);
			if (!grown)
				goto err_errno;
			b = grown;
		}
		got = read(fd, b + n, room - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			goto err_errno;
		if (!got)
			break;
		n += (size_t)got;
		if (n > max) {
			free(b);
			return too_large(path, max, r);
		}
	}
	out->b = b;
	out->n = n;
	return 0;

err_errno:
	weir_refuse_errno(r, WEIR_STEP_FILE, path, "cannot read the file");
	free(b);
	return -1;
}

static int read_fd(int fd, const char *path, size_t max, struct weir_blob *out,
		   struct weir_refusal *r)
{
	struct stat st;

	if (fstat(fd, &st))
		return weir_refuse_errno(r, WEIR_STEP_FILE, path, "cannot stat the file");
	if (S_ISDIR(st.st_mode)) {
		weir_refuse(r, WEIR_STEP_FILE, "IO", "name a file", "this is a folder");
		return weir_refusal_file(r, path);
	}
	if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > max)
		return too_large(path, max, r);
	return slurp(fd, path, max, out, r);
}

int weir_blob_read(const char *path, size_t max, struct weir_blob *out, struct weir_refusal *r)
{
	int fd, ret;

	if (!strcmp(path, "-"))
		return read_fd(STDIN_FILENO, "standard input", max, out, r);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return weir_refuse_errno(r, WEIR_STEP_FILE, path, "cannot open the file");
	ret = read_fd(fd, path, max, out, r);
	close(fd);
	return ret;
}

void weir_blob_free(struct weir_blob *b)
{
	free(b->b);
	b->b = NULL;
	b->n = 0;
}

static int write_all(int fd, const uint8_t *p, size_t n)
{
	ssize_t put;

	while (n) {
		put = write(fd, p, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		p += put;
		n -= (size_t)put;
	}
	return 0;
}

int weir_sync_folder(const char *path)
{
	int fd, ret;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ret = fsync(fd);
	close(fd);
	return ret;
}

int weir_sync_name(const char *path)
{
	char *copy = strdup(path);
	int ret;

	if (!copy)
		return -1;
	ret = weir_sync_folder(dirname(copy));
	free(copy);
	return ret;
}

/* link() fails where rename() would silently replace. */
static int put_in_place(const char *tmp, const char *path, int fresh)
{
	if (!fresh)
		return rename(tmp, path);
	if (link(tmp, path))
		return -1;
	return unlink(tmp);
}

int weir_blob_write(const char *path, const void *p, size_t n, unsigned int mode, int fresh,
		    struct weir_refusal *r)
{
	char *tmp;
	int fd;

	if (asprintf(&tmp, "%s.XXXXXX", path) < 0)
		return weir_refuse_errno(r, WEIR_STEP_STATE, path, "cannot name a temporary file");
	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0) {
		weir_refuse_errno(r, WEIR_STEP_STATE, path, "cannot make a file beside it");
		free(tmp);
		return -1;
	}
	if (write_all(fd, p, n) || fchmod(fd, mode) || fsync(fd)) {
		weir_refuse_errno(r, WEIR_STEP_STATE, path, "cannot write the file");
		goto err_close;
	}
	if (put_in_place(tmp, path, fresh)) {
		weir_refuse_errno(r, WEIR_STEP_STATE, path, "cannot put the file in place");
		goto err_close;
	}
	close(fd);
	free(tmp);
	if (weir_sync_name(path))
		return weir_refuse_errno(r, WEIR_STEP_STATE, path, "cannot sync the file's folder");
	return 0;

err_close:
	close(fd);
	unlink(tmp);
	free(tmp);
	return -1;
}

int weir_blob_remove(const char *path, struct weir_refusal *r)
{
	if (unlink(path) && errno != ENOENT)
		return weir_refuse_errno(r, WEIR_STEP_STATE, path, "cannot remove the file");
	if (weir_sync_name(path))
		return weir_refuse_errno(r, WEIR_STEP_STATE, path, "cannot sync the file's folder");
	return 0;
}
