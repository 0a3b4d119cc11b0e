# SPDX-License-Identifier: GPL-2.0
"""weirc compile and weirc replay against the naive evaluator.

usage: differential.py WEIRC WORK SEED RULES-FOLDER...
"""
import glob
import json
import os
import random
import re
import subprocess
import sys

import yaml

import eventgen
import naive
import rulegen
import taplib

RANK = {"none": 0, "alert": 1, "deny": 2, "kill": 3}


class Harness:
    """weirc, a place to work in, and a schema."""

    def __init__(self, weirc, work, schema=None):
        self.weirc, self.work = weirc, work
        os.makedirs(work, exist_ok=True)
        self.extra = []
        if schema:
            path = os.path.join(work, "schema.json")
            with open(path, "w", encoding="utf-8") as f:
                json.dump(schema, f)
            self.extra = ["--schema", path]
        else:
            schema = json.loads(self.run(["schema"]).stdout)
        self.list = schema["types"]
        self.types = {t["name"]: {f["name"]: f["kind"] for f in t["fields"]} for t in self.list}
        self.fields = {t["name"]: t["fields"] for t in self.list}

    def run(self, args):
        """Run weirc."""
        return subprocess.run([self.weirc] + args, capture_output=True, check=False, timeout=300)

    def compile(self, sources, options=()):
        """Compile rules; (path, exit code, text)."""
        out = os.path.join(self.work, "out.weir")
        if os.path.exists(out):
            os.unlink(out)
        p = self.run(["compile", "--version", "1", "-o", out, *self.extra, *options, *sources])
        return out, p.returncode, (p.stdout + p.stderr).decode(errors="replace")

    def replay(self, content, events):
        """What weirc says of events, in order."""
        path = os.path.join(self.work, "events.jsonl")
        with open(path, "w", encoding="utf-8") as f:
            for e in events:
                f.write(json.dumps(e) + "\n")
        p = self.run(["replay", *self.extra, content, path])
        lines = [json.loads(x) for x in p.stdout.decode().splitlines()]
        if p.returncode or [x.get("event") for x in lines] != list(range(len(events))):
            raise RuntimeError("replay failed: " + p.stderr.decode()[:500] + str(lines[-1:]))
        return lines


def verdict(rules, ids):
    """The strongest action of rules that matched."""
    return max((rules[i].action for i in ids), key=lambda a: RANK[a], default="none")


def differences(h, content, rules, rng, per_rule, others):
    """Each rule on its own events, some others beside it: (what differs, counts)."""
    gen = eventgen.EventGen(rng, h.fields)
    by_id = {r.id: r for r in rules}
    asked = []
    for r in rules:
        same = [x for x in rules if x.type == r.type and x is not r]
        for _ in range(per_rule):
            asked.append((gen.event(r), [r] + rng.sample(same, min(others, len(same)))))
    answers = h.replay(content, [e for e, _ in asked])
    bad, matched, near, hit = [], 0, 0, set()
    for (event, chosen), answer in zip(asked, answers):
        got = set(answer["matches"])
        if answer["matches"] != sorted(got) or answer["verdict"] != verdict(by_id, got):
            bad.append(("form", event, answer))
        for r in chosen:
            want = r.matches(event)
            matched, near = matched + want, near + (not want)
            hit |= {r.id} if want else set()
            if want != (r.id in got):
                bad.append((r.doc["title"], r.id, "naive says %s" % want, event))
    return bad, (len(asked), matched, near, len(hit))


def compare(name, h, content, rules, rng, per_rule, others):
    """Compare, and see that enough of both outcomes was there."""
    bad, counts = differences(h, content, rules, rng, per_rule, others)
    for b in bad[:3]:
        print("# " + json.dumps(b)[:1500])
    taplib.result("%s: %d rules, %d events, %d matches, %d near misses" %
                  (name, len(rules), *counts[:3]), not bad, "%d differ" % len(bad))
    taplib.result("%s: most rules matched something (%d)" % (name, counts[3]),
                  counts[3] > len(rules) * 0.7)


class Liar(naive.Rule):
    """A rule that says the opposite, which the comparison must find."""

    def matches(self, event):
        return not super().matches(event)


def with_samples(doc, h, rng):
    """The rule with two sample events, which the compiler is to find right."""
    rule = naive.Rule(doc, h.types, rulegen.PLACEHOLDERS)
    events = eventgen.EventGen(rng, h.fields)
    doc["weir"]["samples"] = [{"event": e["fields"], "match": rule.matches(e)} for e in
                              (events.event(rule), events.event(rule))]
    return doc


