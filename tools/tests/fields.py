# SPDX-License-Identifier: GPL-2.0
"""Every field of every Template Type with every operator its kind allows.

usage: fields.py WEIRC OUT [TYPE.FIELD...]     those fields are left out

For each there is a rule of its own, an event that matches it and one that does not, neither by way
of a wildcard; and one event without any field. Everything comes from `weirc schema`. OUT gets, for
each type, TYPE.yml, TYPE.weir, TYPE.events.jsonl and TYPE.expected.jsonl: the last is what a replay
of the events has to print, here and in the kernel.
"""
import json
import os
import subprocess
import sys
import uuid

import yaml

import naive
import taplib

SPACE = uuid.UUID("0f0e6c7a-6a0e-4f57-8b1a-2d6f0c0a0291")
STRING_OPS = {"exists", "equals", "startswith", "endswith", "contains", "matches", "equals field",
              "startswith field", "endswith field"}
OPS = {"string": STRING_OPS, "u64": {"exists", "in", "equals field"},
       "i64": {"exists", "in", "equals field"}, "bool": {"exists", "in", "equals field"},
       "enum": {"exists", "in", "equals field"}, "ip": {"exists", "cidr", "equals field"}}


def string_cases(name, other):
    """(modifiers, value, matching fields, other fields) for a string."""
    yield "", "Alpha beta", {name: "alpha BETA"}, {name: "alpha betaX"}
    yield "|cased", "Alpha beta", {name: "Alpha beta"}, {name: "alpha beta"}
    yield "|startswith", "/Opt/a", {name: "/opt/A/tool"}, {name: "x/opt/a"}
    yield "|startswith|cased", "/Opt/a", {name: "/Opt/a/tool"}, {name: "/opt/a/tool"}
    yield "|endswith", "/Sh", {name: "/bin/sH"}, {name: "/bin/shx"}
    yield "|endswith|cased", "/Sh", {name: "/bin/Sh"}, {name: "/bin/sh"}
    yield "|contains", "abAbac", {name: "xababABACx"}, {name: "xababab"}
    yield "|contains|cased", "abAbac", {name: "xababAbacx"}, {name: "xabAbaC"}
    yield "|contains|all", ["one", "two"], {name: "TWO one"}, {name: "one one"}
    yield "|re", "^a[0-9]{2,3}(x|yz)$", {name: "a123yz"}, {name: "a1yz"}
    yield "", "a*b?d", {name: "aXXbcD"}, {name: "aXXbd"}
    yield "|exists", True, {name: ""}, {}
    yield "", "", {name: ""}, {name: " "}
    yield "", None, {}, {name: "there"}
    yield "|neq", "nope", {name: "yes"}, {name: "NOPE"}
    far = {} if other == name else {other: "tail", name: "other"}
    yield "|fieldref", other, {name: "Same", other: "sAme"} if other != name else {name: "a"}, far
    yield "|fieldref|startswith", other, {name: "Tail end", other: "tail"} if other != name else \
        {name: "a"}, far
    yield "|fieldref|endswith", other, {name: "at the Tail", other: "tail"} if other != name else \
        {name: "a"}, far


def number_cases(name, other, signed):
    """The same for a number."""
    low, high = (-2**63, 2**63 - 1) if signed else (0, 2**64 - 1)
    mid = -17 if signed else 2**33 + 7
    for v in (low, mid, high):
        yield "", v, {name: str(v)}, {name: str(v - 1 if v == high else v + 1)}
    yield "|lt", mid, {name: str(mid - 1)}, {name: str(mid)}
    yield "|lte", mid, {name: str(mid)}, {name: str(mid + 1)}
    yield "|gt", mid, {name: str(mid + 1)}, {name: str(mid)}
    yield "|gte", mid, {name: str(mid)}, {name: str(mid - 1)}
    yield "", [3, 5], {name: "5"}, {name: "4"}
    yield "|neq", 4, {name: "5"}, {name: "4"}
    yield from any_kind(name, other, str(mid), str(mid + 1))


def any_kind(name, other, one, two):
    """What every kind but string has: presence, and comparison with another field."""
    yield "|exists", True, {name: one}, {}
    yield "", None, {}, {name: one}
    if other != name:
        yield "|fieldref", other, {name: one, other: one}, {name: one, other: two}
    else:
        yield "|fieldref", other, {name: one}, {}


def cases(field, other):
    """All cases of a field; other is a field of the same kind, or itself if there is none."""
    name, kind = field["name"], field["kind"]
    if kind == "string":
        yield from string_cases(name, other)
    elif kind in ("u64", "i64"):
        yield from number_cases(name, other, kind == "i64")
    elif kind == "bool":
        yield "", True, {name: True}, {name: False}
        yield "", False, {name: "false"}, {name: "true"}
        yield from any_kind(name, other, True, False)
    elif kind == "enum":
        values = field["values"]
        for i, v in enumerate(values):
            yield "", v, {name: v.upper()}, {name: values[i - 1]}
        yield "|neq", values[0], {name: values[1]}, {name: values[0]}
        yield from any_kind(name, other, values[0], values[1])
    else:
        yield "", "192.0.2.7", {name: "192.0.2.7"}, {name: "192.0.2.8"}
        yield "", "2001:db8::7", {name: "2001:DB8::7"}, {name: "2001:db8::8"}
        yield "|cidr", "192.0.2.128/25", {name: "192.0.2.200"}, {name: "192.0.2.100"}
        yield "|cidr", "2001:db8::/33", {name: "2001:db8:7fff::1"}, {name: "2001:db8:8000::1"}
        yield "|cidr", "0.0.0.0/0", {name: "203.0.113.9"}, {name: "::203.0.113.9"}
        yield from any_kind(name, other, "192.0.2.7", "2001:db8::7")


