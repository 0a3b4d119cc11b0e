# SPDX-License-Identifier: GPL-2.0
"""What a power cut may leave of a recorded run, and what weirctl makes of it.

cuts.py [OPTIONS] BASE LOG: BASE is the state folder before the run, all of it on disk; LOG is what
disk.c wrote of the run. At each cut between two calls, any of these may be so, each by itself:
  - bytes written since the file was last synced are lost, cut in half, zeros, or there; a file that
    was cut off since then has its old length, or the new one
  - a name made, replaced or removed since its folder was last synced is as before, or as after
Each state that can come of that is built, and the real weirctl has to find it whole, and to come up
with what it would have come up with before the run or after it. The journal has the lines from
before the run, and of those that the run wrote all up to some, with at most half a line behind them.
"""
import argparse
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys

MOST = 4096  # states of one cut: more would be a run that never syncs


class Disk:
    """Files and folders by number: what is on disk for sure, and what has been done since."""

    def __init__(self, base):
        self.safe, self.since = {}, {}  # file: bytes, [bytes]; folder: {name: number}, [change]
        self.by_serial = {}
        self.root = self.read(base)

    def new(self, safe):
        number = len(self.safe)
        self.safe[number], self.since[number] = safe, []
        return number

    def read(self, path):
        if not os.path.isdir(path):
            with open(path, "rb") as f:
                return self.new(f.read())
        return self.new({n: self.read(os.path.join(path, n)) for n in sorted(os.listdir(path))})

    @staticmethod
    def change(names, change):
        what, name, number = change
        if what == "del":
            names.pop(name, None)
        elif what == "add":
            names[name] = number
        else:
            names.pop(name, None)
            names[what] = number

    def names(self, folder):
        """What a program sees."""
        names = dict(self.safe[folder])
        for change in self.since[folder]:
            self.change(names, change)
        return names

    def find(self, path):
        """(number of the folder, name in it) of a path below the state folder."""
        parts = os.path.normpath(path).split("/")[1:]
        at = self.root
        for part in parts[:-1]:
            at = self.names(at)[part]
        return at, parts[-1] if parts else None

    @staticmethod
    def written(data, changes):
        """Bytes after changes: (where, bytes), or None for the bytes where it is cut off."""
        for at, new in changes:
            before = data[:at].ljust(at, b"\0")
            data = before if new is None else before + new + data[at + len(new):]
        return data

    @staticmethod
    def torn(change):
        """What may come of a change that was not synced; None: nothing."""
        at, new = change
        if new is None:
            return None, change
        return None, change, (at, new[:len(new) // 2]), (at, bytes(len(new)))

    def bytes(self, number):
        """What a program sees."""
        return self.written(self.safe[number], self.since[number])

    def sync(self, what):
        if what in self.by_serial:
            number = self.by_serial[what]
            self.safe[number] = self.bytes(number)
        elif what.endswith("/"):
            folder, name = self.find(what)
            number = self.names(folder)[name] if name else folder
            self.safe[number] = self.names(number)
        else:
            sys.exit("a sync of what was not seen to be opened: " + what)
        self.since[number] = []

    def apply(self, line):
        what, *args = line.split(" ")
        if what in ("write", "pwrite", "truncate"):
            at = int(args.pop(0)) if what != "write" else None
            number = self.by_serial[args[0]]
            self.since[number].append((len(self.bytes(number)) if at is None else at,
                                       None if what == "truncate" else bytes.fromhex(args[1])))
            return
        if what == "fsync":
            # What is above the state folder was there before.
            if args[0] != "./":
                self.sync(args[0])
            return
        folder, name = self.find(args[-1])
        if what == "unlink":
            self.since[folder].append(("del", name, None))
        elif what == "mkdir":
            self.since[folder].append(("add", name, self.new({})))
        elif what == "open":
            self.by_serial[args[0]] = self.names(folder)[name]
        elif what == "create":
            self.by_serial[args[0]] = self.new(b"")
            self.since[folder].append(("add", name, self.by_serial[args[0]]))
        else:
            source, old = self.find(args[0])
            number = self.names(source)[old]
            if what == "link":
                self.since[folder].append(("add", name, number))
            elif what == "rename" and source == folder:
                self.since[folder].append((name, old, number))
            else:
                sys.exit("not understood: " + line)

    def variants(self, number):
        """All that a file or folder may be after a cut: bytes, or {name: bytes or folder}."""
        safe, since = self.safe[number], self.since[number]
        if isinstance(safe, bytes):
            every = [self.torn(change) for change in since]
            return list(dict.fromkeys(self.written(safe, filter(None, some))
                                      for some in itertools.product(*every)))
        seen, out = set(), []
        for some in itertools.product((False, True), repeat=len(since)):
            names = dict(safe)
            for change in itertools.compress(since, some):
                self.change(names, change)
            key = tuple(sorted(names.items()))
            if key in seen:
                continue
            seen.add(key)
            parts = [[(n, v) for v in self.variants(k)] for n, k in key]
            out += [dict(x) for x in itertools.product(*parts)]
            if len(out) > MOST:
                sys.exit("more than %d states at one cut" % MOST)
        return out


def build(tree, path):
    if isinstance(tree, bytes):
        with open(path, "wb") as f:
            f.write(tree)
        return
    os.mkdir(path)
    for name, below in tree.items():
        build(below, os.path.join(path, name))


def key_of(tree):
    if isinstance(tree, bytes):
        return hashlib.sha256(tree).hexdigest()
    return "{" + ",".join(n + ":" + key_of(tree[n]) for n in sorted(tree)) + "}"


class Weirctl:
    """The real one, on a folder."""

    def __init__(self, program, floor, then):
        self.program, self.floor, self.then = program, floor, then

    def run(self, state, *args):
        return subprocess.run([self.program, *args, "--json", "--state", state],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    def boot(self, state):
        """(choice, content) of the boot that would follow, or what is wrong."""
        got = self.run(state, "boot", "--dry-run")
        if got.returncode:
            return None, got.stdout.decode() + got.stderr.decode()
        answer = json.loads(got.stdout)
        return answer["choice"], [(c["channel"], c["version"], c["object"])
                                  for c in answer["content"]]

    def judge(self, state):
        """(choice, content), or (None, what is wrong)."""
        got = self.run(state, "store", "verify")
        if got.returncode:
            return None, got.stdout.decode() + got.stderr.decode()
        return self.boot(state)

    def journal(self, state, half):
        """What is wrong with the journal; half a line at its end may be no matter."""
        if not os.path.exists(os.path.join(state, "journal")):
            return ""
        got = self.run(state, "log", "--verify")
        said = got.stdout.decode() + got.stderr.decode()
        return said if got.returncode and not (half and '"HALF"' in said) else ""

    def floors(self, state, content):
        """What a generation has was active here: no floor is below it."""
        for channel, version, _ in content if self.floor else ():
            got = subprocess.run([self.floor, state, str(channel)], stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, check=False)
            if got.returncode or int(got.stdout) < version:
                return "the floor of channel %d is %s" % (channel, got.stdout.decode())
        return ""

    def goes_on(self, state):
        """What is wrong with a command that has to work on such a state, if anything."""
        if not self.then:
            return ""
        got = subprocess.run([x if x != "STATE" else state for x in self.then],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if got.returncode:
            return "%s fails: %s" % (" ".join(self.then), got.stdout.decode())
        choice, why = self.judge(state)
        if choice and self.then[0] == self.program:
            return self.journal(state, False)
        return "" if choice else "after %s: %s" % (" ".join(self.then), why)


class Run:
    """One recorded run: its cuts, and what is wrong at the first that is wrong."""

    def __init__(self, options, ctl):
        self.o, self.ctl = options, ctl
        self.seen = {}
        self.cuts = 0
        self.checked = 0
        with open(options.log, encoding="ascii") as f:
            self.lines = f.read().splitlines()
        self.before, self.after = (self.lines_of(Disk(x)) for x in (options.base, options.after))

    @staticmethod
    def whole_lines(text):
        return text[:text.rfind(b"\n") + 1]

    def lines_of(self, disk):
        """The journal's lines."""
        return self.whole_lines(self.tree(disk, disk.root).get("journal", b""))

    def journal(self, tree, last):
        """What is wrong with the lines of a state's journal: it has all of before the run, and
        those that came after it, up to some."""
        have = self.whole_lines(tree.get("journal", b""))
        if not have.startswith(self.before):
            return "the journal has lost lines"
        if not self.after.startswith(have):
            return "the journal has lines that were not written"
        return "the journal lacks lines" if last and have != self.after else ""

    def allowed(self, last):
        """What a boot may come up with."""
        if last:
            return (self.new,)
        return (self.old,) if self.untrusted else (self.old, self.new)

    def wanted(self, choice, content, floor, mark, last):
        """What is wrong with what a boot would come up with."""
        if not choice:
            return content
        if choice == "damaged":
            return "the current generation is damaged"
        if content not in self.allowed(last):
            return "it comes up with %s, and not with any of %s" % (content, self.allowed(last))
        if floor:
            return floor
        if mark and choice not in mark and not ("new" in mark and content == self.new):
            return "the next boot's choice is %s, not %s" % (choice, " or ".join(mark))
        return ""

    def state(self, tree, mark, last):
        """What is wrong with one state."""
        key = key_of(tree)
        if key not in self.seen:
            shutil.rmtree(self.o.scratch, ignore_errors=True)
            build(tree, self.o.scratch)
            choice, content = self.ctl.judge(self.o.scratch)
            floor = choice and self.ctl.floors(self.o.scratch, content)
            stuck = (self.ctl.journal(self.o.scratch, True) or
                     self.ctl.goes_on(self.o.scratch))
            self.seen[key] = choice, content, floor, stuck
            self.checked += 1
        choice, content, floor, stuck = self.seen[key]
        return (self.wanted(choice, content, floor, mark, last) or self.journal(tree, last) or
                stuck)

    def finish(self, disk):
        """The whole log has to give the very folder that the run left."""
        everything = {n: self.tree(disk, k) for n, k in disk.names(disk.root).items()}
        real = Disk(self.o.after)
        if key_of(everything) != key_of(self.tree(real, real.root)):
            sys.exit("the log lacks calls: it does not lead to what %s is" % self.o.after)

    def tree(self, disk, number):
        if isinstance(disk.safe[number], bytes):
            return disk.bytes(number)
        return {n: self.tree(disk, k) for n, k in disk.names(number).items()}

    def go(self, drop):
        """Runs to the first cut that leaves something wrong; that, or nothing."""
        disk = Disk(self.o.base)
        marks = {m: c.split(",") for m, c in (x.split("=") for x in self.o.mark)}
        self.untrusted = bool(self.o.old_until)
        mark, syncs, last = None, 0, len(self.lines)
        self.old, self.new = self.ctl.boot(self.o.base)[1], self.ctl.boot(self.o.after)[1]
        for at, line in enumerate([*self.lines, ""]):
            mark = marks.get("end", mark) if at == last else mark
            if at >= self.o.first:
                self.cuts += 1
                for tree in disk.variants(disk.root):
                    why = self.state(tree, mark, at == last)
                    if why:
                        return "cut %d, before \"%s\": %s" % (at, line[:90], why)
            if line == "mark " + self.o.old_until:
                self.untrusted = False
            if line.startswith("mark "):
                mark = marks.get(line[5:], mark)
            elif line.startswith("fsync "):
                syncs += 1
                if syncs != drop:
                    disk.apply(line)
            elif line:
                disk.apply(line)
        if not drop:
            self.finish(disk)
        return ""


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--weirctl", required=True)
    p.add_argument("--floor", help="the program that prints a version floor")
    p.add_argument("--after", required=True, help="the state folder after the run")
    p.add_argument("--scratch", required=True, help="folder to build states in")
    p.add_argument("--mark", action="append", default=[], help="MARK=CHOICE,...: from there on")
    p.add_argument("--old-until", default="", metavar="MARK",
                   help="before that mark nothing but the old content")
    p.add_argument("--first", type=int, default=0, help="the first call to cut at")
    p.add_argument("--then", default="", help="a command that has to work then, on STATE")
    p.add_argument("--syncs", action="store_true", help="name the syncs that it can do without")
    p.add_argument("base")
    p.add_argument("log")
    o = p.parse_args()
    run = Run(o, Weirctl(o.weirctl, o.floor, o.then.split()))
    if o.syncs:
        syncs = [x for x in run.lines if x.startswith("fsync ")]
        for n, line in enumerate(syncs, 1):
            if not run.go(n):
                print(n, line)
        print(len(syncs), "syncs")
        return 0
    why = run.go(0)
    print(why or "%d cuts, %d states" % (run.cuts, run.checked))
    return 1 if why else 0


if __name__ == "__main__":
    sys.exit(main())
