// SPDX-License-Identifier: GPL-2.0
/* What kernel_activity's hooks cost: an operation for each. */
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "cost.h"

#define ID 7
#define AT "mountpoint"

static int fd = -1;
static pid_t child;

/* What the module loader refuses, after the hook was asked. */
static int junk_setup(void)
{
	weir_child_put("junk", "no module");
	fd = open("junk", O_RDONLY);
	return fd;
}

static int finit_act(void)
{
	return syscall(SYS_finit_module, fd, "", 0) ? 0 : -1;
}

static int init_act(void)
{
	static const char junk[128] = "no module, but long enough for one";

	return syscall(SYS_init_module, junk, sizeof(junk), "") ? 0 : -1;
}

static int bpf_act(void)
{
	static const struct bpf_insn insn[] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K },
						{ .code = BPF_JMP | BPF_EXIT } };
	static const char license[] = "GPL";
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insn_cnt = 2 };

	attr.insns = (uintptr_t)insn;
	attr.license = (uintptr_t)license;
	fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	return fd;
}

static int close_fd(void)
{
	return close(fd);
}

static int ptrace_setup(void)
{
	child = fork();
	if (child)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

static int ptrace_act(void)
{
	return (int)ptrace(PTRACE_SEIZE, child, NULL, NULL);
}

static int ptrace_after(void)
{
	int status;

	if (ptrace(PTRACE_INTERRUPT, child, NULL, NULL) || waitpid(child, &status, 0) != child)
		return -1;
	return (int)ptrace(PTRACE_DETACH, child, NULL, NULL);
}

static int mount_setup(void)
{
	mkdir(AT, 0700);
	return 0;
}

static int mount_act(void)
{
	return mount("weir", AT, "tmpfs", 0, NULL);
}

static int mount_after(void)
{
	return umount(AT);
}

static int move_before(void)
{
	int fs = fsopen("tmpfs", 0);

	if (fs < 0 || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	fd = fsmount(fs, 0, 0);
	close(fs);
	return fd;
}

static int move_act(void)
{
	return move_mount(fd, "", AT_FDCWD, AT, MOVE_MOUNT_F_EMPTY_PATH);
}

static int move_after(void)
{
	return close(fd) ? -1 : umount(AT);
}

static int setuid_act(void)
{
	return seteuid(ID);
}

static int setuid_after(void)
{
	return seteuid(0);
}

static int setgid_act(void)
{
	return setegid(ID);
}

static int setgid_after(void)
{
	return setegid(0);
}

static int capset_act(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	static struct __user_cap_data_struct caps[2];

	if (!caps[0].permitted && syscall(SYS_capget, &header, caps))
		return -1;
	caps[0].inheritable ^= 1u << CAP_NET_RAW;
	return (int)syscall(SYS_capset, &header, caps);
}

const struct weir_cost weir_costs_kernel_activity[] = {
	{ "finit_module", "kernel_read_file", junk_setup, NULL, finit_act, NULL },
	{ "init_module", "kernel_load_data", NULL, NULL, init_act, NULL },
	{ "bpf-load", "bpf", NULL, NULL, bpf_act, close_fd },
	{ "ptrace-seize", "ptrace_access_check", ptrace_setup, NULL, ptrace_act, ptrace_after },
	{ "mount", "sb_mount", mount_setup, NULL, mount_act, mount_after },
	{ "move_mount", "move_mount", mount_setup, move_before, move_act, move_after },
	{ "setuid", "task_fix_setuid", NULL, NULL, setuid_act, setuid_after },
	{ "setgid", "task_fix_setgid", NULL, NULL, setgid_act, setgid_after },
	{ "capset", "capset", NULL, NULL, capset_act, NULL },
	{ .name = NULL },
};
