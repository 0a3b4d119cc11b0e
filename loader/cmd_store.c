// SPDX-License-Identifier: GPL-2.0
/* weirctl store: what there is on disk, and what of it stays. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd_store.h"

int weir_store_there(const char *state, struct weir_refusal *r)
{
	char *path;
	int there;

	if (asprintf(&path, "%s/store", state) < 0)
		return weir_refuse(r, WEIR_STEP_STATE, "IO", NULL, "no memory");
	there = !access(path, F_OK) || errno != ENOENT;
	free(path);
	return there;
}

int weir_store_lock(const char *state, int *fd, struct weir_refusal *r)
{
	int there = weir_store_there(state, r);

	*fd = -1;
	return there > 0 ? weir_floor_lock(state, fd, r) : there;
}

int weir_store_forget(const char *state, uint32_t channel, struct weir_refusal *r)
{
	char why[sizeof(r->what)];
	int fd, ret;

	if (weir_store_lock(state, &fd, r))
		goto err;
	if (fd < 0)
		return 0;
	ret = weir_store_unload(state, channel, r);
	close(fd);
	if (!ret)
		return 0;
err:
	memcpy(why, r->what, sizeof(why));
	snprintf(r->what, sizeof(r->what),
		 "the channel is unloaded, but the store has it for the next boot: %.500s", why);
	return -1;
}

static json_t *digest_json(const uint8_t *digest)
{
	char text[2 * WEIR_DIGEST_SIZE + 1];

	weir_hex(digest, text);
	return json_string(text);
}

static json_t *entry_json(const struct weir_entry *e)
{
	json_t *o = json_object(), *schema = json_object();
	char id[16], fingerprint[20];
	uint32_t i;

	for (i = 0; i < e->ntypes; i++) {
		snprintf(id, sizeof(id), "%" PRIu32, e->type[i].id);
		snprintf(fingerprint, sizeof(fingerprint), "%016" PRIx64, e->type[i].fingerprint);
		json_object_set_new(schema, id, json_string(fingerprint));
	}
	json_object_set_new(o, "channel", json_integer(e->channel));
	json_object_set_new(o, "version", weir_json_u64(e->version));
	json_object_set_new(o, "stage", json_string(e->stage));
	json_object_set_new(o, "object", digest_json(e->object));
	json_object_set_new(o, "content", digest_json(e->content));
	json_object_set_new(o, "schema", schema);
	return o;
}

json_t *weir_set_json(const struct weir_set *s)
{
	json_t *list = json_array();
	uint32_t i;

	for (i = 0; i < s->n; i++)
		json_array_append_new(list, entry_json(&s->entry[i]));
	return list;
}

void weir_put_set(const struct weir_set *s)
{
	uint32_t i;

	for (i = 0; i < s->n; i++)
		printf("%schannel %" PRIu32 " version %" PRIu64, i ? ", " : "", s->entry[i].channel,
		       s->entry[i].version);
	if (!s->n)
		fputs("no content", stdout);
}

/* Names that lead to generations. */
struct names {
	const char *state;
	uint64_t current, good;
	struct weir_trying trying;
};

static int read_names(const char *state, struct names *out, struct weir_refusal *r)
{
	out->state = state;
	if (weir_store_pointer(state, "current", &out->current, r) ||
	    weir_store_pointer(state, "good", &out->good, r))
		return -1;
	return weir_store_marker(state, &out->trying, r);
}

static void put_generation(const struct names *n, const struct weir_generation *g,
			   const struct weir_refusal *damage)
{
	printf("%10" PRIu64 "  ", g->number);
	if (damage)
		printf("damaged: %s", damage->what);
	else
		printf("%4" PRIu64 "  %-9s  ", g->from, g->why);
	if (!damage)
		weir_put_set(&g->set);
	if (g->number == n->current)
		fputs("; current", stdout);
	if (g->number == n->good)
		fputs("; good", stdout);
	if (weir_store_kept(n->state, g->number))
		fputs("; kept", stdout);
	putchar('\n');
}

