# SPDX-License-Identifier: GPL-2.0
"""Channel files read by the text of channel-format.rst alone: format.py FILE...

Where each operand of the matching index is, which gates there are, what an event costs, how much
scratch it takes.
"""
import os
import struct
import sys

from taplib import done, result

NAMES = ["TEXT", "TYPES", "KINDS", "INSTANCES", "NODES", "CRITERIA", "LITERALS", "NUMBERS", "POOL", "DFAS",
         "DFA_DATA", "PROBES", "FILTERS", "ENTRIES", "WAKES", "SAMPLES", "SAMPLE_VALUES", "SAMPLE_EXPECT",
         "SAMPLE_DATA"]
RECORD = {"NODES": "<IHH", "CRITERIA": "<4B3I", "LITERALS": "<IHBB", "NUMBERS": "<2Q", "PROBES": "<4B2H6I",
          "ENTRIES": "<4I", "FILTERS": "<I", "WAKES": "<I", "INSTANCES": "<16s2HI2BHI"}
ALL, START, END, NUM, NET = 1, 2, 3, 4, 5
RANGE = 7
REJECT = 0xfffe
EMPTY = 0xffffffff
INDEXED = 2


def mix(x):
    """Bits 33 to 63 of a product."""
    return (x * 0xff51afd7ed558ccd & 2**64 - 1) >> 33


def leveled(data):
    """A little-endian number of bytes that all have bit 5 set."""
    return int.from_bytes(bytes(c | 32 for c in data), "little")


