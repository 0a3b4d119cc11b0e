# SPDX-License-Identifier: GPL-2.0
"""Random Sigma rules with the proportions of public rule sets, as YAML."""
import json
import re
import uuid

TYPES = ["process_creation"] * 76 + ["file_event"] * 12 + ["network_connection"] * 12
LEVELS = ["low", "medium", "medium", "high", "high", "critical"]

# How many rules have which part.
PATH, CONTAINS, NUMERIC, PATTERN, EXCLUSION = 0.67, 0.40, 0.22, 0.10, 0.15
CIDR = 0.10 / 0.12  # of the rules about the network: a tenth of all

TEXTS = 8000  # different literals of CommandLine|contains

# Fields of numbers: what a rule may ask of them.
NUMBERS = {
    "process_creation": [("UserId", "", (0, 33, 1000)), ("EffectiveUserId", "", (0, 1000)),
                         ("ArgumentCount", "gte", (5, 12, 40, 200)), ("Nice", "lt", (0, -5)),
                         ("ImageUserId", "", (1000, 1001, 33)), ("TerminalSessionId", "gt", (0, 3)),
                         ("ImageMode", "", (0o4755, 0o2755, 0o777, 0o6755)), ("GroupId", "", (0, 33))],
    "file_event": [("Mode", "", (0o4755, 0o777, 0o666, 0o600)), ("FileUserId", "", (0, 33, 1000)),
                   ("UserId", "", (0, 33, 1000)), ("LogonId", "gt", (1, 100))],
    "network_connection": [("DestinationPort", "", (22, 25, 53, 80, 443, 1337, 3333, 4444, 6667, 8080)),
                           ("DestinationPort", "gte", (1024, 30000, 60000)),
                           ("SourcePort", "lt", (512, 1024)), ("UserId", "", (0, 33, 1000))],
}


class Pattern:
    """A regular expression or glob, as Sigma and as PCRE, and a text that fits it."""

    def __init__(self, corpus):
        rng, c = corpus.rng, corpus
        a, b, o = c.word(), c.word(), c.option().lstrip("-")[:1]
        n = str(rng.randint(10, 99))
        q, r = re.escape(a), re.escape(b)
        kind = rng.randrange(6)
        self.glob = kind >= 4
        self.op, self.value, self.fits = [
            ("re", "%s +(-%s|--%s)" % (q, o, r), "%s  -%s" % (a, o)),
            ("re", "(^|/)%s[0-9]{1,3}\\.(sh|py|pl)$" % q, "/x/%s%s.py" % (a, n)),
            ("re", "\\| *(/[a-z/]*/)?%s( |$|;)" % q, "| /usr/%s ;" % a),
            ("re", "%s=[A-Za-z0-9+/]{8}.*%s" % (q, r), "%s=Zm9vYmFy %s" % (a, b)),
            ("", "*%s*%s*" % (a, b), "%s %s" % (a, b)),
            ("", "*%s?%s*-%s*" % (a, n, o), "%s %s -%s" % (a, n, o)),
        ][kind]
        # What a glob says without its outer stars, to be found anywhere and in any case.
        self.regex = self.value if not self.glob else \
            "".join({"*": ".*", "?": "."}.get(x, re.escape(x)) for x in self.value.strip("*"))


class Rule:
    """One rule: items (field, operator, values) that all hold, and those of its filter."""

    def __init__(self, maker):
        self.id = str(uuid.UUID(int=maker.rng.getrandbits(128), version=4))
        self.type = maker.rng.choice(TYPES)
        self.items, self.filter, self.pattern = [], [], None
        self.level = maker.rng.choice(LEVELS)
        maker.fill(self)

    def key(self):
        """What makes two rules the same."""
        return repr((self.type, sorted(self.items), self.filter))

    def yaml(self, number):
        """The rule as a YAML document; its scalars are JSON."""
        name = str(self.items[0][2][0]).rstrip("/").rsplit("/", 1)[-1][:24]
        out = ["title: " + json.dumps("%s %05d" % (name, number)), "id: " + self.id,
               "date: 2024-07-19", "logsource: {category: %s, product: linux}" % self.type,
               "detection:", "  sel:"] + [self.item(*i) for i in self.items]
        if self.filter:
            out += ["  filter:"] + [self.item(*i) for i in self.filter]
        out += ["  condition: sel" + (" and not filter" if self.filter else ""),
                "level: " + self.level]
        return "\n".join(out) + "\n"

    @staticmethod
    def item(field, op, values):
        """One line of a map."""
        values = values[0] if len(values) == 1 else list(values)
        return "    %s: %s" % (field + ("|" + op if op else ""), json.dumps(values))


