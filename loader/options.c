// SPDX-License-Identifier: GPL-2.0
/* Options of weirctl: one table for parsing and for --help. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "weirstore.h"

static const struct {
	const char *name;
	const char *arg; /* null: takes none */
	unsigned int bit; /* 0: goes with every command */
	const char *help;
} table[] = {
	{ "device", "FILE", WEIR_OPT_DEVICE, "the control device (default " WEIR_DEVICE ")" },
	{ "trust", "DIR", WEIR_OPT_TRUST,
	  "trusted certificates, revocation lists and policy (default " WEIR_TRUST_DIR ")" },
	{ "state", "DIR", WEIR_OPT_STATE,
	  "version floors, store, journal (default " WEIR_STATE_DIR ")" },
	{ "signers", "N", WEIR_OPT_SIGNERS,
	  "distinct trusted signers required; never fewer than the policy asks for" },
	{ "schema", "FILE", WEIR_OPT_SCHEMA, "use the Template Types of a JSON file" },
	{ "offline", NULL, WEIR_OPT_OFFLINE, "use the built-in Template Types; no device needed" },
	{ "follow", NULL, WEIR_OPT_FOLLOW, "wait for more, and print it as it comes" },
	{ "count", "N", WEIR_OPT_COUNT,
	  "wait for N records, then stop; exit 1 if they do not come in time" },
	{ "timeout", "S", WEIR_OPT_TIMEOUT, "stop after S seconds" },
	{ "output", "FILE", WEIR_OPT_OUTPUT, "the file to write; -o FILE is the same" },
	{ "events", "N", WEIR_OPT_EVENTS, "stop after N events" },
	{ "seconds", "N", WEIR_OPT_SECONDS, "stop after N seconds (default 60, without --events)" },
	{ "candidate", NULL, WEIR_OPT_CANDIDATE, "use the candidate, not the active content" },
	{ "fail-closed", NULL, WEIR_OPT_FAIL_CLOSED,
	  "deny what the content could not be evaluated on to its end" },
	{ "none", NULL, WEIR_OPT_NONE, "empty the list" },
	{ "no-prove", NULL, WEIR_OPT_NO_PROVE, "do not make hooks fire" },
	{ "stage", "STAGE", WEIR_OPT_STAGE,
	  "shadow, probation (as without it) or trusted: where its trial begins, if it has one" },
	{ "gate", "NAME=N", WEIR_OPT_GATE,
	  "what the trial asks for: events, seconds, matches, verdicts (in a million events), "
	  "steps" },
	{ "manual", NULL, WEIR_OPT_MANUAL, "leave it to weirctl promote to end the trial" },
	{ "wait", NULL, WEIR_OPT_WAIT, "until it is trusted, or out: exit 1" },
	{ "shadow", NULL, WEIR_OPT_SHADOW, "drop what is in shadow, not the active content" },
	{ "policy", "POLICY", WEIR_OPT_POLICY,
	  "last-good, audit, off or hold: what comes of a limit that is reached" },
	{ "limit", "NAME=N", WEIR_OPT_LIMIT,
	  "rate, share (percent), least or kills; 0: no such limit" },
	{ "keep", "N", WEIR_OPT_KEEP, "leave the N newest generations (default 10)" },
	{ "dry-run", NULL, WEIR_OPT_DRY_RUN, "say what would be loaded; change nothing" },
	{ "settled", NULL, WEIR_OPT_SETTLED, "load nothing; note that this boot has ended well" },
	{ "last", "N", WEIR_OPT_LAST, "the last N lines only" },
	{ "verify", NULL, WEIR_OPT_VERIFY, "check every line; print nothing else" },
	{ "expect", "N:SUM", WEIR_OPT_EXPECT, "and that there is such a line: --head gave it" },
	{ "head", NULL, WEIR_OPT_HEAD,
	  "number and SHA-256 of the last line, to be kept elsewhere" },
	{ "restart", NULL, WEIR_OPT_RESTART, "set the journal aside, and begin a new one" },
	{ "json", NULL, 0, "JSON on standard output, errors too" },
	{ "help", NULL, 0, "this text" },
};

/* What a trial asks for by itself. */
#define GATE_EVENTS 100
#define GATE_SECONDS 60
#define GATE_MATCHES 50000
#define GATE_VERDICTS 50000

#define NOPTIONS (sizeof(table) / sizeof(table[0]))

