// SPDX-License-Identifier: GPL-2.0
/* The whole core as one unit for the prover, and the theorem that closes the proof. */
#include "../open.c"
#include "../verify_operands.c"
#include "../verify_programs.c"
#include "../verify_index.c"
#include "../verify_wakes.c"
#include "../verify_samples.c"
#include "../verify.c"
#include "../eval.c"
#include "../explain.c"
#include "../actions.c"
#include "../info.c"
#include "../trustlist.c"

#ifdef WEIR_PROOF_VERIFIED
/*
 * Any bytes, any event: what weir_verify() accepts is evaluated to its end within its declared
 * cost, and no guard on content trips. With -DWEIR_PROOF_GUARDED the same holds for weir_eval() on
 * content that nobody verified, but for coming to its end.
 */
/*@ requires \valid_read(b + (0 .. n - 1)) && schema_ok(*s) && \valid_read(s);
    requires \valid_read(e) && event_ok(*e) && \valid(res) && it == 0;
    requires \valid(w + (0 .. 2 * WEIR_COUNT_MAX - 1)) && \valid(match + (0 .. cap - 1));
    requires \separated(w + (0 .. 2 * WEIR_COUNT_MAX - 1), match + (0 .. cap - 1), res, e,
			e->v + (0 .. e->n - 1), b + (0 .. n - 1), s);
    terminates \true; exits \false;
    assigns it, *res, w[0 .. 2 * WEIR_COUNT_MAX - 1], match[0 .. cap - 1];
    ensures \result == 1 ==> res->status == WEIR_DONE && it <= WEIR_COST_MAX; */
int weir_any_content(const u8 *b, u32 n, const struct weir_schema *s, const struct weir_event *e,
		     u32 *w, u32 *match, u32 cap, struct weir_result *res);
int weir_any_content(const u8 *b, u32 n, const struct weir_schema *s, const struct weir_event *e,
		     u32 *w, u32 *match, u32 cap, struct weir_result *res)
{
	struct weir_error err;
	struct weir_view v;
	struct weir_run run;

	if (weir_open(b, n, &v, &err) || weir_verify(&v, s, &err))
		return 0;
	run.scratch = w;
	run.nscratch = 2 * WEIR_COUNT_MAX;
	run.match = match;
	run.cap = cap;
	run.fuel = WEIR_COST_MAX;
	weir_eval(&v, e, &run, res);
	return 1;
}
#endif
