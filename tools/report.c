// SPDX-License-Identifier: GPL-2.0
/* Errors as text to stderr, or with --json as {"error": {...}} to stdout. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "weirc.h"

int weir_json;

/* Length of the well-formed UTF-8 sequence of a printable character at s, or 0. */
static size_t utf8_length(const unsigned char *s, size_t n)
{
	size_t len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : s[0] >= 0xc2 ? 2 : 0;
	uint32_t c;
	size_t i;

	if (!len || s[0] > 0xf4 || len > n)
		return 0;
	c = s[0] & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if ((len == 3 && c < 0x800) || (len == 4 && (c < 0x10000 || c > 0x10ffff)))
		return 0;
	/* C1 controls, surrogates, and what reorders or hides text */
	if (c < 0xa0 || (c >= 0xd800 && c < 0xe000) || (c >= 0x200b && c <= 0x200f) ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff)
		return 0;
	return len;
}

void weir_put_quoted(FILE *f, const void *s, size_t n)
{
	const unsigned char *p = s;
	size_t len;

	while (n) {
		len = *p >= 0x20 && *p < 0x7f ? 1 : utf8_length(p, n);
		if (len) {
			fwrite(p, 1, len, f);
		} else {
			fprintf(f, "\\x%02x", *p);
			len = 1;
		}
		p += len;
		n -= len;
	}
}

char *weir_quoted(const void *s, size_t n)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		abort();
	weir_put_quoted(f, s, n);
	fclose(f);
	return text;
}

struct json_t *weir_json_bytes(const void *p, size_t n)
{
	char *text = weir_quoted(p, n);
	json_t *s = json_string(text);

	free(text);
	return s;
}

struct json_t *weir_json_u64(uint64_t v)
{
	char text[24];

	if (v <= INT64_MAX)
		return json_integer((json_int_t)v);
	snprintf(text, sizeof(text), "%" PRIu64, v);
	return json_string(text);
}

struct json_t *weir_read_json(const char *path, size_t cap)
{
	struct weir_where w = { .file = path };
	struct weir_file f;
	json_error_t err;
	json_t *root;

	if (weir_read_file(path, cap, &f))
		return NULL;
	root = json_loadb((const char *)f.p, f.n, JSON_REJECT_DUPLICATES, &err);
	weir_free_file(&f);
	w.line = err.line > 0 ? (unsigned int)err.line : 0;
	if (!root)
		weir_fail_at(&w, "is not JSON: %s", err.text);
	return root;
}

static void set_text(json_t *o, const char *key, const char *s)
{
	char *text;

	if (!s)
		return;
	text = weir_quoted(s, strlen(s));
	json_object_set_new(o, key, json_string(text));
	free(text);
}

struct json_t *weir_problem_json(const struct weir_where *w, const char *message)
{
	json_t *o = json_object();

	set_text(o, "message", message);
	if (!w)
		return o;
	set_text(o, "file", w->file);
	if (w->line)
		json_object_set_new(o, "line", json_integer(w->line));
	set_text(o, "rule", w->rule);
	set_text(o, "field", w->field);
	return o;
}

void weir_problem_text(FILE *f, const struct weir_where *w, const char *message)
{
	if (w && w->file) {
		weir_put_quoted(f, w->file, strlen(w->file));
		if (w->line)
			fprintf(f, ":%u", w->line);
		fputs(": ", f);
	}
	if (w && w->rule) {
		fputs("rule \"", f);
		weir_put_quoted(f, w->rule, strlen(w->rule));
		fputs("\": ", f);
	}
	if (w && w->field) {
		fputs("field ", f);
		weir_put_quoted(f, w->field, strlen(w->field));
		fputs(": ", f);
	}
	weir_put_quoted(f, message, strlen(message));
	fputc('\n', f);
}

static void print_problem(const struct weir_where *w, const char *message)
{
	json_t *o;

	if (!weir_json) {
		fprintf(stderr, "%s: ", program_invocation_short_name);
		weir_problem_text(stderr, w, message);
		return;
	}
	o = json_pack("{s:o}", "error", weir_problem_json(w, message));
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
}

int weir_fail_at(const struct weir_where *w, const char *fmt, ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	print_problem(w, text);
	return WEIR_EXIT_FAIL;
}

int weir_fail(const char *fmt, ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	print_problem(NULL, text);
	return WEIR_EXIT_FAIL;
}

int weir_usage(const char *command, const char *fmt, ...)
{
	char text[4096];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n >= 0 && n < (int)sizeof(text))
		snprintf(text + n, sizeof(text) - n, "; see %s %s --help",
			 program_invocation_short_name, command);
	print_problem(NULL, text);
	return WEIR_EXIT_USAGE;
}

int weir_refused(const char *file, const struct weir_error *err)
{
	const struct weir_where w = { .file = file };
	char where[160] = "";
	int n = 0;

	n += snprintf(where + n, sizeof(where) - n, "%s", weir_section_name(err->section));
	if (err->offset != WEIR_NOWHERE)
		n += snprintf(where + n, sizeof(where) - n, ", offset %u", err->offset);
	if (err->type != WEIR_NOWHERE)
		n += snprintf(where + n, sizeof(where) - n, ", type %u", err->type);
	if (err->instance != WEIR_NOWHERE)
		n += snprintf(where + n, sizeof(where) - n, ", instance %u", err->instance);
	if (err->field != WEIR_NOWHERE)
		n += snprintf(where + n, sizeof(where) - n, ", field %u", err->field);
	return weir_fail_at(&w, "%s (%s)", weir_strerror(err->code), where);
}

/* Cut short counts: getopt takes it for the option, too. */
static int is_option(const char *arg, const char *option)
{
	size_t n = strlen(arg);

	return !strcmp(arg, option) || (n > 2 && !strncmp(arg, option, n));
}

int weir_has_option(int argc, char **argv, const char *option)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (is_option(argv[i], option))
			return 1;
	return 0;
}
