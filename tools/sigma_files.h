/* SPDX-License-Identifier: GPL-2.0 */
/* The rule files that a command line names. */
#ifndef WEIR_SIGMA_FILES_H
#define WEIR_SIGMA_FILES_H

#include "sigma_arena.h"

#define WEIR_RULE_FILES_MAX 100000u
#define WEIR_FOLDER_DEPTH_MAX 32u

struct weir_files {
	struct weir_arena *arena;
	char **name;
	size_t n;
};

/**
 * weir_files_add() - a rule file, or all of a folder
 * @fs: added to
 * @path: a file, "-", or a folder: then all *.yml and *.yaml in it and below, in the order of the
 *        bytes of their names, whatever the file system's order is; hidden ones and symbolic links
 *        to folders are passed over
 *
 * Reports the error itself.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_files_add(struct weir_files *fs, const char *path);

#endif
