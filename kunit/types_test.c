// SPDX-License-Identifier: GPL-2.0
/* The registry of Template Types: what other modules may register, and what goes with a type. */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/string.h>

#include "../kmod/event.h"
#include "../kmod/types.h"
#include "../kmod/weir_module.h"
#include "store_bed.h"

#define ID 2000u
#define LONG_NAME "x123456789x123456789x123456789x123456789x123456789x123456789x12"
#define LONGER_NAME LONG_NAME "3"

static const struct weir_module_field fields[] = {
	{ "Text", WEIR_MODULE_STRING },
	{ "Colour", WEIR_MODULE_ENUM, "red|green" },
};

static const struct weir_module_type good = {
	.name = "made_event",
	.id = ID,
	.arity = ARRAY_SIZE(fields),
	.fields = fields,
	.provided = 3,
	.verdicts = BIT(WEIR_MODULE_DENY),
	.owner = THIS_MODULE,
};

static long result_of(const struct weir_module_type *t)
{
	struct weir_type_handle *h = weir_type_register(t);

	weir_type_unregister(h);
	return PTR_ERR_OR_ZERO(h);
}

static void a_type_is_there_from_register_to_unregister(struct kunit *test)
{
	struct weir_type_handle *h = weir_type_register(&good);
	const struct weir_type *t;
	int slot = weir_type_index(ID);

	KUNIT_ASSERT_FALSE(test, IS_ERR(h));
	KUNIT_ASSERT_GE(test, slot, (int)WEIR_NTYPES);
	KUNIT_EXPECT_EQ(test, weir_type_slot(h), slot);
	KUNIT_EXPECT_EQ(test, weir_types_count(), WEIR_NTYPES + 1);
	KUNIT_EXPECT_EQ(test, weir_types_nth(WEIR_NTYPES), slot);
	KUNIT_EXPECT_EQ(test, weir_type_arity(slot), 2u);
	KUNIT_EXPECT_EQ(test, weir_capture_provided(ID), 3ull);
	rcu_read_lock();
	t = weir_type_at(slot);
	KUNIT_EXPECT_STREQ(test, t->name, "made_event");
	KUNIT_EXPECT_PTR_NE(test, t->name, good.name);
	KUNIT_EXPECT_STREQ(test, t->fields[1].values, "red|green");
	KUNIT_EXPECT_STREQ(test, t->fields[0].values, "");
	rcu_read_unlock();
	weir_type_unregister(h);
	KUNIT_EXPECT_EQ(test, weir_type_index(ID), -1);
	KUNIT_EXPECT_EQ(test, weir_type_id(slot), 0u);
	KUNIT_EXPECT_EQ(test, weir_types_count(), (u32)WEIR_NTYPES);
	/* Once more, and too late. */
	weir_type_unregister(h);
	KUNIT_EXPECT_EQ(test, weir_type_wanted(h), 0ull);
	KUNIT_EXPECT_EQ(test, weir_type_submit(h, NULL, 0), 0);
}

static void a_type_with_a_flaw_is_refused(struct kunit *test)
{
	struct weir_module_type t[] = { good, good, good, good, good, good, good,
					good, good, good, good, good, good };
	u32 i;

	t[0].name = NULL;
	t[1].name = "";
	t[2].name = "two words";
	t[3].name = "1st";
	t[4].name = LONGER_NAME;
	t[5].id = WEIR_MODULE_ID_MIN - 1;
	t[6].id = WEIR_MODULE_ID_MAX + 1;
	t[7].arity = 0;
	t[8].arity = WEIR_MODULE_ARITY_MAX + 1;
	t[9].fields = NULL;
	t[10].provided = 4;
	t[11].verdicts = BIT(WEIR_MODULE_ALERT);
	t[12].owner = NULL;
	for (i = 0; i < ARRAY_SIZE(t); i++)
		KUNIT_EXPECT_EQ_MSG(test, result_of(&t[i]), -EINVAL, "flaw %u", i);
	KUNIT_EXPECT_EQ(test, result_of(&good), 0l);
	t[0].name = LONG_NAME;
	KUNIT_EXPECT_EQ(test, result_of(&t[0]), 0l);
}

static void a_field_with_a_flaw_is_refused(struct kunit *test)
{
	static const struct weir_module_field wrong[] = {
		{ NULL, WEIR_MODULE_U64 },
		{ "", WEIR_MODULE_U64 },
		{ "a\033[2J", WEIR_MODULE_U64 },
		{ "a|contains", WEIR_MODULE_U64 },
		{ "Text", WEIR_MODULE_U64 },
		{ LONGER_NAME, WEIR_MODULE_U64 },
		{ "A", 0 },
		{ "A", WEIR_MODULE_ENUM + 1 },
		{ "A", WEIR_MODULE_U64, "one|two" },
		{ "A", WEIR_MODULE_ENUM },
		{ "A", WEIR_MODULE_ENUM, "" },
		{ "A", WEIR_MODULE_ENUM, "|one" },
		{ "A", WEIR_MODULE_ENUM, "one||two" },
		{ "A", WEIR_MODULE_ENUM, "one|" },
		{ "A", WEIR_MODULE_ENUM, "one|two|ONE" },
		{ "A", WEIR_MODULE_ENUM, "one two" },
		{ "A", WEIR_MODULE_ENUM, "one|tw\x7f" },
		{ "A", WEIR_MODULE_ENUM, "one|" LONGER_NAME },
	};
	struct weir_module_field f[2] = { { "Text", WEIR_MODULE_STRING } };
	struct weir_module_type t = good;
	u32 i;

	t.fields = f;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		f[1] = wrong[i];
		KUNIT_EXPECT_EQ_MSG(test, result_of(&t), -EINVAL, "flaw %u", i);
	}
	f[1] = (struct weir_module_field){ "A", WEIR_MODULE_ENUM, "one|tw" };
	KUNIT_EXPECT_EQ(test, result_of(&t), 0l);
}

