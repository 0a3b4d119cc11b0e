// SPDX-License-Identifier: GPL-2.0
/* What content costs in kernel memory, as the kernel itself adds it up. */
#include <fcntl.h>
#include <sys/ioctl.h>

#include "device.h"
#include "ktap.h"

#define PACK "/content/pack.weir"
#define CHANNEL 20u
#define INSTANCES 135u
#define PER_HUNDRED 65536u

KTAP_TEST(a_hundred_instances_take_less_than_64_kib)
{
	int fd = open(WEIR_DEV, O_RDWR);
	struct weir_u_content *c;
	struct weir_u_channel ch;
	struct weir_u_submit s;
	struct weir_blob blob;

	KTAP_ASSERT(fd >= 0);
	KTAP_ASSERT_EQ(weir_blob_read(PACK, &blob), 0);
	KTAP_ASSERT_EQ(weir_dev_submit(fd, &blob, &s), 0);
	KTAP_ASSERT_EQ(weir_dev_channel(fd, CHANNEL, &ch), 0);
	c = &ch.slot[WEIR_SLOT_CANDIDATE];
	KTAP_EXPECT_EQ(c->instances, INSTANCES);
	KTAP_EXPECT_EQ(c->version, 1);
	ktap_note("%u instances: %u bytes of content, %u bytes of memory, cost %llu", c->instances,
		  c->bytes, c->memory, (unsigned long long)c->cost);
	KTAP_EXPECT(c->memory > c->bytes);
	KTAP_EXPECT((u64)c->memory * 100 < (u64)PER_HUNDRED * c->instances);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_ACTIVATE, CHANNEL, 1), 0);
	KTAP_EXPECT_EQ(weir_dev_op(fd, WEIR_IOC_UNLOAD, CHANNEL, 0), 0);
	KTAP_ASSERT_EQ(weir_dev_channel(fd, CHANNEL, &ch), 0);
	KTAP_EXPECT_EQ(ch.slot[WEIR_SLOT_ACTIVE].memory, 0);
}

KTAP_MAIN()
