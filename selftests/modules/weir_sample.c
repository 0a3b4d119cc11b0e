// SPDX-License-Identifier: GPL-2.0
/* A module with Template Types of its own, and events of them as tests ask for. */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "weir_module.h"
#include "weir_sample.h"

/* Longer than any value may be. */
#define LEN_MAX (WEIR_MODULE_LEN_MAX + 1)

static bool forget;
module_param(forget, bool, 0);
MODULE_PARM_DESC(forget, "go without unregistering, which is wrong");

static const struct weir_module_field fields[WEIR_SAMPLE_FIELDS] = {
	[TEXT] = { "Text", WEIR_MODULE_STRING },
	[NUMBER] = { "Number", WEIR_MODULE_U64 },
	[BALANCE] = { "Balance", WEIR_MODULE_I64 },
	[COLOUR] = { "Colour", WEIR_MODULE_ENUM, "red|green|blue" },
	[ADDRESS] = { "Address", WEIR_MODULE_IP },
	[FLAG] = { "Flag", WEIR_MODULE_BOOL },
};

static struct weir_type_handle *types[WEIR_SAMPLE_TYPES];
static DEFINE_MUTEX(types_lock); /* who registers and unregisters; submitting needs no lock */
static DEFINE_SPINLOCK(some_lock);

/**
 * struct job - an event on its way
 * @e: what was asked for
 * @v: its values, in kernel memory
 * @irq: for an event from an interrupt
 * @done: the interrupt or thread is over
 */
struct job {
	struct weir_sample_event e;
	struct weir_module_value v[WEIR_SAMPLE_FIELDS + 1];
	struct irq_work irq;
	struct completion done;
};

static void submit(struct job *j)
{
	struct weir_type_handle *h = READ_ONCE(types[j->e.n]);

	j->e.wanted = weir_type_wanted(h);
	j->e.result = weir_type_submit(h, j->v, j->e.nvalues);
}

static void submit_in_irq(struct irq_work *work)
{
	struct job *j = container_of(work, struct job, irq);

	submit(j);
	complete(&j->done);
}

static int submit_in_thread(void *data)
{
	struct job *j = data;

	submit(j);
	kthread_complete_and_exit(&j->done, 0);
}

static int run(struct job *j)
{
	struct task_struct *t;
	unsigned long flags;

	init_completion(&j->done);
	switch (j->e.how) {
	case WEIR_SAMPLE_LOCKED:
		spin_lock_irqsave(&some_lock, flags);
		submit(j);
		spin_unlock_irqrestore(&some_lock, flags);
		return 0;
	case WEIR_SAMPLE_IRQ:
		j->irq = IRQ_WORK_INIT_HARD(submit_in_irq);
		irq_work_queue(&j->irq);
		wait_for_completion(&j->done);
		irq_work_sync(&j->irq);
		return 0;
	case WEIR_SAMPLE_KTHREAD:
		t = kthread_run(submit_in_thread, j, "weir-sample");
		if (IS_ERR(t))
			return PTR_ERR(t);
		wait_for_completion(&j->done);
		return 0;
	default:
		submit(j);
		return 0;
	}
}

static int copy_values(struct job *j)
{
	struct weir_sample_value from[WEIR_SAMPLE_FIELDS + 1];
	u32 i;

	if (copy_from_user(from, u64_to_user_ptr(j->e.values), j->e.nvalues * sizeof(*from)))
		return -EFAULT;
	for (i = 0; i < j->e.nvalues; i++) {
		j->v[i].kind = from[i].kind;
		j->v[i].len = from[i].len;
		j->v[i].num = from[i].num;
		j->v[i].ptr = (void *)(uintptr_t)from[i].ptr;
	}
	return 0;
}

static void free_bytes(struct job *j, u32 n)
{
	while (n--)
		kfree(j->v[n].ptr);
}

