// SPDX-License-Identifier: GPL-2.0
/* The process table: what is remembered of whom, for how long, and who gives way. */
#include <kunit/test.h>
#include <linux/sched.h>

#include "../interpreter/weir.h"
#include "../kmod/procs.h"

#define CAPACITY 64u

static struct weir_value text_of(const char *s)
{
	return (struct weir_value){ .ptr = s, .len = strlen(s), .kind = WEIR_KIND_string };
}

static const struct weir_value none;

/* All that the table looks at in a task. */
static struct task_struct *task(struct kunit *test, pid_t tgid, u64 start)
{
	struct task_struct *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->tgid = tgid;
	t->start_time = start;
	return t;
}

static void exec(const struct task_struct *t, const char *image, const char *command)
{
	struct weir_value i = text_of(image), c = text_of(command);

	weir_procs_exec(t, &i, &c, false);
}

static bool knows(const struct task_struct *t, enum weir_proc_text which, const char *want)
{
	u8 b[WEIR_PROC_COMMAND];
	bool cut = false;
	int n;

	n = weir_procs_text(t, which, b, sizeof(b), &cut);
	return n == (int)strlen(want) && !memcmp(b, want, n) && !cut;
}

static bool unknown(const struct task_struct *t, enum weir_proc_text which)
{
	u8 b[WEIR_PROC_COMMAND];
	bool cut = false;

	return weir_procs_text(t, which, b, sizeof(b), &cut) == -ENOENT;
}

static u64 live(void)
{
	u64 n, evicted;

	weir_procs_stats(&n, &evicted);
	return n;
}

static u64 evictions(void)
{
	u64 n, evicted;

	weir_procs_stats(&n, &evicted);
	return evicted;
}

static int table_init(struct kunit *test)
{
	return weir_procs_start(CAPACITY);
}

static void table_exit(struct kunit *test)
{
	weir_procs_stop();
}

static void an_exec_replaces_what_was_known(struct kunit *test)
{
	struct task_struct *t = task(test, 10, 1);

	KUNIT_EXPECT_TRUE(test, unknown(t, WEIR_PROC_IS_IMAGE));
	exec(t, "/bin/a", "a 1");
	exec(t, "/bin/b", "b");
	KUNIT_EXPECT_TRUE(test, knows(t, WEIR_PROC_IS_IMAGE, "/bin/b"));
	KUNIT_EXPECT_TRUE(test, knows(t, WEIR_PROC_IS_COMMAND, "b"));
	KUNIT_EXPECT_EQ(test, live(), 1);
}

static void a_child_is_what_its_parent_was(struct kunit *test)
{
	struct task_struct *parent = task(test, 10, 1), *child = task(test, 11, 2);

	weir_procs_fork(parent, child);
	KUNIT_EXPECT_TRUE(test, unknown(child, WEIR_PROC_IS_IMAGE));
	exec(parent, "/bin/a", "a 1");
	weir_procs_fork(parent, child);
	exec(parent, "/bin/b", "b");
	KUNIT_EXPECT_TRUE(test, knows(child, WEIR_PROC_IS_IMAGE, "/bin/a"));
	KUNIT_EXPECT_TRUE(test, knows(child, WEIR_PROC_IS_COMMAND, "a 1"));
}

static void an_id_used_again_is_another_process(struct kunit *test)
{
	struct task_struct *old = task(test, 10, 1), *new = task(test, 10, 2);

	exec(old, "/bin/a", "a");
	KUNIT_EXPECT_TRUE(test, unknown(new, WEIR_PROC_IS_IMAGE));
	exec(new, "/bin/b", "b");
	KUNIT_EXPECT_TRUE(test, knows(old, WEIR_PROC_IS_IMAGE, "/bin/a"));
	KUNIT_EXPECT_TRUE(test, knows(new, WEIR_PROC_IS_IMAGE, "/bin/b"));
}

static void an_ended_process_goes_first_uncounted(struct kunit *test)
{
	struct task_struct *ended = task(test, 10, 1);
	u64 before = evictions();
	u32 i;

	exec(ended, "/bin/a", "a");
	weir_procs_exit(ended);
	weir_procs_exit(ended);
	KUNIT_EXPECT_EQ(test, live(), 0);
	KUNIT_EXPECT_TRUE(test, knows(ended, WEIR_PROC_IS_IMAGE, "/bin/a"));
	for (i = 0; i < CAPACITY; i++)
		exec(task(test, 100 + i, 5), "/bin/b", "b");
	KUNIT_EXPECT_TRUE(test, unknown(ended, WEIR_PROC_IS_IMAGE));
	KUNIT_EXPECT_EQ(test, evictions(), before);
	KUNIT_EXPECT_EQ(test, live(), CAPACITY);
}

