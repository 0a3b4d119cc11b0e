// SPDX-License-Identifier: GPL-2.0
/* weirctl breaker: how much a channel's content may deny and kill, and what came of too much. */
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "events_out.h"
#include "cmd_store.h"
#include "settings.h"

static const char *const policies[] = {
	[WEIR_POLICY_LAST_GOOD] = "last-good",
	[WEIR_POLICY_AUDIT] = "audit",
	[WEIR_POLICY_OFF] = "off",
	[WEIR_POLICY_HOLD] = "hold",
};

static const char *const acts[] = {
	[WEIR_ACT_NONE] = "none",   [WEIR_ACT_MUTED] = "muted", [WEIR_ACT_LAST_GOOD] = "last-good",
	[WEIR_ACT_AUDIT] = "audit", [WEIR_ACT_OFF] = "off",	[WEIR_ACT_HELD] = "held",
	[WEIR_ACT_QUIET] = "quiet",
};

static const char *const acts_text[] = {
	[WEIR_ACT_NONE] = "it is not known what came of it",
	[WEIR_ACT_MUTED] = "the instance is muted",
	[WEIR_ACT_LAST_GOOD] = "the content is out",
	[WEIR_ACT_AUDIT] = "the channel went into audit mode",
	[WEIR_ACT_OFF] = "the channel was emptied",
	[WEIR_ACT_HELD] = "nothing came of it, by policy",
	[WEIR_ACT_QUIET] = "what it matched beyond was counted, not recorded",
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The name of a number that the kernel gave, which may be newer than this program. */
static const char *name(const char *const *table, size_t n, uint32_t i)
{
	return i < n ? table[i] : "unknown";
}

const char *weir_policy_name(uint32_t policy)
{
	return name(policies, COUNT(policies), policy);
}

const char *weir_act_text(uint32_t act)
{
	return name(acts_text, COUNT(acts_text), act);
}

/* All limits but the policy. */
static const struct weir_limit limits[] = {
	{ "rate", offsetof(struct weir_u_limits, rate), UINT32_MAX },
	{ "share", offsetof(struct weir_u_limits, share), 100 },
	{ "least", offsetof(struct weir_u_limits, share_least), UINT32_MAX },
	{ "kills", offsetof(struct weir_u_limits, kills), UINT32_MAX },
	{ "matches", offsetof(struct weir_u_limits, matches), UINT32_MAX },
	{ "steps", offsetof(struct weir_u_limits, steps), UINT32_MAX },
};

const struct weir_limit *weir_limit_named(const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < COUNT(limits); i++)
		if (strlen(limits[i].name) == n && !strncmp(limits[i].name, name, n))
			return &limits[i];
	return NULL;
}

__u32 *weir_limit_of(struct weir_u_limits *l, const struct weir_limit *which)
{
	return (__u32 *)((char *)l + which->at);
}

json_t *weir_limits_json(const struct weir_u_limits *l)
{
	json_t *o = json_pack("{s:s}", "policy", weir_policy_name(l->policy));
	struct weir_u_limits copy = *l;
	size_t i;

	for (i = 0; i < COUNT(limits); i++)
		json_object_set_new(o, limits[i].name,
				    json_integer(*weir_limit_of(&copy, &limits[i])));
	return o;
}

int weir_limits_read(const json_t *o, struct weir_u_limits *l)
{
	const char *policy = json_string_value(json_object_get(o, "policy"));
	const json_t *v;
	size_t i;

	memset(l, 0, sizeof(*l));
	if (!policy || weir_policy_number(policy, &l->policy) ||
	    json_object_size(o) != 1 + COUNT(limits))
		return -1;
	for (i = 0; i < COUNT(limits); i++) {
		v = json_object_get(o, limits[i].name);
		if (!json_is_integer(v) || json_integer_value(v) < 0 ||
		    json_integer_value(v) > limits[i].most)
			return -1;
		*weir_limit_of(l, &limits[i]) = (__u32)json_integer_value(v);
	}
	return 0;
}

