// SPDX-License-Identifier: GPL-2.0
/*
 * Everything at once: all kinds of events flow while content of all types is loaded, swapped and
 * dropped, hooks come and go, records are read, a CPU goes away and comes back, and the module is
 * inserted and removed. WEIR_SOAK is for how many seconds; what leaks or splats, PID 1 finds.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>

#include "actors.h"
#include "device.h"
#include "ktap.h"

#define MODULE "/modules/weir.ko"
#define KEY "/keys/TEST-ONLY"
#define CPU "/sys/devices/system/cpu/cpu1/online"
#define FIRST 7300u
#define SECONDS 30
#define SWAPS 3
#define LIMIT 4000

static const char *const names[WEIR_ACTORS] = { "process_creation", "file_event",
						"network_connection", "ipc", "kernel_activity" };
static struct weir_blob blobs[WEIR_ACTORS][SWAPS + 1];
static uint64_t seen[WEIR_ACTORS], cycles;

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static time_t how_long(void)
{
	const char *s = getenv("WEIR_SOAK");
	int n = s ? atoi(s) : SECONDS;

	return n > 0 && n < LIMIT ? n : SECONDS;
}

/* Signed beforehand: the time is for the kernel. The versions begin anew with each insertion. */
static void make_all(void)
{
	char raw[64];
	u32 i, v;

	for (i = 0; i < WEIR_ACTORS; i++) {
		snprintf(raw, sizeof(raw), "/content/soak_%s.raw", names[i]);
		for (v = 0; v <= SWAPS; v++)
			KTAP_ASSERT_EQ(weir_blob_made(raw, KEY, FIRST + i, v + 1, &blobs[i][v]), 0);
	}
}

static void load(int fd, u32 i, u32 v)
{
	struct weir_u_submit s;

	KTAP_EXPECT_EQ(weir_dev_submit(fd, &blobs[i][v], &s), 0);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_ACTIVATE, FIRST + i, v + 1), 0);
}

static void unload(int fd, u32 channel)
{
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, channel, 0), 0);
}

/* Reads until each type that is loaded matched, or a second is over. */
static void drain(int fd, u32 loaded)
{
	static u8 buf[1 << 18];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	time_t end = now() + 2;
	const struct weir_u_record *rec;
	u32 got = 0;
	ssize_t n, at;

	while (got != loaded && now() < end && poll(&p, 1, 1000) >= 0) {
		n = read(fd, buf, sizeof(buf));
		for (at = 0; at < n; at += rec->size) {
			rec = (const void *)(buf + at);
			if (rec->kind != WEIR_REC_MATCH || rec->type - 1 >= WEIR_ACTORS)
				continue;
			seen[rec->type - 1]++;
			got |= 1u << (rec->type - 1);
		}
	}
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	KTAP_EXPECT(fd >= 0);
	KTAP_EXPECT(fd < 0 || write(fd, text, strlen(text)) > 0);
	close(fd);
}

/* From the first content to the last: other types come and go while each is swapped. */
static void come_and_go(int fd)
{
	u32 i, v, loaded = 0;

	for (v = 0; v < SWAPS; v++)
		for (i = 0; i < WEIR_ACTORS; i++) {
			load(fd, i, v);
			loaded |= 1u << i;
			if (!access(CPU, W_OK) && i == 2)
				put(CPU, v & 1 ? "1" : "0");
			if (i == 4)
				drain(fd, loaded);
		}
	for (i = WEIR_ACTORS; i--;)
		unload(fd, FIRST + (i + cycles) % WEIR_ACTORS);
	if (!access(CPU, W_OK))
		put(CPU, "1");
}

static void cycle(void)
{
	int module = open(MODULE, O_RDONLY), fd;

	KTAP_ASSERT(module >= 0);
	KTAP_ASSERT(!syscall(SYS_finit_module, module, "selfcheck=1 processes=64", 0));
	close(module);
	fd = open(WEIR_DEV, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	KTAP_ASSERT(fd >= 0);
	come_and_go(fd);
	/* Every other time what is loaded is left to the module's exit. */
	if (cycles % 2)
		load(fd, cycles / 2 % WEIR_ACTORS, SWAPS);
	close(fd);
	KTAP_ASSERT(!syscall(SYS_delete_module, "weir", O_NONBLOCK));
	cycles++;
}

KTAP_TEST_T(all_at_once_breaks_nothing, LIMIT)
{
	struct weir_actors actors;
	time_t end;
	u32 i;

	make_all();
	KTAP_ASSERT(!weir_actors_start(&actors));
	end = now() + how_long();
	do {
		cycle();
	} while (now() < end);
	KTAP_EXPECT(!weir_actors_stop(&actors));
	ktap_note("inserted and removed %llu times", (unsigned long long)cycles);
	for (i = 0; i < WEIR_ACTORS; i++) {
		ktap_note("%s: %llu rounds of its actor, %llu records", names[i],
			  (unsigned long long)actors.rounds[i], (unsigned long long)seen[i]);
		KTAP_EXPECT(actors.rounds[i] > 0);
		KTAP_EXPECT(seen[i] > 0);
	}
}

KTAP_MAIN()
