# SPDX-License-Identifier: GPL-2.0
"""What bench.sh gives to its guest, and what that says.

usage: guest.py prepare OUT KEY    generated rules as OUT/guest/N.weir, signed, and OUT/guest/events.jsonl
       guest.py collect OUT LOG    OUT/guest.json, and if there is OUT/match.json, the report again
"""
import collections
import json
import os
import re
import sys

import match
import report

SIZES = (10, 1000, 10000)
EVENTS = 60  # for the interpreter alone
PLANTED = "weir-planted-word"  # selftests/plans/cost.plan has it too
RULE = """title: The word that a test executes
id: 5e1f7e57-0000-4000-8000-00000000c057
date: 2024-07-19
logsource: {category: process_creation, product: linux}
detection:
  sel:
    CommandLine|contains: %s
  condition: sel
level: low
"""


def prepare(out, key):
    """Rules of each size, one of them instead of the first: that of the planted word."""
    folder = os.path.join(out, "guest")
    for n in SIZES:
        size = os.path.join(folder, str(n))
        content = os.path.join(folder, "%d.weir" % n)
        match.generate(size, match.SEED, n - 1)
        with open(os.path.join(size, "rules", "planted.yml"), "w", encoding="utf-8") as f:
            f.write(RULE % PLANTED)
        match.run([match.WEIRC, "compile", "--channel", "1", "--version", str(n), "-o", content,
                   os.path.join(size, "rules")])
        match.run([match.WEIRC, "sign", "--key", key + ".key", "--cert", key + ".crt", content])
    with open(os.path.join(folder, str(SIZES[-1]), "events.jsonl"), encoding="utf-8") as f:
        lines = [line for line in f if json.loads(line)["type"] == "process_creation"]
    with open(os.path.join(folder, "events.jsonl"), "w", encoding="utf-8") as f:
        f.writelines(lines[:EVENTS])


def collect(out, log):
    """The figures in the log of a guest."""
    with open(log, encoding="utf-8", errors="replace") as f:
        text = f.read()
    found = collections.defaultdict(list)
    for who, n, x in re.findall(r"match: (\w+) (\d+) (\d+)$", text, re.M):
        found[who, int(n)].append(int(x))
    alone = re.search(r"match: eval events (\d+) instances (\d+) kernel ([\d.]+) user ([\d.]+)$", text, re.M)
    owed = [("without", 0), ("weir", 0)] + [(who, n) for who in ("weir", "ebpf") for n in SIZES]
    if not alone or any(k not in found for k in owed):
        sys.exit("guest: %s does not have all figures" % log)
    base = min(found["without", 0] + found["weir", 0])
    guest = {"exec": base, "events": int(alone[1]), "instances": int(alone[2]), "kernel": float(alone[3]),
             "user": float(alone[4]), "kernel_to_user": float(alone[3]) / float(alone[4])}
    for who in ("weir", "ebpf"):
        guest[who] = {n: min(found[w, n]) - base for w, n in sorted(found) if w == who}
    with open(os.path.join(out, "guest.json"), "w", encoding="utf-8") as f:
        json.dump(guest, f, indent=1)
    if os.path.exists(os.path.join(out, "match.json")):
        report.add_guest(out)
    else:
        print(json.dumps(guest, indent=1))


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("prepare", "collect"):
        sys.exit(__doc__)
    (prepare if sys.argv[1] == "prepare" else collect)(*sys.argv[2:])
