# SPDX-License-Identifier: GPL-2.0
"""Sigma rules and events of any number, for benchmarks: the same for the same seed.

usage: generate.py --seed S --rules N --events M --dir OUT [--many] [--weirc FILE]

Writes OUT/rules/*.yml, OUT/events.jsonl (ordinary events, of which one in a hundred is made to match a
rule), OUT/adversarial.jsonl, OUT/patterns.jsonl (the regular expressions in the rules, by rule id) and
OUT/training.jsonl (other ordinary events of the same machine, to make a profile of).
The ordinary events depend on seed and M alone. Rules that match them more than once are replaced;
with --many they stay, and most events are made to match.
"""
import argparse
import collections
import json
import os
import random
import shutil
import subprocess
import sys

import traffic
from corpus import HERE, Corpus
from rules import RuleMaker

BATCH = 20000  # rules tried at once: they have to fit into one channel file
FILE = 1000  # rules in one file of rules
PATTERNS = 800  # different regular expressions at most
ADVERSARIAL = 100
TRAINING = 4  # times as many as there are events


def arguments():
    """The command line."""
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("seed", "rules", "events"):
        p.add_argument("--" + name, type=int, required=True)
    p.add_argument("--dir", required=True)
    p.add_argument("--many", action="store_true", help="let rules match often")
    p.add_argument("--weirc", default=os.path.join(HERE, "..", "..", "build", "weirc"))
    return p.parse_args()


def write_rules(folder, rules):
    """Rules as files of which each is small enough for weirc."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for at in range(0, len(rules), FILE):
        with open(os.path.join(folder, "%06d.yml" % at), "w", encoding="utf-8") as f:
            f.write("---\n".join(r.yaml(at + i) for i, r in enumerate(rules[at:at + FILE])))


def weirc(*args):
    """Run weirc; what it prints."""
    p = subprocess.run(args, capture_output=True, check=False)
    if p.returncode:
        sys.exit("generate: %s failed: %s" % (" ".join(args[:2]), p.stderr.decode()[:2000]))
    return p.stdout


def quiet(args, rules, events):
    """The rules that hardly match ordinary events: each at most once, all together one in fifty."""
    folder, content = os.path.join(args.dir, "rules"), os.path.join(args.dir, "try.weir")
    write_rules(folder, rules)
    weirc(args.weirc, "compile", "--channel", "1", "--version", "1", "-o", content, folder)
    count = collections.Counter(i for line in weirc(args.weirc, "replay", content, events).splitlines()
                                for i in json.loads(line)["matches"])
    os.unlink(content)
    once, out = len(rules) * sum(1 for _ in open(events, "rb")) // 50 // args.rules, []
    for r in rules:
        once -= count[r.id] == 1
        if not count[r.id] or (count[r.id] == 1 and once >= 0):
            out.append(r)
    return out


def make_rules(args, maker, events):
    """As many rules as asked for."""
    if args.many:
        return [maker.rule() for _ in range(args.rules)]
    rules = []
    while len(rules) < args.rules:
        want = min(BATCH, (args.rules - len(rules)) * 5 // 4 + 8)
        rules += quiet(args, [maker.rule() for _ in range(want)], events)
    return rules[:args.rules]


def plant(args, source, rules, events):
    """Put events that match in the place of ordinary ones."""
    rng = source.rng
    for i in range(len(events)):
        if rng.random() < (0.7 if args.many else 0.01):
            events[i] = source.planted(rng.choices(rules, k=4 if args.many else 1))


def main():
    args = arguments()
    os.makedirs(args.dir, exist_ok=True)
    path = os.path.join(args.dir, "events.jsonl")
    source = traffic.Traffic(Corpus(random.Random("%d events" % args.seed)))
    events = [source.event() for _ in range(args.events)]
    traffic.write_events(path, events)
    maker = RuleMaker(Corpus(random.Random("%d rules" % args.seed)), max(8, min(PATTERNS, args.rules // 8)))
    rules = make_rules(args, maker, path)
    write_rules(os.path.join(args.dir, "rules"), rules)
    plant(args, source, rules, events)
    traffic.write_events(path, events)
    traffic.write_events(os.path.join(args.dir, "adversarial.jsonl"),
                         traffic.adversarial(args.seed, source, rules, ADVERSARIAL))
    traffic.write_events(os.path.join(args.dir, "training.jsonl"),
                         (source.event() for _ in range(TRAINING * args.events)))
    with open(os.path.join(args.dir, "patterns.jsonl"), "w", encoding="utf-8") as f:
        for r in rules:
            if r.pattern:
                f.write(json.dumps({"id": r.id, "regex": r.pattern.regex, "glob": r.pattern.glob}) + "\n")


if __name__ == "__main__":
    main()
