// SPDX-License-Identifier: GPL-2.0
/* Hyperscan: a database for each field, in block mode. */
#include <hs/hs.h>
#include <stdlib.h>

#include "bench.h"

struct database {
	hs_database_t *db;
	hs_scratch_t *scratch;
	size_t size, scratch_size;
};

static unsigned int flags_of(const struct bench_pattern *p)
{
	unsigned int flags = HS_FLAG_SINGLEMATCH;

	if (p->lit ? !p->c->exact : p->c->glob)
		flags |= HS_FLAG_CASELESS;
	if (!p->lit && p->c->glob)
		flags |= HS_FLAG_DOTALL;
	return flags;
}

static int takes(const struct bench_pattern *p)
{
	hs_compile_error_t *err = NULL;
	hs_database_t *db = NULL;
	int ok = !hs_compile(p->c->regex, flags_of(p), HS_MODE_BLOCK, NULL, &db, &err);

	hs_free_database(db);
	hs_free_compile_error(err);
	return ok;
}

static hs_database_t *compile(const struct bench_pattern *p, size_t n, char *why, size_t size)
{
	unsigned int *flags = weir_alloc(n, sizeof(*flags)), *ids = weir_alloc(n, sizeof(*ids));
	char **text = weir_alloc(n, sizeof(*text));
	hs_compile_error_t *err = NULL;
	hs_database_t *db = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		text[i] = bench_pattern_regex(&p[i]);
		flags[i] = flags_of(&p[i]);
		ids[i] = p[i].crit;
	}
	if (hs_compile_multi((const char *const *)text, flags, ids, (unsigned int)n, HS_MODE_BLOCK,
			     NULL, &db, &err)) {
		snprintf(why, size, "Hyperscan: %s", err->message);
		hs_free_compile_error(err);
	}
	for (i = 0; i < n; i++)
		free(text[i]);
	free(text);
	free(ids);
	free(flags);
	return db;
}

static void release(void *m)
{
	struct database *d = m;

	hs_free_scratch(d->scratch);
	hs_free_database(d->db);
	free(d);
}

static void *build(const struct bench_pattern *p, size_t n, char *why, size_t size)
{
	struct database *d = weir_alloc(1, sizeof(*d));

	d->db = compile(p, n, why, size);
	if (d->db && !hs_alloc_scratch(d->db, &d->scratch) && !hs_database_size(d->db, &d->size) &&
	    !hs_scratch_size(d->scratch, &d->scratch_size))
		return d;
	release(d);
	return NULL;
}

static int on_match(unsigned int id, unsigned long long from, unsigned long long to,
		    unsigned int flags, void *f)
{
	(void)from;
	(void)to;
	(void)flags;
	bench_confirm_hit(f, id);
	return 0;
}

static int scan(void *m, const struct weir_value *v, struct bench_confirm *f)
{
	struct database *d = m;

	return hs_scan(d->db, (const char *)v->ptr, v->len, 0, d->scratch, on_match, f);
}

static void flush(void *m)
{
	struct database *d = m;

	bench_flush(d->db, d->size);
	bench_flush(d->scratch, d->scratch_size);
}

static size_t memory(void *m)
{
	return ((struct database *)m)->size + ((struct database *)m)->scratch_size;
}

static const struct bench_matcher ops = {
	.takes = takes,
	.build = build,
	.scan = scan,
	.flush = flush,
	.memory = memory,
	.release = release,
};

struct bench_engine bench_hyperscan = {
	.name = "hyperscan",
	.about = "Hyperscan on each string field, then the programs that its matches wake",
	.open = bench_peer_open,
	.eval = bench_peer_eval,
	.flush = bench_peer_flush,
	.close = bench_peer_close,
	.with = &ops,
};
