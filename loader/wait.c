// SPDX-License-Identifier: GPL-2.0
/* Waiting for content to be trusted: what weirctl load --wait and promote --wait do. */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"

#define COLUMNS 80 /* of a terminal that does not say */

/* A wait in progress. */
struct watch {
	int fd;
	const struct weir_live *live;
	uint32_t channel;
	uint64_t version;
	int promote;
	int terminal; /* redraw one line */
	int left; /* seconds; 0 or less: no limit */
	struct weir_standing now;
	const char *stage; /* as last printed, and how full the bar was */
	unsigned int share;
};

static const char *const stages[] = { [WEIR_STAGE_SHADOW] = "shadow",
				      [WEIR_STAGE_PROBATION] = "probation",
				      [WEIR_STAGE_TRUSTED] = "trusted" };

const char *weir_stage_name(uint32_t stage)
{
	return stage < sizeof(stages) / sizeof(stages[0]) && stages[stage] ? stages[stage] : "none";
}

/* The version on trial; the active one first, whose place the other one would take. */
static uint64_t on_trial(const struct weir_standing *s)
{
	if (s->trials.active.state != WEIR_TRIAL_NONE)
		return s->ch.slot[WEIR_SLOT_ACTIVE].version;
	return s->trials.content.version;
}

static uint32_t stage_of(const struct weir_standing *s)
{
	if (!s->version)
		return 0;
	if (s->version == s->trials.content.version)
		return WEIR_STAGE_SHADOW;
	if (s->version == s->ch.slot[WEIR_SLOT_LAST_GOOD].version)
		return WEIR_STAGE_TRUSTED;
	if (s->version != s->ch.slot[WEIR_SLOT_ACTIVE].version)
		return 0;
	return s->trials.active.state == WEIR_TRIAL_NONE ? WEIR_STAGE_TRUSTED
							 : WEIR_STAGE_PROBATION;
}

/*
 * Content only goes up, from shadow to the active slot and on to last-good: whoever looks in that
 * order misses none that moves meanwhile.
 */
int weir_stand(int fd, uint32_t channel, uint64_t version, struct weir_standing *out,
	       struct weir_refusal *r)
{
	struct weir_u_channel *ch = &out->ch;

	if (weir_dev_find(fd, channel, ch, r) || weir_dev_trials(fd, ch->index, &out->trials, r) ||
	    weir_dev_channel(fd, ch->index, ch, r))
		return -1;
	out->version = version ? version : on_trial(out);
	out->stage = stage_of(out);
	out->trial = out->stage == WEIR_STAGE_SHADOW ? &out->trials.shadow : &out->trials.active;
	return 0;
}

const char *weir_out_text(uint32_t why)
{
	static const char *const names[] = {
		[WEIR_QUARANTINE_TRIP] = "a guard tripped",
		[WEIR_QUARANTINE_TYPE] = "a Template Type that it needs is gone",
		[WEIR_QUARANTINE_FIELD] = "a field that it reads is not provided any more",
		[WEIR_QUARANTINE_TRIAL] = "it failed its trial",
		[WEIR_QUARANTINE_BREAKER] = "it denied or killed too much",
		[WEIR_QUARANTINE_REVOKED] = "the trust list revokes it",
	};

	return why < sizeof(names) / sizeof(names[0]) ? names[why] : NULL;
}

static const char *why_out(const struct watch *w)
{
	const char *text = weir_out_text(w->now.ch.quarantined);

	if (w->stage != stages[WEIR_STAGE_SHADOW] && text)
		return text;
	return "it failed, or was replaced or taken out";
}

static int refuse_out(const struct watch *w, struct weir_refusal *r)
{
	uint64_t active = w->now.ch.slot[WEIR_SLOT_ACTIVE].version;
	char now[48] = "nothing";

	if (active)
		snprintf(now, sizeof(now), "version %" PRIu64, active);
	return weir_refuse(r, WEIR_STEP_TRIAL, "ROLLED_BACK", "the kernel's log says why",
			   "version %" PRIu64 " is out: %s; %s is active", w->version, why_out(w),
			   now);
}

