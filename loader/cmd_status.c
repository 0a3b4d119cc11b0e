// SPDX-License-Identifier: GPL-2.0
/* weirctl status: channels, versions, stage, mode, counters, health. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"

static const char *const slot_names[] = { "active", "candidate", "last_good" };

static const char *mode_name(uint32_t mode)
{
	return mode == WEIR_MODE_AUDIT ? "audit" : mode == WEIR_MODE_ENFORCE ? "enforce" : "?";
}

/* In one word, for the table. */
static const char *mode_word(const struct weir_u_channel *c)
{
	return c->flags & WEIR_MODE_FAIL_CLOSED ? "fail-closed" : mode_name(c->mode);
}

static const char *health(const struct weir_u_channel *c)
{
	if (c->quarantined == WEIR_QUARANTINE_TYPE)
		return "type_gone";
	if (c->quarantined == WEIR_QUARANTINE_FIELD)
		return "field_gone";
	if (c->quarantined == WEIR_QUARANTINE_TRIAL)
		return "trial_failed";
	if (c->quarantined == WEIR_QUARANTINE_BREAKER)
		return "breaker";
	if (c->quarantined == WEIR_QUARANTINE_REVOKED)
		return "revoked";
	if (c->quarantined)
		return "quarantined";
	if (c->faults)
		return "faulted";
	if (c->trips || c->fuel)
		return "tripped";
	return "ok";
}

static json_t *info_json(const struct weir_u_info *i)
{
	json_t *o = json_object();

	json_object_set_new(o, "abi", weir_json_u64(i->abi));
	json_object_set_new(o, "format", weir_json_u64(i->format));
	json_object_set_new(o, "types", weir_json_u64(i->ntypes));
	json_object_set_new(o, "names", weir_json_u64(i->nnames));
	json_object_set_new(o, "max_cost", weir_json_u64(i->max_cost));
	json_object_set_new(o, "events", weir_json_u64(i->events));
	json_object_set_new(o, "nested", weir_json_u64(i->nested));
	json_object_set_new(o, "records", weir_json_u64(i->records));
	json_object_set_new(o, "lost_full", weir_json_u64(i->lost_full));
	json_object_set_new(o, "lost_nomem", weir_json_u64(i->lost_nomem));
	json_object_set_new(o, "refused", weir_json_u64(i->refused));
	json_object_set_new(o, "errors", weir_json_u64(i->errors));
	json_object_set_new(o, "evicted", weir_json_u64(i->evicted));
	json_object_set_new(o, "processes", weir_json_u64(i->processes));
	json_object_set_new(o, "checks", weir_json_u64(i->checks));
	json_object_set_new(o, "alarms", weir_json_u64(i->alarms));
	json_object_set_new(o, "missed", weir_json_u64(i->missed));
	return o;
}

static json_t *slot_json(const struct weir_u_content *s)
{
	char digest[2 * sizeof(s->digest) + 1];
	json_t *o = json_object();

	weir_hex(s->digest, digest);
	json_object_set_new(o, "version", weir_json_u64(s->version));
	json_object_set_new(o, "created", weir_json_u64(s->created));
	json_object_set_new(o, "cost", weir_json_u64(s->cost));
	json_object_set_new(o, "bytes", weir_json_u64(s->bytes));
	json_object_set_new(o, "memory", weir_json_u64(s->memory));
	json_object_set_new(o, "instances", weir_json_u64(s->instances));
	json_object_set_new(o, "samples", weir_json_u64(s->samples));
	json_object_set_new(o, "sha256", json_string(digest));
	return o;
}

static void put_trial(const char *stage, const struct weir_u_trial *t)
{
	if (t->state == WEIR_TRIAL_NONE)
		return;
	fputs("         ", stdout);
	weir_put_trial(stdout, stage, t);
	putchar('\n');
}

