// SPDX-License-Identifier: GPL-2.0
/* What the kernel takes and refuses, whatever a loader thought of it. */
#include <fcntl.h>
#include <sys/ioctl.h>

#include "device.h"
#include "events.h"
#include "ktap.h"
#include "templates.h"

#define RAW "/content/plain.raw"
#define TRUSTED "/keys/TEST-ONLY"
#define STRANGER "/keys/TEST-STRANGER"
#define CHANNEL 4711u
/* One instance of network_connection; nothing in it rules out an accept. */
#define NET_RAW "/content/net_test.raw"
#define NET_CHANNEL 4712u

static int dev(void)
{
	int fd = open(WEIR_DEV, O_RDWR);

	KTAP_ASSERT(fd >= 0);
	return fd;
}

static struct weir_blob made(const char *key, u64 version)
{
	struct weir_blob blob;

	KTAP_ASSERT_EQ(weir_blob_made(RAW, key, CHANNEL, version, &blob), 0);
	return blob;
}

static u64 refusals(int fd)
{
	struct weir_u_info info = { .size = sizeof(info) };

	KTAP_ASSERT_EQ(ioctl(fd, WEIR_IOC_INFO, &info), 0);
	return info.refused;
}

/* A submit that must be refused, with this errno and this code, and change nothing. */
static void refused(int fd, const struct weir_blob *blob, int want, u32 code)
{
	struct weir_u_channel before = {}, after = {};
	struct weir_u_submit s;
	u64 count = refusals(fd);
	int known = weir_dev_channel(fd, CHANNEL, &before);

	KTAP_EXPECT_EQ(weir_dev_submit(fd, blob, &s), -want);
	KTAP_EXPECT_EQ(s.error.code, code);
	KTAP_EXPECT_EQ(refusals(fd), count + 1);
	KTAP_EXPECT_EQ(weir_dev_channel(fd, CHANNEL, &after), known);
	KTAP_EXPECT(!memcmp(&before, &after, sizeof(before)));
}

KTAP_TEST(an_empty_and_a_huge_file_are_refused_unread)
{
	struct weir_blob empty = { NULL, 0 }, huge = { NULL, 1ul << 30 };
	struct weir_blob unreadable = { (u8 *)8, 4096 };
	struct weir_u_submit s;
	int fd = dev();

	refused(fd, &empty, EBADMSG, WEIR_E_SHORT);
	refused(fd, &huge, EFBIG, WEIR_E_LARGE);
	KTAP_EXPECT_EQ(weir_dev_submit(fd, &unreadable, &s), -EFAULT);
}

KTAP_TEST(a_file_without_signature_is_refused)
{
	struct weir_blob blob;

	KTAP_ASSERT_EQ(weir_blob_read(RAW, &blob), 0);
	refused(dev(), &blob, EKEYREJECTED, WEIR_E_NO_SIGNATURE);
}

KTAP_TEST(a_stranger_is_refused)
{
	struct weir_blob blob = made(STRANGER, 1);

	refused(dev(), &blob, ENOKEY, WEIR_E_SIGNER);
}

KTAP_TEST_T(a_changed_byte_is_refused_wherever_it_is, 60)
{
	struct weir_blob blob = made(TRUSTED, 1);
	struct weir_u_submit s;
	int fd = dev();
	size_t i;

	for (i = 0; i < blob.n; i += 7) {
		/* The two version numbers of the PKCS#7 message may be read loosely: not these. */
		blob.b[i] ^= 0x80;
		if (!weir_dev_submit(fd, &blob, &s))
			ktap_note("byte %zu of %zu", i, blob.n);
		KTAP_EXPECT(s.error.code != WEIR_E_OK);
		blob.b[i] ^= 0x80;
	}
}

KTAP_TEST(a_cut_file_is_refused)
{
	struct weir_blob blob = made(TRUSTED, 1);
	size_t whole = blob.n;
	int fd = dev();

	for (blob.n = whole - 1; blob.n > whole / 2; blob.n -= 61)
		refused(fd, &blob, EKEYREJECTED, WEIR_E_NO_SIGNATURE);
}

