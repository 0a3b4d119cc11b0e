// SPDX-License-Identifier: GPL-2.0
/*
 * Memory runs out in what a process does while all kinds of events are evaluated: at each single
 * allocation of the operation in turn, Weir's own included, pages too, and at each copy from and to
 * user space. Whatever comes of the operation, its record is as ever: Weir allocates nothing there.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "device.h"
#include "enforce.h"
#include "events.h"
#include "failing.h"
#include "ktap.h"
#include "templates.h"

#define FIRST 7320u
/* What the process sets its failures by; an exec keeps it. */
#define FAIL_FD 31
#define NEVER 1000000
/* Of an operation, failures at most. */
#define MANY 150
#define RECORDS 4
#define RECORD_MAX 16384
#define STACK 65536
#define OUT_OF_REACH 99

/*
 * At least one of each kind of event, with how many failures of it at most: what comes long behind
 * the hook is not Weir's, and takes its time.
 */
static const struct {
	const char *name;
	int most;
} deeds[] = {
	{ "exec", 45 },
	{ "create", MANY },
	{ "open-to-write", MANY },
	{ "rename", MANY },
	{ "unlink", MANY },
	{ "connect", MANY },
	{ "sendto", MANY },
	{ "accept", MANY },
	{ "stream-connect", MANY },
	{ "datagram-send", MANY },
	{ "msgsnd", MANY },
	{ "finit_module", 15 },
	{ "ptrace", MANY },
	{ "setuid", MANY },
};

static const struct {
	const char *raw;
	u32 type;
} contents[] = {
	{ "/content/soak_process_creation.raw", WEIR_TYPE_process_creation },
	{ "/content/soak_file_event.raw", WEIR_TYPE_file_event },
	{ "/content/soak_network_connection.raw", WEIR_TYPE_network_connection },
	{ "/content/soak_ipc.raw", WEIR_TYPE_ipc },
	{ "/content/soak_kernel_activity.raw", WEIR_TYPE_kernel_activity },
};

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* Shared with the process that acts: what its act() gave. */
struct told {
	int returned;
	int ret;
	int err;
	int hit;
};

/* What a process did, and the records of it. */
struct
try {
	struct told told;
	int status;
	int happened;
	size_t n;
	union {
		struct weir_u_record r;
		u8 bytes[RECORD_MAX];
	} rec[RECORDS];
};

static int dev;

static u64 lost(void)
{
	struct weir_u_info i = { .size = sizeof(i) };

	KTAP_ASSERT(!ioctl(dev, WEIR_IOC_INFO, &i));
	return i.lost_full + i.lost_nomem + i.errors + i.nested;
}

static u64 unsound(void)
{
	struct weir_u_channel c;
	u64 sum = 0;
	size_t i;

	for (i = 0; i < N(contents); i++) {
		KTAP_ASSERT(!weir_dev_channel(dev, FIRST + contents[i].type, &c));
		KTAP_ASSERT(c.slot[WEIR_SLOT_ACTIVE].version);
		sum += c.trips + c.faults + c.fuel + c.unread;
	}
	return sum;
}

/* Its pages are there: what fails is the operation's. */
static void touch_stack(void)
{
	u8 room[STACK];

	explicit_bzero(room, sizeof(room));
}

static int works(void)
{
	char byte = 'x', got = 0;
	int ends[2];

	return !pipe(ends) && write(ends[1], &byte, 1) == 1 && read(ends[0], &got, 1) == 1 &&
	       got == byte;
}

static void __attribute__((noreturn)) act(const struct weir_deed *d, int nth, struct told *told)
{
	int fd = weir_failing_open();

	if (fd < 0 || dup2(fd, FAIL_FD) < 0)
		_exit(OUT_OF_REACH);
	touch_stack();
	errno = 0;
	if (weir_failing_arm(FAIL_FD, nth))
		_exit(OUT_OF_REACH);
	told->ret = d->act();
	told->err = errno;
	told->hit = weir_failing_disarm(FAIL_FD);
	told->returned = 1;
	raise(SIGSTOP);
	_exit(!works());
}

/* This program was what the operation executes: tells whether something failed. */
static void __attribute__((noreturn)) be_executed(void)
{
	int hit = weir_failing_disarm(FAIL_FD);
	char byte = 0;

	if (hit < 0 || write(WEIR_DEED_FD, &byte, 1) != 1 || !works())
		_exit(OUT_OF_REACH);
	_exit(hit);
}

/* The records that a process has left, which are all there by now; those of others are dropped. */
static void fetch(struct try *t, pid_t pid)
{
	static u8 buf[1 << 18] __attribute__((aligned(8)));
	const struct weir_u_record *r;
	ssize_t n, at;

	t->n = 0;
	while ((n = read(dev, buf, sizeof(buf))) > 0)
		for (at = 0; at < n; at += r->size) {
			r = (const void *)(buf + at);
			KTAP_EXPECT(r->kind != WEIR_REC_LOST);
			if (r->kind != WEIR_REC_MATCH || r->pid != (u32)pid)
				continue;
			KTAP_ASSERT(t->n < RECORDS && r->size <= RECORD_MAX);
			memcpy(t->rec[t->n++].bytes, r, r->size);
		}
}

