// SPDX-License-Identifier: GPL-2.0
/* weirctl prove: hooks that only use proves are used, and the kernel is told so. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "prove.h"

static const char *const words[] = {
	[WEIR_PROOF_SEEN] = "seen",
	[WEIR_PROOF_UNTRIED] = "untried",
	[WEIR_PROOF_SILENT] = "silent",
};

struct proofs {
	int table;
	uint32_t n;
	json_t *list;
	struct {
		uint32_t n;
		char names[448]; /* as many as fit */
	} of[WEIR_PROOF_END];
};

/* Why a hook is untried. */
static const char *reason(int err)
{
	switch (err) {
	case EOPNOTSUPP:
		return "this weirctl knows no way there";
	case ESTALE:
		return "it was disarmed meanwhile";
	case ECANCELED:
		return "the process that tried was killed";
	default:
		return strerror(err);
	}
}

static void note(struct proofs *ps, const struct weir_u_hook *h, enum weir_proof result, int why)
{
	char *names = ps->of[result].names, text[96] = "";
	const char *type = weir_hook_type(h->type);
	size_t used = strlen(names);
	json_t *o = json_object();

	if (result == WEIR_PROOF_UNTRIED)
		snprintf(text, sizeof(text), " (%s)", reason(why));
	snprintf(names + used, sizeof(ps->of[result].names) - used, "%s%s%s", used ? ", " : "",
		 h->name, text);
	if (ps->table && !weir_json && !ps->n)
		printf("%-32s  %-18s  %s\n", "HOOK", "TYPE", "RESULT");
	if (ps->table && !weir_json)
		printf("%-32s  %-18s  %s%s\n", h->name, type, words[result], text);
	json_object_set_new(o, "name", json_string(h->name));
	json_object_set_new(o, "type", json_string(type));
	json_object_set_new(o, "result", json_string(words[result]));
	if (result == WEIR_PROOF_UNTRIED)
		json_object_set_new(o, "why", json_string(reason(why)));
	json_array_append_new(ps->list, o);
	ps->of[result].n++;
	ps->n++;
}

static int prove(int fd, const char *device, const struct weir_u_hook *h, struct proofs *ps,
		 struct weir_refusal *r)
{
	struct weir_u_hook after;
	int err, ret;

	err = weir_exercise(h->name, device);
	if (weir_dev_hook(fd, h->index, &after, r))
		return -1;
	/* That it ran is claimed only if it did: the kernel will believe it. */
	if (err && !after.seen) {
		note(ps, h, WEIR_PROOF_UNTRIED, -err);
		return 0;
	}
	ret = weir_dev_prove(fd, h, r);
	if (ret < 0)
		return -1;
	if (ret == ESTALE)
		note(ps, h, WEIR_PROOF_UNTRIED, ret);
	else
		note(ps, h, ret ? WEIR_PROOF_SILENT : WEIR_PROOF_SEEN, 0);
	return 0;
}

static int prove_each(int fd, const char *device, struct proofs *ps, struct weir_refusal *r)
{
	struct weir_u_info info;
	struct weir_u_hook h;
	uint32_t i;

	if (weir_dev_info(fd, &info, r))
		return -1;
	for (i = 0; i < info.nhooks; i++) {
		if (weir_dev_hook(fd, i, &h, r))
			return -1;
		if (!h.armed)
			continue;
		if (!h.by_use && h.error)
			note(ps, &h, WEIR_PROOF_SILENT, 0);
		if (h.by_use && (h.error || !h.seen) && prove(fd, device, &h, ps, r))
			return -1;
	}
	return 0;
}

/* One refusal for all of them: the silent ones if there are any. */
static int judge(const struct proofs *ps, struct weir_refusal *r)
{
	uint32_t n = ps->of[WEIR_PROOF_SILENT].n;

	if (n) {
		weir_refuse(r, WEIR_STEP_PROVE, "SILENT",
			    "weirctl status shows what content was taken out for it; end what else "
			    "changes the kernel's functions, a live patch say, then load again",
			    "%u armed hook%s not fire, and what passes there is not seen: %s", n,
			    n == 1 ? " does" : "s do", ps->of[WEIR_PROOF_SILENT].names);
		return WEIR_PROOF_SILENT;
	}
	n = ps->of[WEIR_PROOF_UNTRIED].n;
	if (n) {
		weir_refuse(r, WEIR_STEP_PROVE, "UNTRIED",
			    "run weirctl prove as root, outside of containers and of what filters "
			    "system calls",
			    "%u armed hook%s could not be made to fire: %s", n, n == 1 ? "" : "s",
			    ps->of[WEIR_PROOF_UNTRIED].names);
		return WEIR_PROOF_UNTRIED;
	}
	return WEIR_PROOF_SEEN;
}

int weir_prove(int fd, const char *device, int table, json_t *o, struct weir_refusal *r)
{
	struct proofs ps = { .table = table, .list = json_array() };

	json_object_set_new(o, "hooks", ps.list);
	if (prove_each(fd, device, &ps, r))
		return -1;
	if (!weir_json && table && !ps.n)
		puts("nothing to prove: every armed hook has fired");
	if (!weir_json && !table && ps.n)
		printf("%u of %u hooks fired when they were made to\n", ps.of[WEIR_PROOF_SEEN].n,
		       ps.n);
	return judge(&ps, r);
}

int weir_ctl_prove(const struct weir_options *options, char **argv)
{
	json_t *o = json_object();
	struct weir_refusal r;
	int fd, ret;

	(void)argv;
	ret = weir_dev_open(options->device, 1, &fd, &r);
	if (!ret) {
		ret = weir_prove(fd, options->device, 1, o, &r);
		close(fd);
	}
	if (ret != WEIR_PROOF_SEEN)
		return weir_refused_with(&r, o);
	weir_answer(o);
	return WEIR_EXIT_OK;
}
