// SPDX-License-Identifier: GPL-2.0
/* weirctl events: the kernel's records as they come. */
#include <errno.h>
#include <string.h>

#include "events_out.h"
#include "reader.h"

static int print_record(void *ctx, const struct weir_record *rec, struct weir_refusal *r)
{
	const struct weir_types *types = ctx;

	(void)r;
	if (weir_json)
		weir_put_json_line(weir_record_json(rec, types));
	else
		weir_record_text(rec, types);
	return 1;
}

static int flush(void *ctx, struct weir_refusal *r)
{
	(void)ctx;
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	return weir_refuse(r, WEIR_STEP_DEVICE, "DEVICE", NULL,
			   "records are lost: standard output cannot be written: %s",
			   strerror(errno));
}

static int print_records(const struct weir_options *o, int fd, struct weir_types *types)
{
	struct weir_reader rd = {
		.count = o->count,
		.wait = o->follow || o->count || o->timeout > 0,
		.seconds = o->timeout,
		.take = print_record,
		.flush = flush,
		.ctx = types,
	};
	struct weir_refusal r;

	if (!weir_json)
		weir_record_heading();
	if (weir_reader_run(&rd, fd, &r))
		return weir_refused_by(&r);
	if (!o->count || rd.seen >= o->count)
		return WEIR_EXIT_OK;
	weir_refuse(&r, WEIR_STEP_DEVICE, "TIMEOUT", "wait longer, or see weirctl status",
		    "%u of %u records came within %d seconds", rd.seen, o->count, o->timeout);
	return weir_refused_by(&r);
}

int weir_ctl_events(const struct weir_options *o, char **argv)
{
	(void)argv;
	return weir_reader_live(o, print_records);
}
