/* SPDX-License-Identifier: GPL-2.0 */
/* What the store has to say, as records. */
#ifndef WEIR_KMOD_RECORD_WRITE_H
#define WEIR_KMOD_RECORD_WRITE_H

#include "content.h"
#include "event.h"
#include "records.h"

/**
 * weir_record_match() - an instance matched an event; also fires the tracepoint
 * @ct: the content
 * @instance: number of the instance
 * @c: the event, complete
 *
 * Context: preemption off.
 */
void weir_record_match(const struct weir_content *ct, u32 instance, const struct weir_capture *c);

/**
 * weir_record_trip() - content is not evaluated any more
 * @ct: the content
 * @type: Template Type id of the event
 * @res: what its evaluation came to
 * @pid: who caused the event
 *
 * Context: preemption off.
 */
void weir_record_trip(const struct weir_content *ct, u32 type, const struct weir_result *res,
		      pid_t pid);

/**
 * weir_record_store() - a channel changed
 * @channel: number
 * @version: of the active content now; 0: none
 *
 * Context: any but a hook.
 */
void weir_record_store(u32 channel, u64 version);

/**
 * weir_record_silent() - a needed hook of a Template Type did not fire when it was made to
 * @type: Template Type id
 *
 * Context: any but a hook.
 */
void weir_record_silent(u32 type);

#endif
