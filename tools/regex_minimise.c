// SPDX-License-Identifier: GPL-2.0
/* The states of a DFA that no input tells apart, by Hopcroft's partition refinement. */
#include <stdlib.h>
#include <string.h>

#include "regex_internal.h"

/* Blocks are slices of @order; a state's place is in @where. */
struct partition {
	const struct weir_re_raw *raw;
	uint32_t *order, *where, *block;
	uint32_t *begin, *end; /* of each block */
	uint32_t *marked; /* of each block: how many states at its front are marked */
	uint32_t nblocks;
	uint32_t *in_first, *in; /* for one class: where states come from */
	uint32_t *queue; /* pairs of block and class to split by, as block * k + class */
	uint32_t nqueue;
	uint8_t *queued; /* by the same number */
	uint32_t *touched;
	uint32_t *members;
};

static void enqueue(struct partition *p, uint32_t block, uint32_t class)
{
	uint32_t pair = block * p->raw->k + class;

	if (p->queued[pair])
		return;
	p->queued[pair] = 1;
	p->queue[p->nqueue++] = pair;
}

/* For each class and state, the states that it is reached from. */
static void invert(struct partition *p)
{
	const struct weir_re_raw *raw = p->raw;
	uint32_t k, s, to, *first;

	for (k = 0; k < raw->k; k++) {
		first = p->in_first + (size_t)k * (raw->n + 1);
		for (s = 0; s < raw->n; s++)
			first[raw->next[(size_t)s * raw->k + k] + 1]++;
		for (s = 0; s < raw->n; s++)
			first[s + 1] += first[s];
		for (s = 0; s < raw->n; s++) {
			to = raw->next[(size_t)s * raw->k + k];
			p->in[(size_t)k * raw->n + first[to]++] = s;
		}
		memmove(first + 1, first, raw->n * sizeof(*first));
		first[0] = 0;
	}
}

/* Two blocks: those that accept at the end of input, and the others. */
static void first_blocks(struct partition *p)
{
	const struct weir_re_raw *raw = p->raw;
	uint32_t pass, s, k, n = 0;

	for (pass = 0; pass < 2; pass++) {
		p->begin[p->nblocks] = n;
		for (s = 0; s < raw->n; s++) {
			if (raw->accept[s] != pass)
				continue;
			p->order[n] = s;
			p->where[s] = n++;
			p->block[s] = p->nblocks;
		}
		p->end[p->nblocks] = n;
		if (n > p->begin[p->nblocks])
			p->nblocks++;
	}
	for (s = 0; s < p->nblocks; s++)
		for (k = 0; k < raw->k; k++)
			enqueue(p, s, k);
}

/* Move a state to the marked front of its block. */
static void mark(struct partition *p, uint32_t s, uint32_t *ntouched)
{
	uint32_t b = p->block[s], to = p->begin[b] + p->marked[b], other = p->order[to];

	if (p->where[s] < to)
		return;
	if (!p->marked[b]++)
		p->touched[(*ntouched)++] = b;
	p->order[p->where[s]] = other;
	p->where[other] = p->where[s];
	p->order[to] = s;
	p->where[s] = to;
}

/* Part the marked front of a block from the rest. */
static void split(struct partition *p, uint32_t b)
{
	uint32_t middle = p->begin[b] + p->marked[b], fresh = p->nblocks, i, k;
	int smaller = p->marked[b] <= p->end[b] - middle;

	p->marked[b] = 0;
	if (middle == p->end[b])
		return;
	p->nblocks++;
	p->begin[fresh] = p->begin[b];
	p->end[fresh] = middle;
	p->begin[b] = middle;
	for (i = p->begin[fresh]; i < middle; i++)
		p->block[p->order[i]] = fresh;
	for (k = 0; k < p->raw->k; k++)
		enqueue(p, p->queued[b * p->raw->k + k] || smaller ? fresh : b, k);
}

static void refine(struct partition *p, uint32_t pair)
{
	uint32_t b = pair / p->raw->k, k = pair % p->raw->k;
	const uint32_t *first = p->in_first + (size_t)k * (p->raw->n + 1);
	const uint32_t *in = p->in + (size_t)k * p->raw->n;
	uint32_t n = p->end[b] - p->begin[b], ntouched = 0, i, j;

	/* Marking moves the block's own states about. */
	memcpy(p->members, p->order + p->begin[b], n * sizeof(*p->members));
	for (i = 0; i < n; i++)
		for (j = first[p->members[i]]; j < first[p->members[i] + 1]; j++)
			mark(p, in[j], &ntouched);
	for (i = 0; i < ntouched; i++)
		split(p, p->touched[i]);
}

static int allocate(struct partition *p)
{
	uint32_t n = p->raw->n, k = p->raw->k;

	p->order = calloc(n, sizeof(uint32_t));
	p->where = calloc(n, sizeof(uint32_t));
	p->begin = calloc(n + 1, sizeof(uint32_t));
	p->end = calloc(n + 1, sizeof(uint32_t));
	p->marked = calloc(n + 1, sizeof(uint32_t));
	p->touched = calloc(n + 1, sizeof(uint32_t));
	p->members = calloc(n, sizeof(uint32_t));
	p->in_first = calloc((size_t)k * (n + 1), sizeof(uint32_t));
	p->in = calloc((size_t)k * n, sizeof(uint32_t));
	p->queue = calloc((size_t)k * n, sizeof(uint32_t));
	p->queued = calloc((size_t)k * n, 1);
	return p->order && p->where && p->begin && p->end && p->marked && p->touched &&
			       p->members && p->in_first && p->in && p->queue && p->queued
		       ? 0
		       : -1;
}

static void release(struct partition *p)
{
	free(p->order);
	free(p->where);
	free(p->begin);
	free(p->end);
	free(p->marked);
	free(p->touched);
	free(p->members);
	free(p->in_first);
	free(p->in);
	free(p->queue);
	free(p->queued);
}

int weir_re_minimise(const struct weir_re_raw *raw, uint32_t *block, uint32_t *nblocks)
{
	struct partition p;
	uint32_t pair;
	int r;

	memset(&p, 0, sizeof(p));
	p.raw = raw;
	p.block = block;
	r = allocate(&p);
	if (!r) {
		invert(&p);
		first_blocks(&p);
		while (p.nqueue) {
			pair = p.queue[--p.nqueue];
			p.queued[pair] = 0;
			refine(&p, pair);
		}
		*nblocks = p.nblocks;
	}
	release(&p);
	return r;
}
