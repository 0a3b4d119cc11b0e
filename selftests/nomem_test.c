// SPDX-License-Identifier: GPL-2.0
/* Whatever allocation or copy fails: a request fails as a whole, and says so. */
#include <fcntl.h>
#include <sys/ioctl.h>

#include "device.h"
#include "events.h"
#include "failing.h"
#include "ktap.h"
#include "templates.h"

#define MARKED "/content/marked.raw"
#define TRUSTED "/keys/TEST-ONLY"
#define CHANNEL 4242u
#define MANY 2000

/* The kernel fails the @nth thing that can fail in what this thread does next. */
static int arm(int nth)
{
	int fd = weir_failing_open();

	KTAP_ASSERT(fd >= 0 && !weir_failing_arm(fd, nth));
	return fd;
}

/* Did something fail since arm()? Nothing does from now on. */
static int disarm(int fd)
{
	int hit = weir_failing_disarm(fd);

	KTAP_ASSERT(hit >= 0);
	close(fd);
	return hit;
}

static int dev(void)
{
	int fd = open(WEIR_DEV, O_RDWR);
	int ret = weir_failing_setup(0);

	KTAP_ASSERT(fd >= 0);
	if (ret > 0)
		KTAP_SKIP("this kernel cannot make allocations fail");
	KTAP_ASSERT(!ret);
	return fd;
}

static struct weir_u_channel state(int fd)
{
	struct weir_u_channel ch = {};

	if (weir_dev_channel(fd, CHANNEL, &ch))
		memset(&ch, 0, sizeof(ch));
	return ch;
}

/* A copy back to the caller can fail after the work was done: then all of it was. */
static int may_have_worked(int ret)
{
	return !ret || ret == -EFAULT;
}

static void check_refusal(int ret)
{
	if (ret != -ENOMEM && ret != -EFAULT && ret != -EBUSY && ret != -EKEYREJECTED &&
	    ret != -ENOKEY)
		ktap_note("returned %d", ret);
	KTAP_EXPECT(ret == -ENOMEM || ret == -EFAULT || ret == -EBUSY || ret == -EKEYREJECTED ||
		    ret == -ENOKEY);
}

static struct weir_blob made(u64 version)
{
	struct weir_blob blob;

	KTAP_ASSERT_EQ(weir_blob_made(MARKED, TRUSTED, CHANNEL, version, &blob), 0);
	return blob;
}

KTAP_TEST_T(a_submit_that_fails_leaves_nothing, 240)
{
	struct weir_u_submit s;
	struct weir_blob blob;
	u64 version = state(dev()).floor + 1;
	int fd = dev(), nth, ret, hit = 1, hits = 0;

	blob = made(version);
	for (nth = 1; hit && nth < MANY; nth++) {
		int f = arm(nth);

		ret = weir_dev_submit(fd, &blob, &s);
		hit = disarm(f);
		hits += hit;
		if (ret)
			check_refusal(ret);
		if (state(fd).floor != version) {
			KTAP_EXPECT(ret);
			continue;
		}
		KTAP_EXPECT(may_have_worked(ret));
		KTAP_EXPECT_EQ(state(fd).slot[WEIR_SLOT_CANDIDATE].version, version);
		free(blob.b);
		blob = made(++version);
	}
	ktap_note("%d failures", hits);
	KTAP_EXPECT(hits > 20);
	KTAP_EXPECT(!hit);
	KTAP_EXPECT_EQ(ret, 0);
}

static int failing_activation(int fd, u64 version, int nth, int *hit)
{
	int f = arm(nth);
	int ret = weir_dev_op(fd, WEIR_IOC_ACTIVATE, CHANNEL, version);

	*hit = disarm(f);
	return ret;
}

KTAP_TEST_T(an_activation_that_fails_changes_nothing, 240)
{
	struct weir_u_type type = { .size = sizeof(type) };
	int fd = dev(), nth, ret, hit = 1, hits = 0;
	struct weir_u_submit s;
	struct weir_blob blob;
	u64 version = state(fd).floor;

	for (nth = 1; hit && nth < MANY; nth++) {
		if (state(fd).slot[WEIR_SLOT_CANDIDATE].version != version || nth == 1) {
			blob = made(++version);
			KTAP_ASSERT_EQ(weir_dev_submit(fd, &blob, &s), 0);
			free(blob.b);
		}
		ret = failing_activation(fd, version, nth, &hit);
		hits += hit;
		if (ret)
			check_refusal(ret);
		KTAP_ASSERT_EQ(ioctl(fd, WEIR_IOC_TYPE, &type), 0);
		if (state(fd).slot[WEIR_SLOT_ACTIVE].version == version) {
			KTAP_EXPECT(may_have_worked(ret));
			KTAP_EXPECT_EQ(type.armed, 1);
			KTAP_ASSERT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, CHANNEL, 0), 0);
		} else {
			KTAP_EXPECT(ret);
			KTAP_EXPECT_EQ(type.armed, 0);
		}
	}
	ktap_note("%d failures", hits);
	KTAP_EXPECT(hits > 2);
	KTAP_EXPECT(!hit);
	KTAP_EXPECT_EQ(ret, 0);
}

