// SPDX-License-Identifier: GPL-2.0
/* Types of another module come and go: what is refused, and what becomes of content and events. */
#include <fcntl.h>
#include <pthread.h>
#include <sys/ioctl.h>

#include "device.h"
#include "events.h"
#include "ktap.h"
#include "sample.h"

#define CONTENT "/content/sample_test.raw"
#define ID 1000u
#define SLOTS 8u
#define ROUNDS 12u
#define STORM_ROUNDS 4u
#define STORM_THREADS 2u

static struct weir_sample_value v[WEIR_SAMPLE_FIELDS + 1];
static int dev, sample;

static void begin(void)
{
	dev = open(WEIR_DEV, O_RDWR | O_NONBLOCK);
	KTAP_ASSERT(dev >= 0);
	sample = weir_sample_open();
	KTAP_ASSERT(sample >= 0);
	weir_sample_values(v);
}

static int submit(void)
{
	return weir_sample_submit(sample, 0, WEIR_SAMPLE_TASK, v, WEIR_SAMPLE_FIELDS);
}

static int load(void)
{
	return weir_sample_load(dev, CONTENT, WEIR_SAMPLE_CHANNEL);
}

static struct weir_u_channel channel(void)
{
	struct weir_u_channel ch;

	KTAP_ASSERT_EQ(weir_dev_channel(dev, WEIR_SAMPLE_CHANNEL, &ch), 0);
	return ch;
}

static int bad(struct weir_sample_type t)
{
	int err;

	t.n = 1;
	err = ioctl(sample, WEIR_SAMPLE_REGISTER, &t) ? -errno : 0;
	if (!err)
		weir_sample_unregister(sample, 1);
	return err;
}

KTAP_TEST(bad_registrations_are_refused)
{
	const struct weir_sample_type good = { .id = 1001, .name = "good_1", .provided = 1 };
	struct weir_sample_type t = good;

	begin();
	KTAP_EXPECT_EQ(bad(good), 0);
	t.id = 999;
	KTAP_EXPECT_EQ(bad(t), -EINVAL);
	t.id = 65536;
	KTAP_EXPECT_EQ(bad(t), -EINVAL);
	t = good;
	strcpy(t.name, "");
	KTAP_EXPECT_EQ(bad(t), -EINVAL);
	strcpy(t.name, "a\033[2J");
	KTAP_EXPECT_EQ(bad(t), -EINVAL);
	memset(t.name, 'x', 64);
	t.name[64] = 0;
	KTAP_EXPECT_EQ(bad(t), -EINVAL);
	t = good;
	t.provided = 1u << WEIR_SAMPLE_FIELDS;
	KTAP_EXPECT_EQ(bad(t), -EINVAL);
	t = good;
	t.verdicts = 1;
	KTAP_EXPECT_EQ(bad(t), -EINVAL);
	t = good;
	t.arity = 65;
	KTAP_EXPECT_EQ(bad(t), -EINVAL);
	t = good;
	t.id = ID;
	KTAP_EXPECT_EQ(bad(t), -EEXIST);
	t = good;
	strcpy(t.name, "sample_event");
	KTAP_EXPECT_EQ(bad(t), -EEXIST);
	strcpy(t.name, "ipc");
	KTAP_EXPECT_EQ(bad(t), -EEXIST);
	KTAP_EXPECT_EQ(bad(good), 0);
}

KTAP_TEST(eight_types_fit_and_a_ninth_does_not)
{
	struct weir_u_info before = { .size = sizeof(before) }, info = before;
	char name[16];
	uint32_t i;

	begin();
	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_INFO, &before), 0);
	for (i = 1; i < SLOTS; i++) {
		snprintf(name, sizeof(name), "sample_%u", i);
		KTAP_EXPECT_EQ(weir_sample_register(sample, i, ID + i, name), 0);
	}
	KTAP_EXPECT_EQ(weir_sample_register(sample, SLOTS, ID + SLOTS, "sample_9"), -ENOSPC);
	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_INFO, &info), 0);
	KTAP_EXPECT_EQ(info.ntypes, before.ntypes + SLOTS - 1);
	KTAP_EXPECT_EQ(weir_sample_unregister(sample, 3), 0);
	KTAP_EXPECT_EQ(weir_sample_register(sample, SLOTS, ID + SLOTS, "sample_9"), 0);
	for (i = 1; i <= SLOTS; i++)
		weir_sample_unregister(sample, i);
	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_INFO, &info), 0);
	KTAP_EXPECT_EQ(info.ntypes, before.ntypes);
}

