#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Adds up lines like "guest NAME: N passed, N failed, N skipped" of standard input.
#
#   totals.sh TARGET EXPECTED    prints "TARGET: N passed, N failed, N skipped"; fewer lines than
#                                expected is a failure
set -eu

copy=$(mktemp)
trap 'rm -f "$copy"' EXIT
# awk may hold back what it reads from a pipe; the reader wants to see it as it comes.
tee "$copy"
awk -v target="$1" -v expected="$2" '
/^[a-z]+( [^ ]+)?: [0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ {
	lines++
	passed += $(NF - 5)
	failed += $(NF - 3)
	skipped += $(NF - 1)
}
END {
	if (lines + 0 < expected) {
		print target ": " lines + 0 " of " expected " runs gave a total"
		failed++
	}
	printf "%s: %d passed, %d failed, %d skipped\n", target, passed, failed, skipped
	exit failed > 0 || passed == 0
}' "$copy"
