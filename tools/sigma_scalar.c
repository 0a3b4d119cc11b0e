// SPDX-License-Identifier: GPL-2.0
/* What YAML's scalars and keys mean. */
#include <ctype.h>
#include <string.h>

#include "sigma_yaml.h"

struct weir_yaml *weir_yaml_get(const struct weir_yaml *map, const char *key)
{
	uint32_t i;

	if (!map || map->kind != WEIR_YAML_MAP)
		return NULL;
	for (i = 0; i < map->n; i++)
		if (weir_yaml_is(map->key[i], key))
			return map->item[i];
	return NULL;
}

int weir_yaml_is(const struct weir_yaml *y, const char *text)
{
	return y && y->kind == WEIR_YAML_SCALAR && y->len == strlen(text) &&
	       !memcmp(y->text, text, y->len);
}

const char *weir_yaml_word(const struct weir_yaml *y)
{
	return y->kind == WEIR_YAML_SCALAR && strlen(y->text) == y->len ? y->text : "";
}

static int any_of(const struct weir_yaml *y, const char *const *words)
{
	for (; *words; words++)
		if (weir_yaml_is(y, *words))
			return 1;
	return 0;
}

/* Digits, with a sign, or 0x and 0o. A leading zero is octal to some and decimal to others. */
static enum weir_yaml_scalar integer_type(const struct weir_yaml *y)
{
	const char *s = y->text, *end = s + y->len, *p;
	int sign = *s == '-' || *s == '+';

	s += sign;
	if (s == end)
		return WEIR_YAML_STRING;
	if (!sign && end - s > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'o')) {
		for (p = s + 2; p < end; p++)
			if (s[1] == 'x' ? !isxdigit((unsigned char)*p) : *p < '0' || *p > '7')
				return WEIR_YAML_STRING;
		return WEIR_YAML_INT;
	}
	for (p = s; p < end; p++)
		if (!isdigit((unsigned char)*p))
			return WEIR_YAML_STRING;
	return *s == '0' && end - s > 1 ? WEIR_YAML_UNCLEAR : WEIR_YAML_INT;
}

static int is_float(const struct weir_yaml *y)
{
	static const char *const words[] = { ".inf",  "-.inf", "+.inf", ".nan", ".Inf",
					     "-.Inf", "+.Inf", ".NaN",	".INF", "-.INF",
					     "+.INF", ".NAN",  NULL };
	const char *s = y->text, *end = s + y->len;
	int digits = 0, point = 0, exponent = 0;

	if (any_of(y, words))
		return 1;
	if (s < end && (*s == '-' || *s == '+'))
		s++;
	for (; s < end; s++) {
		if (isdigit((unsigned char)*s))
			digits++;
		else if (*s == '.' && !point && !exponent)
			point = 1;
		else if ((*s == 'e' || *s == 'E') && digits && !exponent)
			exponent = 1;
		else if (!((*s == '-' || *s == '+') && (s[-1] == 'e' || s[-1] == 'E')))
			return 0;
	}
	return digits && (point || exponent) && isdigit((unsigned char)y->text[y->len - 1]);
}

enum weir_yaml_scalar weir_yaml_type(const struct weir_yaml *y)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
	static const char *const bools[] = {
		"true", "True", "TRUE", "false", "False", "FALSE", NULL
	};
	static const char *const old_bools[] = { "yes", "Yes", "YES", "no",  "No",  "NO", "on",
						 "On",	"ON",  "off", "Off", "OFF", NULL };
	enum weir_yaml_scalar type;

	if (!y->plain)
		return WEIR_YAML_STRING;
	if (any_of(y, nulls))
		return WEIR_YAML_NULL;
	if (any_of(y, bools))
		return WEIR_YAML_BOOL;
	if (any_of(y, old_bools))
		return WEIR_YAML_UNCLEAR;
	type = integer_type(y);
	if (type != WEIR_YAML_STRING)
		return type;
	return is_float(y) ? WEIR_YAML_FLOAT : WEIR_YAML_STRING;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

int weir_yaml_int(const struct weir_yaml *y, int *negative, uint64_t *value)
{
	const char *s = y->text, *end = s + y->len;
	unsigned int base = 10;
	uint64_t v = 0;

	*negative = s < end && *s == '-';
	if (s < end && (*s == '-' || *s == '+'))
		s++;
	if (end - s > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X' || s[1] == 'o')) {
		base = s[1] == 'o' ? 8 : 16;
		s += 2;
	}
	if (s == end || (base == 10 && *s == '0' && end - s > 1))
		return -1;
	for (; s < end; s++) {
		unsigned int d = digit_value(*s);

		if (d >= base || __builtin_mul_overflow(v, base, &v) ||
		    __builtin_add_overflow(v, d, &v))
			return -1;
	}
	*value = v;
	return 0;
}
