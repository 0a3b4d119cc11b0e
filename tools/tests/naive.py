# SPDX-License-Identifier: GPL-2.0
"""A deliberately naive evaluator of Sigma rules: no DFA, no index, no sharing, nothing clever.

It reads the rule's YAML itself and answers one question: does this rule match this event? It knows
nothing of channel files. Strings are bytes throughout.
"""
import base64
import fnmatch
import ipaddress
import re

DASHES = "-/\u2013\u2014\u2015"
STAR, ONE = "*", "?"


class Absent:
    """The value of a field that an event does not carry."""


def pattern(text):
    """Text with Sigma's wildcards as a list of byte numbers, STAR and ONE."""
    out, i = [], 0
    data = text.encode("utf-8", "surrogateescape")
    while i < len(data):
        c = data[i:i + 1]
        if c == b"\\" and data[i + 1:i + 2] in (b"*", b"?", b"\\") and i + 1 < len(data):
            out.append(data[i + 1])
            i += 2
            continue
        out.append(STAR if c == b"*" else ONE if c == b"?" else data[i])
        i += 1
    return out


def wildcard(items, data):
    """Does a pattern match all of data? Tries the last star again when it is stuck."""
    i = j = 0
    star, again = -1, 0
    while j < len(data):
        if i < len(items) and items[i] == STAR:
            star, again = i, j
            i += 1
        elif i < len(items) and (items[i] == ONE or items[i] == data[j]):
            i, j = i + 1, j + 1
        elif star >= 0:
            again += 1
            i, j = star + 1, again
        else:
            return False
    return all(x == STAR for x in items[i:])


def lower(items):
    """ASCII lower case; wildcards stay."""
    if isinstance(items, bytes):
        return items.lower()
    return [x + 32 if isinstance(x, int) and 65 <= x <= 90 else x for x in items]


def plain(items):
    """A pattern without wildcards as bytes."""
    assert not any(isinstance(x, str) for x in items), "a wildcard where none is allowed"
    return bytes(items)


def windash(items):
    """Every dash that begins a word, in each of its forms."""
    whole = [x if isinstance(x, int) else {"*": 1, "?": 2}[x] for x in items]
    s = bytes(whole).decode("utf-8")
    found = [m.start() for m in re.finditer(r"\B[" + DASHES + r"]\b", s)]
    variants = [s]
    for at in found:
        variants = [v[:at] + d + v[at + 1:] for v in variants for d in DASHES]
    return [[{1: STAR, 2: ONE}.get(b, b) for b in v.encode()] for v in variants]


def base64offset(items):
    """What is always the same of a value's Base64 at each place it can have."""
    data = plain(items)
    out = []
    for i in range(3):
        text = base64.b64encode(b" " * i + data)
        end = (None, -3, -2)[(len(data) + i) % 3]
        out.append(list(text[(0, 2, 3)[i]:end]))
    return out


def recode(items, codec):
    """The characters of a pattern in another encoding; wildcards stay."""
    out, run = [], b""
    for x in items + [None]:
        if isinstance(x, int):
            run += bytes([x])
            continue
        out += list(run.decode("utf-8").encode(codec))
        run = b""
        if x is not None:
            out.append(x)
    return out


def transform(mods, text, placeholders):
    """All patterns that a value stands for, modifiers applied in their order."""
    ps = [pattern(text)]
    for m in mods:
        if m == "contains":
            ps = [[STAR] + p + [STAR] for p in ps]
        elif m == "startswith":
            ps = [p + [STAR] for p in ps]
        elif m == "endswith":
            ps = [[STAR] + p for p in ps]
        elif m == "windash":
            ps = [v for p in ps for v in windash(p)]
        elif m == "base64":
            ps = [list(base64.b64encode(plain(p))) for p in ps]
        elif m == "base64offset":
            ps = [v for p in ps for v in base64offset(p)]
        elif m in ("wide", "utf16le"):
            ps = [recode(p, "utf-16-le") for p in ps]
        elif m == "utf16be":
            ps = [recode(p, "utf-16-be") for p in ps]
        elif m == "utf16":
            ps = [[0xff, 0xfe] + recode(p, "utf-16-le") for p in ps]
        elif m == "expand":
            ps = [v for p in ps for v in expand(p, placeholders)]
    return ps


def expand(items, placeholders):
    """Each %name% replaced by each of its values."""
    text = "".join(chr(x) if isinstance(x, int) else x for x in items)
    m = re.search(r"%(\w+)%", text)
    if not m:
        return [items]
    out = []
    for v in placeholders[m.group(1)]:
        out += expand(items[:m.start()] + pattern(v) + items[m.end():], placeholders)
    return out


def number(v):
    """A number as it may stand in a rule or an event."""
    if isinstance(v, bool):
        return int(v)
    if isinstance(v, int):
        return v
    return int(v, 16) if v.lower().startswith("0x") else int(v)


def boolean(v):
    """A boolean, likewise."""
    return str(v).lower() in ("true", "1")


def text_of(v):
    """A scalar as text."""
    return str(v).lower() if isinstance(v, bool) else str(v)


def event_value(kind, v):
    """A JSON value of an event as the field's kind has it."""
    if v is None:
        return Absent
    if kind in ("u64", "i64"):
        return number(v)
    if kind == "bool":
        return boolean(v)
    if kind == "ip":
        return ipaddress.ip_address(v)
    if kind == "enum":
        return v.lower().encode()
    return text_of(v).encode("utf-8", "surrogateescape")


