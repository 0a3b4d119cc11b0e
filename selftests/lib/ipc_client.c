// SPDX-License-Identifier: GPL-2.0
/* What tests of ipc share: a client that is another user, and what its records have in common. */
#include <stdio.h>
#include <unistd.h>

#include "child.h"
#include "ipc_client.h"
#include "templates.h"

const struct weir_u_record *weir_client(int fd, uint32_t channel, int (*act)(const void *what),
					const void *what)
{
	pid_t pid = weir_child_act(WEIR_CLIENT, act, what);

	if (pid < 0)
		return NULL;
	return weir_ev_of(fd, channel, WEIR_TYPE_ipc, WEIR_ipc_ProcessId, pid);
}

int weir_client_is(const struct weir_u_record *r)
{
	const char *image = weir_child_own_image();

	return weir_ev_text(r, WEIR_ipc_Image, image) &&
	       weir_ev_text(r, WEIR_ipc_CommandLine, image) &&
	       weir_ev_text(r, WEIR_ipc_ParentImage, image) &&
	       weir_ev_num(r, WEIR_ipc_ParentProcessId, (uint64_t)getpid()) &&
	       weir_ev_text(r, WEIR_ipc_User, "seven") &&
	       weir_ev_num(r, WEIR_ipc_UserId, WEIR_CLIENT) &&
	       weir_ev_num(r, WEIR_ipc_LogonId, WEIR_CLIENT);
}

int weir_client_did(const struct weir_u_record *r, int operation, int type, int access)
{
	return weir_ev_num(r, WEIR_ipc_Operation, (uint64_t)operation) &&
	       weir_ev_num(r, WEIR_ipc_IpcType, (uint64_t)type) &&
	       weir_ev_num(r, WEIR_ipc_Access, (uint64_t)access);
}
