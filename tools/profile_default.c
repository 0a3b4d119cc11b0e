// SPDX-License-Identifier: GPL-2.0
/* What is ordinary on a Linux host, for those who have no profile of their own. */
#include <string.h>

#include "profile_default.h"

enum class {
	COMMAND,
	PROGRAM,
	PATH,
	GROUP,
	USER,
	NAME, /* of a program, without its path */
	CLASSES
};

struct line {
	enum class class;
	uint32_t times;
	const char *text;
};

static const struct line lines[] = {
#define WEIR_LINE(class, times, text) { class, times, text },
#include "profile.def"
#undef WEIR_LINE
};

/* What a field holds whose name ends in this; all others hold paths. */
static const struct {
	const char *end;
	enum class class;
} fields[] = {
	{ "CommandLine", COMMAND }, { "Image", PROGRAM }, { "ProcessName", NAME },
	{ "CgroupPath", GROUP },    { "User", USER },	  { "Hostname", USER },
};

/*
 * The same for numbers: the superuser and the first user, who owns programs, their modes, ports
 * that are everywhere. A field that is here has other values as seldom as its last row says.
 */
#define OTHERS UINT64_MAX

static const struct {
	const char *end;
	uint64_t num;
	double rate;
} numbers[] = {
	{ "ImageUserId", 0, 0.95 },   { "ImageUserId", OTHERS, 0.005 },
	{ "UserId", 0, 0.5 },	      { "UserId", 1000, 0.3 },
	{ "UserId", OTHERS, 0.05 },   { "GroupId", 0, 0.5 },
	{ "GroupId", 1000, 0.3 },     { "GroupId", OTHERS, 0.05 },
	{ "LogonId", 0, 0.5 },	      { "LogonId", 1000, 0.3 },
	{ "LogonId", OTHERS, 0.05 },  { "Port", 443, 0.3 },
	{ "Port", 53, 0.3 },	      { "Port", 80, 0.2 },
	{ "Port", 22, 0.1 },	      { "Port", OTHERS, 0.01 },
	{ "ImageMode", 0755, 0.95 },  { "ImageMode", OTHERS, 0.005 },
	{ "Mode", 0644, 0.4 },	      { "Mode", 0755, 0.3 },
	{ "Mode", 0600, 0.2 },	      { "Mode", OTHERS, 0.01 },
	{ "ProcessId", 1, 0.3 },      { "ProcessId", OTHERS, 0.001 },
	{ "Namespace", OTHERS, 0.3 }, { "Nice", WEIR_I64_BIAS, 0.95 },
	{ "Nice", OTHERS, 0.01 },
};

#define RATE_FEW 0.3 /* a value of few, or half the addresses there are */
#define RATE_SMALL 0.05 /* a number that is not above 1023, and a large network */
#define RATE_LARGE 0.002
#define RATE_NETWORK 0.002

static int ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && !strcmp(name + n - m, end);
}

static void count(enum class class, uint32_t *cell, uint32_t *events)
{
	enum class from = class == NAME ? PROGRAM : class;
	const char *text;
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (lines[i].class != from)
			continue;
		text = class == NAME ? strrchr(lines[i].text, '/') + 1 : lines[i].text;
		weir_profile_count(cell, (const uint8_t *)text, strlen(text), lines[i].times);
		*events += lines[i].times;
	}
}

const uint32_t *weir_default_cells(const char *name, double *events)
{
	static uint32_t cell[CLASSES][WEIR_PROFILE_CELLS], all[CLASSES];
	enum class class = PATH;
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (ends_in(name, fields[i].end))
			class = fields[i].class;
	if (!all[class])
		count(class, cell[class], &all[class]);
	*events = all[class];
	return cell[class];
}

double weir_default_number(const struct weir_field *f, uint64_t num)
{
	size_t i;

	if (f->kind == WEIR_KIND_bool || f->kind == WEIR_KIND_enum)
		return RATE_FEW;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (ends_in(f->name, numbers[i].end) &&
		    (numbers[i].num == num || numbers[i].num == OTHERS))
			return numbers[i].rate;
	num -= f->kind == WEIR_KIND_i64 ? WEIR_I64_BIAS : 0;
	if (!num)
		return RATE_FEW;
	return num < 1024 ? RATE_SMALL : RATE_LARGE;
}

/* Hosts talk to their like, in private networks, to one that is known, and to all others seldom. */
double weir_default_network(const uint8_t *literal, uint32_t len)
{
	uint32_t bits = literal[len - 1];

	if (bits < 4)
		return RATE_FEW;
	if (len < 16 &&
	    (literal[0] == 10 || literal[0] == 127 || (literal[0] == 172 && literal[1] >> 4 == 1) ||
	     (literal[0] == 192 && literal[1] == 168)))
		return bits < 24 ? RATE_FEW : RATE_SMALL;
	return bits < 12 ? RATE_SMALL : RATE_NETWORK;
}
