// SPDX-License-Identifier: GPL-2.0
/* Verdicts applied: communication between processes. */
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

#include "enforce.h"

#define KEY 0x57454e46
#define FIFO "/tmp/weir-enforce-fifo"
#define QUEUE "/weir-enforce-mq"

static const struct sockaddr_un address = {
	.sun_family = AF_UNIX,
	.sun_path = "/tmp/weir-enforce-socket",
};

static int server = -1;

static int serve(int type)
{
	server = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	unlink(address.sun_path);
	if (server < 0 || bind(server, (const void *)&address, sizeof(address)) ||
	    chmod(address.sun_path, 0666))
		return -1;
	return type == SOCK_STREAM ? listen(server, 4) : 0;
}

static void stop_serving(void)
{
	close(server);
	unlink(address.sun_path);
}

static int stream_setup(void)
{
	return serve(SOCK_STREAM);
}

static int stream_act(void)
{
	return connect(socket(AF_UNIX, SOCK_STREAM, 0), (const void *)&address, sizeof(address));
}

static int stream_happened(pid_t actor)
{
	int fd = accept(server, NULL, NULL);

	(void)actor;
	if (fd < 0)
		return 0;
	close(fd);
	return 1;
}

static int datagram_setup(void)
{
	return serve(SOCK_DGRAM);
}

static int datagram_act(void)
{
	return (int)sendto(socket(AF_UNIX, SOCK_DGRAM, 0), "x", 1, 0, (const void *)&address,
			   sizeof(address));
}

static int datagram_happened(pid_t actor)
{
	char byte;

	(void)actor;
	return recv(server, &byte, 1, 0) == 1;
}

static int fifo_setup(void)
{
	unlink(FIFO);
	return mkfifo(FIFO, 0600) || chmod(FIFO, 0666) ? -1 : 0;
}

static int fifo_act(void)
{
	return open(FIFO, O_RDONLY | O_NONBLOCK);
}

/* It can be opened for writing only while somebody has it open for reading. */
static int fifo_happened(pid_t actor)
{
	int fd = open(FIFO, O_WRONLY | O_NONBLOCK);

	(void)actor;
	if (fd < 0)
		return 0;
	close(fd);
	return 1;
}

static void fifo_cleanup(void)
{
	unlink(FIFO);
}

static int queue_setup(void)
{
	mqd_t q = mq_open(QUEUE, O_CREAT | O_RDWR, 0600, NULL);
	int ret;

	if (q < 0)
		return -1;
	ret = fchmod(q, 0666);
	mq_close(q);
	return ret;
}

static int queue_act(void)
{
	return mq_open(QUEUE, O_RDONLY);
}

static int queue_happened(pid_t actor)
{
	return weir_deed_holds(actor, QUEUE);
}

static void queue_cleanup(void)
{
	mq_unlink(QUEUE);
}

struct message {
	long type;
	char text[1];
};

static const struct message message = { 1, "x" };

static int messages(void)
{
	struct msqid_ds state;

	return msgctl(msgget(KEY, 0), IPC_STAT, &state) ? -1 : (int)state.msg_qnum;
}

static void msg_cleanup(void)
{
	msgctl(msgget(KEY, 0), IPC_RMID, NULL);
}

static int msgsnd_setup(void)
{
	msg_cleanup();
	return msgget(KEY, IPC_CREAT | 0666) < 0 ? -1 : 0;
}

static int msgsnd_act(void)
{
	return msgsnd(msgget(KEY, 0), &message, sizeof(message.text), 0);
}

static int msgsnd_happened(pid_t actor)
{
	(void)actor;
	return messages() == 1;
}

static int msgrcv_setup(void)
{
	return msgsnd_setup() || msgsnd_act() ? -1 : 0;
}

static int msgrcv_act(void)
{
	struct message m;

	return (int)msgrcv(msgget(KEY, 0), &m, sizeof(m.text), 0, 0);
}

static int msgrcv_happened(pid_t actor)
{
	(void)actor;
	return messages() == 0;
}

static void shm_cleanup(void)
{
	shmctl(shmget(KEY, 0, 0), IPC_RMID, NULL);
}

static int shm_setup(void)
{
	shm_cleanup();
	return shmget(KEY, 4096, IPC_CREAT | 0666) < 0 ? -1 : 0;
}

static int shm_act(void)
{
	return shmat(shmget(KEY, 0, 0), NULL, 0) == (void *)-1 ? -1 : 0;
}

static int shm_happened(pid_t actor)
{
	struct shmid_ds state;

	(void)actor;
	return !shmctl(shmget(KEY, 0, 0), IPC_STAT, &state) && state.shm_nattch == 1;
}

static void sem_cleanup(void)
{
	semctl(semget(KEY, 1, 0), 0, IPC_RMID);
}

static int sem_setup(void)
{
	sem_cleanup();
	return semget(KEY, 1, IPC_CREAT | 0666) < 0 ? -1 : 0;
}

static int sem_act(void)
{
	struct sembuf up = { 0, 1, 0 };

	return semop(semget(KEY, 1, 0), &up, 1);
}

static int sem_happened(pid_t actor)
{
	(void)actor;
	return semctl(semget(KEY, 1, 0), 0, GETVAL) == 1;
}

const struct weir_deed weir_deeds_ipc[] = {
	{ "stream-connect", 0, stream_setup, stream_act, stream_happened, stop_serving },
	{ "datagram-send", 0, datagram_setup, datagram_act, datagram_happened, stop_serving },
	{ "fifo-open", 0, fifo_setup, fifo_act, fifo_happened, fifo_cleanup },
	{ "queue-open", 0, queue_setup, queue_act, queue_happened, queue_cleanup },
	{ "msgsnd", 0, msgsnd_setup, msgsnd_act, msgsnd_happened, msg_cleanup },
	{ "msgrcv", WEIR_DEED_EACCES, msgrcv_setup, msgrcv_act, msgrcv_happened, msg_cleanup },
	{ "shmat", 0, shm_setup, shm_act, shm_happened, shm_cleanup },
	{ "semop", 0, sem_setup, sem_act, sem_happened, sem_cleanup },
	{ .name = NULL },
};
