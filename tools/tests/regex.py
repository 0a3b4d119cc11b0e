# SPDX-License-Identifier: GPL-2.0
"""The regex compiler: a table of errors and limits, and random patterns against other engines."""
import ctypes
import ctypes.util
import random
import re
import subprocess
import sys
import time

import taplib
from taplib import result

SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20240719
ICASE, MULTI, DOTALL = 1, 2, 4


class Driver:
    """The compiler behind its line protocol."""

    def __init__(self, path):
        self.p = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, lines):
        """Send requests, return as many answers."""
        self.p.stdin.write(("\n".join(lines) + "\n").encode())
        self.p.stdin.flush()
        answers = [self.p.stdout.readline().decode(errors="replace").rstrip("\n") for _ in lines]
        if any(not a for a in answers):
            raise RuntimeError("the driver ended at: " + repr(lines)[:300])
        return answers

    def regex(self, pattern, flags, inputs):
        """Compile, then match inputs: (answer, [bool])."""
        a = self.ask(["R %d %s" % (flags, pattern.hex() or "-")] +
                     ["I " + (s.hex() or "-") for s in inputs])
        return a[0], [x == "1" for x in a[1:]]

    def glob(self, items, cased, inputs):
        """The same for a wildcard pattern."""
        text = "".join(i if i in ("?", "*") else "%02x" % i for i in items)
        a = self.ask(["G %d %s" % (cased, text or "-")] + ["I " + (s.hex() or "-") for s in inputs])
        return a[0], [x == "1" for x in a[1:]]


class Pcre:
    """PCRE2 by its shared library."""

    def __init__(self):
        name = ctypes.util.find_library("pcre2-8") or "libpcre2-8.so.0"
        self.lib = ctypes.CDLL(name)
        self.lib.pcre2_compile_8.restype = ctypes.c_void_p
        self.lib.pcre2_match_data_create_8.restype = ctypes.c_void_p
        self.data = ctypes.c_void_p(self.lib.pcre2_match_data_create_8(8, None))

    def match(self, pattern, flags, inputs):
        """A list of bool, None for an input that PCRE2 gives up on; None if it does not compile."""
        opts = (8 if flags & ICASE else 0) | (0x400 if flags & MULTI else 0) | \
            (0x20 if flags & DOTALL else 0)
        num, off = ctypes.c_int(), ctypes.c_size_t()
        code = self.lib.pcre2_compile_8(pattern, ctypes.c_size_t(len(pattern)), opts,
                                        ctypes.byref(num), ctypes.byref(off), None)
        if not code:
            return None
        code = ctypes.c_void_p(code)
        out = []
        for s in inputs:
            r = self.lib.pcre2_match_8(code, s, ctypes.c_size_t(len(s)), ctypes.c_size_t(0), 0,
                                       self.data, None)
            out.append(None if r < -1 else r >= 0)
        self.lib.pcre2_code_free_8(code)
        return out


