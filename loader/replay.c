// SPDX-License-Identifier: GPL-2.0
/* An event from here to the kernel's interpreter. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "device.h"
#include "private.h"

static uint32_t data_bytes(const struct weir_event *e)
{
	uint32_t i, n = 0;

	for (i = 0; i < e->n && i < WEIR_U_FIELDS; i++)
		if (e->v[i].ptr)
			n += e->v[i].len;
	return n;
}

/* Absent values are left out. Return: how many values there are. */
static uint32_t pack(const struct weir_event *e, struct weir_u_value *val, uint8_t *data)
{
	uint32_t i, n = 0, off = 0;

	for (i = 0; i < e->n && i < WEIR_U_FIELDS; i++) {
		const struct weir_value *v = &e->v[i];

		if (v->kind == WEIR_KIND_none)
			continue;
		val[n] = (struct weir_u_value){ .field = i, .kind = v->kind };
		if (v->kind == WEIR_KIND_string || v->kind == WEIR_KIND_ip) {
			val[n].off = off;
			val[n].len = v->len;
			if (v->len)
				memcpy(data + off, v->ptr, v->len);
			off += v->len;
		} else {
			val[n].num = v->num;
		}
		n++;
	}
	return n;
}

int weir_dev_replay(int fd, uint32_t channel, uint32_t slot, const struct weir_event *e,
		    uint32_t *match, uint32_t cap, struct weir_u_replay *out,
		    struct weir_refusal *r)
{
	struct weir_u_value val[WEIR_U_FIELDS];
	uint32_t ndata = data_bytes(e);
	uint8_t *data = calloc(ndata + 1, 1);
	int err;

	if (!data)
		return weir_refuse(r, WEIR_STEP_DEVICE, "NO_MEMORY", "free memory, then try again",
				   "not enough memory for an event");
	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	out->channel = channel;
	out->slot = slot;
	out->type = e->type;
	out->nvalues = pack(e, val, data);
	out->values = (uint64_t)(uintptr_t)val;
	out->data = (uint64_t)(uintptr_t)data;
	out->data_len = ndata;
	out->matches = (uint64_t)(uintptr_t)match;
	out->cap = cap;
	err = ioctl(fd, WEIR_IOC_REPLAY, out) ? errno : 0;
	free(data);
	if (!err)
		return 0;
	weir_refuse(r, WEIR_STEP_DEVICE, "REPLAY", NULL,
		    "the kernel does not evaluate the event: %s",
		    err == ENOENT ? "there is no such channel, or that slot of it is empty"
				  : strerror(err));
	r->channel = channel;
	return -1;
}
