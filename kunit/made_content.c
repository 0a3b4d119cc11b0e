// SPDX-License-Identifier: GPL-2.0
/* Channel files made by a test itself, straight from the format's description. */
#include <kunit/test.h>
#include <linux/align.h>
#include <linux/err.h>
#include <linux/string.h>
#include <asm/unaligned.h>

#include "../interpreter/index.h"
#include "../kmod/content.h"
#include "made_content.h"

#define NAME "made"
#define FILE_MAX 0x4000u
#define WINDOW 4 /* bytes by which the index knows the literal */

/**
 * struct file - a channel file in the making
 * @b: its bytes, zero where nothing was written
 * @end: of the section written last
 * @section: number of sections written
 */
struct file {
	u8 *b;
	u32 end;
	u32 section;
};

/* Begin the next section; its bytes are for the caller to write. */
static u8 *section(struct file *f, u32 count, u32 entry)
{
	u8 *s = f->b + WEIR_H_SECTIONS + f->section * WEIR_SZ_SECTION;
	u32 off = ALIGN(f->end, 8);

	f->section++;
	put_unaligned_le32(f->section, s + WEIR_S_ID);
	put_unaligned_le32(off, s + WEIR_S_OFF);
	put_unaligned_le32(count * entry, s + WEIR_S_LEN);
	put_unaligned_le32(count, s + WEIR_S_COUNT);
	f->end = off + count * entry;
	return f->b + off;
}

static void put_text(struct file *f, const struct weir_recipe *r)
{
	u32 n = sizeof(NAME) - 1;
	u8 *text = section(f, n + r->instances * WEIR_MADE_TITLE_LEN, 1);
	char title[WEIR_MADE_TITLE_LEN + 1];
	u32 i;

	memcpy(text, NAME, n);
	scnprintf(title, sizeof(title), WEIR_MADE_TITLE, r->version);
	for (i = 0; i < r->instances; i++)
		memcpy(text + n + i * WEIR_MADE_TITLE_LEN, title, WEIR_MADE_TITLE_LEN);
}

static void put_type(struct file *f, const struct weir_recipe *r)
{
	u8 *type = section(f, 1, WEIR_SZ_TYPE);
	const struct weir_type *t;
	u8 *kinds;
	u32 i;

	rcu_read_lock();
	t = weir_type_at(weir_type_index(r->type));
	kinds = section(f, t->arity, 1);
	put_unaligned_le16(t->id, type + WEIR_T_ID);
	put_unaligned_le16(t->arity, type + WEIR_T_ARITY);
	put_unaligned_le32(r->instances, type + WEIR_T_NINST);
	put_unaligned_le32(r->indexed ? 0 : r->instances, type + WEIR_T_NALWAYS);
	put_unaligned_le64(weir_fingerprint(t), type + WEIR_T_FINGERPRINT);
	for (i = 0; i < t->arity; i++)
		kinds[i] = t->fields[i].kind;
	rcu_read_unlock();
}

static void put_instances(struct file *f, const struct weir_recipe *r)
{
	u8 *insts = section(f, r->instances, WEIR_SZ_INSTANCE);
	u8 *nodes = section(f, r->instances, WEIR_SZ_NODE);
	u32 i;

	for (i = 0; i < r->instances; i++) {
		u8 *inst = insts + i * WEIR_SZ_INSTANCE;
		u8 *node = nodes + i * WEIR_SZ_NODE;

		put_unaligned_be64(r->version, inst + WEIR_I_UUID);
		put_unaligned_be64(i, inst + WEIR_I_UUID + 8);
		put_unaligned_le16(1, inst + WEIR_I_NNODES);
		put_unaligned_le32(i, inst + WEIR_I_NODE);
		inst[WEIR_I_LEVEL] = WEIR_LEVEL_HIGH;
		inst[WEIR_I_ACTION] = r->action ? r->action : WEIR_VERDICT_ALERT;
		put_unaligned_le16(WEIR_MADE_TITLE_LEN, inst + WEIR_I_TITLELEN);
		put_unaligned_le32(sizeof(NAME) - 1 + i * WEIR_MADE_TITLE_LEN, inst + WEIR_I_TITLE);
		if (r->indexed)
			put_unaligned_le32(WEIR_INDEXED_NODE | WEIR_ASLEEP, node + WEIR_N_CRIT);
		put_unaligned_le16(WEIR_ACCEPT, node + WEIR_N_YES);
		put_unaligned_le16(WEIR_REJECT, node + WEIR_N_NO);
	}
}

static void put_criterion(struct file *f, const struct weir_recipe *r)
{
	u8 *crit = section(f, 1, WEIR_SZ_CRITERION);
	u8 *lit = section(f, 1, WEIR_SZ_LITERAL);

	crit[WEIR_C_FIELD] = r->field;
	crit[WEIR_C_OP] = WEIR_OP_EQ;
	crit[WEIR_C_COUNT] = 1;
	crit[WEIR_C_FLAGS] = r->indexed ? WEIR_INDEXED : 0;
	put_unaligned_le16(strlen(r->equals), lit + WEIR_L_LEN);
	section(f, 0, WEIR_SZ_NUMBER);
	memcpy(section(f, strlen(r->equals), 1), r->equals, strlen(r->equals));
	section(f, 0, WEIR_SZ_DFA);
	section(f, 0, 1);
}

