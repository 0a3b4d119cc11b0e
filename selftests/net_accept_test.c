// SPDX-License-Identifier: GPL-2.0
/* A connection that is accepted is an event of who accepts it, with both ends of it. */
#include <fcntl.h>
#include <sched.h>
#include <sys/un.h>
#include <unistd.h>

#include "ktap.h"
#include "child.h"
#include "net_end.h"
#include "templates.h"

#define ARMED "WEIR_ARMED"
#define F(name) WEIR_network_connection_##name
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))

static int dev;

static void begin(void)
{
	dev = weir_net_open();
	KTAP_ASSERT(dev >= 0);
}

/* The next record of this process that is of no bind and no connect. */
static const struct weir_u_record *accepted(pid_t pid)
{
	const struct weir_u_record *r = weir_net_next(dev, pid);

	KTAP_ASSERT(r);
	return r;
}

/* What was done to get so far is not what the test is about. */
static void forget(void)
{
	char b[65536];

	while (read(dev, b, sizeof(b)) > 0)
		;
}

struct pair {
	int listener;
	int client;
};

static struct pair pair(int protocol, const struct weir_net_address *at,
			const struct weir_net_address *from, const struct weir_net_address *to)
{
	struct pair p = { .listener = weir_net_listen(protocol, at) };

	KTAP_ASSERT(p.listener >= 0);
	p.client = weir_net_socket(to->ss.ss_family, SOCK_STREAM, protocol, from);
	KTAP_ASSERT(p.client >= 0);
	KTAP_ASSERT(!weir_net_connect(p.client, to));
	forget();
	return p;
}

static int act_accept(const void *fd)
{
	return accept(*(const int *)fd, NULL, NULL);
}

static const struct weir_u_record *accept_as_other_user(const struct pair *p)
{
	pid_t pid = weir_child_act(WEIR_NET_USER, act_accept, &p->listener);

	KTAP_ASSERT(pid > 0);
	return accepted(pid);
}

KTAP_TEST(an_accept_fills_every_field_but_host_names)
{
	struct weir_net_address at = weir_net_address("127.0.0.1", 4500);
	struct weir_net_address from = weir_net_address("127.0.0.2", 4501);
	const struct weir_u_record *r;
	struct pair p;

	begin();
	p = pair(0, &at, &from, &at);
	r = accept_as_other_user(&p);
	KTAP_EXPECT_EQ(r->nfields, 1 + WEIR_network_connection_arity - 2);
	KTAP_EXPECT(weir_net_did(r, ACCEPT, TCP));
	KTAP_EXPECT(weir_net_source(r, "127.0.0.2", 4501));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4500));
	KTAP_EXPECT(weir_net_who(r));
	NUM(r, NetworkNamespace, weir_ev_ns(getpid(), "net"));
	NUM(r, Truncated, 0);
}

KTAP_TEST(an_accept_over_ipv6_has_both_ends)
{
	struct weir_net_address at = weir_net_address("::", 4502);
	struct weir_net_address to = weir_net_address("::1", 4502);
	struct weir_net_address from = weir_net_address("::1", 4503);
	const struct weir_u_record *r;
	struct pair p;

	begin();
	p = pair(0, &at, &from, &to);
	r = accept_as_other_user(&p);
	KTAP_EXPECT(weir_net_did(r, ACCEPT, TCP));
	KTAP_EXPECT(weir_net_source(r, "::1", 4503));
	KTAP_EXPECT(weir_net_destination(r, "::1", 4502));
	KTAP_EXPECT(weir_net_who(r));
}

KTAP_TEST(an_ipv4_client_of_an_ipv6_server_is_one_of_ipv4)
{
	struct weir_net_address at = weir_net_address("::", 4504);
	struct weir_net_address to = weir_net_address("127.0.0.1", 4504);
	struct weir_net_address from = weir_net_address("127.0.0.3", 4505);
	const struct weir_u_record *r;
	struct pair p;

	begin();
	p = pair(0, &at, &from, &to);
	r = accept_as_other_user(&p);
	KTAP_EXPECT(weir_net_did(r, ACCEPT, TCP));
	KTAP_EXPECT(weir_net_source(r, "127.0.0.3", 4505));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4504));
}

KTAP_TEST(a_connection_that_was_reset_before_is_accepted_with_both_ends)
{
	struct weir_net_address at = weir_net_address("127.0.0.1", 4506);
	struct weir_net_address from = weir_net_address("127.0.0.1", 4507);
	const struct weir_u_record *r;
	struct pair p;

	begin();
	p = pair(0, &at, &from, &at);
	close(p.client);
	KTAP_ASSERT(accept4(p.listener, NULL, NULL, SOCK_CLOEXEC) >= 0);
	r = accepted(getpid());
	KTAP_EXPECT(weir_net_did(r, ACCEPT, TCP));
	KTAP_EXPECT(weir_net_source(r, "127.0.0.1", 4507));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4506));
}

