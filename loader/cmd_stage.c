// SPDX-License-Identifier: GPL-2.0
/* weirctl promote and rollback: one stage up, and back to what was trusted before. */
#include <inttypes.h>
#include <unistd.h>

#include "cmd_store.h"

/* A channel, its device open for writing. */
struct opened {
	int fd;
	struct weir_live live;
	struct weir_standing now;
};

static int open_channel(const struct weir_options *o, const char *number, struct opened *out)
{
	struct weir_refusal r;
	uint32_t channel;

	if (weir_channel_number(number, &channel))
		return WEIR_EXIT_USAGE;
	if (weir_dev_open(o->device, 1, &out->fd, &r))
		return weir_refused_by(&r);
	if (weir_live_open(o, out->fd, &out->live)) {
		close(out->fd);
		return WEIR_EXIT_FAIL;
	}
	if (!weir_stand(out->fd, channel, 0, &out->now, &r))
		return WEIR_EXIT_OK;
	close(out->fd);
	return weir_refused_by(&r);
}

/* The store has the last word: what the kernel came to is on disk, too. */
static int end(const struct weir_options *o, struct opened *c, int ret)
{
	struct weir_refusal r;

	if (weir_store_catch_up(c->fd, o->state, c->now.ch.channel, &r)) {
		r.channel = c->now.ch.channel;
		weir_warn(&r);
		ret = WEIR_EXIT_FAIL;
	}
	close(c->fd);
	return ret;
}

static json_t *answer_of(const struct opened *c, uint64_t version, uint32_t stage)
{
	return json_pack("{s:o, s:o, s:s}", "channel", weir_json_u64(c->now.ch.channel), "version",
			 weir_json_u64(version), "stage", weir_stage_name(stage));
}

int weir_stage_up(int fd, const struct weir_standing *now, const struct weir_live *live,
		  struct weir_refusal *r)
{
	struct weir_u_stage s = { .channel = now->ch.channel,
				  .version = now->version,
				  .stage = now->stage + 1 };

	if (s.stage == WEIR_STAGE_PROBATION) {
		s.flags = now->trial->flags;
		s.gate = now->trial->gate;
	}
	return weir_dev_stage(fd, &s, live, r);
}

static int promote_now(const struct opened *c)
{
	uint32_t stage = c->now.stage + 1;
	struct weir_refusal r;

	if (weir_stage_up(c->fd, &c->now, &c->live, &r))
		return weir_refused_by(&r);
	if (!weir_json)
		printf("channel %" PRIu32 ": version %" PRIu64 " is %s\n", c->now.ch.channel,
		       c->now.version,
		       stage == WEIR_STAGE_TRUSTED ? "trusted" : "active, on probation");
	weir_answer(answer_of(c, c->now.version, stage));
	return WEIR_EXIT_OK;
}

static int promote(const struct weir_options *o, const struct opened *c)
{
	struct weir_refusal r;

	if (c->now.stage && o->wait)
		return weir_wait(o, c->fd, &c->live, c->now.ch.channel, c->now.version, 1,
				 answer_of(c, c->now.version, c->now.stage));
	if (c->now.stage)
		return promote_now(c);
	weir_refuse(&r, WEIR_STEP_TRIAL, "TRIAL", "weirctl status lists what is",
		    "nothing is on trial there");
	r.channel = c->now.ch.channel;
	return weir_refused_by(&r);
}

int weir_ctl_promote(const struct weir_options *o, char **argv)
{
	struct opened c;
	int ret;

	if (weir_wait_options("promote", o))
		return WEIR_EXIT_USAGE;
	ret = open_channel(o, argv[0], &c);
	if (ret)
		return ret;
	ret = promote(o, &c);
	return end(o, &c, ret);
}

/* Say what is active now, which may be nothing. */
static int came_back(const struct opened *c)
{
	uint64_t active = c->now.ch.slot[WEIR_SLOT_ACTIVE].version;
	uint32_t stage = c->now.trials.active.state ? WEIR_STAGE_PROBATION : WEIR_STAGE_TRUSTED;

	if (!weir_json && active)
		printf("channel %" PRIu32 ": version %" PRIu64 " is active\n", c->now.ch.channel,
		       active);
	else if (!weir_json)
		printf("channel %" PRIu32 ": nothing is active\n", c->now.ch.channel);
	weir_answer(answer_of(c, active, active ? stage : 0));
	return WEIR_EXIT_OK;
}

int weir_ctl_rollback(const struct weir_options *o, char **argv)
{
	struct weir_refusal r;
	uint64_t version;
	struct opened c;
	int ret;

	ret = open_channel(o, argv[0], &c);
	if (ret)
		return ret;
	version =
		o->shadow ? c.now.trials.content.version : c.now.ch.slot[WEIR_SLOT_ACTIVE].version;
	if (!version)
		ret = weir_refuse(&r, WEIR_STEP_DEVICE, "EMPTY",
				  "weirctl status lists what is there",
				  o->shadow ? "nothing is in shadow" : "nothing is active");
	if (!ret)
		ret = weir_dev_rollback(c.fd, c.now.ch.channel, version, &c.live, &r);
	if (!ret)
		ret = weir_stand(c.fd, c.now.ch.channel, 0, &c.now, &r);
	r.channel = c.now.ch.channel;
	return end(o, &c, ret ? weir_refused_by(&r) : came_back(&c));
}
