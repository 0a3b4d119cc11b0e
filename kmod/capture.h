/* SPDX-License-Identifier: GPL-2.0 */
/* Capture's inside: capture points, the events they fill, and what their functions share. */
#ifndef WEIR_KMOD_CAPTURE_H
#define WEIR_KMOD_CAPTURE_H

#include <linux/build_bug.h>
#include <linux/sched.h>

#include "event.h"
#include "types.h"

struct file;
struct mm_struct;
struct path;

/* The longest path, script path and control group path that is captured whole. */
#define WEIR_PATH_CAP 4096u
/* Room for every string field of any type at its cap, and for d_path() to work in. */
#define WEIR_BUFFER_SIZE 49152u
static_assert(WEIR_BUFFER_SIZE >= 8 * WEIR_PATH_CAP + WEIR_VALUE_MAX, "no room for all fields");

/**
 * typedef weir_cap_fn - captures one field
 * @c: the event
 * @v: the field's value; its kind is the caller's to set
 *
 * Context: in the hook, preemption off, inside an RCU reader.
 * Return: false if the field has no value here.
 */
typedef bool (*weir_cap_fn)(struct weir_capture *c, struct weir_value *v);

/**
 * struct weir_point - how events of a Template Type are captured
 * @type: Template Type id
 * @fields: one function a field, by field number; none for fields that nothing captures
 * @prove: do what makes those of its hooks fire that a kernel function leads to; may be none.
 *	Returns 0, or a negative errno if something other than the hooks did not work.
 *	Context: process context, may sleep; a user's process or a kernel thread.
 * @watch: its hooks are in place, or are about to go; may be none. Context: as @prove.
 */
struct weir_point {
	u32 type;
	const weir_cap_fn *fields;
	int (*prove)(void);
	void (*watch)(bool on);
};

extern const struct weir_point weir_exec_point;
extern const struct weir_point weir_file_point;
extern const struct weir_point weir_ipc_point;
extern const struct weir_point weir_net_point;
extern const struct weir_point weir_activity_point;

/*
 * Rows of a capture point's table, made from templates.def. A CAPTURED field without a function
 * does not compile, and neither does a function that no CAPTURED field asks for: all of them are
 * static in the file that holds the table. TASK fields have theirs in capture_task.c.
 */
#define WEIR_CAP_ROW_CAPTURED(t, name) weir_cap_##t##_##name,
#define WEIR_CAP_ROW_TASK(t, name) weir_cap_task_##name,
#define WEIR_CAP_ROW_NONE(t, name) NULL,
#pragma GCC diagnostic error "-Wunused-function"

/* capture.c */

/**
 * weir_capture_begin() - claim this CPU's event
 * @type: Template Type id
 * @hook: for the type's own functions, until weir_capture_end()
 *
 * Context: any; preemption is off until weir_capture_end().
 * Return: the event, or NULL if this is not a task's context or another event is under way on
 * this CPU; the latter is counted.
 */
struct weir_capture *weir_capture_begin(u32 type, const void *hook);

/**
 * weir_capture_deliver() - capture what active content reads and have it evaluated
 * @c: from weir_capture_begin()
 *
 * Return: the strongest verdict to apply, enum weir_verdict.
 */
u32 weir_capture_deliver(struct weir_capture *c);

/**
 * weir_capture_end() - give this CPU's event back
 * @c: from weir_capture_begin()
 */
void weir_capture_end(struct weir_capture *c);

/**
 * weir_capture_add() - make a type without hooks one that can be armed
 * @slot: of the type, which is not there yet
 * @type: Template Type id
 * @provided: fields that its events carry
 *
 * Context: the caller serializes, as for weir_capture_arm().
 */
void weir_capture_add(u32 slot, u32 type, u64 provided);

/**
 * weir_capture_remove() - the mirror of weir_capture_add()
 * @slot: of the type, which is not armed
 */
void weir_capture_remove(u32 slot);

/* capture_withhold.c */

/**
 * weir_withhold_parse() - which fields the administrator keeps out of capture
 * @list: "type.Field,type.Field"; may be NULL
 * @mask: a mask of fields for each entry of weir_types[]
 *
 * Return: 0, -ENOMEM, or -EINVAL after saying in the log which name is wrong.
 */
int weir_withhold_parse(const char *list, u64 mask[WEIR_NTYPES]);

/**
 * weir_cap_unread() - say that what a field is to be captured from is there, but cannot be read now
 * @c: the event
 *
 * Channels that fail closed then deny if their content reads the field, and nothing is applied for
 * want of it. Not for what the event does not have, nor for what is cut at a cap: these are the
 * same whenever somebody looks.
 *
 * Return: false.
 */
static inline bool weir_cap_unread(struct weir_capture *c)
{
	c->failed = true;
	return false;
}

