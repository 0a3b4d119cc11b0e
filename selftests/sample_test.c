// SPDX-License-Identifier: GPL-2.0
/* Types of another module: what the kernel says of them, and what becomes of their events. */
#include <fcntl.h>
#include <sys/ioctl.h>

#include "device.h"
#include "events.h"
#include "ktap.h"
#include "sample.h"
#include "templates.h"

#define CONTENT "/content/sample_test.raw"
#define BOTH "/content/sample_both.raw"
#define ID 1000u
#define OTHER 1001u

static struct weir_sample_value v[WEIR_SAMPLE_FIELDS + 1];
static int dev, sample;

static const struct weir_field fields[] = {
	{ "Text", WEIR_KIND_string, WEIR_CAPTURED, "" },
	{ "Number", WEIR_KIND_u64, WEIR_CAPTURED, "" },
	{ "Balance", WEIR_KIND_i64, WEIR_CAPTURED, "" },
	{ "Colour", WEIR_KIND_enum, WEIR_CAPTURED, "red|green|blue" },
	{ "Address", WEIR_KIND_ip, WEIR_CAPTURED, "" },
	{ "Flag", WEIR_KIND_bool, WEIR_CAPTURED, "" },
};

static const struct weir_type type = {
	.name = "sample_event",
	.id = ID,
	.channel = 1,
	.arity = WEIR_SAMPLE_FIELDS,
	.fields = fields,
};

static void begin(void)
{
	sample = weir_sample_open();
	KTAP_ASSERT(sample >= 0);
	dev = weir_ev_open(WEIR_SAMPLE_CHANNEL, "/content/sample_test.weir");
	KTAP_ASSERT(dev >= 0);
	weir_sample_values(v);
}

static uint64_t counted(int errors)
{
	struct weir_u_info i = { .size = sizeof(i) };

	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_INFO, &i), 0);
	return errors ? i.errors : i.records;
}

static int submit(void)
{
	return weir_sample_submit(sample, 0, WEIR_SAMPLE_TASK, v, WEIR_SAMPLE_FIELDS);
}

static const struct weir_u_record *record(void)
{
	const struct weir_u_record *r = weir_ev_next(dev, getpid());

	KTAP_ASSERT(r);
	return r;
}

KTAP_TEST(its_type_is_described_as_registered)
{
	struct weir_u_type t;
	uint32_t i;

	dev = open(WEIR_DEV, O_RDWR);
	KTAP_ASSERT(dev >= 0);
	KTAP_ASSERT(weir_sample_open() >= 0);
	KTAP_ASSERT(!weir_ev_type(dev, ID, &t));
	KTAP_EXPECT(!strcmp(t.name, type.name));
	KTAP_EXPECT_EQ(t.arity, WEIR_SAMPLE_FIELDS);
	KTAP_EXPECT_EQ(t.fingerprint, weir_fingerprint(&type));
	KTAP_EXPECT_EQ(t.provided, WEIR_SAMPLE_ALL);
	KTAP_EXPECT_EQ(t.wanted, 0);
	KTAP_EXPECT_EQ(t.armed, 0);
	for (i = 0; i < WEIR_SAMPLE_FIELDS; i++) {
		KTAP_EXPECT(!strcmp(t.field[i].name, fields[i].name));
		KTAP_EXPECT_EQ(t.field[i].kind, fields[i].kind);
	}
}

KTAP_TEST(the_names_of_enum_values_are_told_and_of_nothing_else)
{
	struct weir_u_values u = { .size = sizeof(u), .type = ID, .field = COLOUR };

	dev = open(WEIR_DEV, O_RDWR);
	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_VALUES, &u), 0);
	KTAP_EXPECT(!strcmp(u.values, "red|green|blue"));
	u = (struct weir_u_values){ .size = sizeof(u), .type = ID, .field = TEXT };
	KTAP_EXPECT_EQ(ioctl(dev, WEIR_IOC_VALUES, &u) ? errno : 0, ENOENT);
	u.field = WEIR_SAMPLE_FIELDS;
	KTAP_EXPECT_EQ(ioctl(dev, WEIR_IOC_VALUES, &u) ? errno : 0, ENOENT);
	u.type = 999;
	KTAP_EXPECT_EQ(ioctl(dev, WEIR_IOC_VALUES, &u) ? errno : 0, ENOENT);
	u = (struct weir_u_values){ .size = sizeof(u), .type = 4, .field = WEIR_ipc_Access };
	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_VALUES, &u), 0);
	KTAP_EXPECT(!strcmp(u.values, "none|read|write|readwrite"));
}

