/* SPDX-License-Identifier: GPL-2.0 */
/* Network connections: what the hooks saw, and what its fields are captured from. */
#ifndef WEIR_KMOD_NET_H
#define WEIR_KMOD_NET_H

#include <linux/kconfig.h>
#include <net/sock.h>

#include "capture.h"

/* The values of the type's enum fields, in their order in templates.def. */
enum weir_net_protocol {
	WEIR_NET_TCP,
	WEIR_NET_UDP,
	WEIR_NET_ICMP,
	WEIR_NET_SCTP,
	WEIR_NET_RAW,
	WEIR_NET_OTHER,
};

enum weir_net_operation {
	WEIR_NET_CONNECT,
	WEIR_NET_BIND,
	WEIR_NET_ACCEPT,
	WEIR_NET_SENDTO,
};

/**
 * struct weir_net_end - one end of a connection
 * @ip: in network order
 * @ip_len: bytes of @ip: 4, 16, or 0 if it is not known
 * @port: in the CPU's order
 * @port_known: there is one
 */
struct weir_net_end {
	u8 ip[16];
	u32 ip_len;
	u16 port;
	bool port_known;
};

/**
 * struct weir_net - what the capture functions of network_connection work on
 * @operation: enum weir_net_operation
 * @protocol: enum weir_net_protocol
 * @initiated: the current task begins it
 * @sk: the socket, pinned by the hook's caller; of an accept, the new one
 * @source: who begins
 * @destination: the other end
 */
struct weir_net {
	u32 operation;
	u32 protocol;
	bool initiated;
	const struct sock *sk;
	struct weir_net_end source;
	struct weir_net_end destination;
};

/* The capture functions of network_connection, by field number. */
extern const weir_cap_fn weir_net_fields[];

/**
 * weir_net_peer6() - the IPv6 address that a socket is connected to
 * @sk: of any family
 *
 * Return: NULL if the socket is not of IPv6.
 */
#if IS_ENABLED(CONFIG_IPV6)
static inline const struct in6_addr *weir_net_peer6(const struct sock *sk)
{
	return sk->sk_family == AF_INET6 ? &sk->sk_v6_daddr : NULL;
}
#else
static inline const struct in6_addr *weir_net_peer6(const struct sock *sk)
{
	return NULL;
}
#endif

#endif
