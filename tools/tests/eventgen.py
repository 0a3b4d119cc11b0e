# SPDX-License-Identifier: GPL-2.0
"""Events that nearly match a rule: made of the rule's own values, then damaged a little."""
import ipaddress
import re

import naive
import rulegen

try:
    from re import _parser as sre
except ImportError:
    import sre_parse as sre


def from_regex(rng, text):
    """Bytes that a regular expression probably matches."""
    try:
        return b"".join(part(rng, x) for x in sre.parse(text))[:400]
    except (re.error, RecursionError):
        return b"?"


def category(rng, name):
    """A byte of a category such as a digit."""
    word = str(name)
    good = {"DIGIT": b"0123456789", "SPACE": b" \t", "WORD": b"abz_9Q"}
    for key, chars in good.items():
        if word.endswith("NOT_" + key):
            return bytes([rng.choice(b"#-.x 7" if key == "DIGIT" else b"x;-")])
        if word.endswith(key):
            return bytes([rng.choice(chars)])
    return b"x"


def choose(rng, members):
    """A byte of a class."""
    if str(members[0][0]) == "NEGATE":
        return bytes([rng.choice(b"xyz.~1 ")])
    op, arg = rng.choice(members)
    if str(op) == "RANGE":
        return bytes([min(rng.randint(*arg), 255)])
    return part(rng, (op, arg))


def part(rng, node):
    """Bytes for one node of Python's own syntax tree."""
    op, arg = str(node[0]), node[1]
    if op == "LITERAL":
        return chr(arg).encode()
    if op == "NOT_LITERAL":
        return b"~"
    if op == "ANY":
        return bytes([rng.choice(b"x. z")])
    if op == "IN":
        return choose(rng, arg)
    if op == "CATEGORY":
        return category(rng, arg)
    if op in ("MAX_REPEAT", "MIN_REPEAT"):
        lo, hi, sub = arg
        n = rng.choice([lo, lo, min(lo + 1, hi), min(hi, lo + 3)])
        return b"".join(part(rng, x) for _ in range(n) for x in sub)
    if op == "SUBPATTERN":
        return b"".join(part(rng, x) for x in arg[-1])
    if op == "BRANCH":
        return b"".join(part(rng, x) for x in rng.choice(arg[1]))
    return b""


def fill(rng, items):
    """Bytes that a wildcard pattern matches."""
    out = b""
    for x in items:
        if x == naive.STAR:
            out += rng.choice([b"", b"", b"q", b" /z "])
        else:
            out += bytes([rng.choice(b"ab.s")]) if x == naive.ONE else bytes([x])
    return out


def damage(rng, s):
    """A small change to a string."""
    k = rng.randrange(9)
    at = rng.randrange(len(s)) if s else 0
    if k == 0:
        return s.swapcase()
    if k == 1:
        return s[:at] + s[at + 1:]
    if k == 2:
        return s[at:] + s[:at]
    if k == 3:
        return rng.choice([b"x", b" ", b"\n", b"\x00"]) + s
    if k == 4:
        return s + rng.choice([b"x", b" ", b"\n", b"/"])
    if k == 5:
        return b""
    if k == 6:
        return s[:at] + rng.choice([b"a", b"*", b"\\", b"\xc3\xa9"]) + s[at:]
    if k == 7:
        return s[::-1]
    return s[:at] + s[at:].upper()


