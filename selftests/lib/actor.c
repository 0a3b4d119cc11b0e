// SPDX-License-Identifier: GPL-2.0
/* What tests of kernel_activity share: a process that acts, and what its records have in common. */
#include <errno.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "actor.h"
#include "child.h"
#include "templates.h"

#define MARK "weir-no-such-type"

static int mark(void)
{
	return mount("none", "/", MARK, 0, NULL) && (errno == ENODEV || errno == EPERM) ? 0 : -1;
}

static int become(const struct weir_actor *a)
{
	if (a->cgroup)
		weir_child_put(a->cgroup, "0");
	if (a->root && (chroot(a->root) || chdir("/")))
		return -1;
	return a->id && (setgid(a->id + 2) || setuid(a->id)) ? -1 : 0;
}

pid_t weir_act(int fd, const struct weir_actor *a)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(become(a) ? 2 : a->act(a->what) < 0 ? 3 : mark() ? 4 : 0);
	status = weir_child_finish(pid);
	if (status) {
		printf("# the actor ended with %d\n", status);
		return -1;
	}
	if (a->id && (!weir_act_next(fd, pid, CREDENTIAL_CHANGE) ||
		      !weir_act_next(fd, pid, CREDENTIAL_CHANGE)))
		return -1;
	return pid;
}

const struct weir_u_record *weir_act_next(int fd, pid_t pid, int operation)
{
	const struct weir_u_record *r =
		weir_ev_of(fd, WEIR_ACTIVITY_CHANNEL, WEIR_TYPE_kernel_activity,
			   WEIR_kernel_activity_ProcessId, pid);

	if (!r || !weir_ev_num(r, WEIR_kernel_activity_Operation, (uint64_t)operation))
		return NULL;
	return r;
}

int weir_act_done(int fd, pid_t pid)
{
	const struct weir_u_record *r = weir_act_next(fd, pid, MOUNT);

	return r && weir_ev_text(r, WEIR_kernel_activity_TargetName, MARK);
}

int weir_act_is(const struct weir_u_record *r, pid_t pid, uid_t id)
{
	const char *image = weir_child_own_image();

	return weir_ev_text(r, WEIR_kernel_activity_Image, image) &&
	       weir_ev_text(r, WEIR_kernel_activity_CommandLine, image) &&
	       weir_ev_text(r, WEIR_kernel_activity_ParentImage, image) &&
	       weir_ev_num(r, WEIR_kernel_activity_ProcessId, (uint64_t)pid) &&
	       weir_ev_num(r, WEIR_kernel_activity_ParentProcessId, (uint64_t)getpid()) &&
	       weir_ev_text(r, WEIR_kernel_activity_User, id ? "seven" : "root") &&
	       weir_ev_num(r, WEIR_kernel_activity_UserId, id) &&
	       weir_ev_num(r, WEIR_kernel_activity_EffectiveUserId, id) &&
	       weir_ev_num(r, WEIR_kernel_activity_LogonId, id);
}
