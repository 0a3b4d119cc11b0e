/* SPDX-License-Identifier: GPL-2.0 */
/* User names by id, as the loader gave them. */
#ifndef WEIR_KMOD_NAMES_H
#define WEIR_KMOD_NAMES_H

#include <linux/types.h>

/**
 * weir_names_find() - copy a user's name
 * @id: user id in the initial user namespace
 * @to: not terminated
 * @n: room in @to
 *
 * Context: any.
 * Return: its bytes; 0 if the id has no name or it does not fit.
 */
u32 weir_names_find(u32 id, u8 *to, u32 n);

#endif
