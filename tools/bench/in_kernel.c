// SPDX-License-Identifier: GPL-2.0
/*
 * What runs in the kernel, for a guest whose time stamp counter counts instructions: the
 * interpreter there and here, and a command while an eBPF program looks at each exec.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <x86intrin.h>

#include "bpf_load.h"
#include "device.h"

#define RUNS 9
#define FUEL "/sys/module/weir/parameters/fuel"

static const char help[] = "usage: in_kernel eval CHANNEL FILE.weir EVENTS.jsonl\n"
			   "       in_kernel exec FILE.weir PLANTED COMMAND...\n"
			   "\n"
			   "eval: FILE.weir is active in the channel. Prints instructions of "
			   "weir_eval() an event, in the\n"
			   "kernel and here. exec: loads FILE.weir into an eBPF program on "
			   "sched_process_exec, and runs the\n"
			   "command. An instance has to match when \"true PLANTED\" is executed.\n";

/* Both sides, which evaluate the same content. */
struct sides {
	struct weir_channel ch;
	uint32_t channel;
	int fd;
	uint64_t steps[2]; /* of the last evaluation */
};

static uint64_t eval_here(struct sides *s, const struct weir_event *e, uint64_t fuel)
{
	const struct weir_run run = {
		.scratch = s->ch.scratch,
		.nscratch = s->ch.about.scratch / sizeof(uint32_t),
		.match = s->ch.match,
		.cap = s->ch.view.ninsts,
		.fuel = fuel ? fuel : s->ch.about.cost,
	};
	struct weir_result res;
	uint64_t began = __rdtsc(), ended;

	weir_eval(&s->ch.view, e, &run, &res);
	ended = __rdtsc();
	s->steps[0] = res.steps;
	return ended - began;
}

/* The same and what it takes to ask the kernel. */
static uint64_t eval_there(struct sides *s, const struct weir_event *e, uint64_t fuel)
{
	struct weir_refusal r;
	struct weir_u_replay rep;
	uint64_t began = __rdtsc(), ended;

	(void)fuel;
	if (weir_dev_replay(s->fd, s->channel, WEIR_SLOT_ACTIVE, e, s->ch.match, s->ch.view.ninsts,
			    &rep, &r))
		exit(weir_fail("%s", r.what));
	ended = __rdtsc();
	s->steps[1] = rep.steps;
	return ended - began;
}

static uint64_t least(struct sides *s, const struct weir_event *e, uint64_t fuel,
		      uint64_t (*eval)(struct sides *s, const struct weir_event *e, uint64_t fuel))
{
	uint64_t best = UINT64_MAX, took;
	int i;

	for (i = 0; i < RUNS; i++) {
		took = eval(s, e, fuel);
		if (took < best)
			best = took;
	}
	return best;
}

/* Steps that an event may take in the kernel; 0: as many as it needs. */
static int set_fuel(uint64_t fuel)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%" PRIu64, fuel), fd = open(FUEL, O_WRONLY), bad;

	bad = fd < 0 || write(fd, text, (size_t)n) != n;
	if (fd >= 0)
		close(fd);
	return bad ? weir_fail(FUEL ": %s", strerror(errno)) : 0;
}

/* Of all events with so many steps each: the sum here, and the sum there. One step is the base. */
static int add_up(struct sides *s, const struct weir_inputs *in, uint64_t fuel, uint64_t *sum)
{
	size_t i;

	if (set_fuel(fuel))
		return WEIR_EXIT_FAIL;
	sum[0] = 0;
	sum[1] = 0;
	for (i = 0; i < in->n; i++) {
		sum[0] += least(s, &in->in[i]->event, fuel, eval_here);
		sum[1] += least(s, &in->in[i]->event, fuel, eval_there);
		if (s->steps[0] != s->steps[1])
			return weir_fail("event %zu takes %" PRIu64 " steps here and %" PRIu64
					 " in the kernel: the content is another one",
					 i, s->steps[0], s->steps[1]);
	}
	return 0;
}

