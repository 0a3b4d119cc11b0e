// SPDX-License-Identifier: GPL-2.0
/* The table of user names: replaced as a whole, read under RCU. */
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "event.h"
#include "names.h"
#include "uapi/weir.h"

#define NAMES_MAX 65536u

struct names {
	struct rcu_head rcu;
	u32 count;
	struct weir_u_name name[];
};

static struct names __rcu *table;

/* Bytes of a name, or 0 if it is empty or not terminated. */
static u32 name_length(const struct weir_u_name *n)
{
	u32 len = strnlen(n->name, sizeof(n->name));

	return len < sizeof(n->name) ? len : 0;
}

static bool names_valid(const struct weir_u_name *names, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (!name_length(&names[i]))
			return false;
		if (i && names[i].id <= names[i - 1].id)
			return false;
	}
	return true;
}

int weir_names_set(const struct weir_u_name *names, u32 count)
{
	struct names *new = NULL;
	struct names *old;

	if (count > NAMES_MAX)
		return -E2BIG;
	if (!names_valid(names, count))
		return -EINVAL;
	if (count) {
		new = kvmalloc(struct_size(new, name, count), GFP_KERNEL_ACCOUNT);
		if (!new)
			return -ENOMEM;
		new->count = count;
		memcpy(new->name, names, count * sizeof(*names));
	}
	old = rcu_replace_pointer(table, new, true);
	if (old)
		kvfree_rcu(old, rcu);
	return 0;
}

u32 weir_names_count(void)
{
	const struct names *t;
	u32 count;

	rcu_read_lock();
	t = rcu_dereference(table);
	count = t ? t->count : 0;
	rcu_read_unlock();
	return count;
}

/* Sorted by id since weir_names_set(). */
static const struct weir_u_name *search(const struct names *t, u32 id)
{
	u32 lo = 0, hi = t->count, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (t->name[mid].id == id)
			return &t->name[mid];
		if (t->name[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

u32 weir_names_find(u32 id, u8 *to, u32 n)
{
	const struct weir_u_name *found = NULL;
	const struct names *t;
	u32 len = 0;

	rcu_read_lock();
	t = rcu_dereference(table);
	if (t)
		found = search(t, id);
	if (found)
		len = name_length(found);
	if (len && len <= n)
		memcpy(to, found->name, len);
	else
		len = 0;
	rcu_read_unlock();
	return len;
}
