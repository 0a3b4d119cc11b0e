// SPDX-License-Identifier: GPL-2.0
/* The fields that the administrator keeps out of capture. */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "capture.h"

/* "type.Field": set its bit. */
static bool withhold_one(char *name, u64 mask[WEIR_NTYPES])
{
	char *field = strchr(name, '.');
	u32 t, f;

	if (!field)
		return false;
	*field++ = '\0';
	for (t = 0; t < WEIR_NTYPES; t++) {
		if (strcmp(weir_types[t].name, name))
			continue;
		for (f = 0; f < weir_types[t].arity; f++)
			if (!strcmp(weir_types[t].fields[f].name, field)) {
				mask[t] |= BIT_ULL(f);
				return true;
			}
	}
	field[-1] = '.';
	return false;
}

int weir_withhold_parse(const char *list, u64 mask[WEIR_NTYPES])
{
	char *copy, *rest, *name;
	int err = 0;

	memset(mask, 0, WEIR_NTYPES * sizeof(*mask));
	if (!list || !*list)
		return 0;
	copy = kstrdup(list, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	rest = copy;
	while ((name = strsep(&rest, ",")) && !err) {
		name = strim(name);
		if (withhold_one(name, mask))
			continue;
		pr_err("weir: withhold: '%*pE' is not a field; write type.Field\n",
		       (int)strlen(name), name);
		err = -EINVAL;
	}
	kfree(copy);
	return err;
}
