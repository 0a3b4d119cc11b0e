/* SPDX-License-Identifier: GPL-2.0 */
/* Events as JSON lines, turned into what the Content Interpreter evaluates. */
#ifndef WEIR_EVENTS_H
#define WEIR_EVENTS_H

#include <jansson.h>
#include <stdio.h>

#include "templates.h"

#define WEIR_EVENT_LINE_MAX 0x400000u /* bytes of one event as JSON: 4 MiB */

/* An event and the memory behind it. */
struct weir_input {
	struct weir_event event; /* all fields of its type; those not named are absent */
	const struct weir_type *type;
	struct weir_value value[WEIR_ARITY_MAX];
	uint8_t small[WEIR_ARITY_MAX][64]; /* addresses, and numbers as text */
	json_t *json; /* owns the strings */
};

/* What is wrong with an event, and where. */
struct weir_input_error {
	unsigned long number; /* of the event, from 0; not set by weir_input_parse() */
	unsigned long line; /* from 1; not set by weir_input_parse() */
	char field[64]; /* empty if it is about no field */
	char text[320];
};

/**
 * weir_input_parse() - one event
 * @text: {"type": "process_creation", "fields": {"Image": "/bin/ls", "ProcessId": 7}}
 * @len: its bytes
 * @types: the Template Types
 * @ntypes: how many
 * @out: filled on success; free with weir_input_free()
 * @err: filled on failure
 *
 * A value is converted to its field's kind: text of digits to a number and back, true and false, 0
 * and 1 to a boolean, a name without regard to case to an enum, text to an address. null is absent.
 * A type, a field or a value that the types do not have is an error.
 *
 * Return: 0 or -1.
 */
int weir_input_parse(const char *text, size_t len, const struct weir_type *types, uint32_t ntypes,
		     struct weir_input *out, struct weir_input_error *err);

/**
 * weir_input_free() - free the memory behind an event
 * @in: the event
 */
void weir_input_free(struct weir_input *in);

/* Events of a file, one a line; empty lines are passed over. */
struct weir_events {
	FILE *f;
	const struct weir_type *types;
	uint32_t ntypes;
	unsigned long number; /* of the next event, from 0 */
	unsigned long line; /* lines read */
	char *buf;
	size_t room;
};

/**
 * weir_events_open() - begin to read events
 * @path: a file, "-" for standard input
 * @types: the Template Types, kept
 * @ntypes: how many
 * @out: filled on success; free with weir_events_close()
 * @err: filled on failure
 *
 * Return: 0 or -1.
 */
int weir_events_open(const char *path, const struct weir_type *types, uint32_t ntypes,
		     struct weir_events *out, struct weir_input_error *err);

/**
 * weir_events_next() - the next event
 * @ev: from weir_events_open()
 * @out: filled if there is one; free with weir_input_free()
 * @err: filled on failure, with event number and line
 *
 * Return: 1, 0 at the end, -1 on failure.
 */
int weir_events_next(struct weir_events *ev, struct weir_input *out, struct weir_input_error *err);

/**
 * weir_events_close() - end reading
 * @ev: from weir_events_open()
 */
void weir_events_close(struct weir_events *ev);

#endif
