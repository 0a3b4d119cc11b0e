// SPDX-License-Identifier: GPL-2.0
/* Lines of the journal in words. */
#include <inttypes.h>
#include <string.h>

#include "events_out.h"
#include "journal.h"

static const char *text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* Only ever of what this program wrote; a number above 2^63 is not among it. */
static json_int_t number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static int has(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return v && !json_is_null(v);
}

/* Escaped when it was written; once more, in case it was not weirctl that did. */
static void put_text(const json_t *o, const char *key)
{
	const char *s = text(o, key);

	weir_put_quoted(stdout, s, strlen(s));
}

static void put_who(const json_t *o)
{
	int alone = json_is_true(json_object_get(o, "by_kernel"));

	if (alone)
		fputs(has(o, "uid") ? "kernel, for uid " : "kernel", stdout);
	else
		fputs(has(o, "uid") ? "uid " : "nobody", stdout);
	if (has(o, "uid"))
		printf("%" JSON_INTEGER_FORMAT, number(o, "uid"));
	if (has(o, "auid"))
		printf(" (login %" JSON_INTEGER_FORMAT ")", number(o, "auid"));
}

static void put_content(const json_t *o)
{
	json_t *version = json_object_get(o, "version");

	if (!has(o, "channel"))
		return;
	printf("channel %" JSON_INTEGER_FORMAT, number(o, "channel"));
	if (json_is_string(version)) {
		fputs(" version ", stdout);
		put_text(o, "version");
	} else if (version) {
		printf(" version %" JSON_INTEGER_FORMAT, json_integer_value(version));
	}
	fputs(": ", stdout);
}

static void put_mode(const json_t *o)
{
	printf("mode %s%s", number(o, "value") == WEIR_MODE_ENFORCE ? "enforce" : "audit",
	       number(o, "flags") & WEIR_MODE_FAIL_CLOSED ? ", fail-closed" : "");
}

static void put_stage(const json_t *o)
{
	printf("stage %s", weir_stage_name((uint32_t)number(o, "value")));
}

static void put_out(const json_t *o)
{
	const char *why = weir_out_text((uint32_t)number(o, "value"));

	printf("%s: %s", strcmp(text(o, "op"), "out") ? "dropped" : "taken out",
	       why ? why : "it is not known why");
	if (has(o, "instance"))
		printf(", instance %" JSON_INTEGER_FORMAT, number(o, "instance"));
	if (has(o, "field"))
		printf(", field %" JSON_INTEGER_FORMAT, number(o, "field"));
}

static void put_break(const json_t *o)
{
	printf("limit %s of the breaker reached; %s", weir_break_name((uint32_t)number(o, "flags")),
	       weir_act_text((uint32_t)number(o, "value")));
}

static void put_limits(const json_t *o)
{
	printf("limits of the breaker set, policy %s",
	       weir_policy_name((uint32_t)number(o, "value")));
}

static void put_exempt(const json_t *o)
{
	printf("executables exempt: %" JSON_INTEGER_FORMAT, number(o, "value"));
}

static void put_trust(const json_t *o)
{
	printf("trust list %" JSON_INTEGER_FORMAT " is in force", number(o, "version"));
}

static void put_lost(const json_t *o)
{
	printf("%" JSON_INTEGER_FORMAT " decisions are lost: the kernel did not keep them",
	       number(o, "count"));
}

static void put_refused(const json_t *o)
{
	put_text(o, "command");
	fputs(" refused: ", stdout);
	put_text(o, "code");
	fputs(": ", stdout);
	if (has(o, "file")) {
		put_text(o, "file");
		fputs(": ", stdout);
	}
	put_text(o, "text");
}

