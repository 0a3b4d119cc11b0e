// SPDX-License-Identifier: GPL-2.0
/* weirctl boot: what the store has becomes active, early at boot. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cmd_store.h"
#include "settings.h"

static const char *const choices[] = {
	[WEIR_BOOT_CURRENT] = "current", [WEIR_BOOT_AGAIN] = "again",	  [WEIR_BOOT_BACK] = "back",
	[WEIR_BOOT_DAMAGED] = "damaged", [WEIR_BOOT_NOTHING] = "nothing",
};

/* What is to be done by a person, or at least known by one. */
static void explain(enum weir_boot_choice choice, const struct weir_generation *g,
		    const struct weir_refusal *damage)
{
	struct weir_refusal r;

	if (choice == WEIR_BOOT_DAMAGED)
		weir_warn(damage);
	if (choice == WEIR_BOOT_DAMAGED || choice == WEIR_BOOT_BACK) {
		weir_refuse(&r, WEIR_STEP_STATE, "BACK",
			    "weirctl store list shows what there is, and weirctl store rollback "
			    "what the next boot loads",
			    "%s; generation %" PRIu64 " is loaded%s",
			    choice == WEIR_BOOT_BACK
				    ? "the boot before did not end well, or content was on trial"
				    : "the current generation is damaged",
			    g->number,
			    choice == WEIR_BOOT_BACK ? ", and all channels are in audit mode" : "");
		weir_warn(&r);
	}
}

/* What this boot came to, with channels or null; of what was refused each has its own line. */
static void note(enum weir_boot_choice choice, const struct weir_generation *g, json_t *loaded,
		 int failed)
{
	weir_journal_note("boot",
			  json_pack("{s:s, s:o, s:o, s:i}", "choice", choices[choice], "generation",
				    weir_json_u64(g->number), "loaded",
				    loaded ? json_incref(loaded) : json_array(), "failed", failed));
}

static int refuse_loop(struct weir_refusal *r)
{
	return weir_refuse(r, WEIR_STEP_STATE, "BOOT_LOOP",
			   "find out what these boots ended with; then load other content, or "
			   "weirctl store rollback N for the next boot",
			   "two boots with content did not end well: nothing is loaded");
}

/* What is kept of what root had set. */
struct weir_kept {
	json_t *settings; /* null: it cannot be read */
	int enforce; /* modes are set as well */
};

/* Without it channels are in audit mode: a lost exemption may be worse. 0, or -1 with a reason. */
static int read_kept(int fd, const struct weir_options *o, enum weir_boot_choice choice,
		     struct weir_kept *out, struct weir_refusal *r)
{
	char why[sizeof(r->what)];

	out->enforce = 0;
	out->settings = NULL;
	if (!weir_settings_read(o->state, &out->settings, r) &&
	    !weir_settings_exempt(fd, out->settings, r)) {
		out->enforce = choice != WEIR_BOOT_BACK;
		return 0;
	}
	memcpy(why, r->what, sizeof(why));
	snprintf(r->what, sizeof(r->what), "channels stay in audit mode: %.500s", why);
	return -1;
}

/* Of a channel that has active content: whether it is this, and its mode is still to be set. */
static int is_to_set(int fd, const struct weir_u_channel *ch, const struct weir_entry *e)
{
	struct weir_u_breaker b;
	struct weir_refusal none;

	return !memcmp(ch->slot[WEIR_SLOT_ACTIVE].digest, e->content, sizeof(e->content)) &&
	       !weir_dev_breaker(fd, ch->index, &b, &none) && !b.withdrawn;
}

/* Content that was trusted here: all checks but that of the floor, and no trial. */
static int load_checked(int fd, struct weir_check *c, const struct weir_checked *k,
			struct weir_refusal *r)
{
	struct weir_u_submit sub;
	int ret;

	if (weir_check_content(c, k, r))
		return -1;
	ret = weir_submit(fd, c, k, &sub, r);
	if (ret)
		return ret < 0 ? -1 : 0;
	if (weir_samples_kernel(fd, &k->view, c->live, r))
		return -1;
	return weir_dev_activate(fd, k->about.channel, k->about.version, c->live, r);
}

/*
 * A channel that has other content was loaded by somebody since: it is left alone. Return: 1
 * then, 0 if it has this content, -1 with a reason.
 */
static int load_entry(int fd, struct weir_check *c, const struct weir_entry *e,
		      struct weir_refusal *r)
{
	struct weir_u_channel ch;
	struct weir_checked k;
	int ret;

	if (!weir_dev_find(fd, e->channel, &ch, r) && ch.slot[WEIR_SLOT_ACTIVE].version)
		return !is_to_set(fd, &ch, e);
	if (weir_check_stored(c, e, &k, r))
		return -1;
	c->path = "the store's file";
	ret = load_checked(fd, c, &k, r);
	weir_checked_free(&k);
	return ret;
}

/* The first refusal is the command's; the others are said as they come. */
static void fail(int *failed, struct weir_refusal *first, struct weir_refusal *r, uint32_t channel)
{
	r->channel = channel;
	if (!(*failed)++) {
		*first = *r;
		return;
	}
	weir_warn(r);
	weir_journal_refused(r);
}

static json_t *choice_json(enum weir_boot_choice choice, const struct weir_generation *g)
{
	json_t *o = json_object();

	json_object_set_new(o, "choice", json_string(choices[choice]));
	json_object_set_new(o, "generation", weir_json_u64(g->number));
	json_object_set_new(o, "content", weir_set_json(&g->set));
	return o;
}

