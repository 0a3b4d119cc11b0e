// SPDX-License-Identifier: GPL-2.0
/* A channel file that passed, in words and in JSON. */
#include <inttypes.h>
#include <string.h>

#include "ctl.h"

json_t *weir_checked_json(const struct weir_checked *k)
{
	json_t *signers = json_array(), *o;
	uint32_t i;

	for (i = 0; i < k->signers.n; i++) {
		const char *name = k->signers.name[i];

		json_array_append_new(signers, weir_json_bytes(name, strlen(name)));
	}
	o = json_object();
	json_object_set_new(o, "channel", json_integer(k->about.channel));
	json_object_set_new(o, "name", weir_json_bytes(k->about.name, k->about.name_len));
	json_object_set_new(o, "version", weir_json_u64(k->about.version));
	json_object_set_new(o, "created", weir_json_u64(k->about.created));
	json_object_set_new(o, "bytes", json_integer(k->parts.ncontent));
	json_object_set_new(o, "instances", json_integer(k->view.ninsts));
	json_object_set_new(o, "samples", json_integer(k->view.nsamples));
	json_object_set_new(o, "cost", weir_json_u64(k->about.cost));
	json_object_set_new(o, "floor", weir_json_u64(k->disk.version));
	json_object_set_new(o, "signers", signers);
	return o;
}

void weir_put_checked(const struct weir_checked *k)
{
	uint32_t i;

	printf("channel %" PRIu32 " \"", k->about.channel);
	weir_put_quoted(stdout, k->about.name, k->about.name_len);
	printf("\" version %" PRIu64 ": %" PRIu32 " instance%s, %" PRIu32
	       " sample event%s, signed by ",
	       k->about.version, k->view.ninsts, k->view.ninsts == 1 ? "" : "s", k->view.nsamples,
	       k->view.nsamples == 1 ? "" : "s");
	for (i = 0; i < k->signers.n; i++) {
		fputs(i ? " and " : "", stdout);
		weir_put_quoted(stdout, k->signers.name[i], strlen(k->signers.name[i]));
	}
}
