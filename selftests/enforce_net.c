// SPDX-License-Identifier: GPL-2.0
/* Verdicts applied: connections and datagrams of the network. */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "enforce.h"
#include "net_end.h"

#define IP "127.0.0.1"
#define PORT 4480
/* What is under way on lo is there before that. */
#define ARRIVAL_MS 500

/* The test's own sockets. */
static int server = -1, client = -1;

static struct weir_net_address place(void)
{
	return weir_net_address(IP, PORT);
}

static int arrives(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ARRIVAL_MS) == 1;
}

static void net_cleanup(void)
{
	close(server);
	close(client);
	close(WEIR_DEED_FD);
	server = -1;
	client = -1;
}

static int listen_setup(void)
{
	const struct weir_net_address at = place();

	if (weir_net_lo_up())
		return -1;
	server = weir_net_listen(0, &at);
	return server < 0 ? -1 : 0;
}

static int connect_act(void)
{
	const struct weir_net_address to = place();

	return weir_net_connect(weir_net_socket(AF_INET, SOCK_STREAM, 0, NULL), &to);
}

static int connect_happened(pid_t actor)
{
	(void)actor;
	return arrives(server);
}

static int nothing_setup(void)
{
	return weir_net_lo_up();
}

static int bind_act(void)
{
	const struct weir_net_address at = place();

	return bind(socket(AF_INET, SOCK_DGRAM, 0), (const void *)&at.ss, at.len);
}

/* No other socket can have its place. */
static int bind_happened(pid_t actor)
{
	const struct weir_net_address at = place();
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int taken = bind(fd, (const void *)&at.ss, at.len) && errno == EADDRINUSE;

	(void)actor;
	close(fd);
	return taken;
}

static int datagram_setup(void)
{
	const struct weir_net_address at = place();

	if (weir_net_lo_up())
		return -1;
	server = weir_net_socket(AF_INET, SOCK_DGRAM, 0, &at);
	return server < 0 ? -1 : 0;
}

static int sendto_act(void)
{
	const struct weir_net_address to = place();

	return (int)sendto(socket(AF_INET, SOCK_DGRAM, 0), "x", 1, 0, (const void *)&to.ss, to.len);
}

static int sendto_happened(pid_t actor)
{
	(void)actor;
	return arrives(server);
}

/* A connection waits for the actor. */
static int accept_setup(void)
{
	const struct weir_net_address to = place();

	if (weir_net_lo_up())
		return -1;
	server = weir_net_listen(0, &to);
	client = weir_net_socket(AF_INET, SOCK_STREAM, 0, NULL);
	if (server < 0 || client < 0 || weir_net_connect(client, &to))
		return -1;
	return dup2(server, WEIR_DEED_FD) < 0 ? -1 : 0;
}

static int accept_act(void)
{
	int fd = accept(WEIR_DEED_FD, NULL, NULL);

	return fd < 0 ? -1 : (int)write(fd, "x", 1);
}

/* The descriptor was of use. */
static int accept_happened(pid_t actor)
{
	char byte;

	(void)actor;
	return arrives(client) && recv(client, &byte, 1, MSG_DONTWAIT) == 1;
}

const struct weir_deed weir_deeds_net[] = {
	{ "connect", 0, listen_setup, connect_act, connect_happened, net_cleanup },
	{ "bind", 0, nothing_setup, bind_act, bind_happened, net_cleanup },
	{ "sendto", 0, datagram_setup, sendto_act, sendto_happened, net_cleanup },
	{ "accept", WEIR_DEED_KILL_ONLY, accept_setup, accept_act, accept_happened, net_cleanup },
	{ .name = NULL },
};
