# SPDX-License-Identifier: GPL-2.0
"""What the benchmark of matching measured: as JSON, as a fragment of documentation, as a picture."""
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
    return number(x) if x else "not measured"


class Figures:
    """Figures by size and engine; None for what was not measured."""

    def __init__(self, results):
        self.sizes = results["sizes"]

    def of(self, n, *keys):
        """A figure of one size."""
        at = self.sizes.get(str(n))
        for k in keys:
            at = at.get(k) if at else None
        return at

    def engine(self, n, name, what="ns_per_event"):
        """A figure of one engine."""
        return self.of(n, "engines", name, what)

    def ratios(self, what):
        """What the benchmark is for, by name: of medians or of the least times."""
        of, k10, k1, k100, cold = self.of, 10000, 1000, 100000, "cold_mean_ns"

        def e(n, name, key=what):
            return self.engine(n, name, key)
        pairs = [
            ("ns@10k / DFA floor", e(k10, "weir"), e(k10, "floor-dfa")),
            ("instructions@10k / @1k", of(k10, "instructions_per_event"), of(k1, "instructions_per_event")),
            ("ns@10k / ns@10", e(k10, "weir"), e(10, "weir")),
            ("ns@100k / ns@10k", e(k100, "weir"), e(k10, "weir")),
            ("ns@10 / linear@10", e(10, "weir"), e(10, "linear")),
            ("linear / Weir @10k", e(k10, "linear"), e(k10, "weir")),
            ("Weir / Hyperscan @10k, warm", e(k10, "weir"), e(k10, "hyperscan")),
            ("Weir / Hyperscan @10k, cold", e(k10, "weir", cold), e(k10, "hyperscan", cold)),
            ("eBPF / Weir @10k", e(k10, "ebpf"), e(k10, "weir")),
            ("adversarial / its DFA floor @10k", of(k10, "adversarial", "weir", what),
             of(k10, "adversarial", "floor-dfa", what)),
            ("cold / warm @10k, mean", e(k10, "weir", cold), e(k10, "weir")),
            ("compile / Hyperscan's compile @10k", of(k10, "compile_ms"), e(k10, "hyperscan", "compile_ms")),
        ]
        out = {name: a / b if a and b else None for name, a, b in pairs}
        out["cold p99 @10k, ns"] = e(k10, "weir", "cold_p99_ns")
        out["bytes per instance @10k"] = of(k10, "bytes_per_instance")
        out["scratch bytes @10k"] = of(k10, "scratch_bytes")
        out["verify @10k, ms"] = of(k10, "verify_ms")
        return out


def table(rows):
    """A simple table; the first row is its head."""
    wide = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    line = "  ".join("=" * w for w in wide)
    text = ["  ".join(c.ljust(w) for c, w in zip(r, wide)).rstrip() for r in rows]
    return "\n".join([line, text[0], line] + text[1:] + [line]) + "\n"


def rst(f, results):
    """A fragment for Documentation/: times by engine and size, then the ratios."""
    sizes = list(f.sizes)
    names = list(f.of(sizes[0], "engines"))
    rows = [["nanoseconds an event"] + ["%s rules" % number(int(n)) for n in sizes]]
    notes = []
    for name in names:
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
    out = [".. Written by make bench-match: seed %d, %d events.\n" % (results["seed"], results["events"]),
           table(rows)]
    out += ["``%s``\n    %s\n" % (n, f.engine(sizes[0], n, "about")) for n in names]
    out += ["``%s`` skipped: %s\n" % x for x in notes]
    least = results["ratios_of_minima"]
    out.append(table([["ratio", "of medians", "of minima"]] +
                     [[n, known(x), known(least[n])] for n, x in results["ratios"].items()]))
    return "\n".join(out)


COLOURS = ["#c1121f", "#4d4d4d", "#8a8a8a", "#9bb0c1", "#5f7f95", "#2a6f97", "#e07a1f", "#6a994e", "#7b2cbf"]
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


def write(out, results):
    """All three, and the ratios on standard output."""
    f = Figures(results)
    results["ratios"] = f.ratios("ns_per_event")
    results["ratios_of_minima"] = f.ratios("min_ns")
    for name, text in (("match.json", json.dumps(results, indent=1) + "\n"),
                       ("match.rst", rst(f, results)), ("match.svg", svg(f))):
        with open(os.path.join(out, name), "w", encoding="utf-8") as file:
            file.write(text)
    print(rst(f, results))
    for name in f.of(list(f.sizes)[0], "engines"):
        why = [f.engine(n, name, SKIPPED) for n in f.sizes if f.engine(n, name, SKIPPED)]
        if why:
            print("skipped: %s: %s" % (name, why[0]))
    for name, x in results["ratios"].items():
        print("%s = %s (of minima: %s)" % (name, known(x), known(results["ratios_of_minima"][name])))
    print("written: %s/match.json, match.rst, match.svg" % os.path.normpath(out))
