// SPDX-License-Identifier: GPL-2.0
/* Capture points: which exist, which are armed, and the events of each CPU. */
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/tracepoint.h>

#include "capture.h"
#include "exec.h"
#include "hooks.h"
#include "procs.h"

#define PROCESSES_MIN 64u
#define PROCESSES_MAX 65536u

static char *withhold;
module_param(withhold, charp, 0444);
MODULE_PARM_DESC(withhold, "Fields never to capture: type.Field,type.Field");

static uint processes = 4096;
module_param(processes, uint, 0444);
MODULE_PARM_DESC(processes, "Processes to remember while something is armed: 64 to 65536");

/* One a Template Type, by slot. Changes only as weir_capture_arm() does. */
struct state {
	const struct weir_point *point;
	u64 provided;
	u64 strings; /* of them, those that can be cut */
	u64 truncated; /* of them, the one that says whether any was */
	bool armed;
};

static struct state states[WEIR_NSLOTS];
static u32 armed_count;

/* One a CPU, its own while busy is set; there while any type is armed. */
struct slot {
	struct weir_capture c;
	bool busy;
};

static struct slot __percpu *slots;
static atomic64_t nested;

static struct weir_point extra_points[WEIR_TYPES_EXTRA]; /* of other modules' types */
static const struct weir_point *const points[] = { &weir_exec_point, &weir_file_point,
						   &weir_net_point, &weir_ipc_point,
						   &weir_activity_point };

/* A type with a field that is CAPTURED has a capture point: 1 for those in points[]. */
#define WEIR_POINT_process_creation 1
#define WEIR_POINT_file_event 1
#define WEIR_POINT_network_connection 1
#define WEIR_POINT_ipc 1
#define WEIR_POINT_kernel_activity 1

#define WEIR_TYPE(t, id, channel, arity)
#define WEIR_FIELD(t, name, kind, capture, values)                                                 \
	static_assert(WEIR_POINT_##t || WEIR_##capture != WEIR_CAPTURED,                           \
		      #t ": fields and capture points disagree");
#define WEIR_TYPE_END(t)
#include "../interpreter/templates.def"
#undef WEIR_TYPE
#undef WEIR_FIELD
#undef WEIR_TYPE_END

static struct state *state_of(u32 type)
{
	int slot = weir_type_index(type);

	return slot < 0 ? NULL : &states[slot];
}

static const struct weir_field *fields_of(const struct state *s)
{
	return weir_types[s - states].fields;
}

struct weir_capture *weir_capture_begin(u32 type, const void *hook)
{
	struct weir_capture *c;
	struct slot *s;

	/* Hooks are in tasks; an interrupt could not take the locks that capture takes. */
	if (!in_task())
		return NULL;
	preempt_disable();
	s = this_cpu_ptr(slots);
	if (s->busy) {
		preempt_enable();
		atomic64_inc(&nested);
		return NULL;
	}
	s->busy = true;
	c = &s->c;
	c->type = type;
	c->arity = weir_type_arity(weir_type_index(type));
	c->tried = 0;
	c->used = 0;
	c->truncated = false;
	c->failed = false;
	c->unread = 0;
	c->part = 0;
	c->nolocks = false;
	c->power = BIT(WEIR_VERDICT_ALERT);
	c->pid = task_tgid_nr(current);
	c->hook = hook;
	c->target = NULL;
	memset(c->v, 0, c->arity * sizeof(c->v[0]));
	return c;
}

void weir_capture_end(struct weir_capture *c)
{
	container_of(c, struct slot, c)->busy = false;
	preempt_enable();
}

u32 weir_capture_deliver(struct weir_capture *c)
{
	u64 wanted = weir_store_wanted(c->type);

	if (!wanted)
		return WEIR_VERDICT_NONE;
	weir_capture_fill(c, wanted);
	return weir_store_event(c);
}

static void capture_field(struct weir_capture *c, const struct state *s, u32 i)
{
	bool there;

	c->failed = false;
	there = s->point->fields[i](c, &c->v[i]);
	if (there)
		c->v[i].kind = fields_of(s)[i].kind;
	if (c->failed)
		c->unread |= BIT_ULL(i);
	if (c->failed && there)
		c->part |= BIT_ULL(i);
}

void weir_capture_fill(struct weir_capture *c, u64 fields)
{
	const struct state *s = state_of(c->type);
	u32 i;

	/* Another module's events come with their values. */
	if (!s || !s->point || !s->point->fields)
		return;
	fields &= s->provided;
	/* Whether a string was cut is known once all of them are captured. */
	if (fields & s->truncated)
		fields |= s->strings;
	fields &= ~c->tried;
	c->tried |= fields;
	rcu_read_lock();
	for (i = 0; i < c->arity; i++)
		if (fields & BIT_ULL(i))
			capture_field(c, s, i);
	rcu_read_unlock();
}

bool weir_capture_armed(u32 type)
{
	const struct state *s = state_of(type);

	/* Acquire: pairs with arm(). */
	return s && smp_load_acquire(&s->armed);
}

u64 weir_capture_provided(u32 type)
{
	const struct state *s = state_of(type);

	return s ? s->provided & ~weir_hooks_lost(type) : 0;
}

void weir_capture_stats(u64 *processes_now, u64 *evicted, u64 *nested_events)
{
	weir_procs_stats(processes_now, evicted);
	*nested_events = atomic64_read(&nested);
}

static void free_slots(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		kvfree(per_cpu_ptr(slots, cpu)->c.buf);
	free_percpu(slots);
	slots = NULL;
}

static int alloc_slots(void)
{
	struct weir_capture *c;
	int cpu;

	slots = alloc_percpu(struct slot);
	if (!slots)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		c = &per_cpu_ptr(slots, cpu)->c;
		c->size = WEIR_BUFFER_SIZE;
		c->buf = kvmalloc_node(WEIR_BUFFER_SIZE, GFP_KERNEL, cpu_to_node(cpu));
		if (!c->buf) {
			free_slots();
			return -ENOMEM;
		}
	}
	return 0;
}

