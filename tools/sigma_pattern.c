// SPDX-License-Identifier: GPL-2.0
/* Sigma's string values as patterns. */
#include <string.h>

#include "sigma_pattern.h"

void weir_pattern_parse(struct weir_patterns *ps, const char *s, size_t n)
{
	struct weir_pattern *p = weir_arena_get(ps->arena, 1, sizeof(*p));
	struct weir_glob_item *it;
	size_t i;

	p->item = weir_arena_get(ps->arena, n, sizeof(*p->item));
	for (i = 0; i < n; i++) {
		it = &p->item[p->n];
		if (s[i] == '*' || s[i] == '?') {
			it->kind = s[i] == '*' ? WEIR_GLOB_RUN : WEIR_GLOB_ONE;
			/* a run after a run says nothing new */
			if (s[i] == '*' && p->n && it[-1].kind == WEIR_GLOB_RUN)
				continue;
		} else {
			if (s[i] == '\\' && i + 1 < n && memchr("*?\\", s[i + 1], 3))
				i++;
			it->kind = WEIR_GLOB_BYTE;
			it->byte = s[i];
		}
		p->n++;
	}
	ps->p = p;
	ps->n = 1;
}

static void add_run(struct weir_arena *a, struct weir_pattern *p, int before)
{
	struct weir_glob_item *it;

	if (p->n && p->item[before ? 0 : p->n - 1].kind == WEIR_GLOB_RUN)
		return;
	it = weir_arena_get(a, p->n + 1, sizeof(*it));
	if (p->n)
		memcpy(it + before, p->item, p->n * sizeof(*it));
	it[before ? 0 : p->n].kind = WEIR_GLOB_RUN;
	p->item = it;
	p->n++;
}

void weir_pattern_run_before(struct weir_patterns *ps)
{
	size_t i;

	for (i = 0; i < ps->n; i++)
		add_run(ps->arena, &ps->p[i], 1);
}

void weir_pattern_run_after(struct weir_patterns *ps)
{
	size_t i;

	for (i = 0; i < ps->n; i++)
		add_run(ps->arena, &ps->p[i], 0);
}

enum weir_pattern_shape weir_pattern_shape(const struct weir_pattern *p, size_t *first, size_t *len)
{
	size_t start = 0, end = p->n, i;

	*first = 0;
	*len = 0;
	if (start < end && p->item[0].kind == WEIR_GLOB_RUN)
		start++;
	if (start < end && p->item[end - 1].kind == WEIR_GLOB_RUN)
		end--;
	for (i = start; i < end; i++)
		if (p->item[i].kind != WEIR_GLOB_BYTE)
			return WEIR_PATTERN_GLOB;
	*first = start;
	*len = end - start;
	if (start == end)
		return p->n ? WEIR_PATTERN_ANY : WEIR_PATTERN_EQ;
	if (start)
		return end < p->n ? WEIR_PATTERN_CONTAINS : WEIR_PATTERN_SUFFIX;
	return end < p->n ? WEIR_PATTERN_PREFIX : WEIR_PATTERN_EQ;
}
