# SPDX-License-Identifier: GPL-2.0
"""Random Sigma rules that cover every modifier and every form of a condition."""
import uuid

WORDS = ["bash", "/usr/bin/", "curl", "-enc", "/etc/passwd", "a b", "Foo.Bar", "tmp", "x", "AbAb",
         "caf\u00e9", "%5c", "--help", "\u20acuro", "nc -l", "\\\\srv\\share", "aab", "abaab"]
WILD = ["*", "*a?b*", "?", "??sh", "/tmp/*/x", "*\\*lit*", "a*b*c", "\\?q\\\\*", "*.so.?", "x*"]
REGEX = ["-e\\s+\\d+", "^/usr/.*sh$", "(foo|ba+r)\\b", "[^a-c]{2,4}x", "a.{1,3}b", "\\.(so|ko)\\.[0-9]+$",
         "(?i)CURL|wget", "\\s-[cx]\\s", "^$", "A\\w*Z"]
REGEX_M = ["^a", "b$", "a.b", "X\\s*y"]
BIG = [0, 1, 2, 443, 1000, 65535, 2**31, 2**32 + 5, 2**53 + 1, 2**63 - 1]
IPS = ["10.1.2.3", "10.1.255.7", "192.168.1.1", "127.0.0.1", "0.0.0.0", "::1", "2001:db8::5",
       "2001:db8:1::1", "fe80::1", "::ffff:10.1.2.3"]
NETS = ["10.0.0.0/8", "10.1.0.0/16", "192.168.1.1/32", "0.0.0.0/0", "2001:db8::/32", "::1/128",
        "fe80::/10", "127.0.0.0/9", "::/0"]
PLACEHOLDERS = {"admins": ["root", "adm*", "svc?"], "dirs": ["/tmp/", "/var/tmp/"]}
CONDITIONS = ["{0}", "not {0}", "{0} and {1}", "{0} or {1}", "{0} and not {1}",
              "not {0} and not {1} or {2}", "({0} or {1}) and {2}", "not ({0} or {1} and not {2})",
              "1 of sel*", "all of sel*", "not 1 of sel*", "1 of them", "all of them",
              "any of sel* and not {2}", "{0} and 1 of *_b", "NOT {0} OR ({1} AND {2})",
              "all of sel* or not 1 of sel*_b", ["{0}", "{1} and {2}"], "not all of them"]


