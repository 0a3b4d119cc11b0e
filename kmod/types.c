// SPDX-License-Identifier: GPL-2.0
/* The registry of Template Types: slots, and what is in them. */
#include <linux/bits.h>
#include <linux/lockdep.h>
#include <linux/nospec.h>
#include <linux/string.h>

#include "event.h"
#include "store.h"
#include "types.h"

static struct weir_type_handle handles[WEIR_TYPES_EXTRA];

static const struct weir_extra *extra_at(u32 slot)
{
	const struct weir_type_handle *h;

	if (slot < WEIR_NTYPES || slot >= WEIR_NSLOTS)
		return NULL;
	h = &handles[array_index_nospec(slot - WEIR_NTYPES, WEIR_TYPES_EXTRA)];
	return rcu_dereference_check(h->extra, lockdep_is_held(&weir_store.lock));
}

const struct weir_type *weir_type_at(u32 slot)
{
	const struct weir_extra *x;

	if (slot < WEIR_NTYPES)
		return &weir_types[array_index_nospec(slot, WEIR_NTYPES)];
	x = extra_at(slot);
	return x ? &x->type : NULL;
}

u32 weir_type_id(u32 slot)
{
	const struct weir_type *t;
	u32 id;

	rcu_read_lock();
	t = weir_type_at(slot);
	id = t ? t->id : 0;
	rcu_read_unlock();
	return id;
}

u32 weir_type_arity(u32 slot)
{
	const struct weir_type *t;
	u32 arity;

	rcu_read_lock();
	t = weir_type_at(slot);
	arity = t ? t->arity : 0;
	rcu_read_unlock();
	return arity;
}

int weir_type_index(u32 id)
{
	u32 i;

	for (i = 0; i < WEIR_NTYPES; i++)
		if (weir_types[i].id == id)
			return i;
	for (; id && i < WEIR_NSLOTS; i++)
		if (weir_type_id(i) == id)
			return i;
	return -1;
}

struct weir_type_handle *weir_type_handle_at(u32 slot)
{
	return &handles[slot - WEIR_NTYPES];
}

int weir_type_slot(const struct weir_type_handle *h)
{
	uintptr_t off = (uintptr_t)h - (uintptr_t)handles;

	if (off >= sizeof(handles) || off % sizeof(*h))
		return -1;
	return WEIR_NTYPES + off / sizeof(*h);
}

int weir_types_nth(u32 n)
{
	u32 i;

	for (i = 0; i < WEIR_NSLOTS; i++)
		if (weir_type_id(i) && !n--)
			return i;
	return -1;
}

u32 weir_types_count(void)
{
	u32 i, n = 0;

	for (i = 0; i < WEIR_NSLOTS; i++)
		n += !!weir_type_id(i);
	return n;
}

u32 weir_types_schema(struct weir_schema_type *out)
{
	const struct weir_type *t;
	u32 i, n = 0;

	rcu_read_lock();
	for (i = 0; i < WEIR_NSLOTS; i++) {
		t = weir_type_at(i);
		if (t)
			weir_schema_type(t, weir_capture_provided(t->id), &out[n++]);
	}
	rcu_read_unlock();
	return n;
}

int weir_types_free_slot(const struct weir_extra *x)
{
	const struct weir_type *t;
	int slot = -ENOSPC;
	u32 i;

	lockdep_assert_held(&weir_store.lock);
	for (i = 0; i < WEIR_NSLOTS; i++) {
		t = weir_type_at(i);
		if (t && (t->id == x->type.id || !strcmp(t->name, x->type.name)))
			return -EEXIST;
		if (!t && slot < 0)
			slot = i;
	}
	return slot;
}

void weir_types_set(u32 slot, struct weir_extra *x)
{
	lockdep_assert_held(&weir_store.lock);
	rcu_assign_pointer(weir_type_handle_at(slot)->extra, x);
}

static u32 enum_size(const char *values)
{
	u32 n = 1;

	for (; *values; values++)
		n += *values == '|';
	return n;
}

bool weir_value_fits(const struct weir_field *f, u32 kind, u32 len, u64 num)
{
	if (kind != f->kind)
		return false;
	switch (kind) {
	case WEIR_KIND_string:
		return !num && len <= WEIR_VALUE_MAX;
	case WEIR_KIND_ip:
		return !num && (len == 4 || len == 16);
	case WEIR_KIND_bool:
		return !len && num <= 1;
	case WEIR_KIND_enum:
		return !len && num < enum_size(f->values);
	default:
		return !len;
	}
}
