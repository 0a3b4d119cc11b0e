// SPDX-License-Identifier: GPL-2.0
/*
 * A channel file by hand, for tests of what comes before and after the content is parsed: one
 * instance that wants one string field to equal a literal, with one sample event that matches.
 *
 *   craft make KEY=VALUE... > FILE     keys: channel version type field name title expect
 *   craft poke FILE OFFSET HEX         overwrite bytes in place
 *   craft section FILE NUMBER          offset of a section
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content.h"
#include "templates.h"

#define LITERAL "/usr/bin/evil"
#define FILE_MAX 4096

struct want {
	uint32_t channel;
	uint64_t version;
	const char *type;
	const char *field;
	const char *name;
	const char *title;
	uint32_t expect; /* the sample expects the instance to match */
};

struct out {
	uint8_t b[FILE_MAX];
	uint32_t n; /* end of the last section */
	uint32_t section; /* number of the last section */
};

static void put(uint8_t *p, uint64_t v, int bytes)
{
	int i;

	for (i = 0; i < bytes; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static uint64_t get(const uint8_t *p, int bytes)
{
	uint64_t v = 0;
	int i;

	for (i = 0; i < bytes; i++)
		v |= (uint64_t)p[i] << 8 * i;
	return v;
}

/* The next section; returns where its bytes go. */
static uint8_t *section(struct out *o, uint32_t len, uint32_t count)
{
	uint8_t *s = o->b + WEIR_H_SECTIONS + o->section * WEIR_SZ_SECTION;
	uint32_t off = (o->n + 7) & ~7u;

	o->section++;
	put(s + WEIR_S_ID, o->section, 4);
	put(s + WEIR_S_OFF, off, 4);
	put(s + WEIR_S_LEN, len, 4);
	put(s + WEIR_S_COUNT, count, 4);
	o->n = off + len;
	return o->b + off;
}

static void put_instance(struct out *o, const struct want *w)
{
	uint8_t *p = section(o, WEIR_SZ_INSTANCE, 1);
	uint32_t i;

	for (i = 0; i < 16; i++)
		p[WEIR_I_UUID + i] = (uint8_t)(0x10 + i);
	put(p + WEIR_I_NNODES, 1, 2);
	p[WEIR_I_LEVEL] = WEIR_LEVEL_HIGH;
	p[WEIR_I_ACTION] = WEIR_VERDICT_ALERT;
	put(p + WEIR_I_TITLELEN, strlen(w->title), 2);
	put(p + WEIR_I_TITLE, strlen(w->name), 4);
}

static void put_program(struct out *o, uint32_t field)
{
	uint8_t *p = section(o, WEIR_SZ_NODE, 1);

	put(p + WEIR_N_YES, WEIR_ACCEPT, 2);
	put(p + WEIR_N_NO, WEIR_REJECT, 2);
	p = section(o, WEIR_SZ_CRITERION, 1);
	p[WEIR_C_FIELD] = (uint8_t)field;
	p[WEIR_C_OP] = WEIR_OP_EQ;
	put(p + WEIR_C_COUNT, 1, 3);
	p = section(o, WEIR_SZ_LITERAL, 1);
	put(p + WEIR_L_LEN, strlen(LITERAL), 2);
	section(o, 0, 0); /* numbers */
	memcpy(section(o, strlen(LITERAL), strlen(LITERAL)), LITERAL, strlen(LITERAL));
	section(o, 0, 0); /* DFAs */
	section(o, 0, 0);
}

/* The matching index, empty: the only instance is asked always. */
static void put_index(struct out *o)
{
	section(o, 0, 0); /* probes */
	section(o, 0, 0); /* filters */
	section(o, 0, 0); /* entries */
	section(o, 0, 0); /* wakes */
}

static void put_sample(struct out *o, const struct want *w, uint32_t field)
{
	uint8_t *p = section(o, WEIR_SZ_SAMPLE, 1);

	put(p + WEIR_P_NVALUES, 1, 2);
	put(p + WEIR_P_NEXPECT, w->expect, 4);
	p = section(o, WEIR_SZ_VALUE, 1);
	put(p + WEIR_V_FIELD, field, 2);
	put(p + WEIR_V_KIND, WEIR_KIND_string, 2);
	put(p + WEIR_V_LEN, strlen(LITERAL), 4);
	section(o, w->expect * WEIR_SZ_EXPECT, w->expect);
	memcpy(section(o, strlen(LITERAL), strlen(LITERAL)), LITERAL, strlen(LITERAL));
}

static void put_types(struct out *o, const struct weir_type *t)
{
	uint8_t *p = section(o, WEIR_SZ_TYPE, 1);
	uint32_t i;

	put(p + WEIR_T_ID, t->id, 2);
	put(p + WEIR_T_ARITY, t->arity, 2);
	put(p + WEIR_T_NINST, 1, 4);
	put(p + WEIR_T_NALWAYS, 1, 4);
	put(p + WEIR_T_FINGERPRINT, weir_fingerprint(t), 8);
	p = section(o, t->arity, t->arity);
	for (i = 0; i < t->arity; i++)
		p[i] = (uint8_t)t->fields[i].kind;
}

static void put_header(struct out *o, const struct want *w)
{
	struct weir_error err;
	struct weir_view v;

	memcpy(o->b + WEIR_H_MAGIC, WEIR_MAGIC, 8);
	put(o->b + WEIR_H_FORMAT, WEIR_FORMAT, 4);
	put(o->b + WEIR_H_SIZE, o->n, 4);
	put(o->b + WEIR_H_CHANNEL, w->channel, 4);
	put(o->b + WEIR_H_NSECT, WEIR_NSECT, 4);
	put(o->b + WEIR_H_VERSION, w->version, 8);
	put(o->b + WEIR_H_CREATED, 1721350740, 8);
	put(o->b + WEIR_H_SCRATCH, 4 * scratch_words(scratch_room(1, 1, 0)), 4);
	put(o->b + WEIR_H_NAMELEN, strlen(w->name), 4);
	if (weir_open(o->b, o->n, &v, &err))
		fprintf(stderr, "craft: %s\n", weir_strerror(err.code));
	else
		put(o->b + WEIR_H_COST, weir_cost(&v), 8);
}

static int find_field(const struct want *w, const struct weir_type **t, uint32_t *field)
{
	uint32_t i;

	for (i = 0; i < WEIR_NTYPES; i++)
		if (!strcmp(weir_types[i].name, w->type))
			break;
	if (i == WEIR_NTYPES)
		return -1;
	*t = &weir_types[i];
	for (i = 0; i < (*t)->arity; i++)
		if (!strcmp((*t)->fields[i].name, w->field))
			break;
	*field = i;
	return i < (*t)->arity && (*t)->fields[i].kind == WEIR_KIND_string ? 0 : -1;
}

static int make(const struct want *w)
{
	static struct out o = { .n = WEIR_HEADER_SIZE };
	const struct weir_type *t;
	uint32_t field;
	uint8_t *p;

	if (find_field(w, &t, &field)) {
		fprintf(stderr, "craft: no string field %s.%s\n", w->type, w->field);
		return 2;
	}
	p = section(&o, strlen(w->name) + strlen(w->title), strlen(w->name) + strlen(w->title));
	memcpy(p, w->name, strlen(w->name));
	memcpy(p + strlen(w->name), w->title, strlen(w->title));
	put_types(&o, t);
	put_instance(&o, w);
	put_program(&o, field);
	put_index(&o);
	put_sample(&o, w, field);
	put_header(&o, w);
	return fwrite(o.b, 1, o.n, stdout) == o.n ? 0 : 1;
}

static int make_args(int argc, char **argv)
{
	struct want w = { 291, 5, "ipc", "TargetImage", "drill", "Twenty-first field", 1 };
	char *value;
	int i;

	for (i = 0; i < argc; i++) {
		value = strchr(argv[i], '=');
		if (!value)
			return 2;
		*value++ = 0;
		if (!strcmp(argv[i], "channel"))
			w.channel = (uint32_t)strtoul(value, NULL, 10);
		else if (!strcmp(argv[i], "version"))
			w.version = strtoull(value, NULL, 10);
		else if (!strcmp(argv[i], "type"))
			w.type = value;
		else if (!strcmp(argv[i], "field"))
			w.field = value;
		else if (!strcmp(argv[i], "name"))
			w.name = value;
		else if (!strcmp(argv[i], "title"))
			w.title = value;
		else if (!strcmp(argv[i], "expect"))
			w.expect = (uint32_t)strtoul(value, NULL, 10);
		else
			return 2;
	}
	return make(&w);
}

static int poke(const char *path, const char *offset, const char *hex)
{
	FILE *f = fopen(path, "r+b");
	unsigned int byte;

	if (!f || fseek(f, strtol(offset, NULL, 0), SEEK_SET))
		return 1;
	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		fputc((int)byte, f);
	return fclose(f) ? 1 : 0;
}

static int print_section(const char *path, const char *number)
{
	long at = WEIR_H_SECTIONS + (strtol(number, NULL, 10) - 1) * (long)WEIR_SZ_SECTION;
	uint8_t entry[WEIR_SZ_SECTION];
	FILE *f = fopen(path, "rb");
	int ok = f && !fseek(f, at, SEEK_SET) && fread(entry, sizeof(entry), 1, f) == 1;

	if (f)
		fclose(f);
	if (ok)
		printf("%llu\n", (unsigned long long)get(entry + WEIR_S_OFF, 4));
	return !ok;
}

int main(int argc, char **argv)
{
	if (argc >= 2 && !strcmp(argv[1], "make"))
		return make_args(argc - 2, argv + 2);
	if (argc == 5 && !strcmp(argv[1], "poke"))
		return poke(argv[2], argv[3], argv[4]);
	if (argc == 4 && !strcmp(argv[1], "section"))
		return print_section(argv[2], argv[3]);
	fputs("usage: craft make KEY=VALUE... | poke FILE OFFSET HEX | section FILE NUMBER\n",
	      stderr);
	return 2;
}
