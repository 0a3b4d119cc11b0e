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
			    choice == WEIR_BOOT_BACK ? ", in audit mode until this boot is settled"
						     : "");
		weir_warn(&r);
	}
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

/*
 * A boot after one that did not end well does not enforce before it is settled; nor does one whose
 * exempt executables cannot be had.
 */
static void read_kept(int fd, const struct weir_options *o, enum weir_boot_choice choice,
		      struct weir_kept *out)
{
	struct weir_trying t;
	struct weir_refusal r;

	out->enforce = 0;
	if (weir_settings_read(o->state, &out->settings, &r)) {
		out->settings = NULL;
		weir_warn(&r);
		return;
	}
	if (weir_settings_exempt(fd, out->settings, &r) || weir_store_marker(o->state, &t, &r)) {
		weir_warn(&r);
		return;
	}
	out->enforce = choice != WEIR_BOOT_BACK && t.attempt < 2;
}

static int holds_active(int fd, uint32_t channel)
{
	struct weir_u_channel ch;
	struct weir_refusal none;

	return !weir_dev_find(fd, channel, &ch, &none) && ch.slot[WEIR_SLOT_ACTIVE].version;
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

/* A channel that has content was loaded by somebody since; it is left alone. 1 then, 0 or -1. */
static int load_entry(int fd, struct weir_check *c, const struct weir_entry *e,
		      struct weir_refusal *r)
{
	struct weir_checked k;
	int ret;

	if (holds_active(fd, e->channel))
		return 1;
	if (weir_check_stored(c, e, &k, r))
		return -1;
	c->path = "the store's file";
	ret = load_checked(fd, c, &k, r);
	weir_checked_free(&k);
	return ret;
}

/* What root had set, of a channel that was just loaded. Without it, it is in audit mode. */
static void set_channel(int fd, const struct weir_kept *kept, uint32_t channel)
{
	struct weir_refusal r;

	if (!kept->settings || !weir_settings_apply(fd, kept->settings, channel, kept->enforce, &r))
		return;
	r.channel = channel;
	weir_warn(&r);
}

/* One channel that is refused is no reason to stay without the others. */
static int load_set(int fd, struct weir_check *c, const struct weir_generation *g,
		    const struct weir_kept *kept, json_t *answer)
{
	struct weir_refusal r, first;
	json_t *loaded = json_array();
	uint32_t i, names;
	int ret, failed = 0;

	for (i = 0; i < g->set.n; i++) {
		ret = load_entry(fd, c, &g->set.entry[i], &r);
		if (ret < 0) {
			r.channel = g->set.entry[i].channel;
			if (failed++)
				weir_warn(&r);
			else
				first = r;
			continue;
		}
		if (!ret)
			set_channel(fd, kept, g->set.entry[i].channel);
		json_array_append_new(loaded, json_integer(g->set.entry[i].channel));
		if (!weir_json)
			printf("channel %" PRIu32 " version %" PRIu64 ": active\n",
			       g->set.entry[i].channel, g->set.entry[i].version);
	}
	if (g->set.n && weir_dev_names(fd, &names, &r))
		weir_warn(&r);
	json_object_set_new(answer, "loaded", loaded);
	if (failed)
		return weir_refused_with(&first, answer);
	weir_answer(answer);
	return WEIR_EXIT_OK;
}

static json_t *choice_json(enum weir_boot_choice choice, const struct weir_generation *g)
{
	json_t *o = json_object();

	json_object_set_new(o, "choice", json_string(choices[choice]));
	json_object_set_new(o, "generation", weir_json_u64(g->number));
	json_object_set_new(o, "content", weir_set_json(&g->set));
	return o;
}

static int dry_run(enum weir_boot_choice choice, const struct weir_generation *g)
{
	if (!weir_json) {
		printf("%s: generation %" PRIu64 ": ", choices[choice], g->number);
		weir_put_set(&g->set);
		putchar('\n');
	}
	weir_answer(choice_json(choice, g));
	return WEIR_EXIT_OK;
}

static int boot_live(const struct weir_options *o, const char *boot, enum weir_boot_choice choice,
		     struct weir_generation *g)
{
	struct weir_check c = { .trust = o->trust, .state = o->state, .signers = o->signers };
	struct weir_kept kept;
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
	else if (!ret) {
		read_kept(fd, o, choice, &kept);
		ret = load_set(fd, &c, g, &kept, choice_json(choice, g));
		json_decref(kept.settings);
	}
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
		return dry_run(choice, &g);
	explain(choice, &g, &r);
	if (choice != WEIR_BOOT_NOTHING)
		return boot_live(o, boot, choice, &g);
	if (!weir_boot_begin(o->state, boot, choice, &g, &r))
		refuse_loop(&r);
	return weir_refused_by(&r);
}

/* A channel that the breaker put into audit mode does not enforce after the next boot either. */
static int follow_mode(int fd, const char *state, uint32_t index, const struct weir_u_channel *ch,
		       struct weir_refusal *r)
{
	struct weir_u_breaker b;
	uint32_t mode, flags;
	json_t *kept, *audit;
	int ret;

	if (ch->mode != WEIR_MODE_AUDIT)
		return 0;
	if (weir_dev_breaker(fd, index, &b, r) || weir_settings_read(state, &kept, r))
		return -1;
	ret = weir_settings_mode_of(kept, ch->channel, &mode, &flags, r);
	json_decref(kept);
	if (ret <= 0 || mode == WEIR_MODE_AUDIT || b.act != WEIR_ACT_AUDIT)
		return ret < 0 ? -1 : 0;
	audit = weir_settings_mode(WEIR_MODE_AUDIT, 0);
	ret = weir_settings_set(state, &ch->channel, "mode", audit, r);
	json_decref(audit);
	return ret;
}

/* This boot did not enforce until it was settled. */
static int enforce_now(int fd, const char *state, const struct weir_u_channel *ch,
		       struct weir_refusal *r)
{
	json_t *kept;
	int ret;

	if (weir_settings_read(state, &kept, r))
		return -1;
	ret = weir_settings_apply(fd, kept, ch->channel, 1, r);
	json_decref(kept);
	return ret;
}

/*
 * What the kernel came to by itself, of all channels; without a device there is nothing to say.
 * Modes that waited for this boot to be settled are set.
 */
static int catch_up(const struct weir_options *o, int waited, struct weir_refusal *r)
{
	struct weir_refusal why;
	struct weir_u_channel ch;
	struct weir_u_info info;
	int fd, ret = 0, failed = 0;
	uint32_t i;

	if (access(o->device, F_OK))
		return 0;
	if (weir_dev_open(o->device, waited, &fd, r))
		return -1;
	ret = weir_dev_info(fd, &info, r);
	/* One channel that fails is no reason to leave the others. */
	for (i = 0; !ret && i < info.nchannels; i++) {
		if (!weir_dev_channel(fd, i, &ch, &why) &&
		    !weir_store_now(fd, o->state, ch.channel, &why) &&
		    !follow_mode(fd, o->state, i, &ch, &why) &&
		    (!waited || !enforce_now(fd, o->state, &ch, &why)))
			continue;
		if (!failed++)
			*r = why;
		else
			weir_warn(&why);
	}
	close(fd);
	return ret || failed ? -1 : 0;
}

static int settle(const struct weir_options *o, const char *boot, int lock)
{
	struct weir_trying t;
	struct weir_refusal r;
	int waited;

	if (weir_store_marker(o->state, &t, &r))
		return weir_refused_by(&r);
	waited = !strcmp(t.boot, boot) && t.generation && t.attempt > 1;
	if (weir_boot_settled(o->state, boot, &r) || (lock >= 0 && catch_up(o, waited, &r)))
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
