// SPDX-License-Identifier: GPL-2.0
/* The walk over all instances in eBPF, as a program that reads tables: bpf_loop() in bpf_loop(). */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "../../interpreter/format.h"
#include "bpf.h"

#define STRIDE 32 /* bytes that a step looks at: a call for each would cost more than the look */

struct bpf_tables tables;

static struct bpf_literal *literal(void)
{
	return &tables.lit[tables.scan.operand & (BPF_LITS - 1)];
}

/* The text, or what it is in lower case, from a byte on. */
static __u8 *text_at(__u32 i)
{
	return &tables.text[!tables.scan.exact][(tables.scan.off + i) & (BPF_TEXT - 1)];
}

/* Of eight bytes those that an operand of @len bytes still has. */
static __u64 first_bytes(__u64 x, __u32 len)
{
	return len < 8 ? x & ((1ull << (8 * len & 63)) - 1) : x;
}

/* The literal stands at @i. */
static __u32 stands_at(const struct bpf_literal *l, __u32 i)
{
	__u32 k;

	for (k = 0; k < BPF_LITERAL / 8 && 8 * k < l->len; k++)
		if (first_bytes(*(__u64 *)text_at(i + 8 * k) ^ l->word[k], l->len - 8 * k))
			return 0;
	return 1;
}

/* Go to the next place where the first bytes of the literal are, and see. */
static long search_step(__u64 n, void *unused)
{
	struct bpf_literal *l = literal();
	__u32 i = tables.scan.i, len = l->len, end = tables.scan.len - len, k;

	for (k = 0; k < STRIDE; k++, i++)
		if (i > end || !first_bytes(*(__u64 *)text_at(i) ^ l->word[0], len))
			break;
	tables.scan.i = i + (k < STRIDE);
	if (i > end)
		return 1;
	if (k < STRIDE)
		tables.scan.found = stands_at(l, i);
	return !!tables.scan.found;
}

static long dfa_step(__u64 n, void *unused)
{
	struct bpf_dfa *d = &tables.dfa[tables.scan.operand & (BPF_DFAS - 1)];
	__u32 i = tables.scan.i, len = tables.scan.len, row = tables.scan.row, k;

	for (k = 0; k < STRIDE && i < len && row < WEIR_DFA_REJECT; k++, i++)
		row = tables.cell[(d->first + row + d->classes[*text_at(i)]) & (BPF_CELLS - 1)];
	tables.scan.row = row;
	tables.scan.i = i;
	return i >= len || row >= WEIR_DFA_REJECT;
}

static __u32 literal_holds(const struct bpf_crit *c)
{
	__u32 len = literal()->len;

	if (len > tables.scan.len || (c->op == WEIR_OP_EQ && len != tables.scan.len))
		return 0;
	if (c->op != WEIR_OP_CONTAINS)
		return stands_at(literal(), c->op == WEIR_OP_SUFFIX ? tables.scan.len - len : 0);
	/* A step by itself costs less than bpf_loop(), and mostly it is the last one. */
	if (!search_step(0, NULL))
		bpf_loop(tables.scan.len, search_step, NULL, 0);
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
	__u32 i = tables.scan.i, bits = l->p[tables.scan.len & 31], mask = 0xff;

	if (8 * i >= bits)
		return 1;
	if (bits < 8 * i + 8)
		mask = 0xff00 >> (bits & 7);
	tables.scan.found = !((l->p[i & 31] ^ *text_at(i)) & mask & 0xff);
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
	tables.scan.exact = c->exact || c->op == WEIR_OP_DFA || c->op == WEIR_OP_CIDR;
	tables.scan.i = 0;
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
	if (!operand_step(0, NULL) && c->count > 1)
		bpf_loop(c->count - 1, operand_step, NULL, 0);
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
	if (!node_step(0, NULL))
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

/* Of the kernel's own types, what is read here. */
struct mm_struct {
	unsigned long arg_start, arg_end;
} __attribute__((preserve_access_index));

struct task_struct {
	struct mm_struct *mm;
} __attribute__((preserve_access_index));

struct linux_binprm {
	const char *filename;
} __attribute__((preserve_access_index));

#define TEXT_STEP (BPF_TEXT / 4)

/* Arguments end with a NUL each, which becomes a blank. And all in lower case, too. */
static long blank_step(__u64 n, void *unused)
{
	__u32 i = (tables.capture.at + n) & (BPF_TEXT - 1);
	__u8 c = tables.text[0][i];

	if (!c)
		c = ' ';
	tables.text[0][i] = c;
	tables.text[1][i] = c >= 'A' && c <= 'Z' ? c + 32 : c;
	return 0;
}

static void set_text(__u32 field, __u32 off, __u32 len)
{
	struct bpf_field *f = &tables.field[field & (BPF_FIELDS - 1)];

	f->off = off;
	f->len = len;
	tables.capture.at = off;
	bpf_loop(len, blank_step, NULL, 0);
}

static void set_number(__u32 field, __u64 n)
{
	tables.field[field & (BPF_FIELDS - 1)].num = n;
}

static void capture_command(const struct task_struct *task)
{
	unsigned long from = BPF_CORE_READ(task, mm, arg_start);
	__u64 len = BPF_CORE_READ(task, mm, arg_end) - from - 1;

	if (len >= TEXT_STEP)
		len = TEXT_STEP - 1;
	if (bpf_probe_read_user(&tables.text[0][TEXT_STEP], len, (void *)from))
		return;
	set_text(tables.capture.command, TEXT_STEP, len);
}

/* An exec, with what is cheap to know of it; all other fields are absent. */
SEC("raw_tp/sched_process_exec")
int weir_exec(struct bpf_raw_tracepoint_args *ctx)
{
	const struct task_struct *task = (const void *)ctx->args[0];
	const struct linux_binprm *bprm = (const void *)ctx->args[2];
	__u64 ids = bpf_get_current_uid_gid();
	long len;

	len = bpf_probe_read_kernel_str(tables.text[0], TEXT_STEP, BPF_CORE_READ(bprm, filename));
	if (len > 0)
		set_text(tables.capture.image, 0, len - 1);
	capture_command(task);
	set_number(tables.capture.user, (__u32)ids);
	set_number(tables.capture.group, ids >> 32);
	set_number(tables.capture.process, bpf_get_current_pid_tgid() >> 32);
	tables.capture.events++;
	tables.stamp += 2;
	bpf_loop(tables.ninsts, inst_step, NULL, 0);
	return 0;
}

char weir_license[] SEC("license") = "GPL";
