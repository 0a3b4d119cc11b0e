// SPDX-License-Identifier: GPL-2.0
/*
 * Evaluates content on an ipc event that carries one input fewer than the type has, past every
 * verifier. What lies behind the inputs is not mapped: a read of the missing one would be the end.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "templates.h"

#define INPUTS (WEIR_ipc_arity - 1)

/* n values that end where the address space does. */
static struct weir_value *fenced(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + page, page, PROT_NONE))
		return NULL;
	return (struct weir_value *)(void *)(p + page - n * sizeof(struct weir_value));
}

static int open_content(const char *path, struct weir_view *v)
{
	static uint8_t b[1 << 16];
	struct weir_error err;
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, b, sizeof(b));

	if (n < 0)
		return -1;
	close(fd);
	return weir_open(b, (uint32_t)n, v, &err) ? -1 : 0;
}

static void evaluate(const struct weir_view *v, uint32_t n, struct weir_result *res)
{
	struct weir_event e = { .v = fenced(n), .n = n, .type = WEIR_TYPE_ipc };
	struct weir_about about;
	uint32_t match[64];
	struct weir_run run = { .match = match, .cap = 64 };

	if (!e.v)
		exit(2);
	weir_about(v, &about);
	run.nscratch = about.scratch / sizeof(uint32_t);
	run.scratch = calloc(run.nscratch + 1, sizeof(uint32_t));
	run.fuel = about.cost;
	weir_eval(v, &e, &run, res);
	free(run.scratch);
}

int main(int argc, char **argv)
{
	struct weir_result res;
	struct weir_view v;

	if (argc != 2 || open_content(argv[1], &v)) {
		fprintf(stderr, "usage: short_event FILE (a channel file without signature)\n");
		return 2;
	}
	evaluate(&v, INPUTS, &res);
	printf("evaluated with %d of %d inputs: %u matches, %u trips", INPUTS, WEIR_ipc_arity,
	       res.nmatch, res.trips);
	if (res.trips)
		printf(", the first at field %u", res.trip_field + 1);
	printf("\n");
	if (res.status != WEIR_DONE || !res.trips || res.trip_field != INPUTS)
		return 1;
	evaluate(&v, WEIR_ipc_arity, &res);
	printf("evaluated with all %d inputs: %u matches, %u trips\n", WEIR_ipc_arity, res.nmatch,
	       res.trips);
	return res.status != WEIR_DONE || res.trips;
}
