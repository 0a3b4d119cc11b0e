# SPDX-License-Identifier: GPL-2.0
"""What the benchmark of matching measured: as JSON, as a page of documentation, as a picture."""
import json
import math
import os

SKIPPED = "skipped"


def number(x):
    """Three digits that count."""
    if x >= 1000:
        return "{:,.0f}".format(float("%.3g" % x))
    return "%.3g" % x


def known(x):
    """A figure that there may be."""
    return "not measured" if x is None else number(x)


AT_MOST, AT_LEAST = "at most", "at least"

# What the benchmark is for: figures of 10,000 rules unless their names say otherwise, and what they must
# reach, if that was said.
FIGURES = [
    ("ns / DFA floor", AT_MOST, 2),
    ("instructions / those at 1,000", AT_MOST, 1.6),
    ("ns / ns at 10", AT_MOST, 5),
    ("ns at 100,000 / ns", AT_MOST, 4),
    ("ns at 10 / linear at 10", AT_MOST, 1.05),
    ("linear / Weir", AT_LEAST, 100),
    ("Weir / Hyperscan, warm", AT_MOST, 0.45),
    ("Weir / Hyperscan, cold", AT_MOST, 0.3),
    ("eBPF, linear / Weir", AT_LEAST, 200),
    ("default profile / trained", AT_MOST, 2),
    ("adversarial event / its DFA floor", AT_MOST, 4),
    ("cold mean / warm mean", AT_MOST, 2.5),
    ("cold p99, ns", None, None),
    ("content bytes an instance", AT_MOST, 200),
    ("title bytes an instance", None, None),
    ("id bytes an instance", None, None),
    ("sample bytes an instance", None, None),
    ("compile / Hyperscan's compile", AT_MOST, 0.01),
    ("kernel / user space, instructions", AT_MOST, 1.15),
    ("verify, ms", AT_MOST, 50),
    ("stack beyond scratch, bytes", AT_MOST, 512),
    ("linear-libc / Weir", None, None),
    ("ns at 10 / linear-libc at 10", None, None),
]
# Of them, those that one content with its events has.
OF_ONE = ["ns / DFA floor", "linear / Weir", "Weir / Hyperscan, warm", "Weir / Hyperscan, cold",
          "eBPF, linear / Weir", "default profile / trained", "cold mean / warm mean", "cold p99, ns",
          "content bytes an instance", "title bytes an instance", "id bytes an instance",
          "compile / Hyperscan's compile", "verify, ms", "linear-libc / Weir"]


def pick(at, *keys):
    """A figure somewhere inside, or None."""
    for k in keys:
        at = at.get(k) if at else None
    return at


def quotient(a, b):
    """One by the other, if both were measured."""
    return a / b if a and b else None


def of_one(r, what):
    """Figures of one content and its events, times being medians or minima."""
    def ns(name, key=what):
        return pick(r, "engines", name, key)

    def each(key):
        return r[key] / r["instances"] if r else None
    weir, cold = ns("weir"), ns("weir", "cold_mean_ns")
    return {
        "ns / DFA floor": quotient(weir, ns("floor-dfa")),
        "linear / Weir": quotient(ns("linear"), weir),
        "linear-libc / Weir": quotient(ns("linear-libc"), weir),
        "Weir / Hyperscan, warm": quotient(weir, ns("hyperscan")),
        "Weir / Hyperscan, cold": quotient(cold, ns("hyperscan", "cold_mean_ns")),
        "eBPF, linear / Weir": quotient(ns("ebpf"), weir),
        "default profile / trained": quotient(weir, ns("weir-trained")),
        "adversarial event / its DFA floor": quotient(pick(r, "adversarial", "weir", what),
                                                      pick(r, "adversarial", "floor-dfa", what)),
        "cold mean / warm mean": quotient(cold, weir),
        "cold p99, ns": ns("weir", "cold_p99_ns"),
        "content bytes an instance": each("matching_bytes"),
        "title bytes an instance": each("title_bytes"),
        "id bytes an instance": each("uuid_bytes"),
        "sample bytes an instance": each("sample_bytes"),
        "compile / Hyperscan's compile": quotient(pick(r, "compile_ms"), ns("hyperscan", "compile_ms")),
        "verify, ms": pick(r, "verify_ms"),
    }


