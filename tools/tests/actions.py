# SPDX-License-Identifier: GPL-2.0
"""Rules whose action cannot be applied to all that they may match.

usage: actions.py WEIRC WORK SEED
"""
import json
import os
import random
import sys

import yaml

import differential
import eventgen
import naive
import rulegen
import taplib

MASKED = {"network_connection": ("accept", "connect, bind, sendto")}

# name, detection; of network_connection, where accept cannot be denied
FITTING = [
    ("one operation", {"s": {"Operation": "connect"}, "condition": "s"}),
    ("a list without it", {"s": {"Operation": ["connect", "sendto"]}, "condition": "s"}),
    ("a list on both sides of it", {"s": {"Operation": ["bind", "sendto"]}, "condition": "s"}),
    ("a pattern that leaves it out", {"s": {"Operation|startswith": "b"}, "condition": "s"}),
    ("not it", {"s": {"Operation": "accept"}, "condition": "not s"}),
    ("not it, by modifier", {"s": {"Operation|neq": "accept"}, "condition": "s"}),
    ("not it, among others", {"i": {"Image": "a"}, "s": {"Operation": ["accept", "bind"]},
                              "condition": "i and not s"}),
    ("not with it", {"i": {"Image": "a"}, "s": {"Operation": "accept"},
                     "condition": "not (i or s)"}),
    ("and with others", {"s": {"Operation": "sendto", "Image|endswith": "/x", "UserId|gt": 7},
                         "condition": "s"}),
    ("another's absence beside it", {"s": {"Operation": "sendto", "Image": None}, "condition": "s"}),
    ("1 of, each asks", {"s_1": {"Operation": "sendto", "UserId": 1},
                         "s_2": {"Operation": "bind"}, "condition": "1 of s_*"}),
    ("all of, one asks", {"s_1": {"Operation": "sendto"}, "s_2": {"UserId": 1},
                          "condition": "all of s_*"}),
    ("or, inside an and", {"i": {"Image": "a"}, "u": {"UserId": 1}, "s": {"Operation": "sendto"},
                           "condition": "(i or u) and s"}),
    ("or, both ask", {"i": {"Image": "a", "Operation": "bind"},
                      "s": {"Operation": "sendto"}, "condition": "i or s"}),
    ("not either", {"i": {"Image": "a", "Operation": "bind"},
                    "s": {"Operation|neq": "sendto"}, "condition": "not s and not i"}),
    ("it and another value at once", {"s": {"Operation": "accept"}, "o": {"Operation": "bind"},
                                      "condition": "s and o"}),
    ("its absence", {"s": {"Operation": None}, "condition": "s"}),
    ("a comparison of fields beside it", {"s": {"Operation": "bind", "Image|fieldref": "User"},
                                          "condition": "s"}),
]
TOO_WIDE = [
    ("no operation", {"s": {"Image|endswith": "/x"}, "condition": "s"}),
    ("it", {"s": {"Operation": "accept"}, "condition": "s"}),
    ("a list with it", {"s": {"Operation": ["connect", "accept", "sendto"]}, "condition": "s"}),
    ("a pattern that takes it in", {"s": {"Operation|startswith": ["c", "a"]}, "condition": "s"}),
    ("any operation", {"s": {"Operation": "*"}, "condition": "s"}),
    ("that there is one", {"s": {"Operation|exists": True}, "condition": "s"}),
    ("not another", {"s": {"Operation": "connect"}, "condition": "not s"}),
    ("or others", {"s": {"Operation": "sendto"}, "i": {"Image": "a"}, "condition": "s or i"}),
    ("or not others", {"s": {"Operation": "sendto"}, "i": {"Image": "a"},
                       "condition": "s or not i"}),
    ("1 of, one does not ask", {"s_1": {"Operation": "sendto"}, "s_2": {"UserId": 1},
                                "condition": "1 of s_*"}),
    ("not all of", {"s_1": {"Operation": "sendto"}, "s_2": {"UserId": 1},
                    "condition": "not all of s_*"}),
    ("another's absence", {"s": {"Image": None}, "condition": "s"}),
    ("one of many", {**{"s_%d" % i: {"Image|endswith": "/%d" % i, "Operation": "bind"}
                        for i in range(60)}, "s_60": {"CommandLine": "x"},
                     "condition": "1 of s_*"}),
]


