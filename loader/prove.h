/* SPDX-License-Identifier: GPL-2.0 */
/* Armed hooks that the kernel cannot make fire itself are made to. */
#ifndef WEIR_PROVE_H
#define WEIR_PROVE_H

#include "ctl.h"

/* What becomes of a hook, and what is the worst that became of any. */
enum weir_proof {
	WEIR_PROOF_SEEN,
	WEIR_PROOF_UNTRIED, /* nothing is known */
	WEIR_PROOF_SILENT, /* it does not fire, and the kernel treats it so */
	WEIR_PROOF_END
};

/**
 * weir_prove() - make each armed hook fire that was not seen to, and have the kernel judge it
 * @fd: the device, open for writing
 * @device: its name
 * @table: print what became of each hook, not only how many fired; without --json
 * @o: gets the member hooks
 * @r: filled unless the result is WEIR_PROOF_SEEN
 *
 * Return: an enum weir_proof, or -1.
 */
int weir_prove(int fd, const char *device, int table, json_t *o, struct weir_refusal *r);

/**
 * weir_exercise() - make the kernel call one of its functions
 * @function: its name
 * @device: the control device
 *
 * In a child process, in namespaces of its own and within a time limit; nothing is left behind. The
 * child has the device open for writing, so no verdict is applied to it.
 *
 * Return: 0 if the function must have run; else -errno, and it may have run or not.
 */
int weir_exercise(const char *function, const char *device);

#endif
