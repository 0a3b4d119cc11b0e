// SPDX-License-Identifier: GPL-2.0
/* weirctl load: from a file on disk to content that the kernel evaluates, and on to trust in it. */
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd_store.h"
#include "prove.h"

static int holds(const struct weir_u_content *slot, const struct weir_checked *k)
{
	return slot->version == k->about.version &&
	       !memcmp(slot->digest, k->floor.digest, sizeof(slot->digest));
}

/*
 * Whether the kernel has it, in shadow or active, and the disk does not know of that. Content on
 * trial is known by its floor; trusted content is in the store.
 */
static int is_unfinished(const struct weir_check *c, const struct weir_checked *k,
			 const struct weir_u_channel *ch, const struct weir_u_trials *t)
{
	int floored = k->disk.version >= k->about.version;

	if (holds(&t->content, k))
		return !floored;
	if (!holds(&ch->slot[WEIR_SLOT_ACTIVE], k) || ch->quarantined)
		return 0;
	return !floored || (t->active.state == WEIR_TRIAL_NONE && !weir_store_holds(c->state, k));
}

/*
 * A loader that was stopped half-way left its content in the kernel, which does not take that
 * version again. If it is this very content, go on where the other one stopped: at a candidate that
 * waits, or at content in shadow or active that the disk does not know of.
 */
int weir_submit(int fd, const struct weir_check *c, const struct weir_checked *k,
		struct weir_u_submit *sub, struct weir_refusal *r)
{
	struct weir_refusal other;
	struct weir_u_channel ch;
	struct weir_u_trials t;

	if (!weir_dev_submit(fd, &k->file, &k->view, c->live, sub, r))
		return 0;
	if (strcmp(r->code, "OLD_VERSION") || weir_dev_find(fd, k->about.channel, &ch, &other) ||
	    weir_dev_trials(fd, ch.index, &t, &other))
		return -1;
	if (is_unfinished(c, k, &ch, &t))
		return 1;
	if (!holds(&ch.slot[WEIR_SLOT_CANDIDATE], k))
		return -1;
	sub->channel = ch.channel;
	sub->version = k->about.version;
	return 0;
}

/* The candidate goes to the stage that was asked for. */
static int to_stage(int fd, const struct weir_options *o, const struct weir_check *c,
		    const struct weir_checked *k, struct weir_refusal *r)
{
	struct weir_u_stage s = { .channel = k->about.channel,
				  .version = k->about.version,
				  .stage = o->stage ? o->stage : WEIR_STAGE_PROBATION,
				  .flags = o->manual ? 0 : WEIR_STAGE_AUTO,
				  .gate = o->gate };

	if (s.stage == WEIR_STAGE_TRUSTED)
		return weir_dev_activate(fd, k->about.channel, k->about.version, c->live, r);
	return weir_dev_stage(fd, &s, c->live, r);
}

/* The marker is on disk first: should the machine not live with it, the next boot knows. */
static int activate(int fd, const struct weir_options *o, const struct weir_check *c,
		    const struct weir_checked *k, struct weir_refusal *r)
{
	const char *stage = o->stage == WEIR_STAGE_SHADOW ? "shadow" : "probation";
	struct weir_trying before;
	struct weir_refusal why;

	if (weir_store_marker(c->state, &before, r))
		return -1;
	if (!weir_store_trying(c->state, k, c->live, stage, r) && !to_stage(fd, o, c, k, r))
		return 0;
	if (weir_store_mark(c->state, &before, &why))
		weir_warn(&why);
	return -1;
}

/* The kernel's half: each step only after the one before. */
static int hand_over(int fd, const struct weir_options *o, const struct weir_check *c,
		     const struct weir_checked *k, struct weir_refusal *r)
{
	struct weir_refusal warning;
	struct weir_u_channel before;
	struct weir_u_submit sub;
	struct weir_u_trials t;
	uint32_t names;
	int ret, there;

	/* After a boot, say: the kernel is to refuse what the lists on disk revoke. */
	if (weir_list_hand_over(fd, c->state, r))
		return -1;
	if (!weir_dev_find(fd, k->about.channel, &before, &warning)) {
		/* It may be this content that the disk does not know of, and after this does. */
		there = !weir_dev_trials(fd, before.index, &t, &warning) &&
			is_unfinished(c, k, &before, &t);
		/* What was tried before may be trusted since; its marker is about to go. */
		if (weir_store_now(fd, c->state, k->about.channel, r))
			return -1;
		if (there)
			return 0;
	}
	ret = weir_submit(fd, c, k, &sub, r);
	if (ret)
		return ret < 0 ? -1 : 0;
	if (sub.channel != k->about.channel || sub.version != k->about.version)
		return weir_refuse(r, WEIR_STEP_SUBMIT, "SUBMIT", NULL,
				   "the kernel took the file for channel %" PRIu32
				   " version %" PRIu64 "; nothing was activated",
				   sub.channel, (uint64_t)sub.version);
	if (weir_samples_kernel(fd, &k->view, c->live, r))
		return -1;
	/* Without names ids read as digits: worth saying, no reason to stay without detection. */
	if (weir_dev_names(fd, &names, &warning))
		weir_warn(&warning);
	return activate(fd, o, c, k, r);
}

/* A generation has what is trusted; of what is on trial the marker stays. */
static int store(int fd, const struct weir_check *c, const struct weir_checked *k,
		 struct weir_refusal *r)
{
	struct weir_standing now;

