#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Adds up lines like "guest NAME: N passed, N failed, N skipped" of standard input.
#
#   totals.sh TARGET EXPECTED    prints "TARGET: N passed, N failed, N skipped"; fewer lines than
#                                expected is a failure
set -eu

awk -v target="$1" -v expected="$2" '
{ print; fflush() }
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
}'
