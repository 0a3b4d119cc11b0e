// SPDX-License-Identifier: GPL-2.0
/* The process life cycle: tracepoints of exec, fork and exit. */
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
#include "procs.h"

const struct weir_point weir_exec_point = {
	.type = WEIR_TYPE_process_creation,
	.fields = weir_exec_fields,
};

/* Some field that reads the process table is provided. */
static bool keep_image, keep_command;

/* The event's own mark says whether the event's strings were cut: keep this one's apart. */
static void take(struct weir_capture *c, struct weir_exec_text *t, bool known)
{
	t->v.kind = known ? WEIR_KIND_string : WEIR_KIND_none;
	t->tried = true;
	t->cut = c->truncated;
	c->truncated = false;
}

static void remember(struct weir_capture *c, struct weir_exec *e)
{
	struct weir_value image;

	if (keep_image)
		take(c, &e->image, weir_cap_path(c, &e->image.v, &e->bprm->file->f_path));
	if (keep_command)
		take(c, &e->command, weir_cap_arguments(c, &e->command.v));
	image = e->image.v;
	/* The tail of a path that is too long must not pass for a parent's path. */
	if (e->image.cut)
		image.kind = WEIR_KIND_none;
	weir_procs_exec(current->group_leader, &image, &e->command.v, e->command.cut);
}

static void on_exec(void *data, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	struct weir_exec e = { .bprm = bprm };
	struct weir_capture *c;

	if (!bprm->file)
		return;
	c = weir_capture_begin(WEIR_TYPE_process_creation, &e);
	if (!c)
		return;
	remember(c, &e);
	if (weir_capture_armed(WEIR_TYPE_process_creation))
		weir_capture_deliver(c);
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

static u64 provides(u32 type, u32 field)
{
	return weir_capture_provided(type) & BIT_ULL(field);
}

#define PROVIDES(t, field) provides(WEIR_TYPE_##t, WEIR_##t##_##field)

int weir_exec_start(void)
{
	int err;
	u32 i;

	keep_image = PROVIDES(process_creation, ParentImage) || PROVIDES(ipc, Image) ||
		     PROVIDES(ipc, ParentImage) || PROVIDES(ipc, TargetImage);
	keep_command = PROVIDES(process_creation, ParentCommandLine) || PROVIDES(ipc, CommandLine);
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
	return 0;
}

void weir_exec_stop(void)
{
	unregister(ARRAY_SIZE(probes));
}
