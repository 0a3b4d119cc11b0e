// SPDX-License-Identifier: GPL-2.0
/* RE2: a set of expressions for each field. */
#include <re2/re2.h>
#include <re2/set.h>
#include <stdlib.h>
#include <memory>
#include <string>
#include <vector>

#include "bench.h"

namespace
{
constexpr int64_t memory_max = 1 << 28; /* of one set; RE2 keeps states that it made before */

struct set {
	std::unique_ptr<RE2::Set> re;
	std::vector<uint32_t> crit;
	std::vector<int> found;
};

RE2::Options options()
{
	RE2::Options o(RE2::Latin1);

	o.set_log_errors(false);
	o.set_max_mem(memory_max);
	return o;
}

std::string expression(const struct bench_pattern *p)
{
	char *text = bench_pattern_regex(p);
	std::string s(text);

	free(text);
	if (p->lit)
		return (p->c->exact ? "" : "(?i)") + s;
	return (p->c->glob ? "(?is)" : "") + s;
}

int takes(const struct bench_pattern *p)
{
	return RE2(expression(p), options()).ok();
}

void *build(const struct bench_pattern *p, size_t n, char *why, size_t size)
{
	auto s = std::make_unique<set>();
	std::string text;
	size_t i;

	s->re = std::make_unique<RE2::Set>(options(), RE2::UNANCHORED);
	for (i = 0; i < n; i++) {
		if (s->re->Add(expression(&p[i]), &text) < 0) {
			snprintf(why, size, "RE2: %s", text.c_str());
			return nullptr;
		}
		s->crit.push_back(p[i].crit);
	}
	if (!s->re->Compile()) {
		snprintf(why, size, "RE2: no memory to compile %zu expressions", n);
		return nullptr;
	}
	return s.release();
}

int scan(void *m, const struct weir_value *v, struct bench_confirm *f)
{
	auto s = static_cast<set *>(m);
	const re2::StringPiece text(reinterpret_cast<const char *>(v->ptr), v->len);
	RE2::Set::ErrorInfo error;

	if (!s->re->Match(text, &s->found, &error))
		return error.kind == RE2::Set::kNoError ? 0 : -1;
	for (int i : s->found)
		bench_confirm_hit(f, s->crit[i]);
	return 0;
}

/* What RE2 uses it does not tell. */
size_t memory(void *m)
{
	(void)m;
	return 0;
}

void release(void *m)
{
	delete static_cast<set *>(m);
}

const struct bench_matcher ops = { takes, build, scan, nullptr, memory, release };

struct bench_engine make_engine()
{
	struct bench_engine e = {};

	e.name = "re2-set";
	e.about = "RE2::Set on each string field, then the programs that its matches wake";
	e.open = bench_peer_open;
	e.eval = bench_peer_eval;
	e.close = bench_peer_close;
	e.with = &ops;
	return e;
}
} // namespace

extern "C" {
extern struct bench_engine bench_re2;
struct bench_engine bench_re2 = make_engine();
}