static void names_and_ids_are_taken_once(struct kunit *test)
{
	struct weir_type_handle *h = weir_type_register(&good);
	struct weir_module_type t = good;

	KUNIT_ASSERT_FALSE(test, IS_ERR(h));
	KUNIT_EXPECT_EQ(test, result_of(&good), -EEXIST);
	t.id++;
	KUNIT_EXPECT_EQ(test, result_of(&t), -EEXIST);
	t.name = "file_event";
	KUNIT_EXPECT_EQ(test, result_of(&t), -EEXIST);
	t.name = "made_other";
	KUNIT_EXPECT_EQ(test, result_of(&t), 0l);
	t.id--;
	KUNIT_EXPECT_EQ(test, result_of(&t), -EEXIST);
	weir_type_unregister(h);
	KUNIT_EXPECT_EQ(test, result_of(&t), 0l);
}

static void a_slot_stays_while_others_come_and_go(struct kunit *test)
{
	struct weir_type_handle *h[WEIR_TYPES_EXTRA];
	struct weir_module_type t = good;
	char name[16];
	u32 i;

	t.name = name;
	for (i = 0; i < WEIR_TYPES_EXTRA; i++, t.id++) {
		scnprintf(name, sizeof(name), "made_%u", i);
		h[i] = weir_type_register(&t);
		KUNIT_ASSERT_FALSE(test, IS_ERR(h[i]));
		KUNIT_EXPECT_EQ(test, weir_type_index(ID + i), WEIR_NTYPES + i);
	}
	strscpy(name, "made_more", sizeof(name));
	KUNIT_EXPECT_EQ(test, result_of(&t), -ENOSPC);
	weir_type_unregister(h[2]);
	KUNIT_EXPECT_EQ(test, weir_type_index(ID + 7), WEIR_NTYPES + 7);
	KUNIT_EXPECT_EQ(test, weir_types_nth(WEIR_NTYPES + 2), WEIR_NTYPES + 3);
	KUNIT_EXPECT_EQ(test, weir_types_nth(WEIR_NTYPES + 7), -1);
	h[2] = weir_type_register(&t);
	KUNIT_EXPECT_EQ(test, weir_type_index(t.id), WEIR_NTYPES + 2);
	for (i = 0; i < WEIR_TYPES_EXTRA; i++)
		weir_type_unregister(h[i]);
}

static void what_is_no_handle_is_not_followed(struct kunit *test)
{
	struct weir_type_handle *h = weir_type_register(&good);
	void *const wrong[] = { NULL, ERR_PTR(-EINVAL), h - 1, h + WEIR_TYPES_EXTRA, (u8 *)h + 1 };
	u32 i;

	KUNIT_ASSERT_FALSE(test, IS_ERR(h));
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		KUNIT_EXPECT_EQ(test, weir_type_slot(wrong[i]), -1);
		KUNIT_EXPECT_EQ(test, weir_type_wanted(wrong[i]), 0ull);
		KUNIT_EXPECT_EQ(test, weir_type_submit(wrong[i], NULL, 0), 0);
		weir_type_unregister(wrong[i]);
	}
	KUNIT_EXPECT_EQ(test, weir_type_slot(h), weir_type_index(ID));
	weir_type_unregister(h);
}

static void content_goes_with_a_type_and_only_with_it(struct kunit *test)
{
	struct weir_type_handle *h = weir_type_register(&good);
	struct weir_recipe r = { 91, 1, ID, 0, "x", 1 };
	struct weir_recipe other = { 92, 1, WEIR_TYPE_ipc, WEIR_ipc_Image, "x", 1 };

	KUNIT_ASSERT_FALSE(test, IS_ERR(h));
	weir_bed_load(test, &r);
	weir_bed_load(test, &other);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->slot[WEIR_SLOT_ACTIVE].version, 1ull);
	weir_type_unregister(h);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->slot[WEIR_SLOT_ACTIVE].version, 0ull);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->quarantined, (u32)WEIR_QUARANTINE_TYPE);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 1)->slot[WEIR_SLOT_ACTIVE].version, 1ull);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 1)->quarantined, 0u);
	KUNIT_EXPECT_EQ(test, weir_store_floor(91), 1ull);
}

static struct kunit_case cases[] = { KUNIT_CASE(a_type_is_there_from_register_to_unregister),
				     KUNIT_CASE(a_type_with_a_flaw_is_refused),
				     KUNIT_CASE(a_field_with_a_flaw_is_refused),
				     KUNIT_CASE(names_and_ids_are_taken_once),
				     KUNIT_CASE(a_slot_stays_while_others_come_and_go),
				     KUNIT_CASE(what_is_no_handle_is_not_followed),
				     KUNIT_CASE(content_goes_with_a_type_and_only_with_it),
				     {} };

static struct kunit_suite suite = {
	.name = "weir_types",
	.init = weir_bed_start,
	.exit = weir_bed_stop,
	.test_cases = cases,
};

kunit_test_suite(suite);