static void a_full_table_drops_who_was_not_asked_for_longest(struct kunit *test)
{
	struct task_struct *first = task(test, 10, 1), *second = task(test, 11, 1);
	u64 before = evictions();
	u32 i;

	exec(first, "/bin/first", "1");
	exec(second, "/bin/second", "2");
	for (i = 2; i < CAPACITY; i++)
		exec(task(test, 100 + i, 5), "/bin/b", "b");
	KUNIT_EXPECT_TRUE(test, knows(first, WEIR_PROC_IS_COMMAND, "1"));
	exec(task(test, 1000, 9), "/bin/c", "c");
	KUNIT_EXPECT_EQ(test, evictions(), before + 1);
	KUNIT_EXPECT_TRUE(test, unknown(second, WEIR_PROC_IS_IMAGE));
	KUNIT_EXPECT_TRUE(test, knows(first, WEIR_PROC_IS_IMAGE, "/bin/first"));
	KUNIT_EXPECT_EQ(test, live(), CAPACITY);
}

static void a_fork_into_a_full_table_keeps_the_parent(struct kunit *test)
{
	struct task_struct *parent = task(test, 10, 1), *child = task(test, 11, 2);
	u32 i;

	exec(parent, "/bin/a", "a");
	for (i = 1; i < CAPACITY; i++)
		exec(task(test, 100 + i, 5), "/bin/b", "b");
	weir_procs_fork(parent, child);
	KUNIT_EXPECT_TRUE(test, knows(parent, WEIR_PROC_IS_IMAGE, "/bin/a"));
	KUNIT_EXPECT_TRUE(test, knows(child, WEIR_PROC_IS_IMAGE, "/bin/a"));
}

static void what_does_not_fit_is_cut_and_said_to_be(struct kunit *test)
{
	struct task_struct *t = task(test, 10, 1), *child = task(test, 11, 2);
	char *text = kunit_kzalloc(test, WEIR_PROC_COMMAND + 2, GFP_KERNEL);
	u8 b[WEIR_PROC_COMMAND];
	bool cut = false;

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, 'x', WEIR_PROC_COMMAND);
	exec(t, "/bin/a", text);
	KUNIT_EXPECT_TRUE(test, knows(t, WEIR_PROC_IS_COMMAND, text));
	text[WEIR_PROC_COMMAND] = 'x';
	exec(t, text, text);
	weir_procs_fork(t, child);
	/* Half a path is no path. */
	KUNIT_EXPECT_TRUE(test, unknown(child, WEIR_PROC_IS_IMAGE));
	KUNIT_EXPECT_EQ(test, weir_procs_text(child, WEIR_PROC_IS_COMMAND, b, sizeof(b), &cut),
			WEIR_PROC_COMMAND);
	KUNIT_EXPECT_TRUE(test, cut);
}

static void what_was_not_captured_stays_unknown(struct kunit *test)
{
	struct task_struct *t = task(test, 10, 1);
	struct weir_value image = text_of("/bin/a");

	exec(t, "/bin/old", "old");
	weir_procs_exec(t, &image, &none, false);
	KUNIT_EXPECT_TRUE(test, knows(t, WEIR_PROC_IS_IMAGE, "/bin/a"));
	KUNIT_EXPECT_TRUE(test, unknown(t, WEIR_PROC_IS_COMMAND));
}

static void found(const struct task_struct *t, const char *image, const char *command)
{
	struct weir_value i = text_of(image), c = text_of(command);

	weir_procs_complete(t, &i, &c, false);
}

static void an_older_process_is_known_once_it_is_looked_at(struct kunit *test)
{
	struct task_struct *t = task(test, 10, 1);

	KUNIT_EXPECT_TRUE(test, weir_procs_reserve(t));
	KUNIT_EXPECT_TRUE(test, unknown(t, WEIR_PROC_IS_IMAGE));
	KUNIT_EXPECT_TRUE(test, weir_procs_reserve(t));
	found(t, "/bin/a", "a 1");
	KUNIT_EXPECT_TRUE(test, knows(t, WEIR_PROC_IS_IMAGE, "/bin/a"));
	KUNIT_EXPECT_TRUE(test, knows(t, WEIR_PROC_IS_COMMAND, "a 1"));
	KUNIT_EXPECT_FALSE(test, weir_procs_reserve(t));
	found(t, "/bin/late", "late");
	KUNIT_EXPECT_TRUE(test, knows(t, WEIR_PROC_IS_IMAGE, "/bin/a"));
	KUNIT_EXPECT_EQ(test, live(), 1);
}

static void what_was_found_before_an_exec_does_not_outlive_it(struct kunit *test)
{
	struct task_struct *t = task(test, 10, 1), *never = task(test, 11, 1);

	KUNIT_EXPECT_TRUE(test, weir_procs_reserve(t));
	exec(t, "/bin/new", "new");
	found(t, "/bin/old", "old");
	KUNIT_EXPECT_TRUE(test, knows(t, WEIR_PROC_IS_IMAGE, "/bin/new"));
	KUNIT_EXPECT_TRUE(test, knows(t, WEIR_PROC_IS_COMMAND, "new"));
	found(never, "/bin/a", "a");
	KUNIT_EXPECT_TRUE(test, unknown(never, WEIR_PROC_IS_IMAGE));
}

