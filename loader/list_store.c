// SPDX-License-Identifier: GPL-2.0
/* Trust lists on disk: one file each, named by version and digest, never rewritten. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/sha.h>

#include "device.h"
#include "private.h"

/* VERSION-SHA256.list: the version has 20 digits, so that names ascend as versions do. */
#define NAME_DIGITS 20
#define NAME_LENGTH (NAME_DIGITS + 1 + 2 * WEIR_DIGEST_SIZE + 5)

static int wanted_name(const struct dirent *e)
{
	return strlen(e->d_name) == NAME_LENGTH && !strcmp(e->d_name + NAME_LENGTH - 5, ".list");
}

static int list_name(const struct weir_list *l, char *out)
{
	uint8_t sum[WEIR_DIGEST_SIZE];
	char hex[2 * WEIR_DIGEST_SIZE + 1];

	SHA256(l->file.b, l->file.n, sum);
	weir_hex(sum, hex);
	return snprintf(out, NAME_LENGTH + 1, "%0*" PRIu64 "-%s.list", NAME_DIGITS,
			weir_trustlist_version(l->list), hex);
}

static int damaged(const char *path, struct weir_refusal *r)
{
	weir_refuse(r, WEIR_STEP_STATE, "LIST",
		    "find out what damaged the file; then restore it, or remove it and load the "
		    "newest trust list again",
		    "a trust list of this host is damaged: it is not what its name says");
	return weir_refusal_file(r, path);
}

/* The list under a name, which says what has to be in it. */
static int read_named(const char *dir, const char *name, struct weir_list **out,
		      struct weir_refusal *r)
{
	char want[NAME_LENGTH + 1], *path;
	struct weir_list *l = NULL;
	int ret;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return weir_refuse_errno(r, WEIR_STEP_STATE, dir, "cannot name a trust list");
	ret = weir_list_open(path, &l, r);
	if (!ret)
		list_name(l, want);
	if (ret ? strcmp(r->code, "IO") : strcmp(want, name))
		ret = damaged(path, r);
	free(path);
	if (ret)
		weir_list_close(l);
	else
		*out = l;
	return ret;
}

static char *folder(const char *state, struct weir_refusal *r)
{
	char *dir;

	if (asprintf(&dir, "%s/lists", state) >= 0)
		return dir;
	weir_refuse_errno(r, WEIR_STEP_STATE, state, "cannot name the folder of trust lists");
	return NULL;
}

/* Names of all lists, ascending. Return: how many; -1 with a reason. */
static int scan(const char *dir, struct dirent ***names, struct weir_refusal *r)
{
	int n;

	*names = NULL;
	if (weir_state_writers(dir, r))
		return -1;
	n = scandir(dir, names, wanted_name, alphasort);
	if (n >= 0 || errno == ENOENT)
		return n < 0 ? 0 : n;
	return weir_refuse_errno(r, WEIR_STEP_STATE, dir, "cannot read the folder of trust lists");
}

static void free_names(struct dirent **names, int n)
{
	while (n-- > 0)
		free(names[n]);
	free(names);
}

static int stored(const char *dir, struct weir_list **out, struct weir_refusal *r)
{
	struct dirent **names;
	int ret, n = scan(dir, &names, r);

	if (n < 0)
		return -1;
	if (n) {
		ret = read_named(dir, names[n - 1]->d_name, out, r);
	} else {
		*out = calloc(1, sizeof(**out));
		ret = *out ? 0
			   : weir_refuse_errno(r, WEIR_STEP_STATE, dir, "cannot hold a trust list");
	}
	free_names(names, n);
	return ret;
}

int weir_list_stored(const char *state, struct weir_list **out, struct weir_refusal *r)
{
	char *dir = folder(state, r);
	int ret = dir ? stored(dir, out, r) : -1;

	free(dir);
	return ret;
}

int weir_list_keep(const char *state, const struct weir_list *l, struct weir_refusal *r)
{
	char name[NAME_LENGTH + 1], *dir = folder(state, r), *path;
	int ret;

	if (!dir)
		return -1;
	list_name(l, name);
	if (asprintf(&path, "%s/%s", dir, name) < 0) {
		ret = weir_refuse_errno(r, WEIR_STEP_STATE, dir, "cannot name a trust list");
	} else {
		ret = weir_make_folder(dir, r) ||
		      weir_blob_write(path, l->file.b, l->file.n, 0644, 0, r);
		free(path);
	}
	free(dir);
	return ret ? -1 : 0;
}

static int hand_over(int fd, const char *dir, const char *name, struct weir_refusal *r)
{
	struct weir_list *l;
	uint64_t version;
	int ret;

	if (read_named(dir, name, &l, r))
		return -1;
	ret = weir_dev_trust(fd, &l->file, &version, r);
	if (ret)
		weir_refusal_file(r, name);
	weir_list_close(l);
	return ret;
}

static int hand_over_all(int fd, const char *dir, struct weir_refusal *r)
{
	struct weir_u_trusted now;
	struct dirent **names;
	int i, n, ret = 0;

	n = scan(dir, &names, r);
	if (n < 0 || (n && weir_dev_trusted(fd, 0, &now, r) <= 0))
		ret = -1;
	for (i = 0; i < n && !ret; i++)
		if (strtoull(names[i]->d_name, NULL, 10) > now.version)
			ret = hand_over(fd, dir, names[i]->d_name, r);
	free_names(names, n);
	return ret;
}

int weir_list_hand_over(int fd, const char *state, struct weir_refusal *r)
{
	char *dir = folder(state, r);
	int ret = dir ? hand_over_all(fd, dir, r) : -1;

	free(dir);
	return ret;
}
