// SPDX-License-Identifier: GPL-2.0
/* Sample events and the instances they are expected to match. */
#include "emit.h"

static void put_value(struct weir_emit *e, const struct weir_sample_value *v)
{
	struct weir_buffer *values = &e->section[WEIR_SEC_SAMPLE_VALUES];
	struct weir_buffer *data = &e->section[WEIR_SEC_SAMPLE_DATA];

	weir_put16(values, v->field);
	weir_put16(values, v->kind);
	weir_put32(values, data->n);
	weir_put32(values, v->bytes.n);
	weir_put32(values, 0);
	weir_put64(values, v->num);
	values->count++;
	weir_put(data, v->bytes.p, v->bytes.n);
}

static void put_sample(struct weir_emit *e, const struct weir_rule *r,
		       const struct weir_sample_event *ev, const struct weir_expect *expect)
{
	struct weir_buffer *samples = &e->section[WEIR_SEC_SAMPLES];
	struct weir_buffer *expects = &e->section[WEIR_SEC_SAMPLE_EXPECT];
	uint32_t i;

	weir_put16(samples, weir_emit_type(e, r->type));
	weir_put16(samples, ev->n);
	weir_put32(samples, e->section[WEIR_SEC_SAMPLE_VALUES].count);
	weir_put32(samples, expects->count);
	weir_put32(samples, expect ? expect->n : 0);
	samples->count++;
	for (i = 0; i < ev->n; i++)
		put_value(e, &ev->value[i]);
	for (i = 0; expect && i < expect->n; i++)
		weir_put32(expects, expect->instance[i]);
	expects->count += expect ? expect->n : 0;
}

void weir_emit_samples(struct weir_emit *e)
{
	uint32_t i, n = 0;
	size_t j;

	for (i = WEIR_SEC_SAMPLES; i <= WEIR_SEC_SAMPLE_DATA; i++) {
		e->section[i].n = 0;
		e->section[i].count = 0;
	}
	for (i = 0; i < e->nrules; i++)
		for (j = 0; j < e->rule[i]->nsamples; j++, n++)
			put_sample(e, e->rule[i], &e->rule[i]->sample[j],
				   e->expect ? &e->expect[n] : NULL);
}
