// SPDX-License-Identifier: GPL-2.0
/* The store comes to have what the kernel trusts, tries, or took out. */
#include <string.h>
#include <unistd.h>

#include "cmd_store.h"
#include "settings.h"

/* Its digest; null if the slot is empty. */
static const uint8_t *digest_in(const struct weir_u_content *slot)
{
	return slot->version ? slot->digest : NULL;
}

/* Of the two that may be on trial in a channel, the one that the marker has. */
static const uint8_t *marked_trial(const struct weir_trying *t, const struct weir_standing *now)
{
	int i = weir_set_find(&t->set, now->ch.channel);
	const uint8_t *shadow = digest_in(&now->trials.content);

	if (i >= 0 && shadow && !memcmp(t->set.entry[i].content, shadow, WEIR_DIGEST_SIZE))
		return shadow;
	if (now->trials.active.state == WEIR_TRIAL_NONE)
		return NULL;
	return digest_in(&now->ch.slot[WEIR_SLOT_ACTIVE]);
}

/* Whether the current generation has content of the channel. */
static int knows(const char *state, uint32_t channel)
{
	struct weir_generation g;
	struct weir_refusal why;

	return weir_store_read(state, 0, &g, &why) || weir_set_find(&g.set, channel) >= 0;
}

int weir_store_now(int fd, const char *state, uint32_t channel, struct weir_refusal *r)
{
	const struct weir_u_content *trusted;
	struct weir_standing now;
	struct weir_trying t;
	int ret;

	if (weir_stand(fd, channel, 0, &now, r) || weir_store_marker(state, &t, r))
		return -1;
	trusted = &now.ch.slot[now.trials.active.state == WEIR_TRIAL_NONE ? WEIR_SLOT_ACTIVE
									  : WEIR_SLOT_LAST_GOOD];
	ret = weir_store_follow(state, channel, digest_in(trusted), marked_trial(&t, &now), r);
	if (!ret || strcmp(r->code, "UNKNOWN"))
		return ret;
	/*
	 * It was loaded with another state folder, or its marker was written over by another
	 * trial's. The next boot comes up with what was trusted before it, if anything.
	 */
	if (knows(state, channel))
		weir_warn(r);
	return weir_store_follow(state, channel, NULL, marked_trial(&t, &now), r);
}

/* What the breaker took back is not enforced after the next boot either. */
static int follow_mode(int fd, const char *state, const struct weir_u_channel *ch,
		       struct weir_refusal *r)
{
	struct weir_u_breaker b;

	if (weir_dev_breaker(fd, ch->index, &b, r))
		return -1;
	return b.withdrawn ? weir_settings_set(state, &ch->channel, "mode", json_null(), r) : 0;
}

int weir_store_all_now(int fd, const char *state, struct weir_refusal *r)
{
	struct weir_refusal why;
	struct weir_u_channel ch;
	struct weir_u_info info;
	int failed = 0;
	uint32_t i;

	if (weir_dev_info(fd, &info, r))
		return -1;
	/* One channel that fails is no reason to leave the others. */
	for (i = 0; i < info.nchannels; i++) {
		if (!weir_dev_channel(fd, i, &ch, &why) && !follow_mode(fd, state, &ch, &why) &&
		    !weir_store_now(fd, state, ch.channel, &why))
			continue;
		if (!failed++)
			*r = why;
		else
			weir_warn(&why);
	}
	return failed ? -1 : 0;
}

int weir_not_kept(struct weir_refusal *r)
{
	char why[sizeof(r->what)];

	memcpy(why, r->what, sizeof(why));
	snprintf(r->what, sizeof(r->what),
		 "it is so in the kernel, but not on disk for the next boot: %.500s", why);
	return -1;
}

int weir_store_catch_up(int fd, const char *state, uint32_t channel, struct weir_refusal *r)
{
	int lock, ret;

	if (fd < 0)
		return 0;
	ret = weir_store_lock(state, &lock, r);
	if (!ret && lock < 0)
		return 0;
	if (!ret) {
		ret = weir_store_now(fd, state, channel, r);
		close(lock);
	}
	return ret ? weir_not_kept(r) : 0;
}