class EventGen:
    """Events for rules over a schema: {type: [{"name", "kind", "values"}]}."""

    def __init__(self, rng, types):
        self.r = rng
        self.types = types

    def values(self, rule, name, mods, v, out):
        """Note values that an item asks for: (field, affix, value)."""
        fields = {f["name"]: f for f in self.types[rule.type]}
        if not name:
            name = self.r.choice([n for n, f in fields.items() if f["kind"] == "string"])
        kind = fields[name]["kind"]
        for x in v if isinstance(v, list) else [v]:
            if x is None or "exists" in mods:
                continue
            if "fieldref" in mods:
                out.append((name, "ref", x))
            elif kind != "string":
                out.append((name, "eq", x))
            elif "re" in mods:
                out.append((name, "re", naive.text_of(x)))
            else:
                affix = next((m for m in mods if m in ("contains", "startswith", "endswith")), "eq")
                keep = [m for m in mods if m not in ("contains", "startswith", "endswith")]
                p = self.r.choice(naive.transform(keep, naive.text_of(x), rule.placeholders))
                out.append((name, affix, p))

    def wishes(self, rule):
        """All that a rule asks for somewhere."""
        out = []

        def walk(d):
            if isinstance(d, dict):
                for k, v in d.items():
                    name, *mods = k.split("|")
                    self.values(rule, name, mods, v, out)
            elif isinstance(d, list):
                for x in d:
                    walk(x)
            else:
                self.values(rule, "", ["contains"], d, out)
        for d in rule.detection.values():
            walk(d)
        return out

    def string(self, wishes):
        """One string that grants as many of its wishes as fit together."""
        start = middle = end = b""
        for affix, p in wishes:
            if affix == "re":
                middle += from_regex(self.r, p)
            elif affix == "startswith":
                start = fill(self.r, p)
            elif affix == "endswith":
                end = fill(self.r, p)
            elif affix == "contains":
                middle += fill(self.r, p) + self.r.choice([b"", b" "])
            else:
                return fill(self.r, p)
        return start + middle + end

    def other(self, f, v):
        """A value near that of a field that is no string."""
        r, kind = self.r, f["kind"]
        if kind == "ip":
            ip = r.choice(rulegen.IPS)
            text = str(v).rstrip("*").rstrip(".")
            if r.random() < 0.6 and re.match(r"^[0-9a-f:.]+(/\d+)?$", text):
                try:
                    net = ipaddress.ip_network(text, False)
                    return str(net[r.choice([0, -1])] + r.choice([0, 0, 0, 1]))
                except (ValueError, IndexError):
                    return ip
            return ip
        if kind == "enum":
            return r.choice(f["values"])
        if kind == "bool":
            return r.choice([True, False, "true", "False", 1])
        near = naive.number(v) if re.match(r"^-?(\d+|0x[0-9a-fA-F]+)$", str(v)) else 7
        near += r.choice([-1, 0, 0, 0, 1])
        low, high = (0, 2**63 - 1) if kind == "u64" else (-2**63, 2**63 - 1)
        near = max(low, min(high, near))
        return r.choice([near, near, str(near)])

    def beside(self, f, out):
        """A value that is, begins or ends with that of another field, or nearly."""
        r = self.r
        if f["kind"] != "string":
            out.setdefault(f["name"], self.other(f, 7))
            return out[f["name"]] if r.random() < 0.7 else self.other(f, 7)
        base = out.setdefault(f["name"], r.choice(rulegen.WORDS)) or ""
        near = damage(r, base.encode()).decode("utf-8", "ignore")
        return r.choice([base, base.upper(), base + "x", "x" + base, base[:-1], near])

    def event(self, rule):
        """One event."""
        r, fields, out = self.r, {f["name"]: f for f in self.types[rule.type]}, {}
        by = {}
        for name, affix, v in self.wishes(rule):
            by.setdefault(name, []).append((affix, v))
        for name, w in by.items():
            if r.random() < 0.08:
                continue
            chosen = w if r.random() < 0.4 else r.sample(w, r.randint(1, min(3, len(w))))
            refs = [v for a, v in chosen if a == "ref"]
            rest = [x for x in chosen if x[0] != "ref"]
            if refs and r.random() < 0.7:
                out[name] = self.beside(fields[refs[0]], out)
                continue
            if fields[name]["kind"] != "string":
                out[name] = self.other(fields[name], rest[0][1] if rest else 7)
                continue
            s = self.string(rest) if rest else r.choice(rulegen.WORDS).encode()
            if r.random() < 0.35:
                s = damage(r, s)
            out[name] = s[:8000].decode("utf-8", "ignore")
        extra = r.choice(list(fields.values()))
        if extra["name"] not in out and r.random() < 0.3:
            out[extra["name"]] = self.other(extra, 7) if extra["kind"] != "string" else \
                r.choice(rulegen.WORDS)
        if r.random() < 0.05 and out:
            out[r.choice(list(out))] = None
        return {"type": rule.type, "fields": out}