/* What every armed type needs; in place from the first one armed to the last one disarmed. */
static int start(void)
{
	int err;

	err = alloc_slots();
	if (err)
		return err;
	err = weir_procs_start(processes);
	if (err)
		goto err_slots;
	err = weir_exec_start();
	if (err)
		goto err_procs;
	return 0;

err_procs:
	weir_procs_stop();
err_slots:
	free_slots();
	return err;
}

static void stop(void)
{
	weir_exec_stop();
	weir_procs_stop();
	free_slots();
}

static void disarm(struct state *s)
{
	if (s->point->watch)
		s->point->watch(false);
	WRITE_ONCE(s->armed, false);
	weir_hooks_disarm(s->point->type);
	tracepoint_synchronize_unregister();
	if (!--armed_count)
		stop();
}

static int arm(struct state *s)
{
	int err;

	if (!armed_count) {
		err = start();
		if (err)
			return err;
	}
	armed_count++;
	/* Release: another module's event that sees it finds its CPU's slot. */
	smp_store_release(&s->armed, true);
	err = weir_hooks_arm(s->point->type);
	if (!err)
		err = weir_hooks_prove(s->point->type, s->point->prove);
	if (err)
		disarm(s);
	else if (s->point->watch)
		s->point->watch(true);
	return err;
}

int weir_capture_check(u32 type)
{
	struct state *s = state_of(type);

	return s && s->armed ? weir_hooks_prove(type, s->point->prove) : 0;
}

int weir_capture_arm(u32 type, bool on)
{
	struct state *s = state_of(type);

	if (!s || !s->point)
		return -EOPNOTSUPP;
	if (s->armed == on)
		return 0;
	if (on)
		return arm(s);
	disarm(s);
	return 0;
}

void weir_capture_add(u32 slot, u32 type, u64 provided)
{
	struct weir_point *p = &extra_points[slot - WEIR_NTYPES];

	p->type = type;
	states[slot].provided = provided;
	states[slot].point = p;
}

void weir_capture_remove(u32 slot)
{
	states[slot].point = NULL;
	states[slot].provided = 0;
}

static void describe(struct state *s, u64 withheld)
{
	const struct weir_type *t = &weir_types[s - states];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(points); i++)
		if (points[i]->type == t->id)
			s->point = points[i];
	s->provided = s->point ? weir_captured(t) & ~withheld : 0;
	for (i = 0; i < t->arity; i++) {
		if (t->fields[i].kind == WEIR_KIND_string)
			s->strings |= BIT_ULL(i);
		else if (!strcmp(t->fields[i].name, "Truncated"))
			s->truncated |= BIT_ULL(i);
	}
	s->strings &= s->provided;
	s->truncated &= s->provided;
}

int weir_capture_init(void)
{
	u64 withheld[WEIR_NTYPES];
	int err;
	u32 i;

	if (IS_ENABLED(CONFIG_PREEMPT_RT)) {
		pr_err("weir: not on a PREEMPT_RT kernel: hooks would wait where they must not\n");
		return -EOPNOTSUPP;
	}
	if (processes < PROCESSES_MIN || processes > PROCESSES_MAX) {
		pr_err("weir: processes=%u: choose between %u and %u\n", processes, PROCESSES_MIN,
		       PROCESSES_MAX);
		return -EINVAL;
	}
	err = weir_withhold_parse(withhold, withheld);
	if (err)
		return err;
	weir_hooks_probe();
	for (i = 0; i < WEIR_NTYPES; i++)
		describe(&states[i], withheld[i]);
	if (!weir_task_probe())
		state_of(WEIR_TYPE_process_creation)->provided &=
			~BIT_ULL(WEIR_process_creation_MountNamespace);
	return 0;
}

void weir_capture_exit(void)
{
	u32 i;

	for (i = 0; i < WEIR_NTYPES; i++)
		weir_capture_arm(weir_types[i].id, false);
	weir_names_set(NULL, 0);
}
