// SPDX-License-Identifier: GPL-2.0
/* The module that holds all KUnit suites; they run when it is inserted. */
#include <linux/module.h>

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Weir developers");
MODULE_DESCRIPTION("KUnit suites of Weir");
