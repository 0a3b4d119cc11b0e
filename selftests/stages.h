/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tests of stages share: a channel, contents and events for it. The events are those of the
 * sample module: none but the test's own.
 */
#ifndef WEIR_SELFTESTS_STAGES_H
#define WEIR_SELFTESTS_STAGES_H

#include <fcntl.h>
#include <sys/ioctl.h>

#include "child.h"
#include "device.h"
#include "events.h"
#include "ktap.h"
#include "sample.h"

#define CHANNEL 7110u
/* Green events alert, and a text is denied; of one type */
#define GREEN "/content/sample_test.raw"
/* Blue events of either type alert */
#define BLUE "/content/sample_both.raw"
#define OTHER 1001u
#define FUEL "/sys/module/weir/parameters/fuel"
#define DEFAULT_FUEL "268435456"
#define WITHOUT_END 1000000u

enum colour { RED_EVENT, GREEN_EVENT, BLUE_EVENT };

static struct weir_sample_value v[WEIR_SAMPLE_FIELDS + 1];
static int dev, sample;

static const struct weir_u_gate no_gate;

/* At least so many events, and no more than a match in two and a verdict in two. */
static inline struct weir_u_gate events(u64 n)
{
	return (struct weir_u_gate){ .events = n, .matches_ppm = 500000, .verdicts_ppm = 500000 };
}

static inline struct weir_u_channel channel(void)
{
	struct weir_u_channel ch;

	KTAP_ASSERT_EQ(weir_dev_channel(dev, CHANNEL, &ch), 0);
	return ch;
}

static inline struct weir_u_trials trials(void)
{
	struct weir_u_trials t;

	KTAP_ASSERT_EQ(weir_dev_trials(dev, CHANNEL, &t), 0);
	return t;
}

static inline u64 active(void)
{
	return channel().slot[WEIR_SLOT_ACTIVE].version;
}

static inline u64 shadow(void)
{
	return trials().content.version;
}

/* Of the active content, enum weir_u_trial_state */
static inline u64 trial(void)
{
	return trials().active.state;
}

static inline u64 last_good(void)
{
	return channel().slot[WEIR_SLOT_LAST_GOOD].version;
}

/* Returns the version of a candidate that is newer than all before. */
static inline u64 submit(const char *raw)
{
	struct weir_u_submit s;
	struct weir_blob blob;
	struct weir_u_channel ch;
	u64 version = weir_dev_channel(dev, CHANNEL, &ch) ? 1 : ch.floor + 1;

	KTAP_ASSERT_EQ(weir_blob_made(raw, "/keys/TEST-ONLY", CHANNEL, version, &blob), 0);
	KTAP_ASSERT_EQ(weir_dev_submit(dev, &blob, &s), 0);
	free(blob.b);
	return version;
}

static inline int stage(u64 version, u32 to, u32 flags, struct weir_u_gate gate)
{
	return weir_dev_stage(dev, CHANNEL, version, to, flags, &gate);
}

static inline int trust(u64 version)
{
	return stage(version, WEIR_STAGE_TRUSTED, 0, no_gate);
}

static inline int rollback(u64 version)
{
	return weir_dev_op(dev, WEIR_IOC_ROLLBACK, CHANNEL, version);
}

static inline u64 trusted(const char *raw)
{
	u64 version = submit(raw);

	KTAP_ASSERT_EQ(weir_dev_op(dev, WEIR_IOC_ACTIVATE, CHANNEL, version), 0);
	return version;
}

static inline u64 on_probation(const char *raw, u32 flags, struct weir_u_gate gate)
{
	u64 version = submit(raw);

	KTAP_ASSERT_EQ(stage(version, WEIR_STAGE_PROBATION, flags, gate), 0);
	return version;
}

static inline u64 in_shadow(const char *raw, u32 flags, struct weir_u_gate gate)
{
	u64 version = submit(raw);

	KTAP_ASSERT_EQ(stage(version, WEIR_STAGE_SHADOW, flags, gate), 0);
	return version;
}

/* The device, the other module, an empty channel that enforces. */
static inline void begin(void)
{
	struct weir_u_channel_op op = { .size = sizeof(op),
					.channel = CHANNEL,
					.mode = WEIR_MODE_ENFORCE };

	dev = open(WEIR_DEV, O_RDWR | O_NONBLOCK);
	KTAP_ASSERT(dev >= 0);
	sample = weir_sample_open();
	KTAP_ASSERT(sample >= 0);
	weir_sample_values(v);
	weir_sample_register(sample, 1, OTHER, "sample_other");
	submit(GREEN);
	KTAP_ASSERT_EQ(weir_dev_op(dev, WEIR_IOC_UNLOAD, CHANNEL, 0), 0);
	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_MODE, &op), 0);
}

static inline int happens(enum colour colour, u32 times)
{
	int verdict = -1;

	v[COLOUR].num = colour;
	while (times--)
		verdict = weir_sample_submit(sample, 0, WEIR_SAMPLE_TASK, v, WEIR_SAMPLE_FIELDS);
	return verdict;
}

static inline int submit_bad(const void *verdict)
{
	static const char text[] = "deny me";

	v[TEXT].ptr = (uintptr_t)text;
	v[TEXT].len = sizeof(text) - 1;
	return happens(RED_EVENT, 1) == *(const int *)verdict ? 0 : -1;
}

/* The event that is to be denied, of a process that is not exempt: this one has the device open. */
static inline int denied_event_comes_to(int verdict)
{
	return weir_child_act(0, submit_bad, &verdict) > 0;
}

/* Wait until something is as wanted, or fail. */
static inline void comes_to(u64 (*what)(void), u64 want)
{
	int left;

	for (left = 50; left && what() != want; left--)
		usleep(100000);
	KTAP_EXPECT_EQ(what(), want);
}

/* The next match of a version, of whatever process. */
static inline const struct weir_u_record *match_of(u64 version)
{
	const struct weir_u_record *r;

	do {
		r = weir_ev_next(dev, 0);
		KTAP_ASSERT(r);
	} while (r->version != version);
	return r;
}

#endif
