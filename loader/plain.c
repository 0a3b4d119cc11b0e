// SPDX-License-Identifier: GPL-2.0
/* Evaluation without the matching index, instance by instance: slow, but what has to come out. */
#include "content.h"
#include "plain.h"

/*
 * Sample events times instances that are compared; of more, every second event, or third, and so
 * on: content may bring so many that comparing all would take hours.
 */
#define PAIRS_MAX 0x1000000u

int weir_plain_match(const struct weir_view *v, const struct weir_event *e, uint32_t instance)
{
	struct rinst r = get_inst(*v, instance);
	struct rnode n;
	uint32_t k = 0;

	/* verified: a branch leads to a later node, so this ends */
	while (k < r.nn) {
		n = get_node(*v, r.node + k);
		k = weir_criterion(v, e, n.crit) == 1 ? n.yes : n.no;
	}
	return k == WEIR_ACCEPT;
}

/* An instance of another type than the event's matches in no way. */
static int matches(const struct weir_view *v, const struct weir_event *e, uint32_t instance)
{
	return get_type(*v, get_inst(*v, instance).type).id == e->type &&
	       weir_plain_match(v, e, instance);
}

uint32_t weir_plain_differs(const struct weir_view *v, const struct weir_event *e,
			    const uint32_t *match, uint32_t nmatch)
{
	uint32_t i, k = 0;
	int found;

	for (i = 0; i < v->ninsts; i++) {
		found = k < nmatch && match[k] == i;
		if (matches(v, e, i) != found)
			return i;
		k += (uint32_t)found;
	}
	return k == nmatch ? WEIR_NOWHERE : match[k];
}

int weir_plain_due(const struct weir_view *v, uint32_t sample)
{
	uint64_t pairs = (uint64_t)v->nsamples * v->ninsts;

	return sample % (pairs / PAIRS_MAX + 1) == 0;
}
