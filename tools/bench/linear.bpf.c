// SPDX-License-Identifier: GPL-2.0
/* The walk over all instances in eBPF, as a program that reads tables: bpf_loop() in bpf_loop(). */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "../../interpreter/format.h"
#include "bpf.h"

struct bpf_tables tables;

static __u32 byte_at(__u32 i, __u32 exact)
{
	__u32 c = tables.text[(tables.scan.off + i) & (BPF_TEXT - 1)];

	return !exact && c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static struct bpf_literal *literal(void)
{
	return &tables.lit[tables.scan.operand & (BPF_LITS - 1)];
}

/* Knuth, Morris, Pratt: one step. */
static long search_step(__u64 n, void *unused)
{
	struct bpf_literal *l = literal();
	__u32 i = tables.scan.i, j = tables.scan.j & 127;

	if (i >= tables.scan.len)
		return 1;
	if (byte_at(i, tables.scan.exact) == l->p[j]) {
		tables.scan.i = i + 1;
		tables.scan.j = j + 1;
		tables.scan.found = j + 1 == l->len;
		return tables.scan.found;
	}
	if (!j)
		tables.scan.i = i + 1;
	else
		tables.scan.j = l->fail[j];
	return 0;
}

static long compare_step(__u64 n, void *unused)
{
	__u32 i = tables.scan.i;

	tables.scan.found = byte_at(i, tables.scan.exact) == literal()->p[i & 127];
	tables.scan.i = i + 1;
	return !tables.scan.found;
}

static long dfa_step(__u64 n, void *unused)
{
	struct bpf_dfa *d = &tables.dfa[tables.scan.operand & (BPF_DFAS - 1)];
	__u32 i = tables.scan.i, at = d->first + tables.scan.row + d->classes[byte_at(i, 1) & 255];

	tables.scan.row = tables.cell[at & (BPF_CELLS - 1)];
	tables.scan.i = i + 1;
	return tables.scan.row >= WEIR_DFA_REJECT;
}

static __u32 literal_holds(const struct bpf_crit *c)
{
	__u32 len = literal()->len;

	if (len > tables.scan.len || (c->op == WEIR_OP_EQ && len != tables.scan.len))
		return 0;
	if (c->op == WEIR_OP_CONTAINS) {
		bpf_loop(2 * tables.scan.len, search_step, NULL, 0);
		return tables.scan.found;
	}
	if (c->op == WEIR_OP_SUFFIX)
		tables.scan.off += tables.scan.len - len;
	tables.scan.found = 1;
	bpf_loop(len, compare_step, NULL, 0);
	return tables.scan.found;
}

static __u32 dfa_holds(void)
{
	struct bpf_dfa *d = &tables.dfa[tables.scan.operand & (BPF_DFAS - 1)];

	tables.scan.row = d->start;
	bpf_loop(tables.scan.len, dfa_step, NULL, 0);
	if (tables.scan.row < WEIR_DFA_REJECT)
		tables.scan.row = tables.cell[(d->first + tables.scan.row + d->nclasses - 1) &
					      (BPF_CELLS - 1)];
	return tables.scan.row == WEIR_DFA_ACCEPT;
}

static long network_step(__u64 n, void *unused)
{
	struct bpf_literal *l = literal();
	__u32 i = tables.scan.i, bits = l->p[tables.scan.len & 127], mask = 0xff;

	if (8 * i >= bits)
		return 1;
	if (bits < 8 * i + 8)
		mask = 0xff00 >> (bits & 7);
	tables.scan.found = !((l->p[i & 127] ^ byte_at(i, 1)) & mask & 0xff);
	tables.scan.i = i + 1;
	return !tables.scan.found;
}

static __u32 in_network(void)
{
	tables.scan.found = tables.scan.len + 1 == literal()->len;
	if (tables.scan.found)
		bpf_loop(tables.scan.len, network_step, NULL, 0);
	return tables.scan.found;
}

static long operand_step(__u64 n, void *unused)
{
	struct bpf_crit *c = &tables.crit[tables.operand.crit & (BPF_CRITS - 1)];
	struct bpf_field *f = &tables.field[c->field & (BPF_FIELDS - 1)];
	struct bpf_range *r = &tables.range[tables.operand.k & (BPF_RANGES - 1)];

	tables.scan.off = f->off;
	tables.scan.len = f->len;
	tables.scan.operand = tables.operand.k++;
	tables.scan.exact = c->exact;
	tables.scan.i = 0;
	tables.scan.j = 0;
	tables.scan.found = 0;
	if (c->op == WEIR_OP_RANGE)
		tables.operand.holds = f->num >= r->lo && f->num <= r->hi;
	else if (c->op == WEIR_OP_DFA)
		tables.operand.holds = dfa_holds();
	else if (c->op == WEIR_OP_CIDR)
		tables.operand.holds = in_network();
	else
		tables.operand.holds = literal_holds(c);
	return !!tables.operand.holds;
}

static __u32 decide(__u32 crit)
{
	struct bpf_crit *c = &tables.crit[crit & (BPF_CRITS - 1)];

	if (tables.field[c->field & (BPF_FIELDS - 1)].kind != c->kind)
		return 0;
	if (c->op == WEIR_OP_EXISTS)
		return 1;
	tables.operand.crit = crit;
	tables.operand.k = c->first;
	tables.operand.holds = 0;
	bpf_loop(c->count, operand_step, NULL, 0);
	return !!tables.operand.holds;
}

static long node_step(__u64 i, void *unused)
{
	struct bpf_node *n =
		&tables.node[(tables.program.base + tables.program.k) & (BPF_NODES - 1)];
	__u32 *memo = &tables.memo[n->crit & (BPF_CRITS - 1)];

	if (*memo < tables.stamp)
		*memo = tables.stamp + decide(n->crit);
	tables.program.k = *memo > tables.stamp ? n->yes : n->no;
	return tables.program.k >= WEIR_REJECT;
}

static long inst_step(__u64 i, void *unused)
{
	__u32 inst = (tables.first + i) & (BPF_INSTS - 1);

	tables.program.base = tables.inst[inst];
	tables.program.k = 0;
	bpf_loop(0xfff0, node_step, NULL, 0);
	if (tables.program.k == WEIR_ACCEPT) {
		tables.match[tables.nmatch & (BPF_MATCHES - 1)] = inst;
		tables.nmatch++;
	}
	return 0;
}

SEC("raw_tp")
int weir_linear(void *ctx)
{
	bpf_loop(tables.ninsts, inst_step, NULL, 0);
	return 0;
}

char weir_license[] SEC("license") = "GPL";
