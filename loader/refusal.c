// SPDX-License-Identifier: GPL-2.0
/* Refusals: filling them in, and naming what their numbers mean. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "private.h"
#include "weirc.h"

static const char *const step_names[WEIR_STEP_END] = {
	[WEIR_STEP_FILE] = "file",
	[WEIR_STEP_TRAILER] = "trailer",
	[WEIR_STEP_TRUST] = "trust",
	[WEIR_STEP_SIGNATURE] = "signature",
	[WEIR_STEP_DIGEST] = "digest",
	[WEIR_STEP_HEADER] = "header",
	[WEIR_STEP_VERSION] = "version",
	[WEIR_STEP_DEVICE] = "device",
	[WEIR_STEP_SCHEMA] = "schema",
	[WEIR_STEP_CONTENT] = "content",
	[WEIR_STEP_SAMPLES] = "samples",
	[WEIR_STEP_SUBMIT] = "submit",
	[WEIR_STEP_KERNEL_SAMPLES] = "kernel-samples",
	[WEIR_STEP_NAMES] = "names",
	[WEIR_STEP_ACTIVATE] = "activate",
	[WEIR_STEP_STATE] = "state",
	[WEIR_STEP_PROVE] = "prove",
	[WEIR_STEP_TRIAL] = "trial",
};

static const char *const code_names[WEIR_E_END] = {
#define WEIR_E(name, text) #name,
#include "errors.def"
#undef WEIR_E
};

const char *weir_step_name(enum weir_step step)
{
	return step < WEIR_STEP_END ? step_names[step] : "?";
}

const char *weir_code_name(uint32_t code)
{
	return code < WEIR_E_END ? code_names[code] : "UNKNOWN";
}

int weir_refuse(struct weir_refusal *r, enum weir_step step, const char *code, const char *todo,
		const char *fmt, ...)
{
	va_list ap;

	memset(r, 0, sizeof(*r));
	memset(&r->at, 0xff, sizeof(r->at));
	r->step = step;
	snprintf(r->code, sizeof(r->code), "%s", code);
	snprintf(r->todo, sizeof(r->todo), "%s", todo ? todo : "");
	va_start(ap, fmt);
	vsnprintf(r->what, sizeof(r->what), fmt, ap);
	va_end(ap);
	return -1;
}

static const char *content_todo(uint32_t code)
{
	switch (code) {
	case WEIR_E_NOT_PROVIDED:
		return "load the content where the field is captured, or drop the criterion; "
		       "weirctl "
		       "schema lists what this kernel provides";
	case WEIR_E_TYPE_UNKNOWN:
	case WEIR_E_ARITY:
	case WEIR_E_KIND:
	case WEIR_E_FINGERPRINT:
		return "compile the rules again with the schema of this host: weirctl schema "
		       "--json, "
		       "then weirc compile --schema";
	case WEIR_E_SAMPLE_FAILED:
		return "run weirc test on the file, and mend the rule or its sample event";
	case WEIR_E_NO_SIGNATURE:
	case WEIR_E_SIGNATURE:
	case WEIR_E_SIGNER:
	case WEIR_E_DIGEST:
		return "sign the content with a key that this kernel's module trusts";
	case WEIR_E_REVOKED:
		return "get a newer version of the content, signed with keys that are not revoked";
	case WEIR_E_SIGNERS:
		return "have another signer that the trust list allows add a signature: weirc sign "
		       "--add";
	case WEIR_E_LIST_MAGIC:
	case WEIR_E_LIST_ENTRY:
	case WEIR_E_LIST_CERTS:
	case WEIR_E_LIST_SHRUNK:
		return "make the trust list with weirc trustlist --base and the list in force";
	case WEIR_E_OLD_VERSION:
		return "compile with a higher --version";
	case WEIR_E_NO_MEMORY:
		return "free memory, then load again";
	case WEIR_E_TOO_COSTLY:
		return "split the content or simplify its rules; weirc bench shows what costs";
	case WEIR_E_ACTION_UNSUPPORTED:
		return "let all of the rule ask for events that it can be applied to, or give the "
		       "rule another action; weirctl schema says what cannot be denied or killed";
	case WEIR_E_NOT_ARMED:
		return "see the kernel log for what holds the hook; a livepatch may";
	default:
		return "compile and sign the file again; it is not as weirc writes it";
	}
}

static void name_type(struct weir_refusal *r, const struct weir_live *live)
{
	int t = live ? weir_live_find(live, r->at.type) : -1;

	if (t < 0)
		return;
	snprintf(r->type, sizeof(r->type), "%s", live->type[t].name);
	if (r->at.field >= live->checked[t].arity)
		return;
	snprintf(r->field, sizeof(r->field), "%s", live->type[t].field[r->at.field]);
	snprintf(r->kind, sizeof(r->kind), "%s",
		 weir_kind_name(live->checked[t].kind[r->at.field]));
}

static void name_instance(struct weir_refusal *r, const struct weir_view *v)
{
	struct weir_instance in;

	if (!v || weir_instance(v, r->at.instance, &in))
		return;
	weir_uuid_text(in.uuid, r->uuid);
	if (in.title_len > WEIR_TITLE_MAX)
		return;
	memcpy(r->title, in.title, in.title_len);
	r->title[in.title_len] = 0;
	if (r->at.type == WEIR_NOWHERE)
		r->at.type = in.type;
}

/* What matters on the day: which capture point, how many of how many, and what is missing. */
static void say_provided(struct weir_refusal *r, const struct weir_live *live)
{
	int t = weir_live_find(live, r->at.type);
	unsigned int n;

	if (t < 0 || !r->field[0])
		return;
	n = (unsigned int)__builtin_popcountll(live->checked[t].provided);
	snprintf(r->what, sizeof(r->what),
		 "%s capture point provides %u of %u fields of %s; the instance reads %s.%s, "
		 "which it does not provide",
		 live->kernel ? "this kernel's" : "the schema's", n, live->checked[t].arity,
		 r->type, r->type, r->field);
}

