// SPDX-License-Identifier: GPL-2.0
/* The fields of network_connection, a function each; templates.def says what they mean. */
#include <net/net_namespace.h>
#include <net/sock.h>

#include "capture.h"
#include "net.h"

static const struct weir_net *net_of(const struct weir_capture *c)
{
	return c->hook;
}

static bool end_ip(struct weir_capture *c, struct weir_value *v, const struct weir_net_end *end)
{
	return end->ip_len && weir_cap_bytes(c, v, end->ip, end->ip_len);
}

static bool end_port(struct weir_value *v, const struct weir_net_end *end)
{
	return end->port_known && weir_cap_num(v, end->port);
}

static bool end_is_ipv6(struct weir_value *v, const struct weir_net_end *end)
{
	return end->ip_len && weir_cap_num(v, end->ip_len == sizeof(end->ip));
}

static bool weir_cap_network_connection_Initiated(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, net_of(c)->initiated);
}

static bool weir_cap_network_connection_Protocol(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, net_of(c)->protocol);
}

static bool weir_cap_network_connection_SourceIp(struct weir_capture *c, struct weir_value *v)
{
	return end_ip(c, v, &net_of(c)->source);
}

static bool weir_cap_network_connection_SourcePort(struct weir_capture *c, struct weir_value *v)
{
	return end_port(v, &net_of(c)->source);
}

static bool weir_cap_network_connection_DestinationIp(struct weir_capture *c, struct weir_value *v)
{
	return end_ip(c, v, &net_of(c)->destination);
}

static bool weir_cap_network_connection_DestinationPort(struct weir_capture *c,
							struct weir_value *v)
{
	return end_port(v, &net_of(c)->destination);
}

static bool weir_cap_network_connection_Operation(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, net_of(c)->operation);
}

static bool weir_cap_network_connection_SourceIsIpv6(struct weir_capture *c, struct weir_value *v)
{
	return end_is_ipv6(v, &net_of(c)->source);
}

static bool weir_cap_network_connection_DestinationIsIpv6(struct weir_capture *c,
							  struct weir_value *v)
{
	return end_is_ipv6(v, &net_of(c)->destination);
}

/* The socket's: that of the task has no say in where a socket that it was given leads to. */
static bool weir_cap_network_connection_NetworkNamespace(struct weir_capture *c,
							 struct weir_value *v)
{
	return weir_cap_num(v, sock_net(net_of(c)->sk)->ns.inum);
}

/* clang-format off */
#define WEIR_TYPE(t, id, channel, arity)
#define WEIR_FIELD(t, name, kind, capture, values) WEIR_ROW_##t(name, capture)
#define WEIR_TYPE_END(t)
#define WEIR_ROW_process_creation(name, capture)
#define WEIR_ROW_file_event(name, capture)
#define WEIR_ROW_network_connection(name, capture) WEIR_CAP_ROW_##capture(network_connection, name)
#define WEIR_ROW_ipc(name, capture)
#define WEIR_ROW_kernel_activity(name, capture)
/* clang-format on */
const weir_cap_fn weir_net_fields[WEIR_network_connection_arity] = {
#include "../interpreter/templates.def"
};
