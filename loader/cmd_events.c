// SPDX-License-Identifier: GPL-2.0
/* weirctl events: the kernel's records as they come. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "events_out.h"

#define BUFFER 0x40000u /* any record fits in 64 KiB */

struct reader {
	const struct weir_options *o;
	int fd;
	struct weir_live live;
	struct weir_types types;
	uint8_t *buf;
	uint32_t seen; /* records that count */
	int64_t deadline; /* ms of the monotonic clock; -1: none */
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int enough(const struct reader *rd)
{
	return rd->o->count && rd->seen >= rd->o->count;
}

static int refuse_read(const char *what, struct weir_refusal *r)
{
	return weir_refuse(r, WEIR_STEP_DEVICE, "DEVICE", NULL, "%s: %s", what, strerror(errno));
}

/* Every record that was read is printed, even past the count: they are gone from the kernel. */
static int print_all(struct reader *rd, size_t n, struct weir_refusal *r)
{
	const uint8_t *p = rd->buf;
	struct weir_record rec;
	int got;

	while ((got = weir_record_next(&p, rd->buf + n, &rec, r)) > 0) {
		if (weir_json)
			weir_put_json_line(weir_record_json(&rec, &rd->types));
		else
			weir_record_text(&rec, &rd->types);
		rd->seen++;
	}
	if (!got && (fflush(stdout) || ferror(stdout)))
		return refuse_read("records are lost: standard output cannot be written", r);
	return got;
}

/* Return: 1 if records were read, 0 if none wait, -1 with a reason. */
static int drain_once(struct reader *rd, struct weir_refusal *r)
{
	ssize_t n = read(rd->fd, rd->buf, BUFFER);

	if (n > 0)
		return print_all(rd, (size_t)n, r) ? -1 : 1;
	if (!n || errno == EAGAIN || errno == EINTR)
		return 0;
	return refuse_read("cannot read records", r);
}

/* Return: 1 when there may be records, 0 when the time is up, -1 with a reason. */
static int wait_more(const struct reader *rd, struct weir_refusal *r)
{
	struct pollfd p = { .fd = rd->fd, .events = POLLIN };
	int64_t left = rd->deadline - now_ms();
	int got;

	if (rd->deadline >= 0 && left <= 0)
		return 0;
	got = poll(&p, 1, rd->deadline < 0 ? -1 : (int)left);
	if (got < 0 && errno != EINTR)
		return refuse_read("cannot wait for records", r);
	if (got > 0 && !(p.revents & POLLIN))
		return weir_refuse(r, WEIR_STEP_DEVICE, "DEVICE",
				   "see whether the module is still loaded",
				   "the device does not deliver records any more");
	return got ? 1 : 0;
}

static int read_events(struct reader *rd, struct weir_refusal *r)
{
	int wait = rd->o->follow || rd->o->count || rd->o->timeout > 0;
	int got;

	while (!enough(rd)) {
		got = drain_once(rd, r);
		if (got < 0)
			return -1;
		if (got)
			continue;
		if (!wait)
			return 0;
		got = wait_more(rd, r);
		if (got < 0)
			return -1;
		if (!got && rd->deadline >= 0 && now_ms() >= rd->deadline)
			break;
	}
	if (!rd->o->count || enough(rd))
		return 0;
	return weir_refuse(r, WEIR_STEP_DEVICE, "TIMEOUT", "wait longer, or see weirctl status",
			   "%u of %u records came within %d seconds", rd->seen, rd->o->count,
			   rd->o->timeout);
}

static int run(struct reader *rd)
{
	struct weir_refusal r;
	int ret;

	if (weir_live_open(rd->o, rd->fd, &rd->live))
		return WEIR_EXIT_FAIL;
	weir_live_types(&rd->live, &rd->types);
	rd->buf = weir_alloc(BUFFER, 1);
	if (rd->o->timeout > 0)
		rd->deadline = now_ms() + (int64_t)rd->o->timeout * 1000;
	if (!weir_json)
		weir_record_heading();
	ret = read_events(rd, &r);
	free(rd->buf);
	weir_live_types_free(&rd->types);
	return ret ? weir_refused_by(&r) : WEIR_EXIT_OK;
}

int weir_ctl_events(const struct weir_options *o, char **argv)
{
	struct reader *rd = weir_alloc(1, sizeof(*rd));
	struct weir_refusal r;
	int ret;

	(void)argv;
	rd->o = o;
	rd->deadline = -1;
	if (weir_dev_open(o->device, 0, &rd->fd, &r)) {
		ret = weir_refused_by(&r);
	} else {
		if (fcntl(rd->fd, F_SETFL, O_RDONLY | O_NONBLOCK))
			ret = weir_fail("the device cannot be set up: %s", strerror(errno));
		else
			ret = run(rd);
		close(rd->fd);
	}
	free(rd);
	return ret;
}
