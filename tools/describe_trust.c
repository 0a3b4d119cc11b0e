// SPDX-License-Identifier: GPL-2.0
/* A trust list in words. */
#include <inttypes.h>
#include <string.h>

#include "describe_trust.h"
#include "weirc.h"

static const char *const kinds[] = {
	[WEIR_LIST_CONTENT] = "content", [WEIR_LIST_KEY] = "key",
	[WEIR_LIST_BELOW] = "below",	 [WEIR_LIST_VERSION] = "version",
	[WEIR_LIST_SIGNERS] = "signers", [WEIR_LIST_SIGNER] = "signer",
};

static json_t *hex_json(const uint8_t *digest)
{
	char hex[2 * WEIR_DIGEST_SIZE + 1];

	weir_hex(digest, hex);
	return json_string(hex);
}

static json_t *entry_json(const struct weir_list_entry *e)
{
	json_t *o = json_pack("{s:s}", "kind", kinds[e->kind]);

	switch (e->kind) {
	case WEIR_LIST_CONTENT:
		json_object_set_new(o, "digest", hex_json(e->digest));
		return o;
	case WEIR_LIST_KEY:
		json_object_set_new(o, "key", hex_json(e->digest));
		return o;
	}
	json_object_set_new(o, "channel", json_integer(e->channel));
	switch (e->kind) {
	case WEIR_LIST_SIGNERS:
		json_object_set_new(o, "signers", weir_json_u64(e->number));
		break;
	case WEIR_LIST_SIGNER:
		json_object_set_new(o, "key", hex_json(e->digest));
		break;
	default:
		json_object_set_new(o, "version", weir_json_u64(e->number));
	}
	return o;
}

static json_t *cert_json(X509 *x)
{
	uint8_t id[WEIR_DIGEST_SIZE] = { 0 };
	struct weir_refusal r;
	char name[192];

	weir_cert_name(x, name, sizeof(name));
	weir_cert_key(x, id, &r);
	return json_pack("{s:o, s:o}", "name", weir_json_bytes(name, strlen(name)), "key",
			 hex_json(id));
}

/* Up to the first that cannot be read, and what is wrong with that one. */
static json_t *certs_json(struct weir_trustlist l)
{
	STACK_OF(X509) *certs = sk_X509_new_null();
	json_t *list = json_array();
	struct weir_refusal r;
	int i;

	if (certs && weir_list_certs(l, certs, &r))
		json_array_append_new(list, json_pack("{s:s}", "error", r.what));
	for (i = 0; i < sk_X509_num(certs); i++)
		json_array_append_new(list, cert_json(sk_X509_value(certs, i)));
	sk_X509_pop_free(certs, X509_free);
	return list;
}

json_t *weir_describe_trust(const struct weir_list *l)
{
	json_t *entries = json_array();
	struct weir_list_entry e;
	uint32_t i;

	for (i = 0; !weir_trustlist_entry(l->list, i, &e); i++)
		json_array_append_new(entries, entry_json(&e));
	return json_pack("{s:o, s:o, s:b, s:o, s:o}", "version",
			 weir_json_u64(weir_trustlist_version(l->list)), "digest",
			 hex_json(l->digest), "signed", l->parts.sig ? 1 : 0, "entries", entries,
			 "introduces", certs_json(l->list));
}

static const char *text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "?";
}

/* A number, which is a string where JSON has none so large. */
static void put_number(const json_t *v)
{
	if (json_is_string(v))
		fputs(json_string_value(v), stdout);
	else
		printf("%" JSON_INTEGER_FORMAT, json_integer_value(v));
}

static void put_channel(const json_t *o, const char *all)
{
	json_int_t channel = json_integer_value(json_object_get(o, "channel"));

	if (channel)
		printf("  channel %" JSON_INTEGER_FORMAT ": ", channel);
	else
		printf("  %s: ", all);
}

static void print_entry(const json_t *o)
{
	const char *kind = text(o, "kind");

	if (!strcmp(kind, "content")) {
		printf("  content %s must not run\n", text(o, "digest"));
	} else if (!strcmp(kind, "key")) {
		printf("  key %s is revoked\n", text(o, "key"));
	} else if (!strcmp(kind, "signer")) {
		put_channel(o, "trust lists");
		printf("key %s may sign, and no other but those named\n", text(o, "key"));
	} else if (!strcmp(kind, "signers")) {
		put_channel(o, "every channel");
		put_number(json_object_get(o, "signers"));
		puts(" distinct signers are needed");
	} else {
		put_channel(o, "?");
		printf(strcmp(kind, "below") ? "version " : "below version ");
		put_number(json_object_get(o, "version"));
		puts(strcmp(kind, "below") ? " is withdrawn" : " nothing may run");
	}
}

void weir_print_trust(const json_t *o)
{
	json_t *v;
	size_t i;

	fputs("trust list ", stdout);
	put_number(json_object_get(o, "version"));
	printf(", %s\n", json_is_true(json_object_get(o, "signed")) ? "signed" : "not signed");
	json_array_foreach(json_object_get(o, "entries"), i, v)
		print_entry(v);
	json_array_foreach(json_object_get(o, "introduces"), i, v) {
		if (json_object_get(v, "error"))
			printf("  certificates: %s\n", text(v, "error"));
		else
			printf("  introduces %s, key %s\n", text(v, "name"), text(v, "key"));
	}
}
