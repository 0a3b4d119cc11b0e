/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The ABI of /dev/weir. Every struct begins with its own size as the caller knows it: the kernel
 * accepts a size it knows, and a larger one whose unknown tail is zero; a smaller one than that of
 * the struct's first version is EINVAL. Every reserved member must be zero. All integers are of the
 * machine's byte order; pointers travel as __u64.
 *
 * Who may what: opening for reading needs CAP_AUDIT_READ or CAP_SYS_ADMIN and allows read(), poll()
 * and the ioctls marked R; those marked W need the file opened for writing, and CAP_SYS_ADMIN both
 * when it is opened and when they are called. Opening for neither is EINVAL.
 *
 * Order of checks, the same in every ioctl: command (ENOTTY), right (EPERM, EBADF), size (EINVAL,
 * E2BIG), memory (EFAULT), reserved members and flags (EINVAL), then what the request asks: EINVAL
 * for what makes no sense, ENOENT for a channel, slot or index that is not there. The size in a
 * command's number is not looked at, only the member.
 */
#ifndef _UAPI_WEIR_H
#define _UAPI_WEIR_H

#include <linux/types.h>
#include <linux/ioctl.h>

#define WEIR_ABI_VERSION 1
#define WEIR_U_NAME 64
#define WEIR_U_FIELDS 64

/* Why a request was refused: codes of interpreter/errors.def; ~0 where a member does not apply. */
struct weir_u_error {
	__u32 code;
	__u32 section;
	__u32 offset;
	__u32 type;
	__u32 instance;
	__u32 field;
};

/* WEIR_IOC_INFO (R) */
struct weir_u_info {
	__u32 size;
	__u32 abi; /* WEIR_ABI_VERSION */
	__u32 format; /* channel format version */
	__u32 ntypes;
	__u32 nchannels; /* channels known to the kernel now; indexes of WEIR_IOC_CHANNEL */
	__u32 nnames; /* entries of the id-to-name table */
	__u32 nhooks; /* indexes of WEIR_IOC_HOOK */
	__u32 reserved; /* 0 */
	__u64 max_cost; /* content above this worst-case cost is refused */
	__u64 events; /* evaluated */
	__u64 nested; /* events inside events: counted, not evaluated */
	__u64 records; /* written to the ring */
	__u64 lost_full; /* records lost because the ring was full */
	__u64 lost_nomem; /* records lost because they did not fit or memory was short */
	__u64 refused; /* submits refused */
	__u64 errors; /* internal errors, and bad events of other modules: all was allowed */
	__u64 evicted; /* processes dropped from the process table because it was full */
	__u64 processes; /* processes in the table now */
	__u64 checks; /* times that the module made armed hooks fire */
	__u64 alarms; /* how often a needed hook did not, then or by WEIR_IOC_PROVE */
	__u64 missed; /* programs that started past the hook that is to see them */
};

/*
 * WEIR_IOC_TYPE (R): one Template Type of the running kernel, by index below ntypes. Types of other
 * modules come and go, and the indexes of those behind them change: their ids do not.
 */
struct weir_u_field {
	char name[WEIR_U_NAME];
	__u32 kind; /* enum weir_kind */
	__u32 reserved;
};

struct weir_u_type {
	__u32 size;
	__u32 index; /* in */
	__u32 id;
	__u32 arity;
	__u64 fingerprint;
	__u64 provided; /* bit i: field i is really filled here */
	__u64 wanted; /* bit i: active content reads field i */
	__u32 armed; /* 1 while the capture points of this type are armed */
	__u32 selector; /* an enum field of every event; 0xffffffff: bit 0 of these is about all */
	__u64 no_deny; /* bit i: events whose selector has the value i cannot be denied */
	__u64 no_kill; /* likewise: what caused them cannot be killed */
	__u64 reserved;
	char name[WEIR_U_NAME];
	struct weir_u_field field[WEIR_U_FIELDS];
};

/* WEIR_IOC_VALUES (R): what the values of an enum field are called; ENOENT for any other field */
struct weir_u_values {
	__u32 size;
	__u32 type; /* in: Template Type id */
	__u32 field; /* in: its number */
	__u32 reserved;
	char values[4096]; /* names separated by '|', numbered from 0; terminated */
};

/*
 * WEIR_IOC_SUBMIT (W): a signed channel file. The kernel copies it, checks size, signature, digest
 * strength, the trust list, version, schema, provided fields, content and cost, and runs its sample
 * events; on success it is the channel's candidate, an older candidate is dropped, and nothing else
 * changed. On refusal nothing changed and @error says why. EKEYREJECTED: signature; ENOKEY: signer,
 * or too few; EKEYREVOKED: the trust list names the content, its version or its signer; ESTALE:
 * version; EBADMSG: content; EOPNOTSUPP: schema, fields or actions; EFBIG: size or cost; ENOMEM;
 * ENOSPC: too many channels; EINTR: the caller is being killed.
 */
