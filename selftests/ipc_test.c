// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says of communication between processes is what really happened: this program is
 * the server, a child that runs as another user is the client, and each of the 21 fields of the
 * record is compared.
 */
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ktap.h"
#include "events.h"
#include "child.h"
#include "ipc_client.h"
#include "templates.h"

#define CHANNEL 7102
#define CONTENT "/content/ipc_test.weir"

#define F(name) WEIR_ipc_##name
#define TEXT(r, name, want) KTAP_EXPECT(weir_ev_text(r, F(name), want))
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))
#define ABSENT(r, name) KTAP_EXPECT(weir_ev_absent(r, F(name)))

struct address {
	struct sockaddr_un sun;
	socklen_t len;
};

static int dev;

static void begin(void)
{
	dev = weir_ev_open(CHANNEL, CONTENT);
	KTAP_ASSERT(dev >= 0);
	umask(0);
}

static const struct weir_u_record *client(int (*act)(const void *), const void *what)
{
	const struct weir_u_record *r = weir_client(dev, CHANNEL, act, what);

	KTAP_ASSERT(r);
	return r;
}

static struct address address_of(const char *name, size_t n)
{
	struct address a = { .sun = { .sun_family = AF_UNIX } };

	memcpy(a.sun.sun_path, name, n);
	a.len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	return a;
}

static struct address path_address(const char *path)
{
	unlink(path);
	return address_of(path, strlen(path) + 1);
}

static int serve(int type, const struct address *a)
{
	int fd = socket(AF_UNIX, type, 0);

	KTAP_ASSERT(fd >= 0);
	KTAP_ASSERT(!bind(fd, (const void *)&a->sun, a->len));
	KTAP_ASSERT(type == SOCK_DGRAM || !listen(fd, 4));
	return fd;
}

static int act_stream(const void *a)
{
	const struct address *to = a;

	return connect(socket(AF_UNIX, SOCK_STREAM, 0), (const void *)&to->sun, to->len);
}

static int act_seqpacket(const void *a)
{
	const struct address *to = a;

	return connect(socket(AF_UNIX, SOCK_SEQPACKET, 0), (const void *)&to->sun, to->len);
}

static int act_dgram(const void *a)
{
	const struct address *to = a;

	return (int)sendto(socket(AF_UNIX, SOCK_DGRAM, 0), "x", 1, 0, (const void *)&to->sun,
			   to->len);
}

static void expect_server(const struct weir_u_record *r)
{
	NUM(r, TargetProcessId, (uint64_t)getpid());
	NUM(r, TargetUserId, 0);
	TEXT(r, TargetImage, weir_child_own_image());
}

static void expect_file(const struct weir_u_record *r, const char *path)
{
	struct stat st;

	KTAP_ASSERT(!stat(path, &st));
	TEXT(r, ObjectName, path);
	NUM(r, ObjectId, st.st_ino);
	NUM(r, ObjectMode, st.st_mode & 07777);
	NUM(r, ObjectUserId, st.st_uid);
	NUM(r, ObjectGroupId, st.st_gid);
	NUM(r, Abstract, 0);
}

KTAP_TEST(a_connection_to_a_path_fills_all_21_fields)
{
	struct address a = path_address("/tmp/weir-stream");
	int fd = serve(SOCK_STREAM, &a);
	const struct weir_u_record *r;

	begin();
	KTAP_ASSERT(!chown("/tmp/weir-stream", 3, 4) && !chmod("/tmp/weir-stream", 0666));
	r = client(act_stream, &a);
	KTAP_EXPECT_EQ(r->nfields, 1 + WEIR_ipc_arity);
	KTAP_EXPECT(weir_client_did(r, CONNECT, STREAM, READWRITE));
	expect_file(r, "/tmp/weir-stream");
	NUM(r, ObjectUserId, 3);
	NUM(r, ObjectGroupId, 4);
	NUM(r, Namespace, weir_ev_ns(getpid(), "net"));
	KTAP_EXPECT(weir_client_is(r));
	expect_server(r);
	close(fd);
}

KTAP_TEST(a_relative_name_is_made_absolute)
{
	struct address a = path_address("weir-relative");
	const struct weir_u_record *r;
	int fd;

	KTAP_ASSERT(!chdir("/tmp"));
	a = path_address("weir-relative");
	umask(0);
	fd = serve(SOCK_STREAM, &a);
	begin();
	r = client(act_stream, &a);
	expect_file(r, "/tmp/weir-relative");
	close(fd);
}

KTAP_TEST(an_abstract_name_keeps_its_zero_bytes)
{
	static const char name[] = "\0weir\0abstract";
	struct address a = address_of(name, sizeof(name) - 1);
	int fd = serve(SOCK_STREAM, &a);
	const struct weir_u_record *r;
	struct stat st;

	begin();
	KTAP_ASSERT(!fstat(fd, &st));
	r = client(act_stream, &a);
	KTAP_EXPECT(weir_ev_bytes(r, F(ObjectName), "@weir\0abstract", sizeof(name) - 1));
	NUM(r, Abstract, 1);
	NUM(r, ObjectId, st.st_ino);
	NUM(r, ObjectUserId, 0);
	KTAP_EXPECT(weir_client_is(r));
	expect_server(r);
}

