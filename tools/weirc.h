/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands of weirc share: their table, errors in text or JSON, files, names. */
#ifndef WEIR_WEIRC_H
#define WEIR_WEIRC_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "weir.h"

struct weir_field;

/* Exit codes, the same for every command. */
#define WEIR_EXIT_OK 0
#define WEIR_EXIT_FAIL 1 /* refused or failed */
#define WEIR_EXIT_USAGE 2

/* Set by main() before a command runs if --json is among its arguments. */
extern int weir_json;

/*
 * A command. main() answers --help with the command's help text, so that no command sees it;
 * --json is among its arguments and must be accepted there.
 */
struct weir_command {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the command's name */
	const char *summary; /* one line */
	const char *help; /* all of --help, ends with a line feed */
};

int weir_cmd_compile(int argc, char **argv);
int weir_cmd_schema(int argc, char **argv);
int weir_cmd_dump(int argc, char **argv);
int weir_cmd_replay(int argc, char **argv);
int weir_cmd_bench(int argc, char **argv);
int weir_cmd_test(int argc, char **argv);
int weir_cmd_explain(int argc, char **argv);
int weir_cmd_profile(int argc, char **argv);
int weir_cmd_sign(int argc, char **argv);
int weir_cmd_trustlist(int argc, char **argv);
int weir_cmd_keygen(int argc, char **argv);

extern const char weir_help_compile[];
extern const char weir_help_schema[];
extern const char weir_help_dump[];
extern const char weir_help_replay[];
extern const char weir_help_bench[];
extern const char weir_help_test[];
extern const char weir_help_explain[];
extern const char weir_help_profile[];
extern const char weir_help_sign[];
extern const char weir_help_trustlist[];
extern const char weir_help_keygen[];

/* Where something is wrong. A null pointer or a zero line means: does not apply. */
struct weir_where {
	const char *file;
	unsigned int line;
	const char *rule; /* title or id of a rule or instance */
	const char *field;
};

/**
 * weir_fail_at() - report an error, as text to stderr or as {"error": {...}} to stdout
 * @w: where, may be null
 * @fmt: what is wrong and what to do, without "error:" and without a line feed
 *
 * Call it once and return what it returns.
 *
 * Return: WEIR_EXIT_FAIL.
 */
int weir_fail_at(const struct weir_where *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * weir_fail() - report an error that has no place
 * @fmt: as weir_fail_at()
 *
 * Return: WEIR_EXIT_FAIL.
 */
int weir_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * weir_has_option() - is an option among the arguments, before a "--"
 * @argc: number of @argv
 * @argv: arguments; the first is a name and not looked at
 * @option: with its dashes; cut short it counts, too
 *
 * Return: 1 or 0.
 */
int weir_has_option(int argc, char **argv, const char *option);

/**
 * weir_usage() - report wrong usage of a command, and point to its --help
 * @command: its name
 * @fmt: what is wrong
 *
 * Return: WEIR_EXIT_USAGE.
 */
int weir_usage(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * weir_refused() - report that weir_open() or weir_verify() refused a channel file
 * @file: its name
 * @err: what they said
 *
 * Return: WEIR_EXIT_FAIL.
 */
int weir_refused(const char *file, const struct weir_error *err);

/**
 * weir_put_quoted() - print bytes that content controls so that a terminal cannot be fooled
 * @f: where to
 * @s: the bytes; everything but printable ASCII and well-formed UTF-8 is escaped as \xNN
 * @n: how many
 */
void weir_put_quoted(FILE *f, const void *s, size_t n);

/* The same as a string; the caller frees it. Always valid UTF-8, so fit for JSON. */
char *weir_quoted(const void *s, size_t n);

/* A number as JSON, above 2^63, where JSON libraries stop, as text of digits: a new reference. */
struct json_t *weir_json_u64(uint64_t v);

/* A string of bytes as JSON, escaped where it is not fit to be shown: a new reference. */
struct json_t *weir_json_bytes(const void *p, size_t n);

/* An error's parts, for commands that report several: as JSON, and as a line of text. */
struct json_t *weir_problem_json(const struct weir_where *w, const char *message);
void weir_problem_text(FILE *f, const struct weir_where *w, const char *message);

/* A file in memory; p has one NUL byte more than n says. */
struct weir_file {
	uint8_t *p;
	size_t n;
};

/**
 * weir_read_file() - read all of a file
 * @path: its name, "-" for standard input
 * @cap: largest size accepted; at most this much is ever read and held
 * @out: filled on success; free with weir_free_file()
 *
 * Reports the error itself.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_read_file(const char *path, size_t cap, struct weir_file *out);
void weir_free_file(struct weir_file *f);

/**
 * weir_read_json() - read a file that is one JSON value
 * @path: the file, "-" for standard input
 * @cap: the most bytes it may have
 *
 * Reports the error itself.
 *
 * Return: a new reference, or null.
 */
struct json_t *weir_read_json(const char *path, size_t cap);

/**
 * weir_write_file() - write a file so that it is there in full or not at all
 * @path: its name, "-" for standard output
 * @p: bytes
 * @n: how many
 *
 * Writes next to @path, syncs, renames. Reports the error itself.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_write_file(const char *path, const void *p, size_t n);

/**
 * weir_content_size() - how much of a channel file is content
 * @p: a channel file, signed or not
 * @n: its size
 *
 * Return: the size in its header if it has a header and is that long, else @n, so that weir_open()
 * says what is wrong.
 */
uint32_t weir_content_size(const uint8_t *p, size_t n);

/* Names of enum weir_kind, weir_level, weir_verdict; "?" for an unknown number. */
const char *weir_kind_name(uint32_t kind);
const char *weir_level_name(uint32_t level);
const char *weir_verdict_name(uint32_t verdict);

/* And back: the number, or -1. */
int weir_kind_number(const char *name);
int weir_level_number(const char *name);
int weir_verdict_number(const char *name);

/**
 * weir_enum_value() - one of an enum field's names
 * @f: the field
 * @i: the number
 * @len: the name's length; the name is not terminated
 *
 * Return: where it starts, or null if there is no such value.
 */
const char *weir_enum_value(const struct weir_field *f, uint32_t i, size_t *len);

/**
 * weir_value_names() - some of an enum field's values, for a person
 * @f: the field, or null if the names of its values are not known
 * @mask: which of them: bit i for value i
 * @out: set to "accept, bind", or to numbers where names are not known
 * @size: room at @out; what does not fit is cut off
 */
void weir_value_names(const struct weir_field *f, uint64_t mask, char *out, size_t size);

/**
 * weir_uuid_text() - the text form of a UUID, lower case
 * @uuid: 16 bytes
 * @out: room for 37 bytes
 */
void weir_uuid_text(const uint8_t *uuid, char *out);

/* End the program with exit code 1 because memory is out. */
__attribute__((noreturn)) void weir_no_memory(void);

/**
 * weir_alloc() - calloc() that ends the program with exit code 1 when memory is out
 * @n: entries
 * @size: of an entry
 */
void *weir_alloc(size_t n, size_t size);

/* realloc() of n entries of a size, likewise. */
void *weir_realloc(void *p, size_t n, size_t size);

/* strdup() of n bytes plus NUL, likewise. */
char *weir_strndup(const char *s, size_t n);

#endif
