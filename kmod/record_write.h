/* SPDX-License-Identifier: GPL-2.0 */
/* What the store has to say, as records. */
#ifndef WEIR_KMOD_RECORD_WRITE_H
#define WEIR_KMOD_RECORD_WRITE_H

#include <linux/nospec.h>

#include "content.h"
#include "event.h"
#include "records.h"

/**
 * struct weir_fates - what comes of each verdict on an event, in a channel
 * @flags: WEIR_RECF_, by enum weir_verdict
 */
struct weir_fates {
	u32 flags[WEIR_VERDICT_END];
};

/**
 * weir_fate() - look up what comes of a verdict
 * @f: the fates
 * @verdict: as content has it: may be anything
 */
static inline u32 weir_fate(const struct weir_fates *f, u32 verdict)
{
	return verdict < WEIR_VERDICT_END ? f->flags[array_index_nospec(verdict, WEIR_VERDICT_END)]
					  : 0;
}

/**
 * weir_record_match() - an instance matched an event; also fires the tracepoint
 * @ct: the content
 * @instance: number of the instance
 * @inst: the instance
 * @c: the event, complete
 * @flags: what comes of the instance's verdict, WEIR_RECF_
 *
 * Context: preemption off.
 */
void weir_record_match(const struct weir_content *ct, u32 instance,
		       const struct weir_instance *inst, const struct weir_capture *c, u32 flags);

/**
 * weir_record_failed() - an event was not evaluated to a sound end, in fail-closed mode
 * @ct: the content
 * @c: the event
 * @field: the first that the content reads and that could not be read; or WEIR_NOWHERE
 * @flags: what came of it, WEIR_RECF_
 *
 * Context: preemption off.
 */
void weir_record_failed(const struct weir_content *ct, const struct weir_capture *c, u32 field,
			u32 flags);

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
 * weir_record_break() - content passed a limit of the breaker
 * @ct: the content
 * @type: Template Type id of the event
 * @why: the limit
 * @pid: who caused the event
 *
 * Context: preemption off.
 */
void weir_record_break(const struct weir_content *ct, u32 type, const struct weir_break *why,
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
