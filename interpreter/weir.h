/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The core: verify a channel file, evaluate it on events. The same code in weir.ko and in user
 * space; no allocation, no recursion, nothing of libc or of the kernel but what port.h names.
 */
#ifndef WEIR_H
#define WEIR_H

#include "port.h"
#include "limits.h"
#include "format.h"

/* What a value can be. NONE is the kind of an absent value. */
enum weir_kind {
	WEIR_KIND_none,
	WEIR_KIND_string, /* bytes with a length; NUL is a byte like any other */
	WEIR_KIND_u64,
	WEIR_KIND_i64, /* num holds the value with its sign bit flipped */
	WEIR_KIND_ip, /* 4 or 16 bytes in network order */
	WEIR_KIND_bool, /* num is 0 or 1 */
	WEIR_KIND_enum, /* num is the position in the field's list of values */
	WEIR_KIND_end
};

/* What comes out of an evaluation, weakest first; also an instance's action. */
enum weir_verdict {
	WEIR_VERDICT_NONE,
	WEIR_VERDICT_ALERT,
	WEIR_VERDICT_DENY,
	WEIR_VERDICT_KILL,
	WEIR_VERDICT_END
};

/* Sigma's levels. */
enum weir_level {
	WEIR_LEVEL_NONE,
	WEIR_LEVEL_INFORMATIONAL,
	WEIR_LEVEL_LOW,
	WEIR_LEVEL_MEDIUM,
	WEIR_LEVEL_HIGH,
	WEIR_LEVEL_CRITICAL,
	WEIR_LEVEL_END
};

enum weir_code {
#define WEIR_E(name, text) WEIR_E_##name,
#include "errors.def"
#undef WEIR_E
	WEIR_E_END
};

#define WEIR_NOWHERE 0xffffffffu

/* Why and where content was refused. A member that does not apply is WEIR_NOWHERE. */
struct weir_error {
	u32 code; /* enum weir_code */
	u32 section; /* enum weir_section */
	u32 offset; /* bytes from the start of the file */
	u32 type; /* Template Type id */
	u32 instance; /* instance number */
	u32 field; /* field number in its type */
};

/* One value of an event. The event owns the bytes behind ptr. */
struct weir_value {
	const u8 *ptr; /* string, ip */
	u64 num; /* u64, i64, bool, enum */
	u32 len; /* bytes at ptr; at most WEIR_VALUE_MAX */
	u32 kind; /* enum weir_kind */
};

/* What happened: n values in the order of the Template Type's fields; n may be below its arity. */
struct weir_event {
	const struct weir_value *v;
	u32 n;
	u32 type; /* Template Type id */
};

/* A Template Type as verification sees it. */
struct weir_schema_type {
	u32 id;
	u32 arity; /* at most WEIR_ARITY_MAX */
	u64 fingerprint;
	u64 provided; /* bit i: the capture point fills field i */
	u64 no_deny; /* bit i: events whose selector has the value i cannot be denied */
	u64 no_kill; /* likewise: what caused them cannot be killed */
	u32 selector; /* an enum field of every event; WEIR_NOWHERE: bit 0 is about all events */
	u8 kind[WEIR_ARITY_MAX];
};

struct weir_schema {
	const struct weir_schema_type *t;
	u32 n;
};

/* Where things are in a channel file: all that is ever kept of a header. Passed by value. */
struct weir_view {
	const u8 *b;
	u32 n;
	u32 text, ntext;
	u32 types, ntypes;
	u32 kinds, nkinds;
	u32 insts, ninsts;
	u32 nodes, nnodes;
	u32 crits, ncrits;
	u32 lits, nlits;
	u32 nums, nnums;
	u32 pool, npool;
	u32 dfas, ndfas;
	u32 dfad, ndfad;
	u32 probes, nprobes;
	u32 filters, nfilters;
	u32 entries, nentries;
	u32 wakes, nwakes;
	u32 samples, nsamples;
	u32 svals, nsvals;
	u32 sexps, nsexps;
	u32 sdata, nsdata;
};

enum weir_status {
	WEIR_DONE, /* evaluated to the end */
	WEIR_FUEL, /* the step budget ran out */
	WEIR_FAULT, /* a content table was out of bounds: the content is not to be used again */
};

/* What eval() is lent by its caller. */
struct weir_run {
	u32 *scratch; /* nscratch words, contents arbitrary; weir_about() says how many bytes */
	u32 nscratch;
	u32 *match; /* room for cap instance numbers */
	u32 cap;
	u64 fuel; /* steps it may take; the declared cost always suffices */
};

struct weir_result {
	u32 status; /* enum weir_status */
	u32 verdict; /* enum weir_verdict: the strongest action of what matched */
	u32 nmatch; /* what matched; the first min(nmatch, cap) are in match[], ascending */
	u32 trips; /* input reads past what the event carries, or of another kind than declared */
	u32 trip_inst; /* of the first such read; WEIR_NOWHERE if the index made it, or none */
	u32 trip_field;
	u32 fault_inst; /* with WEIR_FAULT and WEIR_FUEL: where it happened, or WEIR_NOWHERE */
	u64 steps;
};

/**
 * weir_open() - read the header of a channel file
 * @b: content without its signature; not kept
 * @n: bytes at @b
 * @out: written only on success
 * @err: written only on failure; code, section and offset
 *
 * Checks magic, format version, size and section table: after it every table lies inside the file.
 * Says nothing about what the tables hold.
 *
 * Context: any; does not sleep.
 * Return: WEIR_E_OK or the enum weir_code that is also in @err.
 */
u32 weir_open(const u8 *b, u32 n, struct weir_view *out, struct weir_error *err);

