/* SPDX-License-Identifier: GPL-2.0 */
/* The process life cycle: what exec captures, and who keeps the process table. */
#ifndef WEIR_KMOD_EXEC_H
#define WEIR_KMOD_EXEC_H

#include "capture.h"

struct linux_binprm;

/* The longest command line, and the byte behind it that tells whether it is the whole. */
#define WEIR_EXEC_ROOM (WEIR_VALUE_MAX + 1)

/**
 * struct weir_exec - what the capture functions of process_creation work on
 * @bprm: of the exec under way, its credentials and its memory not in use yet
 * @creds: the file whose set-id bits count: the script's if binfmt_misc was told so
 */
struct weir_exec {
	const struct linux_binprm *bprm;
	struct file *creds;
};

/**
 * weir_exec_arguments() - the arguments that a new program will get
 * @c: the event
 * @v: the value
 * @bprm: of the exec under way, before its memory is in use
 *
 * The zero bytes between the arguments become spaces. What a page that is not in memory holds, and
 * all behind it, is left out: that is unread, and the event is marked truncated.
 */
bool weir_exec_arguments(struct weir_capture *c, struct weir_value *v,
			 const struct linux_binprm *bprm);

/**
 * weir_exec_start() - follow exec, fork and exit
 *
 * The process table then has the processes that are there already, too.
 *
 * Context: process context, may sleep; events and the process table are allocated.
 * Return: 0, -ENOENT if the kernel lacks a tracepoint, -ENOMEM, or what the kernel said.
 */
int weir_exec_start(void);

/**
 * weir_exec_stop() - the mirror of weir_exec_start(); on return no probe runs any more
 */
void weir_exec_stop(void);

/* The capture functions of process_creation, by field number. */
extern const weir_cap_fn weir_exec_fields[];

#endif
