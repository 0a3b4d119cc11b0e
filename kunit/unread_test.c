// SPDX-License-Identifier: GPL-2.0
/*
 * Fields that an event has and that cannot be read: an exec whose arguments are not in memory. As
 * in enforce_test.c nothing is applied to a kernel thread; records say what would have been.
 */
#include <kunit/test.h>
#include <linux/binfmts.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "../kmod/exec.h"
#include "../kmod/records.h"
#include "store_bed.h"

#define CHANNEL 287u
#define FIELD WEIR_process_creation_CommandLine
#define OTHER WEIR_process_creation_User
#define CAN_ALL (BIT(WEIR_VERDICT_ALERT) | BIT(WEIR_VERDICT_DENY) | BIT(WEIR_VERDICT_KILL))

/* An exec whose arguments end with a page that is there, or go on behind it where none is. */
struct exec {
	struct linux_binprm bprm;
	struct vm_area_struct vma;
	struct weir_exec seen;
	u8 *page;
	u8 buf[WEIR_BUFFER_SIZE];
};

static struct exec *bed;

static int unread_init(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, weir_capture_init(), 0);
	weir_bed_start(test);
	bed = kvzalloc(sizeof(*bed), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, bed);
	/* One of the kernel's own, behind which it leaves a gap. */
	bed->page = vmalloc(PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, bed->page);
	return 0;
}

static void unread_exit(struct kunit *test)
{
	vfree(bed->page);
	kvfree(bed);
	weir_bed_stop(test);
	weir_capture_exit();
}

/* The end of the page holds these bytes, the first of so many arguments; there is room for more. */
static struct weir_capture *event(struct kunit *test, const char *bytes, u32 n, int argc)
{
	struct weir_capture *c =
		weir_bed_event(test, WEIR_TYPE_process_creation, WEIR_process_creation_arity);
	u8 *at = bed->page + PAGE_SIZE - n;

	memcpy(at, bytes, n);
	bed->vma.vm_end = (unsigned long)bed->page + 2 * PAGE_SIZE;
	bed->bprm.vma = &bed->vma;
	bed->bprm.mm = current->active_mm;
	bed->bprm.p = (unsigned long)at;
	bed->bprm.argc = argc;
	bed->seen.bprm = &bed->bprm;
	c->tried = 0;
	c->buf = bed->buf;
	c->size = sizeof(bed->buf);
	c->hook = &bed->seen;
	c->power = CAN_ALL;
	return c;
}

/* All arguments but the first are where no memory is. */
static struct weir_capture *event_cut(struct kunit *test)
{
	return event(test, "sh", 3, 2);
}

/* The first one is. */
static struct weir_capture *event_without(struct kunit *test)
{
	return event(test, "", 0, 1);
}

static void expect_command(struct kunit *test, struct weir_capture *c, const char *want)
{
	const struct weir_value *v = &c->v[FIELD];

	weir_capture_fill(c, BIT_ULL(FIELD));
	KUNIT_ASSERT_EQ(test, v->kind, (u32)WEIR_KIND_string);
	KUNIT_ASSERT_EQ(test, v->len, (u32)strlen(want));
	KUNIT_EXPECT_EQ(test, memcmp(v->ptr, want, v->len), 0);
}

static void arguments_in_memory_are_read(struct kunit *test)
{
	static const char bytes[] = "sh\0-c\0id";
	struct weir_capture *c = event(test, bytes, sizeof(bytes), 3);

	expect_command(test, c, "sh -c id");
	KUNIT_EXPECT_EQ(test, c->unread, 0ull);
	KUNIT_EXPECT_FALSE(test, c->truncated);
}

static void arguments_that_are_fewer_than_was_said_are_not_unread(struct kunit *test)
{
	struct weir_capture *c = event_cut(test);

	bed->vma.vm_end -= PAGE_SIZE;
	expect_command(test, c, "sh ");
	KUNIT_EXPECT_EQ(test, c->unread, 0ull);
	KUNIT_EXPECT_TRUE(test, c->truncated);
}

static void arguments_that_go_on_where_no_page_is_are_unread_and_cut(struct kunit *test)
{
	struct weir_capture *c = event_cut(test);

	expect_command(test, c, "sh ");
	KUNIT_EXPECT_EQ(test, c->unread, BIT_ULL(FIELD));
	KUNIT_EXPECT_EQ(test, c->part, BIT_ULL(FIELD));
	KUNIT_EXPECT_TRUE(test, c->truncated);
}

