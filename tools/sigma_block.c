// SPDX-License-Identifier: GPL-2.0
/* The rule's own block, `weir:`: the action, and sample events that say what the rule is to do. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sigma.h"

static int enum_number(const struct weir_field *f, const struct weir_yaml *y, uint64_t *num)
{
	const char *name;
	size_t len;
	uint32_t i;

	for (i = 0; (name = weir_enum_value(f, i, &len)); i++) {
		if (len == y->len && !memcmp(name, y->text, len)) {
			*num = i;
			return 0;
		}
	}
	return -1;
}

static int string_value(struct weir_sigma *s, const struct weir_field *f, const struct weir_yaml *y,
			struct weir_sample_value *out)
{
	if (y->len > WEIR_VALUE_MAX)
		return weir_sigma_error(s, y->line, f->name,
					"sample: a value of more than %u bytes", WEIR_VALUE_MAX);
	out->bytes.p = (uint8_t *)weir_arena_copy(weir_sigma_arena(s), y->text, y->len);
	out->bytes.n = y->len;
	return 0;
}

static int sample_value(struct weir_sigma *s, const struct weir_field *f, const struct weir_yaml *y,
			struct weir_sample_value *out)
{
	const char *wrong = NULL;

	out->kind = f->kind;
	if (weir_yaml_type(y) == WEIR_YAML_UNCLEAR)
		wrong = "means different things in YAML 1.1 and 1.2: quote it";
	else if (f->kind == WEIR_KIND_string)
		return string_value(s, f, y, out);
	else if (f->kind == WEIR_KIND_ip)
		wrong = weir_sigma_parse_address(weir_sigma_arena(s), weir_yaml_word(y), 0,
						 &out->bytes);
	else if (f->kind != WEIR_KIND_enum)
		wrong = weir_sigma_parse_number(f->kind, y, &out->num);
	else if (enum_number(f, y, &out->num))
		return weir_sigma_error(s, y->line, f->name,
					"sample: \"%s\" is none of the values %s", y->text,
					f->values);
	if (wrong)
		return weir_sigma_error(s, y->line, f->name, "sample: %s (value \"%s\")", wrong,
					y->text);
	return 0;
}

static int by_field(const void *a, const void *b)
{
	const struct weir_sample_value *x = a, *y = b;

	return (x->field > y->field) - (x->field < y->field);
}

/* A field that is null is absent, like one that is not named. */
static int sample_event(struct weir_sigma *s, const struct weir_yaml *map,
			struct weir_sample_event *out)
{
	const struct weir_yaml *y;
	uint32_t i;
	int field;

	out->value = weir_arena_get(weir_sigma_arena(s), map->n, sizeof(*out->value));
	for (i = 0; i < map->n; i++) {
		y = map->item[i];
		field = weir_field_number(s->type, map->key[i]->text);
		if (field < 0)
			return weir_sigma_error(s, map->key[i]->line, map->key[i]->text,
						"sample: type %s has no such field", s->type->name);
		if (y->kind != WEIR_YAML_SCALAR)
			return weir_sigma_error(s, y->line, map->key[i]->text,
						"sample: a value is not a list or map");
		if (weir_yaml_type(y) == WEIR_YAML_NULL)
			continue;
		out->value[out->n].field = field;
		if (sample_value(s, &s->type->fields[field], y, &out->value[out->n]))
			return -1;
		out->n++;
	}
	qsort(out->value, out->n, sizeof(*out->value), by_field);
	return 0;
}

static int known_keys(struct weir_sigma *s, const struct weir_yaml *map, const char *a,
		      const char *b, const char *where)
{
	uint32_t i;

	for (i = 0; i < map->n; i++)
		if (!weir_yaml_is(map->key[i], a) && !weir_yaml_is(map->key[i], b))
			return weir_sigma_error(s, map->key[i]->line, NULL,
						"%s: unknown key \"%s\"; known are %s and %s",
						where, map->key[i]->text, a, b);
	return 0;
}

static int sample(struct weir_sigma *s, const struct weir_yaml *map, struct weir_sample_event *out)
{
	const struct weir_yaml *event = weir_yaml_get(map, "event");
	const struct weir_yaml *match = weir_yaml_get(map, "match");

	if (map->kind != WEIR_YAML_MAP || !event || event->kind != WEIR_YAML_MAP || !match ||
	    match->kind != WEIR_YAML_SCALAR || weir_yaml_type(match) != WEIR_YAML_BOOL)
		return weir_sigma_error(s, map->line, NULL,
					"weir: a sample is a map with an \"event\", which is a map "
					"of fields, and a \"match\", which is true or false");
	if (known_keys(s, map, "event", "match", "weir: sample"))
		return -1;
	out->line = map->line;
	out->match = tolower((unsigned char)*match->text) == 't';
	return sample_event(s, event, out);
}

static int samples(struct weir_sigma *s, const struct weir_yaml *list, struct weir_rule *rule)
{
	uint32_t i;

	if (list->kind != WEIR_YAML_LIST)
		return weir_sigma_error(s, list->line, NULL, "weir: \"samples\" is not a list");
	rule->sample = weir_arena_get(weir_sigma_arena(s), list->n, sizeof(*rule->sample));
	for (i = 0; i < list->n; i++)
		if (sample(s, list->item[i], &rule->sample[i]))
			return -1;
	rule->nsamples = list->n;
	return 0;
}

int weir_sigma_block(struct weir_sigma *s, const struct weir_yaml *block, struct weir_rule *rule)
{
	const struct weir_yaml *action = weir_yaml_get(block, "action");
	const struct weir_yaml *list = weir_yaml_get(block, "samples");
	int verdict;

	if (block->kind != WEIR_YAML_MAP)
		return weir_sigma_error(s, block->line, NULL,
					"\"weir\" is not a map with \"action\" or \"samples\"");
	if (known_keys(s, block, "action", "samples", "weir"))
		return -1;
	if (action) {
		verdict = weir_verdict_number(weir_yaml_word(action));
		if (verdict <= WEIR_VERDICT_NONE)
			return weir_sigma_error(s, action->line, NULL,
						"weir: \"action\" is none of alert, deny, kill");
		rule->action = verdict;
	}
	return list ? samples(s, list, rule) : 0;
}
