// SPDX-License-Identifier: GPL-2.0
/* as_user UID COMMAND...: run a command as somebody else, who need not have a name. */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *end;
	long uid;

	if (argc < 3) {
		fprintf(stderr, "usage: as_user UID COMMAND...\n");
		return 2;
	}
	uid = strtol(argv[1], &end, 10);
	if (*end || uid < 0 || setgroups(0, NULL) || setgid((gid_t)uid) || setuid((uid_t)uid)) {
		fprintf(stderr, "as_user: cannot become %s\n", argv[1]);
		return 125;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 126;
}