def rule(detection, action, kind="network_connection", number=0):
    """A rule."""
    return {"title": "Rule %d" % number, "date": "2024-07-19",
            "id": "0b8d1d6c-7c4f-4c25-9b29-%012x" % number, "logsource": {"category": kind},
            "detection": detection, "weir": {"action": action}}


def compile_rules(h, docs, options=()):
    """Exit code, what was said, the file's bytes."""
    path = os.path.join(h.work, "rules.yml")
    with open(path, "w", encoding="utf-8") as f:
        yaml.safe_dump_all(docs, f, sort_keys=False)
    out, code, text = h.compile([path], options)
    content = b""
    if os.path.exists(out):
        with open(out, "rb") as f:
            content = f.read()
    return code, text, content


def forms(h):
    """Each form of a rule with each action."""
    for name, detection in FITTING:
        code, text, _ = compile_rules(h, [rule(detection, "deny")])
        taplib.result("deny is taken: " + name, code == 0, text)
    for name, detection in TOO_WIDE:
        code, text, content = compile_rules(h, [rule(detection, "deny")])
        taplib.result("deny is refused: " + name,
                      code == 1 and not content and "cannot be applied" in text, text)
    docs = [rule(d, a, number=i) for i, (_, d) in enumerate(FITTING + TOO_WIDE)
            for a in [("kill", "alert")[i % 2]]]
    code, text, _ = compile_rules(h, docs)
    taplib.result("kill and alert are taken in every form", code == 0, text)
    wide = {"s": {"Image": "a"}, "condition": "s"}
    for kind in sorted(h.types):
        code, text, _ = compile_rules(h, [rule(wide, "deny", kind)])
        taplib.result("deny of everything is %s for %s" %
                      ("refused" if kind in MASKED else "taken", kind),
                      code == (kind in MASKED), text)


def words(h):
    """What the refusal says, and that the other rules go on without the refused one."""
    wide = {"s": {"Image": "a"}, "condition": "s"}
    for kind, (value, others) in MASKED.items():
        good, bad = rule({"s": {"Operation": "connect"}, "condition": "s"}, "deny", kind, 1), \
            rule(wide, "deny", kind, 2)
        code, text, _ = compile_rules(h, [good, bad], ["--json"])
        e = json.loads(text)["error"]
        taplib.result("%s: the refusal says what, where and what to do" % kind,
                      code == 1 and e["rule"] == "Rule 2" and e["field"] == "Operation" and
                      e["file"].endswith("rules.yml") and e["line"] == 13 and
                      "deny cannot be applied where Operation is %s," % value in e["message"] and
                      "Operation (%s)" % others in e["message"] and
                      "kill or alert" in e["message"], text)
        code, text, content = compile_rules(h, [good, bad], ["--skip-unsupported", "--json"])
        skipped = json.loads(text)["skipped"]
        taplib.result("%s: the other rule is written without it" % kind,
                      code == 0 and [s["rule"] for s in skipped] == ["Rule 2"] and
                      content == compile_rules(h, [good])[2], text)


def same_bytes(h):
    """Trying rules one by one leaves no trace in the file."""
    docs = [rule(d, "deny", number=i) for i, (_, d) in enumerate(FITTING)]
    _, _, denying = compile_rules(h, docs)
    code, text, alerting = compile_rules(h, [rule(d["detection"], "alert", number=i)
                                             for i, d in enumerate(docs)])
    ids = [alerting.index(bytes.fromhex(d["id"].replace("-", ""))) for d in docs]
    patched = bytearray(alerting)
    for i in ids:
        patched[i + 25] = 2
    taplib.result("the same rules that alert differ in nothing but the action",
                  code == 0 and bytes(patched) == denying, text)