void weir_options_help(const struct weir_ctl_command *c, FILE *f)
{
	char name[32];
	size_t i;

	fprintf(f, "usage: weirctl %s [OPTIONS]%s%s\n\n%s\n", c->name, *c->args ? " " : "", c->args,
		c->details);
	for (i = 0; i < NOPTIONS; i++) {
		if (table[i].bit && !(c->options & table[i].bit))
			continue;
		snprintf(name, sizeof(name), "--%s%s%s", table[i].name, table[i].arg ? " " : "",
			 table[i].arg ? table[i].arg : "");
		fprintf(f, "  %-15s %s\n", name, table[i].help);
	}
}

/* A whole number in a range; -1 if it is none. */
static int64_t number(const char *text, int64_t lo, int64_t hi)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(text, &end, 10);
	if (errno || end == text || *end || v < lo || v > hi)
		return -1;
	return v;
}

int weir_channel_number(const char *text, uint32_t *out)
{
	int64_t v = number(text, 1, UINT32_MAX);

	if (v < 0)
		return weir_usage("COMMAND", "\"%s\" is no channel number", text);
	*out = (uint32_t)v;
	return 0;
}

static int take_number(const struct weir_ctl_command *c, const char *name, int64_t hi, int64_t *out)
{
	*out = number(optarg, 1, hi);
	if (*out > 0)
		return 0;
	weir_usage(c->name, "--%s takes a number from 1 to %lld, not \"%s\"", name, (long long)hi,
		   optarg);
	return -1;
}

/* The options of boot and store. */
static int take_store(const struct weir_ctl_command *c, unsigned int bit, struct weir_options *o)
{
	int64_t v = 0;

	switch (bit) {
	case WEIR_OPT_DRY_RUN:
		o->dry_run = 1;
		break;
	case WEIR_OPT_SETTLED:
		o->settled = 1;
		break;
	case WEIR_OPT_KEEP:
		if (take_number(c, "keep", UINT32_MAX, &v))
			return -1;
		o->keep = (uint32_t)v;
		break;
	}
	return 0;
}

static int take_stage(const struct weir_ctl_command *c, struct weir_options *o)
{
	static const char *const names[] = { [WEIR_STAGE_SHADOW] = "shadow",
					     [WEIR_STAGE_PROBATION] = "probation",
					     [WEIR_STAGE_TRUSTED] = "trusted" };
	uint32_t i;

	for (i = WEIR_STAGE_SHADOW; i <= WEIR_STAGE_TRUSTED; i++)
		if (!strcmp(optarg, names[i]))
			o->stage = i;
	if (o->stage)
		return 0;
	weir_usage(c->name, "--stage takes shadow, probation or trusted, not \"%s\"", optarg);
	return -1;
}

static int take_policy(const struct weir_ctl_command *c, struct weir_options *o)
{
	if (!weir_policy_number(optarg, &o->limits.policy)) {
		o->limits_named.policy = 1;
		return 0;
	}
	weir_usage(c->name, "--policy takes last-good, audit, off or hold, not \"%s\"", optarg);
	return -1;
}

static int take_limit(const struct weir_ctl_command *c, struct weir_options *o)
{
	size_t n = strcspn(optarg, "=");
	const struct weir_limit *l = weir_limit_named(optarg, n);
	int64_t v = l && optarg[n] ? number(optarg + n + 1, 0, l->most) : -1;

	if (v >= 0) {
		*weir_limit_of(&o->limits, l) = (__u32)v;
		*weir_limit_of(&o->limits_named, l) = 1;
		return 0;
	}
	weir_usage(c->name,
		   "--limit takes rate=N, share=N up to 100, least=N, kills=N, matches=N or "
		   "steps=N, not \"%s\"",
		   optarg);
	return -1;
}

static int take_gate(const struct weir_ctl_command *c, struct weir_options *o)
{
	const struct {
		const char *name;
		__u64 *to;
	} gates[] = { { "events=", &o->gate.events },
		      { "seconds=", &o->gate.seconds },
		      { "matches=", &o->gate.matches_ppm },
		      { "verdicts=", &o->gate.verdicts_ppm },
		      { "steps=", &o->gate.mean_steps } };
	size_t i, n;
	int64_t v;

	for (i = 0; i < sizeof(gates) / sizeof(gates[0]); i++) {
		n = strlen(gates[i].name);
		if (strncmp(optarg, gates[i].name, n))
			continue;
		v = number(optarg + n, 0, INT64_MAX);
		if (v < 0)
			break;
		*gates[i].to = (__u64)v;
		o->gated = 1;
		return 0;
	}
	weir_usage(c->name,
		   "--gate takes events=N, seconds=N, matches=N, verdicts=N or steps=N, not \"%s\"",
		   optarg);
	return -1;
}

