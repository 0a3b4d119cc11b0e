// SPDX-License-Identifier: GPL-2.0
/* Records as lines of a table. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "events_out.h"

#define COL_TIME 23
#define COL_LEVEL 13
#define COL_OUTCOME 10
#define COL_RULE 36
#define COL_PROCESS 20

const char *weir_record_kind(uint16_t kind)
{
	switch (kind) {
	case WEIR_REC_MATCH:
		return "match";
	case WEIR_REC_TRIP:
		return "trip";
	case WEIR_REC_LOST:
		return "lost";
	case WEIR_REC_STORE:
		return "store";
	case WEIR_REC_SILENT:
		return "silent";
	case WEIR_REC_FAILED:
		return "failed";
	case WEIR_REC_BREAK:
		return "break";
	default:
		return "unknown";
	}
}

/* In audit mode an alert comes of itself; in shadow nothing does. */
static const char *would(uint32_t verdict)
{
	if (verdict == WEIR_VERDICT_KILL)
		return "would-kill";
	return verdict == WEIR_VERDICT_DENY ? "would-deny" : "would-alert";
}

const char *weir_break_name(uint32_t limit)
{
	switch (limit) {
	case WEIR_BREAK_RATE:
		return "rate";
	case WEIR_BREAK_SHARE:
		return "share";
	case WEIR_BREAK_KILLS:
		return "kills";
	case WEIR_BREAK_MATCHES:
		return "matches";
	case WEIR_BREAK_STEPS:
		return "steps";
	default:
		return "unknown";
	}
}

const char *weir_record_outcome(const struct weir_record *rec)
{
	uint32_t flags = rec->head.flags;

	if (flags & WEIR_RECF_KILLED)
		return "killed";
	if (flags & WEIR_RECF_DENIED)
		return "denied";
	if (flags & WEIR_RECF_EXEMPT)
		return "exempt";
	if (flags & WEIR_RECF_UNAPPLIED)
		return "unapplied";
	if (flags & WEIR_RECF_MUTED)
		return "muted";
	if (flags & WEIR_RECF_BROKEN)
		return "broken";
	if (flags & (WEIR_RECF_AUDIT | WEIR_RECF_SHADOW))
		return would(rec->head.verdict);
	return "alert";
}

