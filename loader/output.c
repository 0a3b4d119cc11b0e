// SPDX-License-Identifier: GPL-2.0
/* What weirctl prints: refusals, JSON, columns. */
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

static void set_text(json_t *o, const char *key, const char *s)
{
	if (*s)
		json_object_set_new(o, key, weir_json_bytes(s, strlen(s)));
}

static json_t *instance_json(const struct weir_refusal *r)
{
	json_t *o = json_object();

	json_object_set_new(o, "number", json_integer(r->at.instance));
	set_text(o, "uuid", r->uuid);
	set_text(o, "title", r->title);
	return o;
}

static json_t *refusal_json(const struct weir_refusal *r)
{
	json_t *o = json_object();

	set_text(o, "step", weir_step_name(r->step));
	set_text(o, "code", r->code);
	set_text(o, "message", r->what);
	set_text(o, "file", r->file);
	if (r->channel)
		json_object_set_new(o, "channel", json_integer(r->channel));
	if (r->at.instance != WEIR_NOWHERE)
		json_object_set_new(o, "instance", instance_json(r));
	set_text(o, "type", r->type);
	set_text(o, "field", r->field);
	set_text(o, "kind", r->kind);
	if (r->at.section != WEIR_NOWHERE)
		set_text(o, "section", weir_section_name(r->at.section));
	if (r->at.offset != WEIR_NOWHERE)
		json_object_set_new(o, "offset", json_integer(r->at.offset));
	set_text(o, "todo", r->todo);
	return o;
}

/* One fact of where it is, with a comma before all but the first. */
static FILE *next_fact(int *n)
{
	fputs((*n)++ ? ", " : "  where: ", stderr);
	return stderr;
}

static void put_where(const struct weir_refusal *r)
{
	int n = 0;

	if (r->channel)
		fprintf(next_fact(&n), "channel %u", r->channel);
	if (r->at.instance != WEIR_NOWHERE)
		fprintf(next_fact(&n), "instance %u", r->at.instance);
	if (r->uuid[0]) {
		fprintf(stderr, " %s \"", r->uuid);
		weir_put_quoted(stderr, r->title, strlen(r->title));
		fputc('"', stderr);
	}
	if (r->field[0])
		fprintf(next_fact(&n), "field %s.%s (%s)", r->type, r->field, r->kind);
	else if (r->type[0])
		fprintf(next_fact(&n), "type %s", r->type);
	else if (r->at.type != WEIR_NOWHERE)
		fprintf(next_fact(&n), "type %u", r->at.type);
	if (!r->field[0] && r->at.field != WEIR_NOWHERE)
		fprintf(next_fact(&n), "field %u", r->at.field);
	if (r->at.section != WEIR_NOWHERE)
		fprintf(next_fact(&n), "section %s", weir_section_name(r->at.section));
	if (r->at.offset != WEIR_NOWHERE)
		fprintf(next_fact(&n), "offset %u", r->at.offset);
	if (n)
		fputc('\n', stderr);
}

static void put_refusal(const struct weir_refusal *r, const char *prefix)
{
	fprintf(stderr, "weirctl: %s", prefix);
	if (r->file[0]) {
		weir_put_quoted(stderr, r->file, strlen(r->file));
		fputs(": ", stderr);
	}
	if (r->step == WEIR_STEP_SUBMIT || r->step == WEIR_STEP_ACTIVATE)
		fputs("the kernel refuses: ", stderr);
	weir_put_quoted(stderr, r->what, strlen(r->what));
	fputc('\n', stderr);
	put_where(r);
	if (r->todo[0])
		fprintf(stderr, "  to do: %s\n", r->todo);
}

static struct weir_refusal told;

const struct weir_refusal *weir_told(void)
{
	return told.code[0] ? &told : NULL;
}

int weir_refused_with(const struct weir_refusal *r, json_t *o)
{
	told = *r;
	if (weir_json)
		json_object_set_new(o, "error", refusal_json(r));
	else
		put_refusal(r, "");
	weir_answer(o);
	return WEIR_EXIT_FAIL;
}

int weir_refused_by(const struct weir_refusal *r)
{
	return weir_refused_with(r, json_object());
}

void weir_warn(const struct weir_refusal *r)
{
	put_refusal(r, "warning: ");
}

void weir_put_json(json_t *o)
{
	json_dumpf(o, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(o);
}

void weir_answer(json_t *o)
{
	if (weir_json)
		weir_put_json(o);
	else
		json_decref(o);
}

void weir_put_json_line(json_t *o)
{
	json_dumpf(o, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(o);
}

void weir_put_column(const void *p, size_t n, size_t width)
{
	char *text = weir_quoted(p, n);
	size_t i, shown = 0;

	for (i = 0; text[i]; i++)
		shown += ((unsigned char)text[i] & 0xc0) != 0x80;
	fputs(text, stdout);
	free(text);
	for (; shown < width; shown++)
		putchar(' ');
}