static void refused_file(int fd, const char *name, int want, u32 code)
{
	struct weir_blob blob;
	char path[64];

	ktap_note("%s", name);
	snprintf(path, sizeof(path), "/content/spoilt_%s.weir", name);
	KTAP_ASSERT_EQ(weir_blob_read(path, &blob), 0);
	refused(fd, &blob, want, code);
	free(blob.b);
}

KTAP_TEST(a_signature_does_not_make_bad_content_good)
{
	int fd = dev();

	refused_file(fd, "magic", EBADMSG, WEIR_E_MAGIC);
	refused_file(fd, "format", EBADMSG, WEIR_E_FORMAT);
	refused_file(fd, "reserved", EBADMSG, WEIR_E_RESERVED);
	refused_file(fd, "cost", EBADMSG, WEIR_E_COST);
}

KTAP_TEST(a_trusted_signer_with_a_weak_digest_is_refused)
{
	refused_file(dev(), "sha1", EKEYREJECTED, WEIR_E_DIGEST);
}

static struct weir_blob acting(u8 action)
{
	static const char path[] = "/tmp/verdict.raw";
	struct weir_error err;
	struct weir_blob blob;
	struct weir_view v;
	FILE *f;

	KTAP_ASSERT_EQ(weir_blob_read(NET_RAW, &blob), 0);
	KTAP_ASSERT_EQ(weir_open(blob.b, (u32)blob.n, &v, &err), 0);
	blob.b[v.insts + WEIR_I_ACTION] = action;
	f = fopen(path, "w");
	KTAP_ASSERT(f);
	KTAP_ASSERT_EQ(fwrite(blob.b, 1, blob.n, f), blob.n);
	KTAP_ASSERT_EQ(fclose(f), 0);
	free(blob.b);
	KTAP_ASSERT_EQ(weir_blob_made(path, TRUSTED, NET_CHANNEL, 1, &blob), 0);
	return blob;
}

KTAP_TEST(content_that_denies_what_cannot_be_denied_is_refused)
{
	struct weir_blob deny = acting(WEIR_VERDICT_DENY), kill = acting(WEIR_VERDICT_KILL);
	struct weir_u_submit s;
	struct weir_u_type t;
	int fd = dev();

	KTAP_ASSERT_EQ(weir_ev_type(fd, WEIR_TYPE_network_connection, &t), 0);
	KTAP_EXPECT_EQ(t.selector, WEIR_network_connection_Operation);
	KTAP_EXPECT_EQ(t.no_deny, 1u << 2);
	KTAP_EXPECT_EQ(t.no_kill, 0);
	refused(fd, &deny, EOPNOTSUPP, WEIR_E_ACTION_UNSUPPORTED);
	KTAP_EXPECT_EQ(weir_dev_submit(fd, &deny, &s), -EOPNOTSUPP);
	KTAP_EXPECT_EQ(s.error.type, WEIR_TYPE_network_connection);
	KTAP_EXPECT_EQ(s.error.instance, 0);
	KTAP_EXPECT_EQ(s.error.field, WEIR_network_connection_Operation);
	KTAP_EXPECT_EQ(weir_dev_submit(fd, &kill, &s), 0);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, NET_CHANNEL, 0), 0);
}

static void expect_active(int fd, u64 version, u64 last_good)
{
	struct weir_u_channel ch;

	KTAP_ASSERT_EQ(weir_dev_channel(fd, CHANNEL, &ch), 0);
	KTAP_EXPECT_EQ(ch.slot[WEIR_SLOT_ACTIVE].version, version);
	KTAP_EXPECT_EQ(ch.slot[WEIR_SLOT_CANDIDATE].version, 0);
	KTAP_EXPECT_EQ(ch.slot[WEIR_SLOT_LAST_GOOD].version, last_good);
	KTAP_EXPECT_EQ(ch.mode, WEIR_MODE_AUDIT);
	KTAP_EXPECT_EQ(ch.quarantined, 0);
}

static void set_parameter(const char *name, const char *value)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/sys/module/weir/parameters/%s", name);
	f = fopen(path, "w");
	KTAP_ASSERT(f);
	KTAP_ASSERT(fputs(value, f) >= 0);
	KTAP_ASSERT_EQ(fclose(f), 0);
}

