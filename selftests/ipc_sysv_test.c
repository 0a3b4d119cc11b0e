// SPDX-License-Identifier: GPL-2.0
/* Message queues, shared memory and semaphores: what the kernel says of their use is true. */
#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"
#include "events.h"
#include "ipc_client.h"
#include "templates.h"

#define CHANNEL 7104
#define CONTENT "/content/ipc_sysv_test.weir"

#define F(name) WEIR_ipc_##name
#define TEXT(r, name, want) KTAP_EXPECT(weir_ev_text(r, F(name), want))
#define NUM(r, name, want) KTAP_EXPECT(weir_ev_num(r, F(name), want))

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

static int act_mq(const void *name)
{
	return mq_open(name, O_RDONLY);
}

KTAP_TEST(a_message_queue_is_seen_when_it_is_opened)
{
	static const char name[] = "/weir-mq";
	const struct weir_u_record *r;
	mqd_t q;

	begin();
	q = mq_open(name, O_CREAT | O_RDWR, 0666, NULL);
	KTAP_ASSERT(q >= 0);
	r = client(act_mq, name);
	KTAP_EXPECT(weir_client_did(r, OPEN, POSIX_MQ, READ));
	TEXT(r, ObjectName, name);
	NUM(r, ObjectMode, 0666);
	NUM(r, Namespace, weir_ev_ns(getpid(), "ipc"));
	KTAP_EXPECT(weir_client_is(r));
	mq_close(q);
	mq_unlink(name);
}

struct message {
	long type;
	char text[1];
};

static int act_msgsnd(const void *id)
{
	const struct message m = { 1, "x" };

	return msgsnd(*(const int *)id, &m, 1, 0);
}

static int act_msgrcv(const void *id)
{
	struct message m;

	return (int)msgrcv(*(const int *)id, &m, 1, 0, 0);
}

KTAP_TEST(system_v_messages_are_told_apart)
{
	int id = msgget(0x57454952, IPC_CREAT | 0666);
	const struct weir_u_record *r;

	begin();
	KTAP_ASSERT(id >= 0);
	r = client(act_msgsnd, &id);
	KTAP_EXPECT(weir_client_did(r, SEND, SYSV_MSG, WRITE));
	TEXT(r, ObjectName, "0x57454952");
	NUM(r, ObjectId, (uint64_t)id);
	NUM(r, ObjectMode, 0666);
	NUM(r, ObjectUserId, 0);
	NUM(r, Namespace, weir_ev_ns(getpid(), "ipc"));
	KTAP_EXPECT(weir_client_is(r));
	r = client(act_msgrcv, &id);
	KTAP_EXPECT(weir_client_did(r, RECEIVE, SYSV_MSG, READ));
	msgctl(id, IPC_RMID, NULL);
}

static int act_shmat(const void *id)
{
	return shmat(*(const int *)id, NULL, SHM_RDONLY) == (void *)-1 ? -1 : 0;
}

static int act_semop(const void *id)
{
	struct sembuf up = { 0, 1, 0 };

	return semop(*(const int *)id, &up, 1);
}

KTAP_TEST(system_v_memory_and_semaphores_are_seen)
{
	int shm = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0666);
	int sem = semget(0x57454953, 1, IPC_CREAT | 0666);
	const struct weir_u_record *r;

	begin();
	KTAP_ASSERT(shm >= 0 && sem >= 0);
	r = client(act_shmat, &shm);
	KTAP_EXPECT(weir_client_did(r, ATTACH, SYSV_SHM, READ));
	TEXT(r, ObjectName, "0x00000000");
	NUM(r, ObjectId, (uint64_t)shm);
	r = client(act_semop, &sem);
	KTAP_EXPECT(weir_client_did(r, OPERATE, SYSV_SEM, READWRITE));
	TEXT(r, ObjectName, "0x57454953");
	shmctl(shm, IPC_RMID, NULL);
	semctl(sem, 0, IPC_RMID);
}

KTAP_TEST(the_content_goes)
{
	begin();
	KTAP_EXPECT(!weir_ev_unload(dev, CHANNEL));
}

KTAP_MAIN()