static json_t *generation_json(const struct names *n, const struct weir_generation *g,
			       const struct weir_refusal *damage)
{
	json_t *o = json_object();

	json_object_set_new(o, "number", weir_json_u64(g->number));
	json_object_set_new(o, "from", weir_json_u64(g->from));
	json_object_set_new(o, "why", json_string(g->why));
	json_object_set_new(o, "current", json_boolean(g->number == n->current));
	json_object_set_new(o, "good", json_boolean(g->number == n->good));
	json_object_set_new(o, "kept", json_boolean(weir_store_kept(n->state, g->number)));
	json_object_set_new(o, "damaged", damage ? json_string(damage->what) : json_null());
	json_object_set_new(o, "content", weir_set_json(&g->set));
	return o;
}

static json_t *trying_json(const struct weir_trying *t)
{
	json_t *o;

	if (!t->boot[0])
		return json_null();
	o = json_object();
	json_object_set_new(o, "boot", json_string(t->boot));
	json_object_set_new(o, "generation", weir_json_u64(t->generation));
	json_object_set_new(o, "attempt", json_integer(t->attempt));
	json_object_set_new(o, "content", weir_set_json(&t->set));
	return o;
}

static void put_trying(const struct weir_trying *t)
{
	if (t->generation)
		printf("boot %s came up with generation %" PRIu64 ", and is not settled\n", t->boot,
		       t->generation);
	if (t->set.n) {
		fputs("on trial: ", stdout);
		weir_put_set(&t->set);
		putchar('\n');
	}
}

static int list(const struct weir_options *o, char **argv, struct weir_refusal *r)
{
	json_t *all = json_array(), *answer;
	struct weir_generation g;
	struct weir_refusal damage;
	uint64_t *number;
	struct names n;
	size_t i, count;
	int bad;

	(void)argv;
	if (read_names(o->state, &n, r) || weir_store_numbers(o->state, &number, &count, r)) {
		json_decref(all);
		return -1;
	}
	if (!weir_json)
		puts("GENERATION  FROM  WHY        CONTENT");
	for (i = 0; i < count; i++) {
		bad = weir_store_read(o->state, number[i], &g, &damage) ||
		      weir_store_whole(o->state, &g.set, &damage);
		g.number = number[i];
		if (weir_json)
			json_array_append_new(all, generation_json(&n, &g, bad ? &damage : NULL));
		else
			put_generation(&n, &g, bad ? &damage : NULL);
	}
	free(number);
	if (!weir_json)
		put_trying(&n.trying);
	answer = json_object();
	json_object_set_new(answer, "generations", all);
	json_object_set_new(answer, "trying", trying_json(&n.trying));
	weir_answer(answer);
	return 0;
}

static int check_one(const char *state, uint64_t number, struct weir_refusal *r)
{
	struct weir_generation g;

	return weir_store_read(state, number, &g, r) || weir_store_whole(state, &g.set, r);
}

/* What a boot would take first. */
static int verify(const struct weir_options *o, char **argv, struct weir_refusal *r)
{
	uint64_t *number;
	struct names n;
	size_t i, count;
	int ret;

	(void)argv;
	if (read_names(o->state, &n, r) || check_one(o->state, n.current, r) ||
	    check_one(o->state, n.good, r) || weir_store_whole(o->state, &n.trying.set, r) ||
	    weir_store_numbers(o->state, &number, &count, r))
		return -1;
	for (i = count, ret = 0; i && !ret; i--)
		ret = check_one(o->state, number[i - 1], r);
	free(number);
	if (ret)
		return -1;
	if (weir_json)
		weir_put_json(json_pack("{s:I, s:o}", "generations", (json_int_t)count, "current",
					weir_json_u64(n.current)));
	else
		printf("%zu generations are whole\n", count);
	return 0;
}

/* Says what went, here and in the journal. Of gc @digest is null. */
static int removed(const struct weir_removed *rm, const char *digest)
{
	json_t *o = json_object(), *line;

	json_object_set_new(o, "generations", json_integer(rm->generations));
	json_object_set_new(o, "objects", json_integer(rm->objects));
	json_object_set_new(o, "leftovers", json_integer(rm->leftovers));
	line = json_copy(o);
	if (digest)
		json_object_set_new(line, "sha256", json_string(digest));
	weir_journal_note(digest ? "store-purge" : "store-gc", line);
	weir_answer(o);
	if (!weir_json)
		printf("removed: %" PRIu32 " generations, %" PRIu32 " objects, %" PRIu32
		       " leftovers\n",
		       rm->generations, rm->objects, rm->leftovers);
	return 0;
}

