// SPDX-License-Identifier: GPL-2.0
/* The host's users, for the kernel's table of ids and names. */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

#define NAMES_MAX 65536u /* what the kernel takes */

/* Several names may share an id: the first one listed is the one that the C library gives. */
struct entry {
	struct weir_u_name u;
	uint32_t order;
};

static int by_id(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->u.id != y->u.id)
		return x->u.id < y->u.id ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static int grow(struct entry **all, uint32_t n, uint32_t *room)
{
	uint32_t more = *room ? *room * 2 : 64;
	struct entry *p;

	if (n < *room)
		return 0;
	p = reallocarray(*all, more, sizeof(**all));
	if (!p)
		return -1;
	*all = p;
	*room = more;
	return 0;
}

/* Return: how many there are, or -1 without memory. */
static int64_t list_users(struct entry **all)
{
	uint32_t n = 0, room = 0;
	struct passwd *pw;

	*all = NULL;
	setpwent();
	while (n < NAMES_MAX && (pw = getpwent())) {
		/* A name that is too long stays out: the id then reads as its digits. */
		if (strlen(pw->pw_name) >= sizeof((*all)->u.name))
			continue;
		if (grow(all, n, &room)) {
			endpwent();
			return -1;
		}
		memset(&(*all)[n], 0, sizeof(**all));
		(*all)[n].u.id = pw->pw_uid;
		strcpy((*all)[n].u.name, pw->pw_name);
		(*all)[n].order = n;
		n++;
	}
	endpwent();
	return n;
}

int weir_names_read(struct weir_u_name **out, uint32_t *n, struct weir_refusal *r)
{
	struct entry *all;
	int64_t i, count = list_users(&all);
	struct weir_u_name *names = count < 0 ? NULL : calloc((size_t)count + 1, sizeof(*names));
	uint32_t kept = 0;

	if (!names) {
		free(all);
		return weir_refuse(r, WEIR_STEP_NAMES, "NO_MEMORY", "free memory, then try again",
				   "not enough memory for the user names");
	}
	if (count)
		qsort(all, (size_t)count, sizeof(*all), by_id);
	for (i = 0; i < count; i++)
		if (!kept || names[kept - 1].id != all[i].u.id)
			names[kept++] = all[i].u;
	free(all);
	*out = names;
	*n = kept;
	return 0;
}
