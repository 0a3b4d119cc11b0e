// SPDX-License-Identifier: GPL-2.0
/* Hands a file to the device as it is, past the loader, and prints what the kernel says. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "uapi/weir.h"
#include "templates.h"

static const struct {
	const char *name, *text;
} codes[] = {
#define WEIR_E(name, text) { #name, text },
#include "errors.def"
#undef WEIR_E
};

static void *read_all(const char *path, size_t *n)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	char *b;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	b = malloc((size_t)st.st_size + 1);
	if (b && read(fd, b, (size_t)st.st_size) != st.st_size) {
		free(b);
		b = NULL;
	}
	close(fd);
	*n = (size_t)st.st_size;
	return b;
}

static void print_refusal(const struct weir_u_error *e)
{
	const struct weir_type *t = weir_type_by_id(e->type);

	if (e->code < sizeof(codes) / sizeof(codes[0]))
		printf("%s: %s", codes[e->code].name, codes[e->code].text);
	else
		printf("code %u", e->code);
	if (e->instance != ~0u)
		printf("; instance %u", e->instance);
	if (t && e->field < t->arity)
		printf("; field %s.%s (number %u)", t->name, t->fields[e->field].name,
		       e->field + 1);
	printf("\n");
}

static int submit(int fd, void *b, size_t n)
{
	struct weir_u_submit s = { .size = sizeof(s), .data = (uintptr_t)b, .len = n };

	if (!ioctl(fd, WEIR_IOC_SUBMIT, &s)) {
		printf("accepted: channel %u version %llu\n", s.channel,
		       (unsigned long long)s.version);
		return 0;
	}
	printf("refused: %s: ", strerror(errno));
	print_refusal(&s.error);
	return 1;
}

static int submit_list(int fd, void *b, size_t n)
{
	struct weir_u_trust t = { .size = sizeof(t), .data = (uintptr_t)b, .len = n };

	if (!ioctl(fd, WEIR_IOC_TRUST, &t)) {
		printf("accepted: trust list %llu\n", (unsigned long long)t.version);
		return 0;
	}
	printf("refused: %s: ", strerror(errno));
	print_refusal(&t.error);
	return 1;
}

int main(int argc, char **argv)
{
	int list = argc == 3 && !strcmp(argv[1], "--trust");
	const char *path = argv[argc - 1];
	size_t n = 0;
	void *b;
	int fd;

	if (argc != 2 + list) {
		fprintf(stderr, "usage: submit_raw [--trust] FILE\n");
		return 2;
	}
	b = read_all(path, &n);
	fd = open("/dev/weir", O_RDWR);
	if (!b || fd < 0) {
		fprintf(stderr, "%s: %s\n", b ? "/dev/weir" : path, strerror(errno));
		return 2;
	}
	return list ? submit_list(fd, b, n) : submit(fd, b, n);
}