KTAP_TEST(without_content_nothing_is_wanted_nor_evaluated)
{
	struct weir_u_info before = { .size = sizeof(before) }, after = before;

	dev = open(WEIR_DEV, O_RDWR);
	sample = weir_sample_open();
	weir_sample_values(v);
	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_INFO, &before), 0);
	KTAP_EXPECT_EQ(weir_sample_wanted(sample, 0), 0);
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_NONE);
	KTAP_ASSERT_EQ(ioctl(dev, WEIR_IOC_INFO, &after), 0);
	KTAP_EXPECT_EQ(after.events, before.events);
	KTAP_EXPECT_EQ(after.records, before.records);
}

KTAP_TEST(content_arms_the_type_and_says_what_it_wants)
{
	struct weir_u_type t;

	begin();
	KTAP_EXPECT_EQ(weir_sample_wanted(sample, 0), WEIR_SAMPLE_ALL & ~(1u << NUMBER));
	KTAP_ASSERT(!weir_ev_type(dev, ID, &t));
	KTAP_EXPECT_EQ(t.wanted, WEIR_SAMPLE_ALL & ~(1u << NUMBER));
	KTAP_EXPECT_EQ(t.armed, 1);
}

KTAP_TEST(a_record_has_exactly_the_values_that_were_submitted)
{
	static const unsigned char address[] = { 192, 0, 2, 7 };
	const struct weir_u_record *r;

	begin();
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_ALERT);
	r = record();
	KTAP_EXPECT_EQ(r->type, ID);
	KTAP_EXPECT_EQ(r->channel, WEIR_SAMPLE_CHANNEL);
	KTAP_EXPECT_EQ(r->nfields, 1 + WEIR_SAMPLE_FIELDS);
	KTAP_EXPECT_EQ(r->flags, 0);
	KTAP_EXPECT(weir_ev_text(r, TEXT, "weir was here"));
	KTAP_EXPECT(weir_ev_num(r, NUMBER, 0x123456789abcdef0));
	KTAP_EXPECT(weir_ev_num(r, BALANCE, (uint64_t)-77 ^ WEIR_I64_BIAS));
	KTAP_EXPECT(weir_ev_num(r, COLOUR, 1));
	KTAP_EXPECT(weir_ev_bytes(r, ADDRESS, address, sizeof(address)));
	KTAP_EXPECT(weir_ev_num(r, FLAG, 1));
}

KTAP_TEST(a_value_that_does_not_match_makes_no_record)
{
	uint64_t before;

	begin();
	before = counted(0);
	v[BALANCE].num = 77;
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_NONE);
	weir_sample_values(v);
	v[COLOUR].num = 2;
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_NONE);
	weir_sample_values(v);
	v[FLAG].kind = 0;
	v[FLAG].num = 0;
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_NONE);
	weir_sample_values(v);
	KTAP_EXPECT_EQ(weir_sample_submit(sample, 0, WEIR_SAMPLE_TASK, v, FLAG), 0);
	KTAP_EXPECT_EQ(counted(0), before);
}

KTAP_TEST(in_audit_mode_a_denial_is_an_alert)
{
	static const char text[] = "deny me";
	const struct weir_u_record *r;

	begin();
	memset(v, 0, sizeof(v));
	v[TEXT] = (struct weir_sample_value){ (uintptr_t)text, 0, 7, WEIR_KIND_string };
	KTAP_EXPECT_EQ(weir_sample_submit(sample, 0, WEIR_SAMPLE_TASK, v, 1), WEIR_VERDICT_ALERT);
	r = record();
	KTAP_EXPECT_EQ(r->verdict, WEIR_VERDICT_DENY);
	KTAP_EXPECT_EQ(r->nfields, 2);
}

KTAP_TEST(events_come_from_any_context_but_an_interrupt)
{
	uint64_t errors;

	begin();
	errors = counted(1);
	KTAP_EXPECT_EQ(weir_sample_submit(sample, 0, WEIR_SAMPLE_LOCKED, v, WEIR_SAMPLE_FIELDS),
		       WEIR_VERDICT_ALERT);
	record();
	KTAP_EXPECT_EQ(weir_sample_submit(sample, 0, WEIR_SAMPLE_KTHREAD, v, WEIR_SAMPLE_FIELDS),
		       WEIR_VERDICT_ALERT);
	KTAP_EXPECT(weir_ev_next(dev, 0));
	KTAP_EXPECT_EQ(counted(1), errors);
	KTAP_EXPECT_EQ(weir_sample_submit(sample, 0, WEIR_SAMPLE_IRQ, v, WEIR_SAMPLE_FIELDS),
		       -EINVAL);
	KTAP_EXPECT_EQ(counted(1), errors + 1);
}

