/* SPDX-License-Identifier: GPL-2.0 */
/* The tracepoint weir:weir_match, for perf, ftrace and bpftrace. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM weir

#if !defined(WEIR_KMOD_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define WEIR_KMOD_TRACE_H

#include <linux/tracepoint.h>

#include "../interpreter/weir.h"

/* The formatter does not know the language of trace events. */
/* clang-format off */
/*
 * No text of the content is part of it: the UUID names the instance, and whoever reads a trace on a
 * terminal is not exposed to a title.
 */
TRACE_EVENT(weir_match,
	TP_PROTO(u32 channel, u64 version, u32 instance, const struct weir_instance *inst,
		 pid_t pid),
	TP_ARGS(channel, version, instance, inst, pid),
	TP_STRUCT__entry(
		__field(u64, version)
		__field(u32, channel)
		__field(u32, type)
		__field(u32, instance)
		__field(u32, verdict)
		__field(u32, level)
		__field(pid_t, pid)
		__array(u8, uuid, 16)
	),
	TP_fast_assign(
		__entry->version = version;
		__entry->channel = channel;
		__entry->type = inst->type;
		__entry->instance = instance;
		__entry->verdict = inst->action;
		__entry->level = inst->level;
		__entry->pid = pid;
		memcpy(__entry->uuid, inst->uuid, sizeof(inst->uuid));
	),
	TP_printk("channel=%u version=%llu type=%u instance=%u uuid=%pUb verdict=%u level=%u tgid=%d",
		  __entry->channel, __entry->version, __entry->type, __entry->instance,
		  __entry->uuid, __entry->verdict, __entry->level, __entry->pid)
);
/* clang-format on */

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE weir_trace
#include <trace/define_trace.h>
