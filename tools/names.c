// SPDX-License-Identifier: GPL-2.0
/* Names of kinds, levels, verdicts and UUIDs. */
#include <stdio.h>
#include <string.h>

#include "templates.h"
#include "weirc.h"

static const char *const kinds[WEIR_KIND_end] = { "none", "string", "u64", "i64",
						  "ip",	  "bool",   "enum" };
static const char *const levels[WEIR_LEVEL_END] = { "none",   "informational", "low",
						    "medium", "high",	       "critical" };
static const char *const verdicts[WEIR_VERDICT_END] = { "none", "alert", "deny", "kill" };

static int find(const char *const *names, int n, const char *name)
{
	int i;

	for (i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

const char *weir_kind_name(uint32_t kind)
{
	return kind < WEIR_KIND_end ? kinds[kind] : "?";
}

const char *weir_level_name(uint32_t level)
{
	return level < WEIR_LEVEL_END ? levels[level] : "?";
}

const char *weir_verdict_name(uint32_t verdict)
{
	return verdict < WEIR_VERDICT_END ? verdicts[verdict] : "?";
}

int weir_kind_number(const char *name)
{
	return find(kinds, WEIR_KIND_end, name);
}

int weir_level_number(const char *name)
{
	return find(levels, WEIR_LEVEL_END, name);
}

int weir_verdict_number(const char *name)
{
	return find(verdicts, WEIR_VERDICT_END, name);
}

void weir_uuid_text(const uint8_t *uuid, char *out)
{
	static const char hex[] = "0123456789abcdef";
	int i;

	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = hex[uuid[i] >> 4];
		*out++ = hex[uuid[i] & 15];
	}
	*out = 0;
}

const char *weir_enum_value(const struct weir_field *f, uint32_t i, size_t *len)
{
	const char *p = f->values;

	if (!*p)
		return NULL;
	for (; i; i--) {
		p = strchr(p, '|');
		if (!p)
			return NULL;
		p++;
	}
	*len = strcspn(p, "|");
	return p;
}

void weir_value_names(const struct weir_field *f, uint64_t mask, char *out, size_t size)
{
	const char *name;
	size_t n = 0, len = 0;
	uint32_t i;

	out[0] = 0;
	for (i = 0; i < WEIR_ENUM_MAX && n < size; i++) {
		name = f ? weir_enum_value(f, i, &len) : NULL;
		if (!(mask >> i & 1) || (f && !name))
			continue;
		n += (size_t)snprintf(out + n, size - n, "%s", n ? ", " : "");
		if (n < size && name)
			n += (size_t)snprintf(out + n, size - n, "%.*s", (int)len, name);
		else if (n < size)
			n += (size_t)snprintf(out + n, size - n, "%u", i);
	}
}