static json_t *channel_json(const struct weir_u_channel *c, const struct weir_u_trials *t,
			    const struct weir_u_breaker *b)
{
	json_t *o = json_object();
	int i;

	json_object_set_new(o, "channel", weir_json_u64(c->channel));
	json_object_set_new(o, "name", weir_json_bytes(c->name, strlen(c->name)));
	json_object_set_new(o, "mode", json_string(mode_name(c->mode)));
	json_object_set_new(o, "fail_closed", json_boolean(c->flags & WEIR_MODE_FAIL_CLOSED));
	json_object_set_new(o, "floor", weir_json_u64(c->floor));
	for (i = 0; i < 3; i++)
		json_object_set_new(o, slot_names[i],
				    c->slot[i].version ? slot_json(&c->slot[i]) : json_null());
	json_object_set_new(o, "shadow", t->content.version ? slot_json(&t->content) : json_null());
	json_object_set_new(o, "trial", weir_trial_json(&t->active));
	json_object_set_new(o, "shadow_trial", weir_trial_json(&t->shadow));
	json_object_set_new(o, "events", weir_json_u64(c->events));
	json_object_set_new(o, "matches", weir_json_u64(c->matches));
	json_object_set_new(o, "trips", weir_json_u64(c->trips));
	json_object_set_new(o, "faults", weir_json_u64(c->faults));
	json_object_set_new(o, "fuel", weir_json_u64(c->fuel));
	json_object_set_new(o, "steps", weir_json_u64(c->steps));
	json_object_set_new(o, "max_steps", weir_json_u64(c->max_steps));
	json_object_set_new(o, "denied", weir_json_u64(c->denied));
	json_object_set_new(o, "killed", weir_json_u64(c->killed));
	json_object_set_new(o, "failed_closed", weir_json_u64(c->failed_closed));
	json_object_set_new(o, "exempted", weir_json_u64(c->exempted));
	json_object_set_new(o, "unapplied", weir_json_u64(c->unapplied));
	json_object_set_new(o, "unread", weir_json_u64(c->unread));
	json_object_set_new(o, "quarantined", json_boolean(c->quarantined));
	if (c->trip_instance != WEIR_NOWHERE)
		json_object_set_new(o, "trip_instance", weir_json_u64(c->trip_instance));
	if (c->trip_field != WEIR_NOWHERE)
		json_object_set_new(o, "trip_field", weir_json_u64(c->trip_field));
	json_object_set_new(o, "health", json_string(health(c)));
	json_object_set_new(o, "breaker", weir_breaker_json(b));
	return o;
}

static void put_version(const struct weir_u_content *s)
{
	if (s->version)
		printf("  %10" PRIu64, (uint64_t)s->version);
	else
		printf("  %10s", "-");
}

static void put_channel(const struct weir_u_channel *c, const struct weir_u_trials *t,
			const struct weir_u_breaker *b)
{
	char shadow[48];

	printf("%7" PRIu32 "  ", c->channel);
	weir_put_column(c->name, strlen(c->name), 20);
	put_version(&c->slot[WEIR_SLOT_ACTIVE]);
	put_version(&c->slot[WEIR_SLOT_CANDIDATE]);
	put_version(&c->slot[WEIR_SLOT_LAST_GOOD]);
	printf("  %-11s  %9" PRIu32 "  %10" PRIu64 "  %8" PRIu64 "  %8" PRIu64 "  %8" PRIu64 "  %s",
	       mode_word(c), c->slot[WEIR_SLOT_ACTIVE].instances, (uint64_t)c->events,
	       (uint64_t)c->matches, (uint64_t)c->denied, (uint64_t)c->killed, health(c));
	if (c->trips || c->faults || c->fuel)
		printf(": %" PRIu64 " trips, %" PRIu64 " faults, %" PRIu64 " out of fuel",
		       (uint64_t)c->trips, (uint64_t)c->faults, (uint64_t)c->fuel);
	if (c->trip_instance != WEIR_NOWHERE)
		printf("; first: instance %" PRIu32 ", field %" PRIu32, c->trip_instance,
		       c->trip_field);
	else if (c->trips && c->trip_field != WEIR_NOWHERE)
		printf("; first: the index, field %" PRIu32, c->trip_field);
	if (c->failed_closed || c->exempted || c->unapplied)
		printf("; %" PRIu64 " failed closed, %" PRIu64 " exempted, %" PRIu64 " not applied",
		       (uint64_t)c->failed_closed, (uint64_t)c->exempted, (uint64_t)c->unapplied);
	if (c->unread)
		printf("; %" PRIu64 " with a field that could not be read", (uint64_t)c->unread);
	putchar('\n');
	put_trial("probation", &t->active);
	if (t->content.version) {
		snprintf(shadow, sizeof(shadow), "shadow, version %" PRIu64,
			 (uint64_t)t->content.version);
		put_trial(shadow, &t->shadow);
	}
	weir_put_breaker(b);
}

