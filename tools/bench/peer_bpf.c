// SPDX-License-Identifier: GPL-2.0
/* The walk over all instances in eBPF: its tables are filled here, an event is a test run. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench.h"
#include "bpf.h"

extern const char _binary_linear_bpf_o_start[], _binary_linear_bpf_o_end[];

struct bpf_engine {
	const struct bench_content *c;
	struct bpf_object *object;
	struct bpf_tables *t;
	int fd;
};

static int refuse(struct bench_engine *e, const char *what)
{
	snprintf(e->why, sizeof(e->why), "eBPF: %s", what);
	return -1;
}

static int put_literal(struct bpf_literal *out, const struct bench_literal *l)
{
	uint32_t i, k = 0;

	if (l->len > BPF_LITERAL)
		return -1;
	out->len = l->len;
	memcpy(out->p, l->p, l->len);
	for (i = 2; i < l->len; i++) {
		while (k && l->p[i - 1] != l->p[k])
			k = out->fail[k];
		k += l->p[i - 1] == l->p[k];
		out->fail[i] = (uint8_t)k;
	}
	return 0;
}

static int put_operands(struct bench_engine *e)
{
	const struct bpf_engine *b = e->own;
	const struct bench_content *c = b->c;
	const struct weir_view *v = &c->ch->view;
	uint32_t i, cells = 0;

	if (v->nlits > BPF_LITS || v->nnums > BPF_RANGES || v->ndfas > BPF_DFAS)
		return refuse(e, "more operands than its tables hold");
	for (i = 0; i < v->nlits; i++)
		if (put_literal(&b->t->lit[i], &c->lit[i]))
			return refuse(e, "a literal longer than its tables hold");
	for (i = 0; i < v->nnums; i++)
		b->t->range[i] = (struct bpf_range){ c->range[i].lo, c->range[i].hi };
	for (i = 0; i < v->ndfas; i++) {
		struct bpf_dfa *d = &b->t->dfa[i];

		if (c->dfa[i].cells > BPF_CELLS - cells)
			return refuse(e, "more cells of DFAs than its tables hold");
		*d = (struct bpf_dfa){ .first = cells,
				       .start = c->dfa[i].start,
				       .nclasses = c->dfa[i].nclasses };
		memcpy(d->classes, c->dfa[i].classes, sizeof(d->classes));
		memcpy(b->t->cell + cells, c->dfa[i].cell, 2 * c->dfa[i].cells);
		cells += c->dfa[i].cells;
	}
	return 0;
}

static int put_criteria(struct bench_engine *e)
{
	const struct bpf_engine *b = e->own;
	const struct bench_content *c = b->c;
	uint32_t i;

	if (c->ncrits > BPF_CRITS)
		return refuse(e, "more criteria than its tables hold");
	for (i = 0; i < c->ncrits; i++) {
		const struct bench_crit *r = &c->crit[i];

		if (r->op >= WEIR_OP_FIELD_EQ)
			return refuse(e, "the content compares fields, which it cannot");
		b->t->crit[i] = (struct bpf_crit){
			.first = r->op == WEIR_OP_RANGE ? (uint32_t)(r->range - c->range)
				 : r->op == WEIR_OP_DFA ? (uint32_t)(r->dfa - c->dfa)
							: (uint32_t)(r->lit - c->lit),
			.count = r->count,
			.op = (uint8_t)r->op,
			.exact = (uint8_t)r->exact,
			.field = (uint8_t)r->field,
			.kind = (uint8_t)r->kind,
		};
	}
	return 0;
}

static int put_programs(struct bench_engine *e)
{
	const struct bpf_engine *b = e->own;
	const struct bench_content *c = b->c;
	uint32_t i;

	if (c->nnodes > BPF_NODES || c->ninsts > BPF_INSTS)
		return refuse(e, "more instances than its tables hold");
	for (i = 0; i < c->nnodes; i++)
		b->t->node[i] = (struct bpf_node){ c->node[i].crit, (uint16_t)c->node[i].yes,
						   (uint16_t)c->node[i].no };
	for (i = 0; i < c->ninsts; i++)
		b->t->inst[i] = (uint32_t)(c->inst[i].node - c->node);
	return 0;
}

static int no_print(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	(void)level;
	(void)fmt;
	(void)ap;
	return 0;
}

static int load(struct bench_engine *e)
{
	const size_t size = (size_t)(_binary_linear_bpf_o_end - _binary_linear_bpf_o_start);
	struct bpf_engine *b = e->own;
	struct bpf_program *prog;
	struct bpf_map *map;
	void *t;

	libbpf_set_print(no_print);
	b->object = bpf_object__open_mem(_binary_linear_bpf_o_start, size, NULL);
	if (!b->object || bpf_object__load(b->object)) {
		snprintf(e->why, sizeof(e->why), "eBPF: bpf() does not load the program: %s",
			 strerror(errno));
		return -1;
	}
	prog = bpf_object__find_program_by_name(b->object, "weir_linear");
	map = bpf_object__find_map_by_name(b->object, ".bss");
	if (!prog || !map || bpf_map__value_size(map) < sizeof(*b->t))
		return refuse(e, "the program is not the one that belongs to this harness");
	t = mmap(NULL, sizeof(*b->t), PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	if (t == MAP_FAILED)
		return refuse(e, "its tables cannot be mapped");
	b->t = t;
	b->fd = bpf_program__fd(prog);
	return 0;
}

static int open_bpf(struct bench_engine *e, const struct bench_content *c)
{
	struct bpf_engine *b = weir_alloc(1, sizeof(*b));

	e->own = b;
	b->c = c;
	e->match = weir_alloc(BPF_MATCHES, sizeof(*e->match));
	if (load(e) || put_operands(e) || put_criteria(e) || put_programs(e))
		return -1;
	return 0;
}

static uint32_t eval_bpf(struct bench_engine *e, const struct weir_event *ev)
{
	const struct bpf_engine *b = e->own;
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
		memcpy(b->t->text + at, v->ptr, v->len);
		at += v->len;
	}
	b->t->first = b->c->type[t].first;
	b->t->ninsts = b->c->type[t].n;
	b->t->nmatch = 0;
	b->t->stamp += 2;
	if (bpf_prog_test_run_opts(b->fd, &opts) || b->t->nmatch > BPF_MATCHES)
		return UINT32_MAX;
	memcpy(e->match, b->t->match, b->t->nmatch * sizeof(*e->match));
	return b->t->nmatch;
}

static void close_bpf(struct bench_engine *e)
{
	struct bpf_engine *b = e->own;

	if (b->t)
		munmap(b->t, sizeof(*b->t));
	bpf_object__close(b->object);
	free(b);
}

struct bench_engine bench_bpf = {
	.name = "ebpf",
	.about = "every program in turn, as linear does, by an eBPF program; with its system call",
	.open = open_bpf,
	.eval = eval_bpf,
	.close = close_bpf,
};
