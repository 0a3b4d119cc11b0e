/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* The life of content: stages, and the trials that lead from one to the next. Part of weir.h. */
#ifndef _UAPI_WEIR_LIFE_H
#define _UAPI_WEIR_LIFE_H

/* What content has to show on live events before it is promoted. */
struct weir_u_gate {
	__u64 events; /* of each Template Type that it has instances of, at least */
	__u64 seconds; /* at least */
	__u64 matches_ppm; /* instances that match, in a million events, at most */
	__u64 verdicts_ppm; /* events to be denied or killed for, in a million, at most */
	__u64 mean_steps; /* of an event in the mean, at most; 0: any */
};

enum weir_u_trial_state {
	WEIR_TRIAL_NONE, /* there is none */
	WEIR_TRIAL_RUNS, /* not enough events or seconds yet */
	WEIR_TRIAL_PASSED,
	WEIR_TRIAL_FAILED, /* too much of something, or an evaluation that was not sound */
};

/* How content on trial does since the trial began. What is in a million or a mean is rounded up. */
struct weir_u_trial {
	__u32 state; /* enum weir_u_trial_state */
	__u32 flags; /* WEIR_STAGE_AUTO */
	__u64 events; /* evaluated */
	__u64 least; /* of the type that had the fewest */
	__u64 seconds;
	__u64 matches_ppm;
	__u64 verdicts_ppm;
	__u64 mean_steps;
	__u64 unsound; /* events with a trip, a fault or too little fuel: one is too many */
	__u64 differs; /* in shadow: events on which the active content came to something else */
	struct weir_u_gate gate;
};

/*
 * WEIR_IOC_STAGE (W): content of @channel with @version goes one stage up. ENOENT: there is none
 * in the stage below; ESTALE: there is, with another version; EAGAIN: its trial is not over;
 * ECANCELED: it failed; EBUSY with @error as for WEIR_IOC_ACTIVATE. Then nothing changed.
 *
 * SHADOW: the candidate is evaluated beside the active content from now on; nothing is applied.
 * PROBATION: the candidate, or what is in shadow once its trial is passed, becomes active, on
 * trial; what was active becomes last-good, unless it was on trial itself. TRUSTED: the active
 * content's trial is passed. @gate is for the trial that begins; of TRUSTED all 0.
 *
 * Whatever becomes active, here or by WEIR_IOC_ACTIVATE, is newer than all that was evaluated:
 * older content in shadow is dropped.
 */
enum weir_u_stage_number { WEIR_STAGE_SHADOW = 1, WEIR_STAGE_PROBATION, WEIR_STAGE_TRUSTED };

/*
 * The kernel promotes it by itself within a second of passing, to the same gate on probation after
 * shadow; and if it fails, drops it, and last-good becomes active again.
 */
#define WEIR_STAGE_AUTO 1

struct weir_u_stage {
	__u32 size;
	__u32 channel;
	__u64 version;
	__u32 stage; /* enum weir_u_stage_number */
	__u32 flags; /* WEIR_STAGE_AUTO; of TRUSTED 0 */
	struct weir_u_gate gate;
	struct weir_u_error error; /* out */
};

/* Why active content was taken out; last-good may have taken its place. */
enum weir_u_quarantine {
	WEIR_QUARANTINE_NONE,
	WEIR_QUARANTINE_TRIP, /* a guard tripped */
	WEIR_QUARANTINE_TYPE, /* a Template Type that it uses is gone with the module that had it */
	WEIR_QUARANTINE_FIELD, /* a field that it reads is not provided any more */
	WEIR_QUARANTINE_TRIAL, /* it failed its trial */
	WEIR_QUARANTINE_BREAKER, /* it reached a limit of the breaker */
	WEIR_QUARANTINE_REVOKED, /* the trust list does not permit it any more */
};

/* WEIR_IOC_TRIALS (R): what of a channel has to show itself, by index below nchannels */
struct weir_u_trials {
	__u32 size;
	__u32 index; /* in */
	__u32 channel;
	__u32 reserved; /* 0 */
	struct weir_u_trial active; /* while the active content is on trial */
	struct weir_u_trial shadow; /* while there is content in shadow */
	struct weir_u_content content; /* in shadow */
};