class Gen:
    """A random pattern, in our syntax and in Python's."""

    LIT = b"abAB1_ -\nzK\xc3\x00"

    def __init__(self, rng):
        self.r = rng

    def byte(self):
        return self.r.choice(self.LIT)

    def quote(self, c):
        """A literal byte in some spelling: (ours, Python's)."""
        py = b"\\x%02x" % c
        if c == 10:
            return self.r.choice([b"\n", b"\\n", b"\\x0a"]), py
        if c >= 0x80 or c == 0:
            return self.r.choice([b"\\x%02x" % c, b"\\x{%x}" % c]), py
        if chr(c).isalnum() or c in b"_ ":
            return self.r.choice([bytes([c]), py]), py
        return self.r.choice([b"\\" + bytes([c]), py]), py

    def char_class(self, flags):
        neg = b"^" if self.r.random() < 0.3 else b""
        ours, py = b"", b""
        for _ in range(self.r.randint(1, 3)):
            k = self.r.random()
            if k < 0.5:
                o, p = self.quote(self.byte())
                ours, py = ours + o, py + p
            elif k < 0.7:
                a, b = sorted([self.byte(), self.byte()])
                (oa, pa), (ob, pb) = self.quote(a), self.quote(b)
                ours, py = ours + oa + b"-" + ob, py + pa + b"-" + pb
            elif k < 0.9:
                e = self.r.choice([b"\\d", b"\\w", b"\\s", b"\\D", b"\\W", b"\\S"])
                ours, py = ours + e, py + e
            else:
                name, same = self.r.choice([(b"[:alpha:]", b"a-zA-Z"), (b"[:digit:]", b"0-9"),
                                            (b"[:space:]", b"\\s"), (b"[:^space:]", b"\\S"),
                                            (b"[:xdigit:]", b"0-9a-fA-F"), (b"[:word:]", b"\\w")])
                ours, py = ours + name, py + same
        py = b"[" + neg + py + b"]"
        return b"[" + neg + ours + b"]", self.fold(py, flags)

    @staticmethod
    def fold(py, flags):
        return b"(?i:" + py + b")" if flags & ICASE else py

    def assertion(self, flags):
        if flags & MULTI:
            start, end = b"(?:\\A|(?m:^)(?!\\Z))", b"(?m:$)"
        else:
            start, end = b"\\A", b"(?=\\n?\\Z)"
        return self.r.choice([(b"^", start), (b"$", end), (b"\\b", b"\\b"), (b"\\B", NOTB),
                              (b"\\A", b"\\A"), (b"\\z", b"\\Z"), (b"\\Z", b"(?=\\n?\\Z)")])

    def atom(self, flags, depth):
        k = self.r.random()
        if k < 0.45 or depth <= 0:
            o, p = self.quote(self.byte())
            return o, self.fold(p, flags)
        if k < 0.57:
            return self.char_class(flags)
        if k < 0.65:
            return b".", b"[\\x00-\\xff]" if flags & DOTALL else b"[^\\n]"
        if k < 0.72:
            e = self.r.choice([b"\\d", b"\\w", b"\\s", b"\\D", b"\\W", b"\\S", b"\\N"])
            return e, b"[^\\n]" if e == b"\\N" else e
        if k < 0.80:
            return self.group_with_flags(flags, depth)
        o, p = self.alternatives(flags, depth - 1)
        return self.r.choice([b"(", b"(?:", b"(?<n>" if depth > 9 else b"("]) + o + b")", \
            b"(?:" + p + b")"

    def group_with_flags(self, flags, depth):
        bit, letter = self.r.choice([(ICASE, b"i"), (MULTI, b"m"), (DOTALL, b"s")])
        off = self.r.random() < 0.3
        inner = flags & ~bit if off else flags | bit
        o, p = self.alternatives(inner, depth - 1)
        head = b"(?" + (b"-" if off else b"") + letter
        if self.r.random() < 0.5:
            return head + b":" + o + b")", b"(?:" + p + b")"
        return b"(" + head + b")" + o + b")", b"(?:" + p + b")"

    def item(self, flags, depth):
        if self.r.random() < 0.12:
            return self.assertion(flags)
        o, p = self.atom(flags, depth)
        k = self.r.random()
        if k > 0.35:
            return o, p
        q = self.r.choice([b"*", b"+", b"?", b"{2}", b"{1,3}", b"{0,2}", b"{2,}", b"{0}", b"{0,5}"])
        return o + q + (b"?" if self.r.random() < 0.3 else b""), b"(?:" + p + b")" + q

    def sequence(self, flags, depth):
        parts = [self.item(flags, depth) for _ in range(self.r.randint(0 if depth < 3 else 1, 4))]
        return b"".join(o for o, _ in parts), b"".join(p for _, p in parts)

    def alternatives(self, flags, depth):
        parts = [self.sequence(flags, depth)]
        while self.r.random() < 0.25:
            parts.append(self.sequence(flags, depth))
        return b"|".join(o for o, _ in parts), b"|".join(p for _, p in parts)

    def text(self):
        return bytes(self.byte() for _ in range(self.r.choice([0, 1, 2, 3, 4, 6, 9])))


# Python's \B does not match in an empty input; ours and PCRE's does.
NOTB = b"(?:\\B|\\A\\Z)"