def tag_of_network(lit):
    """An address and its prefix length."""
    n = 8 * (len(lit) - 1)
    cut = n - lit[-1]
    data = (int.from_bytes(lit[:-1], "big") >> cut << cut).to_bytes(n // 8, "big")
    tag = int.from_bytes(data[:4], "big")
    for i in range(4, len(data), 4):
        tag = mix(tag) ^ int.from_bytes(data[i:i + 4], "big")
    return tag


def more_of(lit, start, width):
    """Four bytes beside a window, and which."""
    if start + width + 4 <= len(lit):
        return 1, leveled(lit[start + width:start + width + 4])
    return (2, leveled(lit[start - 4:start])) if start >= 4 else (0, 0)


class Channel:
    """A channel file."""

    def __init__(self, path):
        with open(path, "rb") as f:
            self.b = f.read()
        self.section = {name: struct.unpack_from("<3I", self.b, 68 + 16 * i) for i, name in enumerate(NAMES)}

    def count(self, name):
        """Entries of a section."""
        return self.section[name][2]

    def get(self, name, i):
        """An entry."""
        return struct.unpack_from(RECORD[name], self.b,
                                  self.section[name][0] + struct.calcsize(RECORD[name]) * i)

    def window(self, probe, operand):
        """What the index knows an operand by: hash, and what stands beside the window."""
        where, width, at = probe[1], probe[2], probe[4]
        if where == NUM:
            lo = self.get("NUMBERS", operand)[0]
            return mix(lo & EMPTY ^ mix(lo >> 32)), (0, 0)
        off, size, inside, _ = self.get("LITERALS", operand)
        lit = self.b[self.section["POOL"][0] + off:][:size]
        if where == NET:
            return mix(tag_of_network(lit)), (0, 0)
        start = {ALL: inside, START: at, END: size - at - width}[where]
        part = lit[start:start + width]
        tag = leveled(part) if width <= 4 else leveled(part[:4]) ^ mix(leveled(part[4:]))
        return mix(tag), more_of(lit, start, width)

    def passes(self, probe, value):
        """Whether the filter lets a hash through."""
        word = self.get("FILTERS", probe[6] + (value * probe[7] >> 31))[0]
        return word >> (value & 31) & 1

    def look_up(self, probe, value):
        """The operands that looking for a hash comes to."""
        first, count, homes = probe[8:11]
        for k in range(first + value * homes // 2**31, first + count):
            x = self.get("ENTRIES", k)
            if x[0] > value:
                break
            if x[0] == value:
                yield x[2] & 2**30 - 1, (x[2] >> 30, x[1]), x[3]

    def lost(self):
        """Operands of indexed criteria that no probe leads to."""
        known = set()
        for i in range(self.count("PROBES")):
            probe = self.get("PROBES", i)
            for k in range(probe[8], probe[8] + probe[9]):
                operand, crit = self.get("ENTRIES", k)[2] & 2**30 - 1, self.get("ENTRIES", k)[3]
                if crit == EMPTY:
                    continue
                value, more = self.window(probe, operand)
                if self.passes(probe, value) and (operand, more, crit) in self.look_up(probe, value):
                    known.add((crit, operand))
        wanted = set()
        for c in range(self.count("CRITERIA")):
            crit = self.get("CRITERIA", c)
            if crit[5] >> 24 & INDEXED:
                wanted |= {(c, crit[4] + k) for k in range(crit[5] & 0xffffff)}
        return wanted ^ known, len(wanted)

    def gate(self, instance):
        """The gate of an instance: 0, or 1 and the criterion without which its program rejects first."""
        crit, _, no = self.get("NODES", self.get("INSTANCES", instance)[3])
        c = self.get("CRITERIA", crit & 2**18 - 1)
        return (crit & 2**18 - 1) + 1 if no == REJECT and c[3] == RANGE and c[5] & 0xffffff == 1 else 0

    def wrong_gates(self):
        """Entries of WAKES whose gate is another, and how many have one."""
        wakes = [self.get("WAKES", k)[0] for k in range(self.count("WAKES"))]
        return ([w for w in wakes if w >> 18 != self.gate(w & 2**18 - 1)],
                sum(w >> 18 != 0 for w in wakes))

    def criterion_cost(self, c):
        """Steps of a criterion."""
        crit = self.get("CRITERIA", c)
        n = crit[5] & 0xffffff
        if crit[5] >> 24 & INDEXED:
            return 1
        steps = {1: 0, 2: 2049 * n, 3: 2049 * n, 4: 2049 * n, 5: 16385 * n, 6: 16386, 7: n, 8: 18 * n}
        return 1 + steps.get(crit[3], 8193)

    def cost(self):
        """Steps of an event at worst."""
        sum_ = self.count("TYPES") + self.count("WAKES") + self.count("INSTANCES")
        for name, n, steps in (("CRITERIA", 512, 1), ("INSTANCES", 1024, 1058), ("DFAS", 32, 1)):
            sum_ += steps * -(-self.count(name) // n)
        for i in range(self.count("PROBES")):
            probe = self.get("PROBES", i)
            sum_ += 1 + 8192 * (1 + probe[11]) if probe[1] == ALL else 17 + probe[11]
        return sum_ + sum(1 + self.criterion_cost(self.get("NODES", k)[0] & 2**30 - 1)
                          for k in range(self.count("NODES")))

    def scratch(self):
        """Bytes of scratch."""
        kept = [-(-self.count("CRITERIA") // 16), -(-self.count("INSTANCES") // 32), self.count("DFAS")]
        return 4 * sum(n + -(-n // 32) for n in kept)


def main():
    for path in sys.argv[1:]:
        c, name = Channel(path), "format %s: " % os.path.basename(path)
        lost, n = c.lost()
        result(name + "%d operands are where the page says" % n, not lost, str(lost))
        wrong, n = c.wrong_gates()
        result(name + "%d gates are what programs begin with" % n, not wrong, str(wrong))
        result(name + "its cost is the page's", c.cost() == struct.unpack_from("<Q", c.b, 40)[0], str(c.cost()))
        result(name + "its scratch is the page's", c.scratch() == struct.unpack_from("<I", c.b, 48)[0],
               str(c.scratch()))
    done()


main()
