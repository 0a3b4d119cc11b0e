// SPDX-License-Identifier: GPL-2.0
// The checks at the end of a boot: modules gone, no leak, nothing bad in the kernel's log.

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

static const char kmemleak[] = "/sys/kernel/debug/kmemleak";
static int log_fd = -1;

/* What the kernel prints when something is wrong, whatever it is called in its configuration. */
static const char *const splats[] = {
	"WARNING:",
	"BUG:",
	"BUG ",
	"kernel BUG",
	"cut here",
	"Oops",
	"Kernel panic",
	"KASAN",
	"UBSAN",
	"general protection",
	"Unable to handle",
	"unable to handle",
	"divide error",
	"stack-protector",
	"possible circular",
	"possible recursive",
	"possible deadlock",
	"possible irq lock",
	"lock order",
	"inconsistent lock state",
	"bad unlock balance",
	"Invalid wait context",
	"held lock freed",
	"still held",
	"lock held when returning",
	"locks held when returning",
	"DEBUG_LOCKS_WARN_ON",
	"suspicious RCU",
	"suspicious rcu",
	"sleeping function called",
	"scheduling while atomic",
	"ODEBUG:",
	"refcount_t:",
	"list_add corruption",
	"list_del corruption",
	"detected stall",
	"self-detected stall",
	"soft lockup",
	"hard LOCKUP",
	"hung_task",
	"blocked for more than",
	"unreferenced object",
	"suspected memory leaks",
	"Trying to vfree",
	"bad page state",
	"Bad page state",
	"double free",
	"usercopy: Kernel memory",
	"detected buffer overflow",
	"memcpy: detected field-spanning",
};

int weir_check_modules(FILE *out)
{
	FILE *f = fopen("/proc/modules", "r");
	char line[512];
	int ok = 1;

	if (!f) {
		fprintf(out, "# no /proc/modules\n");
		return 0;
	}
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, "weir", 4)) {
			fprintf(out, "# still there: %s", line);
			ok = 0;
		}
	}
	fclose(f);
	return ok;
}

static int scan(void)
{
	int fd = open(kmemleak, O_WRONLY);
	ssize_t n = -1;

	if (fd >= 0) {
		n = write(fd, "scan", 4);
		close(fd);
	}
	return n == 4;
}

/*
 * An object is reported once it is 5 s old and looked the same in two scans, so that what is only
 * on its way from one owner to another is not called lost.
 */
int weir_check_leaks(FILE *out)
{
	char line[512];
	int ok = 1;
	FILE *f;

	sleep(6);
	if (!scan() || !scan()) {
		fprintf(out, "# cannot scan: %s: %m\n", kmemleak);
		return 0;
	}
	f = fopen(kmemleak, "r");
	if (!f) {
		fprintf(out, "# %s: %m\n", kmemleak);
		return 0;
	}
	while (fgets(line, sizeof(line), f)) {
		fprintf(out, "# %s", line);
		ok = 0;
	}
	fclose(f);
	return ok;
}

int weir_log_begin(void)
{
	log_fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return log_fd >= 0 && lseek(log_fd, 0, SEEK_END) >= 0;
}

void weir_log_mark(const char *what, const char *name)
{
	char line[256];
	int n = snprintf(line, sizeof(line), "<14>weir-init: %s %s\n", what, name);

	/* stdio would seek first, which this file refuses. */
	if (write(log_fd, line, (size_t)n) != n)
		fprintf(stderr, "weir-init: /dev/kmsg: %m\n");
}

/* A record is "priority,sequence,time,flags;text": messages of user space are not the kernel's. */
static int is_splat(const char *record)
{
	const char *text = strchr(record, ';');
	unsigned int prio;
	size_t i;

	if (!text || sscanf(record, "%u", &prio) != 1 || prio >> 3)
		return 0;
	for (i = 0; i < sizeof(splats) / sizeof(splats[0]); i++)
		if (strstr(text, splats[i]))
			return 1;
	return 0;
}

int weir_check_log(FILE *out)
{
	char record[8193];
	ssize_t n;
	int ok = 1;

	for (;;) {
		n = read(log_fd, record, sizeof(record) - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		record[n] = 0;
		if (is_splat(record)) {
			record[strcspn(record, "\n")] = 0;
			fprintf(out, "# %s\n", record);
			ok = 0;
		}
	}
	if (errno != EAGAIN) {
		fprintf(out, "# the kernel's log is incomplete: %m\n");
		ok = 0;
	}
	return ok;
}