/* Exactly as many as the value has: a read past them is one that KASAN reports. */
static int copy_bytes(struct job *j)
{
	void *copy;
	u32 i;

	for (i = 0; i < j->e.nvalues; i++) {
		if (!j->v[i].ptr)
			continue;
		copy = j->v[i].len <= LEN_MAX ? memdup_user((void __user *)j->v[i].ptr, j->v[i].len)
					      : ERR_PTR(-E2BIG);
		if (IS_ERR(copy)) {
			free_bytes(j, i);
			return PTR_ERR(copy);
		}
		j->v[i].ptr = copy;
	}
	return 0;
}

static int run_with_values(struct job *j)
{
	int ret = copy_values(j);

	if (ret || j->e.how == WEIR_SAMPLE_RAW)
		return ret ?: run(j);
	ret = copy_bytes(j);
	if (ret)
		return ret;
	ret = run(j);
	free_bytes(j, j->e.nvalues);
	return ret;
}

static int do_submit(void __user *arg)
{
	struct job *j = kzalloc(sizeof(*j), GFP_KERNEL);
	int ret = -EFAULT;

	if (!j)
		return -ENOMEM;
	if (copy_from_user(&j->e, arg, sizeof(j->e)))
		goto out;
	ret = -EINVAL;
	if (j->e.n >= WEIR_SAMPLE_TYPES || j->e.nvalues > ARRAY_SIZE(j->v))
		goto out;
	ret = run_with_values(j);
	if (!ret && copy_to_user(arg, &j->e, sizeof(j->e)))
		ret = -EFAULT;
out:
	kfree(j);
	return ret;
}

static int add(u32 n, const struct weir_module_type *t)
{
	struct weir_type_handle *h;

	if (n >= WEIR_SAMPLE_TYPES || types[n])
		return -EBUSY;
	h = weir_type_register(t);
	if (IS_ERR(h))
		return PTR_ERR(h);
	WRITE_ONCE(types[n], h);
	return 0;
}

static int do_register(const void __user *arg)
{
	struct weir_module_type t = { .fields = fields, .owner = THIS_MODULE };
	struct weir_sample_type from;
	int ret;

	if (copy_from_user(&from, arg, sizeof(from)))
		return -EFAULT;
	from.name[sizeof(from.name) - 1] = 0;
	t.name = from.name;
	t.id = from.id;
	t.arity = from.arity ?: WEIR_SAMPLE_FIELDS;
	t.provided = from.provided;
	t.verdicts = from.verdicts;
	mutex_lock(&types_lock);
	ret = add(from.n, &t);
	mutex_unlock(&types_lock);
	return ret;
}

static int do_unregister(unsigned long n)
{
	int ret = -ENOENT;

	mutex_lock(&types_lock);
	if (n < WEIR_SAMPLE_TYPES && types[n]) {
		weir_type_unregister(types[n]);
		WRITE_ONCE(types[n], NULL);
		ret = 0;
	}
	mutex_unlock(&types_lock);
	return ret;
}

static long sample_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case WEIR_SAMPLE_REGISTER:
		return do_register((void __user *)arg);
	case WEIR_SAMPLE_UNREGISTER:
		return do_unregister(arg);
	case WEIR_SAMPLE_SUBMIT:
		return do_submit((void __user *)arg);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations sample_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = sample_ioctl,
};

static struct miscdevice sample_dev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "weir_sample",
	.fops = &sample_fops,
	.mode = 0600,
};

static int __init sample_init(void)
{
	const struct weir_module_type t = {
		.name = "sample_event",
		.id = 1000,
		.arity = WEIR_SAMPLE_FIELDS,
		.fields = fields,
		.provided = GENMASK_ULL(WEIR_SAMPLE_FIELDS - 1, 0),
		.verdicts = BIT(WEIR_MODULE_DENY),
		.owner = THIS_MODULE,
	};
	int ret = add(0, &t);

	if (ret)
		return ret;
	ret = misc_register(&sample_dev);
	if (ret)
		weir_type_unregister(types[0]);
	return ret;
}

static void __exit sample_exit(void)
{
	u32 i;

	misc_deregister(&sample_dev);
	for (i = 0; i < WEIR_SAMPLE_TYPES && !forget; i++)
		weir_type_unregister(types[i]);
}

module_init(sample_init);
module_exit(sample_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Weir developers");
MODULE_DESCRIPTION("Template Types of another module, for tests");
