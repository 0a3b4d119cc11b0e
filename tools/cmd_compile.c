// SPDX-License-Identifier: GPL-2.0
/* weirc compile: Sigma rules to a channel file. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "emit_check.h"
#include "sigma_files.h"

const char weir_help_compile[] =
	"usage: weirc compile [OPTIONS] -o OUT.weir RULES...\n\n"
	"RULES are Sigma files, or folders of *.yml and *.yaml, or - for standard input. One rule\n"
	"that cannot be compiled fails the run, and nothing is written.\n\n"
	"  -o, --output FILE      the channel file; - for standard output\n"
	"  --channel N            channel number (default: that of the rules' Template Type if\n"
	"                         there is only one, else 1)\n"
	"  --version N            content version (default: the creation time)\n"
	"  --name NAME            channel name (default: the Template Type's, else \"weir\")\n"
	"  --schema FILE          other Template Types, JSON as weirc schema prints; rules of any\n"
	"                         product and service are then taken by their category\n"
	"  --expand NAME=VALUE    a value of the placeholder %NAME%; may be repeated\n"
	"  --expand NAME=@FILE    the same, one value a line\n"
	"  --profile FILE         what is ordinary in the events to come, from weirc profile or\n"
	"                         weirctl profile (default: an ordinary Linux host)\n"
	"  --skip-unsupported     leave out rules that cannot be compiled, and list them\n"
	"  --json                 say what was done, or what is wrong, as JSON\n\n"
	"The creation time is SOURCE_DATE_EPOCH, or the newest date of the rules.\n";

/* The command line. */
struct options {
	const char *output, *name, *schema, *profile;
	uint64_t channel, version;
	int skip;
};

/* Everything a run needs. */
struct run {
	struct options o;
	struct weir_types types;
	struct weir_profile profile;
	struct weir_sigma *sigma;
	struct weir_placeholder *placeholder;
	size_t nplaceholders;
	struct weir_emit_head head;
	struct weir_buffer file;
	uint64_t cost;
};

static int take_number(const char *option, const char *text, uint64_t max, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || !*out || *out > max)
		return weir_usage("compile", "%s takes a number from 1 to %llu, not \"%s\"", option,
				  (unsigned long long)max, text);
	return 0;
}

static void add_value(struct run *r, const char *name, size_t len, const char *value, size_t n)
{
	struct weir_arena *a = weir_sigma_arena(r->sigma);
	struct weir_placeholder *p;
	size_t i;

	for (i = 0; i < r->nplaceholders; i++)
		if (strlen(r->placeholder[i].name) == len &&
		    !memcmp(r->placeholder[i].name, name, len))
			break;
	if (i == r->nplaceholders) {
		r->placeholder = weir_arena_grow(a, r->placeholder, r->nplaceholders++, sizeof(*p));
		memset(&r->placeholder[i], 0, sizeof(*p));
		r->placeholder[i].name = weir_arena_copy(a, name, len);
	}
	p = &r->placeholder[i];
	p->value = weir_arena_grow(a, p->value, p->n, sizeof(*p->value));
	p->value[p->n++] = weir_arena_copy(a, value, n);
}

/* NAME=VALUE or NAME=@FILE */
static int take_expand(struct run *r, const char *arg)
{
	const char *equals = strchr(arg, '='), *line;
	struct weir_file f;
	size_t len, at;

	if (!equals || equals == arg)
		return weir_usage("compile", "--expand takes NAME=VALUE or NAME=@FILE, not \"%s\"",
				  arg);
	if (equals[1] != '@') {
		add_value(r, arg, equals - arg, equals + 1, strlen(equals + 1));
		return 0;
	}
	if (weir_read_file(equals + 2, WEIR_YAML_FILE_MAX, &f))
		return WEIR_EXIT_FAIL;
	for (at = 0; at < f.n; at += len + 1) {
		line = (const char *)f.p + at;
		len = strcspn(line, "\n");
		if (len && line[0] != '\r')
			add_value(r, arg, equals - arg, line, len - (line[len - 1] == '\r'));
	}
	weir_free_file(&f);
	return 0;
}

static int take_name(struct run *r, const char *name)
{
	char *quoted = weir_quoted(name, strlen(name));
	int plain = !strcmp(quoted, name);

	free(quoted);
	if (!*name || strlen(name) > WEIR_NAME_MAX || !plain)
		return weir_usage("compile", "--name takes 1 to %u bytes of printable text",
				  WEIR_NAME_MAX);
	r->o.name = name;
	return 0;
}

