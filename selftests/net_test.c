// SPDX-License-Identifier: GPL-2.0
/* What the kernel says of connect(), bind() and sends to an address is what was asked of it. */
#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"
#include "child.h"
#include "net_end.h"
#include "templates.h"

#define CGROUP "/sys/fs/cgroup/weir-net"
#define F(name) WEIR_network_connection_##name
#define TEXT(r, name, want) KTAP_EXPECT(weir_ev_text(r, F(name), want))
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))

static int dev;

static void begin(void)
{
	dev = weir_net_open();
	KTAP_ASSERT(dev >= 0);
}

static const struct weir_u_record *next_of(pid_t pid)
{
	const struct weir_u_record *r = weir_net_next(dev, pid);

	KTAP_ASSERT(r);
	return r;
}

/* The next record of this process. */
static const struct weir_u_record *next(void)
{
	return next_of(getpid());
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

struct trip {
	struct weir_net_address from;
	struct weir_net_address to;
};

static int act_connect(const void *what)
{
	const struct trip *t = what;
	int fd = weir_net_socket(t->from.ss.ss_family, SOCK_STREAM, 0, &t->from);

	return weir_net_connect(fd, &t->to);
}

KTAP_TEST(a_bind_and_a_connect_fill_every_field_but_host_names)
{
	const struct trip t = { weir_net_address("127.0.0.2", 4401),
				weir_net_address("127.0.0.1", 4400) };
	const struct weir_u_record *r;
	pid_t pid;

	begin();
	KTAP_ASSERT(!mkdir(CGROUP, 0755) || errno == EEXIST);
	KTAP_ASSERT(weir_net_listen(0, &t.to) >= 0);
	weir_child_put(CGROUP "/cgroup.procs", "0");
	pid = weir_child_act(WEIR_NET_USER, act_connect, &t);
	KTAP_ASSERT(pid > 0);
	r = next_of(pid);
	KTAP_EXPECT_EQ(r->nfields, 1 + WEIR_network_connection_arity - 2 - 3);
	KTAP_EXPECT(weir_net_did(r, BIND, TCP));
	KTAP_EXPECT(weir_net_source(r, "127.0.0.2", 4401));
	KTAP_EXPECT(weir_net_destination(r, NULL, -1));
	KTAP_EXPECT(weir_net_who(r));
	r = next_of(pid);
	KTAP_EXPECT_EQ(r->nfields, 1 + WEIR_network_connection_arity - 2);
	KTAP_EXPECT(weir_net_did(r, CONNECT, TCP));
	KTAP_EXPECT(weir_net_source(r, "127.0.0.2", 4401));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4400));
	KTAP_EXPECT(weir_net_who(r));
	TEXT(r, CgroupPath, "/weir-net");
	NUM(r, NetworkNamespace, weir_ev_ns(getpid(), "net"));
	NUM(r, Truncated, 0);
	weir_child_put("/sys/fs/cgroup/cgroup.procs", "0");
	rmdir(CGROUP);
}

KTAP_TEST(a_connect_over_ipv6_says_so)
{
	const struct trip t = { weir_net_address("::1", 4403), weir_net_address("::1", 4402) };
	const struct weir_u_record *r;
	pid_t pid;

	begin();
	KTAP_ASSERT(weir_net_listen(0, &t.to) >= 0);
	pid = weir_child_act(WEIR_NET_USER, act_connect, &t);
	KTAP_ASSERT(pid > 0);
	r = next_of(pid);
	KTAP_EXPECT(weir_net_did(r, BIND, TCP));
	KTAP_EXPECT(weir_net_source(r, "::1", 4403));
	KTAP_EXPECT(weir_net_destination(r, NULL, -1));
	r = next_of(pid);
	KTAP_EXPECT(weir_net_did(r, CONNECT, TCP));
	KTAP_EXPECT(weir_net_source(r, "::1", 4403));
	KTAP_EXPECT(weir_net_destination(r, "::1", 4402));
	KTAP_EXPECT(weir_net_who(r));
}

