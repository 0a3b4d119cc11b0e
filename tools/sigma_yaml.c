// SPDX-License-Identifier: GPL-2.0
/* YAML events to a tree. */
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "sigma_yaml.h"

struct loader {
	yaml_parser_t parser;
	struct weir_arena *arena;
	struct weir_yaml_docs *out;
	const char *anchor[WEIR_YAML_ANCHORS_MAX];
	struct weir_yaml *target[WEIR_YAML_ANCHORS_MAX]; /* null while still open */
	unsigned int nanchors;
	uint32_t nodes; /* of the file so far, aliases with all they stand for */
	unsigned int depth;
};

static int fail(struct loader *l, size_t line, const char *text)
{
	if (!l->out->error) {
		l->out->line = line + 1;
		l->out->error = text;
	}
	return -1;
}

static int next_event(struct loader *l, yaml_event_t *e)
{
	const char *where;

	if (yaml_parser_parse(&l->parser, e))
		return 0;
	where = l->parser.context ? l->parser.context : "";
	return fail(l,
		    l->parser.problem_mark.line ? l->parser.problem_mark.line : l->parser.mark.line,
		    weir_arena_text(l->arena, "is not well-formed YAML: %s%s%s",
				    l->parser.problem ? l->parser.problem : "unreadable",
				    *where ? " " : "", where));
}

/* Names of anchors are per document, the last of a name counts. */
static int add_anchor(struct loader *l, const yaml_char_t *name, size_t line, unsigned int *slot)
{
	*slot = WEIR_YAML_ANCHORS_MAX;
	if (!name)
		return 0;
	if (l->nanchors == WEIR_YAML_ANCHORS_MAX)
		return fail(l, line, "has more anchors than are accepted (256)");
	*slot = l->nanchors++;
	l->anchor[*slot] = weir_arena_copy(l->arena, name, strlen((const char *)name));
	l->target[*slot] = NULL;
	return 0;
}

static struct weir_yaml *find_alias(struct loader *l, const yaml_char_t *name, size_t line)
{
	unsigned int i;

	for (i = l->nanchors; i--;) {
		if (strcmp(l->anchor[i], (const char *)name))
			continue;
		if (!l->target[i])
			fail(l, line, "has an alias inside what it stands for");
		return l->target[i];
	}
	fail(l, line, "has an alias without an anchor");
	return NULL;
}

static int count(struct loader *l, uint32_t weight, size_t line)
{
	if (weight > WEIR_YAML_NODES_MAX - l->nodes)
		return fail(l, line, "has more nodes than are accepted (100000), aliases expanded");
	l->nodes += weight;
	return 0;
}

static int check_tag(struct loader *l, const yaml_char_t *tag, const char *allowed, size_t line)
{
	if (!tag || !strcmp((const char *)tag, "!") || !strcmp((const char *)tag, allowed))
		return 0;
	return fail(l, line, "has a YAML tag: tags are not supported");
}

static int load_node(struct loader *l, yaml_event_t *e, struct weir_yaml **out);

static int load_scalar(struct loader *l, yaml_event_t *e, struct weir_yaml *y)
{
	if (check_tag(l, e->data.scalar.tag, YAML_STR_TAG, e->start_mark.line))
		return -1;
	y->kind = WEIR_YAML_SCALAR;
	y->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !e->data.scalar.tag;
	y->len = e->data.scalar.length;
	y->text = weir_arena_copy(l->arena, e->data.scalar.value, y->len);
	return 0;
}

static int load_list(struct loader *l, yaml_event_t *e, struct weir_yaml *y)
{
	yaml_event_t item;
	int ret;

	if (check_tag(l, e->data.sequence_start.tag, YAML_SEQ_TAG, e->start_mark.line))
		return -1;
	y->kind = WEIR_YAML_LIST;
	for (;;) {
		if (next_event(l, &item))
			return -1;
		if (item.type == YAML_SEQUENCE_END_EVENT)
			break;
		y->item = weir_arena_grow(l->arena, y->item, y->n, sizeof(*y->item));
		ret = load_node(l, &item, &y->item[y->n]);
		yaml_event_delete(&item);
		if (ret)
			return ret;
		y->weight += y->item[y->n++]->weight;
	}
	yaml_event_delete(&item);
	return 0;
}

static int check_key(struct loader *l, const struct weir_yaml *y, const struct weir_yaml *key)
{
	uint32_t i;

	if (key->kind != WEIR_YAML_SCALAR)
		return fail(l, key->line - 1, "has a map key that is not a scalar");
	if (memchr(key->text, 0, key->len))
		return fail(l, key->line - 1, "has a map key with a NUL in it");
	if (key->plain && weir_yaml_is(key, "<<"))
		return fail(l, key->line - 1, "has a merge key: merge keys are not supported");
	for (i = 0; i < y->n; i++)
		if (y->key[i]->len == key->len && !memcmp(y->key[i]->text, key->text, key->len))
			return fail(l, key->line - 1,
				    weir_arena_text(l->arena,
						    "has the key \"%s\" twice in one map: one of "
						    "them would be lost",
						    key->text));
	return 0;
}

