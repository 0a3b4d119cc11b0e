/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libweirload's other half: the control device and its records. Returns as weirload.h says.
 */
#ifndef WEIR_DEVICE_H
#define WEIR_DEVICE_H

#include "weirload.h"
#include "uapi/weir_decision.h"

/**
 * weir_dev_open() - open the control device
 * @path: its name
 * @write: for writing too
 * @fd: set on success
 * @r: the reason
 */
WEIR_API int weir_dev_open(const char *path, int write, int *fd, struct weir_refusal *r);

/* The ioctls; each fills in size itself. */
WEIR_API int weir_dev_info(int fd, struct weir_u_info *out, struct weir_refusal *r);
WEIR_API int weir_dev_channel(int fd, uint32_t index, struct weir_u_channel *out,
			      struct weir_refusal *r);
WEIR_API int weir_dev_trials(int fd, uint32_t index, struct weir_u_trials *out,
			     struct weir_refusal *r);
WEIR_API int weir_dev_breaker(int fd, uint32_t index, struct weir_u_breaker *out,
			      struct weir_refusal *r);
WEIR_API int weir_dev_limits(int fd, uint32_t channel, const struct weir_u_limits *limits,
			     struct weir_refusal *r);
WEIR_API int weir_dev_type(int fd, uint32_t index, struct weir_u_type *out, struct weir_refusal *r);
WEIR_API int weir_dev_instance(int fd, uint32_t channel, uint32_t slot, uint32_t index,
			       struct weir_u_instance *out, struct weir_refusal *r);
WEIR_API int weir_dev_submit(int fd, const struct weir_blob *file, const struct weir_view *v,
			     const struct weir_live *live, struct weir_u_submit *out,
			     struct weir_refusal *r);
WEIR_API int weir_dev_activate(int fd, uint32_t channel, uint64_t version,
			       const struct weir_live *live, struct weir_refusal *r);
WEIR_API int weir_dev_stage(int fd, struct weir_u_stage *s, const struct weir_live *live,
			    struct weir_refusal *r);
WEIR_API int weir_dev_rollback(int fd, uint32_t channel, uint64_t version,
			       const struct weir_live *live, struct weir_refusal *r);
WEIR_API int weir_dev_unload(int fd, uint32_t channel, struct weir_refusal *r);
WEIR_API int weir_dev_mode(int fd, uint32_t channel, uint32_t mode, uint32_t flags,
			   struct weir_refusal *r);
WEIR_API int weir_dev_hook(int fd, uint32_t index, struct weir_u_hook *out, struct weir_refusal *r);

/**
 * weir_dev_trust() - hand over a signed trust list
 * @fd: the device
 * @file: the list
 * @version: set to its version on success
 * @r: the reason
 */
WEIR_API int weir_dev_trust(int fd, const struct weir_blob *file, uint64_t *version,
			    struct weir_refusal *r);

/**
 * weir_dev_trusted() - the list in force, and a key
 * @fd: the device
 * @index: number of the key
 * @out: filled
 * @r: the reason
 *
 * Return: 1, 0 past the last key, or -1.
 */
WEIR_API int weir_dev_trusted(int fd, uint32_t index, struct weir_u_trusted *out,
			      struct weir_refusal *r);

/**
 * weir_dev_prove() - tell the kernel that the function of a hook has run
 * @fd: the device
 * @h: the hook, as it was before the function ran
 * @r: the reason
 *
 * Return: 0 if it fired, EIO if it is silent, ESTALE if it was disarmed since, or -1 with a reason.
 */
WEIR_API int weir_dev_prove(int fd, const struct weir_u_hook *h, struct weir_refusal *r);

/**
 * weir_dev_exempt() - replace the list of exempt executables
 * @fd: the device
 * @paths: absolute paths, then a null pointer
 * @r: the reason, with the path that it is about
 */
WEIR_API int weir_dev_exempt(int fd, char *const *paths, struct weir_refusal *r);

/**
 * weir_dev_exempted() - an entry of that list
 * @fd: the device
 * @index: which
 * @out: filled
 * @r: the reason
 *
 * Return: 1 with an entry, 0 past the end, -1 with a reason.
 */
WEIR_API int weir_dev_exempted(int fd, uint32_t index, struct weir_u_exempted *out,
			       struct weir_refusal *r);

/**
 * weir_dev_values() - what the values of an enum field are called
 * @fd: the device
 * @type: Template Type id
 * @field: the field's number
 * @out: filled on success
 * @r: the reason
 */
WEIR_API int weir_dev_values(int fd, uint32_t type, uint32_t field, struct weir_u_values *out,
			     struct weir_refusal *r);

/**
 * weir_dev_replay() - evaluate an event in the kernel's interpreter
 * @fd: the device
 * @channel: channel number
 * @slot: enum weir_u_slot
 * @e: the event
 * @match: room for instance numbers
 * @cap: how many
 * @out: what the kernel answered; nmatch may be above @cap
 * @r: the reason
 */
WEIR_API int weir_dev_replay(int fd, uint32_t channel, uint32_t slot, const struct weir_event *e,
			     uint32_t *match, uint32_t cap, struct weir_u_replay *out,
			     struct weir_refusal *r);

/**
 * weir_dev_names() - give the kernel the host's table of user ids and names
 * @fd: the device
 * @count: set to the number of names
 * @r: the reason
 */
WEIR_API int weir_dev_names(int fd, uint32_t *count, struct weir_refusal *r);

/**
 * weir_dev_find() - a channel's state by its number
 * @fd: the device
 * @channel: channel number
 * @out: filled on success
 * @r: the reason
 */
WEIR_API int weir_dev_find(int fd, uint32_t channel, struct weir_u_channel *out,
			   struct weir_refusal *r);

/**
 * weir_dev_decision() - a decision that the kernel keeps
 * @fd: the device
 * @number: the least that is wanted
 * @out: filled; id and last without a decision, too
 * @r: the reason
 *
 * Return: 1 with a decision, 0 if there is none from there on, -1 with a reason.
 */
WEIR_API int weir_dev_decision(int fd, uint64_t number, struct weir_u_decision *out,
			       struct weir_refusal *r);

/* One field of a record; the bytes lie in the record's buffer. */
struct weir_record_field {
	uint32_t field;
	uint32_t kind;
	const uint8_t *p;
	uint32_t n;
	uint64_t num;
};

struct weir_record {
	struct weir_u_record head;
	struct weir_record_field field[WEIR_ARITY_MAX + 1];
	uint32_t nfields; /* without the title */
	const uint8_t *title;
	uint32_t ntitle;
};

/**
 * weir_record_next() - take one record out of what read() gave
 * @p: address of the position, moved on
 * @end: where the bytes end
 * @out: filled on success; points into the bytes
 * @r: the reason
 *
 * Return: 1 with a record, 0 at the end, -1 with a reason if the bytes are no record.
 */
WEIR_API int weir_record_next(const uint8_t **p, const uint8_t *end, struct weir_record *out,
			      struct weir_refusal *r);

#endif