KTAP_TEST(multipath_tcp_is_tcp_where_the_kernel_has_it)
{
	struct weir_net_address at = weir_net_address("127.0.0.1", 4508);
	struct weir_net_address from = weir_net_address("127.0.0.1", 4509);
	const struct weir_u_record *r;
	struct pair p;

	begin();
	if (weir_net_socket(AF_INET, SOCK_STREAM, WEIR_NET_MPTCP, NULL) < 0) {
		KTAP_EXPECT_EQ(errno, EPROTONOSUPPORT);
		return;
	}
	p = pair(WEIR_NET_MPTCP, &at, &from, &at);
	KTAP_ASSERT(accept(p.listener, NULL, NULL) >= 0);
	r = accepted(getpid());
	KTAP_EXPECT(weir_net_did(r, ACCEPT, TCP));
	KTAP_EXPECT(weir_net_source(r, "127.0.0.1", 4509));
	KTAP_EXPECT(weir_net_destination(r, "127.0.0.1", 4508));
}

KTAP_TEST(a_listener_keeps_its_network_namespace)
{
	struct weir_net_address at = weir_net_address("127.0.0.1", 4510);
	struct weir_net_address from = weir_net_address("127.0.0.1", 4511);
	uint64_t before = weir_ev_ns(getpid(), "net");
	const struct weir_u_record *r;
	struct pair p;

	begin();
	p = pair(0, &at, &from, &at);
	KTAP_ASSERT(!unshare(CLONE_NEWNET));
	KTAP_ASSERT(weir_ev_ns(getpid(), "net") != before);
	KTAP_ASSERT(accept(p.listener, NULL, NULL) >= 0);
	r = accepted(getpid());
	NUM(r, NetworkNamespace, before);
	close(p.client);
	close(p.listener);
	KTAP_ASSERT(!weir_net_lo_up());
	p = pair(0, &at, &from, &at);
	KTAP_ASSERT(accept(p.listener, NULL, NULL) >= 0);
	r = accepted(getpid());
	NUM(r, NetworkNamespace, weir_ev_ns(getpid(), "net"));
}

KTAP_TEST(unix_sockets_are_accepted_without_an_event)
{
	struct sockaddr_un local = { .sun_family = AF_UNIX, .sun_path = "\0net" };
	struct weir_net_address at = weir_net_address("127.0.0.1", 4512);
	struct weir_net_address from = weir_net_address("127.0.0.1", 4513);
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	const struct weir_u_record *r;
	struct pair p;

	begin();
	p = pair(0, &at, &from, &at);
	KTAP_ASSERT(!bind(listener, (void *)&local, sizeof(local)) && !listen(listener, 1));
	KTAP_ASSERT(!connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&local, sizeof(local)));
	KTAP_ASSERT(accept(listener, NULL, NULL) >= 0);
	KTAP_ASSERT(accept(p.listener, NULL, NULL) >= 0);
	r = accepted(getpid());
	KTAP_EXPECT(weir_net_source(r, "127.0.0.1", 4513));
}

KTAP_TEST(an_accept_that_fails_is_no_event)
{
	struct weir_net_address at = weir_net_address("127.0.0.1", 4514);
	struct weir_net_address from = weir_net_address("127.0.0.1", 4515);
	const struct weir_u_record *r;
	struct pair p;

	begin();
	p = pair(0, &at, &from, &at);
	KTAP_EXPECT_EQ(accept(p.client, NULL, NULL), -1);
	KTAP_EXPECT_EQ(errno, EINVAL);
	KTAP_ASSERT(accept(p.listener, NULL, NULL) >= 0);
	r = accepted(getpid());
	KTAP_EXPECT(weir_net_source(r, "127.0.0.1", 4515));
}

static int act_fork(const void *count)
{
	int i;

	for (i = 0; i < *(const int *)count; i++) {
		pid_t pid = fork();

		if (!pid)
			execl(WEIR_BUSYBOX, "true", (char *)NULL);
		if (pid < 0 || weir_child_finish(pid))
			return -1;
	}
	return 0;
}

/* The process table's lock and those of sockets, which interrupts take, on two CPUs at once. */
KTAP_TEST_T(every_accept_is_seen_while_processes_come_and_go, 60)
{
	struct weir_net_address at = weir_net_address("127.0.0.1", 4516);
	const int count = 50;
	int listener, client, i;
	pid_t pid;

	begin();
	listener = weir_net_listen(0, &at);
	KTAP_ASSERT(listener >= 0);
	pid = fork();
	if (!pid)
		_exit(act_fork(&count) < 0);
	for (i = 0; i < count; i++) {
		client = weir_net_socket(AF_INET, SOCK_STREAM, 0, NULL);
		KTAP_ASSERT(!weir_net_connect(client, &at));
		forget();
		KTAP_ASSERT(accept(listener, NULL, NULL) >= 0);
		KTAP_EXPECT(weir_net_did(accepted(getpid()), ACCEPT, TCP));
		close(client);
	}
	KTAP_EXPECT_EQ(weir_child_finish(pid), 0);
}

/* At an accept an image comes from the process table, so this program starts while it is armed. */
int main(int argc, char **argv)
{
	if (getenv(ARMED))
		return ktap_main(argc, argv);
	if (weir_net_open() < 0 || setenv(ARMED, "1", 1))
		return 1;
	execv(weir_child_own_image(), argv);
	return 1;
}
