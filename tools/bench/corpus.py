# SPDX-License-Identifier: GPL-2.0
"""The corpus: lists of paths and words, and draws from them."""
import bisect
import itertools
import os

HERE = os.path.dirname(os.path.abspath(__file__))

# What machines run most, the most frequent first.
COMMON = """sh bash ps grep ls cat sed awk gcc ld as make git python3 find tr sort head tail cut rm mkdir
cp mv ln chmod touch test expr date sleep id uname env xargs wc basename dirname tar gzip dpkg apt-get
systemctl curl ssh perl tee stat df du journalctl install mount ss ip openssl wget rsync su sudo""".split()

PLACES = 4000  # programs outside of packages


def read_corpus():
    """The sections of corpus.txt: {name: [line]}."""
    sections, into = {}, None
    with open(os.path.join(HERE, "corpus.txt"), encoding="ascii") as f:
        for line in f.read().splitlines():
            if line.startswith("["):
                into = sections.setdefault(line[1:-1], [])
            elif not line.startswith("#"):
                into.append(line)
    return sections


class Zipf:
    """A list whose k-th entry is drawn in proportion to k ** -s."""

    def __init__(self, items, s):
        self.items = list(items)
        self.sums = list(itertools.accumulate((k + 1) ** -s for k in range(len(self.items))))

    def draw(self, rng):
        """One entry."""
        return self.items[bisect.bisect(self.sums, rng.random() * self.sums[-1])]


class Corpus:
    """Draws of names, paths and words, all from one random number generator."""

    def __init__(self, rng):
        sections = read_corpus()
        self.rng = rng
        self.bins, self.paths = sections["bin"], sections["path"]
        self.options, self.words = sections["option"], sections["word"]
        by_name = {os.path.basename(b): b for b in reversed(self.bins)}
        self.common = Zipf([by_name.get(n, "/usr/bin/" + n) for n in COMMON], 0.9)
        self.places = [self.place() for _ in range(PLACES)]

    def word(self):
        """A word."""
        return self.rng.choice(self.words)

    def option(self):
        """A command line option."""
        return self.rng.choice(self.options)

    def path(self):
        """The path of a file."""
        return self.rng.choice(self.paths)

    def binary(self):
        """A program of Debian, the common ones more often."""
        return self.common.draw(self.rng) if self.rng.random() < 0.4 else self.rng.choice(self.bins)

    def place(self):
        """A program where packages put none, made up."""
        place = self.rng.choice(["/opt/%s/bin/%s", "/usr/local/bin/%s-%s", "/tmp/.%s/%s",
                                 "/var/tmp/%s/%s", "/dev/shm/%s-%s", "/home/%s/bin/%s",
                                 "/srv/%s/%s.sh", "/usr/lib/%s/%s-helper"])
        return place % (self.word(), self.word())

    def strange(self):
        """A program where packages put none, one of those that there are."""
        return self.rng.choice(self.places)

    def program(self):
        """A program."""
        return self.binary() if self.rng.random() < 0.5 else self.strange()
