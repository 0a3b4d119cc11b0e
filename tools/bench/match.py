# SPDX-License-Identifier: GPL-2.0
"""The benchmark of matching: engines on growing sets of rules.

usage: match.py OUT SIZE...    SEED=, EVENTS= and SECONDS= (for each engine) in the environment

Generates rules and events of each size, compiles and compares, and writes OUT/match.json,
OUT/match.rst and OUT/match.svg.
"""
import json
import os
import re
import resource
import subprocess
import sys

import report

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, "..", "..", "build")
WEIRC = os.path.join(BUILD, "weirc")
COMPARE = os.path.join(BUILD, "bench", "compare")
SEED, EVENTS = os.environ.get("SEED", "1"), os.environ.get("EVENTS", "1000")
SECONDS = os.environ.get("SECONDS", "0.5")
COUNTED = 100  # events under callgrind, which is slow
COUNTED_AT = (1000, 10000)
ADVERSARIAL_AT = (10000,)
COLD = 200


def run(args):
    """Run a program; what it prints, what it complains of, and milliseconds of CPU that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.run(args, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if p.returncode:
        sys.exit("match: %s ended with %d: %s" % (" ".join(args[:3]), p.returncode,
                                                  p.stderr.decode(errors="replace")[-2000:]))
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return p.stdout.decode(), p.stderr.decode(errors="replace"), spent * 1000


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


def measure(out, n):
    """All figures of one size."""
    folder = os.path.join(out, str(n))
    content = os.path.join(folder, "rules.weir")
    run([sys.executable, os.path.join(HERE, "generate.py"), "--seed", SEED, "--rules", str(n),
         "--events", EVENTS, "--dir", folder, "--weirc", WEIRC])
    _, _, spent = run([WEIRC, "compile", "--channel", "1", "--version", "1", "-o", content,
                       os.path.join(folder, "rules")])
    common = [COMPARE, "--patterns", os.path.join(folder, "patterns.jsonl"), "--seconds", SECONDS]
    text, _, _ = run(common + ["--cold", str(COLD), content, os.path.join(folder, "events.jsonl")])
    r = json.loads(text)
    r["compile_ms"] = spent
    if n in COUNTED_AT:
        r["instructions_per_event"] = instructions(folder, content)
    if n in ADVERSARIAL_AT:
        text, _, _ = run(common + ["--engines", "weir,floor-dfa,hyperscan", content,
                                   os.path.join(folder, "adversarial.jsonl")])
        r["adversarial"] = json.loads(text)["engines"]
    return r


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    out, sizes, results = sys.argv[1], sys.argv[2:], {}
    for n in sizes:
        print("match: %s rules" % n, file=sys.stderr)
        results[n] = measure(out, int(n))
    report.write(out, {"seed": int(SEED), "events": int(EVENTS), "sizes": results})


if __name__ == "__main__":
    main()
