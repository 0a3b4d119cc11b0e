// SPDX-License-Identifier: GPL-2.0
/* JSON values to the kinds of fields. Each function returns a null pointer or what is wrong. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "events_value.h"

/* A string without NUL in it, or null. */
static const char *plain(const json_t *v)
{
	const char *s = json_string_value(v);

	return s && strlen(s) == json_string_length(v) ? s : NULL;
}

/* Decimal, or hexadecimal behind 0x; 0 on success. */
static int digits(const char *s, uint64_t *out)
{
	int hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	const char *set = hex ? "0123456789abcdefABCDEF" : "0123456789";
	char *end;

	s += hex ? 2 : 0;
	if (!*s || strspn(s, set) != strlen(s))
		return -1;
	errno = 0;
	*out = strtoull(s, &end, hex ? 16 : 10);
	return errno || *end ? -1 : 0;
}

/* Sign and magnitude of a JSON number, boolean or text; 0 on success. */
static int integer(const json_t *v, int *negative, uint64_t *out)
{
	const char *s = plain(v);

	*negative = 0;
	if (json_is_boolean(v)) {
		*out = json_is_true(v);
		return 0;
	}
	if (json_is_integer(v)) {
		*negative = json_integer_value(v) < 0;
		*out = (uint64_t)json_integer_value(v);
		*out = *negative ? -*out : *out;
		return 0;
	}
	if (!s)
		return -1;
	*negative = *s == '-';
	return digits(s + *negative, out);
}

static const char *to_u64(const json_t *v, struct weir_value *out)
{
	int negative;

	if (integer(v, &negative, &out->num) || (negative && out->num))
		return "is no whole number from 0 to 18446744073709551615";
	return NULL;
}

static const char *to_i64(const json_t *v, struct weir_value *out)
{
	int negative;
	uint64_t n;

	if (integer(v, &negative, &n) || n > INT64_MAX + (uint64_t)negative)
		return "is no whole number that fits 64 bits with a sign";
	out->num = (negative ? -n : n) ^ WEIR_I64_BIAS;
	return NULL;
}

static const char *to_bool(const json_t *v, struct weir_value *out)
{
	const char *s = plain(v);
	int negative;

	if (s && (!strcasecmp(s, "true") || !strcasecmp(s, "false"))) {
		out->num = s[0] == 't' || s[0] == 'T';
		return NULL;
	}
	if (integer(v, &negative, &out->num) || negative || out->num > 1)
		return "is neither true nor false";
	return NULL;
}

static const char *to_enum(const json_t *v, const struct weir_field *f, struct weir_value *out)
{
	const char *s = plain(v), *name = f->values;
	uint64_t i;
	size_t len;

	if (!s)
		return "is not the name of one of the field's values";
	for (i = 0; *name; i++) {
		len = strcspn(name, "|");
		if (strlen(s) == len && !strncasecmp(s, name, len)) {
			out->num = i;
			return NULL;
		}
		name += len + (name[len] == '|');
	}
	return "is not one of the field's values";
}

static const char *to_ip(const json_t *v, uint8_t *room, struct weir_value *out)
{
	const char *s = plain(v);

	if (s && inet_pton(AF_INET, s, room) == 1)
		out->len = 4;
	else if (s && inet_pton(AF_INET6, s, room) == 1)
		out->len = 16;
	else
		return "is no IPv4 or IPv6 address";
	out->ptr = room;
	return NULL;
}

static const char *to_string(const json_t *v, uint8_t *room, size_t n, struct weir_value *out)
{
	int len;

	if (json_is_string(v)) {
		if (json_string_length(v) > WEIR_VALUE_MAX)
			return "is longer than the 8192 bytes of a value";
		out->ptr = (const uint8_t *)json_string_value(v);
		out->len = (uint32_t)json_string_length(v);
		return NULL;
	}
	if (json_is_integer(v))
		len = snprintf((char *)room, n, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_boolean(v))
		len = snprintf((char *)room, n, "%s", json_is_true(v) ? "true" : "false");
	else if (json_is_real(v))
		len = (int)json_dumpb(v, (char *)room, n, JSON_ENCODE_ANY);
	else
		return "is neither a string, a number nor a boolean";
	out->ptr = room;
	out->len = (uint32_t)len;
	return NULL;
}

_Static_assert(WEIR_VALUE_MAX == 8192, "the message above names the limit");

const char *weir_input_value(const json_t *v, const struct weir_field *f, uint8_t *room, size_t n,
			     struct weir_value *out)
{
	memset(out, 0, sizeof(*out));
	if (json_is_null(v))
		return NULL;
	out->kind = f->kind;
	switch (f->kind) {
	case WEIR_KIND_string:
		return to_string(v, room, n, out);
	case WEIR_KIND_u64:
		return to_u64(v, out);
	case WEIR_KIND_i64:
		return to_i64(v, out);
	case WEIR_KIND_ip:
		return to_ip(v, room, out);
	case WEIR_KIND_bool:
		return to_bool(v, out);
	case WEIR_KIND_enum:
		return to_enum(v, f, out);
	default:
		return "is of a kind that no value has";
	}
}