def explained(h, content, rules, rng):
    """weirc explain comes to the same end as weirc replay."""
    gen = eventgen.EventGen(rng, h.fields)
    events = [gen.event(r) for r in rules[:12]]
    bad = []
    for e, answer in zip(events, h.replay(content, events)):
        path = os.path.join(h.work, "event.json")
        with open(path, "w", encoding="utf-8") as f:
            json.dump(e, f)
        p = h.run(["explain", "--json", *h.extra, content, path])
        got = [i["id"] for i in json.loads(p.stdout)["instances"] if i["matched"]]
        bad += [e] if sorted(got) != answer["matches"] else []
    taplib.result("explain agrees with replay", not bad, json.dumps(bad[:1]))


def random_rules(h, rng, count):
    """Generated rules over the built-in types."""
    gen = rulegen.RuleGen(rng, h.list)
    docs = [with_samples(gen.rule(i), h, rng) for i in range(count)]
    path = os.path.join(h.work, "random.yml")
    with open(path, "w", encoding="utf-8") as f:
        yaml.safe_dump_all(docs, f, allow_unicode=True, sort_keys=False)
    options = [x for k, vs in rulegen.PLACEHOLDERS.items() for v in vs
               for x in ("--expand", "%s=%s" % (k, v))]
    out, code, text = h.compile([path], options)
    if not taplib.result("random rules compile", code == 0, text[:600]):
        return
    docs = list(yaml.safe_load_all(open(path, encoding="utf-8")))
    rules = [naive.Rule(d, h.types, rulegen.PLACEHOLDERS) for d in docs]
    compare("random rules", h, out, rules, rng, 12, 12)
    code = h.run(["test", out]).returncode
    taplib.result("the sample events of random rules hold", code == 0)
    explained(h, out, rules, rng)
    rules[20] = Liar(docs[20], h.types, rulegen.PLACEHOLDERS)
    bad, _ = differences(h, out, rules, rng, 1, 0)
    taplib.result("a wrong answer is found", [b[1] for b in bad] == [rules[20].id])


def load(path):
    """The rules of a file."""
    with open(path, encoding="utf-8") as f:
        return list(yaml.safe_load_all(f))


def schema_of(docs):
    """A schema with every field that rules name, as strings."""
    names = {}

    def walk(d, into):
        if isinstance(d, dict):
            for k, v in d.items():
                if isinstance(k, str) and k.split("|")[0]:
                    into.add(k.split("|")[0])
                if not isinstance(v, (dict, list)):
                    continue
        elif isinstance(d, list):
            for x in d:
                walk(x, into)
    for d in docs:
        into = names.setdefault(d["logsource"]["category"], set())
        for k, v in d["detection"].items():
            if k not in ("condition", "timeframe"):
                walk(v, into)
    return {"types": [{"name": t, "id": i + 1, "channel": i + 1,
                       "fields": [{"name": n, "kind": "string"} for n in sorted(f)]}
                      for i, (t, f) in enumerate(sorted(names.items()))]}


def public_rules(weirc, work, rng, folder):
    """Rules that others wrote: all of a small folder, a sample of a large one."""
    name = os.path.basename(folder)
    paths = sorted(glob.glob(os.path.join(folder, "**", "*.yml"), recursive=True))
    if len(paths) > 300:
        paths = rng.sample(paths, 150)
    docs = [(p, d) for p in paths for d in load(p)]
    linux = all(d["logsource"].get("product") == "linux" for _, d in docs)
    h = Harness(weirc, work, None if linux else schema_of([d for _, d in docs]))
    out, code, text = h.compile(paths, [] if linux else ["--skip-unsupported"])
    if not taplib.result(name + " rules compile", code == 0, text[-600:]):
        return
    said = [line for line in text.splitlines() if "nothing rare wakes" not in line]
    skipped = {p for p in paths if any(re.search(re.escape(p) + r"[:\s]", line) for line in said)}
    for p in sorted(skipped):
        print("# not compiled: " + os.path.basename(p))
    taplib.result("%s: rules not compiled: %d" % (name, len(skipped)), len(skipped) <= len(paths) // 20)
    rules = [naive.Rule(d, h.types) for p, d in docs if p not in skipped]
    compare(name, h, out, rules, rng, 12 if linux else 6, 8)


def main():
    weirc, work, seed = sys.argv[1:4]
    print("# seed " + seed)
    rng = random.Random(int(seed))
    random_rules(Harness(weirc, work), rng, 300)
    for folder in sys.argv[4:]:
        public_rules(weirc, work, rng, folder)
    taplib.done()


if __name__ == "__main__":
    main()
