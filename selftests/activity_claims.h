/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the activity_*_test programs assert in common. Their content is loaded once: first comes
 * activity_task_test, which wants to see it armed, last activity_test, which unloads it.
 */
#ifndef WEIR_SELFTESTS_ACTIVITY_CLAIMS_H
#define WEIR_SELFTESTS_ACTIVITY_CLAIMS_H

#include <fcntl.h>

#include "ktap.h"
#include "actor.h"
#include "child.h"
#include "templates.h"

#define F(name) WEIR_kernel_activity_##name
#define TEXT(r, name, want) KTAP_EXPECT(weir_ev_text(r, F(name), want))
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))
#define ABSENT(r, name) KTAP_EXPECT(weir_ev_absent(r, F(name)))

static int dev;
static pid_t actor;

static inline void begin(void)
{
	dev = weir_ev_open(WEIR_ACTIVITY_CHANNEL, WEIR_ACTIVITY_CONTENT);
	KTAP_ASSERT(dev >= 0);
}

static inline void act(uid_t id, int (*fn)(const void *), const void *what)
{
	const struct weir_actor a = { .act = fn, .what = what, .id = id };

	actor = weir_act(dev, &a);
	KTAP_ASSERT(actor > 0);
}

static inline const struct weir_u_record *next(int operation)
{
	const struct weir_u_record *r = weir_act_next(dev, actor, operation);

	KTAP_ASSERT(r);
	return r;
}

static inline void expect_done(void)
{
	KTAP_EXPECT(weir_act_done(dev, actor));
}

static inline void expect_no_target(const struct weir_u_record *r)
{
	ABSENT(r, TargetProcessId);
	ABSENT(r, TargetImage);
}

static inline void expect_no_file(const struct weir_u_record *r)
{
	ABSENT(r, TargetFilename);
	ABSENT(r, TargetDeleted);
	ABSENT(r, TargetMemfd);
}

static inline void expect_nothing_armed(void)
{
	int fd = open("/dev/weir", O_RDWR | O_CLOEXEC);
	struct weir_u_type t;
	uint32_t id;

	for (id = 1; id <= WEIR_NTYPES; id++) {
		KTAP_ASSERT(!weir_ev_type(fd, id, &t));
		KTAP_ASSERT(!t.armed);
	}
	close(fd);
}

static inline int fails(long ret, int error)
{
	return ret < 0 && errno == error ? 0 : -1;
}

#endif
