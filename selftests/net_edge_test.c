// SPDX-License-Identifier: GPL-2.0
/* Odd addresses and odd sockets: each is an event, or none, as the kernel makes something of it. */
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>

#include "ktap.h"
#include "child.h"
#include "net_end.h"
#include "templates.h"

#define F(name) WEIR_network_connection_##name
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))

static int dev;

static void begin(void)
{
	dev = weir_net_open();
	KTAP_ASSERT(dev >= 0);
}

/* The next record of this process. */
static const struct weir_u_record *next(void)
{
	const struct weir_u_record *r = weir_net_next(dev, getpid());

	KTAP_ASSERT(r);
	return r;
}

static int new_socket(int family, int type, int protocol)
{
	int fd = weir_net_socket(family, type, protocol, NULL);

	KTAP_ASSERT(fd >= 0);
	return fd;
}

static ssize_t send_to(int fd, const struct weir_net_address *to, int flags)
{
	return sendto(fd, "weir", 4, flags, (const void *)&to->ss, to->len);
}

KTAP_TEST(an_address_of_the_other_family_is_judged_as_it_is_given)
{
	struct weir_net_address to6 = weir_net_address("2001:db8::5", 4410);
	struct weir_net_address to4 = weir_net_address("127.0.0.1", 4411);
	const struct weir_u_record *r;
	int fd;

	begin();
	KTAP_EXPECT_EQ(weir_net_connect(new_socket(AF_INET, SOCK_STREAM, 0), &to6), -1);
	KTAP_EXPECT_EQ(errno, EAFNOSUPPORT);
	r = next();
	KTAP_EXPECT(weir_net_did(r, CONNECT, TCP));
	KTAP_EXPECT(weir_net_destination(r, "2001:db8::5", 4410));
	fd = new_socket(AF_INET6, SOCK_DGRAM, 0);
	KTAP_EXPECT(!weir_net_connect(fd, &to4));
	KTAP_EXPECT(weir_net_destination(next(), "127.0.0.1", 4411));
	KTAP_EXPECT_EQ(send_to(fd, &to4, 0), 4);
	r = next();
	KTAP_EXPECT(weir_net_did(r, SENDTO, UDP));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4411));
}

KTAP_TEST(a_datagram_to_an_address_without_a_family_arrives_and_is_an_event)
{
	struct weir_net_address to = weir_net_address("127.0.0.1", 4416);
	const struct weir_u_record *r;
	char b[8];
	int fd;

	begin();
	fd = new_socket(AF_INET, SOCK_DGRAM, 0);
	KTAP_ASSERT(!bind(fd, (void *)&to.ss, to.len));
	KTAP_EXPECT(weir_net_did(next(), BIND, UDP));
	to.ss.ss_family = AF_UNSPEC;
	KTAP_EXPECT_EQ(send_to(fd, &to, 0), 4);
	KTAP_EXPECT_EQ(recv(fd, b, sizeof(b), MSG_DONTWAIT), 4);
	r = next();
	KTAP_EXPECT(weir_net_did(r, SENDTO, UDP));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4416));
}

KTAP_TEST(a_bind_without_a_family_is_an_event)
{
	struct weir_net_address at = weir_net_address("0.0.0.0", 4417);
	const struct weir_u_record *r;

	begin();
	at.ss.ss_family = AF_UNSPEC;
	KTAP_EXPECT(!bind(new_socket(AF_INET, SOCK_DGRAM, 0), (void *)&at.ss, at.len));
	r = next();
	KTAP_EXPECT(weir_net_did(r, BIND, UDP));
	KTAP_EXPECT(weir_net_source(r, "0.0.0.0", 4417));
}

KTAP_TEST(a_disconnect_is_no_event)
{
	struct weir_net_address to = weir_net_address("127.0.0.1", 4418);
	const struct sockaddr none = { .sa_family = AF_UNSPEC };
	int fd;

	begin();
	fd = new_socket(AF_INET, SOCK_DGRAM, 0);
	KTAP_ASSERT(!weir_net_connect(fd, &to));
	KTAP_EXPECT(weir_net_did(next(), CONNECT, UDP));
	KTAP_EXPECT(!connect(fd, &none, sizeof(none)));
	KTAP_EXPECT(weir_net_silent(dev));
}

KTAP_TEST(raw_and_ping_sockets_have_no_ports)
{
	static const char echo[8] = { 8 };
	struct weir_net_address to = weir_net_address("127.0.0.1", 4419);
	const struct weir_u_record *r;
	int fd;

	begin();
	fd = new_socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
	KTAP_EXPECT(send_to(fd, &to, 0) > 0);
	r = next();
	KTAP_EXPECT(weir_net_did(r, SENDTO, RAW));
	KTAP_EXPECT(weir_net_source(r, NULL, -1));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", -1));
	weir_child_put("/proc/sys/net/ipv4/ping_group_range", "0 100");
	fd = new_socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
	KTAP_EXPECT_EQ(sendto(fd, echo, sizeof(echo), 0, (void *)&to.ss, to.len), sizeof(echo));
	r = next();
	KTAP_EXPECT(weir_net_did(r, SENDTO, ICMP));
	KTAP_EXPECT(weir_net_source(r, NULL, -1));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", -1));
}

