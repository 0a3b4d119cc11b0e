// SPDX-License-Identifier: GPL-2.0
/* weirctl check: all of load's checks, nothing submitted. */
#include <string.h>
#include <time.h>

#include "ctl.h"

static void report(const struct weir_options *o, const struct weir_checked *k)
{
	const char *against = o->schema ? "file" : o->offline ? "built-in" : "kernel";
	json_t *j;

	if (weir_json) {
		j = weir_checked_json(k);
		json_object_set_new(j, "schema", json_string(against));
		weir_put_json(j);
		return;
	}
	weir_put_checked(k);
	printf("\npassed all checks against the %s schema; nothing was submitted\n", against);
}

static int check_against(const struct weir_options *o, struct weir_check *c,
			 const struct weir_checked *k)
{
	struct weir_live live;
	struct weir_refusal r;
	int ret = weir_live_read(o, &live);

	if (ret)
		return ret;
	c->live = &live;
	if (weir_check_content(c, k, &r))
		return weir_refused_by(&r);
	report(o, k);
	return WEIR_EXIT_OK;
}

int weir_ctl_check(const struct weir_options *o, char **argv)
{
	struct weir_check c = { .path = argv[0],
				.trust = o->trust,
				.state = o->state,
				.signers = o->signers,
				.now = time(NULL) };
	struct weir_checked k;
	struct weir_refusal r;
	int ret;

	if (o->schema && !strcmp(o->schema, "-") && !strcmp(argv[0], "-"))
		return weir_usage("check", "only one file can be standard input");
	if (weir_check_signed(&c, &k, &r))
		return weir_refused_by(&r);
	ret = check_against(o, &c, &k);
	weir_checked_free(&k);
	return ret;
}