/* Submit the event with one value changed; it must be refused and counted. */
static void refused(uint32_t how, uint32_t field, struct weir_sample_value bad, uint32_t n)
{
	uint64_t records = counted(0), errors = counted(1);

	v[field] = bad;
	ktap_note("field %u kind %u len %u num %llu", field, bad.kind, bad.len,
		  (unsigned long long)bad.num);
	KTAP_EXPECT_EQ(weir_sample_submit(sample, 0, how, v, n), -EINVAL);
	KTAP_EXPECT_EQ(counted(1), errors + 1);
	KTAP_EXPECT_EQ(counted(0), records);
	weir_sample_values(v);
}

KTAP_TEST(values_that_are_not_of_the_type_are_refused)
{
	static char text[WEIR_VALUE_MAX + 1];
	const uint64_t p = (uintptr_t)text;
	const uint32_t t = WEIR_SAMPLE_TASK, n = WEIR_SAMPLE_FIELDS;

	begin();
	refused(t, TEXT, (struct weir_sample_value){ p, 0, WEIR_VALUE_MAX + 1, 1 }, n);
	refused(t, TEXT, (struct weir_sample_value){ 0, 0, 1, WEIR_KIND_string }, n);
	refused(t, TEXT, (struct weir_sample_value){ p, 1, 1, WEIR_KIND_string }, n);
	refused(t, TEXT, (struct weir_sample_value){ 0, 1, 0, WEIR_KIND_u64 }, n);
	refused(t, NUMBER, (struct weir_sample_value){ p, 1, 0, WEIR_KIND_u64 }, n);
	refused(t, NUMBER, (struct weir_sample_value){ 0, 1, 8, WEIR_KIND_u64 }, n);
	refused(t, NUMBER, (struct weir_sample_value){ 0, 1, 0, WEIR_KIND_end }, n);
	refused(t, BALANCE, (struct weir_sample_value){ 0, 1, 0, WEIR_KIND_u64 }, n);
	refused(t, COLOUR, (struct weir_sample_value){ 0, 3, 0, WEIR_KIND_enum }, n);
	refused(t, ADDRESS, (struct weir_sample_value){ p, 0, 5, WEIR_KIND_ip }, n);
	refused(t, ADDRESS, (struct weir_sample_value){ 0, 0, 4, WEIR_KIND_ip }, n);
	refused(t, FLAG, (struct weir_sample_value){ 0, 2, 0, WEIR_KIND_bool }, n);
	refused(t, n, (struct weir_sample_value){ 0, 1, 0, WEIR_KIND_u64 }, n + 1);
	/* A pointer of user space is never followed. */
	refused(WEIR_SAMPLE_RAW, FLAG, v[FLAG], n);
}

KTAP_TEST(the_longest_string_and_the_longer_address_pass)
{
	static char text[WEIR_VALUE_MAX] = "weir";
	const struct weir_u_record *r;

	begin();
	v[TEXT].ptr = (uintptr_t)text;
	v[TEXT].len = sizeof(text);
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_ALERT);
	r = record();
	KTAP_EXPECT_EQ(r->flags, 0);
	KTAP_EXPECT(weir_ev_bytes(r, TEXT, text, sizeof(text)));
	weir_sample_values(v);
	v[ADDRESS].ptr = (uintptr_t)text;
	v[ADDRESS].len = 16;
	/* It is in no network of the rule's. */
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_NONE);
	memset(v, 0, sizeof(v));
	v[TEXT].kind = WEIR_KIND_string;
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_NONE);
}

KTAP_TEST(events_of_two_types_do_not_mix)
{
	const struct weir_u_record *r;

	begin();
	KTAP_EXPECT_EQ(weir_sample_load(dev, BOTH, WEIR_SAMPLE_BOTH), -EOPNOTSUPP);
	KTAP_ASSERT_EQ(weir_sample_register(sample, 1, OTHER, "sample_other"), 0);
	KTAP_ASSERT_EQ(weir_sample_load(dev, BOTH, WEIR_SAMPLE_BOTH), 0);
	v[COLOUR].num = 2;
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_ALERT);
	r = record();
	KTAP_EXPECT_EQ(r->type, ID);
	KTAP_EXPECT_EQ(r->uuid[15], 0x12);
	KTAP_EXPECT_EQ(weir_sample_submit(sample, 1, WEIR_SAMPLE_TASK, v, WEIR_SAMPLE_FIELDS),
		       WEIR_VERDICT_ALERT);
	r = record();
	KTAP_EXPECT_EQ(r->type, OTHER);
	KTAP_EXPECT_EQ(r->uuid[15], 0x13);
	KTAP_EXPECT_EQ(weir_sample_wanted(sample, 1), 1u << COLOUR);
	/* The one goes, and content of both with it; content of the other alone stays. */
	KTAP_ASSERT_EQ(weir_sample_unregister(sample, 1), 0);
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_NONE);
	weir_sample_values(v);
	KTAP_EXPECT_EQ(submit(), WEIR_VERDICT_ALERT);
}

KTAP_MAIN()
