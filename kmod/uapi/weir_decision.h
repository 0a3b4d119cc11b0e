/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* Part of the ABI of /dev/weir, beside weir.h: what was decided. */
#ifndef _UAPI_WEIR_DECISION_H
#define _UAPI_WEIR_DECISION_H

#include <linux/types.h>
#include <linux/ioctl.h>

/* What was decided; value says more. */
enum weir_u_decided {
	WEIR_DECIDED_SUBMIT = 1, /* content became its channel's candidate */
	WEIR_DECIDED_ACTIVATE, /* the candidate became active and trusted */
	WEIR_DECIDED_STAGE, /* content went up; value: enum weir_u_stage_number */
	WEIR_DECIDED_ROLLBACK, /* active content, or what was in shadow, was dropped */
	WEIR_DECIDED_BACK, /* last-good became active again, whatever for */
	WEIR_DECIDED_UNLOAD, /* all content of the channel was dropped */
	WEIR_DECIDED_MODE, /* value: enum weir_u_mode; flags: WEIR_MODE_ */
	WEIR_DECIDED_EXEMPT, /* value: how many executables are exempt now */
	WEIR_DECIDED_LIMITS, /* of the breaker; value: enum weir_u_policy */
	WEIR_DECIDED_BREAK, /* one was reached; value: enum weir_u_break_act; flags: weir_u_break */
	WEIR_DECIDED_OUT, /* active content was taken out; value: enum weir_u_quarantine */
	WEIR_DECIDED_DROP, /* content was dropped that was not active; value: likewise */
	WEIR_DECIDED_TRUST, /* a trust list came into force: version and digest are the list's */
	WEIR_DECIDED_END
};

/*
 * WEIR_IOC_DECISION (R): a decision that changed what runs, or a request for one that was refused;
 * the first from @number on that is kept. The kernel keeps the last 128, whether they were asked
 * for or its own; each goes to the audit log as well, as AUDIT_KERNEL_OTHER. ENOENT, with @id and
 * @last: there is none from @number on.
 */
struct weir_u_decision {
	__u32 size;
	__u32 what; /* enum weir_u_decided */
	__u64 number; /* in: the least that is wanted; out: which it is, from 1 */
	__u64 last; /* number of the newest */
	__u64 id; /* of this start of the module: another one counts from 1 anew */
	__u64 boottime; /* ns */
	__u64 realtime; /* ns since 1970 */
	__u64 version; /* of the content or list it is about, 0 if none */
	__u32 channel; /* 0 if it is about none */
	__s32 error; /* 0; else -errno: it was refused, and nothing changed */
	__u32 code; /* why, enum weir_code; ~0 if that says no more */
	__u32 value; /* of what was decided */
	__u32 flags; /* likewise */
	__u32 instance; /* to blame; ~0 if none, or if it is not known */
	__u32 field; /* likewise */
	__u32 by_kernel; /* 1: the kernel by itself; who follows, if anybody, caused it */
	__u32 pid; /* thread group id, in the initial namespace; 0 if nobody */
	__u32 uid; /* ~0 if nobody */
	__u32 auid; /* of the login; ~0 if there is none */
	__u32 reserved;
	__u8 uuid[16]; /* of the instance, zeros if none */
	__u8 digest[32]; /* SHA-256 of it without signature, zeros if none */
};

#define WEIR_IOC_DECISION _IOWR('W', 0x92, struct weir_u_decision)

#endif
