// SPDX-License-Identifier: GPL-2.0
/* Helpers for tests that talk to /dev/weir. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"

#define TRUSTED_KEY "/keys/TEST-ONLY"

int weir_blob_read(const char *path, struct weir_blob *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n = -1;

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st)) {
		out->n = (size_t)st.st_size;
		out->b = malloc(out->n + 1);
		n = out->b ? read(fd, out->b, out->n) : -1;
	}
	close(fd);
	return n == (ssize_t)out->n ? 0 : -EIO;
}

static int blob_write(const char *path, const struct weir_blob *blob)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, blob->b, blob->n);
	close(fd);
	return n == (ssize_t)blob->n ? 0 : -EIO;
}

static int sign(const char *path, const char *key)
{
	char keyfile[256], cert[256];
	int status;
	pid_t pid;

	snprintf(keyfile, sizeof(keyfile), "%s.key", key);
	snprintf(cert, sizeof(cert), "%s.crt", key);
	pid = fork();
	if (!pid) {
		execl("/usr/bin/weirc", "weirc", "sign", "--key", keyfile, "--cert", cert, path,
		      (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -EPROTO;
}

static void put_le(u8 *at, u64 value, unsigned int bytes)
{
	for (; bytes--; value >>= 8)
		*at++ = (u8)value;
}

int weir_blob_made(const char *raw, const char *key, u32 channel, u64 version,
		   struct weir_blob *out)
{
	char path[64];
	int ret = weir_blob_read(raw, out);

	if (ret)
		return ret;
	put_le(out->b + WEIR_H_CHANNEL, channel, sizeof(channel));
	put_le(out->b + WEIR_H_VERSION, version, sizeof(version));
	snprintf(path, sizeof(path), "/tmp/made-%d.weir", (int)getpid());
	ret = blob_write(path, out);
	free(out->b);
	out->b = NULL;
	if (!ret)
		ret = sign(path, key);
	if (!ret)
		ret = weir_blob_read(path, out);
	unlink(path);
	return ret;
}

int weir_dev_submit(int fd, const struct weir_blob *blob, struct weir_u_submit *s)
{
	*s = (struct weir_u_submit){
		.size = sizeof(*s),
		.data = (uintptr_t)blob->b,
		.len = blob->n,
	};
	return ioctl(fd, WEIR_IOC_SUBMIT, s) ? -errno : 0;
}

int weir_dev_op(int fd, unsigned long cmd, u32 channel, u64 version)
{
	struct weir_u_channel_op op = {
		.size = sizeof(op),
		.channel = channel,
		.version = version,
	};

	return ioctl(fd, cmd, &op) ? -errno : 0;
}

int weir_dev_load(int fd, const char *raw, u32 channel, u64 version)
{
	struct weir_u_submit s;
	struct weir_blob blob;
	int ret = weir_blob_made(raw, TRUSTED_KEY, channel, version, &blob);

	if (ret)
		return ret;
	ret = weir_dev_submit(fd, &blob, &s);
	free(blob.b);
	return ret ? ret : weir_dev_op(fd, WEIR_IOC_ACTIVATE, channel, version);
}

int weir_dev_channel(int fd, u32 channel, struct weir_u_channel *out)
{
	u32 i;

	for (i = 0;; i++) {
		memset(out, 0, sizeof(*out));
		out->size = sizeof(*out);
		out->index = i;
		if (ioctl(fd, WEIR_IOC_CHANNEL, out))
			return -errno;
		if (out->channel == channel)
			return 0;
	}
}

int weir_dev_stage(int fd, u32 channel, u64 version, u32 stage, u32 flags,
		   const struct weir_u_gate *gate)
{
	struct weir_u_stage s = {
		.size = sizeof(s),
		.channel = channel,
		.version = version,
		.stage = stage,
		.flags = flags,
		.gate = *gate,
	};

	return ioctl(fd, WEIR_IOC_STAGE, &s) ? -errno : 0;
}

int weir_dev_trials(int fd, u32 channel, struct weir_u_trials *out)
{
	struct weir_u_channel ch;
	int ret = weir_dev_channel(fd, channel, &ch);

	if (ret)
		return ret;
	*out = (struct weir_u_trials){ .size = sizeof(*out), .index = ch.index };
	return ioctl(fd, WEIR_IOC_TRIALS, out) ? -errno : 0;
}

int weir_dev_hook(int fd, const char *function, struct weir_u_hook *out)
{
	u32 i;

	for (i = 0;; i++) {
		*out = (struct weir_u_hook){ .size = sizeof(*out), .index = i };
		if (ioctl(fd, WEIR_IOC_HOOK, out))
			return -errno;
		if (!strcmp(out->name, function))
			return 0;
	}
}
