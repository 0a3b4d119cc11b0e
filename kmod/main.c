// SPDX-License-Identifier: GPL-2.0
/* The module: what starts in which order, and stops in the reverse one. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "control.h"
#include "event.h"
#include "exempt.h"
#include "records.h"
#include "store.h"
#include "trust.h"

static int __init weir_init(void)
{
	int ret;

	ret = weir_trust_init();
	if (ret)
		return ret;
	ret = weir_records_init();
	if (ret)
		goto err_trust;
	ret = weir_capture_init();
	if (ret)
		goto err_records;
	ret = weir_store_init();
	if (ret)
		goto err_capture;
	ret = weir_module_api_init();
	if (ret)
		goto err_store;
	ret = weir_device_init();
	if (ret)
		goto err_api;
	return 0;

err_api:
	weir_module_api_exit();
err_store:
	weir_store_exit();
err_capture:
	weir_capture_exit();
err_records:
	weir_records_exit();
err_trust:
	weir_trust_exit();
	return ret;
}

static void __exit weir_exit(void)
{
	weir_device_exit();
	weir_module_api_exit();
	weir_store_exit();
	weir_exempt_exit();
	weir_capture_exit();
	weir_records_exit();
	weir_trust_exit();
}

module_init(weir_init);
module_exit(weir_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Weir developers");
MODULE_DESCRIPTION("Interprets signed detection content in the kernel");
MODULE_VERSION("0.1");
