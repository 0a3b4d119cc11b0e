/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of network_connection share: addresses, sockets, and what records have in common. */
#ifndef WEIR_SELFTESTS_NET_END_H
#define WEIR_SELFTESTS_NET_END_H

#include <sys/socket.h>

#include "events.h"

/* The channel and content of all of them. */
#define WEIR_NET_CHANNEL 7106
#define WEIR_NET_CONTENT "/content/net_test.weir"

/* The other user; the group id is two more. The name of the user is seven. */
#define WEIR_NET_USER 7

/* IPPROTO_MPTCP, which not every C library knows. */
#define WEIR_NET_MPTCP 262

/* The positions of the enum values in templates.def. */
enum weir_net_operation { CONNECT, BIND, ACCEPT, SENDTO };
enum weir_net_protocol { TCP, UDP, ICMP, SCTP, RAW, OTHER };

/* An address of either family, for the calls that take one. */
struct weir_net_address {
	struct sockaddr_storage ss;
	socklen_t len;
};

/**
 * weir_net_open() - have the content loaded, and lo up
 *
 * Return: as weir_ev_open().
 */
int weir_net_open(void);

/**
 * weir_net_lo_up() - bring up the loopback interface of this network namespace
 *
 * Return: 0, or -1 after saying why not.
 */
int weir_net_lo_up(void);

/**
 * weir_net_address() - an address from its text
 * @ip: of IPv6 if it has a colon
 * @port: its port
 */
struct weir_net_address weir_net_address(const char *ip, uint16_t port);

/* socket(), where it is to be bound (or NULL); its port is free again as soon as it is closed. */
int weir_net_socket(int family, int type, int protocol, const struct weir_net_address *bound);

/* A stream socket of that protocol that listens. */
int weir_net_listen(int protocol, const struct weir_net_address *at);

/* connect() */
int weir_net_connect(int fd, const struct weir_net_address *to);

/* The next record that a process caused on the tests' channel. */
const struct weir_u_record *weir_net_next(int dev, pid_t pid);

/**
 * weir_net_silent() - whether nothing that this process did since its last record was an event
 * @dev: from weir_net_open()
 */
int weir_net_silent(int dev);

/* Whether a record says that a child of weir_child_act(WEIR_NET_USER) did it. */
int weir_net_who(const struct weir_u_record *r);

/* Whether a record says that this was done. */
int weir_net_did(const struct weir_u_record *r, int operation, int protocol);

/* Whether an end is as expected; an @ip of NULL and a @port of -1 are absent. */
int weir_net_source(const struct weir_u_record *r, const char *ip, int port);
int weir_net_destination(const struct weir_u_record *r, const char *ip, int port);

#endif
