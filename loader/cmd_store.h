/* SPDX-License-Identifier: GPL-2.0 */
/* What commands of weirctl share about the store. */
#ifndef WEIR_CMD_STORE_H
#define WEIR_CMD_STORE_H

#include "ctl.h"
#include "weirstore.h"

/* Whether there is a store; -1 with a reason. */
int weir_store_there(const char *state, struct weir_refusal *r);

/**
 * weir_store_lock() - keep other loaders away, if there is a store
 * @state: the state folder
 * @fd: set; -1 if there is no store, which is not made; else closing it ends the lock
 * @r: the reason
 */
int weir_store_lock(const char *state, int *fd, struct weir_refusal *r);

/**
 * weir_store_now() - the store comes to have what the kernel trusts and tries in a channel
 * @fd: the device
 * @state: the state folder, locked
 * @channel: number
 * @r: the reason
 */
int weir_store_now(int fd, const char *state, uint32_t channel, struct weir_refusal *r);

/* The same of all channels, and of what the breaker did to their modes. */
int weir_store_all_now(int fd, const char *state, struct weir_refusal *r);

/*
 * The same of a channel, if there is a store, which is locked meanwhile. A @fd below 0 is no
 * device: nothing.
 */
int weir_store_catch_up(int fd, const char *state, uint32_t channel, struct weir_refusal *r);

/* Say of a refusal that what was done is done all the same, until the machine stops. Always -1. */
int weir_not_kept(struct weir_refusal *r);

/* A channel was unloaded: the next boot shall not bring it back. 0, or -1 with a reason. */
int weir_store_forget(const char *state, uint32_t channel, struct weir_refusal *r);

/* The channels of a set, in words and in JSON. */
void weir_put_set(const struct weir_set *s);
json_t *weir_set_json(const struct weir_set *s);

#endif
