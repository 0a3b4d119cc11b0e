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
	return weir_refuse(
		r, WEIR_STEP_STATE, "SETTINGS",
		"correct the file \"settings\" of the state folder, or remove it and set "
		"modes, limits and exempt executables again",
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

static int parse(const struct weir_blob *f, json_t **out, struct weir_refusal *r)
{
	json_error_t e;

	*out = json_loadb((const char *)f->b, f->n, JSON_REJECT_DUPLICATES, &e);
	if (json_is_object(*out))
		return 0;
	damaged(r, *out ? "they are no object" : e.text);
	json_decref(*out);
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

	if (path && text)
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

static void channel_name(uint32_t channel, char out[16])
{
	snprintf(out, 16, "%" PRIu32, channel);
}

int weir_settings_set(const char *state, const uint32_t *channel, const char *name, json_t *value,
		      struct weir_refusal *r)
{
	json_t *settings, *at;
	char number[16];
	int ret;

	if (weir_settings_read(state, &settings, r))
		return -1;
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

int weir_settings_keep(const char *state, const uint32_t *channel, const char *name, json_t *value,
		       struct weir_refusal *r)
{
	int lock, ret;

	ret = weir_store_lock(state, &lock, r);
	if (!ret && lock >= 0) {
		ret = weir_settings_set(state, channel, name, value, r);
		close(lock);
	}
	json_decref(value);
	return ret ? weir_not_kept(r) : 0;
}

json_t *weir_settings_mode(uint32_t mode, uint32_t flags)
{
	if (mode == WEIR_MODE_AUDIT)
		return json_string("audit");
	return json_string(flags & WEIR_MODE_FAIL_CLOSED ? "fail-closed" : "enforce");
}

/* What is kept of a channel; null if nothing is. */
static json_t *of_channel(const json_t *settings, uint32_t channel, const char *name)
{
	char number[16];

	channel_name(channel, number);
	return json_object_get(json_object_get(json_object_get(settings, "channels"), number),
			       name);
}

int weir_settings_mode_of(const json_t *settings, uint32_t channel, uint32_t *mode, uint32_t *flags,
			  struct weir_refusal *r)
{
	const json_t *kept = of_channel(settings, channel, "mode");
	const char *s = json_string_value(kept);

	if (!kept)
		return 0;
	*mode = WEIR_MODE_ENFORCE;
	*flags = 0;
	if (s && !strcmp(s, "audit"))
		*mode = WEIR_MODE_AUDIT;
	else if (s && !strcmp(s, "fail-closed"))
		*flags = WEIR_MODE_FAIL_CLOSED;
	else if (!s || strcmp(s, "enforce"))
		return damaged(r, "a mode is \"audit\", \"enforce\" or \"fail-closed\"");
	return 1;
}

static int apply_limits(int fd, const json_t *settings, uint32_t channel, struct weir_refusal *r)
{
	const json_t *kept = of_channel(settings, channel, "limits");
	struct weir_u_limits l;

	if (!kept)
		return 0;
	if (weir_limits_read(kept, &l))
		return damaged(r, "limits are a policy, and numbers as weirctl breaker takes them");
	return weir_dev_limits(fd, channel, &l, r);
}

int weir_settings_apply(int fd, const json_t *settings, uint32_t channel, int enforce,
			struct weir_refusal *r)
{
	uint32_t mode, flags;
	int ret = apply_limits(fd, settings, channel, r);

	if (ret || !enforce)
		return ret;
	ret = weir_settings_mode_of(settings, channel, &mode, &flags, r);
	return ret > 0 ? weir_dev_mode(fd, channel, mode, flags, r) : ret;
}

int weir_settings_exempt(int fd, const json_t *settings, struct weir_refusal *r)
{
	const json_t *kept = json_object_get(settings, "exempt"), *e;
	size_t i, n = json_array_size(kept);
	char **path;
	int ret = -1;

	if (!kept)
		return 0;
	path = calloc(n + 1, sizeof(*path));
	if (!path)
		return weir_refuse(r, WEIR_STEP_STATE, "IO", NULL, "no memory");
	json_array_foreach(kept, i, e) {
		path[i] = (char *)json_string_value(e);
		if (!path[i])
			break;
	}
	if (!json_is_array(kept) || i < n)
		damaged(r, "exempt executables are a list of paths");
	else
		ret = weir_dev_exempt(fd, path, r);
	free(path);
	return ret;
}