/* One process does it, and the nth thing that can fail does. */
static void run(const struct weir_deed *d, int nth, struct told *told, struct try *t)
{
	pid_t pid;

	memset(told, 0, sizeof(*told));
	t->happened = 0;
	KTAP_ASSERT(!d->setup());
	fflush(stdout);
	pid = fork();
	if (!pid)
		act(d, nth, told);
	KTAP_ASSERT(pid > 0 && waitpid(pid, &t->status, WUNTRACED) == pid);
	t->happened = d->happened(pid);
	if (WIFSTOPPED(t->status)) {
		kill(pid, SIGCONT);
		KTAP_ASSERT(waitpid(pid, &t->status, 0) == pid);
	}
	d->cleanup();
	fetch(t, pid);
	t->told = *told;
	/* Who executed a program told it by its end; if that was another one, something failed. */
	if (!told->returned)
		t->told.hit = !WIFEXITED(t->status) || WEXITSTATUS(t->status);
}

static int same(const struct weir_u_rfield *a, const struct weir_u_rfield *b)
{
	if (!a || !b)
		return !a && !b;
	return a->kind == b->kind && a->len == b->len && !memcmp(a + 1, b + 1, a->len);
}

/* The fields that two records differ in. */
static u64 difference(const struct weir_u_record *a, const struct weir_u_record *b)
{
	u64 mask = 0;
	u32 f;

	KTAP_EXPECT_EQ(a->type, b->type);
	KTAP_EXPECT_EQ(a->flags, b->flags);
	for (f = 0; f < WEIR_ARITY_MAX; f++)
		if (!same(weir_ev_field(a, f), weir_ev_field(b, f)))
			mask |= 1ull << f;
	return mask;
}

static void check(const struct try *t, const struct try *usual, const u64 *varying)
{
	int failed = t->told.returned && t->told.ret < 0;
	size_t i;

	/* The kernel has many errors for what it does not get; EPERM, Weir's, is none of them. */
	KTAP_EXPECT(!failed || (t->told.hit && t->told.err != EPERM));
	KTAP_EXPECT(failed || t->happened || (t->told.hit && !t->told.returned));
	KTAP_EXPECT(!t->told.returned || (WIFEXITED(t->status) && !WEXITSTATUS(t->status)));
	/* What failed before it came to the hook has no record; the others have all. */
	KTAP_EXPECT(failed ? t->n <= usual->n : t->n == usual->n);
	for (i = 0; i < t->n && i < usual->n; i++)
		KTAP_EXPECT_EQ(difference(&t->rec[i].r, &usual->rec[i].r) & ~varying[i], 0);
}

static void sweep(const struct weir_deed *d, int most, struct told *told)
{
	static struct try usual, again, t;
	u64 varying[RECORDS];
	int nth, hits = 0, later = 0;
	size_t i;

	run(d, NEVER, told, &usual);
	run(d, NEVER, told, &again);
	KTAP_ASSERT(usual.n > 0 && usual.n == again.n);
	KTAP_EXPECT(!usual.told.hit && usual.happened && again.happened);
	for (i = 0; i < usual.n; i++)
		varying[i] = difference(&usual.rec[i].r, &again.rec[i].r);
	for (nth = 1; nth <= most; nth++) {
		run(d, nth, told, &t);
		check(&t, &usual, varying);
		if (!t.told.hit)
			break;
		hits++;
		later += t.n == usual.n;
	}
	ktap_note("%s: %d failures, %d of them behind the hook%s", d->name, hits, later,
		  nth > most ? ", and more to come" : "");
	KTAP_EXPECT(nth <= most || most < MANY);
	KTAP_EXPECT(later > 0);
	run(d, NEVER, told, &t);
	check(&t, &usual, varying);
	KTAP_EXPECT(!t.told.hit && t.happened);
}

static void load_all(void)
{
	struct weir_u_channel c;
	size_t i;

	for (i = 0; i < N(contents); i++) {
		if (weir_dev_channel(dev, FIRST + contents[i].type, &c))
			c.floor = 0;
		KTAP_ASSERT(!weir_dev_load(dev, contents[i].raw, FIRST + contents[i].type,
					   c.floor + 1));
	}
}

static void unload_all(void)
{
	size_t i;

	for (i = 0; i < N(contents); i++)
		KTAP_EXPECT(!weir_ev_unload(dev, FIRST + contents[i].type));
}

KTAP_TEST_T(whatever_allocation_of_an_operation_fails_its_record_is_right, 60)
{
	struct told *told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int ret = weir_failing_setup(1);
	u64 lost_before, unsound_before;
	const struct weir_deed *d;
	size_t i;

	if (ret > 0)
		KTAP_SKIP("this kernel cannot make allocations fail");
	dev = open(WEIR_DEV, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	KTAP_ASSERT(!ret && told != MAP_FAILED && dev >= 0);
	load_all();
	lost_before = lost();
	unsound_before = unsound();
	for (i = 0; i < N(deeds); i++) {
		d = weir_deed_find(deeds[i].name);
		KTAP_ASSERT(d);
		sweep(d, deeds[i].most, told);
		KTAP_EXPECT_EQ(lost(), lost_before);
		KTAP_EXPECT_EQ(unsound(), unsound_before);
	}
	unload_all();
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], WEIR_DEED_EXECUTED))
		be_executed();
	return ktap_main(argc, argv);
}
