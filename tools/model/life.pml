/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life of content in one channel, as spin explores it: a loader that asks for whatever it may,
 * hooks in which content trips, and the module's workers. The transitions are those of the module.
 * Every step is made under the store's lock, so each is atomic here. Slots hold versions; 0: none.
 */
#define VERSIONS 4

mtype:state = { EMPTY, TRIAL, TRIAL_KEPT, TRUSTED, TRUSTED_KEPT };
mtype:event = { TRY, TRUST, PASS, BACK, FORGET, CLEAR };

mtype:state state = EMPTY;
byte now, good, shadow, candidate;
byte offered; /* the version floor */
byte in; /* what TRY and TRUST bring */

bool tripped[VERSIONS + 1];
/* Ghosts: what was trusted once; what a step back took out; what a trial must be able to lead to. */
bool proven[VERSIONS + 1];
bool gone[VERSIONS + 1];
byte best;

#define HAS_TRIAL (state == TRIAL || state == TRIAL_KEPT)
#define HAS_TRUSTED (state == TRUSTED || state == TRUSTED_KEPT)
#define HAS_GOOD (state == TRIAL_KEPT || state == TRUSTED_KEPT)

#define MOVE_STAY skip
#define MOVE_IN now = in
#define MOVE_KEEP good = now; now = in
#define MOVE_BACK gone[now] = true; now = good; good = 0
#define MOVE_OUT gone[now] = true; now = 0
#define MOVE_FORGET good = 0
#define MOVE_CLEAR now = 0; good = 0

#define WEIR_LIFE(STATE, EVENT, NEXT, MOVE) \
	:: state == STATE && what == EVENT -> MOVE_##MOVE; state = NEXT

inline check()
{
	assert((now != 0) == (HAS_TRIAL || HAS_TRUSTED));
	assert((good != 0) == HAS_GOOD);
	/* Last-good was trusted, and is not what is active. */
	assert(good == 0 || (proven[good] && good != now));
	/* What was taken out does not come back. */
	assert(now == 0 || !gone[now]);
	assert(good == 0 || !gone[good]);
	/* A trial puts nothing at risk. */
	assert(!HAS_TRIAL || good == best);
	/* Nothing is ever replaced by what is older, but on the way back. */
	assert(now == 0 || good < now);
	assert(shadow == 0 || shadow > now);
	assert(candidate == 0 || (candidate > now && candidate > shadow));
}

/* Refused events leave everything as it is. */
inline step(what)
{
	if
#include "../../kmod/life.def"
	:: else -> skip
	fi;
	in = 0;
	if
	:: HAS_TRUSTED -> proven[now] = true; best = now
	:: HAS_TRIAL && what == FORGET -> best = 0
	:: HAS_TRIAL && what != FORGET -> skip
	:: else -> best = good
	fi;
	gone[0] = false;
	check()
}

active proctype loader()
{
	do
	:: atomic { offered < VERSIONS -> offered++; candidate = offered }
	:: atomic { candidate != 0 -> shadow = candidate; candidate = 0 }
	:: atomic { candidate != 0 -> in = candidate; candidate = 0; shadow = 0; step(TRY) }
	:: atomic { candidate != 0 -> in = candidate; candidate = 0; shadow = 0; step(TRUST) }
	:: atomic { shadow != 0 && !tripped[shadow] -> in = shadow; shadow = 0; step(TRY) }
	:: atomic { shadow != 0 -> shadow = 0 }
	:: atomic { now != 0 -> step(BACK) }
	:: atomic { offered == VERSIONS -> candidate = 0; shadow = 0; step(CLEAR) }
	:: offered == VERSIONS -> break
	od
}

/* Readers may be late: content trips in any slot in which it is, or was, evaluated. */
active proctype hooks()
{
	do
	:: atomic { now != 0 && !tripped[now] -> tripped[now] = true }
	:: atomic { shadow != 0 && !tripped[shadow] -> tripped[shadow] = true }
	:: atomic { good != 0 && !tripped[good] -> tripped[good] = true }
	:: offered == VERSIONS -> break
	od
}

active proctype quarantine()
{
end:	do
	:: atomic {
		tripped[good] || tripped[shadow] || tripped[now] ->
		if
		:: tripped[good] -> step(FORGET)
		:: else -> skip
		fi;
		if
		:: tripped[shadow] -> shadow = 0
		:: else -> skip
		fi;
		if
		:: tripped[now] -> step(BACK)
		:: else -> skip
		fi }
	od
}

/* A trial is over some time, one way or the other. */
active proctype judge()
{
end:	do
	:: atomic {
		HAS_TRIAL ->
		if
		:: !tripped[now] -> step(PASS)
		:: step(BACK)
		fi }
	od
}

ltl out { [] (tripped[now] -> <> !tripped[now]) }
ltl decided { [] (HAS_TRIAL -> <> !HAS_TRIAL) }
