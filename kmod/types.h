/* SPDX-License-Identifier: GPL-2.0 */
/* The Template Types of the running kernel: the built-in ones, then those of other modules. */
#ifndef WEIR_KMOD_TYPES_H
#define WEIR_KMOD_TYPES_H

#include <linux/build_bug.h>
#include <linux/rcupdate.h>

#include "../interpreter/templates.h"

struct module;
struct weir_module_type;

/* How many other modules' types there can be at a time. */
#define WEIR_TYPES_EXTRA 8u
/* Every type has a slot, which stays the same while it is there; weir_types[] fills the first. */
#define WEIR_NSLOTS (WEIR_NTYPES + WEIR_TYPES_EXTRA)
static_assert(WEIR_NSLOTS <= 64, "a bit each in a u64 mask");
static_assert(WEIR_NSLOTS <= WEIR_TYPES_MAX, "content may use them all");

/* Bytes of all enum values of another module's type, each field's text terminated. */
#define WEIR_VALUES_MAX 4096u

/**
 * struct weir_extra - the Template Type of another module
 * @type: points into @field and behind this struct
 * @field: its fields
 * @provided: fields that the module fills
 * @power: verdicts that it carries out, a mask of BIT(enum weir_verdict)
 * @owner: the module; only compared and named
 *
 * A copy of what the module said, never changed; freed a grace period after it left its slot.
 */
struct weir_extra {
	struct weir_type type;
	struct weir_field field[WEIR_ARITY_MAX];
	u64 provided;
	u32 power;
	struct module *owner;
};

/**
 * struct weir_type_handle - the slot of another module's type
 * @extra: the type, or NULL; written under weir_store.lock
 *
 * Slots are never freed: a handle that is used too late finds nothing.
 */
struct weir_type_handle {
	struct weir_extra __rcu *extra;
};

/**
 * weir_extra_make() - check and copy a description
 * @from: what another module said
 *
 * Context: process context, may sleep.
 * Return: the copy, for kfree(); -EINVAL after saying in the log what is wrong; -ENOMEM.
 */
struct weir_extra *weir_extra_make(const struct weir_module_type *from);

/**
 * weir_types_free_slot() - where a new type can go
 * @x: the type
 *
 * Context: under weir_store.lock.
 * Return: a slot; -EEXIST for a name or id that is taken; -ENOSPC.
 */
int weir_types_free_slot(const struct weir_extra *x);

/**
 * weir_types_set() - fill or empty the slot of another module's type
 * @slot: from weir_types_free_slot()
 * @x: the type, or NULL; what was there before is the caller's again after a grace period
 *
 * Context: under weir_store.lock.
 */
void weir_types_set(u32 slot, struct weir_extra *x);

/**
 * weir_type_handle_at() - the handle of a slot
 * @slot: from WEIR_NTYPES, below WEIR_NSLOTS
 */
struct weir_type_handle *weir_type_handle_at(u32 slot);

/**
 * weir_type_slot() - the slot behind a handle
 * @h: any pointer
 *
 * Return: the slot, or -1 if this is no handle.
 */
int weir_type_slot(const struct weir_type_handle *h);

/**
 * weir_type_at() - the type in a slot
 * @slot: below WEIR_NSLOTS
 *
 * Context: inside an RCU reader as long as the type is looked at, or under weir_store.lock.
 * Return: the type, or NULL if the slot is empty.
 */
const struct weir_type *weir_type_at(u32 slot);

/**
 * weir_type_index() - the slot of a type
 * @id: its id
 *
 * Context: any.
 * Return: the slot, or -1. That of another module's type may have been emptied by then.
 */
int weir_type_index(u32 id);

/**
 * weir_type_id() - the id of the type in a slot
 * @slot: below WEIR_NSLOTS
 *
 * Context: any.
 * Return: the id, or 0 if the slot is empty.
 */
u32 weir_type_id(u32 slot);

/**
 * weir_type_arity() - the arity of the type in a slot
 * @slot: below WEIR_NSLOTS
 *
 * Context: any.
 * Return: the arity, or 0 if the slot is empty.
 */
u32 weir_type_arity(u32 slot);

/**
 * weir_types_count() - how many types there are
 */
u32 weir_types_count(void);

/**
 * weir_types_nth() - the types without the empty slots between them
 * @n: which, from 0
 *
 * Return: its slot, or -1.
 */
int weir_types_nth(u32 n);

/**
 * weir_types_schema() - all types as weir_verify() wants them
 * @out: room for WEIR_NSLOTS of them
 *
 * Return: how many there are.
 */
u32 weir_types_schema(struct weir_schema_type *out);

/**
 * weir_value_fits() - can a field have such a value
 * @f: the field
 * @kind: of the value
 * @len: of a string or an address; else 0
 * @num: of a number; else 0
 */
bool weir_value_fits(const struct weir_field *f, u32 kind, u32 len, u64 num);

/* module_api.c */

/**
 * weir_module_api_init() - watch for modules that go and leave their types behind
 *
 * Return: 0 or a negative errno.
 */
int weir_module_api_init(void);

/**
 * weir_module_api_exit() - the mirror of weir_module_api_init()
 */
void weir_module_api_exit(void);

/**
 * weir_module_api_refused() - events that were not of their type, or came from a wrong context
 */
u64 weir_module_api_refused(void);

#endif