struct weir_u_submit {
	__u32 size;
	__u32 flags; /* 0 */
	__u64 data; /* pointer */
	__u64 len;
	__u32 channel; /* out */
	__u32 reserved;
	__u64 version; /* out */
	struct weir_u_error error; /* out */
};

enum weir_u_slot {
	WEIR_SLOT_ACTIVE,
	WEIR_SLOT_CANDIDATE,
	WEIR_SLOT_LAST_GOOD,
	WEIR_SLOT_SHADOW,
	WEIR_SLOTS,
};

/*
 * AUDIT, as every channel begins: verdicts are recorded and nothing comes of them. ENFORCE: DENY
 * and KILL are applied where the hook can, but never to PID 1, kernel threads, a process that has
 * the device open for writing itself, and the executables of WEIR_IOC_EXEMPT.
 */
enum weir_u_mode { WEIR_MODE_AUDIT, WEIR_MODE_ENFORCE };

/*
 * With ENFORCE: an event that the content could not be evaluated on to a sound end (a guard
 * tripped, a table was out of bounds, the step budget ran out, or a field that the content reads
 * was there and could not be read) is denied where the hook can. Without it such an event is
 * allowed, unless an instance matched that reads no such field.
 */
#define WEIR_MODE_FAIL_CLOSED 1

/*
 * WEIR_IOC_ACTIVATE (W): the candidate of @channel, if its version is @version (else ESTALE; ENOENT
 * without candidate), becomes active and is trusted at once. What was active becomes last-good,
 * unless it was on trial. All readers see one or the other. EBUSY with @error if a capture point it
 * needs could not be armed, or once armed does not provide a field: nothing changed.
 * WEIR_IOC_ROLLBACK (W): the active content, if its version is @version, is dropped and last-good
 * becomes active again; without last-good the channel is empty then. If @version is that of what is
 * in shadow, that is dropped and nothing else changes. ENOENT without active content; ESTALE, EBUSY
 * as above.
 * WEIR_IOC_UNLOAD (W): drop all content of @channel; its version floor stays, its mode is AUDIT
 * from then on. @version 0.
 */
struct weir_u_channel_op {
	__u32 size;
	__u32 channel;
	__u64 version;
	__u32 mode; /* WEIR_IOC_MODE (W): enum weir_u_mode; outlives a change of content; else 0 */
	__u32 flags; /* with ENFORCE: WEIR_MODE_; else 0 */
	struct weir_u_error error; /* out */
};

/* WEIR_IOC_CHANNEL (R): a channel's state, by index below nchannels */
struct weir_u_content {
	__u64 version; /* 0: the slot is empty */
	__u64 created;
	__u64 cost;
	__u32 bytes; /* of content */
	__u32 memory; /* bytes of kernel memory, all that the content brings with it */
	__u32 instances;
	__u32 samples;
	__u8 digest[32]; /* SHA-256 of the content */
};

struct weir_u_channel {
	__u32 size;
	__u32 index; /* in */
	__u32 channel;
	__u32 mode;
	char name[WEIR_U_NAME];
	__u64 floor; /* highest version seen: only higher ones are accepted */
	struct weir_u_content slot[3]; /* by enum weir_u_slot; SHADOW is in struct weir_u_trials */
	__u64 events; /* evaluated by this channel */
	__u64 matches; /* instances matched */
	__u64 trips; /* guard trips on inputs */
	__u64 faults; /* content out of bounds */
	__u64 fuel; /* budget exhausted */
	__u64 steps; /* sum over events */
	__u64 max_steps; /* of one event */
	__u64 denied; /* operations made to fail */
	__u64 killed; /* tasks killed; where the hook can, the operation is denied as well */
	__u64 failed_closed; /* of the denied ones: for want of a sound evaluation */
	__u64 exempted; /* events on which something would have been applied to another task */
	__u64 unapplied; /* events whose hook could not apply the verdict, or evaluated unsoundly */
	__u64 unread; /* events of which a field that the content reads could not be read */
	__u32 quarantined; /* enum weir_u_quarantine */
	__u32 trip_instance; /* of active content; ~0 if none, or the index, which all share */
	__u32 trip_field; /* ~0 if none; with WEIR_QUARANTINE_FIELD, which */
	__u32 flags; /* of the mode: WEIR_MODE_ */
};

#include "weir_life.h"
#include "weir_trust.h"

/* WEIR_IOC_REPLAY (W): evaluate an event given here in the kernel's interpreter */
struct weir_u_value {
	__u32 field;
	__u32 kind; /* must be the field's */
	__u32 off; /* of strings and addresses: where in data */
	__u32 len;
	__u64 num; /* of numbers; i64 with its sign bit flipped */
};

