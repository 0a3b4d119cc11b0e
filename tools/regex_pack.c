// SPDX-License-Identifier: GPL-2.0
/*
 * DFAs in the channel format: the fewest states, in the order in which bytes reach them, and the
 * fewest classes, in the order of their first byte, so that one language has one encoding.
 */
#include <stdlib.h>
#include <string.h>

#include "regex_internal.h"

struct packer {
	const struct weir_re_raw *raw;
	uint32_t *block; /* of each raw state */
	uint32_t nblocks;
	uint32_t *rep; /* of each block: a raw state in it */
	uint32_t *number; /* of each block: its place in the output, or NONE */
	uint32_t *queue; /* blocks by number */
	uint32_t n;
	uint32_t accept, reject; /* blocks from which nothing changes any more, or NONE */
};

static uint32_t block_next(const struct packer *p, uint32_t block, uint32_t k)
{
	return p->block[p->raw->next[(size_t)p->rep[block] * p->raw->k + k]];
}

static void find_sinks(struct packer *p)
{
	uint32_t b, k;

	p->accept = WEIR_RE_NONE;
	p->reject = WEIR_RE_NONE;
	for (b = 0; b < p->nblocks; b++) {
		for (k = 0; k < p->raw->k && block_next(p, b, k) == b; k++)
			;
		if (k < p->raw->k)
			continue;
		if (p->raw->accept[p->rep[b]])
			p->accept = b;
		else
			p->reject = b;
	}
}

static int is_sink(const struct packer *p, uint32_t block)
{
	return block == p->accept || block == p->reject;
}

/* Number the blocks that can be met, breadth first. The start has a row even if it is a sink. */
static void number_blocks(struct packer *p)
{
	uint32_t i, k, to;

	for (i = 0; i < p->nblocks; i++)
		p->number[i] = WEIR_RE_NONE;
	p->queue[p->n] = p->block[p->raw->start];
	p->number[p->queue[p->n]] = p->n;
	p->n++;
	for (i = 0; i < p->n; i++) {
		for (k = 0; k < p->raw->k; k++) {
			to = block_next(p, p->queue[i], k);
			if (p->number[to] != WEIR_RE_NONE || is_sink(p, to))
				continue;
			p->number[to] = p->n;
			p->queue[p->n++] = to;
		}
	}
}

static int same_column(const struct packer *p, uint32_t a, uint32_t b)
{
	uint32_t i;

	for (i = 0; i < p->n; i++)
		if (block_next(p, p->queue[i], a) != block_next(p, p->queue[i], b))
			return 0;
	return 1;
}

/* Merge raw classes that no state tells apart: column[] is a raw class of each new one. */
static uint32_t merge_classes(const struct packer *p, struct weir_dfa *out, uint32_t *column)
{
	uint32_t merged[256], n = 0, k, j;

	/* Raw classes are numbered by first byte, so the new ones are too. */
	for (k = 0; k < p->raw->k; k++) {
		for (j = 0; j < n && !same_column(p, column[j], k); j++)
			;
		if (j == n)
			column[n++] = k;
		merged[k] = j;
	}
	for (k = 0; k < 256; k++)
		out->map[k] = (uint8_t)merged[p->raw->map[k]];
	return n;
}

static uint16_t cell(const struct packer *p, uint32_t block, uint32_t nclasses)
{
	if (block == p->accept)
		return WEIR_DFA_ACCEPT;
	if (block == p->reject)
		return WEIR_DFA_REJECT;
	return (uint16_t)(p->number[block] * nclasses);
}

static int too_large(const struct packer *p, uint32_t nclasses, const struct weir_re_err *e)
{
	return weir_re_fail(e, WEIR_RE_NONE,
			    "too large: %u states of %u classes, more than the %u cells of a DFA",
			    p->n, nclasses, WEIR_DFA_CELLS_MAX);
}

static int fill(const struct packer *p, struct weir_dfa *out, const struct weir_re_err *e)
{
	uint32_t column[256], n = merge_classes(p, out, column), i, k;
	uint16_t *row;

	out->nclasses = (uint16_t)(n + 1);
	out->start = 0;
	if ((uint64_t)p->n * out->nclasses > WEIR_DFA_CELLS_MAX)
		return too_large(p, out->nclasses, e);
	out->ncells = p->n * out->nclasses;
	out->next = calloc(out->ncells, sizeof(*out->next));
	if (!out->next)
		return weir_re_fail(e, WEIR_RE_NONE, "no memory");
	for (i = 0; i < p->n; i++) {
		row = out->next + (size_t)i * out->nclasses;
		for (k = 0; k < n; k++)
			row[k] = cell(p, block_next(p, p->queue[i], column[k]), out->nclasses);
		row[n] = p->raw->accept[p->rep[p->queue[i]]] ? WEIR_DFA_ACCEPT : WEIR_DFA_REJECT;
	}
	return 0;
}

static int pack(struct packer *p, struct weir_dfa *out, const struct weir_re_err *e)
{
	uint32_t s;

	p->block = calloc(p->raw->n, sizeof(*p->block));
	if (!p->block || weir_re_minimise(p->raw, p->block, &p->nblocks))
		return weir_re_fail(e, WEIR_RE_NONE, "no memory");
	p->rep = calloc(p->nblocks, sizeof(*p->rep));
	p->number = calloc(p->nblocks, sizeof(*p->number));
	p->queue = calloc(p->nblocks, sizeof(*p->queue));
	if (!p->rep || !p->number || !p->queue)
		return weir_re_fail(e, WEIR_RE_NONE, "no memory");
	for (s = 0; s < p->raw->n; s++)
		p->rep[p->block[s]] = s;
	find_sinks(p);
	number_blocks(p);
	return fill(p, out, e);
}

int weir_re_pack(const struct weir_re_raw *raw, struct weir_dfa *out, const struct weir_re_err *e)
{
	struct packer p;
	int r;

	memset(&p, 0, sizeof(p));
	memset(out, 0, sizeof(*out));
	p.raw = raw;
	r = pack(&p, out, e);
	free(p.block);
	free(p.rep);
	free(p.number);
	free(p.queue);
	return r;
}
