// SPDX-License-Identifier: GPL-2.0
// Does what must never pass a test run unnoticed, as told by its parameter.

#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>

static char *how = "";
module_param(how, charp, 0);
MODULE_PARM_DESC(how, "warn, panic, leak, rcu or hang");

static int __rcu *unguarded;

static void hang(void *unused)
{
	local_irq_disable();
	for (;;)
		cpu_relax();
}

static void leak(void)
{
	void *p = kmalloc(333, GFP_KERNEL);

	/* The pointer goes nowhere, which the compiler must not see. */
	OPTIMIZER_HIDE_VAR(p);
}

static int __init weir_negative_init(void)
{
	if (!strcmp(how, "warn")) {
		WARN(1, "on purpose\n");
	} else if (!strcmp(how, "panic")) {
		panic("on purpose");
	} else if (!strcmp(how, "leak")) {
		leak();
	} else if (!strcmp(how, "rcu")) {
		if (rcu_dereference(unguarded))
			return -EINVAL;
	} else if (!strcmp(how, "hang")) {
		smp_call_function(hang, NULL, 0);
		hang(NULL);
	} else {
		return -EINVAL;
	}
	return 0;
}

static void __exit weir_negative_exit(void)
{
}

module_init(weir_negative_init);
module_exit(weir_negative_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Weir's negative control");