KTAP_TEST(content_that_costs_more_than_is_allowed_is_refused)
{
	struct weir_blob blob = made(TRUSTED, 1);
	struct weir_u_info info = { .size = sizeof(info) };
	char was[32];
	int fd = dev();

	KTAP_ASSERT_EQ(ioctl(fd, WEIR_IOC_INFO, &info), 0);
	set_parameter("max_cost", "1");
	refused(fd, &blob, EFBIG, WEIR_E_TOO_COSTLY);
	snprintf(was, sizeof(was), "%llu", (unsigned long long)info.max_cost);
	set_parameter("max_cost", was);
}

KTAP_TEST(versions_only_go_up_even_after_unload)
{
	struct weir_blob v10 = made(TRUSTED, 10), v11 = made(TRUSTED, 11);
	struct weir_u_submit s;
	struct weir_u_channel ch;
	int fd = dev();

	KTAP_ASSERT_EQ(weir_dev_submit(fd, &v10, &s), 0);
	KTAP_EXPECT_EQ(s.channel, CHANNEL);
	KTAP_EXPECT_EQ(s.version, 10);
	KTAP_EXPECT_EQ(s.error.code, WEIR_E_OK);
	refused(fd, &v10, ESTALE, WEIR_E_OLD_VERSION);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_ACTIVATE, CHANNEL, 9), -ESTALE);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_ACTIVATE, CHANNEL, 10), 0);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_ACTIVATE, CHANNEL, 10), -ENOENT);
	expect_active(fd, 10, 0);
	KTAP_EXPECT_EQ(weir_dev_submit(fd, &v11, &s), 0);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_ACTIVATE, CHANNEL, 11), 0);
	expect_active(fd, 11, 10);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, CHANNEL, 1), -EINVAL);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, CHANNEL, 0), 0);
	expect_active(fd, 0, 0);
	KTAP_ASSERT_EQ(weir_dev_channel(fd, CHANNEL, &ch), 0);
	KTAP_EXPECT_EQ(ch.floor, 11);
	refused(fd, &v11, ESTALE, WEIR_E_OLD_VERSION);
}

KTAP_TEST(a_mode_is_one_of_two_and_its_flags_are_known)
{
	struct weir_u_channel_op op = { .size = sizeof(op), .channel = CHANNEL };
	struct weir_u_channel ch;
	int fd = dev();

	KTAP_EXPECT_EQ(ioctl(fd, WEIR_IOC_MODE, &op), 0);
	op.flags = WEIR_MODE_FAIL_CLOSED;
	KTAP_EXPECT_EQ(ioctl(fd, WEIR_IOC_MODE, &op), -1);
	KTAP_EXPECT_EQ(errno, EINVAL);
	op.mode = WEIR_MODE_ENFORCE;
	KTAP_EXPECT_EQ(ioctl(fd, WEIR_IOC_MODE, &op), 0);
	KTAP_ASSERT_EQ(weir_dev_channel(fd, CHANNEL, &ch), 0);
	KTAP_EXPECT_EQ(ch.mode, WEIR_MODE_ENFORCE);
	KTAP_EXPECT_EQ(ch.flags, WEIR_MODE_FAIL_CLOSED);
	op.flags = 2;
	KTAP_EXPECT_EQ(ioctl(fd, WEIR_IOC_MODE, &op), -1);
	KTAP_EXPECT_EQ(errno, EINVAL);
	op.flags = 0;
	op.mode = WEIR_MODE_AUDIT;
	KTAP_EXPECT_EQ(ioctl(fd, WEIR_IOC_MODE, &op), 0);
	KTAP_ASSERT_EQ(weir_dev_channel(fd, CHANNEL, &ch), 0);
	KTAP_EXPECT_EQ(ch.mode, WEIR_MODE_AUDIT);
	KTAP_EXPECT_EQ(ch.flags, 0);
	op.mode = 2;
	KTAP_EXPECT_EQ(ioctl(fd, WEIR_IOC_MODE, &op), -1);
	KTAP_EXPECT_EQ(errno, EINVAL);
}

