// SPDX-License-Identifier: GPL-2.0
// Counts the tests of a KTAP stream: the innermost ones, each once.

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "init.h"

static void close_level(struct weir_ktap *k)
{
	struct weir_level *l = &k->level[--k->depth];

	if (l->planned >= 0 && l->seen != (unsigned int)l->planned)
		k->tally.failed++;
}

/*
 * The level of a line's indentation, after closing all deeper ones. KUnit's result files begin with
 * the deeper level, so that a parent may be first seen after its children.
 */
static struct weir_level *level_at(struct weir_ktap *k, unsigned int indent)
{
	struct weir_level *l = NULL;
	struct weir_tally before;
	int closed = 0;

	while (k->depth && k->level[k->depth - 1].indent > indent) {
		before = k->level[k->depth - 1].start;
		close_level(k);
		closed = 1;
	}
	if (k->depth && k->level[k->depth - 1].indent == indent)
		l = &k->level[k->depth - 1];
	if (!l && k->depth == WEIR_LEVELS_MAX)
		return NULL;
	if (!l) {
		l = &k->level[k->depth++];
		*l = (struct weir_level){ .indent = indent, .planned = -1, .start = k->tally };
	}
	if (closed && !l->parent_of) {
		l->parent_of = 1;
		l->before = before;
	}
	return l;
}

static int is_skip(const char *s)
{
	const char *hash = strstr(s, "# ");

	return hash && !strncasecmp(hash + 2, "skip", 4);
}

static void result(struct weir_ktap *k, unsigned int indent, int ok, const char *rest)
{
	struct weir_level *l = level_at(k, indent);

	if (!l) {
		k->tally.failed++;
		return;
	}
	l->seen++;
	if (l->parent_of) {
		l->parent_of = 0;
		if (!ok && k->tally.failed == l->before.failed)
			k->tally.failed++;
	} else if (!ok) {
		k->tally.failed++;
	} else if (is_skip(rest)) {
		k->tally.skipped++;
	} else {
		k->tally.passed++;
	}
}

static void plan(struct weir_ktap *k, unsigned int indent, const char *s)
{
	struct weir_level *l = level_at(k, indent);
	char *end;
	long n = strtol(s, &end, 10);

	if (!l || end == s || n < 0 || n > 1000000) {
		k->tally.failed++;
		return;
	}
	/* A second plan at the same level is a second stream: files printed one after the other. */
	if (l->planned >= 0) {
		close_level(k);
		l = level_at(k, indent);
	}
	l->planned = (int)n;
	if (k->depth == 1)
		k->planned = 1;
	if (!n && is_skip(end))
		k->tally.skipped++;
}

void weir_ktap_line(struct weir_ktap *k, const char *line)
{
	unsigned int indent = (unsigned int)strspn(line, " ");
	const char *s = line + indent;

	if (!strncmp(s, "ok ", 3))
		result(k, indent, 1, s + 3);
	else if (!strncmp(s, "not ok ", 7))
		result(k, indent, 0, s + 7);
	else if (!strncmp(s, "1..", 3) && isdigit((unsigned char)s[3]))
		plan(k, indent, s + 3);
	else if (!strncasecmp(s, "bail out!", 9))
		k->tally.failed++;
}

void weir_ktap_end(struct weir_ktap *k)
{
	while (k->depth)
		close_level(k);
}
