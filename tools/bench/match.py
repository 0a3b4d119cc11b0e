# SPDX-License-Identifier: GPL-2.0
"""The benchmark of matching: engines on growing sets of rules.

usage: match.py OUT SIZE...    in the environment: SEED, EVENTS, SECONDS (for each engine), and RULES,
                               a folder of Sigma rules to be measured as well

Generates rules and events of each size, compiles and compares, and writes OUT/match.json,
OUT/matching-results.rst and OUT/matching-results.svg.
"""
import json
import os
import re
import resource
import subprocess
import sys

import real
import report

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, "..", "..", "build")
WEIRC = os.path.join(BUILD, "weirc")
COMPILE = [WEIRC, "compile", "--json", "--channel", "1", "--version", "1"]
COMPARE = os.path.join(BUILD, "bench", "compare")
SEED, EVENTS = os.environ.get("SEED", "7321"), os.environ.get("EVENTS", "50000")
SECONDS = os.environ.get("SECONDS", "0.5")
COUNTED = 100  # events under callgrind, which is slow
COUNTED_AT = (1000, 10000)
ADVERSARIAL_AT = (10000,)
COLD = 400
CHECKED = 1000  # events whose matches are compared with the naive evaluator's, which is slow
MANY = 500  # rules of the run in which many events match
USAGE = 2  # what weirc ends with where it has no such command


def attempt(args):
    """Run a program: what came of it, and milliseconds of CPU that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.run(args, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return p, spent * 1000


def run(args):
    """The same for one that has to work."""
    p, spent = attempt(args)
    if p.returncode:
        sys.exit("match: %s ended with %d: %s" % (" ".join(args[:3]), p.returncode,
                                                  p.stderr.decode(errors="replace")[-2000:]))
    return p.stdout.decode(), p.stderr.decode(errors="replace"), spent


def instructions(folder, content):
    """Instructions of one weir_eval(), the mean, as callgrind counts them."""
    some = os.path.join(folder, "some.jsonl")
    with open(os.path.join(folder, "events.jsonl"), encoding="utf-8") as f, \
            open(some, "w", encoding="utf-8") as out:
        out.writelines(f.readlines()[:COUNTED])
    _, said, _ = run(["valgrind", "--tool=callgrind", "--toggle-collect=weir_eval",
                      "--callgrind-out-file=" + os.path.join(folder, "callgrind"),
                      WEIRC, "replay", content, some])
    return int(re.search(r"Collected : (\d+)", said).group(1)) / COUNTED


def stack():
    """Bytes of stack that an evaluation takes in a kernel build, at most."""
    said, _, _ = run(["sh", os.path.join(HERE, "..", "tests", "stack.sh")])
    found = re.search(r"stack kernel: weir_eval takes (\d+)", said)
    return int(found.group(1)) if found else None


def generate(folder, seed, n, *options):
    """Rules and events."""
    run([sys.executable, os.path.join(HERE, "generate.py"), "--seed", str(seed), "--rules", str(n),
         "--events", EVENTS, "--dir", folder, "--weirc", WEIRC, *options])


def train(folder, compile_with):
    """Options that add the same rules, compiled with a profile; none where weirc makes no profiles."""
    profile, content = os.path.join(folder, "profile"), os.path.join(folder, "trained.weir")
    p, _ = attempt([WEIRC, "profile", os.path.join(folder, "training.jsonl"), "-o", profile])
    if p.returncode == USAGE:
        print("match: weirc has no command profile: nothing is trained", file=sys.stderr)
        return []
    run(compile_with + ["--profile", profile, "-o", content])
    return ["--trained", content]


def compare(folder, compile_with, options):
    """What all engines take for the events of a folder, whose rules are compiled before."""
    content = os.path.join(folder, "rules.weir")
    said, _, spent = run(compile_with + ["-o", content])
    text, _, _ = run([COMPARE, "--seconds", SECONDS, "--cold", str(COLD), "--check", str(CHECKED)] + options +
                     train(folder, compile_with) + [content, os.path.join(folder, "events.jsonl")])
    return json.loads(text) | {"compile_ms": spent, "left_out": len(json.loads(said).get("skipped", []))}


def measure(folder, n, seed, *options):
    """All figures of one size."""
    generate(folder, seed, n, *options)
    patterns = ["--patterns", os.path.join(folder, "patterns.jsonl")]
    r = compare(folder, COMPILE + [os.path.join(folder, "rules")], patterns)
    content = os.path.join(folder, "rules.weir")
    if n in COUNTED_AT:
        r["instructions_per_event"] = instructions(folder, content)
    if n in ADVERSARIAL_AT:
        text, _, _ = run([COMPARE, "--seconds", SECONDS, "--engines", "weir,floor-dfa,hyperscan"] +
                         patterns + [content, os.path.join(folder, "adversarial.jsonl")])
        r["adversarial"] = json.loads(text)["engines"]
    return r


def measure_real(folder, rules):
    """Figures of rules that people wrote."""
    generate(folder, SEED, 10)
    real.prepare(folder, rules, WEIRC)
    schema = ["--schema", os.path.join(folder, "schema.json")]
    return compare(folder, COMPILE + ["--skip-unsupported"] + schema + [rules], schema)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    out, sizes, results = sys.argv[1], sys.argv[2:], {}
    for n in sizes:
        print("match: %s rules" % n, file=sys.stderr)
        results[n] = measure(os.path.join(out, n), int(n), SEED)
    print("match: %d rules, of which many match" % MANY, file=sys.stderr)
    r = {"seed": int(SEED), "events": int(EVENTS), "sizes": results, "stack_bytes": stack(),
         "many": measure(os.path.join(out, "many"), MANY, int(SEED) + 1, "--many")}
    if os.environ.get("RULES"):
        print("match: the rules of RULES", file=sys.stderr)
        r["real"] = measure_real(os.path.join(out, "real"), os.environ["RULES"])
    report.write(out, r)


if __name__ == "__main__":
    main()
