/* SPDX-License-Identifier: GPL-2.0 */
/* Records as text lines and as JSON. */
#ifndef WEIR_EVENTS_OUT_H
#define WEIR_EVENTS_OUT_H

#include "ctl.h"

/* The heading of the table, and one record as a line of it. Bytes of content are escaped. */
void weir_record_heading(void);
void weir_record_text(const struct weir_record *rec, const struct weir_types *ts);

/**
 * weir_record_json() - a record with all its fields
 * @rec: the record
 * @ts: the types, for names
 *
 * Return: a new reference.
 */
json_t *weir_record_json(const struct weir_record *rec, const struct weir_types *ts);

/* The name of a record's kind. */
const char *weir_record_kind(uint16_t kind);

/* The name of a limit of the breaker, enum weir_u_break. */
const char *weir_break_name(uint32_t limit);

/**
 * weir_record_outcome() - what came of a record's verdict
 * @rec: the record, of kind MATCH or FAILED
 *
 * Return: alert, denied, killed, exempt, unapplied; would-deny or would-kill in audit mode.
 */
const char *weir_record_outcome(const struct weir_record *rec);

/**
 * weir_record_time() - when it happened, as local time with an offset, or in UTC
 * @rec: the record
 * @utc: in UTC
 * @out: room for the text
 * @n: how much
 */
void weir_record_time(const struct weir_record *rec, int utc, char *out, size_t n);

/* An address as text; "?" if it is of no known length. */
void weir_address_text(const uint8_t *p, uint32_t n, char *out, size_t room);

#endif
