/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands of weirctl share: the command table, options, output. */
#ifndef WEIR_CTL_H
#define WEIR_CTL_H

#include <jansson.h>

#include "channel.h"
#include "device.h"
#include "weirc.h"
#include "weirlist.h"

/* Options, as bits of what a command takes. --json and --help go with every command. */
enum weir_ctl_option {
	WEIR_OPT_DEVICE = 1 << 0,
	WEIR_OPT_TRUST = 1 << 1,
	WEIR_OPT_STATE = 1 << 2,
	WEIR_OPT_SIGNERS = 1 << 3,
	WEIR_OPT_SCHEMA = 1 << 4,
	WEIR_OPT_OFFLINE = 1 << 5,
	WEIR_OPT_FOLLOW = 1 << 6,
	WEIR_OPT_COUNT = 1 << 7,
	WEIR_OPT_TIMEOUT = 1 << 8,
	WEIR_OPT_CANDIDATE = 1 << 9,
	WEIR_OPT_FAIL_CLOSED = 1 << 10,
	WEIR_OPT_NONE = 1 << 11,
	WEIR_OPT_NO_PROVE = 1 << 12,
	WEIR_OPT_OUTPUT = 1 << 13,
	WEIR_OPT_EVENTS = 1 << 14,
	WEIR_OPT_SECONDS = 1 << 15,
	WEIR_OPT_STAGE = 1 << 16,
	WEIR_OPT_GATE = 1 << 17,
	WEIR_OPT_MANUAL = 1 << 18,
	WEIR_OPT_WAIT = 1 << 19,
	WEIR_OPT_SHADOW = 1 << 20,
	WEIR_OPT_POLICY = 1 << 21,
	WEIR_OPT_LIMIT = 1 << 22,
	WEIR_OPT_KEEP = 1 << 24,
	WEIR_OPT_DRY_RUN = 1 << 25,
	WEIR_OPT_SETTLED = 1 << 26,
	WEIR_OPT_LAST = 1 << 23,
	WEIR_OPT_VERIFY = 1 << 27,
	WEIR_OPT_EXPECT = 1 << 28,
	WEIR_OPT_HEAD = 1 << 29,
	WEIR_OPT_RESTART = 1 << 30,
};

struct weir_options {
	const char *device;
	const char *trust;
	const char *state;
	const char *schema; /* null: the kernel's */
	uint32_t signers;
	const char *output;
	uint32_t count; /* of records or lines; 0: no limit */
	int timeout; /* seconds; -1: none */
	int offline;
	int follow;
	int candidate;
	int fail_closed;
	int none;
	int no_prove;
	uint32_t stage; /* enum weir_u_stage_number */
	int manual; /* promotion is asked for */
	int gated; /* gate is not what it is by default */
	struct weir_u_gate gate;
	int wait; /* until content is trusted */
	int shadow;
	struct weir_u_limits limits; /* those of which the same member is not 0 in: */
	struct weir_u_limits limits_named;
	uint32_t keep; /* newest generations that gc leaves */
	int dry_run;
	int settled;
	int verify;
	const char *expect; /* null: nothing */
	int head;
	int restart;
};

struct weir_ctl_command {
	const char *name;
	const char *args; /* as in the usage line */
	int nargs; /* -1: any number */
	unsigned int options; /* enum weir_ctl_option */
	int (*run)(const struct weir_options *o, char **argv);
	const char *summary; /* one line */
	const char *details; /* paragraphs for --help; ends with a line feed */
};

extern const struct weir_ctl_command weir_ctl_commands[];
extern const size_t weir_ctl_ncommands;

int weir_ctl_status(const struct weir_options *o, char **argv);
int weir_ctl_schema(const struct weir_options *o, char **argv);
int weir_ctl_check(const struct weir_options *o, char **argv);
int weir_ctl_load(const struct weir_options *o, char **argv);
int weir_ctl_submit(const struct weir_options *o, char **argv);
int weir_ctl_promote(const struct weir_options *o, char **argv);
int weir_ctl_rollback(const struct weir_options *o, char **argv);
int weir_ctl_breaker(const struct weir_options *o, char **argv);
int weir_ctl_trust(const struct weir_options *o, char **argv);
int weir_ctl_unload(const struct weir_options *o, char **argv);
int weir_ctl_mode(const struct weir_options *o, char **argv);
int weir_ctl_exempt(const struct weir_options *o, char **argv);
int weir_ctl_events(const struct weir_options *o, char **argv);
int weir_ctl_replay(const struct weir_options *o, char **argv);
int weir_ctl_names(const struct weir_options *o, char **argv);
int weir_ctl_prove(const struct weir_options *o, char **argv);
int weir_ctl_diff(const struct weir_options *o, char **argv);
int weir_ctl_profile(const struct weir_options *o, char **argv);
int weir_ctl_store(const struct weir_options *o, char **argv);
int weir_ctl_boot(const struct weir_options *o, char **argv);
int weir_ctl_log(const struct weir_options *o, char **argv);