void weir_record_time(const struct weir_record *rec, int utc, char *out, size_t n)
{
	time_t s = (time_t)(rec->head.realtime / 1000000000u);
	unsigned int ns = (unsigned int)(rec->head.realtime % 1000000000u);
	char day[32];
	struct tm tm;

	if (utc) {
		gmtime_r(&s, &tm);
		strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
		snprintf(out, n, "%s.%09uZ", day, ns);
		return;
	}
	localtime_r(&s, &tm);
	strftime(day, sizeof(day), "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(out, n, "%s.%03u", day, ns / 1000000);
}

void weir_address_text(const uint8_t *p, uint32_t n, char *out, size_t room)
{
	int family = n == 4 ? AF_INET : n == 16 ? AF_INET6 : AF_UNSPEC;

	if (family == AF_UNSPEC || !inet_ntop(family, p, out, (socklen_t)room))
		snprintf(out, room, "?");
}

void weir_record_heading(void)
{
	printf("%-*s  %-*s  %-*s  %-*s  %-*s  %-*s  %s\n", COL_TIME, "TIME", COL_LEVEL, "LEVEL",
	       COL_OUTCOME, "OUTCOME", COL_RULE, "RULE", COL_PROCESS, "PROCESS", COL_PROCESS,
	       "PARENT", "COMMAND LINE");
	fflush(stdout);
}

/* A field of the record by its name in the schema, or null. */
static const struct weir_record_field *by_name(const struct weir_record *rec,
					       const struct weir_type *t, const char *name)
{
	int want = t ? weir_field_number(t, name) : -1;
	uint32_t i;

	for (i = 0; want >= 0 && i < rec->nfields; i++)
		if (rec->field[i].field == (uint32_t)want && rec->field[i].kind == WEIR_KIND_string)
			return &rec->field[i];
	return NULL;
}

static void put_field(const struct weir_record_field *f, size_t width)
{
	if (f)
		weir_put_column(f->p, f->n, width);
	else
		weir_put_column("-", 1, width);
}

static void put_match(const struct weir_record *rec, const struct weir_types *ts)
{
	const struct weir_type *t = weir_types_by_id(ts, rec->head.type);

	printf("  %-*s  %-*s  ", COL_LEVEL, weir_level_name(rec->head.level), COL_OUTCOME,
	       weir_record_outcome(rec));
	weir_put_column(rec->title, rec->ntitle, COL_RULE);
	fputs("  ", stdout);
	put_field(by_name(rec, t, "Image"), COL_PROCESS);
	fputs("  ", stdout);
	put_field(by_name(rec, t, "ParentImage"), COL_PROCESS);
	fputs("  ", stdout);
	put_field(by_name(rec, t, "CommandLine"), 0);
	putchar('\n');
}

static void put_trip(const struct weir_record *rec, const struct weir_types *ts)
{
	const struct weir_type *t = weir_types_by_id(ts, rec->head.type);
	char uuid[37];

	printf("  guard tripped: channel %" PRIu32 " version %" PRIu64, rec->head.channel,
	       (uint64_t)rec->head.version);
	if (rec->head.instance != WEIR_NOWHERE) {
		weir_uuid_text(rec->head.uuid, uuid);
		printf(", instance %" PRIu32 " %s", rec->head.instance, uuid);
	}
	if (t && rec->head.field < t->arity)
		printf(", field %s.%s", t->name, t->fields[rec->head.field].name);
	else if (rec->head.field != WEIR_NOWHERE)
		printf(", field %" PRIu32, rec->head.field);
	puts("; the content is quarantined");
}

static void put_silent(const struct weir_record *rec, const struct weir_types *ts)
{
	const struct weir_type *t = weir_types_by_id(ts, rec->head.type);

	printf("  ALARM: hooks of %s do not fire; content that needs them is taken out\n",
	       t ? t->name : "an unknown Template Type");
}

static void put_failed(const struct weir_record *rec, const struct weir_types *ts)
{
	const struct weir_type *t = weir_types_by_id(ts, rec->head.type);

	if (t && rec->head.field < t->arity)
		printf("  %s.%s could not be read", t->name, t->fields[rec->head.field].name);
	else
		fputs("  not evaluated to the end", stdout);
	printf(": channel %" PRIu32 " version %" PRIu64 ", process %" PRIu32
	       ", type %s; fail-closed: %s\n",
	       rec->head.channel, (uint64_t)rec->head.version, rec->head.pid, t ? t->name : "?",
	       weir_record_outcome(rec));
}

static void put_break(const struct weir_record *rec)
{
	char uuid[37];

	printf("  BREAKER: channel %" PRIu32 " version %" PRIu64 " reached limit %s with %" PRIu64,
	       rec->head.channel, (uint64_t)rec->head.version, weir_break_name(rec->head.field),
	       (uint64_t)rec->head.lost);
	if (rec->head.instance != WEIR_NOWHERE) {
		weir_uuid_text(rec->head.uuid, uuid);
		printf(", instance %" PRIu32 " %s to blame", rec->head.instance, uuid);
	}
	puts("; weirctl status says what came of it");
}

void weir_record_text(const struct weir_record *rec, const struct weir_types *ts)
{
	char when[48];

	weir_record_time(rec, 0, when, sizeof(when));
	printf("%-*s", COL_TIME, when);
	switch (rec->head.kind) {
	case WEIR_REC_MATCH:
		put_match(rec, ts);
		break;
	case WEIR_REC_TRIP:
		put_trip(rec, ts);
		break;
	case WEIR_REC_LOST:
		printf("  %" PRIu64 " records were lost before this one\n",
		       (uint64_t)rec->head.lost);
		break;
	case WEIR_REC_STORE:
		printf("  channel %" PRIu32 ": %s %" PRIu64 "\n", rec->head.channel,
		       rec->head.version ? "active content is version" : "no content; version",
		       (uint64_t)rec->head.version);
		break;
	case WEIR_REC_SILENT:
		put_silent(rec, ts);
		break;
	case WEIR_REC_FAILED:
		put_failed(rec, ts);
		break;
	case WEIR_REC_BREAK:
		put_break(rec);
		break;
	default:
		printf("  record of unknown kind %u\n", rec->head.kind);
	}
}
