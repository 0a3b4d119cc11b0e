/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The journal: what was decided on this host, a line each, every line with the digest of the one
 * before it. Documentation/store.rst has its form. Returns as weirload.h says.
 */
#ifndef WEIR_JOURNAL_H
#define WEIR_JOURNAL_H

#include "ctl.h"

#define WEIR_JOURNAL_MAX (4u << 20) /* bytes of a journal; then a new one is begun */
#define WEIR_JOURNAL_LINE 8192u /* bytes of a line with its line feed */
#define WEIR_JOURNAL_NAME "journal" /* of its file; those set aside are journal.N */
#define WEIR_ASIDE 32 /* bytes of such a name */
#define WEIR_HEX (2 * WEIR_DIGEST_SIZE + 1) /* bytes of a digest in digits, and its NUL */

/* What lines with a digest of their own come to, up to the first one that does not verify. */
struct weir_journal {
	const char *state; /* the folder that it is in; the caller's */
	char *path;
	struct weir_blob file;
	size_t whole; /* bytes of lines that verify */
	uint64_t number; /* of the last of them; 0: there is none */
	char head[WEIR_HEX]; /* its digest; zeros if there is none */
	const char *wrong; /* with the line after them; null: there is none */
	int half; /* what is after them is a line that was not written to its end */
	char id[17]; /* which start of the module the last line from the kernel is of */
	uint64_t decision; /* and which number it has there */
	int fd; /* open for appending; -1 */
};

/**
 * typedef weir_journal_see - look at a line that verifies
 * @arg: as given
 * @j: up to that line, with it
 * @o: its members
 * @text: the line; @n: bytes, without its line feed
 */
typedef void weir_journal_see(void *arg, const struct weir_journal *j, const json_t *o,
			      const char *text, size_t n);

/* journal.c */

/**
 * weir_journal_read() - read a journal and verify each line
 * @state: the state folder
 * @name: of the file in it
 * @see: called for each line that verifies; may be null
 * @arg: for @see
 * @j: filled; free with weir_journal_close()
 * @r: the reason
 *
 * No such file is an empty journal. What does not verify is no error here: @j says what it is.
 */
int weir_journal_read(const char *state, const char *name, weir_journal_see *see, void *arg,
		      struct weir_journal *j, struct weir_refusal *r);
void weir_journal_close(struct weir_journal *j);

/* The same of the bytes that were read: what was written since then is not looked at. */
void weir_journal_again(struct weir_journal *j, weir_journal_see *see, void *arg);

/* The N of journal.N, which a journal is called that was set aside; 0 of any other name. */
unsigned long weir_journal_aside(const char *name);

/* As if nothing of it had been looked at. */
void weir_journal_rewind(struct weir_journal *j);

/* Refuse a journal with something wrong in it; half a line is 1 if that is no matter, else -1. */
int weir_journal_judge(const struct weir_journal *j, int half, struct weir_refusal *r);

/**
 * weir_journal_format() - the text of a line
 * @o: its members
 * @out: room for WEIR_JOURNAL_LINE bytes
 * @sum: set to its digest
 *
 * Return: bytes, with the line feed; 0 if the line would be too long.
 */
size_t weir_journal_format(const json_t *o, char *out, char sum[WEIR_HEX]);

/* The SHA-256 of bytes in digits. */
void weir_journal_digest(const void *p, size_t n, char out[WEIR_HEX]);

/* journal_write.c */

/**
 * weir_journal_stamp() - a line of weirctl's own: when, in which boot, and by whom
 * @op: what was decided
 *
 * Return: its members so far.
 */
json_t *weir_journal_stamp(const char *op);

/* The text of a time, of ns since 1970. */
json_t *weir_journal_time(uint64_t ns);

/* This boot of the machine. */
json_t *weir_journal_boot(void);

/**
 * weir_journal_append() - write a line to the end, durably
 * @j: from weir_journal_read(); opened if it is not yet
 * @o: its members but number and prev; the reference is dropped. Null: the journal is only begun
 * @r: the reason; nothing of the line is in the journal then
 *
 * Whoever calls this has held weir_floor_lock() of the state folder since before the journal was
 * read. A journal with something wrong in it is refused. Half a line at its end is cut off, and
 * that is a line of its own.
 */
int weir_journal_append(struct weir_journal *j, json_t *o, struct weir_refusal *r);

/**
 * weir_journal_restart() - set a journal aside, and begin another
 * @state: the state folder
 * @aside: set to the name that the old one has in it now
 * @r: the reason
 */
int weir_journal_restart(const char *state, char aside[WEIR_ASIDE], struct weir_refusal *r);

/* log_text.c */

/* A line in words, to standard output. */
void weir_put_decision(const json_t *o);

#endif
