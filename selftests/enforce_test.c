// SPDX-License-Identifier: GPL-2.0
/*
 * A verdict that is applied is applied: what was denied did not happen, what was killed ran no
 * further. Each claim is tried on every operation of enforce_*.c. The actor is another process than
 * the test, which holds the device.
 */
#include <fcntl.h>

#define CHANNEL 7150
#include "enforce_expect.h"

#define SWAP_CHANNEL 7151
#define FUEL_CHANNEL 7153
#define FUEL "/sys/module/weir/parameters/fuel"
#define DEFAULT_FUEL "268435456"

static const struct weir_actor killed_user = { .user = WEIR_KILLED_USER };
static const struct weir_actor free_user = { .user = WEIR_FREE_USER };

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	KTAP_ASSERT(fd >= 0);
	KTAP_ASSERT_EQ(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

KTAP_TEST_T(audit_mode_lets_everything_through_and_says_what_would_have_been, 60)
{
	const struct weir_deed *d = NULL;
	struct weir_u_channel before, after;
	struct weir_outcome o;

	begin(WEIR_MODE_AUDIT, 0);
	before = state(CHANNEL);
	while ((d = weir_deed_next(d))) {
		o = try(d, &killed_user);
		expect_done(&o);
		expect_record(o.pid, WEIR_VERDICT_KILL, WEIR_RECF_AUDIT);
		if (d->flags & WEIR_DEED_KILL_ONLY)
			continue;
		o = try(d, &denied_user);
		expect_done(&o);
		expect_record(o.pid, WEIR_VERDICT_DENY, WEIR_RECF_AUDIT);
	}
	after = state(CHANNEL);
	KTAP_EXPECT_EQ(after.denied, before.denied);
	KTAP_EXPECT_EQ(after.killed, before.killed);
}

KTAP_TEST_T(what_is_denied_fails_with_eperm_and_did_not_happen, 60)
{
	const struct weir_deed *d = NULL;
	struct weir_outcome o;
	u64 denied, n = 0;

	begin(WEIR_MODE_ENFORCE, 0);
	denied = state(CHANNEL).denied;
	while ((d = weir_deed_next(d))) {
		if (d->flags & WEIR_DEED_KILL_ONLY)
			continue;
		o = try(d, &denied_user);
		expect_denied(&o);
		expect_record(o.pid, WEIR_VERDICT_DENY, WEIR_RECF_DENIED);
		n++;
	}
	KTAP_EXPECT(n > 0);
	KTAP_EXPECT_EQ(state(CHANNEL).denied - denied, n);
}

KTAP_TEST_T(what_is_killed_runs_no_further_instruction, 60)
{
	const struct weir_deed *d = NULL;
	struct weir_outcome o;
	u64 killed, n = 0;

	begin(WEIR_MODE_ENFORCE, 0);
	killed = state(CHANNEL).killed;
	while ((d = weir_deed_next(d))) {
		o = try(d, &killed_user);
		KTAP_EXPECT_EQ(o.signal, SIGKILL);
		KTAP_EXPECT(!o.returned);
		KTAP_EXPECT(d->flags & WEIR_DEED_KILL_ONLY || !o.happened);
		expect_record(o.pid, WEIR_VERDICT_KILL,
			      d->flags & WEIR_DEED_KILL_ONLY ? WEIR_RECF_KILLED
							     : WEIR_RECF_KILLED | WEIR_RECF_DENIED);
		n++;
	}
	KTAP_EXPECT_EQ(state(CHANNEL).killed - killed, n);
}

KTAP_TEST_T(nobody_else_is_touched, 60)
{
	const struct weir_deed *d = NULL;
	struct weir_outcome o;

	begin(WEIR_MODE_ENFORCE, WEIR_MODE_FAIL_CLOSED);
	while ((d = weir_deed_next(d))) {
		o = try(d, &free_user);
		expect_done(&o);
	}
}

KTAP_TEST(who_accepts_a_connection_is_killed_before_it_is_of_use)
{
	struct weir_outcome o;

	begin(WEIR_MODE_ENFORCE, 0);
	o = try(weir_deed_find("accept"), &killed_user);
	KTAP_EXPECT_EQ(o.signal, SIGKILL);
	KTAP_EXPECT(!o.happened);
}

static void expect_all_denied(void)
{
	const struct weir_deed *d = NULL;
	struct weir_outcome o;

	while ((d = weir_deed_next(d))) {
		if (d->flags & WEIR_DEED_KILL_ONLY)
			continue;
		o = try(d, &denied_user);
		expect_denied(&o);
	}
}

KTAP_TEST_T(no_switch_of_tracing_stops_a_denial, 60)
{
	static const char kprobes[] = "/sys/kernel/debug/kprobes/enabled";
	int fd = open("/proc/sys/kernel/ftrace_enabled", O_WRONLY);

	begin(WEIR_MODE_ENFORCE, 0);
	KTAP_ASSERT(fd >= 0);
	KTAP_EXPECT_EQ(write(fd, "0", 1), -1);
	KTAP_EXPECT_EQ(errno, EBUSY);
	expect_all_denied();
	if (access(kprobes, F_OK))
		return;
	put(kprobes, "0");
	expect_all_denied();
	put(kprobes, "1");
}

/* Every hook of these types has a row: each has denied and killed by now, as far as it can. */
KTAP_TEST(every_hook_has_applied_what_it_can)
{
	struct weir_u_hook h;
	u32 i;

	begin(WEIR_MODE_AUDIT, 0);
	for (i = 0;; i++) {
		h = (struct weir_u_hook){ .size = sizeof(h), .index = i };
		if (ioctl(dev, WEIR_IOC_HOOK, &h))
			break;
		ktap_note("%s of type %u", h.name, h.type);
		KTAP_EXPECT(h.killed > 0);
		KTAP_EXPECT_EQ(h.denied > 0, !!(h.power & 1 << WEIR_VERDICT_DENY));
	}
	KTAP_EXPECT_EQ(errno, ENOENT);
	KTAP_EXPECT(i >= 31);
}

/* Content that has nothing to say of what an actor does before it acts. */
static void begin_fuel(u32 flags)
{
	int fd = open(WEIR_DEV, O_RDWR);

	/* First, for what is said of it is none of the records that tests wait for. */
	KTAP_ASSERT_EQ(weir_dev_load(fd, "/content/enforce_fuel.raw", FUEL_CHANNEL, 1 + flags), 0);
	close(fd);
	begin(WEIR_MODE_AUDIT, 0);
	KTAP_ASSERT(!set_mode(FUEL_CHANNEL, WEIR_MODE_ENFORCE, flags));
}

/* One step is enough for nothing. */
static struct weir_outcome try_without_fuel(const struct weir_deed *d, const struct weir_actor *a)
{
	struct weir_outcome o;

	put(FUEL, "1");
	o = try(d, a);
	put(FUEL, DEFAULT_FUEL);
	return o;
}

KTAP_TEST(what_cannot_be_evaluated_is_allowed)
{
	const struct weir_deed *d = weir_deed_find("msgsnd");
	struct weir_outcome o;
	u64 fuel;

	begin_fuel(0);
	fuel = state(FUEL_CHANNEL).fuel;
	o = try_without_fuel(d, &denied_user);
	expect_done(&o);
	KTAP_EXPECT_EQ(state(FUEL_CHANNEL).fuel - fuel, 1);
}

KTAP_TEST(what_cannot_be_evaluated_is_denied_if_that_was_chosen)
{
	const struct weir_deed *d = weir_deed_find("msgsnd");
	struct weir_u_channel before, after;
	struct weir_actor holder = free_user;
	struct weir_outcome o;

	begin_fuel(WEIR_MODE_FAIL_CLOSED);
	before = state(FUEL_CHANNEL);
	o = try_without_fuel(d, &free_user);
	expect_denied(&o);
	expect_failed(o.pid, FUEL_CHANNEL, WEIR_NOWHERE);
	holder.device = WEIR_DEVICE_HELD;
	o = try_without_fuel(d, &holder);
	expect_done(&o);
	after = state(FUEL_CHANNEL);
	KTAP_EXPECT_EQ(after.failed_closed - before.failed_closed, 1);
	KTAP_EXPECT_EQ(after.denied - before.denied, 1);
	KTAP_EXPECT_EQ(after.exempted - before.exempted, 1);
	KTAP_EXPECT(!weir_ev_unload(dev, FUEL_CHANNEL));
}

static struct weir_u_hook hook(const char *name)
{
	struct weir_u_hook h;

	KTAP_ASSERT_EQ(weir_dev_hook(dev, name, &h), 0);
	return h;
}

KTAP_TEST(a_hook_says_what_it_can_do_and_what_it_did)
{
	struct weir_u_hook before, after;
	struct weir_outcome o;

	begin(WEIR_MODE_ENFORCE, 0);
	before = hook("security_sem_semop");
	o = try(weir_deed_find("semop"), &denied_user);
	expect_denied(&o);
	after = hook("security_sem_semop");
	KTAP_EXPECT_EQ(after.armed, 1);
	KTAP_EXPECT_EQ(after.seen, 1);
	KTAP_EXPECT_EQ(after.by_use, 1);
	KTAP_EXPECT_EQ(after.needed, 0);
	KTAP_EXPECT_EQ(after.error, 0);
	KTAP_EXPECT_EQ(after.power,
		       1 << WEIR_VERDICT_ALERT | 1 << WEIR_VERDICT_DENY | 1 << WEIR_VERDICT_KILL);
	KTAP_EXPECT_EQ(after.denied - before.denied, 1);
	KTAP_EXPECT_EQ(after.killed, before.killed);
	KTAP_EXPECT_EQ(hook("security_sock_graft").power,
		       1 << WEIR_VERDICT_ALERT | 1 << WEIR_VERDICT_KILL);
	KTAP_EXPECT_EQ(hook("security_file_open").needed, 1);
}

KTAP_TEST(the_mode_outlives_a_change_of_content_and_not_an_unload)
{
	const struct weir_deed *d = weir_deed_find("datagram-send");
	struct weir_outcome o;

	begin(WEIR_MODE_AUDIT, 0);
	KTAP_ASSERT_EQ(weir_dev_load(dev, CONTENT, SWAP_CHANNEL, 1), 0);
	KTAP_EXPECT_EQ(state(SWAP_CHANNEL).mode, WEIR_MODE_AUDIT);
	KTAP_ASSERT(!set_mode(SWAP_CHANNEL, WEIR_MODE_ENFORCE, WEIR_MODE_FAIL_CLOSED));
	KTAP_ASSERT_EQ(weir_dev_load(dev, CONTENT, SWAP_CHANNEL, 2), 0);
	o = try(d, &denied_user);
	expect_denied(&o);
	KTAP_EXPECT(!weir_ev_unload(dev, SWAP_CHANNEL));
	KTAP_EXPECT_EQ(state(SWAP_CHANNEL).mode, WEIR_MODE_AUDIT);
	KTAP_EXPECT_EQ(state(SWAP_CHANNEL).flags, 0);
	KTAP_ASSERT_EQ(weir_dev_load(dev, CONTENT, SWAP_CHANNEL, 3), 0);
	o = try(d, &denied_user);
	expect_done(&o);
	KTAP_EXPECT(!weir_ev_unload(dev, SWAP_CHANNEL));
}

KTAP_TEST(the_content_goes)
{
	begin(WEIR_MODE_AUDIT, 0);
	KTAP_EXPECT(!weir_ev_unload(dev, CHANNEL));
}

int main(int argc, char **argv)
{
	weir_actor_main(argc, argv);
	return ktap_main(argc, argv);
}
