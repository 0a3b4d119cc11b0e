// SPDX-License-Identifier: GPL-2.0
/* Records counted for a traffic profile. */
#include <string.h>

#include "record_profile.h"

static int is_value(const struct weir_record_field *f, const struct weir_type *t)
{
	return f->field < t->arity && f->kind == t->fields[f->field].kind &&
	       (f->kind != WEIR_KIND_ip || f->n == 4 || f->n == 16);
}

int weir_record_count(struct weir_record_profile *p, const struct weir_types *types,
		      const struct weir_record *rec)
{
	const struct weir_type *t = weir_types_by_id(types, rec->head.type);
	struct weir_value value[WEIR_ARITY_MAX] = { { 0 } };
	struct weir_event e = { .type = rec->head.type, .v = value };
	const struct weir_record_field *f;
	uint32_t i;

	if (rec->head.kind != WEIR_REC_MATCH || !t ||
	    (rec->head.boottime == p->boottime && rec->head.pid == p->pid &&
	     rec->head.type == p->type))
		return 0;
	p->boottime = rec->head.boottime;
	p->pid = rec->head.pid;
	p->type = rec->head.type;
	for (i = 0; i < rec->nfields; i++) {
		f = &rec->field[i];
		if (!is_value(f, t))
			continue;
		value[f->field].kind = f->kind;
		value[f->field].ptr = f->p;
		value[f->field].len = f->n;
		value[f->field].num = f->num;
	}
	e.n = t->arity;
	weir_profile_add(&p->profile, t, &e);
	return 1;
}
