// SPDX-License-Identifier: GPL-2.0
/* The rule files that a command line names. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sigma_files.h"
#include "weirc.h"

static int add_file(struct weir_files *fs, const char *path)
{
	if (fs->n == WEIR_RULE_FILES_MAX)
		return weir_fail("more than %u rule files", WEIR_RULE_FILES_MAX);
	fs->name = weir_arena_grow(fs->arena, fs->name, fs->n, sizeof(*fs->name));
	fs->name[fs->n++] = weir_arena_copy(fs->arena, path, strlen(path));
	return 0;
}

static int is_rule_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (!strcmp(dot, ".yml") || !strcmp(dot, ".yaml"));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, sorted; null after an error. */
static char **list(struct weir_files *fs, const char *path, size_t *n)
{
	const struct weir_where w = { .file = path };
	char **name = weir_arena_get(fs->arena, 0, sizeof(char *));
	DIR *d = opendir(path);
	struct dirent *e;

	*n = 0;
	if (!d) {
		weir_fail_at(&w, "the folder cannot be opened: %s", strerror(errno));
		return NULL;
	}
	for (;;) {
		errno = 0;
		e = readdir(d);
		if (!e)
			break;
		if (e->d_name[0] == '.')
			continue;
		name = weir_arena_grow(fs->arena, name, *n, sizeof(*name));
		name[(*n)++] = weir_arena_copy(fs->arena, e->d_name, strlen(e->d_name));
	}
	if (errno) {
		weir_fail_at(&w, "the folder cannot be read: %s", strerror(errno));
		name = NULL;
	}
	closedir(d);
	if (name)
		qsort(name, *n, sizeof(*name), by_name);
	return name;
}

static int add_folder(struct weir_files *fs, const char *path, unsigned int depth);

static int add_entry(struct weir_files *fs, const char *path, const char *name, unsigned int depth)
{
	size_t len = strlen(path) + strlen(name) + 2;
	char *full = weir_arena_get(fs->arena, len, 1);
	const struct weir_where w = { .file = full };
	struct stat st;

	snprintf(full, len, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", name);
	if (lstat(full, &st))
		return weir_fail_at(&w, "cannot be examined: %s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return add_folder(fs, full, depth + 1);
	if (!is_rule_name(name))
		return 0;
	/* Reading what nobody asked for by its name must not wait for ever. */
	if (!S_ISLNK(st.st_mode) && !S_ISREG(st.st_mode))
		return weir_fail_at(&w, "is no file: a pipe, socket or device");
	return add_file(fs, full);
}

/* Recursion ends at WEIR_FOLDER_DEPTH_MAX. */
static int add_folder(struct weir_files *fs, const char *path, unsigned int depth)
{
	const struct weir_where w = { .file = path };
	char **name;
	size_t n, i;
	int ret = 0;

	if (depth > WEIR_FOLDER_DEPTH_MAX)
		return weir_fail_at(&w, "folders are nested deeper than %u", WEIR_FOLDER_DEPTH_MAX);
	name = list(fs, path, &n);
	if (!name)
		return WEIR_EXIT_FAIL;
	for (i = 0; !ret && i < n; i++)
		ret = add_entry(fs, path, name[i], depth);
	return ret;
}

int weir_files_add(struct weir_files *fs, const char *path)
{
	const struct weir_where w = { .file = path };
	size_t before = fs->n;
	struct stat st;
	int ret;

	if (!strcmp(path, "-"))
		return add_file(fs, path);
	if (stat(path, &st))
		return weir_fail_at(&w, "cannot be opened: %s", strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return add_file(fs, path);
	ret = add_folder(fs, path, 0);
	if (!ret && fs->n == before)
		return weir_fail_at(&w, "the folder holds no *.yml or *.yaml");
	return ret;
}
