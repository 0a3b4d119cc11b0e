// SPDX-License-Identifier: GPL-2.0
/*
 * What weirctl load and boot do to the disk, without a kernel that says yes.
 *
 * storectl load|try STATE TRUST FILE: up to trusted, or as long as it is on trial. NOW: the time.
 * storectl check STATE TRUST: the current generation's files, as weirctl boot checks them.
 * storectl drop|unload STATE CHANNEL: what is on trial is out again, or all of the channel.
 * storectl follow STATE CHANNEL TRUSTED TRIAL: digests of content in the kernel, or -.
 * storectl boot|settle STATE BOOT-ID: prints what a boot of that id comes up with.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "weirstore.h"

/* For disk.c. */
static void mark(const char *text)
{
	char name[32];

	snprintf(name, sizeof(name), "mark:%s", text);
	if (!access(name, F_OK))
		fputs("storectl: odd\n", stderr);
}

static int load_checked(const char *state, const struct weir_checked *k,
			const struct weir_live *live, int whole, struct weir_refusal *r)
{
	if (weir_store_trying(state, k, live, "probation", r))
		return -1;
	mark("active");
	if (!whole)
		return 0;
	if (weir_floor_raise(state, k->about.channel, &k->floor, r))
		return -1;
	mark("trusted");
	return weir_store_trusted(state, k, live, r);
}

static int load(char **argv, int whole, struct weir_refusal *r)
{
	struct weir_check c = { .state = argv[0], .trust = argv[1], .path = argv[2] };
	const char *now = getenv("NOW");
	static struct weir_live live;
	struct weir_checked k;
	int ret;

	c.now = now ? (time_t)atoll(now) : time(NULL);

	weir_live_builtin(&live);
	c.live = &live;
	if (weir_check_signed(&c, &k, r))
		return -1;
	ret = weir_check_content(&c, &k, r);
	if (!ret)
		ret = load_checked(argv[0], &k, &live, whole, r);
	weir_checked_free(&k);
	return ret;
}

static int follow(char **argv, struct weir_refusal *r)
{
	uint8_t digest[2][WEIR_DIGEST_SIZE], *p[2];
	int i;

	for (i = 0; i < 2; i++)
		p[i] = weir_unhex(argv[2 + i], digest[i]) ? NULL : digest[i];
	return weir_store_follow(argv[0], (uint32_t)atol(argv[1]), p[0], p[1], r);
}

static int boot(char **argv, struct weir_refusal *r)
{
	static const char *const names[] = { "current", "again", "back", "damaged", "nothing" };
	static struct weir_generation g;
	enum weir_boot_choice choice;
	uint32_t i;

	if (weir_boot_choose(argv[0], argv[1], &choice, &g, r) ||
	    weir_boot_begin(argv[0], argv[1], choice, &g, r))
		return -1;
	if (g.set.n)
		mark("loaded");
	printf("%s", names[choice]);
	for (i = 0; i < g.set.n; i++)
		printf(" %" PRIu32 ":%" PRIu64, g.set.entry[i].channel, g.set.entry[i].version);
	putchar('\n');
	return 0;
}

static int check(char **argv, struct weir_refusal *r)
{
	struct weir_check c = { .state = argv[0], .trust = argv[1] };
	static struct weir_generation g;
	struct weir_checked k;
	uint32_t i;

	if (weir_store_read(argv[0], 0, &g, r))
		return -1;
	for (i = 0; i < g.set.n; i++) {
		if (weir_check_stored(&c, &g.set.entry[i], &k, r))
			return -1;
		weir_checked_free(&k);
	}
	return g.set.n ? 0 : weir_refuse(r, WEIR_STEP_STATE, "EMPTY", NULL, "nothing to check");
}

int main(int argc, char **argv)
{
	struct weir_refusal r;
	int lock, ret = -1;

	if (argc < 4)
		return 2;
	if (weir_floor_lock(argv[2], &lock, &r))
		goto out;
	if (!strcmp(argv[1], "load") && argc == 5)
		ret = load(argv + 2, 1, &r);
	else if (!strcmp(argv[1], "try") && argc == 5)
		ret = load(argv + 2, 0, &r);
	else if (!strcmp(argv[1], "check"))
		ret = check(argv + 2, &r);
	else if (!strcmp(argv[1], "drop"))
		ret = weir_store_dropped(argv[2], (uint32_t)atol(argv[3]), &r);
	else if (!strcmp(argv[1], "unload"))
		ret = weir_store_unload(argv[2], (uint32_t)atol(argv[3]), &r);
	else if (!strcmp(argv[1], "follow") && argc == 6)
		ret = follow(argv + 2, &r);
	else if (!strcmp(argv[1], "boot"))
		ret = boot(argv + 2, &r);
	else if (!strcmp(argv[1], "settle"))
		ret = weir_boot_settled(argv[2], argv[3], &r);
	else
		return 2;
	close(lock);
out:
	if (ret)
		fprintf(stderr, "storectl: %s: %s: %s\n", r.code, r.file, r.what);
	return ret ? 1 : 0;
}
