// SPDX-License-Identifier: GPL-2.0
/* What root set in the kernel, as JSON in the state folder. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd_store.h"
#include "settings.h"

#define SETTINGS_MAX 0x100000u /* bytes */

static int damaged(struct weir_refusal *r, const char *what)
{
	const char *todo =
		"correct the file \"settings\" of the state folder, or remove it and set "
		"modes, limits and exempt executables again";

	return weir_refuse(r, WEIR_STEP_STATE, "SETTINGS", todo,
			   "the kept settings are damaged: %s", what);
}

static char *path_in(const char *state, struct weir_refusal *r)
{
	char *path;

	if (asprintf(&path, "%s/settings", state) >= 0)
		return path;
	weir_refuse(r, WEIR_STEP_STATE, "IO", NULL, "no memory");
	return NULL;
}

static void channel_name(uint32_t channel, char out[16])
{
	snprintf(out, 16, "%" PRIu32, channel);
}

static int is_mode(const json_t *v)
{
	const char *s = json_string_value(v);

	return s && (!strcmp(s, "audit") || !strcmp(s, "enforce") || !strcmp(s, "fail-closed"));
}

/* What is wrong with what is kept of a channel; null if nothing is. */
static const char *channel_fault(const char *number, json_t *channel)
{
	struct weir_u_limits l;
	const char *name;
	char same[16];
	json_t *v;

	channel_name((uint32_t)strtoul(number, NULL, 10), same);
	if (strcmp(number, same) || !json_is_object(channel))
		return "a channel is a number, and an object of what it is set to";
	json_object_foreach(channel, name, v) {
		if (!strcmp(name, "mode") && !is_mode(v))
			return "a mode is \"audit\", \"enforce\" or \"fail-closed\"";
		if (!strcmp(name, "limits") && weir_limits_read(v, &l))
			return "limits are a policy, and numbers as weirctl breaker takes them";
		if (strcmp(name, "mode") && strcmp(name, "limits"))
			return "of a channel there are mode and limits only";
	}
	return NULL;
}

static const char *exempt_fault(const json_t *list)
{
	const json_t *e;
	size_t i;

	if (!json_is_array(list))
		return "exempt is a list of paths";
	json_array_foreach(list, i, e)
		if (!json_is_string(e))
			return "exempt is a list of paths";
	return NULL;
}

/* A name that is not known may be one that was meant to protect something. */
static const char *fault(json_t *settings)
{
	const char *name, *number, *what;
	json_t *v, *channel;

	if (!json_is_object(settings))
		return "they are no object";
	json_object_foreach(settings, name, v) {
		if (strcmp(name, "channels") && strcmp(name, "exempt"))
			return "there are channels and exempt only";
		if (!strcmp(name, "exempt")) {
			what = exempt_fault(v);
			if (what)
				return what;
			continue;
		}
		if (!json_is_object(v))
			return "channels is an object";
		json_object_foreach(v, number, channel) {
			what = channel_fault(number, channel);
			if (what)
				return what;
		}
	}
	return NULL;
}

static int parse(const struct weir_blob *f, json_t **out, struct weir_refusal *r)
{
	const char *what;
	json_error_t e;

	*out = json_loadb((const char *)f->b, f->n, JSON_REJECT_DUPLICATES, &e);
	what = *out ? fault(*out) : e.text;
	if (!what)
		return 0;
	damaged(r, what);
	json_decref(*out);
	*out = NULL;
	return -1;
}

int weir_settings_read(const char *state, json_t **out, struct weir_refusal *r)
{
	char *path = path_in(state, r);
	struct weir_blob f;
	int ret = -1;

	if (!path)
		return -1;
	if (access(path, F_OK) && errno == ENOENT) {
		*out = json_object();
		ret = 0;
	} else if (!weir_blob_read(path, SETTINGS_MAX, &f, r)) {
		ret = parse(&f, out, r);
		weir_blob_free(&f);
	}
	free(path);
	return ret;
}

static int write_all(const char *state, const json_t *settings, struct weir_refusal *r)
{
	char *text = json_dumps(settings, JSON_INDENT(2) | JSON_SORT_KEYS);
	char *path = path_in(state, r);
	int ret = -1;

	if (!text)
		weir_refuse(r, WEIR_STEP_STATE, "IO", NULL, "no memory");
	else if (path)
		ret = weir_blob_write(path, text, strlen(text), 0644, 0, r);
	free(path);
	free(text);
	return ret;
}