/* One line, no wider than the terminal: a wrapped one could not be drawn again. */
static void redraw(const struct watch *w)
{
	struct winsize size = { 0 };
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return;
	weir_put_trial(f, weir_stage_name(w->now.stage), w->now.trial);
	fclose(f);
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		size.ws_col = COLUMNS;
	printf("\r%.*s\033[K", size.ws_col - 1, text);
	free(text);
}

/* Show how the trial stands: on a terminal always, else when there is something new. */
static void show(struct watch *w)
{
	unsigned int share = weir_trial_share(w->now.trial);
	const char *stage = weir_stage_name(w->now.stage);

	if (!weir_json && w->terminal) {
		redraw(w);
	} else if (!weir_json && (stage != w->stage || share != w->share)) {
		weir_put_trial(stdout, stage, w->now.trial);
		putchar('\n');
	}
	fflush(stdout);
	w->stage = stage;
	w->share = share;
}

/* Trials that the kernel does not end by itself. Returns 0 or -1 with a reason. */
static int end_trial(const struct watch *w, struct weir_refusal *r)
{
	if (w->now.trial->flags & WEIR_STAGE_AUTO)
		return 0;
	if (w->now.trial->state == WEIR_TRIAL_FAILED)
		return weir_refuse(r, WEIR_STEP_TRIAL, "TRIAL", "weirctl rollback takes it out",
				   "version %" PRIu64 " failed its trial", w->version);
	if (w->now.trial->state != WEIR_TRIAL_PASSED || !w->promote)
		return 0;
	return weir_stage_up(w->fd, &w->now, w->live, r);
}

/* Returns 1 when it is trusted, 0 while its trial goes on, -1 with a reason. */
static int look(struct watch *w, struct weir_refusal *r)
{
	if (weir_stand(w->fd, w->channel, w->version, &w->now, r))
		return -1;
	if (w->now.stage == WEIR_STAGE_TRUSTED)
		return 1;
	if (!w->now.stage)
		return refuse_out(w, r);
	show(w);
	return end_trial(w, r);
}

/* Signals that would end the program end the wait, unless whoever started it has them ignored. */
static void catch_signals(sigset_t *set)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction old;
	size_t i;

	sigemptyset(set);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!sigaction(numbers[i], NULL, &old) && old.sa_handler != SIG_IGN)
			sigaddset(set, numbers[i]);
	sigprocmask(SIG_BLOCK, set, NULL);
}

static int give_up(const struct watch *w, const char *code, const char *why, struct weir_refusal *r)
{
	return weir_refuse(r, WEIR_STEP_TRIAL, code, "weirctl status shows how it stands",
			   "%s: the trial of version %" PRIu64 " goes on", why, w->version);
}

static int watch(struct watch *w, struct weir_refusal *r)
{
	const struct timespec second = { .tv_sec = 1 };
	sigset_t set;
	int ret;

	catch_signals(&set);
	while (!(ret = look(w, r))) {
		if (sigtimedwait(&set, NULL, &second) > 0)
			return give_up(w, "INTERRUPTED", "not waited for any longer", r);
		if (w->left > 0 && !--w->left)
			return give_up(w, "TIMEOUT", "not trusted yet", r);
	}
	return ret < 0 ? -1 : 0;
}

int weir_wait_options(const char *command, const struct weir_options *o)
{
	if (o->timeout > 0 && !o->wait)
		return weir_usage(command, "--timeout goes with --wait only");
	return 0;
}

int weir_wait(const struct weir_options *o, int fd, const struct weir_live *live, uint32_t channel,
	      uint64_t version, int promote, json_t *answer)
{
	struct watch w = { .fd = fd,
			   .left = o->timeout,
			   .live = live,
			   .channel = channel,
			   .version = version,
			   .promote = promote,
			   .terminal = isatty(STDOUT_FILENO) };
	struct weir_refusal r;
	int ret = watch(&w, &r);

	if (!weir_json && w.terminal && w.stage)
		putchar('\n'); /* behind the line that was redrawn */
	json_object_set_new(answer, "stage", json_string(weir_stage_name(w.now.stage)));
	if (ret) {
		fflush(stdout);
		r.channel = channel;
		return weir_refused_with(&r, answer);
	}
	if (!weir_json)
		printf("version %" PRIu64 " is trusted\n", version);
	weir_answer(answer);
	return WEIR_EXIT_OK;
}
