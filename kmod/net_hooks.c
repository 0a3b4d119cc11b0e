// SPDX-License-Identifier: GPL-2.0
/* The callbacks of network_connection's hooks: from the arguments of a function to an event. */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "hooks.h"
#include "net.h"

/* TCP underneath; from 6.11 on the kernel has it as IPPROTO_SMC. */
#define PROTOCOL_SMC 256

/* Sockets of other families reach the same functions. */
static bool is_inet(const struct sock *sk)
{
	return sk && (sk->sk_family == AF_INET || sk->sk_family == AF_INET6);
}

static u32 protocol_of(const struct sock *sk)
{
	if (sk->sk_type == SOCK_RAW)
		return WEIR_NET_RAW;
	switch (sk->sk_protocol) {
	case IPPROTO_TCP:
	case IPPROTO_MPTCP:
	case PROTOCOL_SMC:
		return WEIR_NET_TCP;
	case IPPROTO_UDP:
		return WEIR_NET_UDP;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return WEIR_NET_ICMP;
	case IPPROTO_SCTP:
		return WEIR_NET_SCTP;
	}
	return WEIR_NET_OTHER;
}

/* Where a raw socket keeps its protocol and a ping socket its identifier, others have a port. */
static bool has_ports(const struct sock *sk)
{
	if (sk->sk_type == SOCK_RAW)
		return false;
	switch (sk->sk_protocol) {
	case IPPROTO_TCP:
	case IPPROTO_MPTCP:
	case PROTOCOL_SMC:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return true;
	}
	return false;
}

static struct weir_net event_of(const struct sock *sk, enum weir_net_operation operation)
{
	return (struct weir_net){
		.operation = operation,
		.protocol = protocol_of(sk),
		.initiated = operation == WEIR_NET_CONNECT || operation == WEIR_NET_SENDTO,
		.sk = sk,
	};
}

static void set_port(struct weir_net_end *end, const struct sock *sk, u16 port)
{
	end->port_known = has_ports(sk);
	end->port = port;
}

static void set_ipv4(struct weir_net_end *end, __be32 ip)
{
	end->ip_len = sizeof(ip);
	memcpy(end->ip, &ip, sizeof(ip));
}

/* A mapped address is one of IPv4 for all who see the packets, and for rules with networks. */
static void set_ipv6(struct weir_net_end *end, const struct in6_addr *ip)
{
	if (ipv6_addr_v4mapped(ip)) {
		set_ipv4(end, ip->s6_addr32[3]);
		return;
	}
	end->ip_len = sizeof(*ip);
	memcpy(end->ip, ip, sizeof(*ip));
}

/* What the kernel holds in a socket, there an address of zeros is none, and neither is port 0. */
static void set_held(struct weir_net_end *end, const struct sock *sk, const struct in6_addr *ipv6,
		     __be32 ipv4, u16 port)
{
	if (ipv6 && !ipv6_addr_any(ipv6))
		set_ipv6(end, ipv6);
	else if (!ipv6 && ipv4)
		set_ipv4(end, ipv4);
	if (!memchr_inv(end->ip, 0, sizeof(end->ip)))
		end->ip_len = 0;
	if (port)
		set_port(end, sk, port);
}

static void set_local(struct weir_net_end *end, const struct sock *sk, u16 port)
{
	set_held(end, sk, inet6_rcv_saddr(sk), READ_ONCE(inet_sk(sk)->inet_rcv_saddr), port);
}

static u16 family_of(const struct sockaddr *address, int len)
{
	return len < (int)offsetofend(struct sockaddr, sa_family) ? AF_UNSPEC : address->sa_family;
}

/*
 * An address as the caller gave it, already in the kernel; what is too short is refused by every
 * protocol, and is no event.
 */
static bool set_given(struct weir_net_end *end, const struct sock *sk,
		      const struct sockaddr *address, int len, u16 family)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
	const struct sockaddr_in *in = (const struct sockaddr_in *)address;

	if (family == AF_INET && len >= (int)sizeof(*in)) {
		set_ipv4(end, in->sin_addr.s_addr);
		set_port(end, sk, ntohs(in->sin_port));
		return true;
	}
	if (family == AF_INET6 && len >= SIN6_LEN_RFC2133) {
		set_ipv6(end, &in6->sin6_addr);
		set_port(end, sk, ntohs(in6->sin6_port));
		return true;
	}
	return false;
}

