/* SPDX-License-Identifier: GPL-2.0 */
/* Channel files made by a test itself: one criterion, and as many instances of it as it likes. */
#ifndef WEIR_KUNIT_MADE_CONTENT_H
#define WEIR_KUNIT_MADE_CONTENT_H

#include <linux/types.h>

struct kunit;
struct weir_content;

/**
 * struct weir_recipe - what is in the file
 * @channel: number
 * @version: of the content; also the first 8 bytes of each instance's UUID, and in its title
 * @type: Template Type id
 * @field: the field that all instances look at
 * @equals: the value of it that they match, in lower case
 * @instances: how many, at least 1
 * @action: enum weir_verdict, of all instances; 0 for an alert
 * @indexed: the instances are woken by the index, which knows the first 4 bytes of @equals
 */
struct weir_recipe {
	u32 channel;
	u64 version;
	u32 type;
	u32 field;
	const char *equals;
	u32 instances;
	u8 action;
	bool indexed;
};

/* The title of an instance, given its version. */
#define WEIR_MADE_TITLE "version %016llx"
#define WEIR_MADE_TITLE_LEN 24u

/**
 * weir_make_content() - content that is opened and prepared, but was never verified
 * @test: fails if it cannot be made
 * @recipe: what is in it
 *
 * Return: the content with one reference, as weir_store_offer() wants it.
 */
struct weir_content *weir_make_content(struct kunit *test, const struct weir_recipe *recipe);

#endif