struct weir_u_replay {
	__u32 size;
	__u32 channel;
	__u32 slot; /* enum weir_u_slot */
	__u32 type; /* Template Type id */
	__u64 values; /* pointer to struct weir_u_value, ascending by field */
	__u64 data; /* pointer */
	__u32 nvalues; /* at most WEIR_U_FIELDS */
	__u32 data_len; /* at most 1 MiB */
	__u64 matches; /* pointer to __u32: instance numbers, ascending */
	__u32 cap; /* room in matches */
	__u32 nmatch; /* out; may exceed cap */
	__u32 verdict; /* out */
	__u32 status; /* out: enum weir_status */
	__u32 trips; /* out */
	__u32 reserved;
	__u64 steps; /* out */
};

/* WEIR_IOC_NAMES (W): replace the whole table of user names; at most 65536 entries */
struct weir_u_name {
	__u32 id;
	char name[36]; /* terminated */
};

struct weir_u_names {
	__u32 size;
	__u32 count;
	__u64 names; /* pointer to struct weir_u_name, ids ascending */
};

/* WEIR_IOC_SHOW (R): an instance of a channel's slot */
struct weir_u_instance {
	__u32 size;
	__u32 channel;
	__u32 slot;
	__u32 index; /* below weir_u_content.instances */
	__u8 uuid[16];
	__u32 type;
	__u32 level;
	__u32 action;
	__u32 reserved;
	char title[257]; /* terminated; bytes as in the content */
	char pad[7];
};

/*
 * WEIR_IOC_EXEMPT (W): replace the whole list of exempt executables. Each path is looked up now, as
 * the caller sees it, and must lead to a regular file; that file is exempt, under whatever name it
 * is executed, until the list is replaced. On failure @bad is the number of the path that was
 * refused, and the list is as before.
 */
#define WEIR_EXEMPT_MAX 64

struct weir_u_exempt {
	__u32 size;
	__u32 count; /* at most WEIR_EXEMPT_MAX */
	__u64 paths; /* pointer to absolute paths, each terminated, one after the other */
	__u32 len; /* bytes of all of them; at most 4096 each */
	__u32 bad; /* out: ~0 if it was none of them */
};

/* WEIR_IOC_EXEMPTED (R): an entry of that list, by index */
struct weir_u_exempted {
	__u32 size;
	__u32 index; /* in; ENOENT past the end */
	__u64 ino;
	__u32 generation;
	__u32 major; /* of the file system's device */
	__u32 minor;
	__u32 current_file; /* 1 if the path still leads the caller to that file */
	char path[4096]; /* terminated; as it was given */
};

/* WEIR_IOC_HOOK (R): a function of the kernel that events come from, by index below nhooks */
struct weir_u_hook {
	__u32 size;
	__u32 index; /* in */
	__u32 type; /* Template Type id; a function that serves several has an entry each */
	__u32 power; /* verdicts that it can apply: bit of enum weir_verdict */
	__u32 needed; /* 1: the type is not armed without it */
	__u32 by_use; /* 1: nothing but real use shows that it fires */
	__u32 armed; /* 1: it delivers events now */
	__u32 seen; /* 1: it fired since it was armed */
	__s32 error; /* why it is not armed though its type is, or would not be: -errno; else 0 */
	__u32 arming; /* counts up whenever the function is hooked anew */
	__u64 fields; /* bit i: field i comes from this hook and its like alone */
	__u64 calls; /* of the function while it was armed */
	__u64 denied;
	__u64 killed;
	char name[WEIR_U_NAME]; /* of the function */
};

/*
 * WEIR_IOC_PROVE (W): the caller claims to have made the function of a hook run since the hook was
 * armed; of hooks that are by_use. The kernel takes its word for that alone and looks whether the
 * hook fired. If so, what was said of it before is forgotten. If not, EIO: it counts as silent, as
 * one that does not fire in the module's own checks does, and content that reads a field which is
 * then not provided is taken out. That is all that a false claim can do. ESTALE: the hook is not
 * armed, or was armed anew since. EINVAL: the module proves it itself.
 */
struct weir_u_prove {
	__u32 size;
	__u32 index; /* of WEIR_IOC_HOOK */
	__u32 arming; /* that of struct weir_u_hook before the function ran */
	__u32 reserved;
};

