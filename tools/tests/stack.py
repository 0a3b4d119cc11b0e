# SPDX-License-Identifier: GPL-2.0
"""The most stack that an entry of the core can take: stack.py SET FILE.ci..."""
import re
import sys

import taplib

LIMITS = {"weir_eval": 512, "weir_criterion": 512, "weir_open": 1024, "weir_verify": 2048,
          "weir_actions": 512}
EXTERNAL = {"memcpy": 64, "memset": 64, "memcmp": 64, "memmove": 64, "__stack_chk_fail": 64}


def load(paths):
    """Bytes of each function, and whom it calls."""
    size, calls, dynamic = {}, {}, set()
    for path in paths:
        with open(path, encoding="utf-8") as f:
            text = f.read()
        for name, label in re.findall(r'node: \{ title: "([^"]+)" label: "([^"]+)"', text):
            m = re.search(r"(\d+) bytes \((\w[\w,]*)\)", label)
            if m:
                size[name] = int(m.group(1))
                dynamic |= {name} if m.group(2) not in ("static", "dynamic,bounded") else set()
        for a, b in re.findall(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', text):
            calls.setdefault(a, set()).add(b)
    return size, calls, dynamic


def deepest(name, size, calls, path):
    """(bytes, functions) of the worst chain of calls; None if there is no bound."""
    if name in path:
        return None
    worst = (0, [])
    for callee in calls.get(name, ()):
        d = deepest(callee, size, calls, path + [name])
        if d is None:
            return None
        worst = max(worst, d)
    here = size.get(name, EXTERNAL.get(name))
    # A return address each.
    return None if here is None else (here + 8 + worst[0], [name] + worst[1])


def main():
    size, calls, dynamic = load(sys.argv[2:])
    taplib.result("stack %s: no function's stack depends on data" % sys.argv[1], not dynamic,
                  str(dynamic))
    for entry, limit in LIMITS.items():
        d = deepest(entry, size, calls, [])
        taplib.result("stack %s: %s takes %s of %d bytes" %
                      (sys.argv[1], entry, d[0] if d else "unbounded", limit),
                      d is not None and d[0] <= limit, str(d))
    taplib.done()


main()
