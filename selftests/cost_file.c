// SPDX-License-Identifier: GPL-2.0
/* What file_event's hooks cost: an operation for each, and one that is no event. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cost.h"

static int fd = -1;

/* A file "there"; what other operations make is "made". */
static int file_setup(void)
{
	int f = open("there", O_RDWR | O_CREAT, 0600);

	return f < 0 ? -1 : close(f);
}

static int close_fd(void)
{
	return close(fd);
}

static int unlink_made(void)
{
	return unlink("made");
}

static int read_act(void)
{
	fd = open("there", O_RDONLY);
	return fd;
}

static int write_act(void)
{
	fd = open("there", O_WRONLY);
	return fd;
}

static int create_act(void)
{
	return mknod("made", S_IFREG | 0600, 0);
}

static int mkdir_act(void)
{
	return mkdir("made", 0700);
}

static int rmdir_act(void)
{
	return rmdir("made");
}

static int symlink_act(void)
{
	return symlink("there", "made");
}

static int link_act(void)
{
	return link("there", "made");
}

static int rename_act(void)
{
	return rename("made", "moved");
}

static int rename_after(void)
{
	return unlink("moved");
}

static int chmod_act(void)
{
	return chmod("there", 0600);
}

static int truncate_act(void)
{
	return truncate("there", 0);
}

static int ftruncate_act(void)
{
	return ftruncate(fd, 0);
}

const struct weir_cost weir_costs_file_event[] = {
	{ "open-for-reading", "file_open", file_setup, NULL, read_act, close_fd },
	{ "open-for-writing", "file_open", file_setup, NULL, write_act, close_fd },
	{ "mknod", "path_mknod", NULL, NULL, create_act, unlink_made },
	{ "unlink", "path_unlink", NULL, create_act, unlink_made, NULL },
	{ "mkdir", "path_mkdir", NULL, NULL, mkdir_act, rmdir_act },
	{ "rmdir", "path_rmdir", NULL, mkdir_act, rmdir_act, NULL },
	{ "symlink", "path_symlink", NULL, NULL, symlink_act, unlink_made },
	{ "link", "path_link", file_setup, NULL, link_act, unlink_made },
	{ "rename", "path_rename", NULL, create_act, rename_act, rename_after },
	{ "chmod", "path_chmod", file_setup, NULL, chmod_act, NULL },
	{ "truncate", "path_truncate", file_setup, NULL, truncate_act, NULL },
	{ "ftruncate", "file_truncate", file_setup, write_act, ftruncate_act, close_fd },
	{ .name = NULL },
};
