// SPDX-License-Identifier: GPL-2.0
/* The walk over all instances in eBPF: an event is a test run. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <string.h>

#include "bpf_load.h"

static int open_bpf(struct bench_engine *e, const struct bench_content *c)
{
	struct bench_bpf *b = weir_alloc(1, sizeof(*b));

	e->own = b;
	e->match = weir_alloc(BPF_MATCHES, sizeof(*e->match));
	if (!bench_bpf_open(b, c, "weir_linear"))
		return 0;
	memcpy(e->why, b->why, sizeof(e->why));
	return -1;
}

static void put_text(struct bpf_tables *t, uint32_t at, const struct weir_value *v)
{
	uint32_t i;

	memcpy(t->text[0] + at, v->ptr, v->len);
	for (i = 0; i < v->len; i++)
		t->text[1][at + i] = bench_lower(v->ptr[i]);
}

static uint32_t eval_bpf(struct bench_engine *e, const struct weir_event *ev)
{
	struct bench_bpf *b = e->own;
	uint32_t t = bench_type_of(b->c, ev), i, at = 0;
	struct bpf_test_run_opts opts = { .sz = sizeof(opts) };

	if (t == b->c->ntypes)
		return 0;
	memset(b->t->field, 0, sizeof(b->t->field));
	for (i = 0; i < ev->n; i++) {
		const struct weir_value *v = &ev->v[i];

		b->t->field[i] = (struct bpf_field){ v->kind, at, v->len, v->num };
		if (!v->len)
			continue;
		if (v->len > BPF_TEXT - at)
			return UINT32_MAX;
		put_text(b->t, at, v);
		at += v->len;
	}
	bench_bpf_choose(b, t);
	b->t->nmatch = 0;
	b->t->stamp += 2;
	if (bpf_prog_test_run_opts(bpf_program__fd(b->prog), &opts) || b->t->nmatch > BPF_MATCHES)
		return UINT32_MAX;
	memcpy(e->match, b->t->match, b->t->nmatch * sizeof(*e->match));
	return b->t->nmatch;
}

static void close_bpf(struct bench_engine *e)
{
	bench_bpf_close(e->own);
	free(e->own);
}

struct bench_engine bench_bpf = {
	.name = "ebpf",
	.about = "every program in turn, as linear does, by an eBPF program; with its system call",
	.open = open_bpf,
	.eval = eval_bpf,
	.close = close_bpf,
};
