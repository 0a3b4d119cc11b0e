// SPDX-License-Identifier: GPL-2.0
/* Records as JSON. */
#include <string.h>

#include "events_out.h"

/*
 * A string that is UTF-8 comes as it is. Of any other one the bytes that are not are escaped as
 * \xNN, and the field is listed under "escaped", so that the two can be told apart.
 */
static json_t *string_json(const struct weir_record_field *f, const char *name, json_t *escaped)
{
	json_t *o = json_stringn((const char *)f->p, f->n);

	if (o)
		return o;
	json_array_append_new(escaped, json_string(name));
	return weir_json_bytes(f->p, f->n);
}

static json_t *value_json(const struct weir_record_field *f, const struct weir_field *d,
			  const char *name, json_t *escaped)
{
	char text[64];
	const char *p;
	size_t len;

	switch (f->kind) {
	case WEIR_KIND_string:
		return string_json(f, name, escaped);
	case WEIR_KIND_ip:
		weir_address_text(f->p, f->n, text, sizeof(text));
		return json_string(text);
	case WEIR_KIND_i64:
		return json_integer((json_int_t)(f->num ^ WEIR_I64_BIAS));
	case WEIR_KIND_bool:
		return json_boolean(f->num);
	case WEIR_KIND_enum:
		p = d && f->num < WEIR_ENUM_MAX ? weir_enum_value(d, (uint32_t)f->num, &len) : NULL;
		return p ? json_stringn(p, len) : weir_json_u64(f->num);
	default:
		return weir_json_u64(f->num);
	}
}

static void add_fields(json_t *o, const struct weir_record *rec, const struct weir_type *t)
{
	json_t *fields = json_object(), *escaped = json_array();
	char name[WEIR_U_NAME];
	uint32_t i;

	for (i = 0; i < rec->nfields; i++) {
		const struct weir_record_field *f = &rec->field[i];
		const struct weir_field *d = t && f->field < t->arity ? &t->fields[f->field] : NULL;

		if (d)
			snprintf(name, sizeof(name), "%s", d->name);
		else
			snprintf(name, sizeof(name), "%u", f->field);
		json_object_set_new(fields, name, value_json(f, d, name, escaped));
	}
	json_object_set_new(o, "fields", fields);
	if (json_array_size(escaped))
		json_object_set(o, "escaped", escaped);
	json_decref(escaped);
}

static void add_instance(json_t *o, const struct weir_record *rec)
{
	char uuid[37];

	weir_uuid_text(rec->head.uuid, uuid);
	json_object_set_new(o, "instance", json_integer(rec->head.instance));
	json_object_set_new(o, "uuid", json_string(uuid));
	if (rec->title)
		json_object_set_new(o, "title", weir_json_bytes(rec->title, rec->ntitle));
	json_object_set_new(o, "level", json_string(weir_level_name(rec->head.level)));
	json_object_set_new(o, "verdict", json_string(weir_verdict_name(rec->head.verdict)));
}

static void add_outcome(json_t *o, const struct weir_record *rec)
{
	json_object_set_new(o, "outcome", json_string(weir_record_outcome(rec)));
	json_object_set_new(o, "shadow", json_boolean(rec->head.flags & WEIR_RECF_SHADOW));
	json_object_set_new(o, "denied", json_boolean(rec->head.flags & WEIR_RECF_DENIED));
	json_object_set_new(o, "killed", json_boolean(rec->head.flags & WEIR_RECF_KILLED));
}

static void add_break(json_t *o, const struct weir_record *rec)
{
	json_object_set_new(o, "limit", json_string(weir_break_name(rec->head.field)));
	json_object_set_new(o, "counted", weir_json_u64(rec->head.lost));
}

static void add_event(json_t *o, const struct weir_record *rec, const struct weir_types *ts)
{
	const struct weir_type *t = weir_types_by_id(ts, rec->head.type);

	if (t)
		json_object_set_new(o, "type", json_string(t->name));
	else
		json_object_set_new(o, "type", json_integer(rec->head.type));
	if (rec->head.instance != WEIR_NOWHERE)
		add_instance(o, rec);
	if (rec->head.kind == WEIR_REC_BREAK)
		add_break(o, rec);
	else if (rec->head.field != WEIR_NOWHERE && t && rec->head.field < t->arity)
		json_object_set_new(o, "field", json_string(t->fields[rec->head.field].name));
	if (rec->head.kind == WEIR_REC_MATCH || rec->head.kind == WEIR_REC_FAILED)
		add_outcome(o, rec);
	json_object_set_new(o, "pid", json_integer(rec->head.pid));
	json_object_set_new(o, "truncated", json_boolean(rec->head.flags & WEIR_RECF_TRUNCATED));
	add_fields(o, rec, t);
}

json_t *weir_record_json(const struct weir_record *rec, const struct weir_types *ts)
{
	json_t *o = json_object();
	char when[48];

	weir_record_time(rec, 1, when, sizeof(when));
	json_object_set_new(o, "kind", json_string(weir_record_kind(rec->head.kind)));
	json_object_set_new(o, "seq", weir_json_u64(rec->head.seq));
	json_object_set_new(o, "time", json_string(when));
	json_object_set_new(o, "boottime", weir_json_u64(rec->head.boottime));
	if (rec->head.kind == WEIR_REC_LOST) {
		json_object_set_new(o, "lost", weir_json_u64(rec->head.lost));
		return o;
	}
	if (rec->head.kind == WEIR_REC_SILENT) {
		json_object_set_new(o, "type", json_integer(rec->head.type));
		return o;
	}
	json_object_set_new(o, "channel", json_integer(rec->head.channel));
	json_object_set_new(o, "version", weir_json_u64(rec->head.version));
	if (rec->head.kind != WEIR_REC_STORE)
		add_event(o, rec, ts);
	return o;
}