/**
 * weir_verify() - check an opened channel file, all of it, against a schema
 * @v: from weir_open()
 * @s: the Template Types to check against; all provided bits set where nothing is captured
 * @err: written only on failure
 *
 * Time is linear in the size of the file. Content that passes makes weir_eval() neither fault nor
 * run out of its declared cost.
 *
 * Context: any; does not sleep, but takes time: not under a spinlock.
 * Return: WEIR_E_OK or the enum weir_code that is also in @err.
 */
u32 weir_verify(const struct weir_view *v, const struct weir_schema *s, struct weir_error *err);

/**
 * weir_actions() - may an instance match events to which its action cannot be applied
 * @v: a file that weir_verify() accepted
 * @s: the Template Types, with no_deny and no_kill
 * @w: scratch of WEIR_ACTION_WORDS words
 * @err: written only on failure; type, instance, and as field the type's selector
 *
 * A criterion on the selector is decided for each value at which the action has no effect; any
 * other may hold or not, each time it is asked. So this may refuse what would never match, and
 * never passes what may. Time is linear in the nodes of instances that deny (kill), times those
 * values.
 *
 * Context: any; does not sleep, but takes time: not under a spinlock.
 * Return: WEIR_E_OK or WEIR_E_ACTION_UNSUPPORTED; WEIR_E_INSTANCE_TYPE or WEIR_E_TYPE_UNKNOWN only
 * on what weir_verify() would refuse.
 */
u32 weir_actions(const struct weir_view *v, const struct weir_schema *s, u32 *w,
		 struct weir_error *err);

/**
 * weir_eval() - the Content Interpreter
 * @v: from weir_open(); the content behind it need not have been verified
 * @e: the event
 * @run: scratch, room for matches, fuel
 * @res: always written
 *
 * Memory-safe on any content. A criterion on an absent value is false.
 *
 * Context: any; does not sleep.
 */
void weir_eval(const struct weir_view *v, const struct weir_event *e, const struct weir_run *run,
	       struct weir_result *res);

/**
 * weir_criterion() - decide one criterion alone, for those who want to know why
 * @v: an opened and verified file
 * @e: an event of the criterion's type
 * @crit: criterion number
 *
 * Return: 1 it holds, 0 it does not, -1 no such criterion or not well formed.
 */
int weir_criterion(const struct weir_view *v, const struct weir_event *e, u32 crit);

/**
 * weir_cost() - what the header has to declare as worst-case cost
 * @v: an opened file
 *
 * Return: steps; 0 if a node names a criterion that does not exist or has too many operands.
 */
u64 weir_cost(const struct weir_view *v);

/**
 * weir_wanted() - which fields of a Template Type the content reads
 * @v: an opened and verified file
 * @type: Template Type id
 *
 * Return: a mask with bit i set if some criterion reads field i; 0 also if the type is not used.
 */
u64 weir_wanted(const struct weir_view *v, u32 type);

/**
 * weir_reads() - which fields an instance may read
 * @v: an opened file
 * @i: instance number
 *
 * Return: a mask with bit i set if some criterion of its program reads field i; all bits if there
 * is no such instance or its program is not well formed.
 */
u64 weir_reads(const struct weir_view *v, u32 i);

/**
 * weir_uses() - whether content holds instances of a Template Type
 * @v: an opened and verified file
 * @type: Template Type id
 *
 * Return: 1 or 0.
 */
int weir_uses(const struct weir_view *v, u32 type);

/**
 * weir_sample() - one of the sample events that a channel file carries
 * @v: an opened and verified file
 * @i: sample number, below v->nsamples
 * @val: filled with the sample's values
 * @n: room in @val: at least the arity of the sample's type
 * @e: describes the event; points to @val and into the file
 *
 * Return: 0, or -1 if the sample is not well formed or does not fit.
 */
int weir_sample(const struct weir_view *v, u32 i, struct weir_value *val, u32 n,
		struct weir_event *e);

/**
 * weir_sample_ok() - did a sample event match what its file expects
 * @v: the same file
 * @i: the same sample
 * @match: ascending instance numbers that matched
 * @nmatch: how many
 *
 * Return: 1 if exactly the expected instances matched, else 0.
 */
int weir_sample_ok(const struct weir_view *v, u32 i, const u32 *match, u32 nmatch);

/* What there is to know of an instance. The title points into the file and is not terminated. */
struct weir_instance {
	u8 uuid[16];
	u32 type; /* Template Type id */
	u32 level;
	u32 action;
	const u8 *title;
	u32 title_len;
};

/**
 * weir_instance() - describe an instance of an opened file
 * @v: an opened file
 * @i: instance number
 * @out: filled on success
 *
 * Return: 0, or -1 if there is no such instance or its record is not well formed.
 */
int weir_instance(const struct weir_view *v, u32 i, struct weir_instance *out);

/* Header values that evaluation does not need. */
struct weir_about {
	u32 channel;
	u32 scratch; /* bytes of scratch weir_eval() needs, a multiple of 4 */
	u64 version;
	u64 created;
	u64 cost;
	const u8 *name; /* points into the file, not terminated */
	u32 name_len;
};

/**
 * weir_about() - the header values of an opened file
 * @v: an opened file
 * @out: always filled
 */
void weir_about(const struct weir_view *v, struct weir_about *out);

/**
 * weir_strerror() - the text of an enum weir_code
 * @code: any number
 *
 * Return: a static string, never NULL.
 */
const char *weir_strerror(u32 code);

/**
 * weir_section_name() - the name of an enum weir_section, lower case
 * @section: any number
 *
 * Return: a static string, never NULL.
 */
const char *weir_section_name(u32 section);

#endif
