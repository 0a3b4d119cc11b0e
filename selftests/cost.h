/* SPDX-License-Identifier: GPL-2.0 */
/* The operations that cost_bench measures. */
#ifndef WEIR_SELFTESTS_COST_H
#define WEIR_SELFTESTS_COST_H

/**
 * struct weir_cost - an operation that one of the hooks is on
 * @name: of the operation; the table's last row has none
 * @hook: the function, without security_
 * @setup: once before the first run, or NULL
 * @before: before each run, or NULL
 * @act: the run that is measured; returns a negative number if it did not work
 * @after: after each run, or NULL
 *
 * All of them return a negative number if it did not work. The working directory is an empty one.
 */
struct weir_cost {
	const char *name;
	const char *hook;
	int (*setup)(void);
	int (*before)(void);
	int (*act)(void);
	int (*after)(void);
};

/* A table for each Template Type, and its name. */
extern const struct weir_cost weir_costs_process_creation[];
extern const struct weir_cost weir_costs_file_event[];
extern const struct weir_cost weir_costs_network_connection[];
extern const struct weir_cost weir_costs_ipc[];
extern const struct weir_cost weir_costs_kernel_activity[];

#endif
