// SPDX-License-Identifier: GPL-2.0
/* What tests of file_event share: a child that acts on files, and the records of what it did. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "file_events.h"
#include "templates.h"

#define F(name) WEIR_file_event_##name

static char dir[64];

int weir_file_begin(void)
{
	umask(0);
	snprintf(dir, sizeof(dir), "/tmp/weir-file-%d", (int)getpid());
	if ((mkdir(dir, 0777) && errno != EEXIST) || chdir(dir)) {
		printf("# %s: %m\n", dir);
		return -1;
	}
	return weir_ev_open(WEIR_FILE_CHANNEL, WEIR_FILE_CONTENT);
}

const char *weir_file_path(const char *name)
{
	static char paths[4][512];
	static unsigned int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", dir, name);
	return path;
}

const struct weir_u_record *weir_file_next(int fd, pid_t pid, int operation, const char *path)
{
	const struct weir_u_record *r;

	r = weir_ev_of(fd, WEIR_FILE_CHANNEL, WEIR_TYPE_file_event, F(ProcessId), pid);
	if (!r || !weir_ev_num(r, F(Operation), (uint64_t)operation))
		return NULL;
	if (*path != '/' && *path != '.')
		path = weir_file_path(path);
	return weir_ev_text(r, F(TargetFilename), path) ? r : NULL;
}

int weir_file_by_child(const struct weir_u_record *r, pid_t pid)
{
	const char *image = weir_child_own_image();

	return weir_ev_text(r, F(Image), image) && weir_ev_text(r, F(CommandLine), image) &&
	       weir_ev_text(r, F(ParentImage), image) &&
	       weir_ev_num(r, F(ProcessId), (uint64_t)pid) &&
	       weir_ev_num(r, F(ParentProcessId), (uint64_t)getpid()) &&
	       weir_ev_text(r, F(User), "seven") && weir_ev_num(r, F(UserId), WEIR_FILE_USER) &&
	       weir_ev_num(r, F(EffectiveUserId), WEIR_FILE_USER) &&
	       weir_ev_num(r, F(GroupId), WEIR_FILE_USER + 2) &&
	       weir_ev_num(r, F(LogonId), WEIR_FILE_USER);
}
