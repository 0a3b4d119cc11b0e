// SPDX-License-Identifier: GPL-2.0
/* The process life cycle: the hook on exec, and tracepoints of exec, fork and exit. */
#include <linux/atomic.h>
#include <linux/binfmts.h>
#include <linux/bits.h>
#include <linux/fs.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "capture.h"
#include "exec.h"
#include "hooks.h"
#include "procs.h"

/* Some field that reads the process table is provided. */
static bool keep_image, keep_command;

/* The hook is in place, and an exec that begins now passes it. */
static bool watching;
static atomic64_t missed;

static void watch(bool on)
{
	if (on)
		weir_procs_expect_running();
	WRITE_ONCE(watching, on);
}

const struct weir_point weir_exec_point = {
	.type = WEIR_TYPE_process_creation,
	.fields = weir_exec_fields,
	.watch = watch,
};

u64 weir_exec_missed(void)
{
	return atomic64_read(&missed);
}

/* security_bprm_creds_from_file(bprm, file): once an exec, when what is to run is settled */
u32 weir_on_process_creation_bprm_creds_from_file(const struct weir_call *call)
{
	const struct weir_exec e = {
		.bprm = (const struct linux_binprm *)weir_hook_arg(call, 0),
		.creds = (struct file *)weir_hook_arg(call, 1),
	};
	struct weir_capture *c;

	weir_procs_expect(current->group_leader);
	c = weir_hook_begin(call, &e);
	if (!c)
		return WEIR_VERDICT_NONE;
	c->target = e.bprm->file;
	return weir_hook_finish(c);
}

static void remember(struct weir_capture *c, const struct linux_binprm *bprm)
{
	struct weir_value image = {}, command = {};

	if (keep_image && bprm->file && weir_cap_path(c, &image, &bprm->file->f_path))
		image.kind = WEIR_KIND_string;
	/* The tail of a path that is too long must not pass for a parent's path. */
	if (c->truncated)
		image.kind = WEIR_KIND_none;
	c->truncated = false;
	c->failed = false;
	if (keep_command && weir_cap_arguments(c, &command))
		command.kind = WEIR_KIND_string;
	/* Nor what could be read of a command line, for what is remembered of one. */
	if (c->failed && command.len < WEIR_PROC_COMMAND)
		command.kind = WEIR_KIND_none;
	weir_procs_exec(current->group_leader, &image, &command, c->truncated);
}

/* The new program is in place, and has not run. */
static void on_exec(void *data, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	const struct weir_value unknown = {};
	struct weir_capture *c;

	if (!weir_procs_expected(current->group_leader) && READ_ONCE(watching)) {
		atomic64_inc(&missed);
		pr_err_once("weir: a program was started past the hook on exec\n");
	}
	c = weir_capture_begin(WEIR_TYPE_process_creation, NULL);
	if (!c) {
		weir_procs_exec(current->group_leader, &unknown, &unknown, false);
		return;
	}
	remember(c, bprm);
	weir_capture_end(c);
}

static void on_fork(void *data, struct task_struct *parent, struct task_struct *child)
{
	if (thread_group_leader(child) && !(child->flags & PF_KTHREAD))
		weir_procs_fork(parent->group_leader, child);
}

static void on_exit(void *data, struct task_struct *task)
{
	if (!atomic_read(&task->signal->live))
		weir_procs_exit(task->group_leader);
}

static struct probe {
	const char *name;
	void *fn;
	struct tracepoint *tp;
} probes[] = {
	{ "sched_process_fork", on_fork },
	{ "sched_process_exit", on_exit },
	{ "sched_process_exec", on_exec },
};

static void find(struct tracepoint *tp, void *data)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (!strcmp(tp->name, probes[i].name))
			probes[i].tp = tp;
}

static void unregister(u32 n)
{
	while (n--)
		tracepoint_probe_unregister(probes[n].tp, probes[n].fn, NULL);
	tracepoint_synchronize_unregister();
}

/* Some type provides a field of one of these names. */
static bool provides(const char *const *names)
{
	u32 t, f;

	for (; *names; names++)
		for (t = 0; t < WEIR_NTYPES; t++)
			for (f = 0; f < weir_types[t].arity; f++)
				if (weir_capture_provided(weir_types[t].id) & BIT_ULL(f) &&
				    !strcmp(weir_types[t].fields[f].name, *names))
					return true;
	return false;
}

int weir_exec_start(void)
{
	static const char *const images[] = { "Image", "ParentImage", "GrandParentImage",
					      "TargetImage", NULL };
	static const char *const commands[] = { "CommandLine", "ParentCommandLine",
						"GrandParentCommandLine", NULL };
	int err;
	u32 i;

	keep_image = provides(images);
	keep_command = provides(commands);
	for_each_kernel_tracepoint(find, NULL);
	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		err = -ENOENT;
		if (probes[i].tp)
			err = tracepoint_probe_register(probes[i].tp, probes[i].fn, NULL);
		if (err) {
			pr_err("weir: tracepoint %s: error %d\n", probes[i].name, err);
			unregister(i);
			return err;
		}
	}
	err = weir_procs_fill(keep_image, keep_command);
	if (err)
		unregister(ARRAY_SIZE(probes));
	return err;
}

void weir_exec_stop(void)
{
	unregister(ARRAY_SIZE(probes));
}
