/* SPDX-License-Identifier: GPL-2.0 */
/* Records counted for a traffic profile. */
#ifndef WEIR_RECORD_PROFILE_H
#define WEIR_RECORD_PROFILE_H

#include "device.h"
#include "profile.h"

/* The profile, and the event that was counted last: each matching instance makes a record of it. */
struct weir_record_profile {
	struct weir_profile profile;
	uint64_t boottime;
	uint32_t pid;
	uint32_t type;
};

/**
 * weir_record_count() - count the event that a record is about
 * @p: all zero at first; the profile is freed by the caller
 * @types: the Template Types, kept
 * @rec: the record
 *
 * Return: 1, or 0 if it is about none, or about the same as the record before.
 */
int weir_record_count(struct weir_record_profile *p, const struct weir_types *types,
		      const struct weir_record *rec);

#endif
