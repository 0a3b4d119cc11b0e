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

#endif
