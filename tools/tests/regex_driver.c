// SPDX-License-Identifier: GPL-2.0
/*
 * The regex compiler behind a line protocol, for tests in another language. Requests:
 *   R FLAGS HEX     compile a pattern: "ok STATES CLASSES" or "error MESSAGE"
 *   G CASED ITEMS   compile a wildcard pattern: two hex digits a byte, ? and * as they are
 *   I HEX           match an input with what was compiled last: "1" or "0"
 *   N               what its inputs have to contain: literals, "|" between those of which there is
 *                   one, " & " between those that are all there; or "nothing"
 * HEX may be "-" for nothing.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "limits.h"
#include "regex.h"

#define LINE_MAX_BYTES (4 * 1024 * 1024)

static size_t unhex(const char *s, uint8_t *out)
{
	size_t n = 0;
	unsigned int b;

	for (; sscanf(s, "%2x", &b) == 1 && s[1]; s += 2)
		out[n++] = (uint8_t)b;
	return n;
}

/* Every promise that the format makes about a DFA. */
static void check(const struct weir_dfa *d)
{
	uint32_t i, to;

	if (d->nclasses < 2 || d->nclasses > WEIR_DFA_CLASSES_MAX || !d->ncells ||
	    d->ncells > WEIR_DFA_CELLS_MAX || d->ncells % d->nclasses || d->start >= d->ncells ||
	    d->start % d->nclasses)
		abort();
	for (i = 0; i < 256; i++)
		if (d->map[i] >= d->nclasses - 1)
			abort();
	for (i = 0; i < d->ncells; i++) {
		to = d->next[i];
		if (to == WEIR_DFA_ACCEPT || to == WEIR_DFA_REJECT)
			continue;
		if (to >= d->ncells || to % d->nclasses || i % d->nclasses == d->nclasses - 1u)
			abort();
	}
}

static int contains(const uint8_t *s, size_t n, const struct weir_re_literal *lit)
{
	size_t i, k;

	for (i = 0; i + lit->n <= n; i++) {
		for (k = 0; k < lit->n && tolower(s[i + k]) == lit->p[k]; k++)
			;
		if (k == lit->n)
			return 1;
	}
	return 0;
}

/* Match, and see that what is accepted has what it needs. */
static int match(const struct weir_dfa *d, const uint8_t *s, size_t n)
{
	int r = weir_dfa_match(d, s, n);
	uint32_t i, k;

	for (i = 0; r && i < d->nneeds; i++) {
		for (k = 0; k < d->need[i].n && !contains(s, n, &d->need[i].lit[k]); k++)
			;
		if (k == d->need[i].n)
			abort();
	}
	return r;
}

static void put_needs(const struct weir_dfa *d)
{
	uint32_t i, k;

	for (i = 0; i < d->nneeds; i++)
		for (k = 0; k < d->need[i].n; k++)
			printf("%s%.*s",
			       k   ? "|"
			       : i ? " & "
				   : "",
			       (int)d->need[i].lit[k].n, d->need[i].lit[k].p);
	puts(d->nneeds ? "" : "nothing");
}

static void answer(int r, const struct weir_dfa *d, const char *err)
{
	if (r) {
		printf("error %s\n", err);
		return;
	}
	check(d);
	printf("ok %u %u\n", d->ncells / d->nclasses, d->nclasses);
}

static void glob(char *line, struct weir_dfa *d, struct weir_glob_item *items)
{
	char err[256], *s = line + 4;
	unsigned int b;
	size_t n = 0;

	while (*s && *s != '-') {
		items[n].byte = 0;
		items[n].kind = *s == '?' ? WEIR_GLOB_ONE : WEIR_GLOB_RUN;
		if (*s == '?' || *s == '*') {
			s++;
		} else if (sscanf(s, "%2x", &b) == 1) {
			items[n].kind = WEIR_GLOB_BYTE;
			items[n].byte = (uint8_t)b;
			s += 2;
		}
		n++;
	}
	answer(weir_glob_compile(items, n, line[2] == '1', d, err, sizeof(err)), d, err);
}

int main(void)
{
	char *line = malloc(LINE_MAX_BYTES), err[256];
	uint8_t *bytes = malloc(LINE_MAX_BYTES);
	struct weir_glob_item *items = calloc(LINE_MAX_BYTES, sizeof(*items));
	struct weir_dfa d = { 0 };
	size_t n;
	int r;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!line || !bytes || !items)
		return 1;
	while (fgets(line, LINE_MAX_BYTES, stdin)) {
		line[strcspn(line, "\n")] = 0;
		if (line[0] == 'I') {
			n = unhex(line + 2, bytes);
			puts(match(&d, bytes, n) ? "1" : "0");
			continue;
		}
		if (line[0] == 'N') {
			put_needs(&d);
			continue;
		}
		weir_dfa_free(&d);
		if (line[0] == 'G') {
			glob(line, &d, items);
			continue;
		}
		n = unhex(line + 4, bytes);
		r = weir_regex_compile((const char *)bytes, n, (unsigned int)(line[2] - '0'), &d,
				       err, sizeof(err));
		answer(r, &d, err);
	}
	weir_dfa_free(&d);
	free(items);
	free(bytes);
	free(line);
	return 0;
}
