// SPDX-License-Identifier: GPL-2.0
/*
 * mislead FILE [SECTION]: what the loader says of sample events, if an index that the verifier
 * would refuse got past it. A section of the index is made zero, after the file was verified.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "weirload.h"

static void damage(const struct weir_view *v, uint8_t *b, long section)
{
	switch (section) {
	case WEIR_SEC_FILTERS:
		memset(b + v->filters, 0, WEIR_SZ_WORD * v->nfilters);
		break;
	case WEIR_SEC_ENTRIES:
		memset(b + v->entries, 0, WEIR_SZ_ENTRY * v->nentries);
		break;
	case WEIR_SEC_WAKES:
		memset(b + v->wakes, 0, WEIR_SZ_WAKE * v->nwakes);
		break;
	default:
		break;
	}
}

int main(int argc, char **argv)
{
	struct weir_schema_type types[WEIR_NTYPES];
	const struct weir_schema schema = { types, WEIR_NTYPES };
	struct weir_refusal r;
	struct weir_error err;
	struct weir_blob file;
	struct weir_view v;
	uint32_t i;
	int ret;

	for (i = 0; i < WEIR_NTYPES; i++)
		weir_schema_type(&weir_types[i], ~0ull, &types[i]);
	if (argc < 2 || weir_blob_read(argv[1], WEIR_FILE_MAX, &file, &r))
		return 2;
	if (weir_open(file.b, (uint32_t)file.n, &v, &err) || weir_verify(&v, &schema, &err))
		return 2;
	damage(&v, file.b, argc > 2 ? strtol(argv[2], NULL, 10) : 0);
	ret = weir_samples_run(&v, NULL, &r);
	if (ret)
		printf("%s %s: %s\n", r.code, r.title, r.what);
	weir_blob_free(&file);
	return ret ? 1 : 0;
}
