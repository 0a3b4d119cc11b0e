// SPDX-License-Identifier: GPL-2.0
/* Version floors on disk: one small file a channel, one line with a checksum of its own. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <openssl/sha.h>

#include "private.h"
#include "weirstore.h"

/* weir-floor 1 CHANNEL VERSION CONTENT-SHA256 LINE-SHA256 */
#define FLOOR_LINE_MAX 256

/* How often the lock is tried for, 50 ms apart: others have it while they write their journal. */
#define LOCK_TRIES 100

void weir_hex(const uint8_t *p, char out[2 * WEIR_DIGEST_SIZE + 1])
{
	int i;

	for (i = 0; i < WEIR_DIGEST_SIZE; i++)
		snprintf(out + 2 * i, 3, "%02x", p[i]);
}

int weir_unhex(const char *s, uint8_t *out)
{
	unsigned int v;
	int i;

	for (i = 0; i < WEIR_DIGEST_SIZE; i++) {
		if (sscanf(s + 2 * i, "%2x", &v) != 1)
			return -1;
		out[i] = (uint8_t)v;
	}
	return 0;
}

/* One floor has one line: reading compares with what writing would have written. */
static int format_line(uint32_t channel, const struct weir_floor *f, char *out)
{
	char content[2 * WEIR_DIGEST_SIZE + 1], line[2 * WEIR_DIGEST_SIZE + 1];
	uint8_t sum[SHA256_DIGEST_LENGTH];
	int n;

	weir_hex(f->digest, content);
	n = snprintf(out, FLOOR_LINE_MAX, "weir-floor 1 %" PRIu32 " %" PRIu64 " %s ", channel,
		     f->version, content);
	SHA256((const uint8_t *)out, (size_t)n, sum);
	weir_hex(sum, line);
	return n + snprintf(out + n, (size_t)(FLOOR_LINE_MAX - n), "%s\n", line);
}

static int floor_path(const char *dir, uint32_t channel, char **path, struct weir_refusal *r)
{
	if (asprintf(path, "%s/channel-%" PRIu32 ".floor", dir, channel) < 0)
		return weir_refuse_errno(r, WEIR_STEP_STATE, dir, "cannot name the floor's file");
	return 0;
}

static int damaged(const char *path, struct weir_refusal *r)
{
	const char *todo = "find out what damaged the file; then restore it, or remove it if you "
			   "accept that an older version could be loaded";

	weir_refuse(r, WEIR_STEP_VERSION, "FLOOR", todo,
		    "the channel's version floor is damaged: its checksum does not fit");
	return weir_refusal_file(r, path);
}

static int parse_floor(const struct weir_blob *f, const char *path, uint32_t channel,
		       struct weir_floor *out, struct weir_refusal *r)
{
	char have[FLOOR_LINE_MAX], want[FLOOR_LINE_MAX], digest[65];
	int n;

	if (f->n >= sizeof(have) || !f->n)
		return damaged(path, r);
	memcpy(have, f->b, f->n);
	have[f->n] = 0;
	if (sscanf(have, "weir-floor 1 %*u %" SCNu64 " %64[0-9a-f]", &out->version, digest) != 2)
		return damaged(path, r);
	if (strlen(digest) != 2 * WEIR_DIGEST_SIZE || weir_unhex(digest, out->digest) ||
	    !out->version)
		return damaged(path, r);
	n = format_line(channel, out, want);
	if ((size_t)n != f->n || memcmp(have, want, f->n))
		return damaged(path, r);
	return 0;
}

static int read_path(const char *path, uint32_t channel, struct weir_floor *out,
		     struct weir_refusal *r)
{
	struct weir_blob f;
	int ret;

	memset(out, 0, sizeof(*out));
	if (access(path, F_OK) && errno == ENOENT)
		return 0;
	if (weir_blob_read(path, 4096, &f, r)) {
		r->step = WEIR_STEP_VERSION;
		return -1;
	}
	ret = parse_floor(&f, path, channel, out, r);
	weir_blob_free(&f);
	return ret;
}

