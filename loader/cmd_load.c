// SPDX-License-Identifier: GPL-2.0
/* weirctl load: from a file on disk to active content. */
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "prove.h"

static int holds(const struct weir_u_content *slot, const struct weir_checked *k)
{
	return slot->version == k->about.version &&
	       !memcmp(slot->digest, k->floor.digest, sizeof(slot->digest));
}

/*
 * A loader that was stopped half-way left its content in the kernel, which does not take that
 * version again. If it is this very content, go on where the other one stopped: at a candidate that
 * waits, or at active content whose floor is not on disk.
 *
 * Return: 0 if the content is the candidate, 1 if it is active, -1 with a reason.
 */
static int submit(int fd, const struct weir_check *c, const struct weir_checked *k,
		  struct weir_u_submit *sub, struct weir_refusal *r)
{
	struct weir_u_channel ch;
	struct weir_refusal other;

	if (!weir_dev_submit(fd, &k->file, &k->view, c->live, sub, r))
		return 0;
	if (strcmp(r->code, "OLD_VERSION") || weir_dev_find(fd, k->about.channel, &ch, &other))
		return -1;
	if (holds(&ch.slot[WEIR_SLOT_ACTIVE], k) && !ch.quarantined &&
	    k->disk.version < k->about.version)
		return 1;
	if (!holds(&ch.slot[WEIR_SLOT_CANDIDATE], k))
		return -1;
	sub->channel = ch.channel;
	sub->version = k->about.version;
	return 0;
}

/* The kernel's half: each step only after the one before. */
static int hand_over(int fd, const struct weir_check *c, const struct weir_checked *k,
		     struct weir_refusal *r)
{
	struct weir_refusal warning;
	struct weir_u_submit sub;
	uint32_t names;
	int ret;

	ret = submit(fd, c, k, &sub, r);
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
	return weir_dev_activate(fd, k->about.channel, k->about.version, c->live, r);
}

static int raise_floor(const struct weir_check *c, const struct weir_checked *k,
		       struct weir_refusal *r)
{
	char why[sizeof(r->what)];

	if (!weir_floor_raise(c->state, k->about.channel, &k->floor, r))
		return 0;
	memcpy(why, r->what, sizeof(why));
	snprintf(r->what, sizeof(r->what),
		 "the content is active, but its version floor is not on disk: %.500s", why);
	return -1;
}

/* The content is active, whatever its hooks come to. */
static int report(int fd, const struct weir_options *o, const struct weir_checked *k)
{
	json_t *answer = weir_checked_json(k);
	int proof = WEIR_PROOF_SEEN;
	struct weir_refusal r;

	if (!weir_json) {
		weir_put_checked(k);
		puts("\nactive");
	}
	if (!o->no_prove)
		proof = weir_prove(fd, o->device, 0, answer, &r);
	if (proof == WEIR_PROOF_UNTRIED)
		weir_warn(&r);
	else if (proof != WEIR_PROOF_SEEN)
		return weir_refused_with(&r, answer);
	weir_answer(answer);
	return WEIR_EXIT_OK;
}

static int load_live(int fd, const struct weir_options *o, struct weir_check *c,
		     const struct weir_checked *k)
{
	struct weir_refusal r;
	struct weir_live live;

	if (weir_live_open(o, fd, &live))
		return WEIR_EXIT_FAIL;
	c->live = &live;
	if (weir_check_content(c, k, &r))
		return weir_refused_by(&r);
	if (hand_over(fd, c, k, &r) || raise_floor(c, k, &r)) {
		r.channel = k->about.channel;
		if (!r.file[0])
			snprintf(r.file, sizeof(r.file), "%s", c->path);
		return weir_refused_by(&r);
	}
	return report(fd, o, k);
}

static int load_locked(const struct weir_options *o, struct weir_check *c, struct weir_checked *k)
{
	struct weir_refusal r;
	int fd, ret;

	/* Another loader may have raised the floor before this one got the lock. */
	if (weir_floor_read(c->state, k->about.channel, &k->disk, &r) ||
	    weir_floor_check(&k->disk, &k->floor, &r)) {
		r.channel = k->about.channel;
		if (!r.file[0])
			snprintf(r.file, sizeof(r.file), "%s", c->path);
		return weir_refused_by(&r);
	}
	if (weir_dev_open(o->device, 1, &fd, &r))
		return weir_refused_by(&r);
	ret = load_live(fd, o, c, k);
	close(fd);
	return ret;
}

int weir_ctl_load(const struct weir_options *o, char **argv)
{
	struct weir_check c = { .path = argv[0],
				.trust = o->trust,
				.state = o->state,
				.signers = o->signers,
				.now = time(NULL) };
	struct weir_checked k;
	struct weir_refusal r;
	int lock, ret;

	if (weir_check_signed(&c, &k, &r))
		return weir_refused_by(&r);
	if (weir_floor_lock(o->state, &lock, &r)) {
		ret = weir_refused_by(&r);
	} else {
		ret = load_locked(o, &c, &k);
		close(lock);
	}
	weir_checked_free(&k);
	return ret;
}
