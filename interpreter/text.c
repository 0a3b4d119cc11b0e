// SPDX-License-Identifier: GPL-2.0
/* Words for error codes and sections: one table for the compiler, the loader and the kernel. */
#include "weir.h"

static const char *const codes[] = {
#define WEIR_E(name, text) text,
#include "errors.def"
#undef WEIR_E
};

static const char *const sections[] = {
	"header",
	"text",
	"types",
	"kinds",
	"instances",
	"nodes",
	"criteria",
	"literals",
	"numbers",
	"pool",
	"dfas",
	"dfa data",
	"probes",
	"filters",
	"entries",
	"wakes",
	"samples",
	"sample values",
	"sample expectations",
	"sample data",
};

_Static_assert(sizeof(codes) / sizeof(codes[0]) == WEIR_E_END, "a text for every code");
_Static_assert(sizeof(sections) / sizeof(sections[0]) == WEIR_SEC_END, "a name for every section");

const char *weir_strerror(u32 code)
{
	return code < WEIR_E_END ? codes[weir_nospec(code, WEIR_E_END)] : "unknown error";
}

const char *weir_section_name(u32 section)
{
	return section < WEIR_SEC_END ? sections[weir_nospec(section, WEIR_SEC_END)] : "none";
}