json_t *weir_breaker_json(const struct weir_u_breaker *b)
{
	json_t *muted = json_array(), *o = weir_limits_json(&b->limits);
	uint32_t i;

	for (i = 0; i < b->nmuted && i < WEIR_U_MUTED; i++)
		json_array_append_new(muted, weir_json_u64(b->muted[i]));
	json_object_set_new(o, "open", json_boolean(b->open));
	json_object_set_new(o, "muted", muted);
	json_object_set_new(o, "breaks", weir_json_u64(b->breaks));
	if (!b->breaks)
		return o;
	json_object_set_new(o, "cause", json_string(weir_break_name(b->cause)));
	json_object_set_new(o, "act", json_string(name(acts, COUNT(acts), b->act)));
	json_object_set_new(o, "counted", weir_json_u64(b->counted));
	json_object_set_new(o, "broke_version", weir_json_u64(b->version));
	json_object_set_new(o, "boottime", weir_json_u64(b->boottime));
	if (b->instance != WEIR_NOWHERE)
		json_object_set_new(o, "instance", weir_json_u64(b->instance));
	return o;
}

void weir_put_breaker(const struct weir_u_breaker *b)
{
	uint32_t i;

	if (b->open)
		puts("         breaker open: no verdict is applied");
	if (b->breaks) {
		printf("         breaker: limit %s reached %" PRIu64
		       " time%s, last by version %" PRIu64 " with %" PRIu32,
		       weir_break_name(b->cause), (uint64_t)b->breaks, b->breaks == 1 ? "" : "s",
		       (uint64_t)b->version, b->counted);
		if (b->instance != WEIR_NOWHERE)
			printf(", instance %" PRIu32 " to blame", b->instance);
		printf("; %s\n", weir_act_text(b->act));
	}
	for (i = 0; i < b->nmuted && i < WEIR_U_MUTED; i++)
		printf("         muted: instance %" PRIu32 "\n", b->muted[i]);
}

int weir_policy_number(const char *name, uint32_t *out)
{
	uint32_t i;

	for (i = 0; i < COUNT(policies); i++) {
		if (strcmp(name, policies[i]))
			continue;
		*out = i;
		return 0;
	}
	return -1;
}

static void put_limits(const struct weir_u_breaker *b)
{
	const struct weir_u_limits *l = &b->limits;

	printf("channel %" PRIu32 ": policy %s\n", b->channel, weir_policy_name(l->policy));
	printf("  rate     %" PRIu32 " verdicts applied in a second\n", l->rate);
	printf("  share    %" PRIu32
	       " percent of a Template Type's events in a minute, once least (%" PRIu32
	       ") were applied\n",
	       l->share, l->share_least);
	printf("  kills    %" PRIu32 " of root's tasks killed in a minute\n", l->kills);
	printf("  matches  %" PRIu32 " recorded in a second\n", l->matches);
	printf("  steps    %" PRIu32 " of an event in the mean\n", l->steps);
	weir_put_breaker(b);
}

/* What is not named stays as it is. The lock comes first: kernel and disk shall say the same. */
static int change(int fd, const struct weir_options *o, uint32_t index, struct weir_u_breaker *b,
		  struct weir_refusal *r)
{
	struct weir_u_limits named = o->limits_named, to = o->limits, *l = &b->limits;
	json_t *kept;
	int lock, ret;
	size_t i;

	if (weir_floor_lock(o->state, &lock, r))
		return -1;
	if (weir_dev_breaker(fd, index, b, r)) {
		close(lock);
		return -1;
	}
	l->policy = named.policy ? to.policy : l->policy;
	for (i = 0; i < COUNT(limits); i++)
		if (*weir_limit_of(&named, &limits[i]))
			*weir_limit_of(l, &limits[i]) = *weir_limit_of(&to, &limits[i]);
	kept = weir_limits_json(l);
	ret = weir_dev_limits(fd, b->channel, l, r);
	if (!ret && weir_settings_set(o->state, &b->channel, "limits", kept, r))
		ret = weir_not_kept(r);
	json_decref(kept);
	close(lock);
	return ret;
}

int weir_ctl_breaker(const struct weir_options *o, char **argv)
{
	static const struct weir_u_limits none;
	int fd, ret, set = memcmp(&o->limits_named, &none, sizeof(none));
	struct weir_u_breaker b;
	struct weir_u_channel ch;
	struct weir_refusal r;
	uint32_t channel;

	if (weir_channel_number(argv[0], &channel))
		return WEIR_EXIT_USAGE;
	if (weir_dev_open(o->device, set, &fd, &r))
		return weir_refused_by(&r);
	ret = weir_dev_find(fd, channel, &ch, &r);
	if (!ret)
		ret = set ? change(fd, o, ch.index, &b, &r)
			  : weir_dev_breaker(fd, ch.index, &b, &r);
	close(fd);
	if (ret)
		return weir_refused_by(&r);
	if (weir_json)
		weir_put_json(weir_breaker_json(&b));
	else
		put_limits(&b);
	return WEIR_EXIT_OK;
}