/* An object in another one, made if need be. */
static json_t *inside(json_t *o, const char *name)
{
	json_t *in = json_object_get(o, name);

	if (!json_is_object(in)) {
		in = json_object();
		json_object_set_new(o, name, in);
	}
	return in;
}

/* What is kept of a channel; null if nothing is. */
static json_t *of_channel(const json_t *settings, uint32_t channel, const char *name)
{
	char number[16];

	channel_name(channel, number);
	return json_object_get(json_object_get(json_object_get(settings, "channels"), number),
			       name);
}

int weir_settings_set(const char *state, const uint32_t *channel, const char *name, json_t *value,
		      struct weir_refusal *r)
{
	json_t *settings, *at;
	char number[16];
	int ret;

	if (weir_settings_read(state, &settings, r))
		return -1;
	if (json_is_null(value) && channel && !of_channel(settings, *channel, name)) {
		json_decref(settings);
		return 0;
	}
	at = settings;
	if (channel) {
		channel_name(*channel, number);
		at = inside(inside(settings, "channels"), number);
	}
	if (json_is_null(value))
		json_object_del(at, name);
	else
		json_object_set(at, name, value);
	ret = write_all(state, settings, r);
	json_decref(settings);
	return ret;
}

/* Where nothing is kept there is nothing to forget. */
static int keeps(const char *state, struct weir_refusal *r)
{
	char *path = path_in(state, r);
	int there;

	if (!path)
		return -1;
	there = !access(path, F_OK) || errno != ENOENT;
	free(path);
	return there;
}

int weir_settings_forget(const char *state, uint32_t channel, struct weir_refusal *r)
{
	int lock, ret = keeps(state, r);

	if (ret <= 0)
		return ret;
	if (weir_floor_lock(state, &lock, r))
		return weir_not_kept(r);
	ret = weir_settings_set(state, &channel, "mode", json_null(), r);
	close(lock);
	return ret ? weir_not_kept(r) : 0;
}

/* Nothing is kept then, until a person looks at it. Always -1: why has been said. */
static int set_aside(const char *state, struct weir_refusal *r)
{
	char *from = path_in(state, r), *to = NULL, why[sizeof(r->what)];

	memcpy(why, r->what, sizeof(why));
	if (from && asprintf(&to, "%s.aside", from) > 0 && !rename(from, to) && !weir_sync_name(to))
		snprintf(r->what, sizeof(r->what),
			 "settings are set aside as settings.aside: %.500s", why);
	free(from);
	free(to);
	return -1;
}

int weir_settings_forget_modes(const char *state, struct weir_refusal *r)
{
	json_t *settings, *channel;
	const char *number;
	int ret = keeps(state, r);

	if (ret <= 0)
		return ret;
	ret = weir_settings_read(state, &settings, r);
	if (!ret) {
		json_object_foreach(json_object_get(settings, "channels"), number, channel)
			json_object_del(channel, "mode");
		ret = write_all(state, settings, r);
		json_decref(settings);
	}
	return ret ? set_aside(state, r) : 0;
}

json_t *weir_settings_mode(uint32_t mode, uint32_t flags)
{
	if (mode == WEIR_MODE_AUDIT)
		return json_string("audit");
	return json_string(flags & WEIR_MODE_FAIL_CLOSED ? "fail-closed" : "enforce");
}

int weir_settings_apply(int fd, const json_t *settings, uint32_t channel, int enforce,
			struct weir_refusal *r)
{
	const json_t *limits = of_channel(settings, channel, "limits");
	const char *mode = json_string_value(of_channel(settings, channel, "mode"));
	struct weir_u_limits l;

	if (limits && !weir_limits_read(limits, &l) && weir_dev_limits(fd, channel, &l, r))
		return -1;
	if (!enforce || !mode || !strcmp(mode, "audit"))
		return 0;
	return weir_dev_mode(fd, channel, WEIR_MODE_ENFORCE,
			     strcmp(mode, "fail-closed") ? 0 : WEIR_MODE_FAIL_CLOSED, r);
}

int weir_settings_exempt(int fd, const json_t *settings, struct weir_refusal *r)
{
	const json_t *kept = json_object_get(settings, "exempt"), *e;
	char **path;
	size_t i;
	int ret;

	if (!kept)
		return 0;
	path = calloc(json_array_size(kept) + 1, sizeof(*path));
	if (!path)
		return weir_refuse(r, WEIR_STEP_STATE, "IO", NULL, "no memory");
	json_array_foreach(kept, i, e)
		path[i] = (char *)json_string_value(e);
	ret = weir_dev_exempt(fd, path, r);
	free(path);
	return ret;
}
