// SPDX-License-Identifier: GPL-2.0
/* weirctl status: which fields are captured now, and which hooks deliver them. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "ctl.h"

static const char *power_name(uint32_t power)
{
	if (power & 1u << WEIR_VERDICT_DENY)
		return "deny";
	return power & 1u << WEIR_VERDICT_KILL ? "kill" : "alert";
}

/* What there is to say of a hook that is armed or failed; NULL of all others. */
static const char *state_of(const struct weir_u_hook *h)
{
	if (h->error == -EIO)
		return h->armed ? "silent: armed, but it does not fire" : "silent: it did not fire";
	if (h->error)
		return strerrordesc_np(-h->error) ? strerrordesc_np(-h->error) : "failed";
	if (!h->armed)
		return NULL;
	return h->seen ? "fires" : "armed, not yet seen to fire; see weirctl prove";
}

static json_t *hook_json(const struct weir_u_hook *h, const char *type)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_string(h->name));
	json_object_set_new(o, "type", json_string(type));
	json_object_set_new(o, "needed", json_boolean(h->needed));
	json_object_set_new(o, "strongest", json_string(power_name(h->power)));
	json_object_set_new(o, "by_use", json_boolean(h->by_use));
	json_object_set_new(o, "armed", json_boolean(h->armed));
	json_object_set_new(o, "seen", json_boolean(h->seen));
	json_object_set_new(o, "error", h->error ? json_string(state_of(h)) : json_null());
	json_object_set_new(o, "calls", weir_json_u64(h->calls));
	json_object_set_new(o, "denied", weir_json_u64(h->denied));
	json_object_set_new(o, "killed", weir_json_u64(h->killed));
	return o;
}

static void put_hook(const struct weir_u_hook *h, const char *type, int *heading)
{
	const char *state = state_of(h);

	if (!state)
		return;
	if (!*heading)
		printf("\n%-32s  %-18s  %-9s  %10s  %8s  %8s  %s\n", "HOOK", "TYPE", "STRONGEST",
		       "CALLS", "DENIED", "KILLED", "STATE");
	*heading = 1;
	printf("%-32s  %-18s  %-9s  %10" PRIu64 "  %8" PRIu64 "  %8" PRIu64 "  %s%s\n", h->name,
	       type, power_name(h->power), (uint64_t)h->calls, (uint64_t)h->denied,
	       (uint64_t)h->killed, state,
	       !h->error   ? ""
	       : h->needed ? "; its type needs it"
			   : "; its type does without it");
}

static json_t *type_json(const struct weir_u_type *t)
{
	json_t *o = json_object(), *names = json_array();
	uint32_t i;

	for (i = 0; i < t->arity && i < WEIR_U_FIELDS; i++)
		if (t->wanted >> i & 1)
			json_array_append_new(names, json_string(t->field[i].name));
	json_object_set_new(o, "name", json_string(t->name));
	json_object_set_new(o, "armed", json_boolean(t->armed));
	json_object_set_new(o, "provided", json_integer(__builtin_popcountll(t->provided)));
	json_object_set_new(o, "captured", names);
	return o;
}

static void put_type(const struct weir_u_type *t, int *heading)
{
	uint32_t i;

	if (!t->armed)
		return;
	if (!*heading)
		printf("\n%-18s  %s\n", "TYPE", "FIELDS CAPTURED NOW");
	*heading = 1;
	printf("%-18s ", t->name);
	for (i = 0; i < t->arity && i < WEIR_U_FIELDS; i++)
		if (t->wanted >> i & 1)
			printf(" %s", t->field[i].name);
	puts(t->wanted ? "" : " none");
}

static int put_types(int fd, uint32_t n, json_t *list, struct weir_refusal *r)
{
	struct weir_u_type t;
	int heading = 0;
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (weir_dev_type(fd, i, &t, r))
			return -1;
		if (weir_json)
			json_array_append_new(list, type_json(&t));
		else
			put_type(&t, &heading);
	}
	return 0;
}

const char *weir_hook_type(uint32_t id)
{
	const struct weir_type *t = weir_type_by_id(id);

	return t ? t->name : "?";
}

static int put_list(int fd, uint32_t n, json_t *list, struct weir_refusal *r)
{
	struct weir_u_hook h;
	int heading = 0;
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (weir_dev_hook(fd, i, &h, r))
			return -1;
		if (weir_json)
			json_array_append_new(list, hook_json(&h, weir_hook_type(h.type)));
		else
			put_hook(&h, weir_hook_type(h.type), &heading);
	}
	return 0;
}

int weir_put_hooks(int fd, const struct weir_u_info *info, json_t *o, struct weir_refusal *r)
{
	json_t *types = json_array(), *hooks = json_array();
	int ret;

	ret = put_types(fd, info->ntypes, types, r);
	if (!ret)
		ret = put_list(fd, info->nhooks, hooks, r);
	json_object_set_new(o, "types", types);
	json_object_set_new(o, "hooks", hooks);
	return ret;
}
