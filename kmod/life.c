// SPDX-License-Identifier: GPL-2.0
/* The life of content in a channel: the table of life.def, and the slots that its rows move. */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/rcupdate.h>

#include "swap.h"

/* What a transition does to the slots: that of active content, and last-good. */
enum move {
	MOVE_REFUSED,
	MOVE_STAY, /* nothing */
	MOVE_IN, /* other content becomes active; what was is dropped */
	MOVE_KEEP, /* other content becomes active; what was is kept as last-good */
	MOVE_BACK, /* last-good becomes active; what was is dropped */
	MOVE_OUT, /* what was active is dropped */
	MOVE_FORGET, /* last-good is dropped */
	MOVE_CLEAR, /* both are dropped */
};

static const struct transition {
	u8 next;
	u8 move;
} table[WEIR_LIFE_STATES][WEIR_LIFE_EVENTS] = {
#define WEIR_LIFE(STATE, EVENT, NEXT, MOVE)                                                        \
	[WEIR_LIFE_##STATE][WEIR_LIFE_##EVENT] = { WEIR_LIFE_##NEXT, MOVE_##MOVE },
#include "life.def"
#undef WEIR_LIFE
};

enum weir_life_state weir_life_state(const struct weir_channel *ch)
{
	bool kept = ch->last_good;

	if (!weir_active_of(ch))
		return WEIR_LIFE_EMPTY;
	if (ch->trial)
		return kept ? WEIR_LIFE_TRIAL_KEPT : WEIR_LIFE_TRIAL;
	return kept ? WEIR_LIFE_TRUSTED_KEPT : WEIR_LIFE_TRUSTED;
}

bool weir_life_may(const struct weir_channel *ch, enum weir_life_event event)
{
	return table[weir_life_state(ch)][event].move != MOVE_REFUSED;
}

/* Put content into the active slot, and give back what was there. */
static struct weir_content *replace(struct weir_channel *ch, struct weir_content *in)
{
	struct weir_content *old = weir_active_of(ch);

	rcu_assign_pointer(ch->active, in);
	return old;
}

static void forget(struct weir_channel *ch)
{
	weir_content_put(ch->last_good);
	ch->last_good = NULL;
}

static void move_slots(struct weir_channel *ch, enum move move, struct weir_content *in)
{
	struct weir_content *old;

	switch (move) {
	case MOVE_IN:
	case MOVE_OUT:
		weir_content_put(replace(ch, in));
		break;
	case MOVE_KEEP:
		old = replace(ch, in);
		forget(ch);
		ch->last_good = old;
		break;
	case MOVE_BACK:
		weir_content_put(replace(ch, ch->last_good));
		ch->last_good = NULL;
		break;
	case MOVE_CLEAR:
		weir_content_put(replace(ch, NULL));
		forget(ch);
		break;
	case MOVE_FORGET:
		forget(ch);
		break;
	case MOVE_STAY:
	case MOVE_REFUSED:
		break;
	}
}

int weir_life_step(struct weir_channel *ch, enum weir_life_event event, struct weir_content *in)
{
	const struct transition *t = &table[weir_life_state(ch)][event];

	lockdep_assert_held(&weir_store.lock);
	if (t->move == MOVE_REFUSED)
		return -ENOENT;
	move_slots(ch, t->move, in);
	ch->trial = t->next == WEIR_LIFE_TRIAL || t->next == WEIR_LIFE_TRIAL_KEPT;
	WARN_ON_ONCE(weir_life_state(ch) != t->next);
	return 0;
}