/* What an option without an argument sets; null for the others. */
static int *flag_of(unsigned int bit, struct weir_options *o)
{
	switch (bit) {
	case WEIR_OPT_OFFLINE:
		return &o->offline;
	case WEIR_OPT_FOLLOW:
		return &o->follow;
	case WEIR_OPT_CANDIDATE:
		return &o->candidate;
	case WEIR_OPT_FAIL_CLOSED:
		return &o->fail_closed;
	case WEIR_OPT_NONE:
		return &o->none;
	case WEIR_OPT_NO_PROVE:
		return &o->no_prove;
	case WEIR_OPT_MANUAL:
		return &o->manual;
	case WEIR_OPT_WAIT:
		return &o->wait;
	case WEIR_OPT_SHADOW:
		return &o->shadow;
	case WEIR_OPT_VERIFY:
		return &o->verify;
	case WEIR_OPT_HEAD:
		return &o->head;
	case WEIR_OPT_RESTART:
		return &o->restart;
	default:
		return NULL;
	}
}

static int take(const struct weir_ctl_command *c, size_t i, struct weir_options *o)
{
	int *flag = flag_of(table[i].bit, o);
	int64_t v = 0;

	if (flag) {
		*flag = 1;
		return 0;
	}
	switch (table[i].bit) {
	case WEIR_OPT_DEVICE:
		o->device = optarg;
		break;
	case WEIR_OPT_TRUST:
		o->trust = optarg;
		break;
	case WEIR_OPT_STATE:
		o->state = optarg;
		break;
	case WEIR_OPT_SCHEMA:
		o->schema = optarg;
		break;
	case WEIR_OPT_STAGE:
		return take_stage(c, o);
	case WEIR_OPT_GATE:
		return take_gate(c, o);
	case WEIR_OPT_POLICY:
		return take_policy(c, o);
	case WEIR_OPT_LIMIT:
		return take_limit(c, o);
	case WEIR_OPT_SIGNERS:
		if (take_number(c, "signers", WEIR_SIGNERS_MAX, &v))
			return -1;
		o->signers = (uint32_t)v;
		break;
	case WEIR_OPT_COUNT:
	case WEIR_OPT_EVENTS:
	case WEIR_OPT_LAST:
		if (take_number(c, table[i].name, UINT32_MAX, &v))
			return -1;
		o->count = (uint32_t)v;
		break;
	case WEIR_OPT_EXPECT:
		o->expect = optarg;
		break;
	case WEIR_OPT_OUTPUT:
		o->output = optarg;
		break;
	case WEIR_OPT_TIMEOUT:
	case WEIR_OPT_SECONDS:
		if (take_number(c, table[i].name, 1000000, &v))
			return -1;
		o->timeout = (int)v;
		break;
	default:
		return take_store(c, table[i].bit, o);
	}
	return 0;
}

static void fill_getopt(const struct weir_ctl_command *c, struct option *out)
{
	size_t i, n = 0;

	for (i = 0; i < NOPTIONS; i++) {
		if (table[i].bit && !(c->options & table[i].bit))
			continue;
		out[n].name = table[i].name;
		out[n].has_arg = table[i].arg ? required_argument : no_argument;
		out[n].val = (int)i;
		n++;
	}
}

/* What -o is short for. */
static int output_option(void)
{
	size_t i;

	for (i = 0; table[i].bit != WEIR_OPT_OUTPUT; i++)
		;
	return (int)i;
}

int weir_options_parse(const struct weir_ctl_command *c, int argc, char **argv,
		       struct weir_options *o)
{
	struct option options[NOPTIONS + 1] = { { .name = NULL } };
	int i;

	*o = (struct weir_options){ .device = WEIR_DEVICE,
				    .trust = WEIR_TRUST_DIR,
				    .state = WEIR_STATE_DIR,
				    .timeout = -1,
				    .gate = { .events = GATE_EVENTS,
					      .seconds = GATE_SECONDS,
					      .matches_ppm = GATE_MATCHES,
					      .verdicts_ppm = GATE_VERDICTS },
				    .keep = WEIR_STORE_KEEP };
	fill_getopt(c, options);
	opterr = 0;
	while ((i = getopt_long(argc, argv, c->options & WEIR_OPT_OUTPUT ? "o:" : "", options,
				NULL)) != -1) {
		if (i == 'o')
			i = output_option();
		if (i == '?') {
			weir_usage(c->name, "unknown or incomplete option %s", argv[optind - 1]);
			return -1;
		}
		/* An unset variable of a script, say: no folder is the root folder. */
		if (table[i].arg && !*optarg) {
			weir_usage(c->name, "--%s is given nothing", table[i].name);
			return -1;
		}
		if (take(c, (size_t)i, o))
			return -1;
	}
	if (o->offline && o->schema) {
		weir_usage(c->name, "--offline and --schema exclude each other");
		return -1;
	}
	return optind;
}
