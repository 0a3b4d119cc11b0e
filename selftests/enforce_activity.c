// SPDX-License-Identifier: GPL-2.0
/* Verdicts applied: modules, BPF programs, other processes' memory, mounts, kexec. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/kexec.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "enforce.h"
#include "sample.h"

#define MODULE "weir_sample"
#define MODULE_FILE "/modules/weir_sample.ko"
/* Where the actor learns whom to act on. */
#define VICTIM "WEIR_VICTIM"
#define VICTIM_BYTE "WEIR_VICTIM_BYTE"
#define FROM "/tmp/weir-enforce-from"
#define AT "/tmp/weir-enforce-at"
#define KEXEC_AT 0x1000000ul
#define OTHER_ID 3000

static int module_setup(void)
{
	weir_module_remove(MODULE);
	return access(MODULE_FILE, R_OK);
}

static int module_file_act(void)
{
	int fd = open(MODULE_FILE, O_RDONLY);

	return fd < 0 ? -1 : (int)syscall(SYS_finit_module, fd, "", 0);
}

static int module_memory_act(void)
{
	struct weir_blob m;

	if (weir_blob_read(MODULE_FILE, &m))
		return -1;
	return (int)syscall(SYS_init_module, m.b, m.n, "");
}

static int module_happened(pid_t actor)
{
	(void)actor;
	return !access("/sys/module/" MODULE, F_OK);
}

static void module_cleanup(void)
{
	weir_module_remove(MODULE);
}

static int nothing_setup(void)
{
	return 0;
}

static void nothing_cleanup(void)
{
}

static int bpf_act(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static const char license[] = "GPL";
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (uintptr_t)insns,
		.insn_cnt = 2,
		.license = (uintptr_t)license,
	};

	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int bpf_happened(pid_t actor)
{
	return weir_deed_holds(actor, "anon_inode:bpf-prog");
}

/* A process that waits, and a byte that it shares with the test. */
static pid_t victim;
static char *victim_byte;

static int victim_setup(void)
{
	char text[32];

	victim_byte = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (victim_byte == MAP_FAILED)
		return -1;
	victim = fork();
	if (!victim) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	snprintf(text, sizeof(text), "%d", (int)victim);
	setenv(VICTIM, text, 1);
	snprintf(text, sizeof(text), "%p", (void *)victim_byte);
	setenv(VICTIM_BYTE, text, 1);
	return victim < 0 ? -1 : 0;
}

static void victim_cleanup(void)
{
	if (victim > 0) {
		kill(victim, SIGKILL);
		waitpid(victim, NULL, 0);
	}
	munmap(victim_byte, 4096);
}

static pid_t told_victim(void)
{
	return atoi(getenv(VICTIM));
}

/* A number of a process's status, as text; "" if there is none. */
static const char *status_of(pid_t pid, const char *key)
{
	static char line[256];
	char path[32], *value;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		value = strchr(line, '\t');
		if (strncmp(line, key, strlen(key)) || !value)
			continue;
		fclose(f);
		return value;
	}
	if (f)
		fclose(f);
	return "";
}

static int ptrace_act(void)
{
	return (int)ptrace(PTRACE_SEIZE, told_victim(), NULL, NULL);
}

static int ptrace_happened(pid_t actor)
{
	return atoi(status_of(victim, "TracerPid:")) == actor;
}

/* For reading, for opening it for writing is an event of files too. */
static int mem_act(void)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)told_victim());
	return open(path, O_RDONLY);
}

static int mem_happened(pid_t actor)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)victim);
	return weir_deed_holds(actor, path);
}

/* Of nothing, the call fails only where there is no such call. */
static int vm_setup(void)
{
	return process_vm_writev(getpid(), NULL, 0, NULL, 0, 0) ? 1 : victim_setup();
}

/* Reading is the same hook; of writing something can be seen. */
static int vm_act(void)
{
	char byte = 'w';
	const struct iovec from = { &byte, 1 };
	const struct iovec to = { (void *)strtoul(getenv(VICTIM_BYTE), NULL, 16), 1 };

	return (int)process_vm_writev(told_victim(), &from, 1, &to, 1, 0);
}

static int vm_happened(pid_t actor)
{
	(void)actor;
	return *victim_byte == 'w';
}

