// SPDX-License-Identifier: GPL-2.0
/* UUIDs and dates of rules. */
#include <ctype.h>
#include <openssl/evp.h>
#include <string.h>

#include "sigma.h"

static int hex(char c)
{
	if (!isxdigit((unsigned char)c))
		return -1;
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

int weir_sigma_uuid(const struct weir_yaml *y, uint8_t *out)
{
	unsigned int i, n = 0;

	if (y->kind != WEIR_YAML_SCALAR || y->len != 36)
		return -1;
	memset(out, 0, 16);
	for (i = 0; i < 36; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (y->text[i] != '-')
				return -1;
			continue;
		}
		if (hex(y->text[i]) < 0)
			return -1;
		out[n / 2] |= hex(y->text[i]) << (n % 2 ? 0 : 4);
		n++;
	}
	return 0;
}

/* Version 5 of RFC 9562: SHA-1 of a name space and a name. */
int weir_sigma_title_uuid(const char *title, uint8_t *out)
{
	static const uint8_t space[16] = { 0x5d, 0x0c, 0x1b, 0x6e, 0x27, 0x8f, 0x4a, 0x52,
					   0x9b, 0x1e, 0x64, 0x30, 0xc7, 0xf1, 0x88, 0xa5 };
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	unsigned int n = 0;
	int made;

	made = c && EVP_DigestInit_ex(c, EVP_sha1(), NULL) == 1 &&
	       EVP_DigestUpdate(c, space, sizeof(space)) == 1 &&
	       EVP_DigestUpdate(c, title, strlen(title)) == 1 &&
	       EVP_DigestFinal_ex(c, digest, &n) == 1;
	EVP_MD_CTX_free(c);
	if (!made)
		return -1;
	memcpy(out, digest, 16);
	out[6] = (out[6] & 0x0f) | 0x50;
	out[8] = (out[8] & 0x3f) | 0x80;
	return 0;
}

static int number(const char *s, int digits)
{
	int v = 0;

	for (; digits--; s++) {
		if (!isdigit((unsigned char)*s))
			return -1;
		v = v * 10 + *s - '0';
	}
	return v;
}

/* Days since 1970-01-01; years begin with March here, so that leap days come last. */
static int64_t days(int y, int m, int d)
{
	int year = m > 2 ? y : y - 1;
	int month = m > 2 ? m - 3 : m + 9;
	int64_t leap = year / 4 - year / 100 + year / 400;

	return 365ll * year + leap + (153 * month + 2) / 5 + d - 1 - 719468;
}

static int month_days(int y, int m)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int leap = (y % 4 == 0 && y % 100) || y % 400 == 0;

	return length[m - 1] + (m == 2 && leap);
}

int64_t weir_sigma_date(const struct weir_yaml *y)
{
	int year, month, day;

	if (y->kind != WEIR_YAML_SCALAR || y->len != 10)
		return -1;
	if (y->text[4] != y->text[7] || (y->text[4] != '-' && y->text[4] != '/'))
		return -1;
	year = number(y->text, 4);
	month = number(y->text + 5, 2);
	day = number(y->text + 8, 2);
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
		return -1;
	return days(year, month, day) * 86400;
}
