// SPDX-License-Identifier: GPL-2.0
/* Decisions: a ring of the last ones, and a line of each in the audit log. */
#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "content.h"
#include "decision.h"

static struct {
	spinlock_t lock; /* of all of it; taken in any context */
	u64 id; /* of this start of the module; 0 until it is asked for */
	u64 last; /* number of the newest, from 1 */
	struct weir_u_decision kept[WEIR_DECISIONS_KEPT];
} decisions = {
	.lock = __SPIN_LOCK_UNLOCKED(decisions.lock),
};

static const char *const words[WEIR_DECIDED_END] = {
#define WEIR_DECIDED(name, word) [WEIR_DECIDED_##name] = word,
#include "decided.def"
#undef WEIR_DECIDED
};

void weir_who_runs(struct weir_who *who)
{
	who->uid = from_kuid(&init_user_ns, current_uid());
	who->auid = from_kuid(&init_user_ns, audit_get_loginuid(current));
	who->pid = task_tgid_nr(current);
}

static void set_who(struct weir_u_decision *u, const struct weir_who *given)
{
	struct weir_who who = { .uid = ~0u, .auid = ~0u };

	u->by_kernel = !!(current->flags & PF_KTHREAD);
	if (given)
		who = *given;
	else if (!u->by_kernel)
		weir_who_runs(&who);
	u->uid = who.uid;
	u->auid = who.auid;
	u->pid = who.pid;
}

static void set_error(struct weir_u_decision *u, const struct weir_error *err)
{
	u->code = WEIR_NOWHERE;
	u->instance = WEIR_NOWHERE;
	u->field = WEIR_NOWHERE;
	if (!err)
		return;
	u->code = err->code;
	u->instance = err->instance;
	u->field = err->field;
}

static void set_content(struct weir_u_decision *u, const struct weir_content *ct)
{
	struct weir_instance inst;

	if (!ct)
		return;
	u->channel = ct->about.channel;
	u->version = ct->about.version;
	memcpy(u->digest, ct->digest, sizeof(u->digest));
	if (!weir_instance(&ct->view, u->instance, &inst))
		memcpy(u->uuid, inst.uuid, sizeof(u->uuid));
}

/* Its number and id. */
static void keep(struct weir_u_decision *u)
{
	unsigned long flags;
	u64 id = get_random_u64() | 1;

	spin_lock_irqsave(&decisions.lock, flags);
	decisions.id = decisions.id ?: id;
	u->id = decisions.id;
	u->number = ++decisions.last;
	decisions.kept[u->number % WEIR_DECISIONS_KEPT] = *u;
	spin_unlock_irqrestore(&decisions.lock, flags);
}

/* Where the log has no room it counts that as lost; who decides is not made to wait for it. */
static void audit(const struct weir_u_decision *u)
{
	struct audit_buffer *ab;

	ab = audit_log_start(audit_context(), GFP_ATOMIC, AUDIT_KERNEL_OTHER);
	if (!ab)
		return;
	audit_log_format(ab, "weir: op=%s number=%llu channel=%u version=%llu sha256=%*phN",
			 words[u->what], u->number, u->channel, u->version, (int)sizeof(u->digest),
			 u->digest);
	audit_log_format(ab, " value=%u flags=%u code=%d instance=%d field=%d uuid=%pU", u->value,
			 u->flags, (int)u->code, (int)u->instance, (int)u->field, u->uuid);
	audit_log_format(ab, " kernel=%u pid=%u uid=%u auid=%u errno=%d res=%d", u->by_kernel,
			 u->pid, u->uid, u->auid, u->error, !u->error);
	audit_log_end(ab);
}

void weir_decided(const struct weir_decision *d)
{
	struct weir_u_decision u = {
		.what = d->what,
		.value = d->value,
		.flags = d->flags,
		.channel = d->channel,
		.version = d->version,
		.error = d->error,
		.boottime = ktime_get_boottime_ns(),
		.realtime = ktime_get_real_ns(),
	};

	set_who(&u, d->who);
	set_error(&u, d->err);
	set_content(&u, d->ct);
	if (d->digest)
		memcpy(u.digest, d->digest, sizeof(u.digest));
	keep(&u);
	audit(&u);
}

void weir_decided_gone(u32 what, u32 why, const struct weir_content *ct, u32 field)
{
	struct weir_error err = { .code = WEIR_NOWHERE, .instance = WEIR_NOWHERE, .field = field };
	struct weir_decision d = { .what = what, .value = why, .ct = ct, .err = &err };

	/* Acquire: pairs with weir_store_trip(). */
	if (why == WEIR_QUARANTINE_TRIP && smp_load_acquire(&ct->blame.known)) {
		err.instance = ct->blame.instance;
		err.field = ct->blame.field;
		d.who = &ct->blame.who;
	}
	weir_decided(&d);
}

int weir_decision_get(u64 number, struct weir_u_decision *out)
{
	u64 id = get_random_u64() | 1;
	u32 size = out->size;
	unsigned long flags;
	u64 first;
	int ret = -ENOENT;

	memset(out, 0, sizeof(*out));
	spin_lock_irqsave(&decisions.lock, flags);
	decisions.id = decisions.id ?: id;
	first = decisions.last > WEIR_DECISIONS_KEPT ? decisions.last - WEIR_DECISIONS_KEPT + 1 : 1;
	number = max(number, first);
	if (number <= decisions.last) {
		*out = decisions.kept[number % WEIR_DECISIONS_KEPT];
		ret = 0;
	}
	out->id = decisions.id;
	out->last = decisions.last;
	spin_unlock_irqrestore(&decisions.lock, flags);
	out->size = size;
	return ret;
}
