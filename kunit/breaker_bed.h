/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tests of the breaker share. Nothing is applied to the kernel threads that run them, so they
 * count hits of their own making; selftests/outage_drill.sh does it with tasks.
 */
#ifndef WEIR_KUNIT_BREAKER_BED_H
#define WEIR_KUNIT_BREAKER_BED_H

#include <kunit/test.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>

#include "store_bed.h"

#define CHANNEL 91u
#define TYPE WEIR_TYPE_process_creation
#define VALUE "/bin/weir-breaker"

static const struct weir_u_limits limits = {
	.policy = WEIR_POLICY_LAST_GOOD,
	.rate = 20,
	.share = 50,
	.share_least = 5,
	.kills = 5,
	.matches = 50,
};

static inline struct weir_recipe recipe(u64 version, u32 instances)
{
	return (struct weir_recipe){
		.channel = CHANNEL,
		.version = version,
		.type = TYPE,
		.field = WEIR_process_creation_Image,
		.equals = VALUE,
		.instances = instances,
		.action = WEIR_VERDICT_DENY,
	};
}

static inline struct weir_content *load(struct kunit *test, u64 version, u32 instances)
{
	struct weir_recipe r = recipe(version, instances);

	weir_bed_load(test, &r);
	return rcu_access_pointer(weir_store_find(CHANNEL)->active);
}

static inline struct weir_hit hit(u64 now, u32 uid, u32 instance)
{
	return (struct weir_hit){
		.now = now,
		.type = weir_type_index(TYPE),
		.instance = instance,
		.uid = uid,
	};
}

#endif
