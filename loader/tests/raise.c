// SPDX-License-Identifier: GPL-2.0
/* raise DIR CHANNEL [VERSION SHA256]: raise a version floor, or print it; LOCK=1 takes the lock. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "weirload.h"

int main(int argc, char **argv)
{
	struct weir_floor f = { .version = 0 };
	struct weir_refusal r;
	unsigned int byte;
	uint32_t channel;
	int i, fd, ret;

	if (argc != 3 && argc != 5)
		return 2;
	channel = (uint32_t)strtoul(argv[2], NULL, 10);
	ret = getenv("LOCK") ? weir_floor_lock(argv[1], &fd, &r) : 0;
	if (!ret && argc == 3) {
		ret = weir_floor_read(argv[1], channel, &f, &r);
		if (!ret)
			printf("%" PRIu64 "\n", f.version);
	} else if (!ret) {
		f.version = strtoull(argv[3], NULL, 10);
		for (i = 0; i < WEIR_DIGEST_SIZE; i++) {
			if (sscanf(argv[4] + 2 * i, "%2x", &byte) != 1)
				return 2;
			f.digest[i] = (uint8_t)byte;
		}
		ret = weir_floor_raise(argv[1], channel, &f, &r);
	}
	if (ret)
		fprintf(stderr, "raise: %s: %s: %s\n", r.code, r.file, r.what);
	return ret ? 1 : 0;
}
