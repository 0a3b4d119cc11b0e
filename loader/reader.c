// SPDX-License-Identifier: GPL-2.0
/* Reading the kernel's records as they come. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "reader.h"

#define BUFFER 0x40000u /* any record fits in 64 KiB */

/* A reading in progress. */
struct reading {
	struct weir_reader *rd;
	int fd;
	uint8_t *buf;
	int64_t deadline; /* ms of the monotonic clock; -1: none */
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int enough(const struct weir_reader *rd)
{
	return rd->count && rd->seen >= rd->count;
}

static int refuse_read(const char *what, struct weir_refusal *r)
{
	return weir_refuse(r, WEIR_STEP_DEVICE, "DEVICE", NULL, "%s: %s", what, strerror(errno));
}

static int take_all(const struct reading *in, size_t n, struct weir_refusal *r)
{
	const uint8_t *p = in->buf;
	struct weir_record rec;
	int got, counts;

	while ((got = weir_record_next(&p, in->buf + n, &rec, r)) > 0) {
		counts = in->rd->take(in->rd->ctx, &rec, r);
		if (counts < 0)
			return -1;
		in->rd->seen += (uint32_t)counts;
	}
	return got || !in->rd->flush ? got : in->rd->flush(in->rd->ctx, r);
}

/* Return: 1 if records were read, 0 if none wait, -1 with a reason. */
static int drain_once(const struct reading *in, struct weir_refusal *r)
{
	ssize_t n = read(in->fd, in->buf, BUFFER);

	if (n > 0)
		return take_all(in, (size_t)n, r) ? -1 : 1;
	if (!n || errno == EAGAIN || errno == EINTR)
		return 0;
	return refuse_read("cannot read records", r);
}

/* Return: 1 when there may be records, 0 when the time is up, -1 with a reason. */
static int wait_more(const struct reading *in, struct weir_refusal *r)
{
	struct pollfd p = { .fd = in->fd, .events = POLLIN };
	int64_t left = in->deadline - now_ms();
	int got;

	if (in->deadline >= 0 && left <= 0)
		return 0;
	got = poll(&p, 1, in->deadline < 0 ? -1 : (int)left);
	if (got < 0 && errno != EINTR)
		return refuse_read("cannot wait for records", r);
	if (got > 0 && !(p.revents & POLLIN))
		return weir_refuse(r, WEIR_STEP_DEVICE, "DEVICE",
				   "see whether the module is still loaded",
				   "the device does not deliver records any more");
	return got ? 1 : 0;
}

static int read_records(const struct reading *in, struct weir_refusal *r)
{
	int got;

	/* However much there is to read, time runs out. */
	while (!enough(in->rd) && (in->deadline < 0 || now_ms() < in->deadline)) {
		got = drain_once(in, r);
		if (got < 0)
			return -1;
		if (got)
			continue;
		if (!in->rd->wait)
			return 0;
		got = wait_more(in, r);
		if (got < 0)
			return -1;
	}
	return 0;
}

int weir_reader_run(struct weir_reader *rd, int fd, struct weir_refusal *r)
{
	struct reading in = { .rd = rd, .fd = fd, .deadline = -1 };
	int ret;

	in.buf = weir_alloc(BUFFER, 1);
	if (rd->seconds > 0)
		in.deadline = now_ms() + (int64_t)rd->seconds * 1000;
	ret = read_records(&in, r);
	free(in.buf);
	return ret;
}

static int open_device(const char *path, int *fd)
{
	struct weir_refusal r;
	int ret;

	if (weir_dev_open(path, 0, fd, &r))
		return weir_refused_by(&r);
	if (!fcntl(*fd, F_SETFL, O_RDONLY | O_NONBLOCK))
		return 0;
	ret = weir_fail("the device cannot be set up: %s", strerror(errno));
	close(*fd);
	return ret;
}

int weir_reader_live(const struct weir_options *o,
		     int (*run)(const struct weir_options *o, int fd, struct weir_types *types))
{
	struct weir_live *live;
	struct weir_types types;
	int ret = WEIR_EXIT_FAIL, fd;

	if (open_device(o->device, &fd))
		return WEIR_EXIT_FAIL;
	live = weir_alloc(1, sizeof(*live));
	if (!weir_live_open(o, fd, live)) {
		weir_live_types(live, &types);
		ret = run(o, fd, &types);
		weir_live_types_free(&types);
	}
	free(live);
	close(fd);
	return ret;
}
