/* SPDX-License-Identifier: GPL-2.0 */
/* The boundary between capture and store: an event on its way from a hook to the interpreter. */
#ifndef WEIR_KMOD_EVENT_H
#define WEIR_KMOD_EVENT_H

#include <linux/types.h>

#include "../interpreter/templates.h"

struct file;
struct weir_u_name;

/**
 * struct weir_capture - an event while its hook runs
 * @type: Template Type id
 * @arity: of the type
 * @tried: bit i: field i was captured, or turned out to have no value
 * @v: the values, as eval wants them; untried ones are of kind none
 * @buf: bytes that @v points into
 * @size: room in @buf
 * @used: bytes of @buf in use
 * @truncated: a string was cut
 * @failed: by capture functions: what they are asked for is there, but cannot be read now
 * @unread: bit i: so it was with field i, which is absent or cut
 * @part: of these, those that are cut
 * @nolocks: the hook's caller holds a lock that interrupts take too: nothing may be captured that
 *	takes an ordinary one, and paths come from the process table or not at all
 * @power: verdicts that the hook can apply, a mask of BIT(enum weir_verdict)
 * @pid: thread group id in the initial namespace of who caused the event
 * @hook: what the type's own capture functions need; theirs to interpret
 * @target: the image that is to be executed, of an exec; else NULL. Pinned by the hook's caller
 *
 * Belongs to one CPU, with preemption off from first to last use; never kept.
 */
struct weir_capture {
	u32 type;
	u32 arity;
	u64 tried;
	struct weir_value v[WEIR_ARITY_MAX];
	u8 *buf;
	u32 size;
	u32 used;
	bool truncated;
	bool failed;
	bool nolocks;
	u64 unread;
	u64 part;
	u32 power;
	pid_t pid;
	const void *hook;
	const struct file *target;
};

/* Capture's side, called by the store. */

/**
 * weir_capture_fill() - capture fields that were not tried yet
 * @c: the event
 * @fields: mask of fields; those not provided stay absent
 *
 * Context: in the hook, preemption off; does not sleep or fault.
 */
void weir_capture_fill(struct weir_capture *c, u64 fields);

/**
 * weir_capture_arm() - make a Template Type's hooks deliver events, or stop them
 * @type: Template Type id
 * @on: arm or disarm; arming what is armed already is no error
 *
 * Disarming returns when no hook of the type runs any more.
 *
 * Context: process context, may sleep; the caller serializes.
 * Return: 0, -EOPNOTSUPP if the type has no hooks here, or what the kernel said.
 */
int weir_capture_arm(u32 type, bool on);

/**
 * weir_capture_check() - make the hooks of a Template Type fire, and see whether they do
 * @type: Template Type id; one that is not armed is fine
 *
 * Afterwards weir_capture_provided() no longer has the fields of hooks that did not.
 *
 * Context: process context, may sleep; the caller serializes.
 * Return: 0; -EIO if a needed hook is silent; or what went wrong in trying.
 */
int weir_capture_check(u32 type);

/**
 * weir_capture_armed() - is a type armed now
 * @type: Template Type id
 */
bool weir_capture_armed(u32 type);

/**
 * weir_capture_provided() - fields that events of a type really carry on this kernel
 * @type: Template Type id
 *
 * Return: a mask; 0 for types without hooks.
 */
u64 weir_capture_provided(u32 type);

/**
 * weir_capture_init() - find out what can be captured here; nothing is hooked yet
 *
 * Context: process context, may sleep; before the store's init.
 * Return: 0 or a negative errno, and nothing is left behind.
 */
int weir_capture_init(void);

/**
 * weir_capture_exit() - the mirror of weir_capture_init()
 *
 * Context: process context, may sleep; every type is disarmed already.
 */
void weir_capture_exit(void);

/**
 * weir_capture_stats() - figures of the process table and of hooks inside hooks
 * @processes: in the table now
 * @evicted: dropped because the table was full
 * @nested: events that were not delivered because a hook of ours was running on that CPU
 */
void weir_capture_stats(u64 *processes, u64 *evicted, u64 *nested);

/**
 * weir_exec_missed() - programs that were started past the hook on exec while it was armed
 *
 * Return: how many since the module was loaded; anything but 0 is a fault.
 */
u64 weir_exec_missed(void);

/**
 * weir_names_set() - replace the whole table of user names
 * @names: checked: ids ascending, names terminated; copied, not kept
 * @count: entries
 *
 * Context: process context, may sleep; the caller serializes.
 * Return: 0; or -EINVAL, -E2BIG or -ENOMEM, and the table is as before.
 */
int weir_names_set(const struct weir_u_name *names, u32 count);

/**
 * weir_names_count() - entries of the table of user names
 */
u32 weir_names_count(void);

/* The store's side, called by capture. */

/**
 * weir_store_wanted() - fields that active content of any channel reads
 * @type: Template Type id
 *
 * Context: any.
 * Return: a mask; 0 if no active content uses the type.
 */
u64 weir_store_wanted(u32 type);

/**
 * weir_store_event() - evaluate an event on all active content and record what matched
 * @c: the event, with at least the wanted fields captured; more are captured if something matches
 *
 * Context: in the hook, preemption off; does not sleep.
 * Return: the strongest verdict to apply, enum weir_verdict; one above ALERT only if its channel is
 * in enforce mode, the hook can apply it, and the task is not exempt.
 */
u32 weir_store_event(struct weir_capture *c);

#endif