class Rule:
    """A Sigma rule over one type of the schema."""

    def __init__(self, doc, types, placeholders=None):
        self.doc = doc
        self.id = doc["id"]
        self.placeholders = placeholders or {}
        self.type = doc["logsource"]["category"]
        self.fields = types[self.type]
        self.detection = {k: v for k, v in doc["detection"].items()
                          if k not in ("condition", "timeframe")}
        cond = doc["detection"]["condition"]
        self.conditions = cond if isinstance(cond, list) else [cond]
        self.known = {}
        self.action = (doc.get("weir") or {}).get("action", "alert")

    def matches(self, event):
        """Does the rule match an event as JSON has it?"""
        if event["type"] != self.type:
            return False
        values = {n: event_value(k, event["fields"][n]) for n, k in self.fields.items()
                  if n in event["fields"]}
        return any(Condition(self, c, values).result() for c in self.conditions)

    def search(self, name, values):
        """Does a search identifier hold?"""
        return self.definition(self.detection[name], values)

    def definition(self, d, values):
        """A map holds if all items do, a list if one entry does."""
        if isinstance(d, dict):
            return all(self.item(k, v, values) for k, v in d.items())
        if isinstance(d, list):
            return any(self.definition(x, values) for x in d)
        return self.item("", d, values)

    def item(self, key, v, values):
        """Field|modifiers and its value or values."""
        name, *mods = key.split("|")
        listed = v if isinstance(v, list) else [v]
        held = [self.value(name, mods, x, values) for x in listed]
        r = all(held) if "all" in mods else any(held)
        return not r if "neq" in mods else r

    def value(self, name, mods, v, values):
        """One value of an item."""
        if not name:
            strings = [n for n, k in self.fields.items() if k == "string"]
            if "re" not in mods:
                mods = [m for m in mods if m != "contains"] + ["contains"]
            return any(self.value(n, mods, v, values) for n in strings)
        have = values.get(name, Absent)
        if "exists" in mods:
            return (have is not Absent) == v
        if v is None:
            return have is Absent
        if have is Absent:
            return False
        if "fieldref" in mods:
            return self.fieldref(mods, have, values.get(v, Absent))
        return self.compare(self.fields[name], mods, v, have)

    @staticmethod
    def fieldref(mods, have, other):
        """The field's value against that of another one."""
        if other is Absent:
            return False
        if isinstance(have, bytes) and "cased" not in mods:
            have, other = have.lower(), other.lower()
        if "startswith" in mods:
            return have.startswith(other)
        if "endswith" in mods:
            return have.endswith(other)
        return have == other

    def compare(self, kind, mods, v, have):
        """A value that is there against one of the rule."""
        if kind in ("u64", "i64", "bool"):
            if v == "*":
                return True
            want = boolean(v) if kind == "bool" else number(v)
            return {"lt": have < want, "lte": have <= want, "gt": have > want,
                    "gte": have >= want}.get(next((m for m in mods if m[:1] in "lg"), ""),
                                             have == want)
        if kind == "ip":
            return self.address(mods, v, have)
        if "re" in mods:
            flags = (re.I if {"i", "ignorecase"} & set(mods) else 0) | \
                (re.M if {"m", "multiline"} & set(mods) else 0) | \
                (re.S if {"s", "dotall"} & set(mods) else 0)
            return bool(re.search(text_of(v).encode(), have, flags))
        ps = self.patterns("|".join(mods), text_of(v))
        if "cased" not in mods:
            have = have.lower()
        return any(wildcard(p, have) for p in ps)

    def patterns(self, mods, text):
        """The patterns of a value, remembered: they do not depend on the event."""
        if (mods, text) not in self.known:
            ps = transform(mods.split("|"), text, self.placeholders)
            self.known[mods, text] = ps if "cased" in mods.split("|") else [lower(p) for p in ps]
        return self.known[mods, text]

    @staticmethod
    def address(mods, v, have):
        """Addresses, networks, and text patterns that are networks."""
        if v == "*":
            return True
        if "cidr" in mods:
            net = ipaddress.ip_network(v)
            return have.version == net.version and have in net
        if "startswith" in mods or "*" in v:
            return have.version == 4 and wildcard(
                pattern(v + ("*" if "startswith" in mods else "")), str(have).encode())
        return have == ipaddress.ip_address(v)


class Condition:
    """Recursive descent over the words of a condition."""

    def __init__(self, rule, text, values):
        self.rule, self.values = rule, values
        self.words = re.findall(r"[()]|[^\s()]+", text)
        self.at = 0

    def peek(self):
        return self.words[self.at].lower() if self.at < len(self.words) else ""

    def take(self):
        self.at += 1
        return self.words[self.at - 1]

    def result(self):
        r = self.any()
        assert self.at == len(self.words), "words left over in the condition"
        return r

    def any(self):
        r = self.all()
        while self.peek() == "or":
            self.take()
            right = self.all()
            r = r or right
        return r

    def all(self):
        r = self.negation()
        while self.peek() == "and":
            self.take()
            right = self.negation()
            r = r and right
        return r

    def negation(self):
        if self.peek() == "not":
            self.take()
            return not self.negation()
        if self.peek() == "(":
            self.take()
            r = self.any()
            assert self.take() == ")"
            return r
        if self.peek() in ("1", "any", "all") and self.words[self.at + 1:self.at + 2] == ["of"]:
            return self.quantified()
        return self.rule.search(self.take(), self.values)

    def quantified(self):
        every = self.take().lower() == "all"
        self.take()
        names = self.take()
        chosen = [n for n in self.rule.detection if not n.startswith("_") and
                  (names == "them" or fnmatch.fnmatchcase(n, names))]
        assert chosen, "no search identifier fits " + names
        held = [self.rule.search(n, self.values) for n in chosen]
        return all(held) if every else any(held)