class RuleMaker:
    """Distinct rules, one after the other."""

    def __init__(self, corpus, patterns):
        self.corpus, self.rng = corpus, corpus.rng
        # Rules share expressions and words, as they do where people write them.
        self.patterns = [Pattern(corpus) for _ in range(patterns)]
        self.texts = [self.text() for _ in range(TEXTS)]
        self.seen = set()

    def rule(self):
        """A rule unlike all before."""
        while True:
            r = Rule(self)
            if r.key() not in self.seen:
                self.seen.add(r.key())
                return r

    def some(self, one):
        """Mostly one value, else a short list."""
        n = 1 if self.rng.random() < 0.85 else self.rng.randint(2, 3)
        return tuple(sorted({one() for _ in range(n)}))

    def path_item(self, fields):
        """A path equal to, before or behind something."""
        rng, c = self.rng, self.corpus
        field, k = rng.choice(fields), rng.random()
        if k < 0.55:
            return field, "endswith", self.some(lambda: "/" + c.program().rsplit("/", 1)[1])
        if k < 0.75:
            return field, "", self.some(c.program)
        return field, "startswith", self.some(lambda: c.strange().rsplit("/", 1)[0] + "/")

    def text(self):
        """What to look for in a command line."""
        c = self.corpus
        return self.rng.choice([
            lambda: "%s %s" % (c.binary().rsplit("/", 1)[1], c.option()),
            lambda: "%s %s" % (c.option(), c.word()), c.path, c.strange,
            lambda: "%s %s" % (c.word(), c.word()), lambda: c.option() + "=" + c.word()])()

    def contains_item(self):
        """Something in a command line."""
        def one():
            return self.rng.choice(self.texts)
        if self.rng.random() < 0.1:
            return "CommandLine", "contains|all", tuple(sorted({one(), one()}))
        return "CommandLine", "contains", self.some(one)

    def number_item(self, kind):
        """A number, or a limit."""
        field, op, values = self.rng.choice(NUMBERS[kind])
        return field, op, (self.rng.choice(values),)

    def network(self):
        """A network that is somebody's."""
        rng = self.rng
        if rng.random() < 0.15:
            return "2001:db8:%x::/48" % rng.getrandbits(16)
        bits = rng.choice([16, 20, 22, 24, 24, 28])
        n = rng.randrange(11 << 24, 223 << 24) >> (32 - bits) << (32 - bits)
        return "%d.%d.%d.%d/%d" % (n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255, bits)

    def other_item(self, kind):
        """What a rule asks for that has none of the parts above."""
        rng, c = self.rng, self.corpus
        if kind == "file_event":
            return "TargetFilename", "startswith", self.some(lambda: c.path().rsplit("/", 1)[0] + "/" + c.word())
        if kind == "network_connection":
            return "CgroupPath", "endswith", ("/%s.service" % c.word(),)
        return rng.choice([lambda: ("CurrentDirectory", "startswith", ("/srv/" + c.word(),)),
                           lambda: ("User", "", (c.word(),)),
                           lambda: ("CgroupPath", "endswith", ("/%s.service" % c.word(),))])()

    def exclusion(self):
        """Where the rule does not apply."""
        c = self.corpus
        return self.rng.choice([lambda: ("ParentImage", "endswith", ("/" + c.binary().rsplit("/", 1)[1],)),
                                lambda: ("ParentImage", "", (c.binary(),)),
                                lambda: ("User", "", (self.rng.choice(["root", "_apt", "www-data"]),)),
                                lambda: ("CommandLine", "contains", (c.option(),))])()

    def fill(self, rule):
        """The parts of a rule, each as often as it should be."""
        rng = self.rng
        if rng.random() < PATH:
            rule.items.append(self.path_item(["Image", "Image", "ParentImage"]))
        if rng.random() < CONTAINS:
            rule.items.append(self.contains_item())
        if rng.random() < PATTERN:
            rule.pattern = rng.choice(self.patterns)
            rule.items.append(("CommandLine", rule.pattern.op, (rule.pattern.value,)))
        if rule.type == "network_connection" and rng.random() < CIDR:
            rule.items.append(("DestinationIp", "cidr", self.some(self.network)))
        if not rule.items:
            rule.items.append(self.other_item(rule.type))
        if rng.random() < NUMERIC:
            rule.items.append(self.number_item(rule.type))
        if rng.random() < EXCLUSION:
            rule.filter.append(self.exclusion())