static int take_option(struct run *r, int c, char **argv)
{
	switch (c) {
	case 'j':
		return 0;
	case 'o':
		r->o.output = optarg;
		return 0;
	case 'c':
		return take_number("--channel", optarg, 0xffffffffu, &r->o.channel);
	case 'v':
		return take_number("--version", optarg, INT64_MAX, &r->o.version);
	case 'n':
		return take_name(r, optarg);
	case 's':
		r->o.schema = optarg;
		return 0;
	case 'p':
		r->o.profile = optarg;
		return 0;
	case 'e':
		return take_expand(r, optarg);
	case 'k':
		r->o.skip = 1;
		return 0;
	default:
		return weir_usage("compile", "unknown or incomplete option %s", argv[optind - 1]);
	}
}

static int take_options(struct run *r, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "output", required_argument, NULL, 'o' },
		{ "channel", required_argument, NULL, 'c' },
		{ "version", required_argument, NULL, 'v' },
		{ "name", required_argument, NULL, 'n' },
		{ "schema", required_argument, NULL, 's' },
		{ "profile", required_argument, NULL, 'p' },
		{ "expand", required_argument, NULL, 'e' },
		{ "skip-unsupported", no_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	int c, ret;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		ret = take_option(r, c, argv);
		if (ret)
			return ret;
	}
	if (!r->o.output)
		return weir_usage("compile", "-o FILE is missing");
	if (optind == argc)
		return weir_usage("compile", "no rules given");
	if (weir_json && !strcmp(r->o.output, "-"))
		return weir_usage("compile", "--json and -o - both want standard output");
	return 0;
}

static int read_rules(struct run *r, char **paths)
{
	struct weir_files files = { .arena = weir_sigma_arena(r->sigma) };
	struct weir_file f;
	size_t i;

	for (; *paths; paths++)
		if (weir_files_add(&files, *paths))
			return WEIR_EXIT_FAIL;
	for (i = 0; i < files.n; i++) {
		if (weir_read_file(files.name[i], WEIR_YAML_FILE_MAX, &f))
			return WEIR_EXIT_FAIL;
		weir_sigma_file(r->sigma, files.name[i], &f);
		weir_free_file(&f);
	}
	return 0;
}

static int by_uuid(const void *a, const void *b)
{
	const struct weir_rule *x = *(struct weir_rule *const *)a;
	const struct weir_rule *y = *(struct weir_rule *const *)b;
	int d = memcmp(x->uuid, y->uuid, sizeof(x->uuid));

	return d ? d : (x > y) - (x < y);
}

/* Two rules of one id: the later one is an error, and is not compiled. */
static void refuse_duplicates(struct weir_sigma *s)
{
	struct weir_rule **r = weir_arena_get(weir_sigma_arena(s), s->nrules, sizeof(*r));
	const struct weir_rule *first = NULL;
	char text[37];
	size_t i, n = 0;

	for (i = 0; i < s->nrules; i++)
		r[i] = &s->rule[i];
	qsort(r, s->nrules, sizeof(*r), by_uuid);
	for (i = 0; i < s->nrules; i++) {
		if (!first || memcmp(first->uuid, r[i]->uuid, sizeof(first->uuid))) {
			first = r[i];
			continue;
		}
		weir_uuid_text(first->uuid, text);
		s->file = r[i]->file;
		s->title = r[i]->title;
		s->failed = 0;
		weir_sigma_error(s, r[i]->line, NULL, "id %s is also that of \"%s\" in %s:%u", text,
				 first->title, first->file, first->line);
		r[i]->type = NULL;
	}
	for (i = 0; i < s->nrules; i++)
		if (s->rule[i].type)
			s->rule[n++] = s->rule[i];
	s->nrules = n;
}

/* SOURCE_DATE_EPOCH, or the newest date among the rules. */
static int creation_time(struct run *r)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	char *end;
	size_t i;

	if (epoch && *epoch) {
		errno = 0;
		r->head.created = strtoull(epoch, &end, 10);
		if (errno || *end || *epoch < '0' || *epoch > '9' || r->head.created > INT64_MAX)
			return weir_fail("SOURCE_DATE_EPOCH is not a number of seconds: \"%s\"",
					 epoch);
		return 0;
	}
	for (i = 0; i < r->sigma->nrules; i++)
		if (r->sigma->rule[i].date > r->head.created)
			r->head.created = r->sigma->rule[i].date;
	return 0;
}

