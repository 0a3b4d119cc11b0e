// SPDX-License-Identifier: GPL-2.0
/* A difference in words, the most important first. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "diff.h"

/* Facts of a file as a whole, in the order in which they are told. */
static const struct {
	const char *key;
	const char *label;
} facts[] = {
	{ "channel", "channel" },     { "name", "name" },
	{ "version", "version" },     { "version_error", "version floor" },
	{ "signers", "signed by" },   { "signature_error", "signature" },
	{ "created", "created" },     { "cost", "worst case in steps an event" },
	{ "instances", "instances" }, { "samples", "sample events" },
	{ "bytes", "bytes" },	      { "sha256", "SHA-256" },
};

static void put_created(json_int_t seconds)
{
	time_t t = (time_t)seconds;
	char when[40];
	struct tm tm;

	if (gmtime_r(&t, &tm) && strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm))
		fputs(when, stdout);
	else
		printf("%" JSON_INTEGER_FORMAT, seconds);
}

static void put_fact(const char *key, const json_t *v)
{
	json_t *one;
	size_t i;

	if (json_is_integer(v) && !strcmp(key, "created"))
		put_created(json_integer_value(v));
	else if (json_is_integer(v))
		printf("%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_string(v))
		fputs(json_string_value(v), stdout);
	else if (json_is_null(v))
		fputs("in order", stdout);
	else if (!json_array_size(v))
		fputs("nobody who is trusted", stdout);
	json_array_foreach(v, i, one)
		printf("%s%s", i ? " and " : "", json_string_value(one));
}

static void put_facts(const json_t *old, const json_t *new)
{
	const json_t *a, *b;
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		a = json_object_get(old, facts[i].key);
		b = json_object_get(new, facts[i].key);
		if (json_equal(a, b))
			continue;
		printf("  %s: ", facts[i].label);
		put_fact(facts[i].key, a);
		fputs(" -> ", stdout);
		put_fact(facts[i].key, b);
		putchar('\n');
	}
}

static int has(const json_t *list, const json_t *v)
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
		if (json_equal(one, v))
			return 1;
	return 0;
}

/* Fields of a type that the one file reads and the other does not. */
static void put_fields(const char *what, const char *type, const json_t *o, const json_t *other)
{
	const json_t *list = json_object_get(o, "fields"), *rest = json_object_get(other, "fields");
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
		if (!has(rest, one))
			printf("  %s the field %s.%s\n", what, type, json_string_value(one));
}

static void put_type(const char *what, const char *type, const json_t *o, const json_t *other)
{
	if (!json_equal(json_object_get(o, "fingerprint"), json_object_get(other, "fingerprint")))
		printf("  %s the type %s with the fingerprint %s\n", what, type,
		       json_string_value(json_object_get(o, "fingerprint")));
	put_fields(what, type, o, other);
}

static void put_types(json_t *old, json_t *new)
{
	const char *name;
	json_t *o;

	json_object_foreach(old, name, o)
		put_type("no longer needs", name, o, json_object_get(new, name));
	json_object_foreach(new, name, o)
		put_type("needs", name, o, json_object_get(old, name));
}

static void put_title(const struct weir_instance *in)
{
	putchar('"');
	weir_put_quoted(stdout, in->title, in->title_len);
	putchar('"');
}

/* All of an instance that is in one file only. */
static void put_whole(const struct weir_diff_file *f, uint32_t i, const char *what)
{
	struct weir_condition *x = weir_condition_make(&f->conditions, i);
	struct weir_instance in = weir_diff_instance(f, i);
	char id[37];

	weir_uuid_text(in.uuid, id);
	printf("  %s %s ", what, id);
	put_title(&in);
	printf("\n          %s, level %s, action %s, on events with\n",
	       weir_channel_type_name(&f->channel, in.type), weir_level_name(in.level),
	       weir_verdict_name(in.action));
	weir_condition_print(&f->conditions, x);
	weir_condition_free(x);
}

