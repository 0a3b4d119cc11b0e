// SPDX-License-Identifier: GPL-2.0
/* Runs a copy of a program that exists in memory only. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv, char **env)
{
	struct stat st;
	int in, out;

	if (argc < 2) {
		fprintf(stderr, "usage: memfd_run PROGRAM ARGUMENTS...\n");
		return 2;
	}
	in = open(argv[1], O_RDONLY | O_CLOEXEC);
	out = memfd_create("update", MFD_CLOEXEC);
	if (in < 0 || out < 0 || fstat(in, &st) ||
	    sendfile(out, in, NULL, (size_t)st.st_size) != st.st_size) {
		perror(argv[1]);
		return 1;
	}
	fexecve(out, argv + 1, env);
	perror("fexecve");
	return 1;
}
