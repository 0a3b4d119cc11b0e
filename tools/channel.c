// SPDX-License-Identifier: GPL-2.0
/* Channel files for the commands that read one. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "weirload.h"

#define UUID_SIZE 16u

int weir_channel_args(int argc, char **argv, int nfiles, unsigned int takes,
		      struct weir_channel_args *out)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' },
						 { "schema", required_argument, NULL, 's' },
						 { "id", required_argument, NULL, 'i' },
						 { "by-rule", no_argument, NULL, 'r' },
						 { NULL, 0, NULL, 0 } };
	int c, i;

	memset(out, 0, sizeof(*out));
	opterr = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			out->schema = optarg;
		else if (c == 'i' && (takes & WEIR_TAKES_ID))
			out->id = optarg;
		else if (c == 'r' && (takes & WEIR_TAKES_BY_RULE))
			out->by_rule = 1;
		else if (c != 'j')
			return weir_usage(argv[0], "unknown or incomplete option %s",
					  argv[optind - 1]);
	}
	if (argc - optind < nfiles)
		return weir_usage(argv[0],
				  nfiles > 1 ? "two files are needed" : "a channel file is needed");
	if (argc - optind > nfiles)
		return weir_usage(argv[0], "unexpected argument %s", argv[optind + nfiles]);
	for (i = 0; i < nfiles; i++)
		out->path[i] = argv[optind + i];
	if (nfiles == 2 && !strcmp(out->path[0], "-") && !strcmp(out->path[1], "-"))
		return weir_usage(argv[0], "only one file can be standard input");
	return 0;
}

/* How much of the file is content; sets is_signed. */
static int strip_signature(struct weir_channel *c, uint32_t *n)
{
	const struct weir_where w = { .file = c->path };
	const struct weir_blob blob = { c->file.p, c->file.n };
	struct weir_refusal r;
	struct weir_signed parts;

	*n = (uint32_t)c->file.n;
	if (!weir_trailer_present(&blob))
		return 0;
	c->is_signed = 1;
	if (weir_trailer_parse(&blob, &parts, &r))
		return weir_fail_at(&w, "%s", r.what);
	*n = parts.ncontent;
	return 0;
}

static int open_content(struct weir_channel *c)
{
	struct weir_error err;
	uint32_t n;

	if (strip_signature(c, &n))
		return WEIR_EXIT_FAIL;
	if (weir_open(c->file.p, n, &c->view, &err) ||
	    weir_verify(&c->view, &c->types.schema, &err))
		return weir_refused(c->path, &err);
	return 0;
}

int weir_channel_open(const char *path, const char *schema, struct weir_channel *out)
{
	memset(out, 0, sizeof(*out));
	out->path = path;
	if (weir_types_open(schema, &out->types))
		return WEIR_EXIT_FAIL;
	if (weir_read_file(path, WEIR_FILE_MAX, &out->file))
		goto err_types;
	if (open_content(out))
		goto err_file;
	weir_about(&out->view, &out->about);
	out->scratch = weir_alloc(out->about.scratch / sizeof(uint32_t), sizeof(uint32_t));
	out->match = weir_alloc(out->view.ninsts, sizeof(uint32_t));
	return 0;

err_file:
	weir_free_file(&out->file);
err_types:
	weir_types_close(&out->types);
	return WEIR_EXIT_FAIL;
}

void weir_channel_close(struct weir_channel *c)
{
	free(c->match);
	free(c->scratch);
	weir_free_file(&c->file);
	weir_types_close(&c->types);
}

int weir_channel_eval(struct weir_channel *c, const struct weir_event *e, struct weir_result *res)
{
	const struct weir_where w = { .file = c->path };
	const struct weir_run run = {
		.scratch = c->scratch,
		.nscratch = c->about.scratch / sizeof(uint32_t),
		.match = c->match,
		.cap = c->view.ninsts,
		.fuel = c->about.cost,
	};

	weir_eval(&c->view, e, &run, res);
	if (res->status == WEIR_DONE)
		return 0;
	return weir_fail_at(&w, "verified content %s in instance %u: this is a defect of weirc",
			    res->status == WEIR_FUEL ? "ran out of its declared cost" : "faulted",
			    res->fault_inst);
}

static int compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, UUID_SIZE);
}

json_t *weir_json_ids(uint8_t *uuid, uint32_t n)
{
	json_t *list = json_array();
	char text[37];
	uint32_t i;

	if (n)
		qsort(uuid, n, UUID_SIZE, compare_ids);
	for (i = 0; i < n; i++) {
		weir_uuid_text(uuid + i * UUID_SIZE, text);
		json_array_append_new(list, json_string(text));
	}
	return list;
}

json_t *weir_channel_matches(const struct weir_channel *c, uint32_t n)
{
	uint8_t *uuid = weir_alloc(n, UUID_SIZE);
	struct weir_instance inst;
	uint32_t i, found = 0;
	json_t *list;

	for (i = 0; i < n; i++)
		if (!weir_instance(&c->view, c->match[i], &inst))
			memcpy(uuid + found++ * UUID_SIZE, inst.uuid, UUID_SIZE);
	list = weir_json_ids(uuid, found);
	free(uuid);
	return list;
}

const char *weir_channel_type_name(const struct weir_channel *c, uint32_t id)
{
	const struct weir_type *t = weir_types_by_id(&c->types, id);

	return t ? t->name : "?";
}

int weir_input_fail(const char *path, const struct weir_input_error *e)
{
	const struct weir_where w = { .file = strcmp(path, "-") ? path : "standard input",
				      .line = (unsigned int)e->line,
				      .field = e->field[0] ? e->field : NULL };

	if (!e->line)
		return weir_fail_at(&w, "%s", e->text);
	return weir_fail_at(&w, "event %lu: %s", e->number, e->text);
}

int weir_inputs_open(const char *path, const struct weir_types *types, struct weir_inputs *out)
{
	struct weir_input_error err;
	struct weir_events ev;
	int r;

	memset(out, 0, sizeof(*out));
	if (weir_events_open(path, types->t, types->n, &ev, &err))
		return weir_input_fail(path, &err);
	do {
		if (out->n == out->room) {
			out->room = out->room ? out->room * 2 : 64;
			out->in = weir_realloc(out->in, out->room, sizeof(*out->in));
		}
		out->in[out->n] = weir_alloc(1, sizeof(**out->in));
		r = weir_events_next(&ev, out->in[out->n], &err);
		if (r > 0)
			out->n++;
		else
			free(out->in[out->n]);
	} while (r > 0);
	weir_events_close(&ev);
	if (r < 0)
		return weir_input_fail(path, &err);
	return out->n ? 0 : weir_fail("%s: there is no event in it", path);
}

void weir_inputs_close(struct weir_inputs *ins)
{
	size_t i;

	for (i = 0; i < ins->n; i++) {
		weir_input_free(ins->in[i]);
		free(ins->in[i]);
	}
	free(ins->in);
}
