// SPDX-License-Identifier: GPL-2.0
/* An event from user space through the kernel's interpreter, without any effect. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "control.h"
#include "store.h"

#define DATA_MAX 0x100000u

/**
 * struct replay - a request under way
 * @io: the request
 * @arity: of its type
 * @given: values as the caller gave them
 * @data: bytes they point into
 * @v: values as the interpreter wants them
 * @run: what the interpreter is lent
 * @res: what it said
 */
struct replay {
	struct weir_u_replay *io;
	u32 arity;
	struct weir_u_value *given;
	u8 *data;
	struct weir_value v[WEIR_ARITY_MAX];
	struct weir_run run;
	struct weir_result res;
};

/* Does a value make sense for its field: the same bounds as for a channel file's samples. */
static bool value_fits(const struct weir_u_value *g, const struct weir_field *f, u32 data_len)
{
	if (f->kind != WEIR_KIND_string && f->kind != WEIR_KIND_ip && g->off)
		return false;
	return weir_value_fits(f, g->kind, g->len, g->num) && g->off <= data_len &&
	       g->len <= data_len - g->off;
}

static int set_values(struct replay *r, const struct weir_type *t)
{
	const struct weir_u_replay *io = r->io;
	u32 i, next = 0;

	for (i = 0; i < io->nvalues; i++) {
		const struct weir_u_value *g = &r->given[i];
		u32 field = g->field;

		if (field < next || field >= t->arity)
			return -EINVAL;
		field = array_index_nospec(field, WEIR_ARITY_MAX);
		if (!value_fits(g, &t->fields[field], io->data_len))
			return -EINVAL;
		r->v[field].kind = g->kind;
		r->v[field].num = g->num;
		r->v[field].len = g->len;
		r->v[field].ptr = g->len ? r->data + g->off : NULL;
		next = field + 1;
	}
	return 0;
}

static int copy_event(struct replay *r)
{
	struct weir_u_replay *io = r->io;

	r->given = memdup_user(u64_to_user_ptr(io->values), io->nvalues * sizeof(*r->given));
	if (IS_ERR(r->given))
		return PTR_ERR(r->given);
	r->data = vmemdup_user(u64_to_user_ptr(io->data), io->data_len);
	if (IS_ERR(r->data)) {
		kfree(r->given);
		return PTR_ERR(r->data);
	}
	return 0;
}

static int lend(struct replay *r, const struct weir_content *ct)
{
	struct weir_run *run = &r->run;

	run->nscratch = ct->about.scratch / sizeof(u32);
	run->cap = min(r->io->cap, ct->view.ninsts);
	run->fuel = weir_content_fuel(ct);
	run->scratch = kvcalloc(run->nscratch + 1, sizeof(u32), GFP_KERNEL);
	run->match = kvcalloc(run->cap + 1, sizeof(u32), GFP_KERNEL);
	return run->scratch && run->match ? 0 : -ENOMEM;
}

static int take_event(struct replay *r)
{
	const struct weir_type *t;
	int slot, ret = -EINVAL;

	rcu_read_lock();
	slot = weir_type_index(r->io->type);
	t = slot < 0 ? NULL : weir_type_at(slot);
	if (t) {
		r->arity = t->arity;
		ret = set_values(r, t);
	}
	rcu_read_unlock();
	return ret;
}

static int evaluate(struct replay *r, const struct weir_content *ct)
{
	struct weir_event e = { .v = r->v, .n = r->arity, .type = r->io->type };
	struct weir_u_replay *io = r->io;
	u32 n;
	int ret;

	ret = lend(r, ct);
	if (ret)
		goto out;
	weir_eval(&ct->view, &e, &r->run, &r->res);
	io->nmatch = r->res.nmatch;
	io->verdict = r->res.verdict;
	io->status = r->res.status;
	io->trips = r->res.trips;
	io->steps = r->res.steps;
	n = min(r->res.nmatch, r->run.cap);
	if (copy_to_user(u64_to_user_ptr(io->matches), r->run.match, n * sizeof(u32)))
		ret = -EFAULT;
out:
	kvfree(r->run.match);
	kvfree(r->run.scratch);
	return ret;
}

static int replay_on(struct replay *r, const struct weir_content *ct)
{
	int ret = copy_event(r);

	if (ret)
		return ret;
	ret = take_event(r);
	if (!ret)
		ret = evaluate(r, ct);
	kvfree(r->data);
	kfree(r->given);
	return ret;
}

int weir_control_replay(void *arg)
{
	struct weir_u_replay *io = arg;
	struct weir_content *ct;
	struct replay *r;
	int ret;

	if (io->reserved || io->slot >= WEIR_SLOTS || io->nvalues > WEIR_U_FIELDS ||
	    io->data_len > DATA_MAX)
		return -EINVAL;
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	r->io = io;
	ret = -EINVAL;
	if (weir_type_index(io->type) < 0)
		goto out;
	ct = weir_store_get(io->channel, io->slot);
	ret = -ENOENT;
	if (!ct)
		goto out;
	ret = replay_on(r, ct);
	weir_content_put(ct);
out:
	kfree(r);
	return ret;
}
