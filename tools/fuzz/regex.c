// SPDX-License-Identifier: GPL-2.0
/* Fuzzes the regex compiler: a byte of flags, a pattern, and after a NUL what to match it with. */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "limits.h"
#include "regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* What the format promises of a DFA. */
static void check(const struct weir_dfa *d)
{
	uint32_t i, to;

	if (d->nclasses < 2 || !d->ncells || d->ncells > WEIR_DFA_CELLS_MAX ||
	    d->ncells % d->nclasses || d->start >= d->ncells || d->start % d->nclasses)
		abort();
	for (i = 0; i < 256; i++)
		if (d->map[i] >= d->nclasses - 1)
			abort();
	for (i = 0; i < d->ncells; i++) {
		to = d->next[i];
		if (to < WEIR_DFA_REJECT && (to >= d->ncells || to % d->nclasses))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const uint8_t *end;
	struct weir_dfa d;
	char err[200] = "";
	size_t len;

	if (!n)
		return 0;
	end = memchr(p + 1, 0, n - 1);
	len = end ? (size_t)(end - p - 1) : n - 1;
	if (weir_regex_compile((const char *)p + 1, len, p[0] & 7, &d, err, sizeof(err))) {
		if (!err[0])
			abort();
		return 0;
	}
	check(&d);
	weir_dfa_match(&d, p + 1 + len, n - 1 - len);
	weir_dfa_free(&d);
	return 0;
}
