# SPDX-License-Identifier: GPL-2.0
"""One line a case: ok, not ok or skip; and the exit code that follows from them."""
import sys

failed = 0
ran = 0


def result(name, good, why=""):
    """Report one case."""
    global failed, ran
    ran += 1
    if good:
        print("ok " + name)
    else:
        failed += 1
        print("not ok " + name + (": " + why if why else ""))
    sys.stdout.flush()
    return good


def skip(name, why):
    """Report a case that cannot run here."""
    print("skip %s %s" % (name, why))


def done():
    """Exit non-zero if a case failed or none ran."""
    sys.exit(1 if failed or not ran else 0)