/* options.c */

/**
 * weir_options_parse() - read a command's options
 * @c: the command
 * @argc: arguments
 * @argv: them; argv[0] is skipped; reordered
 * @o: filled
 *
 * Return: index of the first argument that is no option, or -1 after a usage error was reported.
 */
int weir_options_parse(const struct weir_ctl_command *c, int argc, char **argv,
		       struct weir_options *o);

/* Print a command's --help. */
void weir_options_help(const struct weir_ctl_command *c, FILE *f);

/**
 * weir_channel_number() - read a channel number
 * @text: the argument
 * @out: set on success
 *
 * Return: 0, or WEIR_EXIT_USAGE after the error was reported.
 */
int weir_channel_number(const char *text, uint32_t *out);

/* cmd_breaker.c */

/* Names of enum weir_u_policy, and what enum weir_u_break_act came to in words. */
const char *weir_policy_name(uint32_t policy);
const char *weir_act_text(uint32_t act);

/* A channel's breaker. */
json_t *weir_breaker_json(const struct weir_u_breaker *b);

/* What it did, a line each; nothing if it did nothing. */
void weir_put_breaker(const struct weir_u_breaker *b);

/* A limit that is a number. */
struct weir_limit {
	const char *name;
	size_t at; /* in struct weir_u_limits; a __u32 */
	uint32_t most;
};

/* By its name, of n bytes; null if there is no such. */
const struct weir_limit *weir_limit_named(const char *name, size_t n);

__u32 *weir_limit_of(struct weir_u_limits *l, const struct weir_limit *which);

/* Limits as JSON, and back: 0, or -1 if they are not whole. */
json_t *weir_limits_json(const struct weir_u_limits *l);
int weir_limits_read(const json_t *o, struct weir_u_limits *l);

/* enum weir_u_policy of a name; -1 if there is no such. */
int weir_policy_number(const char *name, uint32_t *out);

/* trial.c */

/* A trial; null if there is none. */
json_t *weir_trial_json(const struct weir_u_trial *t);

/* One line without its end: how full the bar is, and each gate. */
void weir_put_trial(FILE *f, const char *stage, const struct weir_u_trial *t);

/* How many tenths of the events and seconds are there. */
unsigned int weir_trial_share(const struct weir_u_trial *t);

/* wait.c */

/* How far a version in a channel has come. */
struct weir_standing {
	struct weir_u_channel ch;
	struct weir_u_trials trials;
	uint64_t version;
	uint32_t stage; /* enum weir_u_stage_number; 0: it is not evaluated, nor last-good */
	const struct weir_u_trial *trial; /* of stages below TRUSTED; points into this struct */
};

/* Why content is out, enum weir_u_quarantine, in words; null if it is not known. */
const char *weir_out_text(uint32_t why);

/* Name of a stage; "none" if it is 0. */
const char *weir_stage_name(uint32_t stage);

/**
 * weir_stand() - look how far a version has come
 * @fd: the device
 * @channel: its number
 * @version: of the content; 0: whatever is on trial, the active content first
 * @out: filled; not to be copied
 * @r: the reason
 *
 * Return: 0 or -1.
 */
int weir_stand(int fd, uint32_t channel, uint64_t version, struct weir_standing *out,
	       struct weir_refusal *r);

/* Whether options go with waiting or without it. Return: 0 or WEIR_EXIT_USAGE. */
int weir_wait_options(const char *command, const struct weir_options *o);

/**
 * weir_wait() - show how a trial goes until the content is trusted or out
 * @o: the options
 * @fd: the device
 * @live: its types
 * @channel: its number
 * @version: of the content
 * @promote: end trials that the kernel does not end by itself; else that is somebody else's to do
 * @answer: what else there is to say in JSON; the reference is dropped
 *
 * A signal ends the wait, not the trial. Reports the end itself.
 *
 * Return: WEIR_EXIT_OK if it is trusted, else WEIR_EXIT_FAIL.
 */
