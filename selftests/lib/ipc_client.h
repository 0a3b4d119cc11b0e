/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of ipc share: a client that is another user, and what its records have in common. */
#ifndef WEIR_SELFTESTS_IPC_CLIENT_H
#define WEIR_SELFTESTS_IPC_CLIENT_H

#include "events.h"

/* The client's user id; its group id is two more. The name of the user is seven. */
#define WEIR_CLIENT 7

/* The positions of the enum values in templates.def. */
enum weir_client_operation { CONNECT, SEND, OPEN, RECEIVE, ATTACH, OPERATE };
enum weir_client_type { STREAM, DGRAM, SEQPACKET, FIFO, SYSV_MSG, SYSV_SHM, SYSV_SEM, POSIX_MQ };
enum weir_client_access { NONE, READ, WRITE, READWRITE };

/**
 * weir_client() - have a child act as another user, and fetch the record of what it did
 * @fd: from weir_ev_open()
 * @channel: whose content reports it
 * @act: returns a negative number if it did not work
 * @what: for @act
 *
 * Return: the record, or NULL after saying what did not work.
 */
const struct weir_u_record *weir_client(int fd, uint32_t channel, int (*act)(const void *what),
					const void *what);

/* Whether the record's fields say that weir_client() did it, and what it did. */
int weir_client_is(const struct weir_u_record *r);
int weir_client_did(const struct weir_u_record *r, int operation, int type, int access);

#endif
