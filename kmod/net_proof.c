// SPDX-License-Identifier: GPL-2.0
/* Calls on a socket of our own, so that armed hooks can show that they fire. */
#include <linux/in.h>
#include <linux/net.h>
#include <linux/security.h>
#include <linux/socket.h>
#include <net/net_namespace.h>

#include "net.h"

/*
 * UDP refuses what is out of band before it looks at anything else, so that nothing is sent, no
 * port is taken and no interface need be up. The hook has been entered by then.
 */
static int prove(void)
{
	struct msghdr msg = { .msg_flags = MSG_OOB | MSG_DONTWAIT };
	struct socket *sock;
	int err;

	err = sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, IPPROTO_UDP, &sock);
	if (err)
		return err;
	kernel_sendmsg(sock, &msg, NULL, 0, 0);
	security_sock_graft(sock->sk, sock);
	sock_release(sock);
	return 0;
}

const struct weir_point weir_net_point = {
	.type = WEIR_TYPE_network_connection,
	.fields = weir_net_fields,
	.prove = prove,
};
