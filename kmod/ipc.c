// SPDX-License-Identifier: GPL-2.0
/* The hooks of ipc: which functions they sit on, arming, and the proof that they fire. */
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "capture.h"
#include "ipc.h"

/*
 * One row a hook. A needed hook that cannot be armed, or that does not fire when it must, fails the
 * arming of the type; an optional one is reported, and the type is armed without it.
 */
struct hook {
	const char *function;
	void (*fn)(struct ftrace_regs *fregs, bool as_proved);
	bool needed;
	bool on;
	bool fired;
	unsigned long proved; /* where the proof's call came from */
	struct ftrace_ops ops;
};

/* While it is set, this task's events only prove that hooks fire. */
static struct task_struct *prover;

static void notrace dispatch(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
	struct hook *h = container_of(ops, struct hook, ops);

	if (unlikely(READ_ONCE(prover) == current)) {
		WRITE_ONCE(h->proved, parent);
		WRITE_ONCE(h->fired, true);
		return;
	}
	if (in_task() && !(current->flags & PF_KTHREAD))
		h->fn(fregs, parent == READ_ONCE(h->proved));
}

#define HOOK(name, callback, is_needed)                                                            \
	{                                                                                          \
		.function = "security_" #name, .fn = (callback), .needed = (is_needed)             \
	}

static struct hook hooks[] = {
	HOOK(unix_stream_connect, weir_ipc_stream_connect, true),
	HOOK(unix_may_send, weir_ipc_may_send, true),
	HOOK(file_open, weir_ipc_file_open, true),
	HOOK(msg_queue_msgsnd, weir_ipc_msgsnd, false),
	HOOK(msg_queue_msgrcv, weir_ipc_msgrcv, false),
	HOOK(shm_shmat, weir_ipc_shmat, false),
	HOOK(sem_semop, weir_ipc_semop, false),
};

void weir_ipc_event(const struct weir_ipc *e)
{
	struct weir_capture *c;

	if (!weir_capture_armed(WEIR_TYPE_ipc))
		return;
	c = weir_capture_begin(WEIR_TYPE_ipc, e);
	if (!c)
		return;
	weir_capture_deliver(c);
	weir_capture_end(c);
}

static int hook_on(struct hook *h)
{
	char name[KSYM_NAME_LEN];
	int err;

	/*
	 * Anew each time, for what the ops hold is freed when the hook is removed. PERMANENT:
	 * sysctl kernel.ftrace_enabled=0 is refused instead of silently stopping the hooks.
	 */
	memset(&h->ops, 0, sizeof(h->ops));
	h->ops.func = dispatch;
	h->ops.flags = FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_PERMANENT;
	h->fired = false;
	h->proved = 0;
	/* It is split in place while it is parsed. */
	strscpy(name, h->function, sizeof(name));
	err = ftrace_set_filter(&h->ops, name, strlen(name), 1);
	if (!err)
		err = register_ftrace_function(&h->ops);
	if (err)
		ftrace_free_filter(&h->ops);
	h->on = !err;
	return err;
}

/* Waits until no CPU is in the callback. */
static void hook_off(struct hook *h)
{
	if (!h->on)
		return;
	if (unregister_ftrace_function(&h->ops))
		pr_err("weir: hook %s: could not be removed\n", h->function);
	else
		ftrace_free_filter(&h->ops);
	h->on = false;
}

static void disarm(void)
{
	u32 i;

	for (i = ARRAY_SIZE(hooks); i--;)
		hook_off(&hooks[i]);
}

static int prove(void)
{
	int err;
	u32 i;

	WRITE_ONCE(prover, current);
	err = weir_ipc_prove();
	WRITE_ONCE(prover, NULL);
	if (err) {
		pr_err("weir: ipc: the hooks could not be tried out: error %d\n", err);
		return err;
	}
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (!hooks[i].needed || hooks[i].fired)
			continue;
		pr_err("weir: hook %s: registered, but it does not fire\n", hooks[i].function);
		err = -EIO;
	}
	return err;
}

static int arm(void)
{
	int err;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		err = hook_on(&hooks[i]);
		if (!err)
			continue;
		pr_warn("weir: hook %s: error %d%s\n", hooks[i].function, err,
			hooks[i].needed ? "" : "; ipc is armed without it");
		if (hooks[i].needed)
			goto err_hooks;
	}
	err = prove();
	if (err)
		goto err_hooks;
	return 0;

err_hooks:
	disarm();
	return err;
}

const struct weir_point weir_ipc_point = {
	.type = WEIR_TYPE_ipc,
	.fields = weir_ipc_fields,
	.arm = arm,
	.disarm = disarm,
};
