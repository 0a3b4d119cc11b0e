// SPDX-License-Identifier: GPL-2.0
/* The end of a command: what it decided goes into the journal, after what the kernel did. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "journal.h"

/* Lines that are due; null if there are none. */
static json_t *notes;

static void note(json_t *line, json_t *o)
{
	if (!notes)
		notes = json_array();
	json_object_update(line, o);
	json_decref(o);
	json_array_append_new(notes, line);
}

void weir_journal_note(const char *op, json_t *o)
{
	note(weir_journal_stamp(op), o);
}

static void set_text(json_t *o, const char *key, const char *text)
{
	if (text[0])
		json_object_set_new(o, key, weir_json_bytes(text, strlen(text)));
}

void weir_journal_refused(const struct weir_refusal *r)
{
	json_t *o = json_object();

	set_text(o, "step", weir_step_name(r->step));
	set_text(o, "code", r->code);
	set_text(o, "text", r->what);
	set_text(o, "file", r->file);
	if (r->channel)
		json_object_set_new(o, "channel", json_integer(r->channel));
	weir_journal_note("refused", o);
}

/* What the kernel decided */

static const char *const ops[WEIR_DECIDED_END] = {
#define WEIR_DECIDED(name, word) [WEIR_DECIDED_##name] = word,
#include "decided.def"
#undef WEIR_DECIDED
};

static void set_number(json_t *o, const char *key, uint64_t v, uint64_t none)
{
	if (v != none)
		json_object_set_new(o, key, weir_json_u64(v));
}

static void set_content(json_t *o, const struct weir_u_decision *d)
{
	static const uint8_t zeros[WEIR_DIGEST_SIZE];
	char text[WEIR_HEX];

	set_number(o, "channel", d->channel, 0);
	set_number(o, "version", d->version, 0);
	if (memcmp(d->digest, zeros, sizeof(d->digest))) {
		weir_hex(d->digest, text);
		json_object_set_new(o, "sha256", json_string(text));
	}
	if (memcmp(d->uuid, zeros, sizeof(d->uuid))) {
		weir_uuid_text(d->uuid, text);
		json_object_set_new(o, "uuid", json_string(text));
	}
	set_number(o, "instance", d->instance, UINT32_MAX);
	set_number(o, "field", d->field, UINT32_MAX);
}

/* A line of the kernel's, up to a number there. */
static json_t *from_kernel(const char *op, uint64_t id, uint64_t number, uint64_t realtime)
{
	char text[20];

	snprintf(text, sizeof(text), "%016" PRIx64, id);
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "op", op, "source", "kernel", "id", text,
			 "decision", weir_json_u64(number), "time", weir_journal_time(realtime),
			 "boot", weir_journal_boot());
}

static json_t *decision_json(const struct weir_u_decision *d)
{
	const char *op = d->what < WEIR_DECIDED_END && ops[d->what] ? ops[d->what] : "unknown";
	json_t *o = from_kernel(op, d->id, d->number, d->realtime);

	json_object_set_new(o, "by_kernel", json_boolean(d->by_kernel));
	set_number(o, "uid", d->uid, UINT32_MAX);
	set_number(o, "auid", d->auid, UINT32_MAX);
	set_number(o, "pid", d->pid, 0);
	set_content(o, d);
	json_object_set_new(o, "value", json_integer(d->value));
	json_object_set_new(o, "flags", json_integer(d->flags));
	if (!d->error)
		return o;
	json_object_set_new(o, "errno", json_integer(-(json_int_t)d->error));
	if (d->code != UINT32_MAX)
		json_object_set_new(o, "code", json_string(weir_code_name(d->code)));
	return o;
}

/* A gap is what the kernel had no room for any more; the next one's time is when that was known. */
static int lost(struct weir_journal *j, const struct weir_u_decision *d, uint64_t first,
		struct weir_refusal *r)
{
	json_t *o = from_kernel("lost", d->id, d->number - 1, d->realtime);

	json_object_set_new(o, "count", weir_json_u64(d->number - first));
	return weir_journal_append(j, o, r);
}

/* Numbers begin at 1 with each start of the module, which has an id of its own. */
static int drain(struct weir_journal *j, int fd, struct weir_refusal *r)
{
	struct weir_u_decision d;
	char id[sizeof(j->id)];
	uint64_t next;
	int ret;

	if (weir_dev_decision(fd, UINT64_MAX, &d, r) < 0)
		return -1;
	snprintf(id, sizeof(id), "%016" PRIx64, (uint64_t)d.id);
	next = strcmp(id, j->id) ? 1 : j->decision + 1;
	while ((ret = weir_dev_decision(fd, next, &d, r)) > 0) {
		if (d.number > next && lost(j, &d, next, r))
			return -1;
		if (weir_journal_append(j, decision_json(&d), r))
			return -1;
		next = d.number + 1;
	}
	return ret;
}