static void arguments_that_are_not_in_memory_are_unread_and_absent(struct kunit *test)
{
	struct weir_capture *c = event_without(test);

	weir_capture_fill(c, BIT_ULL(FIELD));
	KUNIT_EXPECT_EQ(test, c->v[FIELD].kind, (u32)WEIR_KIND_none);
	KUNIT_EXPECT_EQ(test, c->unread, BIT_ULL(FIELD));
	KUNIT_EXPECT_EQ(test, c->part, 0ull);
}

/* One event, on content that denies what has such a field. */
static const struct weir_u_record *deliver(struct kunit *test, struct weir_capture *c, u32 field,
					   u32 flags, bool indexed)
{
	const struct weir_recipe r = {
		.channel = CHANNEL,
		.version = 1,
		.type = WEIR_TYPE_process_creation,
		.field = field,
		.equals = "no such thing",
		.instances = 1,
		.action = WEIR_VERDICT_DENY,
		.indexed = indexed,
	};
	u8 *buf = weir_bed_buffer(test);

	weir_bed_load(test, &r);
	KUNIT_ASSERT_EQ(test, weir_store_mode(CHANNEL, WEIR_MODE_ENFORCE, flags), 0);
	KUNIT_EXPECT_LE(test, weir_bed_deliver(c), (u32)WEIR_VERDICT_ALERT);
	return weir_bed_read(buf) ? (const void *)buf : NULL;
}

static void expect_failed(struct kunit *test, const struct weir_u_record *rec)
{
	KUNIT_ASSERT_NOT_NULL(test, rec);
	KUNIT_EXPECT_EQ(test, rec->kind, (u16)WEIR_REC_FAILED);
	KUNIT_EXPECT_EQ(test, rec->flags, (u32)WEIR_RECF_EXEMPT);
	KUNIT_EXPECT_EQ(test, rec->field, (u32)FIELD);
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->unread, 1ull);
	/* The content is not to blame. */
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->quarantined, (u32)WEIR_QUARANTINE_NONE);
}

static void an_unread_field_fails_closed_if_that_was_chosen(struct kunit *test)
{
	expect_failed(test,
		      deliver(test, event_without(test), FIELD, WEIR_MODE_FAIL_CLOSED, false));
}

static void so_does_one_that_only_the_index_reads(struct kunit *test)
{
	expect_failed(test, deliver(test, event_without(test), FIELD, WEIR_MODE_FAIL_CLOSED, true));
}

static void a_field_of_which_a_part_is_unread_fails_closed_as_well(struct kunit *test)
{
	expect_failed(test, deliver(test, event_cut(test), FIELD, WEIR_MODE_FAIL_CLOSED, false));
}

static void an_unread_field_is_counted_and_let_through_otherwise(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, deliver(test, event_without(test), FIELD, 0, true));
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->unread, 1ull);
}

static void who_does_not_read_the_field_does_not_mind(struct kunit *test)
{
	struct weir_capture *c = event_without(test);

	weir_capture_fill(c, BIT_ULL(FIELD));
	KUNIT_EXPECT_NULL(test, deliver(test, c, OTHER, WEIR_MODE_FAIL_CLOSED, true));
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->unread, 0ull);
}

static void arguments_that_are_read_do_not_fail(struct kunit *test)
{
	struct weir_capture *c = event(test, "sh", 3, 1);

	KUNIT_EXPECT_NULL(test, deliver(test, c, FIELD, WEIR_MODE_FAIL_CLOSED, false));
	KUNIT_EXPECT_EQ(test, weir_bed_state(test, 0)->unread, 0ull);
}

static struct kunit_case unread_cases[] = {
	KUNIT_CASE(arguments_in_memory_are_read),
	KUNIT_CASE(arguments_that_are_fewer_than_was_said_are_not_unread),
	KUNIT_CASE(arguments_that_go_on_where_no_page_is_are_unread_and_cut),
	KUNIT_CASE(arguments_that_are_not_in_memory_are_unread_and_absent),
	KUNIT_CASE(an_unread_field_fails_closed_if_that_was_chosen),
	KUNIT_CASE(so_does_one_that_only_the_index_reads),
	KUNIT_CASE(a_field_of_which_a_part_is_unread_fails_closed_as_well),
	KUNIT_CASE(an_unread_field_is_counted_and_let_through_otherwise),
	KUNIT_CASE(who_does_not_read_the_field_does_not_mind),
	KUNIT_CASE(arguments_that_are_read_do_not_fail),
	{}
};

static struct kunit_suite unread_suite = {
	.name = "weir_unread",
	.init = unread_init,
	.exit = unread_exit,
	.test_cases = unread_cases,
};

kunit_test_suite(unread_suite);