/* The selector, if the names of its values are known: those of a built-in type are. */
static const struct weir_field *selector_of(const struct weir_schema_type *c)
{
	const struct weir_type *t = weir_type_by_id(c->id);

	if (!t || c->selector >= t->arity || weir_fingerprint(t) != c->fingerprint)
		return NULL;
	return &t->fields[c->selector];
}

/* Which action, and which events it cannot be applied to. */
static void say_action(struct weir_refusal *r, const struct weir_view *v,
		       const struct weir_live *live)
{
	int t = weir_live_find(live, r->at.type);
	const char *whose = live->kernel ? "this kernel's" : "the schema's";
	struct weir_instance in;
	char values[256];
	uint64_t mask;

	if (t < 0 || weir_instance(v, r->at.instance, &in))
		return;
	mask = in.action == WEIR_VERDICT_DENY ? live->checked[t].no_deny : live->checked[t].no_kill;
	weir_value_names(selector_of(&live->checked[t]), mask, values, sizeof(values));
	if (r->field[0])
		snprintf(r->what, sizeof(r->what),
			 "%s capture point cannot apply the action %s to events whose %s.%s is %s, "
			 "and the instance may match such events",
			 whose, weir_verdict_name(in.action), r->type, r->field, values);
	else
		snprintf(r->what, sizeof(r->what),
			 "%s capture point cannot apply the action %s to %s events", whose,
			 weir_verdict_name(in.action), r->type);
}

int weir_refuse_content(struct weir_refusal *r, enum weir_step step, const struct weir_error *e,
			const struct weir_view *v, const struct weir_live *live)
{
	weir_refuse(r, step, weir_code_name(e->code), content_todo(e->code), "%s",
		    weir_strerror(e->code));
	r->at = *e;
	if (e->instance != WEIR_NOWHERE)
		name_instance(r, v);
	if (r->at.type != WEIR_NOWHERE)
		name_type(r, live);
	if (e->code == WEIR_E_NOT_PROVIDED && live)
		say_provided(r, live);
	if (e->code == WEIR_E_ACTION_UNSUPPORTED && live && v)
		say_action(r, v, live);
	return -1;
}