/*
 * The breaker: when verdicts are not applied any more, because @rate were in a second, or @share
 * percent of a Template Type's events and at least @share_least in a minute, or @kills of root's
 * tasks in a minute. Of a user other than root no more than a third of a limit counts, so
 * that nobody can have protective content switched off alone, by doing what it denies; what befalls
 * root counts in full. A limit of 0 is none.
 *
 * At once no verdict of the content is applied. Then, if nine tenths came from one instance, that
 * instance is muted and the rest is applied again; content on trial is taken out; and of other
 * content @policy says what happens to it.
 *
 * @matches: instances that match, in a second, that are all recorded. Of more, those of an instance
 * that had a tenth of it are counted as lost records; and all, above twice that many. Content on
 * trial is taken out.
 * @steps: of an event in the mean, in about a second of at least 100 events. Content on trial is
 * taken out; of other content @policy says what happens to it, with AUDIT as with HOLD.
 */
struct weir_u_limits {
	__u32 policy; /* enum weir_u_policy */
	__u32 rate;
	__u32 share; /* at most 100 */
	__u32 share_least;
	__u32 kills;
	__u32 matches;
	__u32 steps;
	__u32 reserved; /* 0 */
};

enum weir_u_policy {
	WEIR_POLICY_LAST_GOOD, /* last-good becomes active; without one, as AUDIT */
	WEIR_POLICY_AUDIT, /* the channel is in audit mode from then on */
	WEIR_POLICY_OFF, /* the channel is emptied */
	WEIR_POLICY_HOLD, /* nothing: it is recorded, and verdicts go on being applied */
};

/* Which limit was passed. */
enum weir_u_break {
	WEIR_BREAK_NONE,
	WEIR_BREAK_RATE,
	WEIR_BREAK_SHARE,
	WEIR_BREAK_KILLS,
	WEIR_BREAK_MATCHES, /* told of once a minute */
	WEIR_BREAK_STEPS, /* likewise */
};

/* What came of it. */
enum weir_u_break_act {
	WEIR_ACT_NONE,
	WEIR_ACT_MUTED, /* the instance to blame */
	WEIR_ACT_LAST_GOOD,
	WEIR_ACT_AUDIT,
	WEIR_ACT_OFF,
	WEIR_ACT_HELD, /* nothing, by policy */
	WEIR_ACT_QUIET, /* not every match is recorded, for as long as there are so many */
};

/* WEIR_IOC_LIMITS (W): set the limits of a channel, whatever its content; they outlive it */
struct weir_u_channel_limits {
	__u32 size;
	__u32 channel;
	struct weir_u_limits limits;
};

/* Instances that may be muted in one content; the next one takes the content along. */
#define WEIR_U_MUTED 8

/* WEIR_IOC_BREAKER (R): a channel's breaker, by index below nchannels */
struct weir_u_breaker {
	__u32 size;
	__u32 index; /* in */
	__u32 channel;
	__u32 open; /* 1: no verdict of the active content is applied at this moment */
	struct weir_u_limits limits;
	__u64 breaks; /* how often a limit was passed; of the newest time: */
	__u64 version; /* of the content */
	__u64 boottime; /* ns */
	__u32 cause; /* enum weir_u_break */
	__u32 act; /* enum weir_u_break_act */
	__u32 instance; /* that was to blame; ~0 if there is no such */
	__u32 counted; /* what counted against the limit; of STEPS, the mean */
	__u32 nmuted; /* instances of the active content */
	__u32 muted[WEIR_U_MUTED];
	__u32 withdrawn; /* 1: it took the mode back, or the content, and no mode was set since */
};

#define WEIR_IOC_LIMITS _IOWR('W', 0x95, struct weir_u_channel_limits)
#define WEIR_IOC_BREAKER _IOWR('W', 0x96, struct weir_u_breaker)

#endif
