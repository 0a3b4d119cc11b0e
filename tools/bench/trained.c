// SPDX-License-Identifier: GPL-2.0
/* Weir with a second channel file of the same rules, compiled with a profile of the traffic. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

struct trained {
	struct weir_channel ch;
	uint32_t *same; /* by instance: the one of the first file, which may have another order */
};

struct named {
	uint8_t uuid[16];
	uint32_t i;
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int d = memcmp(x->uuid, y->uuid, sizeof(x->uuid));

	return d ? d : (x->i > y->i) - (x->i < y->i);
}

/* All instances, sorted by what stays when the order changes. */
static struct named *by_uuid(const struct weir_view *v)
{
	struct named *out = weir_alloc(v->ninsts, sizeof(*out));
	struct weir_instance inst;
	uint32_t i;

	for (i = 0; i < v->ninsts; i++) {
		out[i].i = i;
		if (!weir_instance(v, i, &inst))
			memcpy(out[i].uuid, inst.uuid, sizeof(out[i].uuid));
	}
	qsort(out, v->ninsts, sizeof(*out), by_name);
	return out;
}

static int find_same(struct trained *t, const struct weir_view *first)
{
	struct named *mine = by_uuid(&t->ch.view), *theirs = by_uuid(first);
	uint32_t i, differ = 0;

	t->same = weir_alloc(first->ninsts, sizeof(*t->same));
	for (i = 0; i < first->ninsts; i++) {
		differ |= !!memcmp(mine[i].uuid, theirs[i].uuid, sizeof(mine[i].uuid));
		t->same[mine[i].i] = theirs[i].i;
	}
	free(mine);
	free(theirs);
	return differ ? -1 : 0;
}

static int open_trained(struct bench_engine *e, const struct bench_content *c)
{
	struct trained *t;

	if (!e->with) {
		snprintf(e->why, sizeof(e->why), "no content compiled with a profile was given");
		return -1;
	}
	t = weir_alloc(1, sizeof(*t));
	if (weir_channel_open(e->with, c->schema, &t->ch)) {
		snprintf(e->why, sizeof(e->why), "%s cannot be opened", (const char *)e->with);
		free(t);
		return -1;
	}
	e->own = t;
	if (t->ch.view.ninsts != c->ninsts || find_same(t, &c->ch->view)) {
		snprintf(e->why, sizeof(e->why), "%s does not hold the same rules",
			 (const char *)e->with);
		return -1;
	}
	e->match = weir_alloc(c->ninsts, sizeof(*e->match));
	e->memory = t->ch.view.n;
	return 0;
}

static uint32_t eval_trained(struct bench_engine *e, const struct weir_event *ev)
{
	struct trained *t = e->own;
	struct weir_result res;
	uint32_t i;

	if (weir_channel_eval(&t->ch, ev, &res))
		return UINT32_MAX;
	for (i = 0; i < res.nmatch; i++)
		e->match[i] = t->same[t->ch.match[i]];
	return res.nmatch;
}

static void flush_trained(struct bench_engine *e)
{
	bench_weir_flush(&((struct trained *)e->own)->ch);
}

static void close_trained(struct bench_engine *e)
{
	struct trained *t = e->own;

	weir_channel_close(&t->ch);
	free(t->same);
	free(t);
}

struct bench_engine bench_trained = {
	.name = "weir-trained",
	.about = "the same, content compiled with a profile of other events of the same machine",
	.open = open_trained,
	.eval = eval_trained,
	.flush = flush_trained,
	.close = close_trained,
};