/*
 * Content that every event of a type matches, in a channel for each. Two types, for every failure
 * is an arming of its own, which takes time on a kernel full of checks; the others arm likewise.
 */
static const struct {
	const char *raw;
	u32 type;
} soaks[] = {
	{ "/content/soak_process_creation.raw", WEIR_TYPE_process_creation },
	{ "/content/soak_network_connection.raw", WEIR_TYPE_network_connection },
};

#define SOAKS (sizeof(soaks) / sizeof(soaks[0]))

static struct weir_u_channel soak_state(int fd, size_t i)
{
	struct weir_u_channel ch = {};

	if (weir_dev_channel(fd, CHANNEL + soaks[i].type, &ch))
		memset(&ch, 0, sizeof(ch));
	return ch;
}

static u64 active(int fd, size_t i)
{
	return soak_state(fd, i).slot[WEIR_SLOT_ACTIVE].version;
}

static u32 armed(int fd, size_t i)
{
	struct weir_u_type type = { .size = sizeof(type) };

	KTAP_ASSERT(!weir_ev_type(fd, soaks[i].type, &type));
	return type.armed;
}

/* Makes it the candidate, unless the kernel still has one. */
static u64 offer(int fd, size_t i)
{
	struct weir_u_channel ch = soak_state(fd, i);
	struct weir_u_submit s;
	struct weir_blob blob;
	int ret;

	if (ch.slot[WEIR_SLOT_CANDIDATE].version)
		return ch.slot[WEIR_SLOT_CANDIDATE].version;
	ret = weir_blob_made(soaks[i].raw, TRUSTED, CHANNEL + soaks[i].type, ch.floor + 1, &blob);
	KTAP_ASSERT_EQ(ret, 0);
	KTAP_ASSERT_EQ(weir_dev_submit(fd, &blob, &s), 0);
	free(blob.b);
	return ch.floor + 1;
}

/* A request about a channel, of which the @nth thing that can fail does. */
static int failing_op(int fd, unsigned long cmd, size_t i, u64 version, int nth, int *hit)
{
	int f = arm(nth);
	int ret = weir_dev_op(fd, cmd, CHANNEL + soaks[i].type, version);

	*hit = disarm(f);
	return ret;
}

static void unload(int fd, size_t i)
{
	KTAP_ASSERT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, CHANNEL + soaks[i].type, 0), 0);
}

/* Returns how many things failed. */
static int arm_with_failures(int fd, size_t i)
{
	int nth, ret, hit = 1, hits = 0;
	u64 version;

	for (nth = 1; hit && nth < MANY; nth++) {
		version = offer(fd, i);
		ret = failing_op(fd, WEIR_IOC_ACTIVATE, i, version, nth, &hit);
		hits += hit;
		if (ret)
			check_refusal(ret);
		KTAP_EXPECT_EQ(armed(fd, i), active(fd, i) == version);
		if (active(fd, i)) {
			KTAP_EXPECT(may_have_worked(ret));
			unload(fd, i);
		}
	}
	KTAP_EXPECT(!hit);
	KTAP_EXPECT_EQ(ret, 0);
	return hits;
}

KTAP_TEST_T(arming_another_type_that_fails_leaves_what_is_loaded, 240)
{
	int fd = dev(), hits;
	u64 version = offer(fd, 0);
	size_t i;

	KTAP_ASSERT_EQ(weir_dev_op(fd, WEIR_IOC_ACTIVATE, CHANNEL + soaks[0].type, version), 0);
	for (i = 1; i < SOAKS; i++) {
		hits = arm_with_failures(fd, i);
		ktap_note("type %u: %d failures", soaks[i].type, hits);
		KTAP_EXPECT(hits > 2);
		KTAP_EXPECT_EQ(active(fd, 0), version);
		KTAP_EXPECT_EQ(armed(fd, 0), 1);
	}
	unload(fd, 0);
}

KTAP_MAIN()