/* Whoever can write there can take a floor away. */
int weir_state_writers(const char *dir, struct weir_refusal *r)
{
	struct stat st;

	if (stat(dir, &st) || !(st.st_mode & 0002))
		return 0;
	weir_refuse(r, WEIR_STEP_VERSION, "STATE",
		    "take the right away (chmod o-w), and look at what is there",
		    "anybody may write to the state folder, and so lower version floors");
	return weir_refusal_file(r, dir);
}

int weir_floor_read(const char *dir, uint32_t channel, struct weir_floor *out,
		    struct weir_refusal *r)
{
	char *path;
	int ret;

	if (weir_state_writers(dir, r) || floor_path(dir, channel, &path, r))
		return -1;
	ret = read_path(path, channel, out, r);
	free(path);
	return ret;
}

int weir_floor_check(const struct weir_floor *floor, const struct weir_floor *want,
		     struct weir_refusal *r)
{
	const char *todo = "compile with a higher --version";

	if (want->version < floor->version)
		return weir_refuse(r, WEIR_STEP_VERSION, "OLD_VERSION", todo,
				   "version %" PRIu64 " is older than version %" PRIu64
				   ", which was active on this host",
				   want->version, floor->version);
	if (want->version == floor->version &&
	    memcmp(want->digest, floor->digest, WEIR_DIGEST_SIZE))
		return weir_refuse(r, WEIR_STEP_VERSION, "SAME_VERSION", todo,
				   "version %" PRIu64
				   " was active on this host with other content than this",
				   want->version);
	return 0;
}

int weir_make_one(const char *path)
{
	if (!mkdir(path, 0755))
		return weir_sync_name(path);
	return errno == EEXIST ? 0 : -1;
}

/* Makes the folders above it, too. */
static int make_path(char *path)
{
	char *slash;

	for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (weir_make_one(path))
			return -1;
		*slash = '/';
	}
	return weir_make_one(path);
}

int weir_make_folder(const char *dir, struct weir_refusal *r)
{
	char *path = strdup(dir);
	int ret = path && *path ? make_path(path) : -1;

	if (ret)
		weir_refuse_errno(r, WEIR_STEP_STATE, dir, "cannot make the folder");
	free(path);
	return ret;
}

int weir_floor_raise(const char *dir, uint32_t channel, const struct weir_floor *to,
		     struct weir_refusal *r)
{
	char line[FLOOR_LINE_MAX], *path;
	struct weir_floor disk;
	int n, ret;

	if (weir_make_folder(dir, r) || floor_path(dir, channel, &path, r))
		return -1;
	ret = read_path(path, channel, &disk, r);
	if (!ret && to->version > disk.version) {
		n = format_line(channel, to, line);
		ret = weir_blob_write(path, line, (size_t)n, 0644, 0, r);
	}
	free(path);
	return ret;
}

/* A file that only its owner may open: whoever can open it can keep all loaders waiting. */
static int open_lock(const char *dir, int *fd, struct weir_refusal *r)
{
	char *path;

	if (asprintf(&path, "%s/lock", dir) < 0)
		return weir_refuse_errno(r, WEIR_STEP_STATE, dir, "cannot name the lock");
	*fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*fd < 0)
		weir_refuse_errno(r, WEIR_STEP_STATE, path, "cannot open the lock");
	free(path);
	return *fd < 0 ? -1 : 0;
}

int weir_floor_lock(const char *dir, int *fd, struct weir_refusal *r)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	int err, i;

	if (weir_make_folder(dir, r) || weir_state_writers(dir, r) || open_lock(dir, fd, r))
		return -1;
	for (i = 0; i < LOCK_TRIES; i++) {
		if (!flock(*fd, LOCK_EX | LOCK_NB))
			return 0;
		if (errno != EWOULDBLOCK)
			break;
		nanosleep(&pause, NULL);
	}
	err = errno;
	close(*fd);
	errno = err;
	if (err != EWOULDBLOCK)
		return weir_refuse_errno(r, WEIR_STEP_STATE, dir, "cannot lock the state folder");
	weir_refuse(r, WEIR_STEP_STATE, "BUSY", "wait until it is done, then try again",
		    "another loader is at work on the state folder");
	return weir_refusal_file(r, dir);
}