KTAP_TEST(an_ipv6_raw_socket_needs_no_family_to_send)
{
	struct weir_net_address to = weir_net_address("::1", 0);
	const struct weir_u_record *r;

	begin();
	to.ss.ss_family = AF_UNSPEC;
	KTAP_EXPECT_EQ(send_to(new_socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6), &to, 0), 4);
	r = next();
	KTAP_EXPECT(weir_net_did(r, SENDTO, RAW));
	KTAP_EXPECT(weir_net_destination(r, "::1", -1));
}

KTAP_TEST(a_udplite_socket_is_of_another_protocol)
{
	struct weir_net_address at = weir_net_address("127.0.0.1", 4420);
	const struct weir_u_record *r;
	int fd;

	begin();
	fd = new_socket(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
	KTAP_EXPECT(!bind(fd, (void *)&at.ss, at.len));
	r = next();
	KTAP_EXPECT(weir_net_did(r, BIND, OTHER));
	KTAP_EXPECT(weir_net_source(r, "127.0.0.1", 4420));
}

KTAP_TEST(multipath_tcp_is_tcp_where_the_kernel_has_it)
{
	struct weir_net_address to = weir_net_address("127.0.0.1", 4421);
	const struct weir_u_record *r;
	int fd = weir_net_socket(AF_INET, SOCK_STREAM, WEIR_NET_MPTCP, NULL);

	if (fd < 0) {
		KTAP_EXPECT_EQ(errno, EPROTONOSUPPORT);
		return;
	}
	begin();
	KTAP_EXPECT_EQ(weir_net_connect(fd, &to), -1);
	KTAP_EXPECT_EQ(errno, ECONNREFUSED);
	r = next();
	KTAP_EXPECT(weir_net_did(r, CONNECT, TCP));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4421));
}

KTAP_TEST(the_network_namespace_is_that_of_the_socket)
{
	struct weir_net_address to = weir_net_address("127.0.0.1", 4422);
	uint64_t before = weir_ev_ns(getpid(), "net"), after;
	int fd;

	begin();
	fd = new_socket(AF_INET, SOCK_DGRAM, 0);
	KTAP_ASSERT(!unshare(CLONE_NEWNET));
	after = weir_ev_ns(getpid(), "net");
	KTAP_ASSERT(before && after && before != after);
	KTAP_EXPECT(!weir_net_connect(fd, &to));
	NUM(next(), NetworkNamespace, before);
	KTAP_ASSERT(!weir_net_lo_up());
	KTAP_EXPECT(!weir_net_connect(new_socket(AF_INET, SOCK_DGRAM, 0), &to));
	NUM(next(), NetworkNamespace, after);
}

static void expect_refused(long ret)
{
	KTAP_EXPECT_EQ(ret, -1);
	KTAP_EXPECT_EQ(errno, EINVAL);
}

static void try_lengths(const char *ip, int least)
{
	struct weir_net_address a = weir_net_address(ip, 4423);
	int datagram = new_socket(a.ss.ss_family, SOCK_DGRAM, 0);
	int stream = new_socket(a.ss.ss_family, SOCK_STREAM, 0);
	socklen_t n;

	for (n = 2; n < (socklen_t)least; n++) {
		expect_refused(connect(stream, (void *)&a.ss, n));
		expect_refused(connect(datagram, (void *)&a.ss, n));
		expect_refused(bind(datagram, (void *)&a.ss, n));
		expect_refused(sendto(datagram, "x", 1, 0, (void *)&a.ss, n));
	}
	expect_refused(connect(stream, (void *)&a.ss, 0));
	expect_refused(connect(stream, (void *)&a.ss, 1));
	expect_refused(connect(stream, (void *)&a.ss, sizeof(a.ss) + 1));
	KTAP_EXPECT(weir_net_silent(dev));
	KTAP_EXPECT(!connect(datagram, (void *)&a.ss, (socklen_t)least));
	KTAP_EXPECT(weir_net_destination(next(), ip, 4423));
	close(datagram);
	close(stream);
}

KTAP_TEST(an_address_that_is_too_short_is_refused_without_an_event)
{
	begin();
	try_lengths("127.0.0.1", sizeof(struct sockaddr_in));
	/* Without the scope, which came later. */
	try_lengths("::1", sizeof(struct sockaddr_in6) - 4);
}

KTAP_TEST(sockets_of_other_families_give_no_events)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	const struct sockaddr local = { .sa_family = AF_UNIX, .sa_data = "\0net_test" };
	int link, dgram;

	begin();
	link = new_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	KTAP_EXPECT(!bind(link, (const void *)&kernel, sizeof(kernel)));
	KTAP_EXPECT(!connect(link, (const void *)&kernel, sizeof(kernel)));
	KTAP_EXPECT(sendto(link, "", 0, 0, (const void *)&kernel, sizeof(kernel)) <= 0);
	dgram = new_socket(AF_UNIX, SOCK_DGRAM, 0);
	KTAP_EXPECT(!bind(dgram, &local, sizeof(local)));
	KTAP_EXPECT(!connect(dgram, &local, sizeof(local)));
	KTAP_EXPECT_EQ(sendto(dgram, "x", 1, 0, &local, sizeof(local)), 1);
	KTAP_EXPECT(weir_net_silent(dev));
}

KTAP_MAIN()
