// SPDX-License-Identifier: GPL-2.0
/* Requests that only look. */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/nospec.h>
#include <linux/string.h>

#include "control.h"
#include "decision.h"
#include "event.h"
#include "hooks.h"
#include "records.h"
#include "selfcheck.h"
#include "store.h"
#include "trust.h"

int weir_control_info(void *arg)
{
	struct weir_u_info *out = arg;
	u64 nested;

	if (out->reserved)
		return -EINVAL;
	out->abi = WEIR_ABI_VERSION;
	out->format = WEIR_FORMAT;
	out->ntypes = weir_types_count();
	out->nchannels = READ_ONCE(weir_store.nchannels);
	out->nnames = weir_names_count();
	out->nhooks = WEIR_NHOOKS;
	out->max_cost = weir_content_max_cost();
	weir_event_stats(&out->events, &out->nested, &out->errors);
	out->errors += weir_module_api_refused();
	weir_capture_stats(&out->processes, &out->evicted, &nested);
	out->nested += nested;
	weir_selfcheck_stats(&out->checks, &out->alarms);
	out->missed = weir_exec_missed();
	out->records = atomic64_read(&weir_records.written);
	out->lost_full = atomic64_read(&weir_records.lost_full);
	out->lost_nomem = atomic64_read(&weir_records.lost_nomem);
	out->refused = atomic64_read(&weir_store.refused);
	return 0;
}

static void describe_type(const struct weir_type *t, struct weir_u_type *out)
{
	u32 i;

	out->id = t->id;
	out->arity = t->arity;
	out->fingerprint = weir_fingerprint(t);
	out->provided = weir_capture_provided(t->id);
	out->wanted = weir_store_wanted(t->id);
	out->armed = weir_capture_armed(t->id);
	out->selector = t->selector;
	out->no_deny = t->no_deny;
	out->no_kill = t->no_kill;
	strscpy_pad(out->name, t->name, sizeof(out->name));
	memset(out->field, 0, sizeof(out->field));
	for (i = 0; i < t->arity; i++) {
		strscpy(out->field[i].name, t->fields[i].name, sizeof(out->field[i].name));
		out->field[i].kind = t->fields[i].kind;
	}
}

int weir_control_type(void *arg)
{
	struct weir_u_type *out = arg;
	const struct weir_type *t;
	int slot;

	if (out->reserved)
		return -EINVAL;
	rcu_read_lock();
	slot = weir_types_nth(out->index);
	t = slot < 0 ? NULL : weir_type_at(slot);
	if (t)
		describe_type(t, out);
	rcu_read_unlock();
	return t ? 0 : -ENOENT;
}

/* The values of a field, or NULL if there is no such field or it is no enum. */
static const char *values_of(u32 type, u32 field)
{
	int slot = weir_type_index(type);
	const struct weir_type *t = slot < 0 ? NULL : weir_type_at(slot);
	const struct weir_field *f;

	if (!t || field >= t->arity)
		return NULL;
	f = &t->fields[array_index_nospec(field, WEIR_ARITY_MAX)];
	return f->kind == WEIR_KIND_enum ? f->values : NULL;
}

int weir_control_values(void *arg)
{
	struct weir_u_values *io = arg;
	const char *values;

	if (io->reserved || memchr_inv(io->values, 0, sizeof(io->values)))
		return -EINVAL;
	rcu_read_lock();
	values = values_of(io->type, io->field);
	if (values)
		strscpy(io->values, values, sizeof(io->values));
	rcu_read_unlock();
	return values ? 0 : -ENOENT;
}

int weir_control_channel(void *arg)
{
	struct weir_u_channel *io = arg;
	u32 size = io->size;
	u32 index = io->index;

	memset(io, 0, sizeof(*io));
	io->size = size;
	io->index = index;
	return weir_store_channel(index, io);
}

int weir_control_trials(void *arg)
{
	struct weir_u_trials *io = arg;
	u32 size = io->size;
	u32 index = io->index;

	if (io->reserved)
		return -EINVAL;
	memset(io, 0, sizeof(*io));
	io->size = size;
	io->index = index;
	return weir_store_trials(index, io);
}

int weir_control_breaker(void *arg)
{
	struct weir_u_breaker *io = arg;
	u32 size = io->size;
	u32 index = io->index;
	int ret;

	memset(io, 0, sizeof(*io));
	ret = weir_store_breaker(index, io);
	io->size = size;
	io->index = index;
	return ret;
}

int weir_control_decision(void *arg)
{
	struct weir_u_decision *io = arg;

	if (io->reserved)
		return -EINVAL;
	return weir_decision_get(io->number, io);
}

int weir_control_hook_number(u32 index)
{
	return index < WEIR_NHOOKS ? (int)array_index_nospec(index, WEIR_NHOOKS) : -ENOENT;
}

int weir_control_hook(void *arg)
{
	struct weir_u_hook *io = arg;
	int n = weir_control_hook_number(io->index);
	struct weir_hook_about h;

	if (n < 0)
		return n;
	weir_hooks_about(n, &h);
	io->type = h.type;
	io->power = h.power;
	io->needed = h.needed;
	io->by_use = h.by_use;
	io->armed = h.armed;
	io->seen = h.seen;
	io->error = h.error;
	io->arming = h.arming;
	io->fields = h.fields;
	io->calls = h.calls;
	io->denied = h.denied;
	io->killed = h.killed;
	strscpy_pad(io->name, h.function, sizeof(io->name));
	return 0;
}

int weir_control_show(void *arg)
{
	struct weir_u_instance *io = arg;
	struct weir_instance inst;
	struct weir_content *ct;
	int ret = -ENOENT;

	if (io->reserved || memchr_inv(io->pad, 0, sizeof(io->pad)) || io->slot >= WEIR_SLOTS)
		return -EINVAL;
	ct = weir_store_get(io->channel, io->slot);
	if (!ct)
		return -ENOENT;
	if (weir_instance(&ct->view, io->index, &inst))
		goto out;
	memcpy(io->uuid, inst.uuid, sizeof(io->uuid));
	io->type = inst.type;
	io->level = inst.level;
	io->action = inst.action;
	memset(io->title, 0, sizeof(io->title));
	memcpy(io->title, inst.title, min_t(size_t, inst.title_len, sizeof(io->title) - 1));
	ret = 0;
out:
	weir_content_put(ct);
	return ret;
}

int weir_control_trusted(void *arg)
{
	struct weir_u_trusted *io = arg;

	if (io->reserved)
		return -EINVAL;
	return weir_trust_describe(io);
}
