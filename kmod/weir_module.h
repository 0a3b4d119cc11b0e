/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For other kernel modules: a Template Type of their own, and events of it. This header needs no
 * other one of Weir's. Documentation/modules.rst has the rules and an example.
 */
#ifndef WEIR_MODULE_H
#define WEIR_MODULE_H

#include <linux/types.h>

struct module;

/* What a value can be, and what of struct weir_module_value holds it. */
enum weir_module_kind {
	WEIR_MODULE_STRING = 1, /* ptr, len: bytes, not terminated; at most WEIR_MODULE_LEN_MAX */
	WEIR_MODULE_U64, /* num */
	WEIR_MODULE_I64, /* num: the value, cast */
	WEIR_MODULE_IP, /* ptr, len: 4 or 16 bytes in network order */
	WEIR_MODULE_BOOL, /* num: 0 or 1 */
	WEIR_MODULE_ENUM, /* num: position in the field's values */
};

/* What there is to do about an event, weakest first. */
enum weir_module_verdict {
	WEIR_MODULE_NONE,
	WEIR_MODULE_ALERT, /* recorded; nothing is asked of the module */
	WEIR_MODULE_DENY, /* let what is about to happen fail */
	WEIR_MODULE_KILL, /* that, and kill the current process */
};

#define WEIR_MODULE_LEN_MAX 8192u
#define WEIR_MODULE_ARITY_MAX 64u
#define WEIR_MODULE_ID_MIN 1000u
#define WEIR_MODULE_ID_MAX 65535u

/**
 * struct weir_module_field - a field of a Template Type
 * @name: letters, digits and underscores, at most 63, no digit first
 * @kind: enum weir_module_kind
 * @values: of an enum: 1 to 64 names separated by |, numbered from 0; else NULL
 */
struct weir_module_field {
	const char *name;
	u32 kind;
	const char *values;
};

/**
 * struct weir_module_type - a Template Type
 * @name: as a field's; rules name it as the category of their logsource
 * @id: from WEIR_MODULE_ID_MIN to WEIR_MODULE_ID_MAX; the same in all versions of the module
 * @arity: number of @fields, from 1 to WEIR_MODULE_ARITY_MAX
 * @fields: their order is part of what content is compiled for
 * @provided: bit i: events carry field i here; content that reads another one is refused
 * @verdicts: those that the module carries out, of BIT(WEIR_MODULE_DENY) and BIT(WEIR_MODULE_KILL)
 * @owner: THIS_MODULE
 */
struct weir_module_type {
	const char *name;
	u32 id;
	u32 arity;
	const struct weir_module_field *fields;
	u64 provided;
	u32 verdicts;
	struct module *owner;
};

/**
 * struct weir_module_value - a value of an event
 * @ptr: of strings and addresses; kernel memory
 * @num: of the other kinds
 * @len: bytes at @ptr
 * @kind: that of the field, or 0: absent
 */
struct weir_module_value {
	const void *ptr;
	u64 num;
	u32 len;
	u32 kind;
};

struct weir_type_handle;

/**
 * weir_type_register() - make a Template Type known
 * @type: all of it is copied
 *
 * Context: process context, may sleep.
 * Return: a handle for the functions below; or an ERR_PTR(): -EINVAL for a type that breaks a rule,
 * -EEXIST for a name or id that is taken, -ENOSPC when there are as many as can be, -ENOMEM. The
 * kernel's log says what was wrong.
 */
struct weir_type_handle *weir_type_register(const struct weir_module_type *type);

/**
 * weir_type_unregister() - the mirror of weir_type_register()
 * @handle: from weir_type_register(); an ERR_PTR() or NULL is fine
 *
 * Content with instances of the type goes out of all slots. On return no call of
 * weir_type_submit() with the handle looks at its values any more, and there may be no further one.
 *
 * Context: process context, may sleep; not from within weir_type_submit().
 */
void weir_type_unregister(struct weir_type_handle *handle);

/**
 * weir_type_wanted() - which fields active content reads
 * @handle: from weir_type_register()
 *
 * Context: any.
 * Return: a mask of fields; 0: there is nobody to submit events to.
 */
u64 weir_type_wanted(const struct weir_type_handle *handle);

/**
 * weir_type_submit() - have active content look at an event
 * @handle: from weir_type_register()
 * @values: by field number; fields that weir_type_wanted() has not may be absent, but then they are
 *	absent from records as well
 * @n: number of @values, at most the type's arity; the fields after them are absent
 *
 * The event is the current task's. @values and what they point to are read until this returns, and
 * not kept. An event inside another one on the same CPU is counted and not evaluated.
 *
 * Context: a task's, preemptible or not, whatever locks are held but the scheduler's and the
 * console's; not an interrupt's. Does not sleep.
 * Return: the strongest verdict to carry out, enum weir_module_verdict, never one that the type
 * does not have in its @verdicts; or -EINVAL, counted, for values that are not of the type and for
 * a wrong context.
 */
int weir_type_submit(struct weir_type_handle *handle, const struct weir_module_value *values,
		     u32 n);

#endif
