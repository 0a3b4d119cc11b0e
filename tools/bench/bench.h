/* SPDX-License-Identifier: GPL-2.0 */
/* Engines that evaluate the same content on the same events, to be compared. */
#ifndef WEIR_BENCH_H
#define WEIR_BENCH_H

#include "channel.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The tables of a channel file, decoded. */
struct bench_literal {
	const uint8_t *p;
	uint32_t len;
};

struct bench_range {
	uint64_t lo, hi;
};

struct bench_dfa {
	const uint8_t *classes; /* 256 */
	uint16_t *cell;
	uint32_t start, nclasses, cells;
};

struct bench_crit {
	uint32_t type, field, field2, op, count;
	uint32_t kind; /* of the field */
	int exact;
	const struct bench_literal *lit;
	const struct bench_range *range;
	const struct bench_dfa *dfa;
	const char *regex; /* what the DFA was made of, if that is known */
	int glob; /* the expression minds no case, and its dot stands for line feeds too */
};

struct bench_node {
	uint32_t crit, yes, no;
};

struct bench_inst {
	uint32_t type, nnodes;
	const struct bench_node *node;
};

struct bench_type {
	uint32_t id, arity, first, n;
};

struct bench_content {
	struct weir_channel *ch;
	const char *schema; /* a file, or null: the built-in Template Types */
	struct bench_type *type;
	struct bench_inst *inst;
	struct bench_node *node;
	struct bench_crit *crit;
	struct bench_literal *lit;
	struct bench_range *range;
	struct bench_dfa *dfa;
	json_t *patterns; /* owns the expressions */
	uint32_t ntypes, ninsts, nnodes, ncrits;
};

/**
 * bench_content_open() - decode the tables of a channel file; programs ask what is cheap first
 * @ch: an open channel, kept
 * @patterns: JSON lines that tell the regular expressions of rules, or null
 * @out: filled on success; free with bench_content_close()
 *
 * Return: 0 or -1, reported.
 */
int bench_content_open(struct weir_channel *ch, const char *patterns, struct bench_content *out);
void bench_content_close(struct bench_content *c);

/* The type that an event is of; c->ntypes if the content has no instances of it. */
uint32_t bench_type_of(const struct bench_content *c, const struct weir_event *e);

/* A value as a criterion on it reads it: null if it is absent. */
const struct weir_value *bench_value(const struct weir_event *e, uint32_t field, uint32_t kind);

/* A letter of ASCII in lower case, any other byte as it is. */
static inline uint8_t bench_lower(uint8_t x)
{
	return x >= 'A' && x <= 'Z' ? (uint8_t)(x + 32) : x;
}

/* Whether a criterion holds, in the plainest way. */
int bench_holds(const struct bench_crit *c, const struct weir_event *e);

/* Whether an instance matches, each criterion being asked whenever a node names it. */
int bench_matches(const struct bench_content *c, uint32_t inst, const struct weir_event *e);

/* One way to find what matches. */
struct bench_engine {
	const char *name;
	const char *about; /* what it is, in a few words */
	int (*open)(struct bench_engine *e, const struct bench_content *c); /* 0, or -1 and why */
	uint32_t (*eval)(struct bench_engine *e, const struct weir_event *ev);
	void (*flush)(struct bench_engine *e); /* its memory out of all caches; may be null */
	void (*close)(struct bench_engine *e);
	int is_floor; /* reads the strings but matches nothing */
	const void *with; /* what open() needs besides: a struct bench_matcher, or a path */
	void *own;
	uint32_t *match; /* what eval() found: instances, ascending */
	char why[256]; /* it cannot be used */
	double build_ms; /* what it took to compile the patterns, if that was needed */
	size_t memory; /* of what was compiled */
	int opened;
};

extern struct bench_engine bench_weir, bench_trained, bench_linear, bench_folded, bench_bytes,
	bench_dfa;