class Figures:
    """Figures by size and engine; None for what was not measured."""

    def __init__(self, results):
        self.results, self.sizes = results, results["sizes"]

    def of(self, n, *keys):
        """A figure of one size."""
        return pick(self.sizes, str(n), *keys)

    def engine(self, n, name, what="ns_per_event"):
        """A figure of one engine."""
        return self.of(n, "engines", name, what)

    def values(self, what):
        """Every figure by its name."""
        def ns(n, name="weir"):
            return self.engine(n, name, what)
        k1, k10, k100 = 1000, 10000, 100000
        return of_one(self.of(k10), what) | {
            "instructions / those at 1,000": quotient(self.of(k10, "instructions_per_event"),
                                                      self.of(k1, "instructions_per_event")),
            "ns / ns at 10": quotient(ns(k10), ns(10)),
            "ns at 100,000 / ns": quotient(ns(k100), ns(k10)),
            "ns at 10 / linear at 10": quotient(ns(10), ns(10, "linear")),
            "ns at 10 / linear-libc at 10": quotient(ns(10), ns(10, "linear-libc")),
            "kernel / user space, instructions": pick(self.results, "guest", "kernel_to_user"),
            "stack beyond scratch, bytes": pick(self.results, "stack_bytes"),
        }


def holds(value, bound, limit):
    """Whether a figure is as it must be: None if that is not known."""
    if bound is None or value is None:
        return None
    return value <= limit if bound == AT_MOST else value >= limit


def figures(medians, minima, names=None):
    """Rows: each figure of medians and of minima, what it must reach, and whether it does."""
    out = []
    for name, bound, limit in FIGURES:
        if names is None or name in names:
            a, b = medians[name], minima[name]
            out.append({"name": name, "value": a, "of_minima": b, "bound": bound, "must_reach": limit,
                        "holds": holds(a, bound, limit), "holds_of_minima": holds(b, bound, limit)})
    return out


def figure_table(rows):
    """These rows, to be read."""
    out = [["figure", "of medians", "of minima", "must reach", "holds"]]
    for r in rows:
        word = {None: "", True: "yes", False: "of minima" if r["holds_of_minima"] else "no"}[r["holds"]]
        out.append([r["name"], known(r["value"]), known(r["of_minima"]),
                    "%s %s" % (r["bound"], number(r["must_reach"])) if r["bound"] else "", word])
    return table(out)


def table(rows):
    """A simple table; the first row is its head."""
    wide = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    line = "  ".join("=" * w for w in wide)
    text = ["  ".join(c.ljust(w) for c, w in zip(r, wide)).rstrip() for r in rows]
    return "\n".join([line, text[0], line] + text[1:] + [line]) + "\n"


def engine_rows(f):
    """Times by engine and size, and why some have none."""
    sizes = list(f.sizes)
    rows = [["nanoseconds an event"] + ["%s rules" % number(int(n)) for n in sizes]]
    notes = []
    for name in f.of(sizes[0], "engines"):
        row = [name]
        for n in sizes:
            ns, why = f.engine(n, name), f.engine(n, name, SKIPPED)
            row.append(number(ns) if ns else "skipped")
            if why and (name, why) not in notes:
                notes.append((name, why))
        rows.append(row)
    for what, key in (("bytes an instance", "bytes_per_instance"), ("milliseconds to verify", "verify_ms"),
                      ("milliseconds to compile", "compile_ms")):
        rows.append([what] + [number(f.of(n, key)) for n in sizes])
    return rows, notes


def noise(f):
    """How far medians are from minima: what a busy machine adds."""
    ratios = [e["ns_per_event"] / e["min_ns"] for r in f.sizes.values() for e in r["engines"].values()
              if e.get("min_ns")]
    return max(ratios)


def heading(text, line):
    """A title and the line under it."""
    return "%s\n%s\n" % (text, line * len(text))


def rst_real(real):
    """What the rules of a folder cost."""
    out = [heading("Rules of others", "="),
           "%d rules that people wrote; %d more cannot be compiled. Of %d events, made of ordinary traffic and\n"
           "of events that were planted to match, %d matches.\n" %
           (real["instances"], real["left_out"], real["checked"], real["matches"]),
           table([["nanoseconds an event", ""]] +
                 [[n, number(e["ns_per_event"]) if "ns_per_event" in e else "skipped"]
                  for n, e in real["engines"].items()])]
    out += ["``%s`` skipped: %s\n" % (n, e[SKIPPED]) for n, e in real["engines"].items() if SKIPPED in e]
    return out + [figure_table(real["figures"])]


def rst_guest(guest):
    """What an exec costs in the guest."""
    rows = [["instances", "Weir", "eBPF, linear", "eBPF / Weir"]]
    for n in guest["weir"]:
        w, b = guest["weir"][n], guest["ebpf"].get(n)
        rows.append([number(int(n)), number(w), number(b) if b else "", number(b / w) if b else ""])
    return [heading("In the kernel", "="),
            "Instructions that a fork, exec and exit takes more than the %s that it takes with nothing hooked, on Debian's\n"
            "kernel 6.12.\n" % number(guest["exec"]),
            table(rows),
            "The interpreter alone, %s instances, %d events: %s instructions an event in the kernel, %s in user\n"
            "space.\n" % (number(guest["instances"]), guest["events"], number(guest["kernel"]),
                          number(guest["user"]))]