static int fill_head(struct run *r)
{
	const struct weir_type *type = r->sigma->rule[0].type;
	size_t i;

	for (i = 1; i < r->sigma->nrules; i++)
		if (r->sigma->rule[i].type != type)
			type = NULL;
	if (creation_time(r))
		return WEIR_EXIT_FAIL;
	r->head.channel = r->o.channel ? r->o.channel : type ? type->channel : 1;
	r->head.name = r->o.name ? r->o.name : type ? type->name : "weir";
	r->head.version = r->o.version ? r->o.version : r->head.created;
	if (!r->head.version)
		return weir_fail("no rule has a date to take the version from: give --version N or "
				 "set SOURCE_DATE_EPOCH");
	return 0;
}

static json_t *problems_json(const struct weir_problems *ps)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < ps->n; i++)
		json_array_append_new(list, weir_problem_json(&ps->p[i].where, ps->p[i].message));
	return list;
}

static void print_problems(const struct weir_problems *ps, const char *what)
{
	size_t i;

	for (i = 0; i < ps->n; i++) {
		fprintf(stderr, "weirc: %s", what);
		weir_problem_text(stderr, &ps->p[i].where, ps->p[i].message);
	}
}

/* All that is wrong with the rules: the first as the error, the others beside it. */
static int report_errors(struct run *r)
{
	const struct weir_problems *ps = &r->sigma->errors;
	json_t *o;

	if (!weir_json) {
		print_problems(ps, "");
		fprintf(stderr, "weirc: nothing written: %zu rule%s in error\n", ps->n,
			ps->n == 1 ? "" : "s");
		return WEIR_EXIT_FAIL;
	}
	o = json_pack("{s:o, s:o}", "error", weir_problem_json(&ps->p[0].where, ps->p[0].message),
		      "errors", problems_json(ps));
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
	return WEIR_EXIT_FAIL;
}

static void report_done(struct run *r)
{
	char *output;
	json_t *o;

	if (!weir_json) {
		print_problems(&r->sigma->warnings, "warning: ");
		print_problems(&r->sigma->errors, "skipped: ");
		weir_put_quoted(stderr, r->o.output, strlen(r->o.output));
		fprintf(stderr, ": channel %u \"%s\", version %llu: %zu rules, %zu bytes%s\n",
			r->head.channel, r->head.name, (unsigned long long)r->head.version,
			r->sigma->nrules, r->file.n,
			r->sigma->errors.n ? "; some were skipped" : "");
		return;
	}
	output = weir_quoted(r->o.output, strlen(r->o.output));
	o = json_pack("{s:s, s:I, s:s, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "file", output,
		      "channel", (json_int_t)r->head.channel, "name", r->head.name, "version",
		      (json_int_t)r->head.version, "created", (json_int_t)r->head.created, "rules",
		      (json_int_t)r->sigma->nrules, "bytes", (json_int_t)r->file.n, "cost",
		      (json_int_t)r->cost, "skipped", problems_json(&r->sigma->errors), "warnings",
		      problems_json(&r->sigma->warnings));
	free(output);
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
}

static int compile(struct run *r, char **paths)
{
	struct weir_sigma *s = r->sigma;
	size_t skipped;

	if (weir_types_open(r->o.schema, &r->types))
		return WEIR_EXIT_FAIL;
	if (r->o.profile && weir_profile_open(r->o.profile, &r->types, &r->profile))
		return WEIR_EXIT_FAIL;
	s->types = &r->types;
	s->profile = &r->profile;
	s->any_source = !!r->o.schema;
	s->placeholder = r->placeholder;
	s->nplaceholders = r->nplaceholders;
	if (read_rules(r, paths))
		return WEIR_EXIT_FAIL;
	refuse_duplicates(s);
	weir_emit_actions(s);
	if (s->errors.n && (!r->o.skip || !s->nrules))
		return report_errors(r);
	if (fill_head(r))
		return WEIR_EXIT_FAIL;
	skipped = s->errors.n;
	if (weir_emit_checked(s, &r->head, &r->file, &r->cost))
		return s->errors.n > skipped ? report_errors(r) : WEIR_EXIT_FAIL;
	if (weir_write_file(r->o.output, r->file.p, r->file.n))
		return WEIR_EXIT_FAIL;
	report_done(r);
	return WEIR_EXIT_OK;
}

int weir_cmd_compile(int argc, char **argv)
{
	struct run r = { .sigma = weir_alloc(1, sizeof(*r.sigma)) };
	int ret = take_options(&r, argc, argv);

	if (!ret)
		ret = compile(&r, argv + optind);
	free(r.file.p);
	weir_profile_free(&r.profile);
	weir_types_close(&r.types);
	weir_arena_free(weir_sigma_arena(r.sigma));
	weir_arena_free(&r.sigma->yaml);
	free(r.sigma);
	return ret;
}
