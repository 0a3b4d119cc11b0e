/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Verdicts applied: what its tests share, and what they expect. CHANNEL is each test's own, CONTENT
 * may be.
 */
#ifndef WEIR_SELFTESTS_ENFORCE_EXPECT_H
#define WEIR_SELFTESTS_ENFORCE_EXPECT_H

#include <fcntl.h>
#include <sys/ioctl.h>

#include "device.h"
#include "enforce.h"
#include "events.h"
#include "ktap.h"

#ifndef CONTENT
#define CONTENT "/content/enforce_test.raw"
#endif

#define RESULTS                                                                                    \
	(WEIR_RECF_DENIED | WEIR_RECF_KILLED | WEIR_RECF_EXEMPT | WEIR_RECF_AUDIT |                \
	 WEIR_RECF_UNAPPLIED)

static const struct weir_actor denied_user = { .user = WEIR_DENIED_USER };
static int dev;

static inline int set_mode(u32 channel, u32 mode, u32 flags)
{
	struct weir_u_channel_op op = {
		.size = sizeof(op),
		.channel = channel,
		.mode = mode,
		.flags = flags,
	};

	return ioctl(dev, WEIR_IOC_MODE, &op);
}

static inline void load_once(void)
{
	struct weir_u_channel c;
	int fd = open(WEIR_DEV, O_RDWR);

	KTAP_ASSERT(fd >= 0);
	if (weir_dev_channel(fd, CHANNEL, &c) || !c.slot[WEIR_SLOT_ACTIVE].version)
		KTAP_ASSERT_EQ(weir_dev_load(fd, CONTENT, CHANNEL, c.floor + 1), 0);
	close(fd);
}

/* Content is active in a mode, and no executable is exempt. */
static inline void begin(u32 mode, u32 flags)
{
	struct weir_u_exempt none = { .size = sizeof(none) };

	load_once();
	dev = weir_ev_open(CHANNEL, NULL);
	KTAP_ASSERT(dev >= 0);
	KTAP_ASSERT(!set_mode(CHANNEL, mode, flags));
	KTAP_ASSERT(!ioctl(dev, WEIR_IOC_EXEMPT, &none));
}

static inline struct weir_outcome try(const struct weir_deed *d, const struct weir_actor *a)
{
	struct weir_outcome o;

	ktap_note("%s, user %u", d->name, a->user);
	KTAP_ASSERT(!weir_deed_try(d, a, &o));
	return o;
}

static inline void expect_done(const struct weir_outcome *o)
{
	KTAP_EXPECT_EQ(o->signal, 0);
	KTAP_EXPECT(o->ret >= 0);
	KTAP_EXPECT(o->returned);
	KTAP_EXPECT(o->happened);
}

static inline void expect_denied(const struct weir_outcome *o)
{
	KTAP_EXPECT_EQ(o->signal, 0);
	KTAP_EXPECT_EQ(o->ret, -1);
	KTAP_EXPECT_EQ(o->err, o->deed->flags & WEIR_DEED_EACCES ? EACCES : EPERM);
	KTAP_EXPECT(!o->happened);
}

static inline void expect_record(pid_t pid, u32 verdict, u32 flags)
{
	const struct weir_u_record *r = weir_ev_next(dev, pid);

	KTAP_ASSERT(r);
	KTAP_EXPECT_EQ(r->verdict, verdict);
	KTAP_EXPECT_EQ(r->flags & RESULTS, flags);
}

/* The next record says that a channel failed closed, for want of a field or, if ~0, otherwise. */
static inline void expect_failed(pid_t pid, u32 channel, u32 field)
{
	static u8 buf[65536] __attribute__((aligned(8)));
	const struct weir_u_record *r = (const void *)buf;

	KTAP_ASSERT(read(dev, buf, sizeof(buf)) >= (ssize_t)sizeof(*r));
	KTAP_EXPECT_EQ(r->kind, WEIR_REC_FAILED);
	KTAP_EXPECT_EQ(r->channel, channel);
	KTAP_EXPECT_EQ(r->pid, pid);
	KTAP_EXPECT_EQ(r->field, field);
	KTAP_EXPECT_EQ(r->flags, WEIR_RECF_DENIED);
}

static inline struct weir_u_channel state(u32 channel)
{
	struct weir_u_channel c;

	KTAP_ASSERT_EQ(weir_dev_channel(dev, channel, &c), 0);
	return c;
}

#endif
