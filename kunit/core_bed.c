// SPDX-License-Identifier: GPL-2.0
/* What tests of the core share: content in memory, and evaluations that are watched. */
#include <kunit/test.h>
#include <linux/string.h>
#include <asm/unaligned.h>

#include "core_bed.h"

struct weir_schema weir_core_schema(struct weir_schema_type *types)
{
	u32 i;

	for (i = 0; i < WEIR_NTYPES; i++) {
		weir_schema_type(&weir_types[i], ~0ull, &types[i]);
		types[i].provided = GENMASK_ULL(weir_types[i].arity - 1, 0);
	}
	return (struct weir_schema){ .t = types, .n = WEIR_NTYPES };
}

u8 *weir_core_copy(struct kunit *test, const u8 *b, u32 n)
{
	u8 *p = kunit_kmalloc(test, n, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p);
	memcpy(p, b, n);
	return p;
}

struct weir_view weir_core_open(struct kunit *test, const u8 *b, u32 n)
{
	struct weir_view v = {};
	struct weir_error err;

	KUNIT_ASSERT_EQ(test, weir_open(weir_core_copy(test, b, n), n, &v, &err), (int)WEIR_E_OK);
	return v;
}

struct weir_value *weir_core_values(struct kunit *test)
{
	struct weir_value *val = kunit_kcalloc(test, WEIR_ARITY_MAX, sizeof(*val), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, val);
	return val;
}

u32 weir_core_verify(const struct weir_view *v, struct weir_error *err)
{
	static struct weir_schema_type types[WEIR_NTYPES];
	struct weir_schema s = weir_core_schema(types);

	return weir_verify(v, &s, err);
}

void weir_core_refused(struct kunit *test, const struct weir_view *v, u32 at, u32 word, u32 code)
{
	u8 *p = (u8 *)v->b + at;
	u32 old = get_unaligned_le32(p);
	struct weir_error err = {};

	KUNIT_ASSERT_NE(test, old, word);
	put_unaligned_le32(word, p);
	KUNIT_EXPECT_EQ_MSG(test, weir_core_verify(v, &err), code, "offset %u, word %#x", at, word);
	put_unaligned_le32(old, p);
	KUNIT_EXPECT_EQ(test, weir_core_verify(v, &err), (u32)WEIR_E_OK);
}

void weir_core_evaluate(struct kunit *test, const struct weir_view *v, const struct weir_event *e,
			u32 *match, struct weir_result *res)
{
	struct weir_about about;
	struct weir_run run = { .match = match, .cap = WEIR_CORE_MATCHES };

	weir_about(v, &about);
	run.nscratch = about.scratch / sizeof(u32);
	run.scratch = kunit_kmalloc(test, about.scratch, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, run.scratch);
	memset(run.scratch, 0xa5, about.scratch);
	run.fuel = about.cost;
	match[WEIR_CORE_MATCHES] = WEIR_CORE_CANARY;
	weir_eval(v, e, &run, res);
	KUNIT_EXPECT_EQ(test, match[WEIR_CORE_MATCHES], WEIR_CORE_CANARY);
	kunit_kfree(test, run.scratch);
}