/* Writing */

static void keep_last(void *arg, const struct weir_journal *j, const json_t *o, const char *text,
		      size_t n)
{
	json_t **last = arg;

	(void)j;
	(void)text;
	(void)n;
	json_decref(*last);
	*last = json_incref((json_t *)o);
}

/* The timer settles each minute: what it is refused for over and over is one line. */
static int is_told(const json_t *last, const json_t *line)
{
	static const char *const same[] = { "op", "command", "code", "text", "file" };
	size_t i;

	if (strcmp(json_string_value(json_object_get(line, "op")), "refused") ||
	    strcmp(json_string_value(json_object_get(line, "command")), "boot"))
		return 0;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (json_object_get(last, same[i]) != json_object_get(line, same[i]) &&
		    !json_equal(json_object_get(last, same[i]), json_object_get(line, same[i])))
			return 0;
	return 1;
}

/* What was decided here is written down even if the kernel cannot be asked. */
static int write_locked(const char *state, int fd, struct weir_refusal *r)
{
	json_t *line, *last = NULL;
	struct weir_refusal why;
	struct weir_journal j;
	size_t i;
	int ret;

	if (weir_journal_read(state, WEIR_JOURNAL_NAME, keep_last, &last, &j, r))
		return -1;
	ret = weir_journal_judge(&j, 1, r) < 0 ? -1 : 0;
	if (!ret && fd >= 0)
		ret = drain(&j, fd, r);
	json_array_foreach(notes, i, line)
		if (!is_told(last, line) &&
		    weir_journal_append(&j, json_incref(line), ret ? &why : r))
			ret = -1;
	json_decref(last);
	weir_journal_close(&j);
	return ret;
}

/*
 * The device is open for writing meanwhile: content that denies what writing the journal takes does
 * not apply to who has it open.
 */
static int write_down(const struct weir_options *o, struct weir_refusal *r)
{
	int fd = -1, lock, bad = 0;
	struct weir_refusal why;

	if (!access(o->device, F_OK))
		bad = weir_dev_open(o->device, 1, &fd, r);
	if (weir_floor_lock(o->state, &lock, bad ? &why : r)) {
		bad = -1;
	} else {
		bad |= write_locked(o->state, fd, bad ? &why : r);
		close(lock);
	}
	if (fd >= 0)
		close(fd);
	return bad;
}

/* Which commands change something */

static int always(const struct weir_options *o, char **argv)
{
	(void)o;
	(void)argv;
	return 1;
}

static int with_argument(const struct weir_options *o, char **argv)
{
	return o->none || argv[0];
}

static int with_limits(const struct weir_options *o, char **argv)
{
	static const struct weir_u_limits none;

	(void)argv;
	return memcmp(&o->limits_named, &none, sizeof(none)) != 0;
}

static int boots(const struct weir_options *o, char **argv)
{
	(void)argv;
	return !o->dry_run;
}

static int changes_store(const struct weir_options *o, char **argv)
{
	(void)o;
	return strcmp(argv[0], "list") && strcmp(argv[0], "verify");
}

static int restarts(const struct weir_options *o, char **argv)
{
	(void)argv;
	return o->restart;
}

/* Those that bring content or lists to this host make its state folder, the others do not. */
static const struct {
	const char *command;
	int (*changes)(const struct weir_options *o, char **argv);
	int makes_folder;
} table[] = {
	{ "load", always, 1 },	  { "trust", with_argument, 1 },  { "submit", always, 0 },
	{ "promote", always, 0 }, { "rollback", always, 0 },	  { "unload", always, 0 },
	{ "mode", always, 0 },	  { "exempt", with_argument, 0 }, { "breaker", with_limits, 0 },
	{ "prove", always, 0 },	  { "boot", boots, 0 },		  { "store", changes_store, 0 },
	{ "log", restarts, 0 },
};

static int due(const char *command, const struct weir_options *o, char **argv)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (!strcmp(table[i].command, command))
			return table[i].changes(o, argv) &&
			       (table[i].makes_folder || !access(o->state, F_OK));
	return 0;
}

void weir_journal_end(const char *command, const struct weir_options *o, char **argv)
{
	const struct weir_refusal *told = weir_told();
	struct weir_refusal r;
	json_t *line;
	size_t i;

	/* Another loader is at work: nothing was decided here, and that one takes what there is. */
	if (!due(command, o, argv) || (told && !strcmp(told->code, "BUSY")))
		goto out;
	if (told)
		weir_journal_refused(told);
	json_array_foreach(notes, i, line)
		json_object_set_new(line, "command", json_string(command));
	/* What stopped the command may stop this, too: once is enough. */
	if (write_down(o, &r) && (!told || strcmp(told->what, r.what)))
		weir_warn(&r);
out:
	json_decref(notes);
	notes = NULL;
}
