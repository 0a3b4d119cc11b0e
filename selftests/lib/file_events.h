/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of file_event share: a child that acts on files, and the records of what it did. */
#ifndef WEIR_SELFTESTS_FILE_EVENTS_H
#define WEIR_SELFTESTS_FILE_EVENTS_H

#include "events.h"

#define WEIR_FILE_CHANNEL 7105
#define WEIR_FILE_CONTENT "/content/file_test.weir"

/* The child's user id; its group id is two more. The name of the user is seven. */
#define WEIR_FILE_USER 7

/* The positions of the enum values in templates.def. */
enum weir_file_operation { CREATE, OPEN, RENAME, UNLINK, CHMOD, TRUNCATE };

/**
 * weir_file_begin() - load the content, and go to a directory of this test's own
 *
 * Everybody may write there; the file mode creation mask is 0.
 *
 * Return: as weir_ev_open().
 */
int weir_file_begin(void);

/**
 * weir_file_path() - the absolute path of a name in that directory
 * @name: relative
 *
 * Return: a string, valid for the next three calls.
 */
const char *weir_file_path(const char *name);

/**
 * weir_file_next() - wait for the next event of a process, and compare what every event has
 * @fd: from weir_file_begin()
 * @pid: the process
 * @operation: enum weir_file_operation
 * @path: what TargetFilename must be; a relative name is one in the test's directory
 *
 * Return: the record, or NULL after saying what is wrong.
 */
const struct weir_u_record *weir_file_next(int fd, pid_t pid, int operation, const char *path);

/* Whether the record says that a child of this process caused it, as WEIR_FILE_USER. */
int weir_file_by_child(const struct weir_u_record *r, pid_t pid);

#endif
