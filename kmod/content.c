// SPDX-License-Identifier: GPL-2.0
/* Immutable content: copied once, mapped read-only, checked, and freed after its last reader. */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "content.h"

/*
 * A hook runs with preemption off: what one event may cost is bounded, and by default content that
 * is accepted can never run out of steps, or a long command line would be a way past it.
 */
static unsigned long long max_cost = WEIR_COST_USUAL;
module_param(max_cost, ullong, 0644);
MODULE_PARM_DESC(max_cost,
		 "content whose declared worst-case steps of one event exceed this is refused");

static unsigned long long fuel = 1ull << 28;
module_param(fuel, ullong, 0644);
MODULE_PARM_DESC(fuel,
		 "steps one event may take in one channel; 0: as many as the content declares");

static struct workqueue_struct *weir_free_wq;

u64 weir_content_max_cost(void)
{
	return READ_ONCE(max_cost);
}

u64 weir_content_fuel(const struct weir_content *ct)
{
	u64 limit = READ_ONCE(fuel);

	return limit ? min(limit, ct->about.cost) : ct->about.cost;
}

static void free_pages_of(struct weir_content *ct)
{
	u32 i;

	for (i = 0; i < ct->npages; i++)
		__free_page(ct->pages[i]);
	kvfree(ct->pages);
}

static void free_scratch(struct weir_content *ct)
{
	int cpu;

	if (!ct->scratch)
		return;
	for_each_possible_cpu(cpu)
		kvfree(ct->scratch[cpu]);
	kfree(ct->scratch);
}

static void content_free(struct work_struct *work)
{
	struct weir_content *ct = container_of(to_rcu_work(work), struct weir_content, free);

	free_scratch(ct);
	free_percpu(ct->tally);
	vunmap(ct->raw);
	free_pages_of(ct);
	kfree(ct);
}

void weir_content_put(struct weir_content *ct)
{
	if (ct && refcount_dec_and_test(&ct->refs))
		queue_rcu_work(weir_free_wq, &ct->free);
}

static int alloc_pages_of(struct weir_content *ct)
{
	u32 want = DIV_ROUND_UP(ct->len, PAGE_SIZE);

	ct->pages = kvcalloc(want, sizeof(*ct->pages), GFP_KERNEL);
	if (!ct->pages)
		return -ENOMEM;
	for (; ct->npages < want; ct->npages++) {
		ct->pages[ct->npages] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!ct->pages[ct->npages])
			return -ENOMEM;
	}
	ct->memory = sizeof(*ct) + want * (PAGE_SIZE + sizeof(*ct->pages));
	return 0;
}

struct weir_content *weir_content_alloc(u32 len, u8 **rw)
{
	struct weir_content *ct;

	if (!len || len > WEIR_FILE_MAX)
		return ERR_PTR(-EINVAL);
	ct = kzalloc(sizeof(*ct), GFP_KERNEL);
	if (!ct)
		return ERR_PTR(-ENOMEM);
	ct->len = len;
	refcount_set(&ct->refs, 1);
	INIT_RCU_WORK(&ct->free, content_free);
	weir_breaker_init(&ct->breaker);
	if (alloc_pages_of(ct))
		goto err_pages;
	*rw = vmap(ct->pages, ct->npages, VM_MAP, PAGE_KERNEL);
	if (!*rw)
		goto err_pages;
	return ct;

err_pages:
	free_pages_of(ct);
	kfree(ct);
	return ERR_PTR(-ENOMEM);
}

int weir_content_seal(struct weir_content *ct, u8 *rw)
{
	vunmap(rw);
	ct->raw = vmap(ct->pages, ct->npages, VM_MAP, PAGE_KERNEL_RO);
	return ct->raw ? 0 : -ENOMEM;
}

int weir_content_open(struct weir_content *ct, u32 len, struct weir_error *err)
{
	int code = weir_open(ct->raw, len, &ct->view, err);

	if (code)
		return code == WEIR_E_LARGE ? -EFBIG : -EBADMSG;
	weir_about(&ct->view, &ct->about);
	sha256(ct->raw, len, ct->digest);
	return 0;
}

/* The errno of a refusal by the verifier: user space tells a schema from a broken file by it. */
static int verify_errno(u32 code)
{
	switch (code) {
	case WEIR_E_TYPE_UNKNOWN:
	case WEIR_E_ARITY:
	case WEIR_E_KIND:
	case WEIR_E_FINGERPRINT:
	case WEIR_E_NOT_PROVIDED:
	case WEIR_E_ACTION_UNSUPPORTED:
		return -EOPNOTSUPP;
	default:
		return -EBADMSG;
	}
}

/* What content is checked against, and room to work in: too much for the stack. */
struct bench {
	struct weir_schema_type types[WEIR_NSLOTS];
	u32 reached[WEIR_ACTION_WORDS];
};

int weir_content_verify(struct weir_content *ct, struct weir_error *err)
{
	struct weir_schema schema;
	struct bench *b;
	int code;

	b = kvmalloc(sizeof(*b), GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	schema.t = b->types;
	schema.n = weir_types_schema(b->types);
	code = weir_verify(&ct->view, &schema, err);
	if (!code)
		code = weir_actions(&ct->view, &schema, b->reached, err);
	kvfree(b);
	if (code)
		return verify_errno(code);
	if (ct->about.cost > READ_ONCE(max_cost)) {
		err->code = WEIR_E_TOO_COSTLY;
		return -EFBIG;
	}
	return 0;
}

static int alloc_scratch(struct weir_content *ct)
{
	/* A CPU's scratch is never empty, so that its pointer is never NULL. */
	size_t bytes = max_t(size_t, ct->about.scratch, sizeof(u32));
	int cpu;

	ct->scratch = kcalloc(nr_cpu_ids, sizeof(*ct->scratch), GFP_KERNEL);
	if (!ct->scratch)
		return -ENOMEM;
	ct->memory += nr_cpu_ids * sizeof(*ct->scratch);
	for_each_possible_cpu(cpu) {
		ct->scratch[cpu] = kvzalloc_node(bytes, GFP_KERNEL, cpu_to_node(cpu));
		if (!ct->scratch[cpu])
			return -ENOMEM;
		ct->memory += bytes;
	}
	return 0;
}

int weir_content_prepare(struct weir_content *ct)
{
	u32 i, id;

	for (i = 0; i < WEIR_NSLOTS; i++) {
		id = weir_type_id(i);
		if (!id || !weir_uses(&ct->view, id))
			continue;
		ct->wanted[i] = weir_wanted(&ct->view, id);
		ct->uses |= 1ull << i;
	}
	ct->tally = alloc_percpu(struct weir_tally);
	if (!ct->tally)
		return -ENOMEM;
	ct->memory += nr_cpu_ids * sizeof(*ct->tally);
	return alloc_scratch(ct);
}

int weir_content_init(void)
{
	weir_free_wq = alloc_workqueue("weir_free", WQ_UNBOUND, 0);
	return weir_free_wq ? 0 : -ENOMEM;
}

void weir_content_exit(void)
{
	/* First the grace periods that were asked for, then the work they queue. */
	rcu_barrier();
	destroy_workqueue(weir_free_wq);
}