KTAP_TEST(a_sequenced_packet_socket_is_told_from_a_stream)
{
	struct address a = path_address("/tmp/weir-seqpacket");
	const struct weir_u_record *r;

	begin();
	serve(SOCK_SEQPACKET, &a);
	r = client(act_seqpacket, &a);
	KTAP_EXPECT(weir_client_did(r, CONNECT, SEQPACKET, READWRITE));
	expect_file(r, "/tmp/weir-seqpacket");
	expect_server(r);
}

KTAP_TEST(a_datagram_names_the_socket_and_its_owner)
{
	struct address a = path_address("/tmp/weir-dgram");
	const struct weir_u_record *r;

	begin();
	serve(SOCK_DGRAM, &a);
	r = client(act_dgram, &a);
	KTAP_EXPECT(weir_client_did(r, SEND, DGRAM, WRITE));
	expect_file(r, "/tmp/weir-dgram");
	KTAP_EXPECT(weir_client_is(r));
	NUM(r, TargetUserId, 0);
	ABSENT(r, TargetProcessId);
	ABSENT(r, TargetImage);
}

static int act_dgram_connect(const void *a)
{
	const struct address *to = a;

	return connect(socket(AF_UNIX, SOCK_DGRAM, 0), (const void *)&to->sun, to->len);
}

KTAP_TEST(a_datagram_socket_that_connects_is_told_from_one_that_sends)
{
	struct address a = path_address("/tmp/weir-dgram");
	const struct weir_u_record *r;

	begin();
	serve(SOCK_DGRAM, &a);
	r = client(act_dgram_connect, &a);
	KTAP_EXPECT(weir_client_did(r, CONNECT, DGRAM, WRITE));
	r = client(act_dgram, &a);
	KTAP_EXPECT(weir_client_did(r, SEND, DGRAM, WRITE));
}

static int act_write(const void *fd)
{
	return (int)write(*(const int *)fd, "x", 1);
}

KTAP_TEST(a_datagram_pair_names_who_made_it)
{
	const struct weir_u_record *r;
	int pair[2];

	begin();
	KTAP_ASSERT(!socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
	r = client(act_write, &pair[0]);
	KTAP_EXPECT(weir_client_did(r, SEND, DGRAM, WRITE));
	ABSENT(r, ObjectName);
	NUM(r, Abstract, 0);
	expect_server(r);
}

static int act_fifo_both(const void *path)
{
	return open(path, O_RDWR);
}

static int act_fifo_read(const void *path)
{
	return open(path, O_RDONLY | O_NONBLOCK);
}

static int act_fifo_write(const void *path)
{
	return open(path, O_WRONLY);
}

KTAP_TEST(a_fifo_is_seen_when_it_is_opened)
{
	static const char path[] = "/tmp/weir-fifo";
	const struct weir_u_record *r;
	int fd;

	begin();
	KTAP_ASSERT(!mkfifo(path, 0622) || errno == EEXIST);
	KTAP_ASSERT(!chmod(path, 0666));
	fd = open(path, O_RDWR);
	KTAP_ASSERT(fd >= 0);
	r = client(act_fifo_both, path);
	KTAP_EXPECT(weir_client_did(r, OPEN, FIFO, READWRITE));
	expect_file(r, path);
	NUM(r, Namespace, weir_ev_ns(getpid(), "mnt"));
	KTAP_EXPECT(weir_client_is(r));
	ABSENT(r, TargetProcessId);
	ABSENT(r, TargetUserId);
	ABSENT(r, TargetImage);
	r = client(act_fifo_read, path);
	KTAP_EXPECT(weir_client_did(r, OPEN, FIFO, READ));
	r = client(act_fifo_write, path);
	KTAP_EXPECT(weir_client_did(r, OPEN, FIFO, WRITE));
	close(fd);
	unlink(path);
}

KTAP_TEST(armed_hooks_cannot_be_stopped_by_a_sysctl)
{
	int fd = open("/proc/sys/kernel/ftrace_enabled", O_WRONLY);

	begin();
	KTAP_ASSERT(fd >= 0);
	KTAP_EXPECT_EQ(write(fd, "0", 1), -1);
	KTAP_EXPECT_EQ(errno, EBUSY);
}

KTAP_TEST(without_content_nothing_is_hooked)
{
	struct weir_u_type t;

	begin();
	KTAP_ASSERT(!weir_ev_type(dev, WEIR_TYPE_ipc, &t));
	KTAP_EXPECT_EQ(t.provided, (1ull << WEIR_ipc_arity) - 1);
	KTAP_EXPECT_EQ(t.armed, 1);
	KTAP_EXPECT_EQ(weir_ev_hooked("security_unix_stream_connect"), 1);
	KTAP_EXPECT(!weir_ev_unload(dev, CHANNEL));
	KTAP_ASSERT(!weir_ev_type(dev, WEIR_TYPE_ipc, &t));
	KTAP_EXPECT_EQ(t.armed, 0);
	KTAP_EXPECT_EQ(weir_ev_hooked("security_unix_stream_connect"), 0);
	KTAP_EXPECT_EQ(weir_ev_hooked("security_unix_may_send"), 0);
	KTAP_EXPECT_EQ(weir_ev_hooked("security_file_open"), 0);
}

KTAP_MAIN()
