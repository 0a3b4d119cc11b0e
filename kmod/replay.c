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
 * @type: of the event
 * @given: values as the caller gave them
 * @data: bytes they point into
 * @v: values as the interpreter wants them
 * @run: what the interpreter is lent
 * @res: what it said
 */
struct replay {
	struct weir_u_replay *io;
	const struct weir_type *type;
	struct weir_u_value *given;
	u8 *data;
	struct weir_value v[WEIR_ARITY_MAX];
	struct weir_run run;
	struct weir_result res;
};

static u32 enum_size(const char *values)
{
	u32 n = 1;

	for (; *values; values++)
		n += *values == '|';
	return n;
}

/* Does a value make sense for its field: the same bounds as for a channel file's samples. */
static bool value_fits(const struct weir_u_value *g, const struct weir_field *f, u32 data_len)
{
	bool bytes = f->kind == WEIR_KIND_string || f->kind == WEIR_KIND_ip;

	if (g->kind != f->kind)
		return false;
	if (bytes)
		return !g->num && g->off <= data_len && g->len <= data_len - g->off &&
		       g->len <= WEIR_VALUE_MAX &&
		       (f->kind == WEIR_KIND_string || g->len == 4 || g->len == 16);
	if (g->off || g->len)
		return false;
	switch (f->kind) {
	case WEIR_KIND_bool:
		return g->num <= 1;
	case WEIR_KIND_enum:
		return g->num < enum_size(f->values);
	default:
		return true;
	}
}

static int set_values(struct replay *r)
{
	const struct weir_u_replay *io = r->io;
	u32 i, next = 0;

	for (i = 0; i < io->nvalues; i++) {
		const struct weir_u_value *g = &r->given[i];
		u32 field = g->field;

		if (field < next || field >= r->type->arity)
			return -EINVAL;
		field = array_index_nospec(field, WEIR_ARITY_MAX);
		if (!value_fits(g, &r->type->fields[field], io->data_len))
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

static int evaluate(struct replay *r, const struct weir_content *ct)
{
	struct weir_event e = { .v = r->v, .n = r->type->arity, .type = r->type->id };
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
	ret = set_values(r);
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

	if (io->reserved || io->slot > WEIR_SLOT_LAST_GOOD || io->nvalues > WEIR_U_FIELDS ||
	    io->data_len > DATA_MAX)
		return -EINVAL;
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	r->io = io;
	r->type = weir_type_by_id(io->type);
	ret = -EINVAL;
	if (!r->type)
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
