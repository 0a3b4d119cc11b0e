// SPDX-License-Identifier: GPL-2.0
/* Records as read() gives them, taken apart. */
#include <string.h>

#include "device.h"
#include "private.h"

static int bad_record(struct weir_refusal *r, const char *what)
{
	return weir_refuse(r, WEIR_STEP_DEVICE, "RECORD",
			   "install weirctl and the module from the same build",
			   "the kernel gave a record that makes no sense: %s", what);
}

static int take_field(const struct weir_u_rfield *h, const uint8_t *p, struct weir_record *out,
		      struct weir_refusal *r)
{
	struct weir_record_field *f;

	if (h->field == WEIR_RFIELD_TITLE) {
		out->title = p;
		out->ntitle = h->len;
		return 0;
	}
	if (out->nfields == WEIR_ARITY_MAX)
		return bad_record(r, "too many fields");
	f = &out->field[out->nfields++];
	*f = (struct weir_record_field){ .field = h->field, .kind = h->kind, .p = p, .n = h->len };
	if (h->kind == WEIR_KIND_string || h->kind == WEIR_KIND_ip)
		return 0;
	if (h->len != sizeof(f->num))
		return bad_record(r, "a number that is not of 8 bytes");
	memcpy(&f->num, p, sizeof(f->num));
	return 0;
}

static int take_fields(const uint8_t *p, const uint8_t *end, struct weir_record *out,
		       struct weir_refusal *r)
{
	struct weir_u_rfield h;
	uint32_t i;
	size_t room;

	for (i = 0; i < out->head.nfields; i++) {
		if ((size_t)(end - p) < sizeof(h))
			return bad_record(r, "a field past its end");
		memcpy(&h, p, sizeof(h));
		p += sizeof(h);
		room = ((size_t)h.len + 7) & ~(size_t)7;
		if (room > (size_t)(end - p))
			return bad_record(r, "a field's bytes past its end");
		if (take_field(&h, p, out, r))
			return -1;
		p += room;
	}
	return 0;
}

int weir_record_next(const uint8_t **p, const uint8_t *end, struct weir_record *out,
		     struct weir_refusal *r)
{
	const uint8_t *at = *p;

	if (at == end)
		return 0;
	memset(out, 0, sizeof(*out));
	if ((size_t)(end - at) < sizeof(out->head))
		return bad_record(r, "shorter than its header");
	memcpy(&out->head, at, sizeof(out->head));
	if (out->head.size < sizeof(out->head) || out->head.size % 8 ||
	    out->head.size > (size_t)(end - at))
		return bad_record(r, "its size");
	if (take_fields(at + sizeof(out->head), at + out->head.size, out, r))
		return -1;
	*p = at + out->head.size;
	return 1;
}