static void put_info(const struct weir_u_info *i)
{
	printf("events   %" PRIu64 " evaluated, %" PRIu64 " nested and not evaluated\n",
	       (uint64_t)i->events, (uint64_t)i->nested);
	printf("records  %" PRIu64 " written; lost: %" PRIu64 " ring full, %" PRIu64
	       " too large or no memory\n",
	       (uint64_t)i->records, (uint64_t)i->lost_full, (uint64_t)i->lost_nomem);
	printf("content  %" PRIu64 " submits refused, %" PRIu64 " internal errors\n",
	       (uint64_t)i->refused, (uint64_t)i->errors);
	printf("hooks    %" PRIu64 " checks, %" PRIu64 " alarms, %" PRIu64 " programs missed\n",
	       (uint64_t)i->checks, (uint64_t)i->alarms, (uint64_t)i->missed);
	printf("tables   %" PRIu64 " processes known, %" PRIu64 " evicted; %" PRIu32
	       " user names; %" PRIu32 " Template Types\n",
	       (uint64_t)i->processes, (uint64_t)i->evicted, i->nnames, i->ntypes);
}

static int put_channels(int fd, uint32_t n, json_t *list, struct weir_refusal *r)
{
	struct weir_u_channel c;
	struct weir_u_trials t;
	struct weir_u_breaker b;
	uint32_t i;

	if (!weir_json && !n)
		puts("no channel has content");
	if (!weir_json && n)
		printf("%7s  %-20s  %10s  %10s  %10s  %-11s  %9s  %10s  %8s  %8s  %8s  %s\n",
		       "CHANNEL", "NAME", "ACTIVE", "CANDIDATE", "LAST-GOOD", "MODE", "INSTANCES",
		       "EVENTS", "MATCHES", "DENIED", "KILLED", "HEALTH");
	for (i = 0; i < n; i++) {
		if (weir_dev_channel(fd, i, &c, r) || weir_dev_trials(fd, i, &t, r) ||
		    weir_dev_breaker(fd, i, &b, r))
			return -1;
		if (weir_json)
			json_array_append_new(list, channel_json(&c, &t, &b));
		else
			put_channel(&c, &t, &b);
	}
	return 0;
}

int weir_ctl_status(const struct weir_options *options, char **argv)
{
	json_t *o = json_object(), *list = json_array();
	struct weir_u_info info;
	struct weir_refusal r;
	int fd, ret;

	(void)argv;
	ret = weir_dev_open(options->device, 0, &fd, &r);
	if (!ret) {
		ret = weir_dev_info(fd, &info, &r);
		if (!ret && !weir_json)
			put_info(&info);
		if (!ret)
			ret = put_channels(fd, info.nchannels, list, &r);
		if (!ret)
			ret = weir_put_hooks(fd, &info, o, &r);
		close(fd);
	}
	if (!ret && weir_json) {
		json_object_set_new(o, "module", info_json(&info));
		json_object_set(o, "channels", list);
		weir_put_json(json_incref(o));
	}
	json_decref(list);
	json_decref(o);
	return ret ? weir_refused_by(&r) : WEIR_EXIT_OK;
}