static void mount_cleanup(void)
{
	umount2(AT, MNT_DETACH);
	umount2(FROM, MNT_DETACH);
	rmdir(AT);
	rmdir(FROM);
}

static int mount_setup(void)
{
	mount_cleanup();
	return mkdir(AT, 0700) || mkdir(FROM, 0700) || mount("weir", FROM, "tmpfs", 0, NULL) ? -1
											     : 0;
}

static int mount_act(void)
{
	return mount("weir", AT, "tmpfs", 0, NULL);
}

static int move_act(void)
{
	return move_mount(AT_FDCWD, FROM, AT_FDCWD, AT, 0);
}

static int mount_happened(pid_t actor)
{
	struct stat at, above;

	(void)actor;
	return !stat(AT, &at) && !stat("/tmp", &above) && at.st_dev != above.st_dev;
}

static void kexec_forget(void)
{
	syscall(SYS_kexec_load, 0, 0, NULL, 0);
}

static int kexec_setup(void)
{
	kexec_forget();
	return access("/sys/kernel/kexec_loaded", R_OK);
}

/* A kernel of nothing, which nobody starts. */
static int kexec_act(void)
{
	static char page[4096];
	const struct kexec_segment segment = {
		.buf = page,
		.bufsz = sizeof(page),
		.mem = (void *)KEXEC_AT,
		.memsz = sizeof(page),
	};

	return (int)syscall(SYS_kexec_load, KEXEC_AT, 1, &segment, 0);
}

static int kexec_happened(pid_t actor)
{
	int fd = open("/sys/kernel/kexec_loaded", O_RDONLY | O_CLOEXEC);
	char loaded = '0';
	ssize_t n = read(fd, &loaded, 1);

	(void)actor;
	close(fd);
	return n == 1 && loaded == '1';
}

static int setuid_act(void)
{
	return setuid(OTHER_ID);
}

static int setuid_happened(pid_t actor)
{
	return atoi(status_of(actor, "Uid:")) == OTHER_ID;
}

static int setgid_act(void)
{
	return setgid(OTHER_ID);
}

static int setgid_happened(pid_t actor)
{
	return atoi(status_of(actor, "Gid:")) == OTHER_ID;
}

/* Gives one capability up. */
static int capset_act(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2];

	if (syscall(SYS_capget, &head, sets))
		return -1;
	sets[0].effective &= ~(1u << CAP_SYS_BOOT);
	return (int)syscall(SYS_capset, &head, sets);
}

static int capset_happened(pid_t actor)
{
	unsigned long long effective = strtoull(status_of(actor, "CapEff:"), NULL, 16);

	return effective && !(effective & 1ull << CAP_SYS_BOOT);
}

#define ROOT WEIR_DEED_PRIVILEGED
const struct weir_deed weir_deeds_activity[] = {
	{ "finit_module", ROOT, module_setup, module_file_act, module_happened, module_cleanup },
	{ "init_module", ROOT, module_setup, module_memory_act, module_happened, module_cleanup },
	{ "bpf", ROOT, nothing_setup, bpf_act, bpf_happened, nothing_cleanup },
	{ "ptrace", ROOT, victim_setup, ptrace_act, ptrace_happened, victim_cleanup },
	{ "proc-mem", ROOT | WEIR_DEED_EACCES, victim_setup, mem_act, mem_happened,
	  victim_cleanup },
	{ "process_vm_writev", ROOT | WEIR_DEED_OPTIONAL, vm_setup, vm_act, vm_happened,
	  victim_cleanup },
	{ "mount", ROOT, mount_setup, mount_act, mount_happened, mount_cleanup },
	{ "move_mount", ROOT, mount_setup, move_act, mount_happened, mount_cleanup },
	{ "kexec_load", ROOT, kexec_setup, kexec_act, kexec_happened, kexec_forget },
	{ "setuid", ROOT, nothing_setup, setuid_act, setuid_happened, nothing_cleanup },
	{ "setgid", ROOT, nothing_setup, setgid_act, setgid_happened, nothing_cleanup },
	{ "capset", ROOT, nothing_setup, capset_act, capset_happened, nothing_cleanup },
	{ .name = NULL },
};
