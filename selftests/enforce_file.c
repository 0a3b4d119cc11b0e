// SPDX-License-Identifier: GPL-2.0
/* Verdicts applied: files made, changed and removed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enforce.h"

#define DIR "/tmp/weir-enforce-files"
#define OLD DIR "/old"
#define NEW DIR "/new"
#define OLD_DIR DIR "/old-dir"
/* The rules let files of this name be opened, so that it comes to what is done next. */
#define OPENABLE DIR "/old-openable"

static void files_cleanup(void)
{
	unlink(OLD);
	unlink(OPENABLE);
	unlink(NEW);
	rmdir(NEW);
	rmdir(OLD_DIR);
	rmdir(DIR);
}

/* One byte that everybody may change. */
static int make(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int bad = fd < 0 || write(fd, "x", 1) != 1 || fchmod(fd, 0666);

	close(fd);
	return bad ? -1 : 0;
}

static int files_setup(void)
{
	files_cleanup();
	if (mkdir(DIR, 0700) || chmod(DIR, 0777) || mkdir(OLD_DIR, 0700))
		return -1;
	return make(OLD) || make(OPENABLE) ? -1 : 0;
}

static int is_there(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

static long size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -1 : (long)st.st_size;
}

static int new_happened(pid_t actor)
{
	(void)actor;
	return is_there(NEW);
}

static int old_is_gone(pid_t actor)
{
	(void)actor;
	return !is_there(OLD);
}

static int create_act(void)
{
	return open(NEW, O_WRONLY | O_CREAT | O_EXCL, 0600);
}

static int mkdir_act(void)
{
	return mkdir(NEW, 0700);
}

static int symlink_act(void)
{
	return symlink("old", NEW);
}

static int link_act(void)
{
	return link(OLD, NEW);
}

static int open_act(void)
{
	int fd = open(OLD, O_WRONLY | O_APPEND);

	return fd < 0 ? -1 : (int)write(fd, "y", 1);
}

static int open_happened(pid_t actor)
{
	(void)actor;
	return size_of(OLD) == 2;
}

static int rename_act(void)
{
	return rename(OLD, NEW);
}

static int rename_happened(pid_t actor)
{
	return old_is_gone(actor) || is_there(NEW);
}

static int unlink_act(void)
{
	return unlink(OLD);
}

static int rmdir_act(void)
{
	return rmdir(OLD_DIR);
}

static int rmdir_happened(pid_t actor)
{
	(void)actor;
	return !is_there(OLD_DIR);
}

static int chmod_act(void)
{
	return chmod(OLD, 0640);
}

static int chmod_happened(pid_t actor)
{
	struct stat st;

	(void)actor;
	return !stat(OLD, &st) && (st.st_mode & 07777) == 0640;
}

static int truncate_act(void)
{
	return truncate(OLD, 0);
}

static int truncate_happened(pid_t actor)
{
	(void)actor;
	return size_of(OLD) == 0;
}

static int ftruncate_act(void)
{
	int fd = open(OPENABLE, O_WRONLY);

	return fd < 0 ? -1 : ftruncate(fd, 0);
}

static int openable_is_empty(pid_t actor)
{
	(void)actor;
	return size_of(OPENABLE) == 0;
}

static int open_truncate_act(void)
{
	return open(OPENABLE, O_WRONLY | O_TRUNC);
}

const struct weir_deed weir_deeds_file[] = {
	{ "create", 0, files_setup, create_act, new_happened, files_cleanup },
	{ "mkdir", 0, files_setup, mkdir_act, new_happened, files_cleanup },
	{ "symlink", 0, files_setup, symlink_act, new_happened, files_cleanup },
	{ "link", 0, files_setup, link_act, new_happened, files_cleanup },
	{ "open-to-write", 0, files_setup, open_act, open_happened, files_cleanup },
	{ "rename", 0, files_setup, rename_act, rename_happened, files_cleanup },
	{ "unlink", 0, files_setup, unlink_act, old_is_gone, files_cleanup },
	{ "rmdir", 0, files_setup, rmdir_act, rmdir_happened, files_cleanup },
	{ "chmod", WEIR_DEED_PRIVILEGED, files_setup, chmod_act, chmod_happened, files_cleanup },
	{ "truncate", 0, files_setup, truncate_act, truncate_happened, files_cleanup },
	{ "ftruncate", 0, files_setup, ftruncate_act, openable_is_empty, files_cleanup },
	{ "open-truncate", 0, files_setup, open_truncate_act, openable_is_empty, files_cleanup },
	{ .name = NULL },
};
