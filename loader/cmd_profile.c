// SPDX-License-Identifier: GPL-2.0
/* weirctl profile: how often what is seen in the events of the running module. */
#include <stdlib.h>

#include "reader.h"
#include "record_profile.h"

#define SECONDS 60 /* unless options say how long */

struct counting {
	struct weir_record_profile p;
	const struct weir_types *types;
};

static int count_record(void *ctx, const struct weir_record *rec, struct weir_refusal *r)
{
	struct counting *c = ctx;

	(void)r;
	return weir_record_count(&c->p, c->types, rec);
}

static int count_records(const struct weir_options *o, int fd, struct counting *c)
{
	struct weir_reader rd = {
		.count = o->count,
		.wait = 1,
		.seconds = o->timeout > 0 || o->count ? o->timeout : SECONDS,
		.take = count_record,
		.ctx = c,
	};
	struct weir_refusal r;

	if (weir_reader_run(&rd, fd, &r))
		return weir_refused_by(&r);
	if (rd.seen)
		return weir_profile_save(&c->p.profile, o->output);
	weir_refuse(&r, WEIR_STEP_DEVICE, "TIMEOUT", "load content that matches ordinary events",
		    "no event matched within %d seconds: nothing written", rd.seconds);
	return weir_refused_by(&r);
}

static int run(const struct weir_options *o, int fd, struct weir_types *types)
{
	struct counting *c = weir_alloc(1, sizeof(*c));
	int ret;

	c->types = types;
	ret = count_records(o, fd, c);
	weir_profile_free(&c->p.profile);
	free(c);
	return ret;
}

int weir_ctl_profile(const struct weir_options *o, char **argv)
{
	(void)argv;
	if (!o->output)
		return weir_usage("profile", "-o FILE is missing");
	return weir_reader_live(o, run);
}
