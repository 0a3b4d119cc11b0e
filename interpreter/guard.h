/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One source, two proofs. As built, GUARD() is a check at run time and content may be anything: the
 * proof with -DWEIR_PROOF_GUARDED shows that nothing goes wrong. With -DWEIR_PROOF_VERIFIED a guard
 * is an obligation instead and VER() a fact: the proof shows that no guard ever trips on content
 * that the verifier accepted.
 */
#ifndef WEIR_GUARD_H
#define WEIR_GUARD_H

/* What evaluating something gives. */
#define R_FALSE 0
#define R_TRUE 1
#define R_FAULT (-1)
#define R_FUEL (-2)

#ifdef WEIR_PROOF_VERIFIED
#define VER(p) (p)
#define R_MIN R_FALSE
/*@ requires c != 0; terminates \true; exits \false; assigns \nothing; */
static inline void proven(int c)
{
	(void)c;
}

#define GUARD(out, c) proven(c)
#define TRAP(c) proven(c)
#define SPEND(out, c) proven(c)
#else
#define VER(p) \true
#define R_MIN R_FUEL
/* Leave with a fault unless the content holds to its bounds. */
#define GUARD(out, c)                                                                              \
	do {                                                                                       \
		if (!(c)) {                                                                        \
			(out).r = R_FAULT;                                                         \
			return out;                                                                \
		}                                                                                  \
	} while (0)
/* The same where the result is all there is to give. */
#define TRAP(c)                                                                                    \
	do {                                                                                       \
		if (!(c))                                                                          \
			return R_FAULT;                                                            \
	} while (0)
/* Leave unless there is fuel. */
#define SPEND(out, c)                                                                              \
	do {                                                                                       \
		if (!(c)) {                                                                        \
			(out).r = R_FUEL;                                                          \
			return out;                                                                \
		}                                                                                  \
	} while (0)
#endif

/* More fuel than this is cut to it: no count of steps can wrap. */
#define FUEL_MAX 0x1000000000000000ull

//@ ghost uint64_t it; /* loop iterations really made */
/*@ predicate it_room(integer level) = it <= 0x7000000000000000 - level * 0x1000000000000000; */

#endif
