// SPDX-License-Identifier: GPL-2.0
/* What other modules call: a Template Type of their own, and events of it. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "capture.h"
#include "store.h"
#include "types.h"
#include "weir_module.h"

static atomic64_t refused;

static struct weir_type_handle *add(struct weir_extra *x)
{
	struct weir_type_handle *h;
	int slot;

	mutex_lock(&weir_store.lock);
	slot = weir_types_free_slot(x);
	if (slot < 0) {
		h = ERR_PTR(slot);
	} else {
		weir_capture_add(slot, x->type.id, x->provided);
		weir_types_set(slot, x);
		h = weir_type_handle_at(slot);
	}
	mutex_unlock(&weir_store.lock);
	return h;
}

struct weir_type_handle *weir_type_register(const struct weir_module_type *type)
{
	struct weir_extra *x = weir_extra_make(type);
	struct weir_type_handle *h;

	if (IS_ERR(x))
		return ERR_CAST(x);
	h = add(x);
	if (IS_ERR(h)) {
		pr_err("type %s (%u) of %s is refused: %s\n", x->type.name, x->type.id,
		       module_name(x->owner),
		       PTR_ERR(h) == -EEXIST ? "its name or id is taken" : "there are too many");
		kfree(x);
		return h;
	}
	pr_info("type %s (%u) of %s is there\n", x->type.name, x->type.id, module_name(x->owner));
	return h;
}
EXPORT_SYMBOL_GPL(weir_type_register);

/* No submit may hold a type that goes, so this waits for the one under way. */
static void remove(struct weir_type_handle *h, int slot)
{
	struct weir_extra *x;

	mutex_lock(&weir_store.submit_lock);
	mutex_lock(&weir_store.lock);
	x = rcu_dereference_protected(h->extra, lockdep_is_held(&weir_store.lock));
	if (x) {
		weir_store_forget(slot, x->type.name);
		weir_types_set(slot, NULL);
		weir_capture_remove(slot);
		/* Before the slot can be another's: events of it, and content that knows it. */
		synchronize_rcu();
		pr_info("type %s (%u) of %s is gone\n", x->type.name, x->type.id,
			module_name(x->owner));
	}
	mutex_unlock(&weir_store.lock);
	mutex_unlock(&weir_store.submit_lock);
	kfree(x);
}

void weir_type_unregister(struct weir_type_handle *handle)
{
	int slot = weir_type_slot(handle);

	if (slot >= 0)
		remove(handle, slot);
}
EXPORT_SYMBOL_GPL(weir_type_unregister);

u64 weir_type_wanted(const struct weir_type_handle *handle)
{
	int slot = weir_type_slot(handle);

	return slot < 0 ? 0 : READ_ONCE(weir_store.wanted[slot]);
}
EXPORT_SYMBOL_GPL(weir_type_wanted);

/* What is left of a verdict for those who cannot carry it out. */
static u32 limit(u32 verdict, u32 power)
{
	while (verdict && !(power & BIT(verdict)))
		verdict--;
	return verdict;
}

static u32 power_of(const struct weir_extra *x)
{
	if (current->flags & PF_KTHREAD || is_global_init(current))
		return BIT(WEIR_VERDICT_ALERT);
	return x->power;
}

static bool is_bytes(u32 kind)
{
	return kind == WEIR_KIND_string || kind == WEIR_KIND_ip;
}

static bool value_ok(const struct weir_extra *x, u32 i, const struct weir_module_value *v)
{
	if (!(x->provided & BIT_ULL(i)) || !weir_value_fits(&x->field[i], v->kind, v->len, v->num))
		return false;
	if (!is_bytes(v->kind))
		return !v->ptr;
	/* A user's address is never the kernel's memory, whatever the caller takes it for. */
	return !v->len || (unsigned long)v->ptr >= TASK_SIZE_MAX;
}

static int take_values(struct weir_capture *c, const struct weir_extra *x,
		       const struct weir_module_value *values, u32 n)
{
	u32 i;

	if (n > x->type.arity)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		/* Read once: others may write there. */
		struct weir_module_value v = {
			.ptr = READ_ONCE(values[i].ptr),
			.num = READ_ONCE(values[i].num),
			.len = READ_ONCE(values[i].len),
			.kind = READ_ONCE(values[i].kind),
		};

		if (v.kind == WEIR_KIND_none)
			continue;
		if (!value_ok(x, i, &v))
			return -EINVAL;
		c->v[i].ptr = v.len ? v.ptr : NULL;
		c->v[i].num = v.kind == WEIR_KIND_i64 ? v.num ^ WEIR_I64_BIAS : v.num;
		c->v[i].len = v.len;
		c->v[i].kind = v.kind;
	}
	return 0;
}

static int deliver(const struct weir_extra *x, const struct weir_module_value *values, u32 n)
{
	struct weir_capture *c = weir_capture_begin(x->type.id, NULL);
	int ret;

	if (!c)
		return WEIR_VERDICT_NONE;
	ret = take_values(c, x, values, n);
	if (!ret) {
		c->tried = ~0ull;
		c->power = power_of(x);
		ret = limit(weir_store_event(c), c->power);
	}
	weir_capture_end(c);
	return ret;
}

int weir_type_submit(struct weir_type_handle *handle, const struct weir_module_value *values, u32 n)
{
	const struct weir_extra *x;
	int ret = WEIR_VERDICT_NONE;

	if (!weir_type_wanted(handle))
		return WEIR_VERDICT_NONE;
	if (!in_task()) {
		atomic64_inc(&refused);
		return -EINVAL;
	}
	/* Disarming and unregistering wait for this reader. */
	rcu_read_lock();
	x = rcu_dereference(handle->extra);
	if (x && weir_capture_armed(x->type.id))
		ret = deliver(x, values, n);
	rcu_read_unlock();
	if (ret < 0)
		atomic64_inc(&refused);
	return ret;
}
EXPORT_SYMBOL_GPL(weir_type_submit);

u64 weir_module_api_refused(void)
{
	return atomic64_read(&refused);
}

static bool owned_by(struct weir_type_handle *h, const struct module *m)
{
	const struct weir_extra *x;
	bool owned;

	rcu_read_lock();
	x = rcu_dereference(h->extra);
	owned = x && x->owner == m;
	rcu_read_unlock();
	return owned;
}

/* A module that left a type behind would be named for ever, and its id be taken. */
static int module_event(struct notifier_block *nb, unsigned long what, void *m)
{
	struct weir_type_handle *h;
	u32 i;

	if (what != MODULE_STATE_GOING)
		return NOTIFY_DONE;
	for (i = 0; i < WEIR_TYPES_EXTRA; i++) {
		h = weir_type_handle_at(WEIR_NTYPES + i);
		if (!owned_by(h, m))
			continue;
		pr_err("module %s goes without unregistering its type\n", module_name(m));
		weir_type_unregister(h);
	}
	return NOTIFY_OK;
}

static struct notifier_block watch = { .notifier_call = module_event };

int weir_module_api_init(void)
{
	return register_module_notifier(&watch);
}

void weir_module_api_exit(void)
{
	unregister_module_notifier(&watch);
}