#define WEIR_IOC_INFO _IOWR('W', 0x80, struct weir_u_info)
#define WEIR_IOC_TYPE _IOWR('W', 0x81, struct weir_u_type)
#define WEIR_IOC_SUBMIT _IOWR('W', 0x82, struct weir_u_submit)
#define WEIR_IOC_ACTIVATE _IOWR('W', 0x83, struct weir_u_channel_op)
#define WEIR_IOC_UNLOAD _IOWR('W', 0x84, struct weir_u_channel_op)
#define WEIR_IOC_MODE _IOWR('W', 0x85, struct weir_u_channel_op)
#define WEIR_IOC_CHANNEL _IOWR('W', 0x86, struct weir_u_channel)
#define WEIR_IOC_REPLAY _IOWR('W', 0x87, struct weir_u_replay)
#define WEIR_IOC_NAMES _IOWR('W', 0x88, struct weir_u_names)
#define WEIR_IOC_SHOW _IOWR('W', 0x89, struct weir_u_instance)
#define WEIR_IOC_EXEMPT _IOWR('W', 0x8a, struct weir_u_exempt)
#define WEIR_IOC_EXEMPTED _IOWR('W', 0x8b, struct weir_u_exempted)
#define WEIR_IOC_HOOK _IOWR('W', 0x8c, struct weir_u_hook)
#define WEIR_IOC_VALUES _IOWR('W', 0x8d, struct weir_u_values)
#define WEIR_IOC_PROVE _IOWR('W', 0x8e, struct weir_u_prove)
#define WEIR_IOC_STAGE _IOWR('W', 0x8f, struct weir_u_stage)
#define WEIR_IOC_ROLLBACK _IOWR('W', 0x90, struct weir_u_channel_op)
#define WEIR_IOC_TRIALS _IOWR('W', 0x91, struct weir_u_trials)
/* More are in weir_decision.h, weir_trust.h and weir_life.h: 0x92 to 0x96. */

/*
 * read() gives whole records, as many as fit; EINVAL if the buffer cannot hold the next one (64 KiB
 * always can); EAGAIN with O_NONBLOCK if there is none. poll() is readable while records wait. A
 * record goes to one reader, whoever comes first. It is a header, then nfields fields, each a
 * struct weir_u_rfield and its bytes, padded to 8.
 */
enum weir_u_record_kind {
	WEIR_REC_MATCH = 1, /* an instance matched an event */
	WEIR_REC_TRIP, /* a guard tripped: instance and field say where; content was quarantined */
	WEIR_REC_LOST, /* lost counts records that were dropped before this one */
	WEIR_REC_STORE, /* a channel changed: activated, unloaded or taken out */
	WEIR_REC_SILENT, /* a hook of the type did not fire when it was made to: an alarm */
	WEIR_REC_FAILED, /* fail-closed: an event without a sound evaluation; flags say more */
	WEIR_REC_BREAK, /* a limit of the breaker was passed: instance to blame, if one is */
};

struct weir_u_record {
	__u32 size; /* of header and fields, a multiple of 8 */
	__u16 kind;
	__u16 nfields;
	__u64 seq; /* counts up by one a record; a gap is what was lost */
	__u64 boottime; /* ns */
	__u64 realtime; /* ns since 1970 */
	__u64 version; /* of the content */
	__u32 channel;
	__u32 type; /* Template Type id */
	__u32 instance; /* number; ~0 if none */
	__u32 field; /* of TRIP; of FAILED: the first that could not be read, if any; else ~0 */
	__u32 verdict; /* the instance's action; flags say what came of it */
	__u32 level;
	__u8 uuid[16];
	__u64 lost; /* of LOST; of BREAK: verdicts that counted, and field is enum weir_u_break */
	__u32 pid; /* thread group id in the initial namespace, of whoever caused the event */
	__u32 flags; /* WEIR_RECF_ */
};

#define WEIR_RECF_TRUNCATED 1 /* a field of the record was cut to fit */
/*
 * What came of a verdict above ALERT. KILLED comes with DENIED where the hook can deny; of the
 * others there is one at a time.
 */
#define WEIR_RECF_DENIED 2 /* the operation failed with EPERM */
#define WEIR_RECF_KILLED 4 /* the task was killed */
#define WEIR_RECF_EXEMPT 8 /* nothing: the task is exempt */
#define WEIR_RECF_AUDIT 16 /* nothing: the channel is in audit mode */
#define WEIR_RECF_UNAPPLIED 32 /* nothing: the hook cannot, or the evaluation was not sound */
#define WEIR_RECF_SHADOW 64 /* nothing, whatever the verdict: the content is in shadow */
#define WEIR_RECF_BROKEN 128 /* nothing: the breaker is open */
#define WEIR_RECF_MUTED 256 /* nothing: the instance is muted */

struct weir_u_rfield {
	__u16 field;
	__u16 kind;
	__u32 len; /* bytes that follow, without padding; numbers: 8 */
};

/* Field number 0xffff carries the instance's title. */
#define WEIR_RFIELD_TITLE 0xffff

#endif
