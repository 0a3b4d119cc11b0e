// SPDX-License-Identifier: GPL-2.0
/* Sits on a function as live patches do, so that nobody else can change where it goes on. */
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/string.h>

static char *function = "";
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "Name of the kernel function to hold");

static void notrace hold(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			 struct ftrace_regs *fregs)
{
}

static struct ftrace_ops holder = {
	.func = hold,
	.flags = FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_IPMODIFY,
};

static int __init weir_holder_init(void)
{
	/* Split in place while it is parsed, which a parameter may be. */
	int ret = ftrace_set_filter(&holder, function, strlen(function), 1);

	if (ret)
		return ret;
	ret = register_ftrace_function(&holder);
	if (ret)
		ftrace_free_filter(&holder);
	return ret;
}

static void __exit weir_holder_exit(void)
{
	unregister_ftrace_function(&holder);
	ftrace_free_filter(&holder);
}

module_init(weir_holder_init);
module_exit(weir_holder_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A function that somebody else holds, for Weir's selftests");
