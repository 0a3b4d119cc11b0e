/* SPDX-License-Identifier: GPL-2.0 */
/* A channel file as the commands that read one see it: opened, verified, with names for numbers. */
#ifndef WEIR_CHANNEL_H
#define WEIR_CHANNEL_H

#include <jansson.h>

#include "events.h"
#include "schema.h"
#include "weirc.h"

struct weir_channel {
	const char *path;
	struct weir_file file;
	struct weir_types types;
	struct weir_view view;
	struct weir_about about;
	int is_signed; /* there is a trailer; the signature itself is not checked */
	uint32_t *scratch;
	uint32_t *match; /* room for every instance */
};

/* Options that some of the commands that read a channel file take. */
#define WEIR_TAKES_ID 1u
#define WEIR_TAKES_BY_RULE 2u

/* What the commands that read a channel file take. */
struct weir_channel_args {
	const char *schema; /* --schema, or null */
	const char *id; /* --id, or null */
	int by_rule; /* --by-rule */
	const char *path[2]; /* the files named */
};

/**
 * weir_channel_args() - parse the arguments of such a command
 * @argc: as the command got them
 * @argv: as the command got them
 * @nfiles: how many files it takes, at most two
 * @takes: options to accept, WEIR_TAKES_
 * @out: filled on success
 *
 * Reports the error itself.
 *
 * Return: 0 or WEIR_EXIT_USAGE.
 */
int weir_channel_args(int argc, char **argv, int nfiles, unsigned int takes,
		      struct weir_channel_args *out);

/**
 * weir_channel_open() - read a channel file, put its signature aside, verify the content
 * @path: the file, "-" for standard input
 * @schema: of weir_types_open()
 * @out: filled on success; free with weir_channel_close()
 *
 * Reports the error itself.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_channel_open(const char *path, const char *schema, struct weir_channel *out);
void weir_channel_close(struct weir_channel *c);

/**
 * weir_channel_eval() - evaluate an event
 * @c: the channel
 * @e: the event
 * @res: filled; the instances are in c->match
 *
 * Reports a fault of the content, which verification rules out.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_channel_eval(struct weir_channel *c, const struct weir_event *e, struct weir_result *res);

/* The UUIDs of instances that matched, sorted: a new reference. */
json_t *weir_channel_matches(const struct weir_channel *c, uint32_t n);

/* UUIDs of 16 bytes as text, sorted: a new reference. @uuid, @n of them, is put in order. */
json_t *weir_json_ids(uint8_t *uuid, uint32_t n);

/* The name of a Template Type by id, or "?". */
const char *weir_channel_type_name(const struct weir_channel *c, uint32_t id);

/* All events of a file. */
struct weir_inputs {
	struct weir_input **in;
	size_t n, room;
};

/**
 * weir_inputs_open() - read all events of a file
 * @path: the file, "-" for standard input
 * @types: the Template Types
 * @out: filled; free with weir_inputs_close(), also after a failure
 *
 * Reports the error itself; that there is no event is one.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_inputs_open(const char *path, const struct weir_types *types, struct weir_inputs *out);
void weir_inputs_close(struct weir_inputs *ins);

/* Report what is wrong with an event of a file. Return: WEIR_EXIT_FAIL. */
int weir_input_fail(const char *path, const struct weir_input_error *e);

#endif
