/* SPDX-License-Identifier: GPL-2.0 */
/* What root set in the kernel and a boot brings back: modes, limits, exempt executables. */
#ifndef WEIR_SETTINGS_H
#define WEIR_SETTINGS_H

#include "ctl.h"

/**
 * weir_settings_read() - what is on disk
 * @state: the state folder
 * @out: set on success, empty if there is nothing; the caller drops it
 * @r: the reason
 */
int weir_settings_read(const char *state, json_t **out, struct weir_refusal *r);

/**
 * weir_settings_set() - after the next boot it shall be so
 * @state: the state folder, locked
 * @channel: null: it is not of a channel
 * @name: what was set
 * @value: to what; null: it is not set any more; the caller keeps it
 * @r: the reason
 */
int weir_settings_set(const char *state, const uint32_t *channel, const char *name, json_t *value,
		      struct weir_refusal *r);

/* A channel was unloaded, or content took part in a boot that did not end well: no mode is kept. */
int weir_settings_forget(const char *state, uint32_t channel, struct weir_refusal *r);
int weir_settings_forget_modes(const char *state, struct weir_refusal *r);

/* A mode as it is kept. */
json_t *weir_settings_mode(uint32_t mode, uint32_t flags);

/**
 * weir_settings_apply() - set a channel in the kernel to what is kept
 * @fd: the device
 * @settings: from weir_settings_read()
 * @channel: number
 * @enforce: its mode as well
 * @r: the reason
 */
int weir_settings_apply(int fd, const json_t *settings, uint32_t channel, int enforce,
			struct weir_refusal *r);

/* The same of exempt executables. */
int weir_settings_exempt(int fd, const json_t *settings, struct weir_refusal *r);

#endif
