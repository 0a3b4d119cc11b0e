// SPDX-License-Identifier: GPL-2.0
/* The matching index of a channel file: what is looked at, and what wakes each instance. */
#include "content.h"
#include "describe.h"

int weir_always(const struct weir_channel *c, uint32_t i)
{
	struct rtype t = get_type(c->view, get_inst(c->view, i).type);

	return i - t.inst < t.nalways;
}

int weir_wakes(const struct weir_channel *c, uint32_t crit, uint32_t i, uint32_t *gate)
{
	uint32_t k, end = get_wakes(c->view, crit + 1);
	struct rwake w;

	for (k = get_wakes(c->view, crit); k < end; k++) {
		w = get_wake(c->view, k);
		if (w.inst != i)
			continue;
		if (gate)
			*gate = w.gate;
		return 1;
	}
	return 0;
}

uint32_t weir_gate(const struct weir_channel *c, uint32_t i)
{
	uint32_t k, gate = 0, n = weir_branches(c, i);

	for (k = 0; k < n && !weir_wakes(c, weir_branch(c, i, k).crit, i, &gate); k++)
		;
	return gate;
}

/* Each criterion once, where the program first names it. */
json_t *weir_describe_wakers(const struct weir_channel *c, uint32_t i)
{
	uint32_t k, j, crit, n = weir_branches(c, i);
	json_t *list = json_array();

	for (k = 0; k < n; k++) {
		crit = weir_branch(c, i, k).crit;
		for (j = 0; weir_branch(c, i, j).crit != crit; j++)
			;
		if (j == k && weir_wakes(c, crit, i, NULL))
			json_array_append_new(list, json_integer(crit));
	}
	return list;
}

static const char *where_name(uint32_t where)
{
	static const char *const names[WEIR_AT_PAST] = {
		[WEIR_AT_ALL] = "anywhere",	[WEIR_AT_START] = "from the start",
		[WEIR_AT_END] = "from the end", [WEIR_AT_NUM] = "number",
		[WEIR_AT_NET] = "network",
	};

	return names[where];
}

static json_t *probe(const struct weir_channel *c, uint32_t t, uint32_t i)
{
	const struct weir_type *type = weir_types_by_id(&c->types, get_type(c->view, t).id);
	struct rprobe p = get_probe(c->view, i);
	uint32_t k, operands = 0;

	for (k = p.first; k < p.first + p.count; k++)
		operands += get_entry(c->view, k).crit != WEIR_NOWHERE;
	return json_pack("{s:I, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "probe",
			 (json_int_t)i, "type", type->name, "field", type->fields[p.field].name,
			 "where", where_name(p.where), "width", (json_int_t)p.width, "at",
			 (json_int_t)p.at, "operands", (json_int_t)operands, "entries",
			 (json_int_t)p.count, "filter_words", (json_int_t)p.words, "weight",
			 (json_int_t)p.weight);
}

json_t *weir_describe_probes(const struct weir_channel *c)
{
	json_t *list = json_array();
	uint32_t t, i;

	for (t = 0; t < c->view.ntypes; t++)
		for (i = get_probes(c->view, t); i < get_probes(c->view, t + 1); i++)
			json_array_append_new(list, probe(c, t, i));
	return list;
}
