/* SPDX-License-Identifier: GPL-2.0 */
/* The walk over all instances in eBPF, loaded into the running kernel. */
#ifndef WEIR_BENCH_BPF_LOAD_H
#define WEIR_BENCH_BPF_LOAD_H

#include "bench.h"
#include "bpf.h"

struct bpf_object;
struct bpf_program;

struct bench_bpf {
	const struct bench_content *c;
	struct bpf_object *object;
	struct bpf_program *prog;
	struct bpf_tables *t; /* the program's own, mapped */
	char why[256];
};

/**
 * bench_bpf_open() - load a program and fill its tables with content
 * @b: to be filled; bench_bpf_close() also after a failure
 * @c: the content
 * @name: of one of the programs in linear.bpf.c
 *
 * Return: 0, or -1 and b->why says why.
 */
int bench_bpf_open(struct bench_bpf *b, const struct bench_content *c, const char *name);
void bench_bpf_close(struct bench_bpf *b);

/* Which instances are to be asked: those of a type. */
static inline void bench_bpf_choose(struct bench_bpf *b, uint32_t type)
{
	b->t->first = b->c->type[type].first;
	b->t->ninsts = b->c->type[type].n;
}

#endif
