// SPDX-License-Identifier: GPL-2.0
/* weirctl trust: put a trust list in force, or show what is trusted. */
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd_store.h"
#include "describe_trust.h"

/* What the kernel trusts; a failure is told in @r. */
static json_t *kernel_json(int fd, struct weir_refusal *r)
{
	json_t *keys = json_array(), *version = NULL, *k;
	char hex[2 * WEIR_DIGEST_SIZE + 1];
	struct weir_u_trusted t;
	uint32_t i;
	int ret;

	for (i = 0; (ret = weir_dev_trusted(fd, i, &t, r)) > 0; i++) {
		weir_hex(t.key, hex);
		k = json_pack("{s:s, s:o, s:s, s:b}", "key", hex, "name",
			      weir_json_bytes(t.name, strlen(t.name)), "origin",
			      t.origin == WEIR_KEY_BUILT_IN ? "built-in" : "introduced", "revoked",
			      t.revoked);
		json_array_append_new(keys, k);
		if (!version)
			version = weir_json_u64(t.version);
	}
	if (!ret && version)
		return json_pack("{s:o, s:o}", "version", version, "keys", keys);
	if (!ret)
		weir_refuse(r, WEIR_STEP_DEVICE, "DEVICE", NULL, "the kernel trusts no key");
	json_decref(keys);
	json_decref(version);
	return NULL;
}

static void print_kernel(const json_t *o)
{
	const json_t *version = json_object_get(o, "version");
	json_t *k;
	size_t i;

	if (json_is_integer(version) && !json_integer_value(version))
		puts("\nthe kernel has no trust list");
	else if (json_is_integer(version))
		printf("\nthe kernel has trust list %" JSON_INTEGER_FORMAT "\n",
		       json_integer_value(version));
	else
		printf("\nthe kernel has trust list %s\n", json_string_value(version));
	json_array_foreach(json_object_get(o, "keys"), i, k)
		printf("  key %s, %s%s: %s\n", json_string_value(json_object_get(k, "key")),
		       json_string_value(json_object_get(k, "origin")),
		       json_is_true(json_object_get(k, "revoked")) ? ", revoked" : "",
		       json_string_value(json_object_get(k, "name")));
}

/* The list on disk, and what the kernel says, which may be null. Takes over that reference. */
static void put_state(const struct weir_list *l, json_t *kernel)
{
	json_t *o = json_object();

	json_object_set_new(o, "list", l->file.n ? weir_describe_trust(l) : json_null());
	if (kernel)
		json_object_set_new(o, "kernel", kernel);
	if (weir_json) {
		weir_put_json(o);
		return;
	}
	if (l->file.n)
		weir_print_trust(json_object_get(o, "list"));
	else
		puts("no trust list was loaded on this host");
	if (kernel)
		print_kernel(kernel);
	json_decref(o);
}

static int show(const struct weir_options *o)
{
	json_t *kernel = NULL;
	struct weir_refusal r;
	struct weir_list *l;
	int fd;

	if (weir_list_stored(o->state, &l, &r))
		return weir_refused_by(&r);
	if (!o->offline) {
		if (weir_dev_open(o->device, 0, &fd, &r)) {
			weir_list_close(l);
			return weir_refused_by(&r);
		}
		kernel = kernel_json(fd, &r);
		close(fd);
		if (!kernel) {
			weir_list_close(l);
			return weir_refused_by(&r);
		}
	}
	put_state(l, kernel);
	weir_list_close(l);
	return WEIR_EXIT_OK;
}

static int same(const struct weir_list *a, const struct weir_list *b)
{
	return !memcmp(a->digest, b->digest, sizeof(a->digest));
}

/*
 * The kernel first gets what is on disk, which may have introduced those who signed this list. It
 * may have this very list from a run that was cut off before the list was on disk.
 */
static int to_kernel(const struct weir_options *o, const struct weir_list *l,
		     struct weir_refusal *r)
{
	struct weir_u_trusted now;
	uint64_t version;
	int fd, ret;

	if (weir_dev_open(o->device, 1, &fd, r))
		return -1;
	ret = weir_list_hand_over(fd, o->state, r);
	if (!ret)
		ret = weir_dev_trusted(fd, 0, &now, r) > 0 ? 0 : -1;
	if (!ret && memcmp(now.digest, l->digest, sizeof(now.digest)))
		ret = weir_dev_trust(fd, &l->file, &version, r);
	close(fd);
	return ret;
}

/* What the kernel has taken out, and what has taken its place, is so for the next boot, too. */
static int follow(const struct weir_options *o, struct weir_refusal *r)
{
	int fd, ret;

	if (o->offline)
		return 0;
	ret = weir_store_there(o->state, r);
	if (ret <= 0)
		return ret;
	if (weir_dev_open(o->device, 0, &fd, r))
		return weir_not_kept(r);
	ret = weir_store_all_now(fd, o->state, r);
	close(fd);
	return ret ? weir_not_kept(r) : 0;
}

/* Too many asked for, or too many revoked: then this is the last list that this host can get. */
static void warn_of_last(const struct weir_list *l, const struct weir_signers *s)
{
	uint32_t need = weir_trustlist_signers(l->list, 0), left = 0, i;
	struct weir_refusal r;

	for (i = 0; i < s->n; i++)
		left += weir_trustlist_may_sign(l->list, 0, s->key[i]);
	if (left >= need)
		return;
	weir_refuse(&r, WEIR_STEP_TRUST, "SIGNERS", NULL,
		    "of the %u who signed this list, %u may sign the next one, which needs %u: "
		    "make sure that there are others",
		    s->n, left, need);
	weir_warn(&r);
}

static int put_in_force(const struct weir_options *o, const struct weir_list *now,
			const struct weir_list *next, struct weir_refusal *r)
{
	struct weir_check c = {
		.trust = o->trust, .state = o->state, .signers = o->signers, .now = time(NULL)
	};
	struct weir_signers s = { .n = 0 };
	char hex[2 * WEIR_DIGEST_SIZE + 1];

	if (!same(now, next) && weir_list_accept(now, next, &c, &s, r))
		return -1;
	if (!o->offline && to_kernel(o, next, r))
		return -1;
	if (same(now, next))
		return follow(o, r);
	warn_of_last(next, &s);
	if (weir_list_keep(o->state, next, r))
		return -1;
	weir_hex(next->digest, hex);
	weir_journal_note("list", json_pack("{s:o, s:s}", "version",
					    weir_json_u64(weir_trustlist_version(next->list)),
					    "sha256", hex));
	return follow(o, r);
}

static int take_locked(const struct weir_options *o, const char *path, struct weir_refusal *r)
{
	struct weir_list *now, *next;
	int ret;

	if (weir_list_open(path, &next, r))
		return -1;
	ret = weir_list_stored(o->state, &now, r);
	if (!ret) {
		ret = put_in_force(o, now, next, r);
		weir_list_close(now);
	}
	weir_list_close(next);
	if (ret && !r->file[0])
		snprintf(r->file, sizeof(r->file), "%s", path);
	return ret;
}

static int take(const struct weir_options *o, const char *path)
{
	struct weir_refusal r;
	int lock, ret;

	if (weir_floor_lock(o->state, &lock, &r))
		return weir_refused_by(&r);
	ret = take_locked(o, path, &r);
	close(lock);
	return ret ? weir_refused_by(&r) : show(o);
}

int weir_ctl_trust(const struct weir_options *o, char **argv)
{
	if (argv[0] && argv[1])
		return weir_usage("trust", "trust takes one FILE, or none");
	return argv[0] ? take(o, argv[0]) : show(o);
}
