// SPDX-License-Identifier: GPL-2.0
/* weirctl exempt: executables to which no verdict is applied. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cmd_store.h"
#include "settings.h"

static void put_entry(const struct weir_u_exempted *e)
{
	weir_put_column(e->path, strlen(e->path), 0);
	printf("  device %" PRIu32 ":%" PRIu32 " inode %" PRIu64 "%s\n", e->major, e->minor,
	       (uint64_t)e->ino,
	       e->current_file ? "" : "; the path leads to another file now, which is not exempt");
}

static json_t *entry_json(const struct weir_u_exempted *e)
{
	char device[32];
	json_t *o = json_object();

	snprintf(device, sizeof(device), "%" PRIu32 ":%" PRIu32, e->major, e->minor);
	json_object_set_new(o, "path", weir_json_bytes(e->path, strlen(e->path)));
	json_object_set_new(o, "device", json_string(device));
	json_object_set_new(o, "inode", weir_json_u64(e->ino));
	json_object_set_new(o, "generation", weir_json_u64(e->generation));
	json_object_set_new(o, "current", json_boolean(e->current_file));
	return o;
}

static int put_list(int fd, struct weir_refusal *r)
{
	json_t *list = json_array();
	struct weir_u_exempted e;
	uint32_t i;
	int ret;

	for (i = 0; (ret = weir_dev_exempted(fd, i, &e, r)) > 0; i++) {
		if (weir_json)
			json_array_append_new(list, entry_json(&e));
		else
			put_entry(&e);
	}
	if (!ret && weir_json)
		weir_put_json(json_pack("{sO}", "exempt", list));
	else if (!ret && !i)
		puts("no executable is exempt");
	json_decref(list);
	return ret;
}

/* They are kept as paths: after a boot they are the files that are there then. */
static json_t *list_of(char *const *paths, struct weir_refusal *r)
{
	json_t *list = json_array(), *path;

	for (; *paths; paths++) {
		path = json_string(*paths);
		if (!path) {
			weir_refuse(r, WEIR_STEP_STATE, "PATH", "give it a name in UTF-8",
				    "a path that is not UTF-8 cannot be kept for the next boot");
			snprintf(r->file, sizeof(r->file), "%s", *paths);
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, path);
	}
	return list;
}

static int change(int fd, const char *state, char *const *paths, struct weir_refusal *r)
{
	json_t *list = list_of(paths, r);
	int lock, ret = -1;

	if (list && !weir_floor_lock(state, &lock, r)) {
		ret = weir_dev_exempt(fd, paths, r);
		if (!ret && weir_settings_set(state, NULL, "exempt", list, r))
			ret = weir_not_kept(r);
		close(lock);
	}
	json_decref(list);
	return ret;
}

int weir_ctl_exempt(const struct weir_options *o, char **argv)
{
	int replace = o->none || argv[0];
	struct weir_refusal r;
	int fd, ret = 0;

	if (o->none && argv[0])
		return weir_usage("exempt", "--none and paths exclude each other");
	if (weir_dev_open(o->device, replace, &fd, &r))
		return weir_refused_by(&r);
	if (replace)
		ret = change(fd, o->state, argv, &r);
	if (!ret)
		ret = put_list(fd, &r);
	close(fd);
	return ret ? weir_refused_by(&r) : WEIR_EXIT_OK;
}
