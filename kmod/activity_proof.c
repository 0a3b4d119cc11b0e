// SPDX-License-Identifier: GPL-2.0
/* Asks the kernel's security functions about a file of our own, so that armed hooks show. */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/kernel_read_file.h>
#include <linux/mm.h>
#include <linux/security.h>
#include <linux/shmem_fs.h>

#include "activity.h"

/*
 * As for a policy that is about to be read and checked: nothing is loaded, no security module is
 * asked for the right to load code, and what they answer does not matter here.
 */
static int prove(void)
{
	struct file *file = shmem_file_setup("weir", 0, VM_NORESERVE);

	if (IS_ERR(file))
		return PTR_ERR(file);
	security_kernel_read_file(file, READING_POLICY, true);
	fput(file);
	security_kernel_load_data(LOADING_POLICY, true);
	return 0;
}

const struct weir_point weir_activity_point = {
	.type = WEIR_TYPE_kernel_activity,
	.fields = weir_activity_fields,
	.prove = prove,
};
