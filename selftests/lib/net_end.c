// SPDX-License-Identifier: GPL-2.0
/* What tests of network_connection share: addresses, sockets, and what records have in common. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "child.h"
#include "net_end.h"
#include "templates.h"

#define F(name) WEIR_network_connection_##name

int weir_net_lo_up(void)
{
	struct ifreq req = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int ret;

	ret = ioctl(fd, SIOCGIFFLAGS, &req);
	req.ifr_flags |= IFF_UP;
	if (!ret)
		ret = ioctl(fd, SIOCSIFFLAGS, &req);
	if (ret)
		perror("# lo");
	close(fd);
	return ret;
}

int weir_net_open(void)
{
	return weir_net_lo_up() ? -1 : weir_ev_open(WEIR_NET_CHANNEL, WEIR_NET_CONTENT);
}

struct weir_net_address weir_net_address(const char *ip, uint16_t port)
{
	struct weir_net_address a = {};
	struct sockaddr_in6 *in6 = (void *)&a.ss;
	struct sockaddr_in *in = (void *)&a.ss;

	if (strchr(ip, ':')) {
		a.len = sizeof(*in6);
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		inet_pton(AF_INET6, ip, &in6->sin6_addr);
	} else {
		a.len = sizeof(*in);
		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		inet_pton(AF_INET, ip, &in->sin_addr);
	}
	return a;
}

int weir_net_socket(int family, int type, int protocol, const struct weir_net_address *bound)
{
	const struct linger reset = { .l_onoff = 1 };
	int fd = socket(family, type, protocol);
	int on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	if (!bound || !bind(fd, (const void *)&bound->ss, bound->len))
		return fd;
	close(fd);
	return -1;
}

int weir_net_listen(int protocol, const struct weir_net_address *at)
{
	int fd = weir_net_socket(at->ss.ss_family, SOCK_STREAM, protocol, at);

	if (fd < 0 || !listen(fd, 8))
		return fd;
	close(fd);
	return -1;
}

int weir_net_connect(int fd, const struct weir_net_address *to)
{
	return connect(fd, (const void *)&to->ss, to->len);
}

const struct weir_u_record *weir_net_next(int dev, pid_t pid)
{
	return weir_ev_of(dev, WEIR_NET_CHANNEL, WEIR_TYPE_network_connection, F(ProcessId), pid);
}

int weir_net_who(const struct weir_u_record *r)
{
	const char *image = weir_child_own_image();

	return weir_ev_text(r, F(Image), image) && weir_ev_text(r, F(CommandLine), image) &&
	       weir_ev_text(r, F(ParentImage), image) &&
	       weir_ev_num(r, F(ParentProcessId), (uint64_t)getpid()) &&
	       weir_ev_text(r, F(User), "seven") && weir_ev_num(r, F(UserId), WEIR_NET_USER) &&
	       weir_ev_num(r, F(EffectiveUserId), WEIR_NET_USER) &&
	       weir_ev_num(r, F(LogonId), WEIR_NET_USER);
}

int weir_net_did(const struct weir_u_record *r, int operation, int protocol)
{
	int initiated = operation == CONNECT || operation == SENDTO;

	return weir_ev_num(r, F(Operation), (uint64_t)operation) &&
	       weir_ev_num(r, F(Protocol), (uint64_t)protocol) &&
	       weir_ev_num(r, F(Initiated), (uint64_t)initiated);
}

/* Fields by number: address, port, and whether the address is one of IPv6. */
static int end_is(const struct weir_u_record *r, const uint32_t field[3], const char *ip, int port)
{
	int same = ip ? weir_ev_ip(r, field[0], ip) : weir_ev_absent(r, field[0]);

	same &= port < 0 ? weir_ev_absent(r, field[1]) : weir_ev_num(r, field[1], (uint64_t)port);
	same &= ip ? weir_ev_num(r, field[2], !!strchr(ip, ':')) : weir_ev_absent(r, field[2]);
	return same;
}

int weir_net_source(const struct weir_u_record *r, const char *ip, int port)
{
	return end_is(r, (const uint32_t[]){ F(SourceIp), F(SourcePort), F(SourceIsIpv6) }, ip,
		      port);
}

int weir_net_destination(const struct weir_u_record *r, const char *ip, int port)
{
	static const uint32_t fields[] = { F(DestinationIp), F(DestinationPort),
					   F(DestinationIsIpv6) };

	return end_is(r, fields, ip, port);
}

int weir_net_silent(int dev)
{
	struct weir_net_address mark = weir_net_address("127.9.9.9", 9);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	const struct weir_u_record *r = NULL;

	if (!weir_net_connect(fd, &mark))
		r = weir_net_next(dev, getpid());
	close(fd);
	/* What comes first is this, and not something before it. */
	return r && weir_net_did(r, CONNECT, UDP) && weir_net_destination(r, "127.9.9.9", 9);
}
