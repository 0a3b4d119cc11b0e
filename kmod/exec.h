/* SPDX-License-Identifier: GPL-2.0 */
/* The process life cycle: what exec captures, and who keeps the process table. */
#ifndef WEIR_KMOD_EXEC_H
#define WEIR_KMOD_EXEC_H

#include "capture.h"

struct linux_binprm;

/**
 * struct weir_exec_text - a string that the process table and an event may both want
 * @v: the value; of kind none if there is none
 * @tried: it was captured, or turned out to have no value
 * @cut: it is not the whole
 */
struct weir_exec_text {
	struct weir_value v;
	bool tried;
	bool cut;
};

/**
 * struct weir_exec - what the capture functions of process_creation work on
 * @bprm: of the exec under way
 * @image: if @image.tried
 * @command: if @command.tried
 */
struct weir_exec {
	const struct linux_binprm *bprm;
	struct weir_exec_text image;
	struct weir_exec_text command;
};

/**
 * weir_exec_start() - follow exec, fork and exit
 *
 * Context: process context, may sleep; events and the process table are allocated.
 * Return: 0, or -ENOENT if the kernel lacks a tracepoint, or what it said.
 */
int weir_exec_start(void);

/**
 * weir_exec_stop() - the mirror of weir_exec_start(); on return no probe runs any more
 */
void weir_exec_stop(void);

/* The capture functions of process_creation, by field number. */
extern const weir_cap_fn weir_exec_fields[];

#endif
