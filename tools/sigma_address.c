// SPDX-License-Identifier: GPL-2.0
/* Values of fields that are addresses. */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "sigma.h"

/* "/24" behind an address; the whole address without it. */
static int parse_prefix(const char *s, int max)
{
	int v = 0;

	if (!*s || (*s == '0' && s[1]))
		return -1;
	for (; *s; s++) {
		if (!isdigit((unsigned char)*s))
			return -1;
		v = v * 10 + *s - '0';
		if (v > max)
			return -1;
	}
	return v;
}

/* Are all bits behind the prefix zero? */
static int host_bits_zero(const uint8_t *p, int len, int prefix)
{
	int i;

	for (i = prefix; i < 8 * len; i++)
		if (p[i / 8] >> (7 - i % 8) & 1)
			return 0;
	return 1;
}

const char *weir_sigma_parse_address(struct weir_arena *a, const char *text, int net,
				     struct weir_bytes *out)
{
	const char *slash = net ? strchr(text, '/') : NULL;
	char *address = weir_arena_copy(a, text, slash ? (size_t)(slash - text) : strlen(text));
	uint8_t *p = weir_arena_get(a, 17, 1);
	int len, prefix;

	if (inet_pton(AF_INET, address, p) == 1)
		len = 4;
	else if (inet_pton(AF_INET6, address, p) == 1)
		len = 16;
	else
		return "is an address: write an IPv4 or IPv6 address";
	out->p = p;
	out->n = len;
	if (!net)
		return NULL;
	prefix = slash ? parse_prefix(slash + 1, 8 * len) : 8 * len;
	if (prefix < 0)
		return "has a prefix length that is none";
	if (!host_bits_zero(p, len, prefix))
		return "is no network: bits behind the prefix length are set";
	p[len] = prefix;
	out->n = len + 1;
	return NULL;
}

/* A text pattern that says the same as an IPv4 network: whole leading octets, then anything. */
static const char *octets_to_net(struct weir_sigma *s, const char *text, size_t len)
{
	char address[64];
	unsigned int octets = 0;
	size_t i;

	if (len < 2 || len > 16 || text[len - 1] != '.')
		return NULL;
	for (i = 0; i < len; i++) {
		if (text[i] == '.')
			octets++;
		else if (!isdigit((unsigned char)text[i]))
			return NULL;
	}
	if (octets > 3)
		return NULL;
	memcpy(address, text, len);
	strcpy(address + len, octets == 1 ? "0.0.0" : octets == 2 ? "0.0" : "0");
	return weir_arena_text(weir_sigma_arena(s), "%s/%u", address, 8 * octets);
}

static const char forms[] =
	"is an address: give an address, a network with the modifier cidr, or leading octets as in "
	"10.*; other patterns over its text cannot be compiled";

/* What to parse as a network; null after an error. */
static const char *as_net(struct weir_sigma *s, const struct weir_item *item,
			  const struct weir_yaml *value)
{
	const uint32_t plain = 1u << WEIR_MOD_ALL | 1u << WEIR_MOD_NEQ | 1u << WEIR_MOD_CIDR;
	const uint32_t starts = 1u << WEIR_MOD_STARTSWITH;
	const char *net = NULL, *star = strchr(value->text, '*');
	size_t len = star ? (size_t)(star - value->text) : value->len;

	if (!(item->mods.set & ~plain) && !star && strlen(value->text) == value->len)
		return value->text;
	if (!(item->mods.set & ~(plain | starts)) && *weir_yaml_word(value) &&
	    !weir_has(&item->mods, WEIR_MOD_CIDR) && (!star || !star[1]))
		net = octets_to_net(s, value->text, len);
	if (!net)
		weir_sigma_error(s, value->line, item->name, "%s", forms);
	return net;
}

struct weir_expr *weir_sigma_address(struct weir_sigma *s, const struct weir_item *item,
				     const struct weir_yaml *value)
{
	struct weir_test t = { .type = s->type, .field = item->field, .op = WEIR_OP_CIDR, .n = 1 };
	const char *net, *wrong;

	if (weir_yaml_is(value, "*") && !item->mods.n)
		return weir_sigma_exists(s, item->field);
	net = as_net(s, item, value);
	if (!net)
		return NULL;
	t.lit = weir_arena_get(weir_sigma_arena(s), 1, sizeof(*t.lit));
	if (!weir_has(&item->mods, WEIR_MOD_CIDR) && net == value->text && strchr(net, '/'))
		wrong = "is an address, and this is a network: use the modifier cidr";
	else
		wrong = weir_sigma_parse_address(weir_sigma_arena(s), net, 1, t.lit);
	if (wrong) {
		weir_sigma_error(s, value->line, item->name, "%s (value \"%s\")", wrong,
				 value->text);
		return NULL;
	}
	return weir_program_test(&s->program, &t);
}