static void put_begin(const json_t *o)
{
	fputs("the journal begins", stdout);
	if (!has(o, "old"))
		return;
	fputs(", after ", stdout);
	put_text(o, "old");
	printf(" with %" JSON_INTEGER_FORMAT " lines", number(o, "lines"));
	if (!has(o, "wrong"))
		return;
	printf(" that verify; line %" JSON_INTEGER_FORMAT " does not: ", number(o, "lines") + 1);
	put_text(o, "wrong");
}

static void put_cut(const json_t *o)
{
	printf("half a line was cut off, %" JSON_INTEGER_FORMAT " bytes", number(o, "bytes"));
}

static void put_boot(const json_t *o)
{
	printf("boot with generation %" JSON_INTEGER_FORMAT " (", number(o, "generation"));
	put_text(o, "choice");
	printf("); channels loaded: %zu, refused: %" JSON_INTEGER_FORMAT,
	       json_array_size(json_object_get(o, "loaded")), number(o, "failed"));
}

static void put_generation(const json_t *o)
{
	put_text(o, "op");
	printf(": generation %" JSON_INTEGER_FORMAT, number(o, "generation"));
}

static void put_removed(const json_t *o)
{
	put_text(o, "op");
	fputs(has(o, "sha256") ? " of " : "", stdout);
	put_text(o, "sha256");
	printf(": removed %" JSON_INTEGER_FORMAT " generations, %" JSON_INTEGER_FORMAT " objects",
	       number(o, "generations"), number(o, "objects"));
}

static void put_list(const json_t *o)
{
	printf("trust list %" JSON_INTEGER_FORMAT " is kept on disk", number(o, "version"));
}

/* How each kind is said; those of the kernel may have been refused instead. */
static const struct {
	const char *op;
	const char *words; /* where put is null */
	void (*put)(const json_t *o);
} table[] = {
	{ "submit", "submitted", NULL },
	{ "activate", "active, trusted", NULL },
	{ "stage", NULL, put_stage },
	{ "rollback", "rolled back", NULL },
	{ "back", "active again", NULL },
	{ "unload", "unloaded", NULL },
	{ "mode", NULL, put_mode },
	{ "exempt", NULL, put_exempt },
	{ "limits", NULL, put_limits },
	{ "break", NULL, put_break },
	{ "out", NULL, put_out },
	{ "drop", NULL, put_out },
	{ "trust", NULL, put_trust },
	{ "lost", NULL, put_lost },
	{ "refused", NULL, put_refused },
	{ "begin", NULL, put_begin },
	{ "cut", NULL, put_cut },
	{ "boot", NULL, put_boot },
	{ "settled", NULL, put_generation },
	{ "store-rollback", NULL, put_generation },
	{ "store-keep", NULL, put_generation },
	{ "store-unkeep", NULL, put_generation },
	{ "store-gc", NULL, put_removed },
	{ "store-purge", NULL, put_removed },
	{ "list", NULL, put_list },
};

static void put_what(const json_t *o)
{
	const char *op = text(o, "op");
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].op, op))
			continue;
		if (table[i].put)
			table[i].put(o);
		else
			fputs(table[i].words, stdout);
		return;
	}
	put_text(o, "op");
}

/* What the kernel refused: code says more than errno, if it is there. */
static void put_kernel_refused(const json_t *o)
{
	const char *name = strerrorname_np((int)number(o, "errno"));

	put_text(o, "op");
	fputs(" refused by the kernel: ", stdout);
	if (has(o, "code"))
		put_text(o, "code");
	else
		fputs(name ? name : "?", stdout);
}

void weir_put_decision(const json_t *o)
{
	const char *time = text(o, "time");

	if (time[strspn(time, "0123456789-:.TZ")])
		time = "";
	printf("%-10.10s %-8.8s  ", time, strlen(time) > 11 ? time + 11 : "");
	put_who(o);
	fputs("  ", stdout);
	if (strcmp(text(o, "op"), "refused"))
		put_content(o);
	if (has(o, "errno"))
		put_kernel_refused(o);
	else
		put_what(o);
	putchar('\n');
}
