// SPDX-License-Identifier: GPL-2.0
/* weirctl diff: what a new version of a channel adds, removes and changes. */
#include <string.h>
#include <time.h>

#include "diff.h"

/* As diff(1) has it; what went wrong is no difference. */
enum { SAME, DIFFERENT, TROUBLE };

static int open_file(const struct weir_options *o, const struct weir_live *live, const char *path,
		     struct weir_diff_file *f)
{
	const struct weir_check c = {
		.path = path, .trust = o->trust, .state = o->state, .live = live, .now = time(NULL)
	};
	struct weir_refusal r;

	f->path = path;
	if (weir_check_read(&c, &f->checked, &f->doubts, &r))
		return weir_refused_by(&r);
	if (weir_check_content(&c, &f->checked, &r)) {
		weir_checked_free(&f->checked);
		return weir_refused_by(&r);
	}
	f->channel.view = f->checked.view;
	f->channel.about = f->checked.about;
	weir_live_types(live, &f->channel.types);
	weir_conditions_open(&f->channel, &f->conditions);
	return 0;
}

static void close_file(struct weir_diff_file *f)
{
	weir_conditions_close(&f->conditions);
	weir_live_types_free(&f->channel.types);
	weir_checked_free(&f->checked);
}

static int answer(struct weir_diff *d)
{
	int same;

	weir_diff_make(d);
	same = weir_diff_same(d);
	if (weir_json)
		weir_put_json(weir_diff_json(d));
	else if (!same)
		weir_diff_print(d);
	weir_diff_free(d);
	return same ? SAME : DIFFERENT;
}

static int diff_files(const struct weir_options *o, const struct weir_live *live, char **argv)
{
	struct weir_diff d = { .n = 0 };
	int ret = TROUBLE;

	if (open_file(o, live, argv[0], &d.old))
		return TROUBLE;
	if (!open_file(o, live, argv[1], &d.new)) {
		ret = answer(&d);
		close_file(&d.new);
	}
	close_file(&d.old);
	return ret;
}

int weir_ctl_diff(const struct weir_options *o, char **argv)
{
	struct weir_live live;

	if (!strcmp(argv[0], "-") + !strcmp(argv[1], "-") + (o->schema && !strcmp(o->schema, "-")) >
	    1)
		return weir_usage("diff", "only one file can be standard input");
	if (weir_live_read(o, &live))
		return TROUBLE;
	return diff_files(o, &live, argv);
}
