// SPDX-License-Identifier: GPL-2.0
/*
 * A process table that is too small loses what it knows, and makes up nothing. Needs the module
 * inserted with processes=64.
 */
#include <sys/ioctl.h>
#include <unistd.h>

#include "ktap.h"
#include "events.h"
#include "child.h"
#include "templates.h"

#define CHANNEL 7103
#define CONTENT "/content/exec_edge_test.weir"
#define BUSYBOX WEIR_BUSYBOX
#define MARK "weir-edge-test"
#define PLACES 64

#define F(name) WEIR_process_creation_##name
#define TEXT(r, name, want) KTAP_EXPECT(weir_ev_text(r, F(name), want))
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))
#define ABSENT(r, name) KTAP_EXPECT(weir_ev_absent(r, F(name)))

static const char *const plain[] = { "true", MARK, NULL };
static int dev;

static void begin(void)
{
	dev = weir_ev_open(CHANNEL, CONTENT);
	KTAP_ASSERT(dev >= 0);
}

static struct weir_u_info info(void)
{
	struct weir_u_info i = { .size = sizeof(i) };

	KTAP_ASSERT(!ioctl(dev, WEIR_IOC_INFO, &i));
	return i;
}

/* Processes that do nothing and hold nothing, until the test ends. */
static void fork_many(int n)
{
	while (n--) {
		if (fork())
			continue;
		close(dev);
		for (;;)
			pause();
	}
}

KTAP_TEST(arming_among_more_processes_than_places_drops_none)
{
	const struct weir_child r = { .path = BUSYBOX, .argv = plain };
	const struct weir_u_record *rec;

	fork_many(2 * PLACES);
	begin();
	KTAP_EXPECT_EQ(info().evicted, 0);
	KTAP_EXPECT_EQ(info().processes, PLACES);
	rec = weir_child_run(dev, CHANNEL, &r);
	KTAP_ASSERT(rec);
	TEXT(rec, ParentImage, weir_child_own_image());
	NUM(rec, ParentProcessId, (uint64_t)getpid());
	KTAP_EXPECT(!weir_ev_unload(dev, CHANNEL));
}

KTAP_TEST(a_parent_that_was_dropped_has_an_image_and_no_command_line)
{
	char script[128];
	const char *const argv[] = { "sh", "-c", script, NULL };
	const struct weir_child r = { .path = BUSYBOX, .argv = argv };
	const struct weir_u_record *rec;
	unsigned long long before;
	int gate[2], here[2];
	char byte;
	pid_t shell;

	begin();
	KTAP_ASSERT(!pipe(gate) && !pipe(here));
	snprintf(script, sizeof(script),
		 "echo >&%d; read x <&%d; " BUSYBOX " true " MARK "; :", here[1], gate[0]);
	shell = weir_child_start(&r);
	rec = weir_ev_next(dev, shell);
	KTAP_ASSERT(rec);
	TEXT(rec, ParentCommandLine, weir_child_own_command());
	/* Its record comes before its exec is done. */
	KTAP_ASSERT_EQ(read(here[0], &byte, 1), 1);
	before = info().evicted;
	fork_many(PLACES);
	KTAP_EXPECT(info().evicted > before);
	KTAP_EXPECT_EQ(info().processes, PLACES);
	KTAP_ASSERT_EQ(write(gate[1], "\n", 1), 1);
	KTAP_EXPECT_EQ(weir_child_finish(shell), 0);
	rec = weir_ev_next(dev, 0);
	KTAP_ASSERT(rec);
	NUM(rec, ParentProcessId, (uint64_t)shell);
	TEXT(rec, ParentImage, BUSYBOX);
	ABSENT(rec, ParentCommandLine);
	TEXT(rec, GrandParentImage, weir_child_own_image());
	TEXT(rec, GrandParentCommandLine, weir_child_own_command());
	KTAP_EXPECT(!weir_ev_unload(dev, CHANNEL));
}

KTAP_MAIN()