static void put_condition(const struct weir_diff *d, const struct weir_diff_change *c)
{
	static const char *const effects[] = {
		[WEIR_DIFF_MORE] = "more events",
		[WEIR_DIFF_LESS] = "fewer events",
		[WEIR_DIFF_MORE | WEIR_DIFF_LESS] = "other events",
	};
	struct weir_condition *a = weir_condition_make(&d->old.conditions, c->old);
	struct weir_condition *b = weir_condition_make(&d->new.conditions, c->new);

	if (c->what & WEIR_DIFF_TYPE) {
		puts("          on events with");
		weir_condition_print(&d->new.conditions, b);
	} else {
		printf("          matches %s\n", effects[c->effect]);
		weir_condition_compare(&d->old.conditions, a, &d->new.conditions, b, 1);
	}
	weir_condition_free(a);
	weir_condition_free(b);
}

static void put_words(const char *label, const char *a, const char *b)
{
	if (strcmp(a, b))
		printf("          %s: %s -> %s\n", label, a, b);
}

static void put_changed(const struct weir_diff *d, const struct weir_diff_change *c)
{
	struct weir_instance a = weir_diff_instance(&d->old, c->old),
			     b = weir_diff_instance(&d->new, c->new);
	char id[37];

	weir_uuid_text(b.uuid, id);
	printf("  changed %s ", id);
	put_title(&b);
	putchar('\n');
	if (c->what & WEIR_DIFF_TITLE) {
		fputs("          title before: ", stdout);
		put_title(&a);
		putchar('\n');
	}
	put_words("action", weir_verdict_name(a.action), weir_verdict_name(b.action));
	put_words("type", weir_channel_type_name(&d->old.channel, a.type),
		  weir_channel_type_name(&d->new.channel, b.type));
	put_words("level", weir_level_name(a.level), weir_level_name(b.level));
	if (c->effect)
		put_condition(d, c);
}

static void put_change(const struct weir_diff *d, const struct weir_diff_change *c)
{
	if (c->old == WEIR_NOWHERE)
		put_whole(&d->new, c->new, "added  ");
	else if (c->new == WEIR_NOWHERE)
		put_whole(&d->old, c->old, "removed");
	else
		put_changed(d, c);
}

static void put_rank(const struct weir_diff *d, enum weir_diff_rank rank)
{
	static const char *const headings[] = {
		[WEIR_DIFF_ACTS] = "What may be denied or killed that was not:",
		[WEIR_DIFF_LOSES] = "What may no longer be detected, or no longer be stopped:",
		[WEIR_DIFF_REST] = "Other instances:",
	};
	uint32_t i, n = 0;

	for (i = 0; i < d->n; i++) {
		if (d->change[i].rank != rank)
			continue;
		if (!n++)
			printf("\n%s\n", headings[rank]);
		put_change(d, &d->change[i]);
	}
}

static void put_file(const struct weir_diff_file *f)
{
	const struct weir_about *a = &f->channel.about;

	printf("channel %" PRIu32 " \"", a->channel);
	weir_put_quoted(stdout, a->name, a->name_len);
	printf("\" version %" PRIu64, a->version);
}

void weir_diff_print(const struct weir_diff *d)
{
	int rank;

	put_file(&d->old);
	fputs(" -> ", stdout);
	put_file(&d->new);
	printf("\ninstances: %" PRIu32 " added, %" PRIu32 " removed, %" PRIu32 " changed, %" PRIu32
	       " as before\n",
	       d->added, d->removed, d->n - d->added - d->removed, d->same);
	for (rank = 0; rank < WEIR_DIFF_RANKS; rank++)
		put_rank(d, rank);
	if (json_equal(d->old.facts, d->new.facts))
		return;
	puts("\nThe channel:");
	put_facts(d->old.facts, d->new.facts);
	put_types(json_object_get(d->old.facts, "types"), json_object_get(d->new.facts, "types"));
}
