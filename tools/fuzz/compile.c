// SPDX-License-Identifier: GPL-2.0
/* Fuzzes the compiler with rule files; verifier and interpreter have to like what it makes. */
#include <stdlib.h>
#include <string.h>

#include "emit_check.h"
#include "event.h"

#define COPIES 3u /* of one rule: enough for them to get an index */

static void evaluate(const struct weir_buffer *b)
{
	uint8_t *copy = malloc(b->n);

	if (!copy)
		abort();
	memcpy(copy, b->p, b->n);
	weir_fuzz_content(copy, b->n, (uint32_t)b->n, 1);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static char *const admins[] = { (char *)"root", (char *)"adm*" };
	struct weir_placeholder known = { .name = (char *)"admins",
					  .value = (char **)admins,
					  .n = 2 };
	const struct weir_emit_head head = { "fuzz", 1, 1, 1 };
	struct weir_sigma *s = weir_alloc(1, sizeof(*s));
	struct weir_buffer out = { 0 };
	struct weir_types types;
	struct weir_file f;
	uint64_t cost;
	size_t i;

	f.p = (uint8_t *)weir_strndup((const char *)p, n);
	f.n = n;
	if (weir_types_open(NULL, &types))
		abort();
	s->types = &types;
	s->placeholder = &known;
	s->nplaceholders = 1;
	weir_sigma_file(s, "fuzz.yml", &f);
	for (i = 1; n % 4 == 0 && i < COPIES && !s->errors.n && s->nrules == i; i++) {
		weir_sigma_file(s, "fuzz.yml", &f);
		s->rule[i].uuid[15] ^= (uint8_t)i;
	}
	/* As the command does: a rule whose action cannot be applied is an error of the rule. */
	weir_emit_actions(s);
	/* A second rule of the same id is refused by the command, above what is fuzzed here. */
	if (!s->errors.n && (s->nrules == 1 || s->nrules == COPIES)) {
		if (!weir_emit_checked(s, &head, &out, &cost))
			evaluate(&out);
		else if (!s->errors.n)
			abort();
	}
	free(out.p);
	weir_free_file(&f);
	weir_types_close(&types);
	weir_arena_free(weir_sigma_arena(s));
	weir_arena_free(&s->yaml);
	free(s);
	return 0;
}
