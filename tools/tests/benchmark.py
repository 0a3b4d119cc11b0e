# SPDX-License-Identifier: GPL-2.0
"""What the benchmark's generator makes: the same for the same seed, and weirc replay says of it what
the naive evaluator says. And its report: every figure is there, and judged.

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
sys.path.append(os.path.join(HERE, "..", "bench"))
import report

FILES = ["events.jsonl", "adversarial.jsonl", "patterns.jsonl", "training.jsonl", "rules/000000.yml"]

# What the benchmark owes, with a value that results() below has, and what it must reach.
OWED = {
    "ns / DFA floor": (2, 2), "instructions / those at 1,000": (1.5, 1.6), "ns / ns at 10": (4, 5),
    "ns at 100,000 / ns": (5, 4), "ns at 10 / linear at 10": (1, 1.05), "linear / Weir": (100, 100),
    "Weir / Hyperscan, warm": (0.5, 0.45), "Weir / Hyperscan, cold": (0.25, 0.3),
    "eBPF, linear / Weir": (150, 200), "default profile / trained": (1.25, 2),
    "adversarial event / its DFA floor": (8, 4), "cold mean / warm mean": (2, 2.5),
    "cold p99, ns": (9000, None), "content bytes an instance": (150, 200),
    "title bytes an instance": (20, None), "id bytes an instance": (16, None),
    "sample bytes an instance": (0, None), "compile / Hyperscan's compile": (0.005, 0.01),
    "kernel / user space, instructions": (1.2, 1.15), "verify, ms": (15, 50),
    "stack beyond scratch, bytes": (464, 512)}
MISSED = ["ns at 100,000 / ns", "Weir / Hyperscan, warm", "eBPF, linear / Weir",
          "adversarial event / its DFA floor", "kernel / user space, instructions"]


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


def engine(ns, **more):
    """An engine's figures."""
    return {"about": "", "ns_per_event": ns, "min_ns": ns} | more


def results():
    """Measurements as match.py has them, invented."""
    sizes = {"10": {"engines": {"weir": engine(250), "linear": engine(250), "linear-libc": engine(250)}},
             "1000": {"instructions_per_event": 2000, "engines": {"weir": engine(500)}},
             "10000": {
                 "instructions_per_event": 3000, "compile_ms": 10, "verify_ms": 15, "instances": 10000,
                 "matching_bytes": 1500000, "title_bytes": 200000, "uuid_bytes": 160000, "sample_bytes": 0,
                 "adversarial": {"weir": engine(8), "floor-dfa": engine(1)},
                 "engines": {"weir": engine(1000, cold_mean_ns=2000, cold_p99_ns=9000),
                             "weir-trained": engine(800), "linear": engine(100000),
                             "linear-libc": engine(50000), "floor-dfa": engine(500), "ebpf": engine(150000),
                             "hyperscan": engine(2000, cold_mean_ns=8000, compile_ms=2000)}},
             "100000": {"engines": {"weir": engine(5000)}}}
    return {"sizes": sizes, "guest": {"kernel_to_user": 1.2}, "stack_bytes": 464}


def check_report():
    """Every figure that is owed, its value and its judgement; nothing is claimed of what is not measured."""
    whole, empty = results(), {"sizes": {"10": {"engines": {}}}}
    report.judge(whole)
    report.judge(empty)
    got = {r["name"]: r for r in whole["figures"]}
    for name, (value, limit) in OWED.items():
        r = got.get(name, {})
        taplib.result("report: " + name, r.get("value") == value and r.get("must_reach") == limit and
                      r.get("holds") == (None if limit is None else name not in MISSED), str(r))
    taplib.result("report: what was not measured does not hold",
                  all(r["value"] is None and r["holds"] is None for r in empty["figures"]))
    text = report.figure_table(whole["figures"])
    taplib.result("report: a line for each", all(text.count("\n" + name + "  ") == 1 for name in OWED), text)


def main():
    check_report()
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