KTAP_TEST(a_mapped_address_is_one_of_ipv4)
{
	const struct trip t = { weir_net_address("::ffff:127.0.0.2", 4405),
				weir_net_address("::ffff:127.0.0.1", 4404) };
	struct weir_net_address at = weir_net_address("127.0.0.1", 4404);
	const struct weir_u_record *r;

	begin();
	KTAP_ASSERT(weir_net_listen(0, &at) >= 0);
	KTAP_EXPECT(weir_net_did(next(), BIND, TCP));
	KTAP_ASSERT(!act_connect(&t));
	r = next();
	KTAP_EXPECT(weir_net_did(r, BIND, TCP));
	KTAP_EXPECT(weir_net_source(r, "127.0.0.2", 4405));
	r = next();
	KTAP_EXPECT(weir_net_did(r, CONNECT, TCP));
	KTAP_EXPECT(weir_net_source(r, "127.0.0.2", 4405));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4404));
}

/* A program of another name, with more arguments than are remembered. */
KTAP_TEST(a_command_line_that_is_cut_makes_the_event_truncated)
{
	static const char path[] = "/tmp/net_test";
	struct weir_net_address at = weir_net_address("127.0.0.1", 4406);
	char tail[1025] = {};
	const char *const argv[] = { "nc", "127.0.0.1", "4406", "-e", "/bin/true", tail, NULL };
	const struct weir_child nc = { .path = path, .argv = argv, .id = WEIR_NET_USER };
	const struct weir_u_record *r;
	pid_t pid;

	begin();
	weir_child_copy(path, 0755);
	memset(tail, 'a', sizeof(tail) - 1);
	KTAP_ASSERT(weir_net_listen(0, &at) >= 0);
	pid = weir_child_start(&nc);
	KTAP_EXPECT_EQ(weir_child_finish(pid), 0);
	r = next_of(pid);
	KTAP_EXPECT(weir_net_did(r, CONNECT, TCP));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4406));
	TEXT(r, Image, path);
	TEXT(r, ParentImage, weir_child_own_image());
	KTAP_EXPECT_EQ(weir_ev_length(r, F(CommandLine)), 704);
	NUM(r, Truncated, 1);
	unlink(path);
}

KTAP_TEST(a_socket_that_is_not_bound_has_no_source)
{
	struct weir_net_address to = weir_net_address("127.0.0.1", 4407);
	struct weir_net_address port = weir_net_address("0.0.0.0", 4408);
	const struct weir_u_record *r;
	int fd;

	begin();
	KTAP_ASSERT(!weir_net_connect(new_socket(AF_INET, SOCK_DGRAM, 0), &to));
	r = next();
	KTAP_EXPECT(weir_net_did(r, CONNECT, UDP));
	KTAP_EXPECT(weir_net_source(r, NULL, -1));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4407));
	fd = weir_net_socket(AF_INET, SOCK_DGRAM, 0, &port);
	KTAP_ASSERT(fd >= 0 && !weir_net_connect(fd, &to));
	KTAP_EXPECT(weir_net_source(next(), "0.0.0.0", 4408));
	KTAP_EXPECT(weir_net_source(next(), NULL, 4408));
}

KTAP_TEST(a_connection_that_is_refused_is_an_event)
{
	struct weir_net_address to = weir_net_address("127.0.0.1", 4409);
	const struct weir_u_record *r;

	begin();
	KTAP_EXPECT_EQ(weir_net_connect(new_socket(AF_INET, SOCK_STREAM, 0), &to), -1);
	KTAP_EXPECT_EQ(errno, ECONNREFUSED);
	r = next();
	KTAP_EXPECT(weir_net_did(r, CONNECT, TCP));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4409));
}