static int eval_both(char **argv)
{
	struct sides s = { .channel = (uint32_t)strtoul(argv[0], NULL, 10) };
	uint64_t base[2], all[2];
	struct weir_inputs in;
	struct weir_refusal r;
	double n;

	if (weir_channel_open(argv[1], NULL, &s.ch) || weir_inputs_open(argv[2], &s.ch.types, &in))
		return WEIR_EXIT_FAIL;
	if (weir_dev_open(WEIR_DEVICE, 1, &s.fd, &r))
		return weir_fail("%s", r.what);
	if (add_up(&s, &in, 1, base) || add_up(&s, &in, 0, all))
		return WEIR_EXIT_FAIL;
	n = (double)in.n;
	printf("events %zu instances %u kernel %.1f user %.1f\n", in.n, s.ch.view.ninsts,
	       (double)(all[1] - base[1]) / n, (double)(all[0] - base[0]) / n);
	weir_inputs_close(&in);
	weir_channel_close(&s.ch);
	return WEIR_EXIT_OK;
}

static int run(char **argv)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		return weir_fail("%s: cannot be run, or ended with status %d", argv[0], status);
	return 0;
}

/* The field is there; what it holds is for the program to fill in. */
static uint32_t set_field(struct bench_bpf *b, const struct weir_type *type, const char *name)
{
	int i = weir_field_number(type, name);

	b->t->field[i].kind = type->fields[i].kind;
	return (uint32_t)i;
}

/* Where the program finds what it captures, and which instances it asks. */
static int set_capture(struct bench_bpf *b)
{
	const struct weir_type *type = weir_types_by_name(&b->c->ch->types, "process_creation");
	const struct weir_event e = { .type = type ? type->id : WEIR_NOWHERE };
	uint32_t t = bench_type_of(b->c, &e);

	if (t == b->c->ntypes)
		return weir_fail("%s: no instance of process_creation", b->c->ch->path);
	b->t->capture.image = set_field(b, type, "Image");
	b->t->capture.command = set_field(b, type, "CommandLine");
	b->t->capture.user = set_field(b, type, "UserId");
	b->t->capture.group = set_field(b, type, "GroupId");
	b->t->capture.process = set_field(b, type, "ProcessId");
	bench_bpf_choose(b, t);
	return 0;
}

static int watch(struct bench_bpf *b, char *planted, char **command)
{
	char *const match[] = { (char *)"true", planted, NULL };
	struct bpf_link *link = bpf_program__attach(b->prog);
	uint32_t before;
	int bad;

	if (!link)
		return weir_fail("sched_process_exec: %s", strerror(errno));
	bad = run(command);
	before = b->t->nmatch;
	bad = bad || run((char **)match);
	bpf_link__destroy(link);
	if (!bad && b->t->nmatch == before)
		bad = weir_fail("%s did not match: the program does not do its work", planted);
	fprintf(stderr, "%u execs, %u matches\n", b->t->capture.events, b->t->nmatch);
	return bad;
}

static int exec_watched(char **argv)
{
	struct bench_content c;
	struct weir_channel ch;
	struct bench_bpf b;
	int bad;

	if (weir_channel_open(argv[0], NULL, &ch))
		return WEIR_EXIT_FAIL;
	if (bench_content_open(&ch, NULL, &c))
		return WEIR_EXIT_FAIL;
	bad = bench_bpf_open(&b, &c, "weir_exec") ? weir_fail("%s", b.why)
						  : set_capture(&b) || watch(&b, argv[1], argv + 2);
	bench_bpf_close(&b);
	bench_content_close(&c);
	weir_channel_close(&ch);
	return bad ? WEIR_EXIT_FAIL : WEIR_EXIT_OK;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "eval"))
		return eval_both(argv + 2);
	if (argc >= 5 && !strcmp(argv[1], "exec"))
		return exec_watched(argv + 2);
	fputs(help, stderr);
	return WEIR_EXIT_USAGE;
}
