/* SPDX-License-Identifier: GPL-2.0 */
/* The only place that asks which kernel this is: 6.1 to 6.12. */
#ifndef WEIR_KMOD_COMPAT_H
#define WEIR_KMOD_COMPAT_H

#include <linux/build_bug.h>
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/ftrace.h>
#include <linux/kconfig.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "weir.ko needs Linux 6.1 or newer"
#endif

/* Counters and masks are read whole without a lock. */
static_assert(sizeof(long) == 8, "weir.ko needs a 64-bit kernel");

/* What a hook reads of its function's arguments is there only if each entry saves them. */
static_assert(IS_ENABLED(CONFIG_DYNAMIC_FTRACE_WITH_ARGS), "weir.ko needs ftrace with arguments");

/* weir_capabilities() - a set of capabilities, one a bit */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
static inline u64 weir_capabilities(const kernel_cap_t *set)
{
	return set->val;
}
#else
static inline u64 weir_capabilities(const kernel_cap_t *set)
{
	return (u64)set->cap[1] << 32 | set->cap[0];
}
#endif

/* What the prototypes of hooks differ in. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#define WEIR_CREDS_FILE const struct file
#else
#define WEIR_CREDS_FILE struct file
#endif

/* How the mount that a file was opened on maps its owners: for i_uid_into_vfsuid(). */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#define weir_file_idmap(file) file_mnt_idmap(file)
#else
#define weir_file_idmap(file) file_mnt_user_ns(file)
#endif

/* A program run by its descriptor alone is called by its file's name, not by the number. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0) ||                                              \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 14) &&                                        \
	 LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)) ||                                         \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 129) &&                                        \
	 LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0))
#define weir_named_by_file(bprm) ((bprm)->comm_from_dentry)
#else
#define weir_named_by_file(bprm) false
#endif

/* weir_page_now() - a page of a process's memory if it is there, with a reference; 1 if so */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
static inline long weir_page_now(struct mm_struct *mm, unsigned long at, struct page **page)
{
	return get_user_pages_remote(mm, at, 1, FOLL_NOFAULT, page, NULL);
}
#else
static inline long weir_page_now(struct mm_struct *mm, unsigned long at, struct page **page)
{
	return get_user_pages_remote(mm, at, 1, FOLL_NOFAULT, page, NULL, NULL);
}
#endif

/*
 * weir_mm_exe() - the executable of a memory descriptor, with a reference, or NULL
 * weir_ftrace_arg() - an argument of the function whose entry a hook is called at
 * weir_ftrace_go_to() - where to go on instead of in that function
 * WEIR_HOOK_6_2() - a row of hooks.def whose function came with Linux 6.2
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
static inline struct file *weir_mm_exe(struct mm_struct *mm)
{
	struct file *exe;

	rcu_read_lock();
	exe = get_file_rcu(&mm->exe_file);
	rcu_read_unlock();
	return exe;
}
#else
static inline struct file *weir_mm_exe(struct mm_struct *mm)
{
	struct file *exe;

	rcu_read_lock();
	exe = rcu_dereference(mm->exe_file);
	if (exe && !get_file_rcu(exe))
		exe = NULL;
	rcu_read_unlock();
	return exe;
}
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define WEIR_HOOK_6_2(...) WEIR_HOOK(__VA_ARGS__)

static inline unsigned long weir_ftrace_arg(struct ftrace_regs *fregs, unsigned int n)
{
	return ftrace_regs_get_argument(fregs, n);
}

static inline void weir_ftrace_go_to(struct ftrace_regs *fregs, unsigned long ip)
{
	ftrace_regs_set_instruction_pointer(fregs, ip);
}
#else
#define WEIR_HOOK_6_2(...)

static inline unsigned long weir_ftrace_arg(struct ftrace_regs *fregs, unsigned int n)
{
	return regs_get_kernel_argument(&fregs->regs, n);
}

static inline void weir_ftrace_go_to(struct ftrace_regs *fregs, unsigned long ip)
{
	ftrace_instruction_pointer_set(fregs, ip);
}
#endif

#endif