static int replay(int fd, const struct weir_u_value *v, u32 n, struct weir_u_replay *r)
{
	static const char data[] = "/nowhere/at/all";
	static u32 match[4];

	*r = (struct weir_u_replay){
		.size = sizeof(*r),
		.channel = CHANNEL,
		.slot = WEIR_SLOT_ACTIVE,
		.type = WEIR_TYPE_process_creation,
		.values = (uintptr_t)v,
		.data = (uintptr_t)data,
		.nvalues = n,
		.data_len = sizeof(data) - 1,
		.matches = (uintptr_t)match,
		.cap = 4,
	};
	return ioctl(fd, WEIR_IOC_REPLAY, r) ? errno : 0;
}

KTAP_TEST(replay_evaluates_and_checks_what_it_is_given)
{
	struct weir_u_value v[2] = {
		{ .field = WEIR_process_creation_Image, .kind = WEIR_KIND_string, .len = 15 },
		{ .field = WEIR_process_creation_UserId, .kind = WEIR_KIND_u64, .num = 7 },
	};
	struct weir_u_replay r;
	int fd = dev();

	KTAP_ASSERT_EQ(weir_dev_load(fd, RAW, CHANNEL, 20), 0);
	KTAP_ASSERT_EQ(replay(fd, v, 2, &r), 0);
	KTAP_EXPECT_EQ(r.nmatch, 1);
	KTAP_EXPECT_EQ(r.verdict, WEIR_VERDICT_ALERT);
	KTAP_EXPECT_EQ(r.trips, 0);
	KTAP_EXPECT(r.steps > 0);
	KTAP_ASSERT_EQ(replay(fd, v, 1, &r), 0);
	KTAP_EXPECT_EQ(r.nmatch, 0);
	v[0].len = 16;
	KTAP_EXPECT_EQ(replay(fd, v, 2, &r), EINVAL);
	v[0].len = 15;
	v[0].off = ~0u;
	KTAP_EXPECT_EQ(replay(fd, v, 2, &r), EINVAL);
	v[0].off = 0;
	v[1].kind = WEIR_KIND_i64;
	KTAP_EXPECT_EQ(replay(fd, v, 2, &r), EINVAL);
	v[1] = v[0];
	KTAP_EXPECT_EQ(replay(fd, v, 2, &r), EINVAL);
	v[1].field = WEIR_process_creation_arity;
	KTAP_EXPECT_EQ(replay(fd, v, 2, &r), EINVAL);
	KTAP_EXPECT_EQ(replay(fd, v, 65, &r), EINVAL);
}

KTAP_TEST(an_event_takes_no_more_steps_than_it_may)
{
	struct weir_u_value v = { .field = WEIR_process_creation_UserId,
				  .kind = WEIR_KIND_u64,
				  .num = 7 };
	struct weir_u_replay r;
	int fd = dev();

	set_parameter("fuel", "1");
	KTAP_EXPECT_EQ(replay(fd, &v, 1, &r), 0);
	set_parameter("fuel", "0");
	KTAP_EXPECT_EQ(r.status, WEIR_FUEL);
	KTAP_EXPECT(r.steps <= 1);
	KTAP_EXPECT_EQ(replay(fd, &v, 1, &r), 0);
	KTAP_EXPECT_EQ(r.status, WEIR_DONE);
	set_parameter("fuel", "268435456");
}

KTAP_TEST(show_tells_what_an_instance_is)
{
	static const char title[] = "Something that never happens here";
	struct weir_u_instance in = { .size = sizeof(in), .channel = CHANNEL };
	int fd = dev();

	KTAP_ASSERT_EQ(ioctl(fd, WEIR_IOC_SHOW, &in), 0);
	KTAP_EXPECT_EQ(strcmp(in.title, title), 0);
	KTAP_EXPECT_EQ(in.type, WEIR_TYPE_process_creation);
	KTAP_EXPECT_EQ(in.level, WEIR_LEVEL_LOW);
	KTAP_EXPECT_EQ(in.action, WEIR_VERDICT_ALERT);
	KTAP_EXPECT_EQ(in.uuid[0], 0x5b);
	in.index = 1;
	KTAP_EXPECT_EQ(ioctl(fd, WEIR_IOC_SHOW, &in), -1);
	KTAP_EXPECT_EQ(errno, ENOENT);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, CHANNEL, 0), 0);
}

KTAP_MAIN()
