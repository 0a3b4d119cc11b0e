// SPDX-License-Identifier: GPL-2.0
/* What stands in a channel file, as JSON. */
#include <arpa/inet.h>
#include <string.h>

#include "content.h"
#include "describe.h"

static const char *const op_names[WEIR_OP_END] = {
	[WEIR_OP_EXISTS] = "exists",
	[WEIR_OP_EQ] = "equals",
	[WEIR_OP_PREFIX] = "startswith",
	[WEIR_OP_SUFFIX] = "endswith",
	[WEIR_OP_CONTAINS] = "contains",
	[WEIR_OP_DFA] = "matches",
	[WEIR_OP_RANGE] = "in",
	[WEIR_OP_CIDR] = "cidr",
	[WEIR_OP_FIELD_EQ] = "equals field",
	[WEIR_OP_FIELD_PREFIX] = "startswith field",
	[WEIR_OP_FIELD_SUFFIX] = "endswith field",
};

uint32_t weir_branches(const struct weir_channel *c, uint32_t i)
{
	return get_inst(c->view, i).nn;
}

struct weir_branch weir_branch(const struct weir_channel *c, uint32_t i, uint32_t k)
{
	struct rnode n = get_node(c->view, get_inst(c->view, i).node + k);
	struct weir_branch b = { n.crit, n.yes, n.no };

	return b;
}

static json_t *number_of_kind(const struct weir_field *f, uint64_t n)
{
	const char *name;
	size_t len;

	switch (f->kind) {
	case WEIR_KIND_bool:
		return json_boolean(n);
	case WEIR_KIND_i64:
		return json_integer((json_int_t)(n ^ WEIR_I64_BIAS));
	case WEIR_KIND_enum:
		name = weir_enum_value(f, (uint32_t)n, &len);
		return name ? json_stringn(name, len) : weir_json_u64(n);
	default:
		return weir_json_u64(n);
	}
}

static json_t *address(const uint8_t *p, uint32_t len)
{
	char text[INET6_ADDRSTRLEN] = "?";

	inet_ntop(len == 4 ? AF_INET : AF_INET6, p, text, sizeof(text));
	return json_string(text);
}

static json_t *network(const uint8_t *p, uint32_t len)
{
	char text[INET6_ADDRSTRLEN] = "?";

	inet_ntop(len == 5 ? AF_INET : AF_INET6, p, text, sizeof(text));
	return json_sprintf("%s/%u", text, p[len - 1]);
}

static json_t *range(const struct weir_field *f, struct rnum r)
{
	json_t *o;

	if (r.lo == r.hi)
		return number_of_kind(f, r.lo);
	o = json_object();
	if (r.lo)
		json_object_set_new(o, "from", number_of_kind(f, r.lo));
	if (r.hi != UINT64_MAX)
		json_object_set_new(o, "to", number_of_kind(f, r.hi));
	return o;
}

static json_t *automaton(struct rdfa d)
{
	return json_pack("{s:I, s:I}", "states", (json_int_t)(d.cells / d.nc), "classes",
			 (json_int_t)d.nc);
}

static json_t *operand(const struct weir_channel *c, const struct weir_field *f,
		       const struct rcrit *r, uint32_t i)
{
	struct rlit l;

	if (r->op == WEIR_OP_RANGE)
		return range(f, get_num(c->view, i));
	if (r->op == WEIR_OP_DFA)
		return automaton(get_dfa(c->view, i));
	l = get_lit(c->view, i);
	if (r->op == WEIR_OP_CIDR)
		return network(c->view.b + c->view.pool + l.off, l.len);
	return weir_json_bytes(c->view.b + c->view.pool + l.off, l.len);
}

json_t *weir_describe_criterion(const struct weir_channel *c, uint32_t crit)
{
	struct rcrit r = get_crit(c->view, crit);
	struct rtype rt = get_type(c->view, r.type);
	const struct weir_type *t = weir_types_by_id(&c->types, rt.id);
	const struct weir_field *f = &t->fields[r.field];
	json_t *operands = json_array();
	uint32_t i;

	if (is_fields_op(r.op))
		json_array_append_new(operands, json_string(t->fields[r.field2].name));
	for (i = 0; i < r.count; i++)
		json_array_append_new(operands, operand(c, f, &r, r.first + i));
	return json_pack("{s:I, s:s, s:s, s:s, s:b, s:b, s:o}", "criterion", (json_int_t)crit,
			 "type", t->name, "field", f->name, "op", op_names[r.op], "cased",
			 !!(r.flags & WEIR_CASED), "indexed", !!(r.flags & WEIR_INDEXED),
			 "operands", operands);
}

json_t *weir_describe_value(const struct weir_field *f, const struct weir_value *v)
{
	switch (v->kind) {
	case WEIR_KIND_none:
		return json_null();
	case WEIR_KIND_string:
		return weir_json_bytes(v->ptr, v->len);
	case WEIR_KIND_ip:
		return address(v->ptr, v->len);
	default:
		return number_of_kind(f, v->num);
	}
}

static json_t *expected(const struct weir_channel *c, uint32_t sample)
{
	uint32_t p = c->view.samples + WEIR_SZ_SAMPLE * sample;
	uint32_t first = rd32(c->view.b, c->view.n, p + WEIR_P_EXPECT);
	uint32_t n = rd32(c->view.b, c->view.n, p + WEIR_P_NEXPECT);
	struct weir_instance inst;
	json_t *list = json_array();
	char text[37];
	uint32_t i, num;

	for (i = 0; i < n; i++) {
		num = rd32(c->view.b, c->view.n, c->view.sexps + WEIR_SZ_EXPECT * (first + i));
		if (weir_instance(&c->view, num, &inst))
			continue;
		weir_uuid_text(inst.uuid, text);
		json_array_append_new(list, json_string(text));
	}
	return list;
}

json_t *weir_describe_sample(const struct weir_channel *c, uint32_t i)
{
	struct weir_value val[WEIR_ARITY_MAX];
	const struct weir_type *t;
	struct weir_event e;
	json_t *fields = json_object();
	uint32_t k;

	if (weir_sample(&c->view, i, val, WEIR_ARITY_MAX, &e)) {
		json_decref(fields);
		return json_null();
	}
	t = weir_types_by_id(&c->types, e.type);
	for (k = 0; k < e.n; k++)
		if (e.v[k].kind != WEIR_KIND_none)
			json_object_set_new(fields, t->fields[k].name,
					    weir_describe_value(&t->fields[k], &e.v[k]));
	return json_pack("{s:I, s:s, s:o, s:o}", "sample", (json_int_t)i, "type", t->name, "fields",
			 fields, "expect", expected(c, i));
}