def random_patterns(d, pcre, count):
    """Compare with Python's re, and with PCRE2."""
    rng = random.Random(SEED)
    gen = Gen(rng)
    bad, matched, compared, beside = [], 0, 0, 0
    for _ in range(count):
        flags = rng.randrange(8)
        ours, py = gen.alternatives(flags, 3)
        inputs = [gen.text() for _ in range(12)]
        inputs += [s + b"\n" for s in inputs[:3]]
        answer, got = d.regex(ours, flags, inputs)
        want = [bool(re.search(py, s)) for s in inputs]
        compared += len(inputs)
        matched += sum(want)
        if not answer.startswith("ok") or got != want:
            bad.append((ours, flags, answer, [s for s, g, w in zip(inputs, got, want) if g != w]))
        other = pcre.match(ours, flags, inputs) if pcre else None
        if other is None:
            continue
        beside += 1
        wrong = [s for s, g, o in zip(inputs, got, other) if o is not None and g != o]
        if wrong:
            bad.append((ours, flags, "pcre2", wrong))
    result("regex-random (%d inputs, %d match, seed %d)" % (compared, matched, SEED),
           not bad and matched > compared // 10 and matched < compared, repr(bad[:3]))
    if pcre:
        result("regex-pcre2 (%d patterns)" % beside, beside > count // 2)
    else:
        taplib.skip("regex-pcre2", "libpcre2-8 is not installed")


def glob_match(items, s, cased):
    """Naive wildcard matching by recursion over the pattern."""
    if not items:
        return not s
    if items[0] == "*":
        return any(glob_match(items[1:], s[i:], cased) for i in range(len(s) + 1))
    if not s:
        return False
    a, b = items[0], s[0]
    same = a == "?" or a == b or (not cased and a < 128 and b < 128 and
                                  chr(a).lower() == chr(b).lower())
    return same and glob_match(items[1:], s[1:], cased)


def random_globs(d, count):
    """Compare wildcard patterns with the naive matcher."""
    rng = random.Random(SEED + 1)
    bad, matched, compared = [], 0, 0
    for _ in range(count):
        cased = rng.randrange(2)
        items = [rng.choice(["*", "?"] + list(b"abAB\xc3\x00")) for _ in range(rng.randrange(7))]
        inputs = [bytes(rng.choice(b"abAB\xc3\x00") for _ in range(rng.randrange(7)))
                  for _ in range(15)]
        answer, got = d.glob(items, cased, inputs)
        want = [glob_match(items, s, cased) for s in inputs]
        compared += len(inputs)
        matched += sum(want)
        if not answer.startswith("ok") or got != want:
            bad.append((items, cased, answer))
    result("regex-globs (%d inputs, %d match)" % (compared, matched),
           not bad and 0 < matched < compared, repr(bad[:3]))


ERRORS = [
    (b"(?=a)", "look-ahead"), (b"(?!a)", "look-ahead"), (b"(?<=a)b", "look-behind"),
    (b"(?<!a)b", "look-behind"), (b"(?>a)", "atomic"), (b"(a)\\1", "back reference"),
    (b"(?P<n>a)(?P=n)", "back reference"), (b"\\k<n>", "back reference"), (b"(?R)", "recursion"),
    (b"(?1)", "recursion"), (b"(?(1)a|b)", "conditional"), (b"a*+", "possessive"),
    (b"a{1,2}+", "possessive"), (b"(?|a|b)", "branch reset"), (b"(*FAIL)", "VERB"),
    (b"\\pL", "Unicode"), (b"\\X", "Unicode"), (b"(", "without its )"), (b")", "without its ("),
    (b"(a|b", "without its )"), (b"[a", "without its ]"), (b"[]", "without its ]"),
    (b"*a", "nothing to repeat"), (b"a**", "nothing to repeat"), (b"^*", "nothing to repeat"),
    (b"(?i)*", "nothing to repeat"), (b"a{2,1}", "end is before"), (b"[b-a]", "end is before"),
    (b"a{1001}", "repetitions"), (b"a{,3}", "ambiguous"), (b"[\\d-x]", "class at one end"),
    (b"[[:nope:]]", "POSIX"), (b"[[.a.]]", "collating"), (b"\\", "backslash at the end"),
    (b"\\xzz", "hexadecimal"), (b"\\x{100}", "above ff"), (b"\\x{}", "hexadecimal"),
    (b"(?x)a", "only the flags"), (b"(?", "without its )"), (b"(?i", "without its )"),
    (b"(?<n", "group name"), (b"\\Qa\\E", "not supported"), (b"[^\xc3\xa9]", "beyond ASCII"),
    (b"[\xc3\xa0-\xc3\xa9]", "beyond ASCII"), (b"\\j", "not supported"), (b"(?#", "group name"),
    (b"(" * 65 + b")" * 65, "inside each other"), (b"a" * 4097, "4096 bytes"),
    (b"(?:" * 100000, "4096 bytes"), (b"(" * 4000, "inside each other"),
]

# Each must end quickly, with an error that names a limit.
LIMITS = [
    b"((a{1000}){1000}){1000}", b"(((){0,1000}){0,1000}){0,1000}",
    b"(a|b)*a(a|b){20}", b"(a|b)*a(a|b){16}[\\s\\S]{30}c", b"([ab]*a[ab]{15})+c",
    b"(x+x+)+y(a|b)*a(a|b){40}", b"(?:a?){1000}(?:b?){1000}(?:a|b)*a(?:a|b){30}",
    b"((((a?){30}){30}){30}){30}", b"(.*a){900}" * 4,
]

# Each must compile, although a naive subset construction would not.
LARGE = [b"(.){200,}", b"[^\"]{0,64}x[^\"]{0,64}y", b"(a?){500}b", b"(a*)*b", b"((a+)+)+b",
         b"-[^-\\s]{0,300}i", b"(?:a|aa)+$", b"|".join(b"word%d" % i for i in range(400)), b"",
         b"a{0}", b"(((){1000}){1000}){1000}", b"()", b"(?:)*", b"(?i)", b"a(?#comment)b", b"[]a]", b"[a-]", b"[^]]", b"{", b"a{x",
         b"a{1,x}", b"x{", b"[\\b]", b"\\0", b"[\xc3\xa9x]+", b"\\/\\-\\@"]

TABLE = [
    (b"caf\xc3\xa9+$", [(b"caf\xc3\xa9\xc3\xa9", 1), (b"caf\xc3\xa9\xa9", 0)]),
    (b"^[\xc3\xa9x]{2}$", [(b"x\xc3\xa9", 1), (b"xx", 1), (b"x\xc3", 0), (b"\xc3\xa9", 0)]),
    (b"^.$", [(b"a", 1), (b"\xc3\xa9", 0), (b"\n", 0), (b"a\n", 1), (b"a\n\n", 0)]),
    (b"^a\\z", [(b"a", 1), (b"a\n", 0)]), (b"a\\Z", [(b"a\n", 1), (b"a\nb", 0)]),
    (b"a$\\n", [(b"a\n", 1), (b"a", 0), (b"a\nb", 0)]), (b"a\\x00b", [(b"a\0b", 1), (b"ab", 0)]),
    (b"(?m)^", [(b"", 1)]), (b"(?m)a\n^$", [(b"a\n", 0), (b"a\n\n", 1)]),
    (b"\\bfoo\\b", [(b"a foo.", 1), (b"food", 0), (b"foo", 1)]), (b"\\B", [(b"", 1), (b"a", 0)]),
    (b"[[:^lower:]]", [(b"a", 0), (b"A", 1)]), (b"(?i)[[:^lower:]]", [(b"A", 0), (b"1", 1)]),
    (b"\\v", [(b"\r", 1), (b" ", 0)]), (b"\\h", [(b"\t", 1), (b"\n", 0)]),
]

# What inputs have to contain, the longest first, then the last. The driver itself checks that of all that match.
NEEDS = [
    (b"abc=[A-Z]{8}.*xyz", "abc= & xyz"), (b"a=[A-Z]{8}.*b", "a="), (b"a.*b", "nothing"), (b"=", "nothing"),
    (b"foo.*foobar", "foobar"), (b"foobar.*foo", "foobar"), (b"(abc|de).*xyz", "xyz"),
    (b"(abc|def)+.*xyz", "xyz & def|abc"), (b"(abc|d?).*xyz", "xyz"), (b"(abc)?xyz", "xyz"),
    (b"(abc)*", "nothing"), (b"ABC[dD]", "abcd"), (b"\\| *(/[a-z/]*/)?perl( |$|;)", "perl"),
    (b"ab.*cd", "cd"), (b"abcdefgh" * 5, "abcdefgh" * 4), (b"xyz" + b"abcdefgh" * 4, "abcdefgh" * 4 + " & xyz"), (b"x{3}abc{2}", "ab"),
    (b".*".join(b"w%d0" % i for i in range(9)), " & ".join("w%d0" % i for i in range(8, 0, -1))),
    (b".*".join([b"longer"] + [b"w%d0" % i for i in range(9)]),
     " & ".join(["longer"] + ["w%d0" % i for i in range(8, 1, -1)])),
    (b"|".join(b"word%c" % (97 + i) for i in range(17)), "nothing"),
]


def main():
    d = Driver(sys.argv[1])
    try:
        pcre = Pcre()
    except (OSError, AttributeError):
        pcre = None
    for pattern, text in ERRORS:
        a, _ = d.regex(pattern, 0, [])
        where = "at byte" in a or "more than" in a
        result("regex-error %r" % pattern[:24], a.startswith("error") and text in a and where, a)
    for pattern in LIMITS:
        t = time.monotonic()
        a, _ = d.regex(pattern, 0, [])
        t = time.monotonic() - t
        result("regex-limit %r" % pattern[:40],
               a.startswith("error too") and "more than" in a and t < 20, "%s %.1f s" % (a, t))
    for pattern in LARGE:
        a, _ = d.regex(pattern, 0, [])
        result("regex-compiles %r" % pattern[:40], a.startswith("ok"), a)
    for pattern, cases in TABLE:
        a, got = d.regex(pattern, 0, [s for s, _ in cases])
        result("regex-table %r" % pattern,
               a.startswith("ok") and got == [bool(w) for _, w in cases], "%s %s" % (a, got))
    for pattern, want in NEEDS:
        d.regex(pattern, 0, [])
        a = d.ask(["N"])[0]
        result("regex-needs %r" % pattern[:40], a == want, a)
    for items, want in [("*abc*xyz*", "xyz & abc"), ("*abc?18*-w*", "abc")]:
        d.glob([i if i in "?*" else ord(i) for i in items], 0, [])
        a = d.ask(["N"])[0]
        result("regex-needs glob %s" % items, a == want, a)
    random_globs(d, 1000)
    random_patterns(d, pcre, 4000)
    taplib.done()


main()
