// SPDX-License-Identifier: GPL-2.0
/* Events as JSON lines, turned into what the Content Interpreter evaluates. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "events_value.h"

static int fail(struct weir_input_error *err, const char *field, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(struct weir_input_error *err, const char *field, const char *fmt, ...)
{
	va_list ap;

	snprintf(err->field, sizeof(err->field), "%s", field ? field : "");
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return -1;
}

static const struct weir_type *find_type(const struct weir_type *types, uint32_t n,
					 const char *name)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(types[i].name, name))
			return &types[i];
	return NULL;
}

static int find_field(const struct weir_type *t, const char *name)
{
	uint32_t i;

	for (i = 0; i < t->arity; i++)
		if (!strcmp(t->fields[i].name, name))
			return (int)i;
	return -1;
}

static int set_fields(struct weir_input *in, json_t *fields, struct weir_input_error *err)
{
	const char *name, *wrong;
	json_t *v;
	int i;

	json_object_foreach(fields, name, v) {
		i = find_field(in->type, name);
		if (i < 0)
			return fail(err, name, "is not a field of %s", in->type->name);
		wrong = weir_input_value(v, &in->type->fields[i], in->small[i],
					 sizeof(in->small[i]), &in->value[i]);
		if (wrong)
			return fail(err, name, "the value %s", wrong);
	}
	in->event.v = in->value;
	in->event.n = in->type->arity;
	in->event.type = in->type->id;
	return 0;
}

static int set_event(struct weir_input *in, const struct weir_type *types, uint32_t ntypes,
		     struct weir_input_error *err)
{
	json_t *type = json_object_get(in->json, "type");
	json_t *fields = json_object_get(in->json, "fields");
	const char *key;
	json_t *v;

	json_object_foreach(in->json, key, v)
		if (v != type && v != fields)
			return fail(err, NULL, "the member \"%s\" is neither type nor fields", key);
	if (!json_is_string(type) || strlen(json_string_value(type)) != json_string_length(type))
		return fail(err, NULL, "the member \"type\" is missing or not a name");
	if (!json_is_object(fields))
		return fail(err, NULL, "the member \"fields\" is missing or not an object");
	in->type = find_type(types, ntypes, json_string_value(type));
	if (!in->type || in->type->arity > WEIR_ARITY_MAX)
		return fail(err, NULL, "there is no Template Type \"%s\"", json_string_value(type));
	return set_fields(in, fields, err);
}

int weir_input_parse(const char *text, size_t len, const struct weir_type *types, uint32_t ntypes,
		     struct weir_input *out, struct weir_input_error *err)
{
	json_error_t e;

	memset(out, 0, sizeof(*out));
	memset(err, 0, sizeof(*err));
	out->json = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &e);
	if (!out->json)
		return fail(err, NULL, "not JSON: %s, at byte %d", e.text, e.position);
	if (!json_is_object(out->json))
		fail(err, NULL, "not a JSON object");
	else if (!set_event(out, types, ntypes, err))
		return 0;
	weir_input_free(out);
	return -1;
}

void weir_input_free(struct weir_input *in)
{
	json_decref(in->json);
	in->json = NULL;
}

int weir_events_open(const char *path, const struct weir_type *types, uint32_t ntypes,
		     struct weir_events *out, struct weir_input_error *err)
{
	memset(out, 0, sizeof(*out));
	memset(err, 0, sizeof(*err));
	out->types = types;
	out->ntypes = ntypes;
	out->f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	if (!out->f)
		return fail(err, NULL, "cannot be opened: %s", strerror(errno));
	return 0;
}

static int is_blank(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strchr(" \t\r\n", s[i]) || !s[i])
			return 0;
	return 1;
}

/* One line of at most WEIR_EVENT_LINE_MAX bytes: its length, 0 at the end, -1 on failure. */
static long read_line(struct weir_events *ev, struct weir_input_error *err)
{
	size_t n = 0;
	char *more;
	int c;

	while ((c = getc(ev->f)) != EOF) {
		if (n == ev->room) {
			more = realloc(ev->buf, ev->room ? ev->room * 2 : 4096);
			if (!more)
				return fail(err, NULL, "not enough memory");
			ev->buf = more;
			ev->room = ev->room ? ev->room * 2 : 4096;
		}
		ev->buf[n++] = (char)c;
		if (c == '\n')
			break;
		if (n >= WEIR_EVENT_LINE_MAX)
			return fail(err, NULL, "a line of more than %u bytes", WEIR_EVENT_LINE_MAX);
	}
	if (ferror(ev->f))
		return fail(err, NULL, "cannot be read: %s", strerror(errno));
	return (long)n;
}

int weir_events_next(struct weir_events *ev, struct weir_input *out, struct weir_input_error *err)
{
	long n;
	int r;

	memset(err, 0, sizeof(*err));
	do {
		n = read_line(ev, err);
		ev->line++;
	} while (n > 0 && is_blank(ev->buf, (size_t)n));
	r = n > 0 ? weir_input_parse(ev->buf, (size_t)n, ev->types, ev->ntypes, out, err) : (int)n;
	err->number = ev->number;
	err->line = ev->line;
	if (r < 0)
		return -1;
	ev->number += n > 0;
	return n > 0;
}

void weir_events_close(struct weir_events *ev)
{
	if (ev->f && ev->f != stdin)
		fclose(ev->f);
	free(ev->buf);
	memset(ev, 0, sizeof(*ev));
}