KTAP_TEST(content_that_reads_a_field_which_is_not_provided_is_refused)
{
	struct weir_sample_type t = {
		.id = ID,
		.name = "sample_event",
		.verdicts = 1u << WEIR_VERDICT_DENY,
	};
	struct weir_sample_value number = { .num = 1, .kind = WEIR_KIND_u64 };

	begin();
	KTAP_ASSERT_EQ(weir_sample_unregister(sample, 0), 0);
	t.provided = WEIR_SAMPLE_ALL & ~(1u << BALANCE);
	KTAP_ASSERT_EQ(ioctl(sample, WEIR_SAMPLE_REGISTER, &t), 0);
	KTAP_EXPECT_EQ(load(), -EOPNOTSUPP);
	KTAP_ASSERT_EQ(weir_sample_unregister(sample, 0), 0);
	t.provided = WEIR_SAMPLE_ALL & ~(1u << NUMBER);
	KTAP_ASSERT_EQ(ioctl(sample, WEIR_SAMPLE_REGISTER, &t), 0);
	KTAP_EXPECT_EQ(load(), 0);
	v[NUMBER] = number;
	KTAP_EXPECT_EQ(submit(), -EINVAL);
	v[NUMBER] = (struct weir_sample_value){ 0 };
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_ALERT);
	KTAP_ASSERT_EQ(weir_sample_unregister(sample, 0), 0);
	KTAP_ASSERT_EQ(weir_sample_register(sample, 0, ID, "sample_event"), 0);
}

static int has_store_record(void)
{
	static unsigned char buf[0x10000];
	const struct weir_u_record *r;
	ssize_t at, n;
	int found = 0;

	while ((n = read(dev, buf, sizeof(buf))) > 0)
		for (at = 0; at < n; at += r->size) {
			r = (const void *)(buf + at);
			if (r->kind == WEIR_REC_STORE && r->channel == WEIR_SAMPLE_CHANNEL)
				found = !r->version;
		}
	return found;
}

static void expect_gone(void)
{
	struct weir_u_channel ch = channel();

	KTAP_EXPECT_EQ(ch.slot[WEIR_SLOT_ACTIVE].version, 0);
	KTAP_EXPECT_EQ(ch.slot[WEIR_SLOT_CANDIDATE].version, 0);
	KTAP_EXPECT_EQ(ch.slot[WEIR_SLOT_LAST_GOOD].version, 0);
	KTAP_EXPECT_EQ(ch.quarantined, WEIR_QUARANTINE_TYPE);
	KTAP_EXPECT(has_store_record());
}

KTAP_TEST(content_that_denies_is_refused_where_its_type_does_not)
{
	struct weir_sample_type t = { .id = ID, .name = "sample_event" };

	begin();
	KTAP_ASSERT_EQ(weir_sample_unregister(sample, 0), 0);
	t.provided = WEIR_SAMPLE_ALL;
	KTAP_ASSERT_EQ(ioctl(sample, WEIR_SAMPLE_REGISTER, &t), 0);
	KTAP_EXPECT_EQ(load(), -EOPNOTSUPP);
	KTAP_ASSERT_EQ(weir_sample_unregister(sample, 0), 0);
	t.verdicts = 1u << WEIR_VERDICT_KILL;
	KTAP_ASSERT_EQ(ioctl(sample, WEIR_SAMPLE_REGISTER, &t), 0);
	KTAP_EXPECT_EQ(load(), -EOPNOTSUPP);
	KTAP_ASSERT_EQ(weir_sample_unregister(sample, 0), 0);
	t.verdicts = 1u << WEIR_VERDICT_DENY;
	KTAP_ASSERT_EQ(ioctl(sample, WEIR_SAMPLE_REGISTER, &t), 0);
	KTAP_EXPECT_EQ(load(), 0);
}

KTAP_TEST(unregistering_takes_content_out_of_all_slots)
{
	struct weir_u_submit s;
	struct weir_blob blob;
	struct weir_u_type t;

	begin();
	KTAP_ASSERT_EQ(load(), 0);
	KTAP_ASSERT_EQ(load(), 0);
	KTAP_ASSERT_EQ(weir_blob_made(CONTENT, "/keys/TEST-ONLY", WEIR_SAMPLE_CHANNEL,
				      channel().floor + 1, &blob),
		       0);
	KTAP_ASSERT_EQ(weir_dev_submit(dev, &blob, &s), 0);
	KTAP_EXPECT(channel().slot[WEIR_SLOT_LAST_GOOD].version > 0);
	KTAP_EXPECT_EQ(channel().slot[WEIR_SLOT_CANDIDATE].version, s.version);
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_ALERT);
	KTAP_ASSERT_EQ(weir_sample_unregister(sample, 0), 0);
	expect_gone();
	KTAP_EXPECT_EQ(weir_ev_type(dev, ID, &t), -1);
	KTAP_EXPECT_EQ(weir_dev_op(dev, WEIR_IOC_ACTIVATE, WEIR_SAMPLE_CHANNEL, s.version),
		       -ENOENT);
	KTAP_EXPECT_EQ(load(), -EOPNOTSUPP);
	free(blob.b);
}