def partner(t, field):
    """Another field that this one can be compared with, or itself."""
    same = [f["name"] for f in t["fields"] if f["kind"] == field["kind"] and f is not field and
            f.get("values") == field.get("values")]
    return same[-1] if same else field["name"]


class TypeTest:
    """One Template Type: its rules and events."""

    def __init__(self, t):
        self.t, self.docs, self.wants, self.events = t, [], [], [{"type": t["name"], "fields": {}}]
        for f in t["fields"]:
            for mods, value, good, bad in cases(f, partner(t, f)):
                self.add(f["name"] + mods, value, good, bad)

    def add(self, key, value, good, bad):
        """A rule, an event that it matches, and one that it does not."""
        name = self.t["name"]
        rid = str(uuid.uuid5(SPACE, "%s %s %s" % (name, key, json.dumps(value))))
        self.docs.append({
            "title": "%s %s %s" % (name, key, json.dumps(value)), "id": rid, "date": "2024-07-19",
            "logsource": {"category": name}, "level": "low",
            "detection": {"sel": {key: value}, "condition": "sel"}})
        for fields, want in ((good, True), (bad, False)):
            self.wants.append((len(self.events), rid, want, key))
            self.events.append({"type": name, "fields": fields})

    def expected(self):
        """What a naive evaluator says of all rules and all events."""
        types = {self.t["name"]: {f["name"]: f["kind"] for f in self.t["fields"]}}
        rules = [naive.Rule(d, types) for d in self.docs]
        idle = {r.id for r in rules if r.matches(self.events[0])}
        named = {}
        for r in rules:
            (key, value), = r.detection["sel"].items()
            named[r.id] = {key.split("|")[0], value if "fieldref" in key else ""}
        out = []
        for i, e in enumerate(self.events):
            ids = sorted(r.id for r in rules if (r.matches(e) if named[r.id] & set(e["fields"])
                                                 else r.id in idle))
            out.append({"event": i, "matches": ids, "verdict": "alert" if ids else "none"})
        return out


def run(args):
    """Run a command: (exit code, output, errors)."""
    p = subprocess.run(args, capture_output=True, check=False, timeout=300)
    return p.returncode, p.stdout.decode(), p.stderr.decode(errors="replace")


def write(path, lines):
    """Lines of JSON."""
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(json.dumps(x) + "\n" for x in lines)


def covered(weirc, content, t):
    """Fields whose criteria do not show every operator of their kind."""
    code, out, err = run([weirc, "dump", "--json", content])
    if code:
        return [err]
    seen = {(c["field"], c["op"]) for c in json.loads(out)["criteria"]}
    cased = {(c["field"], c["op"]) for c in json.loads(out)["criteria"] if c["cased"]}
    missing = [(f["name"], op) for f in t["fields"] for op in OPS[f["kind"]]
               if (f["name"], op) not in seen]
    return missing + [(f["name"], op, "cased") for f in t["fields"] if f["kind"] == "string"
                      for op in ("equals", "startswith", "endswith", "contains")
                      if (f["name"], op) not in cased]


def check(weirc, out, t):
    """Compile, replay, compare."""
    name = t["name"]
    base = os.path.join(out, name)
    test = TypeTest(t)
    with open(base + ".yml", "w", encoding="utf-8") as f:
        yaml.safe_dump_all(test.docs, f, allow_unicode=True, sort_keys=False)
    write(base + ".events.jsonl", test.events)
    expected = test.expected()
    write(base + ".expected.jsonl", expected)
    code, _, err = run([weirc, "compile", "--version", "1", "--channel", str(7300 + t["id"]),
                        "-o", base + ".weir", base + ".yml"])
    if not taplib.result("fields %s: %d rules compile" % (name, len(test.docs)), code == 0, err):
        return
    missing = covered(weirc, base + ".weir", t)
    taplib.result("fields %s: every operator of every field is there" % name, not missing,
                  str(missing[:5]))
    code, text, err = run([weirc, "replay", base + ".weir", base + ".events.jsonl"])
    got = [json.loads(x) for x in text.splitlines()]
    wrong = [(k, w) for i, rid, w, k in test.wants
             if code or len(got) <= i or (rid in got[i]["matches"]) != w]
    taplib.result("fields %s: each rule matches its event and not the other (%d)" %
                  (name, len(test.wants)), not wrong, err + str(wrong[:5]))
    with open(base + ".expected.jsonl", encoding="utf-8") as f:
        taplib.result("fields %s: the replay is what the naive evaluator says" % name,
                      f.read() == text, "see %s.expected.jsonl" % base)


def main():
    weirc, out, *without = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    code, text, err = run([weirc, "schema"])
    if code:
        sys.exit(err)
    for t in json.loads(text)["types"]:
        t["fields"] = [f for f in t["fields"] if "%s.%s" % (t["name"], f["name"]) not in without]
        check(weirc, out, t)
    taplib.done()


main()
