// SPDX-License-Identifier: GPL-2.0
/* Allocations and copies that a kernel with fault injection fails in what a thread does. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "failing.h"

#define FAULTS "/sys/kernel/debug/fail"

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0 && errno == ENOENT)
		return 1;
	n = write(fd, text, strlen(text));
	close(fd);
	if (n == (ssize_t)strlen(text))
		return 0;
	printf("# %s: %s\n", path, strerror(errno));
	return -1;
}

int weir_failing_setup(int pages)
{
	const struct {
		const char *path, *text;
	} knobs[] = {
		{ FAULTS "slab/ignore-gfp-wait", "N" },
		{ FAULTS "slab/verbose", "0" },
		{ FAULTS "_page_alloc/ignore-gfp-wait", "N" },
		{ FAULTS "_page_alloc/ignore-gfp-highmem", pages ? "N" : "Y" },
		{ FAULTS "_page_alloc/min-order", pages ? "0" : "1" },
		{ FAULTS "_page_alloc/verbose", "0" },
		{ FAULTS "_usercopy/verbose", "0" },
	};
	size_t i;
	int ret;

	for (i = 0; i < sizeof(knobs) / sizeof(knobs[0]); i++) {
		ret = put(knobs[i].path, knobs[i].text);
		if (ret)
			return ret;
	}
	return 0;
}

int weir_failing_open(void)
{
	return open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
}

int weir_failing_arm(int fd, int nth)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", nth);

	return pwrite(fd, text, (size_t)n, 0) == n ? 0 : -1;
}

int weir_failing_disarm(int fd)
{
	char text[16] = "";
	int hit = 0;

	/* Reading copies too: if that is what fails, nothing did before. */
	if (pread(fd, text, sizeof(text) - 1, 0) > 0)
		hit = !strncmp(text, "0", 1);
	if (pwrite(fd, "0", 1, 0) != 1 && pwrite(fd, "0", 1, 0) != 1)
		return -1;
	return hit;
}