static int gc(const struct weir_options *o, char **argv, struct weir_refusal *r)
{
	struct weir_removed rm;

	(void)argv;
	return weir_store_gc(o->state, o->keep, &rm, r) ? -1 : removed(&rm, NULL);
}

static int purge(const struct weir_options *o, char **argv, struct weir_refusal *r)
{
	uint8_t digest[WEIR_DIGEST_SIZE];
	struct weir_removed rm;

	if (strspn(argv[0], "0123456789abcdef") != 2 * WEIR_DIGEST_SIZE ||
	    strlen(argv[0]) != 2 * WEIR_DIGEST_SIZE || weir_unhex(argv[0], digest))
		return weir_usage("store", "\"%s\" is no SHA-256", argv[0]);
	return weir_store_purge(o->state, digest, &rm, r) ? -1 : removed(&rm, argv[0]);
}

/* What rollback, keep and unkeep answer, and what the journal has. */
static int answer(const char *op, uint64_t number, const char *what)
{
	json_t *o = json_object();

	weir_journal_note(op, json_pack("{s:o}", "generation", weir_json_u64(number)));
	json_object_set_new(o, "generation", weir_json_u64(number));
	json_object_set_new(o, "is", json_string(what));
	weir_answer(o);
	if (!weir_json)
		printf("generation %" PRIu64 " is %s\n", number, what);
	return 0;
}

static int generation_number(const char *text, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	if (!errno && *out && text[0] >= '1' && text[0] <= '9' && !*end)
		return 0;
	return weir_usage("store", "\"%s\" is no number of a generation", text);
}

static int rollback(const struct weir_options *o, char **argv, struct weir_refusal *r)
{
	uint64_t number;

	if (generation_number(argv[0], &number))
		return WEIR_EXIT_USAGE;
	return weir_store_rollback(o->state, number, r)
		       ? -1
		       : answer("store-rollback", number, "current");
}

static int hold(const struct weir_options *o, const char *text, int keep, struct weir_refusal *r)
{
	uint64_t number;

	if (generation_number(text, &number))
		return WEIR_EXIT_USAGE;
	if (weir_store_keep(o->state, number, keep, r))
		return -1;
	return answer(keep ? "store-keep" : "store-unkeep", number, keep ? "kept" : "not kept");
}

static int keep(const struct weir_options *o, char **argv, struct weir_refusal *r)
{
	return hold(o, argv[0], 1, r);
}

static int unkeep(const struct weir_options *o, char **argv, struct weir_refusal *r)
{
	return hold(o, argv[0], 0, r);
}

/* Each returns 0, -1 with a reason, or WEIR_EXIT_USAGE. */
static const struct {
	const char *name;
	int nargs;
	int (*run)(const struct weir_options *o, char **argv, struct weir_refusal *r);
} table[] = {
	{ "list", 0, list },	     { "verify", 0, verify }, { "gc", 0, gc },
	{ "purge", 1, purge },	     { "keep", 1, keep },     { "unkeep", 1, unkeep },
	{ "rollback", 1, rollback },
};

static int run(size_t i, const struct weir_options *o, char **argv)
{
	struct weir_refusal r;
	int fd, ret;

	if (weir_store_lock(o->state, &fd, &r))
		return weir_refused_by(&r);
	ret = table[i].run(o, argv, &r);
	if (fd >= 0)
		close(fd);
	return ret < 0 ? weir_refused_by(&r) : ret;
}

int weir_ctl_store(const struct weir_options *o, char **argv)
{
	size_t i;
	int n;

	for (n = 0; argv[n]; n++)
		;
	for (i = 0; n && i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].name, argv[0]))
			continue;
		if (n - 1 != table[i].nargs)
			return weir_usage("store", "%s takes %d argument%s", argv[0],
					  table[i].nargs, table[i].nargs == 1 ? "" : "s");
		return run(i, o, argv + 1);
	}
	return weir_usage("store",
			  n ? "there is no \"store %s\"" : "store wants to know what to do",
			  argv[0]);
}
