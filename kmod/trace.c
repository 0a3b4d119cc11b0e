// SPDX-License-Identifier: GPL-2.0
/* The one place where the tracepoint comes to be. */
#define CREATE_TRACE_POINTS
#include "weir_trace.h"
