// SPDX-License-Identifier: GPL-2.0
/* What ipc's hooks cost: an operation for each, and for each kind of object that is opened. */
#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cost.h"

#define QUEUE "/weir-cost"

static const struct sockaddr_un stream = { .sun_family = AF_UNIX, .sun_path = "\0weir-stream" };
static const struct sockaddr_un dgram = { .sun_family = AF_UNIX, .sun_path = "\0weir-dgram" };
static int server = -1, client = -1, fd = -1, sysv = -1;
static void *at;

static int unix_server(int type, const struct sockaddr_un *sun)
{
	server = socket(AF_UNIX, type, 0);
	return server < 0 ? -1 : bind(server, (const struct sockaddr *)sun, sizeof(*sun));
}

static int stream_setup(void)
{
	return unix_server(SOCK_STREAM, &stream) ? -1 : listen(server, 1);
}

static int stream_before(void)
{
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	return client;
}

static int stream_act(void)
{
	return connect(client, (const struct sockaddr *)&stream, sizeof(stream));
}

static int stream_after(void)
{
	int got = accept(server, NULL, NULL);

	return got < 0 || close(got) ? -1 : close(client);
}

static int dgram_setup(void)
{
	client = socket(AF_UNIX, SOCK_DGRAM, 0);
	return client < 0 ? -1 : unix_server(SOCK_DGRAM, &dgram);
}

static int dgram_act(void)
{
	return (int)sendto(client, "x", 1, 0, (const struct sockaddr *)&dgram, sizeof(dgram));
}

static int dgram_after(void)
{
	char b;

	return (int)recv(server, &b, 1, 0);
}

static int fifo_setup(void)
{
	unlink("fifo");
	return mkfifo("fifo", 0600);
}

static int fifo_act(void)
{
	fd = open("fifo", O_RDWR);
	return fd;
}

static int close_fd(void)
{
	return close(fd);
}

static int queue_setup(void)
{
	mqd_t q = mq_open(QUEUE, O_CREAT | O_RDWR, 0600, NULL);

	return q < 0 ? -1 : mq_close(q);
}

static int queue_act(void)
{
	fd = mq_open(QUEUE, O_RDWR);
	return fd;
}

static struct {
	long type;
	char text[8];
} msg = { 1, "x" };

static int msg_setup(void)
{
	if (sysv < 0)
		sysv = msgget(IPC_PRIVATE, 0600);
	return sysv;
}

static int msgsnd_act(void)
{
	return msgsnd(sysv, &msg, sizeof(msg.text), 0);
}

static int msgrcv_act(void)
{
	return (int)msgrcv(sysv, &msg, sizeof(msg.text), 0, 0);
}

static int shm_setup(void)
{
	sysv = shmget(IPC_PRIVATE, 4096, 0600);
	return sysv;
}

static int shm_act(void)
{
	at = shmat(sysv, NULL, 0);
	return at == (void *)-1 ? -1 : 0;
}

static int shm_after(void)
{
	return shmdt(at);
}

static int sem_setup(void)
{
	sysv = semget(IPC_PRIVATE, 1, 0600);
	return sysv;
}

static int sem_act(void)
{
	struct sembuf up = { 0, 1, 0 };

	return semop(sysv, &up, 1);
}

const struct weir_cost weir_costs_ipc[] = {
	{ "stream-connect", "unix_stream_connect", stream_setup, stream_before, stream_act,
	  stream_after },
	{ "datagram-sendto", "unix_may_send", dgram_setup, NULL, dgram_act, dgram_after },
	{ "open-fifo", "file_open", fifo_setup, NULL, fifo_act, close_fd },
	{ "mq_open", "file_open", queue_setup, NULL, queue_act, close_fd },
	{ "msgsnd", "msg_queue_msgsnd", msg_setup, NULL, msgsnd_act, msgrcv_act },
	{ "msgrcv", "ipc_permission", msg_setup, msgsnd_act, msgrcv_act, NULL },
	{ "shmat", "shm_shmat", shm_setup, NULL, shm_act, shm_after },
	{ "semop", "sem_semop", sem_setup, NULL, sem_act, NULL },
	{ .name = NULL },
};
