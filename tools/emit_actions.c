// SPDX-License-Identifier: GPL-2.0
/* Rules whose action cannot be applied to all that they may match are refused, each by itself. */
#include <stdlib.h>

#include "emit_check.h"

/* Somewhere in the type the rule's action has no effect. */
static uint64_t unable(const struct weir_rule *r)
{
	if (r->action == WEIR_VERDICT_DENY)
		return r->type->no_deny;
	return r->action == WEIR_VERDICT_KILL ? r->type->no_kill : 0;
}

/* What the core says of the rule in a file of its own. What cannot be written fails elsewhere. */
static int refused(struct weir_sigma *s, struct weir_rule *r)
{
	const struct weir_emit_head head = { .name = "rule", .channel = 1, .version = 1 };
	uint32_t *scratch = weir_alloc(WEIR_ACTION_WORDS, sizeof(*scratch));
	struct weir_buffer file = { 0 };
	struct weir_sigma one = *s;
	struct weir_error err;
	struct weir_view v;
	struct weir_emit e;
	int ret;

	one.rule = r;
	one.nrules = 1;
	weir_emit_prepare(&one, &head, &e);
	ret = !weir_emit_write(&e, &file) && !weir_open(file.p, (uint32_t)file.n, &v, &err) &&
	      weir_actions(&v, &s->types->schema, scratch, &err);
	weir_emit_free(&e);
	free(file.p);
	free(scratch);
	return ret;
}

/* The actions that would do for these events. */
static const char *instead(const struct weir_rule *r, uint64_t mask)
{
	uint64_t other = r->action == WEIR_VERDICT_DENY ? r->type->no_kill : r->type->no_deny;

	if (r->action == WEIR_VERDICT_DENY && !(other & mask))
		return "kill or alert";
	return other & mask ? "alert" : "deny or alert";
}

static void complain(struct weir_sigma *s, const struct weir_rule *r)
{
	const struct weir_type *t = r->type;
	const struct weir_field *f = t->selector == WEIR_NOWHERE ? NULL : &t->fields[t->selector];
	uint64_t mask = unable(r);
	char bad[512], good[512];

	s->file = r->file;
	s->title = r->title;
	s->failed = 0;
	if (!f) {
		weir_sigma_error(s, r->line, NULL,
				 "the action %s cannot be applied to %s events: take %s",
				 weir_verdict_name(r->action), t->name, instead(r, mask));
		return;
	}
	weir_value_names(f, mask, bad, sizeof(bad));
	weir_value_names(f, ~mask, good, sizeof(good));
	weir_sigma_error(s, r->line, f->name,
			 "the action %s cannot be applied where %s is %s, and the rule may match "
			 "there: %s%s%s%s%stake the action %s",
			 weir_verdict_name(r->action), f->name, bad,
			 *good ? "have all of it ask for another " : "", *good ? f->name : "",
			 *good ? " (" : "", good, *good ? "), or " : "", instead(r, mask));
}

void weir_emit_actions(struct weir_sigma *s)
{
	size_t i, n = 0;

	for (i = 0; i < s->nrules; i++) {
		if (unable(&s->rule[i]) && refused(s, &s->rule[i]))
			complain(s, &s->rule[i]);
		else
			s->rule[n++] = s->rule[i];
	}
	s->nrules = n;
}
