// SPDX-License-Identifier: GPL-2.0
/* User names, and the names of fields that are withheld: what is accepted, what is found. */
#include <kunit/test.h>
#include <linux/string.h>

#include "../kmod/capture.h"
#include "../kmod/names.h"
#include "../kmod/uapi/weir.h"

static const struct weir_u_name three[] = { { 0, "root" }, { 7, "seven" }, { 1000, "someone" } };

static bool finds(u32 id, const char *want)
{
	u8 b[36];
	u32 n = weir_names_find(id, b, sizeof(b));

	return n == strlen(want) && !memcmp(b, want, n);
}

static void names_exit(struct kunit *test)
{
	weir_names_set(NULL, 0);
}

static void every_name_is_found_and_no_other(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, weir_names_set(three, 3), 0);
	KUNIT_EXPECT_EQ(test, weir_names_count(), 3);
	KUNIT_EXPECT_TRUE(test, finds(0, "root"));
	KUNIT_EXPECT_TRUE(test, finds(7, "seven"));
	KUNIT_EXPECT_TRUE(test, finds(1000, "someone"));
	KUNIT_EXPECT_TRUE(test, finds(1, ""));
	KUNIT_EXPECT_TRUE(test, finds(~0u, ""));
}

static void a_table_replaces_all_of_the_one_before(struct kunit *test)
{
	static const struct weir_u_name other[] = { { 7, "siete" } };

	KUNIT_ASSERT_EQ(test, weir_names_set(three, 3), 0);
	KUNIT_ASSERT_EQ(test, weir_names_set(other, 1), 0);
	KUNIT_EXPECT_EQ(test, weir_names_count(), 1);
	KUNIT_EXPECT_TRUE(test, finds(7, "siete"));
	KUNIT_EXPECT_TRUE(test, finds(0, ""));
	KUNIT_ASSERT_EQ(test, weir_names_set(NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, weir_names_count(), 0);
	KUNIT_EXPECT_TRUE(test, finds(7, ""));
}

static void a_wrong_table_is_refused_and_changes_nothing(struct kunit *test)
{
	static const struct weir_u_name descending[] = { { 7, "a" }, { 6, "b" } };
	static const struct weir_u_name twice[] = { { 7, "a" }, { 7, "b" } };
	static const struct weir_u_name empty[] = { { 7, "" } };
	struct weir_u_name endless = { .id = 7 };

	memset(endless.name, 'x', sizeof(endless.name));
	KUNIT_ASSERT_EQ(test, weir_names_set(three, 3), 0);
	KUNIT_EXPECT_EQ(test, weir_names_set(descending, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, weir_names_set(twice, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, weir_names_set(empty, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, weir_names_set(&endless, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, weir_names_set(three, 65537), -E2BIG);
	KUNIT_EXPECT_TRUE(test, finds(7, "seven"));
}

static void a_name_that_does_not_fit_is_not_cut(struct kunit *test)
{
	u8 b[4] = {};

	KUNIT_ASSERT_EQ(test, weir_names_set(three, 3), 0);
	KUNIT_EXPECT_EQ(test, weir_names_find(7, b, sizeof(b)), 0);
	KUNIT_EXPECT_EQ(test, weir_names_find(0, b, sizeof(b)), 4);
}

static void withheld_fields_are_found_by_name(struct kunit *test)
{
	static const char names[] = "ipc.TargetImage, process_creation.User,ipc.Operation";
	u64 mask[WEIR_NTYPES];
	u32 i;

	KUNIT_ASSERT_EQ(test, weir_withhold_parse(NULL, mask), 0);
	for (i = 0; i < WEIR_NTYPES; i++)
		KUNIT_EXPECT_EQ(test, mask[i], 0);
	KUNIT_ASSERT_EQ(test, weir_withhold_parse(names, mask), 0);
	for (i = 0; i < WEIR_NTYPES; i++) {
		u64 want = 0;

		if (weir_types[i].id == WEIR_TYPE_ipc)
			want = BIT_ULL(WEIR_ipc_TargetImage) | BIT_ULL(WEIR_ipc_Operation);
		if (weir_types[i].id == WEIR_TYPE_process_creation)
			want = BIT_ULL(WEIR_process_creation_User);
		KUNIT_EXPECT_EQ(test, mask[i], want);
	}
}

static void other_names_cannot_be_withheld(struct kunit *test)
{
	static const char *const wrong[] = {
		"ipc", "ipc.", ".User", "ipc.targetimage", "ipc.TargetImage,", "ipc.User.x", "User"
	};
	u64 mask[WEIR_NTYPES];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		KUNIT_EXPECT_EQ(test, weir_withhold_parse(wrong[i], mask), -EINVAL);
}

static struct kunit_case cases[] = { KUNIT_CASE(every_name_is_found_and_no_other),
				     KUNIT_CASE(a_table_replaces_all_of_the_one_before),
				     KUNIT_CASE(a_wrong_table_is_refused_and_changes_nothing),
				     KUNIT_CASE(a_name_that_does_not_fit_is_not_cut),
				     KUNIT_CASE(withheld_fields_are_found_by_name),
				     KUNIT_CASE(other_names_cannot_be_withheld),
				     {} };

static struct kunit_suite suite = {
	.name = "weir_names",
	.exit = names_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
