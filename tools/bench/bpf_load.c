// SPDX-License-Identifier: GPL-2.0
/* The walk over all instances in eBPF: its program is loaded and its tables are filled here. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "bpf_load.h"

extern const char _binary_linear_bpf_o_start[], _binary_linear_bpf_o_end[];

static int refuse(struct bench_bpf *b, const char *what)
{
	snprintf(b->why, sizeof(b->why), "eBPF: %s", what);
	return -1;
}

static int put_literal(struct bpf_literal *out, const struct bench_literal *l)
{
	if (l->len > BPF_LITERAL)
		return -1;
	out->len = l->len;
	memcpy(out->p, l->p, l->len);
	return 0;
}

static int put_operands(struct bench_bpf *b)
{
	const struct bench_content *c = b->c;
	const struct weir_view *v = &c->ch->view;
	uint32_t i, cells = 0;

	if (v->nlits > BPF_LITS || v->nnums > BPF_RANGES || v->ndfas > BPF_DFAS)
		return refuse(b, "more operands than its tables hold");
	for (i = 0; i < v->nlits; i++)
		if (put_literal(&b->t->lit[i], &c->lit[i]))
			return refuse(b, "a literal longer than its tables hold");
	for (i = 0; i < v->nnums; i++)
		b->t->range[i] = (struct bpf_range){ c->range[i].lo, c->range[i].hi };
	for (i = 0; i < v->ndfas; i++) {
		struct bpf_dfa *d = &b->t->dfa[i];

		if (c->dfa[i].cells > BPF_CELLS - cells)
			return refuse(b, "more cells of DFAs than its tables hold");
		*d = (struct bpf_dfa){ .first = cells,
				       .start = c->dfa[i].start,
				       .nclasses = c->dfa[i].nclasses };
		memcpy(d->classes, c->dfa[i].classes, sizeof(d->classes));
		memcpy(b->t->cell + cells, c->dfa[i].cell, 2 * c->dfa[i].cells);
		cells += c->dfa[i].cells;
	}
	return 0;
}

static int put_criteria(struct bench_bpf *b)
{
	const struct bench_content *c = b->c;
	uint32_t i;

	if (c->ncrits > BPF_CRITS)
		return refuse(b, "more criteria than its tables hold");
	for (i = 0; i < c->ncrits; i++) {
		const struct bench_crit *r = &c->crit[i];

		if (r->op >= WEIR_OP_FIELD_EQ)
			return refuse(b, "the content compares fields, which it cannot");
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

static int put_programs(struct bench_bpf *b)
{
	const struct bench_content *c = b->c;
	uint32_t i;

	if (c->nnodes > BPF_NODES || c->ninsts > BPF_INSTS)
		return refuse(b, "more instances than its tables hold");
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

static int load(struct bench_bpf *b, const char *name)
{
	const size_t size = (size_t)(_binary_linear_bpf_o_end - _binary_linear_bpf_o_start);
	struct bpf_program *prog;
	struct bpf_map *map;
	void *t;

	libbpf_set_print(no_print);
	b->object = bpf_object__open_mem(_binary_linear_bpf_o_start, size, NULL);
	if (!b->object)
		return refuse(b, "the program cannot be opened");
	bpf_object__for_each_program(prog, b->object)
		bpf_program__set_autoload(prog, !strcmp(bpf_program__name(prog), name));
	if (bpf_object__load(b->object)) {
		snprintf(b->why, sizeof(b->why), "eBPF: bpf() does not load the program: %s",
			 strerror(errno));
		return -1;
	}
	b->prog = bpf_object__find_program_by_name(b->object, name);
	map = bpf_object__find_map_by_name(b->object, ".bss");
	if (!b->prog || !map || bpf_map__value_size(map) < sizeof(*b->t))
		return refuse(b, "the program is not the one that belongs to this harness");
	t = mmap(NULL, sizeof(*b->t), PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	if (t == MAP_FAILED)
		return refuse(b, "its tables cannot be mapped");
	b->t = t;
	return 0;
}

int bench_bpf_open(struct bench_bpf *b, const struct bench_content *c, const char *name)
{
	memset(b, 0, sizeof(*b));
	b->c = c;
	if (load(b, name) || put_operands(b) || put_criteria(b) || put_programs(b))
		return -1;
	return 0;
}

void bench_bpf_close(struct bench_bpf *b)
{
	if (b->t)
		munmap(b->t, sizeof(*b->t));
	bpf_object__close(b->object);
}
