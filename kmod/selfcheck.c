// SPDX-License-Identifier: GPL-2.0
/* Whether armed hooks still fire: they are made to, and content that lost a field is taken out. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "event.h"
#include "hooks.h"
#include "record_write.h"
#include "selfcheck.h"
#include "store.h"

#define PERIOD_MAX 86400u
#define PERIOD_IDLE 60u /* for the case that the administrator wants checks again */

static uint selfcheck = 60;
module_param(selfcheck, uint, 0644);
MODULE_PARM_DESC(selfcheck, "Seconds between checks that armed hooks fire; 0: never");

static atomic64_t checks, alarms;

static void check_all(struct work_struct *work);
static DECLARE_DELAYED_WORK(work, check_all);

/* Types of other modules have no hooks. */
static bool any_armed(void)
{
	u32 i;

	for (i = 0; i < WEIR_NTYPES; i++)
		if (weir_capture_armed(weir_types[i].id))
			return true;
	return false;
}

static void alarm(u32 type)
{
	atomic64_inc(&alarms);
	pr_alert("Template Type %s: a hook that content depends on is silent\n",
		 weir_type_by_id(type)->name);
	weir_record_silent(type);
}

static void check_armed(void)
{
	int err;
	u32 i;

	lockdep_assert_held(&weir_store.lock);
	for (i = 0; i < WEIR_NTYPES; i++) {
		u32 type = weir_types[i].id;

		err = weir_capture_check(type);
		if (err && err != -EIO)
			pr_warn("Template Type %s: not checked this time: error %d\n",
				weir_types[i].name, err);
		if (err == -EIO)
			alarm(type);
	}
}

static void check_all(struct work_struct *unused)
{
	bool armed;

	mutex_lock(&weir_store.lock);
	armed = any_armed();
	if (armed && READ_ONCE(selfcheck)) {
		check_armed();
		atomic64_inc(&checks);
		weir_store_recheck();
	}
	mutex_unlock(&weir_store.lock);
	/* Otherwise the next activation asks for it. */
	if (armed)
		weir_selfcheck_start();
}

int weir_selfcheck_claim(u32 hook, u32 arming)
{
	struct weir_hook_about h;
	int err;

	mutex_lock(&weir_store.lock);
	err = weir_hooks_claim(hook, arming);
	if (err == -EIO) {
		weir_hooks_about(hook, &h);
		if (h.needed)
			alarm(h.type);
		weir_store_recheck();
	}
	mutex_unlock(&weir_store.lock);
	return err;
}

void weir_selfcheck_start(void)
{
	uint period = READ_ONCE(selfcheck) ?: PERIOD_IDLE;

	queue_delayed_work(system_wq, &work, min(period, PERIOD_MAX) * HZ);
}

void weir_selfcheck_stop(void)
{
	cancel_delayed_work_sync(&work);
}

void weir_selfcheck_stats(u64 *checks_now, u64 *alarms_now)
{
	*checks_now = atomic64_read(&checks);
	*alarms_now = atomic64_read(&alarms);
}