/* security_socket_connect(sock, address, addrlen); without a family it disconnects */
u32 weir_on_network_connection_socket_connect(const struct weir_call *call)
{
	const struct sock *sk = ((struct socket *)weir_hook_arg(call, 0))->sk;
	const struct sockaddr *address = (struct sockaddr *)weir_hook_arg(call, 1);
	int len = (int)weir_hook_arg(call, 2);
	struct weir_net e;

	if (!is_inet(sk))
		return WEIR_VERDICT_NONE;
	e = event_of(sk, WEIR_NET_CONNECT);
	if (!set_given(&e.destination, sk, address, len, family_of(address, len)))
		return WEIR_VERDICT_NONE;
	set_local(&e.source, sk, READ_ONCE(inet_sk(sk)->inet_num));
	return weir_hook_event(call, &e);
}

/* security_socket_bind(sock, address, addrlen); IPv4 takes an address without a family */
u32 weir_on_network_connection_socket_bind(const struct weir_call *call)
{
	const struct sock *sk = ((struct socket *)weir_hook_arg(call, 0))->sk;
	const struct sockaddr *address = (struct sockaddr *)weir_hook_arg(call, 1);
	int len = (int)weir_hook_arg(call, 2);
	u16 family = family_of(address, len);
	struct weir_net e;

	if (!is_inet(sk))
		return WEIR_VERDICT_NONE;
	if (family == AF_UNSPEC && sk->sk_family == AF_INET)
		family = AF_INET;
	e = event_of(sk, WEIR_NET_BIND);
	if (!set_given(&e.source, sk, address, len, family))
		return WEIR_VERDICT_NONE;
	return weir_hook_event(call, &e);
}

/* A send looks at the address: a stream is connected, unless this is what connects it. */
static bool sends_to(const struct sock *sk, const struct msghdr *msg)
{
	if (!msg->msg_name)
		return false;
	return protocol_of(sk) != WEIR_NET_TCP || msg->msg_flags & MSG_FASTOPEN;
}

/* What an address without a family is taken for: IPv4 and raw sockets do not insist on it. */
static u16 implied_family(const struct sock *sk)
{
	if (protocol_of(sk) == WEIR_NET_TCP)
		return AF_UNSPEC;
	if (sk->sk_family == AF_INET || sk->sk_type == SOCK_RAW)
		return sk->sk_family;
	return AF_UNSPEC;
}

/* security_socket_sendmsg(sock, msg, size); the name is the kernel's copy */
u32 weir_on_network_connection_socket_sendmsg(const struct weir_call *call)
{
	const struct sock *sk = ((struct socket *)weir_hook_arg(call, 0))->sk;
	const struct msghdr *msg = (struct msghdr *)weir_hook_arg(call, 1);
	struct weir_net e;
	u16 family;

	if (!is_inet(sk) || !sends_to(sk, msg))
		return WEIR_VERDICT_NONE;
	family = family_of(msg->msg_name, msg->msg_namelen);
	if (family == AF_UNSPEC)
		family = implied_family(sk);
	e = event_of(sk, WEIR_NET_SENDTO);
	if (!set_given(&e.destination, sk, msg->msg_name, msg->msg_namelen, family))
		return WEIR_VERDICT_NONE;
	set_local(&e.source, sk, READ_ONCE(inet_sk(sk)->inet_num));
	return weir_hook_event(call, &e);
}

/*
 * security_sock_graft(sk, parent): a new connection becomes a socket of the task that accepts it.
 * The caller holds sk_callback_lock. A socket without a file is one of the kernel's own.
 */
u32 weir_on_network_connection_sock_graft(const struct weir_call *call)
{
	const struct sock *sk = (struct sock *)weir_hook_arg(call, 0);
	const struct socket *parent = (struct socket *)weir_hook_arg(call, 1);
	struct weir_capture *c;
	struct weir_net e;

	if (!is_inet(sk) || !parent->file)
		return WEIR_VERDICT_NONE;
	e = event_of(sk, WEIR_NET_ACCEPT);
	set_held(&e.source, sk, weir_net_peer6(sk), inet_sk(sk)->inet_daddr,
		 ntohs(inet_sk(sk)->inet_dport));
	set_local(&e.destination, sk, ntohs(inet_sk(sk)->inet_sport));
	c = weir_hook_begin(call, &e);
	if (!c)
		return WEIR_VERDICT_NONE;
	c->nolocks = true;
	return weir_hook_finish(c);
}
