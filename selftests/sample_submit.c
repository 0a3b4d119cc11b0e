// SPDX-License-Identifier: GPL-2.0
/* Submits one event of the sample module's type, and prints the verdict. */
#include <stdio.h>

#include "sample.h"

int main(void)
{
	struct weir_sample_value v[WEIR_SAMPLE_FIELDS + 1];
	int fd = weir_sample_open();

	if (fd < 0)
		return 1;
	weir_sample_values(v);
	printf("%d\n", weir_sample_submit(fd, 0, WEIR_SAMPLE_TASK, v, WEIR_SAMPLE_FIELDS));
	return 0;
}
