// SPDX-License-Identifier: GPL-2.0
/* For each hook that only use proves, a system call that leads there and touches nothing. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "prove.h"

#define LIMIT_MS 10000
#define GRACE_MS 1000 /* for SIGKILL */
/* What it is called wherever it could show. */
#define NAME "weirctl-prove"
/* Nobody is sent anything; a datagram socket only remembers where to. */
#define DISCARD_PORT 9

/* A file system in memory, mounted nowhere: it goes with its last descriptor. */
static int files = -1;

static int open_files(void)
{
	int fs = fsopen("tmpfs", FSOPEN_CLOEXEC);

	if (fs < 0 || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	files = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	return files < 0 ? -1 : 0;
}

static int make_file(void)
{
	return open_files() ? -1 : mknodat(files, NAME, S_IFREG | 0600, 0);
}

static int do_chmod(void)
{
	return make_file() ? -1 : fchmodat(files, NAME, 0400, 0);
}

static int do_link(void)
{
	return make_file() ? -1 : linkat(files, NAME, files, NAME "-2", 0);
}

static int do_symlink(void)
{
	return open_files() ? -1 : symlinkat(NAME, files, NAME);
}

static int do_rmdir(void)
{
	if (open_files() || mkdirat(files, NAME, 0700))
		return -1;
	return unlinkat(files, NAME, AT_REMOVEDIR);
}

/* Mounts that nobody else sees, even where those of the host are shared. */
static int own_mounts(void)
{
	struct mount_attr private = { .propagation = MS_PRIVATE };

	if (unshare(CLONE_NEWNS))
		return -1;
	return mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &private, sizeof(private));
}

static int do_mount(void)
{
	return own_mounts() ? -1 : mount(NAME, "/", "tmpfs", 0, NULL);
}

static int do_move_mount(void)
{
	if (own_mounts() || open_files())
		return -1;
	return move_mount(files, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH);
}

/* 0.0.0.0 is the own host even in a network whose loopback is down. */
static int own_socket(struct sockaddr_in *any)
{
	memset(any, 0, sizeof(*any));
	any->sin_family = AF_INET;
	return unshare(CLONE_NEWNET) ? -1 : socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int do_bind(void)
{
	struct sockaddr_in any;
	int s = own_socket(&any);

	return s < 0 ? -1 : bind(s, (struct sockaddr *)&any, sizeof(any));
}

static int do_connect(void)
{
	struct sockaddr_in any;
	int s = own_socket(&any);

	any.sin_port = htons(DISCARD_PORT);
	return s < 0 ? -1 : connect(s, (struct sockaddr *)&any, sizeof(any));
}

/* Both ways: there is nothing to receive but what was sent. */
static int do_message(void)
{
	struct msgbuf {
		long type;
		char text;
	} m = { .type = 1 };
	int q = unshare(CLONE_NEWIPC) ? -1 : msgget(IPC_PRIVATE, 0600);

	if (q < 0 || msgsnd(q, &m, sizeof(m.text), IPC_NOWAIT))
		return -1;
	return msgrcv(q, &m, sizeof(m.text), 0, IPC_NOWAIT) < 0 ? -1 : 0;
}

static int do_shmat(void)
{
	int id = unshare(CLONE_NEWIPC) ? -1 : shmget(IPC_PRIVATE, 1, 0600);

	return id < 0 || shmat(id, NULL, SHM_RDONLY) == (void *)-1 ? -1 : 0;
}

static int do_semop(void)
{
	struct sembuf up = { .sem_op = 1 };
	int id = unshare(CLONE_NEWIPC) ? -1 : semget(IPC_PRIVATE, 1, 0600);

	return id < 0 ? -1 : semop(id, &up, 1);
}

/* A map of one number, gone with its descriptor. */
static int do_bpf(void)
{
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.key_size = sizeof(uint32_t);
	attr.value_size = sizeof(uint32_t);
	attr.max_entries = 1;
	fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	return fd < 0 ? -1 : 0;
}

/* Reads a byte of the process that it comes from, where it has the same one itself. */
static int do_ptrace(void)
{
	static char byte;
	char copy;
	const struct iovec to = { &copy, 1 }, from = { &byte, 1 };

	return process_vm_readv(getppid(), &to, 1, &from, 1, 0) == 1 ? 0 : -1;
}

static int do_setuid(void)
{
	return setuid(getuid());
}

static int do_setgid(void)
{
	return setgid(getgid());
}

static int do_capset(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2];

	if (syscall(SYS_capget, &head, sets))
		return -1;
	return (int)syscall(SYS_capset, &head, sets);
}

/* This program, which prints its usage to nobody. */
static int do_exec(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		return -1;
	return execl("/proc/self/exe", "weirctl", "help", (char *)NULL);
}

/* Each returns 0 only if the function has run. */
static const struct exercise {
	const char *function;
	int (*act)(void);
} exercises[] = {
	{ "security_path_chmod", do_chmod },
	{ "security_path_link", do_link },
	{ "security_path_symlink", do_symlink },
	{ "security_path_rmdir", do_rmdir },
	{ "security_bprm_creds_from_file", do_exec },
	{ "security_msg_queue_msgsnd", do_message },
	{ "security_ipc_permission", do_message },
	{ "security_shm_shmat", do_shmat },
	{ "security_sem_semop", do_semop },
	{ "security_socket_connect", do_connect },
	{ "security_socket_bind", do_bind },
	{ "security_bpf", do_bpf },
	{ "security_ptrace_access_check", do_ptrace },
	{ "security_sb_mount", do_mount },
	{ "security_move_mount", do_move_mount },
	{ "security_task_fix_setuid", do_setuid },
	{ "security_task_fix_setgid", do_setgid },
	{ "security_capset", do_capset },
};

static const struct exercise *find(const char *function)
{
	size_t i;

	for (i = 0; i < sizeof(exercises) / sizeof(exercises[0]); i++)
		if (!strcmp(exercises[i].function, function))
			return &exercises[i];
	return NULL;
}

/* Dies with its parent, and is exempt by having the device open, as its parent is. */
static void __attribute__((noreturn))
be_child(const struct exercise *e, const char *device, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(ECANCELED);
	/* Above all the lock of the state folder, should this one never end. */
	close_range(3, ~0u, 0);
	if (open(device, O_WRONLY | O_CLOEXEC) < 0 || e->act())
		_exit(errno);
	_exit(0);
}

static int wait_for(pid_t pid)
{
	struct pollfd p = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	int status, err = 0;

	if (p.fd < 0)
		err = -errno;
	else if (poll(&p, 1, LIMIT_MS) != 1)
		err = -ETIMEDOUT;
	if (err) {
		kill(pid, SIGKILL);
		poll(&p, 1, GRACE_MS);
	}
	if (p.fd >= 0)
		close(p.fd);
	/* What even SIGKILL does not end is left alone. */
	if (waitpid(pid, &status, WNOHANG) != pid && !err)
		err = -ECHILD;
	if (err)
		return err;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -ECANCELED;
}

int weir_exercise(const char *function, const char *device)
{
	const struct exercise *e = find(function);
	pid_t parent = getpid(), pid;

	if (!e)
		return -EOPNOTSUPP;
	/* Ignored, which a parent can leave to its children, it would take their statuses away. */
	signal(SIGCHLD, SIG_DFL);
	pid = fork();
	if (!pid)
		be_child(e, device, parent);
	return pid < 0 ? -errno : wait_for(pid);
}