/* capture_value.c: each adds a string to an event, or says that there is none */

/**
 * weir_cap_room() - where the next string of an event goes
 * @c: the event
 * @n: bytes that it may have
 *
 * Return: @n bytes, or NULL after marking the event truncated and the field unread.
 */
u8 *weir_cap_room(struct weir_capture *c, u32 n);

/**
 * weir_cap_keep() - make bytes of weir_cap_room() a value
 * @c: the event
 * @v: the value
 * @n: bytes that were written there
 *
 * Return: true.
 */
bool weir_cap_keep(struct weir_capture *c, struct weir_value *v, u32 n);

/**
 * weir_cap_bytes() - copy bytes of the kernel's
 * @c: the event
 * @v: the value
 * @p: what to copy
 * @n: bytes
 */
bool weir_cap_bytes(struct weir_capture *c, struct weir_value *v, const void *p, u32 n);

/**
 * weir_cap_path() - a path as the current task sees it
 * @c: the event
 * @v: the value
 * @path: pinned by the caller
 *
 * Without the mark of a deleted file. Of a path that is too long the last components remain,
 * behind "...", and the event is marked truncated. Where no path can be made, it is unread.
 */
bool weir_cap_path(struct weir_capture *c, struct weir_value *v, const struct path *path);

/**
 * weir_cap_arguments() - the current task's argument vector, from its own memory
 * @c: the event
 * @v: the value
 *
 * The zero bytes between the arguments become spaces. What is not in memory ends them: that is
 * unread.
 */
bool weir_cap_arguments(struct weir_capture *c, struct weir_value *v);

/**
 * weir_cap_user() - the name of a user id, or its digits
 * @c: the event
 * @v: the value
 * @uid: in the initial user namespace
 */
bool weir_cap_user(struct weir_capture *c, struct weir_value *v, uid_t uid);

/**
 * weir_path_memfd() - does a path name an anonymous memory file
 * @path: pinned by the caller
 */
bool weir_path_memfd(const struct path *path);

/**
 * weir_path_overlay() - is a path on an overlay file system
 * @path: pinned by the caller
 */
bool weir_path_overlay(const struct path *path);

/* capture_task.c: what all types want to know of tasks */

/**
 * weir_cap_num() - a number
 * @v: the value
 * @n: of kinds u64, bool, enum
 *
 * Return: true.
 */
static inline bool weir_cap_num(struct weir_value *v, u64 n)
{
	v->num = n;
	return true;
}

/**
 * weir_cap_image() - the path of a process's executable
 * @c: the event
 * @v: the value
 * @leader: its thread group's leader, pinned or under RCU
 *
 * As remembered from its exec, or else as its memory descriptor has it now, or else unread. Kernel
 * threads and what has ended have none.
 */
bool weir_cap_image(struct weir_capture *c, struct weir_value *v, struct task_struct *leader);

/**
 * weir_cap_image_locked() - the same, where the hook's caller holds a task's alloc_lock
 * @c: the event
 * @v: the value
 * @task: that task; any of its process's threads
 */
bool weir_cap_image_locked(struct weir_capture *c, struct weir_value *v, struct task_struct *task);

/**
 * weir_cap_command() - the command line of a process as remembered from its exec
 * @c: the event
 * @v: the value
 * @leader: its thread group's leader, pinned or under RCU
 *
 * Return: false if it is not remembered.
 */
bool weir_cap_command(struct weir_capture *c, struct weir_value *v,
		      const struct task_struct *leader);

/* capture_cause.c: the fields that all types share; weir_cap_fn, by name */
bool weir_cap_task_Image(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_CommandLine(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_ParentImage(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_ProcessId(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_ParentProcessId(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_User(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_UserId(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_EffectiveUserId(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_GroupId(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_LogonId(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_CgroupPath(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_NetworkNamespace(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_Chroot(struct weir_capture *c, struct weir_value *v);
bool weir_cap_task_Truncated(struct weir_capture *c, struct weir_value *v);

/**
 * weir_task_parent() - the leader of the current process's parent
 *
 * Context: inside an RCU reader.
 */
struct task_struct *weir_task_parent(void);

/**
 * weir_task_grandparent() - the leader of its parent's parent
 *
 * Context: inside an RCU reader.
 */
struct task_struct *weir_task_grandparent(void);

/**
 * weir_task_uid() - the real user id of the current task in the initial user namespace
 */
u64 weir_task_uid(void);

/**
 * weir_task_mount_ns() - the number of the current task's mount namespace
 * @out: written on success
 *
 * Return: false if this kernel does not let it be read.
 */
bool weir_task_mount_ns(u64 *out);

/**
 * weir_task_probe() - find out what can be read on this kernel
 *
 * Context: process context of a user process.
 * Return: whether weir_task_mount_ns() works.
 */
bool weir_task_probe(void);

#endif
