/* SPDX-License-Identifier: GPL-2.0 */
/* Files that are read and not loaded. */
#ifndef WEIR_LOAD_DOUBTS_H
#define WEIR_LOAD_DOUBTS_H

#include "weirload.h"

/* What keeps a file that can be read from being loaded; of what is in order the code is empty. */
struct weir_doubts {
	struct weir_refusal signature;
	struct weir_refusal version;
};

/**
 * weir_check_read() - the first half for those who only read: doubts about it are no refusal
 * @c: what to check
 * @out: filled on success; without signers if there is doubt about the signature
 * @doubts: filled on success
 * @r: the reason: size, trailer or header
 */
WEIR_API int weir_check_read(const struct weir_check *c, struct weir_checked *out,
			     struct weir_doubts *doubts, struct weir_refusal *r);

#endif
