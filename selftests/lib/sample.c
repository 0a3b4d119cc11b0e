// SPDX-License-Identifier: GPL-2.0
/* What tests of other modules' types share: weir_sample.ko, its types and events of them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "device.h"
#include "sample.h"

#define MODULE "/modules/weir_sample.ko"
#define DEVICE "/dev/weir_sample"
#define NOT_CALLED (-1000)

static const char text[] = "weir was here";
static const unsigned char address[4] = { 192, 0, 2, 7 };

int weir_sample_insert(const char *params)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = syscall(SYS_finit_module, fd, params, 0) ? -errno : 0;
	close(fd);
	return ret;
}

int weir_module_remove(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

int weir_sample_open(void)
{
	int ret = weir_sample_insert("");
	int fd;

	if (ret && ret != -EEXIST)
		return ret;
	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int weir_sample_register(int fd, uint32_t n, uint32_t id, const char *name)
{
	struct weir_sample_type t = {
		.n = n,
		.id = id,
		.provided = WEIR_SAMPLE_ALL,
		.verdicts = 1u << WEIR_VERDICT_DENY,
	};

	snprintf(t.name, sizeof(t.name), "%s", name);
	return ioctl(fd, WEIR_SAMPLE_REGISTER, &t) ? -errno : 0;
}

int weir_sample_unregister(int fd, uint32_t n)
{
	return ioctl(fd, WEIR_SAMPLE_UNREGISTER, (unsigned long)n) ? -errno : 0;
}

void weir_sample_values(struct weir_sample_value *v)
{
	memset(v, 0, (WEIR_SAMPLE_FIELDS + 1) * sizeof(*v));
	v[TEXT].kind = WEIR_KIND_string;
	v[TEXT].ptr = (uintptr_t)text;
	v[TEXT].len = sizeof(text) - 1;
	v[NUMBER].kind = WEIR_KIND_u64;
	v[NUMBER].num = 0x123456789abcdef0;
	v[BALANCE].kind = WEIR_KIND_i64;
	v[BALANCE].num = (uint64_t)-77;
	v[COLOUR].kind = WEIR_KIND_enum;
	v[COLOUR].num = 1;
	v[ADDRESS].kind = WEIR_KIND_ip;
	v[ADDRESS].ptr = (uintptr_t)address;
	v[ADDRESS].len = sizeof(address);
	v[FLAG].kind = WEIR_KIND_bool;
	v[FLAG].num = 1;
}

int weir_sample_submit(int fd, uint32_t n, uint32_t how, const struct weir_sample_value *v,
		       uint32_t nvalues)
{
	struct weir_sample_event e = {
		.n = n, .how = how, .nvalues = nvalues, .values = (uintptr_t)v
	};

	return ioctl(fd, WEIR_SAMPLE_SUBMIT, &e) ? NOT_CALLED : e.result;
}

uint64_t weir_sample_wanted(int fd, uint32_t n)
{
	struct weir_sample_event e = { .n = n };

	return ioctl(fd, WEIR_SAMPLE_SUBMIT, &e) ? ~0ull : e.wanted;
}

int weir_sample_load(int dev, const char *raw, uint32_t channel)
{
	struct weir_u_channel ch;
	int ret = weir_dev_channel(dev, channel, &ch);

	if (ret && ret != -ENOENT)
		return ret;
	return weir_dev_load(dev, raw, channel, ret ? 1 : ch.floor + 1);
}
