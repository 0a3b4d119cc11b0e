// SPDX-License-Identifier: GPL-2.0
/* The command table of weirctl. Documentation/weirctl.8 has the same commands and options. */
#include "ctl.h"

#define CHECKS (WEIR_OPT_TRUST | WEIR_OPT_STATE | WEIR_OPT_SIGNERS | WEIR_OPT_DEVICE)

const struct weir_ctl_command weir_ctl_commands[] = {
	{ "status", "", 0, WEIR_OPT_DEVICE, weir_ctl_status, "channels, versions, counters, health",
	  "Shows the module's counters and, for each channel, its versions by slot, its mode and\n"
	  "its health; the fields captured now; and the hooks that are armed or could not be.\n" },
	{ "check", "FILE", 1, CHECKS | WEIR_OPT_SCHEMA | WEIR_OPT_OFFLINE, weir_ctl_check,
	  "all of load's checks; nothing is submitted",
	  "Runs every check of load that needs no submission: size, signature, signers, digest\n"
	  "strength, version floor, schema and content, and the file's own sample events.\n" },
	{ "diff", "OLD NEW", 2,
	  WEIR_OPT_TRUST | WEIR_OPT_STATE | WEIR_OPT_DEVICE | WEIR_OPT_SCHEMA | WEIR_OPT_OFFLINE,
	  weir_ctl_diff, "what another version of a channel file changes",
	  "Says in words which instances the channel file NEW adds, removes and changes\n"
	  "beside OLD: first what may be denied or killed that was not, then what may no longer\n"
	  "be detected. Both files go through check's checks; who signed them, and that one is\n"
	  "older than what was active here, is told and refuses nothing. Exit codes: 0 no\n"
	  "difference, 1 differences, 2 trouble.\n" },
	{ "load", "FILE", 1,
	  CHECKS | WEIR_OPT_NO_PROVE | WEIR_OPT_STAGE | WEIR_OPT_GATE | WEIR_OPT_MANUAL |
		  WEIR_OPT_WAIT | WEIR_OPT_TIMEOUT,
	  weir_ctl_load, "check a channel file and make it active, on trial",
	  "Checks the file as check does against the running kernel, submits it, runs its sample\n"
	  "events in the kernel, activates it, raises the channel's version floor on disk, and\n"
	  "puts it into the store as a new generation.\n"
	  "Stops at the first failure. The kernel also gets the host's table of user names.\n"
	  "Then does what prove does; exit code 1 if a hook is silent.\n"
	  "The content is on trial: the kernel trusts it, or goes back to what it trusted "
	  "before.\n" },
	{ "prove", "", 0, WEIR_OPT_DEVICE | WEIR_OPT_STATE, weir_ctl_prove,
	  "make armed hooks fire that did not yet",
	  "For each armed hook that the module cannot make fire itself and that has not fired "
	  "yet,\n"
	  "makes a harmless system call that leads there, in a process and namespaces of its own,\n"
	  "and has the kernel look whether the hook fired. One that did not counts as silent, and\n"
	  "content that depends on it is taken out. Exit code 1 unless all fired.\n" },
	{ "submit", "FILE", 1, WEIR_OPT_DEVICE | WEIR_OPT_STATE, weir_ctl_submit,
	  "hand a file to the kernel without checking it",
	  "For testing the kernel's own checks: nothing is checked here, the kernel's answer is\n"
	  "shown. What the kernel takes becomes the channel's candidate and is not activated.\n" },
	{ "promote", "CHANNEL", 1,
	  WEIR_OPT_DEVICE | WEIR_OPT_STATE | WEIR_OPT_WAIT | WEIR_OPT_TIMEOUT, weir_ctl_promote,
	  "content that passed its trial goes one stage up",
	  "From probation to trusted, or if nothing is on probation from shadow to there. Fails,\n"
	  "and changes nothing, if the trial is not over or was failed. With --wait goes on until\n"
	  "the content is trusted.\n" },
	{ "rollback", "CHANNEL", 1, WEIR_OPT_DEVICE | WEIR_OPT_STATE | WEIR_OPT_SHADOW,
	  weir_ctl_rollback, "back to the content that was trusted before",
	  "The content that is kept as last-good becomes active again, what is active is dropped.\n"
	  "Without last-good the channel is empty then.\n" },
	{ "breaker", "CHANNEL", 1,
	  WEIR_OPT_DEVICE | WEIR_OPT_STATE | WEIR_OPT_POLICY | WEIR_OPT_LIMIT, weir_ctl_breaker,
	  "how much content may deny and kill",
	  "Shows the limits of a channel's breaker and what it did last, or changes them: what is\n"
	  "not named stays. Limits stay when content changes, and weirctl boot sets them "
	  "again.\n" },
	{ "trust", "[FILE]", -1, CHECKS | WEIR_OPT_OFFLINE, weir_ctl_trust,
	  "put a trust list in force, or show what is trusted",
	  "Checks a signed trust list against the one before it, hands it to the kernel, which "
	  "takes\n"
	  "out what the list revokes, and keeps it on disk, where check and load look at it and "
	  "the\n"
	  "next boot finds it. With --offline it is only kept. Without FILE shows the list on "
	  "disk,\n"
	  "and the kernel's keys.\n" },
	{ "unload", "CHANNEL", 1, WEIR_OPT_DEVICE | WEIR_OPT_STATE, weir_ctl_unload,
	  "drop a channel's content",
	  "Drops all content of the channel from the kernel, and makes a generation without it\n"
	  "the current one of the store. Its version floors stay.\n" },
	{ "boot", "", 0,
	  WEIR_OPT_TRUST | WEIR_OPT_STATE | WEIR_OPT_SIGNERS | WEIR_OPT_DEVICE | WEIR_OPT_DRY_RUN |
		  WEIR_OPT_SETTLED,
	  weir_ctl_boot, "load what the store has",
	  "Loads the current generation of the store, early at boot. If the boot before did not\n"
	  "end well, it is the one that last did; if two did not, it is nothing. A boot has ended\n"
	  "well once boot --settled was run in it, which also puts into the store what the kernel\n"
	  "came to trust, or took out, by itself.\n" },
	{ "store", "WHAT [N|SHA256]", -1, WEIR_OPT_STATE | WEIR_OPT_DEVICE | WEIR_OPT_KEEP,
	  weir_ctl_store, "generations of content on disk",
	  "list: the generations. verify: every file of the store against its digest.\n"
	  "rollback N: makes generation N the current one, which boot loads.\n"
	  "keep N, unkeep N: whether gc leaves generation N, whatever its age.\n"
	  "gc: removes old generations, and files that nothing needs.\n"
	  "purge SHA256: removes a file, by its digest or that of its content, and all\n"
	  "generations that have it.\n" },
	{ "log", "", 0,
	  WEIR_OPT_STATE | WEIR_OPT_DEVICE | WEIR_OPT_LAST | WEIR_OPT_FOLLOW | WEIR_OPT_VERIFY |
		  WEIR_OPT_EXPECT | WEIR_OPT_HEAD | WEIR_OPT_RESTART,
	  weir_ctl_log, "what was decided on this host, and by whom",
	  "Prints the journal, a line a decision: time, who, what; with --json the lines as they\n"
	  "are in the file. Each has the SHA-256 of the one before it. --verify fails at the "
	  "first\n"
	  "line that is not as it was written. That no line is missing at the end, and that not "
	  "all\n"
	  "were written anew, shows only what --head printed before, kept elsewhere: --expect.\n" },
	{ "mode", "CHANNEL audit|enforce", 2,
	  WEIR_OPT_DEVICE | WEIR_OPT_STATE | WEIR_OPT_FAIL_CLOSED, weir_ctl_mode,
	  "say whether verdicts are applied",
	  "In audit mode verdicts are recorded only. In enforce mode deny and kill are applied, "
	  "never\n"
	  "to PID 1, kernel threads, weirctl at work and exempt executables. The mode outlives a\n"
	  "change of content, and weirctl boot sets it again; not an unload.\n" },
	{ "exempt", "[PATH...]", -1, WEIR_OPT_DEVICE | WEIR_OPT_STATE | WEIR_OPT_NONE,
	  weir_ctl_exempt, "executables to which no verdict is applied",
	  "Replaces the list of exempt executables, or shows it if no path is given. A path is\n"
	  "looked up once: the file that it leads to is exempt, under any name, and not another\n"
	  "one that takes its name later. weirctl boot looks them up again.\n" },
	{ "events", "", 0, WEIR_OPT_DEVICE | WEIR_OPT_FOLLOW | WEIR_OPT_COUNT | WEIR_OPT_TIMEOUT,
	  weir_ctl_events, "what was detected",
	  "Prints the records that wait in the kernel: time, level, rule, process, parent, "
	  "command\n"
	  "line. With --json one JSON object a line, with all fields. A record is printed once:\n"
	  "reading takes it out of the kernel.\n" },
	{ "replay", "CHANNEL EVENTS.jsonl", 2, WEIR_OPT_DEVICE | WEIR_OPT_CANDIDATE,
	  weir_ctl_replay, "evaluate events in the kernel's interpreter",
	  "Each line of the file is an event, as weirc replay takes it, and gives one line, as\n"
	  "weirc replay prints it.\n" },
	{ "profile", "", 0, WEIR_OPT_DEVICE | WEIR_OPT_OUTPUT | WEIR_OPT_EVENTS | WEIR_OPT_SECONDS,
	  weir_ctl_profile, "what is ordinary in events, for weirc compile",
	  "Counts what is ordinary in the events that match active content, and writes a traffic\n"
	  "profile for weirc compile --profile. Load content for it that matches all events, with\n"
	  "--stage trusted, since no trial would let it pass. The command\n"
	  "takes the records that it reads out of the kernel, as events does.\n" },
	{ "schema", "", 0, WEIR_OPT_DEVICE | WEIR_OPT_SCHEMA | WEIR_OPT_OFFLINE, weir_ctl_schema,
	  "Template Types and which fields are provided",
	  "Shows the running kernel's Template Types: for each field whether a capture point\n"
	  "provides it, and whether active content reads it.\n" },
	{ "names", "", 0, WEIR_OPT_DEVICE, weir_ctl_names, "give the kernel the user names",
	  "Hands the host's table of user ids and names to the kernel, as load does. An id "
	  "without\n"
	  "a name reads as its digits.\n" },
};

const size_t weir_ctl_ncommands = sizeof(weir_ctl_commands) / sizeof(weir_ctl_commands[0]);
