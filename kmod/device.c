// SPDX-License-Identifier: GPL-2.0
/* /dev/weir: who may open it, and records by read() and poll(). */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/uio.h>
#include <linux/wait.h>

#include "control.h"
#include "exempt.h"
#include "records.h"

static int weir_dev_open(struct inode *inode, struct file *file)
{
	int err;

	/* Opened for neither, as access mode 3 does, it would need no right, but poll() works. */
	if (!(file->f_mode & (FMODE_READ | FMODE_WRITE)))
		return -EINVAL;
	if ((file->f_mode & FMODE_WRITE) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if ((file->f_mode & FMODE_READ) && !capable(CAP_AUDIT_READ) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (file->f_mode & FMODE_WRITE) {
		err = weir_exempt_open(file);
		if (err)
			return err;
	}
	return stream_open(inode, file);
}

static int weir_dev_release(struct inode *inode, struct file *file)
{
	if (file->f_mode & FMODE_WRITE)
		weir_exempt_release(file);
	return 0;
}

static ssize_t weir_dev_read(struct kiocb *io, struct iov_iter *to)
{
	struct weir_ring *r = &weir_records;
	ssize_t n;

	if (!iov_iter_count(to))
		return 0;
	for (;;) {
		n = weir_ring_read(r, to);
		if (n)
			return n;
		if (io->ki_filp->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(r->wait, weir_ring_readable(r)))
			return -ERESTARTSYS;
	}
}

static __poll_t weir_dev_poll(struct file *file, poll_table *wait)
{
	struct weir_ring *r = &weir_records;

	poll_wait(file, &r->wait, wait);
	/* Queued before the ring is looked at: pairs with weir_ring_publish() and its like. */
	smp_mb();
	return weir_ring_readable(r) ? EPOLLIN | EPOLLRDNORM : 0;
}

static const struct file_operations weir_dev_fops = {
	.owner = THIS_MODULE,
	.open = weir_dev_open,
	.release = weir_dev_release,
	.read_iter = weir_dev_read,
	.poll = weir_dev_poll,
	.unlocked_ioctl = weir_control_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice weir_dev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "weir",
	.fops = &weir_dev_fops,
	.mode = 0600,
};

int weir_device_init(void)
{
	return misc_register(&weir_dev);
}

void weir_device_exit(void)
{
	misc_deregister(&weir_dev);
}