	if (weir_stand(fd, k->about.channel, k->about.version, &now, r))
		return -1;
	if (now.stage == WEIR_STAGE_TRUSTED)
		return weir_store_trusted(c->state, k, c->live, r);
	return weir_store_now(fd, c->state, k->about.channel, r);
}

/* The floor first: what a generation has is never above it. */
static int keep(int fd, const struct weir_check *c, const struct weir_checked *k,
		struct weir_refusal *r)
{
	char why[sizeof(r->what)];

	if (!weir_floor_raise(c->state, k->about.channel, &k->floor, r) && !store(fd, c, k, r))
		return 0;
	memcpy(why, r->what, sizeof(why));
	snprintf(r->what, sizeof(r->what),
		 "the kernel has the content, but the state folder does not know of it: %.500s",
		 why);
	if (!r->todo[0])
		snprintf(r->todo, sizeof(r->todo), "mend that, then load the file again");
	return -1;
}

/* What content of a stage is, in words. */
static const char *stage_text(uint32_t stage)
{
	switch (stage) {
	case WEIR_STAGE_SHADOW:
		return "in shadow";
	case WEIR_STAGE_PROBATION:
		return "active, on probation";
	case WEIR_STAGE_TRUSTED:
		return "active, trusted";
	default:
		return "out again: the kernel's log says why";
	}
}

/* The content is evaluated, whatever its hooks come to. What is not said yet is in @answer. */
static int report(int fd, const struct weir_options *o, const struct weir_checked *k,
		  json_t **answer)
{
	struct weir_standing now = { .stage = 0 };
	int proof = WEIR_PROOF_SEEN;
	struct weir_refusal r;

	*answer = weir_checked_json(k);
	if (weir_stand(fd, k->about.channel, k->about.version, &now, &r))
		weir_warn(&r);
	json_object_set_new(*answer, "stage", json_string(weir_stage_name(now.stage)));
	if (!weir_json) {
		weir_put_checked(k);
		printf("\n%s\n", stage_text(now.stage));
	}
	if (!o->no_prove)
		proof = weir_prove(fd, o->device, 0, *answer, &r);
	if (proof == WEIR_PROOF_UNTRIED)
		weir_warn(&r);
	else if (proof != WEIR_PROOF_SEEN)
		return weir_refused_with(&r, *answer);
	return WEIR_EXIT_OK;
}

/* A load under way. */
struct load {
	struct weir_check c;
	struct weir_checked k;
	struct weir_live live;
	int fd;
	json_t *answer;
};

static int refused(struct weir_refusal *r, const struct load *l)
{
	r->channel = l->k.about.channel;
	if (!r->file[0])
		snprintf(r->file, sizeof(r->file), "%s", l->c.path);
	return weir_refused_by(r);
}

static int load_live(const struct weir_options *o, struct load *l)
{
	struct weir_refusal r;

	if (weir_live_open(o, l->fd, &l->live))
		return WEIR_EXIT_FAIL;
	l->c.live = &l->live;
	if (weir_check_content(&l->c, &l->k, &r))
		return weir_refused_by(&r);
	if (hand_over(l->fd, o, &l->c, &l->k, &r) || keep(l->fd, &l->c, &l->k, &r))
		return refused(&r, l);
	return report(l->fd, o, &l->k, &l->answer);
}

static int load_locked(const struct weir_options *o, struct load *l)
{
	struct weir_refusal r;
	int lock, ret;

	if (weir_floor_lock(o->state, &lock, &r))
		return weir_refused_by(&r);
	/* Another loader may have raised the floor before this one got the lock. */
	if (weir_floor_read(l->c.state, l->k.about.channel, &l->k.disk, &r) ||
	    weir_floor_check(&l->k.disk, &l->k.floor, &r))
		ret = refused(&r, l);
	else if (weir_dev_open(o->device, 1, &l->fd, &r))
		ret = weir_refused_by(&r);
	else
		ret = load_live(o, l);
	close(lock);
	return ret;
}

static int check_options(const struct weir_options *o)
{
	if (o->stage == WEIR_STAGE_TRUSTED && (o->manual || o->gated))
		return weir_usage("load",
				  "--stage trusted has no trial: --gate and --manual do not "
				  "go with it");
	if (o->manual && o->wait)
		return weir_usage("load", "--manual and --wait exclude each other: "
					  "weirctl promote --wait ends the trial");
	return weir_wait_options("load", o);
}

int weir_ctl_load(const struct weir_options *o, char **argv)
{
	struct load l = { .c = { .path = argv[0],
				 .trust = o->trust,
				 .state = o->state,
				 .signers = o->signers,
				 .now = time(NULL) },
			  .fd = -1 };
	struct weir_refusal r;
	int ret;

	if (check_options(o))
		return WEIR_EXIT_USAGE;
	if (weir_check_signed(&l.c, &l.k, &r))
		return weir_refused_by(&r);
	ret = load_locked(o, &l);
	/* Others may load meanwhile; the device stays open, and its owner exempt. */
	if (!ret && o->wait)
		ret = weir_wait(o, l.fd, &l.live, l.k.about.channel, l.k.about.version, 0,
				l.answer);
	else if (!ret)
		weir_answer(l.answer);
	if (o->wait && weir_store_catch_up(l.fd, o->state, l.k.about.channel, &r)) {
		weir_warn(&r);
		ret = WEIR_EXIT_FAIL;
	}
	if (l.fd >= 0)
		close(l.fd);
	weir_checked_free(&l.k);
	return ret;
}
