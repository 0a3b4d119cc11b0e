// SPDX-License-Identifier: GPL-2.0
/* YARA: a rule for each criterion, a set of rules and a scanner for each field. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <yara.h>

#include "bench.h"

struct yara {
	YR_RULES *rules;
	YR_SCANNER *scanner;
};

struct problem {
	char *why;
	size_t size;
};

static void on_error(int level, const char *file, int line, const YR_RULE *rule, const char *text,
		     void *data)
{
	const struct problem *p = data;

	(void)file;
	(void)rule;
	if (level == YARA_ERROR_LEVEL_ERROR)
		snprintf(p->why, p->size, "YARA: line %d: %s", line, text);
}

static void put_string(FILE *f, const struct bench_pattern *p, uint32_t k)
{
	const char *s;
	uint32_t i;

	fprintf(f, " $s%u = ", k);
	if (p->lit) {
		fputc('"', f);
		for (i = 0; i < p->lit->len; i++)
			fprintf(f, isalnum(p->lit->p[i]) ? "%c" : "\\x%02x", p->lit->p[i]);
		fprintf(f, "\"%s", p->c->exact ? "" : " nocase");
		return;
	}
	fputc('/', f);
	for (s = p->c->regex; *s; s++)
		fprintf(f, *s == '/' ? "\\%c" : "%c", *s);
	fputs(p->c->glob ? "/is" : "/", f);
}

static void put_condition(FILE *f, const struct bench_pattern *p, uint32_t k)
{
	fputs(k ? " or " : " ", f);
	if (p->c->op == WEIR_OP_EQ)
		fprintf(f, "(filesize == %u and $s%u at 0)", p->lit->len, k);
	else if (p->c->op == WEIR_OP_PREFIX)
		fprintf(f, "$s%u at 0", k);
	else if (p->c->op == WEIR_OP_SUFFIX)
		fprintf(f, "(filesize >= %u and $s%u at filesize - %u)", p->lit->len, k,
			p->lit->len);
	else
		fprintf(f, "$s%u", k);
}

/* Patterns of one criterion stand next to each other. */
static char *source(const struct bench_pattern *p, size_t n)
{
	char *text = NULL;
	size_t size = 0, i, k, end;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		abort();
	for (i = 0; i < n; i = end) {
		for (end = i; end < n && p[end].crit == p[i].crit; end++)
			;
		fprintf(f, "rule c%u { strings:", p[i].crit);
		for (k = i; k < end; k++)
			put_string(f, &p[k], (uint32_t)(k - i));
		fputs(" condition:", f);
		for (k = i; k < end; k++)
			put_condition(f, &p[k], (uint32_t)(k - i));
		fputs(" }\n", f);
	}
	fclose(f);
	return text;
}

static YR_RULES *compile(const struct bench_pattern *p, size_t n, char *why, size_t size)
{
	struct problem problem = { why, size };
	YR_COMPILER *compiler = NULL;
	YR_RULES *rules = NULL;
	char *text = source(p, n);

	snprintf(why, size, "YARA: not enough memory");
	if (!yr_compiler_create(&compiler)) {
		yr_compiler_set_callback(compiler, on_error, &problem);
		if (!yr_compiler_add_string(compiler, text, NULL))
			yr_compiler_get_rules(compiler, &rules);
		yr_compiler_destroy(compiler);
	}
	free(text);
	return rules;
}

static int takes(const struct bench_pattern *p)
{
	char why[64];
	YR_RULES *rules = compile(p, 1, why, sizeof(why));

	if (rules)
		yr_rules_destroy(rules);
	return !!rules;
}

static void release(void *m)
{
	struct yara *y = m;

	if (y->scanner)
		yr_scanner_destroy(y->scanner);
	if (y->rules)
		yr_rules_destroy(y->rules);
	free(y);
}

static int on_message(YR_SCAN_CONTEXT *context, int message, void *data, void *f)
{
	(void)context;
	if (message == CALLBACK_MSG_RULE_MATCHING)
		bench_confirm_hit(f,
				  (uint32_t)strtoul(((YR_RULE *)data)->identifier + 1, NULL, 10));
	return CALLBACK_CONTINUE;
}

static void *build(const struct bench_pattern *p, size_t n, char *why, size_t size)
{
	struct yara *y = weir_alloc(1, sizeof(*y));

	y->rules = compile(p, n, why, size);
	if (y->rules && !yr_scanner_create(y->rules, &y->scanner)) {
		yr_scanner_set_flags(y->scanner, SCAN_FLAGS_REPORT_RULES_MATCHING);
		return y;
	}
	release(y);
	return NULL;
}

static int scan(void *m, const struct weir_value *v, struct bench_confirm *f)
{
	struct yara *y = m;

	yr_scanner_set_callback(y->scanner, on_message, f);
	return yr_scanner_scan_mem(y->scanner, v->ptr, v->len) ? -1 : 0;
}

/* What YARA uses it does not tell. */
static size_t memory(void *m)
{
	(void)m;
	return 0;
}

static const struct bench_matcher ops = {
	.takes = takes,
	.build = build,
	.scan = scan,
	.memory = memory,
	.release = release,
};

static int open_yara(struct bench_engine *e, const struct bench_content *c)
{
	if (yr_initialize()) {
		snprintf(e->why, sizeof(e->why), "YARA: cannot be initialised");
		return -1;
	}
	return bench_peer_open(e, c);
}

static void close_yara(struct bench_engine *e)
{
	bench_peer_close(e);
	yr_finalize();
}

struct bench_engine bench_yara = {
	.name = "yara",
	.about = "YARA on each string field, a rule a criterion, then the programs that these wake",
	.open = open_yara,
	.eval = bench_peer_eval,
	.close = close_yara,
	.with = &ops,
};
