// SPDX-License-Identifier: GPL-2.0
/* Real operations on sockets and files of our own, so that armed hooks can show that they fire. */
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/un.h>
#include <net/net_namespace.h>

#include "ipc.h"

/* A bound socket whose name the kernel chose, and one that connects to it. */
static int connect_own(int type)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct socket *server, *client;
	int err, len;

	err = sock_create_kern(&init_net, AF_UNIX, type, 0, &server);
	if (err)
		return err;
	err = sock_create_kern(&init_net, AF_UNIX, type, 0, &client);
	if (err)
		goto out_server;
	err = kernel_bind(server, (struct sockaddr *)&addr, sizeof(addr.sun_family));
	if (!err && type != SOCK_DGRAM)
		err = kernel_listen(server, 1);
	if (err)
		goto out_client;
	len = kernel_getsockname(server, (struct sockaddr *)&addr);
	if (len < 0)
		err = len;
	else
		err = kernel_connect(client, (struct sockaddr *)&addr, len, O_NONBLOCK);
out_client:
	sock_release(client);
out_server:
	sock_release(server);
	return err;
}

static int open_root(void)
{
	struct file *root = filp_open("/", O_RDONLY | O_DIRECTORY, 0);

	if (IS_ERR(root))
		return PTR_ERR(root);
	fput(root);
	return 0;
}

static int prove(void)
{
	int err;

	err = connect_own(SOCK_STREAM);
	if (!err)
		err = connect_own(SOCK_DGRAM);
	if (!err)
		err = open_root();
	return err;
}

const struct weir_point weir_ipc_point = {
	.type = WEIR_TYPE_ipc,
	.fields = weir_ipc_fields,
	.prove = prove,
};
