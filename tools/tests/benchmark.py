# SPDX-License-Identifier: GPL-2.0
"""What the benchmark's generator makes: the same for the same seed, and weirc replay says of it what
the naive evaluator says.

usage: benchmark.py WEIRC WORK SEED
"""
import filecmp
import glob
import json
import os
import subprocess
import sys

import differential
import naive
import taplib

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = ["events.jsonl", "adversarial.jsonl", "patterns.jsonl", "rules/000000.yml"]


def generate(weirc, folder, seed, *options):
    """Run the generator for 80 rules and 250 events."""
    command = [sys.executable, os.path.join(HERE, "..", "bench", "generate.py"), "--seed", str(seed),
               "--rules", "80", "--events", "250", "--dir", folder, "--weirc", weirc, *options]
    p = subprocess.run(command, capture_output=True, check=False, timeout=60)
    return taplib.result("generate.py %s" % " ".join(command[2:4] + list(options)), p.returncode == 0,
                         p.stderr.decode()[-600:])


def events_of(folder):
    """All events in a folder; the slow ones are as good as others here, a few of them."""
    out = []
    for name, most in (("events.jsonl", 250), ("adversarial.jsonl", 10)):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            out += [json.loads(line) for line in f][:most]
    return out


def compare(h, folder, name, least, most):
    """Every rule on every event; the events that match something are to be so many."""
    sources = glob.glob(os.path.join(folder, "rules", "*.yml"))
    out, code, text = h.compile(sources)
    if not taplib.result(name + ": rules compile", code == 0, text[:600]):
        return
    rules = [naive.Rule(d, h.types) for p in sources for d in differential.load(p)]
    events = events_of(folder)
    bad, matched = [], 0
    for e, answer in zip(events, h.replay(out, events)):
        want = sorted(r.id for r in rules if r.matches(e))
        matched += bool(want)
        bad += [(e, want, answer["matches"])] if want != answer["matches"] else []
    for b in bad[:3]:
        print("# " + json.dumps(b)[:1500])
    taplib.result("%s: %d rules, %d events" % (name, len(rules), len(events)), not bad,
                  "%d differ" % len(bad))
    taplib.result("%s: %d events match something" % (name, matched), least <= matched <= most)


def main():
    weirc, work, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
    print("# seed %d" % seed)
    h = differential.Harness(weirc, work)
    few, again, many = (os.path.join(work, x) for x in ("few", "again", "many"))
    if generate(weirc, few, seed) and generate(weirc, again, seed):
        same = filecmp.cmpfiles(few, again, FILES, shallow=False)[0]
        taplib.result("one seed gives one set of files", sorted(same) == sorted(FILES), str(same))
        compare(h, few, "few matches", 1, 40)
    if generate(weirc, many, seed + 1, "--many"):
        compare(h, many, "many matches", 120, 260)
    taplib.done()


if __name__ == "__main__":
    main()
