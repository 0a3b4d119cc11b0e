/* SPDX-License-Identifier: GPL-2.0 */
/* Decisions that change what runs: to the audit log, and kept for the journal. */
#ifndef WEIR_KMOD_DECISION_H
#define WEIR_KMOD_DECISION_H

#include <linux/types.h>

#include "uapi/weir.h"
#include "uapi/weir_decision.h"

struct weir_content;
struct weir_error;

/* How many are kept. */
#define WEIR_DECISIONS_KEPT 128u

/**
 * struct weir_who - on whose behalf
 * @uid: user id of the task
 * @auid: and of the login it came from, ~0 if none
 * @pid: thread group id, in the initial namespace
 */
struct weir_who {
	u32 uid;
	u32 auid;
	u32 pid;
};

/**
 * struct weir_blame - what content tripped on
 * @known: the rest is written
 * @instance: number, or WEIR_NOWHERE
 * @field: number, or WEIR_NOWHERE
 * @who: whose event it was
 */
struct weir_blame {
	bool known;
	u32 instance;
	u32 field;
	struct weir_who who;
};

/**
 * struct weir_decision - a decision
 * @what: enum weir_u_decided
 * @value: as struct weir_u_decision
 * @flags: as there
 * @channel: number, or 0
 * @version: that was asked for, without @ct
 * @ct: the content that it is about, or NULL
 * @digest: of what it is about, without @ct; or NULL
 * @error: 0, or -errno: it was refused
 * @err: why it was refused, or where it tripped; or NULL
 * @who: NULL: the task that runs, or the kernel itself in a kernel thread
 */
struct weir_decision {
	u32 what;
	u32 value;
	u32 flags;
	u32 channel;
	u64 version;
	const struct weir_content *ct;
	const u8 *digest;
	int error;
	const struct weir_error *err;
	const struct weir_who *who;
};

/**
 * weir_who_runs() - the current task
 * @who: filled
 *
 * Context: any task.
 */
void weir_who_runs(struct weir_who *who);

/**
 * weir_decided() - something was decided: called once for each decision, as it takes effect
 * @d: what; nothing of it is kept
 *
 * Nothing is allocated for the journal's copy; the audit log may lose its own for want of memory,
 * and never makes the caller wait. No text that content has goes there.
 *
 * Context: any task; does not sleep.
 */
void weir_decided(const struct weir_decision *d);

/**
 * weir_decided_gone() - content leaves its slot, and nobody asked for it
 * @what: WEIR_DECIDED_OUT or WEIR_DECIDED_DROP
 * @why: enum weir_u_quarantine
 * @ct: the content
 * @field: that is missing, or WEIR_NOWHERE
 *
 * Context: any task; does not sleep.
 */
void weir_decided_gone(u32 what, u32 why, const struct weir_content *ct, u32 field);

/**
 * weir_decision_get() - a decision that is still kept
 * @number: the least number wanted; 0 is 1
 * @out: filled but for its size: id and last in any case
 *
 * Context: any task; does not sleep.
 * Return: 0 with the first from @number on that is kept; -ENOENT if there is none.
 */
int weir_decision_get(u64 number, struct weir_u_decision *out);

#endif
