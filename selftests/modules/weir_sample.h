/* SPDX-License-Identifier: GPL-2.0 */
/* What tests ask of weir_sample.ko, by ioctls of /dev/weir_sample. */
#ifndef WEIR_SAMPLE_H
#define WEIR_SAMPLE_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* How many types it can have at a time: one more than Weir takes. */
#define WEIR_SAMPLE_TYPES 9

/* The fields of all its types, of one kind each. */
enum weir_sample_field { TEXT, NUMBER, BALANCE, COLOUR, ADDRESS, FLAG, WEIR_SAMPLE_FIELDS };

/* WEIR_SAMPLE_REGISTER: what weir_type_register() says */
struct weir_sample_type {
	__u32 n; /* which, below WEIR_SAMPLE_TYPES */
	__u32 id;
	char name[128];
	__u64 provided;
	__u32 verdicts;
	__u32 arity; /* 0: all of them */
};

/* Where an event is submitted from. */
enum weir_sample_how {
	WEIR_SAMPLE_TASK,
	WEIR_SAMPLE_LOCKED, /* a task with preemption and interrupts off */
	WEIR_SAMPLE_IRQ,
	WEIR_SAMPLE_KTHREAD,
	WEIR_SAMPLE_RAW, /* a task, with the user's own pointers */
};

struct weir_sample_value {
	__u64 ptr;
	__u64 num;
	__u32 len;
	__u32 kind;
};

/* WEIR_SAMPLE_SUBMIT: what weir_type_submit() says */
struct weir_sample_event {
	__u32 n; /* which type */
	__u32 how;
	__u32 nvalues; /* at most WEIR_SAMPLE_FIELDS + 1 */
	__s32 result; /* out: of weir_type_submit() */
	__u64 wanted; /* out: of weir_type_wanted() before it */
	__u64 values; /* pointer to struct weir_sample_value */
};

#define WEIR_SAMPLE_REGISTER _IOW('s', 0, struct weir_sample_type)
#define WEIR_SAMPLE_UNREGISTER _IO('s', 1) /* argument: which */
#define WEIR_SAMPLE_SUBMIT _IOWR('s', 2, struct weir_sample_event)

#endif