extern struct bench_engine bench_bpf, bench_hyperscan, bench_re2, bench_yara;

/* All of them, null-terminated. */
extern struct bench_engine *const bench_engines[];

/* Take @n bytes out of all caches. */
void bench_flush(const void *p, size_t n);

/* What Weir reads and writes, out of all caches. */
void bench_weir_flush(const struct weir_channel *ch);

/* Milliseconds that this thread ran. */
double bench_ms(void);

/*
 * From criteria that somebody else decided to instances: each instance is woken by one criterion
 * that it cannot match without; the rest of its program is then asked.
 */
struct bench_confirm {
	const struct bench_content *c;
	uint8_t *decided; /* by criterion: somebody else tells whether it holds */
	uint32_t *first, *woken; /* which instances a criterion wakes: woken[first[c]]... */
	uint32_t *always; /* instances that no such criterion wakes */
	uint32_t from[WEIR_TYPES_MAX + 1]; /* where those of a type begin */
	uint32_t *holds, *memo; /* stamps by criterion: a hit; asked, + 1 if it holds */
	uint32_t stamp;
	uint32_t *todo, ntodo;
};

/* With @decided set by the caller, before all else. */
void bench_confirm_open(struct bench_confirm *f, const struct bench_content *c, uint8_t *decided);
void bench_confirm_close(struct bench_confirm *f);
void bench_confirm_flush(const struct bench_confirm *f);
void bench_confirm_begin(struct bench_confirm *f);
void bench_confirm_hit(struct bench_confirm *f, uint32_t crit);
uint32_t bench_confirm_end(struct bench_confirm *f, const struct weir_event *e, uint32_t *match);

/* A pattern for a matcher of many: a literal at a place, or a regular expression. */
struct bench_pattern {
	uint32_t crit;
	const struct bench_crit *c;
	const struct bench_literal *lit; /* null: c->regex */
};

/* The pattern as a regular expression like those of PCRE, of printable characters; to be freed. */
char *bench_pattern_regex(const struct bench_pattern *p);

/* A matcher of many patterns in one text. */
struct bench_matcher {
	int (*takes)(const struct bench_pattern *p); /* asked of regular expressions only */
	void *(*build)(const struct bench_pattern *p, size_t n, char *why, size_t size);
	int (*scan)(void *m, const struct weir_value *v, struct bench_confirm *f); /* 0 or -1 */
	void (*flush)(void *m); /* may be null */
	size_t (*memory)(void *m);
	void (*release)(void *m);
};

/* An engine around a matcher, which is its @with: one scan a field, then bench_confirm. */
int bench_peer_open(struct bench_engine *e, const struct bench_content *c);
uint32_t bench_peer_eval(struct bench_engine *e, const struct weir_event *ev);
void bench_peer_flush(struct bench_engine *e);
void bench_peer_close(struct bench_engine *e);

/*
 * The events of a file, and what each is to match. An event is one piece of memory, its values and
 * then their bytes, as capture leaves it; one follows the other.
 */
struct bench_events {
	struct weir_event *event; /* n, and one more without values, which is where they end */
	size_t n;
	struct weir_value *memory;
	size_t checked; /* the first so many are checked */
	uint32_t **want, *nwant; /* of these */
	size_t matches;
};

int bench_events_open(const struct bench_content *c, const char *path, uint32_t check,
		      struct bench_events *out);
void bench_events_close(struct bench_events *ev);

/* What to measure, and the figures of one engine. */
struct bench_plan {
	const char *only; /* names of engines with commas, or null */
	double seconds; /* for each engine */
	uint32_t cold; /* events to be evaluated with cold caches */
	uint32_t check; /* events whose matches are checked; 0: all */
	int near; /* events are in the caches, where a hook has them */
};

/* Open, check and measure all engines: an object by name, or null if one was wrong. */
json_t *bench_measure(const struct bench_content *c, const struct bench_events *ev,
		      const struct bench_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
