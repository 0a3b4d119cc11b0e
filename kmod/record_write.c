// SPDX-License-Identifier: GPL-2.0
/* Records of matches, trips and changes, put together in the ring itself. */
#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "record_write.h"
#include "weir_trace.h"

#define ALIGNMENT 8u
/* Cut to this, the values of all fields fit a record together, next to header and title. */
#define CUT                                                                                        \
	ALIGN_DOWN((WEIR_RECORD_MAX - (u32)sizeof(struct weir_u_record) - WEIR_TITLE_MAX -         \
		    (u32)sizeof(struct weir_u_rfield)) /                                           \
				   WEIR_ARITY_MAX -                                                \
			   (u32)sizeof(struct weir_u_rfield),                                      \
		   ALIGNMENT)

static bool is_bytes(const struct weir_value *v)
{
	return v->kind == WEIR_KIND_string || v->kind == WEIR_KIND_ip;
}

static u32 field_size(u32 len)
{
	return sizeof(struct weir_u_rfield) + ALIGN(len, ALIGNMENT);
}

static u32 value_len(const struct weir_value *v, u32 cap)
{
	return is_bytes(v) ? min(v->len, cap) : (u32)sizeof(v->num);
}

static u32 match_size(const struct weir_capture *c, const struct weir_instance *inst, u32 cap)
{
	u32 size = sizeof(struct weir_u_record) + field_size(inst->title_len);
	u32 i;

	for (i = 0; i < c->arity; i++)
		if (c->v[i].kind != WEIR_KIND_none)
			size += field_size(value_len(&c->v[i], cap));
	return size;
}

static u8 *put_field(u8 *at, u16 field, u16 kind, const void *bytes, u32 len)
{
	struct weir_u_rfield *f = (struct weir_u_rfield *)at;

	f->field = field;
	f->kind = kind;
	f->len = len;
	memcpy(at + sizeof(*f), bytes, len);
	return at + field_size(len);
}

static void put_fields(struct weir_u_record *rec, const struct weir_capture *c,
		       const struct weir_instance *inst, u32 cap)
{
	u8 *at = put_field((u8 *)(rec + 1), WEIR_RFIELD_TITLE, WEIR_KIND_string, inst->title,
			   inst->title_len);
	u32 i;

	rec->nfields = 1;
	for (i = 0; i < c->arity; i++) {
		const struct weir_value *v = &c->v[i];

		if (v->kind == WEIR_KIND_none)
			continue;
		at = put_field(at, i, v->kind, is_bytes(v) ? (const void *)v->ptr : &v->num,
			       value_len(v, cap));
		rec->nfields++;
	}
}

static void put_instance(struct weir_u_record *rec, const struct weir_content *ct, u32 instance,
			 const struct weir_instance *inst)
{
	rec->version = ct->about.version;
	rec->channel = ct->about.channel;
	rec->type = inst->type;
	rec->instance = instance;
	rec->verdict = inst->action;
	rec->level = inst->level;
	memcpy(rec->uuid, inst->uuid, sizeof(rec->uuid));
}

void weir_record_match(const struct weir_content *ct, u32 instance,
		       const struct weir_instance *inst, const struct weir_capture *c, u32 flags)
{
	struct weir_u_record *rec;
	u32 cap = WEIR_VALUE_MAX;
	u32 size;

	trace_weir_match(ct->about.channel, ct->about.version, instance, inst, c->pid);
	size = match_size(c, inst, cap);
	if (size > WEIR_RECORD_MAX) {
		cap = CUT;
		size = match_size(c, inst, cap);
	}
	rec = weir_ring_reserve(&weir_records, size);
	if (!rec)
		return;
	rec->kind = WEIR_REC_MATCH;
	put_instance(rec, ct, instance, inst);
	rec->field = WEIR_NOWHERE;
	rec->pid = c->pid;
	rec->flags = flags;
	if (c->truncated || cap == CUT)
		rec->flags |= WEIR_RECF_TRUNCATED;
	put_fields(rec, c, inst, cap);
	weir_ring_publish(&weir_records, rec, size);
}

void weir_record_trip(const struct weir_content *ct, u32 type, const struct weir_result *res,
		      pid_t pid)
{
	u32 instance = res->trips ? res->trip_inst : res->fault_inst;
	struct weir_instance inst = { .type = type };
	struct weir_u_record *rec;

	rec = weir_ring_reserve(&weir_records, sizeof(*rec));
	if (!rec)
		return;
	/* A faulting instance may have no description: then all we know is its number. */
	weir_instance(&ct->view, instance, &inst);
	put_instance(rec, ct, instance, &inst);
	rec->type = type;
	rec->kind = WEIR_REC_TRIP;
	rec->field = res->trips ? res->trip_field : WEIR_NOWHERE;
	rec->pid = pid;
	weir_ring_publish(&weir_records, rec, sizeof(*rec));
}

void weir_record_break(const struct weir_content *ct, u32 type, const struct weir_break *why,
		       pid_t pid)
{
	struct weir_instance inst = { .type = type };
	struct weir_u_record *rec;

	rec = weir_ring_reserve(&weir_records, sizeof(*rec));
	if (!rec)
		return;
	weir_instance(&ct->view, why->instance, &inst);
	put_instance(rec, ct, why->instance, &inst);
	rec->type = type;
	rec->kind = WEIR_REC_BREAK;
	rec->field = why->cause;
	rec->lost = why->counted;
	rec->pid = pid;
	weir_ring_publish(&weir_records, rec, sizeof(*rec));
}

void weir_record_failed(const struct weir_content *ct, const struct weir_capture *c, u32 field,
			u32 flags)
{
	struct weir_u_record *rec = weir_ring_reserve(&weir_records, sizeof(*rec));

	if (!rec)
		return;
	rec->kind = WEIR_REC_FAILED;
	rec->version = ct->about.version;
	rec->channel = ct->about.channel;
	rec->type = c->type;
	rec->instance = WEIR_NOWHERE;
	rec->field = field;
	rec->verdict = WEIR_VERDICT_DENY;
	rec->pid = c->pid;
	rec->flags = flags;
	weir_ring_publish(&weir_records, rec, sizeof(*rec));
}

/* What is not about an event has a header alone. */
static void record_bare(u32 kind, u32 channel, u64 version, u32 type)
{
	struct weir_u_record *rec;

	preempt_disable();
	rec = weir_ring_reserve(&weir_records, sizeof(*rec));
	if (rec) {
		rec->kind = kind;
		rec->version = version;
		rec->channel = channel;
		rec->type = type;
		rec->instance = WEIR_NOWHERE;
		rec->field = WEIR_NOWHERE;
		rec->pid = task_tgid_nr(current);
		weir_ring_publish(&weir_records, rec, sizeof(*rec));
	}
	preempt_enable();
}

void weir_record_store(u32 channel, u64 version)
{
	record_bare(WEIR_REC_STORE, channel, version, WEIR_NOWHERE);
}

void weir_record_silent(u32 type)
{
	record_bare(WEIR_REC_SILENT, WEIR_NOWHERE, 0, type);
}