static int load_pair(struct loader *l, yaml_event_t *e, struct weir_yaml *y)
{
	yaml_event_t value;
	int ret;

	if (y->n == WEIR_YAML_KEYS_MAX)
		return fail(l, e->start_mark.line,
			    "has more keys in one map than are accepted (4096)");
	y->key = weir_arena_grow(l->arena, y->key, y->n, sizeof(*y->key));
	y->item = weir_arena_grow(l->arena, y->item, y->n, sizeof(*y->item));
	if (load_node(l, e, &y->key[y->n]) || check_key(l, y, y->key[y->n]))
		return -1;
	if (next_event(l, &value))
		return -1;
	ret = load_node(l, &value, &y->item[y->n]);
	yaml_event_delete(&value);
	if (ret)
		return ret;
	y->weight += y->key[y->n]->weight + y->item[y->n]->weight;
	y->n++;
	return 0;
}

static int load_map(struct loader *l, yaml_event_t *e, struct weir_yaml *y)
{
	yaml_event_t key;
	int ret;

	if (check_tag(l, e->data.mapping_start.tag, YAML_MAP_TAG, e->start_mark.line))
		return -1;
	y->kind = WEIR_YAML_MAP;
	for (;;) {
		if (next_event(l, &key))
			return -1;
		if (key.type == YAML_MAPPING_END_EVENT)
			break;
		ret = load_pair(l, &key, y);
		yaml_event_delete(&key);
		if (ret)
			return ret;
	}
	yaml_event_delete(&key);
	return 0;
}

static const yaml_char_t *anchor_of(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return e->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return e->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return e->data.mapping_start.anchor;
	default:
		return NULL;
	}
}

/* Recursion ends at WEIR_YAML_DEPTH_MAX. */
static int load_node(struct loader *l, yaml_event_t *e, struct weir_yaml **out)
{
	size_t line = e->start_mark.line;
	struct weir_yaml *y;
	unsigned int slot;
	int ret = 0;

	if (e->type == YAML_ALIAS_EVENT) {
		*out = find_alias(l, e->data.alias.anchor, line);
		return *out ? count(l, (*out)->weight, line) : -1;
	}
	y = weir_arena_get(l->arena, 1, sizeof(*y));
	y->line = line + 1;
	y->weight = 1;
	*out = y;
	if (l->depth == WEIR_YAML_DEPTH_MAX)
		return fail(l, line, "is nested deeper than is accepted (32)");
	if (count(l, 1, line) || add_anchor(l, anchor_of(e), line, &slot))
		return -1;
	l->depth++;
	if (e->type == YAML_SCALAR_EVENT)
		ret = load_scalar(l, e, y);
	else if (e->type == YAML_SEQUENCE_START_EVENT)
		ret = load_list(l, e, y);
	else
		ret = load_map(l, e, y);
	l->depth--;
	if (slot < WEIR_YAML_ANCHORS_MAX)
		l->target[slot] = y;
	return ret;
}

/* One event between documents, or a document. Returns 1 at the end of the stream. */
static int load_document(struct loader *l)
{
	struct weir_yaml_docs *out = l->out;
	yaml_event_t e;
	int ret = 0;

	if (next_event(l, &e))
		return -1;
	switch (e.type) {
	case YAML_STREAM_END_EVENT:
		ret = 1;
		break;
	case YAML_DOCUMENT_START_EVENT:
		l->nanchors = 0;
		break;
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	default:
		if (out->n == WEIR_YAML_DOCS_MAX) {
			ret = fail(l, e.start_mark.line, "has more documents than are accepted");
			break;
		}
		out->doc = weir_arena_grow(l->arena, out->doc, out->n, sizeof(*out->doc));
		ret = load_node(l, &e, &out->doc[out->n]);
		out->n++;
	}
	yaml_event_delete(&e);
	return ret;
}

int weir_yaml_load(struct weir_arena *a, const uint8_t *p, size_t n, struct weir_yaml_docs *out)
{
	struct loader *l = weir_arena_get(a, 1, sizeof(*l));
	int ret = 0;

	memset(out, 0, sizeof(*out));
	l->arena = a;
	l->out = out;
	if (!yaml_parser_initialize(&l->parser))
		return fail(l, 0, "cannot be parsed: not enough memory");
	yaml_parser_set_encoding(&l->parser, YAML_UTF8_ENCODING);
	/* With the encoding set, libyaml takes the mark that some editors begin with for text. */
	if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
		p += 3;
		n -= 3;
	}
	yaml_parser_set_input_string(&l->parser, p, n);
	while (!ret)
		ret = load_document(l);
	yaml_parser_delete(&l->parser);
	return ret < 0 ? -1 : 0;
}
