// SPDX-License-Identifier: GPL-2.0
/* What tests of capture share: content in the kernel, records out of it, fields compared. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "events.h"
#include "templates.h"

#define PATIENCE_MS 10000
#define RECORD_MAX 0x10000

static unsigned char records[RECORD_MAX];
static ssize_t have;
static size_t at;

static int say(const char *what)
{
	printf("# %s: %s\n", what, strerror(errno));
	return -1;
}

static int load(int fd, const char *path)
{
	struct weir_u_submit s = { .size = sizeof(s) };
	struct weir_blob blob;

	errno = -weir_blob_read(path, &blob);
	if (errno)
		return say(path);
	errno = -weir_dev_submit(fd, &blob, &s);
	free(blob.b);
	if (errno) {
		printf("# refused: code %u instance %u field %u\n", s.error.code, s.error.instance,
		       s.error.field);
		return say("WEIR_IOC_SUBMIT");
	}
	errno = -weir_dev_op(fd, WEIR_IOC_ACTIVATE, s.channel, s.version);
	return errno ? say("WEIR_IOC_ACTIVATE") : 0;
}

/* The same once more, under a version that the kernel still takes. */
static int load_again(int fd, const char *path, uint32_t channel, uint64_t version)
{
	char raw[256];

	snprintf(raw, sizeof(raw), "%.*s.raw", (int)(strlen(path) - strlen(".weir")), path);
	errno = -weir_dev_load(fd, raw, channel, version);
	return errno ? say(raw) : 0;
}

static int make_active(int fd, uint32_t channel, const char *path)
{
	struct weir_u_channel c;

	if (weir_dev_channel(fd, channel, &c))
		return load(fd, path);
	if (c.slot[WEIR_SLOT_ACTIVE].version)
		return 0;
	return load_again(fd, path, channel, c.floor + 1);
}

static int set_names(int fd)
{
	struct weir_u_name names[] = { { 0, "root" }, { 7, "seven" } };
	struct weir_u_names n = {
		.size = sizeof(n),
		.count = 2,
		.names = (uintptr_t)names,
	};

	return ioctl(fd, WEIR_IOC_NAMES, &n) ? say("WEIR_IOC_NAMES") : 0;
}

