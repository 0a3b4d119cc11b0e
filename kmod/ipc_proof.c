// SPDX-License-Identifier: GPL-2.0
/* Real operations on sockets and files of our own, so that armed hooks can show that they fire. */
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/random.h>
#include <linux/socket.h>
#include <linux/un.h>
#include <net/net_namespace.h>

#include "file.h"
#include "ipc.h"

/* Nobody else has this name, nor can have taken all that the kernel would choose from. */
static int own_name(struct sockaddr_un *addr)
{
	addr->sun_family = AF_UNIX;
	addr->sun_path[0] = '\0';
	return offsetof(struct sockaddr_un, sun_path) + 1 +
	       scnprintf(addr->sun_path + 1, sizeof(addr->sun_path) - 1, "weir-proof-%016llx",
			 get_random_u64());
}

/* A bound socket, and one that connects to it. */
static int connect_own(int type)
{
	struct sockaddr_un addr = {};
	int len = own_name(&addr), err;
	struct socket *server, *client;

	err = sock_create_kern(&init_net, AF_UNIX, type, 0, &server);
	if (err)
		return err;
	err = sock_create_kern(&init_net, AF_UNIX, type, 0, &client);
	if (err)
		goto out_server;
	err = kernel_bind(server, (struct sockaddr *)&addr, len);
	if (!err && type != SOCK_DGRAM)
		err = kernel_listen(server, 1);
	if (!err)
		err = kernel_connect(client, (struct sockaddr *)&addr, len, O_NONBLOCK);
	sock_release(client);
out_server:
	sock_release(server);
	return err;
}

/* In memory and in no directory: nobody can be asked whether it may be opened, and made to wait. */
static int open_own(void)
{
	struct file *own = weir_proof_file();
	struct file *file;

	if (IS_ERR(own))
		return PTR_ERR(own);
	file = file_open_root(&own->f_path, "", O_RDONLY, 0);
	if (!IS_ERR(file))
		fput(file);
	fput(own);
	return PTR_ERR_OR_ZERO(file);
}

static int prove(void)
{
	int err;

	err = connect_own(SOCK_STREAM);
	if (!err)
		err = connect_own(SOCK_DGRAM);
	if (!err)
		err = open_own();
	return err;
}

const struct weir_point weir_ipc_point = {
	.type = WEIR_TYPE_ipc,
	.fields = weir_ipc_fields,
	.prove = prove,
};
