/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of the store share: a store that runs, content in it, events for it. */
#ifndef WEIR_KUNIT_STORE_BED_H
#define WEIR_KUNIT_STORE_BED_H

#include <kunit/test.h>

#include "../kmod/event.h"
#include "../kmod/store.h"
#include "made_content.h"

/* Room for records. */
#define WEIR_BED_BUFFER 0x20000u

/**
 * weir_bed_start() - a suite's init: an empty ring and an empty store
 * @test: the test
 *
 * Return: 0.
 */
int weir_bed_start(struct kunit *test);

/**
 * weir_bed_stop() - a suite's exit
 * @test: the test
 */
void weir_bed_stop(struct kunit *test);

/* suite_init and suite_exit of tests that need capture points, which take long to set up. */
int weir_bed_capture(struct kunit_suite *suite);
void weir_bed_uncapture(struct kunit_suite *suite);

/**
 * weir_bed_load() - make content and have it evaluated, past both verifiers
 * @test: the test
 * @r: what is in it
 */
void weir_bed_load(struct kunit *test, const struct weir_recipe *r);

/**
 * weir_bed_event() - an event of which all that there is was captured
 * @test: the test
 * @type: Template Type id
 * @arity: values that it carries
 *
 * Return: the event; all its values are absent.
 */
struct weir_capture *weir_bed_event(struct kunit *test, u32 type, u32 arity);

/**
 * weir_bed_set() - give an event a string
 * @c: the event
 * @field: field number
 * @text: the string; not copied
 */
void weir_bed_set(struct weir_capture *c, u32 field, const char *text);

/**
 * weir_bed_deliver() - evaluate an event as a hook would
 * @c: the event
 *
 * Return: the verdict.
 */
u32 weir_bed_deliver(struct weir_capture *c);

/**
 * weir_bed_buffer() - memory for weir_bed_read()
 * @test: the test
 *
 * Return: WEIR_BED_BUFFER bytes.
 */
u8 *weir_bed_buffer(struct kunit *test);

/**
 * weir_bed_read() - read as many records as fit
 * @buf: WEIR_BED_BUFFER bytes
 *
 * Return: as weir_ring_read().
 */
ssize_t weir_bed_read(u8 *buf);

/**
 * weir_bed_state() - a channel as user space would see it
 * @test: the test
 * @index: of the channel
 *
 * Return: its state.
 */
struct weir_u_channel *weir_bed_state(struct kunit *test, u32 index);

#endif