KTAP_TEST(a_sendmsg_to_an_address_is_an_event_with_what_it_is_bound_to)
{
	struct weir_net_address from = weir_net_address("::1", 4413);
	struct weir_net_address to = weir_net_address("::1", 4412);
	char text[] = "weir";
	struct iovec data = { text, 4 };
	const struct msghdr msg = {
		.msg_name = &to.ss, .msg_namelen = to.len, .msg_iov = &data, .msg_iovlen = 1
	};
	const struct weir_u_record *r;
	int fd;

	begin();
	fd = weir_net_socket(AF_INET6, SOCK_DGRAM, 0, &from);
	KTAP_ASSERT(fd >= 0);
	KTAP_EXPECT(weir_net_did(next(), BIND, UDP));
	KTAP_EXPECT_EQ(sendmsg(fd, &msg, 0), 4);
	r = next();
	KTAP_EXPECT(weir_net_did(r, SENDTO, UDP));
	KTAP_EXPECT(weir_net_source(r, "::1", 4413));
	KTAP_EXPECT(weir_net_destination(r, "::1", 4412));
}

KTAP_TEST(a_send_without_an_address_is_no_event)
{
	struct weir_net_address to = weir_net_address("127.0.0.1", 4414);
	int listener, udp, tcp;

	begin();
	listener = weir_net_listen(0, &to);
	KTAP_ASSERT(listener >= 0);
	udp = new_socket(AF_INET, SOCK_DGRAM, 0);
	tcp = new_socket(AF_INET, SOCK_STREAM, 0);
	KTAP_ASSERT(!weir_net_connect(udp, &to) && !weir_net_connect(tcp, &to));
	KTAP_EXPECT(weir_net_did(next(), BIND, TCP));
	KTAP_EXPECT(weir_net_did(next(), CONNECT, UDP));
	KTAP_EXPECT(weir_net_did(next(), CONNECT, TCP));
	KTAP_EXPECT_EQ(send(udp, "weir", 4, 0), 4);
	KTAP_EXPECT_EQ(write(tcp, "weir", 4), 4);
	/* A stream that is connected does not look at it. */
	KTAP_EXPECT_EQ(send_to(tcp, &to, 0), 4);
	KTAP_EXPECT(weir_net_silent(dev));
}

KTAP_TEST(a_send_that_opens_a_connection_is_an_event)
{
	struct weir_net_address to = weir_net_address("127.0.0.1", 4415);
	const struct weir_u_record *r;

	begin();
	KTAP_ASSERT(weir_net_listen(0, &to) >= 0);
	KTAP_EXPECT(weir_net_did(next(), BIND, TCP));
	KTAP_EXPECT(send_to(new_socket(AF_INET, SOCK_STREAM, 0), &to, MSG_FASTOPEN) >= 0);
	r = next();
	KTAP_EXPECT(weir_net_did(r, SENDTO, TCP));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4415));
}

KTAP_TEST(without_content_nothing_is_hooked)
{
	static const char *const functions[] = { "security_socket_connect", "security_socket_bind",
						 "security_socket_sendmsg", "security_sock_graft" };
	const uint64_t hosts = 1ull << F(SourceHostname) | 1ull << F(DestinationHostname);
	struct weir_u_type t;
	unsigned int i;

	begin();
	KTAP_ASSERT(!weir_ev_type(dev, WEIR_TYPE_network_connection, &t));
	KTAP_EXPECT_EQ(t.provided, ((1ull << WEIR_network_connection_arity) - 1) & ~hosts);
	KTAP_EXPECT_EQ(t.armed, 1);
	for (i = 0; i < 4; i++)
		KTAP_EXPECT_EQ(weir_ev_hooked(functions[i]), 1);
	KTAP_EXPECT(!weir_ev_unload(dev, WEIR_NET_CHANNEL));
	KTAP_ASSERT(!weir_ev_type(dev, WEIR_TYPE_network_connection, &t));
	KTAP_EXPECT_EQ(t.armed, 0);
	for (i = 0; i < 4; i++)
		KTAP_EXPECT_EQ(weir_ev_hooked(functions[i]), 0);
}

KTAP_MAIN()
