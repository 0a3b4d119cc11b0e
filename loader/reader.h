/* SPDX-License-Identifier: GPL-2.0 */
/* Reading the kernel's records as they come. */
#ifndef WEIR_READER_H
#define WEIR_READER_H

#include "ctl.h"

struct weir_reader {
	uint32_t count; /* records that are enough; 0: all that there are */
	int wait; /* for more, if there are none or too few */
	int seconds; /* how long at most; 0 or less: no limit */
	/* takes a record; returns 1 if it counts, 0 if not, -1 with a reason */
	int (*take)(void *ctx, const struct weir_record *rec, struct weir_refusal *r);
	/* what was read at once was all taken; returns 0, or -1 with a reason */
	int (*flush)(void *ctx, struct weir_refusal *r);
	void *ctx;
	uint32_t seen; /* records that count */
};

/**
 * weir_reader_live() - open the running module's device for reading records
 * @o: which device
 * @run: what to do with it; @fd is the device, @types are what records are about
 *
 * Reports the error itself.
 *
 * Return: what @run returned, or WEIR_EXIT_FAIL.
 */
int weir_reader_live(const struct weir_options *o,
		     int (*run)(const struct weir_options *o, int fd, struct weir_types *types));

/**
 * weir_reader_run() - read records until there are enough or the time is up
 * @rd: what to do with them
 * @fd: the device
 * @r: the reason
 *
 * Every record that was read is taken, even past the count: they are gone from the kernel.
 *
 * Return: 0 or -1.
 */
int weir_reader_run(struct weir_reader *rd, int fd, struct weir_refusal *r);

#endif