static void a_child_of_one_not_looked_at_yet_is_looked_at_too(struct kunit *test)
{
	struct task_struct *parent = task(test, 10, 1), *child = task(test, 11, 2);

	KUNIT_EXPECT_TRUE(test, weir_procs_reserve(parent));
	weir_procs_fork(parent, child);
	found(parent, "/bin/a", "a");
	KUNIT_EXPECT_TRUE(test, unknown(child, WEIR_PROC_IS_IMAGE));
	KUNIT_EXPECT_TRUE(test, weir_procs_reserve(child));
	found(child, "/bin/a", "a");
	KUNIT_EXPECT_TRUE(test, knows(child, WEIR_PROC_IS_COMMAND, "a"));
}

static void nobody_gives_way_for_an_older_process(struct kunit *test)
{
	struct task_struct *older = task(test, 10, 1), *ended = task(test, 100, 5);
	u64 before = evictions();
	u32 i;

	exec(ended, "/bin/b", "b");
	for (i = 1; i < CAPACITY; i++)
		exec(task(test, 100 + i, 5), "/bin/b", "b");
	KUNIT_EXPECT_FALSE(test, weir_procs_reserve(older));
	KUNIT_EXPECT_EQ(test, evictions(), before);
	weir_procs_exit(ended);
	KUNIT_EXPECT_TRUE(test, weir_procs_reserve(older));
	KUNIT_EXPECT_EQ(test, evictions(), before);
	weir_procs_exit(older);
	KUNIT_EXPECT_EQ(test, live(), CAPACITY - 1);
}

static void who_takes_a_place_inherits_nothing_from_who_had_it(struct kunit *test)
{
	struct task_struct *old = task(test, 10, 1), *new = task(test, 11, 2);
	u32 i;

	exec(old, "/bin/a", "a");
	weir_procs_expect(old);
	weir_procs_exit(old);
	for (i = 1; i < CAPACITY; i++)
		exec(task(test, 100 + i, 5), "/bin/b", "b");
	KUNIT_EXPECT_TRUE(test, weir_procs_reserve(new));
	KUNIT_EXPECT_TRUE(test, unknown(old, WEIR_PROC_IS_IMAGE));
	KUNIT_EXPECT_TRUE(test, unknown(new, WEIR_PROC_IS_IMAGE));
	KUNIT_EXPECT_TRUE(test, unknown(new, WEIR_PROC_IS_COMMAND));
	KUNIT_EXPECT_FALSE(test, weir_procs_expected(new));
}

static void an_exec_that_nobody_announced_is_noticed(struct kunit *test)
{
	struct task_struct *t = task(test, 10, 1), *child = task(test, 11, 2);

	weir_procs_expect(t);
	KUNIT_EXPECT_TRUE(test, weir_procs_expected(t));
	exec(t, "/bin/a", "a");
	KUNIT_EXPECT_FALSE(test, weir_procs_expected(t));
	weir_procs_expect(t);
	weir_procs_fork(t, child);
	KUNIT_EXPECT_FALSE(test, weir_procs_expected(child));
	KUNIT_EXPECT_TRUE(test, weir_procs_expected(t));
	KUNIT_EXPECT_FALSE(test, weir_procs_expected(t));
}

static struct kunit_case cases[] = { KUNIT_CASE(an_exec_replaces_what_was_known),
				     KUNIT_CASE(a_child_is_what_its_parent_was),
				     KUNIT_CASE(an_id_used_again_is_another_process),
				     KUNIT_CASE(an_ended_process_goes_first_uncounted),
				     KUNIT_CASE(a_full_table_drops_who_was_not_asked_for_longest),
				     KUNIT_CASE(a_fork_into_a_full_table_keeps_the_parent),
				     KUNIT_CASE(what_does_not_fit_is_cut_and_said_to_be),
				     KUNIT_CASE(what_was_not_captured_stays_unknown),
				     KUNIT_CASE(an_older_process_is_known_once_it_is_looked_at),
				     KUNIT_CASE(what_was_found_before_an_exec_does_not_outlive_it),
				     KUNIT_CASE(a_child_of_one_not_looked_at_yet_is_looked_at_too),
				     KUNIT_CASE(nobody_gives_way_for_an_older_process),
				     KUNIT_CASE(who_takes_a_place_inherits_nothing_from_who_had_it),
				     KUNIT_CASE(an_exec_that_nobody_announced_is_noticed),
				     {} };

static struct kunit_suite suite = {
	.name = "weir_procs",
	.init = table_init,
	.exit = table_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
