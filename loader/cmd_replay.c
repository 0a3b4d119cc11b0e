// SPDX-License-Identifier: GPL-2.0
/* weirctl replay: events of a file through the kernel's interpreter. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"

/* A channel's slot as it was when the replay began. */
struct target {
	int fd;
	uint32_t channel;
	uint32_t slot;
	uint32_t n; /* instances */
	uint64_t version;
	uint8_t (*uuid)[16];
	uint32_t *match;
	struct weir_live live;
	struct weir_types types;
};

static int open_slot(struct target *t, struct weir_refusal *r)
{
	struct weir_u_instance inst;
	struct weir_u_channel c;
	uint32_t i;

	if (weir_dev_find(t->fd, t->channel, &c, r))
		return -1;
	t->version = c.slot[t->slot].version;
	if (!t->version) {
		weir_refuse(r, WEIR_STEP_DEVICE, "CHANNEL", "weirctl status shows what is loaded",
			    "the channel has no %s content",
			    t->slot == WEIR_SLOT_ACTIVE ? "active" : "candidate");
		r->channel = t->channel;
		return -1;
	}
	t->n = c.slot[t->slot].instances;
	t->uuid = weir_alloc(t->n, sizeof(*t->uuid));
	t->match = weir_alloc(t->n, sizeof(*t->match));
	for (i = 0; i < t->n; i++) {
		if (weir_dev_instance(t->fd, t->channel, t->slot, i, &inst, r))
			return -1;
		memcpy(t->uuid[i], inst.uuid, sizeof(inst.uuid));
	}
	return 0;
}

static json_t *matches_json(const struct target *t, uint32_t n)
{
	uint8_t *uuid = weir_alloc(n, sizeof(*t->uuid));
	uint32_t i, found = 0;
	json_t *list;

	for (i = 0; i < n; i++)
		if (t->match[i] < t->n)
			memcpy(uuid + found++ * sizeof(*t->uuid), t->uuid[t->match[i]],
			       sizeof(*t->uuid));
	list = weir_json_ids(uuid, found);
	free(uuid);
	return list;
}

static int replay_one(struct target *t, const struct weir_event *e, unsigned long number)
{
	struct weir_u_replay rep;
	struct weir_refusal r;
	json_t *o;
	int bad;

	if (weir_dev_replay(t->fd, t->channel, t->slot, e, t->match, t->n, &rep, &r))
		return weir_refused_by(&r);
	if (rep.status != WEIR_DONE || rep.nmatch > t->n)
		return weir_fail("event %lu: the kernel's interpreter %s", number,
				 rep.status == WEIR_FUEL ? "ran out of its step budget"
							 : "ran into a fault");
	o = json_pack("{s:I, s:o, s:s}", "event", (json_int_t)number, "matches",
		      matches_json(t, rep.nmatch), "verdict", weir_verdict_name(rep.verdict));
	bad = json_dumpf(o, stdout, 0) || putchar('\n') == EOF;
	json_decref(o);
	if (bad)
		return weir_fail("standard output cannot be written: %s", strerror(errno));
	return 0;
}

static int replay_file(struct target *t, const char *path)
{
	struct weir_input_error err;
	struct weir_events ev;
	struct weir_input in;
	int more, ret = 0;

	if (weir_events_open(path, t->types.t, t->types.n, &ev, &err))
		return weir_input_fail(path, &err);
	while (!ret && (more = weir_events_next(&ev, &in, &err))) {
		if (more < 0) {
			ret = weir_input_fail(path, &err);
			break;
		}
		ret = replay_one(t, &in.event, ev.number - 1);
		weir_input_free(&in);
	}
	weir_events_close(&ev);
	return ret;
}

/* Lines of two contents in one answer would be worse than none. */
static int check_same(const struct target *t)
{
	struct weir_u_channel c;
	struct weir_refusal r;

	if (weir_dev_find(t->fd, t->channel, &c, &r))
		return weir_refused_by(&r);
	if (c.slot[t->slot].version != t->version)
		return weir_fail("the content of channel %" PRIu32
				 " changed while events were replayed; try again",
				 t->channel);
	return 0;
}

static int replay(struct target *t, const struct weir_options *o, const char *path)
{
	struct weir_refusal r;
	int ret;

	if (weir_live_open(o, t->fd, &t->live))
		return WEIR_EXIT_FAIL;
	weir_live_types(&t->live, &t->types);
	if (open_slot(t, &r))
		ret = weir_refused_by(&r);
	else
		ret = replay_file(t, path);
	if (!ret)
		ret = check_same(t);
	free(t->uuid);
	free(t->match);
	weir_live_types_free(&t->types);
	return ret;
}

int weir_ctl_replay(const struct weir_options *o, char **argv)
{
	struct target *t;
	struct weir_refusal r;
	uint32_t channel;
	int ret;

	if (weir_channel_number(argv[0], &channel))
		return WEIR_EXIT_USAGE;
	t = weir_alloc(1, sizeof(*t));
	t->channel = channel;
	t->slot = o->candidate ? WEIR_SLOT_CANDIDATE : WEIR_SLOT_ACTIVE;
	if (weir_dev_open(o->device, 1, &t->fd, &r)) {
		ret = weir_refused_by(&r);
	} else {
		ret = replay(t, o, argv[1]);
		close(t->fd);
	}
	free(t);
	return ret;
}