KTAP_TEST(a_type_that_came_back_takes_content_again)
{
	begin();
	KTAP_ASSERT_EQ(weir_sample_register(sample, 0, ID, "sample_event"), 0);
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_NONE);
	KTAP_ASSERT_EQ(load(), 0);
	KTAP_EXPECT_EQ(channel().quarantined, WEIR_QUARANTINE_NONE);
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_ALERT);
}

KTAP_TEST(weir_stays_while_the_other_module_is_there)
{
	begin();
	close(dev);
	KTAP_EXPECT_EQ(weir_module_remove("weir"), -EWOULDBLOCK);
}

KTAP_TEST(the_module_goes_while_content_is_active)
{
	begin();
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_ALERT);
	KTAP_EXPECT_EQ(weir_module_remove("weir_sample"), -EWOULDBLOCK);
	close(sample);
	KTAP_ASSERT_EQ(weir_module_remove("weir_sample"), 0);
	expect_gone();
}

KTAP_TEST(a_type_that_its_module_left_behind_is_taken_away)
{
	struct weir_u_type t;

	dev = open(WEIR_DEV, O_RDWR | O_NONBLOCK);
	KTAP_ASSERT_EQ(weir_sample_insert("forget=1"), 0);
	KTAP_ASSERT_EQ(load(), 0);
	KTAP_ASSERT_EQ(weir_module_remove("weir_sample"), 0);
	expect_gone();
	KTAP_EXPECT_EQ(weir_ev_type(dev, ID, &t), -1);
	KTAP_ASSERT_EQ(weir_sample_insert(""), 0);
}

KTAP_TEST_T(the_module_comes_and_goes_many_times, 60)
{
	uint32_t i;

	begin();
	for (i = 0; i < ROUNDS; i++) {
		KTAP_ASSERT_EQ(load(), 0);
		KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_ALERT);
		close(sample);
		KTAP_ASSERT_EQ(weir_module_remove("weir_sample"), 0);
		sample = weir_sample_open();
		KTAP_ASSERT(sample >= 0);
	}
}

static int over;
static unsigned long alerts, others;

static void *submit_all(void *unused)
{
	int ret;

	(void)unused;
	while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
		ret = submit();
		if (ret == WEIR_VERDICT_ALERT)
			__atomic_add_fetch(&alerts, 1, __ATOMIC_RELAXED);
		else if (ret != WEIR_VERDICT_NONE)
			__atomic_add_fetch(&others, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Until the threads have had an event evaluated by the content that was loaded last. */
static void wait_for_more(void)
{
	unsigned long before = __atomic_load_n(&alerts, __ATOMIC_RELAXED);

	while (__atomic_load_n(&alerts, __ATOMIC_RELAXED) == before)
		sched_yield();
}

KTAP_TEST_T(types_come_and_go_under_a_storm_of_events, 60)
{
	pthread_t thread[STORM_THREADS];
	uint32_t i;

	begin();
	for (i = 0; i < STORM_THREADS; i++)
		KTAP_ASSERT(!pthread_create(&thread[i], NULL, submit_all, NULL));
	for (i = 0; i < STORM_ROUNDS; i++) {
		KTAP_ASSERT_EQ(load(), 0);
		wait_for_more();
		KTAP_ASSERT_EQ(weir_sample_unregister(sample, 0), 0);
		KTAP_ASSERT_EQ(weir_sample_register(sample, 0, ID, "sample_event"), 0);
	}
	__atomic_store_n(&over, 1, __ATOMIC_RELAXED);
	for (i = 0; i < STORM_THREADS; i++)
		pthread_join(thread[i], NULL);
	ktap_note("%lu alerts", alerts);
	KTAP_EXPECT(alerts >= STORM_ROUNDS);
	KTAP_EXPECT_EQ(others, 0);
}

KTAP_TEST(the_module_is_gone_in_the_end)
{
	KTAP_EXPECT_EQ(weir_module_remove("weir_sample"), 0);
}

KTAP_MAIN()