def schemas(weirc, work):
    """What another schema says of actions, and what it may not say."""
    fields = [{"name": "Text", "kind": "string"},
              {"name": "What", "kind": "enum", "values": ["a", "b", "c"]}]
    d = {"s": {"Text": "x"}, "condition": "s"}
    b = {"s": {"What": "b"}, "condition": "s"}

    def harness(**keys):
        return differential.Harness(weirc, work, {"types": [
            {"name": "made", "id": 1, "channel": 7, "fields": fields, **keys}]})

    def codes(h):
        return [compile_rules(h, [rule(x, a, "made")])[0] for x in (d, b) for a in ("deny", "kill")]

    for name, keys, want in [
            ("nothing", {}, [0, 0, 0, 0]),
            ("no deny at all", {"no_deny": True}, [1, 0, 1, 0]),
            ("false", {"no_deny": False, "no_kill": False}, [0, 0, 0, 0]),
            ("no kill at all", {"no_kill": True}, [0, 1, 0, 1]),
            ("all values", {"selector": "What", "no_deny": True}, [1, 0, 1, 0]),
            ("some values", {"selector": "What", "no_deny": ["a", "c"], "no_kill": ["b"]},
             [1, 1, 0, 1]),
            ("no values", {"selector": "What", "no_deny": [], "no_kill": []}, [0, 0, 0, 0])]:
        h = harness(**keys)
        taplib.result("schema: " + name, codes(h) == want, str(codes(h)))
        printed = json.loads(h.run(["schema", *h.extra]).stdout)["types"][0]
        again = harness(**{k: v for k, v in printed.items() if k in ("selector", "no_deny", "no_kill")})
        taplib.result("schema printed and read again: " + name, codes(again) == want, str(printed))
    for name, keys in [("a selector that is no field", {"selector": "Which"}),
                       ("a selector that is no enum", {"selector": "Text"}),
                       ("a selector that is no name", {"selector": 1}),
                       ("values without a selector", {"no_deny": ["a"]}),
                       ("a value that is none", {"selector": "What", "no_deny": ["d"]}),
                       ("part of a value", {"selector": "What", "no_kill": [""]}),
                       ("a number", {"selector": "What", "no_kill": 3})]:
        h = harness(**keys)
        p = h.run(["schema", *h.extra])
        taplib.result("refused schema: " + name,
                      p.returncode == 1 and b"schema.json" in p.stderr, p.stderr.decode())


def built_in(h):
    """The built-in types: what has to hold of their hooks."""
    got = {t["name"]: (t.get("selector"), t.get("no_deny"), t.get("no_kill")) for t in h.list
           if {"selector", "no_deny", "no_kill"} & set(t)}
    want = {k: ("Operation", [v[0]], None) for k, v in MASKED.items()}
    taplib.result("the built-in types say what cannot be denied", got == want, str(got))


def random_rules(h, rng):
    """No random rule that denies and was taken matches what cannot be denied."""
    types = [t for t in h.list if t["name"] in MASKED]
    gen, docs = rulegen.RuleGen(rng, types), []
    for i in range(600):
        doc = gen.rule(i)
        doc["weir"]["action"] = "deny"
        # Few rules name the operation by chance.
        if i % 2:
            doc["detection"]["sel"] = rng.choice([{"Operation": "connect"},
                                                  {"Operation": ["connect", "bind"]},
                                                  {"Operation|neq": "accept"}])
        docs.append(doc)
    options = [x for k, vs in rulegen.PLACEHOLDERS.items() for v in vs
               for x in ("--expand", "%s=%s" % (k, v))]
    code, text, _ = compile_rules(h, docs, ["--skip-unsupported", "--json", *options])
    if not taplib.result("random rules compile", code == 0, text[:600]):
        return
    skipped = {s["rule"] for s in json.loads(text)["skipped"]}
    events = eventgen.EventGen(rng, h.fields)
    wrong, hit = [], set()
    for doc in docs:
        r = naive.Rule(doc, h.types, rulegen.PLACEHOLDERS)
        for _ in range(25):
            e = events.event(r)
            e["fields"]["Operation"] = MASKED[e["type"]][0]
            if r.matches(e):
                hit.add(doc["title"])
                wrong += [doc["title"]] if doc["title"] not in skipped else []
    taplib.result("of %d random rules none was taken that matches what cannot be denied" % len(docs),
                  not wrong, str(wrong[:3]))
    taplib.result("%d were refused, %d of them match such an event" % (len(skipped), len(hit)),
                  len(hit) > len(docs) // 5 and len(docs) - len(skipped) > len(docs) // 10 and
                  len(hit) > len(skipped) // 2)


def main():
    weirc, work, seed = sys.argv[1:4]
    h = differential.Harness(weirc, work)
    built_in(h)
    forms(h)
    words(h)
    same_bytes(h)
    schemas(weirc, work)
    random_rules(h, random.Random(int(seed)))
    taplib.done()


if __name__ == "__main__":
    main()
