#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Runs tiers of tests one after the other, whatever becomes of each, and adds up their totals.
#
#   check.sh TARGET...    targets of the top Makefile; the last line is "N passed, N failed, N skipped"
#
# A tier says "TARGET: N passed, N failed, N skipped" in its last line; one that does not, or that
# ends with a failure without naming one, counts as a failure.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
logs=$top/build/check
passed=0
failed=0
skipped=0

# Shows the output as it comes and keeps both it and the exit status.
run() {
	status=$({ { make --no-print-directory -C "$top" "$1" 2>&1 4>&-; echo $? >&4; } |
		tee "$logs/$1.log" >&3; } 4>&1)
}

add() {
	totals=$(sed -n "s/^$1: \([0-9]* passed, [0-9]* failed, [0-9]* skipped\)\$/\1/p" \
		"$logs/$1.log" | tail -n 1)
	# shellcheck disable=SC2086
	set -- "$1" $totals
	if [ $# -ne 7 ] || [ "$2$4" = 00 ]; then
		echo "$1: no test ran to its end"
		failed=$((failed + 1))
		return
	fi
	passed=$((passed + $2))
	failed=$((failed + $4))
	skipped=$((skipped + $6))
	if [ "$status" != 0 ] && [ "$4" = 0 ]; then
		echo "$1: ended with status $status"
		failed=$((failed + 1))
	fi
}

mkdir -p "$logs"
exec 3>&1
for tier in "$@"; do
	echo "== $tier"
	run "$tier"
	add "$tier"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
