// SPDX-License-Identifier: GPL-2.0
/* Strings on their way into an event: room, paths, arguments, user names. */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

#include "capture.h"
#include "names.h"
#include "uapi/weir.h"

static const char deleted[] = " (deleted)";

u8 *weir_cap_room(struct weir_capture *c, u32 n)
{
	if (n <= c->size - c->used)
		return c->buf + c->used;
	weir_cap_unread(c);
	c->truncated = true;
	return NULL;
}

bool weir_cap_keep(struct weir_capture *c, struct weir_value *v, u32 n)
{
	v->ptr = c->buf + c->used;
	v->len = n;
	c->used += n;
	return true;
}

bool weir_cap_bytes(struct weir_capture *c, struct weir_value *v, const void *p, u32 n)
{
	u8 *to = weir_cap_room(c, n);

	if (!to)
		return false;
	memcpy(to, p, n);
	return weir_cap_keep(c, v, n);
}

/* Only the kernel's own mount holds them, so a file of this name elsewhere is not taken for one. */
bool weir_path_memfd(const struct path *path)
{
	const struct dentry *d = path->dentry;

	if (!(path->mnt->mnt_flags & MNT_INTERNAL))
		return false;
	if (d->d_sb->s_magic != TMPFS_MAGIC && d->d_sb->s_magic != HUGETLBFS_MAGIC)
		return false;
	return !strncmp(d->d_name.name, "memfd:", 6);
}

bool weir_path_overlay(const struct path *path)
{
	return path->dentry->d_sb->s_magic == OVERLAYFS_SUPER_MAGIC;
}

/* The mark that d_path() adds is no part of the name. */
static u32 unmarked(const char *p, u32 n, bool gone)
{
	const u32 mark = sizeof(deleted) - 1;

	if (!gone || n < mark || memcmp(p + n - mark, deleted, mark))
		return n;
	return n - mark;
}

bool weir_cap_path(struct weir_capture *c, struct weir_value *v, const struct path *path)
{
	bool gone = d_unlinked(path->dentry) || weir_path_memfd(path);
	u8 *to = weir_cap_room(c, WEIR_PATH_CAP);
	char *p;
	u32 n;

	if (!to)
		return false;
	if (!current->fs || c->nolocks)
		return weir_cap_unread(c);
	p = d_path(path, to, WEIR_PATH_CAP);
	/* Unlinked meanwhile: now the mark is there for certain. */
	if (!gone && d_unlinked(path->dentry)) {
		gone = true;
		p = d_path(path, to, WEIR_PATH_CAP);
	}
	if (IS_ERR(p)) {
		c->truncated = true;
		n = scnprintf(to, WEIR_PATH_CAP, ".../%pd4", path->dentry);
		return weir_cap_keep(c, v, n);
	}
	n = unmarked(p, strnlen(p, to + WEIR_PATH_CAP - (u8 *)p), gone);
	memmove(to, p, n);
	return weir_cap_keep(c, v, n);
}

/* By pages, so that one that is not in memory does not cost the others. */
static u32 copy_user(u8 *to, unsigned long from, u32 n)
{
	u32 done = 0, step;

	while (done < n) {
		step = min_t(u32, n - done, PAGE_SIZE - offset_in_page(from + done));
		if (copy_from_user_nofault(to + done, (const void __user *)(from + done), step))
			break;
		done += step;
	}
	return done;
}

bool weir_cap_arguments(struct weir_capture *c, struct weir_value *v)
{
	const struct mm_struct *mm = current->mm;
	unsigned long start, end, whole;
	u8 *to = weir_cap_room(c, WEIR_VALUE_MAX);
	u32 n, i, want;

	if (!to || !mm)
		return false;
	start = READ_ONCE(mm->arg_start);
	end = READ_ONCE(mm->arg_end);
	whole = end > start ? end - start : 0;
	/* The zero byte that ends the last argument is no part of the text. */
	if (whole && copy_user(to, end - 1, 1) && !*to)
		whole--;
	want = min_t(unsigned long, whole, WEIR_VALUE_MAX);
	n = copy_user(to, start, want);
	if (n < want)
		weir_cap_unread(c);
	if (n < whole)
		c->truncated = true;
	if (!n && whole)
		return false;
	for (i = 0; i < n; i++)
		if (!to[i])
			to[i] = ' ';
	return weir_cap_keep(c, v, n);
}

bool weir_cap_user(struct weir_capture *c, struct weir_value *v, uid_t uid)
{
	const u32 room = sizeof_field(struct weir_u_name, name);
	u8 *to = weir_cap_room(c, room);
	u32 n;

	if (!to)
		return false;
	n = weir_names_find(uid, to, room);
	if (!n)
		n = scnprintf(to, room, "%u", uid);
	return weir_cap_keep(c, v, n);
}
