// SPDX-License-Identifier: GPL-2.0
/* To whom no verdict is applied: PID 1, kernel threads, loaders, and listed executables. */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/namei.h>
#include <linux/nospec.h>
#include <linux/pid.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "exempt.h"

/**
 * struct opener - an open file that can change the store
 * @list: in openers
 * @tgid: of the process that opened it; held, so that no other process can come to have it
 * @rcu: frees it
 */
struct opener {
	struct list_head list;
	struct pid *tgid;
	struct rcu_head rcu;
};

/**
 * struct exe - an executable on the list
 * @dev: its file system
 * @ino: its number there
 * @generation: that tells it from earlier files of that number
 * @path: that led to it
 */
struct exe {
	dev_t dev;
	u64 ino;
	u32 generation;
	const char *path;
};

/**
 * struct exes - the list of executables; never changed, only replaced
 * @n: entries
 * @exe: the entries; behind them their paths
 */
struct exes {
	u32 n;
	struct exe exe[];
};

static LIST_HEAD(openers);
static DEFINE_SPINLOCK(openers_lock);
static struct exes __rcu *exes;
static DEFINE_MUTEX(exes_lock); /* one replacement at a time */

static bool is_opener(void)
{
	const struct pid *tgid = task_tgid(current);
	const struct opener *o;

	list_for_each_entry_rcu(o, &openers, list)
		if (o->tgid == tgid)
			return true;
	return false;
}

static bool same_file(const struct exe *e, const struct inode *inode)
{
	return e->ino == inode->i_ino && e->dev == inode->i_sb->s_dev &&
	       e->generation == inode->i_generation;
}

static bool is_listed(const struct file *file)
{
	const struct exes *list = rcu_dereference(exes);
	u32 i;

	if (!list || !file)
		return false;
	for (i = 0; i < list->n; i++)
		if (same_file(&list->exe[i], file_inode(file)))
			return true;
	return false;
}

static bool runs_listed(void)
{
	struct file *exe = current->mm ? weir_mm_exe(current->mm) : NULL;
	bool listed;

	if (!exe)
		return false;
	listed = is_listed(exe);
	fput(exe);
	return listed;
}

bool weir_exempt(const struct weir_capture *c)
{
	bool exempt;

	if (current->flags & PF_KTHREAD || is_global_init(current))
		return true;
	rcu_read_lock();
	exempt = is_opener() || is_listed(c->target) || runs_listed();
	rcu_read_unlock();
	return exempt;
}

int weir_exempt_open(struct file *file)
{
	struct opener *o = kmalloc(sizeof(*o), GFP_KERNEL);

	if (!o)
		return -ENOMEM;
	o->tgid = get_pid(task_tgid(current));
	file->private_data = o;
	spin_lock(&openers_lock);
	list_add_rcu(&o->list, &openers);
	spin_unlock(&openers_lock);
	return 0;
}

static void free_opener(struct rcu_head *rcu)
{
	struct opener *o = container_of(rcu, struct opener, rcu);

	put_pid(o->tgid);
	kfree(o);
}

void weir_exempt_release(struct file *file)
{
	struct opener *o = file->private_data;

	spin_lock(&openers_lock);
	list_del_rcu(&o->list);
	spin_unlock(&openers_lock);
	call_rcu(&o->rcu, free_opener);
}

/* Fills all of @e but its path. */
static int look_up(const char *name, struct exe *e)
{
	const struct inode *inode;
	struct path path;
	int err;

	err = kern_path(name, LOOKUP_FOLLOW, &path);
	if (err)
		return err;
	inode = d_inode(path.dentry);
	if (S_ISREG(inode->i_mode)) {
		e->dev = inode->i_sb->s_dev;
		e->ino = inode->i_ino;
		e->generation = inode->i_generation;
	} else {
		err = -EINVAL;
	}
	path_put(&path);
	return err;
}

/* Adds the path at @at to the list. Returns the bytes it takes, or an error. */
static int add_exe(struct exes *list, const char *at, const char *end)
{
	struct exe *e = &list->exe[list->n];
	size_t n = strnlen(at, end - at);
	int err;

	if (n == (size_t)(end - at) || n >= PATH_MAX || *at != '/')
		return -EINVAL;
	err = look_up(at, e);
	if (err)
		return err;
	e->path = at;
	list->n++;
	return n + 1;
}

static int fill(struct exes *list, const char *text, u32 len, u32 count)
{
	const char *at = text, *end = text + len;
	int n;

	while (list->n < count) {
		n = add_exe(list, at, end);
		if (n < 0)
			return n;
		at += n;
	}
	return at == end ? 0 : -EINVAL;
}

static void replace(struct exes *list)
{
	struct exes *old;

	mutex_lock(&exes_lock);
	old = rcu_replace_pointer(exes, list, lockdep_is_held(&exes_lock));
	mutex_unlock(&exes_lock);
	if (!old)
		return;
	synchronize_rcu();
	kvfree(old);
}

int weir_exempt_set(const char *paths, u32 len, u32 count, u32 *bad)
{
	size_t head = sizeof(struct exes) + count * sizeof(struct exe);
	struct exes *list;
	char *text;
	int err;

	*bad = WEIR_NOWHERE;
	list = kvzalloc(head + len, GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	text = (char *)list + head;
	memcpy(text, paths, len);
	err = fill(list, text, len, count);
	if (err) {
		*bad = list->n < count ? list->n : WEIR_NOWHERE;
		kvfree(list);
		return err;
	}
	replace(list);
	return 0;
}

int weir_exempt_describe(struct weir_u_exempted *io)
{
	const struct exes *list;
	struct exe e = {}, now;
	int ret = -ENOENT;

	mutex_lock(&exes_lock);
	list = rcu_dereference_protected(exes, lockdep_is_held(&exes_lock));
	if (list && io->index < list->n) {
		e = list->exe[array_index_nospec(io->index, list->n)];
		strscpy_pad(io->path, e.path, sizeof(io->path));
		ret = 0;
	}
	mutex_unlock(&exes_lock);
	if (ret)
		return ret;
	io->major = MAJOR(e.dev);
	io->minor = MINOR(e.dev);
	io->ino = e.ino;
	io->generation = e.generation;
	/* Not under the lock: the way to it may lead over a file system that does not answer. */
	io->current_file = !look_up(io->path, &now) && now.dev == e.dev && now.ino == e.ino &&
			   now.generation == e.generation;
	return 0;
}

void weir_exempt_exit(void)
{
	replace(NULL);
	/* What release() handed over is freed by code of this module. */
	rcu_barrier();
}
