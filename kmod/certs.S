/* SPDX-License-Identifier: GPL-2.0 */
/* The certificates that the module was built with, as Kbuild's WEIR_CERTS names them. */
#include <linux/linkage.h>

	.section ".rodata", "a"
SYM_DATA_START(weir_certs)
	.incbin WEIR_CERTS
SYM_DATA_END_LABEL(weir_certs, SYM_L_GLOBAL, weir_certs_end)
