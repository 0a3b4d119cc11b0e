/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of the core share: content in memory, and evaluations that are watched. */
#ifndef WEIR_KUNIT_CORE_BED_H
#define WEIR_KUNIT_CORE_BED_H

#include "../interpreter/templates.h"

struct kunit;

/* Matches that there is room for; behind them stands a canary. */
#define WEIR_CORE_MATCHES 16
#define WEIR_CORE_CANARY 0xdeadbeefu

/**
 * weir_core_schema() - all built-in Template Types, all fields provided
 * @types: WEIR_NTYPES, filled
 *
 * Return: the schema; it points to @types.
 */
struct weir_schema weir_core_schema(struct weir_schema_type *types);

/**
 * weir_core_copy() - bytes in an allocation of their very size: KASAN sees a read past them
 * @test: fails if there is no memory
 * @b: the bytes
 * @n: how many
 *
 * Return: the copy.
 */
u8 *weir_core_copy(struct kunit *test, const u8 *b, u32 n);

/**
 * weir_core_open() - open a copy of a channel file
 * @test: fails if it cannot be opened
 * @b: the file
 * @n: its size
 *
 * Return: the opened copy.
 */
struct weir_view weir_core_open(struct kunit *test, const u8 *b, u32 n);

/**
 * weir_core_values() - room for the values of an event
 * @test: fails if there is no memory
 *
 * Return: WEIR_ARITY_MAX of them, absent.
 */
struct weir_value *weir_core_values(struct kunit *test);

/**
 * weir_core_verify() - verify against all built-in Template Types, all fields provided
 * @v: the opened file
 * @err: filled
 *
 * Return: WEIR_E_OK or why it is refused.
 */
u32 weir_core_verify(const struct weir_view *v, struct weir_error *err);

/**
 * weir_core_refused() - with one word changed, the file is refused; what it was is put back
 * @test: fails if it is not, and if it is refused then
 * @v: the opened file, which is accepted
 * @at: offset of the word
 * @word: what it becomes
 * @code: why it is to be refused
 */
void weir_core_refused(struct kunit *test, const struct weir_view *v, u32 at, u32 word, u32 code);

/**
 * weir_core_evaluate() - evaluate with what the content asks for
 * @test: fails if the canary is touched
 * @v: the opened file
 * @e: the event
 * @match: room for WEIR_CORE_MATCHES and one
 * @res: filled
 */
void weir_core_evaluate(struct kunit *test, const struct weir_view *v, const struct weir_event *e,
			u32 *match, struct weir_result *res);

#endif