/* One channel that is refused is no reason to stay without the others. */
static int load_set(int fd, struct weir_check *c, const struct weir_generation *g,
		    enum weir_boot_choice choice, const struct weir_options *o)
{
	json_t *answer = choice_json(choice, g);
	struct weir_refusal r, first;
	json_t *loaded = json_array();
	struct weir_kept kept;
	uint32_t i, channel, names;
	int ret, failed;

	failed = !!read_kept(fd, o, choice, &kept, &first);
	for (i = 0; i < g->set.n; i++) {
		channel = g->set.entry[i].channel;
		ret = load_entry(fd, c, &g->set.entry[i], &r);
		if (ret < 0) {
			fail(&failed, &first, &r, channel);
			continue;
		}
		if (!ret && kept.settings &&
		    weir_settings_apply(fd, kept.settings, channel, kept.enforce, &r))
			fail(&failed, &first, &r, channel);
		json_array_append_new(loaded, json_integer(channel));
		if (!weir_json)
			printf("channel %" PRIu32 " version %" PRIu64 ": active\n", channel,
			       g->set.entry[i].version);
	}
	if (g->set.n && weir_dev_names(fd, &names, &r))
		weir_warn(&r);
	json_object_set_new(answer, "loaded", loaded);
	note(choice, g, loaded, failed);
	json_decref(kept.settings);
	if (failed)
		return weir_refused_with(&first, answer);
	weir_answer(answer);
	return WEIR_EXIT_OK;
}

static int dry_run(const struct weir_options *o, enum weir_boot_choice choice,
		   const struct weir_generation *g)
{
	json_t *answer = choice_json(choice, g), *settings;
	struct weir_refusal r;

	if (weir_settings_read(o->state, &settings, &r))
		return weir_refused_with(&r, answer);
	if (!weir_json) {
		printf("%s: generation %" PRIu64 ": ", choices[choice], g->number);
		weir_put_set(&g->set);
		putchar('\n');
	}
	json_object_set_new(answer, "settings", settings);
	weir_answer(answer);
	return WEIR_EXIT_OK;
}

static int boot_live(const struct weir_options *o, const char *boot, enum weir_boot_choice choice,
		     struct weir_generation *g)
{
	struct weir_check c = { .trust = o->trust, .state = o->state, .signers = o->signers };
	struct weir_refusal r;
	struct weir_live live;
	int fd, ret;

	if (weir_dev_open(o->device, 1, &fd, &r))
		return weir_refused_by(&r);
	ret = weir_live_open(o, fd, &live);
	c.live = &live;
	/* First of all the kernel is to refuse what the lists on disk revoke. */
	if (!ret && (weir_list_hand_over(fd, o->state, &r) ||
		     weir_boot_begin(o->state, boot, choice, g, &r)))
		ret = weir_refused_by(&r);
	else if (!ret)
		ret = load_set(fd, &c, g, choice, o);
	close(fd);
	return ret;
}

static int boot_locked(const struct weir_options *o, const char *boot)
{
	enum weir_boot_choice choice;
	struct weir_generation g;
	struct weir_refusal r;

	if (weir_boot_choose(o->state, boot, &choice, &g, &r))
		return weir_refused_by(&r);
	if (o->dry_run)
		return dry_run(o, choice, &g);
	explain(choice, &g, &r);
	/* Enforcing may be what that boot ended with: a person says whether it is to be again. */
	if ((choice == WEIR_BOOT_BACK || choice == WEIR_BOOT_NOTHING) &&
	    weir_settings_forget_modes(o->state, &r))
		weir_warn(&r);
	if (choice != WEIR_BOOT_NOTHING)
		return boot_live(o, boot, choice, &g);
	if (!weir_boot_begin(o->state, boot, choice, &g, &r)) {
		note(choice, &g, NULL, 0);
		refuse_loop(&r);
	}
	return weir_refused_by(&r);
}

/* Without a device the kernel has nothing to say. */
static int catch_up(const struct weir_options *o, struct weir_refusal *r)
{
	int fd, ret;

	if (access(o->device, F_OK))
		return 0;
	if (weir_dev_open(o->device, 0, &fd, r))
		return -1;
	ret = weir_store_all_now(fd, o->state, r);
	close(fd);
	return ret;
}

/* The timer runs this each minute: it is news once. */
static void note_settled(const struct weir_trying *before, const char *boot)
{
	if (!strcmp(before->boot, boot) && before->generation)
		weir_journal_note("settled", json_pack("{s:o}", "generation",
						       weir_json_u64(before->generation)));
}

static int settle(const struct weir_options *o, const char *boot, int lock)
{
	struct weir_trying before;
	struct weir_refusal r;

	if (weir_store_marker(o->state, &before, &r) || weir_boot_settled(o->state, boot, &r))
		return weir_refused_by(&r);
	note_settled(&before, boot);
	if (lock >= 0 && catch_up(o, &r))
		return weir_refused_by(&r);
	if (weir_json)
		weir_put_json(json_pack("{s:b}", "settled", 1));
	else
		puts("this boot is settled");
	return WEIR_EXIT_OK;
}

int weir_ctl_boot(const struct weir_options *o, char **argv)
{
	char boot[WEIR_BOOT_ID];
	struct weir_refusal r;
	int lock, ret;

	(void)argv;
	if (o->dry_run && o->settled)
		return weir_usage("boot", "--dry-run and --settled exclude each other");
	if (weir_boot_id(boot, &r) || weir_store_lock(o->state, &lock, &r))
		return weir_refused_by(&r);
	ret = o->settled ? settle(o, boot, lock) : boot_locked(o, boot);
	if (lock >= 0)
		close(lock);
	return ret;
}
