/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of other modules' types share: weir_sample.ko, its types and events of them. */
#ifndef WEIR_SELFTESTS_SAMPLE_H
#define WEIR_SELFTESTS_SAMPLE_H

#include <stdint.h>

#include "modules/weir_sample.h"

#define WEIR_SAMPLE_CHANNEL 7105
#define WEIR_SAMPLE_BOTH 7106
#define WEIR_SAMPLE_ALL ((1ull << WEIR_SAMPLE_FIELDS) - 1)

/**
 * weir_sample_insert() - insert weir_sample.ko
 * @params: its parameters
 *
 * Return: 0 or -errno.
 */
int weir_sample_insert(const char *params);

/**
 * weir_module_remove() - remove a module, as rmmod does
 * @name: of the module
 *
 * Return: 0 or -errno.
 */
int weir_module_remove(const char *name);

/**
 * weir_sample_open() - open /dev/weir_sample; insert the module if it is not there
 *
 * Return: a descriptor, or -errno.
 */
int weir_sample_open(void);

/**
 * weir_sample_register() - have a type registered, with the usual fields, all provided, that denies
 * @fd: from weir_sample_open()
 * @n: which of the module's types
 * @id: its id
 * @name: its name
 *
 * Return: 0 or -errno.
 */
int weir_sample_register(int fd, uint32_t n, uint32_t id, const char *name);

/**
 * weir_sample_unregister() - have a type unregistered
 * @fd: from weir_sample_open()
 * @n: which of the module's types
 *
 * Return: 0 or -errno.
 */
int weir_sample_unregister(int fd, uint32_t n);

/**
 * weir_sample_values() - the event that content/sample_test matches
 * @v: WEIR_SAMPLE_FIELDS + 1 values; the last one is of no field
 */
void weir_sample_values(struct weir_sample_value *v);

/**
 * weir_sample_submit() - have an event submitted
 * @fd: from weir_sample_open()
 * @n: of which type
 * @how: enum weir_sample_how
 * @v: its values
 * @nvalues: how many
 *
 * Return: what weir_type_submit() said; -1000 if it was not called.
 */
int weir_sample_submit(int fd, uint32_t n, uint32_t how, const struct weir_sample_value *v,
		       uint32_t nvalues);

/**
 * weir_sample_wanted() - what weir_type_wanted() says
 * @fd: from weir_sample_open()
 * @n: of which type
 */
uint64_t weir_sample_wanted(int fd, uint32_t n);

/**
 * weir_sample_load() - load content with the version after the newest that its channel had
 * @dev: the device of Weir
 * @raw: path of unsigned content
 * @channel: its number
 *
 * Return: 0 or -errno.
 */
int weir_sample_load(int dev, const char *raw, uint32_t channel);

#endif
