// SPDX-License-Identifier: GPL-2.0
/* Verdicts applied: a process that tries, and the one that watches it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/securebits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "enforce.h"

#define WORD "weir-actor"
/* Descriptors that an actor finds open. */
enum { FD_SHARED = 20, FD_TOLD, FD_LET_GO };

/* Written by the actor: what it came to see. */
struct shared {
	int began;
	int ret;
	int err;
	int returned;
};

static const struct weir_deed *const tables[] = { weir_deeds_exec, weir_deeds_file, weir_deeds_net,
						  weir_deeds_ipc, weir_deeds_activity };

#define N_TABLES (sizeof(tables) / sizeof(tables[0]))

static size_t table_of(const struct weir_deed *d)
{
	const struct weir_deed *row;
	size_t i;

	for (i = 0; i < N_TABLES; i++)
		for (row = tables[i]; row->name; row++)
			if (row == d)
				return i;
	abort();
}

/* Whether this kernel has it. */
static int is_there(const struct weir_deed *d)
{
	if (!(d->flags & WEIR_DEED_OPTIONAL))
		return 1;
	if (d->setup() > 0) {
		printf("# %s: not in this kernel\n", d->name);
		return 0;
	}
	d->cleanup();
	return 1;
}

static const struct weir_deed *after(const struct weir_deed *d)
{
	size_t i;

	if (!d)
		return tables[0];
	if (d[1].name)
		return d + 1;
	i = table_of(d) + 1;
	return i < N_TABLES ? tables[i] : NULL;
}

const struct weir_deed *weir_deed_next(const struct weir_deed *d)
{
	do
		d = after(d);
	while (d && !is_there(d));
	return d;
}

const struct weir_deed *weir_deed_find(const char *name)
{
	const struct weir_deed *d = NULL;

	while ((d = after(d)))
		if (!strcmp(d->name, name))
			return d;
	return NULL;
}

int weir_deed_holds(pid_t pid, const char *name)
{
	char path[320], target[256];
	int found = 0;
	struct dirent *e;
	ssize_t n;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)pid, e->d_name);
		n = readlink(path, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		found |= !strcmp(target, name);
	}
	if (dir)
		closedir(dir);
	return found;
}

static void deal_with_device(enum weir_actor_device device)
{
	int fd;

	if (device == WEIR_DEVICE_NONE)
		return;
	fd = open(WEIR_DEV, O_WRONLY);
	if (fd < 0)
		_exit(125);
	if (device == WEIR_DEVICE_CLOSED)
		close(fd);
}

static struct shared *map_shared(void)
{
	struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED, FD_SHARED, 0);

	if (s == MAP_FAILED)
		_exit(126);
	return s;
}

/* What it holds can be looked at until it may go. */
static void __attribute__((noreturn)) end(struct shared *s)
{
	char byte = 0;

	s->returned = 1;
	if (write(FD_TOLD, &byte, 1) == 1 && read(FD_LET_GO, &byte, 1) < 0)
		_exit(123);
	_exit(0);
}

/* This program was what the operation executes. */
static void be_executed(void)
{
	struct shared *s = map_shared();
	char byte = 0;

	if (write(WEIR_DEED_FD, &byte, 1) != 1)
		_exit(122);
	end(s);
}

static void become(const struct weir_deed *d, uid_t user)
{
	if (d->flags & WEIR_DEED_PRIVILEGED && prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP))
		_exit(121);
	if (setgid(user + 2) || setuid(user))
		_exit(124);
}

/* Arguments: the word, a row's name, a user, what to do with the device. */
void weir_actor_main(int argc, char **argv)
{
	const struct weir_deed *d;
	struct shared *s;

	if (argc > 1 && !strcmp(argv[1], WEIR_DEED_EXECUTED))
		be_executed();
	if (argc != 5 || strcmp(argv[1], WORD))
		return;
	d = weir_deed_find(argv[2]);
	if (!d)
		_exit(126);
	s = map_shared();
	deal_with_device((enum weir_actor_device)atoi(argv[4]));
	become(d, (uid_t)atoi(argv[3]));
	s->began = 1;
	s->ret = d->act();
	s->err = s->ret < 0 ? errno : 0;
	end(s);
}

/* In the new process. */
static void execute(const struct weir_deed *d, const struct weir_actor *a, int shared, int told,
		    int let_go)
{
	const char *image = a->image ? a->image : "/proc/self/exe";
	char user[16], device[16];

	snprintf(user, sizeof(user), "%u", a->user);
	snprintf(device, sizeof(device), "%d", (int)a->device);
	if (dup2(shared, FD_SHARED) >= 0 && dup2(told, FD_TOLD) >= 0 &&
	    dup2(let_go, FD_LET_GO) >= 0)
		execl(image, image, WORD, d->name, user, device, (char *)NULL);
	_exit(127);
}

static int complain(const struct weir_deed *d, const char *what)
{
	printf("# %s: %s: %s\n", d->name, what, strerror(errno));
	return -1;
}

static int watch(const struct weir_deed *d, int told, int let_go, struct weir_outcome *out)
{
	char byte = 0;
	int status;

	/* Ends with its end as well. */
	if (read(told, &byte, 1) < 0)
		return complain(d, "read");
	out->happened = d->happened(out->pid);
	close(let_go);
	if (waitpid(out->pid, &status, 0) != out->pid)
		return complain(d, "waitpid");
	out->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (WIFEXITED(status) && WEXITSTATUS(status)) {
		printf("# %s: the actor ended with %d\n", d->name, WEXITSTATUS(status));
		return -1;
	}
	return 0;
}

static int try_with(const struct weir_deed *d, const struct weir_actor *a, int fd,
		    struct weir_outcome *out)
{
	struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	int told[2], let_go[2], ret;

	if (s == MAP_FAILED || pipe2(told, O_CLOEXEC) || pipe2(let_go, O_CLOEXEC))
		return complain(d, "pipe2");
	fflush(stdout);
	out->pid = fork();
	if (!out->pid)
		execute(d, a, fd, told[1], let_go[0]);
	close(told[1]);
	close(let_go[0]);
	if (out->pid < 0)
		return complain(d, "fork");
	ret = watch(d, told[0], let_go[1], out);
	close(told[0]);
	if (!ret && !s->began) {
		printf("# %s: the actor did not come to act\n", d->name);
		ret = -1;
	}
	out->ret = s->ret;
	out->err = s->err;
	out->returned = s->returned;
	munmap(s, sizeof(*s));
	return ret;
}

int weir_deed_try(const struct weir_deed *d, const struct weir_actor *a, struct weir_outcome *out)
{
	int fd = memfd_create("weir-enforce", MFD_CLOEXEC);
	int ret = -1;

	memset(out, 0, sizeof(*out));
	out->deed = d;
	if (fd < 0 || ftruncate(fd, sizeof(struct shared)))
		return complain(d, "memfd_create");
	if (d->setup())
		complain(d, "setup");
	else
		ret = try_with(d, a, fd, out);
	d->cleanup();
	close(fd);
	return ret;
}