def rst(f, results):
    """A page for Documentation/."""
    rows, notes = engine_rows(f)
    sizes = list(f.sizes)
    many = results["many"]
    out = [".. SPDX-License-Identifier: GPL-2.0\n.. Written by make bench; bench.rst explains it.\n",
           "===================\n" + heading("What matching costs", "="),
           "Seed %d, %d events. The median of a figure's turns is up to %s times their minimum: the rest is what\n"
           "others did on the machine.\n" % (results["seed"], results["events"], number(noise(f))),
           ".. image:: matching-results.svg\n", table(rows)]
    out += ["``%s``\n    %s\n" % (n, f.engine(sizes[0], n, "about")) for n in f.of(sizes[0], "engines")]
    out += ["``%s`` skipped: %s\n" % x for x in notes]
    out += ["Every match of every engine in %d events of each run was that of the naive evaluator; one run had\n"
            "%d rules and %d matches.\n" % (many["checked"], many["instances"], many["matches"]),
            heading("Figures", "="), "Of %s rules, unless a name says otherwise.\n" % number(10000),
            figure_table(results["figures"])]
    out += rst_real(results["real"]) if results.get("real") else []
    out += rst_guest(results["guest"]) if results.get("guest") else []
    return "\n".join(out)


COLOURS = ["#c1121f", "#e5989b", "#4d4d4d", "#8a8a8a", "#9bb0c1", "#5f7f95", "#2a6f97",
           "#e07a1f", "#6a994e", "#7b2cbf"]
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 780, 460, 90, 40, 130, 50


def apart(ends):
    """Labels at the ends of lines, moved so that none hides another."""
    out, last = {}, -99
    for y, name in sorted(ends):
        last = max(y, last + 15)
        out[name] = last
    return out


def svg(f):
    """Time by number of rules, both in powers of ten."""
    sizes = [int(n) for n in f.sizes]
    lines = {name: [(n, f.engine(n, name)) for n in sizes if f.engine(n, name)]
             for name in f.of(sizes[0], "engines")}
    lines = {name: points for name, points in lines.items() if points}
    every = [math.log10(ns) for points in lines.values() for _, ns in points]
    low, high = math.floor(min(every)), math.ceil(max(every))
    x0, x1 = math.log10(sizes[0]), max(math.log10(sizes[-1]), math.log10(sizes[0]) + 1)

    def x(n):
        return LEFT + (math.log10(n) - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT)

    def y(ns):
        return TOP + (high - math.log10(ns)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif"'
           ' font-size="12"><rect width="100%%" height="100%%" fill="#fff"/>' % (WIDTH, HEIGHT),
           '<text x="%d" y="20" font-size="14">Nanoseconds an event, by number of rules</text>' % LEFT]
    for k in range(low, high + 1):
        out.append('<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#e3e3e3"/><text x="%d" y="%.1f" '
                   'text-anchor="end" fill="#555">%s</text>' % (LEFT, WIDTH - RIGHT, y(10 ** k), y(10 ** k),
                                                                LEFT - 8, y(10 ** k) + 4, number(10 ** k)))
    for n in sizes:
        out.append('<text x="%.1f" y="%d" text-anchor="middle" fill="#555">%s</text>' %
                   (x(n), HEIGHT - BOTTOM + 20, number(n)))
    ends = apart([(y(points[-1][1]), name) for name, points in lines.items()])
    for colour, (name, points) in zip(COLOURS, lines.items()):
        wide = 3 if name == "weir" else 1.5
        out.append('<polyline fill="none" stroke="%s" stroke-width="%s" points="%s"/>' % (
            colour, wide, " ".join("%.1f,%.1f" % (x(n), y(ns)) for n, ns in points)))
        out.append('<text x="%.1f" y="%.1f" fill="%s">%s</text>' % (
            x(points[-1][0]) + 8, ends[name] + 4, colour, name))
    return "\n".join(out + ["</svg>"]) + "\n"


def judge(results):
    """Fill in the figures."""
    f = Figures(results)
    results["figures"] = figures(f.values("ns_per_event"), f.values("min_ns"))
    real = results.get("real")
    if real:
        real["figures"] = figures(of_one(real, "ns_per_event"), of_one(real, "min_ns"), OF_ONE)
    return f


def write(out, results):
    """Everything, and what was found on standard output."""
    f = judge(results)
    for name, text in (("match.json", json.dumps(results, indent=1) + "\n"),
                       ("matching-results.rst", rst(f, results)), ("matching-results.svg", svg(f))):
        with open(os.path.join(out, name), "w", encoding="utf-8") as file:
            file.write(text)
    print(rst(f, results))
    print("written: %s/match.json, matching-results.rst, matching-results.svg" % os.path.normpath(out))


def add_guest(out):
    """Add what the guest said to what was measured before."""
    with open(os.path.join(out, "match.json"), encoding="utf-8") as f:
        results = json.load(f)
    with open(os.path.join(out, "guest.json"), encoding="utf-8") as f:
        results["guest"] = json.load(f)
    write(out, results)
