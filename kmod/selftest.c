// SPDX-License-Identifier: GPL-2.0
/* Content proves itself on its own sample events before anything depends on it. */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "content.h"

/* What one run of all samples needs. */
struct bench {
	struct weir_value v[WEIR_ARITY_MAX];
	struct weir_run run;
	struct weir_result res;
};

static bool sample_passes(const struct weir_content *ct, u32 i, struct bench *b,
			  struct weir_error *err)
{
	struct weir_event e = { .type = WEIR_NOWHERE };

	if (!weir_sample(&ct->view, i, b->v, ARRAY_SIZE(b->v), &e)) {
		weir_eval(&ct->view, &e, &b->run, &b->res);
		if (b->res.status == WEIR_DONE && !b->res.trips &&
		    weir_sample_ok(&ct->view, i, b->run.match, min(b->res.nmatch, b->run.cap)))
			return true;
	}
	err->code = WEIR_E_SAMPLE_FAILED;
	err->section = WEIR_SEC_SAMPLES;
	err->offset = ct->view.samples + i * WEIR_SZ_SAMPLE;
	err->type = e.type;
	return false;
}

static int run_all(const struct weir_content *ct, struct bench *b, struct weir_error *err)
{
	u32 i;

	for (i = 0; i < ct->view.nsamples; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (!sample_passes(ct, i, b, err))
			return -EBADMSG;
		cond_resched();
	}
	return 0;
}

int weir_content_selftest(struct weir_content *ct, struct weir_error *err)
{
	struct bench *b;
	int ret = -ENOMEM;

	if (!ct->view.nsamples)
		return 0;
	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	b->run.nscratch = ct->about.scratch / sizeof(u32);
	b->run.scratch = kvcalloc(b->run.nscratch + 1, sizeof(u32), GFP_KERNEL);
	if (!b->run.scratch)
		goto err_bench;
	b->run.cap = ct->view.ninsts;
	b->run.match = kvcalloc(b->run.cap, sizeof(u32), GFP_KERNEL);
	if (!b->run.match)
		goto err_scratch;
	b->run.fuel = weir_content_fuel(ct);
	ret = run_all(ct, b, err);
	kvfree(b->run.match);
err_scratch:
	kvfree(b->run.scratch);
err_bench:
	kfree(b);
	return ret;
}
