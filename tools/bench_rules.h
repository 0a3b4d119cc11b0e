/* SPDX-License-Identifier: GPL-2.0 */
/* What each rule costs on events. */
#ifndef WEIR_BENCH_RULES_H
#define WEIR_BENCH_RULES_H

#include "channel.h"

/**
 * weir_bench_rules() - print what each rule of a channel file takes of the evaluation of events
 * @c: the channel
 * @events: the events
 *
 * As a table, or with --json as JSON; reports errors itself.
 *
 * Return: 0 or WEIR_EXIT_FAIL.
 */
int weir_bench_rules(struct weir_channel *c, const struct weir_inputs *events);

#endif
