// SPDX-License-Identifier: GPL-2.0
/* The processes that are there before the process table is. */
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/fs_struct.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/path.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "capture.h"
#include "compat.h"
#include "procs.h"

/* A process that forked when it was not known yet may have a child that was passed over. */
#define PASSES_MAX 4

/* What the strings of one process are captured with; an event that is none. */
struct filler {
	struct weir_capture c;
	bool images;
	bool commands;
};

/* The next task that has a number of this kind, with a reference; NULL behind the last one. */
static struct task_struct *next_task_from(pid_t *nr, enum pid_type type)
{
	struct task_struct *task = NULL;
	struct pid *pid;

	rcu_read_lock();
	while (!task) {
		pid = find_ge_pid(*nr, &init_pid_ns);
		if (!pid)
			break;
		*nr = pid_nr(pid) + 1;
		task = pid_task(pid, type);
		if (task && task->flags & PF_KTHREAD)
			task = NULL;
	}
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

/* Its memory, with a reference. The leader may have ended before other threads. */
static struct mm_struct *memory_of(struct task_struct *leader)
{
	struct mm_struct *mm = NULL;
	struct task_struct *t;

	rcu_read_lock();
	for_each_thread(leader, t) {
		mm = get_task_mm(t);
		if (mm)
			break;
	}
	rcu_read_unlock();
	return mm;
}

/* Paths are seen from here, but a process in another root directory names its own from there. */
static void below_root(struct weir_capture *c, struct weir_value *v, struct task_struct *leader)
{
	struct weir_value dir = {};
	struct path root = {};

	task_lock(leader);
	if (leader->fs)
		get_fs_root(leader->fs, &root);
	task_unlock(leader);
	if (!root.dentry)
		return;
	if (weir_cap_path(c, &dir, &root) && dir.len > 1 && dir.len < v->len &&
	    !memcmp(v->ptr, dir.ptr, dir.len) && ((const u8 *)v->ptr)[dir.len] == '/') {
		v->ptr = (const u8 *)v->ptr + dir.len;
		v->len -= dir.len;
	}
	path_put(&root);
}

static bool image_of(struct weir_capture *c, struct weir_value *v, struct task_struct *leader,
		     struct mm_struct *mm)
{
	struct file *exe = weir_mm_exe(mm);

	if (!exe)
		return false;
	weir_cap_path(c, v, &exe->f_path);
	fput(exe);
	below_root(c, v, leader);
	/* The tail of a path that is too long must not pass for a path. */
	return v->len && !c->truncated;
}

/* Not waiting for pages: whose memory it is could make that last for ever. */
static u32 copy_now(struct mm_struct *mm, unsigned long from, u8 *to, u32 n)
{
	u32 done = 0, step;
	struct page *page;

	if (!mmap_read_trylock(mm))
		return 0;
	while (done < n && weir_page_now(mm, from + done, &page) == 1) {
		step = min_t(u32, n - done, PAGE_SIZE - offset_in_page(from + done));
		memcpy_from_page(to + done, page, offset_in_page(from + done), step);
		put_page(page);
		done += step;
	}
	mmap_read_unlock(mm);
	return done;
}

static bool command_of(struct weir_capture *c, struct weir_value *v, struct mm_struct *mm)
{
	u8 *to = weir_cap_room(c, WEIR_VALUE_MAX);
	unsigned long start, end, whole;
	u32 had, n, i;

	if (!to)
		return false;
	spin_lock(&mm->arg_lock);
	start = mm->arg_start;
	end = mm->arg_end;
	spin_unlock(&mm->arg_lock);
	whole = end > start ? end - start : 0;
	had = copy_now(mm, start, to, min_t(unsigned long, whole, WEIR_VALUE_MAX));
	c->truncated = had < whole;
	n = had;
	/* A process that writes a title over its arguments leaves zero bytes behind it. */
	while (n && !to[n - 1])
		n--;
	for (i = 0; i < n; i++)
		if (!to[i])
			to[i] = ' ';
	/* What could be read of it must not pass for what is remembered of one. */
	return weir_cap_keep(c, v, n) && had >= min_t(unsigned long, whole, WEIR_PROC_COMMAND);
}

static void find_out(struct filler *f, struct task_struct *leader)
{
	struct weir_value image = {}, command = {};
	struct mm_struct *mm = memory_of(leader);

	if (mm) {
		f->c.used = 0;
		f->c.truncated = false;
		if (f->images && image_of(&f->c, &image, leader, mm))
			image.kind = WEIR_KIND_string;
		f->c.truncated = false;
		if (f->commands && command_of(&f->c, &command, mm))
			command.kind = WEIR_KIND_string;
		/* The last user of memory can have to wait for input that never comes. */
		mmput_async(mm);
	}
	weir_procs_complete(leader, &image, &command, f->c.truncated);
	/* It may have ended before its place was reserved. */
	if (!atomic_read(&leader->signal->live))
		weir_procs_exit(leader);
}

static bool fill_once(struct filler *f)
{
	struct task_struct *leader;
	bool found = false;
	pid_t nr = 1;

	while ((leader = next_task_from(&nr, PIDTYPE_TGID))) {
		if (weir_procs_reserve(leader)) {
			find_out(f, leader);
			found = true;
		}
		put_task_struct(leader);
		cond_resched();
	}
	return found;
}

int weir_procs_fill(bool images, bool commands)
{
	struct filler *f = kzalloc(sizeof(*f), GFP_KERNEL);
	int pass = 0;

	if (!f)
		return -ENOMEM;
	f->images = images;
	f->commands = commands;
	f->c.size = WEIR_BUFFER_SIZE;
	f->c.buf = kvmalloc(WEIR_BUFFER_SIZE, GFP_KERNEL);
	if (!f->c.buf) {
		kfree(f);
		return -ENOMEM;
	}
	while (pass < PASSES_MAX && fill_once(f))
		pass++;
	kvfree(f->c.buf);
	kfree(f);
	return 0;
}

void weir_procs_expect_running(void)
{
	struct task_struct *task;
	pid_t nr = 1;

	while ((task = next_task_from(&nr, PIDTYPE_PID))) {
		rcu_read_lock();
		if (task->in_execve)
			weir_procs_expect(task->group_leader);
		rcu_read_unlock();
		put_task_struct(task);
		cond_resched();
	}
}
