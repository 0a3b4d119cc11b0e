// SPDX-License-Identifier: GPL-2.0
/* The fields of ipc, a function each; templates.def says what they mean. */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/ipc.h>
#include <linux/ipc_namespace.h>
#include <linux/kernel.h>
#include <linux/nsproxy.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <net/af_unix.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "capture.h"
#include "ipc.h"

static const struct weir_ipc *ipc_of(const struct weir_capture *c)
{
	return c->hook;
}

static const struct unix_address *address_of(const struct weir_ipc *e)
{
	/* Acquire: pairs with bind(), which sets the path first; both are set once. */
	return e->peer ? smp_load_acquire(&unix_sk(e->peer)->addr) : NULL;
}

static bool is_abstract(const struct unix_address *a)
{
	return a && a->len > offsetof(struct sockaddr_un, sun_path) && !a->name->sun_path[0];
}

/* What the object's name stands for: the file, or else the socket's own inode. */
static const struct inode *inode_of(const struct weir_ipc *e)
{
	if (e->file)
		return file_inode(e->file);
	if (!e->peer)
		return NULL;
	if (address_of(e) && unix_sk(e->peer)->path.dentry)
		return d_backing_inode(unix_sk(e->peer)->path.dentry);
	return e->peer->sk_socket ? SOCK_INODE(e->peer->sk_socket) : NULL;
}

static bool weir_cap_ipc_Operation(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, ipc_of(c)->operation);
}

static bool weir_cap_ipc_IpcType(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, ipc_of(c)->type);
}

/* An abstract name begins with a zero byte, written '@', and may hold more of them. */
static bool unix_name(struct weir_capture *c, struct weir_value *v, const struct weir_ipc *e)
{
	const struct unix_address *a = address_of(e);
	u32 n;

	if (!a)
		return false;
	if (!is_abstract(a))
		return unix_sk(e->peer)->path.dentry &&
		       weir_cap_path(c, v, &unix_sk(e->peer)->path);
	n = a->len - offsetof(struct sockaddr_un, sun_path);
	if (!weir_cap_bytes(c, v, a->name->sun_path, n))
		return false;
	c->buf[c->used - n] = '@';
	return true;
}

static bool sysv_name(struct weir_capture *c, struct weir_value *v, const struct weir_ipc *e)
{
	char key[16];

	return weir_cap_bytes(c, v, key, scnprintf(key, sizeof(key), "0x%08x", (u32)e->perm->key));
}

static bool weir_cap_ipc_ObjectName(struct weir_capture *c, struct weir_value *v)
{
	const struct weir_ipc *e = ipc_of(c);

	if (e->peer)
		return unix_name(c, v, e);
	return e->file ? weir_cap_path(c, v, &e->file->f_path) : sysv_name(c, v, e);
}

static bool weir_cap_ipc_ObjectId(struct weir_capture *c, struct weir_value *v)
{
	const struct inode *inode = inode_of(ipc_of(c));

	if (ipc_of(c)->perm)
		return weir_cap_num(v, ipc_of(c)->perm->id);
	return inode && weir_cap_num(v, inode->i_ino);
}

static bool weir_cap_ipc_ObjectMode(struct weir_capture *c, struct weir_value *v)
{
	const struct inode *inode = inode_of(ipc_of(c));

	if (ipc_of(c)->perm)
		return weir_cap_num(v, ipc_of(c)->perm->mode & 0777);
	return inode && weir_cap_num(v, inode->i_mode & 07777);
}

static bool weir_cap_ipc_ObjectUserId(struct weir_capture *c, struct weir_value *v)
{
	const struct inode *inode = inode_of(ipc_of(c));

	if (ipc_of(c)->perm)
		return weir_cap_num(v, from_kuid(&init_user_ns, ipc_of(c)->perm->uid));
	return inode && weir_cap_num(v, from_kuid(&init_user_ns, inode->i_uid));
}

static bool weir_cap_ipc_ObjectGroupId(struct weir_capture *c, struct weir_value *v)
{
	const struct inode *inode = inode_of(ipc_of(c));

	if (ipc_of(c)->perm)
		return weir_cap_num(v, from_kgid(&init_user_ns, ipc_of(c)->perm->gid));
	return inode && weir_cap_num(v, from_kgid(&init_user_ns, inode->i_gid));
}

static bool weir_cap_ipc_Abstract(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, is_abstract(address_of(ipc_of(c))));
}

static bool weir_cap_ipc_Access(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, ipc_of(c)->access);
}

/* The namespace in which the object's name means this object. */
static bool weir_cap_ipc_Namespace(struct weir_capture *c, struct weir_value *v)
{
	const struct weir_ipc *e = ipc_of(c);

	if (e->peer)
		return weir_cap_num(v, sock_net(e->peer)->ns.inum);
	if (e->type == WEIR_IPC_FIFO)
		return weir_task_mount_ns(&v->num);
	return current->nsproxy && weir_cap_num(v, current->nsproxy->ipc_ns->ns.inum);
}

/*
 * Who listens, or made the pair: the kernel notes that for the sake of SO_PEERCRED. Under its lock,
 * for another listen() drops the note; the task then lives as long as the RCU reader does.
 */
static struct task_struct *peer_leader(struct sock *peer, u64 *pid)
{
	struct task_struct *leader = NULL;

	*pid = 0;
	if (!peer)
		return NULL;
	spin_lock(&peer->sk_peer_lock);
	if (peer->sk_peer_pid) {
		*pid = pid_nr(peer->sk_peer_pid);
		leader = pid_task(peer->sk_peer_pid, PIDTYPE_TGID);
	}
	spin_unlock(&peer->sk_peer_lock);
	return leader;
}

static bool weir_cap_ipc_TargetProcessId(struct weir_capture *c, struct weir_value *v)
{
	peer_leader(ipc_of(c)->peer, &v->num);
	return v->num;
}

static bool weir_cap_ipc_TargetUserId(struct weir_capture *c, struct weir_value *v)
{
	struct sock *peer = ipc_of(c)->peer;
	kuid_t uid;

	if (!peer)
		return false;
	uid = peer->sk_uid;
	spin_lock(&peer->sk_peer_lock);
	if (peer->sk_peer_cred)
		uid = peer->sk_peer_cred->euid;
	spin_unlock(&peer->sk_peer_lock);
	return weir_cap_num(v, from_kuid(&init_user_ns, uid));
}

static bool weir_cap_ipc_TargetImage(struct weir_capture *c, struct weir_value *v)
{
	struct task_struct *leader;
	u64 pid;

	leader = peer_leader(ipc_of(c)->peer, &pid);
	return leader && weir_cap_image(c, v, leader);
}

/* clang-format off */
#define WEIR_TYPE(t, id, channel, arity)
#define WEIR_FIELD(t, name, kind, capture, values) WEIR_ROW_##t(name, capture)
#define WEIR_TYPE_END(t)
#define WEIR_ROW_process_creation(name, capture)
#define WEIR_ROW_file_event(name, capture)
#define WEIR_ROW_network_connection(name, capture)
#define WEIR_ROW_ipc(name, capture) WEIR_CAP_ROW_##capture(ipc, name)
#define WEIR_ROW_kernel_activity(name, capture)
/* clang-format on */
const weir_cap_fn weir_ipc_fields[WEIR_ipc_arity] = {
#include "../interpreter/templates.def"
};