class RuleGen:
    """Rules over the built-in types."""

    def __init__(self, rng, schema):
        self.r = rng
        self.types = schema

    def text(self):
        """A value of a string field."""
        k = self.r.random()
        if k < 0.6:
            return self.r.choice(WORDS)
        if k < 0.8:
            return self.r.choice(WORDS) + self.r.choice(WORDS)
        return self.r.choice(WILD)

    def listed(self, make):
        """One value or a list of them."""
        if self.r.random() < 0.5:
            return make()
        return [make() for _ in range(self.r.randint(1, 4))]

    def string_item(self, name, others):
        """An item on a string field."""
        r = self.r
        k = r.randrange(16)
        affix = r.choice(["", "|contains", "|startswith", "|endswith"])
        cased = r.choice(["", "", "|cased"])
        neq = r.choice(["", "", "", "|neq"])
        if k < 6:
            return name + affix + cased + neq, self.listed(self.text)
        if k == 6:
            return name + "|contains|all" + cased, [self.text() for _ in range(r.randint(1, 3))]
        if k == 7:
            flags = r.choice(["", "|i", "|i|s", "|s"])
            return name + "|re" + flags + neq, self.listed(lambda: r.choice(REGEX))
        if k == 8:
            return name + "|re|m" + r.choice(["", "|i", "|s"]), r.choice(REGEX_M)
        if k == 9:
            return name + r.choice(["|contains|windash", "|windash|contains", "|windash"]) + neq, \
                r.choice(["-enc", " -x y", "a -b /c", "\u2013k*", "no-dash", "/c?d -e"])
        if k == 10:
            mod = r.choice(["|base64", "|base64offset|contains", "|wide|base64offset|contains",
                            "|utf16|base64", "|utf16be|base64offset|contains", "|base64|contains"])
            return name + mod + cased, self.listed(lambda: r.choice(["http://", "foobar", "/bin/sh"]))
        if k == 11:
            return name + r.choice(["|wide", "|utf16le|contains", "|utf16be|startswith", "|utf16"]), \
                r.choice(["cmd", "caf\u00e9*x", "?a"])
        if k == 12 and others:
            return name + "|fieldref" + r.choice(["", "|startswith", "|endswith"]) + cased, \
                r.choice(others)
        if k == 13:
            return name + "|expand" + r.choice(["", "|contains"]), \
                r.choice(["%admins%", "%dirs%%admins%", "x%dirs%"])
        if k == 14:
            return name + "|exists", r.random() < 0.5
        return name, r.choice([None, "", [None, "bash"], 443, True, ["", "x"]])

    def number_item(self, name, kind, others):
        """An item on a u64 or i64 field."""
        r = self.r
        make = (lambda: r.choice(BIG)) if kind == "u64" else \
            (lambda: r.choice([-20, -1, 0, 1, 19, -2**63, 2**63 - 1]))
        k = r.randrange(7)
        if k < 3:
            mod = r.choice(["|lt", "|lte", "|gt", "|gte"])
            v = make()
            if (mod == "|lt" and v in (0, -2**63)) or (mod == "|gt" and v == 2**63 - 1):
                v = 5
            return name + mod + r.choice(["", "", "|neq"]), v
        if k == 3 and others:
            return name + "|fieldref", r.choice(others)
        if k == 4:
            return name, r.choice([None, "*", "0x1bb", "443"])
        return name + r.choice(["", "", "|neq"]), self.listed(make)

    def address_item(self, name, others):
        """An item on an address."""
        r = self.r
        k = r.randrange(6)
        if k < 3:
            return name + "|cidr" + r.choice(["", "|neq"]), self.listed(lambda: r.choice(NETS))
        if k == 3 and others:
            return name + "|fieldref", r.choice(others)
        if k == 4:
            return r.choice([(name, "10.*"), (name, "192.168.*"), (name + "|startswith", "10.1."),
                             (name, None), (name, "*")])
        return name, self.listed(lambda: r.choice(IPS))

    def enum_item(self, name, values):
        """An item on an enum."""
        r = self.r
        k = r.randrange(6)
        v = r.choice(values)
        if k == 0:
            return name + "|startswith", v[:2]
        if k == 1:
            return name + "|contains", v[1:3].upper()
        if k == 2:
            return name, r.choice([None, v[:1] + "*", "*" + v[-1:]])
        if k == 3:
            return name + "|re", "^" + v[:2]
        return name + r.choice(["", "|neq"]), self.listed(lambda: r.choice(values).title())

    def item(self, fields):
        """A random item on a random field."""
        f = self.r.choice(fields)
        kind = f["kind"]
        others = [g["name"] for g in fields if g["kind"] == kind and g is not f and
                  g.get("values") == f.get("values")]
        if kind == "string":
            return self.string_item(f["name"], others)
        if kind == "ip":
            return self.address_item(f["name"], others)
        if kind == "enum":
            return self.enum_item(f["name"], f["values"])
        if kind == "bool":
            return f["name"], self.r.choice([True, False, "true", [True], 1, None])
        return self.number_item(f["name"], kind, others)

    def one_map(self, fields):
        """A map of up to three items."""
        return dict(self.item(fields) for _ in range(self.r.randint(1, 3)))

    def definition(self, fields):
        """What a search identifier stands for."""
        k = self.r.random()
        if k < 0.7:
            return self.one_map(fields)
        if k < 0.88:
            return [self.one_map(fields) for _ in range(self.r.randint(1, 3))]
        if k < 0.94:
            return [self.text() for _ in range(self.r.randint(1, 3))]
        return {self.r.choice(["|all", "|contains", "|cased"]): ["bash", self.r.choice(WORDS)]}

    def rule(self, i):
        """A whole rule, over few fields so that its parts meet."""
        t = self.r.choice(self.types)
        fields = self.r.sample(t["fields"], min(5, len(t["fields"])))
        names = ["sel", "sel_a", "sel_b", "other"]
        cond = self.r.choice(CONDITIONS)
        cond = [c.format("sel", "sel_a", "other") for c in cond] if isinstance(cond, list) else \
            cond.format("sel", "sel_a", "other")
        detection = {n: self.definition(fields) for n in names}
        if self.r.random() < 0.2:
            detection["_hidden"] = self.definition(fields)
        detection["condition"] = cond
        # What cannot be denied everywhere is the matter of actions.py.
        actions = ["alert", "kill"] + ([] if "no_deny" in t else ["deny"])
        return {"title": "Random rule %d" % i, "id": str(uuid.UUID(int=self.r.getrandbits(128))),
                "date": "2024-07-19", "logsource": {"category": t["name"], "product": "linux"},
                "detection": detection, "level": self.r.choice(["low", "medium", "high"]),
                "weir": {"action": self.r.choice(actions)}}