/* One probe, of the first bytes of the field: its filter, an entry and the empty one behind it. */
static void put_index(struct file *f, const struct weir_recipe *r)
{
	const struct text text = { r->equals, strlen(r->equals) };
	u8 *probe = section(f, r->indexed, WEIR_SZ_PROBE);
	u8 *filter, *entry, *wakes;
	struct more more;
	u32 hash, i;

	filter = section(f, r->indexed, WEIR_SZ_WORD);
	entry = section(f, r->indexed ? 2 : 0, WEIR_SZ_ENTRY);
	wakes = section(f, r->indexed ? r->instances : 0, WEIR_SZ_WAKE);
	if (!r->indexed)
		return;
	probe[WEIR_B_FIELD] = r->field;
	probe[WEIR_B_WHERE] = WEIR_AT_START;
	probe[WEIR_B_WIDTH] = WINDOW;
	put_unaligned_le32(1 + text.len, probe + WEIR_B_WEIGHT);
	put_unaligned_le32(2, probe + WEIR_B_COUNT);
	put_unaligned_le32(1, probe + WEIR_B_HOMES);
	put_unaligned_le32(1, probe + WEIR_B_WORDS);
	hash = mix(tag_of(text, 0, WINDOW));
	put_unaligned_le32(BIT(hash % 32), filter);
	more = more_of(text, 0, WINDOW);
	put_unaligned_le32(hash, entry + WEIR_X_HASH);
	put_unaligned_le32(more.tag, entry + WEIR_X_MORE);
	put_unaligned_le32(more.of, entry + WEIR_X_OPERAND);
	put_unaligned_le32(WEIR_NOWHERE, entry + WEIR_SZ_ENTRY + WEIR_X_HASH);
	put_unaligned_le32(WEIR_NOWHERE, entry + WEIR_SZ_ENTRY + WEIR_X_CRIT);
	for (i = 0; i < r->instances; i++)
		put_unaligned_le32(i, wakes + i * WEIR_SZ_WAKE);
}

static void put_header(struct file *f, const struct weir_recipe *r)
{
	memcpy(f->b, WEIR_MAGIC, 8);
	put_unaligned_le32(WEIR_FORMAT, f->b + WEIR_H_FORMAT);
	put_unaligned_le32(f->end, f->b + WEIR_H_SIZE);
	put_unaligned_le32(r->channel, f->b + WEIR_H_CHANNEL);
	put_unaligned_le32(WEIR_NSECT, f->b + WEIR_H_NSECT);
	put_unaligned_le64(r->version, f->b + WEIR_H_VERSION);
	put_unaligned_le64(1, f->b + WEIR_H_CREATED);
	put_unaligned_le64(1, f->b + WEIR_H_COST);
	put_unaligned_le32(4 * scratch_words(scratch_room(1, r->instances, 0)),
			   f->b + WEIR_H_SCRATCH);
	put_unaligned_le32(sizeof(NAME) - 1, f->b + WEIR_H_NAMELEN);
}

static u32 make_file(struct kunit *test, u8 *b, const struct weir_recipe *r)
{
	struct file f = { .b = b, .end = WEIR_HEADER_SIZE };
	struct weir_error err;
	struct weir_view v;

	put_text(&f, r);
	put_type(&f, r);
	put_instances(&f, r);
	put_criterion(&f, r);
	put_index(&f, r);
	while (f.section < WEIR_NSECT)
		section(&f, 0, 1);
	put_header(&f, r);
	/* The cost is the core's to say. */
	KUNIT_ASSERT_EQ(test, weir_open(b, f.end, &v, &err), 0);
	put_unaligned_le64(weir_cost(&v), b + WEIR_H_COST);
	return f.end;
}

struct weir_content *weir_make_content(struct kunit *test, const struct weir_recipe *recipe)
{
	u8 *b = kunit_kzalloc(test, FILE_MAX, GFP_KERNEL);
	struct weir_content *ct;
	struct weir_error err;
	u32 n;
	u8 *rw;

	KUNIT_ASSERT_NOT_NULL(test, b);
	n = make_file(test, b, recipe);
	ct = weir_content_alloc(n, &rw);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ct));
	memcpy(rw, b, n);
	kunit_kfree(test, b);
	KUNIT_ASSERT_EQ(test, weir_content_seal(ct, rw), 0);
	KUNIT_ASSERT_EQ(test, weir_content_open(ct, n, &err), 0);
	KUNIT_ASSERT_EQ(test, weir_content_prepare(ct), 0);
	return ct;
}
