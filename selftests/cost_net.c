// SPDX-License-Identifier: GPL-2.0
/* What network_connection's hooks cost: an operation for each. */
#include <netinet/in.h>
#include <unistd.h>

#include "cost.h"
#include "net_end.h"

static struct weir_net_address any, there;
static int server = -1, client = -1, got = -1;

static int net_setup(void)
{
	any = weir_net_address("127.0.0.1", 0);
	there = weir_net_address("127.0.0.1", 4711);
	return weir_net_lo_up();
}

static int udp(void)
{
	client = socket(AF_INET, SOCK_DGRAM, 0);
	return client;
}

static int close_client(void)
{
	return close(client);
}

static int connect_act(void)
{
	return weir_net_connect(client, &there);
}

static int bind_act(void)
{
	return bind(client, (const struct sockaddr *)&any.ss, any.len);
}

/* A socket is there to receive, and its buffer does not fill: sending is all that happens. */
static int sendto_setup(void)
{
	if (net_setup())
		return -1;
	server = weir_net_socket(AF_INET, SOCK_DGRAM, 0, &there);
	return server;
}

static int sendto_act(void)
{
	return (int)sendto(client, "x", 1, 0, (const struct sockaddr *)&there.ss, there.len);
}

static int sendto_after(void)
{
	char b;

	return recv(server, &b, 1, 0) == 1 ? close(client) : -1;
}

static int accept_setup(void)
{
	if (net_setup())
		return -1;
	server = weir_net_listen(0, &there);
	return server;
}

static int accept_before(void)
{
	client = socket(AF_INET, SOCK_STREAM, 0);
	return client < 0 ? -1 : weir_net_connect(client, &there);
}

static int accept_act(void)
{
	got = accept(server, NULL, NULL);
	return got;
}

static int accept_after(void)
{
	close(got);
	return close(client);
}

const struct weir_cost weir_costs_network_connection[] = {
	{ "connect", "socket_connect", net_setup, udp, connect_act, close_client },
	{ "bind", "socket_bind", net_setup, udp, bind_act, close_client },
	{ "sendto", "socket_sendmsg", sendto_setup, udp, sendto_act, sendto_after },
	{ "accept", "sock_graft", accept_setup, accept_before, accept_act, accept_after },
	{ .name = NULL },
};
