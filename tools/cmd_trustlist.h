/* SPDX-License-Identifier: GPL-2.0 */
/* A trust list in the making. */
#ifndef WEIR_CMD_TRUSTLIST_H
#define WEIR_CMD_TRUSTLIST_H

#include "weirc.h"
#include "weirlist.h"

struct weir_new_entry {
	uint32_t kind; /* enum weir_list_kind */
	uint32_t channel;
	uint64_t number;
	uint8_t digest[WEIR_DIGEST_SIZE];
};

/* Begins with all members zero; @e and @certs are freed by its owner. */
struct weir_list_work {
	uint64_t version;
	struct weir_new_entry *e; /* in any order, maybe more than once */
	size_t n;
	uint8_t *certs; /* DER, one after the other */
	size_t ncerts; /* bytes */
};

/* Add an entry; @digest is null if it has none. */
void weir_list_add(struct weir_list_work *k, uint32_t kind, uint32_t channel, uint64_t number,
		   const uint8_t *digest);

/*
 * These report the error themselves. Return: 0 or WEIR_EXIT_FAIL.
 */

/* Add the certificate of a file, behind those that are there. */
int weir_list_introduce(struct weir_list_work *k, const char *path);

/* Add all of an older list, its certificates in front; sets the version if it is 0. */
int weir_list_begin(struct weir_list_work *k, const char *path);

/* Write the list in its one encoding. */
int weir_list_write(struct weir_list_work *k, const char *out);

#endif