int weir_wait(const struct weir_options *o, int fd, const struct weir_live *live, uint32_t channel,
	      uint64_t version, int promote, json_t *answer);

/* cmd_stage.c */

/**
 * weir_stage_up() - ask the kernel for the next stage
 * @fd: the device
 * @now: what goes there, in shadow or on probation
 * @live: the kernel's types
 * @r: the reason
 *
 * On probation the gate is the one that it had in shadow.
 *
 * Return: 0 or -1.
 */
int weir_stage_up(int fd, const struct weir_standing *now, const struct weir_live *live,
		  struct weir_refusal *r);

/* output.c */

/* Report a refusal, as text or JSON. Always WEIR_EXIT_FAIL. */
int weir_refused_by(const struct weir_refusal *r);

/* The same, in JSON as the member error of what else there is to say; drops the reference. */
int weir_refused_with(const struct weir_refusal *r, json_t *o);

/* The refusal that was reported; null if there was none. */
const struct weir_refusal *weir_told(void);

/* Say something that is wrong but stops nothing; to stderr. */
void weir_warn(const struct weir_refusal *r);

/* Print a JSON value as a document of its own, or as one line; drops the reference. */
void weir_put_json(json_t *o);
void weir_put_json_line(json_t *o);

/* Print it as a document with --json, which it is for; drops the reference. */
void weir_answer(json_t *o);

/* Print bytes escaped, filled up with blanks to a width. */
void weir_put_column(const void *p, size_t n, size_t width);

/* journal_end.c */

/**
 * weir_journal_note() - something was decided here, and is to be in the journal
 * @op: one word
 * @o: what else there is to say; the reference is dropped
 *
 * It is written down when the command ends.
 */
void weir_journal_note(const char *op, json_t *o);

/* The same of a refusal, for those that end nothing: the one that weir_told() gives is noted. */
void weir_journal_refused(const struct weir_refusal *r);

/**
 * weir_journal_end() - write down what a command decided, and before that what the kernel did
 * @command: its name
 * @o: its options
 * @argv: its arguments
 *
 * Nothing if the command only reads. What cannot be written is a warning: it stops nothing.
 */
void weir_journal_end(const char *command, const struct weir_options *o, char **argv);

/* types.c */

/**
 * weir_live_open() - the types that the options ask for
 * @o: the options
 * @fd: the device, or -1 where the options do not want it
 * @out: filled on success
 *
 * Reports the error itself.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_live_open(const struct weir_options *o, int fd, struct weir_live *out);

/**
 * weir_live_read() - the same, from the device as the options name it where it is needed
 * @o: the options
 * @out: filled on success
 *
 * Reports the error itself.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_live_read(const struct weir_options *o, struct weir_live *out);

/**
 * weir_live_types() - the same types in the form that weirc's tools take
 * @live: the types
 * @out: filled; free with weir_live_types_free()
 */
void weir_live_types(const struct weir_live *live, struct weir_types *out);
void weir_live_types_free(struct weir_types *ts);

/* cmd_load.c */

/**
 * weir_submit() - hand a file to the kernel, or find it there already
 * @fd: the device
 * @c: with the types it was checked against
 * @k: the file, checked
 * @sub: filled unless the result is 1
 * @r: the reason
 *
 * Return: 0 if the content is the candidate, 1 if it is active, -1 with a reason.
 */
int weir_submit(int fd, const struct weir_check *c, const struct weir_checked *k,
		struct weir_u_submit *sub, struct weir_refusal *r);

/* status_hooks.c */

/**
 * weir_put_hooks() - the module's types and hooks, as part of its status
 * @fd: the device
 * @info: what it said of itself
 * @o: with --json: gets the members types and hooks
 * @r: the reason
 *
 * Return: 0 or -1.
 */
int weir_put_hooks(int fd, const struct weir_u_info *info, json_t *o, struct weir_refusal *r);

/* Name of a hook's Template Type, "?" if weirctl does not know it. */
const char *weir_hook_type(uint32_t id);

/* report.c of this folder */

/* A channel file that passed, in words or JSON. */
json_t *weir_checked_json(const struct weir_checked *k);
void weir_put_checked(const struct weir_checked *k);

#endif
