// SPDX-License-Identifier: GPL-2.0
/* Programs that tests start in ways known beforehand. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "events.h"
#include "templates.h"

static void need(int cond, const char *what)
{
	if (cond)
		return;
	printf("# %s: %m\n", what);
	exit(1);
}

void weir_child_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ssize_t n = (ssize_t)strlen(text);

	need(fd >= 0 && write(fd, text, (size_t)n) == n, path);
	close(fd);
}

void weir_child_copy_to(int fd)
{
	int from = open(WEIR_BUSYBOX, O_RDONLY);
	char b[65536];
	ssize_t n;

	need(from >= 0 && fd >= 0, WEIR_BUSYBOX);
	while ((n = read(from, b, sizeof(b))) > 0)
		need(write(fd, b, (size_t)n) == n, "write");
	close(from);
}

void weir_child_copy(const char *path, mode_t mode)
{
	int to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	weir_child_copy_to(to);
	need(!fchmod(to, mode), path);
	close(to);
}

static void become(const struct weir_child *r)
{
	char byte;

	if (r->cgroup)
		weir_child_put(r->cgroup, "0");
	if (r->unshare && unshare(r->unshare))
		_exit(126);
	if (r->gate && read(r->gate, &byte, 1) != 1)
		_exit(126);
	if (r->root && (chroot(r->root) || chdir("/")))
		_exit(126);
	if (r->cwd && chdir(r->cwd))
		_exit(126);
	if (r->nice && nice(r->nice) == -1)
		_exit(126);
	if (r->id && (setgid(r->id + 2) || setuid(r->id)))
		_exit(126);
	if (r->out && (dup2(r->out, STDOUT_FILENO) < 0 ||
		       dup2(open("/dev/null", O_WRONLY), STDERR_FILENO) < 0))
		_exit(126);
}

pid_t weir_child_start(const struct weir_child *r)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	need(pid >= 0, "fork");
	if (pid)
		return pid;
	become(r);
	if (r->path)
		execv(r->path, (char *const *)r->argv);
	else
		fexecve(r->fd, (char *const *)r->argv, environ);
	_exit(127);
}

int weir_child_finish(pid_t pid)
{
	int status = -1;

	need(waitpid(pid, &status, 0) == pid, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

pid_t weir_child_act(uid_t id, int (*act)(const void *what), const void *what)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	need(pid >= 0, "fork");
	if (!pid) {
		if ((id && (setgid(id + 2) || setuid(id))) || act(what) < 0) {
			printf("# the child: %m\n");
			fflush(stdout);
			_exit(1);
		}
		_exit(0);
	}
	status = weir_child_finish(pid);
	if (!status)
		return pid;
	printf("# the child ended with %d\n", status);
	return -1;
}

void weir_child_settled(pid_t pid, const char *path)
{
	char link[64], now[4096];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	do {
		usleep(1000);
		n = readlink(link, now, sizeof(now) - 1);
		need(n > 0, link);
		now[n] = '\0';
	} while (strcmp(now, path));
}

void weir_child_state(pid_t pid, char state)
{
	const char what[] = { ')', ' ', state, '\0' };
	char path[64], line[512];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	do {
		usleep(1000);
		f = fopen(path, "r");
		need(f && fgets(line, sizeof(line), f), path);
		fclose(f);
	} while (!strstr(line, what));
}

ssize_t weir_child_output(const struct weir_child *r, char *to, size_t n, pid_t *pid)
{
	struct weir_child with = *r;
	size_t have = 0;
	ssize_t more;
	int ends[2];

	need(!pipe(ends), "pipe");
	with.out = ends[1];
	*pid = weir_child_start(&with);
	close(ends[1]);
	while ((more = read(ends[0], to + have, n - have)) > 0)
		have += (size_t)more;
	close(ends[0]);
	return weir_child_finish(*pid) == 127 ? -1 : (ssize_t)have;
}

const char *weir_child_own_command(void)
{
	static char line[4096];
	int fd = open("/proc/self/cmdline", O_RDONLY);
	ssize_t n = read(fd, line, sizeof(line) - 1);
	ssize_t i;

	need(n > 0, "/proc/self/cmdline");
	close(fd);
	for (i = 0; i < n - 1; i++)
		if (!line[i])
			line[i] = ' ';
	return line;
}

const char *weir_child_own_image(void)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	need(n > 0, "/proc/self/exe");
	path[n] = '\0';
	return path;
}

const struct weir_u_record *weir_child_run(int dev, uint32_t channel, const struct weir_child *r)
{
	pid_t pid = weir_child_start(r);
	int status = weir_child_finish(pid);

	if (status) {
		printf("# the program ended with %d\n", status);
		return NULL;
	}
	return weir_ev_of(dev, channel, WEIR_TYPE_process_creation, WEIR_process_creation_ProcessId,
			  pid);
}
