// SPDX-License-Identifier: GPL-2.0
/* What a boot comes up with. No clock is asked: a boot is known by its id. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_text.h"

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

int weir_boot_id(char out[WEIR_BOOT_ID], struct weir_refusal *r)
{
	struct weir_blob f;

	if (weir_blob_read(BOOT_ID_FILE, 4096, &f, r)) {
		r->step = WEIR_STEP_STATE;
		return -1;
	}
	snprintf(out, WEIR_BOOT_ID, "%.*s", (int)f.n, (const char *)f.b);
	out[strcspn(out, "\n")] = 0;
	weir_blob_free(&f);
	if (strlen(out) == WEIR_BOOT_ID - 1)
		return 0;
	weir_refuse(r, WEIR_STEP_STATE, "BOOT_ID", "mount /proc", "this is no boot id");
	return weir_refusal_file(r, BOOT_ID_FILE);
}

/* Return: 1 with a whole generation, 0 if the name points to none, -1 with a reason. */
static int take(const char *state, const char *name, struct weir_generation *out,
		struct weir_refusal *r)
{
	uint64_t number;

	memset(out, 0, sizeof(*out));
	if (weir_store_pointer(state, name, &number, r))
		return -1;
	if (!number)
		return 0;
	if (weir_store_read(state, number, out, r) || weir_store_whole(state, &out->set, r)) {
		memset(out, 0, sizeof(*out));
		return -1;
	}
	return 1;
}

/* The one that is wanted, or the other one. */
static int take_either(const char *state, int good_first, enum weir_boot_choice *choice,
		       struct weir_generation *out, struct weir_refusal *r)
{
	struct weir_refusal why;
	int first, second;

	first = take(state, good_first ? "good" : "current", out, r);
	if (first > 0)
		return 0;
	second = take(state, good_first ? "current" : "good", out, first < 0 ? &why : r);
	if (second > 0 && first < 0 && *choice != WEIR_BOOT_BACK)
		*choice = WEIR_BOOT_DAMAGED;
	if (second > 0)
		return 0;
	return first < 0 || second < 0 ? -1 : 0;
}

int weir_boot_choose(const char *state, const char *boot, enum weir_boot_choice *choice,
		     struct weir_generation *out, struct weir_refusal *r)
{
	struct weir_trying t;

	*choice = WEIR_BOOT_CURRENT;
	/* A marker that cannot be read is one. */
	if (weir_store_marker(state, &t, r)) {
		memset(&t, 0, sizeof(t));
		t.boot[0] = '?';
		t.generation = 1;
	}
	if (!t.boot[0])
		return take_either(state, 0, choice, out, r);
	if (!strcmp(t.boot, boot)) {
		*choice = WEIR_BOOT_AGAIN;
		return take_either(state, 0, choice, out, r);
	}
	if (t.attempt < 2) {
		*choice = WEIR_BOOT_BACK;
		return take_either(state, t.generation != 0, choice, out, r);
	}
	*choice = WEIR_BOOT_NOTHING;
	memset(out, 0, sizeof(*out));
	return weir_store_pointer(state, "current", &out->number, r);
}

static int mark(const char *state, const char *boot, const struct weir_generation *g,
		uint32_t attempt, struct weir_refusal *r)
{
	struct weir_trying t = { .generation = g->set.n ? g->number : 0, .attempt = attempt };

	snprintf(t.boot, sizeof(t.boot), "%s", boot);
	return weir_store_mark(state, &t, r);
}

static int point_current(const char *state, uint64_t number, struct weir_refusal *r)
{
	struct weir_refusal why;
	uint64_t now;

	if (!weir_store_pointer(state, "current", &now, &why) && now == number)
		return 0;
	return weir_store_point(state, "current", number, r);
}

/* Nothing is the current generation from now on, until somebody loads or rolls back. */
static int begin_nothing(const char *state, struct weir_generation *g, struct weir_refusal *r)
{
	struct weir_trying none = { .generation = 0 };
	struct weir_generation now;
	struct weir_refusal why;

	if (weir_store_read(state, 0, &now, &why) || now.set.n) {
		memset(&g->set, 0, sizeof(g->set));
		if (weir_store_switch(state, g, "boot-loop", r))
			return -1;
	}
	return weir_store_mark(state, &none, r);
}

int weir_boot_begin(const char *state, const char *boot, enum weir_boot_choice choice,
		    struct weir_generation *g, struct weir_refusal *r)
{
	if (choice == WEIR_BOOT_AGAIN)
		return 0;
	if (!g->number && choice == WEIR_BOOT_CURRENT)
		return 0;
	if (weir_store_open(state, r))
		return -1;
	if (choice == WEIR_BOOT_NOTHING)
		return begin_nothing(state, g, r);
	/* Before the marker: what it says to have been tried is what the next boot goes back of. */
	if (g->number && point_current(state, g->number, r))
		return -1;
	return mark(state, boot, g, choice == WEIR_BOOT_BACK ? 2 : 1, r);
}

int weir_boot_settled(const char *state, const char *boot, struct weir_refusal *r)
{
	struct weir_trying t;

	if (weir_store_marker(state, &t, r))
		return -1;
	if (strcmp(t.boot, boot) || !t.generation)
		return 0;
	if (weir_store_open(state, r) || weir_store_point(state, "good", t.generation, r))
		return -1;
	t.generation = 0;
	t.attempt = 1;
	return weir_store_mark(state, &t, r);
}