int weir_ev_open(uint32_t channel, const char *path)
{
	int fd = open("/dev/weir", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return say("/dev/weir");
	if (make_active(fd, channel, path))
		return -1;
	if (set_names(fd))
		return -1;
	while (read(fd, records, sizeof(records)) > 0)
		;
	return fd;
}

int weir_ev_unload(int fd, uint32_t channel)
{
	errno = -weir_dev_op(fd, WEIR_IOC_UNLOAD, channel, 0);
	return errno ? say("WEIR_IOC_UNLOAD") : 0;
}

int weir_ev_type(int fd, uint32_t id, struct weir_u_type *out)
{
	uint32_t i;

	for (i = 0;; i++) {
		memset(out, 0, sizeof(*out));
		out->size = sizeof(*out);
		out->index = i;
		if (ioctl(fd, WEIR_IOC_TYPE, out))
			return say("WEIR_IOC_TYPE");
		if (out->id == id)
			return 0;
	}
}

static const struct weir_u_record *next_record(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	const struct weir_u_record *r;

	if (have <= 0 || at >= (size_t)have) {
		at = 0;
		if (poll(&p, 1, PATIENCE_MS) != 1)
			return NULL;
		have = read(fd, records, sizeof(records));
		if (have <= 0)
			return NULL;
	}
	r = (const void *)(records + at);
	at += r->size;
	return r;
}

const struct weir_u_record *weir_ev_next(int fd, pid_t pid)
{
	const struct weir_u_record *r;

	while ((r = next_record(fd))) {
		if (r->kind == WEIR_REC_LOST)
			printf("# %llu records were lost\n", (unsigned long long)r->lost);
		if (r->kind == WEIR_REC_MATCH && (!pid || r->pid == (uint32_t)pid))
			return r;
	}
	printf("# no record of process %d\n", (int)pid);
	return NULL;
}

const struct weir_u_rfield *weir_ev_field(const struct weir_u_record *r, uint32_t field)
{
	const unsigned char *p = (const unsigned char *)(r + 1);
	const struct weir_u_rfield *f;
	uint16_t i;

	for (i = 0; i < r->nfields; i++) {
		f = (const void *)p;
		if (f->field == field)
			return f;
		p += sizeof(*f) + ((f->len + 7) & ~7u);
	}
	return NULL;
}

static const char *name_of(const struct weir_u_record *r, uint32_t field)
{
	const struct weir_type *t = weir_type_by_id(r->type);

	return t && field < t->arity ? t->fields[field].name : "?";
}

int weir_ev_bytes(const struct weir_u_record *r, uint32_t field, const void *want, size_t n)
{
	const struct weir_u_rfield *f = weir_ev_field(r, field);

	if (f && (f->kind == WEIR_KIND_string || f->kind == WEIR_KIND_ip) && f->len == n &&
	    !memcmp(f + 1, want, n))
		return 1;
	if (f)
		printf("# %s is '%.*s', not '%.*s'\n", name_of(r, field), (int)f->len,
		       (const char *)(f + 1), (int)n, (const char *)want);
	else
		printf("# %s is absent, not '%.*s'\n", name_of(r, field), (int)n,
		       (const char *)want);
	return 0;
}

int weir_ev_text(const struct weir_u_record *r, uint32_t field, const char *want)
{
	return weir_ev_bytes(r, field, want, strlen(want));
}

int weir_ev_num(const struct weir_u_record *r, uint32_t field, uint64_t want)
{
	const struct weir_u_rfield *f = weir_ev_field(r, field);
	uint64_t num;

	if (!f || f->len != sizeof(num) || f->kind == WEIR_KIND_string) {
		printf("# %s is %s, not %llu\n", name_of(r, field), f ? "no number" : "absent",
		       (unsigned long long)want);
		return 0;
	}
	memcpy(&num, f + 1, sizeof(num));
	if (num != want)
		printf("# %s is %llu, not %llu\n", name_of(r, field), (unsigned long long)num,
		       (unsigned long long)want);
	return num == want;
}

int weir_ev_ip(const struct weir_u_record *r, uint32_t field, const char *want)
{
	const struct weir_u_rfield *f = weir_ev_field(r, field);
	int family = strchr(want, ':') ? AF_INET6 : AF_INET;
	char text[INET6_ADDRSTRLEN] = "absent";
	int same = 0;

	if (f && f->kind == WEIR_KIND_ip && f->len == (family == AF_INET ? 4 : 16))
		same = !strcmp(want, inet_ntop(family, f + 1, text, sizeof(text)));
	else if (f)
		snprintf(text, sizeof(text), "%u bytes", f->len);
	if (!same)
		printf("# %s is %s, not %s\n", name_of(r, field), text, want);
	return same;
}

int weir_ev_absent(const struct weir_u_record *r, uint32_t field)
{
	if (!weir_ev_field(r, field))
		return 1;
	printf("# %s has a value\n", name_of(r, field));
	return 0;
}

long weir_ev_length(const struct weir_u_record *r, uint32_t field)
{
	const struct weir_u_rfield *f = weir_ev_field(r, field);

	return f ? (long)f->len : -1;
}

int weir_ev_hooked(const char *function)
{
	FILE *f = fopen("/sys/kernel/tracing/enabled_functions", "r");
	size_t n = strlen(function);
	char line[512];
	int found = 0;

	if (!f)
		return say("enabled_functions");
	while (fgets(line, sizeof(line), f))
		found |= !strncmp(line, function, n) && line[n] == ' ';
	fclose(f);
	return found;
}

uint64_t weir_ev_ns(pid_t pid, const char *name)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, name);
	return stat(path, &st) ? 0 : st.st_ino;
}

const struct weir_u_record *weir_ev_of(int fd, uint32_t channel, uint32_t type, uint32_t field,
				       pid_t pid)
{
	const struct weir_u_record *r = weir_ev_next(fd, pid);

	if (!r)
		return NULL;
	if (r->channel != channel || r->type != type) {
		printf("# channel %u and type %u instead of %u and %u\n", r->channel, r->type,
		       channel, type);
		return NULL;
	}
	return weir_ev_num(r, field, (uint64_t)pid) ? r : NULL;
}
